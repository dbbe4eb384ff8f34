import type { ComplaintKind } from '@baoke/core/complaints';
import type { Outcome } from '@baoke/core/tasks';
import type { TFunction } from 'i18next';

// Codes of files and records written elsewhere: one without words shows itself.
function word(t: TFunction, key: string, otherwise: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (t as unknown as (key: string, options: object) => string)(key, { ...values, defaultValue: otherwise });
}

/** How an outcome looks among the buttons. */
export const OUTCOME_TONES: Readonly<Record<Outcome, 'good' | 'wait' | 'bad'>> = {
  reached: 'good',
  appointment: 'good',
  met: 'good',
  sent: 'good',
  call_back: 'wait',
  not_reached: 'wait',
  refused: 'bad',
  wrong_number: 'bad',
};

/** `售后 / 维修质量` of a complaint kind. */
export function complaintKindText(t: TFunction, kind: ComplaintKind): string {
  const [branch = kind, reason = ''] = kind.split('.');
  return [word(t, `complaints.branches.${branch}`, branch), word(t, `complaints.reasons.${reason}`, reason)].join(' / ');
}

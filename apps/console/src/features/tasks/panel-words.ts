import { CARE_CHANNELS } from '@baoke/core/care';
import type { ComplaintKind } from '@baoke/core/complaints';
import type { Outcome } from '@baoke/core/tasks';
import type { TaskRow } from '@baoke/core/tasks/wire';
import type { TFunction } from 'i18next';

// Codes of files and records written elsewhere: one without words shows itself.
function word(t: TFunction, key: string, otherwise: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (t as unknown as (key: string, options: object) => string)(key, { ...values, defaultValue: otherwise });
}

/** What a contact went by, and what came of it. */
export function contactText(t: TFunction, { channel, outcome }: TaskRow['contacts'][number]): string {
  const known = CARE_CHANNELS.find((one) => one === channel);
  return `${known ? t(`care.channels.${known}`) : word(t, `contacts.channels.${channel}`, channel)} · ${word(t, `tasks.outcomes.${outcome}`, word(t, `contacts.outcomes.${outcome}`, outcome))}`;
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

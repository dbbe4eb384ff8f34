import type { ComplaintBranch, ComplaintEventKind, ComplaintKind, ComplaintStatus, Severity } from '@baoke/core/complaints';
import type { Tone } from '@baoke/ui';
import type { Catalogue } from '@baoke/i18n/lazy';
import type { TFunction } from 'i18next';

/** A field of a complaint by the name its words have. */
export type ComplaintField = keyof Catalogue['complaints']['fields'];

/** `售后 / 维修质量`, or the branch alone. */
export function kindText(t: TFunction, kind: ComplaintKind | ComplaintBranch): string {
  const [branch, reason] = kind.split('.') as [ComplaintBranch, ReasonOf<ComplaintKind> | undefined]; // a kind is a branch and a reason
  return reason ? `${t(`complaints.branches.${branch}`)} / ${t(`complaints.reasons.${reason}`)}` : t(`complaints.branches.${branch}`);
}
type ReasonOf<K> = K extends `${string}.${infer Reason}` ? Reason : never;

export const STATUS_TONES: Readonly<Record<ComplaintStatus, Tone>> = {
  registered: 'warn',
  responded: 'info',
  solved: 'info',
  closed: 'good',
  reopened: 'bad',
};
export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', normal: 'neutral', high: 'bad' };
export const EVENT_TONES: Readonly<Record<ComplaintEventKind, Tone>> = {
  registered: 'warn',
  responded: 'info',
  action: 'neutral',
  solved: 'info',
  confirmed: 'good',
  reopened: 'bad',
  reassigned: 'neutral',
  amended: 'neutral',
  pause_requested: 'neutral',
  pause_approved: 'neutral',
  pause_refused: 'neutral',
  resumed: 'neutral',
  escalated: 'bad',
};

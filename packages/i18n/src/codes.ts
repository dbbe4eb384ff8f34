import type { ComplaintBranch, ComplaintKind } from '@baoke/core/complaints';
import type { CallbackGroup } from '@baoke/core/insight';
import type { TFunction } from 'i18next';

/** A kind of complaint in words, `售后 / 维修质量`; a branch by its name alone. */
export function complaintKindText(t: TFunction, kind: ComplaintKind | ComplaintBranch): string {
  const [branch, reason] = kind.split('.') as [ComplaintBranch, ReasonOf<ComplaintKind> | undefined]; // a kind is a branch and a reason
  return reason ? `${t(`complaints.branches.${branch}`)} / ${t(`complaints.reasons.${reason}`)}` : t(`complaints.branches.${branch}`);
}
type ReasonOf<K> = K extends `${string}.${infer Reason}` ? Reason : never;

/** What the lines of the callback statistics are, by what they are grouped by. */
export const CALLBACK_HEADS = {
  person: 'reports.callbacks.person',
  rule: 'reports.callbacks.rule',
  team: 'reports.callbacks.team',
  said: 'reports.callbacks.heard.said',
  cause: 'reports.callbacks.heard.cause',
  unreached: 'reports.callbacks.heard.unreached',
} as const satisfies Record<CallbackGroup, string>;

import type { ComplaintBranch, ComplaintKind } from '@baoke/core/complaints';
import type { TFunction } from 'i18next';

/** `售后 / 维修质量`, or the branch alone. */
export function kindText(t: TFunction, kind: ComplaintKind | ComplaintBranch): string {
  const [branch, reason] = kind.split('.') as [ComplaintBranch, ReasonOf<ComplaintKind> | undefined]; // a kind is a branch and a reason
  return reason ? `${t(`complaints.branches.${branch}`)} / ${t(`complaints.reasons.${reason}`)}` : t(`complaints.branches.${branch}`);
}
type ReasonOf<K> = K extends `${string}.${infer Reason}` ? Reason : never;

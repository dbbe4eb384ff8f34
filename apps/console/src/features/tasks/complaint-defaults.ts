import { branchOf, COMPLAINT_KINDS, type ComplaintBranch, type ComplaintKind } from '@baoke/core/complaints';
import type { TaskRow } from '@baoke/core/tasks/wire';

/** Whose work the task asks about: a visit is the workshop's, a delivery the sellers'; undefined when it says neither. */
export function branchOfTask({
  visitId,
  orderId,
  result,
}: Pick<TaskRow['task'], 'visitId' | 'orderId' | 'result'>): ComplaintBranch | undefined {
  if (visitId !== null || result === 'csi') return 'service';
  if (orderId !== null || result === 'ssi') return 'sales';
  return undefined;
}

/** The customer's words follow the note until somebody edits them. */
export function wordsAfterNote(content: string | undefined, noteBefore: string | undefined, note: string | undefined): string | undefined {
  return (content ?? '').trim() === '' || content === noteBefore ? note : content;
}

/** The kinds to choose from: those of the work the call was about stand first, so that a word typed finds them first. */
export function kindsFor(branch: ComplaintBranch | undefined): readonly ComplaintKind[] {
  if (branch === undefined) return COMPLAINT_KINDS;
  return [...COMPLAINT_KINDS.filter((kind) => branchOf(kind) === branch), ...COMPLAINT_KINDS.filter((kind) => branchOf(kind) !== branch)];
}

/** Whose department a complaint of this kind goes to by itself: that of the call; where the call says none, that of the kind. */
export function departmentBranch(called: ComplaintBranch | undefined, kind: ComplaintKind): ComplaintBranch {
  return called ?? branchOf(kind);
}

import type { ComplaintBranch } from '@baoke/core/complaints';
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

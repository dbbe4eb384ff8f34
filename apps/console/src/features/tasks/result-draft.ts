import type { TaskId } from '@baoke/core/kernel';

/** Names what was typed as the result of a task. */
export function resultDraftKey(taskId: TaskId): string {
  return `task.${taskId}`;
}

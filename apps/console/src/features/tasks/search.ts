import { ROLES, type Role } from '@baoke/core/access';
import type { CivilDate, ComplaintId, StaffId, TaskId } from '@baoke/core/kernel';
import { TASK_KINDS, type TaskKind } from '@baoke/core/tasks';
import type { QUEUE_TABS } from '@baoke/core/tasks/wire';
import { dateOf, given, idOf, oneOf, type RawSearch } from '../../shell/address.ts';

export type QueueTab = (typeof QUEUE_TABS)[number];

/** Quick scopes in the order of the tabs; the server counts and filters by the same words. */
export const TABS = ['today', 'overdue', 'upcoming', 'unassigned'] as const satisfies readonly QueueTab[];

export type DaySearch = {
  readonly tab?: QueueTab | undefined;
  readonly kind?: TaskKind | undefined;
  /** The task that lies open; on a phone its page. */
  readonly task?: TaskId | undefined;
  /** The complaint that lies open instead. */
  readonly complaint?: ComplaintId | undefined;
};

export function readDaySearch(search: RawSearch): DaySearch {
  const task = idOf<TaskId>(search.task);
  return given({
    tab: oneOf(TABS, search.tab),
    kind: oneOf(TASK_KINDS, search.kind),
    task,
    complaint: task ? undefined : idOf<ComplaintId>(search.complaint),
  });
}

export type TeamFilter = {
  readonly assigneeId?: StaffId | undefined;
  readonly role?: Role | undefined;
  readonly kind?: TaskKind | undefined;
  readonly from?: CivilDate | undefined;
  readonly to?: CivilDate | undefined;
};
export type TeamSearch = TeamFilter & { readonly tab?: QueueTab | undefined };

export function readTeamSearch(search: RawSearch): TeamSearch {
  return given({
    tab: oneOf(TABS, search.tab),
    assigneeId: idOf<StaffId>(search.assigneeId),
    role: oneOf(ROLES, search.role),
    kind: oneOf(TASK_KINDS, search.kind),
    from: dateOf(search.from),
    to: dateOf(search.to),
  });
}

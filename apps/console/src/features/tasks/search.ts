import { ROLES, type Role } from '@baoke/core/access';
import { isCivilDate, isUuid, type CivilDate, type ComplaintId, type StaffId, type TaskId } from '@baoke/core/kernel';
import { TASK_KINDS, type TaskKind } from '@baoke/core/tasks';
import type { QUEUE_TABS } from '@baoke/core/tasks/wire';

type Raw = Readonly<Record<string, unknown>>;
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

/** Addresses are typed, pasted and saved long ago: what is not understood is left out, never an error. */
export function readDaySearch(search: Raw): DaySearch {
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

export function readTeamSearch(search: Raw): TeamSearch {
  return given({
    tab: oneOf(TABS, search.tab),
    assigneeId: idOf<StaffId>(search.assigneeId),
    role: oneOf(ROLES, search.role),
    kind: oneOf(TASK_KINDS, search.kind),
    from: dateOf(search.from),
    to: dateOf(search.to),
  });
}

function given<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

function oneOf<const T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((word) => word === value);
}

function idOf<T extends string>(value: unknown): T | undefined {
  return typeof value === 'string' && isUuid(value) ? (value as T) : undefined; // an id by its form; whether it exists is the server's to say
}

function dateOf(value: unknown): CivilDate | undefined {
  return typeof value === 'string' && isCivilDate(value) ? value : undefined;
}

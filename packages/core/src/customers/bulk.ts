import { accept, addHours, refuse, type CustomerId, type Instant, type StaffId, type Verdict } from '../kernel/index.ts';

/** Customers that may be changed at once: a filter that finds more has to be narrowed first. Ours: about a second of work under lock. */
export const MOST_AT_ONCE = 5_000;
/** For how long a change of many can be taken back. Ours: a slip is noticed by the next day. */
export const UNDO_HOURS = 24;
/** People that may share the customers given away at once, as with tasks. */
export const MOST_RECEIVERS = 50;

export const BULK_FIELDS = ['consultantId', 'advisorId', 'isFleet', 'isVip'] as const;
export type BulkField = (typeof BULK_FIELDS)[number];
export type BulkValue = StaffId | boolean | null;

/**
 * What is done to many customers. Several people share them evenly; nobody leaves them unassigned. A warning of a difficult customer is none of
 * these, for its reason is his own (CUST-13).
 */
export type BulkChange =
  | { readonly field: 'consultantId' | 'advisorId'; readonly toIds: readonly StaffId[] }
  | { readonly field: 'isFleet' | 'isVip'; readonly to: boolean };

/** A customer as a change of many finds him: what stands in the field, whether he is on file and within the caller's reach. */
export type Subject = {
  readonly id: CustomerId;
  readonly name: string;
  readonly value: BulkValue;
  readonly active: boolean;
  readonly withinReach: boolean;
};

export type Move = { readonly id: CustomerId; readonly before: BulkValue; readonly after: BulkValue };
export type BulkPlan = {
  readonly moves: readonly Move[];
  /** Has the value already, or is with one of the people. */
  readonly unchanged: number;
  /** Seen by the caller and not his to change. */
  readonly outOfReach: readonly Subject[];
  /** Merged, anonymised or deceased meanwhile. */
  readonly closed: readonly Subject[];
};

/**
 * What a change would do to each of these customers, in their order. Whoever is with one of the receivers stays there; the others go round, so
 * that each receiver gets as many as the next, give or take one.
 *
 * Source: spec 01 Lists (bulk actions with a preview of how many); 13, rights are judged on the stored record.
 */
export function planChange(change: BulkChange, subjects: readonly Subject[]): BulkPlan {
  const moves: Move[] = [];
  const outOfReach: Subject[] = [];
  const closed: Subject[] = [];
  let unchanged = 0;
  for (const subject of subjects) {
    if (!subject.active) closed.push(subject);
    else if (!subject.withinReach) outOfReach.push(subject);
    else if (isAsAsked(change, subject.value)) unchanged += 1;
    else moves.push({ id: subject.id, before: subject.value, after: valueOf(change, moves.length) });
  }
  return { moves, unchanged, outOfReach, closed };
}

function isAsAsked(change: BulkChange, value: BulkValue): boolean {
  if ('to' in change) return value === change.to;
  return change.toIds.length === 0 ? value === null : change.toIds.some((id) => id === value);
}

function valueOf(change: BulkChange, turn: number): BulkValue {
  if ('to' in change) return change.to;
  return change.toIds[turn % change.toIds.length] ?? null;
}

/** Refuses to give customers to somebody who left. */
export function receive(to: { readonly active: boolean }): Verdict<true, 'customers.assignee_left'> {
  return to.active ? accept(true) : refuse('customers.assignee_left');
}

/** A change of many as it was done, which can be taken back. */
export type Batch = { readonly at: Instant; readonly undoneAt: Instant | null };

/** Until when a change of many can be taken back. */
export function undoUntil(at: Instant): Instant {
  return addHours(at, UNDO_HOURS);
}

/** Whether a change of many may be taken back now: once, and for a day. */
export function undo({ at, undoneAt }: Batch, now: Instant): Verdict<true, 'customers.undone_already' | 'customers.undo_too_late'> {
  if (undoneAt !== null) return refuse('customers.undone_already');
  return now < undoUntil(at) ? accept(true) : refuse('customers.undo_too_late');
}

export type UndoPlan = {
  readonly moves: readonly Move[];
  /** Somebody has changed the field since: his value stays. */
  readonly changedSince: number;
  readonly outOfReach: number;
  readonly closed: number;
};

/**
 * What taking back does: the value before comes back where what was set still stands. A customer given away is still within reach for this if
 * he will be once he is back, which `withinReach` tells.
 */
export function planUndo(made: readonly Move[], now: ReadonlyMap<CustomerId, Subject>): UndoPlan {
  const moves: Move[] = [];
  const left = { changedSince: 0, outOfReach: 0, closed: 0 };
  for (const { id, before, after } of made) {
    const subject = now.get(id);
    if (!subject?.active) left.closed += 1;
    else if (!subject.withinReach) left.outOfReach += 1;
    else if (subject.value !== after) left.changedSince += 1;
    else moves.push({ id, before: after, after: before });
  }
  return { moves, ...left };
}

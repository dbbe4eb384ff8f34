import type { Instant } from '../kernel/index.ts';
import type { OpenTask, TaskFacts } from './model.ts';

/** What of a task decides its place; the same columns, in the same order, stand in the index of my day. */
export type Urgency = Pick<TaskFacts, 'byTheHour' | 'dueAt' | 'priority' | 'id'>;

/**
 * The one order of urgency: what was promised by the hour first, then the earlier due, then the higher priority.
 *
 * It needs no clock, so that a page read later continues where the last one ended; what is overdue stands in front by its due time.
 * Source: 04, my day (SLA first).
 */
export function byUrgency(a: Urgency, b: Urgency): number {
  return Number(b.byTheHour) - Number(a.byTheHour) || compare(a.dueAt, b.dueAt) || a.priority - b.priority || compare(a.id, b.id);
}

export const QUEUE_GROUPS = ['sla', 'overdue', 'today', 'later'] as const;
export type QueueGroup = (typeof QUEUE_GROUPS)[number];

/** Whether a task is put off to a time still to come: nobody can work on it now, however urgent it is. */
export function isWaiting({ showAt }: Pick<TaskFacts, 'showAt'>, now: Instant): boolean {
  return showAt > now;
}

/**
 * Whether what was promised of an open task is past. The due time alone decides: a later try or a full day moves when a task shows, not
 * what was promised, so that neither hides it. Every count and list of overdue tasks asks this; in SQL it is `isOverdue` of `@baoke/db`.
 *
 * Source: 13, Planner (the daily cap moves the least urgent on); 04, Tasks (overdue by person).
 */
export function isOverdue({ dueAt }: Pick<TaskFacts, 'dueAt'>, now: Instant): boolean {
  return dueAt < now;
}

/**
 * The order of my day: what can be done now first, what is put off behind it, each by urgency.
 *
 * Pages read one after the other are all cut at the moment of the first, so that no task whose time comes meanwhile is passed over.
 * Source: 04, my day.
 */
export function inMyDay(asOf: Instant) {
  type Placed = Urgency & Pick<TaskFacts, 'showAt'>;
  return (a: Placed, b: Placed): number => Number(isWaiting(a, asOf)) - Number(isWaiting(b, asOf)) || byUrgency(a, b);
}

/** Under which heading a task stands now. */
export function groupOf(task: Pick<OpenTask, 'byTheHour' | 'dueAt' | 'showAt'>, now: Instant): QueueGroup {
  if (isWaiting(task, now)) return 'later';
  if (task.byTheHour) return 'sla';
  return isOverdue(task, now) ? 'overdue' : 'today';
}

/** What an open complaint asks of the person in whose day it stands; `await_confirmation` and `paused` ask nothing now. */
export const COMPLAINT_CALLS = ['respond', 'solve', 'await_confirmation', 'paused', 'confirm', 'decide_pause'] as const;
export type ComplaintCall = (typeof COMPLAINT_CALLS)[number];

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

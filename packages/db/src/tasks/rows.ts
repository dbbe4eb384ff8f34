import type { Reach, Role } from '@baoke/core/access';
import type { CareChannel } from '@baoke/core/care';
import type { CivilDate, ComplaintId, CustomerId, Instant, OrderId, StaffId, TaskId, VehicleId, VisitId } from '@baoke/core/kernel';
import type { Task } from '@baoke/core/tasks';
import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { TasksTable } from '../tables.generated.ts';

export type Row = Selectable<TasksTable>;

/** The domain's union from a row. A row whose columns do not fit its status is a broken assumption and throws. */
export function toTask(row: Row): Task {
  const facts = {
    id: row.id as TaskId,
    kind: row.kind as Task['kind'],
    customerId: row.customer_id as CustomerId,
    vehicleId: row.vehicle_id as VehicleId | null,
    visitId: row.visit_id as VisitId | null,
    orderId: row.order_id as OrderId | null,
    complaintId: row.complaint_id as ComplaintId | null,
    ruleKey: row.rule_key,
    occurrenceKey: row.occurrence_key,
    assigneeId: row.assignee_id as StaffId | null,
    role: row.role as Role,
    channel: row.channel as CareChannel,
    purpose: row.purpose as Task['purpose'],
    result: row.result as Task['result'],
    script: row.script,
    topics: row.topics,
    priority: row.priority,
    byTheHour: row.urgency === 0,
    anchorOn: row.anchor_on as CivilDate | null,
    notBeforeOn: row.not_before_on as CivilDate,
    showAt: row.show_at as Instant,
    dueAt: row.due_at as Instant,
    lapsesAt: row.lapses_at as Instant | null,
    reason: row.reason as Task['reason'],
    attempts: row.attempts,
    lastOutcome: row.outcome as Task['lastOutcome'],
    createdAt: row.created_at as Instant,
    version: row.version,
  };
  if (row.status === 'open') return { ...facts, status: 'open' };
  if (row.finished_at === null) throw new Error(`task ${row.id} is ${row.status} but has no finished_at`);
  const finishedAt = row.finished_at as Instant;
  if (row.status === 'missed') return { ...facts, status: 'missed', finishedAt };
  if (row.status === 'cancelled')
    return { ...facts, status: 'cancelled', finishedAt, cancelReason: (row.settled_reason ?? 'anchor_gone') as 'anchor_gone' };
  if (row.finished_by === null) throw new Error(`task ${row.id} is ${row.status} but nobody finished it`);
  const by = { finishedAt, finishedBy: row.finished_by as StaffId, note: row.outcome_note };
  if (row.status === 'done') return { ...facts, status: 'done', ...by };
  if (row.status === 'skipped') return { ...facts, status: 'skipped', ...by, skipReason: (row.settled_reason ?? 'other') as 'other' };
  throw new Error(`task ${row.id} has the unknown status ${row.status}`);
}

/** `isOverdue` of core, of an open task by its `due_at`: when the task shows says nothing of it. */
export function isOverdue(now: Instant): RawBuilder<boolean> {
  return sql<boolean>`due_at < ${now}::timestamptz`;
}

/** Whose tasks are meant: the people reached, and what nobody has taken yet of their roles. */
export type TaskReach = { readonly reach: Reach; readonly role: Role };

export function withinReach({ reach, role }: TaskReach): RawBuilder<boolean> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const ids = [...reach];
  const roles =
    ids.length < 2
      ? sql`${role}`
      : sql`any(array(select s.role from staff s where s.store_id = t.store_id and s.id = any(${ids}::uuid[])))`;
  return sql<boolean>`(t.assignee_id = any(${ids}::uuid[]) or (t.assignee_id is null and t.role = ${roles}))`;
}

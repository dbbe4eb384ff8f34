import type { Reach } from '@baoke/core/access';
import { DEFAULT_COMPLAINT_POLICY, type Complaint, type Pause } from '@baoke/core/complaints';
import {
  addHours,
  fen,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type Instant,
  type OrderId,
  type StaffId,
  type VehicleId,
  type VisitId,
} from '@baoke/core/kernel';
import { expressionBuilder, sql, type Expression, type ExpressionBuilder, type Selectable, type SqlBool } from 'kysely';
import type { ComplaintsTable, DB } from '../tables.generated.ts';

type Row = Selectable<ComplaintsTable>;
export type OnComplaints = ExpressionBuilder<DB & { c: ComplaintsTable }, 'c'>;

// The joined query knows more tables than these conditions look at; what they look at is there.
export function onComplaints(eb: unknown): OnComplaints {
  return eb as OnComplaints;
}

/** When the promise that presses is due, `pressing` of core, from the complaint `c`. */
export const PRESSING_DUE = sql`case when c.status = 'registered' then c.response_due_at else c.close_due_at end`;

/** The domain's union from a row. A row whose columns do not fit its status is a broken assumption and throws. */
export function toComplaint(row: Row): Complaint {
  const facts = {
    id: row.id as ComplaintId,
    number: row.number,
    source: row.source as Complaint['source'],
    kind: row.kind as Complaint['kind'],
    severity: row.severity as Complaint['severity'],
    customerId: row.customer_id as CustomerId,
    vehicleId: row.vehicle_id as VehicleId | null,
    visitId: row.visit_id as VisitId | null,
    orderId: row.order_id as OrderId | null,
    content: row.content,
    departmentId: row.department_id as DepartmentId,
    accusedId: row.accused_id as StaffId | null,
    handlerId: row.handler_id as StaffId,
    handledBy: [...new Set([row.handler_id, row.responded_by, row.solved_by, ...row.handled_by])].filter((id) => id !== null) as StaffId[],
    registeredAt: row.registered_at as Instant,
    registeredBy: row.registered_by as StaffId,
    policyVersion: row.policy_version,
    businessHours: row.business_hours,
    response: { dueAt: row.response_due_at as Instant, minutes: row.response_minutes },
    close: { dueAt: row.close_due_at as Instant, minutes: row.close_minutes },
    pause: toPause(row),
    reopenedCount: row.reopened_count,
    goodwillFen: fen(row.goodwill_fen),
    version: row.version,
  };
  if (row.status === 'registered') return { ...facts, status: 'registered' };
  const responded = {
    respondedAt: present(row, 'responded_at') as Instant,
    respondedBy: present(row, 'responded_by') as StaffId,
    responseNote: row.response ?? '',
  };
  if (row.status === 'responded' || row.status === 'reopened') return { ...facts, ...responded, status: row.status };
  const solved = {
    solvedAt: present(row, 'solved_at') as Instant,
    solvedBy: present(row, 'solved_by') as StaffId,
    solution: row.solution ?? '',
    cause: row.cause,
  };
  if (row.status === 'solved') return { ...facts, ...responded, ...solved, status: 'solved' };
  if (row.status !== 'closed') throw new Error(`complaint ${row.id} has the unknown status ${row.status}`);
  return {
    ...facts,
    ...responded,
    ...solved,
    status: 'closed',
    closedAt: present(row, 'closed_at') as Instant,
    confirmedBy: present(row, 'confirmed_by') as StaffId,
    verdict: row.verdict ?? '',
  };
}

function present(
  row: Row,
  column:
    | 'responded_at'
    | 'responded_by'
    | 'solved_at'
    | 'solved_by'
    | 'closed_at'
    | 'confirmed_by'
    | 'pause_requested_at'
    | 'pause_requested_by'
    | 'paused_at'
    | 'pause_approved_by',
): string {
  const value = row[column];
  if (value === null) throw new Error(`complaint ${row.id} is ${row.status} (${row.pause_state}) but has no ${column}`);
  return value;
}

function toPause(row: Row): Pause {
  if (row.pause_state === 'running') return { state: 'running' };
  const asked = {
    reason: row.pause_reason ?? '',
    requestedBy: present(row, 'pause_requested_by') as StaffId,
    requestedAt: present(row, 'pause_requested_at') as Instant,
    // A process of the version before, still running beside this one, writes none.
    until:
      (row.pause_until as Instant | null) ??
      addHours(present(row, 'pause_requested_at') as Instant, DEFAULT_COMPLAINT_POLICY.longestPauseHours),
  };
  if (row.pause_state === 'requested') return { state: 'requested', ...asked };
  return {
    state: 'paused',
    ...asked,
    approvedBy: present(row, 'pause_approved_by') as StaffId,
    pausedAt: present(row, 'paused_at') as Instant,
  };
}

export function toRow(complaint: Complaint) {
  const responded = complaint.status === 'registered' ? null : complaint;
  const solved = complaint.status === 'solved' || complaint.status === 'closed' ? complaint : null;
  const closed = complaint.status === 'closed' ? complaint : null;
  const { pause } = complaint;
  const asked = pause.state === 'running' ? null : pause;
  const paused = pause.state === 'paused' ? pause : null;
  return {
    status: complaint.status,
    kind: complaint.kind,
    severity: complaint.severity,
    department_id: complaint.departmentId,
    accused_id: complaint.accusedId,
    vehicle_id: complaint.vehicleId,
    visit_id: complaint.visitId,
    order_id: complaint.orderId,
    handler_id: complaint.handlerId,
    handled_by: [...complaint.handledBy],
    response_due_at: complaint.response.dueAt,
    close_due_at: complaint.close.dueAt,
    responded_at: responded?.respondedAt ?? null,
    responded_by: responded?.respondedBy ?? null,
    response: responded?.responseNote ?? null,
    solved_at: solved?.solvedAt ?? null,
    solved_by: solved?.solvedBy ?? null,
    solution: solved?.solution ?? null,
    cause: solved?.cause ?? null,
    goodwill_fen: complaint.goodwillFen,
    closed_at: closed?.closedAt ?? null,
    confirmed_by: closed?.confirmedBy ?? null,
    verdict: closed?.verdict ?? null,
    reopened_count: complaint.reopenedCount,
    pause_state: pause.state,
    pause_reason: asked?.reason ?? null,
    pause_requested_at: asked?.requestedAt ?? null,
    pause_requested_by: asked?.requestedBy ?? null,
    pause_until: asked?.until ?? null,
    paused_at: paused?.pausedAt ?? null,
    pause_approved_by: paused?.approvedBy ?? null,
  };
}

/** Complaints a reach includes: handled, registered, or belonging to the department of the people reached. */
export function withinReach(eb: OnComplaints, reach: Reach): Expression<SqlBool> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const ids = [...reach];
  return eb.or([
    eb('c.handler_id', 'in', ids),
    eb('c.registered_by', 'in', ids),
    // A team is a department: one person of it reaches what belongs to the department once his reach is more than himself.
    ...(ids.length > 1
      ? [
          eb(
            'c.department_id',
            'in',
            eb
              .selectFrom('staff as d')
              .select('d.department_id')
              .whereRef('d.store_id', '=', 'c.store_id')
              .where('d.id', 'in', ids)
              .where('d.department_id', 'is not', null),
          ),
        ]
      : []),
  ]);
}

/** The same inside a statement written out, where the complaints are called `c`. */
export function complaintWithinReach(reach: Reach): Expression<SqlBool> {
  return withinReach(expressionBuilder<DB & { c: ComplaintsTable }, 'c'>(), reach);
}

import type { Role } from '../access/index.ts';
import {
  accept,
  addHours,
  fen,
  refuse,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type Fen,
  type Instant,
  type OrderId,
  type StaffId,
  type VehicleId,
  type Verdict,
  type VisitId,
} from '../kernel/index.ts';
import { afterPause, promise, type StoreTime } from './clock.ts';
import type {
  Closed,
  Complaint,
  ComplaintKind,
  ComplaintSource,
  ComplaintStatus,
  Registered,
  Reopened,
  Responded,
  Severity,
  Solved,
} from './model.ts';
import { deadlineFor, type ComplaintPolicy, type EscalationLevel } from './policy.ts';

/** From which states a step may be taken: the whole life of a complaint at one look. */
export const STEPS = {
  respond: ['registered'],
  solve: ['responded', 'reopened'],
  confirm: ['solved'],
  reopen: ['closed'],
  reassign: ['registered', 'responded', 'reopened', 'solved'],
  amend: ['registered', 'responded', 'reopened', 'solved'],
  pause: ['registered', 'responded', 'reopened'],
} as const satisfies Record<string, readonly ComplaintStatus[]>;

export const COMPLAINT_REFUSALS = [
  'complaints.already_responded',
  'complaints.not_responded',
  'complaints.already_solved',
  'complaints.not_solved',
  'complaints.is_closed',
  'complaints.not_closed',
  'complaints.handler_is_accused',
  'complaints.handler_left',
  'complaints.no_handler',
  'complaints.nothing_amended',
  'complaints.confirmer_is_handler',
  'complaints.confirmer_not_customer_care',
  'complaints.clock_is_paused',
  'complaints.clock_is_running',
  'complaints.pause_already_requested',
  'complaints.pause_not_requested',
  'complaints.pause_in_past',
  'complaints.pause_too_long',
  'complaints.pause_only_shortened',
  'complaints.approver_is_requester',
  'complaints.approver_is_handler',
  'complaints.customer_deceased',
  'complaints.customer_objects',
] as const;
export type ComplaintRefusal = (typeof COMPLAINT_REFUSALS)[number];

/** Somebody who could handle a complaint: his place on the ladder, null below the department's manager. */
export type Candidate = { readonly id: StaffId; readonly level: EscalationLevel | null; readonly active: boolean };

/**
 * Who handles a new complaint first: the department's manager, else the next one up; never the person complained about.
 *
 * `ladder` lists the responsible people from the department's manager upwards.
 * Source: document 002, "所有客诉的第一责任人:部门经理" (COMP-06).
 */
export function firstHandler(ladder: readonly Candidate[], accusedId: StaffId | null): Verdict<Candidate, 'complaints.no_handler'> {
  const handler = ladder.find((candidate) => candidate.active && candidate.id !== accusedId);
  return handler ? accept(handler) : refuse('complaints.no_handler');
}

export type Registration = {
  readonly id: ComplaintId;
  readonly number: string;
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly severity: Severity;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
  readonly content: string;
  readonly departmentId: DepartmentId;
  readonly accusedId: StaffId | null;
};

/**
 * Opens a complaint and freezes its two promises by the policy of this moment.
 *
 * Refuses when nobody but the person complained about could handle it. Source: document 002 (COMP-02, -03, -04, -06).
 */
export function register(
  registration: Registration,
  ladder: readonly Candidate[],
  policy: ComplaintPolicy & { readonly version: number },
  by: StaffId,
  now: Instant,
  time: StoreTime,
): Verdict<Registered, 'complaints.no_handler'> {
  const handler = firstHandler(ladder, registration.accusedId);
  if (!handler.ok) return handler;
  const row = deadlineFor(policy, registration.source, registration.kind, registration.severity);
  return accept({
    ...registration,
    ...promise(row, now, time),
    status: 'registered',
    handlerId: handler.value.id,
    handledBy: [handler.value.id],
    registeredAt: now,
    registeredBy: by,
    policyVersion: policy.version,
    businessHours: row.businessHours,
    pause: { state: 'running' },
    reopenedCount: 0,
    goodwillFen: fen(0),
    version: 1,
  });
}

/**
 * Records the first response to a complaint.
 *
 * A late response is accepted: the breach is a fact of its own (`breaches` in clock.ts) and stays on record. One given while the clock
 * stands still is as early as the clock says.
 * Refuses the person complained about, whatever his role, and a second "first" response.
 *
 * Source: document 002, handling of complaints (COMP-03, COMP-06).
 */
export function respond(
  complaint: Complaint,
  by: StaffId,
  note: string,
  now: Instant,
  time: StoreTime,
): Verdict<Responded, ComplaintRefusal> {
  const may = mayRespond(complaint, by);
  if (!may.ok) return may;
  const response = afterPause(complaint, 'response', now, time);
  return accept({ ...handledAlso(complaint, by), response, status: 'responded', respondedAt: now, respondedBy: by, responseNote: note });
}

/** Whether somebody may give the first response, whatever the time. */
export function mayRespond(complaint: Complaint, by: StaffId): Verdict<Complaint, ComplaintRefusal> {
  if (complaint.status !== 'registered') return refuse('complaints.already_responded');
  return complaint.accusedId === by ? refuse('complaints.handler_is_accused') : accept(complaint);
}

/** Whether somebody may note what he did for the customer on the way: anybody but the person complained about, until the case is closed. */
export function act(complaint: Complaint, by: StaffId): Verdict<Complaint, ComplaintRefusal> {
  if (complaint.status === 'closed') return refuse('complaints.is_closed');
  if (complaint.accusedId === by) return refuse('complaints.handler_is_accused');
  return accept(handledAlso(complaint, by));
}

function handledAlso<C extends Complaint>(complaint: C, by: StaffId): C {
  return complaint.handledBy.includes(by) ? complaint : { ...complaint, handledBy: [...complaint.handledBy, by] };
}

/**
 * Records what was done for the customer and what was paid for it, in fen: it is added to what earlier solutions cost. Solved is not
 * closed: the customer has yet to be asked.
 *
 * Refuses the person complained about, a complaint nobody has answered yet, and one that is solved already.
 */
export function solve(
  complaint: Complaint,
  by: StaffId,
  { solution, cause, goodwillFen }: { readonly solution: string; readonly cause: string | null; readonly goodwillFen: Fen },
  now: Instant,
): Verdict<Solved, ComplaintRefusal> {
  if (complaint.status === 'registered') return refuse('complaints.not_responded');
  if (complaint.status === 'solved' || complaint.status === 'closed') return refuse('complaints.already_solved');
  if (complaint.accusedId === by) return refuse('complaints.handler_is_accused');
  if (complaint.pause.state === 'paused') return refuse('complaints.clock_is_paused');
  return accept({
    ...handledAlso(complaint, by),
    status: 'solved',
    solvedAt: now,
    solvedBy: by,
    solution,
    cause,
    goodwillFen: fen(complaint.goodwillFen + goodwillFen),
    pause: { state: 'running' },
  });
}

/** Whether somebody has a part in the case, as its handler of any time, by what he did for it, or as the person complained about. */
export function isInvolved({ handledBy, accusedId }: Complaint, id: StaffId): boolean {
  return handledBy.includes(id) || accusedId === id;
}

/** Who asks the customer whether he is satisfied. */
export type Confirmer = { readonly id: StaffId; readonly role: Role };

/**
 * Records what the customer said of the solution: satisfied closes the complaint, not satisfied reopens it on its old clock.
 *
 * Refuses everybody outside customer relations, whoever has handled, answered, worked on or solved it at any time, and the person
 * complained about (spec 05; separation of duties SEC-11).
 */
export function confirm(
  complaint: Complaint,
  by: Confirmer,
  { satisfied, verdict }: { readonly satisfied: boolean; readonly verdict: string },
  policy: ComplaintPolicy,
  now: Instant,
): Verdict<Closed | Reopened, ComplaintRefusal> {
  if (complaint.status !== 'solved') return refuse(complaint.status === 'closed' ? 'complaints.is_closed' : 'complaints.not_solved');
  if (!policy.confirmingRoles.includes(by.role)) return refuse('complaints.confirmer_not_customer_care');
  if (isInvolved(complaint, by.id)) return refuse('complaints.confirmer_is_handler');
  return accept(satisfied ? { ...complaint, status: 'closed', closedAt: now, confirmedBy: by.id, verdict } : reopened(complaint));
}

/** Whether somebody has to call the customer about an open complaint: its handler, and whoever may ask whether he is satisfied with the solution. */
export function callsCustomer(complaint: Complaint, by: Confirmer, policy: ComplaintPolicy, now: Instant): boolean {
  if (complaint.status === 'closed' || complaint.accusedId === by.id) return false;
  return complaint.handlerId === by.id || confirm(complaint, by, { satisfied: true, verdict: '' }, policy, now).ok;
}

export const CALL_REFUSALS = ['complaints.customer_deceased', 'complaints.customer_objects'] as const satisfies readonly ComplaintRefusal[];
export type CallRefusal = (typeof CALL_REFUSALS)[number];

/** What keeps a customer from being called: his death, or his word that he wants no calls, even for service. */
export type CallFacts = { readonly deceased: boolean; readonly objectsToCalls: boolean };

/**
 * Why nobody dials the customer of a complaint, whoever has to call him; null where he may be called. A customer given up as an owner may: he is
 * answered, not cared for.
 *
 * Source: decisions, "a person calling needs none but stops on objection"; 04 (deceased stops everything).
 */
export function callRefusal({ deceased, objectsToCalls }: CallFacts): CallRefusal | null {
  if (deceased) return 'complaints.customer_deceased';
  return objectsToCalls ? 'complaints.customer_objects' : null;
}

/** Opens a closed complaint again because the customer came back with it; its promises stay where they were (examples, "Reopened keeps the old clock"). */
export function reopen(complaint: Complaint, by: StaffId): Verdict<Reopened, ComplaintRefusal> {
  if (complaint.accusedId === by) return refuse('complaints.handler_is_accused');
  return complaint.status === 'closed' ? accept(reopened(complaint)) : refuse('complaints.not_closed');
}

// What was paid stays paid, whatever the customer thinks of it.
function reopened(complaint: Solved | Closed): Reopened {
  const { solvedAt: _at, solvedBy: _by, solution: _what, cause: _why, ...kept } = complaint;
  if (kept.status === 'closed') {
    const { closedAt: _closed, confirmedBy: _who, verdict: _said, ...open } = kept;
    return { ...open, status: 'reopened', reopenedCount: open.reopenedCount + 1 };
  }
  return { ...kept, status: 'reopened', reopenedCount: kept.reopenedCount + 1 };
}

/** Gives the complaint to another handler; never to the person complained about, never to somebody who has left. */
export function reassign<C extends Complaint>(complaint: C, to: Candidate, by: StaffId): Verdict<C, ComplaintRefusal> {
  if (complaint.status === 'closed') return refuse('complaints.is_closed');
  if (complaint.accusedId === by) return refuse('complaints.handler_is_accused');
  if (complaint.accusedId === to.id) return refuse('complaints.handler_is_accused');
  if (!to.active) return refuse('complaints.handler_left');
  return accept({ ...handledAlso(complaint, to.id), handlerId: to.id });
}

/** What of an open complaint can be put right. */
export type Amendment = Pick<Complaint, 'kind' | 'severity' | 'departmentId' | 'accusedId' | 'vehicleId' | 'visitId' | 'orderId'>;
const AMENDED = ['kind', 'severity', 'departmentId', 'accusedId', 'vehicleId', 'visitId', 'orderId'] as const satisfies (keyof Amendment)[];

/**
 * Puts kind, severity, department, the person complained about, or the vehicle, visit or order it is about right. The promises stay as they
 * were frozen.
 *
 * A handler who turns out to be the person complained about loses the case to the next one of the department's ladder, as at
 * registration. Refuses a closed complaint, the person complained about before or after, a change that changes nothing, and a case
 * nobody else could handle.
 *
 * Source: COMP-06 (never the person complained about); 02 scoring table needs the right person.
 */
export function amend<C extends Complaint>(
  complaint: C,
  to: Amendment,
  by: StaffId,
  ladder: readonly Candidate[],
): Verdict<C, ComplaintRefusal> {
  if (complaint.status === 'closed') return refuse('complaints.is_closed');
  if (complaint.accusedId === by || to.accusedId === by) return refuse('complaints.handler_is_accused');
  if (AMENDED.every((field) => complaint[field] === to[field])) return refuse('complaints.nothing_amended');
  if (complaint.handlerId !== to.accusedId) return accept({ ...complaint, ...to });
  const handler = firstHandler(ladder, to.accusedId);
  if (!handler.ok) return handler;
  return accept({ ...handledAlso(complaint, handler.value.id), ...to, handlerId: handler.value.id });
}

/**
 * Asks for the clock to be stopped until an instant, by default for as long as the store allows. It runs on until somebody else approves.
 *
 * Refuses an end that is past or beyond the store's longest pause. Source: 10, "pause only with reason and limit".
 */
export function requestPause<C extends Complaint>(
  complaint: C,
  by: StaffId,
  { reason, until }: { readonly reason: string; readonly until?: Instant | null | undefined },
  policy: Pick<ComplaintPolicy, 'longestPauseHours'>,
  now: Instant,
): Verdict<C, ComplaintRefusal> {
  if (complaint.status === 'closed') return refuse('complaints.is_closed');
  if (complaint.status === 'solved') return refuse('complaints.already_solved');
  if (complaint.pause.state === 'paused') return refuse('complaints.clock_is_paused');
  if (complaint.pause.state === 'requested') return refuse('complaints.pause_already_requested');
  if (complaint.accusedId === by) return refuse('complaints.handler_is_accused');
  const limit = addHours(now, policy.longestPauseHours);
  const end = until ?? limit;
  if (end <= now) return refuse('complaints.pause_in_past');
  if (end > limit) return refuse('complaints.pause_too_long');
  return accept({ ...complaint, pause: { state: 'requested', reason, requestedBy: by, requestedAt: now, until: end } });
}

/** Whether somebody may decide on a pause: not who asked for it, nor the handler, whose own time it is, nor the person complained about (spec 05, SEC-11). */
export function mayDecidePause<C extends Complaint>(complaint: C, by: StaffId): Verdict<C, ComplaintRefusal> {
  if (complaint.pause.state !== 'requested') return refuse('complaints.pause_not_requested');
  if (complaint.pause.requestedBy === by) return refuse('complaints.approver_is_requester');
  if (complaint.handlerId === by) return refuse('complaints.approver_is_handler');
  return complaint.accusedId === by ? refuse('complaints.handler_is_accused') : accept(complaint);
}

/**
 * Stops the clock, or refuses the request. An approval may name an earlier end than was asked for; without one it is for as long as was asked
 * for, or as the store allows by now, counted from when it was asked for.
 *
 * Refuses whoever may not decide, a later end, and to stop the clock until an instant that is past.
 */
export function decidePause<C extends Complaint>(
  complaint: C,
  by: StaffId,
  { approved, until }: { readonly approved: boolean; readonly until?: Instant | null | undefined },
  policy: Pick<ComplaintPolicy, 'longestPauseHours'>,
  now: Instant,
): Verdict<C, ComplaintRefusal> {
  const may = mayDecidePause(complaint, by);
  if (!may.ok) return may;
  if (complaint.pause.state !== 'requested') return refuse('complaints.pause_not_requested');
  if (!approved) return accept({ ...complaint, pause: { state: 'running' } });
  const limit = longestPause(complaint.pause, policy);
  const end = until ?? limit;
  if (end > complaint.pause.until) return refuse('complaints.pause_only_shortened');
  if (end > limit) return refuse('complaints.pause_too_long');
  if (end <= now) return refuse('complaints.pause_in_past');
  return accept({ ...complaint, pause: { ...complaint.pause, state: 'paused', until: end, approvedBy: by, pausedAt: now } });
}

/** Until when a pause that was asked for may last: as asked, and no longer than the store allows now from that moment on. */
export function longestPause(
  { requestedAt, until }: { readonly requestedAt: Instant; readonly until: Instant },
  { longestPauseHours }: Pick<ComplaintPolicy, 'longestPauseHours'>,
): Instant {
  const limit = addHours(requestedAt, longestPauseHours);
  return until < limit ? until : limit;
}

/** Who is asked to decide on a pause: those who may on the lowest rung where anybody may; nobody when there is no such rung. */
export function pauseDeciders(complaint: Complaint, rungs: readonly (readonly StaffId[])[]): readonly StaffId[] {
  const able = rungs.map((rung) => rung.filter((id) => mayDecidePause(complaint, id).ok));
  return able.find((rung) => rung.length > 0) ?? [];
}

/** Lets the clock run on: what was left of each promise is left again. Refuses the person complained about. */
export function resume<C extends Complaint>(complaint: C, by: StaffId, now: Instant, time: StoreTime): Verdict<C, ComplaintRefusal> {
  const may = mayResume(complaint, by);
  return may.ok ? accept(runningOn(complaint, now, time)) : may;
}

/** The complaint with its clock running on, where its pause has come to its limit; null where there is none or the limit lies ahead. */
export function pauseEnded<C extends Complaint>(complaint: C, now: Instant, time: StoreTime): C | null {
  return complaint.pause.state === 'paused' && complaint.pause.until <= now ? runningOn(complaint, now, time) : null;
}

function runningOn<C extends Complaint>(complaint: C, now: Instant, time: StoreTime): C {
  const running = { response: afterPause(complaint, 'response', now, time), close: afterPause(complaint, 'close', now, time) };
  return { ...complaint, ...running, pause: { state: 'running' } };
}

/** Whether somebody may let the clock run on. */
export function mayResume(complaint: Complaint, by: StaffId): Verdict<Complaint, ComplaintRefusal> {
  if (complaint.pause.state !== 'paused') return refuse('complaints.clock_is_running');
  return complaint.accusedId === by ? refuse('complaints.handler_is_accused') : accept(complaint);
}

import type { ComplaintId, CustomerId, DepartmentId, Fen, Instant, OrderId, StaffId, VehicleId, VisitId } from '../kernel/index.ts';

/** Where a complaint came from (requirements section 6). */
export const COMPLAINT_SOURCES = [
  'in_person',
  'phone',
  'survey',
  'care_call',
  'delivery_interview',
  'manufacturer_hotline',
  'store_hotline',
  'email',
  'sms',
  'wechat',
  'api',
] as const;
export type ComplaintSource = (typeof COMPLAINT_SOURCES)[number];

/** The tree of kinds: what part of the house, then what was wrong. The whole code is stored. */
export const COMPLAINT_KINDS = [
  'sales.attitude',
  'sales.waiting',
  'sales.price',
  'sales.promise',
  'sales.delivery',
  'sales.vehicle',
  'sales.other',
  'service.attitude',
  'service.waiting',
  'service.price',
  'service.workmanship',
  'service.parts',
  'service.promise',
  'service.other',
] as const;
export type ComplaintKind = (typeof COMPLAINT_KINDS)[number];
export type ComplaintBranch = 'sales' | 'service';

export const SEVERITIES = ['low', 'normal', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const COMPLAINT_STATUSES = ['registered', 'responded', 'solved', 'closed', 'reopened'] as const;
export type ComplaintStatus = (typeof COMPLAINT_STATUSES)[number];

/** A promise to the customer with its due time, frozen when made; only an approved pause moves it. */
export type Promised = {
  readonly dueAt: Instant;
  /** Length of the promise; with business hours these are minutes in which the store is open. */
  readonly minutes: number;
};

export const PAUSE_STATES = ['running', 'requested', 'paused'] as const satisfies readonly Pause['state'][];

/** What a pause is asked for: why, and until when at the latest. */
type PauseRequest = {
  readonly reason: string;
  readonly requestedBy: StaffId;
  readonly requestedAt: Instant;
  readonly until: Instant;
};

/** The clock stands still only while `paused`, and no longer than `until`; a request alone stops nothing. */
export type Pause =
  | { readonly state: 'running' }
  | (PauseRequest & { readonly state: 'requested' })
  | (PauseRequest & {
      readonly state: 'paused';
      readonly approvedBy: StaffId;
      readonly pausedAt: Instant;
    });

type Facts = {
  readonly id: ComplaintId;
  /** Day and running number, `20260501-003`: what people say on the phone. */
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
  readonly handlerId: StaffId;
  /** Whoever was its handler at any time, answered it, did something for it or solved it: none of them confirms it. */
  readonly handledBy: readonly StaffId[];
  readonly registeredAt: Instant;
  readonly registeredBy: StaffId;
  readonly policyVersion: number;
  readonly businessHours: boolean;
  readonly response: Promised;
  readonly close: Promised;
  readonly pause: Pause;
  readonly reopenedCount: number;
  /** Paid to the customer so far, all solutions together. What each of them cost is in its event. */
  readonly goodwillFen: Fen;
  readonly version: number;
};

export type Response = { readonly respondedAt: Instant; readonly respondedBy: StaffId; readonly responseNote: string };
export type Solution = {
  readonly solvedAt: Instant;
  readonly solvedBy: StaffId;
  readonly solution: string;
  readonly cause: string | null;
};
export type Closing = { readonly closedAt: Instant; readonly confirmedBy: StaffId; readonly verdict: string };

export type Registered = Facts & { readonly status: 'registered' };
export type Responded = Facts & Response & { readonly status: 'responded' };
export type Solved = Facts & Response & Solution & { readonly status: 'solved' };
export type Closed = Facts & Response & Solution & Closing & { readonly status: 'closed' };
/** Not satisfied: the case is worked on again and its clock never stopped. */
export type Reopened = Facts & Response & { readonly status: 'reopened' };
export type Complaint = Registered | Responded | Solved | Closed | Reopened;

/** What happened to a complaint; events are only ever added. */
export const COMPLAINT_EVENTS = [
  'registered',
  'responded',
  'action',
  'solved',
  'confirmed',
  'reopened',
  'reassigned',
  'amended',
  'pause_requested',
  'pause_approved',
  'pause_refused',
  'resumed',
  'escalated',
] as const;
export type ComplaintEventKind = (typeof COMPLAINT_EVENTS)[number];

export function branchOf(kind: ComplaintKind): ComplaintBranch {
  return kind.startsWith('sales.') ? 'sales' : 'service';
}

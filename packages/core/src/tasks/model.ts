import type { Role } from '../access/index.ts';
import type { CareChannel, CareReason, PlanCancellation, ResultForm } from '../care/index.ts';
import type {
  CivilDate,
  ComplaintId,
  ContactId,
  CustomerId,
  Instant,
  OrderId,
  StaffId,
  TaskId,
  VehicleId,
  VisitId,
  WallTime,
} from '../kernel/index.ts';

export const TASK_KINDS = ['care_call', 'message', 'complaint_follow_up', 'verification', 'manual'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const TASK_STATUSES = ['open', 'done', 'skipped', 'missed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** What came of a try (requirements G-15). */
export const OUTCOMES = ['reached', 'appointment', 'call_back', 'not_reached', 'refused', 'wrong_number', 'sent', 'met'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What a customer said of our work. `not_asked` is a choice of its own: nobody asked, or he would not say, so that it weighs in no rate.
 *
 * Source: 05, satisfied / neutral / dissatisfied; requirements G-11.
 */
export const SATISFACTIONS = ['satisfied', 'neutral', 'dissatisfied', 'not_asked'] as const;
export type Satisfaction = (typeof SATISFACTIONS)[number];

/** Why a person leaves a task undone. */
export const SKIP_REASONS = ['already_settled', 'contacted_elsewhere', 'customer_asked', 'not_suitable', 'wrong_data', 'other'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What every task says of itself: whom, why, until when, by whom, and how far it has come. */
export type TaskFacts = {
  readonly id: TaskId;
  readonly kind: TaskKind;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
  readonly complaintId: ComplaintId | null;
  /** The rule that made it; null for tasks made by people or by other tasks. */
  readonly ruleKey: string | null;
  readonly occurrenceKey: string | null;
  /** Null = whoever of the role takes it. */
  readonly assigneeId: StaffId | null;
  readonly role: Role;
  readonly channel: CareChannel;
  readonly purpose: 'service' | 'marketing';
  readonly result: ResultForm;
  readonly script: string;
  readonly topics: readonly string[];
  /** 1 is the most urgent, 5 the least. */
  readonly priority: number;
  /** Promised by the hour: stands first in the queue. */
  readonly byTheHour: boolean;
  readonly anchorOn: CivilDate | null;
  readonly notBeforeOn: CivilDate;
  /** When it shows in the day: its first day, the next try, or the day the cap moved it to. */
  readonly showAt: Instant;
  /** A promise: made once, moved only with its event. */
  readonly dueAt: Instant;
  /** After this it is missed; null = never. */
  readonly lapsesAt: Instant | null;
  readonly reason: CareReason;
  readonly attempts: number;
  readonly lastOutcome: Outcome | null;
  readonly createdAt: Instant;
  readonly version: number;
};

export type OpenTask = TaskFacts & { readonly status: 'open' };
export type DoneTask = TaskFacts & {
  readonly status: 'done';
  readonly finishedAt: Instant;
  readonly finishedBy: StaffId;
  readonly note: string | null;
};
export type SkippedTask = TaskFacts & {
  readonly status: 'skipped';
  readonly finishedAt: Instant;
  readonly finishedBy: StaffId;
  readonly skipReason: SkipReason;
  readonly note: string | null;
};
export type MissedTask = TaskFacts & { readonly status: 'missed'; readonly finishedAt: Instant };
/** Why a task is wanted no more: the planner's reasons, and a result taken back that had started it. */
export type CancelReason = PlanCancellation | 'result_taken_back';
export type CancelledTask = TaskFacts & {
  readonly status: 'cancelled';
  readonly finishedAt: Instant;
  readonly cancelReason: CancelReason;
};
export type Task = OpenTask | DoneTask | SkippedTask | MissedTask | CancelledTask;

/** When a customer likes to be called, on the store's wall clock, half-open. */
export type ContactWindow = { readonly from: WallTime; readonly to: WallTime; readonly days: 'any' | 'weekdays' | 'weekend' };

/** The numbers of tasks that a store may change. */
export type TaskNumbers = {
  /** Tries that fail before a call is closed as not reached. */
  readonly maxAttempts: number;
  /** Hours to the next try after the first, second … failed one; the last goes on. */
  readonly retryHours: readonly number[];
  /** When customers who said nothing may be called. */
  readonly window: ContactWindow;
  /** Days to verify a file whose number was wrong. */
  readonly verificationDays: number;
  /** Days after its own on which whoever decides may still take a result back; the one who recorded it may on that day. */
  readonly takeBackDays: number;
};

/**
 * Ours: the sources name no tries. 09:00 to 20:00 keeps clear of the quiet hours of 21:00 to 08:00 (09). A result is taken back for as long as
 * a contact may be written down late: beyond it the figures of the month have been given.
 */
export const DEFAULT_TASK_NUMBERS: TaskNumbers = {
  maxAttempts: 3,
  retryHours: [3, 22, 46],
  window: { from: '09:00' as WallTime, to: '20:00' as WallTime, days: 'any' },
  verificationDays: 7,
  takeBackDays: 31,
};

/** A complaint that the customer uttered, to be registered with the result. */
export type UtteredComplaint = {
  readonly kind: string;
  readonly severity: 'low' | 'normal' | 'high';
  readonly content: string;
  readonly departmentId: string;
  readonly accusedId?: StaffId | null;
};

/** What the caller reports. */
export type Result = {
  readonly outcome: Outcome;
  readonly note?: string | null;
  /** What the customer said of our work; null or absent when he was not asked. */
  readonly satisfied?: boolean | null;
  /** The same with its shades; where it is given, `satisfied` follows it. */
  readonly satisfaction?: Satisfaction | null;
  /** He praised us: the words are the note. */
  readonly praised?: boolean;
  readonly saidAbout?: string | null;
  readonly cause?: string | null;
  readonly unreachedBecause?: string | null;
  readonly appointmentAt?: Instant | null;
  readonly nextTryAt?: Instant | null;
  readonly complaint?: UtteredComplaint | null;
  /** Purposes the customer does not want to be contacted for any more. */
  readonly objects?: readonly ('service' | 'marketing')[];
};

export type ContactDraft = {
  readonly id: ContactId;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly taskId: TaskId;
  readonly channel: CareChannel;
  readonly outcome: Outcome;
  readonly content: string | null;
  readonly satisfied: boolean | null;
  readonly appointmentAt: Instant | null;
  readonly occurredAt: Instant;
  readonly staffId: StaffId;
} & Heard;

/** What a try brought beside its outcome; codes of the store's lists. */
export type Heard = {
  /** Null for what was never spoken of: somebody who was not reached. */
  readonly satisfaction: Satisfaction | null;
  readonly praised: boolean;
  readonly saidAbout: string | null;
  readonly cause: string | null;
  readonly unreachedBecause: string | null;
};

/** What a result sets going beyond its task. */
export type Started =
  | { readonly kind: 'complaint'; readonly complaint: UtteredComplaint; readonly source: 'care_call' | 'survey' }
  | { readonly kind: 'appointment'; readonly at: Instant }
  | { readonly kind: 'verification'; readonly task: OpenTask }
  | { readonly kind: 'phone_invalid' }
  | { readonly kind: 'consent_withdrawal'; readonly purpose: 'service' | 'marketing' };

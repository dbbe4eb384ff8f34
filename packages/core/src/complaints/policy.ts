import type { Role } from '../access/index.ts';
import type { ComplaintKind, ComplaintSource, Severity } from './model.ts';

/** A length of time to keep a promise in, or the end of the day of registration. */
export type Limit = { readonly minutes: number } | 'same_day';

/** A row of the table of deadlines; what it leaves out it does not ask. `kind` may name a branch or a leaf. */
export type DeadlineRow = {
  readonly source?: ComplaintSource;
  readonly kind?: ComplaintKind | 'sales' | 'service';
  readonly severity?: Severity;
  readonly response: Limit;
  readonly close: Limit;
  readonly businessHours: boolean;
};

/** The ladder of people told when a promise comes near; a step goes one rung above the one before. */
export const ESCALATION_LEVELS = ['department_manager', 'general_manager', 'chairman'] as const;
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number];

export type ComplaintPolicy = {
  readonly deadlines: readonly DeadlineRow[];
  /** Shares of a promise's time at which it goes one level up, ascending. */
  readonly escalationPercents: readonly number[];
  /** Roles told at once of every new complaint, beside the handler. */
  readonly copies: readonly Role[];
  /** Roles that may confirm with the customer; never the person who solved it. */
  readonly confirmingRoles: readonly Role[];
  /** Points against the person complained about, for the month-end table. */
  readonly scoring: {
    readonly bySeverity: Readonly<Record<Severity, number>>;
    readonly perBreach: number;
    readonly perReopening: number;
  };
};

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * The shipped policy: one hour to answer, twenty-four to close with the customer satisfied, around the clock; reviews on
 * WeChat and interviews at handover the same day.
 *
 * Sources: document 002, handling of complaints (1 h, 24 h, copies to general manager and chairman); requirements 5.2,
 * deadline table. The points of the scoring table are ours: the source names the table, not its scores (COMP-09).
 */
export const DEFAULT_COMPLAINT_POLICY: ComplaintPolicy = {
  deadlines: [
    { response: { minutes: HOUR }, close: { minutes: DAY }, businessHours: false },
    { source: 'survey', response: { minutes: HOUR }, close: { minutes: DAY }, businessHours: false },
    { source: 'wechat', response: 'same_day', close: { minutes: DAY }, businessHours: false },
    { source: 'delivery_interview', response: 'same_day', close: 'same_day', businessHours: false },
  ],
  escalationPercents: [50, 100],
  copies: ['GM', 'CHAIR'],
  confirmingRoles: ['CC_MGR', 'FU_AGENT'],
  scoring: { bySeverity: { low: 1, normal: 2, high: 5 }, perBreach: 1, perReopening: 1 },
};

/**
 * The row that rules a complaint: the most specific one wins (source before kind before severity, a leaf before its
 * branch), the stricter among equals. Throws when no row fits, which a policy with a general row cannot do.
 *
 * Source: decisions, "Complaint deadlines".
 */
export function deadlineFor(policy: ComplaintPolicy, source: ComplaintSource, kind: ComplaintKind, severity: Severity): DeadlineRow {
  const fitting = policy.deadlines.filter(
    (row) =>
      (row.source === undefined || row.source === source) &&
      (row.kind === undefined || row.kind === kind || kind.startsWith(`${row.kind}.`)) &&
      (row.severity === undefined || row.severity === severity),
  );
  const [best] = fitting.toSorted(
    (a, b) =>
      specificity(b) - specificity(a) ||
      limitMinutes(a.response) - limitMinutes(b.response) ||
      limitMinutes(a.close) - limitMinutes(b.close),
  );
  if (!best) throw new Error(`the complaint policy has no deadline for ${source}, ${kind}, ${severity}`);
  return best;
}

function specificity(row: DeadlineRow): number {
  return (
    (row.source === undefined ? 0 : 8) +
    (row.kind === undefined ? 0 : row.kind.includes('.') ? 4 : 2) +
    (row.severity === undefined ? 0 : 1)
  );
}

/** How long a limit is at most, in minutes: the end of the day is a day away at the latest. */
export function limitMinutes(limit: Limit): number {
  return limit === 'same_day' ? DAY : limit.minutes;
}

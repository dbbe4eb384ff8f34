import type { Role } from '../access/index.ts';
import { branchOf } from './model.ts';
import type { ComplaintBranch, ComplaintKind, ComplaintSource, Severity } from './model.ts';

/** A length of time to keep a promise in, or the end of the day of registration. */
export type Limit = { readonly minutes: number } | 'same_day';

/** A row of the table of deadlines; what it leaves out it does not ask. `kind` may name a branch or a leaf. */
export type DeadlineRow = {
  readonly source?: ComplaintSource;
  readonly kind?: ComplaintKind | ComplaintBranch;
  readonly severity?: Severity;
  readonly response: Limit;
  readonly close: Limit;
  readonly businessHours: boolean;
};

/** The ladder of people told when a promise comes near; a step goes one rung above the one before. */
export const ESCALATION_LEVELS = ['department_manager', 'general_manager', 'chairman'] as const;
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number];

/** Points against the person complained about, for each severity. */
export type SeverityPoints = Readonly<Record<Severity, number>>;

/** What complaints of one kind count. `kind` may name a branch or a leaf. */
export type KindPoints = { readonly kind: ComplaintKind | ComplaintBranch; readonly bySeverity: SeverityPoints };

export type ComplaintPolicy = {
  readonly deadlines: readonly DeadlineRow[];
  /** Shares of a promise's time at which it goes one level up, ascending. */
  readonly escalationPercents: readonly number[];
  /** Roles told at once of every new complaint, beside the handler. */
  readonly copies: readonly Role[];
  /** Roles that may confirm with the customer; never the person who solved it. */
  readonly confirmingRoles: readonly Role[];
  /** How many hours by the clock a pause lasts at most, counted from when it is asked for. */
  readonly longestPauseHours: number;
  /** Points against the person complained about, for the month-end table. */
  readonly scoring: {
    /** Of every kind that has no row of its own. */
    readonly bySeverity: SeverityPoints;
    /** Kinds that count otherwise; absent from policies saved before there were any. */
    readonly byKind?: readonly KindPoints[];
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
 * deadline table. The points of the scoring table are ours: the source names the table, not its scores (COMP-09, G-04). What a person does
 * himself (his manner, his word, his work) counts more than what he may not have in hand. A pause of at most three days is ours as well (10 names
 * a limit, not its length): it spans a weekend and the 48 hours of a customer who cannot be reached (10), and what takes longer is asked for anew.
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
  longestPauseHours: 72,
  scoring: {
    bySeverity: { low: 1, normal: 2, high: 5 },
    byKind: [
      { kind: 'sales.attitude', bySeverity: { low: 2, normal: 4, high: 8 } },
      { kind: 'sales.promise', bySeverity: { low: 2, normal: 3, high: 6 } },
      { kind: 'service.attitude', bySeverity: { low: 2, normal: 4, high: 8 } },
      { kind: 'service.promise', bySeverity: { low: 2, normal: 3, high: 6 } },
      { kind: 'service.workmanship', bySeverity: { low: 2, normal: 3, high: 6 } },
    ],
    perBreach: 1,
    perReopening: 1,
  },
};

/**
 * The points of a complaint of this kind: by the row of the kind itself, else of its branch, else by those of all kinds.
 *
 * Source: requirements COMP-09, G-04 (an editable score for each kind of complaint).
 */
export function pointsOf({ scoring }: ComplaintPolicy, kind: ComplaintKind): SeverityPoints {
  const row = (of: KindPoints['kind']) => scoring.byKind?.find((one) => one.kind === of)?.bySeverity;
  return row(kind) ?? row(branchOf(kind)) ?? scoring.bySeverity;
}

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

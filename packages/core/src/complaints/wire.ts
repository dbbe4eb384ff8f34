import { z } from 'zod';
import { lastContact } from '../customers/last-contact.ts';
import { markedCustomer } from '../customers/marked.ts';
import type { ComplaintId, CustomerId, DepartmentId, OrderId, StaffId, VehicleId, VisitId } from '../kernel/index.ts';
import {
  civilDate,
  dateOut,
  exportAs,
  fen,
  fenOut,
  id,
  idOut,
  instant,
  instantOut,
  page,
  paged,
  period,
  text,
  words,
} from '../kernel/wire.ts';
import { COMPLAINT_EVENTS, COMPLAINT_KINDS, COMPLAINT_SOURCES, COMPLAINT_STATUSES, SEVERITIES } from './model.ts';
import { ESCALATION_LEVELS } from './policy.ts';
import { CALL_REFUSALS } from './rules.ts';

const complaintId = id<ComplaintId>();

export const registerInput = z.strictObject({
  customerId: id<CustomerId>(),
  vehicleId: id<VehicleId>().nullish(),
  visitId: id<VisitId>().nullish(),
  orderId: id<OrderId>().nullish(),
  source: z.enum(COMPLAINT_SOURCES),
  kind: z.enum(COMPLAINT_KINDS),
  severity: z.enum(SEVERITIES).default('normal'),
  content: words(4000),
  departmentId: id<DepartmentId>(),
  accusedId: id<StaffId>().nullish(),
});
export const versioned = { complaintId, version: z.number().int().positive() };
export const respondInput = z.strictObject({ ...versioned, note: words(4000) });
export const actionInput = z.strictObject({ complaintId, note: words(4000) });
export const solveInput = z.strictObject({
  ...versioned,
  solution: words(4000),
  cause: text(2000).nullish(),
  goodwillFen: fen.refine((n) => n >= 0, { error: 'not_negative' }).optional(),
});
export const confirmInput = z.strictObject({ ...versioned, satisfied: z.boolean(), verdict: words(2000) });
export const reopenInput = z.strictObject({ ...versioned, reason: words(2000) });
export const reassignInput = z.strictObject({ ...versioned, handlerId: id<StaffId>(), reason: text(1000).nullish() });
export const pauseInput = z.strictObject({
  ...versioned,
  reason: words(1000),
  until: instant
    .nullish()
    .meta({ description: 'when the clock runs on by itself; left out or null: after the longest pause the store allows' }),
});
export const decidePauseInput = z.strictObject({
  ...versioned,
  approved: z.boolean(),
  until: instant.nullish().meta({ description: 'an earlier end than was asked for; left out or null: the one asked for' }),
});
export const resumeInput = z.strictObject(versioned);
export const amendInput = z.strictObject({
  ...versioned,
  kind: z.enum(COMPLAINT_KINDS),
  severity: z.enum(SEVERITIES),
  departmentId: id<DepartmentId>(),
  accusedId: id<StaffId>().nullable(),
  /** What it is about; left out it stays as it is. */
  vehicleId: id<VehicleId>().nullable().optional(),
  visitId: id<VisitId>().nullable().optional(),
  orderId: id<OrderId>().nullable().optional(),
  reason: words(1000),
});
/** Visits and orders a complaint of this customer can be about: the latest of those that the term finds. */
export const occasionsInput = z.strictObject({
  customerId: id<CustomerId>(),
  /** Those of one vehicle. */
  vehicleId: id<VehicleId>().nullish(),
  /** A piece of number, plate, model or date. */
  term: text(40).default(''),
  /** Is among them whatever the term: the one chosen already. */
  chosenId: z.uuid().nullish(),
});
const ofVehicle = { vehicleId: idOut<VehicleId>().nullable(), plate: z.string().nullable(), model: z.string().nullable() };
export const visitOccasion = z.object({
  id: idOut<VisitId>(),
  orderNo: z.string(),
  arrivedOn: dateOut,
  category: z.object({ zh: z.string(), en: z.string() }),
  ...ofVehicle,
});
export const orderOccasion = z.object({ id: idOut<OrderId>(), orderedOn: dateOut, deliveredOn: dateOut.nullable(), ...ofVehicle });
/** Null what the caller's role does not see. */
export const occasions = z.object({ visits: z.array(visitOccasion).nullable(), orders: z.array(orderOccasion).nullable() });
export type Occasions = z.infer<typeof occasions>;
export const getInput = z.strictObject({ complaintId });

/** Quick scopes of the list: what a person looks for most. `overdue` is any promise broken and not yet met. */
export const COMPLAINT_TABS = ['all', 'mine', 'to_respond', 'in_work', 'to_confirm', 'overdue', 'closed'] as const;
export type ComplaintTab = (typeof COMPLAINT_TABS)[number];
/** `pressesAt` is by urgency: when the promise that presses is due, one that stands still not before its clock runs on. Served well for tabs of open ones. */
export const COMPLAINT_SORTS = ['registeredAt', 'closeDueAt', 'pressesAt'] as const;
export const listInput = z.strictObject({
  tab: z.enum(COMPLAINT_TABS).default('all'),
  statuses: z.array(z.enum(COMPLAINT_STATUSES)).max(5).optional(),
  sources: z.array(z.enum(COMPLAINT_SOURCES)).max(20).optional(),
  /** Whole kinds or the branches `sales` and `service`. */
  kinds: z
    .array(z.enum([...COMPLAINT_KINDS, 'sales', 'service']))
    .max(20)
    .optional(),
  severities: z.array(z.enum(SEVERITIES)).max(3).optional(),
  departmentId: id<DepartmentId>().optional(),
  handlerId: id<StaffId>().optional(),
  /** Null: nobody is named. */
  accusedId: id<StaffId>().nullable().optional(),
  customerId: id<CustomerId>().optional(),
  /** Number of the complaint, whole or its beginning. */
  number: text(20).optional(),
  registeredFrom: civilDate.optional(),
  /** The day after the last one. */
  registeredTo: civilDate.optional(),
  breached: z.enum(['response', 'close']).optional(),
  /** A promise met in time. */
  kept: z.enum(['response', 'close']).optional(),
  /** The promise that presses is broken, or will be within two hours; a paused clock does not run out. */
  runningOut: z.literal(true).optional(),
  reopened: z.literal(true).optional(),
  /** Something was paid for it. */
  goodwill: z.literal(true).optional(),
  sort: z.enum(COMPLAINT_SORTS).default('registeredAt'),
  descending: z.boolean().default(true),
  ...page,
});

export type ComplaintFilter = z.output<typeof listInput>;
export const exportInput = listInput.omit({ cursor: true, limit: true }).extend(exportAs);

const promised = z.object({ dueAt: instantOut, minutes: z.number() });
const pause = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({
    state: z.literal('requested'),
    reason: z.string(),
    requestedBy: idOut<StaffId>(),
    requestedAt: instantOut,
    until: instantOut,
  }),
  z.object({
    state: z.literal('paused'),
    reason: z.string(),
    requestedBy: idOut<StaffId>(),
    requestedAt: instantOut,
    until: instantOut.meta({ description: 'when the clock runs on by itself' }),
    approvedBy: idOut<StaffId>(),
    pausedAt: instantOut,
  }),
]);
const facts = z.object({
  id: idOut<ComplaintId>(),
  number: z.string(),
  source: z.enum(COMPLAINT_SOURCES),
  kind: z.enum(COMPLAINT_KINDS),
  severity: z.enum(SEVERITIES),
  customerId: idOut<CustomerId>(),
  vehicleId: idOut<VehicleId>().nullable(),
  visitId: idOut<VisitId>().nullable(),
  orderId: idOut<OrderId>().nullable(),
  content: z.string(),
  departmentId: idOut<DepartmentId>(),
  accusedId: idOut<StaffId>().nullable(),
  handlerId: idOut<StaffId>(),
  handledBy: z.array(idOut<StaffId>()).readonly(),
  registeredAt: instantOut,
  registeredBy: idOut<StaffId>(),
  policyVersion: z.number(),
  businessHours: z.boolean(),
  response: promised,
  close: promised,
  pause,
  reopenedCount: z.number(),
  goodwillFen: fenOut.meta({ description: 'paid so far, all solutions together, in fen' }),
  version: z.number(),
});
const response = { respondedAt: instantOut, respondedBy: idOut<StaffId>(), responseNote: z.string() };
const solution = {
  solvedAt: instantOut,
  solvedBy: idOut<StaffId>(),
  solution: z.string(),
  cause: z.string().nullable(),
};
const closing = { closedAt: instantOut, confirmedBy: idOut<StaffId>(), verdict: z.string() };

/** The complaint itself, shaped like the domain's union, so that a screen can ask the rules. */
export const complaint = z.discriminatedUnion('status', [
  facts.extend({ status: z.literal('registered') }),
  facts.extend({ status: z.literal('responded'), ...response }),
  facts.extend({ status: z.literal('solved'), ...response, ...solution }),
  facts.extend({ status: z.literal('closed'), ...response, ...solution, ...closing }),
  facts.extend({ status: z.literal('reopened'), ...response }),
]);

const person = z.object({ id: idOut<StaffId>(), name: z.string() });
const customerHead = z.object({
  ...markedCustomer,
  phoneMasked: z.string().nullable(),
});

export const complaintRow = z.object({
  complaint,
  customer: customerHead,
  plate: z.string().nullable(),
  department: z.string(),
  handler: person,
  accused: person.nullable(),
  breaches: z.array(z.enum(['response', 'close'])),
});
export type ComplaintRow = z.infer<typeof complaintRow>;
export const complaintPage = paged(complaintRow);
export const complaintCounts = z.record(z.enum(COMPLAINT_TABS), z.number());

export const complaintEvent = z.object({
  id: z.string(),
  kind: z.enum(COMPLAINT_EVENTS),
  at: instantOut,
  by: person.nullable(),
  note: z.string().nullable(),
  /** What the kind of event adds: `from`/`to` names and `fromId` of a reassignment, `goodwillFen` and `cause` of a solution, `promise`/`percent`/`level` of an escalation. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export const escalation = z.object({
  promise: z.enum(['response', 'close']),
  percent: z.number(),
  dueAt: instantOut,
  level: z.enum(ESCALATION_LEVELS),
});

export const revealedPhone = z.object({ phones: z.array(z.object({ number: z.string(), tel: z.string(), rank: z.number() })) });

export const complaintView = complaintRow.extend({
  vehicle: z
    .object({ id: idOut<VehicleId>(), plate: z.string().nullable(), model: z.string().nullable(), vin: z.string().nullable() })
    .nullable(),
  visit: visitOccasion.nullable(),
  order: orderOccasion.nullable(),
  registeredByName: z.string(),
  /** Whether the reader may see the number: the handler calls the customer, whoever may confirm asks him. */
  canReveal: z.boolean(),
  /** Why the customer is not called at all. */
  notCalled: z.enum(CALL_REFUSALS).nullable(),
  /** Whether the reader may write down what was said with the customer. */
  mayRecordContact: z.boolean(),
  contacts: z.array(lastContact).meta({ description: 'the last three with the customer that the reader sees, newest first' }),
  events: z.array(complaintEvent),
  escalations: z.array(escalation),
  /** Roles that may confirm, by the store's policy: the screen asks the rule with them. */
  confirmingRoles: z.array(z.string()),
  longestPauseHours: z.number().meta({ description: 'how long a pause asked for now may last' }),
});
export type ComplaintView = z.infer<typeof complaintView>;

/** Who can be named in the forms: departments, and staff with what the rules ask of them. */
export const complaintOptions = z.object({
  departments: z.array(z.object({ id: idOut<DepartmentId>(), name: z.string(), kind: z.string() })),
  staff: z.array(
    z.object({
      id: idOut<StaffId>(),
      name: z.string(),
      role: z.string(),
      departmentId: idOut<DepartmentId>().nullable(),
      level: z.enum(ESCALATION_LEVELS).nullable(),
      active: z.boolean(),
    }),
  ),
});

/** What a complaint registered now would promise. */
export const promisePreviewInput = registerInput.pick({ source: true, kind: true, severity: true, departmentId: true, accusedId: true });
export const promisePreview = z.object({ responseDueAt: instantOut, closeDueAt: instantOut, handler: person.nullable() });

export const STATISTIC_GROUPS = ['kind', 'source', 'department', 'accused'] as const;
export const statisticsInput = z.strictObject({ period, groupBy: z.enum(STATISTIC_GROUPS) });
export const statistics = z.object({
  groups: z.array(
    z.object({
      key: z.string().nullable(),
      label: z.string().nullable(),
      total: z.number(),
      closed: z.number(),
      responseBreaches: z.number(),
      closeBreaches: z.number(),
      reopened: z.number(),
      goodwillFen: fenOut,
    }),
  ),
});

/** Null where his rights hide the complaints or the work they are a share of. */
const rate = z.object({ part: z.number(), whole: z.number() }).nullable();
/** Null also where no whole month of the period had work. */
const monthlyMean = z
  .object({ share: z.number(), months: z.number() })
  .nullable()
  .meta({ description: 'mean of the rates of the whole months, as a share of 1, and of how many months' });
const ofPeriod = {
  service: rate,
  sales: rate,
  /** The days counted, half-open. */
  period: z.object({ from: dateOut, to: dateOut }),
  mean: z.object({ service: monthlyMean, sales: monthlyMean }),
};
/** Complaints per visit (service) and per delivery (sales) of a period, the one it is compared with, the same of last year, and each month in it. */
export const rateReport = z.object({
  ...ofPeriod,
  previous: z.object(ofPeriod),
  lastYear: z.object(ofPeriod),
  months: z.array(z.object({ month: z.string(), service: rate, sales: rate })),
  sla: z.object({
    total: z.number(),
    responseKept: z.number(),
    /** Promises kept or broken; one still running is neither. */
    responseDecided: z.number(),
    closeKept: z.number(),
    closeDecided: z.number(),
    open: z.number(),
    averageResponseMinutes: z.number().nullable(),
    averageCloseMinutes: z.number().nullable(),
  }),
});

/** A calendar month, `YYYY-MM`, of the years that dates are reckoned in. */
const month = z
  .string()
  .regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/)
  .meta({ description: 'calendar month, YYYY-MM', example: '2026-05' });
export const scoringInput = z.strictObject({ month });
export const exportScoringInput = scoringInput.extend(exportAs);
const severityPoints = z.record(z.enum(SEVERITIES), z.number());
export const scoringTable = z.object({
  rows: z.array(
    z.object({
      staffId: idOut<StaffId>(),
      name: z.string(),
      department: z.string().nullable(),
      complaints: z.number(),
      breaches: z.number(),
      reopenings: z.number(),
      points: z.number(),
      /** What kinds of complaint they are; their points are all but those for breaches and reopenings. */
      kinds: z.array(z.object({ kind: z.enum(COMPLAINT_KINDS), complaints: z.number(), points: z.number() })).readonly(),
    }),
  ),
  /** What a point is made of, so that the table explains itself. */
  scoring: z.object({
    bySeverity: severityPoints,
    /** Kinds that count otherwise: a kind before its branch. */
    byKind: z.array(z.object({ kind: z.enum([...COMPLAINT_KINDS, 'sales', 'service']), bySeverity: severityPoints })).readonly(),
    perBreach: z.number(),
    perReopening: z.number(),
  }),
});

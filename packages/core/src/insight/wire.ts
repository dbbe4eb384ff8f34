import { z } from 'zod';
import { ROLES } from '../access/index.ts';
import { type CustomerId, type DateRange, type OrderId, type StaffId, type TaskId, type VisitId } from '../kernel/index.ts';
import { dateOut, fenOut, id, idOut, instantOut, page, paged, period, text } from '../kernel/wire.ts';
import { OUTCOMES, SATISFACTIONS, TASK_STATUSES } from '../tasks/index.ts';
import { HOME_FIGURES } from './home.ts';
import { CALLBACK_GROUPS, CALLBACK_KINDS, CALLBACK_MEASURES, CARE_GROUPS, CARE_ROW_MEASURES } from './model.ts';
import { isReportable, isWhole, LAST_YEAR_BY, PERIOD_KINDS, type PeriodKind } from './periods.ts';

const rangeOut = z.object({ from: dateOut, to: dateOut });
const rateOut = z.object({ part: z.number(), whole: z.number() });
const reportable = period.refine(isReportable, { error: 'period_too_wide', path: ['from'] });
/** A period, half-open, and how it was chosen: that decides what it is compared with. */
const chosen = { kind: z.enum(PERIOD_KINDS).default('custom'), period: reportable };
type Chosen = { readonly kind: PeriodKind; readonly period: DateRange };
const wholePeriod = ({ kind, period: range }: Chosen, context: z.RefinementCtx) => {
  if (!isWhole(kind, range))
    context.addIssue({ code: 'custom', path: ['period'], message: kind === 'week' ? 'whole_week' : 'whole_month' });
};
/** `lunar` finds last year by the distance from Spring Festival; a period far from it is compared by the solar calendar all the same. */
const lastYearBy = z.enum(LAST_YEAR_BY).default('solar');
/** `period` is what was counted: while the period asked for is not over, its days up to today. */
const compared = {
  period: rangeOut,
  previous: rangeOut,
  lastYear: rangeOut,
  /** How `lastYear` was found. */
  lastYearBy: z.enum(LAST_YEAR_BY),
  /** Last year by the distance from Spring Festival; null where the period is too far from it. */
  lunarLastYear: rangeOut.nullable(),
};

// Weekly service report

export const serviceInput = z.strictObject({ ...chosen, lastYearBy }).superRefine(wholePeriod);
export type ServiceInput = z.output<typeof serviceInput>;

const visitCounts = { visits: z.number(), previous: z.number(), lastYear: z.number() };
export const serviceReport = z.object({
  ...compared,
  categories: z.array(
    z.object({ code: z.string(), zh: z.string(), en: z.string(), effective: z.boolean(), receivedFen: fenOut, ...visitCounts }),
  ),
  effective: z.object(visitCounts),
  ineffective: z.object(visitCounts),
  total: z.object(visitCounts),
  receivedFen: fenOut,
  previousReceivedFen: fenOut,
  lastYearReceivedFen: fenOut,
  /** Visits of the twelve weeks (or months) up to the period, for the line. */
  trend: z.array(z.object({ from: dateOut, to: dateOut, effective: z.number(), ineffective: z.number() })),
});
/** `visits` by day of arrival, or the `money` received by its own day, refunds among it. */
export const SERVICE_ROWS = ['visits', 'money'] as const;
export const serviceRowsInput = z.strictObject({
  period,
  of: z.enum(SERVICE_ROWS).default('visits'),
  category: text(60).optional(),
  effective: z.boolean().optional(),
  ...page,
});
export const serviceRow = z.object({
  id: idOut<VisitId>(),
  orderNo: z.string(),
  arrivedOn: dateOut,
  /** Day of the money: settlement, else hand-back, else arrival. */
  moneyOn: dateOut,
  category: z.string(),
  state: z.enum(['open', 'settled']),
  customer: z.object({ id: idOut<CustomerId>(), name: z.string() }).nullable(),
  plate: z.string().nullable(),
  model: z.string().nullable(),
  advisor: z.string().nullable(),
  mileageKm: z.number().nullable(),
  receivedFen: fenOut.nullable(),
});
export type ServiceRow = z.infer<typeof serviceRow>;
export const serviceRows = paged(serviceRow);

// Deliveries of new cars

export const deliveryRowsInput = z.strictObject({ period, ...page });
export const deliveryRow = z.object({
  id: idOut<OrderId>(),
  deliveredOn: dateOut,
  orderedOn: dateOut,
  customer: z.object({ id: idOut<CustomerId>(), name: z.string() }),
  plate: z.string().nullable(),
  model: z.string().nullable(),
  consultant: z.string().nullable(),
});
export type DeliveryRow = z.infer<typeof deliveryRow>;
export const deliveryRows = paged(deliveryRow);

// Callback statistics

const codeNames = z.object({ zh: z.string(), en: z.string() });
const figures = z.object({
  due: z.number(),
  dueCalled: z.number(),
  carriedOver: z.number(),
  carriedOverCalled: z.number(),
  made: z.number(),
  reached: z.number(),
  notReached: z.number(),
  answered: z.number().meta({ description: 'reached and asked: what counts as a successful callback' }),
  notAsked: z.number(),
  satisfied: z.number(),
  other: z.number(),
  praised: z.number(),
  complained: z.number(),
  ahead: z.number(),
  completion: rateOut,
  success: rateOut,
  satisfaction: rateOut,
  moreThanDue: z.boolean(),
});
export const callbackInput = z
  .strictObject({
    ...chosen,
    lastYearBy,
    calls: z.enum(CALLBACK_KINDS).default('service'),
    groupBy: z.enum(CALLBACK_GROUPS).default('person'),
  })
  .superRefine(wholePeriod);
export const callbackReport = z.object({
  ...compared,
  total: figures,
  previousTotal: figures,
  lastYearTotal: figures,
  groups: z.array(
    z.object({
      key: z.string().nullable(),
      label: z.string().nullable(),
      names: codeNames.nullable().meta({ description: "the words of a code of the store's lists" }),
      figures,
    }),
  ),
  trend: z.array(z.object({ from: dateOut, to: dateOut, made: z.number(), reached: z.number(), satisfaction: rateOut })),
});
/** Only what nobody has taken yet. */
const unassigned = z.boolean().optional();
const callScope = {
  period,
  calls: z.enum(CALLBACK_KINDS).default('service'),
  personId: id<StaffId>().optional(),
  unassigned,
  ruleKey: text(60).optional(),
  of: z
    .strictObject({ by: z.enum(CALLBACK_GROUPS), key: text(60).nullable() })
    .optional()
    .meta({ description: 'one group of the report, by its key' }),
};
export const callbackRowsInput = z.strictObject({ ...callScope, measure: z.enum(CALLBACK_MEASURES), ...page });

// Care execution

const careCounts = z.object({
  planned: z.number(),
  doneInTime: z.number(),
  doneLate: z.number(),
  skipped: z.number(),
  missed: z.number(),
  overdue: z.number(),
  waiting: z.number(),
});
export type CareCounts = z.infer<typeof careCounts>;
export const careInput = z.strictObject({ ...chosen, lastYearBy, groupBy: z.enum(CARE_GROUPS).default('rule') }).superRefine(wholePeriod);
export const careReport = z.object({
  ...compared,
  total: careCounts,
  previousTotal: careCounts,
  lastYearTotal: careCounts,
  groups: z.array(z.object({ key: z.string().nullable(), label: z.string().nullable(), counts: careCounts })),
  /** Customers reached in the period, and how many of them came to the workshop within the days that follow (CARE-33). */
  returned: rateOut,
  returnedWithinDays: z.number(),
});
export const careRowsInput = z.strictObject({
  period,
  measure: z.enum(CARE_ROW_MEASURES),
  ruleKey: text(60).optional(),
  role: z.enum(ROLES).optional(),
  personId: id<StaffId>().optional(),
  unassigned,
  ...page,
});
/** Customers spoken to on a care task, and whoever of them came to the workshop after it. */
export const returnedRowsInput = z.strictObject({ period, measure: z.enum(['reached', 'returned']).default('returned'), ...page });
export const returnedRow = z.object({
  customer: z.object({ id: idOut<CustomerId>(), name: z.string() }),
  spokenOn: dateOut,
  /** The first visit within the days that count. */
  arrivedOn: dateOut.nullable(),
  orderNo: z.string().nullable(),
});
export type ReturnedRow = z.infer<typeof returnedRow>;
export const returnedRows = paged(returnedRow);
export const taskRow = z.object({
  id: idOut<TaskId>(),
  ruleKey: z.string().nullable(),
  customer: z.object({ id: idOut<CustomerId>(), name: z.string() }),
  plate: z.string().nullable(),
  dueAt: instantOut,
  status: z.enum(TASK_STATUSES),
  finishedAt: instantOut.nullable(),
  person: z.string().nullable(),
  role: z.enum(ROLES),
  outcome: z.enum(OUTCOMES).nullable(),
  note: z.string().nullable(),
  satisfaction: z.enum(SATISFACTIONS).nullable(),
  praised: z.boolean(),
  said: codeNames.nullable().meta({ description: 'what the customer spoke of' }),
  cause: codeNames.nullable().meta({ description: 'the analysed reason' }),
  unreached: codeNames.nullable().meta({ description: 'why nobody was reached' }),
});
export type TaskRow = z.infer<typeof taskRow>;
export const taskRows = paged(taskRow);

// Complaint rates

/** `against` is the period to compare with as the reader chose it; left out it is the one before (COMP-16). */
export const complaintInput = z.strictObject({ ...chosen, against: reportable.optional() }).superRefine(wholePeriod);

// Home

export const homeView = z.object({
  today: dateOut,
  figures: z.array(
    z.object({
      figure: z.enum(HOME_FIGURES),
      /** Whose records it counts: as far as the reader's right reaches. */
      whose: z.enum(['own', 'team', 'store']),
      value: z.number(),
      /** Where the figure is a share: of how many. */
      whole: z.number().nullable(),
      /** The same figure of the period before. */
      before: z.number().nullable(),
      beforeWhole: z.number().nullable(),
      period: rangeOut.nullable(),
    }),
  ),
});
export type HomeFigureView = z.infer<typeof homeView>['figures'][number];

// Excel

/** What is taken away: a report as its table shows it, or the rows behind a figure. */
const taken = z.discriminatedUnion('report', [
  z.strictObject({ report: z.literal('service'), ...chosen, lastYearBy }).superRefine(wholePeriod),
  z.strictObject({ report: z.literal('serviceRows'), ...serviceRowsInput.omit({ cursor: true, limit: true }).shape }),
  z.strictObject({ report: z.literal('deliveryRows'), period }),
  z.strictObject({ report: z.literal('callbacks'), ...callbackInput.shape }).superRefine(wholePeriod),
  z.strictObject({ report: z.literal('callbackRows'), ...callbackRowsInput.omit({ cursor: true, limit: true }).shape }),
  z.strictObject({ report: z.literal('care'), ...careInput.shape }).superRefine(wholePeriod),
  z.strictObject({ report: z.literal('careRows'), ...careRowsInput.omit({ cursor: true, limit: true }).shape }),
  z.strictObject({ report: z.literal('returnedRows'), ...returnedRowsInput.omit({ cursor: true, limit: true }).shape }),
  z.strictObject({ report: z.literal('complaints'), ...complaintInput.shape }).superRefine(wholePeriod),
]);
export type Taken = z.output<typeof taken>;
export const exportInput = z.strictObject({ of: taken, locale: z.enum(['zh', 'en']).default('zh') });
export type ExportInput = z.output<typeof exportInput>;

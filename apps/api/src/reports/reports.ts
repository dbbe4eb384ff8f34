import {
  callbackFigures,
  comparedBy,
  comparedWith,
  countedOf,
  FIGURE_NEEDS,
  homeFigures,
  periodOf,
  shiftPeriod,
  sumCallbacks,
  type CallbackGroup,
  type HomeFigure,
  type PeriodKind,
} from '@baoke/core/insight';
import type * as wire from '@baoke/core/insight/wire';
import { addDays, addMonths, dateIn, fen, startOfDay, startOfWeek, type DateRange } from '@baoke/core/kernel';
import { namesOf } from '@baoke/core/tasks';
import type { Db } from '@baoke/db';
import { countCustomers } from '@baoke/db/customers';
import { countPressingComplaints } from '@baoke/db/complaints';
import * as db from '@baoke/db/reports';
import { listCategories, type ServiceCategoryRow } from '@baoke/db/service';
import { listTeamLoad } from '@baoke/db/tasks';
import type { z } from 'zod';
import { ratesOfDays } from '../complaints/statistics.ts';
import type { StaffContext } from '../context.ts';
import { readCustomerPolicy } from '../customers/duplicates.ts';
import { boundsOf } from '../customers/list.ts';
import { dayOf, readTaskPolicy, taskReach } from '../tasks/use-cases.ts';

type Input<T extends z.ZodType> = z.output<T>;
const TREND_STEPS = 12;
/** A customer who comes within so many days of a call counts as brought by it; the source names none (CARE-33). */
export const RETURN_DAYS = 30;

/** The instants of a period in the store's time. */
export function spanOf({ zone }: StaffContext, period: DateRange): db.Span {
  return { from: period.from, to: period.to, start: startOfDay(zone, period.from), end: startOfDay(zone, period.to) };
}

function rangesOf({ zone, now }: StaffContext, { kind, period, lastYearBy }: wire.ServiceInput) {
  const today = dateIn(zone, now);
  return { period: countedOf(period, today), ...comparedBy(lastYearBy, kind, period, today) };
}

/** The days of a period that its figures count, and so its rows. */
export function countedSoFar({ zone, now }: StaffContext, period: DateRange): DateRange {
  return countedOf(period, dateIn(zone, now));
}

function steps(kind: PeriodKind, period: DateRange): DateRange[] {
  return Array.from({ length: TREND_STEPS }, (_, at) => shiftPeriod(kind, period, at + 1 - TREND_STEPS));
}

/** The weekly service report: visits by category, effective and ineffective, beside the period before and last year (RPT-03, SERV-05, W-02). */
export async function serviceReport(staff: StaffContext, input: wire.ServiceInput): Promise<Input<typeof wire.serviceReport>> {
  const compared = rangesOf(staff, input);
  const trend = steps(input.kind, input.period);
  const ranges = [compared.period, compared.previous, compared.lastYear, ...trend];
  const reach = staff.reach('insight', 'view');
  // Asked for in one turn, and so in one round trip.
  const [categories, counts] = await staff.readStore((tx) =>
    Promise.all([
      listCategories(tx, staff.storeId),
      reach === 'everyone' ? db.countServiceDays(tx, staff.storeId, ranges) : db.recountServiceDays(tx, staff.storeId, ranges, reach),
    ]),
  );
  const countOf = new Map(counts.map((count) => [count.code, count]));
  const visitsOf = (of: readonly ServiceCategoryRow[], at: number) =>
    of.reduce((sum, { code }) => sum + (countOf.get(code)?.visits[at] ?? 0), 0);
  const received = (at: number) => fen(counts.reduce((sum, c) => sum + (c.receivedFen[at] ?? 0), 0));
  const sums = (of: readonly ServiceCategoryRow[]) => ({ visits: visitsOf(of, 0), previous: visitsOf(of, 1), lastYear: visitsOf(of, 2) });
  const effective = categories.filter((c) => c.effective);
  const ineffective = categories.filter((c) => !c.effective);
  return {
    ...compared,
    categories: categories.map((c) => ({
      code: c.code,
      zh: c.nameZh,
      en: c.nameEn,
      effective: c.effective,
      ...sums([c]),
      receivedFen: fen(countOf.get(c.code)?.receivedFen[0] ?? 0),
    })),
    effective: sums(effective),
    ineffective: sums(ineffective),
    total: sums(categories),
    receivedFen: received(0),
    previousReceivedFen: received(1),
    lastYearReceivedFen: received(2),
    trend: trend.map((range, at) => ({ ...range, effective: visitsOf(effective, at + 3), ineffective: visitsOf(ineffective, at + 3) })),
  };
}

export const CALL_ANCHOR = { service: 'hand_back', sales: 'delivery' } as const;

/** The calls a report or its rows look at. */
export async function callScope(
  tx: Db,
  staff: StaffContext,
  {
    calls,
    ruleKey,
    personId,
    unassigned,
    of,
  }: { calls: 'service' | 'sales'; ruleKey?: string | undefined } & Pick<db.CallScope, 'personId' | 'unassigned' | 'of'>,
  period: DateRange,
): Promise<db.CallScope> {
  const rules = await db.listCallRules(tx, staff.storeId, CALL_ANCHOR[calls]);
  return {
    span: spanOf(staff, countedSoFar(staff, period)),
    ruleKeys: ruleKey === undefined ? rules : rules.filter((key) => key === ruleKey),
    reach: staff.reach('insight', 'view'),
    personId,
    unassigned,
    of,
  };
}

/** The lists that callbacks are sorted by, as the store has them. */
const LISTS = { said: 'saidAbout', cause: 'causes', unreached: 'unreached' } as const;

/** Callback statistics with the reading of W-03 (RPT-05, CARE-35, SURV-14), by person, rule, team, or what was heard (05). */
export async function callbackReport(
  staff: StaffContext,
  input: Input<typeof wire.callbackInput>,
): Promise<Input<typeof wire.callbackReport>> {
  const compared = rangesOf(staff, input);
  return staff.readStore(async (tx) => {
    const scope = await callScope(tx, staff, input, input.period);
    const count = (period: DateRange, by: CallbackGroup) =>
      db.countCallbacks(tx, staff.storeId, { ...scope, span: spanOf(staff, countedSoFar(staff, period)) }, by);
    const { groupBy } = input;
    const list =
      groupBy === 'said' || groupBy === 'cause' || groupBy === 'unreached' ? (await readTaskPolicy(tx, staff))[LISTS[groupBy]] : null;
    const groups = await count(compared.period, groupBy);
    // Whatever they are grouped by, the sum is the same.
    const total = async (period: DateRange) => callbackFigures(sumCallbacks((await count(period, 'rule')).map((g) => g.counts)));
    const trend = [];
    for (const range of steps(input.kind, input.period)) {
      const { made, reached, satisfaction } = await total(range);
      trend.push({ ...range, made, reached, satisfaction });
    }
    return {
      ...compared,
      total: callbackFigures(sumCallbacks(groups.map((g) => g.counts))),
      previousTotal: await total(compared.previous),
      lastYearTotal: await total(compared.lastYear),
      groups: groups.map(({ key, label, counts }) => ({ key, label, names: list && namesOf(list, key), figures: callbackFigures(counts) })),
      trend,
    };
  });
}

const NO_CARE: wire.CareCounts = { planned: 0, doneInTime: 0, doneLate: 0, skipped: 0, missed: 0, overdue: 0, waiting: 0 };

function sumCare(groups: readonly { counts: wire.CareCounts }[]): wire.CareCounts {
  return groups.reduce(
    (sum, { counts: c }) => ({
      planned: sum.planned + c.planned,
      doneInTime: sum.doneInTime + c.doneInTime,
      doneLate: sum.doneLate + c.doneLate,
      skipped: sum.skipped + c.skipped,
      missed: sum.missed + c.missed,
      overdue: sum.overdue + c.overdue,
      waiting: sum.waiting + c.waiting,
    }),
    NO_CARE,
  );
}

/** What became of the care tasks due in a period, by rule, role or person, and what the calls brought (07; CARE-33). */
export async function careReport(staff: StaffContext, input: Input<typeof wire.careInput>): Promise<Input<typeof wire.careReport>> {
  const compared = rangesOf(staff, input);
  const reach = staff.reach('insight', 'view');
  return staff.readStore(async (tx) => {
    const count = (period: DateRange) =>
      db.countCare(tx, staff.storeId, { span: spanOf(staff, period), now: staff.now, reach }, input.groupBy);
    const groups = await count(compared.period);
    return {
      ...compared,
      groups,
      total: sumCare(groups),
      previousTotal: sumCare(await count(compared.previous)),
      lastYearTotal: sumCare(await count(compared.lastYear)),
      returned: await db.countReturned(tx, staff.storeId, spanOf(staff, compared.period), RETURN_DAYS, reach),
      returnedWithinDays: RETURN_DAYS,
    };
  });
}

type FigureView = Input<typeof wire.homeView>['figures'][number];

/** The five figures that need this manager today, without those his rights hide (07). */
export async function homeView(staff: StaffContext): Promise<Input<typeof wire.homeView>> {
  const today = dateIn(staff.zone, staff.now);
  const figures: FigureView[] = [];
  const seen = homeFigures(staff.role).filter((figure) => staff.rights(FIGURE_NEEDS[figure], 'view') !== 'none');
  for (const figure of seen) {
    const reading = await readFigure(staff, figure);
    if (reading) figures.push({ figure, whose: whoseOf(staff, figure), ...reading });
  }
  return { today, figures };
}

type Reading = Omit<FigureView, 'figure' | 'whose'>;

function whoseOf(staff: StaffContext, figure: HomeFigure): FigureView['whose'] {
  const scope = staff.rights(FIGURE_NEEDS[figure], 'view');
  // Work is done store by store: a right over the group counts the store one is in.
  return scope === 'own' || scope === 'team' ? scope : 'store';
}

function plain(value: number, before: number | null = null, period: DateRange | null = null): Reading {
  return { value, before, whole: null, beforeWhole: null, period };
}

/** Null where his rights hide what the figure is a share of. */
async function readFigure(staff: StaffContext, figure: HomeFigure): Promise<Reading | null> {
  const today = dateIn(staff.zone, staff.now);
  const tomorrow = addDays(today, 1);
  const reach = staff.reach('insight', 'view');
  const lastDays: DateRange = { from: addDays(tomorrow, -7), to: tomorrow };
  const daysBefore: DateRange = { from: addDays(tomorrow, -14), to: addDays(tomorrow, -7) };
  const read = <T>(work: (tx: Db) => Promise<T>) => staff.readStore(work);
  const lapsedIn = (period: DateRange) =>
    read((tx) => db.countLapsed(tx, staff.storeId, { span: spanOf(staff, period), now: staff.now, reach }));
  switch (figure) {
    case 'visits_week': {
      // The week so far beside as many days of the week before.
      const soFar = { from: startOfWeek(today), to: tomorrow };
      const before = { from: addDays(soFar.from, -7), to: addDays(soFar.to, -7) };
      const counts = await read((tx) =>
        reach === 'everyone'
          ? db.countServiceDays(tx, staff.storeId, [soFar, before])
          : db.recountServiceDays(tx, staff.storeId, [soFar, before], reach),
      );
      const sum = (at: number) => counts.reduce((total, c) => total + (c.visits[at] ?? 0), 0);
      return plain(sum(0), sum(1), periodOf('week', today));
    }
    case 'overdue_calls':
      return plain(
        (await read((tx) => listTeamLoad(tx, staff.storeId, taskReach(staff, 'view'), dayOf(staff)))).reduce(
          (sum, { overdue }) => sum + overdue,
          0,
        ),
      );
    case 'missed_calls':
      return plain(await lapsedIn(lastDays), await lapsedIn(daysBefore), lastDays);
    case 'complaints_running_out':
    case 'complaints_to_confirm':
    case 'sales_complaints': {
      const counts = await read((tx) => countPressingComplaints(tx, staff.storeId, staff.reach('complaints', 'view'), staff.now));
      return plain(
        figure === 'complaints_running_out' ? counts.runningOut : figure === 'complaints_to_confirm' ? counts.toConfirm : counts.sales,
      );
    }
    case 'at_risk':
      return plain(
        await read(async (tx) => {
          const bounds = boundsOf(staff, await readCustomerPolicy(tx, staff.storeId));
          return (
            await countCustomers(tx, staff.storeId, { reach: staff.reach('customers', 'view'), me: staff.staffId, bounds }, ['at_risk'])
          ).at_risk;
        }),
      );
    case 'satisfaction':
    case 'sales_satisfaction': {
      const calls = figure === 'satisfaction' ? 'service' : 'sales';
      const of = async (period: DateRange) =>
        read(
          async (tx) =>
            callbackFigures(
              sumCallbacks(
                (await db.countCallbacks(tx, staff.storeId, await callScope(tx, staff, { calls }, period), 'rule')).map((g) => g.counts),
              ),
            ).satisfaction,
        );
      const [current, before] = [await of(lastDays), await of(daysBefore)];
      return { value: current.part, whole: current.whole, before: before.part, beforeWhole: before.whole, period: lastDays };
    }
    case 'deliveries_month': {
      const month = periodOf('month', today);
      const soFar = { from: month.from, to: tomorrow };
      const before = { from: addMonths(month.from, -1), to: addDays(addMonths(today, -1), 1) };
      return plain(
        await read((tx) => db.countDeliveries(tx, staff.storeId, soFar, reach)),
        await read((tx) => db.countDeliveries(tx, staff.storeId, before, reach)),
        soFar,
      );
    }
    case 'service_complaint_rate': {
      const period = { from: addMonths(today, -1), to: tomorrow };
      const { service } = await ratesOfDays(staff, period);
      const { service: before } = await ratesOfDays(staff, comparedWith('custom', period, today).previous);
      return (
        service &&
        before && {
          value: service.part,
          whole: service.whole,
          before: before.part,
          beforeWhole: before.whole,
          period,
        }
      );
    }
  }
}

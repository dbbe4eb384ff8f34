import { breaches, metAt, monthlyMean, monthsTouched, wholeMonthsIn, type ComplaintBranch, type PromiseName } from '@baoke/core/complaints';
import type { rateReport, STATISTIC_GROUPS, statistics } from '@baoke/core/complaints/wire';
import { comparedWith, countedOf } from '@baoke/core/insight';
import type { complaintInput } from '@baoke/core/insight/wire';
import { dateIn, fen, minutesBetween, rate, startOfDay, type DateRange, type Rate } from '@baoke/core/kernel';
import { countRegistered, countThroughput, listRegistered, type ComplaintListed } from '@baoke/db/complaints';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';

type GroupBy = (typeof STATISTIC_GROUPS)[number];

function keyOf({ complaint, department, accused }: ComplaintListed, by: GroupBy): { key: string | null; label: string | null } {
  switch (by) {
    case 'kind':
      return { key: complaint.kind, label: null };
    case 'source':
      return { key: complaint.source, label: null };
    case 'department':
      return { key: complaint.departmentId, label: department };
    case 'accused':
      return { key: accused?.id ?? null, label: accused?.name ?? null };
  }
}

function instantsOf({ zone }: StaffContext, { from, to }: DateRange) {
  return { from: startOfDay(zone, from), to: startOfDay(zone, to) };
}

function readPeriod(staff: StaffContext, period: DateRange): Promise<ComplaintListed[]> {
  const reach = staff.reach('complaints', 'view');
  return staff.readStore((tx) => listRegistered(tx, staff.storeId, instantsOf(staff, period), reach));
}

/** Complaints registered in a period by one of their properties, most first (COMP-09). */
export async function complaintStatistics(staff: StaffContext, period: DateRange, by: GroupBy): Promise<z.output<typeof statistics>> {
  const groups = new Map<string | null, z.output<typeof statistics>['groups'][number]>();
  for (const listed of await readPeriod(staff, period)) {
    const { complaint } = listed;
    const { key, label } = keyOf(listed, by);
    const broken = breaches(complaint, staff.now);
    const g = groups.get(key) ?? {
      key,
      label,
      total: 0,
      closed: 0,
      responseBreaches: 0,
      closeBreaches: 0,
      reopened: 0,
      goodwillFen: fen(0),
    };
    groups.set(key, {
      ...g,
      total: g.total + 1,
      closed: g.closed + (complaint.status === 'closed' ? 1 : 0),
      responseBreaches: g.responseBreaches + (broken.includes('response') ? 1 : 0),
      closeBreaches: g.closeBreaches + (broken.includes('close') ? 1 : 0),
      reopened: g.reopened + (complaint.reopenedCount > 0 ? 1 : 0),
      goodwillFen: fen(g.goodwillFen + complaint.goodwillFen),
    });
  }
  return { groups: [...groups.values()].toSorted((a, b) => b.total - a.total || String(a.key).localeCompare(String(b.key))) };
}

type Rates = { service: Rate | null; sales: Rate | null };

/** The rates of the days counted, with those of each month of them and the mean of its whole months. */
async function readRates(staff: StaffContext, period: DateRange) {
  const reach = staff.reach('complaints', 'view');
  const [registered, base] = await staff.readStore((tx) =>
    Promise.all([
      countRegistered(tx, staff.storeId, staff.zone, instantsOf(staff, period), reach),
      countThroughput(tx, staff.storeId, period.from, period.to),
    ]),
  );
  const rateOf = (branch: ComplaintBranch, month?: string) => {
    // Who reaches one department's complaints only has no rate of the other: a few of its complaints over all of its work would be no true number.
    if (reach !== 'everyone' && staff.departmentKind !== branch) return null;
    const within = (row: { readonly month: string }) => month === undefined || row.month === month;
    const counted = registered.filter((row) => row.branch === branch && within(row)).reduce((sum, { complaints }) => sum + complaints, 0);
    const work = base.filter(within).reduce((sum, { visits, deliveries }) => sum + (branch === 'service' ? visits : deliveries), 0);
    return rate(counted, work);
  };
  const ratesOf = (month?: string): Rates => ({ service: rateOf('service', month), sales: rateOf('sales', month) });
  const months = monthsTouched(period).map((first) => ({ month: first.slice(0, 7), ...ratesOf(first.slice(0, 7)) }));
  const { from, to } = wholeMonthsIn(period);
  const ofWholeMonths = months.filter(({ month }) => from.slice(0, 7) <= month && month < to.slice(0, 7));
  const mean = (branch: ComplaintBranch) => monthlyMean(ofWholeMonths.flatMap((month) => month[branch] ?? [])) ?? null;
  return { months, rates: { ...ratesOf(), period, mean: { service: mean('service'), sales: mean('sales') } } };
}

/** Complaints per visit and per delivery of any days, without what they are compared with (F-09, F-10). */
export async function ratesOfDays(staff: StaffContext, period: DateRange): Promise<Rates> {
  return (await readRates(staff, period)).rates;
}

/**
 * Complaints per visit and per delivery with their monthly mean, and how the promises were kept, beside the period chosen to compare with
 * (else like days of the period before) and the same days of last year: of a period not yet over the days up to today are counted (COMP-10,
 * COMP-16, F-09 to F-11; document 002; decisions on periods).
 */
export async function complaintRates(
  staff: StaffContext,
  { kind, period: chosen, against }: z.output<typeof complaintInput>,
): Promise<z.output<typeof rateReport>> {
  const today = dateIn(staff.zone, staff.now);
  const { previous, lastYear } = comparedWith(kind, chosen, today);
  const counted = countedOf(chosen, today);
  const { months, rates } = await readRates(staff, counted);
  const current = await readPeriod(staff, counted);
  const responses = current.flatMap(({ complaint: c }) =>
    c.status === 'registered' ? [] : [minutesBetween(c.registeredAt, c.respondedAt)],
  );
  const closings = current.flatMap(({ complaint: c }) => (c.status === 'closed' ? [minutesBetween(c.registeredAt, c.closedAt)] : []));
  // A promise still running is neither kept nor broken.
  const kept = <N extends PromiseName>(name: N) => {
    const met = current.filter((c) => metAt(c.complaint, name) !== null && !breaches(c.complaint, staff.now).includes(name)).length;
    const broken = current.filter((c) => breaches(c.complaint, staff.now).includes(name)).length;
    return { [`${name}Kept`]: met, [`${name}Decided`]: met + broken } as Record<`${N}Kept` | `${N}Decided`, number>;
  };
  return {
    ...rates,
    previous: (await readRates(staff, against ? countedOf(against, today) : previous)).rates,
    lastYear: (await readRates(staff, lastYear)).rates,
    months,
    sla: {
      total: current.length,
      open: current.filter((c) => c.complaint.status !== 'closed').length,
      ...kept('response'),
      ...kept('close'),
      averageResponseMinutes: average(responses),
      averageCloseMinutes: average(closings),
    },
  };
}

function average(minutes: readonly number[]): number | null {
  return minutes.length === 0 ? null : Math.round(minutes.reduce((a, b) => a + b, 0) / minutes.length);
}

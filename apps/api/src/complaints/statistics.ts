import { branchOf, breaches, metAt, type PromiseName } from '@baoke/core/complaints';
import type { rateInput, rateReport, STATISTIC_GROUPS, statistics } from '@baoke/core/complaints/wire';
import { comparedWith, countedOf } from '@baoke/core/insight';
import {
  addMonths,
  dateIn,
  fen,
  minutesBetween,
  rate,
  startOfDay,
  startOfMonth,
  type CivilDate,
  type DateRange,
  type Rate,
} from '@baoke/core/kernel';
import { countThroughput, listRegistered, type ComplaintListed } from '@baoke/db/complaints';
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

function readPeriod(staff: StaffContext, period: DateRange): Promise<ComplaintListed[]> {
  const reach = staff.reach('complaints', 'view');
  const instants = { from: startOfDay(staff.zone, period.from), to: startOfDay(staff.zone, period.to) };
  return staff.readStore((tx) => listRegistered(tx, staff.storeId, instants, reach));
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

/**
 * Complaints per visit and per delivery, and how the promises were kept, beside like days of the period before: of a period not yet over
 * the days up to today are counted (COMP-10, F-09, F-10; document 002; decisions on periods).
 */
export async function complaintRates(
  staff: StaffContext,
  { kind, period: chosen }: z.output<typeof rateInput>,
): Promise<z.output<typeof rateReport>> {
  const today = dateIn(staff.zone, staff.now);
  const period = countedOf(chosen, today);
  const { previous: before } = comparedWith(kind, chosen, today);
  const current = await readPeriod(staff, period);
  const throughput = (range: DateRange) => staff.readStore((tx) => countThroughput(tx, staff.storeId, range.from, range.to));
  // Who reaches one department's complaints only has no rate of the other: a few of its complaints over all of its work would be no true number.
  const whole = staff.reach('complaints', 'view') === 'everyone';
  const sees = { service: whole || staff.departmentKind === 'service', sales: whole || staff.departmentKind === 'sales' };
  const ratesOf = (rows: readonly ComplaintListed[], base: readonly { visits: number; deliveries: number }[]): Rates => ({
    service: sees.service
      ? rate(
          rows.filter((r) => branchOf(r.complaint.kind) === 'service').length,
          base.reduce((sum, b) => sum + b.visits, 0),
        )
      : null,
    sales: sees.sales
      ? rate(
          rows.filter((r) => branchOf(r.complaint.kind) === 'sales').length,
          base.reduce((sum, b) => sum + b.deliveries, 0),
        )
      : null,
  });
  const base = await throughput(period);
  const months: CivilDate[] = [];
  for (let month = startOfMonth(period.from); month < period.to; month = addMonths(month, 1)) months.push(month);
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
    ...ratesOf(current, base),
    previous: ratesOf(await readPeriod(staff, before), await throughput(before)),
    months: months.map((month) => {
      const name = month.slice(0, 7);
      return {
        month: name,
        ...ratesOf(
          current.filter((c) => dateIn(staff.zone, c.complaint.registeredAt).startsWith(name)),
          base.filter((b) => b.month === name),
        ),
      };
    }),
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

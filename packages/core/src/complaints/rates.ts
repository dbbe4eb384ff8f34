import { addMonths, shareOf, startOfMonth, type CivilDate, type DateRange, type Rate } from '../kernel/index.ts';
import type { ComplaintBranch } from './model.ts';

/** Decimals a complaint rate is read with: visits are many, deliveries few. Source: document 002 (0.278 %, 0.95 %). */
export const RATE_DECIMALS = { service: 3, sales: 2 } as const satisfies Record<ComplaintBranch, number>;

/** The mean of monthly rates as a share of 1 (0.00278 is 0.278 %), and of how many months it is. */
export type MonthlyMean = { readonly share: number; readonly months: number };

/**
 * The whole calendar months that lie in these days, from the first of the first to the end of the last; empty (`from` is `to`) where none does.
 * Of a month that is counted in part a few days would weigh as much in the mean as the whole of another.
 */
export function wholeMonthsIn({ from, to }: DateRange): DateRange {
  const month = startOfMonth(from);
  const first = month === from ? month : addMonths(month, 1);
  const end = startOfMonth(to);
  return { from: first, to: end > first ? end : first };
}

/** Every calendar month that these days touch, by its first day. */
export function monthsTouched({ from, to }: DateRange): CivilDate[] {
  const months: CivilDate[] = [];
  for (let month = startOfMonth(from); month < to; month = addMonths(month, 1)) months.push(month);
  return months;
}

/**
 * The average monthly complaint rate: the mean of the rates of single months, each weighing alike however much work it had. A month without
 * work has no rate and is left out; undefined where none has one. The rate of all months together (sum by sum) is another number wherever
 * months differ in size.
 *
 * Source: document 002 (平均每月), requirements F-11, COMP-10.
 */
export function monthlyMean(months: readonly Rate[]): MonthlyMean | undefined {
  const shares = months.flatMap((month) => shareOf(month) ?? []);
  return shares.length === 0 ? undefined : { share: shares.reduce((sum, share) => sum + share, 0) / shares.length, months: shares.length };
}

/**
 * By what share a rate changed against another, as a share of 1 of the one before: −0.4065 is 40.65 % less. Undefined after nothing, of which
 * no share can be said.
 *
 * Source: document 002 (0.278 % → 0.165 %: −40.65 %; 0.95 % → 0.21 %: −77.89 %), COMP-16.
 */
export function relativeChange(now: number, before: number): number | undefined {
  return before === 0 ? undefined : (now - before) / before;
}

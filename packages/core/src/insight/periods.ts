import { addDays, addMonths, dateOfDayNumber, dayNumber, isoWeek, previousRange, startOfMonth, startOfWeek, type CivilDate, type DateRange } from '../kernel/index.ts';

/** How a manager chooses a period: an ISO week, a calendar month, or any days (RPT-13). */
export const PERIOD_KINDS = ['week', 'month', 'custom'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** The whole week or month that holds the date. */
export function periodOf(kind: 'week' | 'month', date: CivilDate): DateRange {
  if (kind === 'week') {
    const from = startOfWeek(date);
    return { from, to: addDays(from, 7) };
  }
  const from = startOfMonth(date);
  return { from, to: addMonths(from, 1) };
}

/** Steps whole weeks or months, or a custom period by its own length; negative goes back. */
export function shiftPeriod(kind: PeriodKind, range: DateRange, steps: number): DateRange {
  if (kind === 'week') return { from: addDays(range.from, 7 * steps), to: addDays(range.to, 7 * steps) };
  if (kind === 'month') return periodOf('month', addMonths(range.from, steps));
  const days = dayNumber(range.to) - dayNumber(range.from);
  return { from: addDays(range.from, days * steps), to: addDays(range.to, days * steps) };
}

/** What a period is compared with: the one before it, and the same one a year earlier. */
export type Compared = { readonly previous: DateRange; readonly lastYear: DateRange };

/**
 * The periods beside a period. A week is compared with the week of the same number in the ISO year before (the 53rd, where that year
 * has none, with its 52nd), a month with the same month, custom days with the same days, month ends clamped.
 */
export function comparedWith(kind: PeriodKind, range: DateRange): Compared {
  if (kind === 'week') return { previous: shiftPeriod('week', range, -1), lastYear: sameWeekLastYear(range.from) };
  if (kind === 'month') return { previous: shiftPeriod('month', range, -1), lastYear: shiftPeriod('month', range, -12) };
  return { previous: previousRange(range), lastYear: { from: addMonths(range.from, -12), to: addDays(addMonths(addDays(range.to, -1), -12), 1) } };
}

function sameWeekLastYear(monday: CivilDate): DateRange {
  const [year = '', week = ''] = isoWeek(monday).split('-W');
  // The fourth of January lies in the first week of every ISO year.
  const first = dayNumber(startOfWeek(`${Number(year) - 1}-01-04` as CivilDate));
  const from = dateOfDayNumber(first + (Number(week) - 1) * 7);
  if (isoWeek(from).startsWith(`${Number(year) - 1}-`)) return { from, to: addDays(from, 7) };
  return { from: addDays(from, -7), to: from };
}

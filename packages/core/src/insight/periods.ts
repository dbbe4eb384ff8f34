import {
  addDays,
  addMonths,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  isoWeek,
  minDate,
  previousRange,
  startOfMonth,
  startOfWeek,
  type CivilDate,
  type DateRange,
} from '../kernel/index.ts';

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

/** How the days of last year are found: by the calendar, or by their distance from Spring Festival. */
export const LAST_YEAR_BY = ['solar', 'lunar'] as const;
export type LastYearBy = (typeof LAST_YEAR_BY)[number];

/** What a period is compared with: the one before it, and the same one a year earlier. */
export type Compared = { readonly previous: DateRange; readonly lastYear: DateRange };

/** Whether the period is what its kind says: one whole ISO week, one whole calendar month, any days. */
export function isWhole(kind: PeriodKind, range: DateRange): boolean {
  if (kind === 'custom') return true;
  const whole = periodOf(kind, range.from);
  return whole.from === range.from && whole.to === range.to;
}

/** The days of a period that are counted: up to and with today while it is not over, all of them otherwise. */
export function countedOf(range: DateRange, today: CivilDate): DateRange {
  return range.from <= today && today < range.to ? { from: range.from, to: addDays(today, 1) } : range;
}

/**
 * The periods beside a period. A week is compared with the week of the same number in the ISO year before (the 53rd, where that year
 * has none, with its 52nd), a month with the same month, custom days with as many days from the same day on, or with the same months where
 * they are whole months: a February has its leap day or has none. While a period is not over, it is compared with as many days at the
 * beginning of each: Monday to today with Monday to the same weekday.
 */
export function comparedWith(kind: PeriodKind, range: DateRange, today: CivilDate): Compared {
  const days = daysBetween(range.from, countedOf(range, today).to);
  const unfinished = days < daysBetween(range.from, range.to);
  const begun = (whole: DateRange): DateRange =>
    unfinished ? { from: whole.from, to: minDate(addDays(whole.from, days), whole.to) } : whole;
  if (kind === 'week') return { previous: begun(shiftPeriod('week', range, -1)), lastYear: begun(sameWeekLastYear(range.from)) };
  if (kind === 'month') return { previous: begun(shiftPeriod('month', range, -1)), lastYear: begun(shiftPeriod('month', range, -12)) };
  const yearBefore = addMonths(range.from, -12);
  const wholeMonths = [range.from, range.to].every((date) => date === startOfMonth(date));
  const endBefore = wholeMonths ? addMonths(range.to, -12) : addDays(yearBefore, daysBetween(range.from, range.to));
  return { previous: begun(previousRange(range)), lastYear: begun({ from: yearBefore, to: endBefore }) };
}

function sameWeekLastYear(monday: CivilDate): DateRange {
  const [year = '', week = ''] = isoWeek(monday).split('-W');
  // The fourth of January lies in the first week of every ISO year.
  const first = dayNumber(startOfWeek(`${Number(year) - 1}-01-04` as CivilDate));
  const from = dateOfDayNumber(first + (Number(week) - 1) * 7);
  if (isoWeek(from).startsWith(`${Number(year) - 1}-`)) return { from, to: addDays(from, 7) };
  return { from: addDays(from, -7), to: from };
}

/** Whether a day lies in the range: a report whose range holds today compares a day still running with whole ones. */
export function includesDay({ from, to }: DateRange, day: CivilDate): boolean {
  return from <= day && day < to;
}

/** A report looks back over a dozen such periods and a year: all of it has to be days the calendar knows. */
const MOST_DAYS = 1_100;
const FIRST_DAY = '1990-01-01';

/** Whether a report can be made of this period: neither too long nor too long ago. */
export function isReportable({ from, to }: DateRange): boolean {
  return from >= FIRST_DAY && daysBetween(from, to) <= MOST_DAYS;
}

import { addDays, daysBetween, lunarNewYear, type CivilDate, type DateRange } from '../kernel/index.ts';
import { comparedWith, countedOf, type Compared, type LastYearBy, type PeriodKind } from './periods.ts';

// Apart from the other periods: the lunar calendar brings a library that the screens leave to the server.

/** As far as New Year's Day lies from the latest Spring Festival there is, 20 February: January, February and most of March can be aligned. */
const FESTIVAL_DAYS = 50;

/**
 * The days of last year that lie as far from Spring Festival as these do, which moves by up to 20 days from one year to the next. Null
 * for a period that is not wholly within fifty days of the festival: there it weighs less than the weather does.
 *
 * Days before and after the festival are counted, and no lunar dates compared: the last month of a lunar year has 29 days or 30, and
 * what customers do goes by the days left to the eve. So a period keeps its length, and a day after the festival its lunar date.
 *
 * Source: 11 row 53.
 */
export function lunarLastYear({ from, to }: DateRange): DateRange | null {
  const begins = Number(from.slice(0, 4));
  for (const year of [begins, begins + 1]) {
    const festival = lunarNewYear(year);
    if (daysBetween(from, festival) > FESTIVAL_DAYS || daysBetween(festival, addDays(to, -1)) > FESTIVAL_DAYS) continue;
    const shift = daysBetween(festival, lunarNewYear(year - 1));
    return { from: addDays(from, shift), to: addDays(to, shift) };
  }
  return null;
}

/** What a period is compared with, and by which calendar last year was found. */
export type ComparedBy = Compared & {
  readonly lastYearBy: LastYearBy;
  /** The days of last year by the distance from Spring Festival; null where that is no choice. */
  readonly lunarLastYear: DateRange | null;
};

/** The periods beside a period, last year by the calendar asked for; by the solar one where the period is too far from Spring Festival. */
export function comparedBy(lastYearBy: LastYearBy, kind: PeriodKind, range: DateRange, today: CivilDate): ComparedBy {
  const compared = comparedWith(kind, range, today);
  const whole = lunarLastYear(range);
  if (whole === null) return { ...compared, lastYearBy: 'solar', lunarLastYear: null };
  const days = daysBetween(range.from, countedOf(range, today).to);
  const lunar = { from: whole.from, to: addDays(whole.from, days) };
  return { ...compared, ...(lastYearBy === 'lunar' ? { lastYear: lunar } : {}), lastYearBy, lunarLastYear: lunar };
}

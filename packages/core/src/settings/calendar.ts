import {
  addDays,
  hasOfficialDays,
  isoWeekday,
  officialDays,
  type BusinessCalendar,
  type CalendarException,
  type CivilDate,
  type WallTime,
} from '../kernel/index.ts';
import type { SettingFault } from './faults.ts';

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof WEEKDAYS)[number];
/** A week opens at least this long, and the doors are never shut for longer than this, so that a promise in opening hours always ends. */
export const LEAST_WEEK_MINUTES = 8 * 60;
export const LONGEST_CLOSURE_DAYS = 60;

/**
 * What is wrong with a calendar as a whole: hours that end before they begin, a day entered twice, a store that hardly ever opens.
 *
 * Source: decisions, "Business hours are a calendar per store"; G-13.
 */
export function faultsOfCalendar(calendar: BusinessCalendar): SettingFault[] {
  const { week, exceptions } = calendar;
  const faults: SettingFault[] = [];
  let open = 0;
  for (const weekday of WEEKDAYS) {
    const hours = week[weekday];
    if (hours === null) continue;
    if (hours.to <= hours.from) faults.push({ path: ['week', String(weekday), 'to'], code: 'settings.closes_before_opening' });
    open += Math.max(0, minutesOf(hours.to) - minutesOf(hours.from));
  }
  if (open < LEAST_WEEK_MINUTES) faults.push({ path: ['week'], code: 'settings.opens_too_little' });

  const days = new Map<CivilDate, CalendarException>();
  exceptions.forEach((exception, index) => {
    if (days.has(exception.date)) faults.push({ path: ['exceptions', index, 'date'], code: 'settings.day_twice' });
    days.set(exception.date, exception);
  });
  const isClosed = (date: CivilDate) => {
    const exception = days.get(date);
    return exception ? !exception.open : week[weekdayOf(date)] === null;
  };
  // A week that never opens is told above.
  if (open > 0 && exceptions.some(({ date }) => closureAround(date, isClosed) > LONGEST_CLOSURE_DAYS))
    faults.push({ path: ['exceptions'], code: 'settings.closed_too_long' });
  return faults;
}

/** Days in a row that are closed around this one; counts no further than one day too many. */
function closureAround(date: CivilDate, isClosed: (date: CivilDate) => boolean): number {
  if (!isClosed(date)) return 0;
  let days = 1;
  for (const step of [-1, 1])
    for (let next = addDays(date, step); days <= LONGEST_CLOSURE_DAYS && isClosed(next); next = addDays(next, step)) days += 1;
  return days;
}

function minutesOf(time: WallTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function weekdayOf(date: CivilDate): Weekday {
  // isoWeekday gives 1 to 7 by construction.
  return isoWeekday(date) as Weekday;
}

/**
 * The official holidays and make-up days of a year that this week does not keep by itself: holidays on days it opens, make-up working days on
 * days it is closed. Empty for a year that is not published yet: the store enters it by hand.
 */
export function publicHolidays(year: number, week: BusinessCalendar['week']): CalendarException[] {
  return officialDays(year)
    .filter(({ date, open }) => (week[weekdayOf(date)] !== null) !== open)
    .map(({ date, open, name }) => ({ date, open, ...(name ? { name } : {}) }));
}

/** The State Council sets the holidays of a year in the November before. */
const PUBLISHED_BY_MONTH = 12;

/**
 * The years, this one and in December the next, of whose public holidays neither this version nor the store's calendar knows anything: until
 * somebody enters them, opening hours run on through them and working days are right but for bridges and make-up days.
 */
export function yearsWithoutHolidays({ exceptions }: BusinessCalendar, today: CivilDate): number[] {
  const year = Number(today.slice(0, 4));
  const near = Number(today.slice(5, 7)) >= PUBLISHED_BY_MONTH ? [year, year + 1] : [year];
  return near.filter((one) => !hasOfficialDays(one) && !exceptions.some(({ date }) => date.startsWith(`${one}-`)));
}

/** The calendar with these days entered; what it already says of a day stays. */
export function withDays({ week, exceptions }: BusinessCalendar, days: readonly CalendarException[]): BusinessCalendar {
  const known = new Set(exceptions.map(({ date }) => date));
  return { week, exceptions: inOrder([...exceptions, ...days.filter(({ date }) => !known.has(date))]) };
}

export function inOrder(days: readonly CalendarException[]): CalendarException[] {
  return days.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

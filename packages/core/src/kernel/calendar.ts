import chineseDays from 'chinese-days';
import { LunarDay, LunarYear, SolarDay, SolarTerm } from 'tyme4ts';
import {
  addDays,
  isoWeekday,
  millisecondsOf,
  instantOfMilliseconds,
  type CivilDate,
  type Instant,
  type TimeZone,
  type WallTime,
} from './time.ts';
import { dateIn, instantAt, wallTimeIn } from './zone.ts';

/** What a store says of one date: open although a holiday, or closed although a working day. */
export type CalendarException = { readonly date: CivilDate; readonly open: boolean; readonly name?: string };

/**
 * The store's working calendar: hours per ISO weekday (null = closed) and exceptions. Where the store says nothing of a
 * date its week decides: a dealership opens on many official holidays, so `officialDays` are taken over by hand.
 */
export type BusinessCalendar = {
  readonly week: Readonly<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, { readonly from: WallTime; readonly to: WallTime } | null>>;
  readonly exceptions: readonly CalendarException[];
};

const NINE_TO_SIX = { from: '09:00' as WallTime, to: '18:00' as WallTime };
export const DEFAULT_BUSINESS_CALENDAR: BusinessCalendar = {
  week: { 1: NINE_TO_SIX, 2: NINE_TO_SIX, 3: NINE_TO_SIX, 4: NINE_TO_SIX, 5: NINE_TO_SIX, 6: NINE_TO_SIX, 7: NINE_TO_SIX },
  exceptions: [],
};

/**
 * Whether the date is an official working day in China (weekend and holidays off, make-up days on). In a year that is not published yet
 * the holidays that the law itself names are off and no weekend is made up for: right but for the bridges and their make-up days.
 */
export function isOfficialWorkingDay(date: CivilDate): boolean {
  const year = Number(date.slice(0, 4));
  return chineseDays.getDayDetail(date).work && (hasOfficialDays(year) || !statutoryHolidays(year).has(date));
}

/** Whether the store works on a date. */
export type WorkingDays = (date: CivilDate) => boolean;

// A plan asks for the same days again and again, and each costs the calendar some twenty microseconds.
const official = new Map<CivilDate, boolean>();

/** The official working days, save where the store says of a date that it is open or closed. */
export function workingDays(exceptions: readonly CalendarException[]): WorkingDays {
  const own = new Map(exceptions.map(({ date, open }) => [date, open]));
  return (date) => {
    let works = own.get(date) ?? official.get(date);
    if (works === undefined) official.set(date, (works = isOfficialWorkingDay(date)));
    return works;
  };
}

const published = new Map<number, boolean>();

/** Whether this version knows the days that the State Council has set for the year; it does so in the November before. */
export function hasOfficialDays(year: number): boolean {
  let known = published.get(year);
  if (known === undefined) {
    known = officialDays(year).length > 0;
    published.set(year, known);
  }
  return known;
}

const statutory = new Map<number, ReadonlySet<CivilDate>>();
const QINGMING = 7;

/** The thirteen days that are off by law, whatever is published. Source: 全国年节及纪念日放假办法 as of 2025. */
export function statutoryHolidays(year: number): ReadonlySet<CivilDate> {
  let days = statutory.get(year);
  if (days === undefined) {
    const newYear = lunarNewYear(year);
    const term = SolarTerm.fromIndex(year, QINGMING).getJulianDay().getSolarDay();
    days = new Set<CivilDate>([
      ...['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'].map((day) => `${year}-${day}` as CivilDate),
      ...[-1, 0, 1, 2].map((day) => addDays(newYear, day)),
      dateOf(term),
      solarOfLunar(year, { month: 5, day: 5, leap: false }),
      solarOfLunar(year, { month: 8, day: 15, leap: false }),
    ]);
    statutory.set(year, days);
  }
  return days;
}

function dateOf(solar: SolarDay): CivilDate {
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${solar.getYear()}-${pad(solar.getMonth())}-${pad(solar.getDay())}` as CivilDate;
}

/**
 * The official holidays (closed) and make-up working days (open) of a year with their Chinese names, earliest first. Empty when the year is
 * not published yet. Weekends that belong to no holiday are not among them.
 */
export function officialDays(year: number): CalendarException[] {
  const days: CalendarException[] = [];
  for (let date = `${year}-01-01` as CivilDate; date.startsWith(`${year}-`); date = addDays(date, 1)) {
    const { work, name } = chineseDays.getDayDetail(date);
    // An official day is named in both languages, `National Day,国庆节,3`; any other by its weekday.
    const [, chinese] = name.split(',');
    if (chinese !== undefined) days.push({ date, open: work, name: chinese });
  }
  return days;
}

function openingHours(calendar: BusinessCalendar, date: CivilDate): { from: WallTime; to: WallTime } | null {
  const exception = calendar.exceptions.find((e) => e.date === date);
  if (exception && !exception.open) return null;
  // isoWeekday gives 1 to 7 by construction.
  const hours = calendar.week[isoWeekday(date) as 1 | 2 | 3 | 4 | 5 | 6 | 7];
  if (exception?.open) return hours ?? NINE_TO_SIX;
  return hours;
}

const LONGEST_CLOSURE_DAYS = 400;

function openingOf(calendar: BusinessCalendar, zone: TimeZone, date: CivilDate): { opens: number; closes: number } | null {
  const hours = openingHours(calendar, date);
  return hours && { opens: millisecondsOf(instantAt(zone, date, hours.from)), closes: millisecondsOf(instantAt(zone, date, hours.to)) };
}

/**
 * Adds minutes that count only while the store is open; negative minutes go back. Throws when the calendar has no
 * opening in 400 days, which would make the promise endless.
 */
export function addBusinessMinutes(calendar: BusinessCalendar, zone: TimeZone, from: Instant, minutes: number): Instant {
  const direction = minutes < 0 ? -1 : 1;
  let left = Math.abs(minutes) * 60_000;
  let cursor = millisecondsOf(from);
  let date = dateIn(zone, from);
  for (let days = 0; days < LONGEST_CLOSURE_DAYS; days += 1, date = addDays(date, direction)) {
    const opening = openingOf(calendar, zone, date);
    if (!opening) continue;
    const start = direction > 0 ? Math.max(cursor, opening.opens) : Math.min(cursor, opening.closes);
    const available = direction > 0 ? opening.closes - start : start - opening.opens;
    if (available <= 0) continue;
    if (left <= available) return instantOfMilliseconds(start + direction * left);
    left -= available;
    cursor = direction > 0 ? opening.closes : opening.opens;
  }
  throw new RangeError('the business calendar has no opening hours in 400 days');
}

/** Minutes between two instants during which the store is open, with fractions; 0 when `to` is not later. */
export function businessMinutesBetween(calendar: BusinessCalendar, zone: TimeZone, from: Instant, to: Instant): number {
  let total = 0;
  const end = millisecondsOf(to);
  const begin = millisecondsOf(from);
  for (let date = dateIn(zone, from); date <= dateIn(zone, to); date = addDays(date, 1)) {
    const opening = openingOf(calendar, zone, date);
    if (opening) total += Math.max(0, Math.min(end, opening.closes) - Math.max(begin, opening.opens));
  }
  return total / 60_000;
}

/** Whether the store opens on this date. */
export function isOpenOn(calendar: BusinessCalendar, date: CivilDate): boolean {
  return openingHours(calendar, date) !== null;
}

/** Whether the store is open at this instant. */
export function isOpenAt(calendar: BusinessCalendar, zone: TimeZone, at: Instant): boolean {
  const hours = openingHours(calendar, dateIn(zone, at));
  const time = wallTimeIn(zone, at);
  return hours !== null && hours.from <= time && time < hours.to;
}

/** The last `count` official working days on or before the date, earliest first. */
export function lastWorkingDays(upTo: CivilDate, count: number): CivilDate[] {
  const days: CivilDate[] = [];
  for (let date = upTo; days.length < count; date = addDays(date, -1)) if (isOfficialWorkingDay(date)) days.unshift(date);
  return days;
}

/** A date of the lunar calendar without a year; `leap` marks the second month of the same number in a leap year. */
export type LunarMonthDay = { readonly month: number; readonly day: number; readonly leap: boolean };

/** The lunar month and day of a solar date. */
export function lunarOf(date: CivilDate): LunarMonthDay & { readonly year: number } {
  const lunar = SolarDay.fromYmd(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))).getLunarDay();
  const month = lunar.getLunarMonth();
  return { year: month.getYear(), month: month.getMonth(), day: lunar.getDay(), leap: month.isLeap() };
}

/**
 * The solar date on which a lunar month and day falls in a lunar year.
 *
 * A leap month that the year does not have falls in the ordinary month of the same number; day 30 of a month of 29
 * days is kept on day 29.
 */
export function solarOfLunar(lunarYear: number, { month, day, leap }: LunarMonthDay): CivilDate {
  const hasLeap = LunarYear.fromYear(lunarYear).getLeapMonth() === month;
  const signed = leap && hasLeap ? -month : month;
  let solar: SolarDay;
  try {
    solar = LunarDay.fromYmd(lunarYear, signed, day).getSolarDay();
  } catch (error) {
    if (day !== 30) throw error;
    solar = LunarDay.fromYmd(lunarYear, signed, 29).getSolarDay();
  }
  return dateOf(solar);
}

// The first day of a lunar year costs a third of a millisecond of astronomy, and customers were born in a hundred of them.
const newYears = new Map<number, CivilDate>();

/** Spring Festival: the first day of the lunar year that begins in the solar year. */
export function lunarNewYear(year: number): CivilDate {
  let day = newYears.get(year);
  if (day === undefined) {
    day = solarOfLunar(year, { month: 1, day: 1, leap: false });
    newYears.set(year, day);
  }
  return day;
}

/** The zodiac animal (0 = rat … 11 = pig) of a birth date; it follows the lunar year (CUST-08). */
export function zodiacIndex(birthDate: CivilDate): number {
  const year = Number(birthDate.slice(0, 4));
  const lunarYear = birthDate < lunarNewYear(year) ? year - 1 : year;
  return (((lunarYear - 4) % 12) + 12) % 12;
}

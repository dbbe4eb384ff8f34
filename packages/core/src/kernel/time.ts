import type { Branded } from './ids.ts';

/** A point in time as a UTC ISO string with milliseconds, `2026-05-01T01:10:00.000Z`; text order is time order. */
export type Instant = Branded<string, 'Instant'>;
/** A calendar date without a place, `2026-05-01`; it gets its meaning from the store's time zone. */
export type CivilDate = Branded<string, 'CivilDate'>;
/** An IANA time zone such as `Asia/Shanghai`. */
export type TimeZone = Branded<string, 'TimeZone'>;
/** `HH:MM` on the wall clock of the store. */
export type WallTime = Branded<string, 'WallTime'>;

const CIVIL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const MILLISECONDS_PER_DAY = 86_400_000;

export function instantOfMilliseconds(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00Z. */
export function millisecondsOf(at: Instant): number {
  return Date.parse(at);
}

/**
 * Takes a strict `YYYY-MM-DD` of a day that exists, years 1850 to 2200. Words a database would take for a date
 * ("tomorrow", "infinity") and days that do not exist (31 February) throw.
 */
export function civilDate(text: string): CivilDate {
  if (!isCivilDate(text)) throw new RangeError(`not a calendar date (YYYY-MM-DD): ${text}`);
  return text;
}

export function isCivilDate(text: string): text is CivilDate {
  if (!CIVIL_DATE.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (year < 1850 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (isLeapYear ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

/** Days since 1970-01-01, for loops that count many dates. */
export function dayNumber(date: CivilDate): number {
  return Date.parse(`${date}T00:00:00Z`) / MILLISECONDS_PER_DAY;
}

export function dateOfDayNumber(day: number): CivilDate {
  return new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10) as CivilDate;
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Adds calendar months and clamps to the month's end: 31 January + 1 month is 28 or 29 February. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7)) - 1 + months;
  const day = Number(date.slice(8, 10));
  const targetYear = year + Math.floor(month / 12);
  const targetMonth = ((month % 12) + 12) % 12;
  const last = new Date(Date.UTC(targetYear, targetMonth + 1, 0)).getUTCDate();
  return new Date(Date.UTC(targetYear, targetMonth, Math.min(day, last))).toISOString().slice(0, 10) as CivilDate;
}

/** Monday is 1, Sunday is 7. */
export function isoWeekday(date: CivilDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** The Monday of the date's ISO week. */
export function startOfWeek(date: CivilDate): CivilDate {
  return addDays(date, 1 - isoWeekday(date));
}

/** The ISO week as `2026-W05`; the first days of January may belong to the year before. */
export function isoWeek(date: CivilDate): string {
  const thursday = addDays(startOfWeek(date), 3);
  const year = thursday.slice(0, 4);
  const week = Math.floor(daysBetween(`${year}-01-01` as CivilDate, thursday) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

export function startOfMonth(date: CivilDate): CivilDate {
  return `${date.slice(0, 7)}-01` as CivilDate;
}

/** The first and the last day that something in a store's files may carry: cars sold, papers that end. Birthdays are older. */
export const FIRST_DAY = '1990-01-01' as CivilDate;
export const LAST_DAY = '2099-12-31' as CivilDate;
/** How far ahead anything is arranged with a customer, in months: a slip in the year would lie in nobody's day for ever. */
const ARRANGED_MONTHS = 24;

/** Whether a day or moment lies further ahead of `now` than anything is arranged for, two years. */
export function isTooFarAhead<T extends CivilDate | Instant>(when: T, now: T): boolean {
  // Both begin with their day.
  return when.slice(0, 10) > addMonths(now.slice(0, 10) as CivilDate, ARRANGED_MONTHS);
}

export function maxDate(a: CivilDate, b: CivilDate): CivilDate {
  return a > b ? a : b;
}

export function minDate(a: CivilDate, b: CivilDate): CivilDate {
  return a < b ? a : b;
}

export function addMinutes(at: Instant, minutes: number): Instant {
  return instantOfMilliseconds(millisecondsOf(at) + minutes * 60_000);
}

export function addHours(at: Instant, hours: number): Instant {
  return addMinutes(at, hours * 60);
}

/** Minutes from `from` to `to`, with fractions; negative when `to` is earlier. */
export function minutesBetween(from: Instant, to: Instant): number {
  return (millisecondsOf(to) - millisecondsOf(from)) / 60_000;
}

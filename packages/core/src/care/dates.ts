import {
  addDays,
  addHours,
  addMonths,
  dateIn,
  dayNumber,
  endOfDay,
  isOfficialWorkingDay,
  solarOfLunar,
  workingDays,
  type CivilDate,
  type Instant,
  type LunarMonthDay,
  type WorkingDays,
} from '../kernel/index.ts';
import type { CarePolicy, Festival, Offset } from './model.ts';

// A plan of a store shifts the same few thousand dates by the same few distances for every customer: remembered, a shift costs
// a look-up instead of a calendar. The tables are as large as the dates in use times the rules' distances.
type Shift = (date: CivilDate, distance: number) => CivilDate;
function remembered(shift: Shift): Shift {
  const tables = new Map<number, Map<CivilDate, CivilDate>>();
  return (date, distance) => {
    let table = tables.get(distance);
    if (table === undefined) tables.set(distance, (table = new Map()));
    let shifted = table.get(date);
    if (shifted === undefined) table.set(date, (shifted = shift(date, distance)));
    return shifted;
  };
}
export const plusDays = remembered(addDays);
export const plusMonths = remembered(addMonths);
const dayNumbers = new Map<CivilDate, number>();
/** Days since 1970-01-01, remembered. */
export function dayOf(date: CivilDate): number {
  let day = dayNumbers.get(date);
  if (day === undefined) dayNumbers.set(date, (day = dayNumber(date)));
  return day;
}

/**
 * The date at an offset from a date. Hours count as whole days begun: 24 h after a date is the next day. Working days are the
 * store's: days it is closed are none, a Sunday it works is one.
 *
 * Source: requirements W-12; 13 (an anchor that has only a date: "within 24 h" = end of the next day).
 */
function dateAtOffset(on: CivilDate, { amount, unit }: Offset, plusWorkingDays: Shift): CivilDate {
  switch (unit) {
    case 'hour':
      return plusDays(on, Math.ceil(amount / 24));
    case 'day':
      return plusDays(on, amount);
    case 'month':
      return plusMonths(on, amount);
    case 'working_day':
      return plusWorkingDays(on, amount);
  }
}

function stepping(isWorkingDay: WorkingDays): Shift {
  return (on, amount) => {
    let date = on;
    const step = amount < 0 ? -1 : 1;
    for (let left = Math.abs(amount); left > 0;) {
      date = plusDays(date, step);
      if (isWorkingDay(date)) left -= 1;
    }
    return date;
  };
}

/** The due time at an offset: to the minute when the event's time is known and the rule counts hours, else the end of the day. */
export function dueAtOffset(clock: StoreClock, on: CivilDate, at: Instant | null, offset: Offset): Instant {
  if (offset.unit === 'hour' && at !== null) return addHours(at, offset.amount);
  return clock.endOf(clock.at(on, offset));
}

/** Days as a store counts them, remembered: a plan of a store asks for the same few hundred again and again. */
export type StoreClock = {
  /** The date at an offset from a date. */
  at(on: CivilDate, offset: Offset): CivilDate;
  /** The dates whose date at this offset can lie between `from` and `to`: some too many, never too few. */
  before(offset: Offset, from: CivilDate, to: CivilDate): { from: CivilDate; to: CivilDate };
  /** By how many days `offsetReachDays` can be off: working days lie between one and nine days apart, and one more for each that the store is closed. */
  doubt(offset: Offset): number;
  /** The last millisecond of the date. */
  endOf(date: CivilDate): Instant;
  /** The date at this instant. */
  dateOf(at: Instant): CivilDate;
};
export function storeClock({ zone, calendarDays }: Pick<CarePolicy, 'zone' | 'calendarDays'>): StoreClock {
  const plusWorkingDays = remembered(stepping(workingDays(calendarDays)));
  const closed = calendarDays.filter(({ date, open }) => !open && isOfficialWorkingDay(date)).length;
  const ends = new Map<CivilDate, Instant>();
  const dates = new Map<Instant, CivilDate>();
  return {
    at: (on, offset) => dateAtOffset(on, offset, plusWorkingDays),
    before: (offset, from, to) => anchorRange(offset, from, to, plusWorkingDays),
    doubt: ({ amount, unit }) => (unit === 'working_day' ? 8 * Math.abs(amount) + closed : 0),
    endOf(date) {
      let end = ends.get(date);
      if (end === undefined) {
        ends.set(date, (end = endOfDay(zone, date)));
        dates.set(end, date);
      }
      return end;
    },
    dateOf(at) {
      let date = dates.get(at);
      if (date === undefined) dates.set(at, (date = dateIn(zone, at)));
      return date;
    },
  };
}

/** The day of a solar year; 29 February is kept on the 28th in common years. */
export function solarDayIn(year: number, month: number, day: number): CivilDate {
  return plusMonths(`2000-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as CivilDate, (year - 2000) * 12);
}

// First days of lunar months: asking the calendar costs a third of a millisecond, and a store has thousands of birthdays.
const firstDays = new Map<number, CivilDate>();

/** The solar date of a lunar day; the rules for leap months and short months are the kernel's. */
export function lunarDay(lunarYear: number, { month, day, leap }: LunarMonthDay): CivilDate {
  // Whether a month has a 30th, only the calendar knows.
  if (day === 30) return solarOfLunar(lunarYear, { month, day, leap });
  const key = (lunarYear * 13 + month) * 2 + (leap ? 1 : 0);
  let first = firstDays.get(key);
  if (first === undefined) firstDays.set(key, (first = solarOfLunar(lunarYear, { month, day: 1, leap })));
  return plusDays(first, day - 1);
}

/** Each year's day of a birth date or festival whose date lies in `[from, to]`, with the (solar or lunar) year it belongs to. */
export function yearlyDays(
  { calendar, monthDay }: { calendar: 'solar' | 'lunar'; monthDay: LunarMonthDay },
  from: CivilDate,
  to: CivilDate,
): { year: number; on: CivilDate }[] {
  const days: { year: number; on: CivilDate }[] = [];
  // A lunar year begins up to seven weeks after the solar one, so its last days fall in the next solar year.
  const first = Number(from.slice(0, 4)) - (calendar === 'lunar' ? 1 : 0);
  for (let year = first; year <= Number(to.slice(0, 4)); year += 1) {
    const on = calendar === 'lunar' ? lunarDay(year, monthDay) : solarDayIn(year, monthDay.month, monthDay.day);
    if (from <= on && on <= to) days.push({ year, on });
  }
  return days;
}

/** The festival's day as a yearly day. */
export function festivalDay({ calendar, month, day }: Festival): { calendar: 'solar' | 'lunar'; monthDay: LunarMonthDay } {
  return { calendar, monthDay: { month, day, leap: false } };
}

/** The most days an offset can move a date, for widening a search; working days of the official calendar lie at most a week of holidays apart. */
export function offsetReachDays({ amount, unit }: Offset): number {
  const days = { hour: amount / 24, day: amount, working_day: amount * 9, month: amount * 31 }[unit];
  return days < 0 ? Math.floor(days) : Math.ceil(days);
}

/** The dates of events whose day at this offset can lie between `from` and `to`: some days too many, never too few. */
function anchorRange(offset: Offset, from: CivilDate, to: CivilDate, plusWorkingDays: Shift): { from: CivilDate; to: CivilDate } {
  // How far apart working days lie nobody can say beforehand: a store may close for weeks. Going back from just outside is exact.
  if (offset.unit === 'working_day')
    return offset.amount > 0
      ? { from: plusWorkingDays(from, -offset.amount), to: plusDays(plusWorkingDays(plusDays(to, 1), -offset.amount), -1) }
      : { from: plusDays(plusWorkingDays(plusDays(from, -1), -offset.amount), 1), to: plusWorkingDays(to, -offset.amount) };
  const reach = offsetReachDays(offset);
  // What the estimate can be off by: months are 28 to 31 days long.
  const slack = { hour: 1, day: 0, month: 3 * Math.abs(offset.amount) + 1 }[offset.unit];
  return { from: plusDays(from, -reach - slack), to: plusDays(to, -reach + slack) };
}

/** A number in [0, below) that is the same for the same text: spreads what is overdue at the start over an interval. */
export function spread(text: string, below: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % below;
}

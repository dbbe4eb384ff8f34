import { Temporal } from 'temporal-polyfill';
import { addDays, instantOfMilliseconds, millisecondsOf, type CivilDate, type Instant, type TimeZone, type WallTime } from './time.ts';

// Apart from the arithmetic of dates: time zones bring a library that a browser's first screen does without.

/** Takes an instant as people and databases write it (any offset) to the one form; throws on anything else. */
export function instant(text: string): Instant {
  return new Date(Temporal.Instant.from(text).epochMilliseconds).toISOString() as Instant;
}

export function isTimeZone(text: string): text is TimeZone {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar date at this instant in the store's time zone. */
export function dateIn(zone: TimeZone, at: Instant): CivilDate {
  return localTextAt(zone, at).slice(0, 10) as CivilDate;
}

/** The wall-clock time at this instant in the store's time zone. */
export function wallTimeIn(zone: TimeZone, at: Instant): WallTime {
  return localTextAt(zone, at).slice(11, 16) as WallTime;
}

const QUARTER_MS = 15 * 60_000;
// What the library found out, which takes a tenth of a millisecond: every request asks for today in the one zone of its store.
const offsets = new Map<string, number>();
const starts = new Map<string, Instant>();
const MOST_KEPT = 2_000;

// '2026-05-01T09:10:00.000Z' with the zone's date and time in it, whatever the Z says.
function localTextAt(zone: TimeZone, at: Instant): string {
  const ms = millisecondsOf(at);
  const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = offsetAt(zone, ms);
    // A quarter of an hour in which the clocks change has two offsets and is kept with neither.
    if (offsetAt(zone, quarter) === offsetAt(zone, quarter + QUARTER_MS - 1)) keep(offsets, key, offset);
  }
  return new Date(ms + offset).toISOString();
}

function offsetAt(zone: TimeZone, ms: number): number {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, value);
}

/** The instant of a wall-clock time on a date in the zone; a time skipped by a clock change moves forward with it. */
export function instantAt(zone: TimeZone, date: CivilDate, time: WallTime | string = '00:00'): Instant {
  const zoned = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return instantOfMilliseconds(zoned.epochMilliseconds);
}

/** The first instant of the date in the zone. */
export function startOfDay(zone: TimeZone, date: CivilDate): Instant {
  const key = `${zone} ${date}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const start = instantAt(zone, date);
  keep(starts, key, start);
  return start;
}

/** The last millisecond of the date in the zone: what "by the end of the day" means as a due time. */
export function endOfDay(zone: TimeZone, date: CivilDate): Instant {
  return instantOfMilliseconds(millisecondsOf(instantAt(zone, addDays(date, 1))) - 1);
}

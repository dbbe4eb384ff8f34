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
  const ms = millisecondsOf(at);
  return new Date(ms + offsetOf(zone, ms)).toISOString().slice(0, 10) as CivilDate;
}

const QUARTER_HOUR_MS = 900_000;
const BY_QUARTERS_SINCE_MS = Date.UTC(1973, 0, 1);
const MOST_OFFSETS = 5_000;
const offsets = new Map<string, number>();

// How far a zone's wall clock is ahead of UTC. Remembered by the quarter of an hour, at whose end all clocks have been changed since 1973:
// the library takes a hundred times as long as looking up.
function offsetOf(zone: TimeZone, ms: number): number {
  const read = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
  if (ms < BY_QUARTERS_SINCE_MS) return read(ms);
  const quarter = Math.floor(ms / QUARTER_HOUR_MS);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = read(quarter * QUARTER_HOUR_MS);
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The wall-clock time at this instant in the store's time zone. */
export function wallTimeIn(zone: TimeZone, at: Instant): WallTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' }) as WallTime;
}

/** The instant of a wall-clock time on a date in the zone; a time skipped by a clock change moves forward with it. */
export function instantAt(zone: TimeZone, date: CivilDate, time: WallTime | string = '00:00'): Instant {
  const zoned = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return instantOfMilliseconds(zoned.epochMilliseconds);
}

/** The first instant of the date in the zone. */
export function startOfDay(zone: TimeZone, date: CivilDate): Instant {
  return instantAt(zone, date);
}

/** The last millisecond of the date in the zone: what "by the end of the day" means as a due time. */
export function endOfDay(zone: TimeZone, date: CivilDate): Instant {
  return instantOfMilliseconds(millisecondsOf(instantAt(zone, addDays(date, 1))) - 1);
}

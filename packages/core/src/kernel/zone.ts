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
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString() as CivilDate;
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

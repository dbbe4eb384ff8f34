import { addDays, addHours, dateIn, instantAt, isoWeekday, type Instant, type TimeZone, type WallTime } from '@baoke/core/kernel';

export const NEXT_TIMES = ['in1h', 'in3h', 'afternoon', 'tomorrow', 'in3d', 'in7d', 'saturday'] as const;
export type NextTime = (typeof NEXT_TIMES)[number];

const SATURDAY = 6;
const morning = '10:00' as WallTime;

/** The usual answers to "when again?", on the store's clock; those that are over by now, or after the last moment, are left out. */
export function timesFrom(
  now: Instant,
  zone: TimeZone,
  last: Instant | null = null,
): readonly { readonly key: NextTime; readonly at: Instant }[] {
  const today = dateIn(zone, now);
  const times: Readonly<Record<NextTime, Instant>> = {
    in1h: addHours(now, 1),
    in3h: addHours(now, 3),
    afternoon: instantAt(zone, today, '15:00' as WallTime),
    tomorrow: instantAt(zone, addDays(today, 1), morning),
    in3d: instantAt(zone, addDays(today, 3), morning),
    in7d: instantAt(zone, addDays(today, 7), morning),
    saturday: instantAt(zone, addDays(today, (SATURDAY - isoWeekday(today) + 7) % 7 || 7), morning),
  };
  return NEXT_TIMES.map((key) => ({ key, at: times[key] })).filter(({ at }) => at > now && !isBeyond(at, last));
}

/** Whether a moment chosen for later lies behind us. */
export function isPast(at: Instant | null | undefined, now: Instant): boolean {
  return at !== null && at !== undefined && at <= now;
}

/** Whether a moment lies after the last one; null for none. */
export function isBeyond(at: Instant | null | undefined, last: Instant | null): boolean {
  return at !== null && at !== undefined && last !== null && at > last;
}

import { civilDate, type CivilDate, type Instant, type TimeZone } from './time.ts';
import { instant } from './zone.ts';

/** Tests write instants with their offset: `at('2026-05-01T09:10+08:00')`. */
export function at(text: string): Instant {
  return instant(text);
}

export function on(text: string): CivilDate {
  return civilDate(text);
}

export const SHANGHAI = 'Asia/Shanghai' as TimeZone;

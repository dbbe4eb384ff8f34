import type { WallTime } from '../kernel/index.ts';
import type { ContactWindow } from './model.ts';

export const DAY_PARTS = ['day', 'morning', 'noon', 'afternoon', 'evening'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

type Hours = Pick<ContactWindow, 'from' | 'to'>;

/** When a customer likes to be called as his file says it: the days, and a part of the day or hours of his own; null = the whole day. */
export type ContactTime = { readonly days: ContactWindow['days']; readonly at: DayPart | Hours | null };

const DAYS: Readonly<Record<string, ContactWindow['days']>> = {
  any: 'any',
  everyday: 'any',
  每天: 'any',
  workday: 'weekdays',
  weekday: 'weekdays',
  weekdays: 'weekdays',
  工作日: 'weekdays',
  weekend: 'weekend',
  周末: 'weekend',
};
const PARTS: Readonly<Record<string, DayPart>> = {
  day: 'day',
  morning: 'morning',
  noon: 'noon',
  afternoon: 'afternoon',
  evening: 'evening',
  白天: 'day',
  上午: 'morning',
  中午: 'noon',
  下午: 'afternoon',
  晚上: 'evening',
};
const HOURS_OF_PART: Readonly<Record<DayPart, Hours>> = {
  day: { from: '09:00' as WallTime, to: '20:00' as WallTime },
  morning: { from: '09:00' as WallTime, to: '12:00' as WallTime },
  noon: { from: '12:00' as WallTime, to: '14:00' as WallTime },
  afternoon: { from: '14:00' as WallTime, to: '18:00' as WallTime },
  evening: { from: '18:00' as WallTime, to: '20:30' as WallTime },
};
const CLOCK = String.raw`((?:[01]?\d|2[0-3])[:：][0-5]\d)`;
const RANGE = new RegExp(`^${CLOCK}[-–—~～至到]${CLOCK}$`);

/**
 * Reads the usual hours of a customer's file: `any 10:00-12:00`, `weekend_afternoon`, `工作日 18:00-20:00`. Null when the words are
 * free ones that name no days and hours, or the hours end before they begin.
 *
 * Source: CARE-31.
 */
export function contactTimeOf(text: string): ContactTime | null {
  const [first = '', second, ...rest] = text
    .trim()
    .toLowerCase()
    .split(/[_\s]+/);
  if (rest.length > 0) return null;
  const days = DAYS[first];
  if (second === undefined && days !== undefined) return { days, at: null };
  const at = atOf(second === undefined ? first : second);
  if (at === null || (second !== undefined && days === undefined)) return null;
  return { days: days ?? 'any', at };
}

function atOf(word: string): ContactTime['at'] {
  const [, from, to] = RANGE.exec(word) ?? [];
  if (from === undefined || to === undefined) return PARTS[word] ?? null;
  const hours = { from: wallTime(from), to: wallTime(to) };
  return hours.from < hours.to ? hours : null;
}

function wallTime(text: string): WallTime {
  return text.replace('：', ':').padStart(5, '0') as WallTime;
}

/** The window the next try falls into; null when the file says nothing of when, so that the hours of the store hold. */
export function contactWindowOf(preferred: string | null): ContactWindow | null {
  const time = preferred === null ? null : contactTimeOf(preferred);
  if (time === null || (time.at === null && time.days === 'any')) return null;
  const hours = time.at === null ? HOURS_OF_PART.day : typeof time.at === 'string' ? HOURS_OF_PART[time.at] : time.at;
  return { ...hours, days: time.days };
}

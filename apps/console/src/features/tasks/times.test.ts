import type { Instant, TimeZone } from '@baoke/core/kernel';
import { describe, expect, it } from 'vitest';
import { isPast, timesFrom } from './times.ts';

const zone = 'Asia/Shanghai' as TimeZone;
// 2026-05-01 is a Friday.
const proposed = (now: string) =>
  Object.fromEntries(timesFrom(new Date(now).toISOString() as Instant, zone).map(({ key, at }) => [key, at]));

describe('times offered for the next try', () => {
  it('stand on the clock of the store', () => {
    expect(proposed('2026-05-01T09:00+08:00')).toEqual({
      in1h: '2026-05-01T02:00:00.000Z',
      in3h: '2026-05-01T04:00:00.000Z',
      afternoon: '2026-05-01T07:00:00.000Z',
      tomorrow: '2026-05-02T02:00:00.000Z',
      in3d: '2026-05-04T02:00:00.000Z',
      in7d: '2026-05-08T02:00:00.000Z',
      saturday: '2026-05-02T02:00:00.000Z',
    });
  });

  it.each([
    { name: 'a minute before three', now: '2026-05-01T14:59+08:00', offered: true },
    { name: 'at three', now: '2026-05-01T15:00+08:00', offered: false },
  ])('this afternoon $name', ({ now, offered }) => {
    expect('afternoon' in proposed(now)).toBe(offered);
  });

  it('mean the next Saturday on a Saturday', () => {
    expect(proposed('2026-05-02T09:00+08:00')).toMatchObject({ saturday: '2026-05-09T02:00:00.000Z' });
  });
});

it.each([
  { name: 'a minute ago', at: '2026-05-06T01:59:00.000Z', past: true },
  { name: 'in a minute', at: '2026-05-06T02:01:00.000Z', past: false },
  { name: 'no time', at: null, past: false },
])('$name is past: $past', ({ at, past }) => expect(isPast(at as Instant | null, '2026-05-06T02:00:00.000Z' as Instant)).toBe(past));

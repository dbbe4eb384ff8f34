import type { Instant, TimeZone } from '@baoke/core/kernel';
import { describe, expect, it } from 'vitest';
import { isBeyond, isPast, timesFrom } from './times.ts';

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

describe('times offered for a task that lapses', () => {
  const offered = (now: string, last: string) =>
    timesFrom(new Date(now).toISOString() as Instant, zone, new Date(last).toISOString() as Instant).map(({ key }) => key);
  it.each([
    { name: 'tonight', now: '2026-05-01T09:00+08:00', last: '2026-05-01T23:59:59.999+08:00', keys: ['in1h', 'in3h', 'afternoon'] },
    { name: 'in half an hour', now: '2026-05-01T23:30+08:00', last: '2026-05-01T23:59:59.999+08:00', keys: [] },
    {
      name: 'at ten tomorrow',
      now: '2026-05-01T18:00+08:00',
      last: '2026-05-02T10:00+08:00',
      keys: ['in1h', 'in3h', 'tomorrow', 'saturday'],
    },
    { name: 'just before ten', now: '2026-05-01T18:00+08:00', last: '2026-05-02T09:59:59+08:00', keys: ['in1h', 'in3h'] },
  ])('$name end with it', ({ now, last, keys }) => expect(offered(now, last)).toEqual(keys));

  it('never lie beyond a last moment, and may where there is none', () => {
    const [at, last] = ['2026-05-02T02:00:00.000Z' as Instant, '2026-05-01T16:00:00.000Z' as Instant];
    expect([isBeyond(at, last), isBeyond(last, last), isBeyond(at, null), isBeyond(null, last)]).toEqual([true, false, false, false]);
  });
});

it.each([
  { name: 'a minute ago', at: '2026-05-06T01:59:00.000Z', past: true },
  { name: 'in a minute', at: '2026-05-06T02:01:00.000Z', past: false },
  { name: 'no time', at: null, past: false },
])('$name is past: $past', ({ at, past }) => expect(isPast(at as Instant | null, '2026-05-06T02:00:00.000Z' as Instant)).toBe(past));

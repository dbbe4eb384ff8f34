import { describe, expect, it } from 'vitest';
import { largestUnits, timeLeft } from './time-left.ts';

const dueAt = '2026-05-01T02:10:00.000Z';
const at = (text: string) => Date.parse(text);

describe('a promise of one hour', () => {
  it.each([
    { name: 'just made', now: '2026-05-01T01:10:00Z', state: 'calm' },
    { name: 'a quarter of an hour and a second before', now: '2026-05-01T01:54:59Z', state: 'calm' },
    { name: 'in its last quarter', now: '2026-05-01T01:55:00Z', state: 'soon' },
    { name: 'on the minute', now: '2026-05-01T02:10:00Z', state: 'soon' },
    { name: 'a second late', now: '2026-05-01T02:10:01Z', state: 'late' },
  ])('$name is $state', ({ now, state }) => {
    expect(timeLeft({ dueAt, minutes: 60 }, at(now)).state).toBe(state);
  });

  it.each([
    { name: 'met in time', clock: { metAt: '2026-05-01T02:10:00Z' }, expected: { state: 'kept', milliseconds: 0 } },
    { name: 'met a minute late', clock: { metAt: '2026-05-01T02:11:00Z' }, expected: { state: 'broken', milliseconds: 60_000 } },
    {
      name: 'stopped with ten minutes left',
      clock: { stopped: { at: '2026-05-01T02:00:00Z', until: '2026-05-03T02:00:00Z' } },
      expected: { state: 'stopped', milliseconds: 600_000 },
    },
    {
      name: 'stopped when already late',
      clock: { stopped: { at: '2026-05-01T02:20:00Z', until: '2026-05-03T02:00:00Z' } },
      expected: { state: 'late', milliseconds: 600_000 },
    },
  ])('$name stays so however late it gets', ({ clock, expected }) => {
    expect(timeLeft({ dueAt, minutes: 60, ...clock }, at('2026-06-01T00:00:00Z'))).toEqual(expected);
  });
});

it.each([
  { milliseconds: 999, units: [['seconds', 0]] },
  { milliseconds: 59_999, units: [['seconds', 59]] },
  { milliseconds: 60_000, units: [['minutes', 1]] },
  { milliseconds: 3_659_000, units: [['hours', 1]] },
  {
    milliseconds: 5_400_000,
    units: [
      ['hours', 1],
      ['minutes', 30],
    ],
  },
  {
    milliseconds: 90_061_000,
    units: [
      ['days', 1],
      ['hours', 1],
    ],
  },
])('says $milliseconds ms in its two largest units', ({ milliseconds, units }) => {
  expect(largestUnits(milliseconds)).toEqual(units);
});

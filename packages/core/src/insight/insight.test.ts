import { describe, expect, it } from 'vitest';
import { formatRate, type CivilDate, type DateRange } from '../kernel/index.ts';
import { callbackFigures, sumCallbacks, type CallbackCounts } from './callbacks.ts';
import { homeFigures } from './home.ts';
import { comparedWith, periodOf, shiftPeriod } from './periods.ts';

const range = (from: string, to: string): DateRange => ({ from: from as CivilDate, to: to as CivilDate });
const counts = (change: Partial<CallbackCounts> = {}): CallbackCounts => ({ due: 112, dueCalled: 112, carriedOver: 46, carriedOverCalled: 46, made: 158, reached: 130, satisfied: 122, ...change });

describe('callback statistics of the source (document 000; W-03)', () => {
  const week = callbackFigures(counts());
  it('158 made = 130 reached + 28 not reached, of the reached 122 satisfied + 8 other, satisfaction 94 %', () => {
    expect([week.made, week.reached, week.notReached, week.satisfied, week.other]).toEqual([158, 130, 28, 122, 8]);
    expect(formatRate(week.satisfaction, 0)).toBe('94%');
    expect(formatRate(week.success, 2)).toBe('82.28%');
  });
  it('carried-over calls stand apart, so that completion does not exceed 100 %', () => {
    expect(formatRate(week.completion, 0)).toBe('100%');
    expect(week.moreThanDue).toBe(false);
  });
  it('names a week with more calls than were due', () => {
    const more = callbackFigures(counts({ carriedOver: 0, carriedOverCalled: 0 }));
    expect([more.moreThanDue, more.ahead, formatRate(more.completion, 0)]).toEqual([true, 46, '100%']);
  });
  it('has no rates where nobody was called', () => {
    const none = callbackFigures(counts({ due: 0, dueCalled: 0, carriedOver: 0, carriedOverCalled: 0, made: 0, reached: 0, satisfied: 0 }));
    expect([none.completion, none.success, none.satisfaction].map((r) => formatRate(r))).toEqual(['–', '–', '–']);
  });
  it.each([
    { name: 'more due calls made than were due', change: { dueCalled: 113 } },
    { name: 'more reached than called', change: { reached: 159 } },
    { name: 'more satisfied than reached', change: { satisfied: 131 } },
    { name: 'parts beyond the whole', change: { made: 157 } },
  ])('refuses $name', ({ change }) => {
    expect(() => callbackFigures(counts(change))).toThrow(RangeError);
  });
  it('adds groups', () => {
    expect(sumCallbacks([counts(), counts()]).made).toBe(316);
  });
});

describe('periods', () => {
  it.each([
    { name: 'a week', kind: 'week' as const, date: '2026-11-22', is: range('2026-11-16', '2026-11-23') },
    { name: 'the first days of a year in the last week of the old one', kind: 'week' as const, date: '2027-01-01', is: range('2026-12-28', '2027-01-04') },
    { name: 'a month', kind: 'month' as const, date: '2026-02-28', is: range('2026-02-01', '2026-03-01') },
  ])('$name', ({ kind, date, is }) => {
    expect(periodOf(kind, date as CivilDate)).toEqual(is);
  });
  it.each([
    { name: 'week 47 with week 47', kind: 'week' as const, of: range('2026-11-16', '2026-11-23'), previous: range('2026-11-09', '2026-11-16'), lastYear: range('2025-11-17', '2025-11-24') },
    { name: 'week 53 with week 52 where there is no 53rd', kind: 'week' as const, of: range('2026-12-28', '2027-01-04'), previous: range('2026-12-21', '2026-12-28'), lastYear: range('2025-12-22', '2025-12-29') },
    { name: 'week 1 with week 1', kind: 'week' as const, of: range('2027-01-04', '2027-01-11'), previous: range('2026-12-28', '2027-01-04'), lastYear: range('2025-12-29', '2026-01-05') },
    { name: 'a month with the same month', kind: 'month' as const, of: range('2026-03-01', '2026-04-01'), previous: range('2026-02-01', '2026-03-01'), lastYear: range('2025-03-01', '2025-04-01') },
    { name: 'days with the same days', kind: 'custom' as const, of: range('2028-02-10', '2028-03-01'), previous: range('2028-01-21', '2028-02-10'), lastYear: range('2027-02-10', '2027-03-01') },
  ])('compares $name', ({ kind, of, previous, lastYear }) => {
    expect(comparedWith(kind, of)).toEqual({ previous, lastYear });
  });
  it('steps', () => {
    expect(shiftPeriod('month', range('2026-01-01', '2026-02-01'), 1)).toEqual(range('2026-02-01', '2026-03-01'));
    expect(shiftPeriod('custom', range('2026-01-01', '2026-01-07'), -1)).toEqual(range('2025-12-26', '2026-01-01'));
  });
});

it('gives every manager five different figures', () => {
  for (const role of ['SVC_MGR', 'CC_MGR', 'GM', 'SALES_MGR', 'TRAIN_MGR'] as const) expect(new Set(homeFigures(role)).size).toBe(5);
});

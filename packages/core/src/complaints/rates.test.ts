import { describe, expect, it } from 'vitest';
import { formatShare, type CivilDate, type Rate } from '../kernel/index.ts';
import { monthlyMean, monthsTouched, relativeChange, wholeMonthsIn } from './rates.ts';

const days = (from: string, to: string) => ({ from: from as CivilDate, to: to as CivilDate });
const months = (...pairs: readonly (readonly [number, number])[]): Rate[] => pairs.map(([part, whole]) => ({ part, whole }));
// January to June and July to October 2014: months of different size, whose means are those of document 002.
const SERVICE = {
  before: months([2, 1000], [6, 2000], [2, 1000], [3, 1000], [6, 1500], [67, 25_000]),
  after: months([1, 1000], [2, 1000], [3, 2000], [21, 10_000]),
};
const SALES = {
  before: months([1, 80], [0, 70], [2, 100], [1, 100], [1, 100], [9, 2000]),
  after: months([0, 90], [21, 2500], [0, 110], [0, 85]),
};

describe('document 002, complaint rates before and after the measures', () => {
  it.each([
    { branch: 'service', ...SERVICE, decimals: 3, means: ['0.278%', '0.165%'], change: '-40.65%' },
    { branch: 'sales', ...SALES, decimals: 2, means: ['0.95%', '0.21%'], change: '-77.89%' },
  ])('$branch', ({ before, after, decimals, means, change }) => {
    const [old, now] = [monthlyMean(before)?.share ?? 0, monthlyMean(after)?.share ?? 0];
    expect([formatShare(old, decimals), formatShare(now, decimals)]).toEqual(means);
    expect(formatShare(relativeChange(now, old) ?? 0, 2)).toBe(change);
  });
});

describe('the mean of monthly rates', () => {
  it('weighs each month alike, whatever its work: not the rate of all of them together', () => {
    expect(monthlyMean(months([1, 100], [1, 1000]))).toEqual({ share: 0.0055, months: 2 });
  });
  it('leaves out a month without work', () => {
    expect(monthlyMean(months([0, 0], [1, 50]))).toEqual({ share: 0.02, months: 1 });
    expect(monthlyMean(months([0, 0]))).toBeUndefined();
    expect(monthlyMean([])).toBeUndefined();
  });
  it('says no change after nothing', () => {
    expect(relativeChange(0.01, 0)).toBeUndefined();
    expect(relativeChange(0, 0.01)).toBe(-1);
    expect(relativeChange(0.03, 0.01)).toBeCloseTo(2);
  });
});

it.each([
  { name: 'whole months', of: days('2026-01-01', '2026-07-01'), whole: days('2026-01-01', '2026-07-01') },
  { name: 'begun and cut months', of: days('2026-01-02', '2026-06-30'), whole: days('2026-02-01', '2026-06-01') },
  { name: 'days within one month', of: days('2026-01-05', '2026-01-12'), whole: days('2026-02-01', '2026-02-01') },
  { name: 'days about the end of a month', of: days('2026-01-20', '2026-02-10'), whole: days('2026-02-01', '2026-02-01') },
])('whole months in $name', ({ of, whole }) => {
  expect(wholeMonthsIn(of)).toEqual(whole);
});

it('names every month that the days touch', () => {
  expect(monthsTouched(days('2026-01-31', '2026-03-02'))).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
});

import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, formatRate, lunarNewYear, type CivilDate, type DateRange } from '../kernel/index.ts';
import { callbackFigures, sumCallbacks, type CallbackCounts } from './callbacks.ts';
import { callbackTrend, careChart, complaintChart, MOST_CARE_BARS } from './charts.ts';
import { homeFigures } from './home.ts';
import { comparedBy, lunarLastYear } from './lunar.ts';
import { comparedWith, countedOf, includesDay, isReportable, isWhole, periodOf, shiftPeriod } from './periods.ts';
import { complaintInput } from './wire.ts';

const range = (from: string, to: string): DateRange => ({ from: from as CivilDate, to: to as CivilDate });
const counts = (change: Partial<CallbackCounts> = {}): CallbackCounts => ({
  due: 112,
  dueCalled: 112,
  carriedOver: 46,
  carriedOverCalled: 46,
  made: 158,
  reached: 130,
  answered: 130,
  satisfied: 122,
  praised: 0,
  complained: 0,
  ...change,
});

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
    const none = callbackFigures(
      counts({ due: 0, dueCalled: 0, carriedOver: 0, carriedOverCalled: 0, made: 0, reached: 0, answered: 0, satisfied: 0 }),
    );
    expect([none.completion, none.success, none.satisfaction].map((r) => formatRate(r))).toEqual(['–', '–', '–']);
  });
  it.each([
    { name: 'more due calls made than were due', change: { dueCalled: 113 } },
    { name: 'more reached than called', change: { reached: 159 } },
    { name: 'more answered than reached', change: { answered: 131 } },
    { name: 'more satisfied than answered', change: { answered: 121 } },
    { name: 'more praise than calls', change: { praised: 159 } },
    { name: 'parts beyond the whole', change: { made: 157 } },
  ])('refuses $name', ({ change }) => {
    expect(() => callbackFigures(counts(change))).toThrow(RangeError);
  });
  it('leaves whoever was reached and not asked out of success and satisfaction (G-11)', () => {
    const week = callbackFigures(counts({ reached: 140 }));
    expect([week.notReached, week.notAsked, week.answered, week.other]).toEqual([18, 10, 130, 8]);
    expect([formatRate(week.satisfaction, 0), formatRate(week.success, 2)]).toEqual(['94%', '82.28%']);
  });
  it('adds groups', () => {
    expect(sumCallbacks([counts(), counts()]).made).toBe(316);
  });
});

it.each([
  { name: 'three years', period: { from: '2023-05-02', to: '2026-05-06' }, possible: true },
  { name: 'since 2020', period: { from: '2020-01-01', to: '2026-05-06' }, possible: false },
  { name: 'before 1990', period: { from: '1989-12-31', to: '1990-01-02' }, possible: false },
])('a report of $name is possible: $possible', ({ period, possible }) => expect(isReportable(period as DateRange)).toBe(possible));

describe('a report of days still running', () => {
  const today = '2026-05-06' as CivilDate;
  it.each([
    { name: 'ends today', period: { from: '2026-05-01', to: '2026-05-07' }, runs: true },
    { name: 'is today alone', period: { from: '2026-05-06', to: '2026-05-07' }, runs: true },
    { name: 'ended yesterday', period: { from: '2026-05-01', to: '2026-05-06' }, runs: false },
  ])('says so when it $name: $runs', ({ period, runs }) => expect(includesDay(period as DateRange, today)).toBe(runs));
});

describe('periods', () => {
  it.each([
    { name: 'a week', kind: 'week' as const, date: '2026-11-22', is: range('2026-11-16', '2026-11-23') },
    {
      name: 'the first days of a year in the last week of the old one',
      kind: 'week' as const,
      date: '2027-01-01',
      is: range('2026-12-28', '2027-01-04'),
    },
    { name: 'a month', kind: 'month' as const, date: '2026-02-28', is: range('2026-02-01', '2026-03-01') },
  ])('$name', ({ kind, date, is }) => {
    expect(periodOf(kind, date as CivilDate)).toEqual(is);
  });
  it.each([
    {
      name: 'week 47 with week 47',
      kind: 'week' as const,
      of: range('2026-11-16', '2026-11-23'),
      previous: range('2026-11-09', '2026-11-16'),
      lastYear: range('2025-11-17', '2025-11-24'),
    },
    {
      name: 'week 53 with week 52 where there is no 53rd',
      kind: 'week' as const,
      of: range('2026-12-28', '2027-01-04'),
      previous: range('2026-12-21', '2026-12-28'),
      lastYear: range('2025-12-22', '2025-12-29'),
    },
    {
      name: 'week 1 with week 1',
      kind: 'week' as const,
      of: range('2027-01-04', '2027-01-11'),
      previous: range('2026-12-28', '2027-01-04'),
      lastYear: range('2025-12-29', '2026-01-05'),
    },
    {
      name: 'a month with the same month',
      kind: 'month' as const,
      of: range('2026-03-01', '2026-04-01'),
      previous: range('2026-02-01', '2026-03-01'),
      lastYear: range('2025-03-01', '2025-04-01'),
    },
    {
      name: 'days with as many days from the same day on',
      kind: 'custom' as const,
      of: range('2028-02-10', '2028-03-01'),
      previous: range('2028-01-21', '2028-02-10'),
      lastYear: range('2027-02-10', '2027-03-02'),
    },
    {
      name: 'whole months with the same months, whatever February',
      kind: 'custom' as const,
      of: range('2028-12-01', '2029-04-01'),
      previous: range('2028-08-02', '2028-12-01'),
      lastYear: range('2027-12-01', '2028-04-01'),
    },
  ])('compares $name', ({ kind, of, previous, lastYear }) => {
    expect(comparedWith(kind, of, '2030-01-01' as CivilDate)).toEqual({ previous, lastYear });
  });
  it.each([
    {
      name: 'Monday, with Mondays',
      kind: 'week' as const,
      of: range('2026-11-16', '2026-11-23'),
      today: '2026-11-16',
      counted: range('2026-11-16', '2026-11-17'),
      previous: range('2026-11-09', '2026-11-10'),
      lastYear: range('2025-11-17', '2025-11-18'),
    },
    {
      name: 'Monday to Wednesday, with the same days',
      kind: 'week' as const,
      of: range('2026-11-16', '2026-11-23'),
      today: '2026-11-18',
      counted: range('2026-11-16', '2026-11-19'),
      previous: range('2026-11-09', '2026-11-12'),
      lastYear: range('2025-11-17', '2025-11-20'),
    },
    {
      name: 'a week on its last day, with whole weeks',
      kind: 'week' as const,
      of: range('2026-11-16', '2026-11-23'),
      today: '2026-11-22',
      counted: range('2026-11-16', '2026-11-23'),
      previous: range('2026-11-09', '2026-11-16'),
      lastYear: range('2025-11-17', '2025-11-24'),
    },
    {
      name: 'a week that is over, with whole weeks',
      kind: 'week' as const,
      of: range('2026-11-16', '2026-11-23'),
      today: '2026-11-23',
      counted: range('2026-11-16', '2026-11-23'),
      previous: range('2026-11-09', '2026-11-16'),
      lastYear: range('2025-11-17', '2025-11-24'),
    },
    {
      name: 'thirty days of March, with all of a shorter February',
      kind: 'month' as const,
      of: range('2026-03-01', '2026-04-01'),
      today: '2026-03-30',
      counted: range('2026-03-01', '2026-03-31'),
      previous: range('2026-02-01', '2026-03-01'),
      lastYear: range('2025-03-01', '2025-03-31'),
    },
    {
      name: 'days half over, with as many days',
      kind: 'custom' as const,
      of: range('2026-11-11', '2026-11-21'),
      today: '2026-11-14',
      counted: range('2026-11-11', '2026-11-15'),
      previous: range('2026-11-01', '2026-11-05'),
      lastYear: range('2025-11-11', '2025-11-15'),
    },
    {
      name: 'days to come, with as many days',
      kind: 'custom' as const,
      of: range('2026-12-01', '2026-12-03'),
      today: '2026-11-14',
      counted: range('2026-12-01', '2026-12-03'),
      previous: range('2026-11-29', '2026-12-01'),
      lastYear: range('2025-12-01', '2025-12-03'),
    },
  ])('counts $name', ({ kind, of, today, counted, previous, lastYear }) => {
    expect(countedOf(of, today as CivilDate)).toEqual(counted);
    expect(comparedWith(kind, of, today as CivilDate)).toEqual({ previous, lastYear });
  });
  it.each([
    { name: 'Monday to Monday', kind: 'week' as const, of: range('2026-11-16', '2026-11-23'), whole: true },
    { name: 'Tuesday to Tuesday', kind: 'week' as const, of: range('2026-11-17', '2026-11-24'), whole: false },
    { name: 'six days from a Monday', kind: 'week' as const, of: range('2026-11-16', '2026-11-22'), whole: false },
    { name: 'two weeks', kind: 'week' as const, of: range('2026-11-16', '2026-11-30'), whole: false },
    { name: 'a month', kind: 'month' as const, of: range('2026-02-01', '2026-03-01'), whole: true },
    { name: 'a month without its last day', kind: 'month' as const, of: range('2026-02-01', '2026-02-28'), whole: false },
    { name: 'thirty days across months', kind: 'month' as const, of: range('2026-02-02', '2026-03-02'), whole: false },
    { name: 'any days', kind: 'custom' as const, of: range('2026-02-02', '2026-03-05'), whole: true },
  ])('$kind takes $name: $whole', ({ kind, of, whole }) => {
    expect(isWhole(kind, of)).toBe(whole);
    const read = complaintInput.safeParse({ kind, period: of });
    expect(read.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual(
      whole ? undefined : [['period', `whole_${kind}`]],
    );
  });
  it('steps', () => {
    expect(shiftPeriod('month', range('2026-01-01', '2026-02-01'), 1)).toEqual(range('2026-02-01', '2026-03-01'));
    expect(shiftPeriod('custom', range('2026-01-01', '2026-01-07'), -1)).toEqual(range('2025-12-26', '2026-01-01'));
  });
});

it('gives every manager five different figures', () => {
  for (const role of ['SVC_MGR', 'CC_MGR', 'GM', 'SALES_MGR', 'TRAIN_MGR'] as const) expect(new Set(homeFigures(role)).size).toBe(5);
});

describe('charts', () => {
  const third = { part: 1, whole: 3 };
  it('have no share where nobody was asked', () => {
    const [, , satisfaction] = callbackTrend([
      { made: 4, reached: 3, satisfaction: third },
      { made: 0, reached: 0, satisfaction: { part: 0, whole: 0 } },
    ]);
    expect(satisfaction?.values).toEqual([1 / 3, null]);
  });
  it('are made of parts that add up to what was planned, for as many groups as there is room', () => {
    const counts = { planned: 21, doneInTime: 1, doneLate: 2, skipped: 3, missed: 4, overdue: 5, waiting: 6 };
    const bars = careChart(Array.from({ length: MOST_CARE_BARS + 1 }, () => counts));
    expect(bars.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBe(counts.planned);
    expect(bars.map(({ values }) => values.length)).toEqual(bars.map(() => MOST_CARE_BARS));
  });
  it.each([
    { name: 'both branches', of: { service: third, sales: third }, months: 2, drawn: ['service', 'sales'] },
    { name: 'the one he may see', of: { service: null, sales: third }, months: 2, drawn: ['sales'] },
    { name: 'nothing of a single month', of: { service: third, sales: third }, months: 1, drawn: [] },
  ])('of complaints show $name', ({ of, months, drawn }) => {
    expect(complaintChart({ ...of, months: Array.from({ length: months }, () => of) }).map(({ name }) => name)).toEqual(drawn);
  });
});

describe('last year by Spring Festival: 2025-01-29, 2026-02-17, 2027-02-06', () => {
  it.each([
    { name: 'the week before the festival', of: range('2026-02-09', '2026-02-16'), lunar: range('2025-01-21', '2025-01-28') },
    { name: 'the week of the festival', of: range('2026-02-16', '2026-02-23'), lunar: range('2025-01-28', '2025-02-04') },
    {
      name: 'a week before a festival that comes earlier',
      of: range('2027-02-01', '2027-02-08'),
      lunar: range('2026-02-12', '2026-02-19'),
    },
    { name: 'a February, as many days', of: range('2026-02-01', '2026-03-01'), lunar: range('2025-01-13', '2025-02-10') },
    { name: 'a January whose festival is in February', of: range('2026-01-01', '2026-02-01'), lunar: range('2024-12-13', '2025-01-13') },
    { name: 'days that begin in the year before', of: range('2025-12-29', '2026-01-05'), lunar: range('2024-12-10', '2024-12-17') },
    { name: 'fifty days before it', of: range('2025-12-29', '2025-12-30'), lunar: range('2024-12-10', '2024-12-11') },
    { name: 'nothing fifty-one days before it', of: range('2025-12-28', '2025-12-30'), lunar: null },
    { name: 'fifty days after it', of: range('2026-04-08', '2026-04-09'), lunar: range('2025-03-20', '2025-03-21') },
    { name: 'nothing fifty-one days after it', of: range('2026-04-08', '2026-04-10'), lunar: null },
    {
      name: 'January before the latest festival there is',
      of: range('1985-01-01', '1985-02-01'),
      lunar: range('1983-12-14', '1984-01-14'),
    },
    { name: 'nothing in summer', of: range('2026-07-06', '2026-07-13'), lunar: null },
    { name: 'nothing of a whole year', of: range('2026-01-01', '2027-01-01'), lunar: null },
  ])('aligns $name', ({ of, lunar }) => expect(lunarLastYear(of)).toEqual(lunar));
  it('keeps length and distance, and lets every month of the season be aligned (law)', () => {
    for (let year = 1991; year <= 2060; year += 1) {
      const festival = lunarNewYear(year);
      for (const month of ['01', '02'] as const) {
        const of = periodOf('month', `${year}-${month}-01` as CivilDate);
        const lunar = lunarLastYear(of);
        expect([year, month, lunar && daysBetween(lunar.from, lunarNewYear(year - 1))]).toEqual([
          year,
          month,
          daysBetween(of.from, festival),
        ]);
        expect(lunar && daysBetween(lunar.from, lunar.to)).toBe(daysBetween(of.from, of.to));
      }
      expect(lunarLastYear({ from: addDays(festival, 50), to: addDays(festival, 52) })).toBeNull();
    }
  });
  const week = range('2026-02-16', '2026-02-23');
  it.each([
    { name: 'whole, once it is over', by: 'lunar' as const, today: '2026-03-01', is: range('2025-01-28', '2025-02-04'), used: 'lunar' },
    {
      name: 'up to as many days, while it runs',
      by: 'lunar' as const,
      today: '2026-02-18',
      is: range('2025-01-28', '2025-01-31'),
      used: 'lunar',
    },
    {
      name: 'by the solar calendar unless asked',
      by: 'solar' as const,
      today: '2026-03-01',
      is: range('2025-02-17', '2025-02-24'),
      used: 'solar',
    },
  ])('compares a week $name', ({ by, today, is, used }) => {
    const compared = comparedBy(by, 'week', week, today as CivilDate);
    expect([compared.lastYear, compared.lastYearBy]).toEqual([is, used]);
    expect(compared.previous).toEqual(comparedWith('week', week, today as CivilDate).previous);
    expect(compared.lunarLastYear).not.toBeNull();
  });
  it('says so where it could not align', () => {
    const summer = range('2026-07-06', '2026-07-13');
    expect(comparedBy('lunar', 'week', summer, '2026-11-01' as CivilDate)).toEqual({
      ...comparedWith('week', summer, '2026-11-01' as CivilDate),
      lastYearBy: 'solar',
      lunarLastYear: null,
    });
  });
});

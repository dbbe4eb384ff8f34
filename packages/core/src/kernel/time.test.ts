import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  addBusinessMinutes,
  DEFAULT_BUSINESS_CALENDAR,
  hasOfficialDays,
  isOfficialWorkingDay,
  lastWorkingDays,
  lunarOf,
  officialDays,
  solarOfLunar,
  statutoryHolidays,
} from './calendar.ts';
import {
  addDays,
  addMonths,
  civilDate,
  dateOfDayNumber,
  dayNumber,
  isCivilDate,
  isoWeek,
  isoWeekday,
  startOfWeek,
  type Instant,
  type TimeZone,
} from './time.ts';
import { dateIn, endOfDay, instantAt, wallTimeIn } from './zone.ts';
import { at, on, SHANGHAI } from './testing.ts';
import { formatRate, pointsBetween, rate } from './rate.ts';
import { fen, formatFen } from './money.ts';

describe('civil dates', () => {
  it.each([
    { name: 'a day that exists', text: '2026-05-01', ok: true },
    { name: '29 February of a leap year', text: '2024-02-29', ok: true },
    { name: '29 February of a common year', text: '2026-02-29', ok: false },
    { name: '29 February of a century that is none', text: '2100-02-29', ok: false },
    { name: '29 February of a century that is one', text: '2000-02-29', ok: true },
    { name: '31 February', text: '2026-02-31', ok: false },
    { name: '31 April', text: '2026-04-31', ok: false },
    { name: '31 May', text: '2026-05-31', ok: true },
    { name: 'month 0', text: '2026-00-10', ok: false },
    { name: 'month 13', text: '2026-13-01', ok: false },
    { name: 'day 0', text: '2026-05-00', ok: false },
    { name: 'a word PostgreSQL takes for a date', text: 'tomorrow', ok: false },
    { name: 'infinity', text: 'infinity', ok: false },
    { name: 'year 0', text: '0000-01-01', ok: false },
    { name: 'year 10000', text: '10000-01-01', ok: false },
    { name: 'a date with a time', text: '2026-05-01T00:00', ok: false },
  ])('accepts or refuses $name', ({ text, ok }) => expect(isCivilDate(text)).toBe(ok));

  it.each([
    { from: '2026-01-31', months: 1, to: '2026-02-28' },
    { from: '2024-01-31', months: 1, to: '2024-02-29' },
    { from: '2024-12-31', months: 2, to: '2025-02-28' },
    { from: '2027-05-31', months: -3, to: '2027-02-28' },
    { from: '2024-03-01', months: 1, to: '2024-04-01' },
    { from: '2026-11-15', months: -12, to: '2025-11-15' },
    { from: '2026-01-15', months: -1, to: '2025-12-15' },
  ])('$from and $months months is $to (W-12)', ({ from, months, to }) => expect(addMonths(on(from), months)).toBe(to));

  it.each([
    { date: '2024-12-30', week: '2025-W01' },
    { date: '2025-01-05', week: '2025-W01' },
    { date: '2027-01-03', week: '2026-W53' },
    { date: '2027-01-04', week: '2027-W01' },
  ])('$date lies in $week', ({ date, week }) => expect(isoWeek(on(date))).toBe(week));

  it('counts days the same way forth and back on every date (law)', () => {
    fc.assert(fc.property(fc.integer({ min: -40_000, max: 80_000 }), (day) => dayNumber(dateOfDayNumber(day)) === day));
  });

  it('starts every week on a Monday that is at most six days before (law)', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 80_000 }), (day) => {
        const monday = startOfWeek(dateOfDayNumber(day));
        return isoWeekday(monday) === 1 && day - dayNumber(monday) >= 0 && day - dayNumber(monday) <= 6;
      }),
    );
  });
});

describe('instants and the store time zone', () => {
  it.each([
    { name: 'just before midnight belongs to the local day', instant: '2026-05-01T15:59:59.999Z', date: '2026-05-01' },
    { name: 'midnight begins the next', instant: '2026-05-01T16:00:00Z', date: '2026-05-02' },
  ])('$name', ({ instant, date }) => expect(dateIn(SHANGHAI, at(instant))).toBe(date));

  it('ends the day on its last millisecond', () => {
    expect(endOfDay(SHANGHAI, on('2026-05-01'))).toBe('2026-05-01T15:59:59.999Z');
  });

  it('takes a birthday in the hour that China skipped in 1940 to the next real minute', () => {
    expect(dateIn(SHANGHAI, instantAt(SHANGHAI, on('1940-06-01')))).toBe('1940-06-01');
  });

  it('tells the time of day on both sides of a change of the clocks, whatever was asked before', () => {
    // The clocks of New York went from 02:00 to 03:00; those of Monrovia by 44 minutes and a half in the middle of a quarter of an hour.
    const newYork = ['2026-03-08T06:59:59.999Z', '2026-03-08T07:00:00.000Z', '2026-03-08T06:59:59.999Z'].map(at);
    expect(newYork.map((when) => wallTimeIn('America/New_York' as TimeZone, when))).toEqual(['01:59', '03:00', '01:59']);
    const monrovia = ['1972-01-07T00:44:00.000Z', '1972-01-07T00:45:00.000Z', '1972-01-07T00:44:00.000Z'].map(at);
    expect(monrovia.map((when) => wallTimeIn('Africa/Monrovia' as TimeZone, when))).toEqual(['23:59', '00:45', '23:59']);
    expect(monrovia.map((when) => dateIn('Africa/Monrovia' as TimeZone, when))).toEqual(['1972-01-06', '1972-01-07', '1972-01-06']);
  });

  it('keeps every date through the zone and back (law, P24)', () => {
    const zones = ['Asia/Shanghai', 'America/New_York', 'UTC', 'Pacific/Apia'] as TimeZone[];
    const zoneAndDay = fc.tuple(
      fc.constantFrom(...zones),
      fc.integer({ min: dayNumber(civilDate('1912-01-01')), max: dayNumber(civilDate('2060-01-01')) }),
    );
    fc.assert(
      fc.property(zoneAndDay, ([zone, day]) => {
        const date = dateOfDayNumber(day);
        // The day the date line moved over Samoa does not exist there.
        return (zone === 'Pacific/Apia' && date === '2011-12-30') || dateIn(zone, instantAt(zone, date, '12:00')) === date;
      }),
    );
  });
});

describe('the date at a change of clocks', () => {
  // The library tells each change; the date is asked on both sides of it and at it, the quarter before it having been asked first.
  it.each([
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Pacific/Chatham',
    'America/Caracas',
    'Asia/Shanghai',
    'Africa/Cairo',
    'Africa/Monrovia',
  ])('in %s', (name) => {
    const zone = name as TimeZone;
    const end = Temporal.Instant.from('2030-01-01T00:00Z');
    let next = Temporal.Instant.from('1970-01-01T00:00Z').toZonedDateTimeISO(name).getTimeZoneTransition('next');
    const told: string[] = [];
    const asked: string[] = [];
    while (next && next.epochMilliseconds < end.epochMilliseconds) {
      for (const aside of [-1, 0, 1]) {
        const at = Temporal.Instant.fromEpochMilliseconds(next.epochMilliseconds + aside);
        told.push(`${at.toString()} ${at.toZonedDateTimeISO(name).toPlainDate().toString()}`);
        asked.push(`${at.toString()} ${dateIn(zone, new Date(at.epochMilliseconds).toISOString() as Instant)}`);
      }
      next = next.getTimeZoneTransition('next');
    }
    expect(told.length).toBeGreaterThan(0);
    expect(asked).toEqual(told);
  });
});

describe('calendars', () => {
  it('knows the make-up working Sunday of January 2025 (W-12)', () => {
    expect(lastWorkingDays(on('2025-02-04'), 5)).toEqual(['2025-01-22', '2025-01-23', '2025-01-24', '2025-01-26', '2025-01-27']);
  });

  it('keeps the holidays of the law in a year that is not published yet', () => {
    expect([hasOfficialDays(2026), hasOfficialDays(2027)]).toEqual([true, false]);
    // The five working days from New Year's Eve, and around Spring Festival, whose eve is a Friday.
    expect(lastWorkingDays(on('2027-01-05'), 3)).toEqual(['2026-12-31', '2027-01-04', '2027-01-05']);
    expect(lastWorkingDays(on('2027-02-10'), 3)).toEqual(['2027-02-04', '2027-02-09', '2027-02-10']);
    const off = ['2027-04-05', '2027-05-01', '2027-06-09', '2027-09-15', '2027-10-01'];
    expect(off.filter((day) => isOfficialWorkingDay(on(day)))).toEqual([]);
  });

  it.each([2025, 2026])('and reckons for %i what was published', (year) => {
    const holidays = new Set(officialDays(year).flatMap(({ date, open }) => (open ? [] : [date])));
    expect([...statutoryHolidays(year)].filter((day) => !holidays.has(day))).toEqual([]);
    expect(statutoryHolidays(year).size).toBe(13);
  });

  it.each([
    { name: 'Mid-Autumn 2026', year: 2026, month: 8, day: 15, date: '2026-09-25' },
    { name: 'a lunar birthday on 8-15 in 2027', year: 2027, month: 8, day: 15, date: '2027-09-15' },
    { name: 'Spring Festival 2027', year: 2027, month: 1, day: 1, date: '2027-02-06' },
    { name: 'Spring Festival 2025', year: 2025, month: 1, day: 1, date: '2025-01-29' },
  ])('$name', ({ year, month, day, date }) => expect(solarOfLunar(year, { month, day, leap: false })).toBe(date));

  it('moves day 30 of a month of 29 days to its last day', () => {
    const short = solarOfLunar(2026, { month: 12, day: 30, leap: false });
    expect(lunarOf(short)).toMatchObject({ month: 12, day: 29 });
  });

  it('celebrates a leap-month birthday in the ordinary month when the year has no such leap month', () => {
    expect(solarOfLunar(2026, { month: 6, day: 10, leap: true })).toBe(solarOfLunar(2026, { month: 6, day: 10, leap: false }));
  });

  it('takes every day to its lunar date and back (law)', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayNumber(civilDate('1950-03-01')), max: dayNumber(civilDate('2049-12-31')) }), (day) => {
        const date = dateOfDayNumber(day);
        const lunar = lunarOf(date);
        return solarOfLunar(lunar.year, lunar) === date;
      }),
    );
  });

  it('counts promised minutes in opening hours only', () => {
    expect(addBusinessMinutes(DEFAULT_BUSINESS_CALENDAR, SHANGHAI, at('2026-05-01T17:30+08:00'), 60)).toBe(at('2026-05-02T09:30+08:00'));
    expect(addBusinessMinutes(DEFAULT_BUSINESS_CALENDAR, SHANGHAI, at('2026-05-01T17:00+08:00'), 60)).toBe(at('2026-05-01T18:00+08:00'));
  });

  it('skips a closed day', () => {
    const closed = { ...DEFAULT_BUSINESS_CALENDAR, exceptions: [{ date: addDays(on('2026-05-01'), 1), open: false }] };
    expect(addBusinessMinutes(closed, SHANGHAI, at('2026-05-01T17:30+08:00'), 60)).toBe(at('2026-05-03T09:30+08:00'));
  });
});

describe('money and rates are shown once, at the edge', () => {
  it.each([
    { part: 278, whole: 100_000, decimals: 3, text: '0.278%' },
    { part: 165, whole: 100_000, decimals: 3, text: '0.165%' },
    { part: 21, whole: 10_000, decimals: 2, text: '0.21%' },
    { part: 1, whole: 100_000, decimals: 2, text: '0.001%' },
    { part: 0, whole: 10, decimals: 2, text: '0.00%' },
    { part: 1, whole: 0, decimals: 2, text: '–' },
    { part: 23, whole: 40, decimals: 0, text: '58%' },
    { part: 29, whole: 200, decimals: 0, text: '15%' },
    { part: 23, whole: 320, decimals: 3, text: '7.188%' },
    { part: 9, whole: 9, decimals: 1, text: '100.0%' },
    { part: 3, whole: 2, decimals: 0, text: '150%' },
  ])('$part of $whole is $text (W-05)', ({ part, whole, decimals, text }) => expect(formatRate(rate(part, whole), decimals)).toBe(text));

  it.each([
    {
      name: 'as printed, 95.2 % to 93.5 %, where exactly it is 1.8',
      before: rate(2855, 3000),
      now: rate(1402, 1500),
      decimals: 1,
      points: -1.7,
    },
    { name: 'nothing that would show', before: rate(9350, 10_000), now: rate(9354, 10_000), decimals: 1, points: 0 },
    { name: 'up in three decimals', before: rate(278, 100_000), now: rate(300, 100_000), decimals: 3, points: 0.022 },
    { name: 'from nothing', before: rate(0, 0), now: rate(1, 2), decimals: 1, points: undefined },
    { name: 'to nothing', before: rate(1, 2), now: rate(0, 0), decimals: 1, points: undefined },
  ])('$name', ({ before, now, decimals, points }) => expect(pointsBetween(before, now, decimals)).toBe(points));

  it.each([
    { amount: 124_999, text: '¥1,249.99' },
    { amount: -32_000, text: '-¥320.00' },
    { amount: 5, text: '¥0.05' },
  ])('$amount fen is $text', ({ amount, text }) => expect(formatFen(fen(amount))).toBe(text));

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %s as fen', (amount) =>
    expect(() => fen(amount)).toThrow(RangeError),
  );
});

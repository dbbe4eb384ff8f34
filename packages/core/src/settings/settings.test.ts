import { describe, expect, it } from 'vitest';
import {
  DEFAULT_COMPLAINT_POLICY,
  type ComplaintBranch,
  type ComplaintKind,
  type ComplaintPolicy,
  type DeadlineRow,
} from '../complaints/index.ts';
import { DEFAULT_CUSTOMER_POLICY } from '../customers/index.ts';
import { addDays, DEFAULT_BUSINESS_CALENDAR, type CivilDate, type WallTime } from '../kernel/index.ts';
import { on } from '../kernel/testing.ts';
import { DEFAULT_RESULT_CODES, type CodeEntry } from '../tasks/index.ts';
import {
  LONGEST_BUSINESS_MINUTES,
  LONGEST_CLOSURE_DAYS,
  publicHolidays,
  SECTIONS,
  settingOf,
  SHIPPED,
  succeeding,
  withDays,
  yearsWithoutHolidays,
} from './index.ts';
import { settingInput } from './wire.ts';

/** What a value is refused for, `path: code`. */
function faults(section: string, value: object): string[] {
  const { error } = settingInput.safeParse({ section, value });
  return (error?.issues ?? []).map(({ path, message, code }) => `${path.slice(1).join('.')}: ${code === 'custom' ? message : code}`);
}

describe('every section', () => {
  it.each(SECTIONS)('%s: what is shipped may be saved as it is', (section) => {
    expect(settingInput.parse({ section, value: SHIPPED[section] })).toEqual(settingOf(section, null));
  });

  it('takes what a stored value leaves out from the shipped one', () => {
    expect(settingOf('customers', { lostMonths: 18 }).value).toEqual({ ...DEFAULT_CUSTOMER_POLICY, lostMonths: 18 });
  });

  it('refuses a field it does not know', () => {
    expect(faults('customers', { ...DEFAULT_CUSTOMER_POLICY, colour: 'red' })).toEqual([': unrecognized_keys']);
  });
});

describe('the lists of results', () => {
  const own: CodeEntry = { code: 'own_1', zh: '试驾', en: 'Test drive' };
  const [first] = DEFAULT_RESULT_CODES.saidAbout;
  const withTopics = (...more: object[]) =>
    faults('results', { ...DEFAULT_RESULT_CODES, saidAbout: [...DEFAULT_RESULT_CODES.saidAbout, ...more] });
  it.each([
    { name: 'one of its own', more: [own], are: [] },
    { name: 'the same code twice', more: [{ ...own, code: 'waiting' }], are: ['saidAbout.9.code: settings.code_twice'] },
    { name: 'the same name twice', more: [{ ...own, zh: first?.zh }], are: ['saidAbout.9.zh: settings.name_twice'] },
    {
      name: 'the name of one that is off',
      more: [
        { ...own, off: true },
        { ...own, code: 'own_2' },
      ],
      are: [],
    },
    { name: 'no name', more: [{ ...own, zh: ' ' }], are: ['saidAbout.9.zh: required'] },
    { name: 'a code of signs', more: [{ ...own, code: 'a-b' }], are: ['saidAbout.9.code: invalid_format'] },
  ])('$name', ({ more, are }) => {
    expect(withTopics(...more)).toEqual(are);
  });

  it('lose no code: what a version leaves out, an older one too, is off at the end', () => {
    const before = settingOf('results', { causes: [own, ...DEFAULT_RESULT_CODES.causes] });
    expect(succeeding(before, settingOf('results', { causes: [] })).value).toEqual({
      ...DEFAULT_RESULT_CODES,
      causes: [own, ...DEFAULT_RESULT_CODES.causes].map((entry) => ({ ...entry, off: true })),
    });
    expect(succeeding(before, settingOf('results', null)).value).toEqual({
      ...DEFAULT_RESULT_CODES,
      causes: [...DEFAULT_RESULT_CODES.causes, { ...own, off: true }],
    });
  });
});

const general: DeadlineRow = { response: { minutes: 60 }, close: { minutes: 1440 }, businessHours: false };
const withRows = (...deadlines: object[]) => faults('complaints', { ...DEFAULT_COMPLAINT_POLICY, deadlines });
const withPolicy = (change: Partial<ComplaintPolicy>) => faults('complaints', { ...DEFAULT_COMPLAINT_POLICY, ...change });
const inOpeningHours = (response: unknown, close: unknown) => ({ source: 'phone', response, close, businessHours: true });

describe('the table of deadlines', () => {
  it.each([
    { name: 'one general row', rows: [general], are: [] },
    { name: 'no row at all', rows: [], are: ['deadlines: settings.general_row_missing'] },
    { name: 'special rows only', rows: [{ ...general, severity: 'high' }], are: ['deadlines: settings.general_row_missing'] },
    { name: 'two general rows', rows: [general, { ...general, close: { minutes: 600 } }], are: ['deadlines.1: settings.row_twice'] },
    {
      name: 'the same source twice',
      rows: [general, { ...general, source: 'sms' }, { ...general, source: 'sms' }],
      are: ['deadlines.2: settings.row_twice'],
    },
    { name: 'a branch and its leaf', rows: [general, { ...general, kind: 'sales' }, { ...general, kind: 'sales.price' }], are: [] },
    { name: 'closed when answered', rows: [{ ...general, close: { minutes: 60 } }], are: [] },
    {
      name: 'closed a minute before',
      rows: [{ ...general, close: { minutes: 59 } }],
      are: ['deadlines.0.close: settings.close_before_response'],
    },
    { name: 'answered the same day, closed in a day', rows: [{ ...general, response: 'same_day' }], are: [] },
    {
      name: 'answered the same day, closed a minute short of a day',
      rows: [{ ...general, response: 'same_day', close: { minutes: 1439 } }],
      are: ['deadlines.0.close: settings.close_before_response'],
    },
    { name: 'no minutes', rows: [{ ...general, response: { minutes: 0 } }], are: ['deadlines.0.response.minutes: too_small'] },
    { name: 'thirty days', rows: [{ ...general, close: { minutes: 43_200 } }], are: [] },
    { name: 'a minute more', rows: [{ ...general, close: { minutes: 43_201 } }], are: ['deadlines.0.close.minutes: too_big'] },
    {
      name: 'the same day in opening hours',
      rows: [general, inOpeningHours({ minutes: 30 }, 'same_day')],
      are: ['deadlines.1.close: settings.same_day_by_clock_only'],
    },
    { name: 'a week of opening hours', rows: [general, inOpeningHours({ minutes: 60 }, { minutes: LONGEST_BUSINESS_MINUTES })], are: [] },
    {
      name: 'more than that',
      rows: [general, inOpeningHours({ minutes: 60 }, { minutes: LONGEST_BUSINESS_MINUTES + 1 })],
      are: ['deadlines.1.close: settings.too_long_in_opening_hours'],
    },
  ])('$name', ({ rows, are }) => {
    expect(withRows(...rows)).toEqual(are);
  });
});

const withKinds = (...kinds: readonly (ComplaintKind | ComplaintBranch)[]) => ({
  scoring: {
    ...DEFAULT_COMPLAINT_POLICY.scoring,
    byKind: kinds.map((kind) => ({ kind, bySeverity: { low: 1, normal: 2, high: 3 } })),
  },
});

describe('escalation, copies, confirming and points', () => {
  it.each([
    { name: 'no step', change: { escalationPercents: [] }, are: [] },
    { name: 'one step for each rung', change: { escalationPercents: [50, 100, 101] }, are: [] },
    {
      name: 'more steps than rungs',
      change: { escalationPercents: [25, 50, 75, 100] },
      are: ['escalationPercents: settings.one_step_per_level'],
    },
    { name: 'the same step twice', change: { escalationPercents: [50, 50] }, are: ['escalationPercents.1: settings.percents_ascending'] },
    { name: 'nobody gets a copy', change: { copies: [] }, are: [] },
    { name: 'a role twice', change: { copies: ['GM', 'GM'] as const }, are: ['copies: settings.role_twice'] },
    { name: 'points of a kind and of its branch', change: withKinds('service', 'service.attitude'), are: [] },
    { name: 'no points by kind', change: withKinds(), are: [] },
    {
      name: 'points of a kind twice',
      change: withKinds('service', 'sales.price', 'service'),
      are: ['scoring.byKind.2: settings.row_twice'],
    },
    { name: 'nobody confirms', change: { confirmingRoles: [] }, are: ['confirmingRoles: settings.nobody_confirms'] },
  ])('$name', ({ change, are }) => {
    expect(withPolicy(change)).toEqual(are);
  });
});

const hours = (from: string, to: string) => ({ from: from as WallTime, to: to as WallTime });
const closed = { 1: null, 2: null, 3: null, 4: null, 5: null, 6: null, 7: null };
const withWeek = (week: object) => faults('calendar', { week: { ...DEFAULT_BUSINESS_CALENDAR.week, ...week }, exceptions: [] });
const closedFor = (days: number) => ({
  week: DEFAULT_BUSINESS_CALENDAR.week,
  exceptions: Array.from({ length: days }, (_, day) => ({ date: addDays(on('2027-01-01'), day), open: false })),
});

describe('the calendar', () => {
  it.each([
    { name: 'a minute of opening on a day', week: { 1: hours('09:00', '09:01') }, are: [] },
    { name: 'closed as it opens', week: { 1: hours('09:00', '09:00') }, are: ['week.1.to: settings.closes_before_opening'] },
    { name: 'a time that no clock shows', week: { 1: hours('09:00', '24:00') }, are: ['week.1.to: invalid_format'] },
    { name: 'one day of eight hours', week: { ...closed, 3: hours('09:00', '17:00') }, are: [] },
    { name: 'a minute less', week: { ...closed, 3: hours('09:00', '16:59') }, are: ['week: settings.opens_too_little'] },
    { name: 'never open', week: closed, are: ['week: settings.opens_too_little'] },
  ])('week: $name', ({ week, are }) => {
    expect(withWeek(week)).toEqual(are);
  });

  it('refuses a day entered twice and a day that does not exist', () => {
    const day = (date: string) => ({ date, open: false });
    const withDates = (...dates: string[]) => faults('calendar', { week: DEFAULT_BUSINESS_CALENDAR.week, exceptions: dates.map(day) });
    expect(withDates('2027-02-08', '2027-02-08')).toEqual(['exceptions.1.date: settings.day_twice']);
    expect(withDates('2027-02-29')).toEqual(['exceptions.0.date: date']);
    expect(withDates('')).toEqual(['exceptions.0.date: date']);
    expect(withDates('2027-13-45')).toEqual(['exceptions.0.date: date']);
  });

  it('refuses a closure without end, at its edge', () => {
    expect(faults('calendar', closedFor(LONGEST_CLOSURE_DAYS))).toEqual([]);
    expect(faults('calendar', closedFor(LONGEST_CLOSURE_DAYS + 1))).toEqual(['exceptions: settings.closed_too_long']);
  });

  it('keeps its days in order', () => {
    const dates = ['2027-10-01', '2027-01-01'].map((date) => ({ date: date as CivilDate, open: false }));
    expect(settingInput.parse({ section: 'calendar', value: { ...DEFAULT_BUSINESS_CALENDAR, exceptions: dates } }).value).toMatchObject({
      exceptions: [{ date: '2027-01-01' }, { date: '2027-10-01' }],
    });
  });
});

describe('public holidays', () => {
  const allWeek = DEFAULT_BUSINESS_CALENDAR.week;

  it('are the closed days of a store that opens every day; make-up days it keeps anyway', () => {
    const days = publicHolidays(2026, allWeek);
    expect(days.filter(({ name }) => name === '国庆节').map(({ date }) => date)).toEqual([
      '2026-10-01',
      '2026-10-02',
      '2026-10-03',
      '2026-10-04',
      '2026-10-05',
      '2026-10-06',
      '2026-10-07',
    ]);
    expect(days.every(({ open }) => !open)).toBe(true);
  });

  it('of a store closed at weekends leave out the weekend and open it on make-up days', () => {
    const days = publicHolidays(2026, { ...allWeek, 6: null, 7: null });
    expect(days.filter(({ name }) => name === '国庆节').map(({ date, open }) => `${date} ${open}`)).toEqual([
      '2026-09-20 true',
      '2026-10-01 false',
      '2026-10-02 false',
      '2026-10-05 false',
      '2026-10-06 false',
      '2026-10-07 false',
      '2026-10-10 true',
    ]);
  });

  it('of a year not yet published are none', () => {
    expect(publicHolidays(2040, allWeek)).toEqual([]);
  });

  it.each([
    { name: 'a year that is published', today: '2026-11-30', entered: [], years: [] },
    { name: 'the next one in December', today: '2026-12-01', entered: [], years: [2027] },
    { name: 'the year itself', today: '2027-02-01', entered: [], years: [2027] },
    { name: 'a year of which the store has entered a day', today: '2027-02-01', entered: ['2027-01-01'], years: [] },
    { name: 'and the next one missing again', today: '2027-12-31', entered: ['2027-01-01'], years: [2028] },
  ])('are missing of $name: $years', ({ today, entered, years }) => {
    const exceptions = entered.map((date) => ({ date: on(date), open: false }));
    expect(yearsWithoutHolidays({ week: allWeek, exceptions }, on(today))).toEqual(years);
  });

  it('never overrule what the store has entered of a day', () => {
    const own = { week: allWeek, exceptions: [{ date: on('2026-10-03'), open: true, name: '国庆促销' }] };
    const { exceptions } = withDays(own, publicHolidays(2026, allWeek));
    expect(exceptions.filter(({ date }) => date === '2026-10-03')).toEqual(own.exceptions);
    expect(exceptions.map(({ date }) => date)).toEqual(exceptions.map(({ date }) => date).toSorted());
  });
});

describe('the customer file', () => {
  const withNumbers = (change: object) => faults('customers', { ...DEFAULT_CUSTOMER_POLICY, ...change });
  it.each([
    { name: 'lost a month after being at risk', change: { atRiskMonths: 6, lostMonths: 7 }, are: [] },
    { name: 'lost at once', change: { atRiskMonths: 6, lostMonths: 6 }, are: ['lostMonths: settings.lost_before_at_risk'] },
    { name: 'one weight', change: { personWeights: { phones: 1 } }, are: [] },
    { name: 'no weight', change: { personWeights: { phones: 0 } }, are: ['personWeights: settings.nothing_weighs'] },
    { name: 'no fields', change: { companyWeights: {} }, are: ['companyWeights: settings.nothing_weighs'] },
    { name: 'a weight below nothing', change: { personWeights: { phones: -1, name: 1 } }, are: ['personWeights.phones: too_small'] },
    { name: 'a field that is not weighed', change: { personWeights: { remark: 5, name: 1 } }, are: ['personWeights: unrecognized_keys'] },
  ])('$name', ({ change, are }) => {
    expect(withNumbers(change)).toEqual(are);
  });
});

describe('the roles that need two steps', () => {
  it.each([
    { name: 'none', roles: [], are: [] },
    { name: 'one', roles: ['ADMIN'], are: [] },
    { name: 'one twice', roles: ['ADMIN', 'GM', 'ADMIN'], are: ['secondStepRoles: settings.role_twice'] },
    { name: 'one there is not', roles: ['KING'], are: ['secondStepRoles.0: invalid_value'] },
  ])('$name', ({ roles, are }) => {
    expect(faults('security', { secondStepRoles: roles })).toEqual(are);
  });
});

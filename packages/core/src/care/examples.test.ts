import { describe, expect, it } from 'vitest';
import { at, on, SHANGHAI } from '../kernel/testing.ts';
import { instantAt, type CivilDate } from '../kernel/index.ts';
import type { BirthFact } from './model.ts';
import { isAbsent, plan, runDays } from './planner.ts';
import { presetRules, type ShippedRuleKey } from './presets.ts';
import { A_POLICY, aRule, anEvent, aWindow, LONG_AGO, someFacts } from './testing.ts';

/** The occurrence of one rule for one customer in the years around the examples. */
function only(key: ShippedRuleKey, facts: Parameters<typeof someFacts>[0], window = aWindow('2024-01-01', '2028-01-01')) {
  return plan([someFacts(facts)], [aRule(key)], A_POLICY, window).occurrences;
}

const local = (text: string) => instantAt(SHANGHAI, on(text.slice(0, 10)), text.slice(11));
const dayEnd = (date: string) => at(`${date}T23:59:59.999+08:00`);
const birthday = (calendar: BirthFact['calendar'], month: number, day: number, leap = false): BirthFact => ({
  kind: 'birthday',
  recordId: 'self',
  calendar,
  monthDay: { month, day, leap },
  recordedAt: LONG_AGO,
});

describe('examples.md, care dates: delivered 2026-01-30 17:40, default preset', () => {
  const delivered = anEvent('delivery', '2026-01-30T17:40+08:00', { at: local('2026-01-30T17:40') });
  const rules = [...presetRules('combined'), ...presetRules('brand')].map((rule) => ({ ...rule, activeSince: LONG_AGO }));
  const { occurrences, suppressions } = plan([someFacts({ events: [delivered] })], rules, A_POLICY, aWindow('2026-01-01', '2026-03-15'));
  const of = (key: string) => occurrences.find((occurrence) => occurrence.ruleKey === key);

  it.each([
    { key: 'thank_you_letter', due: local('2026-01-31T17:40') },
    { key: 'first_call', due: local('2026-01-31T17:40') },
    { key: 'use_call', due: dayEnd('2026-01-31') },
    { key: 'care_call', due: dayEnd('2026-02-02') },
    { key: 'ssi_survey', due: dayEnd('2026-02-02') },
    { key: 'second_call', due: dayEnd('2026-02-06') },
    { key: 'brand_second_contact', due: dayEnd('2026-02-28') },
  ])('$key is due $due', ({ key, due }) => expect(of(key)?.dueAt).toBe(due));

  it('asks the sales manager for the first call, and makes the 48-hour contact part of it', () => {
    expect(of('first_call')).toMatchObject({ role: 'SALES_MGR', byTheHour: true });
    expect(of('brand_first_contact')).toBeUndefined();
    expect(suppressions).toContainEqual(
      expect.objectContaining({ ruleKey: 'brand_first_contact', reason: 'merged', into: of('first_call')?.key }),
    );
  });
});

describe('examples.md, care dates: yearly and before an expiry', () => {
  it.each<{ name: string; key: ShippedRuleKey; facts: Parameters<typeof someFacts>[0]; opens: string[] }>([
    {
      name: 'insurance expiry 2026-10-15',
      key: 'renewal_call_45',
      facts: { events: [anEvent('insurance_expiry', '2026-10-15')] },
      opens: ['2026-08-31'],
    },
    {
      name: 'warranty end 2026-05-31',
      key: 'warranty_call',
      facts: { events: [anEvent('warranty_end', '2026-05-31')] },
      opens: ['2026-02-28'],
    },
    {
      name: 'birthday 29 February',
      key: 'birthday_sms',
      facts: { births: [birthday('solar', 2, 29)] },
      opens: ['2024-02-23', '2025-02-22', '2026-02-22', '2027-02-22'],
    },
    {
      name: 'lunar birthday 8-15',
      key: 'birthday_sms',
      facts: { births: [birthday('lunar', 8, 15)] },
      opens: ['2024-09-11', '2025-09-30', '2026-09-19', '2027-09-09'],
    },
    {
      name: 'birthday 2 March (W-12)',
      key: 'birthday_sms',
      facts: { births: [birthday('solar', 3, 2)] },
      opens: ['2024-02-25', '2025-02-24', '2026-02-24', '2027-02-24'],
    },
  ])('$name opens on $opens', ({ key, facts, opens }) => expect(only(key, facts).map((o) => o.notBeforeOn)).toEqual(opens));

  it('takes the lunar birthday to the solar days of the source', () => {
    expect(only('birthday_sms', { births: [birthday('lunar', 8, 15)] }).map((o) => o.anchorOn)).toEqual(
      expect.arrayContaining(['2026-09-25', '2027-09-15']),
    );
  });

  it.each([
    { festival: 'mid_autumn', on: '2026-09-25', message: '2026-09-19' },
    { festival: 'spring_festival', on: '2027-02-06', message: '2027-01-31' },
    { festival: 'spring_festival', on: '2025-01-29', message: '2025-01-23' },
  ])('$festival $on is announced on $message', ({ festival, on: day, message }) => {
    expect(only('festival_sms', {})).toContainEqual(
      expect.objectContaining({
        anchorOn: day,
        notBeforeOn: message,
        dueAt: dayEnd(message),
        reason: expect.objectContaining({ params: { anchorOn: day, festival } }),
      }),
    );
  });
});

describe('requirements W-12', () => {
  const handover = anEvent('delivery', '2024-03-01T15:30+08:00', { at: local('2024-03-01T15:30') });
  it.each<{ key: ShippedRuleKey; opens: string; due: string }>([
    { key: 'thank_you_letter', opens: '2024-03-01', due: local('2024-03-02T15:30') },
    { key: 'first_call', opens: '2024-03-01', due: local('2024-03-02T15:30') },
    { key: 'brand_first_contact', opens: '2024-03-01', due: local('2024-03-03T15:30') },
    { key: 'use_call', opens: '2024-03-02', due: dayEnd('2024-03-02') },
    { key: 'ssi_survey', opens: '2024-03-02', due: dayEnd('2024-03-04') },
    { key: 'first_callback', opens: '2024-03-01', due: dayEnd('2024-03-04') },
    { key: 'care_call', opens: '2024-03-04', due: dayEnd('2024-03-04') },
    { key: 'second_call', opens: '2024-03-05', due: dayEnd('2024-03-08') },
    { key: 'brand_second_contact', opens: '2024-04-01', due: dayEnd('2024-04-01') },
  ])('handover 2024-03-01 15:30: $key is due $due', ({ key, opens, due }) => {
    expect(only(key, { events: [handover] })).toEqual([expect.objectContaining({ notBeforeOn: opens, dueAt: due })]);
  });

  it('takes "within 24 h" of a day without a time as the end of the next day (13, Time)', () => {
    expect(only('first_call', { events: [anEvent('delivery', '2024-03-01')] })[0]?.dueAt).toBe(dayEnd('2024-03-02'));
  });

  it.each<{ name: string; key: ShippedRuleKey; event: ReturnType<typeof anEvent>; opens: string }>([
    {
      name: 'two months after the last contact',
      key: 'regular_contact',
      event: anEvent('last_contact', '2024-03-08'),
      opens: '2024-05-08',
    },
    { name: 'two months, clamped', key: 'regular_contact', event: anEvent('last_contact', '2024-12-31'), opens: '2025-02-28' },
    { name: '1.5 months before expiry', key: 'renewal_call_45', event: anEvent('insurance_expiry', '2025-02-28'), opens: '2025-01-14' },
    {
      name: '3 months before the warranty ends, clamped',
      key: 'warranty_call',
      event: anEvent('warranty_end', '2027-05-31'),
      opens: '2027-02-28',
    },
  ])('$name: $opens', ({ key, event, opens }) => expect(only(key, { events: [event] })[0]?.notBeforeOn).toBe(opens));

  it.each([
    { lastVisit: '2023-11-14', absent: false },
    { lastVisit: '2023-11-15', absent: true },
    { lastVisit: '2024-05-15', absent: true },
    { lastVisit: '2024-05-16', absent: false },
  ])('run on 2024-11-15, 6–12 months: last visit $lastVisit → $absent', ({ lastVisit, absent }) =>
    expect(isAbsent(on(lastVisit), on('2024-11-15'), 6, 12)).toBe(absent),
  );

  it.each([
    { lastVisit: '2024-01-15', absent: true },
    { lastVisit: '2024-01-16', absent: false },
  ])('run on 2024-11-15, 10 months: last visit $lastVisit → $absent', ({ lastVisit, absent }) =>
    expect(isAbsent(on(lastVisit), on('2024-11-15'), 10, null)).toBe(absent),
  );

  it('makes win-back lists in the even months', () => {
    const { trigger } = aRule('win_back_call');
    if (trigger.shape !== 'absence') throw new Error('win-back is an absence rule');
    expect(runDays(trigger, aWindow('2024-01-01', '2024-12-31')).map((day) => day.slice(5, 7))).toEqual([
      '02',
      '04',
      '06',
      '08',
      '10',
      '12',
    ]);
  });
});

describe('examples.md, lost customers (source 002), on 2026-11-01', () => {
  it.each([
    { lastVisit: '2026-05-01', absent: true },
    { lastVisit: '2026-05-02', absent: false },
    { lastVisit: '2025-11-01', absent: true },
    { lastVisit: '2025-10-31', absent: false },
  ])('last visit $lastVisit → $absent', ({ lastVisit, absent }) => expect(isAbsent(on(lastVisit), on('2026-11-01'), 6, 12)).toBe(absent));

  it('plans the call at the run and not again for the same run', () => {
    const run = only('win_back_call', { events: [anEvent('last_visit', '2026-03-10')] }, aWindow('2026-11-15', '2027-03-01'));
    expect(run.map((o): CivilDate => o.notBeforeOn)).toEqual(['2026-12-01', '2027-02-01']);
    expect(new Set(run.map((o) => o.key)).size).toBe(2);
  });
});

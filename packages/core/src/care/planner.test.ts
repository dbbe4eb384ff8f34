import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  dateOfDayNumber,
  dayNumber,
  solarOfLunar,
  type CustomerId,
  type StaffId,
  type TaskId,
  type VehicleId,
} from '../kernel/index.ts';
import { at, on } from '../kernel/testing.ts';
import { candidates } from './candidates.ts';
import { solarDayIn } from './dates.ts';
import { diff, type DiffContext, type PlannedTask } from './diff.ts';
import { levelCalls } from './load.ts';
import type { BirthFact, CareFacts, CarePlan, EventFact, Occurrence, PlanWindow } from './model.ts';
import { plan } from './planner.ts';
import { PRESET_RULES, presetRules, SHIPPED_RULES } from './presets.ts';
import { revise, switchOff, switchOn } from './rules.ts';
import { A_POLICY, aRule, anEvent, aWindow, LONG_AGO, someFacts } from './testing.ts';

const ALL_ON = SHIPPED_RULES.map((rule) => ({ ...rule, activeSince: LONG_AGO }));
const objection = (purpose: 'service' | 'marketing', channel: 'phone' | 'sms') => ({ purpose, channel });
const opens = (planned: CarePlan) => planned.occurrences.map((o) => o.notBeforeOn);

describe('rules start when they are switched on', () => {
  const delivered = anEvent('delivery', '2026-03-01');
  it.each([
    { name: 'switched on in time', activeSince: at('2026-03-02T23:59+08:00'), planned: 1 },
    { name: 'switched on on the last millisecond', activeSince: at('2026-03-02T23:59:59.999+08:00'), planned: 1 },
    { name: 'switched on after it was due', activeSince: at('2026-03-03T00:00+08:00'), planned: 0 },
  ])('$name', ({ activeSince, planned }) => {
    const result = plan(
      [someFacts({ events: [delivered] })],
      [aRule('use_call', { activeSince })],
      A_POLICY,
      aWindow('2026-01-01', '2027-01-01'),
    );
    expect(result.occurrences).toHaveLength(planned);
  });

  it('plans nothing that was due before its record was known (import of old deliveries)', () => {
    const imported = { ...delivered, recordedAt: at('2026-06-01T09:00+08:00') };
    expect(
      plan([someFacts({ events: [imported] })], [aRule('use_call')], A_POLICY, aWindow('2026-01-01', '2027-01-01')).occurrences,
    ).toEqual([]);
  });

  it('plans nothing by a rule that is off', () => {
    expect(
      plan([someFacts({ events: [delivered] })], [aRule('use_call', { activeSince: null })], A_POLICY, aWindow('2026-01-01', '2027-01-01')),
    ).toEqual({
      occurrences: [],
      suppressions: [],
    });
  });

  it('spreads what is overdue at the start over one interval', () => {
    const activeSince = at('2026-06-01T09:00+08:00');
    const facts = Array.from({ length: 620 }, (_, i) =>
      someFacts({ customerId: `c${i}` as CustomerId, events: [anEvent('last_contact', '2025-01-10', { vehicleId: null })] }),
    );
    const first = plan(
      facts,
      [aRule('regular_contact', { activeSince })],
      A_POLICY,
      aWindow('2026-06-01', '2026-08-02'),
    ).occurrences.filter((o) => o.key.endsWith('|1'));
    expect(first).toHaveLength(620);
    const perDay = Map.groupBy(first, (o) => o.notBeforeOn);
    expect(perDay.size).toBeGreaterThan(55);
    expect(Math.max(...[...perDay.values()].map((day) => day.length))).toBeLessThan(30);
  });
});

describe('who gets nothing, and why', () => {
  const birthday: BirthFact = {
    kind: 'birthday',
    recordId: 'self',
    calendar: 'solar',
    monthDay: { month: 5, day: 7, leap: false },
    recordedAt: LONG_AGO,
  };
  it.each<{ name: string; facts: Partial<CareFacts>; message: string | null; call: string | null }>([
    { name: 'a plain customer with consent', facts: {}, message: null, call: null },
    { name: 'without consent', facts: { marketingConsent: [] }, message: 'no_consent', call: null },
    { name: 'with consent to another channel', facts: { marketingConsent: ['wechat'] }, message: 'no_consent', call: null },
    { name: 'difficult', facts: { difficult: true }, message: 'difficult_by_hand', call: null },
    { name: 'with an open complaint', facts: { openComplaint: true }, message: 'open_complaint', call: 'open_complaint' },
    {
      name: 'who objected to marketing',
      facts: { objections: [objection('marketing', 'sms'), objection('marketing', 'phone')] },
      message: 'objection',
      call: 'objection',
    },
    {
      name: 'who objected to advertising calls only',
      facts: { objections: [objection('marketing', 'phone')] },
      message: null,
      call: 'objection',
    },
    {
      name: 'who objected to service contact',
      facts: { objections: [objection('service', 'sms'), objection('service', 'phone')] },
      message: null,
      call: null,
    },
    { name: 'deceased', facts: { stopped: 'deceased' }, message: 'deceased', call: 'deceased' },
    { name: 'whose cars are gone', facts: { stopped: 'transferred' }, message: 'transferred', call: 'transferred' },
  ])('a customer $name', ({ facts, message, call }) => {
    const events = [anEvent('insurance_expiry', '2026-06-15')];
    const planned = plan(
      [someFacts({ ...facts, events, births: [birthday] })],
      [aRule('birthday_sms'), aRule('renewal_call_45')],
      A_POLICY,
      aWindow('2026-05-01', '2026-05-03'),
    );
    const reasonOf = (key: string) => planned.suppressions.find((s) => s.ruleKey === key)?.reason ?? null;
    expect({ message: reasonOf('birthday_sms'), call: reasonOf('renewal_call_45') }).toEqual({ message, call });
    expect(planned.occurrences).toHaveLength(Number(message === null) + Number(call === null));
  });

  it('keeps the most urgent of more marketing messages than a week may have', () => {
    const births = ['self', 'son', 'wife'].map((recordId): BirthFact => ({
      ...birthday,
      recordId,
      kind: recordId === 'self' ? 'birthday' : 'family_birthday',
    }));
    const planned = plan(
      [someFacts({ births })],
      [aRule('birthday_sms'), aRule('family_birthday_sms')],
      { ...A_POLICY, mergeHours: -1 },
      aWindow('2026-01-01', '2027-01-01'),
    );
    expect(planned.occurrences.map((o) => o.ruleKey)).toEqual(['birthday_sms', 'family_birthday_sms']);
    expect(planned.suppressions).toEqual([expect.objectContaining({ ruleKey: 'family_birthday_sms', reason: 'weekly_limit' })]);
  });

  it('asks for the points of those who have some, ten months after the visit, once', () => {
    const events = [anEvent('last_visit', '2025-01-15', { vehicleId: null })];
    const window = aWindow('2025-06-01', '2027-01-01');
    expect(opens(plan([someFacts({ events, points: 1 })], [aRule('points_call')], A_POLICY, window))).toEqual(['2025-12-01']);
    expect(opens(plan([someFacts({ events, points: 0 })], [aRule('points_call')], A_POLICY, window))).toEqual([]);
  });

  it('lists an owner with one contact in his year, not one with two', () => {
    const events = [anEvent('delivery', '2025-01-30')];
    const listed = (contactedOn: string[]) =>
      plan(
        [someFacts({ events, contactedOn: contactedOn.map(on) })],
        [aRule('brand_minimum')],
        A_POLICY,
        aWindow('2025-01-01', '2026-02-01'),
      ).occurrences;
    expect(listed(['2025-03-01'])).toEqual([expect.objectContaining({ notBeforeOn: '2025-11-30', outcome: 'check' })]);
    expect(listed(['2025-01-30', '2025-03-01'])).toEqual([]);
    expect(listed(['2025-03-01', '2026-01-30'])).toHaveLength(1);
  });
});

describe('merging (requirements 5.2)', () => {
  const twoCars = (second: string) => [
    anEvent('insurance_expiry', '2026-06-15'),
    anEvent('insurance_expiry', second, { vehicleId: 'v2' as VehicleId, recordId: 'p2' }),
  ];
  it.each([
    { name: '48 hours apart become one', second: '2026-06-17', planned: 1 },
    { name: 'a day further apart stay two', second: '2026-06-18', planned: 2 },
  ])('two calls of one purpose $name', ({ second, planned }) => {
    const result = plan(
      [someFacts({ events: twoCars(second) })],
      [aRule('renewal_call_45')],
      A_POLICY,
      aWindow('2026-01-01', '2027-01-01'),
    );
    expect(result.occurrences).toHaveLength(planned);
    expect(result.suppressions.filter((s) => s.reason === 'merged')).toHaveLength(2 - planned);
  });

  it('gives one car with two policies of one day one occurrence', () => {
    const result = plan(
      [someFacts({ events: twoCars('2026-06-15').map((event) => ({ ...event, vehicleId: 'v1' as VehicleId })) })],
      [aRule('renewal_call_45')],
      A_POLICY,
      aWindow('2026-01-01', '2027-01-01'),
    );
    expect(result).toMatchObject({ occurrences: [{}], suppressions: [] });
  });
});

// A task row as the database would hold it after the changes.
function carryOut(tasks: readonly PlannedTask[], planned: CarePlan, context: DiffContext): PlannedTask[] {
  const changes = diff(planned, tasks, context);
  const rows = new Map(tasks.map((task) => [task.taskId, task]));
  const row = (taskId: TaskId, o: Occurrence, status: PlannedTask['status']): PlannedTask => ({
    taskId,
    key: o.key,
    slot: o.slot,
    ruleKey: o.ruleKey,
    status,
    anchorOn: o.anchorOn,
    notBeforeOn: o.notBeforeOn,
    dueAt: o.dueAt,
    lapsesAt: o.lapsesAt,
  });
  for (const { occurrence, status } of changes.create)
    rows.set(occurrence.key as string as TaskId, row(occurrence.key as string as TaskId, occurrence, status));
  for (const { taskId, to } of changes.move) rows.set(taskId, row(taskId, to, 'open'));
  for (const { taskId } of changes.cancel) rows.set(taskId, { ...rows.get(taskId)!, status: 'cancelled' }); // cancelled tasks were given in
  return [...rows.values()];
}

describe('what changes when facts change', () => {
  const window = aWindow('2026-01-01', '2027-01-01');
  const context: DiffContext = {
    now: at('2026-04-01T08:00+08:00'),
    lastRunAt: at('2026-03-31T08:00+08:00'),
    window,
    activeRules: new Set(ALL_ON.map((rule) => rule.key)),
    correctionDays: 31,
  };
  const rules = [aRule('renewal_call_45'), aRule('birthday_sms')];
  const expiring = (date: string, recordId = 'p1') => someFacts({ events: [anEvent('insurance_expiry', date, { recordId })] });
  const first = carryOut([], plan([expiring('2026-10-15')], rules, A_POLICY, window), context);
  const done = first.map((task): PlannedTask => ({ ...task, status: 'done' }));
  const after = (facts: CareFacts, tasks = first, now = context.now) =>
    diff(plan([facts], rules, A_POLICY, window), tasks, { ...context, now });

  it('moves the open task with its date', () => {
    expect(after(expiring('2026-11-15'))).toMatchObject({
      create: [],
      move: [{ taskId: first[0]!.taskId, to: { notBeforeOn: '2026-10-01' } }],
      cancel: [],
    });
  });
  it('cancels it when the date is gone', () =>
    expect(after(someFacts())).toEqual({ create: [], move: [], cancel: [{ taskId: first[0]!.taskId, reason: 'anchor_gone' }] }));
  it('cancels it when the customer objects, and says so', () => {
    expect(after({ ...expiring('2026-10-15'), objections: [objection('marketing', 'phone')] }).cancel).toEqual([
      { taskId: first[0]!.taskId, reason: 'objection' },
    ]);
  });
  it('brings a cancelled task back instead of making a second one', () => {
    const gone = carryOut(first, plan([someFacts()], rules, A_POLICY, window), context);
    expect(after(expiring('2026-10-15'), gone)).toMatchObject({ create: [], move: [{ taskId: first[0]!.taskId }], cancel: [] });
  });
  it.each([
    { name: '31 days: the same event', date: '2026-11-15', created: 0 },
    { name: '32 days: a new one', date: '2026-11-16', created: 1 },
  ])('does not ask again what was done when the date moves by $name', ({ date, created }) =>
    expect(after(expiring(date), done).create).toHaveLength(created),
  );
  it('plans a new policy beside the old one', () => expect(after(expiring('2026-11-10', 'p2'), done).create).toHaveLength(1));

  it.each([
    { name: 'lapsed since the last run', lastRunAt: '2026-09-07T08:00+08:00', created: ['missed'] },
    { name: 'lapsed before the last run', lastRunAt: '2026-09-08T08:00+08:00', created: [] },
  ])('an occurrence without a task that $name', ({ lastRunAt, created }) => {
    const late = { ...context, now: at('2026-09-20T08:00+08:00'), lastRunAt: at(lastRunAt) };
    expect(diff(plan([expiring('2026-10-15')], rules, A_POLICY, window), [], late).create.map((c) => c.status)).toEqual(created);
  });

  it('cancels what a rule planned that was switched off', () => {
    const off = { ...context, activeRules: new Set<never>() };
    expect(diff({ occurrences: [], suppressions: [] }, first, off).cancel).toEqual([{ taskId: first[0]!.taskId, reason: 'rule_off' }]);
  });
});

// Facts of a few customers over two years, dense enough that occurrences meet, merge and are limited.
const eventKinds = ['delivery', 'hand_back', 'insurance_expiry', 'warranty_end', 'inspection_due', 'maintenance_due'] as const;
const day = fc.integer({ min: dayNumber(on('2025-06-01')), max: dayNumber(on('2026-12-31')) }).map(dateOfDayNumber);
const event: fc.Arbitrary<EventFact> = fc
  .tuple(fc.constantFrom(...eventKinds), day, fc.constantFrom('v1', 'v2'), fc.integer({ min: 0, max: 9 }))
  .map(([kind, date, vehicle, record]) => anEvent(kind, date, { vehicleId: vehicle as VehicleId, recordId: `${kind}-${record}` }));
const single = (kind: 'last_contact' | 'last_visit' | 'last_verified') =>
  day.map((date) => anEvent(kind, date, { vehicleId: null, recordId: 'customer' }));
const birth: fc.Arbitrary<BirthFact> = fc
  .tuple(
    fc.constantFrom('birthday' as const, 'family_birthday' as const),
    fc.constantFrom('solar' as const, 'lunar' as const),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([kind, calendar, month, date]) => ({
    kind,
    recordId: kind,
    calendar,
    monthDay: { month, day: date, leap: false },
    recordedAt: LONG_AGO,
  }));
const customer: fc.Arbitrary<CareFacts> = fc
  .record({
    customerId: fc.constantFrom('c1', 'c2', 'c3').map((id) => id as CustomerId),
    events: fc
      .tuple(
        fc.uniqueArray(event, { maxLength: 12, selector: (e) => e.recordId }),
        single('last_contact'),
        single('last_visit'),
        single('last_verified'),
      )
      .map(([many, ...singles]) => [...many, ...singles]),
    births: fc.array(birth, { maxLength: 2 }),
    points: fc.integer({ min: 0, max: 2 }),
    openComplaint: fc.boolean(),
  })
  .map(someFacts);
const customers = fc.uniqueArray(customer, { maxLength: 3, selector: (c) => c.customerId });
const window: fc.Arbitrary<PlanWindow> = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 2, max: 120 }))
  .map(([start, length]) => ({ from: addDays(on('2026-01-01'), start), to: addDays(on('2026-01-01'), start + length) }));

describe('laws', () => {
  it('planning twice is planning once', () => {
    fc.assert(
      fc.property(customers, window, (facts, days) => {
        const context = {
          now: at(`${days.from}T00:00Z`),
          lastRunAt: null,
          window: days,
          activeRules: new Set(ALL_ON.map((r) => r.key)),
          correctionDays: 31,
        };
        const planned = plan(facts, ALL_ON, A_POLICY, days);
        const tasks = carryOut([], planned, context);
        expect(plan(facts, ALL_ON, A_POLICY, days)).toEqual(planned);
        expect(diff(planned, tasks, context)).toEqual({ create: [], move: [], cancel: [] });
        expect(new Set(tasks.map((task) => task.key)).size).toBe(tasks.length);
      }),
    );
  });

  it('planning in two halves is planning the whole', () => {
    fc.assert(
      fc.property(customers, window, fc.double({ min: 0, max: 1, noNaN: true }), (facts, days, cut) => {
        const middle = addDays(days.from, Math.floor(cut * (dayNumber(days.to) - dayNumber(days.from))));
        const whole = plan(facts, ALL_ON, A_POLICY, days);
        const halves = [
          plan(facts, ALL_ON, A_POLICY, { from: days.from, to: middle }),
          plan(facts, ALL_ON, A_POLICY, { from: middle, to: days.to }),
        ];
        const sorted = (items: readonly { key: string }[]) => items.toSorted((a, b) => (a.key < b.key ? -1 : 1));
        expect(sorted(halves.flatMap((half) => half.occurrences))).toEqual(sorted(whole.occurrences));
        expect(sorted(halves.flatMap((half) => half.suppressions))).toEqual(sorted(whole.suppressions));
      }),
    );
  });

  it('plans the same from the candidates of a window as from everybody', () => {
    fc.assert(
      fc.property(customers, window, (facts, wide) => {
        const days = { from: wide.from, to: addDays(wide.from, 3) };
        const sought = candidates(ALL_ON, days);
        const within = (on: string, { from, to }: { from: string; to: string }) => from <= on && on <= to;
        const isSought = (one: CareFacts) =>
          sought.everyone ||
          one.events.some(
            (e) =>
              sought.ranges.some((range) => range.anchor === e.kind && within(e.on, range)) ||
              sought.intervals.some((interval) => interval.anchor === e.kind && e.on <= interval.to) ||
              (e.kind === 'delivery' && sought.deliveredOn.includes(e.on)),
          ) ||
          one.births.some((b) =>
            b.calendar === 'solar'
              ? sought.bornOn.solar.includes(solarDayIn(1980, b.monthDay.month, b.monthDay.day))
              : sought.bornOn.lunar.includes(solarOfLunar(1980, b.monthDay)),
          );
        // Family birthdays have no table yet and are not sought.
        const rules = ALL_ON.filter((rule) => rule.outcome !== 'check' && rule.anchor !== 'family_birthday');
        expect(plan(facts.filter(isSought), rules, A_POLICY, days).occurrences).toEqual(plan(facts, rules, A_POLICY, days).occurrences);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    { name: 'as they came', order: <T>(items: T[]) => items },
    { name: 'the other way round', order: <T>(items: T[]) => items.toReversed() },
  ])('makes one call of two policies that end on one day, $name', ({ order }) => {
    const events = order([
      anEvent('insurance_expiry', '2026-06-15', { recordId: 'p2', recordedAt: at('2026-01-02T09:00+08:00') }),
      anEvent('insurance_expiry', '2026-06-15', { recordId: 'p1' }),
    ]);
    const { occurrences } = plan([someFacts({ events })], [aRule('renewal_call_15')], A_POLICY, aWindow('2026-01-01', '2027-01-01'));
    expect(occurrences.map((o) => o.anchorRecordId)).toEqual(['p1']);
  });

  it('does not depend on the order of customers, events or rules', () => {
    fc.assert(
      fc.property(customers, window, (facts, days) => {
        const turned = facts.toReversed().map((one) => ({ ...one, events: one.events.toReversed(), births: one.births.toReversed() }));
        expect(plan(turned, ALL_ON.toReversed(), A_POLICY, days)).toEqual(plan(facts, ALL_ON, A_POLICY, days));
      }),
    );
  });

  it('gives everyone exactly one birthday message a year, leap months and 29 February included', () => {
    const months = fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 29 }), leap: fc.boolean() });
    fc.assert(
      fc.property(months, fc.constantFrom('solar' as const, 'lunar' as const), (monthDay, calendar) => {
        const births: BirthFact[] = [{ kind: 'birthday', recordId: 'self', calendar, monthDay, recordedAt: LONG_AGO }];
        const planned = plan([someFacts({ births })], [aRule('birthday_sms')], A_POLICY, aWindow('2020-01-01', '2050-01-01')).occurrences;
        // A lunar year is 354 or 384 days long; anniversaries never come twice in ten months nor stay out for fourteen.
        const gaps = planned.slice(1).map((o, i) => dayNumber(o.anchorOn) - dayNumber(planned[i]!.anchorOn));
        expect(Math.min(...gaps)).toBeGreaterThan(calendar === 'solar' ? 364 : 324);
        expect(Math.max(...gaps)).toBeLessThan(calendar === 'solar' ? 367 : 415);
      }),
      { numRuns: 60 },
    );
  });
});

describe('daily cap per person', () => {
  const call = (id: string, showOn: string, latestOn: string, priority = 3) => ({
    taskId: id as TaskId,
    assigneeId: 's1' as StaffId,
    showOn: on(showOn),
    latestOn: on(latestOn),
    priority,
  });
  it('moves the least urgent to the next days, and what cannot wait stays above the cap', () => {
    const calls = [
      call('a', '2026-05-01', '2026-05-08', 1),
      call('b', '2026-05-01', '2026-05-08', 5),
      call('c', '2026-05-01', '2026-05-08', 4),
      call('d', '2026-05-01', '2026-05-01', 5),
      call('e', '2026-05-02', '2026-05-09', 3),
    ];
    expect(levelCalls(calls, 2)).toEqual([
      { taskId: 'c', from: '2026-05-01', to: '2026-05-02' },
      { taskId: 'b', from: '2026-05-01', to: '2026-05-03' },
    ]);
    expect(levelCalls(calls, 4)).toEqual([]);
  });
  it('keeps every call, none after its last day (law)', () => {
    const calls = fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 999 }),
        show: fc.integer({ min: 0, max: 10 }),
        wait: fc.integer({ min: 0, max: 8 }),
        priority: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 5 }), (rows, cap) => {
        const given = rows.map((row, i) => ({
          ...call(`${i}`, '2026-05-01', '2026-05-01', row.priority),
          showOn: addDays(on('2026-05-01'), row.show),
          latestOn: addDays(on('2026-05-01'), row.show + row.wait),
        }));
        const moved = new Map(levelCalls(given, cap).map((move) => [move.taskId, move.to]));
        const after = given.map((one) => ({ ...one, showOn: moved.get(one.taskId) ?? one.showOn }));
        expect(after.every((one) => one.showOn <= one.latestOn)).toBe(true);
        for (const [showOn, ofDay] of Map.groupBy(after, (one) => one.showOn))
          expect(ofDay.filter((one) => one.latestOn > showOn).length).toBeLessThanOrEqual(cap);
        expect(levelCalls(after, cap)).toEqual([]);
      }),
    );
  });
});

describe('rules as data', () => {
  it('ships every rule in a state that can be planned, each with its source', () => {
    for (const rule of SHIPPED_RULES) {
      expect(revise(rule), rule.key).toMatchObject({ ok: true });
      expect(rule.source).not.toBe('');
    }
  });
  it('uses every shipped rule in some preset', () => {
    const used = new Set(Object.values(PRESET_RULES).flat());
    expect(SHIPPED_RULES.filter((rule) => !used.has(rule.key as string as never)).map((rule) => rule.key)).toEqual([]);
  });
  it('marks what is ours', () => {
    const added = presetRules('combined').filter((rule) => rule.origin === 'added');
    expect(added.every((rule) => rule.ours !== undefined)).toBe(true);
  });
  it.each([
    {
      name: 'a window that ends before it opens',
      change: { trigger: { shape: 'after', notBefore: { amount: 3, unit: 'day' }, due: { amount: 1, unit: 'day' } } },
      refusal: 'care.window_ends_before_it_opens',
    },
    {
      name: 'an offset before the event in "after"',
      change: { trigger: { shape: 'after', notBefore: { amount: -1, unit: 'day' }, due: { amount: 1, unit: 'day' } } },
      refusal: 'care.after_lies_before',
    },
    { name: 'a call as a message', change: { outcome: 'message' }, refusal: 'care.channel_needs_person' },
    { name: 'a survey by the seller himself', change: { result: 'ssi' }, refusal: 'care.survey_by_seller' },
    { name: 'a festival without festivals', change: { anchor: 'festival' }, refusal: 'care.shape_needs_festival' },
  ] as const)('refuses $name', ({ change, refusal }) => expect(revise(aRule('use_call', change))).toEqual({ ok: false, refusal }));
  it('switches on and off once', () => {
    const off = aRule('use_call', { activeSince: null });
    const now = at('2026-05-01T09:00+08:00');
    expect(switchOn(off, now)).toMatchObject({ ok: true, value: { activeSince: now } });
    expect(switchOn(aRule('use_call'), now)).toEqual({ ok: false, refusal: 'care.already_on' });
    expect(switchOff(off)).toEqual({ ok: false, refusal: 'care.already_off' });
  });
});

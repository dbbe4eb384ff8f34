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
import { offsetReachDays, solarDayIn, storeClock } from './dates.ts';
import { diff, type DiffContext, type PlannedTask } from './diff.ts';
import {
  crowdedQueues,
  levelCalls,
  roomOfRoles,
  roomToWait,
  type Caller,
  type CallQueue,
  type DayLoad,
  type MovedCall,
  type PlannedCall,
  type Room,
} from './load.ts';
import type { BirthFact, CareFacts, CarePlan, CarePolicy, CareRule, EventFact, Occurrence, Offset, PlanWindow } from './model.ts';
import { plan } from './planner.ts';
import { PRESET_RULES, presetRules, SHIPPED_RULES } from './presets.ts';
import { revise, onSince, switchOff, switchOn } from './rules.ts';
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

describe('working days are those of the store', () => {
  const closed = (date: string) => ({ date: on(date), open: false });
  const worked = (date: string) => ({ date: on(date), open: true });
  // Friday 2026-03-06; the official calendar has no holiday in that month.
  it.each([
    { name: 'by the official calendar', days: [], opens: '2026-03-10' },
    { name: 'with a Saturday the store works', days: [worked('2026-03-07')], opens: '2026-03-09' },
    { name: 'with a Monday it is closed', days: [closed('2026-03-09')], opens: '2026-03-11' },
    { name: 'with a Sunday it is closed anyhow', days: [closed('2026-03-08')], opens: '2026-03-10' },
    {
      name: 'with three weeks closed',
      days: Array.from({ length: 21 }, (_, i) => closed(addDays(on('2026-03-07'), i))),
      opens: '2026-03-31',
    },
  ])('two working days after a Friday, $name: $opens', ({ days, opens: expected }) => {
    const rule = aRule('use_call', {
      trigger: { shape: 'after', notBefore: { amount: 2, unit: 'working_day' }, due: { amount: 3, unit: 'working_day' } },
    });
    const policy = { ...A_POLICY, calendarDays: days };
    const planned = plan([someFacts({ events: [anEvent('delivery', '2026-03-06')] })], [rule], policy, aWindow('2026-01-01', '2027-01-01'));
    expect(opens(planned)).toEqual([expected]);
  });

  it('leaves other units alone', () => {
    const policy = { ...A_POLICY, calendarDays: [closed('2026-03-07')] };
    const planned = plan(
      [someFacts({ events: [anEvent('delivery', '2026-03-06')] })],
      [aRule('use_call')],
      policy,
      aWindow('2026-01-01', '2027-01-01'),
    );
    expect(opens(planned)).toEqual(['2026-03-07']);
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

  it.each([
    // Each begins 48 hours of its own; what comes later is not lost in a chain.
    { name: 'day after day', days: [1, 2, 3, 4, 5, 6, 7, 8, 9], planned: [1, 4, 7] },
    { name: 'every other day', days: [1, 3, 5, 7], planned: [1, 5] },
    { name: 'two pairs', days: [1, 2, 9, 10], planned: [1, 9] },
  ])('calls of one purpose $name begin anew after 48 hours', ({ days, planned }) => {
    const events = days.map((day) =>
      anEvent('insurance_expiry', `2026-06-0${day}`.replace('010', '10'), { vehicleId: `v${day}` as VehicleId, recordId: `p${day}` }),
    );
    const result = plan([someFacts({ events })], [aRule('renewal_call_45')], A_POLICY, aWindow('2026-01-01', '2027-01-01'));
    const firstDay = Date.parse(result.occurrences[0]!.dueAt);
    expect(result.occurrences.map(({ dueAt }) => (Date.parse(dueAt) - firstDay) / 86_400_000 + 1)).toEqual(planned);
    const keys = new Set(result.occurrences.map(({ key }) => key));
    expect(result.suppressions.map(({ into }) => into !== null && keys.has(into))).toEqual(days.slice(planned.length).map(() => true));
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
    promised: false,
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
  it('keeps a call that was promised although its date is gone, but not against the customer or a rule switched off', () => {
    const promised = first.map((task): PlannedTask => ({ ...task, promised: true }));
    expect(after(someFacts(), promised)).toEqual({ create: [], move: [], cancel: [] });
    const objecting = { ...expiring('2026-10-15'), objections: [objection('marketing', 'phone')] };
    expect(after(objecting, promised).cancel).toEqual([{ taskId: first[0]!.taskId, reason: 'objection' }]);
    const off = { ...context, activeRules: new Set<never>() };
    expect(diff({ occurrences: [], suppressions: [] }, promised, off).cancel).toEqual([{ taskId: first[0]!.taskId, reason: 'rule_off' }]);
  });
  it('leaves a promised call its later last moment, and takes up a later one of the rule', () => {
    const to = (lapsesAt: string) => first.map((task): PlannedTask => ({ ...task, promised: true, lapsesAt: at(lapsesAt) }));
    expect(after(expiring('2026-10-15'), to('2026-12-01T23:59:59.999+08:00')).move).toEqual([]);
    expect(after(expiring('2026-10-15'), to('2026-08-01T23:59:59.999+08:00')).move).toHaveLength(1);
    const ours = to('2026-12-01T23:59:59.999+08:00').map((task) => ({ ...task, promised: false }));
    expect(after(expiring('2026-10-15'), ours).move).toHaveLength(1);
  });
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

  const isSoughtBy = (rules: readonly CareRule[], policy: CarePolicy, days: PlanWindow) => {
    const sought = candidates(rules, policy, days);
    const within = (on: string, { from, to }: { from: string; to: string }) => from <= on && on <= to;
    return (one: CareFacts) =>
      sought.everyone ||
      one.events.some(
        (e) =>
          sought.ranges.some((range) => range.anchor === e.kind && within(e.on, range)) ||
          sought.intervals.some((interval) => interval.anchor === e.kind && e.on <= interval.to && interval.hasTurn(one.customerId, e)) ||
          (e.kind === 'delivery' && sought.deliveredOn.includes(e.on)),
      ) ||
      one.births.some((b) =>
        b.calendar === 'solar'
          ? sought.bornOn.solar.includes(solarDayIn(1980, b.monthDay.month, b.monthDay.day))
          : sought.bornOn.lunar.includes(solarOfLunar(1980, b.monthDay)),
      );
  };

  it('plans the same from the candidates of a window as from everybody', () => {
    fc.assert(
      fc.property(customers, window, (facts, wide) => {
        const days = { from: wide.from, to: addDays(wide.from, 3) };
        // Family birthdays have no table yet and are not sought.
        const rules = ALL_ON.filter((rule) => rule.outcome !== 'check' && rule.anchor !== 'family_birthday');
        const sought = facts.filter(isSoughtBy(rules, A_POLICY, days));
        expect(plan(sought, rules, A_POLICY, days).occurrences).toEqual(plan(facts, rules, A_POLICY, days).occurrences);
      }),
      { numRuns: 30 },
    );
  });

  // Days a store enters: closed for weeks, at work on others.
  const closure = fc
    .tuple(day, fc.integer({ min: 1, max: 40 }))
    .map(([from, length]) => Array.from({ length }, (_, i) => addDays(from, i)));
  const calendar = fc
    .tuple(fc.array(closure, { maxLength: 2 }), fc.uniqueArray(day, { maxLength: 10 }))
    .map(([closed, worked]) =>
      [...new Map([...closed.flat().map((date) => [date, false] as const), ...worked.map((date) => [date, true] as const)])].map(
        ([date, open]) => ({ date, open }),
      ),
    );

  it('finds exactly the days that lie a number of working days from a window, and none further than it reckons with', () => {
    const amounts = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(calendar, amounts, amounts, window, (calendarDays, amount, other, { from, to }) => {
        const clock = storeClock({ ...A_POLICY, calendarDays });
        const offset: Offset = { amount, unit: 'working_day' };
        const [notBefore, due] = [Math.min(amount, other), Math.max(amount, other)].map((n): Offset => ({
          amount: n,
          unit: 'working_day',
        }));
        const range = clock.before(offset, from, to);
        for (let on = addDays(from, -90); on <= addDays(to, 90); on = addDays(on, 1)) {
          const at = clock.at(on, offset);
          expect([on, from <= at && at <= to]).toEqual([on, range.from <= on && on <= range.to]);
          const open = dayNumber(clock.at(on, due!)) - dayNumber(clock.at(on, notBefore!)); // both are given
          expect(open).toBeLessThanOrEqual(
            offsetReachDays(due!) - offsetReachDays(notBefore!) + clock.doubt(due!) + clock.doubt(notBefore!),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('counts working days alike in one piece, in two, and from the candidates, whatever days a store enters', () => {
    const workingDays = (amount: number): Offset => ({ amount, unit: 'working_day' });
    const all = [
      aRule('use_call', { trigger: { shape: 'after', notBefore: workingDays(2), due: workingDays(4) } }),
      aRule('second_call', { trigger: { shape: 'after', notBefore: { amount: 1, unit: 'day' }, due: workingDays(6) } }),
      aRule('renewal_call_15', { trigger: { shape: 'before', notBefore: workingDays(-9), due: workingDays(-1) } }),
      aRule('regular_contact', { trigger: { shape: 'interval', every: workingDays(7) } }),
      aRule('purchase_anniversary', { trigger: { shape: 'yearly', notBefore: workingDays(-3), due: workingDays(0) } }),
    ];
    // One rule at a time too: what one seeks would hide what another misses.
    const someRules = fc.constantFrom(all, ...all.map((rule) => [rule]));
    fc.assert(
      fc.property(
        someRules,
        customers,
        window,
        calendar,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rules, facts, days, calendarDays, cut) => {
          const policy = { ...A_POLICY, calendarDays };
          const middle = addDays(days.from, Math.floor(cut * (dayNumber(days.to) - dayNumber(days.from))));
          const whole = plan(facts, rules, policy, days).occurrences;
          const halves = [
            { from: days.from, to: middle },
            { from: middle, to: days.to },
          ].flatMap((half) => plan(facts.filter(isSoughtBy(rules, policy, half)), rules, policy, half).occurrences);
          const keys = (occurrences: readonly Occurrence[]) => occurrences.map((o) => `${o.key} ${o.notBeforeOn} ${o.dueAt}`).toSorted();
          expect(keys(halves)).toEqual(keys(whole));
        },
      ),
      { numRuns: 40 },
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

const SELLER = { assigneeId: 's1' as StaffId } satisfies CallQueue;
const AGENTS = { assigneeId: null, role: 'FU_AGENT' } satisfies CallQueue;
const nameOf = (queue: CallQueue) => queue.assigneeId ?? queue.role;

function loadsOf(calls: readonly PlannedCall[]): DayLoad[] {
  return [...Map.groupBy(calls, (one) => `${nameOf(one)} ${one.showOn}`).values()].map((ofDay) => {
    const one = ofDay[0]!; // groups are not empty
    return { ...one, calls: ofDay.length, canWait: ofDay.filter(({ latestOn }) => latestOn > one.showOn).length };
  });
}

describe('daily cap per person', () => {
  const call = (key: string, showOn: string, latestOn: string, priority = 3, queue: CallQueue = SELLER): PlannedCall => ({
    ...queue,
    taskId: key as TaskId,
    key,
    showOn: on(showOn),
    latestOn: on(latestOn),
    priority,
  });
  const openAlways = () => true;
  const brief = (moves: readonly MovedCall[]) => moves.map(({ call: { key, showOn }, to }) => `${key} ${showOn.slice(8)}→${to.slice(8)}`);

  it('moves the least urgent to the next days, and what cannot wait stays above the cap', () => {
    const calls = [
      call('a', '2026-05-01', '2026-05-08', 1),
      call('b', '2026-05-01', '2026-05-08', 5),
      call('c', '2026-05-01', '2026-05-08', 4),
      call('d', '2026-05-01', '2026-05-01', 5),
      call('e', '2026-05-02', '2026-05-09', 3),
    ];
    expect(brief(levelCalls(calls, () => 2, openAlways))).toEqual(['c 01→02', 'b 01→03']);
    expect(levelCalls(calls, () => 4, openAlways)).toEqual([]);
  });

  it('passes over days the store is closed, and stays before them when nothing else is left', () => {
    const calls = [
      call('a', '2026-05-01', '2026-05-09'),
      call('b', '2026-05-01', '2026-05-09'),
      call('c', '2026-05-01', '2026-05-03'),
      call('d', '2026-05-02', '2026-05-09'),
    ];
    const isOpen = (day: string) => day !== '2026-05-02' && day !== '2026-05-03';
    expect(brief(levelCalls(calls, () => 1, isOpen))).toEqual(['a 01→04', 'b 01→05']);
  });

  it.each([
    { name: 'two people without calls of their own', own: {}, room: 80 },
    { name: 'one with ten calls of his own', own: { s1: 10 }, room: 70 },
    { name: 'one beyond the cap, who takes nothing from the other', own: { s1: 55 }, room: 40 },
    { name: 'both beyond the cap', own: { s1: 40, s2: 41 }, room: 0 },
  ])('leaves a role what its people have left: $name', ({ own, room }) => {
    const people = ['s1', 's2'].map((id) => ({ staffId: id as StaffId, role: 'FU_AGENT' }));
    const loads = Object.entries(own).map(([id, calls]) => ({ assigneeId: id as StaffId, showOn: on('2026-05-01'), calls, canWait: 0 }));
    const roomOf = roomOfRoles(people, loads, [], 40);
    expect(roomOf(AGENTS, on('2026-05-01'))).toBe(room);
    expect(roomOf(AGENTS, on('2026-05-02'))).toBe(80);
    expect(roomOf({ assigneeId: null, role: 'RENEWAL' }, on('2026-05-01'))).toBe(Infinity);
  });

  it('counts the calls of people where they have moved to', () => {
    const people = [{ staffId: SELLER.assigneeId, role: 'FU_AGENT' }];
    const own = ['a', 'b', 'c'].map((key) => call(key, '2026-05-01', '2026-05-09'));
    const moves = levelCalls(own, () => 2, openAlways);
    const roomOf = roomOfRoles(people, loadsOf(own), moves, 2);
    expect([roomOf(AGENTS, on('2026-05-01')), roomOf(AGENTS, on('2026-05-02'))]).toEqual([0, 1]);
  });

  // Calls of two people of a role and of the role itself; the store may close on some of the days.
  const day1 = on('2026-05-01');
  const scene = fc.record({
    cap: fc.integer({ min: 1, max: 3 }),
    people: fc.constantFrom<readonly Caller[]>(
      [],
      [{ staffId: 's1' as StaffId, role: 'FU_AGENT' }],
      ['s1', 's2'].map((id) => ({ staffId: id as StaffId, role: 'FU_AGENT' })),
    ),
    closed: fc
      .uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 4 })
      .map((days) => new Set<string>(days.map((i) => addDays(day1, i)))),
    calls: fc
      .array(
        fc.record({
          show: fc.integer({ min: 0, max: 6 }),
          wait: fc.integer({ min: 0, max: 8 }),
          priority: fc.integer({ min: 1, max: 5 }),
          queue: fc.constantFrom(SELLER, { assigneeId: 's2' as StaffId }, AGENTS, AGENTS, AGENTS),
        }),
        { maxLength: 30 },
      )
      .map((rows) =>
        rows.map((row, i) => call(`${i}`, addDays(day1, row.show), addDays(day1, row.show + row.wait), row.priority, row.queue)),
      ),
  });
  type Scene = Omit<typeof scene extends fc.Arbitrary<infer T> ? T : never, 'calls'>;

  /** Levels as the planner does: what people have of their own, then what the role shares, each as far as it is crowded. */
  function levelled(calls: readonly PlannedCall[], { cap, people, closed }: Scene): PlannedCall[] {
    const isOpen = (date: string) => !closed.has(date);
    const loads = loadsOf(calls);
    const level = (of: readonly DayLoad[], whole: Room) => {
      const room = roomToWait(of, whole);
      const crowded = new Set(crowdedQueues(of, room, isOpen).map(nameOf));
      const canWait = calls.filter((one) => crowded.has(nameOf(one)) && one.latestOn > one.showOn);
      return levelCalls(canWait, room, isOpen);
    };
    const own = loads.filter(({ assigneeId }) => assigneeId !== null);
    const ownMoves = level(own, () => cap);
    const moves = level(
      loads.filter(({ assigneeId }) => assigneeId === null),
      roomOfRoles(people, own, ownMoves, cap),
    );
    const to = new Map([...ownMoves, ...moves].map((move) => [move.call.taskId, move.to]));
    return calls.map((one) => ({ ...one, showOn: to.get(one.taskId) ?? one.showOn }));
  }
  const days = (calls: readonly PlannedCall[]) => calls.map(({ key, showOn }) => `${key} ${showOn}`).toSorted();

  it('moves on only, never past the last day, and keeps each day to its room (law)', () => {
    fc.assert(
      fc.property(scene, ({ calls, ...at }) => {
        const after = levelled(calls, at);
        const room = roomOfRoles(at.people, loadsOf(after), [], at.cap);
        after.forEach((one, i) => {
          expect(one.showOn >= calls[i]!.showOn).toBe(true);
          expect(one.showOn <= one.latestOn).toBe(true);
          if (one.showOn !== calls[i]!.showOn) expect(at.closed.has(one.showOn)).toBe(false);
        });
        for (const ofDay of Map.groupBy(after, (one) => `${nameOf(one)} ${one.showOn}`).values()) {
          const { showOn, ...queue } = ofDay[0]!;
          if (at.closed.has(showOn)) continue;
          const isOpenUntil = (one: PlannedCall) =>
            Array.from({ length: 9 }, (_, i) => addDays(showOn, i + 1)).some((date) => date <= one.latestOn && !at.closed.has(date));
          expect(ofDay.filter(isOpenUntil).length).toBeLessThanOrEqual(queue.assigneeId === null ? room(queue, showOn) : at.cap);
        }
      }),
    );
  });

  it('levelling again moves nothing, and the order of the calls does not matter (law)', () => {
    fc.assert(
      fc.property(scene, ({ calls, ...at }) => {
        const after = levelled(calls, at);
        expect(days(levelled(after, at))).toEqual(days(after));
        expect(days(levelled(calls.toReversed(), at))).toEqual(days(after));
      }),
    );
  });

  it('calls that become known day by day lie as if they had been known together (law)', () => {
    fc.assert(
      fc.property(scene, ({ calls, ...at }) => {
        let known: readonly PlannedCall[] = [];
        for (let i = 0; i <= 6; i += 1) known = levelled([...known, ...calls.filter(({ showOn }) => showOn === addDays(day1, i))], at);
        expect(days(known)).toEqual(days(levelled(calls, at)));
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
    ...(
      [
        ['after', { amount: 1, unit: 'day' }, { amount: 368, unit: 'day' }],
        ['yearly', { amount: -300, unit: 'day' }, { amount: 67, unit: 'day' }],
        ['before', { amount: -262, unit: 'working_day' }, { amount: 0, unit: 'day' }],
        ['after', { amount: 0, unit: 'day' }, { amount: 13, unit: 'month' }],
      ] as const
    ).map(([shape, notBefore, due]) => ({
      name: `a window of more than a year: ${shape} ${notBefore.amount} to ${due.amount} ${due.unit}`,
      change: { trigger: { shape, notBefore, due } },
      refusal: 'care.window_too_long' as const,
    })),
  ] as const)('refuses $name', ({ change, refusal }) => expect(revise(aRule('use_call', change))).toEqual({ ok: false, refusal }));
  it.each([
    ['after', { amount: 1, unit: 'day' }, { amount: 367, unit: 'day' }],
    ['before', { amount: -261, unit: 'working_day' }, { amount: 0, unit: 'day' }],
    ['after', { amount: 0, unit: 'day' }, { amount: 12, unit: 'month' }],
  ] as const)('takes a window of a year: %s %o to %o', (shape, notBefore, due) =>
    expect(revise(aRule('use_call', { trigger: { shape, notBefore, due } }))).toMatchObject({ ok: true }),
  );
  it('switches on and off once', () => {
    const off = aRule('use_call', { activeSince: null });
    const now = at('2026-05-01T09:00+08:00');
    expect(switchOn(off, now)).toMatchObject({ ok: true, value: { activeSince: now } });
    expect(switchOn(aRule('use_call'), now)).toEqual({ ok: false, refusal: 'care.already_on' });
    expect(switchOff(off)).toEqual({ ok: false, refusal: 'care.already_off' });
  });
  it.each(['weather_sms', 'event_notice', 'brand_new_model'] as const)('does not switch on %s, whose occasion nothing starts', (key) => {
    const now = at('2026-05-01T09:00+08:00');
    expect(switchOn(aRule(key, { activeSince: null }), now)).toEqual({ ok: false, refusal: 'care.waits_for_occasion' });
    expect(onSince(aRule(key), now).activeSince).toBeNull();
    expect(onSince(aRule('use_call', { activeSince: null }), now).activeSince).toBe(now);
  });
});

import { describe, expect, it } from 'vitest';
import { at, on } from '../kernel/testing.ts';
import { breaches, escalations, pressesAt, pressing, promise, runningOutUntil, type StoreTime } from './clock.ts';
import type { ComplaintKind, ComplaintSource, Severity } from './model.ts';
import { deadlineFor, DEFAULT_COMPLAINT_POLICY, type ComplaintPolicy } from './policy.ts';
import { pauseEnded, respond, resume } from './rules.ts';
import { aClosed, aComplaint, aPaused, aResponded, aSolved, HANDLER, STORE_TIME } from './testing.ts';
import { DEFAULT_BUSINESS_CALENDAR, type StaffId } from '../kernel/index.ts';

describe('the deadline that rules', () => {
  const minutes = (n: number) => ({ response: { minutes: n }, close: { minutes: n * 10 }, businessHours: false });
  const policy: ComplaintPolicy = {
    ...DEFAULT_COMPLAINT_POLICY,
    deadlines: [
      minutes(60),
      { severity: 'high', ...minutes(30) },
      { kind: 'service', ...minutes(50) },
      { kind: 'service.parts', ...minutes(55) },
      { source: 'email', ...minutes(240) },
      { source: 'email', ...minutes(120) },
    ],
  };
  it.each([
    { name: 'the general row', source: 'phone', kind: 'sales.price', severity: 'low', expected: 60 },
    { name: 'severity before the general row', source: 'phone', kind: 'sales.price', severity: 'high', expected: 30 },
    { name: 'a branch before severity', source: 'phone', kind: 'service.price', severity: 'high', expected: 50 },
    { name: 'a leaf before its branch', source: 'phone', kind: 'service.parts', severity: 'low', expected: 55 },
    { name: 'source before kind; the stricter among equals', source: 'email', kind: 'service.parts', severity: 'high', expected: 120 },
  ])('is $name', ({ source, kind, severity, expected }) => {
    const row = deadlineFor(policy, source as ComplaintSource, kind as ComplaintKind, severity as Severity);
    expect(row.response).toEqual({ minutes: expected });
  });
});

describe('promises', () => {
  it.each([
    { name: 'one hour and twenty-four', source: 'phone', respond: '2026-05-01T10:10+08:00', close: '2026-05-02T09:10+08:00' },
    {
      name: 'the same day and one day for a WeChat review',
      source: 'wechat',
      respond: '2026-05-01T23:59:59.999+08:00',
      close: '2026-05-02T09:10+08:00',
    },
    {
      name: 'the same day at the handover interview',
      source: 'delivery_interview',
      respond: '2026-05-01T23:59:59.999+08:00',
      close: '2026-05-01T23:59:59.999+08:00',
    },
  ])('give $name', ({ source, respond, close }) => {
    const row = deadlineFor(DEFAULT_COMPLAINT_POLICY, source as ComplaintSource, 'service.price', 'normal');
    const made = promise(row, at('2026-05-01T09:10+08:00'), STORE_TIME);
    expect([made.response.dueAt, made.close.dueAt]).toEqual([at(respond), at(close)]);
  });

  it('count opening hours where the store says so', () => {
    const made = promise(
      { response: { minutes: 60 }, close: { minutes: 540 }, businessHours: true },
      at('2026-05-01T17:30+08:00'),
      STORE_TIME,
    );
    expect([made.response.dueAt, made.close.dueAt]).toEqual([at('2026-05-02T09:30+08:00'), at('2026-05-02T17:30+08:00')]);
  });
});

describe('opening hours across New Year and Spring Festival 2027', () => {
  const closed = ['2027-01-01', ...['05', '06', '07', '08', '09', '10', '11', '12'].map((day) => `2027-02-${day}`)];
  const calendar = { ...DEFAULT_BUSINESS_CALENDAR, exceptions: closed.map((date) => ({ date: on(date), open: false })) };
  const row = { response: { minutes: 60 }, close: { minutes: 540 }, businessHours: true };
  const due = (registeredAt: string, time: StoreTime = { ...STORE_TIME, calendarAt: () => calendar }) => {
    const { response, close } = promise(row, at(registeredAt), time);
    return [response.dueAt, close.dueAt];
  };
  it.each([
    {
      name: 'an hour before the doors shut for New Year',
      at: '2026-12-31T17:30+08:00',
      due: ['2027-01-02T09:30+08:00', '2027-01-02T17:30+08:00'],
    },
    { name: 'on New Year itself', at: '2027-01-01T12:00+08:00', due: ['2027-01-02T10:00+08:00', '2027-01-02T18:00+08:00'] },
    {
      name: 'the evening before the eve of Spring Festival',
      at: '2027-02-04T17:59+08:00',
      due: ['2027-02-13T09:59+08:00', '2027-02-13T17:59+08:00'],
    },
    { name: 'within Spring Festival', at: '2027-02-08T03:00+08:00', due: ['2027-02-13T10:00+08:00', '2027-02-13T18:00+08:00'] },
  ])('stand still from $name', ({ at: registeredAt, due: expected }) => expect(due(registeredAt)).toEqual(expected.map(at)));

  it('run on where the store has entered nothing', () => {
    expect(due('2026-12-31T17:30+08:00', STORE_TIME)).toEqual([at('2027-01-01T09:30+08:00'), at('2027-01-01T17:30+08:00')]);
  });
});

describe('a day that is closed after it was promised', () => {
  const registeredAt = at('2026-05-01T10:00+08:00');
  const closed = { ...DEFAULT_BUSINESS_CALENDAR, exceptions: [{ date: on('2026-05-01'), open: false }] };
  const time: StoreTime = { ...STORE_TIME, calendarAt: (then) => (then > registeredAt ? closed : DEFAULT_BUSINESS_CALENDAR) };
  const row = { response: { minutes: 120 }, close: { minutes: 540 }, businessHours: true };
  const complaint = { ...aComplaint({ businessHours: true, registeredAt }), ...promise(row, registeredAt, time) };

  it('moves neither the promise nor a step up the ladder', () => {
    const steps = escalations(complaint, DEFAULT_COMPLAINT_POLICY, null, time).filter((step) => step.promise === 'response');
    expect(steps.map((step) => step.dueAt)).toEqual([at('2026-05-01T11:00+08:00'), at('2026-05-01T12:00+08:00')]);
  });

  it('takes nothing of what a pause gives back', () => {
    const { pause } = aPaused(at('2026-05-01T10:30+08:00'));
    const running = resume({ ...complaint, pause }, HANDLER, at('2026-05-01T13:00+08:00'), time);
    expect(running.ok && running.value.response.dueAt).toBe(at('2026-05-01T14:30+08:00'));
  });
});

describe('the promise that presses', () => {
  it.each([
    { name: 'registered', complaint: aComplaint(), promise: 'response' },
    { name: 'responded', complaint: aResponded(), promise: 'close' },
    { name: 'solved, until the customer confirms', complaint: aSolved(), promise: 'close' },
    { name: 'closed', complaint: aClosed(), promise: 'close' },
  ])('$name: $promise', ({ complaint, promise: name }) => expect(pressing(complaint)).toBe(name));

  it('runs out two hours before it is due', () => expect(runningOutUntil(at('2026-05-01T09:10+08:00'))).toBe(at('2026-05-01T11:10+08:00')));
});

describe('breaches', () => {
  it.each([
    { name: 'on the minute', respondedAt: '2026-05-01T10:10+08:00', breached: [] },
    { name: 'a millisecond late', respondedAt: '2026-05-01T10:10:00.001+08:00', breached: ['response'] },
    { name: 'a minute late', respondedAt: '2026-05-01T10:11+08:00', breached: ['response'] },
  ])('first response $name (002)', ({ respondedAt, breached }) => {
    expect(breaches(aResponded({ respondedAt: at(respondedAt) }), at('2026-05-01T12:00+08:00'))).toEqual(breached);
  });

  it.each([
    { name: 'before anybody answered', complaint: aComplaint(), now: '2026-05-01T10:10:00.001+08:00', breached: ['response'] },
    { name: 'solved but not confirmed after a day', complaint: aResponded(), now: '2026-05-02T09:11+08:00', breached: ['close'] },
    { name: 'closed in time and looked at later', complaint: aClosed(), now: '2026-06-01T00:00+08:00', breached: [] },
    {
      name: 'closed late stays on record',
      complaint: aClosed({ closedAt: at('2026-05-02T09:10:00.001+08:00') }),
      now: '2026-06-01T00:00+08:00',
      breached: ['close'],
    },
  ])('$name', ({ complaint, now, breached }) => expect(breaches(complaint, at(now))).toEqual(breached));

  it('do not come while the clock is paused, and what was left is left afterwards', () => {
    const paused = aPaused(at('2026-05-01T09:40+08:00'));
    expect(breaches(paused, at('2026-05-03T00:00+08:00'))).toEqual([]);
    const running = resume(paused, HANDLER, at('2026-05-02T12:00+08:00'), STORE_TIME);
    expect(running.ok && [running.value.response.dueAt, running.value.close.dueAt]).toEqual([
      at('2026-05-02T12:30+08:00'),
      at('2026-05-03T11:30+08:00'),
    ]);
  });

  it('do not come of a response given while the clock stood still, then or afterwards', () => {
    const paused = aPaused(at('2026-05-01T09:40+08:00'));
    const answered = respond(paused, HANDLER, '已致电', at('2026-05-01T15:00+08:00'), STORE_TIME);
    const running = answered.ok && resume(answered.value, HANDLER, at('2026-05-01T16:00+08:00'), STORE_TIME);
    expect(answered.ok && [answered.value.response.dueAt, breaches(answered.value, at('2026-05-03T00:00+08:00'))]).toEqual([
      at('2026-05-01T15:30+08:00'),
      [],
    ]);
    expect(running && running.ok && [running.value.response.dueAt, breaches(running.value, at('2026-05-01T16:00+08:00'))]).toEqual([
      at('2026-05-01T15:30+08:00'),
      [],
    ]);
  });

  it('of a promise broken before the pause stay', () => {
    const paused = aPaused(at('2026-05-01T10:30+08:00'));
    const running = resume(paused, HANDLER, at('2026-05-01T11:30+08:00'), STORE_TIME);
    expect(running.ok && breaches(running.value, at('2026-05-01T11:30+08:00'))).toEqual(['response']);
    expect(running.ok && running.value.close.dueAt).toBe(at('2026-05-02T10:10+08:00'));
  });
});

describe('a pause that comes to its limit', () => {
  const until = at('2026-05-02T10:00+08:00');
  const paused = aPaused(at('2026-05-01T09:40+08:00'), until);

  it.each([
    { name: 'a millisecond before', now: '2026-05-02T09:59:59.999+08:00', ends: false },
    { name: 'on the minute', now: '2026-05-02T10:00+08:00', ends: true },
    { name: 'days later, when somebody looks', now: '2026-05-09T00:00+08:00', ends: true },
  ])('$name: $ends, and its promises go on as at that instant', ({ now, ends }) => {
    const ended = pauseEnded(paused, at(now), STORE_TIME);
    expect(ended && [ended.pause.state, ended.response.dueAt, ended.close.dueAt]).toEqual(
      ends ? ['running', at('2026-05-02T10:30+08:00'), at('2026-05-03T09:30+08:00')] : null,
    );
  });

  it('is the limit also of what is answered or let run on after it', () => {
    const late = at('2026-05-02T12:00+08:00');
    const answered = respond(paused, HANDLER, '已致电', late, STORE_TIME);
    const running = resume(paused, HANDLER, late, STORE_TIME);
    expect([answered.ok && answered.value.response.dueAt, running.ok && running.value.response.dueAt]).toEqual([
      at('2026-05-02T10:30+08:00'),
      at('2026-05-02T10:30+08:00'),
    ]);
  });

  it('leaves one that runs, and a request, alone', () => {
    const asked = { state: 'requested', reason: 'x', requestedBy: HANDLER, requestedAt: until, until } as const;
    expect([pauseEnded(aComplaint(), until, STORE_TIME), pauseEnded(aComplaint({ pause: asked }), until, STORE_TIME)]).toEqual([
      null,
      null,
    ]);
  });
});

describe('when a complaint presses', () => {
  it.each([
    { name: 'its answer is due', complaint: aComplaint(), presses: '2026-05-01T10:10+08:00' },
    { name: 'its closing is due', complaint: aResponded(), presses: '2026-05-02T09:10+08:00' },
    {
      name: 'not before its pause is over',
      complaint: aPaused(at('2026-05-01T09:40+08:00'), at('2026-05-01T12:00+08:00')),
      presses: '2026-05-01T12:00+08:00',
    },
    {
      name: 'after a pause that is over sooner',
      complaint: aPaused(at('2026-05-01T09:40+08:00'), at('2026-05-01T10:00+08:00')),
      presses: '2026-05-01T10:10+08:00',
    },
  ])('$name', ({ complaint, presses }) => expect(pressesAt(complaint)).toBe(at(presses)));
});

describe('escalation', () => {
  it.each([
    {
      name: 'the department manager handles it',
      level: 'department_manager',
      levels: ['general_manager', 'chairman', 'general_manager', 'chairman'],
    },
    {
      name: 'somebody below handles it',
      level: null,
      levels: ['department_manager', 'general_manager', 'department_manager', 'general_manager'],
    },
    { name: 'the chairman handles it', level: 'chairman', levels: ['chairman', 'chairman', 'chairman', 'chairman'] },
  ] as const)('goes one level up at 50 and 100 per cent when $name', ({ level, levels }) => {
    const steps = escalations(aComplaint(), DEFAULT_COMPLAINT_POLICY, level, STORE_TIME);
    expect(steps.map((s) => [s.promise, s.percent, s.dueAt])).toEqual([
      ['response', 50, at('2026-05-01T09:40+08:00')],
      ['response', 100, at('2026-05-01T10:10+08:00')],
      ['close', 50, at('2026-05-01T21:10+08:00')],
      ['close', 100, at('2026-05-02T09:10+08:00')],
    ]);
    expect(steps.map((s) => s.level)).toEqual(levels);
  });

  it('leaves a met promise alone', () => {
    const steps = escalations(aResponded(), DEFAULT_COMPLAINT_POLICY, 'department_manager', STORE_TIME);
    expect(steps.map((s) => s.promise)).toEqual(['close', 'close']);
  });

  it('counts half of the opening hours where the promise does', () => {
    const complaint = aComplaint({ businessHours: true, response: { minutes: 60, dueAt: at('2026-05-02T09:10+08:00') } });
    const steps = escalations(complaint, DEFAULT_COMPLAINT_POLICY, null, STORE_TIME).filter((s) => s.promise === 'response');
    expect(steps.map((s) => s.dueAt)).toEqual([at('2026-05-01T17:40+08:00'), at('2026-05-02T09:10+08:00')]);
  });

  it('has nothing to say while the clock is paused or the complaint is closed', () => {
    const pause = {
      state: 'paused',
      reason: 'x',
      requestedBy: HANDLER,
      requestedAt: at('2026-05-01T09:20+08:00'),
      until: at('2026-05-04T09:20+08:00'),
      approvedBy: 'boss' as StaffId,
      pausedAt: at('2026-05-01T09:20+08:00'),
    } as const;
    expect(escalations(aComplaint({ pause }), DEFAULT_COMPLAINT_POLICY, null, STORE_TIME)).toEqual([]);
    expect(escalations(aClosed(), DEFAULT_COMPLAINT_POLICY, null, STORE_TIME)).toEqual([]);
  });
});

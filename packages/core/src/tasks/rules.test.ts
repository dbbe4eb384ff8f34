import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BUSINESS_CALENDAR, instantAt, wallTimeIn, type StaffId } from '../kernel/index.ts';
import { at, on, SHANGHAI } from '../kernel/testing.ts';
import { contactTimeOf, contactWindowOf } from './contact-time.ts';
import { OUTCOMES, type Result } from './model.ts';
import { DEFAULT_TASK_POLICY, type TaskPolicy } from './policy.ts';
import { byUrgency, groupOf, inMyDay, isOverdue } from './queue.ts';
import {
  asksSatisfaction,
  dueDay,
  handOver,
  lapse,
  lastTryAt,
  outcomesFor,
  postpone,
  proposeNextTry,
  record,
  skip,
  type RecordContext,
} from './rules.ts';
import { aTask } from './testing.ts';

const ME = '00000000-0000-7000-8000-0000000000a1' as StaffId;
const YOU = '00000000-0000-7000-8000-0000000000a2' as StaffId;
const NOW = at('2026-05-02T10:00+08:00');
const local = (text: string) => instantAt(SHANGHAI, on(text.slice(0, 10)), text.slice(11));

function context(changes: Partial<RecordContext> = {}): RecordContext {
  let next = 0;
  return {
    by: ME,
    now: NOW,
    store: { zone: SHANGHAI, calendar: DEFAULT_BUSINESS_CALENDAR },
    policy: DEFAULT_TASK_POLICY,
    window: null,
    newId: () => `id-${(next += 1)}`,
    ...changes,
  };
}

describe('recording a result', () => {
  it.each<{ name: string; result: Result; status: string; starts: string[] }>([
    { name: 'reached', result: { outcome: 'reached', note: ' 车况良好 ' }, status: 'done', starts: [] },
    {
      name: 'an appointment',
      result: { outcome: 'appointment', appointmentAt: local('2026-05-05T09:00') },
      status: 'done',
      starts: ['appointment'],
    },
    { name: 'nobody there', result: { outcome: 'not_reached' }, status: 'open', starts: [] },
    { name: 'asked to call again', result: { outcome: 'call_back', nextTryAt: local('2026-05-03T19:00') }, status: 'open', starts: [] },
    {
      name: 'refused, no more advertising',
      result: { outcome: 'refused', objects: ['marketing'] },
      status: 'done',
      starts: ['consent_withdrawal'],
    },
    { name: 'a wrong number', result: { outcome: 'wrong_number' }, status: 'done', starts: ['phone_invalid', 'verification'] },
    {
      name: 'dissatisfied',
      result: {
        outcome: 'reached',
        satisfied: false,
        complaint: { kind: 'service.waiting', severity: 'normal', content: '等了三小时', departmentId: 'd1' },
      },
      status: 'done',
      starts: ['complaint'],
    },
  ])('$name', ({ result, status, starts }) => {
    const verdict = record(aTask(), result, context());
    expect(verdict).toMatchObject({
      ok: true,
      value: {
        task: { status, attempts: 1, lastOutcome: result.outcome },
        contact: { outcome: result.outcome, staffId: ME, occurredAt: NOW },
      },
    });
    expect(verdict.ok && verdict.value.starts.map((s) => s.kind)).toEqual(starts);
  });

  it.each([
    { name: 'within its time keeps it', at: '2026-05-09T20:00', lapsesAt: '2026-05-09T23:59:59.999+08:00' },
    { name: 'after it lives until that day is over', at: '2026-05-12T10:00', lapsesAt: '2026-05-12T23:59:59.999+08:00' },
    { name: 'on a task that never lapses changes nothing', at: '2026-05-12T10:00', never: true, lapsesAt: null },
  ])('a call the customer asked for $name', ({ at: when, never, lapsesAt }) => {
    const task = never ? aTask({ lapsesAt: null }) : aTask();
    const verdict = record(task, { outcome: 'call_back', nextTryAt: local(when) }, context());
    expect(verdict).toMatchObject({
      ok: true,
      value: { task: { status: 'open', showAt: local(when), dueAt: task.dueAt, lapsesAt: lapsesAt && at(lapsesAt) } },
    });
  });

  it.each(['letter', 'email'] as const)('a wrong address of a %s starts a verification and leaves the number alone', (channel) => {
    const verdict = record({ ...aTask(), channel }, { outcome: 'wrong_number' }, context());
    expect(verdict.ok && verdict.value.starts.map((s) => s.kind)).toEqual(['verification']);
  });

  it.each<{ name: string; task?: Parameters<typeof aTask>[0]; result: Result; refusal: string }>([
    { name: 'an appointment without a time', result: { outcome: 'appointment' }, refusal: 'tasks.appointment_needs_time' },
    { name: 'an appointment now', result: { outcome: 'appointment', appointmentAt: NOW }, refusal: 'tasks.appointment_in_past' },
    { name: 'a call-back without a time', result: { outcome: 'call_back' }, refusal: 'tasks.call_back_needs_time' },
    {
      name: 'an appointment in three years',
      result: { outcome: 'appointment', appointmentAt: at('2029-05-01T10:00+08:00') },
      refusal: 'tasks.appointment_too_far',
    },
    {
      name: 'a next try in the year 9999',
      result: { outcome: 'not_reached', nextTryAt: at('9999-05-01T10:00+08:00') },
      refusal: 'tasks.time_too_far',
    },
    { name: 'a next try in the past', result: { outcome: 'not_reached', nextTryAt: NOW }, refusal: 'tasks.time_in_past' },
    {
      name: 'a next try after the task lapses',
      result: { outcome: 'not_reached', nextTryAt: local('2026-05-10T00:00') },
      refusal: 'tasks.beyond_lapse',
    },
    {
      name: 'dissatisfaction without a complaint',
      result: { outcome: 'reached', satisfied: false },
      refusal: 'tasks.dissatisfied_needs_complaint',
    },
    {
      name: 'satisfaction of whoever was not reached',
      result: { outcome: 'not_reached', satisfied: true },
      refusal: 'tasks.satisfaction_unheard',
    },
    {
      name: 'dissatisfaction behind a wrong number',
      result: { outcome: 'wrong_number', satisfied: false },
      refusal: 'tasks.satisfaction_unheard',
    },
    {
      name: 'an answer of whoever is to be rung again',
      result: { outcome: 'call_back', nextTryAt: local('2026-05-02T15:00'), satisfaction: 'satisfied' },
      refusal: 'tasks.satisfaction_not_asked',
    },
    {
      name: 'a shade of whoever is to be rung again',
      result: { outcome: 'call_back', nextTryAt: local('2026-05-02T15:00'), satisfaction: 'neutral' },
      refusal: 'tasks.satisfaction_not_asked',
    },
    { name: 'a yes of whoever refused to talk', result: { outcome: 'refused', satisfied: true }, refusal: 'tasks.satisfaction_not_asked' },
    { name: 'praise of whoever was not reached', result: { outcome: 'not_reached', praised: true }, refusal: 'tasks.words_unheard' },
    {
      name: 'an answer of whoever was not reached',
      result: { outcome: 'not_reached', satisfaction: 'neutral' },
      refusal: 'tasks.satisfaction_unheard',
    },
    {
      name: 'dissatisfaction with its shade and without a complaint',
      result: { outcome: 'reached', satisfaction: 'dissatisfied' },
      refusal: 'tasks.dissatisfied_needs_complaint',
    },
    {
      name: 'why nobody was reached of somebody who was',
      result: { outcome: 'reached', unreachedBecause: 'busy' },
      refusal: 'tasks.was_reached',
    },
    { name: 'a category the store has not', result: { outcome: 'reached', saidAbout: 'weather' }, refusal: 'tasks.unknown_topic' },
    { name: 'a reason the store has not', result: { outcome: 'reached', cause: 'weather' }, refusal: 'tasks.unknown_cause' },
    {
      name: 'a reason not to reach that the store has not',
      result: { outcome: 'not_reached', unreachedBecause: 'weather' },
      refusal: 'tasks.unknown_unreached',
    },
    { name: 'a planned message', task: { kind: 'message', channel: 'sms' }, result: { outcome: 'sent' }, refusal: 'tasks.is_message' },
    {
      name: 'a letter that was "reached"',
      task: { channel: 'letter' },
      result: { outcome: 'reached' },
      refusal: 'tasks.outcome_needs_call',
    },
  ])('refuses $name', ({ task, result, refusal }) => expect(record(aTask(task), result, context())).toEqual({ ok: false, refusal }));

  it.each([
    { satisfaction: 'satisfied', satisfied: true },
    { satisfaction: 'neutral', satisfied: null },
    { satisfaction: 'not_asked', satisfied: null },
  ] as const)('keeps $satisfaction with its shade, and satisfied beside it', ({ satisfaction, satisfied }) => {
    const said = { satisfaction, praised: true, saidAbout: 'reception', cause: 'attitude' } as const;
    expect(record(aTask(), { outcome: 'reached', ...said }, context())).toMatchObject({
      ok: true,
      value: { contact: { ...said, satisfied, unreachedBecause: null } },
    });
  });

  it.each([
    { result: 'csi', outcome: 'reached', asks: true },
    { result: 'ssi', outcome: 'appointment', asks: true },
    { result: 'csi', outcome: 'call_back', asks: false },
    { result: 'ssi', outcome: 'refused', asks: false },
    { result: 'contact_note', outcome: 'reached', asks: false },
  ] as const)('a talk of $result that ended as $outcome is complete only with an answer: $asks (G-11)', ({ result, outcome, asks }) =>
    expect(asksSatisfaction(aTask({ result }), outcome)).toBe(asks),
  );

  it('refuses a second result of a finished task', () => {
    const first = record(aTask(), { outcome: 'reached' }, context());
    expect(first.ok && record(first.value.task, { outcome: 'reached' }, context())).toEqual({ ok: false, refusal: 'tasks.not_open' });
  });

  it.each([
    { attempts: 0, status: 'open' },
    { attempts: 1, status: 'open' },
    { attempts: 2, status: 'done' },
  ])('closes as not reached on the third failed try: $attempts before', ({ attempts, status }) => {
    expect(record(aTask({ attempts }), { outcome: 'not_reached' }, context())).toMatchObject({
      ok: true,
      value: { task: { status, attempts: attempts + 1 } },
    });
  });

  it('goes on after the last try when the caller names a time', () => {
    const nextTryAt = local('2026-05-04T11:00');
    expect(record(aTask({ attempts: 5 }), { outcome: 'not_reached', nextTryAt }, context())).toMatchObject({
      ok: true,
      value: { task: { status: 'open', showAt: nextTryAt } },
    });
  });

  it('keeps the due time whatever happens before it (law)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OUTCOMES), fc.integer({ min: 0, max: 5 }), (outcome, attempts) => {
        const task = aTask({ attempts });
        const verdict = record(
          task,
          { outcome, appointmentAt: local('2026-05-05T09:00'), nextTryAt: local('2026-05-03T09:00') },
          context(),
        );
        return !outcomesFor('phone').includes(outcome) ? !verdict.ok : verdict.ok && verdict.value.task.dueAt === task.dueAt;
      }),
    );
  });
});

describe('the next try', () => {
  const policy: TaskPolicy = DEFAULT_TASK_POLICY;
  const propose = (now: string, attempts = 1, window: string | null = null, closed: string[] = []) =>
    proposeNextTry(
      aTask({ attempts }),
      { zone: SHANGHAI, calendar: { ...DEFAULT_BUSINESS_CALENDAR, exceptions: closed.map((date) => ({ date: on(date), open: false })) } },
      policy,
      contactWindowOf(window),
      local(now),
    );
  it.each([
    { name: 'three hours later', now: '2026-05-02T10:00', expected: '2026-05-02T13:00' },
    { name: 'the last minute of the window is out', now: '2026-05-02T17:00', expected: '2026-05-03T09:00' },
    { name: 'a minute before it', now: '2026-05-02T16:59', expected: '2026-05-02T19:59' },
    { name: 'the second time the next day, earlier', now: '2026-05-02T15:00', attempts: 2, expected: '2026-05-03T13:00' },
    { name: 'the third time two days on', now: '2026-05-02T15:00', attempts: 3, expected: '2026-05-04T13:00' },
    { name: 'in the evening for those who like it', now: '2026-05-02T10:00', window: 'evening', expected: '2026-05-02T18:00' },
    { name: 'at the weekend only', now: '2026-05-04T10:00', window: 'weekend_morning', expected: '2026-05-09T09:00' },
    {
      name: 'in the hours of the file, at their first minute',
      now: '2026-05-02T07:00',
      window: 'any 10:00-12:00',
      expected: '2026-05-02T10:00',
    },
    { name: 'inside them, right after the wait', now: '2026-05-02T08:59', window: 'any 10:00-12:00', expected: '2026-05-02T11:59' },
    { name: 'their end is out', now: '2026-05-02T09:00', window: 'any 10:00-12:00', expected: '2026-05-03T10:00' },
    {
      name: 'not before the wait is over, though the hours run',
      now: '2026-05-02T10:30',
      window: 'any 10:00-12:00',
      expected: '2026-05-03T10:00',
    },
    { name: 'on a workday evening, from Saturday', now: '2026-05-02T10:00', window: 'workday 18:00-20:00', expected: '2026-05-04T18:00' },
    {
      name: 'on a workday evening, from Friday noon',
      now: '2026-05-08T12:00',
      window: 'workday 18:00-20:00',
      expected: '2026-05-08T18:00',
    },
    { name: 'at the weekend, from Thursday', now: '2026-05-07T17:00', window: 'weekend 10:00-18:00', expected: '2026-05-09T10:00' },
    { name: 'at the weekend, too late on Sunday', now: '2026-05-03T15:00', window: 'weekend 10:00-18:00', expected: '2026-05-09T10:00' },
    { name: 'at the weekend, a minute before', now: '2026-05-03T14:59', window: 'weekend 10:00-18:00', expected: '2026-05-03T17:59' },
    { name: 'free words are no hours', now: '2026-05-02T10:00', window: '下班以后', expected: '2026-05-02T13:00' },
    { name: 'not on a closed day', now: '2026-05-02T18:00', closed: ['2026-05-03'], expected: '2026-05-04T09:00' },
  ])('$name', ({ now, attempts, window, closed, expected }) =>
    expect(propose(now, attempts, window ?? null, closed)).toBe(local(expected)),
  );

  it('has no proposal when the task lapses first', () => expect(propose('2026-05-09T18:00')).toBeNull());

  it('always lies in the window, after now and before the task lapses (law)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 * 24 * 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(null, 'morning', 'evening', 'weekdays_afternoon', 'any 10:00-12:00'),
        (minutes, attempts, window) => {
          const now = new Date(Date.parse('2026-05-02T00:00+08:00') + minutes * 60_000).toISOString() as typeof NOW;
          const next = proposeNextTry(
            aTask({ attempts }),
            { zone: SHANGHAI, calendar: DEFAULT_BUSINESS_CALENDAR },
            policy,
            contactWindowOf(window),
            now,
          );
          if (next === null) return true;
          const { from, to } = contactWindowOf(window) ?? policy.window;
          const time = wallTimeIn(SHANGHAI, next);
          return next > now && next <= aTask().lapsesAt! && from <= time && time < to;
        },
      ),
    );
  });
});

it.each([
  { name: 'our own next try', outcome: 'not_reached', last: at('2026-05-09T23:59:59.999+08:00') },
  { name: 'putting it off', outcome: undefined, last: at('2026-05-09T23:59:59.999+08:00') },
  { name: 'the time the customer named', outcome: 'call_back', last: null },
] as const)('the last moment of $name', ({ outcome, last }) => expect(lastTryAt(aTask(), outcome)).toBe(last));

describe('the usual hours of a file', () => {
  it.each([
    { text: 'any 10:00-12:00', expected: { days: 'any', at: { from: '10:00', to: '12:00' } } },
    { text: 'workday 18:00-20:00', expected: { days: 'weekdays', at: { from: '18:00', to: '20:00' } } },
    { text: '周末 9：30～11:00', expected: { days: 'weekend', at: { from: '09:30', to: '11:00' } } },
    { text: '14:00-17:00', expected: { days: 'any', at: { from: '14:00', to: '17:00' } } },
    { text: 'weekend_afternoon', expected: { days: 'weekend', at: 'afternoon' } },
    { text: '晚上', expected: { days: 'any', at: 'evening' } },
    { text: 'weekend', expected: { days: 'weekend', at: null } },
    { text: 'any 12:00-12:00', expected: null },
    { text: 'any 18:00-24:30', expected: null },
    { text: 'someday 10:00-12:00', expected: null },
    { text: 'after work, please', expected: null },
    { text: '', expected: null },
  ])('"$text"', ({ text, expected }) => expect(contactTimeOf(text)).toEqual(expected));
});

describe('putting off, handing over, skipping, missing', () => {
  it.each([
    { name: 'to tomorrow', until: local('2026-05-03T09:00'), expected: { ok: true } },
    { name: 'to its last moment', until: at('2026-05-09T23:59:59.999+08:00'), expected: { ok: true } },
    { name: 'beyond it', until: local('2026-05-10T00:00'), expected: { ok: false, refusal: 'tasks.beyond_lapse' } },
    { name: 'for more than two years', until: at('2029-05-01T10:00+08:00'), expected: { ok: false, refusal: 'tasks.time_too_far' } },
    { name: 'to now', until: NOW, expected: { ok: false, refusal: 'tasks.time_in_past' } },
  ])('postpones $name', ({ until, expected }) => expect(postpone(aTask(), until, NOW)).toMatchObject(expected));

  it.each([
    {
      name: 'a colleague',
      to: { id: YOU, active: true, mayWork: true },
      concerned: null,
      task: {},
      expected: { ok: true, value: { assigneeId: YOU } },
    },
    {
      name: 'oneself',
      to: { id: ME, active: true, mayWork: true },
      concerned: null,
      task: {},
      expected: { ok: false, refusal: 'tasks.already_theirs' },
    },
    {
      name: 'someone who left',
      to: { id: YOU, active: false, mayWork: true },
      concerned: null,
      task: {},
      expected: { ok: false, refusal: 'tasks.assignee_left' },
    },
    {
      name: 'somebody whose role does no tasks',
      to: { id: YOU, active: true, mayWork: false },
      concerned: null,
      task: {},
      expected: { ok: false, refusal: 'tasks.assignee_without_right' },
    },
    {
      name: 'the seller a survey is about',
      to: { id: YOU, active: true, mayWork: true },
      concerned: YOU,
      task: { result: 'ssi' },
      expected: { ok: false, refusal: 'tasks.survey_by_seller' },
    },
    { name: 'the seller, a care call', to: { id: YOU, active: true, mayWork: true }, concerned: YOU, task: {}, expected: { ok: true } },
  ] as const)('hands over to $name', ({ to, concerned, task, expected }) =>
    expect(handOver(aTask(task), to, concerned)).toMatchObject(expected),
  );

  it.each([
    {
      name: 'a listed reason',
      reason: 'already_settled',
      note: null,
      expected: { ok: true, value: { status: 'skipped', skipReason: 'already_settled' } },
    },
    { name: 'other, in words', reason: 'other', note: '客户出国', expected: { ok: true } },
    { name: 'other, in blanks', reason: 'other', note: '  ', expected: { ok: false, refusal: 'tasks.note_needed' } },
  ] as const)('skips for $name', ({ reason, note, expected }) => expect(skip(aTask(), reason, note, ME, NOW)).toMatchObject(expected));

  it.each([
    { name: 'on the last millisecond', now: at('2026-05-09T23:59:59.999+08:00'), status: 'open' },
    { name: 'after it', now: at('2026-05-10T00:00+08:00'), status: 'missed' },
  ])('is missed $name: $status', ({ now, status }) => expect(lapse(aTask(), now).status).toBe(status));
});

describe('the order of the queue', () => {
  it('puts promises by the hour first, then the earlier due, then the higher priority', () => {
    const rows = [
      aTask({ id: 'd' as never, dueAt: local('2026-05-03T23:59'), priority: 1 }),
      aTask({ id: 'c' as never, dueAt: local('2026-05-02T23:59'), priority: 4 }),
      aTask({ id: 'b' as never, dueAt: local('2026-05-02T23:59'), priority: 2 }),
      aTask({ id: 'a' as never, dueAt: local('2026-05-04T10:00'), byTheHour: true }),
    ];
    expect(rows.toSorted(byUrgency).map((task) => task.id)).toEqual(['a', 'b', 'c', 'd']);
  });
  it.each([
    { name: 'due later today', task: {}, group: 'today' },
    { name: 'due yesterday', task: { dueAt: local('2026-05-01T23:59') }, group: 'overdue' },
    { name: 'promised by the hour', task: { byTheHour: true }, group: 'sla' },
    { name: 'opens tomorrow', task: { showAt: local('2026-05-03T00:00') }, group: 'later' },
    { name: 'next try this evening', task: { showAt: local('2026-05-02T18:00') }, group: 'later' },
    { name: 'promised by the hour, next try this evening', task: { byTheHour: true, showAt: local('2026-05-02T18:00') }, group: 'later' },
    { name: 'next try now', task: { showAt: NOW }, group: 'today' },
  ])('$name stands under $group', ({ task, group }) => expect(groupOf(aTask(task), NOW)).toBe(group));

  it.each([
    { name: 'due now', task: { dueAt: NOW }, overdue: false },
    { name: 'due a moment ago', task: { dueAt: local('2026-05-02T09:59') }, overdue: true },
    {
      name: 'due yesterday, moved on to tomorrow',
      task: { dueAt: local('2026-05-01T23:59'), showAt: local('2026-05-03T00:00') },
      overdue: true,
    },
    {
      name: 'due tomorrow, next try the day after',
      task: { dueAt: local('2026-05-03T23:59'), showAt: local('2026-05-04T10:00') },
      overdue: false,
    },
  ])('$name is overdue: $overdue', ({ task, overdue }) => expect(isOverdue(aTask(task), NOW)).toBe(overdue));

  it('puts what waits for its time behind what can be done, whatever was promised', () => {
    const rows = [
      aTask({ id: 'waits, promised' as never, byTheHour: true, showAt: local('2026-05-02T10:01') }),
      aTask({ id: 'waits' as never, showAt: local('2026-05-02T18:59'), dueAt: local('2026-05-01T10:00') }),
      aTask({ id: 'now' as never, showAt: NOW }),
    ];
    expect(rows.toSorted(inMyDay(NOW)).map((task) => task.id)).toEqual(['now', 'waits, promised', 'waits']);
  });
});

describe('the day a new task is due', () => {
  it.each([
    { name: 'gone by', dueOn: on('2026-04-30'), ok: true },
    { name: 'in two years', dueOn: on('2028-05-01'), ok: true },
    { name: 'a day later than that', dueOn: on('2028-05-02'), ok: false },
  ])('$name', ({ dueOn, ok }) => expect(dueDay(dueOn, on('2026-05-01')).ok).toBe(ok));
});

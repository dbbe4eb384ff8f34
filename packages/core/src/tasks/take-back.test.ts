import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DAYS_BACK } from '../contacts/index.ts';
import { addHours, DEFAULT_BUSINESS_CALENDAR, type ComplaintId, type StaffId } from '../kernel/index.ts';
import { at, on, SHANGHAI } from '../kernel/testing.ts';
import { OUTCOMES, type OpenTask, type Task } from './model.ts';
import { DEFAULT_TASK_POLICY } from './policy.ts';
import { handOver, outcomesFor, postpone, record } from './rules.ts';
import { mayTakeBack, takeBack, takeBackUntil, type RecordedResult, type Traces } from './take-back.ts';
import { aTask } from './testing.ts';

const ME = '00000000-0000-7000-8000-0000000000a1' as StaffId;
const YOU = '00000000-0000-7000-8000-0000000000a2' as StaffId;
const NOW = at('2026-05-02T10:00+08:00');
const store = { zone: SHANGHAI, calendar: DEFAULT_BUSINESS_CALENDAR };
const NO_TRACES: Traces = { phone: null, verification: null, withdrawn: [], confirmed: null };
const asking = { by: 'recorder', now: addHours(NOW, 1), zone: SHANGHAI, policy: DEFAULT_TASK_POLICY } as const;

/** What is on record after a result of this task, saved as the next version. */
function recorded(task: OpenTask, outcome: (typeof OUTCOMES)[number], nextTryAt = addHours(NOW, 20)) {
  const ends = outcome !== 'call_back' && outcome !== 'not_reached';
  const verdict = record(
    task,
    { outcome, ...(outcome === 'appointment' ? { appointmentAt: addHours(NOW, 30) } : {}), ...(ends ? {} : { nextTryAt }) },
    { by: ME, now: NOW, store, policy: DEFAULT_TASK_POLICY, window: null, newId: () => 'id' },
  );
  if (!verdict.ok) throw new Error(verdict.refusal);
  const before = { assigneeId: task.assigneeId, showAt: task.showAt, attempts: task.attempts, lastOutcome: task.lastOutcome };
  const after: Task = { ...verdict.value.task, assigneeId: task.assigneeId ?? ME, version: task.version + 1 };
  const result: RecordedResult = { recordedAt: NOW, takenBackAt: null, leftVersion: after.version, before, complaint: null };
  return { after, result };
}

describe('taking a result back', () => {
  it('gives the task as it stood, apart from its version (law)', () => {
    const tasks = fc.record({
      attempts: fc.nat({ max: 5 }),
      lastOutcome: fc.constantFrom(null, ...OUTCOMES),
      assigneeId: fc.constantFrom(null, ME, YOU),
      channel: fc.constantFrom('phone', 'visit', 'wechat'),
      kind: fc.constantFrom('care_call', 'verification', 'manual'),
      version: fc.integer({ min: 1, max: 9 }),
      showAt: fc.integer({ min: 0, max: 200 }).map((hours) => addHours(at('2026-04-24T00:00+08:00'), hours)),
    });
    fc.assert(
      fc.property(tasks, fc.constantFrom(...OUTCOMES), (changes, outcome) => {
        const before = aTask(changes as Partial<OpenTask>);
        fc.pre(outcomesFor(before.channel).includes(outcome));
        const { after, result } = recorded(before, outcome);
        const verdict = takeBack(after, result, NO_TRACES, asking);
        expect(verdict).toEqual({ ok: true, value: { task: { ...before, version: after.version }, goesBack: [], stands: [] } });
      }),
    );
  });

  const complaint = { id: 'c' as ComplaintId, number: '20260502-001' };
  it.each<{ name: string; result?: Partial<RecordedResult>; change?: (task: Task) => Task; refusal: string }>([
    { name: 'a second time', result: { takenBackAt: NOW }, refusal: 'tasks.taken_back_already' },
    { name: 'after a complaint', result: { complaint }, refusal: 'tasks.complaint_stands' },
    {
      name: 'after anything that saved the task',
      change: (task) => ({ ...task, version: task.version + 1 }),
      refusal: 'tasks.changed_since',
    },
  ])('refuses it $name', ({ result: changed = {}, change = (task) => task, refusal }) => {
    const { after, result } = recorded(aTask(), 'reached');
    expect(takeBack(change(after), { ...result, ...changed }, NO_TRACES, asking)).toEqual({ ok: false, refusal });
  });

  it('refuses it after another try, a new time or another person', () => {
    const { after, result } = recorded(aTask(), 'not_reached');
    const since = [
      recorded(after as OpenTask, 'not_reached', addHours(NOW, 40)).after,
      { ...valueOf(postpone(after, addHours(NOW, 50), NOW)), version: after.version + 1 },
      { ...valueOf(handOver(after, { id: YOU, active: true, mayWork: true }, null)), version: after.version + 1 },
    ];
    for (const task of since) expect(takeBack(task, result, NO_TRACES, asking)).toEqual({ ok: false, refusal: 'tasks.changed_since' });
  });
});

describe('until when', () => {
  it.each([
    {
      name: 'the one who recorded it to the end of that day at the store',
      by: 'recorder',
      now: '2026-05-02T23:59:59.999+08:00',
      may: true,
    },
    { name: 'and not on the next', by: 'recorder', now: '2026-05-03T00:00+08:00', may: false },
    { name: 'whoever decides on the last of the days', by: 'decider', now: '2026-06-02T23:59:59.999+08:00', may: true },
    { name: 'and not after', by: 'decider', now: '2026-06-03T00:00+08:00', may: false },
  ] as const)('$name', ({ by, now, may }) => {
    const until = takeBackUntil(NOW, by, SHANGHAI, DEFAULT_TASK_POLICY);
    expect(mayTakeBack({ takenBackAt: null, complaint: null, unchanged: true, until }, at(now)).ok).toBe(may);
  });

  it('is as long as a contact may be written down late', () => expect(DEFAULT_TASK_POLICY.takeBackDays).toBe(MAX_DAYS_BACK));
});

describe('what goes back with it', () => {
  const verification = aTask({ kind: 'verification', ruleKey: null, showAt: NOW });
  const cancelled = {
    kind: 'verification_cancelled',
    task: { id: verification.id, status: 'cancelled', cancelReason: 'result_taken_back' },
  };
  const worked = (change: Partial<OpenTask>) => ({
    verification: { task: { ...verification, ...change, version: 2 }, wantedSince: false },
  });
  const said = { purpose: 'marketing', channel: 'sms' } as const;
  it.each<{ name: string; traces: Partial<Traces>; goesBack: object[]; stands: string[] }>([
    {
      name: 'the number is valid again',
      traces: { phone: { e164: '+8613812345678', foundWrongSince: false } },
      goesBack: [{ kind: 'phone_valid', e164: '+8613812345678' }],
      stands: [],
    },
    { name: 'unless it was found wrong again', traces: { phone: { e164: '1', foundWrongSince: true } }, goesBack: [], stands: ['phone'] },
    {
      name: 'the verification is cancelled',
      traces: { verification: { task: verification, wantedSince: false } },
      goesBack: [cancelled],
      stands: [],
    },
    { name: 'handed on as well', traces: worked({ assigneeId: YOU }), goesBack: [cancelled], stands: [] },
    {
      name: 'unless somebody tried it',
      traces: worked({ attempts: 1, lastOutcome: 'not_reached' }),
      goesBack: [],
      stands: ['verification'],
    },
    { name: 'or put it off', traces: worked({ showAt: addHours(NOW, 20) }), goesBack: [], stands: ['verification'] },
    {
      name: 'or ended it',
      traces: {
        verification: { task: { ...verification, status: 'done', finishedAt: NOW, finishedBy: YOU, note: null }, wantedSince: false },
      },
      goesBack: [],
      stands: ['verification'],
    },
    {
      name: 'or another wrong number needs it',
      traces: { verification: { task: verification, wantedSince: true } },
      goesBack: [],
      stands: ['verification'],
    },
    {
      name: 'a consent given before is given again',
      traces: { withdrawn: [{ ...said, before: true, saidSince: false }] },
      goesBack: [{ kind: 'consent', ...said, granted: true }],
      stands: [],
    },
    {
      name: 'where nothing had been said nothing has',
      traces: { withdrawn: [{ ...said, before: null, saidSince: false }] },
      goesBack: [{ kind: 'consent', ...said, granted: null }],
      stands: [],
    },
    {
      name: 'an objection that stood before needs no entry',
      traces: { withdrawn: [{ ...said, before: false, saidSince: false }] },
      goesBack: [],
      stands: [],
    },
    {
      name: 'what was said since holds',
      traces: { withdrawn: [{ ...said, before: true, saidSince: true }] },
      goesBack: [],
      stands: ['consent'],
    },
    {
      name: 'the file was confirmed when it was before',
      traces: { confirmed: { before: on('2026-01-05'), confirmedSince: false } },
      goesBack: [{ kind: 'confirmation', verifiedOn: '2026-01-05' }],
      stands: [],
    },
    {
      name: 'unless somebody confirmed it again',
      traces: { confirmed: { before: null, confirmedSince: true } },
      goesBack: [],
      stands: ['confirmation'],
    },
  ])('$name', ({ traces, goesBack, stands }) => {
    const { after, result } = recorded(aTask(), 'reached');
    const verdict = takeBack(after, result, { ...NO_TRACES, ...traces }, asking);
    expect(verdict).toMatchObject({ ok: true, value: { goesBack, stands } });
  });
});

function valueOf<T>(verdict: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!verdict.ok) throw new Error(verdict.refusal);
  return verdict.value;
}

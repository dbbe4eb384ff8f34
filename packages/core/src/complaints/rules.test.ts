import { describe, expect, it } from 'vitest';
import { addHours, fen, instantOfMilliseconds, millisecondsOf, type Instant, type StaffId } from '../kernel/index.ts';
import { at } from '../kernel/testing.ts';
import type { Complaint, ComplaintKind, Severity } from './model.ts';
import { DEFAULT_COMPLAINT_POLICY, pointsOf, type ComplaintPolicy } from './policy.ts';
import {
  act,
  amend,
  callRefusal,
  confirm,
  decidePause,
  firstHandler,
  pauseDeciders,
  reassign,
  register,
  reopen,
  requestPause,
  respond,
  resume,
  solve,
} from './rules.ts';
import { scores } from './scoring.ts';
import { ACCUSED, AGENT, aClosed, aComplaint, aPaused, aResponded, aSolved, HANDLER, STORE_TIME } from './testing.ts';

const now = at('2026-05-01T12:00+08:00');
const BOSS = 'boss' as StaffId;
const addMilliseconds = (to: Instant, milliseconds: number) => instantOfMilliseconds(millisecondsOf(to) + milliseconds);
const refusalOf = (verdict: { ok: boolean }) => ('refusal' in verdict ? verdict.refusal : 'accepted');

describe('the first handler', () => {
  const manager = { id: HANDLER, level: 'department_manager', active: true } as const;
  const general = { id: BOSS, level: 'general_manager', active: true } as const;
  it.each([
    { name: 'the department manager', ladder: [manager, general], accused: null, handler: HANDLER },
    { name: 'the next one up when he is complained about', ladder: [manager, general], accused: HANDLER, handler: BOSS },
    { name: 'the next one up when he has left', ladder: [{ ...manager, active: false }, general], accused: null, handler: BOSS },
  ])('is $name (COMP-06)', ({ ladder, accused, handler }) => {
    expect(firstHandler(ladder, accused)).toMatchObject({ ok: true, value: { id: handler } });
  });

  it('is nobody when only the accused is left', () => {
    const { response: _r, close: _c, ...registration } = aComplaint();
    expect(
      register({ ...registration, accusedId: HANDLER }, [manager], { ...DEFAULT_COMPLAINT_POLICY, version: 1 }, AGENT, now, STORE_TIME),
    ).toEqual({ ok: false, refusal: 'complaints.no_handler' });
  });
});

describe('putting a complaint right', () => {
  const { kind, severity, departmentId, accusedId } = aComplaint();
  const about = { vehicleId: null, visitId: null, orderId: null };
  const facts = { kind, severity, departmentId, accusedId, ...about };
  const ladder = [{ id: BOSS, level: 'general_manager', active: true }] as const;
  it.each([
    { name: 'nothing', to: {}, outcome: 'complaints.nothing_amended' },
    { name: 'its severity', to: { severity: 'high' }, outcome: 'accepted' },
    { name: 'the visit it is about', to: { visitId: 'visit' }, outcome: 'accepted' },
    { name: 'the order it is about', to: { orderId: 'order' }, outcome: 'accepted' },
    { name: 'the vehicle it is about', to: { vehicleId: 'vehicle' }, outcome: 'accepted' },
    { name: 'who is complained about, by himself', to: { accusedId: AGENT }, outcome: 'complaints.handler_is_accused' },
  ])('changes $name: $outcome', ({ to, outcome }) => {
    const amended = { ...facts, ...to } as Parameters<typeof amend>[1];
    const verdict = amend(aComplaint(), amended, AGENT, ladder);
    expect(refusalOf(verdict)).toBe(outcome);
    if (verdict.ok) expect(verdict.value).toMatchObject({ ...amended, handlerId: HANDLER, response: aComplaint().response });
  });

  it('is refused of a closed one, whatever it is about', () => {
    expect(refusalOf(amend(aClosed(), { ...facts, severity: 'high' }, BOSS, ladder))).toBe('complaints.is_closed');
  });

  it('takes it from a handler who turns out to be complained about', () => {
    expect(amend(aComplaint({ accusedId: null }), { ...facts, accusedId: HANDLER }, BOSS, ladder)).toMatchObject({
      ok: true,
      value: { handlerId: BOSS, handledBy: [HANDLER, BOSS] },
    });
  });
});

const states: Record<string, Complaint> = { registered: aComplaint(), responded: aResponded(), solved: aSolved(), closed: aClosed() };
const answer = { solution: '返工', cause: null, goodwillFen: fen(0) };
const happy = { satisfied: true, verdict: '满意' };

describe('steps are taken only from the states that allow them', () => {
  it.each([
    { step: 'respond', state: 'registered', outcome: 'accepted' },
    { step: 'respond', state: 'responded', outcome: 'complaints.already_responded' },
    { step: 'respond', state: 'closed', outcome: 'complaints.already_responded' },
    { step: 'solve', state: 'registered', outcome: 'complaints.not_responded' },
    { step: 'solve', state: 'responded', outcome: 'accepted' },
    { step: 'solve', state: 'solved', outcome: 'complaints.already_solved' },
    { step: 'confirm', state: 'responded', outcome: 'complaints.not_solved' },
    { step: 'confirm', state: 'solved', outcome: 'accepted' },
    { step: 'confirm', state: 'closed', outcome: 'complaints.is_closed' },
    { step: 'reopen', state: 'solved', outcome: 'complaints.not_closed' },
    { step: 'reopen', state: 'closed', outcome: 'accepted' },
    { step: 'reassign', state: 'closed', outcome: 'complaints.is_closed' },
    { step: 'pause', state: 'registered', outcome: 'accepted' },
    { step: 'pause', state: 'solved', outcome: 'complaints.already_solved' },
    { step: 'pause', state: 'closed', outcome: 'complaints.is_closed' },
    { step: 'act', state: 'solved', outcome: 'accepted' },
    { step: 'act', state: 'closed', outcome: 'complaints.is_closed' },
    { step: 'resume', state: 'registered', outcome: 'complaints.clock_is_running' },
  ])('$step from $state: $outcome', ({ step, state, outcome }) => {
    const complaint = states[state] ?? aComplaint();
    const steps: Record<string, () => { ok: boolean }> = {
      act: () => act(complaint, HANDLER),
      respond: () => respond(complaint, HANDLER, '已致电', now, STORE_TIME),
      solve: () => solve(complaint, HANDLER, answer, now),
      confirm: () => confirm(complaint, { id: AGENT, role: 'FU_AGENT' }, happy, DEFAULT_COMPLAINT_POLICY, now),
      reopen: () => reopen(complaint, HANDLER),
      reassign: () => reassign(complaint, { id: BOSS, level: null, active: true }, AGENT),
      pause: () => requestPause(complaint, HANDLER, { reason: '等配件' }, DEFAULT_COMPLAINT_POLICY, now),
      resume: () => resume(complaint, HANDLER, now, STORE_TIME),
    };
    const verdict = steps[step]?.();
    expect(verdict && refusalOf(verdict)).toBe(outcome);
  });
});

describe('the person complained about', () => {
  it.each([
    { step: 'respond', verdict: respond(aComplaint(), ACCUSED, '', now, STORE_TIME) },
    { step: 'solve', verdict: solve(aResponded(), ACCUSED, answer, now) },
    { step: 'act', verdict: act(aResponded(), ACCUSED) },
    { step: 'be given the case', verdict: reassign(aComplaint(), { id: ACCUSED, level: null, active: true }, BOSS) },
    { step: 'choose who handles it', verdict: reassign(aComplaint(), { id: BOSS, level: null, active: true }, ACCUSED) },
    { step: 'stop the clock', verdict: requestPause(aComplaint(), ACCUSED, { reason: '' }, DEFAULT_COMPLAINT_POLICY, now) },
    { step: 'open it again', verdict: reopen(aClosed(), ACCUSED) },
    { step: 'let it run on', verdict: resume(aPaused(now), ACCUSED, now, STORE_TIME) },
  ])('may not $step', ({ verdict }) => expect(refusalOf(verdict)).toBe('complaints.handler_is_accused'));
});

describe('confirming with the customer', () => {
  it.each([
    { name: 'somebody of customer relations', by: { id: AGENT, role: 'FU_AGENT' }, outcome: 'accepted' },
    { name: 'the handler himself', by: { id: HANDLER, role: 'CC_MGR' }, outcome: 'complaints.confirmer_is_handler' },
    { name: 'the accused', by: { id: ACCUSED, role: 'FU_AGENT' }, outcome: 'complaints.confirmer_is_handler' },
    { name: 'somebody of the workshop', by: { id: AGENT, role: 'SVC_MGR' }, outcome: 'complaints.confirmer_not_customer_care' },
  ] as const)('by $name: $outcome', ({ by, outcome }) => {
    expect(refusalOf(confirm(aSolved(), by, happy, DEFAULT_COMPLAINT_POLICY, now))).toBe(outcome);
  });

  it.each([
    {
      name: 'handled it before another did',
      verdict: reassign(aResponded({ handlerId: AGENT, handledBy: [AGENT] }), { id: HANDLER, level: null, active: true }, BOSS),
    },
    { name: 'answered it', verdict: respond(aComplaint(), AGENT, '已致电', now, STORE_TIME) },
    { name: 'did something for it', verdict: act(aResponded(), AGENT) },
    { name: 'solved it the first time', verdict: solve(aResponded(), AGENT, answer, now) },
  ])('is for nobody who $name (SEC-11)', ({ verdict }) => {
    if (!verdict.ok) throw new Error(verdict.refusal);
    const { handledBy } = verdict.value;
    expect(refusalOf(confirm(aSolved({ handledBy }), { id: AGENT, role: 'CC_MGR' }, happy, DEFAULT_COMPLAINT_POLICY, now))).toBe(
      'complaints.confirmer_is_handler',
    );
  });

  it('adds up what each solution cost, and keeps it when the case is opened again', () => {
    const first = solve(aResponded(), HANDLER, { ...answer, goodwillFen: fen(50_000) }, now);
    const agent = { id: AGENT, role: 'FU_AGENT' } as const;
    const again = first.ok && confirm(first.value, agent, { satisfied: false, verdict: '还响' }, DEFAULT_COMPLAINT_POLICY, now);
    expect(again).toMatchObject({ ok: true, value: { status: 'reopened', goodwillFen: 50_000 } });
    const second = again && again.ok && solve(again.value, HANDLER, { ...answer, goodwillFen: fen(2_000) }, now);
    expect(second).toMatchObject({ ok: true, value: { status: 'solved', goodwillFen: 52_000 } });
    const closed = second && second.ok && confirm(second.value, agent, happy, DEFAULT_COMPLAINT_POLICY, now);
    expect(closed && closed.ok && reopen(closed.value, HANDLER)).toMatchObject({ ok: true, value: { goodwillFen: 52_000 } });
  });

  it('not satisfied reopens on the old clock and keeps the first response', () => {
    const again = confirm(aSolved(), { id: AGENT, role: 'FU_AGENT' }, { satisfied: false, verdict: '还响' }, DEFAULT_COMPLAINT_POLICY, now);
    expect(again).toMatchObject({
      ok: true,
      value: { status: 'reopened', reopenedCount: 1, close: aSolved().close, respondedAt: aSolved().respondedAt },
    });
    expect(again.ok && 'solvedAt' in again.value).toBe(false);
  });
});

describe('pausing', () => {
  const allowed = { longestPauseHours: 72 };
  const byAgent = { state: 'requested', reason: '等配件', requestedBy: AGENT, requestedAt: now, until: addHours(now, 72) } as const;
  const requested = aComplaint({ pause: { ...byAgent, requestedBy: HANDLER } });
  it.each([
    { name: 'by somebody else', verdict: decidePause(requested, BOSS, { approved: true }, allowed, now), outcome: 'accepted' },
    {
      name: 'by the one who asked',
      verdict: decidePause(requested, HANDLER, { approved: true }, allowed, now),
      outcome: 'complaints.approver_is_requester',
    },
    {
      name: 'by the handler, asked for by another',
      verdict: decidePause(aComplaint({ pause: byAgent }), HANDLER, { approved: true }, allowed, now),
      outcome: 'complaints.approver_is_handler',
    },
    {
      name: 'by the accused',
      verdict: decidePause(requested, ACCUSED, { approved: true }, allowed, now),
      outcome: 'complaints.handler_is_accused',
    },
    {
      name: 'without a request',
      verdict: decidePause(aComplaint(), BOSS, { approved: true }, allowed, now),
      outcome: 'complaints.pause_not_requested',
    },
    {
      name: 'asked for twice',
      verdict: requestPause(requested, HANDLER, { reason: 'x' }, DEFAULT_COMPLAINT_POLICY, now),
      outcome: 'complaints.pause_already_requested',
    },
  ])('$name: $outcome', ({ verdict, outcome }) => expect(refusalOf(verdict)).toBe(outcome));

  const chairman = 'chairman' as StaffId;
  it.each([
    {
      name: 'the department, where somebody else of it may',
      pause: byAgent,
      rungs: [[HANDLER, 'second' as StaffId], [BOSS]],
      asked: ['second'],
    },
    { name: 'the next one up, where its manager is the handler', pause: byAgent, rungs: [[HANDLER], [BOSS], [chairman]], asked: [BOSS] },
    {
      name: 'the one after, where the next one up asked himself',
      pause: { ...byAgent, requestedBy: BOSS },
      rungs: [[HANDLER], [BOSS], [chairman]],
      asked: [chairman],
    },
    { name: 'nobody, where nobody may', pause: byAgent, rungs: [[HANDLER], [ACCUSED]], asked: [] },
  ])('is asked of $name', ({ pause, rungs, asked }) => expect(pauseDeciders(aComplaint({ pause }), rungs)).toEqual(asked));

  const policy = { longestPauseHours: 48 };
  it.each([
    { name: 'no end: the longest there is', until: null, is: addHours(now, 48) },
    { name: 'the longest', until: addHours(now, 48), is: addHours(now, 48) },
    { name: 'a millisecond more', until: addMilliseconds(addHours(now, 48), 1), is: 'complaints.pause_too_long' },
    { name: 'a millisecond', until: addMilliseconds(now, 1), is: addMilliseconds(now, 1) },
    { name: 'no time at all', until: now, is: 'complaints.pause_in_past' },
  ])('asked for with $name', ({ until, is }) => {
    const asked = requestPause(aComplaint(), HANDLER, { reason: '等配件', until }, policy, now);
    expect(asked.ok ? asked.value.pause.state === 'requested' && asked.value.pause.until : asked.refusal).toBe(is);
  });

  const later = addHours(now, 71);
  it.each([
    { name: 'for as long as asked', at: now, until: null, is: addHours(now, 72) },
    { name: 'for less', at: now, until: addHours(now, 1), is: addHours(now, 1) },
    { name: 'for more', at: now, until: addMilliseconds(addHours(now, 72), 1), is: 'complaints.pause_only_shortened' },
    { name: 'an hour before its end', at: later, until: null, is: addHours(now, 72) },
    { name: 'until before it was approved', at: later, until: later, is: 'complaints.pause_in_past' },
    { name: 'after its end', at: addHours(now, 72), until: null, is: 'complaints.pause_in_past' },
  ])('approved $name', ({ at: decidedAt, until, is }) => {
    const decided = decidePause(requested, BOSS, { approved: true, until }, allowed, decidedAt);
    expect(decided.ok ? decided.value.pause.state === 'paused' && decided.value.pause.until : decided.refusal).toBe(is);
  });

  it.each([
    { name: 'as long as is allowed by now', until: null, is: addHours(now, 1) },
    { name: 'for less', until: addMilliseconds(now, 1), is: addMilliseconds(now, 1) },
    { name: 'as was asked', until: addHours(now, 72), is: 'complaints.pause_too_long' },
    { name: 'a millisecond more', until: addMilliseconds(addHours(now, 1), 1), is: 'complaints.pause_too_long' },
  ])('approved under a limit shortened to an hour: $name', ({ until, is }) => {
    const decided = decidePause(requested, BOSS, { approved: true, until }, { longestPauseHours: 1 }, now);
    expect(decided.ok ? decided.value.pause.state === 'paused' && decided.value.pause.until : decided.refusal).toBe(is);
  });

  it('may still be refused after its end', () => {
    expect(decidePause(requested, BOSS, { approved: false }, allowed, addHours(now, 99)).ok).toBe(true);
  });

  it('refused leaves the clock running', () => {
    expect(decidePause(requested, BOSS, { approved: false }, allowed, now)).toMatchObject({
      ok: true,
      value: { pause: { state: 'running' } },
    });
  });
});

it.each([
  { name: 'may be called', facts: { deceased: false, objectsToCalls: false }, refusal: null },
  { name: 'who wants no calls is not', facts: { deceased: false, objectsToCalls: true }, refusal: 'complaints.customer_objects' },
  {
    name: 'who has died is not, whatever he said',
    facts: { deceased: true, objectsToCalls: true },
    refusal: 'complaints.customer_deceased',
  },
])('a customer $name', ({ facts, refusal }) => {
  expect(callRefusal(facts)).toBe(refusal);
});

describe('the month-end table', () => {
  const policy: ComplaintPolicy = {
    ...DEFAULT_COMPLAINT_POLICY,
    scoring: {
      bySeverity: { low: 1, normal: 2, high: 5 },
      byKind: [
        { kind: 'service', bySeverity: { low: 10, normal: 20, high: 50 } },
        { kind: 'service.attitude', bySeverity: { low: 3, normal: 4, high: 8 } },
      ],
      perBreach: 1,
      perReopening: 1,
    },
  };

  it.each([
    { name: 'a row of its own, before that of its branch', kind: 'service.attitude', points: { low: 3, normal: 4, high: 8 } },
    { name: 'a row of its branch', kind: 'service.parts', points: { low: 10, normal: 20, high: 50 } },
    { name: 'no row', kind: 'sales.attitude', points: { low: 1, normal: 2, high: 5 } },
  ] as const)('counts a kind with $name', ({ kind, points }) => {
    expect(pointsOf(policy, kind)).toEqual(points);
  });

  it('counts by severity alone under a policy saved without kinds', () => {
    const { byKind: _, ...scoring } = policy.scoring;
    expect(pointsOf({ ...policy, scoring }, 'service.attitude')).toEqual({ low: 1, normal: 2, high: 5 });
  });

  it('adds kind with severity, breaches and reopenings per person (COMP-09, FRM-63)', () => {
    const other = 'other' as StaffId;
    const against = (accusedId: StaffId, kind: ComplaintKind, severity: Severity, breaches = 0, reopenedCount = 0) => ({
      accusedId,
      kind,
      severity,
      breaches,
      reopenedCount,
    });
    expect(
      scores(
        [
          against(ACCUSED, 'service.attitude', 'normal', 1),
          against(other, 'sales.price', 'low'),
          against(ACCUSED, 'sales.price', 'high', 2, 1),
          against(ACCUSED, 'service.attitude', 'high'),
        ],
        policy,
      ),
    ).toEqual([
      {
        staffId: ACCUSED,
        kinds: [
          { kind: 'service.attitude', complaints: 2, points: 12 },
          { kind: 'sales.price', complaints: 1, points: 5 },
        ],
        complaints: 3,
        breaches: 3,
        reopenings: 1,
        points: 21,
      },
      { staffId: other, kinds: [{ kind: 'sales.price', complaints: 1, points: 1 }], complaints: 1, breaches: 0, reopenings: 0, points: 1 },
    ]);
  });
});

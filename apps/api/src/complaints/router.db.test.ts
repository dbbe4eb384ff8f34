import { pressesAt } from '@baoke/core/complaints';
import { aComplaint } from '@baoke/core/complaints/testing';
import {
  addDays,
  addMinutes,
  dateIn,
  instantOfMilliseconds,
  millisecondsOf,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type Instant,
  type OrderId,
  type StaffId,
  type TimeZone,
  type VehicleId,
  type VisitId,
} from '@baoke/core/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealStore, verifyChain } from '../audit/chain.ts';
import { forgetCallers } from '../access/sessions.ts';
import { now, setClockOffset } from '../clock.ts';
import { aCustomerOnFile, codeOf, failureOf } from '../testing/records.ts';
import { inTransaction } from '@baoke/db';
import { insertComplaint } from '@baoke/db/complaints';
import { newId } from '../ids.ts';
import { signIn, startTestServer, type Client, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { escalateDue } from './escalate.ts';

let server: TestServer;
let store: TestStore;
let other: TestStore;
let manager: TestPerson;
let agent: TestPerson;
let second: TestPerson;
let boss: TestPerson;
let advisor: TestPerson;
let stranger: TestPerson;
let customerId: CustomerId;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  other = await server.store('two');
  manager = await server.person(store, 'SVC_MGR', 'service', '王经理');
  agent = await server.person(store, 'FU_AGENT', 'customer_care');
  second = await server.person(store, 'CC_MGR', 'customer_care');
  boss = await server.person(store, 'GM', 'management');
  advisor = await server.person(store, 'SA', 'service');
  stranger = await server.person(other, 'CC_MGR', 'customer_care');
  await server.person(other, 'SVC_MGR', 'service');
  customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
});
afterAll(() => server.close());
beforeEach(() => setClockOffset(0));

function departmentId(): string {
  return store.departments.get('service') ?? '';
}

function registered(by: Client = agent.client, change: { accusedId?: string; source?: 'phone' | 'wechat' } = {}) {
  return by.complaints.register.mutate({
    customerId,
    source: change.source ?? 'phone',
    kind: 'service.workmanship',
    content: '刹车异响没有修好',
    departmentId: departmentId(),
    ...(change.accusedId ? { accusedId: change.accusedId } : {}),
  });
}

async function solved(by: Client = manager.client) {
  const { complaint } = await registered();
  const responded = await by.complaints.respond.mutate({ complaintId: complaint.id, version: complaint.version, note: '已致电' });
  return by.complaints.solve.mutate({
    complaintId: complaint.id,
    version: responded.complaint.version,
    solution: '更换刹车片',
    goodwillFen: 20_000,
  });
}

describe('what was said lately with the customer', () => {
  it('stands beside the complaint: the last three contacts, as far as the reader sees them', async () => {
    const theirs = await boss.client.customers.create.mutate({ name: '来往客户', phones: ['13900771299'] });
    for (const [at, content] of ['第一次', '第二次', '第三次', '第四次'].entries()) {
      const occurredAt = addMinutes(now(), 10 * at - 60);
      await agent.client.contacts.record.mutate({
        customerId: theirs.customerId,
        channel: 'phone',
        outcome: 'reached',
        content,
        occurredAt,
      });
    }
    const { complaint, contacts } = await agent.client.complaints.register.mutate({
      customerId: theirs.customerId,
      source: 'phone',
      kind: 'service.waiting',
      content: '等了两个小时',
      departmentId: departmentId(),
    });
    expect(contacts.map(({ content }) => content)).toEqual(['第四次', '第三次', '第二次']);
    const chairman = await server.person(store, 'CHAIR', 'management');
    expect((await chairman.client.complaints.get.query({ complaintId: complaint.id })).contacts).toEqual([]);
  });
});

describe("a complaint on the customer's card and time line", () => {
  it('is read by whoever may read the complaint, not by the adviser complained about who looks after the customer', async () => {
    const theirs = await boss.client.customers.create.mutate({
      name: '投诉顾问的客户',
      phones: ['13900771234'],
      advisorId: advisor.staffId,
    });
    const { complaint } = await agent.client.complaints.register.mutate({
      customerId: theirs.customerId,
      source: 'phone',
      kind: 'service.attitude',
      content: '服务顾问说话不耐烦',
      departmentId: departmentId(),
      accusedId: advisor.staffId,
    });
    const seen = async ({ client }: TestPerson) => {
      const { promises, counts } = await client.customers.get.query({ customerId: theirs.customerId });
      const { items } = await client.customers.timeline.query({ customerId: theirs.customerId, kinds: ['complaint'] });
      return {
        card: promises.complaints.map(({ id }) => id),
        open: promises.openComplaints,
        counted: counts.complaints,
        line: items.map(({ id }) => id),
      };
    };
    expect(await seen(manager)).toEqual({ card: [complaint.id], open: 1, counted: 1, line: [complaint.id] });
    expect(await seen(advisor)).toEqual({ card: [], open: 1, counted: 0, line: [] });
  });
});

describe('the life of a complaint', () => {
  it('goes to the department manager with its two promises frozen', async () => {
    const { complaint, handler, customer } = await registered();
    expect(handler.name).toBe('王经理');
    expect([complaint.response.minutes, complaint.close.minutes]).toEqual([60, 1440]);
    expect(complaint.response.dueAt).toBe(addMinutes(complaint.registeredAt, 60));
    expect(customer.phoneMasked).toBe('138****5678');
    const { notices } = await manager.client.notices.list.query();
    expect(notices.map((n) => n.kind)).toContain('complaints.registered');
    expect((await boss.client.notices.list.query()).notices.map((n) => n.params['number'])).toContain(complaint.number);
  });

  it('never goes to the person complained about, whatever his post (COMP-06)', async () => {
    const { handler, complaint } = await registered(agent.client, { accusedId: manager.staffId });
    expect(handler.id).toBe(boss.staffId);
    expect(await codeOf(manager.client.complaints.respond.mutate({ complaintId: complaint.id, version: 1, note: 'x' }))).toBe(
      'complaints.handler_is_accused',
    );
    expect(
      await codeOf(second.client.complaints.reassign.mutate({ complaintId: complaint.id, version: 1, handlerId: manager.staffId })),
    ).toBe('complaints.handler_is_accused');
  });

  it('ends when customer relations confirm, and leaves every step in its history and in the audit chain', async () => {
    const { complaint } = await solved();
    expect(
      await codeOf(
        manager.client.complaints.confirm.mutate({
          complaintId: complaint.id,
          version: complaint.version,
          satisfied: true,
          verdict: '满意',
        }),
      ),
    ).toBe('complaints.confirmer_not_customer_care');
    const closed = await agent.client.complaints.confirm.mutate({
      complaintId: complaint.id,
      version: complaint.version,
      satisfied: true,
      verdict: '满意',
    });
    expect(closed.complaint.status).toBe('closed');
    expect(closed.events.map((e) => e.kind)).toEqual(['registered', 'responded', 'solved', 'confirmed']);
    while ((await sealStore(server.platform.pool, store.storeId)) > 0);
    expect(await verifyChain(server.platform.pool, store.storeId)).toMatchObject({ broken: null, unsealed: 0 });
  });

  it('is reopened on its old clock when the customer is not satisfied', async () => {
    const { complaint } = await solved();
    const again = await agent.client.complaints.confirm.mutate({
      complaintId: complaint.id,
      version: complaint.version,
      satisfied: false,
      verdict: '还响',
    });
    expect(again.complaint).toMatchObject({ status: 'reopened', reopenedCount: 1, close: complaint.close });
  });

  it('adds up what all its solutions cost, in its card and in the statistics', async () => {
    const period = { from: '2020-01-01', to: '2100-01-01' };
    const paid = async () =>
      (await second.client.complaints.statistics.query({ period, groupBy: 'department' })).groups.reduce(
        (sum, g) => sum + g.goodwillFen,
        0,
      );
    const before = await paid();
    const { complaint: first } = await solved();
    const again = await agent.client.complaints.confirm.mutate({
      complaintId: first.id,
      version: first.version,
      satisfied: false,
      verdict: '还响',
    });
    const better = await manager.client.complaints.solve.mutate({
      complaintId: first.id,
      version: again.complaint.version,
      solution: '更换刹车盘',
      cause: '漏检',
      goodwillFen: 0,
    });
    const closed = await agent.client.complaints.confirm.mutate({
      complaintId: first.id,
      version: better.complaint.version,
      satisfied: true,
      verdict: '满意',
    });
    expect(closed.complaint.goodwillFen).toBe(20_000);
    expect((await paid()) - before).toBe(20_000);
    const solutions = closed.events.filter((e) => e.kind === 'solved');
    expect(solutions.map((e) => [e.note, e.details['goodwillFen'], e.details['cause']])).toEqual([
      ['更换刹车片', 20_000, null],
      ['更换刹车盘', 0, '漏检'],
    ]);
  });

  it('is confirmed by nobody who ever handled it or did something for it (SEC-11)', async () => {
    const confirmation = { satisfied: true, verdict: '满意' };
    const { complaint } = await registered();
    const hers = await boss.client.complaints.reassign.mutate({ complaintId: complaint.id, version: 1, handlerId: second.staffId });
    const back = await boss.client.complaints.reassign.mutate({
      complaintId: complaint.id,
      version: hers.complaint.version,
      handlerId: manager.staffId,
    });
    const responded = await manager.client.complaints.respond.mutate({
      complaintId: complaint.id,
      version: back.complaint.version,
      note: '已致电',
    });
    const noted = await agent.client.complaints.addAction.mutate({ complaintId: complaint.id, note: '已约客户到店' });
    expect(noted.complaint.version).toBe(responded.complaint.version);
    const { complaint: done } = await manager.client.complaints.solve.mutate({
      complaintId: complaint.id,
      version: responded.complaint.version,
      solution: '更换刹车片',
    });
    expect(done.handledBy.toSorted()).toEqual([manager.staffId, second.staffId, agent.staffId].toSorted());
    const { items } = await boss.client.complaints.list.query({ number: complaint.number });
    expect(items[0]?.complaint).toEqual(done);
    for (const by of [second, agent])
      expect(await codeOf(by.client.complaints.confirm.mutate({ complaintId: done.id, version: done.version, ...confirmation }))).toBe(
        'complaints.confirmer_is_handler',
      );
    const third = await server.person(store, 'FU_AGENT', 'customer_care');
    expect(
      (await third.client.complaints.confirm.mutate({ complaintId: done.id, version: done.version, ...confirmation })).complaint.status,
    ).toBe('closed');
  });

  it('shows who was faster instead of overwriting him', async () => {
    const { complaint } = await registered();
    await manager.client.complaints.respond.mutate({ complaintId: complaint.id, version: 1, note: '已致电' });
    const late = await boss.client.complaints.reassign
      .mutate({ complaintId: complaint.id, version: 1, handlerId: boss.staffId })
      .catch((e: unknown) => e as { data: { code: string; conflict: unknown[] } });
    expect('data' in late && late.data).toMatchObject({ code: 'platform.conflict', conflict: [{ field: 'status', theirs: 'responded' }] });
  });

  it('stops its clock only on the word of a second person', async () => {
    const { complaint } = await registered();
    const asked = await manager.client.complaints.requestPause.mutate({ complaintId: complaint.id, version: 1, reason: '等配件' });
    expect(
      await codeOf(
        manager.client.complaints.decidePause.mutate({ complaintId: complaint.id, version: asked.complaint.version, approved: true }),
      ),
    ).toBe('complaints.approver_is_requester');
    const paused = await second.client.complaints.decidePause.mutate({
      complaintId: complaint.id,
      version: asked.complaint.version,
      approved: true,
    });
    expect(paused.complaint.pause.state).toBe('paused');
    // He stays at work meanwhile: a session left alone would end.
    for (let minutes = 20; minutes <= 180; minutes += 20) {
      setClockOffset(minutes * 60_000);
      // What was looked up a moment ago by the clock of the machine is older by that of the store.
      forgetCallers();
      await manager.client.complaints.counts.query();
    }
    const running = await manager.client.complaints.resume.mutate({ complaintId: complaint.id, version: paused.complaint.version });
    expect(running.breaches).toEqual([]);
    expect(running.complaint.close.dueAt > complaint.close.dueAt).toBe(true);
  });
});

describe('the decision on a pause', () => {
  it("is not the handler's; who stands above him is asked", async () => {
    const { complaint } = await registered();
    const asked = await second.client.complaints.requestPause.mutate({ complaintId: complaint.id, version: 1, reason: '等配件' });
    expect(
      await codeOf(
        manager.client.complaints.decidePause.mutate({ complaintId: complaint.id, version: asked.complaint.version, approved: true }),
      ),
    ).toBe('complaints.approver_is_handler');
    const told = async (person: TestPerson) =>
      (await person.client.notices.list.query()).notices.some(
        (n) => n.kind === 'complaints.pause_requested' && n.entityId === complaint.id,
      );
    expect([await told(manager), await told(boss)]).toEqual([false, true]);
    const paused = await boss.client.complaints.decidePause.mutate({
      complaintId: complaint.id,
      version: asked.complaint.version,
      approved: true,
    });
    expect(paused.complaint.pause.state).toBe('paused');
  });
});

describe('a pause that comes to its limit', () => {
  const zone = 'Asia/Shanghai' as TimeZone;
  const look = (at: Instant) => escalateDue(server.platform, store.storeId, zone, at);
  const seen = async (complaintId: ComplaintId) => boss.client.complaints.get.query({ complaintId });

  async function paused(until: (registeredAt: Instant) => Instant, approved?: (registeredAt: Instant) => Instant) {
    const { complaint } = await registered();
    const { id: complaintId, registeredAt } = complaint;
    const asking = { complaintId, version: 1, reason: '等配件', until: until(registeredAt) };
    const { complaint: asked } = await manager.client.complaints.requestPause.mutate(asking);
    const decision = { complaintId, version: asked.version, approved: true, until: approved?.(registeredAt) ?? null };
    return (await boss.client.complaints.decidePause.mutate(decision)).complaint;
  }

  it('ends by itself at that instant, on record, once however often anybody looks, and its handler is told (10 §8)', async () => {
    const { longestPauseHours } = await seen((await registered()).complaint.id);
    expect(longestPauseHours).toBe(72);
    const before = await paused(
      (at) => addMinutes(at, 60 * 48),
      (at) => addMinutes(at, 60 * 24),
    );
    if (before.pause.state !== 'paused') throw new Error('it does not stand still');
    const { pausedAt, until } = before.pause;
    expect(until).toBe(addMinutes(before.registeredAt, 60 * 24));
    await look(addMinutes(until, -1));
    expect((await seen(before.id)).complaint).toEqual(before);
    const late = addMinutes(until, 5);
    await Promise.all([look(late), look(late), look(late)]);
    await look(addMinutes(late, 1));
    const { complaint, events } = await seen(before.id);
    expect(complaint).toMatchObject({ pause: { state: 'running' }, version: before.version + 1 });
    const resumed = events.filter(({ kind }) => kind === 'resumed');
    expect(resumed).toMatchObject([{ at: until, by: null, details: { limit: true } }]);
    // What the events tell is what stands there.
    const stood = millisecondsOf(resumed[0]!.at) - millisecondsOf(pausedAt);
    for (const name of ['response', 'close'] as const)
      expect(complaint[name].dueAt).toBe(instantOfMilliseconds(millisecondsOf(before[name].dueAt) + stood));
    const told = (await manager.client.notices.list.query()).notices.filter(({ entityId }) => entityId === before.id);
    expect(told.filter(({ kind }) => kind === 'complaints.pause_over')).toHaveLength(1);
    // The ladder is climbed by the time that is left.
    await look(addMinutes(complaint.response.dueAt, 1));
    expect((await seen(before.id)).escalations.map(({ promise, percent }) => [promise, percent])).toContainEqual(['response', 100]);
  });

  it('has ended for whoever is there before the job', async () => {
    const before = await paused((at) => addMinutes(at, 20));
    setClockOffset(25 * 60_000);
    forgetCallers();
    const answer = { complaintId: before.id, version: before.version, note: '已致电' };
    const { complaint, events } = await manager.client.complaints.respond.mutate(answer);
    expect(complaint).toMatchObject({ status: 'responded', pause: { state: 'running' } });
    expect(events.filter(({ kind }) => kind === 'resumed')).toMatchObject([{ at: before.pause.state === 'paused' && before.pause.until }]);
    await look(now());
    expect((await seen(before.id)).events.filter(({ kind }) => kind === 'resumed')).toHaveLength(1);
  });

  it('is told by the feed of changes, from when it is asked for until the clock runs again', async () => {
    const { complaint } = await registered();
    const told = async (minutesOn: number) => {
      setClockOffset(minutesOn * 60_000);
      forgetCallers();
      const { items } = await boss.client.complaints.changes.query({ updatedAfter: addMinutes(complaint.registeredAt, -1), limit: 200 });
      const { pauseState, pausedUntil } = items.find(({ id }) => id === complaint.id) ?? {};
      return { pauseState, pausedUntil };
    };
    const until = addMinutes(complaint.registeredAt, 20);
    expect(await told(2)).toEqual({ pauseState: 'running', pausedUntil: null });
    await manager.client.complaints.requestPause.mutate({ complaintId: complaint.id, version: 1, reason: '等配件', until });
    expect(await told(4)).toEqual({ pauseState: 'requested', pausedUntil: until });
    await boss.client.complaints.decidePause.mutate({ complaintId: complaint.id, version: 2, approved: true });
    expect(await told(6)).toEqual({ pauseState: 'paused', pausedUntil: until });
    await manager.client.complaints.resume.mutate({ complaintId: complaint.id, version: 3 });
    expect(await told(8)).toEqual({ pauseState: 'running', pausedUntil: null });
  });

  it('is no longer than the store allows, and only shortened by whoever approves', async () => {
    const { complaint } = await registered();
    const request = (until: Instant) =>
      manager.client.complaints.requestPause.mutate({ complaintId: complaint.id, version: 1, reason: '等配件', until });
    expect(await failureOf(request(addMinutes(now(), 60 * 72 + 10)))).toEqual([
      'complaints.pause_too_long',
      ['until complaints.pause_too_long'],
    ]);
    expect(await failureOf(request(addMinutes(now(), -1)))).toEqual(['complaints.pause_in_past', ['until complaints.pause_in_past']]);
    expect(await codeOf(request(addMinutes(now(), 30)))).toBe('went through');
    const decide = (until: Instant) =>
      codeOf(boss.client.complaints.decidePause.mutate({ complaintId: complaint.id, version: 2, approved: true, until }));
    expect(await decide(addMinutes(now(), 31))).toBe('complaints.pause_only_shortened');
    expect(await decide(addMinutes(now(), 29))).toBe('went through');
  });
});

describe('escalation', () => {
  async function stepsOf(id: string) {
    return (await boss.client.complaints.get.query({ complaintId: id })).escalations.map((e) => `${e.promise} ${e.percent} ${e.level}`);
  }
  const escalate = (at: Instant) => escalateDue(server.platform, store.storeId, 'Asia/Shanghai' as Parameters<typeof escalateDue>[2], at);

  it('takes each step exactly once, in parallel, repeated and late', async () => {
    const { complaint } = await registered();
    await escalate(now());
    expect(await stepsOf(complaint.id)).toEqual([]);
    const half = addMinutes(complaint.registeredAt, 30);
    await Promise.all([escalate(half), escalate(half), escalate(half)]);
    await escalate(half);
    expect(await stepsOf(complaint.id)).toEqual(['response 50 general_manager']);
    const late = addMinutes(complaint.registeredAt, 60 * 26);
    await Promise.all([escalate(late), escalate(late)]);
    expect(await stepsOf(complaint.id)).toEqual([
      'response 50 general_manager',
      'response 100 chairman',
      'close 50 general_manager',
      'close 100 chairman',
    ]);
    const bells = (await boss.client.notices.list.query()).notices.filter(
      (n) => n.kind === 'complaints.escalated' && n.entityId === complaint.id,
    );
    expect(bells.map((n) => `${n.params['promise']} ${n.params['percent']}`).toSorted()).toEqual(['close 50', 'response 50']);
  });

  it('goes past the person complained about to the next one up', async () => {
    const chairman = await server.person(store, 'CHAIR', 'management');
    const { complaint } = await registered(agent.client, { accusedId: boss.staffId });
    await escalate(addMinutes(complaint.registeredAt, 30));
    const told = async (person: TestPerson) =>
      (await person.client.notices.list.query()).notices.some((n) => n.kind === 'complaints.escalated' && n.entityId === complaint.id);
    expect([await told(manager), await told(boss), await told(chairman)]).toEqual([true, false, true]);
  });

  it('loses no step to a change between its time and the next look', async () => {
    const { complaint } = await registered();
    setClockOffset(61 * 60_000);
    // Whoever signed in before would have been idle for too long.
    const late = server.client({ cookie: await signIn(server.url, manager.username) });
    await late.complaints.respond.mutate({ complaintId: complaint.id, version: 1, note: '已致电' });
    setClockOffset(0);
    expect(await stepsOf(complaint.id)).toEqual(['response 50 general_manager', 'response 100 chairman']);
  });

  it('tells at once of a case opened again after its time', async () => {
    const { complaint } = await solved();
    const closed = await second.client.complaints.confirm.mutate({
      complaintId: complaint.id,
      version: complaint.version,
      satisfied: true,
      verdict: '满意',
    });
    expect(await stepsOf(complaint.id)).toEqual([]);
    setClockOffset(25 * 3_600_000);
    const late = server.client({ cookie: await signIn(server.url, second.username) });
    await late.complaints.reopen.mutate({ complaintId: complaint.id, version: closed.complaint.version, reason: '又响了' });
    setClockOffset(0);
    expect(await stepsOf(complaint.id)).toEqual(['close 50 general_manager', 'close 100 chairman']);
  });

  it('leaves a promise that was kept alone', async () => {
    const { complaint } = await registered();
    await manager.client.complaints.respond.mutate({ complaintId: complaint.id, version: 1, note: '已致电' });
    await escalate(addMinutes(complaint.registeredAt, 70));
    expect(await stepsOf(complaint.id)).toEqual([]);
  });
});

describe('who reaches a complaint', () => {
  it('of another store answers exactly as one that does not exist', async () => {
    const { complaint } = await registered();
    const foreign = await codeOf(stranger.client.complaints.get.query({ complaintId: complaint.id }));
    expect(foreign).toBe('platform.not_found');
    expect(await codeOf(stranger.client.complaints.respond.mutate({ complaintId: complaint.id, version: 1, note: 'x' }))).toBe(foreign);
    expect((await stranger.client.complaints.list.query({})).items).toEqual([]);
    expect(
      await codeOf(
        stranger.client.complaints.register.mutate({
          customerId,
          source: 'phone',
          kind: 'service.price',
          content: 'x',
          departmentId: departmentId(),
        }),
      ),
    ).toBe('platform.not_found');
  });

  it('is asked to sign in first', async () => {
    expect(await codeOf(server.anonymous.complaints.list.query({}))).toBe('access.signed_out');
  });

  it('sees his own only, where his right says so', async () => {
    const { complaint } = await registered();
    expect(await codeOf(advisor.client.complaints.get.query({ complaintId: complaint.id }))).toBe('platform.not_found');
    expect((await manager.client.complaints.get.query({ complaintId: complaint.id })).complaint.id).toBe(complaint.id);
  });
});

describe('lists and figures', () => {
  it('page by key without losing or repeating a row', async () => {
    for (let i = 0; i < 5; i += 1) await registered();
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page: Awaited<ReturnType<typeof second.client.complaints.list.query>> = await second.client.complaints.list.query({
        limit: 3,
        cursor,
      });
      seen.push(...page.items.map((i) => i.complaint.id));
      cursor = page.nextCursor;
    } while (cursor);
    const { all } = await second.client.complaints.counts.query();
    expect(seen.length).toBe(all);
    expect(new Set(seen).size).toBe(all);
  });

  it('page open ones in the order of urgency, one that stands still by when it runs on', async () => {
    const seen: Instant[] = [];
    const ids = new Set<string>();
    let cursor: string | null | undefined;
    do {
      const page: Awaited<ReturnType<typeof second.client.complaints.list.query>> = await second.client.complaints.list.query({
        tab: 'to_respond',
        sort: 'pressesAt',
        descending: false,
        limit: 3,
        cursor,
      });
      seen.push(...page.items.map(({ complaint }) => pressesAt(complaint)));
      for (const { complaint } of page.items) ids.add(complaint.id);
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(seen.toSorted());
    expect(ids.size).toBe((await second.client.complaints.counts.query()).to_respond);
  });

  it('count the same complaints in every scope as the list shows', async () => {
    const counts = await second.client.complaints.counts.query();
    for (const tab of ['to_respond', 'in_work', 'to_confirm', 'overdue', 'closed', 'mine'] as const) {
      const { items } = await second.client.complaints.list.query({ tab, limit: 200 });
      expect([tab, items.length]).toEqual([tab, counts[tab]]);
    }
  });

  it('group what was registered in a period', async () => {
    const today = dateIn('Asia/Shanghai' as TimeZone, now());
    const period = { from: addDays(today, -500), to: addDays(today, 500) };
    const { groups } = await second.client.complaints.statistics.query({ period, groupBy: 'source' });
    const { all } = await second.client.complaints.counts.query();
    expect(groups.reduce((sum, g) => sum + g.total, 0)).toBe(all);
    const rates = await second.client.complaints.rates.query({ period });
    expect(rates.service?.part).toBe(all);
    expect(rates.sla.total).toBe(all);
    // A promise that still runs is neither kept nor broken.
    expect(rates.sla.closeDecided).toBe((await second.client.complaints.list.query({ tab: 'closed', limit: 200 })).items.length);
  });
});

describe('putting a complaint right', () => {
  it('changes what it is about, keeps its promises, stands on the time line, and never leaves it to the person complained about', async () => {
    const { complaint } = await registered();
    const facts = { kind: 'sales.price', severity: 'high', departmentId: departmentId() as DepartmentId, accusedId: null } as const;
    const amend = (person: TestPerson, change: object, version = 1) =>
      person.client.complaints.amend.mutate({ complaintId: complaint.id, version, reason: '登记有误', ...facts, ...change });
    const right = await amend(manager, {});
    expect(right.complaint).toMatchObject({ ...facts, response: complaint.response, close: complaint.close, version: 2 });
    expect(right.events.at(-1)).toMatchObject({
      kind: 'amended',
      note: '登记有误',
      details: { kindFrom: 'service.workmanship', kindTo: 'sales.price', severityFrom: 'normal', severityTo: 'high' },
    });
    expect(await codeOf(amend(manager, {}, 2))).toBe('complaints.nothing_amended');
    expect(await codeOf(amend(manager, { accusedId: manager.staffId }, 2))).toBe('complaints.handler_is_accused');
    expect(await codeOf(amend(stranger, { severity: 'low' }, 2))).toBe('platform.not_found');
    const moved = await amend(second, { accusedId: manager.staffId }, 2);
    expect([moved.accused?.id, moved.handler.id]).toEqual([manager.staffId, boss.staffId]);
    expect(await codeOf(amend(manager, { severity: 'low' }, 3))).toBe('complaints.handler_is_accused');
  });
});

describe('the phone of the customer', () => {
  it('is shown to the handler and to whoever confirms, and written down', async () => {
    const { complaint } = await registered();
    const reveal = (person: TestPerson) => person.client.complaints.revealPhone.mutate({ complaintId: complaint.id });
    expect((await manager.client.complaints.get.query({ complaintId: complaint.id })).canReveal).toBe(true);
    expect((await reveal(manager)).phones).toEqual([{ number: '13812345678', tel: '+8613812345678', rank: expect.any(Number) }]);
    expect((await second.client.complaints.get.query({ complaintId: complaint.id })).canReveal).toBe(false);
    expect(await codeOf(reveal(second))).toBe('access.forbidden');
    expect(await codeOf(reveal(stranger))).toBe('platform.not_found');
    const done = await solved();
    expect((await second.client.complaints.get.query({ complaintId: done.complaint.id })).canReveal).toBe(true);
    const entries = await inTransaction(
      server.platform.pool,
      { storeId: store.storeId },
      (tx) =>
        tx
          .selectFrom('audit_entries')
          .select('actor_name')
          .where('store_id', '=', store.storeId)
          .where('action', '=', 'complaints.revealPhone')
          .execute(),
      'read',
    );
    expect(entries).toEqual([{ actor_name: '王经理' }]);
  });
});

describe('a customer who is not called', () => {
  it.each([
    { why: 'complaints.customer_objects', called: false },
    { why: 'complaints.customer_deceased', called: false },
    { why: null, called: true },
  ] as const)('$why: his number stays hidden from whoever has to call him', async ({ why, called }) => {
    const his = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '赵六', phone: '+8613900000066' });
    const { complaint } = await agent.client.complaints.register.mutate({
      customerId: his,
      source: 'phone',
      kind: 'service.workmanship',
      content: '刹车异响没有修好',
      departmentId: store.departments.get('service') ?? '',
    });
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      const said = (granted: boolean, at: string, of: { channel?: string; purpose?: string } = {}) => ({
        store_id: store.storeId,
        id: newId(),
        customer_id: his,
        purpose: 'service',
        channel: 'phone',
        ...of,
        granted,
        source: 'test',
        at,
      });
      // The last word about calls for service counts; of messages and advertising he may say what he likes.
      await tx
        .insertInto('consents')
        .values([
          said(why !== 'complaints.customer_objects', '2026-03-02T02:00:00Z'),
          said(why === 'complaints.customer_objects', '2026-03-01T02:00:00Z'),
          said(false, '2026-03-03T02:00:00Z', { channel: 'sms' }),
          said(false, '2026-03-03T02:00:00Z', { purpose: 'marketing' }),
        ])
        .execute();
      if (why === 'complaints.customer_deceased')
        await tx
          .updateTable('customers')
          .set({ status: 'deceased', standing_on: '2026-03-01', standing_note: '家属告知', standing_by: agent.staffId, standing_at: now() })
          .where('store_id', '=', store.storeId)
          .where('id', '=', his)
          .execute();
    });
    const view = await manager.client.complaints.get.query({ complaintId: complaint.id });
    expect([view.notCalled, view.canReveal]).toEqual([why, called]);
    const reveal = manager.client.complaints.revealPhone.mutate({ complaintId: complaint.id });
    if (called) expect((await reveal).phones).toHaveLength(1);
    else expect(await codeOf(reveal)).toBe(why);
  });
});

describe('a complaint by its number', () => {
  const found = async (person: TestPerson, term: string) =>
    (await person.client.search.find.query({ term })).complaints.map(({ number }) => number);

  it('is found whole, by its end and without its hyphen, by those who may see it, and by nobody of another store', async () => {
    const { number } = (await registered()).complaint;
    for (const term of [number, number.slice(4), number.slice(-4), number.slice(-3), number.replace('-', '')])
      expect(await found(manager, term)).toContain(number);
    expect((await manager.client.search.find.query({ term: number })).complaints[0]).toMatchObject({ number, customerName: '王小明' });
    expect(await found(advisor, number)).toEqual([]);
    expect(await found(manager, number.slice(0, 8))).not.toContain(number);
    expect(await found(manager, number.slice(-2))).toEqual([]);
    expect(await found(stranger, number)).toEqual([]);
  });
});

describe('the figures of a period', () => {
  it('are the count or the sum of the rows each opens', async () => {
    const { complaint } = await solved();
    await second.client.complaints.confirm.mutate({
      complaintId: complaint.id,
      version: complaint.version,
      satisfied: false,
      verdict: '还响',
    });
    const today = dateIn('Asia/Shanghai' as TimeZone, now());
    const period = { from: today, to: addDays(today, 1) };
    const rowsOf = async (filter: Parameters<typeof second.client.complaints.list.query>[0]) =>
      (await second.client.complaints.list.query({ registeredFrom: period.from, registeredTo: period.to, limit: 200, ...filter })).items;
    const { sla } = await second.client.complaints.rates.query({ period });
    expect(await rowsOf({ kept: 'response' })).toHaveLength(sla.responseKept);
    expect(await rowsOf({ breached: 'response' })).toHaveLength(sla.responseDecided - sla.responseKept);
    expect(await rowsOf({ kept: 'close' })).toHaveLength(sla.closeKept);
    expect(await rowsOf({ breached: 'close' })).toHaveLength(sla.closeDecided - sla.closeKept);
    const { groups } = await second.client.complaints.statistics.query({ period, groupBy: 'accused' });
    expect(groups.map(({ key }) => key)).toContain(null);
    expect(groups.some(({ reopened, goodwillFen }) => reopened > 0 && goodwillFen > 0)).toBe(true);
    for (const group of groups) {
      const accusedId = group.key as StaffId | null;
      expect(await rowsOf({ accusedId })).toHaveLength(group.total);
      expect(await rowsOf({ accusedId, reopened: true })).toHaveLength(group.reopened);
      const paid = await rowsOf({ accusedId, goodwill: true });
      expect(paid.reduce((sum, row) => sum + row.complaint.goodwillFen, 0)).toBe(group.goodwillFen);
    }
  });
});

describe('the complaint rates', () => {
  async function registeredOn(...days: readonly string[]) {
    const reported = await server.store(`rates ${newId()}`);
    const boss = await server.person(reported, 'GM', 'management');
    const manager = await server.person(reported, 'SVC_MGR', 'service');
    const customer = await aCustomerOnFile(server.platform.pool, reported.storeId);
    await inTransaction(server.platform.pool, { storeId: reported.storeId }, async (tx) => {
      for (const [at, day] of days.entries())
        await insertComplaint(
          tx,
          reported.storeId,
          aComplaint({
            id: newId<ComplaintId>(),
            number: `R-${at}`,
            customerId: customer,
            departmentId: reported.departments.get('service') as DepartmentId,
            accusedId: null,
            handlerId: manager.staffId,
            registeredBy: manager.staffId,
            registeredAt: `${day}T04:00:00.000Z` as Instant,
          }),
          null,
        );
    });
    return { ...reported, boss, manager };
  }

  it('stand beside a period of the reader’s choice and the same of last year, with the mean of their months (F-11, COMP-16)', async () => {
    const { storeId, boss, manager } = await registeredOn('2026-01-05', '2026-02-03', '2026-02-04', '2026-03-01', '2025-03-09');
    const visits = { '2026-01-05': 10, '2026-02-03': 5, '2026-03-01': 20, '2026-04-02': 4, '2025-03-09': 2 };
    await inTransaction(server.platform.pool, { storeId }, async (tx) => {
      const { code: category } = await tx
        .selectFrom('service_categories')
        .select('code')
        .where('store_id', '=', storeId)
        .limit(1)
        .executeTakeFirstOrThrow();
      const vehicle_id = newId<VehicleId>();
      await tx.insertInto('vehicles').values({ store_id: storeId, id: vehicle_id }).execute();
      const values = Object.entries(visits).flatMap(([day, count]) =>
        Array.from({ length: count }, (_, at) => ({
          store_id: storeId,
          id: newId<VisitId>(),
          vehicle_id,
          order_no: `${day} ${at}`,
          category,
          arrived_on: day,
          state: 'open',
        })),
      );
      await tx.insertInto('service_visits').values(values).execute();
    });
    const spring = { from: '2026-03-01', to: '2026-05-01' };
    const winter = { from: '2026-01-01', to: '2026-03-01' };
    const rates = await boss.client.complaints.rates.query({ period: spring, against: winter });
    expect(rates).toMatchObject({
      service: { part: 1, whole: 24 },
      mean: { service: { share: (1 / 20 + 0) / 2, months: 2 }, sales: null },
      previous: { period: winter, service: { part: 3, whole: 15 }, mean: { service: { share: (1 / 10 + 2 / 5) / 2, months: 2 } } },
      lastYear: {
        period: { from: '2025-03-01', to: '2025-05-01' },
        service: { part: 1, whole: 2 },
        mean: { service: { share: 1 / 2, months: 1 } },
      },
    });
    // Of a month cut by the period no rate weighs in the mean.
    const cut = await boss.client.complaints.rates.query({ period: { from: '2026-01-06', to: '2026-05-01' } });
    expect(cut.mean.service).toEqual({ share: (2 / 5 + 1 / 20 + 0) / 3, months: 3 });
    const hers = await manager.client.complaints.rates.query({ period: spring, against: winter });
    expect([hers.mean.sales, hers.previous.mean.sales, hers.lastYear.sales]).toEqual([null, null, null]);
    expect(await codeOf(boss.client.complaints.rates.query({ period: spring, against: { from: '2020-01-01', to: '2026-01-01' } }))).toBe(
      'input.invalid',
    );
  });

  it('stand beside the whole month before, and leave out the branch that rights hide (COMP-10)', async () => {
    // March has 31 days, February 28: as many days before March would begin on 29 January.
    const { boss, manager } = await registeredOn('2026-01-29', '2026-02-01', '2026-02-28', '2026-03-31');
    const march = { from: '2026-03-01', to: '2026-04-01' };
    const rates = await boss.client.complaints.rates.query({ kind: 'month', period: march });
    expect([rates.service?.part, rates.previous.service?.part]).toEqual([1, 2]);
    const days = await boss.client.complaints.rates.query({ period: march });
    expect(days.previous.service?.part).toBe(3);
    expect(rates.sales).toEqual({ part: 0, whole: 0 });
    const hers = await manager.client.complaints.rates.query({ kind: 'month', period: march });
    expect([hers.service?.part, hers.sales, hers.previous.sales, hers.months[0]?.sales]).toEqual([1, null, null, null]);
    expect(await codeOf(boss.client.complaints.rates.query({ kind: 'month', period: { from: '2026-03-02', to: '2026-04-02' } }))).toBe(
      'input.invalid',
    );
  });
});

describe('what a complaint is about', () => {
  const [bought, former, usedBy, foreign, brought] = [
    newId<VehicleId>(),
    newId<VehicleId>(),
    newId<VehicleId>(),
    newId<VehicleId>(),
    newId<VehicleId>(),
  ];
  const [visitOfHis, unnamedVisit, foreignVisit] = [newId<VisitId>(), newId<VisitId>(), newId<VisitId>()];
  const [orderOfHis, foreignOrder] = [newId<OrderId>(), newId<OrderId>()];

  beforeAll(async () => {
    const anotherId = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '李四', phone: '+8613900000001' });
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      const store_id = store.storeId;
      for (const id of [bought, former, usedBy, foreign, brought])
        await tx
          .insertInto('vehicles')
          .values({ store_id, id, owner_id: id === bought ? customerId : anotherId })
          .execute();
      const { code: category } = await tx
        .selectFrom('service_categories')
        .select('code')
        .where('store_id', '=', store_id)
        .limit(1)
        .executeTakeFirstOrThrow();
      const period = (vehicle_id: VehicleId, customer_id: CustomerId, role: 'owner' | 'user', to_on: string | null) => ({
        store_id,
        vehicle_id,
        customer_id,
        role,
        from_on: '2020-01-01',
        to_on,
      });
      await tx
        .insertInto('ownerships')
        .values([
          period(former, customerId, 'owner', '2024-01-01'),
          period(usedBy, customerId, 'user', null),
          period(foreign, anotherId, 'owner', null),
        ])
        .execute();
      const visit = (id: VisitId, customer_id: CustomerId | null, vehicle_id: VehicleId) => ({
        store_id,
        id,
        order_no: id,
        customer_id,
        vehicle_id,
        category,
        state: 'settled',
        arrived_on: '2026-05-01',
      });
      await tx
        .insertInto('service_visits')
        .values([visit(visitOfHis, customerId, brought), visit(unnamedVisit, null, bought), visit(foreignVisit, anotherId, foreign)])
        .execute();
      const order = (id: OrderId, customer_id: CustomerId, vehicle_id: VehicleId) => ({
        store_id,
        id,
        customer_id,
        vehicle_id,
        ordered_on: '2026-05-01',
        state: 'open',
      });
      await tx
        .insertInto('orders')
        .values([order(orderOfHis, customerId, bought), order(foreignOrder, anotherId, foreign)])
        .execute();
    });
  });

  it.each([
    { name: 'a vehicle he owns', about: { vehicleId: bought }, fault: null },
    { name: 'a vehicle he owned before', about: { vehicleId: former }, fault: null },
    { name: 'a vehicle he uses', about: { vehicleId: usedBy }, fault: null },
    { name: 'a visit of his, with the vehicle he brought', about: { visitId: visitOfHis, vehicleId: brought }, fault: null },
    { name: 'a visit of his vehicle that names nobody', about: { visitId: unnamedVisit }, fault: null },
    { name: 'an order of his', about: { orderId: orderOfHis }, fault: null },
    { name: "another's vehicle", about: { vehicleId: foreign }, fault: 'vehicleId' },
    { name: "another's vehicle beside a visit of his", about: { visitId: visitOfHis, vehicleId: foreign }, fault: 'vehicleId' },
    { name: "another's visit", about: { visitId: foreignVisit }, fault: 'visitId' },
    { name: "another's order", about: { orderId: foreignOrder }, fault: 'orderId' },
  ])('is $name: the fault is of $fault', async ({ about, fault }) => {
    const made = agent.client.complaints.register.mutate({
      customerId,
      source: 'phone',
      kind: 'service.price',
      content: 'x',
      departmentId: departmentId(),
      ...about,
    });
    const error = await made.then(
      () => null,
      (e: unknown) => e as { data: { code: string; fields: unknown[] } },
    );
    expect(error && [error.data.code, error.data.fields]).toEqual(
      fault && ['platform.not_found', [expect.objectContaining({ path: fault, code: 'not_of_customer' })]],
    );
  });

  it('is offered: his visits, those of his vehicles that name nobody, and his orders, as far as one sees such records', async () => {
    const occasions = (by: TestPerson, change: object = {}) => by.client.complaints.occasions.query({ customerId, ...change });
    const { visits, orders } = await occasions(boss);
    expect(visits?.map(({ id }) => id).toSorted()).toEqual([visitOfHis, unnamedVisit].toSorted());
    expect(visits?.[0]).toMatchObject({ arrivedOn: '2026-05-01', category: { zh: expect.any(String), en: expect.any(String) } });
    expect(orders).toMatchObject([{ id: orderOfHis, orderedOn: '2026-05-01', vehicleId: bought }]);
    expect((await occasions(boss, { vehicleId: brought })).visits?.map(({ id }) => id)).toEqual([visitOfHis]);
    expect((await occasions(boss, { vehicleId: brought })).orders).toEqual([]);
    expect(await occasions(boss, { term: 'nothing of that name' })).toEqual({ visits: [], orders: [] });
    const piece = visitOfHis.slice(-6);
    expect((await occasions(boss, { term: piece })).visits?.map(({ id }) => id)).toEqual([visitOfHis]);
    // The one chosen before is known by its name whatever somebody types now.
    expect((await occasions(boss, { term: piece, chosenId: unnamedVisit })).visits?.map(({ id }) => id)).toEqual([
      unnamedVisit,
      visitOfHis,
    ]);
    expect((await occasions(boss, { chosenId: foreignVisit })).visits).toHaveLength(2);
    expect(await occasions(manager)).toMatchObject({ visits: expect.any(Array), orders: null });
    expect(await codeOf(occasions(stranger))).toBe('platform.not_found');
    expect(await codeOf(server.anonymous.complaints.occasions.query({ customerId }))).toBe('access.signed_out');
  });

  it('stands on its page, and can be put right by name while it is open', async () => {
    const facts = { source: 'phone', kind: 'service.price', content: 'x', departmentId: departmentId() } as const;
    const { complaint, ...page } = await agent.client.complaints.register.mutate({ ...facts, customerId, visitId: visitOfHis });
    expect([page.visit, page.order]).toMatchObject([{ id: visitOfHis, orderNo: visitOfHis, vehicleId: brought }, null]);
    const amend = (change: object, version: number) =>
      manager.client.complaints.amend.mutate({
        complaintId: complaint.id,
        version,
        kind: 'service.price',
        severity: 'normal',
        departmentId: departmentId() as DepartmentId,
        accusedId: null,
        reason: '选错了单据',
        ...change,
      });
    expect(await codeOf(amend({ visitId: foreignVisit }, 1))).toBe('platform.not_found');
    expect(await codeOf(amend({}, 1))).toBe('complaints.nothing_amended');
    const right = await amend({ visitId: null, orderId: orderOfHis, vehicleId: bought }, 1);
    expect(right).toMatchObject({ visit: null, order: { id: orderOfHis }, vehicle: { id: bought } });
    expect(right.events.at(-1)?.details).toMatchObject({
      visitFrom: visitOfHis,
      visitTo: null,
      orderFrom: null,
      orderTo: '2026-05-01',
      vehicleFrom: null,
    });
    const kept = await amend({ severity: 'high' }, 2);
    expect([kept.visit, kept.order?.id, kept.vehicle?.id]).toEqual([null, orderOfHis, bought]);
  });
});

describe('bad input', () => {
  it.each([
    { name: 'an unknown field', input: { balance: 1 }, fields: [{ path: 'balance', code: 'unknown_field' }] },
    { name: 'an empty content', input: { content: '  ' }, fields: [{ path: 'content', code: 'required' }] },
    { name: 'a sign the database cannot keep', input: { content: 'a\u0000b' }, fields: [{ path: 'content', code: 'unstorable_signs' }] },
    { name: 'a kind that is not in the tree', input: { kind: 'service.unknown' }, fields: [{ path: 'kind', code: 'choice' }] },
    { name: 'half a surrogate pair', input: { content: 'x\ud83d' }, fields: [{ path: 'content', code: 'unstorable_signs' }] },
  ])('names the field and the fault of $name', async ({ input, fields }) => {
    const body = { customerId, source: 'phone', kind: 'service.price', content: 'x', departmentId: departmentId(), ...input };
    const response = await fetch(`${server.url}/trpc/complaints.register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: agent.cookie },
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error: { data: { code: string; fields: unknown[] } } };
    expect([response.status, error.data.code]).toEqual([400, 'input.invalid']);
    expect(error.data.fields).toEqual(fields.map((f) => expect.objectContaining(f)));
  });
});

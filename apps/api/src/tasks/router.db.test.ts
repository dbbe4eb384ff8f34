import {
  addDays,
  addHours,
  compareNames,
  dateIn,
  instantAt,
  isoWeekday,
  startOfDay,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type StaffId,
  type TaskId,
  type TimeZone,
  type VehicleId,
  type WallTime,
} from '@baoke/core/kernel';
import { aComplaint } from '@baoke/core/complaints/testing';
import { aTask } from '@baoke/core/tasks/testing';
import { inTransaction } from '@baoke/db';
import { insertComplaint } from '@baoke/db/complaints';
import { insertSetting } from '@baoke/db/settings';
import { insertTask } from '@baoke/db/tasks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../access/keys.ts';
import { now, setClockOffset } from '../clock.ts';
import { newId } from '../ids.ts';
import { aCustomerOnFile, codeOf, failureOf } from '../testing/records.ts';
import { signIn, startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
let server: TestServer;
let store: TestStore;
let seller: TestPerson;
let colleague: TestPerson;
let salesManager: TestPerson;
let serviceManager: TestPerson;
let careManager: TestPerson;
let agent: TestPerson;
let auditor: TestPerson;
let stranger: TestPerson;
let customerId: CustomerId;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  const other = await server.store('two');
  seller = await server.person(store, 'SC', 'sales', '李销售');
  colleague = await server.person(store, 'SC', 'sales', '赵销售');
  salesManager = await server.person(store, 'SALES_MGR', 'sales', '周经理');
  serviceManager = await server.person(store, 'SVC_MGR', 'service', '王经理');
  careManager = await server.person(store, 'CC_MGR', 'customer_care');
  agent = await server.person(store, 'FU_AGENT', 'customer_care');
  auditor = await server.person(store, 'AUDITOR', 'management');
  stranger = await server.person(other, 'CC_MGR', 'customer_care');
});
afterAll(() => server.close());
beforeEach(async () => {
  setClockOffset(0);
  await inStore((tx) => tx.deleteFrom('tasks').where('store_id', '=', store.storeId).execute());
  customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { consultantId: seller.staffId });
});

const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) => inTransaction(server.platform.pool, { storeId: store.storeId }, work);

/** Puts an open task on somebody's list, due at the end of today unless told otherwise. */
async function given(change: Parameters<typeof aTask>[0] = {}): Promise<TaskId> {
  const today = dateIn(ZONE, now());
  const id = newId<TaskId>();
  const task = aTask({
    id,
    customerId,
    occurrenceKey: id,
    assigneeId: seller.staffId,
    notBeforeOn: today,
    anchorOn: today,
    showAt: startOfDay(ZONE, today),
    dueAt: startOfDay(ZONE, addDays(today, 1)),
    lapsesAt: startOfDay(ZONE, addDays(today, 8)),
    createdAt: now(),
    ...change,
  });
  await inStore((tx) => insertTask(tx, store.storeId, task));
  return id;
}

describe('my day', () => {
  it('stands in the order of urgency, with the customer, the reason and his last three contacts in view', async () => {
    const today = dateIn(ZONE, now());
    const later = await given({ priority: 3 });
    const overdue = await given({ dueAt: startOfDay(ZONE, addDays(today, -1)) });
    const promised = await given({ byTheHour: true, dueAt: addHours(now(), 20) });
    const ofMyRole = await given({ assigneeId: null, priority: 4 });
    await given({ assigneeId: colleague.staffId });
    await given({ showAt: startOfDay(ZONE, addDays(today, 2)) });
    await given({ kind: 'message', channel: 'sms' });
    const { items, nextCursor } = await seller.client.tasks.myDay.query({});
    expect(items.map((row) => row.task.id)).toEqual([promised, overdue, later, ofMyRole]);
    expect(items.map((row) => row.group)).toEqual(['sla', 'overdue', 'today', 'today']);
    expect(items[0]).toMatchObject({
      customer: { name: '王小明', phoneMasked: '138****5678' },
      task: { reason: { code: 'after.delivery' } },
      contacts: [],
    });
    expect(nextCursor).toBeNull();
    expect(await seller.client.tasks.counts.query()).toEqual({ today: 4, sla: 1, overdue: 1, upcoming: 1, unassigned: 1, doneToday: 0 });
  });

  it('keeps what is past its due time among the overdue, on whatever day it shows', async () => {
    const today = dateIn(ZONE, now());
    const [yesterday, inTwoDays] = [startOfDay(ZONE, today), startOfDay(ZONE, addDays(today, 2))];
    const shown = await given({ dueAt: yesterday });
    const movedOn = await given({ dueAt: yesterday, showAt: inTwoDays });
    const ofMyRole = await given({ assigneeId: null, dueAt: yesterday, showAt: inTwoDays });
    await given({ dueAt: inTwoDays, showAt: inTwoDays });
    await given({ kind: 'message', channel: 'sms', dueAt: yesterday, showAt: inTwoDays });
    const ids = async (tab: 'today' | 'overdue') => (await seller.client.tasks.myDay.query({ tab })).items.map(({ task }) => task.id);
    expect(await ids('today')).toEqual([shown]);
    expect((await ids('overdue')).toSorted()).toEqual([shown, movedOn, ofMyRole].toSorted());
    expect(await seller.client.tasks.counts.query()).toMatchObject({ today: 1, overdue: 3, upcoming: 3 });
    const team = await salesManager.client.tasks.team.query({ tab: 'overdue' });
    expect(team.items.map(({ task }) => task.id).toSorted()).toEqual([shown, movedOn, ofMyRole].toSorted());
    const { people } = await salesManager.client.tasks.load.query();
    expect(people.reduce((sum, { overdue }) => sum + overdue, 0)).toBe(3);
  });

  it('shows a call promised for later on the customer’s card with its promised time, overdue as in my day', async () => {
    const due = startOfDay(ZONE, dateIn(ZONE, now()));
    const taskId = await given({ dueAt: due, byTheHour: false });
    const nextTryAt = addHours(now(), 7 * 24);
    await seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'call_back', nextTryAt });
    const { promises } = await seller.client.customers.get.query({ customerId });
    expect(promises).toMatchObject({ openTasks: 1, overdueTasks: 1, tasks: [{ id: taskId, dueAt: due, showAt: nextTryAt }] });
    expect(await seller.client.tasks.counts.query()).toMatchObject({ today: 0, overdue: 1, upcoming: 1 });
  });

  it('puts what waits for a later time of today behind what can be done, over the edge of a page too', async () => {
    const tenOClock = Date.parse(instantAt(ZONE, dateIn(ZONE, now()), '10:00')) - Date.parse(now());
    // A session does not last over these hours.
    const sellerAt = async (offset: number) => {
      setClockOffset(offset);
      return server.client({ cookie: await signIn(server.url, seller.username) });
    };
    let client = await sellerAt(tenOClock);
    const waitsPromised = await given({ byTheHour: true, showAt: addHours(now(), 1), dueAt: addHours(now(), 2), lapsesAt: null });
    const waits = await given({ assigneeId: null, showAt: addHours(now(), 1) });
    const promised = await given({ byTheHour: true, dueAt: addHours(now(), 3) });
    const ofMyRole = await given({ assigneeId: null, priority: 4 });
    const page = async (cursor: string | null) => {
      const { items, nextCursor } = await client.tasks.myDay.query({ limit: 1, cursor });
      return { id: items[0]?.task.id, group: items[0]?.group, nextCursor };
    };
    const first = await page(null);
    // Its time comes while the pages are read: it keeps its place.
    client = await sellerAt(tenOClock + 90 * 60_000);
    const second = await page(first.nextCursor);
    const third = await page(second.nextCursor);
    const last = await page(third.nextCursor);
    expect([first, second, third, last].map(({ id }) => id)).toEqual([promised, ofMyRole, waitsPromised, waits]);
    expect([first, second, third, last].map(({ group }) => group)).toEqual(['sla', 'today', 'later', 'later']);
    expect(last.nextCursor).toBeNull();
    const { items } = await client.tasks.myDay.query({});
    expect(items.map(({ task }) => task.id)).toEqual([waitsPromised, promised, waits, ofMyRole]);
  });

  it('pages by key without losing or repeating a task', async () => {
    const all = await Promise.all(
      Array.from({ length: 7 }, (_, i) => given({ priority: (i % 3) + 1, assigneeId: i % 2 === 0 ? seller.staffId : null })),
    );
    const seen: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof seller.client.tasks.myDay.query>> = await seller.client.tasks.myDay.query({ limit: 2, cursor });
      seen.push(...page.items.map((row) => row.task.id));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(seen.toSorted()).toEqual(all.toSorted());
  });
});

describe('complaints in my day', () => {
  it('stand before the tasks of whoever handles, confirms or decides on them, by their promise, and count in the tabs', async () => {
    const complaintOf = async (content: string) => {
      const { complaint } = await agent.client.complaints.register.mutate({
        customerId,
        source: 'phone',
        kind: 'service.workmanship',
        content,
        departmentId: store.departments.get('service') ?? '',
      });
      return complaint.id;
    };
    const call = async (person: TestPerson, input: Parameters<typeof seller.client.tasks.myDay.query>[0] = {}) =>
      (await person.client.tasks.myDay.query(input)).complaints.map((row) => `${row.content}: ${row.call}`);
    const late = newId<ComplaintId>();
    const registeredAt = addHours(now(), -2);
    const facts = {
      id: late,
      number: '20200101-001',
      content: 'late',
      customerId,
      accusedId: null,
      departmentId: (store.departments.get('service') ?? '') as DepartmentId,
      handlerId: serviceManager.staffId,
      registeredBy: agent.staffId,
      registeredAt,
      response: { dueAt: addHours(registeredAt, 1), minutes: 60 },
      close: { dueAt: addHours(registeredAt, 24), minutes: 1440 },
    };
    await inStore((tx) => insertComplaint(tx, store.storeId, aComplaint(facts), null));
    const paused = await complaintOf('paused');
    const solved = await complaintOf('solved');
    const respond = (complaintId: string) => serviceManager.client.complaints.respond.mutate({ complaintId, version: 1, note: '已致电' });
    await respond(paused);
    await serviceManager.client.complaints.requestPause.mutate({ complaintId: paused, version: 2, reason: '等配件' });
    await respond(solved);
    await serviceManager.client.complaints.solve.mutate({ complaintId: solved, version: 2, solution: '返工' });
    expect(await call(serviceManager)).toEqual(['late: respond', 'paused: solve', 'solved: await_confirmation']);
    expect(await call(serviceManager, { tab: 'overdue' })).toEqual(['late: respond']);
    expect(await call(serviceManager, { kinds: ['verification'] })).toEqual([]);
    expect(await serviceManager.client.tasks.counts.query()).toMatchObject({ today: 3, sla: 3, overdue: 1, upcoming: 0, unassigned: 0 });
    expect(await call(careManager)).toEqual(['paused: decide_pause', 'solved: confirm']);
    expect(await call(agent)).toEqual(['solved: confirm']);
    expect(await call(seller)).toEqual([]);
    await careManager.client.complaints.decidePause.mutate({ complaintId: paused, version: 3, approved: true });
    expect(await call(serviceManager, { tab: 'upcoming' })).toEqual(['paused: paused']);
    expect(await call(careManager)).toEqual(['solved: confirm']);
    await serviceManager.client.complaints.respond.mutate({ complaintId: late, version: 1, note: '已致电' });
    const [first] = (await serviceManager.client.tasks.myDay.query({})).complaints;
    expect(first).toMatchObject({ call: 'solve', minutes: 1440, customer: { name: '王小明' }, handler: { name: '王经理' } });
  });
});

describe('a result', () => {
  it('is recorded in one step, once, and shows among the last contacts', async () => {
    const taskId = await given();
    const { task } = await seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached', note: '用车正常' });
    expect(task).toMatchObject({ status: 'done', version: 2 });
    expect(await codeOf(seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached' }))).toBe('platform.conflict');
    expect(await codeOf(seller.client.tasks.record.mutate({ taskId, version: 2, outcome: 'reached' }))).toBe('tasks.not_open');
    const next = await seller.client.tasks.get.query({ taskId: await given() });
    expect(next.contacts).toEqual([expect.objectContaining({ outcome: 'reached', content: '用车正常', staffName: '李销售' })]);
    expect((await seller.client.tasks.counts.query()).doneToday).toBe(1);
  });

  it('has one effect for one key, whatever the number of tries', async () => {
    const taskId = await given();
    const keyed = server.client({ cookie: seller.cookie, 'idempotency-key': 'call-1' });
    const input = { taskId, version: 1, outcome: 'not_reached' } as const;
    const answers = await Promise.all([
      keyed.tasks.record.mutate(input),
      keyed.tasks.record.mutate(input),
      keyed.tasks.record.mutate(input),
    ]);
    expect(new Set(answers.map((answer) => answer.contactId)).size).toBe(1);
    expect((await seller.client.tasks.get.query({ taskId })).task).toMatchObject({ status: 'open', attempts: 1 });
  });

  it('proposes the next try and keeps the due time', async () => {
    const taskId = await given();
    const before = await seller.client.tasks.get.query({ taskId });
    const { task } = await seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'not_reached' });
    expect(task.dueAt).toBe(before.task.dueAt);
    expect(before.proposedNextTryAt).not.toBeNull();
    expect(task.showAt > now()).toBe(true);
  });

  it('proposes it on a day that the week of the store opens', async () => {
    const hours = { from: '09:00' as WallTime, to: '18:00' as WallTime };
    const week = { 1: hours, 2: null, 3: null, 4: null, 5: null, 6: null, 7: null };
    await inStore((tx) =>
      insertSetting(tx, store.storeId, {
        section: 'calendar',
        version: 1,
        value: { week, exceptions: [] },
        by: careManager.staffId,
        at: now(),
      }),
    );
    const { proposedNextTryAt } = await seller.client.tasks.get.query({ taskId: await given() });
    await inStore((tx) => tx.deleteFrom('policies').where('store_id', '=', store.storeId).where('capability', '=', 'calendar').execute());
    expect(proposedNextTryAt && isoWeekday(dateIn(ZONE, proposedNextTryAt))).toBe(1);
  });

  it('keeps what a callback brought on the time line, in codes the lists put in words (05)', async () => {
    const taskId = await given();
    const said = { satisfaction: 'neutral', praised: true, saidAbout: 'reception', cause: 'attitude' } as const;
    const { contactId } = await seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached', note: '小方很热情', ...said });
    const { items } = await seller.client.customers.timeline.query({ customerId, kinds: ['contact'] });
    expect(items.find(({ id }) => id === contactId)).toMatchObject({ satisfied: null, heard: { ...said, unreachedBecause: null } });
    const codes = await seller.client.tasks.resultCodes.query();
    expect(codes.saidAbout).toContainEqual({ code: 'reception', zh: '接待服务', en: 'Reception and attitude' });
    expect(await failureOf(seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'met' }))).toEqual([
      'tasks.outcome_needs_call',
      ['outcome tasks.outcome_needs_call'],
    ]);
    expect(await codeOf(seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'reached', cause: 'x' }))).toBe(
      'tasks.unknown_cause',
    );
  });

  it.each([
    { said: { praised: true, cause: 'attitude' }, path: 'praised' },
    { said: { praised: false, saidAbout: 'reception', cause: 'attitude' }, path: 'saidAbout' },
    { said: { cause: 'attitude' }, path: 'cause' },
  ])('takes no words of whoever was not reached, and names the first: $path', async ({ said, path }) => {
    const refused = seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'not_reached', ...said });
    expect(await failureOf(refused)).toEqual(['tasks.words_unheard', [`${path} tasks.words_unheard`]]);
  });

  it('takes no satisfaction that contradicts itself, and names the field', async () => {
    const said = { outcome: 'reached', satisfaction: 'satisfied', satisfied: false } as const;
    const refused = seller.client.tasks.record.mutate({ taskId: await given(), version: 1, ...said });
    expect(await failureOf(refused)).toEqual(['input.invalid', ['satisfied choice']]);
  });

  it('opens a complaint out of dissatisfaction, in the same step (CARE-32)', async () => {
    const taskId = await given();
    expect(await failureOf(seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached', satisfied: false }))).toEqual([
      'tasks.dissatisfied_needs_complaint',
      ['complaint tasks.dissatisfied_needs_complaint'],
    ]);
    const departmentId = store.departments.get('service') ?? '';
    const { complaintId } = await seller.client.tasks.record.mutate({
      taskId,
      version: 1,
      outcome: 'reached',
      satisfied: false,
      complaint: { kind: 'service.waiting', content: '等了三小时', departmentId, accusedId: agent.staffId },
    });
    const { complaint } = await careManager.client.complaints.get.query({ complaintId: complaintId ?? '' });
    expect(complaint).toMatchObject({ source: 'care_call', status: 'registered', customerId, accusedId: agent.staffId });
  });

  it('starts a verification when the number is wrong, and one only', async () => {
    const first = await seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'wrong_number' });
    const second = await seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'wrong_number' });
    expect([first.verificationTaskId === null, second.verificationTaskId === null]).toEqual([false, true]);
    const customer = await inStore((tx) =>
      tx.selectFrom('customers').select('reachable').where('id', '=', customerId).executeTakeFirstOrThrow(),
    );
    expect(customer.reachable).toBe(false);
  });

  it('withdraws consent on every channel', async () => {
    const { withdrawn } = await seller.client.tasks.record.mutate({
      taskId: await given(),
      version: 1,
      outcome: 'refused',
      objects: ['marketing'],
    });
    expect(withdrawn).toEqual(['marketing']);
    const rows = await inStore((tx) =>
      tx.selectFrom('consents').select(['channel', 'granted']).where('customer_id', '=', customerId).execute(),
    );
    expect(rows).toHaveLength(5);
    expect(rows.every((row) => !row.granted)).toBe(true);
  });
});

describe('a task that somebody sets', () => {
  it.each(['of another customer', 'of nobody'])('names no vehicle %s', async (whose) => {
    const vehicleId = newId<VehicleId>();
    if (whose === 'of another customer') {
      const other = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '别人' });
      await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
        tx.insertInto('vehicles').values({ store_id: store.storeId, id: vehicleId, owner_id: other, status: 'in_use' }).execute(),
      );
    }
    const asked = agent.client.tasks.add.mutate({ customerId, vehicleId, channel: 'phone', dueOn: dateIn(ZONE, now()), note: 'x' });
    await expect(asked).rejects.toMatchObject({
      data: { code: 'platform.not_found', fields: [{ path: 'vehicleId', code: 'not_of_customer' }] },
    });
  });

  it('by API key says whose it is; left out it is that of the person who sets it', async () => {
    const { secret } = await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      createApiKey(tx, store.storeId, {
        name: '官网',
        scopes: ['tasks:view', 'tasks:edit', 'customers:view'],
        expiresAt: null,
        createdBy: null,
      }),
    );
    const byKey = (key: string) => server.client({ authorization: `Bearer ${secret}`, 'idempotency-key': key });
    const wanted = { customerId, channel: 'phone', dueOn: dateIn(ZONE, now()), note: '请回电' } as const;
    for (const [key, input] of [
      ['left out', wanted],
      ['null', { ...wanted, assigneeId: null }],
    ] as const)
      await expect(byKey(key).tasks.add.mutate(input)).rejects.toMatchObject({
        data: { httpStatus: 400, code: 'input.invalid', fields: [{ path: 'assigneeId', code: 'required' }] },
      });
    const named = await byKey('named').tasks.add.mutate({ ...wanted, assigneeId: agent.staffId });
    const own = await agent.client.tasks.add.mutate(wanted);
    for (const { taskId } of [named, own])
      expect((await agent.client.tasks.get.query({ taskId })).task).toMatchObject({ assigneeId: agent.staffId });
  });
});

describe('a task of the pool', () => {
  it('is taken once, and who comes later is told by whom', async () => {
    const taskId = await given({ assigneeId: null });
    const { task } = await seller.client.tasks.take.mutate({ taskId, version: 1 });
    expect(task).toMatchObject({ status: 'open', assigneeId: seller.staffId, version: 2 });
    expect((await seller.client.tasks.take.mutate({ taskId, version: 1 })).task.version).toBe(2);
    expect(await codeOf(colleague.client.tasks.take.mutate({ taskId, version: 1 }))).toBe('platform.not_found');
    expect(await colleague.client.tasks.fate.query({ taskId })).toMatchObject({ act: 'taken', at: expect.any(String) });
    await seller.client.tasks.record.mutate({ taskId, version: 2, outcome: 'reached' });
    const fate = await colleague.client.tasks.fate.query({ taskId });
    expect(fate).toMatchObject({ act: 'recorded', outcome: 'reached', by: fate.assigneeName });
    for (const person of [serviceManager, agent, stranger])
      expect(await codeOf(person.client.tasks.fate.query({ taskId }))).toBe('platform.not_found');
  });

  it('tells nothing of one that was never the pool’s', async () => {
    const taskId = await given();
    await seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached' });
    expect(await codeOf(colleague.client.tasks.fate.query({ taskId }))).toBe('platform.not_found');
  });
});

describe('who may', () => {
  // Expectations by role: own for the seller, team for the sales manager, store for customer care, nothing for the auditor.
  it('sees and changes what his right reaches, no more', async () => {
    const taskId = await given();
    const sees = async ({ client }: TestPerson) => codeOf(client.tasks.get.query({ taskId }));
    expect(await sees(seller)).toBe('went through');
    expect(await sees(salesManager)).toBe('went through');
    expect(await sees(careManager)).toBe('went through');
    for (const person of [colleague, serviceManager, agent, stranger]) expect(await sees(person)).toBe('platform.not_found');
    expect(await sees(auditor)).toBe('access.forbidden');
    expect(await codeOf(server.anonymous.tasks.get.query({ taskId }))).toBe('access.signed_out');
    expect(await codeOf(colleague.client.tasks.skip.mutate({ taskId, version: 1, reason: 'already_settled' }))).toBe('platform.not_found');
    expect(await codeOf(stranger.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached' }))).toBe('platform.not_found');
  });

  it('shows the number to whoever has the task, and writes it down', async () => {
    const taskId = await given();
    expect((await seller.client.tasks.revealPhone.mutate({ taskId })).phones).toEqual([
      { number: '13812345678', tel: '+8613812345678', rank: 1 },
    ]);
    expect(await codeOf(salesManager.client.tasks.revealPhone.mutate({ taskId }))).toBe('access.forbidden');
    const audit = await inStore((tx) =>
      tx.selectFrom('audit_entries').select(['action', 'actor_name']).where('entity_id', '=', customerId).execute(),
    );
    expect(audit).toEqual([{ action: 'tasks.revealPhone', actor_name: '李销售' }]);
  });

  it('shows where to write to whoever has the task, and writes it down without the address', async () => {
    const taskId = await given({ channel: 'letter' });
    const address = { province: '江苏省', city: '苏州市', district: '姑苏区', address: '学士街 12 号', email: 'xm@example.cn' };
    await inStore((tx) => tx.updateTable('customers').set(address).where('id', '=', customerId).execute());
    expect(await seller.client.tasks.revealAddress.mutate({ taskId })).toEqual({ name: '王小明', ...address });
    expect(await codeOf(salesManager.client.tasks.revealAddress.mutate({ taskId }))).toBe('access.forbidden');
    expect(await codeOf(stranger.client.tasks.revealAddress.mutate({ taskId }))).toBe('platform.not_found');
    expect(await codeOf(server.anonymous.tasks.revealAddress.mutate({ taskId }))).toBe('access.signed_out');
    const audit = await inStore((tx) =>
      tx
        .selectFrom('audit_entries')
        .select(['action', 'actor_name', 'after'])
        .where('entity_id', '=', customerId)
        .where('action', 'like', 'tasks.%')
        .execute(),
    );
    expect(audit).toEqual([{ action: 'tasks.revealAddress', actor_name: '李销售', after: { taskId } }]);
  });
});

describe('the manager', () => {
  it('sees his team, gives everything of one person to others evenly, and nothing to people outside', async () => {
    for (let i = 0; i < 5; i += 1) await given();
    const load = async () =>
      (await salesManager.client.tasks.load.query()).people.map((person) => [person.assignee?.name ?? person.role, person.today]);
    expect(await load()).toEqual([['李销售', 5]]);
    expect((await salesManager.client.tasks.team.query({})).items).toHaveLength(5);
    const away = { fromId: seller.staffId, reason: '休假' };
    expect(await codeOf(salesManager.client.tasks.reassign.mutate({ ...away, toIds: [agent.staffId] }))).toBe(
      'tasks.assignee_out_of_reach',
    );
    expect(await codeOf(seller.client.tasks.reassign.mutate({ ...away, toIds: [colleague.staffId] }))).toBe('access.forbidden');
    expect(await salesManager.client.tasks.reassign.mutate({ ...away, toIds: [colleague.staffId, salesManager.staffId] })).toEqual({
      moved: 5,
      refused: 0,
    });
    expect(await load()).toEqual(
      expect.arrayContaining([
        ['赵销售', 3],
        ['周经理', 2],
      ]),
    );
  });

  it('keeps the line of who has done something today, and of who is asked for, though nothing is left', async () => {
    const load = async (assigneeId?: StaffId, by = salesManager) =>
      (await by.client.tasks.load.query(assigneeId && { assigneeId })).people.map(({ assignee, today, doneToday }) => [
        assignee?.id,
        today,
        doneToday,
      ]);
    expect(await load()).toEqual([]);
    expect(await load(seller.staffId)).toEqual([[seller.staffId, 0, 0]]);
    expect(await load(agent.staffId)).toEqual([]);
    await seller.client.tasks.record.mutate({ taskId: await given(), version: 1, outcome: 'reached' });
    expect(await load()).toEqual([[seller.staffId, 0, 1]]);
    expect(await load(seller.staffId)).toEqual([[seller.staffId, 0, 1]]);
    expect(await load(undefined, colleague)).toEqual([]);
  });

  it('moves nothing when one of the tasks or receivers is none of his, and names its place', async () => {
    const own = [await given(), await given()];
    const elsewhere = await given({ assigneeId: agent.staffId, role: 'FU_AGENT' });
    const before = await inStore((tx) =>
      tx.selectFrom('tasks').select(['id', 'assignee_id', 'version']).where('store_id', '=', store.storeId).orderBy('id').execute(),
    );
    const faultsOf = async (taskIds: TaskId[], toIds = [colleague.staffId]) => {
      try {
        return await salesManager.client.tasks.reassign.mutate({ taskIds, toIds, reason: '休假' });
      } catch (error) {
        const { data } = error as { data: { code: string; fields: { path: string }[] } };
        return [data.code, ...data.fields.map(({ path }) => path)];
      }
    };
    expect(await faultsOf([own[0]!, elsewhere, own[1]!])).toEqual(['platform.not_found', 'taskIds.1']);
    expect(await faultsOf([newId(), own[0]!])).toEqual(['platform.not_found', 'taskIds.0']);
    expect(await faultsOf(own, [colleague.staffId, stranger.staffId])).toEqual(['platform.not_found', 'toIds.1']);
    expect(
      await inStore((tx) =>
        tx.selectFrom('tasks').select(['id', 'assignee_id', 'version']).where('store_id', '=', store.storeId).orderBy('id').execute(),
      ),
    ).toEqual(before);
    expect(await faultsOf(own)).toEqual({ moved: 2, refused: 0 });
  });

  it('is offered only those who can take tasks, and is told why another cannot', async () => {
    const offered = async (person: TestPerson) => (await person.client.tasks.receivers.query()).people;
    expect((await offered(seller)).map(({ id }) => id)).toEqual(expect.arrayContaining([colleague.staffId, agent.staffId]));
    expect((await offered(seller)).map(({ id }) => id)).not.toContain(auditor.staffId);
    const forMany = (await offered(salesManager)).filter(({ inReach }) => inReach).map(({ id }) => id);
    expect(forMany).toContain(colleague.staffId);
    expect(forMany).not.toContain(agent.staffId);
    const taskId = await given();
    const reassign = (person: TestPerson, toId: StaffId) =>
      codeOf(person.client.tasks.reassign.mutate({ taskIds: [taskId], toIds: [toId], reason: '休假' }));
    expect(await reassign(salesManager, agent.staffId)).toBe('tasks.assignee_out_of_reach');
    expect(await reassign(careManager, auditor.staffId)).toBe('tasks.assignee_without_right');
    expect(await codeOf(seller.client.tasks.handOver.mutate({ taskId, version: 1, toId: auditor.staffId }))).toBe(
      'tasks.assignee_without_right',
    );
  });

  it('offers receivers by pinyin', async () => {
    const names = (await careManager.client.tasks.receivers.query()).people.map(({ name }) => name);
    expect(names).toEqual(names.toSorted(compareNames));
    expect(names).not.toEqual(names.toSorted());
  });

  it('refuses the satisfaction of a customer nobody spoke to', async () => {
    const taskId = await given();
    expect(await codeOf(seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'not_reached', satisfied: true }))).toBe(
      'tasks.satisfaction_unheard',
    );
    expect(await codeOf(seller.client.tasks.record.mutate({ taskId, version: 1, outcome: 'not_reached' }))).toBe('went through');
  });

  it('cannot give a satisfaction survey to the seller it asks about (X-04)', async () => {
    const taskId = await given({ assigneeId: agent.staffId, result: 'ssi', role: 'FU_AGENT' });
    expect(await codeOf(careManager.client.tasks.handOver.mutate({ taskId, version: 1, toId: seller.staffId }))).toBe(
      'tasks.survey_by_seller',
    );
    expect(await codeOf(careManager.client.tasks.handOver.mutate({ taskId, version: 1, toId: colleague.staffId }))).toBe('went through');
  });

  it('sets the rules, sees whom one would reach, and runs the planner twice with nothing new', async () => {
    const { rules } = await careManager.client.care.rules.query();
    expect(rules.length).toBeGreaterThan(25);
    const call = rules.find(({ rule }) => rule.key === 'first_call');
    const off = await careManager.client.care.switchOff.mutate({ key: 'first_call', version: call?.version ?? 0 });
    expect(off.rule.activeSince).toBeNull();
    expect(await codeOf(careManager.client.care.switchOff.mutate({ key: 'first_call', version: off.version }))).toBe('care.already_off');
    expect(await codeOf(seller.client.care.rules.query())).toBe('access.forbidden');
    const preview = await careManager.client.care.preview.query({ key: 'festival_sms', days: 90 });
    expect(preview).toMatchObject({ reached: 0 });
    await careManager.client.care.runNow.mutate();
    expect((await careManager.client.care.runNow.mutate()).counts).toMatchObject({ created: 0, moved: 0, cancelled: 0 });
    expect((await careManager.client.care.runs.query()).runs.length).toBeGreaterThanOrEqual(2);
  });
});

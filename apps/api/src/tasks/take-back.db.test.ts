import { SPOKEN_OUTCOMES } from '@baoke/core/insight';
import {
  addDays,
  addHours,
  dateIn,
  endOfDay,
  startOfDay,
  type ContactId,
  type CustomerId,
  type TaskId,
  type TimeZone,
} from '@baoke/core/kernel';
import { DEFAULT_TASK_POLICY, type Outcome } from '@baoke/core/tasks';
import { aTask } from '@baoke/core/tasks/testing';
import { inTransaction } from '@baoke/db';
import { cancelTasks } from '@baoke/db/care';
import { insertTask } from '@baoke/db/tasks';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { now, setClockOffset } from '../clock.ts';
import { newId } from '../ids.ts';
import { aCustomerOnFile, codeOf, failureOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
const DAY_MS = 86_400_000;
const PHONE = '+8613812345678';
let server: TestServer;
let store: TestStore;
let seller: TestPerson;
let colleague: TestPerson;
let salesManager: TestPerson;
let serviceManager: TestPerson;
let careManager: TestPerson;
let auditor: TestPerson;
let stranger: TestPerson;
let customerId: CustomerId;

// Noon at the store: the day the tests speak of does not end while they run.
function toNoon(): void {
  setClockOffset(0);
  setClockOffset(Date.parse(addHours(startOfDay(ZONE, dateIn(ZONE, now())), 12)) - Date.now());
}

beforeAll(async () => {
  // Sign-ins are of that noon too: at night it is further off than they last.
  toNoon();
  server = await startTestServer();
  store = await server.store('one');
  const other = await server.store('two');
  seller = await server.person(store, 'SC', 'sales', '李销售');
  colleague = await server.person(store, 'SC', 'sales', '赵销售');
  salesManager = await server.person(store, 'SALES_MGR', 'sales', '周经理');
  serviceManager = await server.person(store, 'SVC_MGR', 'service');
  careManager = await server.person(store, 'CC_MGR', 'customer_care');
  auditor = await server.person(store, 'AUDITOR', 'management');
  stranger = await server.person(other, 'CC_MGR', 'customer_care');
});
afterAll(async () => {
  // The clock is that of the process: whatever file comes next begins with the real one.
  setClockOffset(0);
  await server.close();
});
beforeEach(async () => {
  toNoon();
  customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { consultantId: seller.staffId });
});

const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) => inTransaction(server.platform.pool, { storeId: store.storeId }, work);
/** Lets time go by at the store. */
function later(milliseconds: number): void {
  setClockOffset(Date.parse(now()) - Date.now() + milliseconds);
}

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
    lapsesAt: startOfDay(ZONE, addDays(today, 60)),
    createdAt: now(),
    ...change,
  });
  await inStore((tx) => insertTask(tx, store.storeId, task));
  return id;
}

type RecordInput = Parameters<typeof seller.client.tasks.record.mutate>[0];
async function record(taskId: TaskId, input: Omit<RecordInput, 'taskId' | 'version'>, by = seller) {
  const { task } = await by.client.tasks.get.query({ taskId });
  const recorded = await by.client.tasks.record.mutate({ taskId, version: task.version, ...input });
  later(1000);
  return recorded;
}
const takeBack = (contactId: string, by = seller) => by.client.tasks.takeBack.mutate({ contactId });
const taskOf = async (taskId: TaskId) => (await seller.client.tasks.get.query({ taskId })).task;
const customer = () =>
  inStore((tx) =>
    tx
      .selectFrom('customers')
      .select(['last_contact_at', 'reachable', 'verified_on'])
      .where('store_id', '=', store.storeId)
      .where('id', '=', customerId)
      .executeTakeFirstOrThrow(),
  );
const phones = () =>
  inStore((tx) =>
    tx.selectFrom('customer_phones').select(['e164', 'valid']).where('customer_id', '=', customerId).orderBy('rank').execute(),
  );
const consents = () =>
  inStore((tx) =>
    tx
      .selectFrom('consents')
      .select(['purpose', 'channel', 'granted', 'source', 'evidence'])
      .where('customer_id', '=', customerId)
      .orderBy('at')
      .orderBy('id')
      .execute(),
  );

describe('a result taken back', () => {
  it('gives the task as it stood, in the queue, with what had been typed', async () => {
    const taskId = await given();
    await record(taskId, { outcome: 'not_reached', nextTryAt: addHours(now(), 1) });
    const before = await taskOf(taskId);
    const appointmentAt = addHours(now(), 48);
    const said = { satisfaction: 'satisfied', praised: true, saidAbout: 'reception', cause: 'attitude' } as const;
    const { contactId } = await record(taskId, { outcome: 'appointment', note: '周三来', ...said, appointmentAt });
    const { task, typed, stands } = await takeBack(contactId);
    expect(typed).toEqual({
      outcome: 'appointment',
      note: '周三来',
      satisfied: true,
      heard: { ...said, unreachedBecause: null },
      appointmentAt,
      nextTryAt: null,
      objects: [],
    });
    expect(stands).toEqual([]);
    expect(task).toEqual({ ...before, version: before.version + 2 });
    expect(await taskOf(taskId)).toEqual(task);
    const { items } = await seller.client.tasks.myDay.query({});
    expect(items.map((row) => row.task.id)).toContain(taskId);
    // It is recorded anew as if nothing had been.
    await record(taskId, { outcome: 'reached' });
    expect(await taskOf(taskId)).toMatchObject({ status: 'done', attempts: 2 });
  });

  it('of a try that did not end the task tells when it was to be tried again, and gives a task of the pool back to it', async () => {
    const pool = await given({ assigneeId: null });
    const nextTryAt = addHours(now(), 5);
    const { contactId } = await record(pool, { outcome: 'call_back', nextTryAt });
    expect(await taskOf(pool)).toMatchObject({ assigneeId: seller.staffId, showAt: nextTryAt });
    const { task, typed } = await takeBack(contactId);
    expect(typed).toMatchObject({ outcome: 'call_back', nextTryAt });
    expect(task).toMatchObject({ status: 'open', assigneeId: null, attempts: 0, lastOutcome: null });
  });

  it('of a promise beyond its last moment gives that back too', async () => {
    const taskId = await given();
    const { lapsesAt } = await taskOf(taskId);
    const nextTryAt = addHours(now(), 24 * 90);
    const { contactId, task } = await record(taskId, { outcome: 'call_back', nextTryAt });
    const lives = endOfDay(ZONE, dateIn(ZONE, nextTryAt));
    expect(task.lapsesAt).toBe(lives);
    expect((await taskOf(taskId)).lapsesAt).toBe(lives);
    expect((await takeBack(contactId)).task.lapsesAt).toBe(lapsesAt);
    expect((await taskOf(taskId)).lapsesAt).toBe(lapsesAt);
  });

  it('stays on record as what it is, and stands nowhere as a contact', async () => {
    const taskId = await given();
    const { contactId } = await record(taskId, { outcome: 'reached', note: '记错了' });
    const standing = await record(await given(), { outcome: 'not_reached' });
    await takeBack(contactId);
    const { contacts } = await seller.client.tasks.get.query({ taskId });
    expect(contacts.map(({ id }) => id)).toEqual([standing.contactId]);
    const card = await seller.client.customers.get.query({ customerId });
    expect(card.contacts?.map(({ id }) => id)).toEqual([standing.contactId]);
    expect(card.counts.contacts).toBe(1);
    const { items } = await seller.client.customers.timeline.query({ customerId, kinds: ['contact'] });
    expect(items).toMatchObject([
      { id: standing.contactId, takenBack: null, takeBack: { by: 'recorder', unchanged: true, takenBackAt: null } },
      { id: contactId, content: '记错了', takenBack: { by: '李销售' }, takeBack: { takenBackAt: expect.any(String) as string } },
    ]);
    const { items: today } = await seller.client.tasks.results.query({});
    expect(today.filter(({ customer: { id } }) => id === customerId)).toMatchObject([
      { id: standing.contactId, takenBack: null },
      { id: contactId, takenBack: { by: '李销售' } },
    ]);
  });

  it('leaves every count as it was: of the day, of callbacks, of care, of who came back', async () => {
    // The store has its rules from its first plan on.
    await careManager.client.care.runNow.mutate();
    const today = dateIn(ZONE, now());
    const period = { from: addDays(today, -6), to: addDays(today, 1) };
    const counts = async () => ({
      callbacks: (await careManager.client.reports.callbacks.query({ kind: 'custom', period })).total,
      rows: (await careManager.client.reports.callbackRows.query({ period, measure: 'made' })).items.length,
      care: await careManager.client.reports.care.query({ kind: 'custom', period }),
      spoken: (await careManager.client.reports.returnedRows.query({ period, measure: 'reached' })).items,
      today: await seller.client.tasks.counts.query(),
      load: await careManager.client.tasks.load.query(),
    });
    const taskId = await given({ ruleKey: 'csi_survey', result: 'csi' });
    const before = await counts();
    const { contactId } = await record(taskId, { outcome: 'reached', satisfied: true });
    const between = await counts();
    expect(between.callbacks.made).toBe(before.callbacks.made + 1);
    expect(between.spoken).toHaveLength(before.spoken.length + 1);
    await takeBack(contactId);
    expect(await counts()).toEqual(before);
  });

  it('gives back the last contact: that of the contacts which stand', async () => {
    await seller.client.contacts.record.mutate({ customerId, outcome: 'reached', occurredAt: addHours(now(), -30) });
    const manual = (await customer()).last_contact_at;
    const first = await record(await given(), { outcome: 'reached' });
    const second = await record(await given(), { outcome: 'refused' });
    const ofSecond = (await customer()).last_contact_at;
    await takeBack(first.contactId);
    expect((await customer()).last_contact_at).toBe(ofSecond);
    await takeBack(second.contactId);
    expect((await customer()).last_contact_at).toBe(manual);
  });

  it('keeps the last contact equal to a count of what stands, whatever the order (law)', async () => {
    const step = fc.record({
      act: fc.constantFrom('record', 'write', 'takeBack'),
      outcome: fc.constantFrom<Outcome>('reached', 'not_reached', 'refused', 'wrong_number'),
      which: fc.nat(),
    });
    const runs = fc.sample(fc.array(step, { minLength: 4, maxLength: 9 }), { numRuns: 6, seed: 20260502 });
    for (const steps of runs) {
      customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { consultantId: seller.staffId });
      const standing: string[] = [];
      for (const { act, outcome, which } of steps) {
        if (act === 'record') standing.push((await record(await given(), { outcome })).contactId);
        else if (act === 'write') await seller.client.contacts.record.mutate({ customerId, outcome, occurredAt: addHours(now(), -1) });
        else if (standing.length > 0) await takeBack(standing.splice(which % standing.length, 1)[0] ?? '');
        const counted = await inStore((tx) =>
          tx
            .selectFrom('contacts')
            .select(({ fn }) => fn.max('occurred_at').as('last'))
            .where('store_id', '=', store.storeId)
            .where('customer_id', '=', customerId)
            .where('taken_back_at', 'is', null)
            .where('outcome', 'in', SPOKEN_OUTCOMES)
            .executeTakeFirstOrThrow(),
        );
        expect((await customer()).last_contact_at).toBe(counted.last);
        later(1000);
      }
    }
  });

  it('makes somebody unreachable again whom only it had reached', async () => {
    await inStore(async (tx) => {
      await tx.updateTable('customer_phones').set({ valid: false }).where('customer_id', '=', customerId).execute();
      await tx.updateTable('customers').set({ reachable: false }).where('id', '=', customerId).execute();
    });
    const visit = { channel: 'visit' } as const;
    const first = await record(await given(visit), { outcome: 'met' });
    expect((await customer()).reachable).toBe(true);
    const second = await record(await given(visit), { outcome: 'met' });
    await takeBack(first.contactId);
    // The second contact reached him too.
    expect((await customer()).reachable).toBe(true);
    await takeBack(second.contactId);
    expect((await customer()).reachable).toBe(false);
  });
});

describe('a wrong number taken back', () => {
  it('is valid again, and the verification it started is cancelled; the next one starts its own', async () => {
    const taskId = await given();
    const { contactId, verificationTaskId } = await record(taskId, { outcome: 'wrong_number' });
    expect([await customer(), await phones()]).toMatchObject([{ reachable: false }, [{ valid: false }]]);
    const { stands } = await takeBack(contactId);
    expect(stands).toEqual([]);
    expect([await customer(), await phones()]).toMatchObject([{ reachable: true }, [{ e164: PHONE, valid: true }]]);
    expect(await taskOf(verificationTaskId as TaskId)).toMatchObject({ status: 'cancelled', cancelReason: 'result_taken_back' });
    const again = await record(taskId, { outcome: 'wrong_number' });
    expect(again.verificationTaskId).not.toBeNull();
    expect(again.verificationTaskId).not.toBe(verificationTaskId);
  });

  it('cancels a verification that was handed on and nobody worked on; it leaves the list it went to', async () => {
    const { contactId, verificationTaskId } = await record(await given(), { outcome: 'wrong_number' });
    const taskId = verificationTaskId as TaskId;
    const handedOn = { taskIds: [taskId], toIds: [colleague.staffId], reason: '分摊' };
    expect(await salesManager.client.tasks.reassign.mutate(handedOn)).toMatchObject({ moved: 1 });
    const listed = async () => (await colleague.client.tasks.myDay.query({})).items.map(({ task }) => task.id);
    expect(await listed()).toContain(taskId);
    expect((await takeBack(contactId)).stands).toEqual([]);
    const { task } = await colleague.client.tasks.get.query({ taskId });
    expect(task).toMatchObject({ status: 'cancelled', cancelReason: 'result_taken_back', assigneeId: colleague.staffId });
    expect(await listed()).not.toContain(taskId);
  });

  it('leaves a verification that somebody has put off, and says so', async () => {
    const { contactId, verificationTaskId } = await record(await given(), { outcome: 'wrong_number' });
    const taskId = verificationTaskId as TaskId;
    await seller.client.tasks.postpone.mutate({ taskId, version: 1, until: addHours(now(), 20) });
    expect((await takeBack(contactId)).stands).toEqual(['verification']);
    expect((await taskOf(taskId)).status).toBe('open');
  });

  it('leaves a verification that a second wrong number of the day needs', async () => {
    await inStore((tx) =>
      tx
        .insertInto('customer_phones')
        .values({ store_id: store.storeId, customer_id: customerId, e164: '+8613900000001', rank: 2, kind: 'mobile' })
        .execute(),
    );
    const first = await record(await given(), { outcome: 'wrong_number' });
    const second = await record(await given(), { outcome: 'wrong_number' });
    expect(second.verificationTaskId).toBeNull();
    expect((await customer()).reachable).toBe(false);
    expect((await takeBack(first.contactId)).stands).toEqual(['verification']);
    expect(await phones()).toEqual([
      { e164: PHONE, valid: true },
      { e164: '+8613900000001', valid: false },
    ]);
    expect((await customer()).reachable).toBe(true);
    expect((await taskOf(first.verificationTaskId as TaskId)).status).toBe('open');
  });

  it('stays invalid where a contact written down since says the same', async () => {
    const { contactId } = await record(await given(), { outcome: 'wrong_number' });
    await seller.client.contacts.record.mutate({ customerId, outcome: 'wrong_number' });
    expect((await takeBack(contactId)).stands).toEqual(['phone']);
    expect(await phones()).toMatchObject([{ valid: false }]);
  });

  it('is told to whoever keeps in step with changes', async () => {
    const { contactId } = await record(await given(), { outcome: 'wrong_number' });
    const reachable = async () => {
      const since = addHours(now(), -1);
      later(120_000);
      const { items } = await careManager.client.customers.changes.query({ updatedAfter: since, limit: 200 });
      return items.find(({ id }) => id === customerId)?.reachable;
    };
    expect(await reachable()).toBe(false);
    await takeBack(contactId);
    later(3_500_000);
    expect(await reachable()).toBe(true);
  });
});

describe('a confirmed file', () => {
  const verification = { kind: 'verification', result: 'verification', channel: 'in_store' } as const;
  const setVerified = (on: string | null) =>
    inStore((tx) => tx.updateTable('customers').set({ verified_on: on }).where('id', '=', customerId).execute());

  it.each([null, '2026-01-05'])('was last confirmed as before: %s', async (on) => {
    await setVerified(on);
    const { contactId } = await record(await given(verification), { outcome: 'met' });
    expect((await customer()).verified_on).toBe(dateIn(ZONE, now()));
    await takeBack(contactId);
    expect((await customer()).verified_on).toBe(on);
  });

  it('stays confirmed where somebody stood by it since', async () => {
    await setVerified('2026-01-05');
    const { contactId } = await record(await given(verification), { outcome: 'met' });
    await seller.client.customers.verify.mutate({ customerId });
    expect((await takeBack(contactId)).stands).toEqual(['confirmation']);
    expect((await customer()).verified_on).toBe(dateIn(ZONE, now()));
  });
});

describe('a withdrawal of consent taken back', () => {
  const agree = (channel: 'sms' | 'phone', granted: boolean) =>
    seller.client.customers.recordConsent.mutate({ customerId, purpose: 'marketing', channel, granted, source: '前台' });

  it('is reversed by further entries: what was given is given, where nothing was said nothing is', async () => {
    await agree('sms', true);
    await agree('phone', false);
    later(1000);
    const taskId = await given();
    const { contactId } = await record(taskId, { outcome: 'refused', objects: ['marketing'] });
    const ledger = await consents();
    const { typed } = await takeBack(contactId);
    expect(typed.objects).toEqual(['marketing']);
    const after = await consents();
    const isReversal = ({ source }: (typeof after)[number]) => source === 'task_taken_back';
    expect(after.filter((entry) => !isReversal(entry))).toEqual(ledger);
    const reversed = after.filter(isReversal);
    expect(reversed.every(({ evidence }) => evidence === taskId)).toBe(true);
    expect(Object.fromEntries(reversed.map(({ channel, granted }) => [channel, granted]))).toEqual({
      sms: true,
      wechat: null,
      email: null,
      post: null,
    });
    const card = await seller.client.customers.get.query({ customerId });
    expect(card.consents.map(({ channel, granted }) => [channel, granted]).toSorted()).toEqual([
      ['phone', false],
      ['sms', true],
    ]);
    const { items } = await seller.client.customers.timeline.query({ customerId, kinds: ['consent'], limit: 200 });
    expect(items).toHaveLength(after.length);
  });

  it('leaves what was said since', async () => {
    const { contactId } = await record(await given(), { outcome: 'refused', objects: ['marketing'] });
    await agree('sms', true);
    expect((await takeBack(contactId)).stands).toEqual(['consent']);
    const ofSms = (await consents()).filter(({ channel }) => channel === 'sms');
    expect(ofSms.map(({ granted }) => granted)).toEqual([false, true]);
  });
});

describe('it is refused', () => {
  it('once a complaint was registered with the result, by its number', async () => {
    const departmentId = store.departments.get('service') ?? '';
    const complaint = { kind: 'service.waiting', content: '等了三小时', departmentId } as const;
    const { contactId, complaintId } = await record(await given(), { outcome: 'reached', satisfied: false, complaint });
    const { complaint: registered } = await careManager.client.complaints.get.query({ complaintId: complaintId ?? '' });
    const error = await takeBack(contactId).catch((caught: unknown) => caught as { data: { code: string; fields: { message: string }[] } });
    if (!('data' in error)) throw new Error('went through');
    expect(error.data.code).toBe('tasks.complaint_stands');
    expect(error.data.fields.map(({ message }) => message)).toEqual([`由此登记的客诉：${registered.number}`]);
    const { items } = await seller.client.tasks.results.query({});
    expect(items.find(({ id }) => id === contactId)).toMatchObject({
      takeBack: { complaint: { id: complaintId, number: registered.number } },
    });
  });

  it('once the task has gone on: another try, a new time, another person, the planner', async () => {
    const next = { nextTryAt: addHours(now(), 2) };
    const goesOn: ((taskId: TaskId, version: number) => Promise<unknown>)[] = [
      (taskId) => record(taskId, { outcome: 'reached' }),
      (taskId, version) => seller.client.tasks.postpone.mutate({ taskId, version, until: addHours(now(), 5) }),
      (taskId, version) => seller.client.tasks.handOver.mutate({ taskId, version, toId: colleague.staffId }),
      (taskId) => inStore((tx) => cancelTasks(tx, store.storeId, [{ taskId, reason: 'anchor_gone' }], now())),
    ];
    for (const goOn of goesOn) {
      const taskId = await given();
      const { contactId, task } = await record(taskId, { outcome: 'not_reached', ...next });
      await goOn(taskId, task.version);
      expect(await failureOf(takeBack(contactId))).toEqual(['tasks.changed_since', []]);
    }
  });

  it('a second time, however near the first', async () => {
    const { contactId, task } = await record(await given(), { outcome: 'reached' });
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(takeBack(contactId))));
    expect(codes.toSorted()).toEqual(['tasks.taken_back_already', 'tasks.taken_back_already', 'went through']);
    expect(await taskOf(task.id as TaskId)).toMatchObject({ status: 'open', version: task.version + 1 });
  });

  it('for a contact that is no result of a task', async () => {
    const { contactId } = await seller.client.contacts.record.mutate({ customerId, outcome: 'reached' });
    expect(await codeOf(takeBack(contactId))).toBe('tasks.no_result');
  });

  it('and to whom it does not belong: the same as if there were none', async () => {
    const { contactId } = await record(await given(), { outcome: 'reached' });
    for (const person of [colleague, serviceManager, stranger])
      expect(await codeOf(takeBack(contactId, person))).toBe('platform.not_found');
    expect(await codeOf(takeBack(newId<ContactId>()))).toBe('platform.not_found');
    expect(await codeOf(takeBack(contactId, auditor))).toBe('access.forbidden');
    expect(await codeOf(server.anonymous.tasks.takeBack.mutate({ contactId }))).toBe('access.signed_out');
    const { items } = await serviceManager.client.customers.timeline.query({ customerId, kinds: ['contact'] });
    expect(items).toMatchObject([{ id: contactId, takeBack: null }]);
  });

  it('on the next day to the one who recorded it, not to his manager, until the days are over', async () => {
    const daysAgo = async (days: number) => {
      later(-days * DAY_MS);
      const { contactId } = await record(await given(), { outcome: 'reached' });
      later(days * DAY_MS);
      return contactId;
    };
    const yesterday = await daysAgo(1);
    const tooLongAgo = await daysAgo(DEFAULT_TASK_POLICY.takeBackDays + 1);
    expect(await codeOf(takeBack(yesterday))).toBe('tasks.take_back_too_late');
    expect(await codeOf(takeBack(yesterday, salesManager))).toBe('went through');
    expect(await codeOf(takeBack(tooLongAgo, salesManager))).toBe('tasks.take_back_too_late');
  });
});

it('has one effect and one answer for one key', async () => {
  const taskId = await given();
  const { contactId } = await record(taskId, { outcome: 'reached', note: '写错' });
  const keyed = server.client({ cookie: seller.cookie, 'idempotency-key': `take-back-${contactId}` });
  const answers = await Promise.all([1, 2, 3].map(() => keyed.tasks.takeBack.mutate({ contactId })));
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  expect(await taskOf(taskId)).toMatchObject({ status: 'open', version: answers[0]?.task.version });
});

it('is written down with what it changed, and told to open screens', async () => {
  const taskId = await given();
  const { contactId } = await record(taskId, { outcome: 'reached', note: '写错' });
  await takeBack(contactId, salesManager);
  const [entry] = await inStore((tx) =>
    tx
      .selectFrom('audit_entries')
      .select(['action', 'actor_name', 'before', 'after'])
      .where('entity', '=', 'task')
      .where('entity_id', '=', taskId)
      .orderBy('at', 'desc')
      .limit(1)
      .execute(),
  );
  expect(entry).toMatchObject({
    action: 'tasks.takeBack',
    actor_name: '周经理',
    before: { status: 'done', attempts: 1, lastOutcome: 'reached', note: '写错' },
    after: { status: 'open', attempts: 0, lastOutcome: null, contactId },
  });
  const told = await inStore((tx) =>
    tx.selectFrom('live_events').select('topic').where('store_id', '=', store.storeId).where('entity_id', '=', taskId).execute(),
  );
  expect(told.map(({ topic }) => topic)).toEqual(['tasks', 'tasks']);
  const fate = await seller.client.tasks.fate.query({ taskId });
  expect(fate).toMatchObject({ act: 'takenBack', by: '周经理', assigneeName: '李销售' });
});

it('never leaves two takings and recordings of one customer waiting for each other', async () => {
  const tasks = await Promise.all(Array.from({ length: 4 }, () => given()));
  const results = [];
  for (const taskId of tasks) results.push(await record(taskId, { outcome: 'wrong_number' }));
  const verification = results[0]?.verificationTaskId as TaskId;
  const codes = await Promise.all([
    ...results.map(({ contactId }) => codeOf(takeBack(contactId))),
    codeOf(seller.client.tasks.record.mutate({ taskId: verification, version: 1, outcome: 'met' })),
  ]);
  expect(codes.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'went through'));
  expect(['went through', 'platform.conflict']).toContain(codes[4]);
});

import { addDays, dateIn, type CustomerId, type TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let directory: string;
let server: TestServer;
let store: TestStore;
let seller: TestPerson;
let otherSeller: TestPerson;
let manager: TestPerson;
const today = dateIn('Asia/Shanghai' as TimeZone, now());

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'baoke-standing-'));
  server = await startTestServer({ DATA_DIR: directory });
  store = await server.store('a');
  [seller, otherSeller, manager] = await Promise.all([
    server.person(store, 'SC', 'sales', '李明'),
    server.person(store, 'SC', 'sales', '周敏'),
    server.person(store, 'GM', 'management', '赵总'),
  ]);
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) => inTransaction(server.database.pool, { storeId: store.storeId }, work);
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => ({ code: 'not refused' }),
    (error: { data: { code: string; fields: object[]; conflict: object[] } }) => error.data,
  );

/** A customer of the seller with a planned call, a message, a task set by hand and one owed for a complaint; whether a planned one has lapsed. */
async function aServedCustomer(name: string) {
  const { customerId } = await seller.client.customers.create.mutate({
    name,
    phones: [`139${String(Math.floor(phones++)).padStart(8, '0')}`],
  });
  await seller.client.contacts.record.mutate({ customerId, outcome: 'reached', nextOn: addDays(today, 3) });
  const planned = (kind: string, ruleKey: string | null, lapsesInDays: number | null) => ({
    store_id: store.storeId,
    id: newId(),
    kind,
    status: 'open',
    rule_key: ruleKey,
    customer_id: customerId,
    role: 'SC',
    channel: kind === 'message' ? 'sms' : 'phone',
    purpose: 'service',
    priority: 3,
    not_before_on: today,
    due_at: now(),
    lapses_at: lapsesInDays === null ? null : `${addDays(today, lapsesInDays)}T00:00Z`,
  });
  await inStore((tx) =>
    tx
      .insertInto('tasks')
      .values([
        planned('care_call', 'warranty_call', 5),
        planned('care_call', 'anniversary', -5),
        planned('message', 'birthday_sms', 5),
        planned('complaint_follow_up', null, null),
      ])
      .execute(),
  );
  return customerId;
}
let phones = 1;
const tasksOf = (customerId: CustomerId) =>
  inStore(async (tx) =>
    (
      await tx
        .selectFrom('tasks')
        .select(['kind', 'rule_key', 'status', 'settled_reason'])
        .where('store_id', '=', store.storeId)
        .where('customer_id', '=', customerId)
        .execute()
    )
      .map((task) => [task.rule_key ?? task.kind, task.status, task.settled_reason].filter(Boolean).join(' '))
      .toSorted(),
  );
const namesIn = async (tab: 'all' | 'stopped', by = seller) =>
  (await by.client.customers.list.query({ tab })).items.map(({ name, standing }) => `${name} ${standing}`);

it('records a death: everything stops in the same moment, the mark stands wherever he appears, and it can be taken back', async () => {
  const customerId = await aServedCustomer('顾长青');
  const before = await tasksOf(customerId);
  const to = { standing: 'deceased' as const, on: today, note: '家属来电告知' };
  const keyed = server.client({ cookie: seller.cookie, 'idempotency-key': 'death-1' });
  const recorded = await keyed.customers.setStanding.mutate({ customerId, version: 1, change: to });
  expect(recorded).toEqual({ customerId, version: 2, tasks: 4 });
  expect(await keyed.customers.setStanding.mutate({ customerId, version: 1, change: to })).toEqual(recorded);

  expect(await tasksOf(customerId)).toEqual(
    [
      'anniversary cancelled deceased',
      'birthday_sms cancelled deceased',
      'complaint_follow_up open',
      'manual cancelled deceased',
      'warranty_call cancelled deceased',
    ].toSorted(),
  );
  const card = await seller.client.customers.get.query({ customerId });
  expect(card).toMatchObject({
    status: 'deceased',
    standing: 'deceased',
    stopped: { on: today, reason: null, note: '家属来电告知', byName: '李明' },
    may: { edit: false, recordContact: false, setStanding: true },
  });
  expect(await namesIn('all')).toEqual([]);
  expect(await namesIn('stopped')).toEqual(['顾长青 deceased']);
  expect(await namesIn('stopped', manager)).toEqual(['顾长青 deceased']);
  expect(await namesIn('stopped', otherSeller)).toEqual([]);
  expect((await seller.client.customers.counts.query()).stopped).toBe(1);
  expect((await seller.client.search.find.query({ term: '顾长青' })).customers).toMatchObject([{ standing: 'deceased' }]);
  expect(await refusalOf(seller.client.contacts.record.mutate({ customerId, outcome: 'reached' }))).toMatchObject({
    code: 'platform.not_found',
  });

  const entries = await inStore((tx) => listEntries(tx, store.storeId, { entity: 'customer', entityId: customerId, limit: 10 }));
  expect(entries.find(({ action }) => action === 'customers.recordDeath')).toMatchObject({
    before: { standing: 'active', standingOn: null, standingNote: null },
    after: { standing: 'deceased', standingOn: today, standingNote: '家属来电告知', openTasks: 4 },
  });
  const told = await inStore((tx) =>
    tx.selectFrom('live_events').select('topic').where('store_id', '=', store.storeId).where('topic', '=', 'tasks').execute(),
  );
  expect(told).not.toEqual([]);

  expect(await seller.client.customers.setStanding.mutate({ customerId, version: 2, change: { standing: 'active' } })).toMatchObject({
    version: 3,
    tasks: 3,
  });
  // What has lapsed since is not done any more.
  expect(await tasksOf(customerId)).toEqual(
    before.map((line) => (line.startsWith('anniversary') ? 'anniversary cancelled deceased' : line)).toSorted(),
  );
  expect(await seller.client.customers.get.query({ customerId })).toMatchObject({
    status: 'active',
    standing: 'active',
    stopped: null,
    may: { edit: true, recordContact: true },
  });
});

it('gives an owner up: what was planned goes, what was set by hand stays, and a visit ends it', async () => {
  const customerId = await aServedCustomer('沈远');
  const to = { standing: 'given_up' as const, on: today, reason: 'other_city' as const };
  expect(await seller.client.customers.setStanding.mutate({ customerId, version: 1, change: to })).toMatchObject({ tasks: 3 });
  expect(await tasksOf(customerId)).toEqual(
    expect.arrayContaining(['manual open', 'warranty_call cancelled given_up', 'birthday_sms cancelled given_up']),
  );
  expect(await namesIn('all')).toContain('沈远 given_up');
  expect(await namesIn('stopped')).toContain('沈远 given_up');
  // Once more, by somebody who saw the version before: it is so already.
  expect(await manager.client.customers.setStanding.mutate({ customerId, version: 1, change: to })).toEqual({
    customerId,
    version: 2,
    tasks: 0,
  });
  const desk = await seller.client.tasks.myDay.query({ tab: 'upcoming' });
  expect(desk.items.filter(({ customer }) => customer.id === customerId)).toMatchObject([{ customer: { standing: 'given_up' } }]);

  await inStore((tx) =>
    tx
      .updateTable('customers')
      .set({ last_visit_on: addDays(today, 1) })
      .where('store_id', '=', store.storeId)
      .where('id', '=', customerId)
      .execute(),
  );
  expect(await namesIn('all')).toContain('沈远 active');
  expect(await namesIn('stopped')).not.toContain('沈远 given_up');
  expect((await seller.client.customers.get.query({ customerId })).stopped).toBeNull();
});

it('refuses what cannot be so, naming the field, and who may not edit the file', async () => {
  const customerId = await aServedCustomer('冯立');
  const company = await seller.client.customers.create.mutate({ kind: 'company', name: '苏州远航物流有限公司', phones: ['0512-67650000'] });
  const died = (of: CustomerId, on = today, version = 1) =>
    seller.client.customers.setStanding.mutate({ customerId: of, version, change: { standing: 'deceased', on, note: '家属来电' } });
  expect(await refusalOf(died(customerId, addDays(today, 1)))).toMatchObject({
    code: 'customers.standing_in_future',
    fields: [{ path: 'change.on' }],
  });
  expect(await refusalOf(died(company.customerId))).toMatchObject({ code: 'customers.company_not_deceased' });
  const other = { standing: 'given_up' as const, on: today, reason: 'other' as const };
  expect(await refusalOf(seller.client.customers.setStanding.mutate({ customerId, version: 1, change: other }))).toMatchObject({
    code: 'customers.give_up_needs_note',
    fields: [{ path: 'change.note' }],
  });
  expect(await refusalOf(died(customerId, today, 7))).toMatchObject({
    code: 'platform.conflict',
    conflict: [{ field: 'standing', yours: 'deceased', theirs: 'active' }],
  });
  expect(
    await refusalOf(
      otherSeller.client.customers.setStanding.mutate({ customerId, version: 1, change: { standing: 'deceased', on: today, note: 'x' } }),
    ),
  ).toMatchObject({ code: 'platform.not_found' });
  await died(customerId);
  expect(
    await refusalOf(seller.client.customers.setStanding.mutate({ customerId, version: 2, change: { ...other, note: 'x' } })),
  ).toMatchObject({
    code: 'customers.is_deceased',
  });
});

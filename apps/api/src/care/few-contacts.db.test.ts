import { addDays, addMonths, dateIn, type CustomerId, type TimeZone, type VehicleId } from '@baoke/core/kernel';
import { createPool, inTransaction } from '@baoke/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { codeOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { planStore } from './plan-store.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
const today = dateIn(ZONE, now());
let server: TestServer;
let store: TestStore;
let manager: TestPerson;
let admin: TestPerson;
let seller: TestPerson;
let reached: CustomerId;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  const owner = createPool({ url: server.database.ownerUrl, max: 1 });
  await owner.query(`update stores set created_at = '2020-01-01T00:00Z' where id = ${store.storeId}`);
  await owner.end();
  manager = await server.person(store, 'GM', 'management');
  admin = await server.person(store, 'ADMIN', 'management');
  seller = await server.person(store, 'SC', 'sales', '李明');
  // The car's third year ends in a month: he is on the list since a month ago.
  reached = await anOwner('周宁', addDays(addMonths(today, -35), 1), seller.staffId);
  await anOwner('吴江', addDays(addMonths(today, -35), 3));
  await anOwner('年中', addMonths(today, -30));
  await run();
});
afterAll(() => server.close());

const run = () => planStore(server.database.pool, { id: store.storeId, zone: ZONE }, { now: now(), kind: 'changes' });

async function anOwner(name: string, delivered: string, consultantId: string | null = null): Promise<CustomerId> {
  const id = newId<CustomerId>();
  await inTransaction(server.database.pool, { storeId: store.storeId }, async (tx) => {
    await tx
      .insertInto('customers')
      .values({
        store_id: store.storeId,
        id,
        kind: 'person',
        name,
        name_pinyin: name,
        first_delivered_on: delivered,
        consultant_id: consultantId,
        created_at: '2020-01-02T00:00Z',
      })
      .execute();
    await tx
      .insertInto('vehicles')
      .values({
        store_id: store.storeId,
        id: newId<VehicleId>(),
        owner_id: id,
        sold_by_us: true,
        delivered_on: delivered,
        created_at: '2020-01-02T00:00Z',
      })
      .execute();
  });
  return id;
}
const listOf = async (by: TestPerson) => (await by.client.customers.list.query({ tab: 'few_contacts' })).items;

describe('customers with too few contacts in their year (CARE-14)', () => {
  it('are a scope of the list, counted alike by its tab, the rule and its preview', async () => {
    const items = await listOf(manager);
    expect(items.map(({ name, fewContacts }) => [name, fewContacts?.made, fewContacts?.needed]).toSorted()).toEqual([
      ['吴江', 0, 2],
      ['周宁', 0, 2],
    ]);
    expect((await manager.client.customers.counts.query()).few_contacts).toBe(2);
    expect((await admin.client.care.getRule.query({ key: 'brand_minimum' })).open).toBe(2);
    expect(await admin.client.care.preview.query({ key: 'brand_minimum' })).toMatchObject({ customers: 2, reached: 2 });
    expect((await manager.client.customers.count.query({ tab: 'few_contacts' })).count).toBe(2);
    expect((await listOf(seller)).map(({ name }) => name)).toEqual(['周宁']);
  });

  it('leave it with the second contact, one written down late included', async () => {
    const spoken = (days: number) =>
      seller.client.contacts.record.mutate({
        customerId: reached,
        outcome: 'reached',
        occurredAt: new Date(Date.parse(now()) - days * 86_400_000).toISOString(),
      } as Parameters<typeof seller.client.contacts.record.mutate>[0]);
    await spoken(1);
    await run();
    expect((await listOf(seller))[0]).toMatchObject({ name: '周宁', fewContacts: { made: 1, needed: 2 } });
    await spoken(3);
    await run();
    expect((await listOf(manager)).map(({ name }) => name)).toEqual(['吴江']);
    expect((await admin.client.care.preview.query({ key: 'brand_minimum' })).customers).toBe(1);
  });
});

describe('rules that wait for an occasion nothing starts', () => {
  it.each(['weather_sms', 'event_notice'])('%s is off and cannot be switched on, by preset neither', async (key) => {
    const { rule, version } = await admin.client.care.getRule.query({ key });
    expect(rule.activeSince).toBeNull();
    expect(await codeOf(admin.client.care.switchOn.mutate({ key, version }))).toBe('care.waits_for_occasion');
    await admin.client.care.applyPreset.mutate({ preset: 'owner_club' });
    expect((await admin.client.care.getRule.query({ key })).rule.activeSince).toBeNull();
  });
});

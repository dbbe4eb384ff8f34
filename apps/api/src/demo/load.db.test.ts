import { dateIn, type Instant, type TimeZone } from '@baoke/core/kernel';
import { createPool, inTransaction } from '@baoke/db';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planStore } from '../care/plan-store.ts';
import { generateStore, SOURCE_SIZE } from './generator.ts';
import { loadStore } from './load.ts';
import { createDemoStaff, findDemoStaff, type DemoPeople } from './staff.ts';

const zone = 'Asia/Shanghai' as TimeZone;
const now = '2026-11-22T06:00:00.000Z' as Instant;
const size = { sold: 500, valid: 320, months: 26, prospects: 20 };
let database: TestDatabase;
let superuser: pg.Client;
let made: DemoPeople;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  made = await createDemoStaff(database.pool, zone);
  await loadStore(database.pool, made, { zone, now, size, seed: 'test', ownerUrl: database.ownerUrl });
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});

async function count(query: string): Promise<number> {
  const { rows } = await superuser.query<{ count: string }>(`select count(*) as count from ${query}`);
  return Number(rows[0]?.count);
}

it('writes the store through every constraint, with as many buyers and valid owners as asked for', async () => {
  expect(await count('customers where first_delivered_on is not null')).toBe(size.sold);
  expect(
    await count(
      "customers c where reachable and status = 'active' and exists (select from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.status = 'in_use')",
    ),
  ).toBe(size.valid);
  expect(
    await count(
      "customers c where former_owner is distinct from coalesce((select bool_and(to_on is not null) from ownerships o where (o.store_id, o.customer_id, o.role) = (c.store_id, c.id, 'owner')), false)",
    ),
  ).toBe(0);
  expect(await count('customers where former_owner')).toBeGreaterThan(0);
  expect(
    await count(
      'customers c where not is_store_itself and not exists (select from search_tokens t where t.store_id = c.store_id and t.customer_id = c.id)',
    ),
  ).toBe(0);
});

it('has seen cars and customers last at their last visit, the store’s own look before delivery aside', async () => {
  for (const [table, column] of [
    ['vehicles', 'vehicle_id'],
    ['customers', 'customer_id'],
  ])
    expect([
      table,
      await count(`${table} t where last_visit_on is distinct from
        (select max(arrived_on) from service_visits w where (w.store_id, w.${column}) = (t.store_id, t.id) and not is_refund and category <> 'pdi')`),
    ]).toEqual([table, 0]);
});

it('tells the next maintenance at a visit, on its day', async () => {
  expect(await count('vehicles where next_service_on is not null')).toBeGreaterThan(100);
  expect(
    await count(
      `vehicles v where next_service_on is not null and not exists (
        select from service_visits w where (w.store_id, w.vehicle_id, w.arrived_on) = (v.store_id, v.id, v.next_told_on) and v.next_service_km > w.mileage_km)`,
    ),
  ).toBe(0);
});

it('leaves the planner knowing the rows: the first report is not planned for empty tables', async () => {
  const { rows } = await superuser.query<{ relname: string }>(
    "select relname from pg_class where relname in ('customers', 'vehicles', 'service_visits', 'tasks', 'contacts') and reltuples <= 0",
  );
  expect(rows).toEqual([]);
});

it('has callbacks that brought something: praise, what was spoken of and why, and why nobody was reached', async () => {
  const { rows } = await superuser.query<Record<string, number>>(`select count(*) filter (where satisfaction is not null)::int as asked,
      count(*) filter (where praised)::int as praised, count(distinct said_about)::int as said, count(distinct cause)::int as causes,
      count(distinct unreached_because)::int as unreached from contacts`);
  const { asked = 0, praised = 0, said, causes, unreached } = rows[0] ?? {};
  expect([asked > 100, praised > 10, said, causes, unreached]).toEqual([true, true, 4, 3, 4]);
});

it('keeps sums of the days that equal a recount', async () => {
  const { rows } = await superuser.query(`select day, category, sum(visits)::int as visits, sum(fen)::bigint as fen from (
      select day, category, visits, received_fen as fen from service_day_counts
      union all select arrived_on, category, case when is_refund then 0 else -1 end, 0 from service_visits
      union all select money_on, category, 0, -coalesce(received_fen, 0) from service_visits) as days
    group by day, category having sum(visits) <> 0 or sum(fen) <> 0`);
  expect(rows).toEqual([]);
});

it('is found again by its people, and loading it twice changes nothing', async () => {
  const before = await count('contacts');
  const found = await findDemoStaff(database.pool);
  expect(found?.byUsername).toEqual(made.byUsername);
  await loadStore(database.pool, found ?? made, { zone, now, size, seed: 'test', ownerUrl: database.ownerUrl });
  expect(await count('contacts')).toBe(before);
});

it.each([
  {
    name: 'after the customers alone',
    lost: ['complaint_events', 'complaints', 'contacts', 'tasks', 'orders', 'leads', 'service_visits', 'consents', 'search_tokens'],
  },
  { name: 'with the complaints there and the files not', lost: ['contacts', 'search_tokens', 'consents'] },
  { name: 'with the files there and the work not', lost: ['complaint_events', 'complaints', 'orders', 'service_visits'] },
])('broken off $name, is loaded whole by the next start', async ({ lost }) => {
  const before = await Promise.all(['customers', 'contacts', 'consents', 'complaints', 'service_visits', 'search_tokens'].map(count));
  const superuser = createPool({ url: database.superuserUrl, max: 1 });
  for (const table of lost) await superuser.query(`delete from ${table} where store_id = $1`, [made.storeId]);
  await superuser.end();
  await loadStore(database.pool, made, { zone, now, size, seed: 'test', ownerUrl: database.ownerUrl });
  expect(await Promise.all(['customers', 'contacts', 'consents', 'complaints', 'service_visits', 'search_tokens'].map(count))).toEqual(
    before,
  );
});

it('leaves tasks that the care planner recognises as its own', async () => {
  const open = await count("tasks where status = 'open'");
  expect(open).toBeGreaterThan(0);
  await inTransaction(database.pool, {}, async () =>
    planStore(database.pool, { id: made.storeId, zone }, { now, date: dateIn(zone, now), kind: 'full' }),
  );
  // Nobody is offered anything while his complaint is open: such a call the planner knows and calls off.
  expect(
    await count(`tasks where status = 'cancelled' and finished_at = '${now}' and settled_reason is distinct from 'open_complaint'`),
  ).toBe(0);
  expect(await count('(select from tasks where rule_key is not null group by slot, anchor_on having count(*) > 1) as twice')).toBe(0);
});

it('has the size of the source by default', () => {
  const store = generateStore({ seed: 'baoke', now, today: dateIn(zone, now), zone, size: SOURCE_SIZE, staff: made });
  const reachable = new Set(store.customers.filter((c) => c.reachable).map((c) => c.id));
  expect(store.vehicles.filter((v) => v.sold_by_us)).toHaveLength(13_803);
  expect(
    new Set(store.vehicles.filter((v) => v.status === 'in_use' && v.owner_id && reachable.has(v.owner_id)).map((v) => v.owner_id)).size,
  ).toBe(8_372);
  expect(store.visits.length).toBeGreaterThan(43_000);
  expect(store.visits.length).toBeLessThan(48_000);
});

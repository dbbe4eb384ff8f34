import { randomUUID } from 'node:crypto';
import { addDays, type CivilDate, type CustomerId, type StoreId, type VehicleId } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { isNextSpent, lastMaintenance, maintenanceDue, type Vehicle } from '@baoke/core/vehicles';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertServiceCategories } from '../stores/queries.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';

type Visit = {
  readonly id: string;
  readonly vehicle_id: VehicleId;
  category: string;
  arrived_on: CivilDate;
  mileage_km: number | null;
  is_refund: boolean;
};
type Facts = Parameters<typeof maintenanceDue>[0];
type Stored = Facts & Pick<Vehicle, 'id' | 'maintenanceDueOn'>;

const START = '2025-01-01' as CivilDate;
const MAINTENANCE = new Set(SERVICE_CATEGORIES.filter((one) => one.maintenance).map(({ code }) => code));
let database: TestDatabase;
let storeId: StoreId;
let owner: CustomerId;

// The same numbers on every run.
let state = 20261129;
function whole(from: number, to: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return from + Math.floor((state / 2 ** 32) * (to - from + 1));
}
const maybe = <T>(value: () => T): T | null => (whole(0, 2) === 0 ? null : value());
const day = () => addDays(START, whole(0, 700));
const pick = <T>(from: readonly T[]): T => from[whole(0, from.length - 1)]!; // never asked of an empty list

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select id, 'a', 'a' from g returning id`,
  );
  storeId = rows[0]!.id; // a store was just made
  owner = randomUUID() as CustomerId;
  await inTransaction(database.pool, { storeId }, async (tx) => {
    await insertServiceCategories(tx, storeId, SERVICE_CATEGORIES);
    await tx
      .insertInto('customers')
      .values({ store_id: storeId, id: owner, kind: 'person', name: '王小明', name_pinyin: 'wang xiao ming' })
      .execute();
  });
});
afterAll(() => database.drop());

it('comes due in the database on the day the rule says, after any history of visits', async () => {
  const vehicles = Array.from({ length: 400 }, () => ({
    store_id: storeId,
    id: randomUUID() as VehicleId,
    owner_id: owner,
    delivered_on: maybe(day),
    first_service_on: maybe(day),
    first_service_km: maybe(() => whole(3, 8) * 1000),
    next_service_on: whole(0, 3) === 0 ? day() : null,
    next_service_km: whole(0, 3) === 0 ? whole(0, 60_000) : null,
    next_told_on: maybe(day),
    ...(whole(0, 3) === 0
      ? { last_mileage_km: null, last_mileage_on: null, metres_per_day: maybe(() => whole(0, 90_000)) }
      : {
          last_mileage_km: whole(0, 60_000),
          last_mileage_on: day(),
          metres_per_day: pick([null, 0, 1, whole(2, 90_000), whole(2, 90_000)]),
        }),
  }));
  const visits = new Map<string, Visit>();
  const told = () => ({
    category: pick(SERVICE_CATEGORIES).code,
    arrived_on: day(),
    mileage_km: maybe(() => whole(0, 60_000)),
    is_refund: whole(0, 9) === 0,
  });
  await inTransaction(database.pool, { storeId }, async (tx) => {
    await tx.insertInto('vehicles').values(vehicles).execute();
    for (let round = 0; round < 12; round += 1) {
      const fresh = Array.from({ length: 120 }, (): Visit => ({ id: randomUUID(), vehicle_id: pick(vehicles).id, ...told() }));
      for (const visit of fresh) visits.set(visit.id, visit);
      await tx
        .insertInto('service_visits')
        .values(fresh.map((visit) => ({ store_id: storeId, order_no: visit.id, state: 'settled', ...visit })))
        .execute();
      const stored = [...visits.values()];
      for (const visit of [pick(stored), pick(stored), pick(stored)]) {
        Object.assign(visit, told());
        const { id, vehicle_id: _, ...set } = visit;
        await tx.updateTable('service_visits').set(set).where('store_id', '=', storeId).where('id', '=', id).execute();
      }
      const gone = stored.filter(() => whole(0, 9) === 0).map(({ id }) => id);
      for (const id of gone) visits.delete(id);
      await sql`delete from service_visits where store_id = ${storeId} and id = any(${gone}::uuid[])`.execute(tx);
    }
  });
  await expectKept(visits, (code) => MAINTENANCE.has(code));
  await inTransaction(database.pool, { storeId }, (tx) =>
    sql`update service_categories set maintenance = not maintenance where store_id = ${storeId} and code in ('accident', 'regular_maintenance')`.execute(
      tx,
    ),
  );
  await expectKept(visits, (code) => (code === 'accident' || MAINTENANCE.has(code)) && code !== 'regular_maintenance');
});

async function expectKept(visits: ReadonlyMap<string, Visit>, isMaintenance: (category: string) => boolean): Promise<void> {
  const { rows } = await inTransaction(database.pool, { storeId }, (tx) =>
    sql<Stored>`select id, delivered_on as "deliveredOn", first_service_on as "firstServiceOn", first_service_km as "firstServiceKm",
      next_service_on as "nextServiceOn", next_service_km as "nextServiceKm", next_told_on as "nextToldOn", last_mileage_km as "lastMileageKm", last_mileage_on as "lastMileageOn",
      metres_per_day as "metresPerDay", last_maintenance_on as "lastMaintenanceOn", last_maintenance_km as "lastMaintenanceKm",
      maintenance_due_on as "maintenanceDueOn" from vehicles where store_id = ${storeId}`.execute(tx),
  );
  const visitsOf = Map.groupBy(visits.values(), (visit) => visit.vehicle_id);
  const kept = rows.map(({ id, lastMaintenanceOn: on, lastMaintenanceKm: km, maintenanceDueOn: due }) => ({ id, on, km, due }));
  const [spent, standing] = [new Set<VehicleId>(), new Set<VehicleId>()];
  const ruled = rows.map((row) => {
    const made = (visitsOf.get(row.id) ?? []).map((visit) => ({
      category: visit.category,
      arrivedOn: visit.arrived_on,
      isRefund: visit.is_refund,
      mileageKm: visit.mileage_km,
    }));
    const last = lastMaintenance(made, isMaintenance);
    const facts = { ...row, lastMaintenanceOn: last?.on ?? null, lastMaintenanceKm: last?.km ?? null };
    if (facts.nextServiceOn !== null || facts.nextServiceKm !== null) (isNextSpent(facts) ? spent : standing).add(row.id);
    return { id: row.id, on: facts.lastMaintenanceOn, km: facts.lastMaintenanceKm, due: maintenanceDue(facts)?.on ?? null };
  });
  expect(kept).toEqual(ruled);
  // The histories reach every branch, or the comparison says little.
  expect(ruled.filter(({ on }) => on === null).length).toBeGreaterThan(40);
  expect(ruled.filter(({ on }) => on !== null).length).toBeGreaterThan(100);
  expect(spent.size).toBeGreaterThan(15);
  expect(standing.size).toBeGreaterThan(30);
  expect(ruled.filter(({ due }) => due === null).length).toBeGreaterThan(5);
}

it('spends a next maintenance that was told when the car is maintained after it', async () => {
  const id = randomUUID() as VehicleId;
  // Past midnight at the store, the day before in UTC.
  const TOLD = '2026-11-20T17:00:00Z';
  const ask = (text: string, values: readonly unknown[]) =>
    inTransaction(database.pool, { storeId }, (_, client) => client.query(text, [...values]));
  const stands = async () =>
    (await ask(`select next_told_on::text as told, maintenance_due_on::text as due from vehicles where id = $1`, [id])).rows[0];
  const change = (set: string) => ask(`update vehicles set ${set} where id = $1`, [id]);
  const visit = (no: string, on: string) =>
    ask(
      `insert into service_visits (store_id, id, order_no, vehicle_id, category, state, arrived_on, mileage_km) values ($1, gen_random_uuid(), $2, $3, 'second_maintenance', 'settled', $4, 140000)`,
      [storeId, no, id, on],
    );
  await ask(
    `insert into vehicles (store_id, id, owner_id, delivered_on, next_service_on, next_service_km, updated_at) values ($1, $2, $3, '2020-01-01', '2026-12-15', 145900, $4)`,
    [storeId, id, owner, TOLD],
  );
  expect(await stands()).toEqual({ told: '2026-11-21', due: '2026-12-15' });
  await visit('T1', '2026-11-21');
  expect(await stands()).toEqual({ told: '2026-11-21', due: '2026-12-15' });
  await ask(`delete from care_dirty where customer_id = $1`, [owner]);
  await visit('T2', '2026-11-28');
  expect(await stands()).toEqual({ told: '2026-11-21', due: '2027-05-28' });
  expect((await ask(`select from care_dirty where customer_id = $1`, [owner])).rowCount).toBe(1);

  // An edit of something else, or the same told once more, is no telling.
  await change(`remark = 'x', next_service_on = '2026-12-15', updated_at = '2026-12-01T02:00:00Z'`);
  expect(await stands()).toEqual({ told: '2026-11-21', due: '2027-05-28' });
  await change(`next_service_on = '2027-03-01', updated_at = '2026-12-01T02:00:00Z'`);
  expect(await stands()).toEqual({ told: '2026-12-01', due: '2027-03-01' });
  // A writer that knows the day keeps it.
  await change(`next_service_on = '2027-03-02', next_told_on = '2026-11-27'`);
  expect(await stands()).toEqual({ told: '2026-11-27', due: '2027-05-28' });
  await change(`next_service_on = null, next_service_km = null`);
  expect(await stands()).toEqual({ told: null, due: '2027-05-28' });
});

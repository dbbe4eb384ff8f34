import { randomUUID } from 'node:crypto';
import { addDays, type CivilDate, type StoreId, type VehicleId } from '@baoke/core/kernel';
import { metresPerDay, type MileageReading } from '@baoke/core/vehicles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recountHabits } from '../imports/queries.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';

const START = '2025-01-01' as CivilDate;
let database: TestDatabase;
let storeId: StoreId;

// The same numbers on every run.
let state = 20261130;
function whole(from: number, to: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return from + Math.floor((state / 2 ** 32) * (to - from + 1));
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select id, 'a', 'a' from g returning id`,
  );
  storeId = rows[0]!.id; // a store was just made
});
afterAll(() => database.drop());

it('is in the database what the rule says, after any history of readings (VEH-05)', async () => {
  const vehicles = Array.from({ length: 300 }, () => ({ store_id: storeId, id: randomUUID() as VehicleId, metres_per_day: 77 }));
  const readingsOf = new Map<VehicleId, MileageReading[]>();
  for (const { id } of vehicles) {
    let [on, km] = [addDays(START, whole(0, 300)), whole(0, 60_000)];
    const readings = Array.from({ length: whole(0, 5) }, (): MileageReading => {
      const reading = { readOn: on, mileageKm: km, source: 'visit', doubtful: whole(0, 5) === 0 } as const;
      on = addDays(on, whole(0, 60));
      km += whole(0, 9) === 0 ? whole(100_000, 900_000) : whole(1, 6_000);
      return reading;
    });
    readingsOf.set(id, readings);
  }
  const habits = await inTransaction(database.pool, { storeId }, async (tx) => {
    await tx.insertInto('vehicles').values(vehicles).execute();
    await tx
      .insertInto('mileage_readings')
      .values(
        [...readingsOf].flatMap(([id, readings]) =>
          readings.map(({ readOn, mileageKm, source, doubtful }) => ({
            store_id: storeId,
            vehicle_id: id,
            read_on: readOn,
            mileage_km: mileageKm,
            source,
            doubtful,
          })),
        ),
      )
      .execute();
    await recountHabits(
      tx,
      storeId,
      vehicles.map(({ id }) => id),
    );
    return tx.selectFrom('vehicles').select(['id', 'metres_per_day']).where('store_id', '=', storeId).execute();
  });
  const ruled = new Map([...readingsOf].map(([id, readings]) => [id, metresPerDay(readings)]));
  expect(new Map(habits.map(({ id, metres_per_day: habit }) => [id, habit]))).toEqual(
    new Map(habits.map(({ id }) => [id, ruled.get(id as VehicleId)])),
  );
  // The histories reach both ends, or the comparison says little.
  expect([...ruled.values()].filter((habit) => habit === null).length).toBeGreaterThan(30);
  expect([...ruled.values()].filter((habit) => habit !== null).length).toBeGreaterThan(100);
});

import { addDays, dateIn, type TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { getStoreBeginning } from '@baoke/db/care';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { now, setClockOffset } from '../clock.ts';
import { createStore } from './create.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
const DAY_MS = 86_400_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  setClockOffset(0);
  await database.drop();
});

// The rules of a new store plan nothing before its beginning: told by another clock than the process's, its first days would stay empty.
it.each([-6, 40])('a store begins by the clock of the process, %i days from that of the database', async (days) => {
  const today = dateIn(ZONE, now());
  setClockOffset(days * DAY_MS);
  const { storeId } = await createStore(database.pool, { code: `clock${days}`, name: '时钟店', zone: ZONE });
  const beginning = await inTransaction(database.pool, { storeId }, (tx) => getStoreBeginning(tx, storeId));
  setClockOffset(0);
  expect(dateIn(ZONE, beginning)).toBe(addDays(today, days));
});

import type { StoreId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateQueue, openQueue, type Queue } from './queue.ts';

const remarks: string[] = [];
const log = pino({ level: 'warn' }, { write: (line) => remarks.push(line) });
let database: TestDatabase;
let queue: Queue;

beforeAll(async () => {
  database = await createTestDatabase();
  database.pool.on('connect', (client) => client.on('notice', ({ message }) => remarks.push(message ?? '')));
  await migrateQueue(database.ownerUrl, log);
  queue = await openQueue(database.pool, log);
});
afterAll(async () => {
  await queue.stop();
  await database.drop();
});

it('works off what was sent and looks after itself, and PostgreSQL has nothing to remark', async () => {
  const store = { storeId: 1 as StoreId };
  const worked = new Promise<object>((done) => void queue.work('care.plan', async (data) => done(data)));
  await inTransaction(database.pool, {}, (tx) => queue.send(tx, 'care.plan', store));
  expect(await worked).toEqual(store);
  await queue.supervise();
  expect(remarks).toEqual([]);
});

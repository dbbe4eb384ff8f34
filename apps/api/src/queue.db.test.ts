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

it('queues a job anew that leaves off because the process ends, and no stop counts as a try', async () => {
  const store = { storeId: 2 as StoreId };
  const jobs = async () => {
    const { rows } = await database.pool.query<{ state: string; tries: number; data: object }>(
      `select state, retry_count as tries, data from pgboss.job where name = 'imports.run' order by created_on, state`,
    );
    return rows;
  };
  const ending = await openQueue(database.pool, log);
  await inTransaction(database.pool, {}, (tx) => ending.send(tx, 'imports.run', { ...store, importId: 'one' }));
  const asked = new Promise<void>((begun) => {
    void ending.work('imports.run', (_, leaveOff) => {
      begun();
      return new Promise((_done, fail) => leaveOff.addEventListener('abort', () => fail(new Error('left off'))));
    });
  });
  await asked;
  await ending.stop();
  expect(await jobs()).toEqual([
    { state: 'completed', tries: 0, data: { ...store, importId: 'one' } },
    { state: 'created', tries: 0, data: { ...store, importId: 'one' } },
  ]);
  const worked = new Promise<object>((done) => void queue.work('imports.run', async (data) => done(data)));
  expect(await worked).toEqual({ ...store, importId: 'one' });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, inTransaction, type Pool } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.appUrl, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('an instant from the database', () => {
  it.each([
    { name: 'whole second', sql: '2026-05-01T09:10:00+08:00', read: '2026-05-01T01:10:00.000Z' },
    { name: 'one digit of a second', sql: '2026-05-01T01:10:00.5Z', read: '2026-05-01T01:10:00.500Z' },
    { name: 'milliseconds', sql: '2026-05-01T01:10:00.123Z', read: '2026-05-01T01:10:00.123Z' },
    { name: 'microseconds, cut and not rounded', sql: '2026-05-01T01:10:00.123999Z', read: '2026-05-01T01:10:00.123Z' },
    { name: 'a fraction that begins with zeros', sql: '2026-05-01T01:10:00.000009Z', read: '2026-05-01T01:10:00.000Z' },
  ])('$name', async ({ sql, read }) => {
    const { rows } = await pool.query<{ at: string }>('select $1::timestamptz as at', [sql]);
    expect(rows[0]?.at).toBe(read);
  });
});

describe('a transaction', () => {
  it('that failed leaves its connection fit for the next', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await expect(inTransaction(pool, {}, (_, client) => client.query('select 1 / 0'))).rejects.toThrow('division by zero');
    }
    const { rows } = await inTransaction(pool, {}, (_, client) => client.query<{ one: number }>('select 1 as one'), 'read');
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('that only reads may not write', async () => {
    await expect(inTransaction(pool, {}, (_, client) => client.query("insert into groups (code, name) values ('a', 'a')"), 'read')).rejects.toThrow('read-only');
  });

  it('forgets its store when it ends, so that the next one on the connection sees none', async () => {
    const seen = () => pool.query<{ store: string | null }>("select current_setting('baoke.store_id', true) as store");
    await Promise.all([1, 2, 3, 4, 5, 6].map((store) => inTransaction(pool, { storeId: store as never }, (_, client) => client.query('select 1'), 'read')));
    for (const { rows } of await Promise.all([seen(), seen(), seen(), seen()])) expect(rows[0]?.store ?? '').toBe('');
  });

  it('sends its statements in one go and answers each with its own rows', async () => {
    const sums = await inTransaction(pool, {}, (_, client) => Promise.all([1, 2, 3].map(async (n) => (await client.query<{ n: number }>('select $1::integer as n', [n])).rows[0]?.n)));
    expect(sums).toEqual([1, 2, 3]);
  });
});

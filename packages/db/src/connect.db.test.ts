import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import { createPool, Ending, inTransaction, isConnectionLost, settled, type Db, type Pool } from './index.ts';
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

const one = (db: Db, n = 1) =>
  sql<{ n: number; store: string }>`select ${n}::integer as n, current_setting('baoke.store_id', true) as store`
    .execute(db)
    .then(({ rows }) => rows[0]);

describe('a transaction', () => {
  it('that failed leaves its connection fit for the next', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await expect(inTransaction(pool, {}, (_, client) => client.query('select 1 / 0'))).rejects.toThrow('division by zero');
      await expect(inTransaction(pool, {}, (db) => sql`select 1 / 0`.execute(db), 'read')).rejects.toThrow('division by zero');
    }
    expect(await inTransaction(pool, {}, (db) => one(db), 'read')).toMatchObject({ n: 1 });
  });

  it('whose connection is cut fails, and the process and the pool live on', async () => {
    const cut = inTransaction(pool, {}, (_, client) => client.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(cut).rejects.toThrow(/terminat/);
    expect(await inTransaction(pool, {}, (db) => one(db), 'read')).toMatchObject({ n: 1 });
  });

  it('whose connection breaks without a word fails as one whose server is away, as does what is asked of it later', async () => {
    const client = await pool.connect();
    const asked = client.query('select pg_sleep(60)').catch((error: unknown) => error);
    client.connection.stream.destroy();
    expect(isConnectionLost(await asked)).toBe(true);
    expect(isConnectionLost(await client.query('commit').catch((error: unknown) => error))).toBe(true);
    client.release(true);
    expect(isConnectionLost(await pool.query('select 1 / 0').catch((error: unknown) => error))).toBe(false);
    expect(isConnectionLost(new Error('the lights went out'))).toBe(false);
  });

  describe('that ends with statements nobody waits for', () => {
    const add = (db: Db, code: string) => sql`insert into groups (code, name) values (${code}, ${code})`.execute(db);
    const codes = async () =>
      (await pool.query<{ code: string }>("select code from groups where code like 'last%' order by code")).rows.map(({ code }) => code);

    it('keeps all of them with its commit', async () => {
      expect(await inTransaction(pool, {}, async (db) => new Ending('done', () => [add(db, 'last-a'), add(db, 'last-b')]))).toBe('done');
      expect(await codes()).toEqual(['last-a', 'last-b']);
    });

    it('keeps nothing when one of them fails, says why, and frees the connection', async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        const failing = inTransaction(pool, {}, async (db) => {
          await add(db, 'last-c');
          return new Ending('done', () => [add(db, 'last-d'), sql`select 1 / 0`.execute(db), add(db, 'last-e')]);
        });
        await expect(failing).rejects.toThrow('division by zero');
      }
      expect(await codes()).toEqual(['last-a', 'last-b']);
      expect(await inTransaction(pool, {}, (db) => one(db))).toMatchObject({ n: 1 });
    });

    it('waits for them where it goes on behind them', async () => {
      const kept = await inTransaction(pool, {}, async (db) => {
        const inside = await settled(new Ending(7, () => [add(db, 'last-f')]));
        return [inside, (await sql`select from groups where code = 'last-f'`.execute(db)).rows.length];
      });
      expect(kept).toEqual([7, 1]);
    });
  });

  it('that only reads may not write', async () => {
    await expect(
      inTransaction(pool, {}, (db) => sql`insert into groups (code, name) values ('a', 'a')`.execute(db), 'read'),
    ).rejects.toThrow('read-only');
  });

  it('forgets its store when it ends, so that the next one on the connection sees none', async () => {
    const seen = () => pool.query<{ store: string | null }>("select current_setting('baoke.store_id', true) as store");
    await Promise.all([1, 2, 3, 4, 5, 6].map((store) => inTransaction(pool, { storeId: store as StoreId }, (db) => one(db), 'read')));
    for (const { rows } of await Promise.all([seen(), seen(), seen(), seen()])) expect(rows[0]?.store ?? '').toBe('');
  });

  it('sends its statements in one go and answers each with its own rows', async () => {
    const sums = await inTransaction(pool, {}, (_, client) =>
      Promise.all([1, 2, 3].map(async (n) => (await client.query<{ n: number }>('select $1::integer as n', [n])).rows[0]?.n)),
    );
    expect(sums).toEqual([1, 2, 3]);
  });

  it('that reads has its store in every turn, whatever it waited for between', async () => {
    const read = await inTransaction(
      pool,
      { storeId: 7 as StoreId },
      async (db) => {
        const first = await Promise.all([one(db, 1), one(db, 2)]);
        await new Promise((later) => setImmediate(later));
        return [...first, await one(db, 3), await one(db, 4)];
      },
      'read',
    );
    expect(read).toEqual([1, 2, 3, 4].map((n) => ({ n, store: '7' })));
  });

  it('refuses a statement after its end', async () => {
    let kept: Db | undefined;
    await inTransaction(pool, {}, async (db) => void (kept = db), 'read');
    await expect(sql`select 1`.execute(kept as Db)).rejects.toThrow('had ended');
  });

  it('that reads keeps to its store beside many others', async () => {
    const stores = Array.from({ length: 60 }, (_, n) => n + 1);
    const seen = await Promise.all(
      stores.map((store) =>
        inTransaction(pool, { storeId: store as StoreId }, async (db) => [(await one(db))?.store, (await one(db))?.store], 'read'),
      ),
    );
    expect(seen).toEqual(stores.map((store) => [String(store), String(store)]));
  });
});

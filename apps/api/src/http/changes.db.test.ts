import type { ImportId, StoreId } from '@baoke/core/kernel';
import { createPool, inTransaction, type Pool } from '@baoke/db';
import { announceWriting } from '@baoke/db/changes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../access/keys.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { runImport } from '../imports/run-import.ts';
import { undoImport } from '../imports/undo-import.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type Client, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let superuser: Pool;
let store: TestStore;
let other: TestStore;
beforeAll(async () => {
  server = await startTestServer();
  superuser = createPool({ url: server.database.superuserUrl, max: 2 });
  store = await server.store('one');
  other = await server.store('two');
});
afterAll(async () => {
  await superuser.end();
  await server.close();
});

const FILES = {
  '客户资料.csv': [
    '客户姓名,联系电话,车架号,车牌号',
    ...['陈一', '林二', '赵三', '孙四', '周五'].map((name, at) => `${name},1390000000${at},LSGKE54H1HW00000${at},苏E0000${at}`),
  ],
  '维修记录.csv': [
    '工单号,车架号,客户名称,手机号码,进厂日期,出厂日期,维修类别',
    'W1,LSGKE54H1HW000000,陈一,13900000000,2025-09-01,2025-09-01,保养',
    'W2,LSGKE54H1HW000001,林二,13900000001,2025-09-02,2025-09-02,保养',
    'W3,LSGKE54H1HW000002,赵三,13900000002,2025-09-03,2025-09-03,保养',
  ],
};

async function imports(storeId: StoreId): Promise<ImportId> {
  const files = Object.entries(FILES).map(([name, lines]) => ({
    name,
    bytes: () => Promise.resolve(Buffer.from(`${lines.join('\n')}\n`)),
  }));
  const report = await runImport(
    { pool: server.platform.pool, now, newId, openVault: null },
    { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files },
  );
  expect(report.files.map(({ refusal, rejected }) => [refusal, rejected])).toEqual([
    [null, 0],
    [null, 0],
  ]);
  return report.importId;
}

async function keyOf(of: TestStore, scopes: readonly string[]): Promise<Client> {
  const { secret } = await inTransaction(server.platform.pool, { storeId: of.storeId }, (tx) =>
    createApiKey(tx, of.storeId, { name: 'mirror', scopes, expiresAt: null, createdBy: null }),
  );
  return server.client({ authorization: `Bearer ${secret}` });
}

const FEEDS = ['customers', 'vehicles', 'service'] as const;
type Told = { readonly id: string };
type Feed = (cursor: string | null) => Promise<{ items: Told[]; nextCursor: string | null; more: boolean }>;

/** Reads a feed by pages of two to its end. */
async function readOut(feed: Feed, from: string | null = null): Promise<{ ids: string[]; cursor: string | null; pages: number }> {
  const ids: string[] = [];
  let cursor = from;
  for (let pages = 1; ; pages += 1) {
    const { items, nextCursor, more } = await feed(cursor);
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor;
    if (!more) return { ids, cursor, pages };
  }
}

/** As if so much time had passed since anything happened. */
async function pass(minutes: number): Promise<void> {
  for (const table of ['customers', 'vehicles', 'service_visits'])
    await superuser.query(`update ${table} set updated_at = updated_at - make_interval(mins => $1)`, [minutes]);
  await superuser.query('update removals set removed_at = removed_at - make_interval(mins => $1)', [minutes]);
}

describe('the feed of removals', () => {
  it('tells whoever keeps a copy each record that an undone import has taken away, once, over pages', async () => {
    const mirror = await keyOf(
      store,
      FEEDS.map((feed) => `${feed}:view`),
    );
    const removals = (feed: (typeof FEEDS)[number]) => (cursor: string | null) => mirror[feed].removals.query({ cursor, limit: 2 });
    const stays = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '何人', phone: '+8613900000099' });
    const importId = await imports(store.storeId);
    await pass(5);
    const copies = { customers: new Set<string>(), vehicles: new Set<string>(), service: new Set<string>() };
    const cursors = new Map<string, string | null>();
    for (const feed of FEEDS) {
      const { ids } = await readOut((cursor) => mirror[feed].changes.query({ cursor, limit: 2 }));
      for (const id of ids) copies[feed].add(id);
      // Before anything was removed a reader who names an instant has his place.
      const begun = await mirror[feed].removals.query({ updatedAfter: '2026-01-01T00:00:00Z' });
      expect(begun).toEqual({ items: [], nextCursor: expect.any(String) as string, more: false });
      cursors.set(feed, begun.nextCursor);
    }
    expect([copies.customers.size, copies.vehicles.size, copies.service.size]).toEqual([6, 5, 3]);

    await undoImport({ pool: server.platform.pool, now }, store.storeId, importId, 'undone', async () => {});
    for (const feed of FEEDS) expect(await readOut(removals(feed))).toMatchObject({ ids: [] });
    await pass(2);
    for (const feed of FEEDS) {
      const told = await readOut(removals(feed), cursors.get(feed));
      expect(told.pages).toBe(Math.ceil(told.ids.length / 2));
      expect(new Set(told.ids).size).toBe(told.ids.length);
      for (const id of told.ids) expect(copies[feed].delete(id)).toBe(true);
      expect(await removals(feed)(told.cursor)).toEqual({ items: [], nextCursor: told.cursor, more: false });
    }
    expect(copies).toEqual({ customers: new Set([stays]), vehicles: new Set(), service: new Set() });

    expect(await (await keyOf(other, ['customers:view'])).customers.removals.query({})).toEqual({
      items: [],
      nextCursor: null,
      more: false,
    });
  });

  it('tells a key of what it may view, and nobody whose right reaches only his own', async () => {
    const narrow = await keyOf(store, ['customers:view']);
    expect((await narrow.customers.removals.query({})).items).toHaveLength(5);
    for (const feed of ['vehicles', 'service', 'complaints'] as const)
      expect(await codeOf(narrow[feed].removals.query({}))).toBe('access.forbidden');
    const seller = await server.person(store, 'SC', 'sales');
    expect((await seller.client.customers.removals.query({})).items).toEqual([]);
    expect(await codeOf(server.anonymous.customers.removals.query({}))).toBe('access.signed_out');
  });

  it('takes no cursor of another feed', async () => {
    const key = await keyOf(store, ['customers:view', 'vehicles:view']);
    const { nextCursor } = await key.customers.removals.query({ limit: 2 });
    expect(await codeOf(key.vehicles.removals.query({ cursor: nextCursor }))).toBe('platform.bad_cursor');
    expect(await codeOf(key.customers.changes.query({ cursor: nextCursor }))).toBe('platform.bad_cursor');
  });

  it('hears of whatever is deleted, by its own instant or the one that long work has announced', async () => {
    const { storeId } = other;
    const key = await keyOf(other, ['customers:view']);
    const [first, second] = [
      await aCustomerOnFile(server.platform.pool, storeId, { name: '甲', phone: '+8613900000001' }),
      await aCustomerOnFile(server.platform.pool, storeId, { name: '乙', phone: '+8613900000002' }),
    ];
    const remove = (id: string, announced?: Parameters<typeof announceWriting>[2]) =>
      inTransaction(server.platform.pool, { storeId }, async (tx) => {
        if (announced) await announceWriting(tx, storeId, announced);
        for (const [table, column] of [
          ['search_tokens', 'customer_id'],
          ['customer_phones', 'customer_id'],
          ['customers', 'id'],
        ] as const)
          await tx
            .deleteFrom(table)
            .where('store_id', '=', storeId)
            .where(column as never, '=', id as never)
            .execute();
      });
    const before = now();
    await remove(first);
    await remove(second, '2026-05-02T01:00:00.700Z' as typeof before);
    await superuser.query(`update removals set removed_at = removed_at - interval '1 hour' where id = $1`, [first]);
    const { items } = await key.customers.removals.query({});
    expect(items).toMatchObject([{ id: second, removedAt: '2026-05-02T01:00:00.700Z' }, { id: first }]);
    expect(Date.parse(items[1]!.removedAt)).toBeGreaterThanOrEqual(Date.parse(before) - 3_600_000);
  });

  it('is read by its key, whatever the store has lost', async () => {
    const { rows } = await inTransaction(server.platform.pool, { storeId: store.storeId }, async (_, client) => {
      await client.query('set local enable_seqscan = off');
      return client.query<{ 'QUERY PLAN': string }>(
        `explain select * from removals c where store_id = ${store.storeId} and c.entity = 'customers'
           and (c.removed_at, c.id) > ('2026-05-01T00:00:00Z'::timestamptz, '${newId()}'::uuid) order by c.removed_at, c.id limit 50`,
      );
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('removals_pkey');
    expect(plan).not.toContain('Sort');
  });

  it('is rewritten by nobody', async () => {
    const { storeId } = store;
    for (const statement of ['update removals set id = id', 'delete from removals'])
      await expect(inTransaction(server.platform.pool, { storeId }, (_, client) => client.query(statement))).rejects.toThrow(
        /permission denied/,
      );
  });
});

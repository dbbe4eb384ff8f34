import type { CustomerId, Instant } from '@baoke/core/kernel';
import type { UpsertRow } from '@baoke/core/customers/wire';
import { inTransaction } from '@baoke/db';
import { announceWriting } from '@baoke/db/changes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../access/keys.ts';
import { newId } from '../ids.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type Client, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let store: TestStore;
let other: TestStore;
let manager: TestPerson;
let chairman: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  other = await server.store('two');
  manager = await server.person(store, 'SALES_MGR', 'sales');
  chairman = await server.person(store, 'CHAIR', 'management');
});
afterAll(() => server.close());

const keyOf = async (of: TestStore, scopes: readonly string[]) =>
  (
    await inTransaction(server.platform.pool, { storeId: of.storeId }, (tx) =>
      createApiKey(tx, of.storeId, { name: 'dms', scopes, expiresAt: null, createdBy: null }),
    )
  ).secret;
const SCOPES = ['customers:view', 'customers:edit'];

type Sent = Partial<Omit<UpsertRow, 'customerId' | 'seenDuplicates'>> & {
  customerId?: string;
  seenDuplicates?: string[];
  nonsense?: number;
};
async function upsert(
  rows: readonly Sent[],
  {
    key,
    source = 'dms',
    idempotencyKey = newId(),
    language = 'zh',
  }: { key?: string; source?: string; idempotencyKey?: string; language?: string } = {},
) {
  const secret = key ?? (await keyOf(store, SCOPES));
  const client: Client = server.client({
    authorization: `Bearer ${secret}`,
    'idempotency-key': idempotencyKey,
    'accept-language': language,
  });
  return client.customers.upsertMany.mutate({ source, rows: rows as never });
}

describe('customers of another system', () => {
  it('are created, then unchanged, then updated, by their external id', async () => {
    const row = { externalId: 'K-1', name: '陈一', phones: ['138 2000 0001'], city: '苏州' };
    const first = await upsert([row]);
    expect(first).toMatchObject({ created: 1, rows: [{ row: 0, externalId: 'K-1', outcome: 'created', version: 1, refusal: null }] });
    const { customerId } = first.rows[0]!;
    expect(await upsert([row])).toMatchObject({ unchanged: 1, rows: [{ outcome: 'unchanged', customerId, version: 1 }] });
    expect(await upsert([{ externalId: 'K-1', city: '无锡' }])).toMatchObject({
      updated: 1,
      rows: [{ outcome: 'updated', customerId, version: 2 }],
    });
    const card = await manager.client.customers.get.query({ customerId: customerId! });
    expect(card).toMatchObject({ name: '陈一', city: '无锡' });
  });

  it('that are refused leave the others as they are, each with its fields in words', async () => {
    const answer = await upsert(
      [
        { externalId: 'R-1', name: '陈二', phones: ['13820000002'] },
        { externalId: 'R-2', name: '陈三', phones: ['12'] },
        { externalId: 'R-3', phones: ['13820000003'] },
        { externalId: 'R-4', name: '陈四', phones: ['13820000004'], nonsense: 1 },
        { name: '陈五', phones: ['13820000005'] },
        { externalId: 'R-6', name: '陈六', phones: ['13820000006'], consultantId: newId() },
        { externalId: 'R-7', name: '陈七', phones: ['13820000007'] },
      ],
      { language: 'en' },
    );
    expect(answer.rows.map(({ outcome, refusal }) => [outcome, refusal?.code ?? null, refusal?.fields[0]?.path ?? null])).toEqual([
      ['created', null, null],
      ['refused', 'customers.phone_digits', 'phones.0'],
      ['refused', 'input.invalid', 'name'],
      ['refused', 'input.invalid', 'nonsense'],
      ['refused', 'input.invalid', 'externalId'],
      ['refused', 'platform.not_found', 'consultantId'],
      ['created', null, null],
    ]);
    expect(answer.rows[2]?.refusal?.fields[0]?.message).toBe('Required');
    // What was refused is on file nowhere: the same ids come in as new ones once they are right.
    expect(await upsert([{ externalId: 'R-6', name: '陈六', phones: ['13820000006'] }])).toMatchObject({ created: 1 });
  });

  it('who may be on file already are refused, then joined by name or told apart', async () => {
    const onFile = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '孙悟', phone: '+8613820000100' });
    const row = { externalId: 'D-1', name: '孙悟', phones: ['13820000100'] };
    expect((await upsert([row])).rows[0]).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'customers.already_on_file', fields: [{ params: { customerId: onFile } }] },
    });
    expect((await upsert([{ ...row, customerId: onFile }])).rows[0]).toMatchObject({ outcome: 'updated', customerId: onFile });
    expect((await upsert([row])).rows[0]).toMatchObject({ outcome: 'unchanged', customerId: onFile });
    const wife = { externalId: 'D-2', name: '牛氏', phones: ['13820000100'] };
    expect((await upsert([wife])).rows[0]).toMatchObject({ outcome: 'refused', refusal: { code: 'customers.duplicates_unseen' } });
    expect((await upsert([{ ...wife, seenDuplicates: [onFile] }])).rows[0]).toMatchObject({ outcome: 'created' });
  });

  it('are of one system each, and of one store', async () => {
    const row = { externalId: 'S-1', name: '周一', phones: ['13820000200'] };
    const { customerId } = (await upsert([row])).rows[0]!;
    expect((await upsert([{ ...row, name: '周二', phones: ['13820000201'] }], { source: 'shop' })).rows[0]).toMatchObject({
      outcome: 'created',
    });
    const elsewhere = await keyOf(other, SCOPES);
    expect((await upsert([row], { key: elsewhere })).rows[0]).toMatchObject({ outcome: 'created' });
    expect((await upsert([{ ...row, externalId: 'S-2', customerId: customerId! }], { key: elsewhere })).rows[0]).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'platform.not_found', fields: [{ path: 'customerId' }] },
    });
  });

  it('come in once however often the call is repeated, and twice in one call is one customer', async () => {
    const idempotencyKey = newId();
    const key = await keyOf(store, SCOPES);
    const rows = [
      { externalId: 'T-1', name: '吴一', phones: ['13820000300'] },
      { externalId: 'T-1', name: '吴一', phones: ['13820000300'], city: '常州' },
    ];
    const first = await upsert(rows, { idempotencyKey, key });
    expect(first.rows.map((r) => r.outcome)).toEqual(['created', 'updated']);
    expect(await upsert(rows, { idempotencyKey, key })).toEqual(first);
  });

  it('come in by the thousand', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      externalId: `M-${i}`,
      name: `客户${i}`,
      phones: [`1390000${String(i).padStart(4, '0')}`],
    }));
    expect(await upsert(rows)).toMatchObject({ created: 1000, refused: 0 });
    expect(await codeOf(upsert([...rows, { externalId: 'one more', name: 'x', phones: [] }]))).toBe('input.invalid');
  });

  it('are refused to a key without both scopes, to a role that may not edit, and to the signed-out', async () => {
    const row = { externalId: 'x', name: '甲', phones: ['13820000400'] };
    expect(await codeOf(keyOf(store, ['customers:edit']).then((key) => upsert([row], { key })))).toBe('access.forbidden');
    expect(await codeOf(chairman.client.customers.upsertMany.mutate({ source: 'dms', rows: [row] }))).toBe('access.forbidden');
    expect(await codeOf(server.anonymous.customers.upsertMany.mutate({ source: 'dms', rows: [row] }))).toBe('access.signed_out');
  });
});

describe('the feed of changes', () => {
  let feed: TestStore;
  let reader: Client;
  let ids: CustomerId[];
  beforeAll(async () => {
    feed = await server.store('feed');
    reader = (await server.person(feed, 'GM', 'management')).client;
    ids = [];
    for (const name of ['一', '二', '三', '四', '五'])
      ids.push(await aCustomerOnFile(server.platform.pool, feed.storeId, { name, phone: `+861382000050${ids.length}` }));
    // Three of them in one microsecond, so that the id has to tell them apart.
    await at(ids.slice(0, 3), '2026-05-01T01:00:00.000123Z');
    await at([ids[3]!], '2026-05-01T02:00:00Z');
  });
  const at = (of: readonly CustomerId[], when: string) =>
    inTransaction(server.platform.pool, { storeId: feed.storeId }, (_, client) =>
      client.query('update customers set updated_at = $1 where store_id = $2 and id = any($3::uuid[])', [when, feed.storeId, of]),
    );

  it('tells each record once in the order of change, holds back what was just changed, and goes on from its cursor', async () => {
    const told: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      const { items, nextCursor, more } = await reader.customers.changes.query({ cursor, limit: 2 });
      told.push(...items.map(({ id }) => id));
      cursor = nextCursor;
      expect(more).toBe(page === 0);
    }
    expect(told).toEqual([...ids.slice(0, 3).toSorted(), ids[3]]);
    await at([ids[4]!], '2026-05-01T03:00:00Z');
    await at([ids[0]!], '2026-05-01T04:00:00Z');
    const next = await reader.customers.changes.query({ cursor });
    expect(next.items).toMatchObject([
      { id: ids[4] },
      { id: ids[0], phoneMasked: '138****0500', updatedAt: '2026-05-01T04:00:00.000Z', externalIds: [] },
    ]);
  });

  it('gives one who begins at an instant his place, though nothing has changed since', async () => {
    const began = await reader.customers.changes.query({ updatedAfter: '2026-05-01T05:00:00Z' });
    expect(began.items).toEqual([]);
    await at([ids[1]!], '2026-05-01T06:00:00Z');
    const next = await reader.customers.changes.query({ cursor: began.nextCursor });
    expect(next.items).toMatchObject([{ id: ids[1] }]);
  });

  it('passes over nothing of a long piece of work that has not ended', async () => {
    const { nextCursor: before } = await reader.customers.changes.query({ updatedAfter: '2026-05-02T00:00:00Z' });
    const working = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const work = inTransaction(server.platform.pool, { storeId: feed.storeId }, async (tx, client) => {
      await announceWriting(tx, feed.storeId, '2026-05-02T01:00:00.500Z' as Instant);
      await client.query('update customers set updated_at = $1 where store_id = $2 and id = $3', [
        '2026-05-02T01:00:00.500Z',
        feed.storeId,
        ids[2],
      ]);
      begun.resolve();
      await working.promise;
    });
    await begun.promise;
    await at([ids[0]!], '2026-05-02T00:30:00Z');
    await at([ids[4]!], '2026-05-02T01:00:00.900Z');
    await at([ids[1]!], '2026-05-02T02:00:00Z');
    const meanwhile = await reader.customers.changes.query({ cursor: before });
    expect(meanwhile.items).toMatchObject([{ id: ids[0] }]);
    working.resolve();
    await work;
    const after = await reader.customers.changes.query({ cursor: meanwhile.nextCursor });
    expect(after.items).toMatchObject([{ id: ids[2] }, { id: ids[4] }, { id: ids[1] }]);
    // Another store's work holds nobody up.
    await inTransaction(server.platform.pool, { storeId: other.storeId }, async (tx) => {
      await announceWriting(tx, other.storeId, '2026-05-02T01:00:00Z' as Instant);
      await at([ids[3]!], '2026-05-02T03:00:00Z');
      expect((await reader.customers.changes.query({ cursor: after.nextCursor })).items).toMatchObject([{ id: ids[3] }]);
    });
  });

  it('begins after an instant, or is refused when told two places', async () => {
    const { items } = await reader.customers.changes.query({ updatedAfter: '2026-05-01T09:00:00+08:00', limit: 200 });
    expect(items.length).toBeGreaterThan(0);
    expect(await codeOf(reader.customers.changes.query({ updatedAfter: '2026-05-01T01:00:00Z', cursor: 'x' }))).toBe('input.invalid');
    expect(await codeOf(reader.customers.changes.query({ cursor: 'forged' }))).toBe('platform.bad_cursor');
  });

  it.each(['vehicles', 'service', 'complaints'] as const)('of %s answers, and shows nothing of the other store', async (of) => {
    expect(await reader[of].changes.query({})).toEqual({ items: [], nextCursor: null, more: false });
  });

  it('reads its index, whatever the store holds', async () => {
    for (const table of ['customers', 'vehicles', 'service_visits', 'complaints']) {
      const { rows } = await inTransaction(server.platform.pool, { storeId: feed.storeId }, async (_, client) => {
        await client.query('set local enable_seqscan = off');
        return client.query<{ 'QUERY PLAN': string }>(
          `explain select * from ${table} where store_id = ${feed.storeId} and (updated_at, id) > ('2026-05-01T00:00:00Z'::timestamptz, '${newId()}'::uuid) order by updated_at, id limit 50`,
        );
      });
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(`${table}_updated`);
    }
  });
});

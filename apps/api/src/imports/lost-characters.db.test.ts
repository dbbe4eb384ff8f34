import type { FileKind, ImportMode } from '@baoke/core/imports';
import type { Instant, StoreId, TimeZone } from '@baoke/core/kernel';
import { createPool, type Pool } from '@baoke/db';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../ids.ts';
import { createStore } from '../stores/create.ts';
import { runImport } from './run-import.ts';
import { undoImport } from './undo-import.ts';

let database: TestDatabase;
let superuser: Pool;
let stores = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  superuser = createPool({ url: database.superuserUrl, max: 2 });
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});

const environment = () => ({ pool: database.pool, now: () => '2026-11-22T02:00:00.000Z' as Instant, newId, openVault: null });

async function aStore(): Promise<StoreId> {
  const { storeId } = await createStore(database.pool, {
    code: `lost-${(stores += 1)}`,
    name: '保客店',
    zone: 'Asia/Shanghai' as TimeZone,
  });
  return storeId;
}

const FILES = {
  customers: [
    '客户姓名,联系电话,车架号',
    '汪杰𫖯,13900004101,LSGKE54H9HW012345',
    '汪杰,13900004101,',
    '苏州䥽鑫贸易有限公司,13900004103,LSGKE54HXHW012340',
  ],
  service: [
    '工单号,车架号,客户名称,手机号码,进厂日期,维修类别',
    'W1,LSGKE54H9HW012345,汪杰?,13900004101,2026-03-01,保养',
    'W2,LSGKE54HXHW012340,苏州?鑫贸易有限公司,13900004102,2026-03-02,保养',
  ],
} as const satisfies Partial<Record<FileKind, readonly string[]>>;
type File = keyof typeof FILES;

async function take(storeId: StoreId, kinds: readonly File[], { mode = 'upsert' as ImportMode, dryRun = false } = {}) {
  const files = kinds.map((kind) => ({ name: `${kind}.csv`, bytes: () => Promise.resolve(Buffer.from(`${FILES[kind].join('\n')}\n`)) }));
  const report = await runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode, dryRun, files });
  const effects = report.files.map(({ created, updated, unchanged }) => [created, updated, unchanged]);
  return { importId: report.importId, effects, warned: report.files.map(({ warned }) => warned) };
}

/** Each customer of the store with his visits and what he is found by. */
async function customers(storeId: StoreId) {
  const { rows } = await superuser.query<{ name: string; sorted: string; visits: number; tokens: string[] }>(
    `select name, name_pinyin as sorted, (select count(*)::integer from service_visits v where v.store_id = c.store_id and v.customer_id = c.id) as visits,
       array(select token from search_tokens t where t.store_id = c.store_id and t.customer_id = c.id order by token) as tokens
     from customers c where store_id = $1 order by name`,
    [storeId],
  );
  return rows;
}
const names = async (storeId: StoreId) => (await customers(storeId)).map(({ name, visits }) => [name, visits]);

const WHOLE = [
  ['汪杰', 0],
  ['汪杰𫖯', 1],
  ['苏州䥽鑫贸易有限公司', 1],
];
const LOST = [
  ['汪杰', 0],
  ['汪杰?', 1],
  ['苏州?鑫贸易有限公司', 1],
];

describe('a name of which the service records have lost a character', { timeout: 120_000 }, () => {
  it('comes to the whole one in whatever order the files come, is found by it, and stays so', async () => {
    const [first, later] = [await aStore(), await aStore()];
    await take(first, ['customers']);
    await take(first, ['service']);
    await take(later, ['service']);
    const dry = await take(later, ['customers'], { dryRun: true });
    const report = await take(later, ['customers']);
    expect(await names(first)).toEqual(WHOLE);
    expect(await customers(later)).toEqual(await customers(first));
    expect(dry.effects).toEqual(report.effects);
    expect(report.effects).toEqual([[1, 2, 0]]);
    for (const kind of ['service', 'customers'] as const)
      expect((await take(later, [kind])).effects).toEqual([[0, 0, FILES[kind].length - 1]]);
    expect(await customers(later)).toEqual(await customers(first));
  });

  it('is there again when the whole one is taken back', async () => {
    const storeId = await aStore();
    await take(storeId, ['service']);
    const stood = await customers(storeId);
    const { importId } = await take(storeId, ['customers']);
    await undoImport(environment(), storeId, importId, 'undone', async () => {});
    expect(await customers(storeId)).toEqual(stood);
    await take(storeId, ['customers']);
    expect(await names(storeId)).toEqual(WHOLE);
  });

  it.each([
    { mode: 'create', left: LOST },
    { mode: 'update', left: WHOLE.slice(1) },
  ] as const)('is left or made whole as mode $mode says', async ({ mode, left }) => {
    const storeId = await aStore();
    await take(storeId, ['service']);
    await take(storeId, ['customers'], { mode });
    expect(await names(storeId)).toEqual(left);
  });

  it('stays where a person has written it, and the row says so once', async () => {
    const storeId = await aStore();
    await take(storeId, ['service']);
    await superuser.query(`update customers set name = '汪 杰?' where store_id = $1 and name = '汪杰?'`, [storeId]);
    expect((await take(storeId, ['customers'])).warned).toEqual([1]);
    expect(await names(storeId)).toEqual([['汪 杰?', 1], ...WHOLE.filter(([name]) => name !== '汪杰𫖯')]);
    expect((await take(storeId, ['customers'])).warned).toEqual([0]);
  });
});

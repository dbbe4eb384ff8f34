import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addHours, type ImportId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { codeOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { forgetUnusedUploads, runStartedImport } from './jobs.ts';
import { readSample } from './understand-file.ts';
import { exportFolders } from './testing.ts';

let server: TestServer;
let store: TestStore;
let admin: TestPerson;
let stranger: TestPerson;
let follower: TestPerson;
beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('A1');
  admin = await server.person(store, 'ADMIN', 'management');
  follower = await server.person(store, 'FU_AGENT', 'customer_care');
  stranger = await server.person(await server.store('B1'), 'ADMIN', 'management');
});
afterAll(() => server.close());

const [small] = exportFolders();

async function upload(cookie: string, names: readonly string[], content?: Buffer): Promise<Response> {
  const form = new FormData();
  for (const name of names) form.append('files', new Blob([new Uint8Array(content ?? (await readFile(join(small!.path, name))))]), name);
  return fetch(`${server.url}/imports/files`, { method: 'POST', headers: { cookie }, body: form });
}

async function uploaded(names: readonly string[]): Promise<ImportId> {
  const response = await upload(admin.cookie, names);
  expect(response.status).toBe(200);
  return ((await response.json()) as { importId: ImportId }).importId;
}

describe('a file without a required column', () => {
  const nameless = Buffer.from('手机号码,车牌号,车架号,地址\n13800001111,苏E12345,,苏州\n');

  it('is named with what is missing, and not started alone', async () => {
    const response = await upload(admin.cookie, ['客户资料.csv'], nameless);
    const { importId } = (await response.json()) as { importId: ImportId };
    const sample = await admin.client.imports.sample.query({ importId, position: 0 });
    expect(sample).toMatchObject({ kind: 'customers', missing: ['name'], wanted: [{ field: 'name', header: '客户名称' }] });
    expect(sample.wanted[0]?.synonyms).toEqual(expect.arrayContaining(['姓名', '车主', 'customer name']));
    const answer = await fetch(`${server.url}/api/v1/imports/${importId}/start`, {
      method: 'POST',
      headers: { cookie: admin.cookie, 'content-type': 'application/json' },
      body: '{"dryRun":true}',
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 422,
      body: {
        code: 'imports.column_missing',
        fields: [
          {
            path: 'files.0.columns',
            code: 'column_missing',
            message: expect.stringMatching(/^缺少“客户名称”列，也可写作：.*姓名.*customer name/),
            params: { field: 'name', header: '客户名称' },
          },
        ],
      },
    });
    const columns = sample.columns.map(({ field }) => (field === 'address' ? 'name' : field));
    expect(await admin.client.imports.map.mutate({ importId, position: 0, kind: 'customers', columns, remember: false })).toMatchObject({
      missing: [],
      wanted: [],
    });
    expect(await admin.client.imports.start.mutate({ importId, dryRun: true })).toMatchObject({ status: 'running' });
  });
});

describe('people whom a file names', () => {
  const services = (orderNo: string) =>
    Buffer.from(
      `工单号,进厂日期,车牌号,客户名称,手机号码,服务顾问,维修类别\n${orderNo},2026-05-04,苏E12346,陈大文,13800002222,王强,事故\n`,
    );
  const advisors = () =>
    inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .selectFrom('service_visits as v')
        .innerJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'v.store_id').onRef('s.id', '=', 'v.advisor_id'))
        .select(['v.order_no', 's.id', 's.account_id'])
        .where('v.store_id', '=', store.storeId)
        .orderBy('v.order_no')
        .execute(),
    );

  it('are shown by a trial, can be said to be somebody here, and stay so for later files', async () => {
    const { imports } = admin.client;
    const sent = async (orderNo: string) =>
      ((await (await upload(admin.cookie, ['工单.csv'], services(orderNo))).json()) as { importId: ImportId }).importId;
    const run = async (importId: ImportId, dryRun: boolean) => {
      await imports.start.mutate({ importId, dryRun });
      await runStartedImport(server.platform, { storeId: store.storeId, importId });
    };
    const importId = await sent('GD-1');
    await run(importId, true);
    const found = await imports.staffNames.query({ importId });
    expect(found.names).toEqual([{ name: '王强', role: 'SA', staffId: null }]);
    expect(found.workers.map(({ id }) => id)).toEqual(expect.arrayContaining([follower.staffId]));
    expect(await codeOf(imports.mapStaff.mutate({ importId, name: '李四', staffId: follower.staffId }))).toBe('platform.not_found');
    expect(await codeOf(imports.mapStaff.mutate({ importId, name: '王强', staffId: stranger.staffId }))).toBe('platform.not_found');
    expect((await imports.mapStaff.mutate({ importId, name: '王强', staffId: follower.staffId })).names).toEqual([
      { name: '王强', role: 'SA', staffId: follower.staffId },
    ]);
    await run(importId, false);
    const later = await sent('GD-2');
    await run(later, false);
    expect((await imports.staffNames.query({ importId: later })).names).toEqual([]);
    expect((await advisors()).map(({ order_no, id }) => [order_no, id])).toEqual([
      ['GD-1', follower.staffId],
      ['GD-2', follower.staffId],
    ]);
    for (const one of [later, importId]) await imports.undo.mutate({ importId: one });
  });
});

describe('a file left out beside one that is imported', () => {
  it('says which required column it lacks, before the trial and after it', async () => {
    const importId = await uploaded(['销售台账.xlsx', '客户资料.xlsx']);
    const { imports } = admin.client;
    const sample = await imports.sample.query({ importId, position: 1 });
    const columns = sample.columns.map(({ field }) => (field === 'phone' ? null : field));
    await imports.map.mutate({ importId, position: 1, kind: 'customers', columns, remember: false });
    expect((await imports.get.query({ importId })).files.map(({ missing }) => missing)).toEqual([[], ['phone']]);
    await imports.start.mutate({ importId, dryRun: true });
    await runStartedImport(server.platform, { storeId: store.storeId, importId });
    expect((await imports.get.query({ importId })).files).toMatchObject([
      { missing: [], counts: { rows: 59 } },
      { missing: ['phone'], counts: null },
    ]);
  });
});

describe('the import wizard', { timeout: 120_000 }, () => {
  it('uploads, shows, tries dry, imports, corrects and takes back', async () => {
    const importId = await uploaded(['销售台账.xlsx', '客户资料.xlsx']);
    const { imports } = admin.client;
    expect(await imports.get.query({ importId })).toMatchObject({
      status: 'uploaded',
      files: [{ kind: 'sales', counts: null, done: false }, { kind: 'customers' }],
    });
    const sample = await imports.sample.query({ importId, position: 0 });
    expect(sample).toMatchObject({ kind: 'sales', headerRow: 2, missing: [] });
    expect(sample.columns[1]).toEqual({ header: '订单日期', field: 'orderedOn', by: 'header' });

    expect(await imports.start.mutate({ importId, dryRun: true })).toMatchObject({ status: 'running', dryRun: true });
    await runStartedImport(server.platform, { storeId: store.storeId, importId });
    expect(await imports.get.query({ importId })).toMatchObject({
      status: 'done',
      files: [{ done: false, counts: { rows: 59, rejected: 6 } }, { counts: { rows: 242 } }],
    });

    await imports.start.mutate({ importId, mode: 'upsert' });
    await runStartedImport(server.platform, { storeId: store.storeId, importId });
    expect(await imports.get.query({ importId })).toMatchObject({
      status: 'done',
      dryRun: false,
      files: [{ done: true, counts: { created: 50 } }, { done: true }],
    });
    expect(await codeOf(imports.start.mutate({ importId }))).toBe('imports.not_waiting');

    const rows = await imports.rows.query({ importId, position: 0, outcomes: ['rejected'], limit: 4 });
    expect(rows.items.map(({ row, outcome, effect }) => ({ row, outcome, effect }))).toEqual(
      [25, 28, 36, 39].map((row) => ({ row, outcome: 'rejected', effect: null })),
    );
    const workbook = await fetch(`${server.url}/imports/${importId}/files/0/corrections.xlsx`, { headers: { cookie: admin.cookie } });
    expect(workbook.status).toBe(200);
    expect(
      Buffer.from(await workbook.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');

    expect(await imports.undo.mutate({ importId })).toMatchObject({ kept: 0 });
    expect(await imports.get.query({ importId })).toMatchObject({ status: 'undone' });
    expect(await codeOf(imports.undo.mutate({ importId }))).toBe('imports.not_done');
    expect((await imports.list.query({})).items).toContainEqual(expect.objectContaining({ id: importId, createdByName: admin.username }));
  });

  it('is taken back once for one key, by a person as by a key', async () => {
    const there = await server.store('undo by key');
    const boss = await server.person(there, 'ADMIN', 'management');
    const { secret } = await boss.client.keys.create.mutate({ name: '对接', scopes: ['imports:view', 'imports:edit'] });
    for (const headers of [{ authorization: `Bearer ${secret}` }, { cookie: boss.cookie }] as Record<string, string>[]) {
      const response = await upload(boss.cookie, ['客户资料.xlsx']);
      const { importId } = (await response.json()) as { importId: ImportId };
      await boss.client.imports.start.mutate({ importId, mode: 'upsert' });
      await runStartedImport(server.platform, { storeId: there.storeId, importId });
      const client = server.client({ ...headers, 'idempotency-key': `undo ${importId}` });
      const [first, second] = [await client.imports.undo.mutate({ importId }), await client.imports.undo.mutate({ importId })];
      expect(first.removed).toBeGreaterThan(100);
      expect(second).toEqual(first);
    }
  });

  it('whose file has a name that cannot be kept is refused', async () => {
    const form =
      '--x\r\ncontent-disposition: form-data; name="files"; filename="a\u0000b.csv"\r\ncontent-type: text/csv\r\n\r\na,b\r\n--x--\r\n';
    const headers = { cookie: admin.cookie, 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await fetch(`${server.url}/imports/files`, { method: 'POST', headers, body: form });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'input.invalid']);
  });

  it('that fails says in the log why, once, by its id', async () => {
    const importId = await uploaded(['客户资料.xlsx']);
    await admin.client.imports.start.mutate({ importId });
    const logged: { msg: string; importId: string; err: { message: string } }[] = [];
    const log = pino({ level: 'error' }, { write: (line) => void logged.push(JSON.parse(line)) });
    const run = () =>
      runStartedImport(
        { ...server.platform, log, config: { ...server.platform.config, dataDirectory: '/dev/null/none' } },
        { storeId: store.storeId, importId },
      );
    await expect(run()).rejects.toThrow(/ENOTDIR/);
    await run();
    expect(logged).toMatchObject([{ msg: 'import failed', importId, err: { message: expect.stringContaining('ENOTDIR') } }]);
    expect(await admin.client.imports.get.query({ importId })).toMatchObject({ status: 'failed', failure: 'imports.failed' });
  });

  it('remembers a mapping for files with the same headers', async () => {
    const importId = await uploaded(['潜客登记.csv']);
    const { columns } = await admin.client.imports.sample.query({ importId, position: 0 });
    const changed = columns.map(({ field }) => (field === 'source' ? null : field));
    expect(await admin.client.imports.map.mutate({ importId, position: 0, kind: 'leads', columns: changed })).toMatchObject({
      missing: [],
    });
    const again = await uploaded(['潜客登记.csv']);
    expect((await admin.client.imports.sample.query({ importId: again, position: 0 })).columns.map((column) => column.field)).toEqual(
      changed,
    );
  });

  describe('of somebody else', () => {
    const [valid, mistyped] = ['11010519491231002X', '110105194912310021'];
    const masked = ['**************002X', '**************0021'];
    const csv = `客户姓名,联系电话,订单日期,车型,证件号码,备注\n王小明,13548743945,,别克 君越,${valid},${mistyped}\n李小红,,2026-05-01,别克 君越,,请打 13548743946，身份证 ${valid}\n`;
    let importId: ImportId;
    let carer: TestPerson;
    let manager: TestPerson;
    let audited: () => Promise<unknown[]>;
    beforeAll(async () => {
      carer = await server.person(store, 'CC_MGR', 'customer_care');
      manager = await server.person(store, 'GM', 'management');
      ({ importId } = (await (await upload(carer.cookie, ['销售台账.csv'], Buffer.from(csv))).json()) as { importId: ImportId });
      audited = async () =>
        (
          await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
            listEntries(tx, store.storeId, { entity: 'imports', entityId: importId, limit: 20 }),
          )
        )
          .filter(({ action }) => action === 'imports.corrections')
          .map(({ actorId, after }) => [actorId, after]);
    });
    const workbook = (person: { readonly cookie: string }, asked = '') =>
      fetch(`${server.url}/imports/${importId}/files/0/corrections.xlsx${asked}`, { headers: { cookie: person.cookie } });
    const cellsOf = async (answer: Response) => {
      expect(answer.status).toBe(200);
      const path = join(await mkdtemp(join(tmpdir(), 'baoke-corrections-')), 'x.xlsx');
      await writeFile(path, Buffer.from(await answer.arrayBuffer()));
      return (await readSample(path)).rows.slice(1).map(({ cells }) => cells.slice(0, 6));
    };

    it('shows its first rows with phones and ID numbers masked, and to whoever may not see customers none', async () => {
      const sample = ({ client }: TestPerson) => client.imports.sample.query({ importId, position: 0 });
      expect((await sample(carer)).rows[1]?.cells).toEqual(
        ['王小明', '135****3945', '', '别克 君越', ...masked].map((cell) => cell || null),
      );
      const { rows, columns } = await sample(admin);
      expect(rows.map(({ cells }) => cells)).toEqual([[], [], []]);
      expect(columns.map(({ field }) => field)).toContain('phone');
      const mapped = await admin.client.imports.map.mutate({
        importId,
        position: 0,
        kind: 'sales',
        columns: columns.map(({ field }) => field),
        remember: false,
      });
      expect(mapped.rows.map(({ cells }) => cells)).toEqual([[], [], []]);
    });

    it('shows what became of its rows, whole to nobody, and what stood in them to whoever may see customers', async () => {
      await carer.client.imports.start.mutate({ importId });
      await runStartedImport(server.platform, { storeId: store.storeId, importId });
      const kept = await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
        tx.selectFrom('import_rows').select('raw').where('store_id', '=', store.storeId).where('import_id', '=', importId).execute(),
      );
      expect(kept).toHaveLength(2);
      expect(JSON.stringify(kept)).not.toMatch(/(?<![0-9a-f])\d{17}[\dX](?![0-9a-f])/);
      for (const { client } of [carer, manager])
        expect((await client.imports.rows.query({ importId, position: 0 })).items.map(({ cells }) => cells)).toEqual([
          ['王小明', '135****3945', null, '别克 君越', ...masked],
          ['李小红', null, '2026-05-01', '别克 君越', null, '**************002X'],
        ]);
      expect((await admin.client.imports.rows.query({ importId, position: 0 })).items).toMatchObject([
        { row: 2, outcome: 'rejected', findings: [{ field: 'orderedOn' }], cells: [] },
        { row: 3, outcome: 'rejected', findings: [{ field: 'phone' }], cells: [] },
      ]);
    });

    it('is taken away whole by whoever brought it, with phones masked by who takes customers away, by nobody else', async () => {
      expect(await cellsOf(await workbook(carer))).toEqual([
        ['王小明', '13548743945', null, '别克 君越', ...masked],
        ['李小红', null, '2026-05-01', '别克 君越', null, '**************002X'],
      ]);
      expect(await cellsOf(await workbook(manager))).toEqual([
        ['王小明', '135****3945', null, '别克 君越', ...masked],
        ['李小红', null, '2026-05-01', '别克 君越', null, '**************002X'],
      ]);
      const refused = await workbook(admin);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'access.forbidden']);
      expect(await audited()).toEqual([
        [manager.staffId, { file: '销售台账.csv', rows: 2, idNumbers: false }],
        [carer.staffId, { file: '销售台账.csv', rows: 2, idNumbers: false }],
      ]);
    });

    it('gives ID numbers in full to who may reveal them and asks for them, which is recorded', async () => {
      expect((await cellsOf(await workbook(carer, '?idNumbers=true')))[0]).toEqual([
        '王小明',
        '13548743945',
        null,
        '别克 君越',
        valid,
        mistyped,
      ]);
      expect((await cellsOf(await workbook(manager, '?idNumbers=true')))[0]).toEqual([
        '王小明',
        '135****3945',
        null,
        '别克 君越',
        valid,
        mistyped,
      ]);
      expect((await workbook(admin, '?idNumbers=true')).status).toBe(403);
      expect((await audited()).slice(0, 2)).toEqual([
        [manager.staffId, { file: '销售台账.csv', rows: 2, idNumbers: true }],
        [carer.staffId, { file: '销售台账.csv', rows: 2, idNumbers: true }],
      ]);
      // His own file, but he may not reveal ID numbers.
      const own = (await (await upload(admin.cookie, ['销售台账.csv'], Buffer.from(csv))).json()) as { importId: ImportId };
      await admin.client.imports.start.mutate({ importId: own.importId });
      await runStartedImport(server.platform, { storeId: store.storeId, importId: own.importId });
      const of = (asked: string) =>
        fetch(`${server.url}/imports/${own.importId}/files/0/corrections.xlsx${asked}`, { headers: { cookie: admin.cookie } });
      expect((await of('?idNumbers=true')).status).toBe(403);
      expect((await cellsOf(await of('')))[0]).toEqual(['王小明', '13548743945', null, '别克 君越', ...masked]);
    });

    it('names what stayed when it was taken back to whoever may see customers', async () => {
      const people = Buffer.from('客户姓名,联系电话,地址\n欧阳留存,13911113333,保密路 2 号\n');
      const { importId: of } = (await (await upload(carer.cookie, ['客户资料.csv'], people)).json()) as { importId: ImportId };
      await carer.client.imports.start.mutate({ importId: of });
      await runStartedImport(server.platform, { storeId: store.storeId, importId: of });
      const [found] = (await carer.client.customers.list.query({ term: '欧阳留存' })).items;
      await carer.client.contacts.record.mutate({ customerId: found!.id, outcome: 'reached' });
      expect(await carer.client.imports.undo.mutate({ importId: of })).toMatchObject({ kept: 1 });
      const labels = async ({ client }: TestPerson) => (await client.imports.kept.query({ importId: of })).items.map(({ label }) => label);
      expect(await labels(carer)).toEqual(['欧阳留存']);
      expect(await labels(admin)).toEqual(['***']);
    });
  });

  describe('uploaded files', () => {
    const csv = Buffer.from('客户姓名,联系电话,地址\n欧阳封存,13911112222,保密路 1 号\n');
    const send = async () => ((await (await upload(admin.cookie, ['客户资料.csv'], csv)).json()) as { importId: ImportId }).importId;
    const run = (importId: ImportId) => runStartedImport(server.platform, { storeId: store.storeId, importId });
    const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) =>
      inTransaction(server.platform.pool, { storeId: store.storeId }, work);
    const kept = (importId: ImportId) =>
      inStore((tx) =>
        tx
          .selectFrom('import_files')
          .select(['position', 'sealed', 'content'])
          .where('store_id', '=', store.storeId)
          .where('import_id', '=', importId)
          .executeTakeFirstOrThrow(),
      );

    it('wait sealed, are read as they came, and are gone once imported', async () => {
      const importId = await send();
      const { sealed, content } = await kept(importId);
      expect(content).toBeNull();
      expect(sealed?.length).toBeGreaterThan(csv.length);
      for (const word of ['欧阳封存', '13911112222', '保密路']) expect(sealed?.includes(word)).toBe(false);
      expect((await admin.client.imports.sample.query({ importId, position: 0 })).rows[1]?.cells).toEqual([
        '欧阳封存',
        '139****2222',
        '保密****',
      ]);
      await admin.client.imports.start.mutate({ importId, dryRun: true });
      await run(importId);
      expect((await kept(importId)).sealed).not.toBeNull();
      await admin.client.imports.start.mutate({ importId });
      await run(importId);
      expect(await admin.client.imports.get.query({ importId })).toMatchObject({ status: 'done', files: [{ counts: { created: 1 } }] });
      expect(await kept(importId)).toEqual({ position: 0, sealed: null, content: null });
      expect(await codeOf(admin.client.imports.sample.query({ importId, position: 0 }))).toBe('imports.not_waiting');
    });

    it('are still read where they were kept in plain before', async () => {
      const importId = await send();
      await inStore((tx) =>
        tx
          .updateTable('import_files')
          .set({ sealed: null, content: csv })
          .where('store_id', '=', store.storeId)
          .where('import_id', '=', importId)
          .execute(),
      );
      await admin.client.imports.start.mutate({ importId, dryRun: true });
      await run(importId);
      expect(await admin.client.imports.get.query({ importId })).toMatchObject({ status: 'done', files: [{ counts: { rows: 1 } }] });
    });

    it('do not open in the place of another, and nothing is imported', async () => {
      const [one, other] = [await send(), await send()];
      const { sealed } = await kept(other);
      await inStore((tx) =>
        tx.updateTable('import_files').set({ sealed }).where('store_id', '=', store.storeId).where('import_id', '=', one).execute(),
      );
      await admin.client.imports.start.mutate({ importId: one });
      const quiet = { ...server.platform, log: pino({ level: 'silent' }) };
      await expect(runStartedImport(quiet, { storeId: store.storeId, importId: one })).rejects.toThrow(/authenticate/);
      expect(await admin.client.imports.get.query({ importId: one })).toMatchObject({
        status: 'failed',
        failure: 'imports.failed',
        files: [{ counts: null, done: false }],
      });
      expect(
        await inStore((tx) =>
          tx.selectFrom('customers').select('id').where('store_id', '=', store.storeId).where('name', '=', '欧阳封存').execute(),
        ),
      ).toHaveLength(1);
    });

    it('are gone when the import is cancelled, and after a week in which nobody imported them', async () => {
      const { imports } = admin.client;
      const cancelled = await send();
      await imports.cancel.mutate({ importId: cancelled });
      expect((await kept(cancelled)).sealed).toBeNull();

      const [uploadedOnly, tried, fresh] = [await send(), await send(), await send()];
      await imports.start.mutate({ importId: tried, dryRun: true });
      await run(tried);
      const age = (importId: ImportId, days: number, column: 'created_at' | 'finished_at') =>
        inStore((tx) =>
          tx
            .updateTable('imports')
            .set({ [column]: addHours(now(), -24 * days) })
            .where('store_id', '=', store.storeId)
            .where('id', '=', importId)
            .execute(),
        );
      await age(uploadedOnly, 8, 'created_at');
      await age(tried, 9, 'created_at');
      await age(tried, 8, 'finished_at');
      await age(fresh, 6, 'created_at');
      await forgetUnusedUploads.run(server.platform);
      await forgetUnusedUploads.run(server.platform);
      for (const importId of [uploadedOnly, tried]) {
        expect((await kept(importId)).sealed).toBeNull();
        expect(await imports.get.query({ importId })).toMatchObject({ status: 'cancelled', failure: 'imports.files_gone' });
        expect(await codeOf(imports.start.mutate({ importId }))).toBe('imports.files_gone');
        expect(await codeOf(imports.sample.query({ importId, position: 0 }))).toBe('imports.files_gone');
        const [entry, ...more] = await inStore((tx) => listEntries(tx, store.storeId, { entity: 'imports', entityId: importId, limit: 9 }));
        expect(entry).toMatchObject({ action: 'imports.forget', actorId: null });
        expect(more.map(({ action }) => action)).not.toContain('imports.forget');
      }
      expect((await kept(fresh)).sealed).not.toBeNull();
      expect(await imports.get.query({ importId: fresh })).toMatchObject({ status: 'uploaded', failure: null });
    });
  });

  it('cancels what has not begun', async () => {
    const importId = await uploaded(['潜客登记.csv']);
    expect(await admin.client.imports.cancel.mutate({ importId })).toMatchObject({ status: 'cancelled' });
    expect(await codeOf(admin.client.imports.cancel.mutate({ importId }))).toBe('imports.not_running');
  });

  it('refuses the signed-out, those without the right, and the other store', async () => {
    const importId = await uploaded(['潜客登记.csv']);
    expect((await upload('', ['潜客登记.csv'])).status).toBe(401);
    expect((await upload(follower.cookie, ['潜客登记.csv'])).status).toBe(403);
    expect(await codeOf(server.anonymous.imports.get.query({ importId }))).toBe('access.signed_out');
    expect(await codeOf(follower.client.imports.start.mutate({ importId }))).toBe('access.forbidden');
    const calls = [
      stranger.client.imports.get.query({ importId }),
      stranger.client.imports.sample.query({ importId, position: 0 }),
      stranger.client.imports.map.mutate({ importId, position: 0, kind: 'leads', columns: [null] }),
      stranger.client.imports.start.mutate({ importId }),
      stranger.client.imports.cancel.mutate({ importId }),
      stranger.client.imports.undo.mutate({ importId }),
      stranger.client.imports.rows.query({ importId, position: 0 }),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'platform.not_found'));
    expect(
      (await fetch(`${server.url}/imports/${importId}/files/0/corrections.xlsx`, { headers: { cookie: stranger.cookie } })).status,
    ).toBe(404);
  });

  it('refuses a file that cannot be read, in words', async () => {
    const response = await upload(admin.cookie, ['broken.xlsx'], Buffer.from('PK\u0003\u0004 nothing'));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'imports.not_a_workbook' });
  });
});

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportMode } from '@baoke/core/imports';
import type { CustomerId, GroupId, ImportId, Instant, StoreId, TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { metresPerDay, type MileageReading } from '@baoke/core/vehicles';
import { createPool, inTransaction, type Pool } from '@baoke/db';
import { updateImport } from '@baoke/db/imports';
import { insertServiceCategories, insertStore } from '@baoke/db/stores';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultOf } from '../customers/id-numbers.ts';
import { newId } from '../ids.ts';
import { writeCorrectionWorkbook } from './correction-workbook.ts';
import { LeftOff, runImport, type ImportEnvironment, type ImportReport } from './run-import.ts';
import { BUSINESS_TABLES, exportFolders, manifestOf, wholeStore, type ExportFolder, type Manifest } from './testing.ts';
import { undoImport } from './undo-import.ts';
import { COLUMNS } from './merge-rows.ts';

let database: TestDatabase;
let superuser: Pool;
let made = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  superuser = createPool({ url: database.superuserUrl, max: 2 });
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});

type Visit = Readonly<Record<'id' | 'order_no' | 'arrived_on' | 'settled_on', string>>;

const NOW = '2026-11-22T02:00:00.000Z' as Instant;
function environment(): ImportEnvironment {
  return { pool: database.pool, now: () => NOW, newId, openVault: null };
}

async function aStore(): Promise<StoreId> {
  made += 1;
  const code = `S${made}`;
  const { rows } = await superuser.query<{ id: number }>(`insert into groups (code, name) values ($1, $1) returning id`, [code]);
  const groupId = rows[0]?.id as GroupId;
  const storeId = await inTransaction(database.pool, {}, (tx) =>
    insertStore(tx, { groupId, code, name: code, zone: 'Asia/Shanghai' as TimeZone, plateProvince: '苏', areaCode: '0512' }, NOW),
  );
  await inTransaction(database.pool, { storeId }, (tx) => insertServiceCategories(tx, storeId, SERVICE_CATEGORIES));
  return storeId;
}

function filesOf(folder: ExportFolder, names = manifestOf(folder).combined.order) {
  return names.map((name) => ({ name, path: join(folder.path, name) }));
}

function importInto(
  storeId: StoreId,
  folder: ExportFolder,
  options: { mode?: ImportMode; dryRun?: boolean; names?: readonly string[] } = {},
): Promise<ImportReport> {
  return runImport(environment(), {
    storeId,
    staffId: null,
    actorName: 'tests',
    mode: options.mode ?? 'upsert',
    dryRun: options.dryRun ?? false,
    files: filesOf(folder, options.names),
  });
}

async function count(storeId: StoreId, text: string): Promise<number> {
  const { rows } = await superuser.query<{ n: string }>(text, [storeId]);
  return Number(rows[0]?.n);
}

/** How many records of each sort the store has, none of which mode update may make. */
async function counts(storeId: StoreId): Promise<Record<string, number>> {
  const tables = ['customers', 'vehicles', 'service_visits', 'orders', 'leads', 'staff', 'service_categories'];
  return Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [table, await count(storeId, `select count(*) as n from ${table} where store_id = $1`)] as const),
    ),
  );
}

/** One value for all that the business sees in the store: equal before and after exactly when nothing changed. */
async function storeHash(storeId: StoreId): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of BUSINESS_TABLES) {
    const { rows } = await superuser.query<{ hash: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5((to_jsonb(t) - 'updated_at')::text), '' order by md5((to_jsonb(t) - 'updated_at')::text))), '') as hash from ${table} t where store_id = $1
       ${table === 'service_day_counts' ? 'and (visits <> 0 or received_fen <> 0)' : ''}`,
      [storeId],
    );
    hashes[table] = rows[0]?.hash ?? '';
  }
  return hashes;
}

/** The records of a store without what differs from run to run: ids stand for the names they belong to. */
async function businessHash(storeId: StoreId): Promise<Record<string, string>> {
  const { rows: names } = await superuser.query<{ id: string; name: string }>(
    `select id, 'customer ' || name || ' ' || coalesce((select e164 from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id and rank = 1), '') as name from customers c where store_id = $1
     union all select id, 'vehicle ' || coalesce(vin, '') || ' ' || coalesce(plate, '') from vehicles where store_id = $1
     union all select id, 'staff ' || name from staff where store_id = $1`,
    [storeId],
  );
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  const hashes: Record<string, string> = {};
  for (const table of BUSINESS_TABLES) {
    const { rows } = await superuser.query<{ row: string }>(
      `select (to_jsonb(t) - '{store_id,created_at,updated_at}'::text[])::text as row from ${table} t where store_id = $1`,
      [storeId],
    );
    const told = rows.map(({ row }) => row.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => nameOf.get(id) ?? 'id')).sort();
    hashes[table] = `${told.length} ${createHash('sha256').update(told.join('\n')).digest('hex')}`;
  }
  return hashes;
}

async function expectManifest(storeId: StoreId, manifest: Manifest): Promise<void> {
  const { service, combined } = manifest;
  const sales = manifest.files['销售台账.xlsx']!;
  const leads = manifest.files['潜客登记.csv']!;
  const { rows } = await superuser.query<{ name: string; n: string }>(
    `select c.name_zh as name, count(*) as n from service_visits v join service_categories c using (store_id) where c.code = v.category and v.store_id = $1 and not v.is_refund group by 1`,
    [storeId],
  );
  expect(Object.fromEntries(rows.map((row) => [row.name, Number(row.n)]))).toEqual(service.byCategory);
  expect({
    customers: await count(storeId, 'select count(*) as n from customers where store_id = $1'),
    companies: await count(storeId, `select count(*) as n from customers where store_id = $1 and kind = 'company'`),
    vehicles: await count(storeId, 'select count(*) as n from vehicles where store_id = $1'),
    visits: await count(storeId, 'select count(*) as n from service_visits where store_id = $1 and not is_refund'),
    refunds: await count(storeId, 'select count(*) as n from service_visits where store_id = $1 and is_refund'),
    open: await count(storeId, `select count(*) as n from service_visits where store_id = $1 and state = 'open'`),
    received: await count(storeId, 'select sum(received_fen) as n from service_visits where store_id = $1'),
    receivedByDay: await count(storeId, 'select sum(received_fen) as n from service_day_counts where store_id = $1'),
    orders: await count(storeId, 'select count(*) as n from orders where store_id = $1'),
    openOrders: await count(storeId, `select count(*) as n from orders where store_id = $1 and state = 'open'`),
    deals: await count(storeId, 'select sum(price_fen) as n from orders where store_id = $1'),
    leads: await count(storeId, 'select count(*) as n from leads where store_id = $1'),
    storeItself: await count(storeId, 'select count(*) as n from customers where store_id = $1 and is_store_itself'),
    ownersWithoutPeriod: await count(
      storeId,
      'select count(*) as n from vehicles v where store_id = $1 and owner_id is not null and not exists (select from ownerships o where o.store_id = v.store_id and o.vehicle_id = v.id and o.customer_id = v.owner_id and o.to_on is null)',
    ),
  }).toEqual({
    customers: combined.customersAfterEach.at(-1),
    companies: combined.companies,
    vehicles: combined.vehiclesAfterEach.at(-1),
    visits: service.visits,
    refunds: service.refunds,
    open: service.openWorkOrders,
    received: service.receivedFen,
    receivedByDay: service.receivedFen,
    orders: sales.expected.orders,
    openOrders: sales.expected.openOrders,
    deals: sales.dealFen,
    leads: leads.expected.leads,
    storeItself: 1,
    ownersWithoutPeriod: 0,
  });
  for (const week of service.weeks) {
    const { rows: days } = await superuser.query<{ n: string }>(
      'select coalesce(sum(visits), 0) as n from service_day_counts where store_id = $1 and day between $2 and $3',
      [storeId, week.from, week.to],
    );
    expect({ week: week.week, visits: Number(days[0]?.n) }).toEqual({ week: week.week, visits: week.total });
  }
}

describe.each(exportFolders())('importing $name', { timeout: 240_000 }, (folder) => {
  const manifest = manifestOf(folder);
  let storeId: StoreId;
  let first: ImportReport;

  it('brings out every figure of the manifest', async () => {
    storeId = await aStore();
    first = await importInto(storeId, folder);
    for (const file of first.files) {
      const { rows, rejected } = manifest.files[file.file]!;
      expect({
        file: file.file,
        rows: file.rows,
        clean: file.clean,
        recovered: file.recovered,
        warned: file.warned,
        duplicate: file.duplicate,
        rejected: file.rejected,
      }).toEqual({
        file: file.file,
        rows: rows.total,
        clean: rows.clean,
        recovered: rows.recoverable,
        warned: rows.warned,
        duplicate: rows.duplicate,
        rejected: rows.rejected,
      });
      expect(file.rejections.map(({ row, column, reason }) => ({ row, column, reason }))).toEqual(
        rejected.map(({ row, column, reason }) => ({ row, column, reason })),
      );
      expect(file.created + file.updated + file.unchanged).toBe(file.clean + file.recovered + file.warned);
    }
    await expectManifest(storeId, manifest);
  });

  it('gives cars with readings of two days their daily habit, so that some come due by distance (VEH-05)', async () => {
    const { rows } = await superuser.query<{ readings: MileageReading[]; habit: number | null; by_distance: boolean }>(
      `select json_agg(json_build_object('readOn', m.read_on, 'mileageKm', m.mileage_km, 'source', m.source, 'doubtful', m.doubtful)) as readings, v.metres_per_day as habit,
         coalesce(v.maintenance_due_on < v.last_maintenance_on + interval '6 months', false) and v.next_service_on is null and v.next_service_km is null as by_distance
       from vehicles v join mileage_readings m on m.store_id = v.store_id and m.vehicle_id = v.id where v.store_id = $1 group by v.store_id, v.id`,
      [storeId],
    );
    expect(rows.filter(({ readings, habit }) => habit !== metresPerDay(readings))).toEqual([]);
    expect(rows.filter(({ habit }) => habit !== null).length).toBeGreaterThan(rows.length / 4);
    // The variant's few cars all drive little.
    if (folder.name === 'dms-export-small') expect(rows.filter((row) => row.by_distance).length).toBeGreaterThan(0);
  });

  it('has told the next maintenance at the last service of its file, and none that was made already', async () => {
    const { rows } = await superuser.query<{ cars: number; elsewhere: number; stale: number; spent: number }>(
      `select count(*)::integer as cars,
         (count(*) filter (where next_told_on <> coalesce((imported #>> '{said,customers,last_service_on}')::date, '2026-11-22')))::integer as elsewhere,
         (count(*) filter (where next_service_on <= last_maintenance_on and maintenance_due_on = next_service_on))::integer as stale,
         (count(*) filter (where last_maintenance_on > next_told_on))::integer as spent
       from vehicles where store_id = $1 and (next_service_on is not null or next_service_km is not null)`,
      [storeId],
    );
    expect(rows).toMatchObject([{ elsewhere: 0, stale: 0, spent: 0 }]);
    expect(rows[0]?.cars).toBeGreaterThan(100);
  });

  it('makes as many customers and vehicles after each file', async () => {
    if (folder.name === wholeStore()?.name) return;
    const slowly = await aStore();
    const customers: number[] = [];
    const vehicles: number[] = [];
    for (const name of manifest.combined.order) {
      await importInto(slowly, folder, { names: [name] });
      customers.push(await count(slowly, 'select count(*) as n from customers where store_id = $1'));
      vehicles.push(await count(slowly, 'select count(*) as n from vehicles where store_id = $1'));
    }
    expect({ customers, vehicles }).toEqual({
      customers: manifest.combined.customersAfterEach,
      vehicles: manifest.combined.vehiclesAfterEach,
    });
  });

  it('changes nothing the second time', async () => {
    const before = await storeHash(storeId);
    const second = await importInto(storeId, folder);
    expect(second.files.map(({ file, created, updated }) => ({ file, created, updated }))).toEqual(
      first.files.map(({ file }) => ({ file, created: 0, updated: 0 })),
    );
    expect(
      second.files.map(({ clean, recovered, warned, duplicate, rejected }) => [clean, recovered, warned, duplicate, rejected]),
    ).toEqual(first.files.map(({ clean, recovered, warned, duplicate, rejected }) => [clean, recovered, warned, duplicate, rejected]));
    expect(await storeHash(storeId)).toEqual(before);
  });

  it('writes nothing in a dry run, and says what would be made', async () => {
    const dry = await aStore();
    const before = await storeHash(dry);
    const report = await importInto(dry, folder, { dryRun: true });
    expect(report.files.map(({ created, unchanged }) => ({ created, unchanged }))).toEqual(
      first.files
        .map(({ created, unchanged, updated }) => ({ created, unchanged: unchanged + updated }))
        .map((file, at) => ({ ...file, unchanged: report.files[at]?.unchanged })),
    );
    expect(await storeHash(dry)).toEqual(before);
  });

  it('takes everything back', async () => {
    const empty = await aStore();
    const before = await storeHash(empty);
    const { importId } = await importInto(empty, folder);
    const undone = await undoImport(environment(), empty, importId, 'undone', async () => {});
    expect(undone.kept).toBe(0);
    expect(await storeHash(empty)).toEqual(before);
  });
});

describe('what people have changed', { timeout: 120_000 }, () => {
  const [small] = exportFolders();
  const folder = small!;

  it('stands: the hand wins over the file, and the row says so', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    await superuser.query(`update customers set address = '由顾问改过' where store_id = $1 and name = '徐世振'`, [storeId]);
    await superuser.query(
      `update customers set imported = jsonb_set(imported, '{said,customers,address}', '"旧的"') where store_id = $1 and name = '徐世振'`,
      [storeId],
    );
    const again = await importInto(storeId, folder);
    expect(await count(storeId, `select count(*) as n from customers where store_id = $1 and address = '由顾问改过'`)).toBe(1);
    const customers = again.files.find((file) => file.kind === 'customers');
    expect(customers?.warned).toBe(manifestOf(folder).files['客户资料.xlsx']!.rows.warned + 1);
  });

  it('stands in a visit too, column by column', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const imported = async () =>
      (
        await superuser.query<{ id: string; imported: unknown; team: string }>(
          `select id, imported, team from service_visits where store_id = $1 and team is not null and received_fen > 0 order by order_no limit 1`,
          [storeId],
        )
      ).rows[0]!;
    const visit = await imported();
    expect(visit.imported).toBe('service');
    await superuser.query(`update service_visits set team = '由顾问改过' where id = $1`, [visit.id]);
    const { said } = (await imported()).imported as { said: { service: Record<string, unknown> } };
    expect(said.service).toMatchObject({ team: visit.team, is_refund: false });
    const { files } = await importInto(storeId, folder);
    expect(files.map(({ created, updated }) => created + updated)).toEqual(files.map(() => 0));
    // A file that says something else of both columns changes the one nobody has touched.
    await superuser.query(
      `update service_visits set received_fen = 1, imported = jsonb_set(jsonb_set(imported, '{said,service,team}', '"旧的"'), '{said,service,received_fen}', '1') where id = $1`,
      [visit.id],
    );
    const again = await importInto(storeId, folder);
    const service = again.files.find((file) => file.kind === 'service')!;
    expect({ updated: service.updated, warned: service.warned }).toEqual({
      updated: 1,
      warned: files.find((file) => file.kind === 'service')!.warned + 1,
    });
    expect((await imported()).team).toBe('由顾问改过');
  });

  it('is noticed in every column of a visit that an import fills', async () => {
    const { rows } = await superuser.query<{ definition: string; trigger: string }>(
      `select pg_get_functiondef(tgfoid) as definition, pg_get_triggerdef(oid) as trigger from pg_trigger where tgname = 'service_visits_remember'`,
    );
    const { definition, trigger } = rows[0]!;
    expect([...definition.matchAll(/'(\w+)', old\.\1\b/g)].map(([, column]) => column).toSorted()).toEqual(
      COLUMNS.service_visits.toSorted(),
    );
    expect(COLUMNS.service_visits.filter((column) => !trigger.includes(`old.${column}`) || !trigger.includes(`new.${column}`))).toEqual([]);
  });

  it('stands in a visit when the import that changed it is undone', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const before = await storeHash(storeId);
    const { rows } = await superuser.query<{ id: string; received_fen: string; team: string }>(
      `update service_visits set received_fen = 1, team = '改', imported = jsonb_build_object('said', jsonb_build_object('service', jsonb_strip_nulls(to_jsonb(v)
        - '{store_id,id,money_on,imported,version,created_at,updated_at,remark,handed_back_at}'::text[] || '{"received_fen":1,"team":"改"}')))
       from (select * from service_visits where store_id = $1 and team is not null and received_fen > 1 order by order_no limit 1) v
       where service_visits.id = v.id returning v.id, v.received_fen, v.team`,
      [storeId],
    );
    const visit = rows[0]!;
    const second = await importInto(storeId, folder);
    expect(second.files.find((file) => file.kind === 'service')?.updated).toBe(1);
    await superuser.query(`update service_visits set team = '由顾问改过' where id = $1`, [visit.id]);
    await undoImport(environment(), storeId, second.importId, 'undone', async () => {});
    const stands = await superuser.query<{ received_fen: string; team: string; imported: { said: { service: { team: string } } } }>(
      'select received_fen, team, imported from service_visits where id = $1',
      [visit.id],
    );
    expect(stands.rows[0]).toMatchObject({ received_fen: 1, team: '由顾问改过', imported: { said: { service: { team: '改' } } } });
    await superuser.query(`update service_visits set received_fen = $2, team = $3, imported = '"service"', version = 1 where id = $1`, [
      visit.id,
      visit.received_fen,
      visit.team,
    ]);
    expect((await storeHash(storeId))['service_visits']).toBe(before['service_visits']);
  });

  it('stands when an import is undone, with what it hangs on', async () => {
    const storeId = await aStore();
    const { importId } = await importInto(storeId, folder, { names: ['客户资料.xlsx'] });
    await superuser.query(
      `insert into contact_persons (store_id, id, customer_id, name) select store_id, gen_random_uuid(), id, '驾驶员' from customers where store_id = $1 and name = '徐世振'`,
      [storeId],
    );
    const undone = await undoImport(environment(), storeId, importId, 'undone', async () => {});
    expect(undone.kept).toBeGreaterThanOrEqual(1);
    expect(await count(storeId, 'select count(*) as n from customers where store_id = $1')).toBe(1);
  });

  it('goes back to what it was when a second import is undone', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder, { names: ['客户资料.xlsx'] });
    const before = await storeHash(storeId);
    const second = await importInto(storeId, folder, { names: ['维修记录.csv', '销售台账.xlsx'] });
    expect(await storeHash(storeId)).not.toEqual(before);
    await undoImport(environment(), storeId, second.importId, 'undone', async () => {});
    const after = await storeHash(storeId);
    // Versions count on; what the business sees is what it was.
    const { customers: _c, vehicles: _v, ...others } = after;
    const { customers: _bc, vehicles: _bv, ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
  });
});

describe('running an import', { timeout: 120_000 }, () => {
  const [small] = exportFolders();
  const folder = small!;

  it('is taken back from a journal that names each row beside its key, as it once did', async () => {
    const storeId = await aStore();
    const { importId } = await importInto(storeId, folder);
    await superuser.query(
      `update import_changes set entries = jsonb_build_object('made', (select jsonb_agg(jsonb_build_object('entityId', id, 'key', null)) from jsonb_array_elements(entries -> 'made') as id))
       where store_id = $1 and entries ? 'made'`,
      [storeId],
    );
    const undone = await undoImport(environment(), storeId, importId, 'undone', async () => {});
    expect(undone.kept).toBe(0);
    expect(await count(storeId, 'select count(*) as n from customers where store_id = $1')).toBe(0);
  });

  it('takes the files in their own order and reports what it does not know', async () => {
    const storeId = await aStore();
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      await writeFile(join(place, 'prices.csv'), '配件,单价\n机油,100\n');
      const files = [
        { name: 'prices.csv', path: join(place, 'prices.csv') },
        { name: 'gone.csv', path: join(place, 'gone.csv') },
        ...filesOf(folder).toReversed(),
      ];
      const report = await runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files });
      expect(report.files.map(({ file, refusal }) => [file, refusal])).toEqual([
        ['prices.csv', 'imports.unknown_file'],
        ['gone.csv', 'imports.file_missing'],
        ['潜客登记.csv', null],
        ['维修记录.csv', null],
        ['销售台账.xlsx', null],
        ['客户资料.xlsx', null],
      ]);
      await expectManifest(storeId, manifestOf(folder));
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('undoes what it has written when it is cancelled', async () => {
    const storeId = await aStore();
    const before = await storeHash(storeId);
    let id: ImportId | undefined;
    const env: ImportEnvironment = { ...environment(), newId: (() => newId()) as ImportEnvironment['newId'] };
    const importing = runImport(
      {
        ...env,
        onProgress: ({ file, phase }) => {
          if (file === '维修记录.csv' && phase === 'writing') asked = cancel();
        },
      },
      { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files: filesOf(folder) },
    );
    let asked: Promise<void> = Promise.resolve();
    async function cancel(): Promise<void> {
      const { rows } = await superuser.query<{ id: ImportId }>('select id from imports where store_id = $1', [storeId]);
      id = rows[0]?.id;
      await inTransaction(database.pool, { storeId }, (tx) => updateImport(tx, storeId, id!, { cancelRequested: true }));
    }
    const report = await importing;
    await asked;
    expect(report.status).toBe('cancelled');
    expect(await storeHash(storeId)).toEqual(before);
  });

  it('imports the correction workbook cleanly once it is corrected', async () => {
    const storeId = await aStore();
    const report = await importInto(storeId, folder, { names: ['销售台账.xlsx'] });
    const [file] = report.files;
    const phoneAt = file!.headers.indexOf('联系电话');
    const nameAt = file!.headers.indexOf('客户姓名');
    const dateAt = file!.headers.indexOf('订单日期');
    const corrected = file!.refused.map(({ row, cells, reason }, at) => ({
      row,
      reason,
      cells: cells.map((cell, column) =>
        column === phoneAt
          ? `1380000000${at}`
          : column === nameAt
            ? `改${'甲乙丙丁戊己'.charAt(at)}`
            : column === dateAt
              ? '2026-01-02'
              : cell,
      ),
    }));
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      const path = join(place, '更正.xlsx');
      await writeFile(
        path,
        await writeCorrectionWorkbook({
          sheet: '销售台账',
          headers: file!.headers,
          types: file!.types,
          words: { row: '原行号', reason: '退回原因' },
          rows: corrected,
        }),
      );
      const again = await runImport(environment(), {
        storeId,
        staffId: null,
        actorName: 'tests',
        mode: 'upsert',
        dryRun: false,
        files: [{ name: '更正.xlsx', path }],
      });
      expect(again.files.map(({ kind, rows, rejected, created }) => ({ kind, rows, rejected, created }))).toEqual([
        { kind: 'sales', rows: 6, rejected: 0, created: 6 },
      ]);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('is finished by running it again after it broke off', async () => {
    const storeId = await aStore();
    const importId = newId<ImportId>();
    const request = { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files: filesOf(folder) } as const;
    const breaking: ImportEnvironment = {
      ...environment(),
      newId: (() => (id === undefined ? (id = importId) : newId())) as ImportEnvironment['newId'],
      onProgress: ({ file, phase }) => {
        if (file === '维修记录.csv' && phase === 'writing') throw new Error('the lights went out');
      },
    };
    let id: ImportId | undefined;
    await expect(runImport(breaking, request)).rejects.toThrow('the lights went out');
    expect(await count(storeId, 'select count(*) as n from service_visits where store_id = $1')).toBe(0);
    const rest = await runImport(environment(), { ...request, importId });
    expect(rest.files.map(({ file }) => file)).toEqual(['维修记录.csv', '潜客登记.csv']);
    await expectManifest(storeId, manifestOf(folder));
  });

  it('leaves off when asked to, as one that is still to be run, and goes on from there', async () => {
    const storeId = await aStore();
    const request = { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files: filesOf(folder) } as const;
    const leaving = new AbortController();
    const env: ImportEnvironment = {
      ...environment(),
      leaveOff: leaving.signal,
      onProgress: ({ file, phase }) => {
        if (file === '维修记录.csv' && phase === 'writing') leaving.abort();
      },
    };
    await expect(runImport(env, request)).rejects.toThrow(LeftOff);
    const { rows } = await superuser.query<{ id: ImportId; status: string; failure: string | null }>(
      'select id, status, failure from imports where store_id = $1',
      [storeId],
    );
    expect(rows).toEqual([{ id: expect.any(String), status: 'running', failure: null }]);
    expect(await count(storeId, 'select count(*) as n from service_visits where store_id = $1')).toBe(0);
    const rest = await runImport(environment(), { ...request, importId: rows[0]!.id });
    expect(rest.files.map(({ file }) => file)).toEqual(['维修记录.csv', '潜客登记.csv']);
    await expectManifest(storeId, manifestOf(folder));
  });

  it('comes to the same records as a clean run, wherever it breaks off and however often', { timeout: 240_000 }, async () => {
    const clean = await aStore();
    let points = 0;
    const counting = { ...environment(), onProgress: () => (points += 1), onStep: () => (points += 1) };
    const request = { staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files: filesOf(folder) } as const;
    await runImport(counting, { ...request, storeId: clean });
    const broken = await aStore();
    const importId = newId<ImportId>();
    let broke = 0;
    // Each attempt gets a little further into what the one before has left.
    for (let at = 1; at <= points; at += 2) {
      let left = at;
      const pass = () => {
        left -= 1;
        if (left === 0) throw new Error('the lights went out');
      };
      let first = at === 1;
      const env: ImportEnvironment = {
        ...environment(),
        newId: (() => (first ? ((first = false), importId) : newId())) as ImportEnvironment['newId'],
        onProgress: pass,
        onStep: pass,
      };
      const done = await runImport(env, { ...request, storeId: broken, ...(at === 1 ? {} : { importId }) }).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('the lights went out');
          return false;
        },
      );
      if (done) break;
      broke += 1;
    }
    expect(points).toBeGreaterThan(30);
    expect(broke).toBeGreaterThan(6);
    expect(await businessHash(broken)).toEqual(await businessHash(clean));
    await expectManifest(broken, manifestOf(folder));
  });

  it('keeps ID numbers encrypted and nowhere else, and says on what basis', async () => {
    const storeId = await aStore();
    const vault = vaultOf(Buffer.alloc(32, 7));
    const openVault = () => Promise.resolve(vault);
    const files = filesOf(folder);
    const { importId } = await runImport(
      { ...environment(), openVault },
      { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files },
    );
    const { rows: kept } = await superuser.query<{ id: CustomerId; cipher: Buffer; tail: string; seen: Buffer }>(
      'select id, id_number_cipher as cipher, id_number_tail as tail, id_number_index as seen from customers where store_id = $1 and id_number_cipher is not null',
      [storeId],
    );
    const numbers = kept.map(({ id, cipher }) => vault.open(storeId, id, cipher));
    expect(numbers.length).toBeGreaterThan(20);
    expect(kept.map(({ tail }) => tail)).toEqual(numbers.map((number) => number.slice(-4)));
    expect(kept.map(({ seen }) => seen)).toEqual(numbers.map((number) => vault.index(storeId, number)));
    const { rows: basis } = await superuser.query<{ name: string; basis: string; numbers: number }>(
      'select name, basis, id_numbers as numbers from import_files where store_id = $1 and import_id = $2 order by position',
      [storeId, importId],
    );
    expect(basis.map((file) => file.basis)).toEqual(['contract', 'contract', 'contract', 'contract']);
    expect(basis.find((file) => file.name === '销售台账.xlsx')?.numbers).toBe(numbers.length);
    // Every table, as text: neither a number that was kept nor one that stands in a refused or doubtful row.
    const { rows: tables } = await superuser.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.columns where column_name = 'store_id' and table_schema = 'public'`,
    );
    for (const { name } of tables) {
      const { rows: found } = await superuser.query<{ text: string }>(`select t::text as text from ${name} t where store_id = $1`, [
        storeId,
      ]);
      const all = found.map((row) => row.text).join('\n');
      expect({ name, plain: numbers.filter((number) => all.includes(number)) }).toEqual({ name, plain: [] });
      expect({ name, plain: all.match(/(?<!\d)3298\d{13}[\dXx](?!\d)/g) }).toEqual({ name, plain: null });
    }
  });

  it('leaves out the ID number of a customer who has taken back his consent, says so, and takes the row', async () => {
    const storeId = await aStore();
    const vault = vaultOf(Buffer.alloc(32, 7));
    const env = { ...environment(), openVault: () => Promise.resolve(vault) };
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      const path = join(place, '销售台账.csv');
      const write = (idNumber: string, model: string) =>
        writeFile(
          path,
          `客户姓名,联系电话,订单日期,交车日期,车架号,车型,证件号码\n王撤回,13800001111,2026-05-01,2026-05-02,LSGKE54H9HW012345,${model},${idNumber}\n`,
        );
      const told = async (dryRun = false) => {
        const request = {
          storeId,
          staffId: null,
          actorName: 'tests',
          mode: 'upsert',
          dryRun,
          files: [{ name: '销售台账.csv', path }],
        } as const;
        const { importId, files } = await runImport(env, request);
        const { rows } = await superuser.query<{ findings: object; raw: unknown }>(
          'select findings, raw from import_rows where store_id = $1 and import_id = $2',
          [storeId, importId],
        );
        const { clean, warned, updated } = files[0]!;
        return { clean, warned, updated, rows };
      };
      const tail = async () =>
        (await superuser.query<{ tail: string | null }>('select id_number_tail as tail from customers where store_id = $1', [storeId]))
          .rows[0]?.tail;
      await write('', '别克 君越');
      expect(await told()).toMatchObject({ clean: 1, warned: 0 });
      const consent = (granted: boolean, at: string) =>
        superuser.query(
          `insert into consents (store_id, id, customer_id, purpose, channel, granted, source, at) select store_id, $2, id, 'identity', 'none', $3, 'staff_entry', $4 from customers where store_id = $1`,
          [storeId, newId(), granted, at],
        );
      await consent(true, '2026-06-01T00:00Z');
      await consent(false, '2026-07-01T00:00Z');
      await write('11010519491231002X', '别克 昂科威');
      const withheld = {
        clean: 0,
        warned: 1,
        updated: 1,
        rows: [{ findings: [{ severity: 'warned', code: 'id_withdrawn', field: 'idNumber' }], raw: null }],
      };
      expect(await told(true)).toEqual(withheld);
      expect(await told()).toEqual(withheld);
      expect(await tail()).toBeNull();
      await consent(true, '2026-08-01T00:00Z');
      expect(await told()).toMatchObject({ clean: 1, warned: 0 });
      expect(await tail()).toBe('002X');
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('stands in the audit log with its beginning, its end and its undoing', async () => {
    const storeId = await aStore();
    const request = {
      storeId,
      staffId: null,
      actorName: 'baoke import',
      mode: 'upsert',
      dryRun: false,
      files: filesOf(folder, ['销售台账.xlsx']),
    } as const;
    const { importId } = await runImport(environment(), request);
    const { rows } = await superuser.query<{
      action: string;
      actor_kind: string;
      actor_name: string;
      after: { files: { created: number }[] };
    }>('select action, actor_kind, actor_name, after from audit_entries where store_id = $1 and entity_id = $2 order by id', [
      storeId,
      importId,
    ]);
    expect(rows.map(({ action, actor_kind, actor_name }) => [action, actor_kind, actor_name])).toEqual([
      ['imports.start', 'system', 'baoke import'],
      ['imports.finish', 'system', 'baoke import'],
    ]);
    expect(rows[1]?.after.files[0]?.created).toBe(manifestOf(folder).files['销售台账.xlsx']!.expected.orders);
    const undone: number[] = [];
    await undoImport(environment(), storeId, importId, 'undone', async (_tx, { removed }) => void undone.push(removed));
    expect(undone[0]).toBeGreaterThan(0);
  });

  it('adds only in mode create, and changes only in mode update', async () => {
    const storeId = await aStore();
    const nothing = await importInto(storeId, folder, { mode: 'update' });
    expect(nothing.files.map((file) => file.created)).toEqual([0, 0, 0, 0]);
    expect(await count(storeId, 'select count(*) as n from customers where store_id = $1')).toBe(0);
    await importInto(storeId, folder, { mode: 'create' });
    await superuser.query(`update customers set address = null where store_id = $1`, [storeId]);
    const again = await importInto(storeId, folder, { mode: 'create' });
    expect(again.files.map((file) => [file.created, file.updated])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await count(storeId, 'select count(address) as n from customers where store_id = $1')).toBe(0);
  });

  it('fills in mode create what earlier files of the same import made, as far as mode upsert does', async () => {
    const [whole, created] = [await aStore(), await aStore()];
    await importInto(whole, folder);
    const dry = await importInto(created, folder, { mode: 'create', dryRun: true });
    const report = await importInto(created, folder, { mode: 'create' });
    await expectManifest(created, manifestOf(folder));
    const effects = ({ files }: ImportReport) => files.map((one) => [one.file, one.created, one.updated, one.unchanged]);
    expect(effects(dry)).toEqual(effects(report));
    const facts = (storeId: StoreId) =>
      Promise.all(
        [
          'customers where last_visit_on is not null',
          'customers where first_delivered_on is not null',
          'vehicles where delivered_on is not null',
          'mileage_readings where true',
          'insurance_policies where true',
          'customer_phones where true',
        ].map((of) => count(storeId, `select count(*) as n from ${of} and store_id = $1`)),
      );
    expect(await facts(created)).toEqual(await facts(whole));
  });

  it('moves in mode create the last visit of whoever was on file, and nothing else of him', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const { rows } = await superuser.query<{ id: string; vin: string; name: string; on: string }>(
      `select c.id, v.vin, c.name, c.last_visit_on::text as on from vehicles v join customers c on (c.store_id, c.id) = (v.store_id, v.owner_id)
       where v.store_id = $1 and v.vin_check = 'valid' and c.last_visit_on < '2026-11-20' order by c.last_visit_on desc, c.id limit 1`,
      [storeId],
    );
    const { id, vin, name } = rows[0]!;
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      const path = join(place, '维修记录.csv');
      await writeFile(path, `工单号,客户姓名,车架号,进厂日期,维修类别\nNEU-1,${name},${vin},2026-11-20,保养\n`);
      const files = [{ name: '维修记录.csv', path }];
      const report = await runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode: 'create', dryRun: false, files });
      expect(report.files[0]).toMatchObject({ created: 1, updated: 0 });
      const { rows: after } = await superuser.query(`select last_visit_on::text as on from customers where store_id = $1 and id = $2`, [
        storeId,
        id,
      ]);
      expect(after).toEqual([{ on: '2026-11-20' }]);
      await undoImport(environment(), storeId, report.importId, 'undone', async () => {});
      const { rows: back } = await superuser.query(`select last_visit_on::text as on from customers where store_id = $1 and id = $2`, [
        storeId,
        id,
      ]);
      expect(back).toEqual([{ on: rows[0]!.on }]);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  describe('what follows from records', () => {
    const SALES = '客户姓名,联系电话,订单日期,交车日期,车架号,车型';
    const FIRST = '两车甲,13900004101,2024-10-01,2024-10-18,LSGKE54H7HW012345,别克 君越';
    const SECOND = '两车甲,13900004101,2025-01-02,2025-01-14,LSGKE54H8HW012340,别克 君威';
    let place: string;
    beforeAll(async () => {
      place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    });
    afterAll(() => rm(place, { recursive: true, force: true }));

    async function take(storeId: StoreId, name: string, lines: readonly string[], options: { mode?: ImportMode; dryRun?: boolean } = {}) {
      const path = join(place, name);
      await writeFile(path, `${lines.join('\n')}\n`);
      const { mode = 'upsert', dryRun = false } = options;
      return runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode, dryRun, files: [{ name, path }] });
    }
    const effects = ({ files }: ImportReport) => files.map(({ created, updated, unchanged }) => [created, updated, unchanged]);
    async function seen(storeId: StoreId) {
      const { rows } = await superuser.query<{ delivered: string | null; visited: string | null }>(
        'select first_delivered_on::text as delivered, last_visit_on::text as visited from customers where store_id = $1',
        [storeId],
      );
      return rows;
    }

    it.each(['upsert', 'create'] as const)(
      'leaves the first delivery where a file in mode %s tells of a later order alone',
      async (mode) => {
        const storeId = await aStore();
        await take(storeId, '销售台账.csv', [SALES, FIRST]);
        const dry = await take(storeId, '销售台账.csv', [SALES, SECOND], { mode, dryRun: true });
        const later = await take(storeId, '销售台账.csv', [SALES, SECOND], { mode });
        expect([effects(dry), effects(later)]).toEqual([[[1, 0, 0]], [[1, 0, 0]]]);
        expect(await seen(storeId)).toEqual([{ delivered: '2024-10-18', visited: null }]);
        expect(effects(await take(storeId, '销售台账.csv', [SALES, SECOND, FIRST]))).toEqual([[0, 0, 2]]);
        await undoImport(environment(), storeId, later.importId, 'undone', async () => {});
        expect(await seen(storeId)).toEqual([{ delivered: '2024-10-18', visited: null }]);
      },
    );

    it.each(['upsert', 'create'] as const)('moves the first delivery to an earlier order that comes later, in mode %s', async (mode) => {
      const storeId = await aStore();
      await take(storeId, '销售台账.csv', [SALES, SECOND]);
      const earlier = await take(storeId, '销售台账.csv', [SALES, FIRST], { mode });
      expect(effects(earlier)).toEqual([[1, 0, 0]]);
      expect(await seen(storeId)).toEqual([{ delivered: '2024-10-18', visited: null }]);
      await undoImport(environment(), storeId, earlier.importId, 'undone', async () => {});
      expect(await seen(storeId)).toEqual([{ delivered: '2025-01-14', visited: null }]);
    });

    it.each([
      { back: ['first', 'later'], delivered: ['2025-01-14', null] },
      { back: ['later', 'first'], delivered: ['2024-10-18', null] },
    ] as const)('keeps the first delivery of the orders that are left when $back are taken back', async ({ back, delivered }) => {
      const storeId = await aStore();
      await take(storeId, '客户资料.csv', ['客户姓名,联系电话', '两车甲,13900004101']);
      const imports = {
        first: await take(storeId, '销售台账.csv', [SALES, FIRST]),
        later: await take(storeId, '销售台账.csv', [SALES, SECOND]),
      };
      const left = [];
      for (const one of back) {
        await undoImport(environment(), storeId, imports[one].importId, 'undone', async () => {});
        left.push((await seen(storeId))[0]?.delivered);
      }
      expect(left).toEqual(delivered);
    });

    it('has told the next maintenance at the service that a customer file names, however late it is imported', async () => {
      const storeId = await aStore();
      const head = '客户姓名,联系电话,车架号,上次保养日期,下次保养日期';
      const told = async () =>
        (
          await superuser.query<{ told: string; due: string }>(
            'select next_told_on::text as told, maintenance_due_on::text as due from vehicles where store_id = $1',
            [storeId],
          )
        ).rows[0];
      await take(storeId, '客户资料.csv', [head, '老友甲,13900004102,LSGKE54H7HW012345,2026-06-06,2026-12-06']);
      expect(await told()).toEqual({ told: '2026-06-06', due: '2026-12-06' });
      const visit = '工单号,车架号,客户名称,手机号码,进厂日期,维修类别\nW1,LSGKE54H7HW012345,老友甲,13900004102,2026-11-20,定期保养';
      await take(storeId, '维修记录.csv', [visit]);
      expect(await told()).toEqual({ told: '2026-06-06', due: '2027-05-20' });
      await take(storeId, '客户资料.csv', [head, '老友甲,13900004102,LSGKE54H7HW012345,2026-11-20,2027-06-01']);
      expect(await told()).toEqual({ told: '2026-11-20', due: '2027-06-01' });
    });

    it('moves the first delivery with the day of its order', async () => {
      const storeId = await aStore();
      await take(storeId, '销售台账.csv', [SALES, FIRST, SECOND]);
      expect(effects(await take(storeId, '销售台账.csv', [SALES, FIRST.replace('2024-10-18', '2024-10-20')]))).toEqual([[0, 1, 0]]);
      expect(await seen(storeId)).toEqual([{ delivered: '2024-10-20', visited: null }]);
    });

    it('has seen a customer with his car on the day the customer file names, until a later visit', async () => {
      const storeId = await aStore();
      const customers = ['客户姓名,联系电话,车架号,最近进店日期', '老友甲,13900004102,LSGKE54H7HW012345,2021-09-13'];
      const visits = ['工单号,车架号,客户名称,手机号码,进厂日期,维修类别', 'W1,LSGKE54H7HW012345,老友甲,13900004102,2021-03-01,保养'];
      await take(storeId, '客户资料.csv', customers);
      expect(await seen(storeId)).toEqual([{ delivered: null, visited: '2021-09-13' }]);
      await take(storeId, '维修记录.csv', visits);
      expect(await seen(storeId)).toEqual([{ delivered: null, visited: '2021-09-13' }]);
      const later = await take(storeId, '维修记录.csv', [...visits, visits[1]!.replace('W1', 'W2').replace('2021-03-01', '2026-11-02')]);
      expect(await seen(storeId)).toEqual([{ delivered: null, visited: '2026-11-02' }]);
      await undoImport(environment(), storeId, later.importId, 'undone', async () => {});
      expect(await seen(storeId)).toEqual([{ delivered: null, visited: '2021-09-13' }]);
    });
  });

  it.each(['update', 'create'] as const)('of another system comes to an end in mode %s, and does what the mode says', async (mode) => {
    const [, variant] = exportFolders();
    const storeId = await aStore();
    await importInto(storeId, folder);
    const before = await counts(storeId);
    const stood = await storeHash(storeId);
    for (const dryRun of [true, false]) {
      const report = await importInto(storeId, variant!, { mode, dryRun });
      for (const file of report.files) {
        const { clean, recovered, warned, duplicate, rejected, created, updated, unchanged } = file;
        expect(file.rows).toBe(manifestOf(variant!).files[file.file]!.rows.total);
        expect(clean + recovered + warned + duplicate + rejected).toBe(file.rows);
        expect(created + updated + unchanged).toBe(clean + recovered + warned);
        expect({ mode, none: mode === 'update' ? created : updated }).toEqual({ mode, none: 0 });
      }
      if (dryRun) expect(await storeHash(storeId)).toEqual(stood);
    }
    if (mode === 'update') expect(await counts(storeId)).toEqual(before);
  });

  it('leaves a reference as it is where mode update makes no such record', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const { rows } = await superuser.query<{ visit: Visit }>(
      `select to_jsonb(v) - '{version,updated_at,imported,team}'::text[] as visit from service_visits v
       where store_id = $1 and advisor_id is not null and vehicle_id is not null and team is not null and settled_on is not null order by order_no limit 1`,
      [storeId],
    );
    const visit = rows[0]!.visit;
    const { rows: open } = await superuser.query<{
      customer_id: string;
      name: string;
      phone: string;
      ordered_on: string;
      first: string | null;
    }>(
      `select o.customer_id, c.name, substr(p.e164, 4) as phone, o.ordered_on::text, c.first_delivered_on::text as first from orders o join customers c on (c.store_id, c.id) = (o.store_id, o.customer_id)
       join customer_phones p on (p.store_id, p.customer_id, p.rank) = (c.store_id, c.id, 1)
       where o.store_id = $1 and o.state = 'open' and c.kind = 'person' and p.e164 like '+86%' limit 1`,
      [storeId],
    );
    const order = open[0]!;
    const before = await counts(storeId);
    const openOrders = await count(storeId, `select count(*) as n from orders where store_id = $1 and state = 'open'`);
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      const files = [
        { name: '维修记录.csv', path: join(place, '维修记录.csv') },
        { name: '销售台账.csv', path: join(place, '销售台账.csv') },
      ];
      // The visit is of a car, an owner, an advisor and a category that are not on file; only its team can change.
      await writeFile(
        files[0]!.path,
        `工单号,车牌号,车架号,客户名称,手机号码,进厂日期,结算日期,维修类别,服务顾问,班组\n${visit.order_no},苏E9Z9Z9,LSGKE54H7HW012345,新人甲,13900001111,${visit.arrived_on},${visit.settled_on},没有的类别,没有的顾问,新班组\n`,
      );
      await writeFile(
        files[1]!.path,
        `客户姓名,联系电话,订单日期,交车日期,车架号,车型\n${order.name},${order.phone},${order.ordered_on},${order.ordered_on},LSGKE54H7HW012345,别克 君越\n`,
      );
      const request = { storeId, staffId: null, actorName: 'tests', dryRun: false, files } as const;
      const report = await runImport(environment(), { ...request, mode: 'update' });
      expect(report.files.map(({ kind, refusal, created, updated, rejections }) => [kind, refusal, created, updated, rejections])).toEqual([
        ['service', null, 0, 1, []],
        // The order stays without a car, so nothing has been delivered to its buyer.
        ['sales', null, 0, 0, []],
      ]);
      const deliveredOn = async () =>
        (
          await superuser.query<{ on: string | null }>(
            'select first_delivered_on::text as on from customers where store_id = $1 and id = $2',
            [storeId, order.customer_id],
          )
        ).rows[0]?.on;
      expect(await deliveredOn()).toBe(order.first);
      expect(await count(storeId, `select count(*) as n from orders where store_id = $1 and state = 'open'`)).toBe(openOrders);
      expect(await counts(storeId)).toEqual(before);
      const { rows: after } = await superuser.query<{ visit: Visit; team: string }>(
        `select to_jsonb(v) - '{version,updated_at,imported,team}'::text[] as visit, team from service_visits v where store_id = $1 and id = $2`,
        [storeId, visit.id],
      );
      expect(after[0]).toEqual({ visit, team: '新班组' });
      // The order waits for its car: a later import that makes the car finds it open, and makes no second order.
      await runImport(environment(), { ...request, mode: 'upsert' });
      expect(await count(storeId, `select count(*) as n from orders where store_id = $1 and state = 'open'`)).toBe(openOrders - 1);
      expect((await counts(storeId))['orders']).toBe(before['orders']);
      expect(await deliveredOn()).toBe(order.ordered_on);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('takes nothing for done whose day has not come in the store', async () => {
    const storeId = await aStore();
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      // The clock stands on 2026-11-22 in Shanghai; the day after may have begun where the file comes from.
      const texts = {
        '客户资料.csv': `客户姓名,联系电话,车架号,最近进店日期,商业险到期日期\n新人甲,13900001111,LSGKE54H7HW012345,2027-01-01,2027-02-01\n`,
        '销售台账.csv': `客户姓名,联系电话,订单日期,交车日期,车架号,车型\n新人甲,13900001111,2026-11-20,2026-12-01,LSGKE54H7HW012345,别克 君越\n新人乙,13900002222,2027-11-20,,,别克 君越\n`,
        '维修记录.csv': `工单号,车架号,客户名称,手机号码,进厂日期,出厂日期,维修类别\nW1,LSGKE54H7HW012345,新人甲,13900001111,2026-11-23,2026-11-25,保养\nW2,LSGKE54H7HW012345,新人甲,13900001111,2026-11-24,,保养\n`,
      };
      const files = [];
      for (const [name, text] of Object.entries(texts)) {
        await writeFile(join(place, name), text);
        files.push({ name, path: join(place, name) });
      }
      const report = await runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode: 'upsert', dryRun: false, files });
      expect(
        report.files.map(({ kind, warned, rejected, rejections }) => [kind, warned, rejected, rejections.map(({ reason }) => reason)]),
      ).toEqual([
        ['customers', 1, 0, []],
        ['sales', 1, 1, ['date_future']],
        ['service', 1, 1, ['date_future']],
      ]);
      const { rows } = await superuser.query(
        `select c.last_visit_on::text as visited, c.first_delivered_on::text as delivered, (select string_agg(o.state, ' ') from orders o where o.store_id = c.store_id) as orders,
           (select string_agg(v.arrived_on || ' ' || coalesce(v.left_on::text, '-'), ' ') from service_visits v where v.store_id = c.store_id) as visits,
           (select string_agg(p.expires_on::text, ' ') from insurance_policies p where p.store_id = c.store_id) as insured
         from customers c where c.store_id = $1 and c.name = '新人甲'`,
        [storeId],
      );
      expect(rows).toEqual([{ visited: '2026-11-23', delivered: null, orders: 'open', visits: '2026-11-23 -', insured: '2027-02-01' }]);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('tells in each mode what became of a new owner of a car on file', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const { rows } = await superuser.query<{ vin: string; name: string; phone: string }>(
      `select v.vin, c.name, substr(p.e164, 4) as phone from vehicles v
       join customers c on c.store_id = v.store_id and c.id <> v.owner_id and c.kind = 'person'
       join customer_phones p on (p.store_id, p.customer_id, p.rank) = (c.store_id, c.id, 1)
       where v.store_id = $1 and v.vin_check = 'valid' and p.e164 like '+86%'
       and not exists (select from ownerships o where (o.store_id, o.vehicle_id, o.customer_id) = (v.store_id, v.id, c.id)) and not c.former_owner
       and not exists (select from vehicles w where w.store_id = v.store_id and w.owner_id = v.owner_id and w.id <> v.id) order by v.vin, c.id limit 1`,
      [storeId],
    );
    const { vin, name, phone } = rows[0]!;
    const owners = () => count(storeId, `select count(*) as n from ownerships where store_id = $1`);
    const formerOwners = async () =>
      (
        await superuser.query<{ kept: string[]; counted: string[] }>(
          `select array(select id from customers where store_id = $1 and former_owner order by id) as kept, array(
             select customer_id from ownerships where store_id = $1 and role = 'owner' group by customer_id having bool_and(to_on is not null) order by 1) as counted`,
          [storeId],
        )
      ).rows[0]!;
    const before = await owners();
    const { kept: formerBefore, counted } = await formerOwners();
    expect(formerBefore).toEqual(counted);
    const place = await mkdtemp(join(tmpdir(), 'baoke-import-'));
    try {
      const path = join(place, '客户资料.csv');
      await writeFile(path, `客户姓名,联系电话,车架号\n${name},${phone},${vin}\n`);
      const told = async (mode: ImportMode) => {
        const files = [{ name: '客户资料.csv', path }];
        const report = await runImport(environment(), { storeId, staffId: null, actorName: 'tests', mode, dryRun: false, files });
        const { created, updated, unchanged } = report.files[0]!;
        const former = await formerOwners();
        expect(former.kept).toEqual(former.counted);
        const more = former.kept.length - formerBefore.length;
        await undoImport(environment(), storeId, report.importId, 'undone', async () => {});
        expect(await formerOwners()).toEqual({ kept: formerBefore, counted: formerBefore });
        return { mode, created, updated, unchanged, more };
      };
      expect(await told('create')).toEqual({ mode: 'create', created: 0, updated: 0, unchanged: 1, more: 0 });
      expect(await told('update')).toEqual({ mode: 'update', created: 0, updated: 1, unchanged: 0, more: 1 });
      expect(await told('upsert')).toEqual({ mode: 'upsert', created: 1, updated: 0, unchanged: 0, more: 1 });
      expect(await owners()).toBe(before);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('lets a maintenance spend the next one that the files told', async () => {
    const storeId = await aStore();
    await importInto(storeId, folder);
    const { rows: told } = await superuser.query<{ id: string }>(
      `select id from vehicles where store_id = $1 and maintenance_due_on = next_service_on and next_service_on > '2026-11-28' and metres_per_day is null order by id`,
      [storeId],
    );
    expect(told.length).toBeGreaterThan(3);
    const ids = told.map(({ id }) => id);
    await superuser.query(
      `insert into service_visits (store_id, id, order_no, vehicle_id, category, state, arrived_on)
       select $1, gen_random_uuid(), 'N' || id, id, 'regular_maintenance', 'settled', '2026-11-28' from unnest($2::uuid[]) as car (id)`,
      [storeId, ids],
    );
    const { rows } = await superuser.query(
      `select maintenance_due_on::text as due, count(*)::integer as cars from vehicles where store_id = $1 and id = any($2::uuid[]) group by 1`,
      [storeId, ids],
    );
    expect(rows).toEqual([{ due: '2027-05-28', cars: ids.length }]);
  });
});

import {
  addDays,
  dateIn,
  type CivilDate,
  type CustomerId,
  type ImportId,
  type Instant,
  type StoreId,
  type TaskId,
  type TimeZone,
  type VehicleId,
} from '@baoke/core/kernel';
import { createPool, type Pool } from '@baoke/db';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planStore } from '../care/plan-store.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';
import { runImport } from './run-import.ts';
import { undoImport } from './undo-import.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
const today = dateIn(ZONE, now());
const soon = addDays(today, 9);

let server: TestServer;
let superuser: Pool;
let stores = 0;
beforeAll(async () => {
  server = await startTestServer();
  superuser = createPool({ url: server.database.superuserUrl, max: 2 });
});
afterAll(async () => {
  await superuser.end();
  await server.close();
});

interface Place {
  readonly storeId: StoreId;
  readonly boss: TestPerson;
}
async function aPlace(): Promise<Place> {
  const store = await server.store(`undo ${(stores += 1)}`);
  return { storeId: store.storeId, boss: await server.person(store, 'CC_MGR', 'customer_care') };
}

/** Four owners, each with a car, an order, a visit and a policy that ends soon; the second bought the first one's other car. */
const OWNERS = [
  ['陈一', '13900000001', 'LSGKE54H1HW000001', '苏E00001'],
  ['林二', '13900000002', 'LSGKE54H1HW000002', '苏E00002'],
  ['赵三', '13900000003', 'LSGKE54H1HW000003', '苏E00003'],
  ['孙四', '13900000004', 'LSGKE54H1HW000004', '苏E00004'],
] as const;
const SMALL = {
  '客户资料.csv': [
    '客户姓名,联系电话,车架号,车牌号,商业险到期日期,下次保养日期',
    ...OWNERS.map(([name, phone, vin, plate]) => `${name},${phone},${vin},${plate},${soon},${soon}`),
  ],
  '销售台账.csv': [
    '客户姓名,联系电话,订单日期,交车日期,车架号,车型,销售顾问',
    ...OWNERS.map(([name, phone, vin]) => `${name},${phone},2025-01-02,2025-02-03,${vin},别克 君越,王销售`),
  ],
  '维修记录.csv': [
    '工单号,车架号,客户名称,手机号码,进厂日期,出厂日期,维修类别,进厂里程,服务顾问',
    ...OWNERS.map(([name, phone, vin], at) => `W${at},${vin},${name},${phone},2025-09-0${at + 1},2025-09-0${at + 1},保养,9000,李服务`),
  ],
  '潜客登记.csv': ['登记日期,客户姓名,联系电话,意向车型,意向级别', `${addDays(today, -3)},陈一,13900000001,别克 昂科威,A`],
};

async function imports({ storeId }: Place, files: Readonly<Record<string, readonly string[]>> = SMALL): Promise<ImportId> {
  const report = await runImport(
    { pool: server.platform.pool, now, newId, openVault: null },
    {
      storeId,
      staffId: null,
      actorName: 'tests',
      mode: 'upsert',
      dryRun: false,
      files: Object.entries(files).map(([name, lines]) => ({ name, bytes: () => Promise.resolve(Buffer.from(`${lines.join('\n')}\n`)) })),
    },
  );
  expect(report.files.map(({ refusal, rejected }) => [refusal, rejected])).toEqual(report.files.map(() => [null, 0]));
  return report.importId;
}

const undo = ({ storeId }: Place, importId: ImportId) =>
  undoImport({ pool: server.platform.pool, now }, storeId, importId, 'undone', async () => {});
const plan = ({ storeId }: Place) => planStore(server.platform.pool, { id: storeId, zone: ZONE }, { now: now(), kind: 'full' });

const TABLES = [
  'customers',
  'customer_phones',
  'vehicles',
  'ownerships',
  'mileage_readings',
  'insurance_policies',
  'service_visits',
  'orders',
  'leads',
  'search_tokens',
  'tasks',
  'care_suppressions',
  'care_checks',
  'care_dirty',
] as const;
async function counts({ storeId }: Place): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of TABLES) {
    const { rows } = await superuser.query<{ n: number }>(`select count(*)::integer as n from ${table} where store_id = $1`, [storeId]);
    found[table] = rows[0]!.n;
  }
  return found;
}
const customerCalled = async ({ storeId }: Place, name: string): Promise<CustomerId> =>
  (await superuser.query<{ id: CustomerId }>('select id from customers where store_id = $1 and name = $2', [storeId, name])).rows[0]!.id;
const taskOf = async ({ storeId }: Place, customerId: CustomerId) =>
  (
    await superuser.query<{ id: TaskId; version: number }>(
      `select id, version from tasks where store_id = $1 and customer_id = $2 and status = 'open' order by id limit 1`,
      [storeId, customerId],
    )
  ).rows[0]!;

describe('what a machine derived from an import', { timeout: 120_000 }, () => {
  it('goes with it: tasks nobody touched, why none was made, search tokens, the list of whom to plan', async () => {
    const place = await aPlace();
    await plan(place);
    const before = await counts(place);
    const importId = await imports(place);
    await plan(place);
    const planned = await counts(place);
    expect(planned['tasks']).toBeGreaterThanOrEqual(4);
    // A task moved on by a machine is nobody's work yet, nor is a file that somebody has opened.
    await superuser.query(`update tasks set version = version + 1, show_at = show_at + interval '1 day' where store_id = $1`, [
      place.storeId,
    ]);
    await place.boss.client.customers.openForEdit.mutate({ customerId: await customerCalled(place, '陈一') });
    await superuser.query(
      `insert into care_suppressions (store_id, occurrence_key, rule_key, customer_id, reason, at) select store_id, 'x', 'x', id, 'x', now() from customers where store_id = $1 and name = '林二'`,
      [place.storeId],
    );
    expect((await undo(place, importId)).kept).toBe(0);
    expect(await counts(place)).toEqual(before);
    expect((await superuser.query('select from staff where store_id = $1 and account_id is null', [place.storeId])).rowCount).toBe(0);
  });
});

describe('a record that a person has worked with', { timeout: 120_000 }, () => {
  const WORK: Readonly<Record<string, (place: Place, customerId: CustomerId) => Promise<unknown>>> = {
    'a contact': ({ boss }, customerId) => boss.client.contacts.record.mutate({ customerId, outcome: 'reached' }),
    'a task put off': async (place, customerId) => {
      const { id, version } = await taskOf(place, customerId);
      return place.boss.client.tasks.postpone.mutate({ taskId: id, version, until: `${addDays(today, 1)}T04:00:00.000Z` as never });
    },
    'a hand edit': async ({ boss }, customerId) => {
      const { version } = await boss.client.customers.get.query({ customerId });
      return boss.client.customers.update.mutate({ customerId, version, changes: { remark: '手改' } });
    },
    'a visit': ({ storeId }, customerId) =>
      superuser.query(
        `insert into service_visits (store_id, id, order_no, customer_id, category, state, arrived_on) select $1, gen_random_uuid(), 'HAND', $2, category, 'open', current_date
         from service_visits where store_id = $1 limit 1`,
        [storeId, customerId],
      ),
  };
  it.each(Object.keys(WORK))('stays with all its facts, and what nobody touched goes: %s', async (work) => {
    const place = await aPlace();
    const importId = await imports(place);
    await plan(place);
    const customerId = await customerCalled(place, '陈一');
    const facts = async () =>
      (
        await superuser.query(
          `select (select count(*)::integer from vehicles where owner_id = $1) as vehicles, (select count(*)::integer from ownerships where customer_id = $1) as ownerships,
             (select count(*)::integer from orders where customer_id = $1) as orders, (select count(*)::integer from leads where customer_id = $1) as leads,
             (select count(*)::integer from service_visits where customer_id = $1) as visits, (select count(*)::integer from customer_phones where customer_id = $1) as phones,
             (select count(*)::integer from insurance_policies p join vehicles v on v.id = p.vehicle_id where v.owner_id = $1) as policies,
             (select count(*)::integer from mileage_readings p join vehicles v on v.id = p.vehicle_id where v.owner_id = $1) as readings,
             (select count(*)::integer from search_tokens where customer_id = $1) as tokens, (select count(*)::integer from tasks where customer_id = $1) as tasks,
             (select jsonb_agg(jsonb_build_object('plate', plate, 'visited', last_visit_on, 'due', next_service_on)) from vehicles where owner_id = $1) as cars`,
          [customerId],
        )
      ).rows[0] as Record<string, unknown>;
    await WORK[work]!(place, customerId);
    const before = await facts();
    expect(before).toMatchObject({ vehicles: 1, orders: 1, leads: 1, phones: 1, policies: 1 });
    const { kept } = await undo(place, importId);
    expect(await facts()).toEqual(before);
    const after = await counts(place);
    expect({ customers: after['customers'], vehicles: after['vehicles'], tasks: after['tasks'] }).toEqual({
      customers: 1,
      vehicles: 1,
      tasks: before['tasks'],
    });

    const { imports: api } = place.boss.client;
    expect((await api.get.query({ importId })).undone).toMatchObject({ kept });
    const shown = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof api.kept.query>> = await api.kept.query({ importId, limit: 2, ...(cursor ? { cursor } : {}) });
      shown.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(shown).toHaveLength(kept);
    expect(shown.find(({ entity }) => entity === 'customers')).toMatchObject({
      id: customerId,
      label: '陈一',
      because: 'worked_on',
      customerId,
    });
    expect(shown.find(({ entity }) => entity === 'vehicles')).toMatchObject({ label: '苏E00001' });
    expect(shown.find(({ entity }) => entity === 'orders')).toMatchObject({ label: '2025-01-02', because: 'belongs', customerId });
  });
});

describe('a single hand edit', { timeout: 120_000 }, () => {
  const STORE = '苏州宝客汽车销售服务有限公司,051288880000';
  const visit = (no: string, at: number, who: string, day: string, category = '保养', advisor = '李服务') =>
    `${no},${OWNERS[at]![2]},${who},${day},${day},${category},9000,${advisor}`;
  /** Every car was inspected for the store itself; the first was sold before, somebody else once came with it, and its owner once came with another's. */
  const TANGLED = {
    ...SMALL,
    '销售台账.csv': [...SMALL['销售台账.csv'], `钱五,13900000005,2020-01-02,2020-02-03,${OWNERS[0][2]},别克 君越,王销售`],
    '维修记录.csv': [
      SMALL['维修记录.csv'][0]!,
      ...OWNERS.map((_, at) => visit(`P${at}`, at, STORE, '2022-01-05', 'PDI', '周检测')),
      visit('W0', 0, '赵三,13900000003', '2023-05-06'),
      visit('W1', 0, '陈一,13900000001', '2025-09-01'),
      visit('W2', 1, '林二,13900000002', '2025-09-02'),
      visit('W3', 2, '赵三,13900000003', '2025-09-03'),
      visit('W4', 3, '孙四,13900000004', '2025-09-04', '保养', '吴服务'),
      visit('W5', 1, '陈一,13900000001', '2025-08-01'),
    ],
  };
  /** What stands, by names instead of ids. */
  const facts = async ({ storeId }: Place) => {
    const ask = async (text: string) =>
      (await superuser.query<{ row: string }>(`select t::text as row from (${text}) t order by 1`, [storeId])).rows.map(({ row }) => row);
    return {
      customers: await ask(
        `select name, last_visit_on::text as visited, first_delivered_on::text as delivered from customers where store_id = $1`,
      ),
      vehicles: await ask(
        `select v.plate, v.last_visit_on::text as visited, v.next_service_on::text as next, c.name as owner from vehicles v left join customers c on c.id = v.owner_id where v.store_id = $1`,
      ),
      owned: await ask(
        `select v.plate, c.name, o.from_on::text as from, o.to_on::text as to from ownerships o join vehicles v on v.id = o.vehicle_id join customers c on c.id = o.customer_id where o.store_id = $1`,
      ),
      visits: await ask(
        `select v.order_no, v.arrived_on::text as on, c.name from service_visits v join customers c on c.id = v.customer_id where v.store_id = $1`,
      ),
      orders: await ask(
        `select o.ordered_on::text as on, c.name from orders o join customers c on c.id = o.customer_id where o.store_id = $1`,
      ),
      policies: await ask(
        `select p.expires_on::text as on, v.plate from insurance_policies p join vehicles v on v.id = p.vehicle_id where p.store_id = $1`,
      ),
      staff: await ask(`select name from staff where store_id = $1 and account_id is null`),
    };
  };

  it('keeps that person with his facts, and alone whom those name', async () => {
    const place = await aPlace();
    const importId = await imports(place, TANGLED);
    await plan(place);
    const customerId = await customerCalled(place, '陈一');
    const { version } = await place.boss.client.customers.get.query({ customerId });
    await place.boss.client.customers.update.mutate({ customerId, version, changes: { occupation: '教师' } });
    await undo(place, importId);

    const { items } = await place.boss.client.imports.kept.query({ importId, limit: 200 });
    const { rows } = await superuser.query(
      `select name, last_visit_on::text as visited, first_delivered_on::text as delivered from customers where store_id = $1 order by name`,
      [place.storeId],
    );
    expect(
      items
        .map(({ entity, label, because, root, through }) => [entity, label, because, root?.label ?? '-', through ?? 'whole'].join(' '))
        .sort(),
    ).toEqual([
      'customers 林二 belongs 陈一 service_visits',
      'customers 苏州宝客汽车销售服务有限公司 belongs 陈一 service_visits',
      'customers 赵三 belongs 陈一 service_visits',
      'customers 钱五 belongs 陈一 vehicles',
      'customers 陈一 worked_on - whole',
      `insurance_policies ${soon} belongs 陈一 whole`,
      `leads ${addDays(today, -3)} belongs 陈一 whole`,
      'orders 2020-01-02 belongs 陈一 whole',
      'orders 2025-01-02 belongs 陈一 whole',
      'service_visits P0 belongs 陈一 whole',
      'service_visits W0 belongs 陈一 whole',
      'service_visits W1 belongs 陈一 whole',
      'service_visits W5 belongs 陈一 whole',
      'staff 周检测 belongs - whole',
      'staff 李服务 belongs - whole',
      'staff 王销售 belongs - whole',
      'vehicles 苏E00001 belongs 陈一 whole',
      'vehicles 苏E00002 belongs 陈一 service_visits',
    ]);
    // Who stays alone has no visit or delivery that is gone, and is not sought by a car that is.
    expect(rows).toEqual([
      { name: '林二', visited: null, delivered: null },
      { name: '苏州宝客汽车销售服务有限公司', visited: '2022-01-05', delivered: null },
      { name: '赵三', visited: '2023-05-06', delivered: null },
      { name: '钱五', visited: null, delivered: '2020-02-03' },
      { name: '陈一', visited: '2025-09-01', delivered: '2025-02-03' },
    ]);
    expect((await place.boss.client.search.find.query({ term: OWNERS[2][2] })).customers).toEqual([]);
    const cars = await superuser.query(
      `select v.plate, v.last_visit_on::text as visited, c.name as owner, (select string_agg(p.name, ' ' order by p.name) from ownerships o join customers p on p.id = o.customer_id where o.vehicle_id = v.id) as owners
       from vehicles v left join customers c on c.id = v.owner_id where v.store_id = $1 order by v.plate`,
      [place.storeId],
    );
    expect(cars.rows).toEqual([
      { plate: '苏E00001', visited: '2025-09-01', owner: '陈一', owners: '钱五 陈一' },
      { plate: '苏E00002', visited: '2025-08-01', owner: '林二', owners: '林二' },
    ]);
    await plan(place);
    const dangling = await superuser.query(
      `select from tasks t where store_id = $1 and (visit_id is not null and not exists (select from service_visits v where v.id = t.visit_id)
         or order_id is not null and not exists (select from orders o where o.id = t.order_id))`,
      [place.storeId],
    );
    expect(dangling.rowCount).toBe(0);
  });

  it('keeps the same of two imports, whichever is taken back first', async () => {
    const later = {
      '客户资料.csv': [
        SMALL['客户资料.csv'][0]!,
        `赵三,13900000003,${OWNERS[2][2]},苏E00003,${addDays(soon, 20)},${soon}`,
        `林二,13900000002,${OWNERS[3][2]},苏E00004,${soon},${soon}`,
      ],
      '维修记录.csv': [
        SMALL['维修记录.csv'][0]!,
        visit('P0', 0, STORE, '2022-01-06', 'PDI', '周检测'),
        visit('X1', 0, '陈一,13900000001', '2026-01-02'),
        visit('X2', 2, '赵三,13900000003', '2026-01-03', '保养', '新服务'),
        visit('X3', 3, '陈一,13900000001', '2026-01-04'),
        visit('X4', 1, '林二,13900000002', '2026-01-05'),
      ],
    };
    const left = [];
    for (const earlierFirst of [true, false]) {
      const place = await aPlace();
      const ids = [await imports(place, TANGLED), await imports(place, later)];
      const customerId = await customerCalled(place, '陈一');
      const { version } = await place.boss.client.customers.get.query({ customerId });
      await place.boss.client.customers.update.mutate({ customerId, version, changes: { occupation: '教师' } });
      for (const importId of earlierFirst ? ids : ids.toReversed()) await undo(place, importId);
      left.push(await facts(place));
    }
    expect(left[0]).toEqual(left[1]);
    expect(left[0]!.customers).toContain('(赵三,2023-05-06,)');
  });
});

describe('the next maintenance an import told', { timeout: 120_000 }, () => {
  const customers = (next: CivilDate) => {
    const [name, phone, vin, plate] = OWNERS[0];
    return { '客户资料.csv': [SMALL['客户资料.csv'][0]!, `${name},${phone},${vin},${plate},${soon},${next}`] };
  };
  const told = async ({ storeId }: Place) =>
    (
      await superuser.query<{ next: string; told: string | null }>(
        `select next_service_on::text as next, next_told_on::text as told from vehicles where store_id = $1`,
        [storeId],
      )
    ).rows[0];
  /** A car whose next maintenance was told in March. */
  const toldInMarch = async () => {
    const place = await aPlace();
    await imports(place, customers(soon));
    expect(await told(place)).toEqual({ next: soon, told: today });
    await superuser.query(`update vehicles set next_told_on = '2026-03-01' where store_id = $1`, [place.storeId]);
    return place;
  };
  const DAY = 86_400_000;
  const daysLater = (days: number) => () => new Date(Date.parse(now()) + days * DAY).toISOString() as Instant;

  it.each(['earlier', 'later'])('goes back with the day it was told before; of two imports the %s taken back first', async (first) => {
    const place = await toldInMarch();
    const [earlier, later] = [await imports(place, customers(addDays(soon, 10))), await imports(place, customers(addDays(soon, 20)))];
    expect(await told(place)).toEqual({ next: addDays(soon, 20), told: today });
    const back = (importId: ImportId, days: number) =>
      undoImport({ pool: server.platform.pool, now: daysLater(days) }, place.storeId, importId, 'undone', async () => {});
    await back(first === 'earlier' ? earlier : later, 1);
    expect(await told(place)).toEqual({ next: addDays(soon, first === 'earlier' ? 20 : 10), told: today });
    await back(first === 'earlier' ? later : earlier, 2);
    expect(await told(place)).toEqual({ next: soon, told: '2026-03-01' });
  });

  it('stays with its day where somebody has told another since', async () => {
    const place = await toldInMarch();
    const importId = await imports(place, customers(addDays(soon, 10)));
    const { rows } = await superuser.query<{ id: VehicleId; version: number }>(`select id, version from vehicles where store_id = $1`, [
      place.storeId,
    ]);
    const { id: vehicleId, version } = rows[0]!;
    await place.boss.client.vehicles.update.mutate({ vehicleId, version, changes: { nextServiceOn: addDays(soon, 30) } });
    expect(await place.boss.client.vehicles.get.query({ vehicleId })).toMatchObject({ nextToldOn: today, nextSpent: false });
    await undo(place, importId);
    expect(await told(place)).toEqual({ next: addDays(soon, 30), told: today });
  });
});

describe('two imports of the same records', { timeout: 400_000 }, () => {
  /** What people see of a store; when a row was written last, and how often, is no part of it. */
  const seen = async ({ storeId }: Place) => {
    const found: Record<string, string[]> = {};
    for (const table of [...TABLES.filter((table) => !/^(tasks|care_)/.test(table)), 'service_day_counts', 'staff']) {
      const { rows } = await superuser.query<{ row: string }>(
        `select (to_jsonb(t) - '{version,updated_at,updated_by,imported,doubtful}'::text[])::text as row from ${table} t where store_id = $1 ${table === 'service_day_counts' ? 'and visits > 0' : ''} order by 1`,
        [storeId],
      );
      found[table] = rows.map(({ row }) => row);
    }
    return found;
  };
  const car = (at: number) => [`LSGKE54H1HW00000${at}`, `苏E0000${at}`] as const;
  const owner = (at: number) => OWNERS[at]!;

  it('gives back an owner that both moved, whichever is taken back first', async () => {
    for (const first of ['earlier', 'later']) {
      const place = await aPlace();
      await imports(place, { '客户资料.csv': SMALL['客户资料.csv'].slice(0, 2) });
      const before = await seen(place);
      const sold = (to: (typeof OWNERS)[number]) => ({
        '维修记录.csv': [
          SMALL['维修记录.csv'][0]!,
          `N${to[1]},${OWNERS[0][2]},${to[0]},${to[1]},${addDays(today, Number(to[1].at(-1)) - 9)},,保养,12000,${to[0]}顾问`,
        ],
      });
      const earlier = await imports(place, sold(OWNERS[1]));
      const later = await imports(place, sold(OWNERS[2]));
      const order = first === 'earlier' ? [earlier, later] : [later, earlier];
      for (const importId of order) await undo(place, importId);
      expect(await seen(place)).toEqual(before);
      expect((await place.boss.client.imports.kept.query({ importId: earlier })).items).toEqual([]);
    }
  });

  /** Customers and cars whose last visit or first delivery is not what visits, orders and the days that files told make it. */
  const misjudged = async ({ storeId }: Place) =>
    (
      await superuser.query<{ name: string }>(
        `select c.name from customers c where c.store_id = $1 and (c.last_visit_on, c.first_delivered_on) is distinct from (
           greatest(c.last_visit_told, (select max(v.arrived_on) from service_visits v where (v.store_id, v.customer_id) = (c.store_id, c.id) and not v.is_refund)),
           (select min(o.delivered_on) from orders o where (o.store_id, o.customer_id) = (c.store_id, c.id)))
         union all select c.vin from vehicles c where c.store_id = $1 and c.last_visit_on is distinct from
           greatest(c.last_visit_told, (select max(v.arrived_on) from service_visits v where (v.store_id, v.vehicle_id) = (c.store_id, c.id) and not v.is_refund))`,
        [storeId],
      )
    ).rows.map(({ name }) => name);
  const ordersOf = ({ '维修记录.csv': lines }: { readonly '维修记录.csv': readonly string[] }) =>
    lines.slice(1).map((line) => line.split(',')[0]!);
  const visitsOf = async ({ storeId }: Place) =>
    (await superuser.query<{ order_no: string }>('select order_no from service_visits where store_id = $1 order by 1', [storeId])).rows.map(
      (row) => row.order_no,
    );

  it('takes the visits of a service file along, though a later file has spoken of those who came', async () => {
    const place = await aPlace();
    const service = await imports(place, { '维修记录.csv': SMALL['维修记录.csv'] });
    await imports(place, {
      '客户资料.csv': [
        '客户姓名,联系电话,车架号,车牌号,地址,最近进店日期',
        ...OWNERS.map(([name, phone, vin, plate], at) => `${name},${phone},${vin},${plate},苏州,2025-0${8 - at}-01`),
      ],
    });
    await undo(place, service);
    expect(await counts(place)).toMatchObject({ customers: 4, vehicles: 4, service_visits: 0 });
    const { rows } = await superuser.query(
      `select c.last_visit_on::text as customer, v.last_visit_on::text as car from customers c join vehicles v on (v.store_id, v.owner_id) = (c.store_id, c.id) where c.store_id = $1 order by c.name collate "C", 1 desc`,
      [place.storeId],
    );
    expect(rows.map(({ customer, car }) => [customer, car]).toSorted()).toEqual(
      [5, 6, 7, 8].map((month) => [`2025-0${month}-01`, `2025-0${month}-01`]),
    );
  });

  it('leaves no day of a customer file behind, though visits had told a later one first', async () => {
    const place = await aPlace();
    await imports(place, { '潜客登记.csv': SMALL['潜客登记.csv'] });
    const before = await seen(place);
    const service = await imports(place, { '维修记录.csv': SMALL['维修记录.csv'].slice(0, 2) });
    const customers = await imports(place, {
      '客户资料.csv': ['客户姓名,联系电话,车架号,车牌号,最近进店日期', `${OWNERS[0].join(',')},2025-08-01`],
    });
    await undo(place, service);
    expect(await misjudged(place)).toEqual([]);
    await undo(place, customers);
    expect(await seen(place)).toEqual(before);
  });

  it('leaves a car the day that a later file told, though it stays for a person too', async () => {
    const place = await aPlace();
    const told = (who: (typeof OWNERS)[number], on: string) => ({
      '客户资料.csv': ['客户姓名,联系电话,车架号,车牌号,最近进店日期', `${who[0]},${who[1]},${car(1).join(',')},${on}`],
    });
    const earlier = await imports(place, told(OWNERS[0], '2025-10-10'));
    await imports(place, told(OWNERS[1], '2025-11-10'));
    await place.boss.client.contacts.record.mutate({ customerId: await customerCalled(place, OWNERS[0][0]), outcome: 'reached' });
    await undo(place, earlier);
    const { rows } = await superuser.query(
      'select last_visit_on::text as on, last_visit_told::text as told from vehicles where store_id = $1',
      [place.storeId],
    );
    expect(rows).toEqual([{ on: '2025-11-10', told: '2025-11-10' }]);
  });

  it('leave the store as it was, in every order of taking them back', async () => {
    const at = fc.integer({ min: 0, max: 3 });
    const day = fc.integer({ min: 1, max: 300 });
    const customer = fc.tuple(at, at, fc.constantFrom('', '苏州', '南京'), day, day).map(([who, which, address, days, ago]) => {
      const [name, phone] = owner(who);
      return `${name},${phone},${car(which).join(',')},${address},${addDays(today, days)},${addDays(today, -ago)}`;
    });
    const sale = fc.tuple(at, at, day, fc.constantFrom('王销售', '周销售')).map(([who, which, days, seller]) => {
      const [name, phone] = owner(who);
      return `${name},${phone},${addDays(today, -days - 9)},${addDays(today, -days)},${car(which)[0]},君越,${seller}`;
    });
    const visit = fc
      .tuple(at, at, fc.integer({ min: 1, max: 4 }), day, fc.constantFrom('李服务', '吴服务'))
      .map(([who, which, no, days, advisor]) => {
        const [name, phone] = owner(who);
        return `W${no},${car(which)[0]},${name},${phone},${addDays(today, -days)},,保养,${days * 100},${advisor}`;
      });
    const files = fc.record({
      '客户资料.csv': fc
        .array(customer, { minLength: 1, maxLength: 4 })
        .map((rows) => ['客户姓名,联系电话,车架号,车牌号,地址,商业险到期日期,最近进店日期', ...rows]),
      '销售台账.csv': fc.array(sale, { minLength: 1, maxLength: 3 }).map((rows) => [SMALL['销售台账.csv'][0]!, ...rows]),
      '维修记录.csv': fc.array(visit, { minLength: 1, maxLength: 4 }).map((rows) => [SMALL['维修记录.csv'][0]!, ...rows]),
    });
    await fc.assert(
      fc.asyncProperty(files, files, files, fc.boolean(), async (base, one, other, earlierFirst) => {
        const place = await aPlace();
        await imports(place, base);
        const before = await seen(place);
        const ids = [await imports(place, one), await imports(place, other)];
        const [first, second] = earlierFirst ? ids : ids.toReversed();
        await undo(place, first!);
        expect(await misjudged(place)).toEqual([]);
        expect(await visitsOf(place)).toEqual([...new Set([...ordersOf(base), ...ordersOf(earlierFirst ? other : one)])].toSorted());
        await undo(place, second!);
        expect(await seen(place)).toEqual(before);
      }),
      { seed: 20_261_129, numRuns: 12, endOnFailure: true },
    );
  });
});

describe('who owned a car when', { timeout: 120_000 }, () => {
  const [A, B, C] = OWNERS;
  const ownersOf = async ({ storeId }: Place) =>
    (
      await superuser.query<{ name: string; period: number; from: string | null; to: string | null; present: boolean }>(
        `select k.name, o.period, o.from_on::text as from, o.to_on::text as to, v.owner_id = k.id as present from ownerships o
         join vehicles v on v.store_id = o.store_id and v.id = o.vehicle_id join customers k on k.store_id = o.store_id and k.id = o.customer_id
         where o.store_id = $1 and v.vin = $2 and o.role = 'owner' order by o.to_on nulls last, o.from_on nulls first`,
        [storeId, A[2]],
      )
    ).rows.map(({ name, period, from, to, present }) => [name, period, from, to, present]);
  const carOf = async ({ storeId }: Place) =>
    (
      await superuser.query<{ id: VehicleId; version: number }>('select id, version from vehicles where store_id = $1 and vin = $2', [
        storeId,
        A[2],
      ])
    ).rows[0]!;
  async function give(place: Place, to: string, from: CivilDate): Promise<void> {
    const { id: vehicleId, version } = await carOf(place);
    await place.boss.client.vehicles.changeOwner.mutate({ vehicleId, version, customerId: await customerCalled(place, to), from });
  }
  const sales = (...rows: (readonly [(typeof OWNERS)[number], string])[]) => ({
    '销售台账.csv': [SMALL['销售台账.csv'][0]!, ...rows.map(([who, on]) => `${who[0]},${who[1]},${on},${on},${A[2]},别克 君越,王销售`)],
  });
  const DAYS = ['2025-06-01', '2025-09-01'] as CivilDate[];

  it('stays when an import brings another owner, and whoever is its owner again begins another period', async () => {
    const place = await aPlace();
    await imports(place, { '客户资料.csv': SMALL['客户资料.csv'].slice(0, 3) });
    await imports(place, sales([A, '2025-02-03']));
    await give(place, B[0], DAYS[0]!); // two days
    await give(place, A[0], DAYS[1]!);
    const before = await ownersOf(place);
    expect(before).toEqual([
      [A[0], 1, '2025-02-03', '2025-06-01', true],
      [B[0], 1, '2025-06-01', '2025-09-01', false],
      [A[0], 2, '2025-09-01', null, true],
    ]);
    const importId = await imports(place, sales([C, '2026-01-01'], [B, '2026-02-01']));
    expect(await ownersOf(place)).toEqual([
      [A[0], 1, '2025-02-03', '2025-06-01', false],
      [B[0], 1, '2025-06-01', '2025-09-01', true],
      [A[0], 2, '2025-09-01', '2026-02-01', false],
      [C[0], 1, '2026-01-01', '2026-02-01', false],
      [B[0], 2, '2026-02-01', null, true],
    ]);
    await undo(place, importId);
    expect(await ownersOf(place)).toEqual(before);
  });

  it('stands as a person has put it since, when an import is taken back', async () => {
    for (const to of [A, C]) {
      const place = await aPlace();
      await imports(place, { '客户资料.csv': SMALL['客户资料.csv'].slice(0, 4) });
      const importId = await imports(place, sales([B, '2025-02-03']));
      expect((await ownersOf(place)).at(-1)).toEqual([B[0], 1, '2025-02-03', null, true]);
      await give(place, to[0], DAYS[0]!); // two days
      await undo(place, importId);
      const owners = await ownersOf(place);
      expect(owners.filter(([, , , until]) => until === null)).toEqual([[to[0], to === A ? 2 : 1, '2025-06-01', null, true]]);
    }
  });
});

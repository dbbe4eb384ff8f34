import { Workbook } from '@cj-tech-master/excelts';
import type { ComplaintId, TaskId, VehicleId, VisitId } from '@baoke/core/kernel';
import { aComplaint } from '@baoke/core/complaints/testing';
import { inTransaction } from '@baoke/db';
import { insertComplaint } from '@baoke/db/complaints';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { EXPORT_PAGE, MOST_EXPORTED, readPages } from './file.ts';
import { SLICE_ROWS } from './slices.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type Client, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let store: TestStore;
let manager: TestPerson;
let admin: TestPerson;
let agent: TestPerson;
let stranger: TestPerson;

const FORMULA = '=HYPERLINK("http://evil.example","王")';

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  manager = await server.person(store, 'GM', 'management', '赵总');
  admin = await server.person(store, 'ADMIN', 'management', '管理员');
  agent = await server.person(store, 'FU_AGENT', 'customer_care', '回访员小周');
  stranger = await server.person(await server.store('two'), 'GM', 'management');
  const customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { name: FORMULA });
  const departmentId = store.departments.get('service');
  if (!departmentId) throw new Error('the store has no service department');
  await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
    await tx
      .updateTable('customers')
      .set({
        given_up: true,
        standing_on: '2026-05-20',
        standing_reason: 'other_city',
        standing_by: manager.staffId,
        standing_at: now(),
        is_vip: true,
      })
      .where('store_id', '=', store.storeId)
      .where('id', '=', customerId)
      .execute();
    const facts = {
      customerId,
      departmentId,
      registeredBy: manager.staffId,
      handlerId: manager.staffId,
      registeredAt: '2026-05-06T01:10:00.000Z',
    };
    const complaints = [
      { number: '20260506-001', severity: 'high', accusedId: agent.staffId, content: '@SUM(1+1)' },
      { number: '20260506-002', severity: 'low', accusedId: null, content: '等待太久' },
    ];
    for (const of of complaints)
      await insertComplaint(
        tx,
        store.storeId,
        aComplaint({ ...facts, ...of, id: newId<ComplaintId>() } as Parameters<typeof aComplaint>[0]),
        null,
      );
    const vehicleId = newId<VehicleId>();
    await tx.insertInto('vehicles').values({ store_id: store.storeId, id: vehicleId, owner_id: customerId, plate: '苏E12345' }).execute();
    const [category] = await tx.selectFrom('service_categories').select('code').where('store_id', '=', store.storeId).limit(1).execute();
    const visit = { store_id: store.storeId, category: category?.code ?? '', vehicle_id: vehicleId, customer_id: customerId };
    await tx
      .insertInto('service_visits')
      .values([
        {
          ...visit,
          id: newId<VisitId>(),
          order_no: 'W-1',
          state: 'settled',
          arrived_on: '2026-05-01',
          received_fen: 123_450,
          remark: '+cmd',
        },
        { ...visit, id: newId<VisitId>(), order_no: 'W-2', state: 'open', arrived_on: '2026-05-02' },
      ])
      .execute();
    const task = {
      store_id: store.storeId,
      kind: 'care_call',
      customer_id: customerId,
      role: 'FU_AGENT',
      channel: 'phone',
      purpose: 'service',
      priority: 3,
      not_before_on: '2026-05-01',
      show_at: '2026-05-01T00:00:00Z',
      due_at: '2026-05-01T10:00:00Z',
      topics: [],
      reason: JSON.stringify({ code: 'manual', params: {} }),
      rule_key: 'first_call',
    };
    await tx
      .insertInto('tasks')
      .values([
        { ...task, id: newId<TaskId>(), status: 'open', assignee_id: agent.staffId },
        { ...task, id: newId<TaskId>(), status: 'missed', assignee_id: agent.staffId, finished_at: '2026-05-08T10:00:00Z' },
      ])
      .execute();
  });
});
afterAll(() => server.close());

type File = { fileName: string; contentType: string; base64: string; rows: number };
/** The lines of a CSV whose texts hold no line breaks. */
const lines = ({ base64 }: File): string[] =>
  Buffer.from(base64, 'base64').toString('utf8').replace('\u{feff}', '').trimEnd().split('\r\n');

type Case = {
  readonly name: string;
  readonly take: (client: Client, as: { format?: 'csv' | 'xlsx'; locale?: 'zh' | 'en' }) => Promise<File>;
  readonly by: () => TestPerson;
  readonly notBy: () => TestPerson;
  readonly action: string;
  readonly first: string;
  readonly has: readonly string[];
  readonly hasNot?: string;
  /** The filter in words. */
  readonly filtered?: string;
};
const cases: Case[] = [
  {
    name: 'complaints, by their filter',
    take: (c, as) => c.complaints.export.mutate({ ...as, severities: ['high'] }),
    filtered: '严重',
    by: () => manager,
    notBy: () => agent,
    action: 'complaints.export',
    first: '"客诉编号"',
    has: ['"20260506-001"', `"'=HYPERLINK`, `"'@SUM(1+1)"`, '"138****5678"', '"回访员小周"', '"已放弃招揽 重要客户"'],
    hasNot: '20260506-002',
  },
  {
    name: 'scores of a month',
    take: (c, as) => c.complaints.exportScores.mutate({ ...as, month: '2026-05' }),
    by: () => manager,
    notBy: () => agent,
    action: 'complaints.exportScores',
    first: '"月份"',
    has: ['"2026-05","回访员小周"'],
  },
  {
    name: 'service visits, by their filter, money in yuan',
    take: (c, as) => c.service.exportVisits.mutate({ ...as, state: 'settled' }),
    filtered: '已结算',
    by: () => manager,
    notBy: () => agent,
    action: 'service.export',
    first: '"工单号"',
    has: ['"W-1"', '1234.5', '"已放弃招揽 重要客户"', `"'+cmd"`, '"苏E12345"'],
    hasNot: 'W-2',
  },
  {
    name: "the team's queue",
    take: (c, as) => c.tasks.exportTeam.mutate({ ...as, tab: 'overdue' }),
    by: () => manager,
    notBy: () => agent,
    action: 'tasks.export',
    first: '"类型"',
    has: ['"回访员小周"', `"'=HYPERLINK`, '"待办"', '"138****5678"'],
  },
  {
    name: 'missed care',
    take: (c, as) => c.care.exportMissed.mutate(as),
    by: () => manager,
    notBy: () => agent,
    action: 'care.exportMissed',
    first: '"规则"',
    has: ['"2026-05-08 18:00"', '"回访员小周"'],
  },
  {
    name: 'staff, by their filter',
    take: (c, as) => c.staff.export.mutate({ ...as, name: '小周' }),
    filtered: '“小周”',
    by: () => admin,
    notBy: () => manager,
    action: 'staff.export',
    first: '"姓名"',
    has: ['"回访员小周"', '"回访员"', '"客服部"'],
    hasNot: '赵总',
  },
  {
    name: 'the audit log, by its filter',
    take: (c, as) => c.audit.export.mutate({ ...as, entity: 'staff' }),
    filtered: '员工',
    by: () => admin,
    notBy: () => manager,
    action: 'audit.export',
    first: '"时间"',
    has: [],
    hasNot: 'complaints.export',
  },
];

describe.each(cases)('the file of $name', ({ take, by, notBy, action, first, has, hasNot, filtered }) => {
  it('holds what the list shows, harmless to a spreadsheet, and is recorded', async () => {
    const file = await take(by().client, { format: 'csv' });
    expect(file).toMatchObject({
      contentType: 'text/csv; charset=utf-8',
      fileName: expect.stringMatching(/^门店 one-\S.*-\d{8}-\d{4}\.csv$/),
    });
    const [header, ...rows] = lines(file);
    expect(header?.startsWith(first)).toBe(true);
    expect(rows).toHaveLength(file.rows);
    for (const text of has) expect(rows.join('\n')).toContain(text);
    if (hasNot) expect(rows.join('\n')).not.toContain(hasNot);
    const { items } = await admin.client.audit.list.query({ limit: 1 });
    expect(items).toMatchObject([
      { action, actorName: by() === admin ? '管理员' : '赵总', entityId: 'list', after: { format: 'csv', rows: file.rows } },
    ]);
  });

  it('is a workbook that says what it is of, in English on request', async () => {
    const workbook = await take(by().client, {});
    const read = new Workbook();
    await read.xlsx.load(Buffer.from(workbook.base64, 'base64'));
    const [sheet] = read.worksheets;
    const about = [1, 2, 3].map((row) => sheet?.getRow(row).getCell(1).value).slice(0, filtered === undefined ? 2 : 3);
    expect(about).toEqual([
      `门店 one · ${sheet?.name}`,
      ...(filtered === undefined ? [] : [`筛选 ${filtered}`]),
      expect.stringMatching(/^\S+ 导出于 \d{4}-\d\d-\d\d \d\d:\d\d$/),
    ]);
    expect(workbook.fileName).toContain(`门店 one-${sheet?.name}-`);
    const english = lines(await take(by().client, { format: 'csv', locale: 'en' }));
    expect(english[0]).not.toMatch(/\p{Script=Han}/u);
  });

  it('is for whoever may take it away, of his store', async () => {
    expect(await codeOf(take(notBy().client, {}))).toBe('access.forbidden');
    expect(await codeOf(take(server.anonymous, {}))).toBe('access.signed_out');
    const elsewhere = action.startsWith('staff') || action.startsWith('audit') ? undefined : await take(stranger.client, { format: 'csv' });
    expect(elsewhere?.rows ?? 0).toBe(0);
  });
});

it('lists of complaints and visits and the page of a car say where care stands with the customer, as files do', async () => {
  const complaints = await manager.client.complaints.list.query({});
  expect(complaints.items.map(({ customer }) => customer.standing)).toEqual(['given_up', 'given_up']);
  const visits = await manager.client.service.listVisits.query({});
  expect(visits.items.map(({ customer }) => customer?.standing)).toEqual(['given_up', 'given_up']);
  const vehicleId = visits.items[0]?.vehicle?.id;
  if (!vehicleId) throw new Error('the visit has no car');
  expect((await manager.client.vehicles.get.query({ vehicleId })).owner).toMatchObject({ standing: 'given_up', isVip: true });
});

describe('a long list', () => {
  it('is said to go on where the file does not hold all of it', async () => {
    let ticks = 0;
    let reading = true;
    const tick = () => {
      ticks += 1;
      if (reading) setImmediate(tick);
    };
    setImmediate(tick);
    const kept = await readPages(
      async (after: number | undefined) => Array.from({ length: EXPORT_PAGE + 1 }, (_, at) => (after ?? 0) + at + 1),
      (row) => row,
    );
    reading = false;
    // The event loop was given back on the way.
    expect(ticks).toBeGreaterThanOrEqual(MOST_EXPORTED / SLICE_ROWS);
    expect([kept.rows.length, new Set(kept.rows).size, kept.complete]).toEqual([MOST_EXPORTED, MOST_EXPORTED, false]);
  });

  it('is read to its end, page after page', async () => {
    const many = await server.store('many');
    const there = await server.person(many, 'ADMIN', 'management');
    await inTransaction(server.platform.pool, { storeId: many.storeId }, (_, client) =>
      client.query(
        `insert into audit_entries (store_id, id, at, actor_kind, actor_name, action, entity, entity_id)
         select $1, gen_random_uuid(), timestamptz '2026-05-01T00:00:00Z' + (n / 3) * interval '1 second', 'system', 'test', 'test.row', 'test', n::text from generate_series(1, 4500) n`,
        [many.storeId],
      ),
    );
    const file = await there.client.audit.export.mutate({ format: 'csv', entity: 'test' });
    const ids = lines(file)
      .slice(1)
      .map((line) => line.split(',')[5]);
    expect([file.rows, new Set(ids).size, file.complete]).toEqual([4500, 4500, true]);
  });
});

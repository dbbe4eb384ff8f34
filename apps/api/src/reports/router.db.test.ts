import { pressing, runningOutUntil, type Complaint } from '@baoke/core/complaints';
import { aClosed, aComplaint, aResponded, aSolved } from '@baoke/core/complaints/testing';
import { callbackFigures } from '@baoke/core/insight';
import {
  addDays,
  dateIn,
  daysBetween,
  formatRate,
  type CivilDate,
  type ComplaintId,
  type CustomerId,
  type DateRange,
  type DepartmentId,
  type Instant,
  type StaffId,
  type TimeZone,
} from '@baoke/core/kernel';
import { presetRules } from '@baoke/core/care';
import { inTransaction } from '@baoke/db';
import { saveRules } from '@baoke/db/care';
import { insertComplaint } from '@baoke/db/complaints';
import { countServiceDays, recountServiceDays } from '@baoke/db/reports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let store: TestStore;
let manager: TestPerson;
let advisor: TestPerson;
let agent: TestPerson;
let reception: TestPerson;
let stranger: TestPerson;
let lead: TestPerson;
let customerId: CustomerId;

/** The week of the source, by category (document 000; W-02). */
const WEEK = {
  second_maintenance: 12,
  body_paint: 4,
  regular_maintenance: 48,
  accident: 31,
  minor_repair: 16,
  first_maintenance: 19,
  overhaul: 0,
  warranty: 22,
  parts_pickup: 3,
  pdi: 10,
  free_check: 10,
  roadside_rescue: 1,
};
const period: DateRange = { from: '2013-01-01' as CivilDate, to: '2013-01-07' as CivilDate };
const insight = { kind: 'custom' as const, period };

async function insertVisits(): Promise<void> {
  await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
    let number = 0;
    const visit = (category: string, arrivedOn: CivilDate, more: { refund?: boolean; fen?: number; advisorId?: StaffId } = {}) => {
      number += 1;
      return {
        store_id: store.storeId,
        id: newId(),
        order_no: `W02-${number}`,
        customer_id: customerId,
        category,
        state: 'settled',
        is_refund: more.refund ?? false,
        arrived_on: arrivedOn,
        settled_on: arrivedOn,
        received_fen: more.fen ?? 10_000,
        advisor_id: more.advisorId ?? null,
      };
    };
    const rows = Object.entries(WEEK).flatMap(([category, count]) =>
      Array.from({ length: count }, (_, at) =>
        visit(category, addDays(period.from, at % 6), at === 0 ? { advisorId: advisor.staffId } : {}),
      ),
    );
    await tx.insertInto('service_visits').values(rows).execute();
    // Money given back is no visit; the days beside the week are not in it.
    await tx
      .insertInto('service_visits')
      .values([
        visit('accident', addDays(period.from, 2), { refund: true, fen: -5_000 }),
        visit('accident', addDays(period.from, -1)),
        visit('accident', period.to),
      ])
      .execute();
    await tx
      .updateTable('service_visits')
      .set({ category: 'overhaul' })
      .where('store_id', '=', store.storeId)
      .where('order_no', '=', 'W02-1')
      .execute();
    await tx
      .updateTable('service_visits')
      .set({ category: 'second_maintenance' })
      .where('store_id', '=', store.storeId)
      .where('order_no', '=', 'W02-1')
      .execute();
  });
}

/** The sheets of a workbook with the value and the format of each cell. */
async function sheetsOf(base64: string) {
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  await workbook.xlsx.load(Buffer.from(base64, 'base64'));
  return workbook.worksheets.map((sheet) => ({
    name: sheet.name,
    rows: Array.from({ length: sheet.rowCount }, (_, down) =>
      Array.from({ length: sheet.columnCount }, (_cell, at) => {
        const cell = sheet.getRow(down + 1).getCell(at + 1);
        return { value: cell.value, format: cell.numFmt };
      }),
    ),
  }));
}

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  manager = await server.person(store, 'SVC_MGR', 'service');
  advisor = await server.person(store, 'SA', 'service');
  // Before anybody of his team asks for anything: who is of a team is looked up anew within a second only.
  lead = await server.person(store, 'SA_LEAD', 'service');
  agent = await server.person(store, 'FU_AGENT', 'customer_care', '方琳');
  reception = await server.person(store, 'RECEPTION', 'sales');
  stranger = await server.person(await server.store('two'), 'SVC_MGR', 'service');
  customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
  await insertVisits();
});
afterAll(() => server.close());

describe('the service week of the source (document 000; W-02)', () => {
  it('152 effective + 24 ineffective = 176', async () => {
    const report = await manager.client.reports.service.query(insight);
    expect([report.effective.visits, report.ineffective.visits, report.total.visits]).toEqual([152, 24, 176]);
    expect(Object.fromEntries(report.categories.filter((c) => c.visits > 0).map((c) => [c.code, c.visits]))).toEqual(
      Object.fromEntries(Object.entries(WEEK).filter(([, n]) => n > 0)),
    );
    expect(report.categories.map((c) => c.code).slice(0, 2)).toEqual(['second_maintenance', 'body_paint']);
    expect(report.total.previous).toBe(1);
    expect(report.receivedFen).toBe(176 * 10_000 - 5_000);
  });

  it('opens exactly the rows it counted, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { orderNo: string }[]; nextCursor: string | null } = await manager.client.reports.serviceRows.query({
        period,
        effective: true,
        limit: 50,
        cursor,
      });
      seen.push(...page.items.map((row) => row.orderNo));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(152);
    expect(seen).toHaveLength(152);
    expect((await manager.client.reports.serviceRows.query({ period, category: 'pdi', limit: 200 })).items).toHaveLength(10);
  });

  it('the money opens its rows, refunds and the day of the money among them', async () => {
    const report = await manager.client.reports.service.query(insight);
    const sum = async (category?: string) =>
      (await manager.client.reports.serviceRows.query({ period, of: 'money', category, limit: 200 })).items.reduce(
        (fen, row) => fen + (row.receivedFen ?? 0),
        0,
      );
    expect(await sum()).toBe(report.receivedFen);
    expect(await sum('accident')).toBe(report.categories.find((c) => c.code === 'accident')?.receivedFen);
  });

  it.each([
    { name: 'a week of six days', kind: 'week' as const, code: 'whole_week' },
    { name: 'a month of six days', kind: 'month' as const, code: 'whole_month' },
  ])('refuses $name, naming the field and what is accepted', async ({ kind, code }) => {
    const fields = await manager.client.reports.service.query({ kind, period }).then(
      () => [],
      (error: { data: { fields: { path: string; code: string }[] } }) => error.data.fields,
    );
    expect(fields.map(({ path, code: fault }) => [path, fault])).toEqual([['period', code]]);
  });

  it('kept sums equal a recount of the visits', async () => {
    const ranges = [period, { from: '2012-01-01' as CivilDate, to: '2014-01-01' as CivilDate }];
    const both = await inTransaction(
      server.platform.pool,
      { storeId: store.storeId },
      async (tx) => [await countServiceDays(tx, store.storeId, ranges), await recountServiceDays(tx, store.storeId, ranges, 'everyone')],
      'read',
    );
    const sorted = both.map((counts) => counts.filter((c) => c.visits.some(Boolean)).toSorted((a, b) => a.code.localeCompare(b.code)));
    expect(sorted[0]).toEqual(sorted[1]);
  });

  it('shows an advisor his own visits only', async () => {
    const report = await advisor.client.reports.service.query(insight);
    expect(report.total.visits).toBe(Object.values(WEEK).filter((n) => n > 0).length);
    expect((await advisor.client.reports.serviceRows.query({ period, limit: 200 })).items).toHaveLength(report.total.visits);
  });
});

type Heard = {
  readonly outcome?: string;
  readonly satisfied?: boolean;
  readonly satisfaction?: string;
  readonly praised?: boolean;
  readonly said_about?: string;
  readonly cause?: string;
  readonly unreached_because?: string;
};

describe('callback statistics', () => {
  const week: DateRange = { from: '2026-03-02' as CivilDate, to: '2026-03-09' as CivilDate };

  beforeAll(async () => {
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      await saveRules(
        tx,
        store.storeId,
        presetRules('combined').map((rule) => ({ ...rule, activeSince: now() })),
        null,
        now(),
      );
      const add = async (
        dueAt: string,
        calls: ({ at: string; outcome: string } & Heard)[],
        more: { status?: string; finishedAt?: string; visit_id?: string } = {},
      ) => {
        const id = newId();
        await tx
          .insertInto('tasks')
          .values({
            store_id: store.storeId,
            id,
            kind: 'care_call',
            status: more.status ?? (calls.length > 0 ? 'done' : 'open'),
            rule_key: 'csi_survey',
            customer_id: customerId,
            role: 'FU_AGENT',
            assignee_id: agent.staffId,
            channel: 'phone',
            purpose: 'service',
            priority: 2,
            visit_id: more.visit_id ?? null,
            not_before_on: addDays(dueAt.slice(0, 10) as CivilDate, -2),
            due_at: dueAt,
            finished_at: more.finishedAt ?? calls.at(-1)?.at ?? null,
            finished_by: calls.length > 0 ? agent.staffId : null,
            reason: JSON.stringify({ code: 'after.visit', params: {} }),
          })
          .execute();
        for (const { at: calledAt, ...call } of calls)
          await tx
            .insertInto('contacts')
            .values({
              store_id: store.storeId,
              id: newId(),
              customer_id: customerId,
              task_id: id,
              channel: 'phone',
              occurred_at: calledAt,
              staff_id: agent.staffId,
              ...call,
            })
            .execute();
      };
      const reached = (day: number, call: Heard = {}) => ({ at: `2026-01-0${day}T03:00:00Z`, outcome: 'reached', ...call });
      const [visit] = await tx.selectFrom('service_visits').select('id').where('store_id', '=', store.storeId).limit(1).execute();
      await tx
        .updateTable('service_visits')
        .set({ team: '机电一组' })
        .where('id', '=', visit?.id ?? '')
        .execute();
      await add(
        '2026-01-05T12:00:00Z',
        [reached(5, { satisfaction: 'satisfied', satisfied: true, praised: true, said_about: 'reception' })],
        {
          visit_id: visit?.id ?? '',
        },
      );
      await add('2026-01-06T12:00:00Z', [reached(6, { satisfaction: 'neutral', said_about: 'price', cause: 'communication' })]);
      await add('2026-01-06T12:00:00Z', [reached(6, { satisfied: false })]);
      await add('2026-01-07T12:00:00Z', [reached(7, { satisfaction: 'not_asked' })]);
      // Asked to be rung again: reached, and whatever he said beside it is no finished callback.
      await add('2026-01-08T12:00:00Z', [reached(8, { outcome: 'call_back', satisfaction: 'satisfied', satisfied: true })], {
        status: 'open',
        finishedAt: undefined as never,
      });
      // Reached later and not asked: what he said at the try before is no answer of this talk.
      await add('2026-01-08T12:00:00Z', [
        reached(8, { outcome: 'call_back', satisfaction: 'satisfied', satisfied: true }),
        reached(9, { satisfaction: 'not_asked' }),
      ]);
      await add('2026-01-08T12:00:00Z', [reached(8, { outcome: 'not_reached', unreached_because: 'switched_off' })], {
        status: 'open',
        finishedAt: undefined as never,
      });
      await add('2026-03-03T12:00:00Z', [{ at: '2026-03-03T03:00:00Z', outcome: 'reached', satisfied: true }]);
      await add('2026-03-04T12:00:00Z', [
        { at: '2026-03-04T03:00:00Z', outcome: 'not_reached' },
        { at: '2026-03-05T03:00:00Z', outcome: 'reached', satisfied: false },
      ]);
      await add('2026-03-05T12:00:00Z', [{ at: '2026-03-05T04:00:00Z', outcome: 'not_reached' }], {
        status: 'open',
        finishedAt: undefined as never,
      });
      await add('2026-03-06T12:00:00Z', [], { status: 'missed', finishedAt: '2026-03-13T15:59:59Z' });
      await add('2026-02-27T12:00:00Z', [{ at: '2026-03-02T03:00:00Z', outcome: 'reached', satisfied: true }]);
      await add('2026-02-26T12:00:00Z', [{ at: '2026-02-26T03:00:00Z', outcome: 'reached', satisfied: true }]);
      await add('2026-03-10T12:00:00Z', [{ at: '2026-03-08T03:00:00Z', outcome: 'reached', satisfied: true }]);
      await add('2026-03-04T13:00:00Z', [], { status: 'cancelled', finishedAt: '2026-03-03T00:00:00Z' });
      // Tried in vain, and its reason gone a week later: the call was made.
      await add('2026-03-06T13:00:00Z', [{ at: '2026-03-06T03:00:00Z', outcome: 'not_reached' }], {
        status: 'cancelled',
        finishedAt: '2026-03-12T00:00:00Z',
      });
    });
  });

  describe('what was heard', () => {
    const heardWeek: DateRange = { from: '2026-01-05' as CivilDate, to: '2026-01-12' as CivilDate };
    const asked = { kind: 'week', period: heardWeek } as const;

    it('counts a call that was asked, not who was reached alone; nobody unasked lowers satisfaction (G-11, W-03)', async () => {
      const { total } = await manager.client.reports.callbacks.query(asked);
      expect(total).toMatchObject({ made: 7, reached: 6, notReached: 1, answered: 3, notAsked: 3, satisfied: 1, other: 2 });
      expect(total).toMatchObject({ praised: 1, satisfaction: { part: 1, whole: 3 }, success: { part: 3, whole: 7 } });
    });

    it('exports the rates of callbacks to one decimal, as the screen shows them', async () => {
      const { base64 } = await manager.client.reports.export.mutate({ of: { report: 'callbacks', ...asked } });
      const [sheet] = await sheetsOf(base64);
      const formats = sheet?.rows.flat().flatMap(({ format }) => (String(format).includes('%') ? [format] : []));
      expect([...new Set(formats)]).toEqual(['0.0%']);
    });

    it.each([
      { groupBy: 'said', counts: { 接待服务: 1, 价格与收费说明: 1, 未注明: 5 } },
      { groupBy: 'cause', counts: { 沟通不到位: 1, 未注明: 6 } },
      { groupBy: 'unreached', counts: { 关机: 1, 未注明: 6 } },
      { groupBy: 'team', counts: { 机电一组: 1, 未注明: 6 } },
    ] as const)('by $groupBy: the parts are the whole, each opens its rows', async ({ groupBy, counts }) => {
      const { groups, total } = await manager.client.reports.callbacks.query({ ...asked, groupBy });
      const nameOf = ({ key, names }: (typeof groups)[number]) => names?.zh ?? key ?? '未注明';
      expect(Object.fromEntries(groups.map((group) => [nameOf(group), group.figures.made]))).toEqual(counts);
      expect(groups.reduce((sum, { figures }) => sum + figures.made, 0)).toBe(total.made);
      for (const { key, figures } of groups) {
        const { items } = await manager.client.reports.callbackRows.query({ period: heardWeek, measure: 'made', of: { by: groupBy, key } });
        expect(items).toHaveLength(figures.made);
      }
    });

    it('shows the words in the rows and in the file', async () => {
      const { items } = await manager.client.reports.callbackRows.query({ period: heardWeek, measure: 'praised' });
      expect(items).toMatchObject([{ satisfaction: 'satisfied', praised: true, said: { zh: '接待服务' }, cause: null, unreached: null }]);
    });

    it.each(['answered', 'notAsked', 'praised', 'complained', 'notReached', 'other'] as const)(
      '%s opens as many rows as it says',
      async (measure) => {
        const { total } = await manager.client.reports.callbacks.query(asked);
        expect((await manager.client.reports.callbackRows.query({ period: heardWeek, measure })).items).toHaveLength(total[measure]);
      },
    );
  });

  it('counts each customer once, carried-over calls apart', async () => {
    const { total, groups } = await manager.client.reports.callbacks.query({ kind: 'week', period: week });
    expect(total).toEqual(
      callbackFigures({
        due: 5,
        dueCalled: 4,
        carriedOver: 1,
        carriedOverCalled: 1,
        made: 6,
        reached: 4,
        answered: 4,
        satisfied: 3,
        praised: 0,
        complained: 0,
      }),
    );
    expect(formatRate(total.completion, 0)).toBe('80%');
    expect(total.ahead).toBe(1);
    expect(groups).toMatchObject([{ label: '方琳' }]);
  });

  it('leaves the week after without the call that was cancelled in it', async () => {
    const after: DateRange = { from: '2026-03-09' as CivilDate, to: '2026-03-16' as CivilDate };
    const { total } = await manager.client.reports.callbacks.query({ kind: 'week', period: after });
    // Still to be made when it began: the one that was missed in it; due in it: one, called ahead of its day.
    expect(total).toMatchObject({ due: 1, dueCalled: 0, carriedOver: 1, made: 0 });
  });

  it.each(['due', 'dueCalled', 'dueNotCalled', 'carriedOver', 'made', 'reached', 'notReached', 'satisfied', 'other', 'ahead'] as const)(
    '%s opens as many rows as it says',
    async (measure) => {
      const { total } = await manager.client.reports.callbacks.query({ kind: 'week', period: week });
      const { items } = await manager.client.reports.callbackRows.query({ period: week, measure });
      expect(items).toHaveLength(measure === 'dueNotCalled' ? total.due - total.dueCalled : total[measure]);
    },
  );

  it('care execution: the parts are the whole, each opens its rows', async () => {
    const { total, groups } = await manager.client.reports.care.query({ kind: 'week', period: week, groupBy: 'role' });
    expect(total).toEqual({ planned: 4, doneInTime: 1, doneLate: 1, skipped: 0, missed: 1, overdue: 1, waiting: 0 });
    expect(groups).toMatchObject([{ key: 'FU_AGENT', counts: total }]);
    for (const measure of ['planned', 'doneInTime', 'doneLate', 'missed', 'overdue'] as const) {
      expect((await manager.client.reports.careRows.query({ period: week, measure })).items).toHaveLength(total[measure]);
    }
  });

  it('a missed task has no time at which it was done', async () => {
    const rows = async (measure: 'missed' | 'doneLate') => (await manager.client.reports.careRows.query({ period: week, measure })).items;
    expect(await rows('missed')).toMatchObject([{ status: 'missed', finishedAt: null }]);
    expect(await rows('doneLate')).toMatchObject([{ status: 'done', finishedAt: expect.any(String) }]);
  });

  it('show persons as far as the reader may see them: an auditor counts the same rows without names, plates and notes', async () => {
    const auditor = await server.person(store, 'AUDITOR', 'management');
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .updateTable('tasks')
        .set({ outcome_note: '客户很满意' })
        .where('store_id', '=', store.storeId)
        .where('status', '=', 'done')
        .execute(),
    );
    const [whole, masked] = await Promise.all(
      [manager, auditor].map(({ client }) => client.reports.callbackRows.query({ period: week, measure: 'made' })),
    );
    expect(whole?.items.some(({ note }) => note !== null)).toBe(true);
    expect(masked?.items).toEqual(
      whole?.items.map((row) => ({
        ...row,
        customer: { ...row.customer, name: `${row.customer.name.slice(0, 1)}**` },
        plate: null,
        note: null,
      })),
    );
    const visits = await auditor.client.reports.serviceRows.query({ period, limit: 5 });
    expect(new Set(visits.items.map(({ customer, plate }) => `${customer?.name} ${plate}`))).toEqual(
      new Set([expect.stringMatching(/^.\*\* null$/)]),
    );
  });
});

describe('customers who came back', () => {
  it('are counted from the day of the store on which they were spoken to', async () => {
    // 07:30 in Shanghai; by the clock of Greenwich it is still the day before.
    const at = '2018-03-04T23:30:00Z';
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      for (const arrivedOn of ['2018-03-05', '2018-03-06']) {
        const id = await aCustomerOnFile(server.platform.pool, store.storeId, {});
        await tx
          .insertInto('contacts')
          .values({
            store_id: store.storeId,
            id: newId(),
            customer_id: id,
            task_id: newId(),
            channel: 'phone',
            outcome: 'reached',
            occurred_at: at,
            staff_id: agent.staffId,
          })
          .execute();
        await tx
          .insertInto('service_visits')
          .values({
            store_id: store.storeId,
            id: newId(),
            customer_id: id,
            category: 'minor_repair',
            state: 'settled',
            order_no: `early-${id}`,
            arrived_on: arrivedOn,
          })
          .execute();
      }
    });
    const period = { from: '2018-03-01' as CivilDate, to: '2018-04-01' as CivilDate };
    // Who came on the same day had not been called in; who came on the next had.
    const { returned } = await manager.client.reports.care.query({ kind: 'month', period, groupBy: 'role' });
    expect(returned).toEqual({ part: 1, whole: 2 });
    const { items } = await manager.client.reports.returnedRows.query({ period, measure: 'returned' });
    expect(items).toMatchObject([{ spokenOn: '2018-03-05', arrivedOn: '2018-03-06' }]);
  });

  it('are the rows their share opens', async () => {
    const spokenOn = '2019-03-04';
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      for (const arrives of [true, false]) {
        const id = await aCustomerOnFile(server.platform.pool, store.storeId, {});
        await tx
          .insertInto('contacts')
          .values({
            store_id: store.storeId,
            id: newId(),
            customer_id: id,
            task_id: newId(),
            channel: 'phone',
            outcome: 'reached',
            occurred_at: `${spokenOn}T04:00:00Z`,
            staff_id: agent.staffId,
          })
          .execute();
        const visit = { store_id: store.storeId, customer_id: id, category: 'minor_repair', state: 'settled' as const };
        await tx
          .insertInto('service_visits')
          .values([
            { ...visit, id: newId(), order_no: `back-${id}`, arrived_on: arrives ? '2019-03-20' : '2019-04-20' },
            { ...visit, id: newId(), order_no: `later-${id}`, arrived_on: '2019-05-20' },
          ])
          .execute();
      }
    });
    const period = { from: '2019-03-01' as CivilDate, to: '2019-04-01' as CivilDate };
    const { returned } = await manager.client.reports.care.query({ kind: 'month', period, groupBy: 'role' });
    expect(returned).toEqual({ part: 1, whole: 2 });
    const rows = async (measure: 'reached' | 'returned', limit = 50) =>
      manager.client.reports.returnedRows.query({ period, measure, limit });
    expect((await rows('returned')).items).toMatchObject([{ spokenOn, arrivedOn: '2019-03-20', orderNo: expect.stringMatching(/^back-/) }]);
    expect((await rows('reached')).items).toHaveLength(2);
    const boss = await server.person(store, 'GM', 'management');
    const file = await boss.client.reports.export.mutate({ of: { report: 'returnedRows', period, measure: 'returned' } });
    expect([file.rows, (await sheetsOf(file.base64))[0]?.rows.at(-1)?.map(({ value }) => value)]).toEqual([
      1,
      [expect.any(String), spokenOn, '2019-03-20', expect.stringMatching(/^back-/)],
    ]);
    const first = await rows('reached', 1);
    const next = await manager.client.reports.returnedRows.query({ period, measure: 'reached', limit: 1, cursor: first.nextCursor });
    expect(next.items[0]?.customer.id).not.toBe(first.items[0]?.customer.id);
  });
});

describe('the home counts what its lists show', () => {
  beforeAll(async () => {
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      const overdue = async (assignee: StaffId | null, daysAgo: number, showsInDays = 0) => {
        const due = new Date(Date.parse(now()) - daysAgo * 86_400_000).toISOString();
        await tx
          .insertInto('tasks')
          .values({
            store_id: store.storeId,
            id: newId(),
            kind: 'care_call',
            status: 'open',
            rule_key: 'csi_survey',
            customer_id: customerId,
            role: 'FU_AGENT',
            assignee_id: assignee,
            channel: 'phone',
            purpose: 'service',
            priority: 2,
            not_before_on: due.slice(0, 10),
            show_at: new Date(Date.parse(now()) + showsInDays * 86_400_000).toISOString(),
            due_at: due,
            reason: JSON.stringify({ code: 'after.visit', params: {} }),
          })
          .execute();
      };
      await overdue(agent.staffId, 1);
      await overdue(agent.staffId, 39);
      await overdue(advisor.staffId, 2);
      await overdue(lead.staffId, 3);
      // Moved on to a later day, because his own was full: the promise is broken all the same.
      await overdue(lead.staffId, 1, 2);
      await overdue(null, 4);
    });
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      const order = { store_id: store.storeId, customer_id: customerId, ordered_on: '2026-01-05', price_fen: 1 };
      const today = dateIn('Asia/Shanghai' as TimeZone, now());
      await tx
        .insertInto('orders')
        .values([
          { ...order, id: newId(), state: 'delivered', delivered_on: today },
          { ...order, id: newId(), ordered_on: '2026-01-06', state: 'cancelled', delivered_on: today },
          { ...order, id: newId(), ordered_on: '2026-01-07', state: 'delivered', delivered_on: '2020-01-01' },
        ])
        .execute();
    });
  });

  it.each([
    { who: 'a manager of the department', person: () => manager },
    { who: 'the lead of a team', person: () => lead },
  ])('overdue calls of $who, as his team queue does', async ({ person }) => {
    const { client } = person();
    const card = (await client.reports.home.query()).figures.find(({ figure }) => figure === 'overdue_calls');
    const queue = await client.tasks.team.query({ tab: 'overdue', limit: 50 });
    expect([card?.whose, card?.value]).toEqual(['team', queue.items.length]);
    expect(queue.items.length).toBeGreaterThan(0);
    // The agent is of another department: his calls are not theirs to give away.
    expect(queue.items.map(({ task }) => task.assigneeId)).not.toContain(agent.staffId);
    expect(queue.items.map(({ task }) => task.role === 'FU_AGENT' && task.assigneeId === null)).not.toContain(true);
  });

  it('overdue calls of the store, the same number as care execution, the queue, the load of its people and the rows', async () => {
    const { client } = await server.person(store, 'CC_MGR', 'customer_care');
    const card = (await client.reports.home.query()).figures.find(({ figure }) => figure === 'overdue_calls');
    const days = { from: '2026-01-01' as CivilDate, to: addDays(dateIn('Asia/Shanghai' as TimeZone, now()), 1) };
    const { total } = await client.reports.care.query({ kind: 'custom', period: days, groupBy: 'role' });
    const { items } = await client.reports.careRows.query({ period: days, measure: 'overdue', limit: 200 });
    const queue = await client.tasks.team.query({ tab: 'overdue', limit: 50 });
    const { people } = await client.tasks.load.query();
    const load = people.reduce((sum, person) => sum + person.overdue, 0);
    expect([card?.whose, card?.value, total.overdue, queue.items.length, load]).toEqual(['store', ...Array(4).fill(items.length)]);
    expect(items.length).toBeGreaterThan(5);
  });

  describe('complaints', () => {
    const minutes = (from: number) => new Date(Date.parse(now()) + from * 60_000).toISOString() as Instant;
    const due = (response: number, close: number) => ({
      response: { dueAt: minutes(response), minutes: 60 },
      close: { dueAt: minutes(close), minutes: 1440 },
    });
    const paused = {
      pause: {
        state: 'paused' as const,
        reason: '等配件',
        requestedBy: '' as StaffId,
        requestedAt: minutes(-300),
        until: minutes(300),
        approvedBy: '' as StaffId,
        pausedAt: minutes(-300),
      },
    };
    const sales = { kind: 'sales.attitude' as const };

    beforeAll(async () => {
      const cases: Complaint[] = [
        aComplaint(due(119, 1000)),
        aComplaint(due(121, 119)), // the answer presses, whatever the closing does
        aComplaint({ ...due(-10, 1000), ...sales }),
        aComplaint({ ...due(-10, 1000), ...paused, ...sales }),
        aResponded(due(-500, 119)),
        aResponded({ ...due(-500, 121), ...sales }),
        aSolved(due(-500, -5)),
        aSolved(due(-500, 121)),
        aSolved({ ...due(-500, -5), ...paused }),
        aClosed({ ...due(-500, -5), ...sales }),
      ];
      await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
        for (const [at, complaint] of cases.entries()) {
          const by = manager.staffId;
          const pause = complaint.pause.state === 'paused' ? { ...complaint.pause, requestedBy: by, approvedBy: by } : complaint.pause;
          const facts = {
            ...complaint,
            id: newId<ComplaintId>(),
            number: `20261128-9${at}`,
            customerId,
            departmentId: (store.departments.get('service') ?? '') as DepartmentId,
            accusedId: null,
            handlerId: by,
            handledBy: [by],
            registeredBy: by,
            registeredAt: minutes(-1000),
            pause,
            ...('respondedBy' in complaint ? { respondedBy: by, respondedAt: minutes(-900) } : {}),
            ...('solvedBy' in complaint ? { solvedBy: by, solvedAt: minutes(-800) } : {}),
            ...('confirmedBy' in complaint ? { confirmedBy: agent.staffId, closedAt: minutes(-700) } : {}),
          };
          await insertComplaint(tx, store.storeId, facts, null);
        }
      });
    });

    it.each([
      { role: 'CC_MGR', figure: 'complaints_running_out', of: 4, rows: { runningOut: true } },
      { role: 'SVC_MGR', figure: 'complaints_running_out', of: 4, rows: { runningOut: true } },
      { role: 'CC_MGR', figure: 'complaints_to_confirm', of: 3, rows: { tab: 'to_confirm' } },
      {
        role: 'SALES_MGR',
        figure: 'sales_complaints',
        of: 3,
        rows: { statuses: ['registered', 'responded', 'solved', 'reopened'], kinds: ['sales'] },
      },
    ] as const)('$figure of $role', async ({ role, figure, of, rows }) => {
      const { client } = await server.person(store, role, 'service');
      const card = (await client.reports.home.query()).figures.find((shown) => shown.figure === figure);
      const filter: Parameters<typeof client.complaints.list.query>[0] = structuredClone(rows) as object;
      const { items } = await client.complaints.list.query({ ...filter, limit: 200 });
      expect([card?.value, items.length]).toEqual([of, of]);
      if (figure !== 'complaints_running_out') return;
      // What SQL finds is what the rule says of each.
      const until = runningOutUntil(now());
      for (const { complaint } of items)
        expect([complaint.status, complaint.pause.state, complaint[pressing(complaint)].dueAt < until]).toEqual([
          complaint.status,
          'running',
          true,
        ]);
    });
  });

  it('deliveries of the month', async () => {
    const boss = await server.person(store, 'GM', 'sales');
    const card = (await boss.client.reports.home.query()).figures.find(({ figure }) => figure === 'deliveries_month');
    const { items } = await boss.client.reports.deliveryRows.query({ period: card?.period ?? period });
    expect([card?.value, items.length]).toEqual([1, 1]);
  });

  it('an unfinished period counts and opens the same calls, those still to come in neither', async () => {
    const today = dateIn('Asia/Shanghai' as TimeZone, now());
    const unfinished = { from: addDays(today, -2), to: addDays(today, 5) };
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      for (const days of [-1, 2]) {
        const due = `${addDays(today, days)}T04:00:00.000Z`;
        await tx
          .insertInto('tasks')
          .values({
            store_id: store.storeId,
            id: newId(),
            kind: 'care_call',
            status: 'open',
            rule_key: 'csi_survey',
            customer_id: customerId,
            role: 'FU_AGENT',
            assignee_id: agent.staffId,
            channel: 'phone',
            purpose: 'service',
            priority: 2,
            not_before_on: due.slice(0, 10),
            due_at: due,
            reason: JSON.stringify({ code: 'after.visit', params: {} }),
          })
          .execute();
      }
    });
    const boss = await server.person(store, 'GM', 'management');
    const asked = { kind: 'custom' as const, period: unfinished, calls: 'service' as const };
    const { total } = await boss.client.reports.callbacks.query({ ...asked, groupBy: 'rule' });
    const rows = await boss.client.reports.callbackRows.query({ period: unfinished, calls: 'service', measure: 'due', limit: 200 });
    expect(total.due).toBeGreaterThan(0);
    expect(rows.items).toHaveLength(total.due);
    const care = await boss.client.reports.care.query({ kind: 'custom', period: unfinished, groupBy: 'role' });
    const careRows = await boss.client.reports.careRows.query({ period: unfinished, measure: 'planned', limit: 200 });
    expect(careRows.items).toHaveLength(care.groups.reduce((sum, { counts }) => sum + counts.planned, 0));
  });

  it('a festival week is compared with the same days of last year, or with those as far from Spring Festival', async () => {
    // 2026-02-17 and 2025-01-29 are the first days of their lunar years.
    const week = { kind: 'week' as const, period: { from: '2026-02-16' as CivilDate, to: '2026-02-23' as CivilDate } };
    const lunar = { from: '2025-01-28', to: '2025-02-04' };
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      const visit = { store_id: store.storeId, customer_id: customerId, category: 'minor_repair', state: 'settled' as const };
      await tx
        .insertInto('service_visits')
        .values([
          { ...visit, id: newId(), order_no: 'before-the-eve', arrived_on: '2025-01-27' },
          { ...visit, id: newId(), order_no: 'eve', arrived_on: '2025-01-28' },
          { ...visit, id: newId(), order_no: 'sixth-day', arrived_on: '2025-02-03' },
          { ...visit, id: newId(), order_no: 'seventh-day', arrived_on: '2025-02-04' },
        ])
        .execute();
    });
    const { client } = manager;
    const solar = await client.reports.service.query(week);
    expect(solar).toMatchObject({ lastYearBy: 'solar', lunarLastYear: lunar, lastYear: { from: '2025-02-17', to: '2025-02-24' } });
    expect(solar.total.lastYear).toBe(0);
    const asked = { ...week, lastYearBy: 'lunar' as const };
    const aligned = await client.reports.service.query(asked);
    expect(aligned).toMatchObject({ lastYearBy: 'lunar', lastYear: lunar, total: { lastYear: 2 } });
    for (const report of ['callbacks', 'care'] as const)
      expect(await client.reports[report].query(asked)).toMatchObject({ lastYearBy: 'lunar', lastYear: lunar });
    // In summer there is nothing to align with.
    const summer = { kind: 'month' as const, period: { from: '2026-07-01' as CivilDate, to: '2026-08-01' as CivilDate } };
    expect(await client.reports.service.query({ ...summer, lastYearBy: 'lunar' })).toMatchObject({
      lastYearBy: 'solar',
      lunarLastYear: null,
      lastYear: { from: '2025-07-01', to: '2025-08-01' },
    });
  });

  it('an unfinished week is compared with the same days of the week before', async () => {
    const { period: thisWeek } = (await manager.client.reports.home.query()).figures.find(({ figure }) => figure === 'visits_week') ?? {};
    if (!thisWeek) throw new Error('the manager has no week on his home');
    const report = await manager.client.reports.service.query({ kind: 'week', period: thisWeek });
    const length = ({ from, to }: DateRange) => daysBetween(from, to);
    expect(report.previous.from).toBe(addDays(thisWeek.from, -7));
    expect([length(report.previous), length(report.lastYear)]).toEqual([length(report.period), length(report.period)]);
  });
});

describe('who may', () => {
  it('the home of a manager has five figures', async () => {
    expect((await manager.client.reports.home.query()).figures).toHaveLength(5);
  });
  it('exports what the table shows, and writes down who did', async () => {
    const file = await manager.client.reports.export.mutate({ of: { report: 'service', ...insight } });
    expect(Buffer.from(file.base64, 'base64').subarray(0, 2).toString()).toBe('PK');
    expect(file.rows).toBe(19);
    const actions = await inTransaction(
      server.platform.pool,
      { storeId: store.storeId },
      (tx) =>
        tx
          .selectFrom('audit_entries')
          .select('action')
          .where('store_id', '=', store.storeId)
          .where('action', '=', 'reports.export')
          .where('entity_id', '=', 'service')
          .execute(),
      'read',
    );
    expect(actions).toHaveLength(1);
  });
  it('exports numbers as numbers, with the format that shows them as the screen does', async () => {
    const file = await manager.client.reports.export.mutate({ of: { report: 'service', ...insight } });
    const [sheet] = await sheetsOf(file.base64);
    const header = sheet?.rows[4] ?? [];
    const total = sheet?.rows.at(-1) ?? [];
    const { total: report } = await manager.client.reports.service.query(insight);
    const at = (title: string) => total[header.findIndex(({ value }) => value === title)];
    expect(at('本期')).toMatchObject({ value: report.visits });
    expect(at('占比')).toEqual({ value: report.visits === 0 ? null : 1, format: expect.stringContaining('%') });
    expect(at('环比')).toEqual({ value: report.visits - report.previous, format: '+#,##0;-#,##0;0' });
    expect(
      sheet?.rows
        .flat()
        .filter(({ value }) => typeof value === 'string' && /^'|%$/.test(value) && !value.startsWith('环比') && !value.startsWith('同比')),
    ).toEqual([]);
  });
  it('exports which days of last year it compares with', async () => {
    const week = { kind: 'week' as const, period: { from: '2026-02-16' as CivilDate, to: '2026-02-23' as CivilDate } };
    const of = { report: 'service' as const, ...week, lastYearBy: 'lunar' as const };
    const [sheet] = await sheetsOf((await manager.client.reports.export.mutate({ of })).base64);
    expect(sheet?.rows[2]?.[0]?.value).toBe('与去年农历同期 2025-01-28 – 2025-02-03 相比（距春节的天数相同）');
    expect(sheet?.rows[4]?.map(({ value }) => value)).toContain('农历同比');
  });
  it('says in the file of rows which figure they are of, how they are narrowed down, of which store and when it was made', async () => {
    const period = { from: '2026-05-01' as CivilDate, to: '2026-06-01' as CivilDate };
    const narrowed = { period, unassigned: true, ruleKey: 'first_call' };
    const aboutOf = async (of: Parameters<typeof manager.client.reports.export.mutate>[0]['of']) => {
      const { fileName, base64 } = await manager.client.reports.export.mutate({ of });
      const [sheet] = await sheetsOf(base64);
      return { fileName, name: sheet?.name, about: sheet?.rows.slice(0, 4).map(([cell]) => cell?.value) };
    };
    const about = (title: string, filter: string) => [
      `门店 one · ${title}`,
      '期间 2026-05-01 – 2026-05-31',
      `筛选 ${filter}`,
      expect.stringMatching(/导出于 \d{4}-\d\d-\d\d \d\d:\d\d$/),
    ];
    const fileName = (title: string) => expect.stringMatching(new RegExp(`^门店 one-${title}-2026-05-01-2026-05-31-\\d{8}-\\d{4}\\.xlsx$`));
    expect(await aboutOf({ report: 'callbackRows', ...narrowed, measure: 'dueNotCalled' })).toEqual({
      fileName: fileName('维修回访 未回访'),
      name: '维修回访 未回访 2026-05-01',
      about: about('维修回访 未回访', '待领取 · 24 小时首次回访'),
    });
    expect(await aboutOf({ report: 'careRows', ...narrowed, measure: 'overdue', role: 'FU_AGENT' })).toEqual({
      fileName: fileName('关怀执行 逾期未做'),
      name: '关怀执行 逾期未做 2026-05-01',
      about: about('关怀执行 逾期未做', '回访员 · 待领取 · 24 小时首次回访'),
    });
    expect((await aboutOf({ report: 'serviceRows', period, effective: false })).name).toBe('维修周报 无效台次 2026-05-01');
  });
  it.each([
    { report: 'service', kind: 'custom', drawn: ['维修类别分析', '近 12 期进厂台次'] },
    { report: 'callbacks', kind: 'custom', drawn: ['近 12 期回访与满意度'] },
    { report: 'complaints', kind: 'custom', drawn: ['各月客诉率'] },
  ] as const)('exports the charts of $report with their numbers', async ({ drawn, ...of }) => {
    const months = { from: '2012-12-01' as CivilDate, to: '2013-02-01' as CivilDate };
    const file = await manager.client.reports.export.mutate({ of: { ...of, period: months } });
    const data = (await sheetsOf(file.base64)).find(({ name }) => name === '图表数据');
    expect(data?.rows.map(([cell]) => cell?.value).filter((value) => drawn.some((title) => title === value))).toEqual(drawn);
    if (of.report !== 'service') return;
    const total = (await manager.client.reports.service.query({ kind: of.kind, period: months })).trend.at(-1);
    const last = data?.rows
      .at(-1)
      ?.slice(1, 3)
      .map(({ value }) => value);
    expect(last).toEqual([total?.effective, total?.ineffective]);
  });
  it.each([
    { of: { report: 'callbacks', kind: 'custom', groupBy: 'person' }, head: '回访人' },
    { of: { report: 'callbacks', kind: 'custom', groupBy: 'said' }, head: '反馈类别' },
    { of: { report: 'callbacks', kind: 'custom', groupBy: 'team' }, head: '班组' },
    { of: { report: 'care', groupBy: 'rule' }, head: '规则' },
    { of: { report: 'care', groupBy: 'role' }, head: '岗位' },
    { of: { report: 'care', groupBy: 'person' }, head: '负责人' },
  ] as const)('exports $of.report by $of.groupBy under the name of what its lines are', async ({ of, head }) => {
    const [sheet] = await sheetsOf((await manager.client.reports.export.mutate({ of: { ...of, period } })).base64);
    const heads = sheet?.rows.map(([cell]) => cell?.value);
    expect(heads).toContain(head);
  });
  it('exports no table of the complaints report without a name over its first column', async () => {
    const file = await manager.client.reports.export.mutate({ of: { report: 'complaints', ...insight } });
    const sheets = new Map((await sheetsOf(file.base64)).map(({ name, rows }) => [name, rows.map(([cell]) => cell?.value)]));
    expect(sheets.get('承诺时限')).toContain('承诺时限');
    expect(sheets.get('按类别')).toContain('类别');
    expect(sheets.get('客诉率对比')).toContain('客诉率');
  });
  it('exports every table of the complaints report, each as a sheet', async () => {
    const file = await manager.client.reports.export.mutate({ of: { report: 'complaints', ...insight } });
    const names = (await sheetsOf(file.base64)).map(({ name }) => name);
    expect(names.slice(1)).toEqual(['客诉率对比', '按类别', '按来源', '按部门', '按被投诉人', '承诺时限']);
  });
  it.each([
    {
      name: 'a whole year once, as what came before and last year',
      from: '2015-01-01',
      to: '2016-01-01',
      heads: ['本期', '上期 · 去年同期'],
    },
    {
      name: 'a month beside the month before and that of last year',
      from: '2013-01-01',
      to: '2013-02-01',
      heads: ['本期', '上期', '去年同期'],
    },
  ])('exports complaint rates of $name', async ({ from, to, heads }) => {
    const days = { from: from as CivilDate, to: to as CivilDate };
    const file = await manager.client.reports.export.mutate({ of: { report: 'complaints', period: days } });
    const sheet = (await sheetsOf(file.base64)).find(({ name }) => name === '客诉率对比');
    const header = sheet?.rows.find(([first]) => first?.value === '客诉率') ?? [];
    expect(header.flatMap(({ value }) => (typeof value === 'string' && value.endsWith(' 客诉率') ? [value] : []))).toEqual(
      heads.map((head) => `${head} 客诉率`),
    );
  });
  it('exports complaint rates beside the period chosen to compare with, saying which days they are of', async () => {
    const days = { from: '2013-01-01' as CivilDate, to: '2013-03-01' as CivilDate };
    const against = { from: '2012-10-01' as CivilDate, to: '2012-12-01' as CivilDate };
    const file = await manager.client.reports.export.mutate({ of: { report: 'complaints', period: days, against } });
    const sheet = (await sheetsOf(file.base64)).find(({ name }) => name === '客诉率对比');
    const lines = sheet?.rows.map(([first]) => first?.value);
    expect(lines).toEqual(
      expect.arrayContaining(['本期 2013-01-01 – 2013-02-28', '对比期间 2012-10-01 – 2012-11-30', '去年同期 2012-01-01 – 2012-02-29']),
    );
    // Of sales she sees nothing.
    expect(lines?.slice(-2)).toEqual(['服务客诉率 · 月均', '服务客诉率 · 合计']);
    const { service, mean } = await manager.client.complaints.rates.query({ period: days, against });
    const [average, pooled] = sheet?.rows.slice(-2) ?? [];
    expect(service?.whole).toBeGreaterThan(0);
    expect(pooled?.slice(1, 4).map(({ value }) => value)).toEqual([
      service?.part,
      service?.whole,
      (service?.part ?? 0) / (service?.whole ?? 1),
    ]);
    expect(average?.[3]).toEqual({ value: mean.service?.share, format: '0.000%' });
  });
  it.each(['service', 'callbacks', 'care'] as const)('%s refuses the signed-out and roles without the right', async (report) => {
    expect(await codeOf(server.anonymous.reports[report].query(insight))).toBe('access.signed_out');
    expect(await codeOf(reception.client.reports[report].query(insight))).toBe('access.forbidden');
  });
  it('refuses the export to who may only look', async () => {
    expect(await codeOf(advisor.client.reports.export.mutate({ of: { report: 'service', ...insight } }))).toBe('access.forbidden');
  });
  it('shows another store nothing of this one', async () => {
    expect((await stranger.client.reports.service.query(insight)).total.visits).toBe(0);
    expect((await stranger.client.reports.serviceRows.query({ period })).items).toEqual([]);
  });
});

import type { ComplaintPolicy } from '@baoke/core/complaints';
import {
  addDays,
  addMinutes,
  dateIn,
  instantAt,
  millisecondsOf,
  type BusinessCalendar,
  type CivilDate,
  type CustomerId,
  type Instant,
  type TimeZone,
  type WallTime,
} from '@baoke/core/kernel';
import { SHIPPED } from '@baoke/core/settings';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { readCalendars } from '@baoke/db/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../access/sessions.ts';
import { now, setClockOffset } from '../clock.ts';
import { escalateDue } from '../complaints/escalate.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;

let server: TestServer;
let store: TestStore;
let admin: TestPerson;
let boss: TestPerson;
let agent: TestPerson;
let stranger: TestPerson;
let customerId: CustomerId;

beforeAll(async () => {
  // Ten in the morning of the store: no test runs over midnight.
  setClockOffset(millisecondsOf(instantAt(ZONE, dateIn(ZONE, now()), '10:00' as WallTime)) - millisecondsOf(now()));
  server = await startTestServer();
  store = await server.store('one');
  const elsewhere = await server.store('two');
  admin = await server.person(store, 'ADMIN', 'management', '管理员');
  boss = await server.person(store, 'GM', 'management');
  agent = await server.person(store, 'FU_AGENT', 'customer_care');
  await server.person(store, 'SVC_MGR', 'service');
  stranger = await server.person(elsewhere, 'ADMIN', 'management');
  customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
});
afterAll(async () => {
  setClockOffset(0);
  await server.close();
});

type Deadline = ComplaintPolicy['deadlines'][number];
const general = (minutes: number): Deadline => ({ response: { minutes }, close: { minutes: 1440 }, businessHours: false });

describe('the public holidays of a year', () => {
  it('that nobody knows are told of with the calendar, until they are entered', async () => {
    const offset = millisecondsOf(instantAt(ZONE, '2027-01-05' as CivilDate, '10:00' as WallTime)) - Date.now();
    const before = millisecondsOf(now()) - Date.now();
    const missing = async () => (await boss.client.settings.get.query({ section: 'calendar' })).yearsWithoutHolidays;
    try {
      setClockOffset(offset);
      const token = await inTransaction(server.platform.pool, {}, (tx) =>
        openSession(tx, boss.accountId, { ip: '127.0.0.1', userAgent: null }),
      );
      boss = { ...boss, client: server.client({ cookie: `baoke_session=${token}` }) };
      expect(await missing()).toEqual([2027]);
      expect((await boss.client.settings.get.query({ section: 'complaints' })).yearsWithoutHolidays).toEqual([]);
      await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
        tx.insertInto('calendar_days').values({ store_id: store.storeId, day: '2027-01-01', open: false, name: '元旦' }).execute(),
      );
      expect(await missing()).toEqual([]);
    } finally {
      await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
        tx.deleteFrom('calendar_days').where('store_id', '=', store.storeId).execute(),
      );
      setClockOffset(before);
    }
  });
});

it('keeps the calendar as it stood, for what was promised by it', async () => {
  const own = await server.store('calendars');
  const chief = await server.person(own, 'ADMIN', 'management');
  const calendarAt = () => inTransaction(server.platform.pool, { storeId: own.storeId }, (tx) => readCalendars(tx, own.storeId));
  const closedOn = async (at: Instant) => (await calendarAt())(at).exceptions.map(({ date }) => date);
  const close = async (version: number, date: string) => {
    const value = { ...SHIPPED.calendar, exceptions: [{ date: date as CivilDate, open: false }] };
    await chief.client.settings.save.mutate({ version, of: { section: 'calendar', value } });
  };
  const start = now();
  expect(await closedOn(start)).toEqual([]);
  await close(0, '2027-03-01');
  const between = now();
  await close(1, '2027-03-02');
  expect([await closedOn(start), await closedOn(between), await closedOn(now())]).toEqual([[], ['2027-03-01'], ['2027-03-02']]);
});

async function savePolicy(change: Partial<ComplaintPolicy>, by = admin) {
  const { version } = await by.client.settings.get.query({ section: 'complaints' });
  return by.client.settings.save.mutate({ version, of: { section: 'complaints', value: { ...SHIPPED.complaints, ...change } } });
}

describe('points for a kind of complaint', () => {
  it('rule the month-end table from then on, and whoever edits an older version is told (COMP-09, G-04)', async () => {
    const month = dateIn(ZONE, now()).slice(0, 7);
    const { complaint } = await agent.client.complaints.register.mutate({
      customerId,
      source: 'phone',
      kind: 'service.parts',
      severity: 'normal',
      content: '配件等了一个月',
      departmentId: store.departments.get('service') ?? '',
      accusedId: agent.staffId,
    });
    const hers = async () => (await boss.client.complaints.scoring.query({ month })).rows.find(({ staffId }) => staffId === agent.staffId);
    expect(await hers()).toMatchObject({ points: 2, kinds: [{ kind: complaint.kind, complaints: 1, points: 2 }] });
    const { version } = await admin.client.settings.get.query({ section: 'complaints' });
    const byKind = [
      { kind: 'service' as const, bySeverity: { low: 20, normal: 30, high: 40 } },
      { kind: complaint.kind, bySeverity: { low: 5, normal: 7, high: 9 } },
    ];
    const value = { ...SHIPPED.complaints, scoring: { ...SHIPPED.complaints.scoring, byKind } };
    await admin.client.settings.save.mutate({ version, of: { section: 'complaints', value } });
    expect(await hers()).toMatchObject({ points: 7, kinds: [{ kind: complaint.kind, complaints: 1, points: 7 }] });
    expect((await boss.client.complaints.scoring.query({ month })).scoring.byKind).toEqual(byKind);
    const late = { ...value, scoring: { ...value.scoring, byKind: [] } };
    const [conflict] = await conflictOf(admin.client.settings.save.mutate({ version, of: { section: 'complaints', value: late } }));
    expect(conflict).toMatchObject({ field: 'scoring', theirs: value.scoring });
    // A program that knows of no kinds saves none.
    const { byKind: _, ...known } = value.scoring;
    await admin.client.settings.save.mutate({ version: version + 1, of: { section: 'complaints', value: { ...value, scoring: known } } });
    expect(await hers()).toMatchObject({ points: 2 });
    const file = await boss.client.complaints.exportScores.mutate({ month, format: 'csv', locale: 'zh' });
    const [header, ...rows] = Buffer.from(file.base64, 'base64').toString('utf8').split('\r\n');
    expect(header).toBe('\u{feff}"月份","被投诉人","部门","客诉类别","客诉数","超时数","重新处理数","扣分"');
    expect(rows.find((row) => row.includes('配件'))).toMatch(new RegExp(`^"${month}",.*"售后 / 配件 ×1",1,0,0,2$`));
    await savePolicy({});
  });
});

async function saveCalendar(value: BusinessCalendar) {
  const { version } = await admin.client.settings.get.query({ section: 'calendar' });
  return admin.client.settings.save.mutate({ version, of: { section: 'calendar', value } });
}

async function registered() {
  const { complaint } = await agent.client.complaints.register.mutate({
    customerId,
    source: 'phone',
    kind: 'service.workmanship',
    content: '刹车异响没有修好',
    departmentId: store.departments.get('service') ?? '',
  });
  return complaint;
}

/** The conflict a call is refused with. */
async function conflictOf(
  call: Promise<unknown>,
): Promise<readonly { field: string; yours: unknown; theirs: unknown; original: unknown }[]> {
  const error = await call.then(
    () => undefined,
    (refused: unknown) =>
      refused as { data: { code: string; conflict: { field: string; yours: unknown; theirs: unknown; original: unknown }[] } },
  );
  expect(error?.data.code).toBe('platform.conflict');
  return error?.data.conflict ?? [];
}

describe('settings', () => {
  it('are the shipped ones, saved by nobody, until a store saves its own', async () => {
    expect(await boss.client.settings.get.query({ section: 'customers' })).toEqual({
      of: { section: 'customers', value: SHIPPED.customers },
      version: 0,
      savedAt: null,
      savedBy: null,
      yearsWithoutHolidays: [],
    });
  });

  it('may be seen by who may not change them', async () => {
    expect(await codeOf(savePolicy({}, boss))).toBe('access.forbidden');
    expect(await codeOf(agent.client.settings.get.query({ section: 'complaints' }))).toBe('access.forbidden');
  });

  it('say at which field a value cannot be', async () => {
    const refused = await savePolicy({ deadlines: [general(60), { ...general(60), source: 'sms', close: { minutes: 30 } }] }).catch(
      (error: unknown) => error as { data: { code: string; fields: unknown[] } },
    );
    expect('data' in refused && refused.data).toMatchObject({
      code: 'input.invalid',
      fields: [{ path: 'of.value.deadlines.1.close', code: 'settings.close_before_response' }],
    });
  });

  it('rule the next complaint and leave one already registered, and its ladder, as they were', async () => {
    const before = await registered();
    const { version } = await savePolicy({ deadlines: [general(30)], escalationPercents: [10] });
    const after = await registered();
    expect([before.response.minutes, before.policyVersion]).toEqual([60, version - 1]);
    expect([after.response.minutes, after.policyVersion]).toEqual([30, version]);
    const { complaint } = await agent.client.complaints.get.query({ complaintId: before.id });
    expect(complaint.response).toEqual(before.response);

    // At 31 minutes the old one has half of its hour behind it, the new one a tenth of its half hour.
    await escalateDue(server.platform, store.storeId, ZONE, addMinutes(after.registeredAt, 31));
    const steps = async (complaintId: typeof before.id) =>
      (await agent.client.complaints.get.query({ complaintId })).escalations
        .filter(({ promise }) => promise === 'response')
        .map(({ percent }) => percent);
    expect(await steps(before.id)).toEqual([50]);
    expect(await steps(after.id)).toEqual([10]);
  });

  it('move a promise in opening hours over a holiday that was entered', async () => {
    const open = { from: '00:00', to: '23:59' } as BusinessCalendar['week'][1];
    const week = { 1: open, 2: open, 3: open, 4: open, 5: open, 6: open, 7: open };
    await saveCalendar({ week, exceptions: [] });
    await savePolicy({ deadlines: [{ response: { minutes: 60 }, close: { minutes: 2 * 1440 }, businessHours: true }] });
    const first = await registered();
    const today = dateIn(ZONE, now());
    await saveCalendar({ week, exceptions: [{ date: addDays(today, 1), open: false, name: '店庆' }] });
    const second = await registered();
    expect(dateIn(ZONE, second.close.dueAt)).toBe(addDays(dateIn(ZONE, first.close.dueAt), 1));
    expect((await agent.client.complaints.get.query({ complaintId: first.id })).complaint.close).toEqual(first.close);
  });

  it('show who was faster instead of overwriting him, with all three values', async () => {
    const { version, of } = await admin.client.settings.get.query({ section: 'customers' });
    if (of.section !== 'customers') throw new Error('another section came');
    const save = (change: object) =>
      admin.client.settings.save.mutate({ version, of: { section: 'customers', value: { ...of.value, ...change } } });
    await save({ verifyMonths: 4 });
    expect(await conflictOf(save({ verifyMonths: 5 }))).toEqual([{ field: 'verifyMonths', yours: 5, theirs: 4, original: 3 }]);
  });

  it('let one of two who save at once win', async () => {
    const { version } = await admin.client.settings.get.query({ section: 'customers' });
    const save = (lostMonths: number) =>
      admin.client.settings.save.mutate({ version, of: { section: 'customers', value: { ...SHIPPED.customers, lostMonths } } });
    const outcomes = await Promise.all([20, 21, 22].map((months) => codeOf(save(months))));
    expect(outcomes.toSorted()).toEqual(['platform.conflict', 'platform.conflict', 'went through']);
    expect((await admin.client.settings.get.query({ section: 'customers' })).version).toBe(version + 1);
  });

  it('make no version of what rules already', async () => {
    const { version, of } = await admin.client.settings.get.query({ section: 'customers' });
    if (of.section !== 'customers') throw new Error('another section came');
    expect((await admin.client.settings.save.mutate({ version, of })).version).toBe(version);
  });

  it('change what the customer list calls lost', async () => {
    const today = dateIn(ZONE, now());
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .updateTable('customers')
        .set({ last_visit_on: addDays(today, -400) })
        .where('id', '=', customerId)
        .execute(),
    );
    const relationshipUnder = async (lostMonths: number) => {
      const { version } = await admin.client.settings.get.query({ section: 'customers' });
      await admin.client.settings.save.mutate({ version, of: { section: 'customers', value: { ...SHIPPED.customers, lostMonths } } });
      return (await boss.client.customers.get.query({ customerId })).relationship;
    };
    expect(await relationshipUnder(18)).toBe('at_risk');
    expect(await relationshipUnder(12)).toBe('lost');
  });

  it('lists of results rule what can be recorded at once, and what is switched off keeps its name (00, principle 3)', async () => {
    const topics = async () => (await agent.client.tasks.resultCodes.query()).saidAbout;
    const { version, of } = await admin.client.settings.get.query({ section: 'results' });
    if (of.section !== 'results') throw new Error('another section came');
    expect(await codeOf(agent.client.settings.save.mutate({ version, of }))).toBe('access.forbidden');
    const due = { customerId, channel: 'phone', dueOn: dateIn(ZONE, now()), note: '回访' } as const;
    const record = async (saidAbout: string) => {
      const { taskId } = await agent.client.tasks.add.mutate(due);
      return codeOf(agent.client.tasks.record.mutate({ taskId, version: 1, outcome: 'reached', saidAbout }));
    };
    const live = () =>
      inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
        tx.selectFrom('live_events').select('topic').where('store_id', '=', store.storeId).where('topic', '=', 'tasks').execute(),
      );
    const heard = (await live()).length;
    expect(await record('own_1')).toBe('tasks.unknown_topic');
    const own = { code: 'own_1', zh: '试驾', en: 'Test drive' };
    const saved = await admin.client.settings.save.mutate({ version, of: { ...of, value: { ...of.value, saidAbout: [own] } } });
    expect((await topics()).map(({ code, off = false }) => [code, off]).slice(0, 2)).toEqual([
      ['own_1', false],
      ['reception', true],
    ]);
    expect((await live()).length).toBeGreaterThan(heard);
    expect(await record('own_1')).toBe('went through');
    expect(await record('reception')).toBe('tasks.unknown_topic');
    const back = await admin.client.settings.restore.mutate({ section: 'results', version: saved.version, restored: 0 });
    expect(await topics()).toEqual([...SHIPPED.results.saidAbout, { ...own, off: true }]);
    expect(await record('own_1')).toBe('tasks.unknown_topic');
    const { items } = await boss.client.settings.history.query({ section: 'results' });
    expect(items.map((one) => [one.version, one.savedBy?.name ?? null])).toEqual([
      [back.version, '管理员'],
      [saved.version, '管理员'],
      [0, null],
    ]);
  });

  it('keep every version with its author, and let an earlier one rule again', async () => {
    const days: BusinessCalendar = { ...SHIPPED.calendar, exceptions: [{ date: addDays(dateIn(ZONE, now()), 3), open: false }] };
    const saved = await saveCalendar(days);
    const back = await admin.client.settings.restore.mutate({ section: 'calendar', version: saved.version, restored: 0 });
    expect(back).toMatchObject({ version: saved.version + 1, of: { value: SHIPPED.calendar }, savedBy: { name: '管理员' } });
    expect((await admin.client.settings.get.query({ section: 'calendar' })).of.value).toEqual(SHIPPED.calendar);

    const again = await admin.client.settings.restore.mutate({ section: 'calendar', version: back.version, restored: saved.version });
    expect((await admin.client.settings.get.query({ section: 'calendar' })).of).toEqual(again.of);
    expect(again.of.value).toEqual(days);
    expect(await codeOf(admin.client.settings.restore.mutate({ section: 'calendar', version: again.version, restored: 99 }))).toBe(
      'platform.not_found',
    );

    const { items, nextCursor } = await boss.client.settings.history.query({ section: 'calendar', limit: 2 });
    expect([items.map((one) => one.version), nextCursor]).toEqual([[again.version, back.version], back.version]);
    const rest = await boss.client.settings.history.query({ section: 'calendar', cursor: nextCursor, limit: 50 });
    expect(rest.items.map((one) => one.version)).toEqual(Array.from({ length: back.version }, (_, i) => back.version - 1 - i));
    expect([rest.items.at(-1)?.savedAt, rest.nextCursor]).toEqual([null, null]);
  });

  it('leave what was changed in the log', async () => {
    const entries = await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      listEntries(tx, store.storeId, { entity: 'setting', limit: 50 }),
    );
    expect(entries.find(({ action }) => action === 'settings.restore')).toMatchObject({ entityId: 'calendar', actorName: '管理员' });
    expect(entries.map(({ after }) => Object.keys(after ?? {}))).toContainEqual(['verifyMonths']);
  });

  it('of one store are not those of another', async () => {
    expect((await stranger.client.settings.get.query({ section: 'complaints' })).version).toBe(0);
    expect((await stranger.client.settings.history.query({ section: 'complaints' })).items.map((one) => one.version)).toEqual([0]);
  });
});

import {
  addDays,
  dateIn,
  instantAt,
  type CalendarException,
  type CivilDate,
  type CustomerId,
  type Instant,
  type StaffId,
  type TaskId,
  type TimeZone,
  type VehicleId,
} from '@baoke/core/kernel';
import { on } from '@baoke/core/kernel/testing';
import { createPool, inTransaction } from '@baoke/db';
import { insertSetting, replaceCalendarDays } from '@baoke/db/settings';
import { assignTasks } from '@baoke/db/tasks';
import type { CareReason } from '@baoke/core/care';
import { findLastRun, listDirty, listRules, saveRules } from '@baoke/db/care';
import { getStore } from '@baoke/db/stores';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../ids.ts';
import { createStore } from '../stores/create.ts';
import { planStore, type PlannedStore } from './plan-store.ts';

const ZONE = 'Asia/Shanghai' as TimeZone;
let database: TestDatabase;
let store: PlannedStore;
let codes = 0;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  store = await another();
});

async function another(): Promise<PlannedStore> {
  const { storeId } = await createStore(database.pool, { code: `plan-${(codes += 1)}`, name: '保客店', zone: ZONE });
  // The store began long before the dates of the tests, and so did its files.
  const owner = createPool({ url: database.ownerUrl, max: 1 });
  await owner.query(`update stores set created_at = '2020-01-01T00:00Z' where id = ${storeId}`);
  await owner.end();
  return { id: storeId, zone: ZONE };
}

const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) => inTransaction(database.pool, { storeId: store.id }, work);
const morning = (date: string) => instantAt(ZONE, on(date), '08:00');

type Owner = {
  delivered?: string;
  insurance?: string;
  warranty?: string;
  born?: string;
  lunar?: boolean;
  contacted?: string;
  visited?: string;
  verified?: string;
  due?: string;
  handedBack?: string;
  consent?: boolean;
  consultantId?: StaffId;
  /** Otherwise he is known by his visits alone. */
  soldByUs?: boolean;
};

/** An owner with one car, on file since 2020. */
async function anOwner({
  delivered = '2021-06-15',
  insurance,
  warranty,
  born,
  lunar,
  contacted,
  visited,
  verified = '2026-05-20',
  due,
  handedBack,
  consent = true,
  consultantId,
  soldByUs = true,
}: Owner = {}) {
  const customerId = newId<CustomerId>();
  const vehicleId = newId<VehicleId>();
  const filed = '2020-01-02T00:00Z';
  await inStore(async (tx) => {
    await tx
      .insertInto('customers')
      .values({
        store_id: store.id,
        id: customerId,
        kind: 'person',
        name: '王小明',
        name_pinyin: 'wang xiao ming',
        birth_date: born ?? null,
        birth_calendar: lunar ? 'lunar' : null,
        last_contact_at: contacted ? `${contacted}T04:00Z` : null,
        last_visit_on: visited ?? null,
        verified_on: verified,
        first_delivered_on: soldByUs ? delivered : null,
        consultant_id: consultantId ?? null,
        created_at: filed,
      })
      .execute();
    await tx
      .insertInto('vehicles')
      .values({
        store_id: store.id,
        id: vehicleId,
        owner_id: customerId,
        sold_by_us: soldByUs,
        delivered_on: soldByUs ? delivered : null,
        warranty_until: warranty ?? null,
        next_service_on: due ?? '2030-01-01',
        created_at: filed,
      })
      .execute();
    if (insurance)
      await tx
        .insertInto('insurance_policies')
        .values({ store_id: store.id, id: newId(), vehicle_id: vehicleId, kind: 'commercial', expires_on: insurance })
        .execute();
    if (handedBack)
      await tx
        .insertInto('service_visits')
        .values({
          store_id: store.id,
          id: newId(),
          customer_id: customerId,
          vehicle_id: vehicleId,
          order_no: customerId,
          category: 'accident',
          state: 'settled',
          arrived_on: addDays(on(handedBack), -3),
          left_on: handedBack,
        })
        .execute();
    if (consent)
      await tx
        .insertInto('consents')
        .values({
          store_id: store.id,
          id: newId(),
          customer_id: customerId,
          purpose: 'marketing',
          channel: 'sms',
          granted: true,
          source: 'test',
          at: filed,
        })
        .execute();
  });
  return { customerId, vehicleId };
}

const plan = (date: string, kind: 'daily' | 'changes' | 'full' = 'daily') =>
  planStore(database.pool, store, { now: morning(date), date: on(date), kind });
const tasks = () =>
  inStore((tx) =>
    tx
      .selectFrom('tasks')
      .select([
        'id',
        'customer_id',
        'rule_key',
        'status',
        'not_before_on',
        'due_at',
        'lapses_at',
        'occurrence_key',
        'settled_reason',
        'assignee_id',
        'show_at',
        'reason',
        'channel',
      ])
      .where('store_id', '=', store.id)
      .orderBy('occurrence_key')
      .execute(),
  );
/** Who stands on the list of a rule that only lists, on a day. */
const checksOn = (date: string) =>
  inStore((tx) =>
    tx
      .selectFrom('care_checks')
      .select(['occurrence_key as key', 'customer_id', 'seen_on', 'due_on', 'reason'])
      .where('store_id', '=', store.id)
      .where('seen_on', '<=', date)
      .where('due_on', '>=', date)
      .orderBy('occurrence_key')
      .execute(),
  );
const brief = async () => (await tasks()).map((task) => `${task.rule_key} ${task.not_before_on} ${task.status}`);

describe('one occurrence, one task', () => {
  it('plans the insurance call of examples.md and nothing twice, repeated and in parallel', async () => {
    await anOwner({ insurance: '2026-10-15', contacted: '2026-08-20', visited: '2026-08-01' });
    await plan('2026-08-25');
    expect(await brief()).toEqual(['file_verification 2026-08-20 open', 'renewal_call_45 2026-08-31 open']);
    const runs = await Promise.all([
      plan('2026-08-25', 'full'),
      plan('2026-08-25', 'full'),
      plan('2026-08-25'),
      plan('2026-08-25', 'full'),
    ]);
    for (const run of runs) expect(run.counts).toMatchObject({ created: 0, moved: 0, cancelled: 0, missed: 0 });
    expect(await tasks()).toHaveLength(2);
  });

  it('wins back whoever was not seen for months, and not whoever has come to have a car since', async () => {
    const absent = await anOwner({ visited: '2026-02-01' });
    const newOwner = await anOwner({ visited: '2026-02-01' });
    const { vehicleId, customerId } = newOwner;
    await inStore((tx) =>
      tx
        .insertInto('ownerships')
        .values({ store_id: store.id, vehicle_id: vehicleId, customer_id: customerId, role: 'owner', from_on: '2026-08-10' })
        .execute(),
    );
    const won = async () => (await tasks()).flatMap((task) => (task.rule_key === 'win_back_call' ? [task.customer_id] : []));
    await plan('2026-09-25');
    expect(await won()).toEqual([absent.customerId]);
    for (let date = on('2026-09-26'); date < '2026-10-05'; date = addDays(date, 1)) await plan(date);
    expect(await won()).toEqual([absent.customerId]);
  });

  it('plans a first run once although four processes begin it together', async () => {
    await Promise.all(Array.from({ length: 20 }, () => anOwner({ insurance: '2026-10-15' })));
    await Promise.all([plan('2026-08-25'), plan('2026-08-25'), plan('2026-08-25'), plan('2026-08-25')]);
    const renewals = (await tasks()).filter((task) => task.rule_key === 'renewal_call_45');
    expect(renewals).toHaveLength(20);
  });

  it('catches up two days late, with the same tasks as day by day', async () => {
    const owners = ['2026-10-20', '2026-10-26', '2026-10-27', '2026-10-28', '2026-11-05'];
    for (const insurance of owners) await anOwner({ insurance });
    await plan('2026-08-25');
    await plan('2026-08-28');
    const renewals = (await brief()).filter((line) => line.startsWith('renewal')).toSorted();
    expect(renewals).toEqual(['renewal_call_45 2026-09-05 open', 'renewal_call_45 2026-09-11 open']);
    expect((await plan('2026-08-28', 'full')).counts).toMatchObject({ created: 0, moved: 0, cancelled: 0, missed: 0 });
  });

  it('marks missed what an outage let lapse, and opens the rest', async () => {
    await anOwner({ insurance: '2026-10-24' });
    await plan('2026-08-20');
    expect(await brief()).not.toContain('renewal_call_45 2026-09-09 open');
    // The call of 9 September lapses on the 16th; nobody plans until the 20th.
    await plan('2026-09-20');
    expect(await brief()).toEqual(expect.arrayContaining(['renewal_call_45 2026-09-09 missed', 'renewal_call_30 2026-09-24 open']));
  });
});

describe('when an anchor moves', () => {
  it('moves the task, cancels it with the car, and brings it back', async () => {
    const { vehicleId } = await anOwner({ warranty: '2026-12-01' });
    await plan('2026-08-25');
    const [before] = (await tasks()).filter((task) => task.rule_key === 'warranty_call');
    expect(before).toMatchObject({ not_before_on: '2026-09-01', status: 'open' });

    const change = (values: object) =>
      inStore((tx) => tx.updateTable('vehicles').set(values).where('store_id', '=', store.id).where('id', '=', vehicleId).execute());
    await change({ warranty_until: '2026-12-05' });
    expect((await plan('2026-08-25', 'changes')).counts).toMatchObject({ customers: 1, moved: 1, created: 0 });
    expect((await tasks()).find((task) => task.id === before?.id)).toMatchObject({ not_before_on: '2026-09-05', status: 'open' });

    await change({ status: 'scrapped' });
    await plan('2026-08-25', 'changes');
    expect((await tasks()).find((task) => task.id === before?.id)).toMatchObject({ status: 'cancelled', settled_reason: 'anchor_gone' });

    await change({ status: 'in_use' });
    await plan('2026-08-25', 'changes');
    expect((await tasks()).filter((task) => task.rule_key === 'warranty_call')).toEqual([
      expect.objectContaining({ id: before?.id, status: 'open', settled_reason: null }),
    ]);
  });

  it.each(['deceased', 'given_up'] as const)(
    'stops all care of a customer who is %s, says why, and resumes when it is taken back',
    async (standing) => {
      const { customerId } = await anOwner({ warranty: '2026-12-01', born: '1985-09-10' });
      const file = (values: object) =>
        inStore((tx) => tx.updateTable('customers').set(values).where('store_id', '=', store.id).where('id', '=', customerId).execute());
      await plan('2026-08-25');
      const open = (await brief()).filter((line) => line.endsWith('open'));
      expect(open).not.toEqual([]);

      const stopped = { standing_on: '2026-08-25', standing_at: '2026-08-25T01:00Z' };
      await file(
        standing === 'deceased' ? { ...stopped, status: 'deceased' } : { ...stopped, given_up: true, standing_reason: 'other_city' },
      );
      expect((await plan('2026-08-25', 'changes')).counts).toMatchObject({ cancelled: open.length });
      expect((await tasks()).map(({ status, settled_reason: reason }) => `${status} ${reason}`)).toEqual(
        open.map(() => `cancelled ${standing}`),
      );
      const reasons = await inStore((tx) =>
        tx.selectFrom('care_suppressions').select('reason').distinct().where('store_id', '=', store.id).execute(),
      );
      expect(reasons).toEqual([{ reason: standing }]);

      // He is back in the workshop: giving him up ends with it, a death does not.
      await file({ last_visit_on: '2026-08-26' });
      await plan('2026-08-26', 'changes');
      const resumed = (await brief()).filter((line) => line.startsWith('warranty_call') && line.endsWith('open'));
      expect(resumed).toHaveLength(standing === 'deceased' ? 0 : 1);

      await file({ status: 'active', given_up: false, standing_on: null, standing_at: null });
      await plan('2026-08-26', 'changes');
      expect(await brief()).toEqual(expect.arrayContaining(['warranty_call 2026-09-01 open']));
    },
  );

  it('lists owners with fewer than two contacts in their year until they have them or the year ends (CARE-14)', async () => {
    const { customerId } = await anOwner({ delivered: '2021-10-15' });
    const spoken = (at: string, outcome = 'reached', takenBack = false) =>
      inStore(async (tx) => {
        const people = await tx.selectFrom('staff').select('id').where('store_id', '=', store.id).executeTakeFirst();
        const staffId = people?.id ?? newId();
        if (!people) await tx.insertInto('staff').values({ store_id: store.id, id: staffId, name: '方琳', role: 'FU_AGENT' }).execute();
        const contact = {
          store_id: store.id,
          id: newId(),
          customer_id: customerId,
          channel: 'phone',
          outcome,
          occurred_at: at,
          staff_id: staffId,
        };
        await tx
          .insertInto('contacts')
          .values(takenBack ? { ...contact, taken_back_at: at, taken_back_by: staffId } : contact)
          .execute();
        await tx
          .updateTable('customers')
          .set({ last_contact_at: at })
          .where('store_id', '=', store.id)
          .where('id', '=', customerId)
          .execute();
      });
    const onList = async (date: string, kind: 'daily' | 'changes' = 'daily') => {
      await plan(date, kind);
      return (await checksOn(date)).map(({ reason, due_on: until }) => [(reason as unknown as CareReason).params, until]);
    };
    expect(await onList('2026-08-14')).toEqual([]);
    expect(await onList('2026-08-15')).toEqual([[{ anchorOn: '2021-10-15', contacts: 0, count: 2 }, '2026-10-14']]);
    // One of the year before, one in vain, one taken back: none of them counts.
    await spoken('2025-10-14T04:00:00Z');
    await spoken('2026-08-15T04:00:00Z', 'not_reached');
    await spoken('2026-08-15T05:00:00Z', 'reached', true);
    expect(await onList('2026-08-16', 'changes')).toMatchObject([[{ contacts: 0 }, '2026-10-14']]);
    // The first day of the year by the store's clock, where it is still the day before by that of Greenwich.
    await spoken('2025-10-14T16:30:00Z');
    expect(await onList('2026-08-16', 'changes')).toMatchObject([[{ contacts: 1 }, '2026-10-14']]);
    await spoken('2026-08-16T04:00:00Z', 'appointment');
    expect(await onList('2026-08-17', 'changes')).toEqual([]);
  });

  it('takes an owner off the list with the end of his year, when he is stopped, and with the rule', async () => {
    const { customerId } = await anOwner({ delivered: '2021-10-15' });
    await anOwner({ delivered: '2021-10-20' });
    await plan('2026-09-01');
    expect(await checksOn('2026-09-01')).toHaveLength(2);
    await inStore((tx) =>
      tx
        .updateTable('customers')
        .set({ status: 'deceased', standing_on: '2026-09-01', standing_at: '2026-09-01T00:00Z' })
        .where('store_id', '=', store.id)
        .where('id', '=', customerId)
        .execute(),
    );
    await plan('2026-09-02', 'changes');
    expect((await checksOn('2026-09-02')).map(({ due_on: until }) => until)).toEqual(['2026-10-19']);
    await plan('2026-10-20');
    expect(await checksOn('2026-10-19')).toEqual([]);

    await anOwner({ delivered: '2021-11-20' });
    await plan('2026-10-20', 'changes');
    expect(await checksOn('2026-10-20')).toHaveLength(1);
    const rules = await inStore((tx) => listRules(tx, store.id));
    const minimum = rules.find(({ rule }) => rule.key === 'brand_minimum')?.rule;
    await inStore((tx) => saveRules(tx, store.id, minimum ? [{ ...minimum, activeSince: null }] : [], null, morning('2026-10-21')));
    await plan('2026-10-22');
    expect(await checksOn('2026-10-22')).toEqual([]);
  });

  it('counts the maintenance from the last maintenance, whatever else the car came in for or its clock showed', async () => {
    const { customerId, vehicleId } = await anOwner({ delivered: '2026-06-10' });
    const change = (values: object) =>
      inStore((tx) => tx.updateTable('vehicles').set(values).where('store_id', '=', store.id).where('id', '=', vehicleId).execute());
    const visit = (category: string, arrived_on: string, mileage_km: number) =>
      inStore((tx) =>
        tx
          .insertInto('service_visits')
          .values({
            store_id: store.id,
            id: newId(),
            order_no: newId(),
            customer_id: customerId,
            vehicle_id: vehicleId,
            category,
            arrived_on,
            mileage_km,
            state: 'open',
          })
          .execute(),
      );
    const calls = async () =>
      (await tasks()).flatMap((task) => (task.rule_key === 'maintenance_call_14' ? [`${task.not_before_on} ${task.status}`] : []));
    await change({ next_service_on: null });
    await plan('2026-08-25');
    expect(await calls()).toEqual(['2026-08-27 open']);
    await visit('accident', '2026-08-20', 2700);
    await change({ last_visit_on: '2026-08-20', last_mileage_km: 2700, last_mileage_on: '2026-08-20', metres_per_day: 25000 });
    await plan('2026-08-25', 'changes');
    expect(await calls()).toEqual(['2026-08-27 open']);
    await visit('first_maintenance', '2026-08-24', 2750);
    await plan('2026-08-25', 'changes');
    expect(await calls()).toEqual(['2026-08-27 cancelled']);

    // What was told then stands until the car is maintained again, be it before its day.
    await change({ next_service_on: '2026-10-01', updated_at: '2026-08-24T09:00Z' });
    await plan('2026-09-12');
    expect(await calls()).toEqual(['2026-08-27 cancelled', '2026-09-17 open']);
    await visit('second_maintenance', '2026-09-11', 3200);
    await plan('2026-09-12', 'changes');
    expect(await calls()).toEqual(['2026-08-27 cancelled', '2026-09-17 cancelled']);
  });

  it('keeps the call a customer was promised, although talking to him began the time to the next one anew', async () => {
    const { customerId } = await anOwner({ contacted: '2026-03-25' });
    await plan('2026-05-26');
    const of = async () => (await tasks()).filter((task) => task.rule_key === 'regular_contact');
    const [before, ...others] = await of();
    expect([before?.status, others]).toEqual(['open', []]);
    const spoken = (outcome: 'call_back' | 'not_reached') =>
      inStore(async (tx) => {
        await tx.updateTable('tasks').set({ outcome, attempts: 1 }).where('store_id', '=', store.id).where('id', '=', before!.id).execute();
        const last_contact_at = '2026-05-26T06:00Z';
        await tx.updateTable('customers').set({ last_contact_at }).where('store_id', '=', store.id).where('id', '=', customerId).execute();
      });
    await spoken('call_back');
    await plan('2026-05-27');
    expect((await of()).find(({ id }) => id === before?.id)).toMatchObject({ status: 'open', show_at: before?.show_at });
    await spoken('not_reached');
    await plan('2026-05-28', 'full');
    expect((await of()).find(({ id }) => id === before?.id)).toMatchObject({ status: 'cancelled', settled_reason: 'anchor_gone' });
  });

  it('lets a promised call live as long as it was promised, also where its due time moves', async () => {
    await anOwner({ contacted: '2026-03-25' });
    await plan('2026-05-26');
    const of = async () => (await tasks()).find((task) => task.rule_key === 'regular_contact')!;
    const { id } = await of();
    const promised = {
      outcome: 'call_back',
      attempts: 1,
      lapses_at: '2026-07-20T15:59:59.999Z',
      show_at: '2026-07-20T02:00:00.000Z',
    } as const;
    const set = (more: object) =>
      inStore((tx) =>
        tx
          .updateTable('tasks')
          .set({ ...promised, ...more })
          .where('store_id', '=', store.id)
          .where('id', '=', id)
          .execute(),
      );
    await set({});
    await plan('2026-05-27', 'full');
    expect(await of()).toMatchObject({ status: 'open', lapses_at: promised.lapses_at, show_at: promised.show_at });
    await set({ due_at: '2026-05-20T15:59:59.999Z' });
    await plan('2026-05-28', 'full');
    const moved = await of();
    expect(moved).toMatchObject({ status: 'open', lapses_at: promised.lapses_at, show_at: promised.show_at });
    expect(moved.due_at).not.toBe('2026-05-20T15:59:59.999Z');
  });

  it('moves what is counted in working days with the days the store enters, when next planned', async () => {
    await anOwner({ delivered: '2026-08-28' });
    await plan('2026-08-25');
    await inStore(async (tx) => {
      const offset = { amount: 2, unit: 'working_day' } as const;
      const rules = (await listRules(tx, store.id)).flatMap(({ rule }) =>
        rule.key === 'use_call' ? [{ ...rule, trigger: { shape: 'after' as const, notBefore: offset, due: offset } }] : [],
      );
      await saveRules(tx, store.id, rules, null, morning('2026-08-26'));
    });
    const call = async () =>
      (await tasks()).flatMap((task) => (task.rule_key === 'use_call' ? [[task.id, task.not_before_on, task.status]] : []));
    await plan('2026-08-26');
    const [[id] = []] = await call();
    // Friday and two working days: the Tuesday.
    expect(await call()).toEqual([[id, '2026-09-01', 'open']]);

    const enter = (version: number, at: string, exceptions: CalendarException[]) =>
      inStore(async (tx) => {
        await insertSetting(tx, store.id, { section: 'calendar', version, value: { exceptions }, by: null, at: morning(at) });
        await replaceCalendarDays(tx, store.id, exceptions);
      });
    await enter(1, '2026-08-27', [{ date: on('2026-08-31'), open: false, name: '盘点' }]);
    expect((await plan('2026-08-27')).counts).toMatchObject({ moved: 1, created: 0, cancelled: 0 });
    expect(await call()).toEqual([[id, '2026-09-02', 'open']]);
    expect(await plan('2026-08-28')).toMatchObject({ kind: 'daily', counts: { moved: 0 } });

    await enter(2, '2026-08-29', [{ date: on('2026-08-29'), open: true, name: '周六上班' }]);
    await plan('2026-08-29');
    expect(await call()).toEqual([[id, '2026-08-31', 'open']]);
  });

  it('stops marketing while a complaint is open and says why', async () => {
    const { customerId } = await anOwner({ insurance: '2026-10-15' });
    await plan('2026-08-25');
    await inStore((tx) =>
      tx
        .insertInto('consents')
        .values({
          store_id: store.id,
          id: newId(),
          customer_id: customerId,
          purpose: 'marketing',
          channel: 'phone',
          granted: false,
          source: 'test',
          at: morning('2026-08-26'),
        })
        .execute(),
    );
    await plan('2026-08-26', 'changes');
    const reasons = await inStore((tx) =>
      tx
        .selectFrom('care_suppressions')
        .select(['rule_key', 'reason'])
        .where('store_id', '=', store.id)
        .where('rule_key', '=', 'renewal_call_45')
        .execute(),
    );
    expect((await tasks()).find((task) => task.rule_key === 'renewal_call_45')).toMatchObject({
      status: 'cancelled',
      settled_reason: 'objection',
    });
    expect(reasons).toEqual([{ rule_key: 'renewal_call_45', reason: 'objection' }]);
  });

  it('writes nothing down for customers whose facts stay as they are', async () => {
    await anOwner();
    await plan('2026-08-25');
    expect(await inStore((tx) => listDirty(tx, store.id, 10))).toEqual([]);
    expect((await plan('2026-08-25', 'changes')).counts).toMatchObject({ customers: 0 });
  });
});

describe('the incremental run', () => {
  it('plans on every day what a run over everybody would', async () => {
    // A spread of owners whose anchors fall on all sides of a month's runs.
    for (let i = 0; i < 60; i += 1) {
      const day = (from: string, step: number) => addDays(on(from), i * step);
      await anOwner({
        delivered: i % 3 === 0 ? day('2026-08-20', 1) : day('2021-07-20', 1),
        insurance: day('2026-09-05', 2),
        warranty: day('2026-11-20', 1),
        born: day('1985-08-20', 1),
        lunar: i % 2 === 0,
        contacted: day('2026-05-01', 2),
        visited: day('2025-08-01', 5),
        verified: day('2026-04-15', 2),
        due: day('2026-08-28', 1),
        handedBack: day('2026-08-20', 1),
        soldByUs: i % 4 !== 1,
      });
    }
    for (let i = 0; i < 20; i += 1) await anOwner({ soldByUs: false, visited: addDays(on('2026-06-20'), 2 * i) });
    for (let i = 0; i < 30; i += 1) await anOwner({ delivered: addDays(on('2021-10-20'), 2 * i) });
    await plan('2026-08-25');
    const touched: number[] = [];
    const listed = new Set<string>();
    for (let date: CivilDate = on('2026-08-26'); date < '2026-09-20'; date = addDays(date, 1)) {
      touched.push((await plan(date)).counts['customers'] ?? 0);
      const checks = await checksOn(date);
      for (const { key } of checks) listed.add(key);
      const { counts } = await plan(date, 'full');
      expect({
        date,
        created: counts['created'],
        moved: counts['moved'],
        cancelled: counts['cancelled'],
        missed: counts['missed'],
      }).toEqual({ date, created: 0, moved: 0, cancelled: 0, missed: 0 });
      expect(await checksOn(date)).toEqual(checks);
    }
    // Some came onto the list of those with too few contacts in these weeks.
    expect(listed.size).toBeGreaterThan(10);
    // Most days concern a few customers, not all sixty.
    expect(touched.toSorted((a, b) => a - b)[Math.floor(touched.length / 2)]).toBeLessThan(40);
  });

  it('looks at nobody again for a visit whose calls are planned', async () => {
    await anOwner({ handedBack: '2026-08-20', contacted: '2026-08-20', verified: '2026-08-20' });
    expect((await plan('2026-08-25')).counts).toMatchObject({ customers: 1 });
    expect((await plan('2026-08-26')).counts).toMatchObject({ customers: 0 });
  });
});

it('ties a call to the visit or the order it follows, by which it is counted for a team', async () => {
  await anOwner({ handedBack: '2026-08-24' });
  const { customerId, vehicleId } = await anOwner({ delivered: '2026-08-24' });
  const orderId = newId();
  await inStore((tx) =>
    tx
      .insertInto('orders')
      .values({
        store_id: store.id,
        id: orderId,
        customer_id: customerId,
        vehicle_id: vehicleId,
        ordered_on: '2026-08-01',
        delivered_on: '2026-08-24',
        state: 'delivered',
      })
      .execute(),
  );
  await inStore((tx) =>
    tx.updateTable('service_visits').set({ created_at: '2026-08-24T00:00Z' }).where('store_id', '=', store.id).execute(),
  );
  await plan('2026-08-24');
  const rows = await inStore((tx) =>
    tx.selectFrom('tasks').select(['reason', 'visit_id', 'order_id']).where('store_id', '=', store.id).orderBy('occurrence_key').execute(),
  );
  const { id: visitId } = await inStore((tx) =>
    tx.selectFrom('service_visits').select('id').where('store_id', '=', store.id).executeTakeFirstOrThrow(),
  );
  const tied = new Map(rows.map(({ reason, visit_id, order_id }) => [(reason as CareReason).code, [visit_id, order_id]]));
  expect(tied.get('after.hand_back')).toEqual([visitId, null]);
  expect(tied.get('after.delivery')).toEqual([null, orderId]);
  for (const [code, ids] of tied) if (!code.startsWith('after.')) expect(ids).toEqual([null, null]);
});

describe('the daily cap', () => {
  const staff = (role: string, status: 'active' | 'disabled' | 'none' = 'active') =>
    inStore(async (tx) => {
      const [id, accountId] = [newId<StaffId>(), newId()];
      const { groupId } = await getStore(tx, store.id);
      if (status !== 'none')
        await tx.insertInto('accounts').values({ id: accountId, group_id: groupId, username: id, password_hash: 'x', status }).execute();
      await tx
        .insertInto('staff')
        .values({ store_id: store.id, id, account_id: status === 'none' ? null : accountId, name: `员工${id}`, role })
        .execute();
      return id;
    });
  const many = async (count: number, owner: Owner) => {
    for (let i = 0; i < count; i += 1) await anOwner(owner);
  };
  /** How many calls of a rule show on each day, and for how many the reason says from which day they were moved. */
  const shown = async (rule: string) => {
    const calls = (await tasks()).filter((task) => task.rule_key === rule && task.status === 'open');
    return [...Map.groupBy(calls, (task) => dateIn(ZONE, task.show_at as Instant))]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, of]) => `${day} ${of.length} ${of.filter(({ reason }) => JSON.stringify(reason).includes('movedFrom')).length}`);
  };

  it('moves the least urgent calls of a full day on, says since when, and keeps the due time', async () => {
    const consultantId = await staff('SC');
    await many(45, { delivered: '2026-08-24', consultantId });
    const run = await plan('2026-08-25');
    const calls = (await tasks()).filter((task) => task.rule_key === 'use_call');
    expect(calls).toHaveLength(45);
    const days = Map.groupBy(calls, (task) => dateIn(ZONE, task.show_at as Instant));
    expect(days.get(on('2026-08-25'))?.length).toBeLessThanOrEqual(40);
    expect(run.counts['levelled']).toBeGreaterThan(0);
    for (const { show_at, reason } of calls)
      expect((reason as CareReason).params['movedFrom']).toBe(dateIn(ZONE, show_at as Instant) === '2026-08-25' ? undefined : '2026-08-25');
    expect(new Set(calls.map((task) => task.due_at))).toEqual(new Set(['2026-08-25T15:59:59.999Z']));
    expect((await plan('2026-08-25', 'full')).counts).toMatchObject({ created: 0, moved: 0, levelled: 0 });
  });

  it('leaves the calls of the days before where they are when a day ahead is planned', async () => {
    const consultantId = await staff('SC');
    await many(39, { delivered: '2026-08-24', consultantId });
    await many(30, { delivered: '2026-08-27', consultantId });
    await plan('2026-08-25');
    const before = await shown('use_call');
    expect(before[0]).toBe('2026-08-25 39 0');
    await planStore(database.pool, store, { now: morning('2026-08-25'), date: on('2026-08-28'), kind: 'daily' });
    expect((await shown('use_call'))[0]).toBe('2026-08-25 39 0');
    expect(await inStore((tx) => findLastRun(tx, store.id))).toMatchObject({ plannedOn: '2026-08-25' });
  });

  it('levels the calls of a role over its people who may sign in', async () => {
    for (const status of ['active', 'active', 'disabled', 'none'] as const) await staff('FU_AGENT', status);
    await staff('SC');
    await many(170, { visited: '2026-02-15' });
    await plan('2026-09-20');
    expect(await shown('win_back_call')).toEqual(['2026-10-01 80 0', '2026-10-02 80 80', '2026-10-03 10 10']);
    const parallel = await Promise.all([plan('2026-09-20', 'full'), plan('2026-09-20'), plan('2026-09-20', 'full')]);
    for (const { counts } of parallel) expect(counts).toMatchObject({ created: 0, moved: 0, cancelled: 0, levelled: 0 });
    expect(await shown('win_back_call')).toEqual(['2026-10-01 80 0', '2026-10-02 80 80', '2026-10-03 10 10']);
  });

  it('leaves the calls of a role nobody has where they are', async () => {
    await staff('FU_AGENT', 'disabled');
    await many(50, { visited: '2026-02-15' });
    expect((await plan('2026-09-20')).counts).toMatchObject({ levelled: 0 });
    expect(await shown('win_back_call')).toEqual(['2026-10-01 50 0']);
  });

  it('gives a role what the calls of its people leave', async () => {
    const agent = await staff('FU_AGENT');
    await many(60, { visited: '2026-02-15' });
    await plan('2026-09-20');
    // Thirty are given to the agent by name; they are his, and what is left of his day goes to the rest.
    await inStore(async (tx) => {
      const given = (await tasks()).filter((task) => task.rule_key === 'win_back_call').slice(0, 30);
      await assignTasks(
        tx,
        store.id,
        given.map(({ id }) => ({ taskId: id as TaskId, toId: agent })),
        morning('2026-09-20'),
      );
      await tx
        .updateTable('tasks')
        .set({ show_at: instantAt(ZONE, on('2026-10-01'), '00:00') })
        .where('store_id', '=', store.id)
        .execute();
    });
    await plan('2026-09-21');
    const calls = (await tasks()).filter((task) => task.rule_key === 'win_back_call');
    const of = (whose: StaffId | null) =>
      Map.groupBy(
        calls.filter(({ assignee_id }) => assignee_id === whose),
        (task) => dateIn(ZONE, task.show_at as Instant),
      );
    expect([...of(agent)].map(([day, { length }]) => [day, length])).toEqual([['2026-10-01', 30]]);
    expect([...of(null)].map(([day, { length }]) => [day, length]).toSorted()).toEqual([
      ['2026-10-01', 10],
      ['2026-10-02', 20],
    ]);
  });

  it('passes over days the store is closed, and leaves times that somebody chose', async () => {
    await staff('FU_AGENT');
    await inStore((tx) =>
      tx
        .insertInto('calendar_days')
        .values(['2026-10-02', '2026-10-03'].map((day) => ({ store_id: store.id, day, open: false, name: '国庆节' })))
        .execute(),
    );
    await many(90, { visited: '2026-02-15' });
    await plan('2026-09-20');
    expect(await shown('win_back_call')).toEqual(['2026-10-01 40 0', '2026-10-04 40 40', '2026-10-05 10 10']);
    const ten = instantAt(ZONE, on('2026-10-04'), '10:00');
    await inStore((tx) =>
      tx.updateTable('tasks').set({ show_at: ten }).where('store_id', '=', store.id).where('rule_key', '=', 'win_back_call').execute(),
    );
    expect((await plan('2026-09-21')).counts).toMatchObject({ levelled: 0 });
  });

  it('comes to the same days late as day by day', async () => {
    const [daily, late] = [store, await another()];
    const days = ['2026-09-28', '2026-09-29', '2026-09-30', '2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04'];
    const lie: string[][] = [];
    for (const one of [daily, late]) {
      store = one;
      await staff('FU_AGENT');
      await many(100, { visited: '2026-02-15' });
      await many(30, { warranty: '2027-01-02' });
      await many(30, { warranty: '2027-01-03' });
      await many(30, { handedBack: '2026-10-02' });
      for (const date of one === daily ? days : ['2026-09-15', '2026-10-04']) await plan(date);
      lie.push(
        (await tasks())
          .filter(({ status, channel }) => status === 'open' && channel === 'phone')
          .map((task) => `${dateIn(ZONE, task.show_at as Instant)} ${task.rule_key}`)
          .toSorted(),
      );
    }
    expect(lie[1]).toEqual(lie[0]);
    // What is overdue counts today.
    expect(lie[0]?.filter((line) => line < '2026-10-05')).toHaveLength(40);
    expect(lie[0]?.filter((line) => line.startsWith('2026-10-05'))).toHaveLength(40);
  });

  it('keeps saying from when a call was moved while its date stays, and forgets it with the date', async () => {
    await staff('FU_AGENT');
    const owners = [];
    for (let i = 0; i < 41; i += 1) owners.push(await anOwner({ warranty: '2027-01-02' }));
    await plan('2026-09-20');
    const moved = (await tasks()).find(({ reason }) => (reason as CareReason).params['movedFrom'] !== undefined);
    const vehicleId = owners.find(({ customerId }) => customerId === moved?.customer_id)?.vehicleId ?? '';
    const until = (warranty_until: string) =>
      inStore((tx) =>
        tx.updateTable('vehicles').set({ warranty_until }).where('store_id', '=', store.id).where('id', '=', vehicleId).execute(),
      );
    const now = async () => {
      const [task] = (await tasks()).filter(({ id }) => id === moved?.id);
      return (
        task && [task.status, task.not_before_on, dateIn(ZONE, task.show_at as Instant), (task.reason as CareReason).params['movedFrom']]
      );
    };
    expect(await now()).toEqual(['open', '2026-10-02', '2026-10-03', '2026-10-02']);
    const lapsesAfter = (lapseDays: number) =>
      inStore(async (tx) => {
        const rules = (await listRules(tx, store.id)).flatMap(({ rule }) => (rule.key === 'warranty_call' ? [{ ...rule, lapseDays }] : []));
        await saveRules(tx, store.id, rules, null, morning('2026-09-20'));
      });
    await lapsesAfter(9);
    expect((await plan('2026-09-20', 'full')).counts).toMatchObject({ moved: 41, levelled: 0 });
    expect(await now()).toEqual(['open', '2026-10-02', '2026-10-03', '2026-10-02']);
    // It would lapse before it shows.
    await lapsesAfter(0);
    await plan('2026-09-20', 'full');
    expect(await now()).toEqual(['open', '2026-10-02', '2026-10-02', undefined]);
    await until('2027-01-04');
    await plan('2026-09-20', 'changes');
    expect(await now()).toEqual(['open', '2026-10-04', '2026-10-04', undefined]);
  });
});

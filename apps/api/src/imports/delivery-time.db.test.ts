import { instantAt, type CivilDate, type ImportId, type Instant, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { on } from '@baoke/core/kernel/testing';
import { createPool, type Pool } from '@baoke/db';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planStore } from '../care/plan-store.ts';
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

type Place = { readonly storeId: StoreId; readonly zone: TimeZone; readonly deliveredOn: CivilDate };
async function aStore(name: string, deliveredOn: string): Promise<Place> {
  const zone = name as TimeZone;
  const { storeId } = await createStore(database.pool, { code: `handover-${(stores += 1)}`, name: '保客店', zone });
  await superuser.query(`update stores set created_at = '2020-01-01T00:00Z' where id = $1`, [storeId]);
  return { storeId, zone, deliveredOn: on(deliveredOn) };
}

/** Imports a list of sales with one car, which says this of its delivery, in the evening of that day. */
async function told({ storeId, zone, deliveredOn }: Place, delivery: string) {
  const text = `客户姓名,联系电话,订单日期,交车日期,车架号,车型\n陈一,13900000001,2026-01-02,${delivery},LSGKE54H5HW000001,别克 君越\n`;
  const { importId, files } = await runImport(
    { pool: database.pool, now: () => instantAt(zone, deliveredOn, '20:00'), newId, openVault: null },
    {
      storeId,
      staffId: null,
      actorName: 'tests',
      mode: 'upsert',
      dryRun: false,
      files: [{ name: '销售台账.csv', bytes: () => Promise.resolve(Buffer.from(text)) }],
    },
  );
  const [file] = files;
  return { importId, effect: file && { created: file.created, updated: file.updated, unchanged: file.unchanged, warned: file.warned } };
}

const undo = ({ storeId, zone, deliveredOn }: Place, importId: ImportId) =>
  undoImport({ pool: database.pool, now: () => instantAt(zone, deliveredOn, '21:00') }, storeId, importId, 'undone', async () => {});

async function order({ storeId }: Place) {
  const { rows } = await superuser.query<{ on: string; at: string | null }>(
    `select delivered_on::text as on, to_char(delivered_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at from orders where store_id = $1`,
    [storeId],
  );
  return rows.map(({ on: day, at }) => [day, at]);
}

/** When each task after the delivery is due; planned at eight in the morning of the next day. */
async function dueTimes({ storeId, zone, deliveredOn }: Place, nextDay: string) {
  for (const date of [deliveredOn, on(nextDay)])
    await planStore(database.pool, { id: storeId, zone }, { now: instantAt(zone, on(nextDay), '08:00'), date, kind: 'full' });
  const { rows } = await superuser.query<{ rule_key: string; due_at: Instant }>(
    'select rule_key, due_at from tasks where store_id = $1 and anchor_on = $2',
    [storeId, deliveredOn],
  );
  return Object.fromEntries(rows.map(({ rule_key: key, due_at }) => [key, due_at]));
}

const NOTHING = { created: 0, updated: 0, unchanged: 1, warned: 0 };
const CHANGED = { created: 0, updated: 1, unchanged: 0, warned: 0 };

describe('what is due within hours of an imported delivery', { timeout: 60_000 }, () => {
  it('runs from the time of day of the file (examples.md, W-12)', async () => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30 17:40');
    expect(await dueTimes(place, '2026-01-31')).toMatchObject({
      thank_you_letter: '2026-01-31T09:40:00.000Z',
      first_call: '2026-01-31T09:40:00.000Z',
      use_call: '2026-01-31T15:59:59.999Z',
      ssi_survey: '2026-02-02T15:59:59.999Z',
    });
  });

  it('is so many hours later, though the clocks change in between', async () => {
    const place = await aStore('America/New_York', '2026-03-07');
    await told(place, '2026-03-07 17:40');
    expect(await order(place)).toEqual([['2026-03-07', '2026-03-07 22:40']]);
    expect(await dueTimes(place, '2026-03-08')).toMatchObject({
      thank_you_letter: '2026-03-08T22:40:00.000Z',
      first_call: '2026-03-08T22:40:00.000Z',
      use_call: '2026-03-09T03:59:59.999Z',
    });
  });

  it('is due at the end of the day where the file tells none, or a person has moved the delivery of the car to another day', async () => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30');
    expect(await dueTimes(place, '2026-01-31')).toMatchObject({ thank_you_letter: '2026-01-31T15:59:59.999Z' });

    const moved = await aStore('Asia/Shanghai', '2026-01-30');
    await told(moved, '2026-01-30 17:40');
    await superuser.query(`update vehicles set delivered_on = '2026-01-29' where store_id = $1`, [moved.storeId]);
    expect(await dueTimes({ ...moved, deliveredOn: on('2026-01-29') }, '2026-01-30')).toMatchObject({
      thank_you_letter: '2026-01-30T15:59:59.999Z',
    });
  });

  it('follows the time that a later import tells', async () => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30');
    await dueTimes(place, '2026-01-31');
    expect(await told(place, '2026-01-30 17:40')).toMatchObject({ effect: CHANGED });
    expect(await dueTimes(place, '2026-01-31')).toMatchObject({ thank_you_letter: '2026-01-31T09:40:00.000Z' });
  });
});

describe('the time of a delivery on file', { timeout: 60_000 }, () => {
  it('is the same after a second import, stays where a file tells the day alone, and goes with another day', async () => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30 17:40');
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 09:40']]);
    for (const same of ['2026-01-30 17:40', '2026-01-30T09:40:00Z', '2026-01-30', '2026-01-30 17:40:00', '2026-01-30 00:00'])
      expect([same, (await told(place, same)).effect]).toEqual([same, NOTHING]);
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 09:40']]);
    expect((await told(place, '2026-01-29')).effect).toEqual(CHANGED);
    expect(await order(place)).toEqual([['2026-01-29', null]]);
    expect((await told(place, '2026-01-30 17:40')).effect).toEqual(CHANGED);
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 09:40']]);
  });

  it.each([
    { later: '2026-01-30 18:00', stands: ['2026-01-30', '2026-01-30 10:00'] },
    { later: '2026-01-29', stands: ['2026-01-29', null] },
    { later: '2026-01-29 10:00', stands: ['2026-01-29', '2026-01-29 02:00'] },
  ])('is given back when the import of $later is undone', async ({ later, stands }) => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30 17:40');
    const { importId } = await told(place, later);
    expect(await order(place)).toEqual([stands]);
    await undo(place, importId);
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 09:40']]);
    expect((await told(place, '2026-01-30 17:40')).effect).toEqual(NOTHING);
    expect((await told(place, later)).effect).toEqual(CHANGED);
  });

  it.each([
    { order: 'the later first', earlierFirst: false },
    { order: 'the earlier first', earlierFirst: true },
  ])('is given back when two imports of another day are undone, $order', async ({ earlierFirst }) => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30 17:40');
    const { importId: day } = await told(place, '2026-01-29');
    const { importId: time } = await told(place, '2026-01-29 10:00');
    expect(await order(place)).toEqual([['2026-01-29', '2026-01-29 02:00']]);
    for (const importId of earlierFirst ? [day, time] : [time, day]) await undo(place, importId);
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 09:40']]);
  });

  it('is kept as a person has set it, by an import and by its undoing', async () => {
    const place = await aStore('Asia/Shanghai', '2026-01-30');
    await told(place, '2026-01-30');
    const { importId } = await told(place, '2026-01-30 17:40');
    await superuser.query(`update orders set delivered_at = '2026-01-30T12:00Z' where store_id = $1`, [place.storeId]);
    expect((await told(place, '2026-01-30 17:40')).effect).toEqual(NOTHING);
    expect((await told(place, '2026-01-30 19:00')).effect).toEqual({ ...NOTHING, warned: 1 });
    await undo(place, importId);
    expect(await order(place)).toEqual([['2026-01-30', '2026-01-30 12:00']]);
  });
});

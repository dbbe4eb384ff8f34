import { randomUUID } from 'node:crypto';
import { MOST_AT_ONCE, UNDO_HOURS } from '@baoke/core/customers';
import { addHours, type CustomerId, type StaffId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { deleteBatchesBefore } from '@baoke/db/customers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { aCustomerOnFile, codeOf, failureOf } from '../testing/records.ts';
import { startTestServer, type Client, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let store: TestStore;
let manager: TestPerson;
let seller: TestPerson;
let otherSeller: TestPerson;
let reception: TestPerson;
let stranger: TestPerson;
let strangers: TestStore;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('a');
  strangers = await server.store('b');
  [manager, seller, otherSeller, reception, stranger] = await Promise.all([
    server.person(store, 'GM', 'management', '赵总'),
    server.person(store, 'SC', 'sales', '李明'),
    server.person(store, 'SC', 'sales', '周敏'),
    server.person(store, 'RECEPTION', 'sales', '前台'),
    server.person(strangers, 'GM', 'management', '外店'),
  ]);
});
afterAll(() => server.close());

type Change = Parameters<Client['customers']['previewChange']['query']>[0]['change'];
type Which = { readonly customerIds?: CustomerId[]; readonly filter?: object };

const some = (names: readonly string[], consultantId?: StaffId, of: TestStore = store) =>
  Promise.all(
    names.map((name) =>
      aCustomerOnFile(server.platform.pool, of.storeId, { name, ...(consultantId === undefined ? {} : { consultantId }) }),
    ),
  );
const give = (...to: readonly TestPerson[]): Change => ({ field: 'consultantId', toIds: to.map(({ staffId }) => staffId) });
async function change(by: TestPerson, which: Which, what: Change) {
  const { stamp } = await by.client.customers.previewChange.query({ ...which, change: what });
  return by.client.customers.changeMany.mutate({ ...which, change: what, stamp });
}
const inStore = <T>(work: Parameters<typeof inTransaction<T>>[2]) => inTransaction(server.platform.pool, { storeId: store.storeId }, work);
const stored = async (ids: readonly CustomerId[]) => {
  const rows = await inStore((tx) =>
    tx
      .selectFrom('customers')
      .select(['id', 'consultant_id', 'is_vip', 'version', 'updated_by'])
      .where('store_id', '=', store.storeId)
      .where('id', 'in', [...ids])
      .execute(),
  );
  return ids.map((id) => rows.find((row) => row.id === id));
};
const consultants = async (ids: readonly CustomerId[]) => (await stored(ids)).map((row) => row?.consultant_id);
const entriesOf = (entityId: CustomerId) => inStore((tx) => listEntries(tx, store.storeId, { entityId, limit: 10 }));

describe('changing many', () => {
  it('assigns those chosen, tells how many beforehand, and leaves an entry for each in the log and on his time line', async () => {
    const ids = await some(['甲一', '甲二']);
    const [already] = await some(['甲三'], seller.staffId);
    const customerIds = [...ids, already!]; // one was made
    const what = give(seller);
    expect(await manager.client.customers.previewChange.query({ customerIds, change: what })).toMatchObject({
      changed: 2,
      unchanged: 1,
      outOfReach: { count: 0 },
      closed: { count: 0 },
      notFound: 0,
      shares: [{ id: seller.staffId, name: '李明', count: 2 }],
    });
    expect(await consultants(customerIds)).toEqual([null, null, seller.staffId]);
    const done = await change(manager, { customerIds }, what);
    expect(done).toMatchObject({ changed: 2, unchanged: 1 });
    expect(await stored(customerIds)).toMatchObject([
      ...ids.map(() => ({ consultant_id: seller.staffId, version: 2, updated_by: manager.staffId })),
      { consultant_id: seller.staffId, version: 1, updated_by: null },
    ]);
    for (const id of ids)
      expect(await entriesOf(id)).toMatchObject([
        {
          action: 'customers.changeMany',
          actorName: '赵总',
          before: { consultantId: null },
          after: { consultantId: seller.staffId },
        },
      ]);
    expect(await entriesOf(already!)).toEqual([]);
    const line = await manager.client.customers.timeline.query({ customerId: ids[0]!, kinds: ['change'] });
    expect(line.items).toMatchObject([{ action: 'customers.changeMany', fields: ['consultantId'], by: '赵总' }]);
    expect((await seller.client.customers.get.query({ customerId: ids[0]! })).consultant?.name).toBe('李明');
  });

  it('shares them evenly among several, takes them from everybody, and sets flags', async () => {
    const ids = await some(['乙一', '乙二', '乙三', '乙四']);
    await change(manager, { customerIds: ids }, give(otherSeller, seller));
    expect((await consultants(ids)).toSorted()).toEqual(
      [seller.staffId, seller.staffId, otherSeller.staffId, otherSeller.staffId].toSorted(),
    );
    await change(manager, { customerIds: ids }, give());
    expect(await consultants(ids)).toEqual([null, null, null, null]);
    await change(manager, { customerIds: ids.slice(0, 2) }, { field: 'isVip', to: true });
    expect((await stored(ids)).map((row) => row?.is_vip)).toEqual([true, true, false, false]);
    expect((await entriesOf(ids[0]!))[0]).toMatchObject({ before: { isVip: false }, after: { isVip: true } });
  });

  it('reaches all that the filter finds and nobody else', async () => {
    const ids = await some(['丙独一', '丙独二', '丙独三'], otherSeller.staffId);
    const [else_] = await some(['丙别'], otherSeller.staffId);
    await manager.client.customers.update.mutate({ customerId: else_!, version: 1, changes: { name: '丁别' } });
    for (const customerId of ids) await manager.client.customers.update.mutate({ customerId, version: 1, changes: { source: '展会' } });
    const filter = { source: '展会' };
    expect(await manager.client.customers.count.query(filter)).toEqual({ count: 3, more: false });
    expect(await change(manager, { filter }, give(seller))).toMatchObject({ changed: 3, unchanged: 0 });
    expect(await consultants([...ids, else_!])).toEqual([seller.staffId, seller.staffId, seller.staffId, otherSeller.staffId]);
  });

  it('leaves those out of reach and names them; who sees none of them finds none', async () => {
    const [own] = await some(['戊一'], reception.staffId);
    const theirs = await some(['戊二', '戊三'], seller.staffId);
    const customerIds = [own!, ...theirs];
    const done = await change(reception, { customerIds }, { field: 'isFleet', to: true });
    expect(done).toMatchObject({ changed: 1, notFound: 0, outOfReach: { count: 2 } });
    expect(done.outOfReach.some.map(({ name }) => name).toSorted()).toEqual(['戊三', '戊二'].toSorted());
    expect(await entriesOf(theirs[0]!)).toEqual([]);
    const what = { customerIds, change: give(otherSeller) };
    const seen = await otherSeller.client.customers.previewChange.query(what);
    expect(seen).toMatchObject({ changed: 0, outOfReach: { count: 0 }, notFound: 3 });
    expect(await codeOf(otherSeller.client.customers.changeMany.mutate({ ...what, stamp: seen.stamp }))).toBe(
      'customers.nothing_to_change',
    );
  });

  it('knows neither customers nor people of another store', async () => {
    const [here] = await some(['己一']);
    const [there] = await some(['己外'], undefined, strangers);
    const never = randomUUID() as CustomerId;
    const mixed = { customerIds: [here!, there!, never], change: { field: 'isVip', to: true } } as const;
    const seen = await manager.client.customers.previewChange.query({ ...mixed, customerIds: [...mixed.customerIds] });
    expect(seen).toMatchObject({ changed: 1, notFound: 2, missing: [there, never] });
    // All or nothing: what is foreign is named like what never was.
    expect(await failureOf(change(manager, { customerIds: [...mixed.customerIds] }, mixed.change))).toEqual([
      'platform.not_found',
      ['customerIds.1 unknown_record', 'customerIds.2 unknown_record'],
    ]);
    expect(await stored([here!])).toMatchObject([{ is_vip: false, version: 1 }]);
    expect(await change(manager, { customerIds: [here!] }, mixed.change)).toMatchObject({ changed: 1, notFound: 0 });
    const [untouched] = await inTransaction(server.platform.pool, { storeId: strangers.storeId }, (tx) =>
      tx.selectFrom('customers').select(['is_vip', 'version']).where('id', '=', there!).execute(),
    );
    expect(untouched).toEqual({ is_vip: false, version: 1 });
    expect(await failureOf(change(manager, { customerIds: [here!] }, give(seller, stranger)))).toEqual([
      'platform.not_found',
      ['change.toIds.1 unknown_record'],
    ]);
  });

  it('gives nothing to whoever left', async () => {
    const ids = await some(['庚一']);
    const gone = await server.person(store, 'SC', 'sales', '走了');
    await inStore((tx) => tx.updateTable('staff').set({ status: 'left' }).where('id', '=', gone.staffId).execute());
    expect(await failureOf(change(manager, { customerIds: ids }, give(gone)))).toEqual([
      'customers.assignee_left',
      ['change.toIds.0 customers.assignee_left'],
    ]);
  });

  it('does nothing where what was shown is different by now', async () => {
    const ids = await some(['辛一', '辛二']);
    const what = { customerIds: ids, change: give(seller) };
    const { stamp } = await manager.client.customers.previewChange.query(what);
    await manager.client.customers.update.mutate({ customerId: ids[0]!, version: 1, changes: { remark: '与此无关' } });
    const { stamp: same } = await manager.client.customers.previewChange.query(what);
    expect(same).toBe(stamp);
    await manager.client.customers.update.mutate({ customerId: ids[0]!, version: 2, changes: { consultantId: otherSeller.staffId } });
    expect(await codeOf(manager.client.customers.changeMany.mutate({ ...what, stamp }))).toBe('customers.selection_changed');
    expect(await consultants(ids)).toEqual([otherSeller.staffId, null]);
    expect(await codeOf(manager.client.customers.changeMany.mutate({ ...what, change: give(otherSeller), stamp: same }))).toBe(
      'customers.selection_changed',
    );
  });

  it('leaves who was merged meanwhile, and says so', async () => {
    const ids = await some(['壬一', '壬二']);
    await inStore((tx) => tx.updateTable('customers').set({ status: 'anonymised' }).where('id', '=', ids[1]!).execute());
    expect(await change(manager, { customerIds: ids }, give(seller))).toMatchObject({
      changed: 1,
      closed: { count: 1, some: [{ id: ids[1], name: '壬二' }] },
    });
  });

  it('has one effect by one key, and answers the same again', async () => {
    const ids = await some(['癸一']);
    const what = { customerIds: ids, change: give(seller) };
    const { stamp } = await manager.client.customers.previewChange.query(what);
    const keyed = server.client({ cookie: manager.cookie, 'idempotency-key': 'bulk-1' });
    const first = await keyed.customers.changeMany.mutate({ ...what, stamp });
    expect(await keyed.customers.changeMany.mutate({ ...what, stamp })).toEqual(first);
    expect((await stored(ids))[0]?.version).toBe(2);
  });

  it('asks for ids or a filter, not both and not neither', async () => {
    const what = { change: give(seller) };
    for (const which of [{}, { customerIds: await some(['子一']), filter: {} }])
      expect(await failureOf(manager.client.customers.previewChange.query({ ...which, ...what }))).toEqual([
        'input.invalid',
        ['customerIds one_of'],
      ]);
  });

  it('stops at the most that are changed at once', async () => {
    await inTransaction(server.platform.pool, { storeId: strangers.storeId }, (_, client) =>
      client.query(
        `insert into customers (store_id, id, kind, name, name_pinyin, city) select $1, uuidv7(), 'person', 'n' || n, 'n', case when n < $2 then '苏州' end from generate_series(0, $2::integer) n`,
        [strangers.storeId, MOST_AT_ONCE],
      ),
    );
    expect(await stranger.client.customers.count.query({})).toEqual({ count: MOST_AT_ONCE, more: true });
    const all: Which = { filter: {} };
    expect(await codeOf(change(stranger, all, { field: 'isVip', to: true }))).toBe('customers.too_many_at_once');
    const done = await change(stranger, { filter: { city: '苏州' } }, { field: 'isVip', to: true });
    expect(done.changed).toBe(MOST_AT_ONCE);
    expect(await stranger.client.customers.count.query({ flags: ['vip'] })).toEqual({ count: MOST_AT_ONCE, more: false });
    expect(await stranger.client.customers.undoChange.mutate({ batchId: done.batchId })).toMatchObject({ restored: MOST_AT_ONCE });
    expect(await stranger.client.customers.count.query({ flags: ['vip'] })).toEqual({ count: 0, more: false });
  });
});

describe('taking a change of many back', () => {
  it('brings back what stood there, and is offered until it is done', async () => {
    const ids = await some(['丑一', '丑二']);
    const more = await some(['丑三'], otherSeller.staffId);
    const customerIds = [...ids, ...more];
    const { batchId, undoUntil } = await change(manager, { customerIds }, give(seller));
    const { batch } = await manager.client.customers.lastChange.query();
    expect(batch).toMatchObject({ id: batchId, changed: 3, field: 'consultantId', toNames: ['李明'], to: null, undoUntil });
    expect(await manager.client.customers.undoChange.mutate({ batchId })).toEqual({
      restored: 3,
      changedSince: 0,
      outOfReach: 0,
      closed: 0,
    });
    expect(await consultants(customerIds)).toEqual([null, null, otherSeller.staffId]);
    expect((await entriesOf(more[0]!))[0]).toMatchObject({
      action: 'customers.undoChange',
      before: { consultantId: seller.staffId },
      after: { consultantId: otherSeller.staffId },
    });
    expect(await codeOf(manager.client.customers.undoChange.mutate({ batchId }))).toBe('customers.undone_already');
    expect((await manager.client.customers.lastChange.query()).batch?.id).not.toBe(batchId);
  });

  it('leaves what others have changed since, and says how many', async () => {
    const ids = await some(['寅一', '寅二', '寅三']);
    const { batchId } = await change(manager, { customerIds: ids }, give(seller));
    await manager.client.customers.update.mutate({ customerId: ids[0]!, version: 2, changes: { consultantId: otherSeller.staffId } });
    await manager.client.customers.update.mutate({ customerId: ids[1]!, version: 2, changes: { remark: '别的内容' } });
    expect(await manager.client.customers.undoChange.mutate({ batchId })).toEqual({
      restored: 2,
      changedSince: 1,
      outOfReach: 0,
      closed: 0,
    });
    expect(await consultants(ids)).toEqual([otherSeller.staffId, null, null]);
  });

  it('brings back whom a consultant gave away, and is his alone', async () => {
    const ids = await some(['卯一', '卯二'], seller.staffId);
    const { batchId } = await change(seller, { customerIds: ids }, give(otherSeller));
    expect(await codeOf(seller.client.customers.get.query({ customerId: ids[0]! }))).toBe('platform.not_found');
    expect(await codeOf(manager.client.customers.undoChange.mutate({ batchId }))).toBe('platform.not_found');
    expect(await codeOf(stranger.client.customers.undoChange.mutate({ batchId }))).toBe('platform.not_found');
    expect(await seller.client.customers.undoChange.mutate({ batchId })).toMatchObject({ restored: 2 });
    expect(await consultants(ids)).toEqual([seller.staffId, seller.staffId]);
  });

  it('ends with the day', async () => {
    const ids = await some(['辰一']);
    const { batchId } = await change(manager, { customerIds: ids }, give(seller));
    const long = addHours(now(), -UNDO_HOURS);
    await inStore((tx) => tx.updateTable('customer_batches').set({ at: long }).where('id', '=', batchId).execute());
    expect(await codeOf(manager.client.customers.undoChange.mutate({ batchId }))).toBe('customers.undo_too_late');
    expect((await manager.client.customers.lastChange.query()).batch?.id).not.toBe(batchId);
    await inStore((tx) => deleteBatchesBefore(tx, store.storeId, addHours(long, 1)));
    expect(await codeOf(manager.client.customers.undoChange.mutate({ batchId }))).toBe('platform.not_found');
    expect(await consultants(ids)).toEqual([seller.staffId]);
  });
});

it('takes those chosen away as a file, within the right to', async () => {
  const ids = await some(['巳一', '巳二', '巳三']);
  const file = await manager.client.customers.export.mutate({ format: 'csv', customerIds: ids.slice(0, 2), sort: 'lastVisitOn' });
  const [, ...rows] = Buffer.from(file.base64, 'base64').toString('utf8').trimEnd().split('\r\n');
  expect([file.rows, file.complete]).toEqual([2, true]);
  expect(rows.map((row) => row.split(',')[0]).toSorted()).toEqual(['"巳一"', '"巳二"']);
  const theirs = await stranger.client.customers.export.mutate({ format: 'csv', customerIds: ids });
  expect(theirs.rows).toBe(0);
});

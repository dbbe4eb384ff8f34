import { randomUUID } from 'node:crypto';
import { CUSTOMER_SORTS, lastSeenOn, namePinyin, relationship, RELATIONSHIPS, type CustomerSort } from '@baoke/core/customers';
import { listInput } from '@baoke/core/customers/wire';
import type { CivilDate, CustomerId, StaffId, StoreId } from '@baoke/core/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';
import { countCustomers, listCustomers, listMatching, type ListView } from './queries.ts';

type Made = {
  readonly id: CustomerId;
  readonly pinyin: string;
  readonly delivered: CivilDate | null;
  readonly visited: CivilDate | null;
  readonly former: boolean;
  readonly since: CivilDate | null;
  readonly verified: CivilDate | null;
  readonly created: string;
  readonly consultant: StaffId | null;
  readonly advisor: StaffId | null;
};

const SIZE = 47;
// Names whose pinyin, signs and ids are in three different orders.
const STAFF = ['赵一', '安二', '曾三', '单四'];
const people = new Map<StaffId, string>();
const made: Made[] = [];
let database: TestDatabase;
let here: StoreId;
let there: StoreId;

// Few values for many customers, so that pages end within ties; a third has none.
const day = (n: number, of: number) => (n % 3 === 0 ? null : (`2026-0${1 + (n % of)}-15` as CivilDate));

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select g.id, c, c from g, unnest(array['a', 'b']) c returning id`,
  );
  here = rows[0]!.id; // two stores were just made
  there = rows[1]!.id;
  for (const storeId of [here, there]) {
    const staff = STAFF.map((name) => ({ id: randomUUID() as StaffId, name }));
    await inTransaction(database.pool, { storeId }, async (tx) => {
      await tx
        .insertInto('staff')
        .values(staff.map((person) => ({ store_id: storeId, role: 'SC', ...person })))
        .execute();
      for (let n = 0; n < SIZE; n += 1) {
        const one: Made = {
          id: randomUUID() as CustomerId,
          pinyin: `name${n % 5}`,
          delivered: day(n, 4),
          visited: n % 9 === 0 ? null : day(n + 1, 3),
          former: n % 6 === 5,
          since: n % 7 === 4 ? day(n + 1, 5) : null,
          verified: day(n + 2, 2),
          created: `2026-0${1 + (n % 6)}-01T00:00:00.000${n % 2}`,
          consultant: n % 4 === 3 ? null : staff[n % 3]!.id,
          advisor: n % 5 === 4 ? null : staff[n % 4]!.id,
        };
        if (storeId === here) made.push(one);
        await tx
          .insertInto('customers')
          .values({
            store_id: storeId,
            id: one.id,
            kind: 'person',
            name: `客户${n}`,
            name_pinyin: one.pinyin,
            first_delivered_on: one.delivered,
            last_visit_on: one.visited,
            former_owner: one.former,
            owner_since: one.since,
            verified_on: one.verified,
            created_at: `${one.created}Z`,
            consultant_id: one.consultant,
            advisor_id: one.advisor,
          })
          .execute();
      }
    });
    if (storeId === here) for (const { id, name } of staff) people.set(id, namePinyin(name).full);
  }
});
afterAll(() => database.drop());

const view: ListView = {
  reach: 'everyone',
  me: randomUUID() as StaffId,
  bounds: null,
  limits: { phones: 'everyone', vehicles: true },
  created: {},
};

async function pages(filter: object, change: Partial<ListView> = {}): Promise<CustomerId[]> {
  const input = listInput.parse({ limit: 5, ...filter });
  const seen: CustomerId[] = [];
  for (let after: ListView['after']; ;) {
    const { rows } = await inTransaction(database.pool, { storeId: here }, (tx) =>
      listCustomers(tx, here, input, { ...view, ...change, ...(after ? { after } : {}) }),
    );
    seen.push(...rows.slice(0, input.limit).map(({ id }) => id));
    if (rows.length <= input.limit) return seen;
    after = rows[input.limit - 1]?.place;
  }
}

const KEYS: Readonly<Record<CustomerSort, (one: Made) => string | null>> = {
  name: ({ pinyin }) => pinyin,
  // Former owners stand before the first day on which anybody was seen.
  relationship: ({ delivered, visited, former, since }) =>
    former ? '' : lastSeenOn({ firstDeliveredOn: delivered, lastVisitOn: visited, ownerSince: since }),
  consultant: ({ consultant }) => (consultant === null ? null : (people.get(consultant) ?? null)),
  advisor: ({ advisor }) => (advisor === null ? null : (people.get(advisor) ?? null)),
  lastVisitOn: ({ visited }) => visited,
  firstDeliveredOn: ({ delivered }) => delivered,
  verifiedOn: ({ verified }) => verified,
  createdAt: ({ created }) => created,
};

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What the whole list has to be: reckoned from what was written, not by the statement. */
function expected(sort: CustomerSort, descending: boolean, of: readonly Made[] = made): CustomerId[] {
  const way = descending ? -1 : 1;
  const byPerson = sort === 'consultant' || sort === 'advisor';
  return of
    .toSorted((a, b) => {
      const [x, y] = [KEYS[sort](a), KEYS[sort](b)];
      if (x === null || y === null) {
        if (x !== y) return x === null ? 1 : -1;
      } else if (x !== y) return compare(x, y) * way;
      if (byPerson) return compare(a.pinyin, b.pinyin) || compare(a.id, b.id);
      return compare(a.id, b.id) * way;
    })
    .map(({ id }) => id);
}

const BOTH_WAYS = CUSTOMER_SORTS.flatMap((sort) => [false, true].map((descending) => ({ sort, descending })));

describe.each(BOTH_WAYS)('by $sort, descending $descending', ({ sort, descending }) => {
  it('pages through ties and those who have none, who are the last', async () => {
    expect(await pages({ sort, descending })).toEqual(expected(sort, descending));
  });

  it('keeps its order where the rows are few from the start', async () => {
    const [one] = people.keys();
    const own = made.filter(({ consultant, advisor }) => consultant === one || advisor === one);
    expect(own.length).toBeGreaterThan(10);
    expect(await pages({ sort, descending }, { reach: [one!] })).toEqual(expected(sort, descending, own)); // four people were made
    expect(await pages({ sort, descending, tab: 'mine' }, { me: one! })).toEqual(expected(sort, descending, own));
    const sold = made.filter(({ consultant }) => consultant === one);
    expect(await pages({ sort, descending, consultantId: one })).toEqual(expected(sort, descending, sold));
  });

  it('is cut anywhere, pages of one row too', async () => {
    expect(await pages({ sort, descending, limit: 1 })).toEqual(expected(sort, descending));
  });
});

it('goes on behind a person who is there no more', async () => {
  const { rows } = await inTransaction(database.pool, { storeId: here }, (tx) =>
    listCustomers(tx, here, listInput.parse({ sort: 'consultant', limit: 1 }), view),
  );
  const [, ...rest] = rows[0]!.place; // a store of 47
  expect(people.get(rows[0]!.consultantId!)).toBe('aner');
  const gone = ['anyi', randomUUID(), ...rest.slice(1)];
  const first = await inTransaction(database.pool, { storeId: here }, (tx) =>
    listCustomers(tx, here, listInput.parse({ sort: 'consultant', limit: 1 }), { ...view, after: gone }),
  );
  expect(people.get(first.rows[0]!.consultantId!)).toBe('zengsan');
});

describe('relationships', () => {
  // Days on which somebody was seen, so that both sides of each bound have customers.
  const bounds = {
    today: '2026-09-15' as CivilDate,
    atRiskTo: '2026-03-15' as CivilDate,
    lostBefore: '2026-02-15' as CivilDate,
    verifiedSince: '2026-06-15' as CivilDate,
  };
  const ruled = (is: (typeof RELATIONSHIPS)[number]) =>
    made
      .filter(
        ({ delivered, visited, former, since }) =>
          relationship({ firstDeliveredOn: delivered, lastVisitOn: visited, formerOwner: former, ownerSince: since }, bounds) === is,
      )
      .map(({ id }) => id)
      .toSorted();

  it.each(RELATIONSHIPS)('%s: list, ids and count hold whom the rule means', async (is) => {
    const wanted = ruled(is);
    expect(wanted.length).toBeGreaterThan(2);
    for (const sort of ['name', 'relationship', 'lastVisitOn'] as const)
      expect((await pages({ relationships: [is], sort }, { bounds })).toSorted()).toEqual(wanted);
    await inTransaction(database.pool, { storeId: here }, async (tx) => {
      const found = await listMatching(tx, here, listInput.parse({ relationships: [is] }), { ...view, bounds }, SIZE);
      expect(found.toSorted()).toEqual(wanted);
      if (is !== 'at_risk' && is !== 'lost') return;
      const asked = { reach: view.reach, me: view.me, bounds };
      expect(await countCustomers(tx, here, asked, [is])).toEqual({ [is]: wanted.length });
      expect(await countCustomers(tx, here, asked, ['all', is])).toEqual({ all: SIZE, [is]: wanted.length });
    });
  });

  it('all together are everybody', async () => {
    expect((await pages({ relationships: [...RELATIONSHIPS] }, { bounds })).toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });
});

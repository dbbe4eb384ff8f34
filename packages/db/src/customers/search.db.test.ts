import { randomUUID } from 'node:crypto';
import { namePinyin, searchTokens } from '@baoke/core/customers';
import { listInput } from '@baoke/core/customers/wire';
import type { CivilDate, CustomerId, StaffId, StoreId } from '@baoke/core/kernel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kyselyOver, type Db } from '../connect.ts';
import { findByNumber } from '../complaints/queries.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';
import { countCustomers, findCard, findLikeCustomers, findRecords, listCustomers, type ListView } from './queries.ts';

// A store of the size at which a wrong plan shows, beside a smaller neighbour with the same names.
const SIZE = 20_000;
const NEIGHBOUR = 2_000;
const SURNAMES = '王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁'.split('');
// The only whole name with these initials among five hundred given names with them, and the last of all in the index.
const RARE = { name: '方圆', initials: 'fy', id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' };
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂文辉玲建华雪'.split('');

let database: TestDatabase;
let here: StoreId;
let there: StoreId;
let sellers: StaffId[];
const all = { phones: 'everyone', vehicles: true } as const;

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select g.id, c, c from g, unnest(array['a', 'b']) c returning id`,
  );
  here = rows[0]!.id; // two stores were just made
  there = rows[1]!.id;
  sellers = await fill(here, SIZE);
  await inTransaction(database.pool, { storeId: here }, async (_, client) => {
    await client.query(
      `insert into customers (store_id, id, kind, name, name_pinyin, consultant_id) values ($1, $2, 'person', $3, $4, $5)`,
      [here, RARE.id, RARE.name, namePinyin(RARE.name).full, sellers[1]],
    );
    await client.query(`insert into search_tokens (store_id, token, customer_id) select $1, token, $2 from unnest($3::text[]) as token`, [
      here,
      RARE.id,
      searchTokens({ name: RARE.name, phones: [], plates: [], vins: [] }),
    ]);
  });
  await fill(there, NEIGHBOUR);
  await asOwner('analyze');
}, 120_000);
afterAll(() => database.drop());

async function asOwner(text: string): Promise<void> {
  const owner = new pg.Client({ connectionString: database.superuserUrl });
  await owner.connect();
  await owner.query(text);
  await owner.end();
}

// The n-th customer, the same on every run.
function nth(n: number): { name: string; phone: string; plate: string; vin: string } {
  const name = `${SURNAMES[n % SURNAMES.length]}${GIVEN[(n * 7) % GIVEN.length]}${n % 3 === 0 ? '' : GIVEN[(n * 11) % GIVEN.length]}`;
  return {
    name,
    phone: `+86138${String(10_000_000 + n * 4_099).slice(0, 8)}`,
    plate: `苏E${String(n).padStart(5, '0')}`,
    vin: `LSGYGVLM4MY${String(100_000 + n)}`,
  };
}

async function fill(storeId: StoreId, size: number): Promise<StaffId[]> {
  const people = [randomUUID(), randomUUID()] as StaffId[];
  const customers = Array.from({ length: size }, (_, n) => ({ id: randomUUID(), car: randomUUID(), ...nth(n) }));
  const tokens = customers.flatMap(({ id, name, phone, plate, vin }) =>
    searchTokens({ name, phones: [phone], plates: [plate], vins: [vin] }).map((token) => [token, id] as const),
  );
  await inTransaction(database.pool, { storeId }, async (_, client) => {
    await client.query(
      `insert into staff (store_id, id, name, role) select $1, id, 'p' || n, 'SC' from unnest($2::uuid[]) with ordinality as s(id, n)`,
      [storeId, people],
    );
    await client.query(
      `insert into customers (store_id, id, kind, name, name_pinyin, consultant_id, last_visit_on) select $1, id, 'person', name, pinyin, case when n % 100 = 0 then $5::uuid when n % 2 = 0 then $6::uuid end, date '2024-01-01' + (n % 1000)::integer
       from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as c(id, name, pinyin, n)`,
      [storeId, customers.map((c) => c.id), customers.map((c) => c.name), customers.map((c) => namePinyin(c.name).full), ...people],
    );
    await client.query(
      `insert into customer_phones (store_id, customer_id, e164, rank, kind) select $1, id, e164, 1, 'mobile' from unnest($2::uuid[], $3::text[]) as p(id, e164)`,
      [storeId, customers.map((c) => c.id), customers.map((c) => c.phone)],
    );
    await client.query(
      `insert into vehicles (store_id, id, plate, vin, owner_id) select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[])`,
      [storeId, customers.map((c) => c.car), customers.map((c) => c.plate), customers.map((c) => c.vin), customers.map((c) => c.id)],
    );
    await client.query(
      `insert into ownerships (store_id, vehicle_id, customer_id, to_on) select $1, car, id, case when n % 50 = 0 then date '2026-01-01' end from unnest($2::uuid[], $3::uuid[]) with ordinality as o(car, id, n)`,
      [storeId, customers.map((c) => c.car), customers.map((c) => c.id)],
    );
    await client.query(
      `insert into care_checks (store_id, occurrence_key, rule_key, customer_id, seen_on, due_on, reason)
       select $1, id, 'brand_minimum', id, '2026-10-15', '2026-12-14', '{}' from unnest($2::uuid[]) with ordinality as c(id, n) where n % 10 = 0`,
      [storeId, customers.map((c) => c.id)],
    );
    await client.query(
      `with d as (insert into departments (store_id, id, kind, name) values ($1, gen_random_uuid(), 'service', '售后') returning id)
       insert into complaints (store_id, id, number, status, source, kind, severity, customer_id, content, department_id, handler_id, registered_at, registered_by,
         policy_version, response_minutes, close_minutes, business_hours, response_due_at, close_due_at)
       select $1, gen_random_uuid(), to_char(date '2022-01-01' + (n / 10)::integer, 'YYYYMMDD') || '-' || lpad((n % 10 + 1)::text, 3, '0'), 'registered', 'phone', 'service.parts', 'low',
         c, 'x', d.id, case when n % 100 = 0 then $3::uuid else $4::uuid end, at, $4, 0, 60, 1440, false, at, at
       from unnest($2::uuid[]) with ordinality as k(c, n), d, lateral (select timestamptz '2022-01-01 04:00Z' + (n / 10) * interval '1 day' as at) a`,
      [storeId, customers.map((c) => c.id), ...people],
    );
    await client.query(`insert into search_tokens (store_id, token, customer_id) select $1, * from unnest($2::text[], $3::uuid[])`, [
      storeId,
      tokens.map(([token]) => token),
      tokens.map(([, id]) => id),
    ]);
  });
  return people;
}

const search = (term: string, change: { reach?: 'everyone' | StaffId[]; storeId?: StoreId; limit?: number } = {}) =>
  inTransaction(database.pool, { storeId: change.storeId ?? here }, (tx) =>
    findRecords(tx, change.storeId ?? here, term, {
      me: sellers[0]!,
      reach: change.reach ?? 'everyone',
      vehicleReach: null,
      limits: all,
      limit: change.limit ?? 10,
    }),
  ).then(({ customers }) => customers);

describe('searching among 20,000', () => {
  const wanted = nth(4321);
  it.each([
    { kind: 'the whole name', term: wanted.name },
    { kind: 'two signs inside it', term: wanted.name.slice(1) },
    { kind: 'pinyin', term: namePinyin(wanted.name).full },
    { kind: 'initials', term: namePinyin(wanted.name).initials },
    { kind: 'the whole phone', term: wanted.phone.slice(3) },
    { kind: 'its last four digits', term: wanted.phone.slice(-4) },
    { kind: 'the plate', term: wanted.plate },
    { kind: 'the plate without province', term: wanted.plate.slice(1) },
    { kind: 'the tail of the VIN', term: wanted.vin.slice(-6) },
  ])('by $kind', async ({ term }) => {
    const found = await search(term, { limit: 500 });
    expect(found.map(({ name }) => name)).toContain(wanted.name);
  });

  it('finds nobody of the neighbour, and nobody for what nobody has', async () => {
    const [mine, theirs] = await Promise.all([search(wanted.plate), search(nth(1).plate, { storeId: there })]);
    expect([mine.length, theirs.length]).toEqual([1, 1]);
    expect(await search(nth(NEIGHBOUR + 1).plate, { storeId: there })).toEqual([]);
    expect(await search('没有人')).toEqual([]);
  });

  it.each(['wj', 'lj'])('puts whole names with the initials %s before given names with them', async (initials) => {
    const found = await search(initials, { limit: 10 });
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ name }) => !namePinyin(name).full.startsWith(initials.charAt(0)))).toEqual([]);
  });

  it('puts exact names first, then the own customers, however common the name', async () => {
    const found = await search('梁', { limit: 10 });
    expect(found.every(({ name }) => name.startsWith('梁'))).toBe(true);
    expect(found.filter(({ mine }) => mine).length).toBeGreaterThan(5);
    const exact = await search('王伟');
    expect(exact.map(({ name }) => name === '王伟')).toEqual(
      exact.map(({ name }) => name === '王伟').toSorted((a, b) => Number(b) - Number(a)),
    );
  });

  it('finds every own customer with a common name where the reach is one’s own', async () => {
    const own = Array.from({ length: SIZE }, (_, n) => n).filter((n) => (n + 1) % 100 === 0 && nth(n).name.includes('梁'));
    const found = await search('梁', { reach: [sellers[0]!], limit: 500 });
    expect(found.length).toBe(own.length);
    expect(own.length).toBeGreaterThan(100);
    expect(found.every(({ mine }) => mine)).toBe(true);
  });
});

// What the statement did, as PostgreSQL tells it to the role that serves requests.
async function planOf(work: (tx: Db) => Promise<unknown>): Promise<string> {
  return inTransaction(database.pool, { storeId: here }, async (_, client) => {
    const plans: string[] = [];
    const explaining = {
      query({ text, values }: { text: string; values: unknown[] }, told: (error: unknown, result?: pg.QueryResult) => void) {
        const explained = client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values).then(({ rows }) => {
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return client.query(text, values);
        });
        explained.then((result) => told(null, result), told);
      },
    };
    await work(kyselyOver(explaining as unknown as pg.PoolClient));
    return plans.join('\n');
  });
}

describe('the plans under row-level security', () => {
  const view: ListView = {
    reach: 'everyone',
    me: '' as StaffId,
    bounds: {
      today: '2026-11-01' as CivilDate,
      atRiskTo: '2026-05-01' as CivilDate,
      lostBefore: '2025-11-01' as CivilDate,
      verifiedSince: '2026-08-01' as CivilDate,
    },
    limits: all,
    created: {},
  };
  const list =
    (filter: object, change: Partial<ListView> = {}) =>
    (tx: Db) =>
      listCustomers(tx, here, listInput.parse(filter), { ...view, me: sellers[0]!, ...change });

  it.each([
    { name: 'two signs', term: '建华' },
    { name: 'pinyin', term: 'wangjian' },
    { name: 'initials', term: RARE.initials },
    { name: 'end of a phone', term: '5678' },
    { name: 'plate', term: 'E04321' },
    { name: 'tail of a VIN', term: 'MY104321' },
    { name: 'more of a phone than is shown', term: nth(4321).phone.slice(-6), phones: [0] },
    { name: 'whole phone', term: nth(4321).phone, phones: [0] },
  ])('a search by $name reads ranges of the tokens, no table', async ({ term, phones }) => {
    const limits = { ...all, ...(phones ? { phones: phones.map((n) => sellers[n]!) } : {}) };
    const plan = await planOf((tx) =>
      findRecords(tx, here, term, { me: sellers[0]!, reach: 'everyone', vehicleReach: 'everyone', limits, limit: 10 }),
    );
    expect(plan).toContain('on search_tokens');
    expect(plan).toMatch(/Index Cond: .*token >= /);
    expect(plan).not.toMatch(/Seq Scan on (search_tokens|customers|customer_phones|vehicles)/);
  });

  it.each([
    { name: 'whole', end: '20240305-003', found: ['20240305-003'] },
    { name: 'by its end', end: '0305-003', found: ['20270305-003', '20260305-003', '20250305-003', '20240305-003', '20230305-003'] },
    { name: 'of every day', end: '010', found: ['20270623-010', '20270622-010', '20270621-010', '20270620-010', '20270619-010'] },
  ])('a complaint $name is found by its index', async ({ end, found }) => {
    const plan = await planOf(async (tx) =>
      expect((await findByNumber(tx, here, end, 'everyone', 5)).map(({ number }) => number)).toEqual(found),
    );
    expect(plan).toContain('complaints_number_backwards');
    expect(plan).toMatch(/Index Cond: .*number_backwards >= /);
    expect(plan).not.toMatch(/Seq Scan on (complaints|customers)/);
  });

  it('a complaint of others and of another store is not found by its number', async () => {
    const of = (storeId: StoreId, end: string) =>
      inTransaction(database.pool, { storeId }, (tx) => findByNumber(tx, storeId, end, [sellers[0]!], 5));
    expect(await of(here, '20220111-001')).toHaveLength(1);
    expect(await of(here, '20220111-002')).toEqual([]);
    expect(await of(there, '20220111-001')).toEqual([]);
  });

  it.each([
    { name: 'by name', filter: {}, index: 'customers_name' },
    { name: 'of a consultant', filter: { consultantId: '018f0000-0000-7000-8000-000000000000' }, index: 'customers_consultant' },
    { name: 'by last visit', filter: { sort: 'lastVisitOn', descending: true }, index: 'customers_last_visit' },
    { name: 'newest first', filter: { sort: 'createdAt', descending: true }, index: 'customers_created' },
    { name: 'by relationship', filter: { sort: 'relationship' }, index: 'customers_relationship' },
    { name: 'by relationship, latest first', filter: { sort: 'relationship', descending: true }, index: 'customers_relationship' },
    { name: 'of lost ones by relationship', filter: { tab: 'lost', sort: 'relationship' }, index: 'customers_relationship' },
    { name: 'of owners at risk, the longest away first', filter: { tab: 'at_risk', sort: 'lastVisitOn' }, index: 'customers_relationship' },
    { name: 'of former owners', filter: { relationships: ['former'] }, index: 'customers_relationship' },
    {
      name: 'of former owners by relationship',
      filter: { relationships: ['former'], sort: 'relationship' },
      index: 'customers_relationship',
    },
    { name: 'by delivery', filter: { sort: 'firstDeliveredOn' }, index: 'customers_delivered' },
    { name: 'by verification', filter: { sort: 'verifiedOn', descending: true }, index: 'customers_verified' },
    { name: 'by consultant', filter: { sort: 'consultant' }, index: 'customers_consultant' },
    { name: 'by advisor', filter: { sort: 'advisor', descending: true }, index: 'customers_advisor' },
    { name: 'flagged', filter: { tab: 'flagged' }, index: 'customers_flagged' },
    { name: 'stopped', filter: { tab: 'stopped' }, index: 'customers_stopped' },
    { name: 'with too few contacts', filter: { tab: 'few_contacts' }, index: 'care_checks_' },
  ])('the list $name walks $index', async ({ filter, index }) => {
    const plan = await planOf(list(filter));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (customers|customer_phones|vehicles|care_checks)/);
  });

  it.each([
    { name: 'of a consultant by last visit', filter: { sort: 'lastVisitOn', consultantId: '018f0000-0000-7000-8000-000000000000' } },
    { name: 'of a consultant, newest first', filter: { sort: 'createdAt', consultantId: '018f0000-0000-7000-8000-000000000000' } },
  ])('the list $name reads his customers and puts them in order', async ({ filter }) => {
    // Those who have none stand behind the others and are found as their number commends.
    const [plan] = (await planOf(list(filter))).split('CTE arm_1');
    expect(plan).toContain('customers_consultant');
    expect(plan).not.toMatch(/customers_last_visit|customers_created|Seq Scan on customers/);
  });

  it.each(['at_risk', 'lost'] as const)('how many are %s is counted in the index of relationships', async (tab) => {
    const plan = await planOf((tx) => countCustomers(tx, here, { reach: 'everyone', me: sellers[0]!, bounds: view.bounds }, [tab]));
    expect(plan).toContain('customers_relationship');
    expect(plan).not.toContain('Seq Scan on customers');
  });

  it('the own list reads the own customers only', async () => {
    expect(await planOf(list({}, { reach: [sellers[0]!] }))).toContain('customers_consultant');
  });

  it('card and duplicate check read by their indexes', async () => {
    const [some] = await search(nth(7).plate);
    const card = await planOf((tx) =>
      findCard(
        tx,
        here,
        some!.id as CustomerId,
        { view: 'everyone', edit: 'everyone', recordContact: 'everyone' },
        { vehicles: true, contacts: 'everyone', service: 'everyone', complaints: 'everyone', orders: 'everyone', tasks: 'everyone' },
      ),
    );
    expect(card).not.toMatch(/Seq Scan on (customers|customer_phones|vehicles) /);
    const like = await planOf((tx) =>
      findLikeCustomers(
        tx,
        here,
        {
          kind: 'person',
          name: '王伟',
          phones: [nth(7).phone],
          idNumberIndex: null,
          birthDate: '1990-01-01' as CivilDate,
          address: null,
          plate: nth(7).plate,
          vin: null,
          except: null,
        },
        'everyone',
      ),
    );
    expect(like).not.toMatch(/Seq Scan on (customers|customer_phones|vehicles)/);
  });
});

import { MOST_LAPSE_DAYS, MOST_OPEN_DAYS } from '@baoke/core/care';
import { CALLBACK_MEASURES, CARE_MEASURES } from '@baoke/core/insight';
import { addDays, type CivilDate, type Instant, type StaffId, type StoreId } from '@baoke/core/kernel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kyselyOver, type Db } from '../connect.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';
import { countCallbacks, countCare, countLapsed, listCallbackRows, listCareRows, type CallScope, type CareScope } from './queries.ts';

// Calls enough that a loop over them within a loop is told by how often it ran.
const CALLS = 3_000;
const PEOPLE = 6;
const LIMIT = 50;

let database: TestDatabase;
let storeId: StoreId;
let people: StaffId[];

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select id, 'a', 'a' from g returning id`,
  );
  storeId = rows[0]!.id; // one store was just made
  people = await inTransaction(database.pool, { storeId }, async (_, client) => {
    const staff = await client.query<{ id: StaffId }>(
      `insert into staff (store_id, id, name, role) select $1, gen_random_uuid(), 'p' || n, 'FU_AGENT' from generate_series(1, $2::integer) n returning id`,
      [storeId, PEOPLE],
    );
    const ids = staff.rows.map(({ id }) => id);
    await client.query(
      `insert into customers (store_id, id, kind, name, name_pinyin) select $1, gen_random_uuid(), 'person', 'c' || n, '' from generate_series(1, 500) n`,
      [storeId],
    );
    // Due on the days of November, each second one called, each tenth of these twice.
    await client.query(
      `insert into tasks (store_id, id, kind, status, rule_key, customer_id, role, assignee_id, channel, purpose, priority, not_before_on, due_at)
       select $1, gen_random_uuid(), 'care_call', 'open', 'csi_survey', c.id, 'FU_AGENT', ($2::uuid[])[1 + n % $3::integer], 'phone', 'service', 2, date '2026-11-01' + n % 30, timestamptz '2026-11-01 12:00+08' + n % 30 * interval '1 day'
       from (select id, row_number() over () as at from customers where store_id = $1) as c, generate_series(1, $4::integer) n where n % 500 = c.at - 1`,
      [storeId, ids, PEOPLE, CALLS],
    );
    await client.query(
      `insert into contacts (store_id, id, customer_id, task_id, channel, outcome, satisfied, occurred_at, staff_id)
       select $1, gen_random_uuid(), t.customer_id, t.id, 'phone', 'reached', true, t.due_at - tries * interval '1 hour', t.assignee_id
       from (select *, row_number() over (order by id) as n from tasks where store_id = $1) as t, lateral generate_series(1, case when t.n % 2 = 1 then 0 when t.n % 20 = 0 then 2 else 1 end) as tries`,
      [storeId],
    );
    return ids;
  });
  const owner = new pg.Client({ connectionString: database.superuserUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
});
afterAll(() => database.drop());

const literal = (value: unknown): string =>
  pg.escapeLiteral(Array.isArray(value) ? `{${value.map((item) => JSON.stringify(item)).join()}}` : String(value));

let asked = 0;

/** How often each part of a statement ran that reads a table, as the role that serves requests, with the one plan that serves all values. */
async function readsOf(work: (tx: Db) => Promise<unknown>): Promise<{ table: string; loops: number }[]> {
  return inTransaction(database.pool, { storeId }, async (_, client) => {
    await client.query('set local plan_cache_mode = force_generic_plan');
    const plans: string[] = [];
    const explaining = {
      query({ text, values }: { text: string; values: unknown[] }, told: (error: unknown, result?: pg.QueryResult) => void) {
        const name = `asked_${(asked += 1)}`;
        const explain = async () => {
          await client.query(`prepare ${name} as ${text}`);
          const { rows } = await client.query<{ 'QUERY PLAN': string }>(
            `explain (analyze, timing off) execute ${name}(${values.map(literal).join()})`,
          );
          plans.push(...rows.map((row) => row['QUERY PLAN']));
          await client.query(`deallocate ${name}`);
          return client.query(text, values);
        };
        explain().then((result) => told(null, result), told);
      },
    };
    await work(kyselyOver(explaining as unknown as pg.PoolClient));
    return plans.flatMap((line) => {
      const [, table, loops] = /Scan.* on (\w+) .*loops=(\d+)/.exec(line) ?? [];
      return table === undefined ? [] : [{ table, loops: Number(loops) }];
    });
  });
}

const november = { from: '2026-11-01', to: '2026-12-01', start: '2026-10-31T16:00:00.000Z', end: '2026-11-30T16:00:00.000Z' };
const span = november as CallScope['span'];
const calls: CallScope = { span, ruleKeys: ['csi_survey'], reach: 'everyone' };
const care: CareScope = { span, now: '2026-11-28T00:00:00.000Z' as Instant, reach: 'everyone' };
const page = { limit: LIMIT };

describe('the plans of a month of calls, one for all values', () => {
  it.each([
    ...CALLBACK_MEASURES.map((measure) => ({
      name: `callback rows: ${measure}`,
      ask: (tx: Db) => listCallbackRows(tx, storeId, calls, measure, page),
    })),
    ...CARE_MEASURES.map((measure) => ({ name: `care rows: ${measure}`, ask: (tx: Db) => listCareRows(tx, storeId, care, measure, page) })),
    {
      name: 'callback rows of a person',
      ask: (tx: Db) => listCallbackRows(tx, storeId, { ...calls, personId: people[0] }, 'dueCalled', page),
    },
    { name: 'callbacks by person', ask: (tx: Db) => countCallbacks(tx, storeId, calls, 'person') },
    { name: 'callbacks by rule', ask: (tx: Db) => countCallbacks(tx, storeId, calls, 'rule') },
    { name: 'care by person', ask: (tx: Db) => countCare(tx, storeId, care, 'person') },
  ])('$name: every table is read once, but for what a page shows of its rows', async ({ ask }) => {
    const reads = await readsOf(ask);
    expect(reads.map(({ table }) => table)).toContain('tasks');
    const again = reads.filter(({ table, loops }) => loops > (table === 'tasks' || table === 'contacts' ? 1 : LIMIT + 1));
    expect(again).toEqual([]);
  });
});

describe('a month of calls', () => {
  const read = <T>(work: (tx: Db) => Promise<T>) => inTransaction(database.pool, { storeId }, work, 'read');

  it('has as many rows as it counts, each once, page by page', async () => {
    const [total] = await read((tx) => countCallbacks(tx, storeId, calls, 'rule'));
    expect(total).toMatchObject({
      key: 'csi_survey',
      label: null,
      counts: { due: CALLS, dueCalled: CALLS / 2, made: CALLS / 2, satisfied: CALLS / 2 },
    });
    const seen = new Set<string>();
    let after: { dueAt: Instant; id: never } | undefined;
    do {
      const rows = await read((tx) => listCallbackRows(tx, storeId, calls, 'dueCalled', { limit: 400, after }));
      for (const { id } of rows.slice(0, 400)) seen.add(id);
      const last = rows[399];
      after = rows.length > 400 && last ? { dueAt: last.dueAt, id: last.id as never } : undefined;
    } while (after);
    expect(seen.size).toBe(CALLS / 2);
  });

  it('names the people of its groups', async () => {
    const groups = await read((tx) => countCallbacks(tx, storeId, calls, 'person'));
    expect(groups.map(({ key }) => key).toSorted()).toEqual(people.toSorted());
    expect(groups.map(({ label }) => label).toSorted()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    expect(groups.reduce((sum, { counts }) => sum + counts.due, 0)).toBe(CALLS);
    expect((await read((tx) => countCare(tx, storeId, care, 'person'))).map(({ label }) => label).toSorted()).toEqual(
      groups.map(({ label }) => label).toSorted(),
    );
  });

  it('counts nothing of days before it', async () => {
    const october = {
      from: '2026-10-01' as CivilDate,
      to: '2026-11-01' as CivilDate,
      start: '2026-09-30T16:00:00.000Z' as Instant,
      end: november.start as Instant,
    };
    expect(await read((tx) => countCallbacks(tx, storeId, { ...calls, span: october }, 'rule'))).toEqual([]);
  });
});

describe('a task of a rule that leaves it open and waits for it as long as rules may', () => {
  const DUE = '2026-12-03';
  const of = (from: string, to: string) => {
    const day = (on: string) => new Date(`${on}T00:00+08:00`).toISOString() as Instant;
    return { from, to, start: day(from), end: day(to) } as CallScope['span'];
  };
  const week = of('2026-11-30', '2026-12-07');
  const lapsed = addDays(DUE as CivilDate, MOST_LAPSE_DAYS);
  const ruleKey = 'a_year_long';

  /** What reports say in the task's own rule; the task is gone afterwards. */
  async function said<T>(task: Readonly<Record<string, string | null>>, calledAt: string | null, ask: (tx: Db) => Promise<T>): Promise<T> {
    let answer: T;
    await inTransaction(database.pool, { storeId }, async (tx, client) => {
      const { rows } = await client.query<{ id: string }>(
        `insert into tasks (store_id, id, kind, status, rule_key, customer_id, role, channel, purpose, priority, not_before_on, due_at, finished_at)
         select $1, gen_random_uuid(), 'care_call', $2, $3, (select id from customers where store_id = $1 order by id limit 1), 'FU_AGENT', 'phone', 'service', 2, $4, $5, $6 returning id`,
        [storeId, task['status'], ruleKey, addDays(DUE as CivilDate, -MOST_OPEN_DAYS), `${DUE} 23:59:59+08`, task['finishedAt']],
      );
      if (calledAt !== null)
        await client.query(
          `insert into contacts (store_id, id, customer_id, task_id, channel, outcome, occurred_at, staff_id)
           select $1, gen_random_uuid(), customer_id, id, 'phone', 'reached', $3, $4 from tasks where store_id = $1 and id = $2`,
          [storeId, rows[0]?.id, calledAt, people[0]],
        );
      answer = await ask(tx);
      throw new Error('taken back');
    }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'taken back') throw error;
    });
    return answer!; // asked before anything was taken back
  }
  const open = { status: 'open', finishedAt: null };
  const calledIn = (at: CallScope['span']) => async (tx: Db) =>
    (await countCallbacks(tx, storeId, { span: at, ruleKeys: [ruleKey], reach: 'everyone' }, 'rule'))[0]?.counts;

  it('is planned, and lapses, in the periods of these days', async () => {
    const planned = await said(open, null, (tx) => countCare(tx, storeId, { ...care, span: week, ruleKey }, 'rule'));
    expect(planned.map(({ counts }) => counts.planned)).toEqual([1]);
    const missed = { status: 'missed', finishedAt: `${lapsed} 23:59:59+08` };
    const late = { ...care, span: of(lapsed, addDays(lapsed, 1)), ruleKey };
    expect(await said(missed, null, (tx) => countLapsed(tx, storeId, late))).toBe(1);
  });

  it('is a call due, carried over to its last day, or made as soon as it opens', async () => {
    expect(await said(open, null, calledIn(week))).toMatchObject({ due: 1, dueCalled: 0, carriedOver: 0, made: 0 });
    expect(await said(open, `${DUE} 10:00+08`, calledIn(week))).toMatchObject({ due: 1, dueCalled: 1, carriedOver: 0, made: 1 });
    const last = of(lapsed, addDays(lapsed, 1));
    expect(await said(open, `${lapsed} 10:00+08`, calledIn(last))).toMatchObject({ due: 0, carriedOver: 1, carriedOverCalled: 1, made: 1 });
    const first = addDays(DUE as CivilDate, -MOST_OPEN_DAYS);
    const opening = of(first, addDays(first, 1));
    expect(await said(open, `${first} 10:00+08`, calledIn(opening))).toMatchObject({ due: 0, carriedOver: 0, made: 1 });
  });
});

import { listInput, type ComplaintTab } from '@baoke/core/complaints/wire';
import type { Instant, StaffId, StoreId } from '@baoke/core/kernel';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kyselyOver, type Db } from '../connect.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';
import { listComplaints } from './queries.ts';

const SIZE = 6_000;
let database: TestDatabase;
let storeId: StoreId;
let handler: StaffId;

// Half of them closed long ago; the others of every state, a few of them paused.
beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: StoreId }>(
    `with g as (insert into groups (code, name) values ('g', 'g') returning id) insert into stores (group_id, code, name) select id, 's', 's' from g returning id`,
  );
  storeId = rows[0]!.id; // one store was just made
  await inTransaction(database.pool, { storeId }, async (_, client) => {
    const { rows: made } = await client.query<{ id: StaffId }>(
      `insert into staff (store_id, id, role, name) select $1, gen_random_uuid(), 'SVC_MGR', n from unnest(array['一', '二']) n returning id`,
      [storeId],
    );
    handler = made[0]!.id; // two people were just made
    await client.query(
      `with k as (insert into customers (store_id, id, name, name_pinyin, kind) values ($1, gen_random_uuid(), '王', 'wang', 'person') returning id),
       d as (insert into departments (store_id, id, kind, name) values ($1, gen_random_uuid(), 'service', '售后') returning id)
       insert into complaints (store_id, id, number, status, source, kind, severity, customer_id, content, department_id, handler_id, registered_at, registered_by,
         policy_version, response_minutes, close_minutes, business_hours, response_due_at, close_due_at, responded_at, responded_by, solved_at, solved_by, closed_at, confirmed_by,
         pause_state, pause_until, pause_requested_at, pause_requested_by, paused_at, pause_approved_by)
       select $1, gen_random_uuid(), n::text, s, 'phone', 'service.parts', 'low', k.id, 'x', d.id, case when n % 20 < 2 then $3::uuid else $2::uuid end, at, $2, 0, 60, 1440, false,
         at + interval '1 hour', at + interval '1 day', case when s <> 'registered' then at end, case when s <> 'registered' then $2::uuid end,
         case when s in ('solved', 'closed') then at end, case when s in ('solved', 'closed') then $2::uuid end, case when s = 'closed' then at end, case when s = 'closed' then $3::uuid end,
         case when p then 'paused' else 'running' end, case when p then at + interval '3 days' end, case when p then at end, case when p then $2::uuid end, case when p then at end, case when p then $3::uuid end
       from generate_series(1, ${SIZE}) n, k, d, lateral (select timestamptz '2026-01-01 00:00Z' + (n * 7919 % ${SIZE}) * interval '10 minutes' as at,
         case when n % 2 = 0 then 'closed' else (array['registered', 'responded', 'reopened', 'solved'])[n / 2 % 4 + 1] end as s) a, lateral (select s in ('registered', 'responded') and n % 50 = 1 as p) b`,
      [storeId, made[1]!.id, handler],
    );
  });
  const owner = new pg.Client({ connectionString: database.superuserUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
});
afterAll(() => database.drop());

// The plan that serves all values, as the role that serves requests has it.
async function planOf(work: (tx: Db) => Promise<unknown>): Promise<string> {
  return inTransaction(database.pool, { storeId }, async (_, client) => {
    await client.query('set local plan_cache_mode = force_generic_plan');
    const plans: string[] = [];
    const explaining = {
      query({ text, values }: { text: string; values: unknown[] }, told: (error: unknown, result?: pg.QueryResult) => void) {
        const explain = async () => {
          await client.query(`prepare asked as ${text}`);
          const { rows } = await client.query<{ 'QUERY PLAN': string }>(
            `explain execute asked(${values.map((value) => pg.escapeLiteral(Array.isArray(value) ? `{${value.join()}}` : String(value))).join()})`,
          );
          plans.push(...rows.map((row) => row['QUERY PLAN']));
          await client.query('deallocate asked');
          return client.query(text, values);
        };
        explain().then((result) => told(null, result), told);
      },
    };
    await work(kyselyOver(explaining as unknown as pg.PoolClient));
    return plans.join('\n');
  });
}

it.each(['mine', 'to_respond', 'in_work', 'to_confirm', 'overdue'] as const satisfies readonly ComplaintTab[])(
  'by urgency, %s walks the index of open complaints, from page to page',
  async (tab) => {
    const filter = listInput.parse({ tab, sort: 'pressesAt', descending: false, limit: 20 });
    const view = { reach: 'everyone', me: handler, now: '2026-03-01T00:00:00.000Z' as Instant, registered: {} } as const;
    const after = { key: '2026-01-20T00:00:00.000Z' as Instant, id: '00000000-0000-7000-8000-000000000000' as never };
    for (const { page, from } of [
      { page: view, from: 'store_id = ' },
      { page: { ...view, after }, from: 'ROW(presses_at, id) > ROW' },
    ]) {
      const plan = await planOf(async (tx) => {
        expect((await listComplaints(tx, storeId, filter, page)).length).toBe(21);
      });
      const [, walked] = /complaints_pressing on complaints c .*\n *Index Cond: (.*)/.exec(plan) ?? [];
      expect(walked).toContain(from);
      expect(plan).not.toContain('Sort Key: c.');
    }
  },
);

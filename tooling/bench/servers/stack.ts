import { initTRPC } from '@trpc/server';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { DB } from '@baoke/db';
import fastify from 'fastify';
import { Kysely, PostgresDialect, sql, type ExpressionBuilder } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import pg from 'pg';
import { z } from 'zod';
import type { Screen } from '../statements.ts';

// What our stack costs with nothing in it: Fastify, tRPC, zod and kysely's query builder, rows decoded by the driver. No session, rights,
// policy or audit. Statements are named, which kysely by itself does not do: the stack at its best.
const names = new Map<string, string>();
class NamingClient extends pg.Client {
  // pg's own overloads are wider than what kysely and the pool call.
  override query(text: unknown, values?: unknown, done?: unknown): never {
    const call = super.query as (...of: unknown[]) => unknown;
    // A search goes unnamed: a named statement may settle on one plan for rare and common terms alike.
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0 || text.startsWith('with "hits"'))
      return call.call(this, text, values, done) as never;
    const name = names.get(text) ?? `k${names.size}`;
    names.set(text, name);
    return call.call(this, { name, text, values }, undefined, done) as never;
  }
}
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, min: 2, Client: NamingClient });
pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });

type CustomerRow = ExpressionBuilder<DB & { k: DB['customers'] }, 'k'>;

const firstPhone = (eb: CustomerRow) =>
  eb
    .selectFrom('customer_phones as p')
    .select('p.e164')
    .whereRef('p.store_id', '=', 'k.store_id')
    .whereRef('p.customer_id', '=', 'k.id')
    .orderBy('p.rank')
    .limit(1)
    .as('phone');

const t = initTRPC.create();
const { procedure } = t;
const text = z.string();
const number = z.number();

const router = t.router({
  card: procedure.input(z.tuple([number, text])).query(({ input: [storeId, id] }) =>
    db
      .selectFrom('customers as k')
      .selectAll('k')
      .where('k.store_id', '=', storeId)
      .where('k.id', '=', id)
      .select((eb) => [
        eb
          .selectFrom('staff as s')
          .select('s.name')
          .whereRef('s.store_id', '=', 'k.store_id')
          .whereRef('s.id', '=', 'k.consultant_id')
          .as('consultant'),
        eb
          .selectFrom('staff as s')
          .select('s.name')
          .whereRef('s.store_id', '=', 'k.store_id')
          .whereRef('s.id', '=', 'k.advisor_id')
          .as('advisor'),
        jsonArrayFrom(
          eb
            .selectFrom('customer_phones as p')
            .select(['p.e164', 'p.kind', 'p.rank', 'p.valid'])
            .whereRef('p.store_id', '=', 'k.store_id')
            .whereRef('p.customer_id', '=', 'k.id')
            .orderBy('p.rank'),
        ).as('phones'),
        jsonArrayFrom(
          eb
            .selectFrom('consents as n')
            .distinctOn(['n.purpose', 'n.channel'])
            .select(['n.purpose', 'n.channel', 'n.granted', 'n.at'])
            .whereRef('n.store_id', '=', 'k.store_id')
            .whereRef('n.customer_id', '=', 'k.id')
            .orderBy('n.purpose')
            .orderBy('n.channel')
            .orderBy('n.at', 'desc'),
        ).as('consents'),
        jsonArrayFrom(
          eb
            .selectFrom('ownerships as o')
            .innerJoin('vehicles as v', (join) => join.onRef('v.store_id', '=', 'o.store_id').onRef('v.id', '=', 'o.vehicle_id'))
            .selectAll('v')
            .select((of) => [
              'o.role',
              jsonArrayFrom(
                of
                  .selectFrom('insurance_policies as i')
                  .selectAll('i')
                  .whereRef('i.store_id', '=', 'v.store_id')
                  .whereRef('i.vehicle_id', '=', 'v.id'),
              ).as('policies'),
            ])
            .whereRef('o.store_id', '=', 'k.store_id')
            .whereRef('o.customer_id', '=', 'k.id'),
        ).as('vehicles'),
        jsonArrayFrom(
          eb
            .selectFrom('complaints as c')
            .select(['c.id', 'c.number', 'c.status', 'c.severity', 'c.close_due_at'])
            .whereRef('c.store_id', '=', 'k.store_id')
            .whereRef('c.customer_id', '=', 'k.id')
            .where('c.status', '<>', 'closed'),
        ).as('complaints'),
        jsonArrayFrom(
          eb
            .selectFrom('tasks as o')
            .select(['o.id', 'o.kind', 'o.rule_key', 'o.due_at', 'o.assignee_id'])
            .whereRef('o.store_id', '=', 'k.store_id')
            .whereRef('o.customer_id', '=', 'k.id')
            .where('o.status', '=', 'open')
            .orderBy('o.due_at')
            .limit(20),
        ).as('tasks'),
        jsonArrayFrom(
          eb
            .selectFrom('contacts as n')
            .innerJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'n.store_id').onRef('s.id', '=', 'n.staff_id'))
            .select(['n.id', 'n.occurred_at', 'n.channel', 'n.outcome', 'n.content', 'n.satisfied', 's.name'])
            .whereRef('n.store_id', '=', 'k.store_id')
            .whereRef('n.customer_id', '=', 'k.id')
            .orderBy('n.occurred_at', 'desc')
            .limit(10),
        ).as('contacts'),
        jsonArrayFrom(
          eb
            .selectFrom('service_visits as n')
            .leftJoin('vehicles as v', (join) => join.onRef('v.store_id', '=', 'n.store_id').onRef('v.id', '=', 'n.vehicle_id'))
            .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'n.store_id').onRef('s.id', '=', 'n.advisor_id'))
            .select(['n.id', 'n.order_no', 'n.category', 'n.arrived_on', 'n.mileage_km', 'n.received_fen', 'v.plate', 's.name'])
            .whereRef('n.store_id', '=', 'k.store_id')
            .whereRef('n.customer_id', '=', 'k.id')
            .orderBy('n.arrived_on', 'desc')
            .limit(10),
        ).as('visits'),
        eb
          .selectFrom('contacts as n')
          .select((of) => of.fn.countAll().as('count'))
          .whereRef('n.store_id', '=', 'k.store_id')
          .whereRef('n.customer_id', '=', 'k.id')
          .as('contactCount'),
        eb
          .selectFrom('service_visits as n')
          .select((of) => of.fn.countAll().as('count'))
          .whereRef('n.store_id', '=', 'k.store_id')
          .whereRef('n.customer_id', '=', 'k.id')
          .as('visitCount'),
      ])
      .executeTakeFirst(),
  ),

  find: procedure.input(z.tuple([number, text, text])).query(({ input: [storeId, lower, upper] }) =>
    db
      .with(
        (cte) => cte('hits').materialized(),
        (qc) =>
          qc
            .selectFrom((of) =>
              of
                .selectFrom('search_tokens')
                .select('customer_id')
                .where('store_id', '=', storeId)
                .where('token', '>=', lower)
                .where('token', '<', upper)
                .orderBy('token')
                .limit(500)
                .as('h'),
            )
            .select('h.customer_id')
            .distinct(),
      )
      .selectFrom('hits as h')
      .innerJoin('customers as k', (join) => join.on('k.store_id', '=', storeId).onRef('k.id', '=', 'h.customer_id'))
      .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'k.store_id').onRef('s.id', '=', 'k.consultant_id'))
      .select(['k.id', 'k.name', 'k.is_fleet', 'k.is_vip', 'k.is_difficult', 's.name as consultant'])
      .select((eb) => [
        firstPhone(eb as unknown as CustomerRow),
        eb
          .selectFrom('vehicles as v')
          .select('v.plate')
          .whereRef('v.store_id', '=', 'k.store_id')
          .whereRef('v.owner_id', '=', 'k.id')
          .limit(1)
          .as('plate'),
      ])
      .orderBy('k.name_pinyin')
      .orderBy('k.id')
      .limit(10)
      .execute(),
  ),

  myDay: procedure.input(z.tuple([number, text, text])).query(({ input: [storeId, me, until] }) =>
    db
      .selectFrom('tasks as t')
      .innerJoin('customers as k', (join) => join.onRef('k.store_id', '=', 't.store_id').onRef('k.id', '=', 't.customer_id'))
      .leftJoin('vehicles as v', (join) => join.onRef('v.store_id', '=', 't.store_id').onRef('v.id', '=', 't.vehicle_id'))
      .selectAll('t')
      .select(['k.name', 'k.is_fleet', 'k.is_vip', 'k.is_difficult', 'v.plate', 'v.model'])
      .select((eb) => [
        eb
          .exists(
            eb
              .selectFrom('complaints as c')
              .select('c.id')
              .whereRef('c.store_id', '=', 't.store_id')
              .whereRef('c.customer_id', '=', 't.customer_id')
              .where('c.status', '<>', 'closed'),
          )
          .as('open_complaint'),
        firstPhone(eb as unknown as CustomerRow),
        jsonArrayFrom(
          eb
            .selectFrom('contacts as o')
            .innerJoin('staff as w', (join) => join.onRef('w.store_id', '=', 'o.store_id').onRef('w.id', '=', 'o.staff_id'))
            .select(['o.id', 'o.occurred_at', 'o.channel', 'o.outcome', 'o.content', 'w.name'])
            .whereRef('o.store_id', '=', 't.store_id')
            .whereRef('o.customer_id', '=', 't.customer_id')
            .orderBy('o.occurred_at', 'desc')
            .limit(3),
        ).as('contacts'),
      ])
      .where('t.store_id', '=', storeId)
      .where('t.assignee_id', '=', me)
      .where('t.status', '=', 'open')
      .where('t.show_at', '<', until)
      .orderBy('t.urgency')
      .orderBy('t.due_at')
      .orderBy('t.priority')
      .orderBy('t.id')
      .limit(51)
      .execute(),
  ),

  list: procedure.input(z.tuple([number, text])).query(({ input: [storeId, advisor] }) =>
    db
      .selectFrom('customers as k')
      .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'k.store_id').onRef('s.id', '=', 'k.consultant_id'))
      .leftJoin('staff as a', (join) => join.onRef('a.store_id', '=', 'k.store_id').onRef('a.id', '=', 'k.advisor_id'))
      .select([
        'k.id',
        'k.name',
        'k.is_fleet',
        'k.is_vip',
        'k.is_difficult',
        'k.city',
        'k.source',
        'k.first_delivered_on',
        'k.last_visit_on',
        'k.last_contact_at',
        'k.verified_on',
        'k.created_at',
      ])
      .select(['s.name as consultant', 'a.name as advisor'])
      .select((eb) => [
        firstPhone(eb as unknown as CustomerRow),
        jsonArrayFrom(
          eb
            .selectFrom('vehicles as v')
            .select(['v.id', 'v.plate', 'v.model'])
            .whereRef('v.store_id', '=', 'k.store_id')
            .whereRef('v.owner_id', '=', 'k.id')
            .limit(3),
        ).as('vehicles'),
      ])
      .where('k.store_id', '=', storeId)
      .where('k.advisor_id', '=', advisor)
      .where('k.status', '=', 'active')
      .orderBy('k.name_pinyin')
      .orderBy('k.id')
      .limit(51)
      .execute(),
  ),

  complaints: procedure.input(z.tuple([number])).query(({ input: [storeId] }) =>
    db
      .selectFrom('complaints as c')
      .innerJoin('customers as k', (join) => join.onRef('k.store_id', '=', 'c.store_id').onRef('k.id', '=', 'c.customer_id'))
      .innerJoin('departments as d', (join) => join.onRef('d.store_id', '=', 'c.store_id').onRef('d.id', '=', 'c.department_id'))
      .innerJoin('staff as h', (join) => join.onRef('h.store_id', '=', 'c.store_id').onRef('h.id', '=', 'c.handler_id'))
      .selectAll('c')
      .select(['k.name as customer_name', 'k.is_fleet', 'k.is_vip', 'k.is_difficult', 'd.name as department', 'h.name as handler'])
      .select((eb) => firstPhone(eb as unknown as CustomerRow))
      .where('c.store_id', '=', storeId)
      .orderBy('c.registered_at', 'desc')
      .orderBy('c.id', 'desc')
      .limit(51)
      .execute(),
  ),

  weekly: procedure.input(z.tuple([number, text, text])).query(({ input: [storeId, from, to] }) => {
    const day = sql.ref('day');
    return db
      .selectFrom('service_categories as c')
      .leftJoin(
        (eb) =>
          eb
            .selectFrom('service_day_counts')
            .select((of) => [
              'category',
              sql<string>`date_trunc('week', day::timestamp)::date`.as('week'),
              of.fn.sum('visits').as('visits'),
              of.fn.sum('received_fen').as('fen'),
            ])
            .where('store_id', '=', storeId)
            .where(
              sql<boolean>`${day} >= ${from}::date - 77 and ${day} < ${to}::date or ${day} >= ${from}::date - 364 and ${day} < ${to}::date - 364`,
            )
            .groupBy(['category', 'week'])
            .as('k'),
        (join) => join.onRef('k.category', '=', 'c.code'),
      )
      .select(['c.code', 'c.name_zh', 'c.name_en', 'c.effective', 'c.position', 'k.week', 'k.visits', 'k.fen'])
      .where('c.store_id', '=', storeId)
      .orderBy('c.position')
      .orderBy('k.week')
      .execute();
  }),

  contact: procedure.input(z.tuple([number, text, text, text])).mutation(({ input: [storeId, customerId, content, me] }) =>
    db.transaction().execute(async (tx) => {
      const made = await tx
        .insertInto('contacts')
        .values({
          store_id: storeId,
          id: sql`gen_random_uuid()`,
          customer_id: customerId,
          channel: 'phone',
          outcome: 'reached',
          content,
          occurred_at: sql`now()`,
          staff_id: me,
        })
        .returning('id')
        .executeTakeFirst();
      await tx
        .updateTable('customers')
        .set({ last_contact_at: sql`now()` })
        .where('store_id', '=', storeId)
        .where('id', '=', customerId)
        .execute();
      return made;
    }),
  ),

  create: procedure
    .input(z.tuple([number, text, text, text, text, z.array(text)]))
    .mutation(({ input: [storeId, name, pinyin, consultant, mobile, tokens] }) =>
      db.transaction().execute(async (tx) => {
        const { id } = await tx
          .insertInto('customers')
          .values({
            store_id: storeId,
            id: sql`gen_random_uuid()`,
            kind: 'person',
            name,
            name_pinyin: pinyin,
            gender: 'male',
            city: '苏州市',
            source: '网络',
            consultant_id: consultant,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('customer_phones')
          .values({ store_id: storeId, customer_id: id, e164: mobile, rank: 1, kind: 'mobile' })
          .execute();
        await tx
          .insertInto('search_tokens')
          .values(tokens.map((token) => ({ store_id: storeId, token, customer_id: id })))
          .execute();
        return { id };
      }),
    ),
} satisfies Record<Screen, unknown>);

const app = fastify({ keepAliveTimeout: 65_000, routerOptions: { maxParamLength: 2000 } });
await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router } });
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: (app.server.address() as { port: number }).port });

import type { CustomerId, ImportId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { chunks, FRESH } from './batches.ts';
import type { JournalEntry } from './journal.ts';
import type { ImportedTable } from './queries.ts';

/** Why a record that an import made stays when the import is taken back. */
export type KeptBecause = 'worked_on' | 'other_import' | 'belongs';

/** A record that stays; `holder` is the import it stays for, null where a person has worked with it. */
export interface Kept {
  readonly entity: ImportedTable;
  readonly id: string;
  readonly because: KeptBecause;
  readonly holder: ImportId | null;
}

/** A record on file before the import that keeps what the import changed, for one that stays hangs on it. */
export interface Held {
  readonly entity: 'customers' | 'vehicles';
  readonly id: string;
  readonly holder: ImportId | null;
}

const MADE_TABLES = ['customers', 'vehicles', 'service_visits', 'orders', 'leads', 'insurance_policies'] as const satisfies ImportedTable[];

/** Rows that are part of a record, or that a machine derived from it, and go with it. */
const PARTS = ['ownerships', 'customer_phones', 'mileage_readings', 'search_tokens', 'care_checks'];

/** References that no foreign key declares. */
const UNDECLARED = [
  { table: 'contacts', column: 'vehicle_id', target: 'vehicles' },
  { table: 'contacts', column: 'lead_id', target: 'leads' },
  { table: 'tasks', column: 'visit_id', target: 'service_visits' },
  { table: 'tasks', column: 'order_id', target: 'orders' },
] as const;

/** Looking at a record or taking it out is no work on it. */
const ONLY_LOOKED = sql`a.action ~ '[.](reveal|openFor|export)'`;

/** A task that the planner made and nobody has touched: it goes with what it was planned from. */
const UNTOUCHED = sql<boolean>`(t.rule_key is not null and t.attempts = 0 and t.outcome is null and t.finished_by is null
  and not exists (select from audit_entries a where a.store_id = t.store_id and a.entity = 'task' and a.entity_id = t.id::text
    and a.actor_kind <> 'system' and not ${ONLY_LOOKED}))`;

/** How records of an import hang together: the table in which the one names the other. */
const EDGES = [
  ['customers', 'vehicles', 'vehicles', 'owner_id', 'id'],
  ['customers', 'vehicles', 'ownerships', 'customer_id', 'vehicle_id'],
  ['customers', 'service_visits', 'service_visits', 'customer_id', 'id'],
  ['customers', 'orders', 'orders', 'customer_id', 'id'],
  ['customers', 'leads', 'leads', 'customer_id', 'id'],
  ['vehicles', 'service_visits', 'service_visits', 'vehicle_id', 'id'],
  ['vehicles', 'orders', 'orders', 'vehicle_id', 'id'],
  ['vehicles', 'insurance_policies', 'insurance_policies', 'vehicle_id', 'id'],
] as const;

/**
 * Takes up the undoing of an import: what it made, locked until the transaction ends, so that nobody begins to work with what is about to go.
 * `journal` is that of the import. Once in a transaction, under the store's import lock, which keeps the planner away too.
 */
export async function openUndoing(db: Db, storeId: StoreId, journal: readonly JournalEntry[]): Promise<void> {
  await sql`create temporary table undo_made (entity text, id uuid, primary key (entity, id)) on commit drop`.execute(db);
  await sql`create temporary table undo_moved (entity text, id uuid, "column" text, target text) on commit drop`.execute(db);
  await sql`create temporary table undo_referring (entity text, id uuid, by_entity text, by_id text) on commit drop`.execute(db);
  await sql`create temporary table undo_kept (entity text, id uuid, because text, holder uuid, round integer, primary key (entity, id)) on commit drop`.execute(
    db,
  );
  for (const table of MADE_TABLES) {
    const made = journal.flatMap(({ entity, entityId, before }) =>
      entity === table && before === null && entityId !== null ? [entityId] : [],
    );
    for (const part of chunks(made))
      await sql`insert into undo_made select ${table}, unnest(${part}::uuid[]) on conflict do nothing`.execute(db);
  }
  const moved = journal.flatMap(({ entity, entityId, before, after }) =>
    before === null || entityId === null || entity === 'ownerships'
      ? []
      : ['owner_id', 'customer_id', 'vehicle_id'].flatMap((column) =>
          typeof after?.[column] === 'string' ? [{ entity, id: entityId, column, target: after[column] }] : [],
        ),
  );
  for (const part of chunks(moved))
    await sql`insert into undo_moved select * from json_populate_recordset(null::undo_moved, ${JSON.stringify(part)}::json)`.execute(db);
  await sql`analyze undo_made, undo_moved`.execute(db);
  for (const table of MADE_TABLES)
    await sql`${FRESH} select count(*) from (select from ${sql.table(table)} t join undo_made m on m.entity = ${table} and m.id = t.id
      where t.store_id = ${storeId} for update of t) l`.execute(db);
}

/**
 * Settles which of the records that the import made stay: those that a person has worked with since, those that another import uses, and
 * whatever of the import hangs together with them, for a record keeps all its facts. What a machine derived keeps nothing.
 */
export async function settleKept(db: Db, storeId: StoreId, importId: ImportId): Promise<Kept[]> {
  const { rows: declared } = await sql<{ table: string; column: string; target: ImportedTable }>`
    select k.conrelid::regclass::text as table, a.attname as column, k.confrelid::regclass::text as target from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]
    where k.contype = 'f' and k.confrelid = any(${[...MADE_TABLES]}::text[]::regclass[])`.execute(db);
  for (const { table, column, target } of [...declared, ...UNDECLARED].filter((reference) => !PARTS.includes(reference.table))) {
    const isImported = (MADE_TABLES as readonly string[]).includes(table);
    const refers = sql`from undo_made m join ${sql.table(table)} t on t.store_id = ${storeId} and t.${sql.ref(column)} = m.id where m.entity = ${target}`;
    if (isImported)
      await sql`${FRESH} insert into undo_referring select m.entity, m.id, ${table}, t.id::text ${refers}
        and not exists (select from undo_made o where o.entity = ${table} and o.id = t.id)
        and not exists (select from undo_moved v where v.entity = ${table} and v.id = t.id and v.column = ${column} and v.target = m.id::text)`.execute(
        db,
      );
    else
      await keep(
        db,
        sql`select m.entity, m.id, 'worked_on', null::uuid ${refers} ${table === 'tasks' ? sql`and not ${UNTOUCHED}` : sql``}`,
      );
  }
  for (const [table, entity] of [
    ['customers', 'customer'],
    ['vehicles', 'vehicle'],
  ] as const)
    await keep(
      db,
      sql`select m.entity, m.id, 'worked_on', null::uuid from undo_made m where m.entity = ${table} and exists (
        select from audit_entries a where a.store_id = ${storeId} and a.entity = ${entity} and a.entity_id = m.id::text and a.actor_kind <> 'system' and not ${ONLY_LOOKED})`,
    );
  await sql`analyze undo_referring`.execute(db);
  // An earlier import knew nothing of these records: what it made has come to refer to them since.
  await sql`create temporary table undo_later on commit drop as select i.id from imports i join imports self on self.store_id = i.store_id and self.id = ${importId}
    where i.store_id = ${storeId} and (i.started_at, i.id) > (self.started_at, self.id)`.execute(db);
  await sql`create temporary table undo_holders on commit drop as select r.entity, r.id, r.by_entity, r.by_id, c.import_id from import_changes c
      join undo_later l on l.id = c.import_id
      cross join lateral jsonb_array_elements_text(c.entries -> 'made') as e (id)
      join undo_referring r on r.by_entity = c.entity and r.by_id = e.id
      where c.store_id = ${storeId}
    union select r.entity, r.id, r.by_entity, r.by_id, c.import_id from import_changes c
      join undo_later l on l.id = c.import_id
      cross join lateral jsonb_array_elements(c.entries -> 'changed') as e (entry)
      join undo_referring r on r.by_entity = c.entity and r.by_id = e.entry ->> 'entityId'
      where c.store_id = ${storeId} and jsonb_typeof(e.entry -> 'after') = 'object'
        and exists (select from jsonb_each_text(e.entry -> 'after') as a (key, value) where a.value = r.id::text)`.execute(db);
  await keep(
    db,
    sql`select r.entity, r.id, 'worked_on', null::uuid from undo_referring r
      where not exists (select from undo_holders h where (h.entity, h.id, h.by_entity, h.by_id) = (r.entity, r.id, r.by_entity, r.by_id))`,
  );
  await spread(db, storeId, sql`k.holder is null`);
  await keep(db, sql`select h.entity, h.id, 'other_import', h.import_id from undo_holders h`);
  // A key without an id of its own begins with the id of the record it belongs to.
  await keep(
    db,
    sql`select m.entity, m.id, 'other_import', u.import_id from undo_made m join (
        select c.import_id, x.id from import_changes c cross join lateral jsonb_array_elements(c.entries -> 'changed') as e (entry)
          cross join lateral (values (e.entry ->> 'entityId'), (e.entry -> 'key' ->> 'customer_id')) as x (id)
          where c.store_id = ${storeId} and c.import_id in (select id from undo_later)
        union select c.import_id, e.row ->> 0 from import_changes c cross join lateral jsonb_array_elements(c.entries -> 'keys' -> 'rows') as e (row)
          where c.store_id = ${storeId} and c.import_id in (select id from undo_later)) u on u.id = m.id::text`,
  );
  await spread(db, storeId, sql`k.holder is not null`);
  await sql`analyze undo_kept`.execute(db);
  const { rows } = await sql<Kept>`select entity, id, because, holder from undo_kept order by entity, id`.execute(db);
  return rows;
}

async function keep(db: Db, found: RawBuilder<unknown>): Promise<void> {
  await sql`${FRESH} insert into undo_kept (entity, id, because, holder, round) select distinct on (f.entity, f.id) f.*, 0
    from (${found}) as f (entity, id, because, holder) order by f.entity, f.id, f.holder on conflict do nothing`.execute(db);
}

/** Keeps what hangs on the kept, round by round, until nothing is added. */
async function spread(db: Db, storeId: StoreId, from: RawBuilder<unknown>): Promise<void> {
  const ways = EDGES.flatMap(([one, other, via, near, far]) => [
    { from: one, to: other, via, near, far },
    { from: other, to: one, via, near: far, far: near },
  ]);
  for (let round = 0, added = 1n; added > 0n; round += 1) {
    added = 0n;
    for (const way of ways) {
      const { numAffectedRows } = await sql`${FRESH} insert into undo_kept (entity, id, because, holder, round)
        select distinct on (m.id) m.entity, m.id, 'belongs', k.holder, ${round + 1} from undo_kept k
        join ${sql.table(way.via)} t on t.store_id = ${storeId} and t.${sql.ref(way.near)} = k.id
        join undo_made m on m.entity = ${way.to} and m.id = t.${sql.ref(way.far)}
        where k.entity = ${way.from} and k.round = ${round} and ${from} on conflict do nothing`.execute(db);
      added += numAffectedRows ?? 0n;
    }
  }
}

/** The records on file before that kept ones hang on: customers and vehicles of their visits and orders, cars they own. */
export async function listHeld(db: Db, storeId: StoreId): Promise<Held[]> {
  const { rows } = await sql<Held>`${FRESH} select distinct on (h.entity, h.id) h.* from (${sql.join(
    EDGES.flatMap(([one, other, via, near, far]) => [
      { from: one, to: other, via, near, far },
      { from: other, to: one, via, near: far, far: near },
    ])
      .filter(({ to }) => to === 'customers' || to === 'vehicles')
      .map(
        (way) => sql`select ${way.to}::text as entity, t.${sql.ref(way.far)} as id, k.holder from undo_kept k
          join ${sql.table(way.via)} t on t.store_id = ${storeId} and t.${sql.ref(way.near)} = k.id where k.entity = ${way.from} and t.${sql.ref(way.far)} is not null`,
      ),
    sql` union all `,
  )}) h where not exists (select from undo_made m where m.entity = h.entity and m.id = h.id) order by h.entity, h.id, h.holder nulls first`.execute(
    db,
  );
  return rows;
}

/** Lets go of what a machine derived from records that go, and has those who stay planned afresh. */
export async function deleteDerived(db: Db, storeId: StoreId): Promise<void> {
  await sql`create temporary table undo_going on commit drop as select entity, id from undo_made m
    where not exists (select from undo_kept k where k.entity = m.entity and k.id = m.id)`.execute(db);
  await sql`create unique index on undo_going (entity, id)`.execute(db);
  await sql`analyze undo_going`.execute(db);
  for (const [column, entity] of [
    ['customer_id', 'customers'],
    ['vehicle_id', 'vehicles'],
  ] as const)
    await sql`${FRESH} delete from tasks t using undo_going g where t.store_id = ${storeId} and g.entity = ${entity} and t.${sql.ref(column)} = g.id`.execute(
      db,
    );
  for (const table of ['care_suppressions', 'care_checks'])
    await sql`${FRESH} delete from ${sql.table(table)} s using undo_going g where s.store_id = ${storeId} and g.entity = 'customers' and s.customer_id = g.id`.execute(
      db,
    );
  for (const [table, owner] of [
    ['service_visits', 'customer_id'],
    ['orders', 'customer_id'],
    ['vehicles', 'owner_id'],
  ] as const)
    await sql`${FRESH} insert into care_dirty (store_id, customer_id) select distinct t.store_id, t.${sql.ref(owner)} from undo_going g
      join ${sql.table(table)} t on t.store_id = ${storeId} and t.id = g.id where g.entity = ${table} and t.${sql.ref(owner)} is not null`.execute(
      db,
    );
}

/** Takes customers that are gone off the planner's list; at the end, for whatever is done to records puts their customers on it. */
export async function forgetDirty(db: Db, storeId: StoreId): Promise<void> {
  await sql`${FRESH} delete from care_dirty d using undo_going g where d.store_id = ${storeId} and g.entity = 'customers' and d.customer_id = g.id`.execute(
    db,
  );
}

/** Gives planned tasks that nobody has touched back to their role, where the people they were given to are about to go. */
export async function unassignUntouched(db: Db, storeId: StoreId, staffIds: readonly string[]): Promise<void> {
  await sql`update tasks t set assignee_id = null, version = version + 1 where t.store_id = ${storeId} and t.assignee_id = any(${[...staffIds]}::uuid[]) and ${UNTOUCHED}`.execute(
    db,
  );
}

export interface KeptRecord {
  readonly entity: ImportedTable | 'staff';
  readonly id: string;
  readonly because: KeptBecause;
}

/** Writes down what of an import stayed. */
export async function insertKept(db: Db, storeId: StoreId, importId: ImportId, kept: readonly KeptRecord[]): Promise<void> {
  for (const part of chunks(kept))
    await sql`insert into import_kept (store_id, import_id, entity, entity_id, because) select ${storeId}, ${importId}, entity, id, because
      from json_to_recordset(${JSON.stringify(part)}::json) as r (entity text, id uuid, because text) on conflict do nothing`.execute(db);
}

/** Forgets that records stayed: they are removed now. */
export async function forgetKept(db: Db, storeId: StoreId, ids: readonly string[]): Promise<void> {
  for (const part of chunks(ids))
    await sql`delete from import_kept where store_id = ${storeId} and entity_id = any(${part}::uuid[])`.execute(db);
}

export interface KeptRow extends KeptRecord {
  /** What it is called: a name, a plate, a number, or the day it is of. */
  readonly label: string | null;
  readonly customerId: CustomerId | null;
  readonly vehicleId: VehicleId | null;
}

/** What of an import stayed, with where it is found; by the key (entity, id). */
export async function listKept(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  after: readonly [entity: string, id: string] | null | undefined,
  limit: number,
): Promise<KeptRow[]> {
  const { rows } = await sql<KeptRow>`select k.entity, k.entity_id as id, k.because,
      coalesce(c.name, s.name, v.plate, v.vin, w.order_no, o.ordered_on::text, l.registered_on::text, p.expires_on::text) as label,
      coalesce(c.id, w.customer_id, o.customer_id, l.customer_id) as "customerId", coalesce(v.id, w.vehicle_id, p.vehicle_id) as "vehicleId"
    from (select * from import_kept where store_id = ${storeId} and import_id = ${importId}
      ${after ? sql`and (entity, entity_id) > (${after[0]}, ${after[1]}::uuid)` : sql``} order by entity, entity_id limit ${limit}) k
    left join customers c on k.entity = 'customers' and c.store_id = k.store_id and c.id = k.entity_id
    left join staff s on k.entity = 'staff' and s.store_id = k.store_id and s.id = k.entity_id
    left join vehicles v on k.entity = 'vehicles' and v.store_id = k.store_id and v.id = k.entity_id
    left join service_visits w on k.entity = 'service_visits' and w.store_id = k.store_id and w.id = k.entity_id
    left join orders o on k.entity = 'orders' and o.store_id = k.store_id and o.id = k.entity_id
    left join leads l on k.entity = 'leads' and l.store_id = k.store_id and l.id = k.entity_id
    left join insurance_policies p on k.entity = 'insurance_policies' and p.store_id = k.store_id and p.id = k.entity_id
    order by k.entity, k.entity_id`.execute(db);
  return rows;
}

export interface LaterChange {
  readonly importId: ImportId;
  readonly entity: string;
  readonly id: string;
  readonly columns: readonly string[];
}

/** What later imports than the one that is taken back changed of these records, earliest first; once it is settled what stays. */
export async function listLaterChanges(db: Db, storeId: StoreId, ids: readonly string[]): Promise<LaterChange[]> {
  const found: LaterChange[] = [];
  for (const part of chunks(ids, 50_000)) {
    const { rows } = await sql<LaterChange>`select c.import_id as "importId", c.entity, e.entry ->> 'entityId' as id,
        array(select jsonb_object_keys(case when jsonb_typeof(e.entry -> 'before') = 'object' then e.entry -> 'before' else '{}' end)) as columns
      from import_changes c join imports i on i.store_id = c.store_id and i.id = c.import_id
      cross join lateral jsonb_array_elements(c.entries -> 'changed') as e (entry)
      where c.store_id = ${storeId} and c.import_id in (select id from undo_later) and e.entry ->> 'entityId' = any(${part}::text[])
      order by i.started_at, i.id`.execute(db);
    found.push(...rows);
  }
  return found;
}

/** The import that came next after the one that is taken back, and stands; once it is settled what stays. */
export async function findNextImport(db: Db, storeId: StoreId): Promise<ImportId | undefined> {
  const { rows } = await sql<{ id: ImportId }>`select i.id from imports i join undo_later l on l.id = i.id where i.store_id = ${storeId}
    and exists (select from import_changes c where c.store_id = i.store_id and c.import_id = i.id) order by i.started_at, i.id limit 1`.execute(
    db,
  );
  return rows[0]?.id;
}

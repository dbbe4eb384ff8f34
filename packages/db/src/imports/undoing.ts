import type { CivilDate, CustomerId, ImportId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { chunks, FRESH } from './batches.ts';
import type { JournalEntry } from './journal.ts';
import type { ImportedTable } from './queries.ts';

/** Why a record that an import made stays when the import is taken back. */
export type KeptBecause = 'worked_on' | 'other_import' | 'belongs';

/**
 * A record that stays; `holder` is the import it stays for, null where a person has worked with it. `root` is the record worked with that it
 * stays for, itself where it is that one. `through` is null where it stays whole; else it is only referred to, by a record of that kind.
 */
export interface Kept {
  readonly entity: ImportedTable;
  readonly id: string;
  readonly because: KeptBecause;
  readonly holder: ImportId | null;
  readonly root: { readonly entity: ImportedTable; readonly id: string };
  readonly through: ImportedTable | null;
  /** It stays whole for nobody: one that is only referred to for a person may stay whole for an import. */
  readonly alone: boolean;
}

/** A car on file before the import that keeps what the import changed, for a record that stays hangs on it. */
export interface Held {
  readonly id: VehicleId;
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

interface Way {
  readonly from: ImportedTable;
  readonly to: ImportedTable;
  /** The table that names both, and by which columns. */
  readonly via: string;
  readonly near: string;
  readonly far: string;
}

/** The facts of a record: they stay whole where it does. */
const FACTS: readonly Way[] = [
  { from: 'customers', to: 'vehicles', via: 'vehicles', near: 'owner_id', far: 'id' },
  { from: 'customers', to: 'service_visits', via: 'service_visits', near: 'customer_id', far: 'id' },
  { from: 'customers', to: 'orders', via: 'orders', near: 'customer_id', far: 'id' },
  { from: 'customers', to: 'leads', via: 'leads', near: 'customer_id', far: 'id' },
  { from: 'vehicles', to: 'service_visits', via: 'service_visits', near: 'vehicle_id', far: 'id' },
  { from: 'vehicles', to: 'orders', via: 'orders', near: 'vehicle_id', far: 'id' },
  { from: 'vehicles', to: 'insurance_policies', via: 'insurance_policies', near: 'vehicle_id', far: 'id' },
];

/** What another import has come to use is its customers and their cars; visits and orders that it does not use itself are none of its own. */
const CARS = FACTS.filter(({ to }) => to === 'vehicles');

/** The periods in which somebody owned a car are facts of both that stay whole. */
const PERIODS: readonly Way[] = [
  { from: 'customers', to: 'vehicles', via: 'ownerships', near: 'customer_id', far: 'vehicle_id' },
  { from: 'vehicles', to: 'customers', via: 'ownerships', near: 'vehicle_id', far: 'customer_id' },
];

/** Whom a record names: nothing that stays may name what is gone. */
const NAMES: readonly Way[] = FACTS.map(({ from, to, via, near, far }) => ({ from: to, to: from, via, near: far, far: near }));

/**
 * Takes up the undoing of an import: what it made, locked until the transaction ends, so that nobody begins to work with what is about to go.
 * `journal` is that of the import. Once in a transaction, under the store's import lock, which keeps the planner away too.
 */
export async function openUndoing(db: Db, storeId: StoreId, journal: readonly JournalEntry[]): Promise<void> {
  await sql`create temporary table undo_made (entity text, id uuid, primary key (entity, id)) on commit drop`.execute(db);
  await sql`create temporary table undo_moved (entity text, id uuid, "column" text, target text) on commit drop`.execute(db);
  await sql`create temporary table undo_referring (entity text, id uuid, by_entity text, by_id text) on commit drop`.execute(db);
  await sql`create temporary table undo_kept (entity text, id uuid, whole boolean, because text, holder uuid, root_entity text, root_id uuid, through text,
    round integer, primary key (entity, id, whole)) on commit drop`.execute(db);
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
 * Settles which of the records that the import made stay, and how. What a machine derived keeps nothing.
 *
 * - **Whole**: a record that a person has worked with since, and its facts: of a customer his visits, orders, leads and the cars he owns; of a
 *   car its visits, orders and policies; of both the periods of ownership. A record that another import uses, and of a customer the cars he owns:
 *   the visits and orders of an import go with it, whatever later files have said of those who came.
 * - **Referred to**: whom one of those names besides, so that no reference dangles: the customer of a visit to his car, a former owner, the car of
 *   another that he brought in, and the owner of that car. It stays alone: its own facts go unless they stay for another reason.
 *
 * So one record that was worked with keeps what is told of it and what that names, never what hangs on those in turn: the store itself,
 * which stands in the inspection of every new car, does not hold the rest of the import.
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
  await spread(db, storeId, sql`k.holder is null`, FACTS);
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
  await spread(db, storeId, sql`k.holder is not null`, CARS);
  await sql`analyze undo_kept`.execute(db);
  const { rows } = await sql<Kept>`select distinct on (k.entity, k.id) k.entity, k.id, k.because, k.holder,
      json_build_object('entity', k.root_entity, 'id', k.root_id) as root, k.through,
      not exists (select from undo_kept o where o.entity = k.entity and o.id = k.id and o.whole) as alone
    from undo_kept k join undo_made m using (entity, id) order by k.entity, k.id, k.holder nulls first, k.whole desc`.execute(db);
  return rows;
}

async function keep(db: Db, found: RawBuilder<unknown>): Promise<void> {
  await sql`${FRESH} insert into undo_kept select distinct on (f.entity, f.id) f.entity, f.id, true, f.because, f.holder, f.entity, f.id, null, 0
    from (${found}) as f (entity, id, because, holder) order by f.entity, f.id, f.holder on conflict do nothing`.execute(db);
}

/** Keeps these facts of what stays whole and whom the kept name, round by round, until nothing is added. */
async function spread(db: Db, storeId: StoreId, from: RawBuilder<unknown>, facts: readonly Way[]): Promise<void> {
  for (let round = 0, added = 1n; added > 0n; round += 1) {
    added = 0n;
    const next = (
      way: Way,
    ) => sql`from undo_kept k join ${sql.table(way.via)} t on t.store_id = ${storeId} and t.${sql.ref(way.near)} = k.id
      left join undo_made m on m.entity = ${way.to} and m.id = t.${sql.ref(way.far)}
      where k.entity = ${way.from} and k.round = ${round} and ${from} and t.${sql.ref(way.far)} is not null`;
    const add = async (found: RawBuilder<unknown>) => {
      const { numAffectedRows } = await sql`${FRESH} insert into undo_kept ${found} on conflict do nothing`.execute(db);
      added += numAffectedRows ?? 0n;
    };
    for (const way of facts)
      await add(sql`select distinct on (m.id) ${way.to}, m.id, true, 'belongs', k.holder, k.root_entity, k.root_id, null, ${round + 1}::integer
        ${next(way)} and k.whole and m.id is not null order by m.id, k.holder, k.root_entity, k.root_id`);
    // A record on file before is held by what stays whole; it names only its owner, who must not be missing.
    for (const way of [...facts, ...PERIODS, ...NAMES]) {
      if (way.to !== 'customers' && way.to !== 'vehicles') continue;
      const far = sql`t.${sql.ref(way.far)}`;
      await add(sql`select distinct on (${far}) ${way.to}, ${far}, false, 'belongs', k.holder, k.root_entity, k.root_id,
          coalesce(k.through, k.entity), ${round + 1}::integer
        ${next(way)} and (k.whole ${NAMES.includes(way) ? sql`or m.id is not null` : sql``})
          and not exists (select from undo_kept o where o.entity = ${way.to} and o.id = ${far})
        order by ${far}, k.holder, k.root_entity, k.root_id`);
    }
  }
}

/** The cars on file before that what stays whole hangs on: those of its visits and orders, those its customers own or owned. */
export async function listHeld(db: Db): Promise<Held[]> {
  const { rows } = await sql<Held>`select k.id, k.holder from undo_kept k where k.entity = 'vehicles'
    and not exists (select from undo_made m where m.entity = k.entity and m.id = k.id) order by k.id`.execute(db);
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
    ['visit_id', 'service_visits'],
    ['order_id', 'orders'],
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
  await sql`${FRESH} insert into care_dirty (store_id, customer_id) select distinct ${storeId}::integer, k.id from undo_kept k join undo_made m using (entity, id)
    where k.entity = 'customers' and not k.whole`.execute(db);
}

/** A customer or car to which visits and orders belong. */
export interface Visited {
  readonly entity: 'customers' | 'vehicles';
  readonly id: string;
}

/** What follows from them: calendar dates. */
export interface VisitedOn {
  readonly last_visit_on: CivilDate | null;
  readonly first_delivered_on: CivilDate | null;
}

/** The customers and cars of the visits and orders that the import made, as these stand. */
export async function listVisited(db: Db, storeId: StoreId): Promise<Visited[]> {
  const ways = FACTS.filter(({ via }) => via === 'service_visits' || via === 'orders');
  const { rows } = await sql<Visited>`${FRESH} ${sql.join(
    ways.map(
      (way) => sql`select ${way.from}::text as entity, t.${sql.ref(way.near)} as id from undo_made m
        join ${sql.table(way.via)} t on t.store_id = ${storeId} and t.id = m.id where m.entity = ${way.to} and t.${sql.ref(way.near)} is not null`,
    ),
    sql` union `,
  )} order by 1, 2`.execute(db);
  return rows;
}

/**
 * What follows for customers and cars from the visits and orders on file, and for the last visit from the day that files have told. Of those
 * among the ids that are on file.
 */
export async function loadVisited(
  db: Db,
  storeId: StoreId,
  { entity, ids }: { readonly entity: Visited['entity']; readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, VisitedOn>> {
  const key = sql.ref(entity === 'customers' ? 'customer_id' : 'vehicle_id');
  const found = new Map<string, VisitedOn>();
  for (const part of chunks(ids)) {
    const { rows } = await sql<VisitedOn & { readonly id: string }>`${FRESH} select i.id::text,
        greatest(i.last_visit_told, (select max(v.arrived_on) from service_visits v where v.store_id = ${storeId} and v.${key} = i.id and not v.is_refund))::text as last_visit_on,
        (select min(o.delivered_on)::text from orders o where o.store_id = ${storeId} and o.${key} = i.id) as first_delivered_on
      from ${sql.table(entity)} i where i.store_id = ${storeId} and i.id = any(${part}::uuid[])`.execute(db);
    for (const { id, ...visited } of rows) found.set(id, visited);
  }
  return found;
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
  /** For whom it stays, and by which kind of record it is named; see `Kept`. Null of staff. */
  readonly root: Kept['root'] | null;
  readonly through: ImportedTable | null;
}

/** Writes down what of an import stayed. */
export async function insertKept(db: Db, storeId: StoreId, importId: ImportId, kept: readonly KeptRecord[]): Promise<void> {
  for (const part of chunks(kept))
    await sql`insert into import_kept (store_id, import_id, entity, entity_id, because, root_entity, root_id, through)
      select ${storeId}, ${importId}, entity, id, because, root ->> 'entity', (root ->> 'id')::uuid, through
      from json_to_recordset(${JSON.stringify(part)}::json) as r (entity text, id uuid, because text, root json, through text) on conflict do nothing`.execute(
      db,
    );
}

/** Forgets that records stayed: they are removed now. */
export async function forgetKept(db: Db, storeId: StoreId, ids: readonly string[]): Promise<void> {
  for (const part of chunks(ids))
    await sql`delete from import_kept where store_id = ${storeId} and entity_id = any(${part}::uuid[])`.execute(db);
}

export interface KeptRow extends Omit<KeptRecord, 'root'> {
  /** What it is called: a name, a plate, a number, or the day it is of. */
  readonly label: string | null;
  readonly customerId: CustomerId | null;
  readonly vehicleId: VehicleId | null;
  /** The record for which it stays, where that is another. */
  readonly root: { readonly entity: ImportedTable; readonly id: string; readonly label: string | null } | null;
}

/** What a record is called, by the table in which it stands. */
const LABELS = {
  customers: 'name',
  staff: 'name',
  vehicles: 'coalesce(plate, vin)',
  service_visits: 'order_no',
  orders: 'ordered_on::text',
  leads: 'registered_on::text',
  insurance_policies: 'expires_on::text',
} as const satisfies Record<KeptRecord['entity'], string>;

const labelOf = (entity: string, id: string) =>
  sql`case ${sql.ref(entity)} ${sql.join(
    Object.entries(LABELS).map(
      ([table, label]) =>
        sql`when ${sql.lit(table)} then (select ${sql.raw(label)} from ${sql.table(table)} l where l.store_id = k.store_id and l.id = ${sql.ref(id)})`,
    ),
    sql` `,
  )} end`;

/** What of an import stayed, with where it is found; by the key (entity, id). */
export async function listKept(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  after: readonly [entity: string, id: string] | null | undefined,
  limit: number,
): Promise<KeptRow[]> {
  const { rows } =
    await sql<KeptRow>`select k.entity, k.entity_id as id, k.because, k.through, ${labelOf('k.entity', 'k.entity_id')} as label,
      case when k.root_id is not null and k.root_id <> k.entity_id
        then json_build_object('entity', k.root_entity, 'id', k.root_id, 'label', ${labelOf('k.root_entity', 'k.root_id')}) end as root,
      coalesce(c.id, w.customer_id, o.customer_id, l.customer_id) as "customerId", coalesce(v.id, w.vehicle_id, p.vehicle_id) as "vehicleId"
    from (select * from import_kept where store_id = ${storeId} and import_id = ${importId}
      ${after ? sql`and (entity, entity_id) > (${after[0]}, ${after[1]}::uuid)` : sql``} order by entity, entity_id limit ${limit}) k
    left join customers c on k.entity = 'customers' and c.store_id = k.store_id and c.id = k.entity_id
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

import type { KnownCustomer, KnownVehicle } from '@baoke/core/imports';
import type { CivilDate, CustomerId, Instant, StoreId, VehicleId } from '@baoke/core/kernel';
import type { ServiceCategory } from '@baoke/core/service';
import { sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { Db } from '../connect.ts';
import { withInstants } from '../json.ts';
import { STORE_LOCKS } from '../locks.ts';
import { insertStaged, Staging, type StagedRow, type StagedValue } from '../staging.ts';
import { FRESH, chunks } from './batches.ts';

export * from './journal.ts';

export * from './records.ts';
export * from './staff.ts';
export * from './undoing.ts';

/** Records that an import writes by their id. */
export type ImportedTable = 'customers' | 'vehicles' | 'service_visits' | 'orders' | 'leads' | 'insurance_policies';

/** A stored row as JSON: dates and instants as text, amounts as numbers. */
export type StoredRow = Record<string, unknown> & { readonly id: string };

/** Lets one import at a time work in a store: answers false when another one does. Held until the transaction ends. */
export async function tryLockImports(db: Db, storeId: StoreId): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${STORE_LOCKS.imports}, ${storeId}) as locked`.execute(
    db,
  );
  return rows[0]?.locked ?? false;
}

/** Everybody on file with what tells them apart. Merged and anonymised files are nobody any more. */
export async function loadKnownCustomers(db: Db, storeId: StoreId): Promise<KnownCustomer[]> {
  const { rows } = await sql<{ id: string; name: string; phone: string | null; external_id: string | null }>`
    select c.id, c.name, p.e164 as phone, c.external_id from customers c
    left join customer_phones p on p.store_id = c.store_id and p.customer_id = c.id and p.rank = 1
    where c.store_id = ${storeId} and c.status in ('active', 'deceased') order by c.id`.execute(db);
  return rows.map((row) => ({ id: row.id as CustomerId, name: row.name, primaryPhone: row.phone, externalId: row.external_id }));
}

/** Every vehicle with its owners, former ones included. */
export async function loadKnownVehicles(db: Db, storeId: StoreId): Promise<KnownVehicle[]> {
  const { rows } = await sql<{ id: string; vin: string | null; plate: string | null; owner_id: string | null; owners: string[] | null }>`
    select v.id, v.vin, v.plate, v.owner_id,
      (select json_agg(o.customer_id order by o.from_on nulls first, o.customer_id) from ownerships o
        where o.store_id = v.store_id and o.vehicle_id = v.id and o.role = 'owner') as owners from vehicles v
    where v.store_id = ${storeId} order by v.id`.execute(db);
  return rows.map((row) => ({
    id: row.id as VehicleId,
    vin: row.vin,
    plate: row.plate,
    ownerId: row.owner_id as CustomerId | null,
    formerOwnerIds: (row.owners ?? []) as CustomerId[],
  }));
}

/** Codes of the store's categories of visits by their Chinese and English names and codes. */
export async function loadCategoryCodes(db: Db, storeId: StoreId): Promise<Map<string, string>> {
  const rows = await db.selectFrom('service_categories').select(['code', 'name_zh', 'name_en']).where('store_id', '=', storeId).execute();
  return new Map(rows.flatMap((row) => [row.code, row.name_en, row.name_zh].map((name): [string, string] => [name, row.code])));
}

/** Adds categories that the store does not have yet, behind those it has. */
export async function insertCategories(db: Db, storeId: StoreId, categories: readonly ServiceCategory[]): Promise<void> {
  if (categories.length === 0) return;
  await sql`insert into service_categories (store_id, code, name_zh, name_en, effective, maintenance, position)
    select ${storeId}, r.code, r.zh, r.en, r.effective, r.maintenance,
      (select coalesce(max(position), 0) from service_categories where store_id = ${storeId}) + row_number() over ()
    from json_to_recordset(${JSON.stringify(categories)}::json) as r(code text, zh text, en text, effective boolean, maintenance boolean)
    on conflict (store_id, code) do nothing`.execute(db);
}

/**
 * Stored rows by a column, locked: what is compared must still stand when it is written. `columns` beside the id; all of them when absent.
 */
export async function loadStored(
  db: Db,
  storeId: StoreId,
  table: ImportedTable,
  column: 'id' | 'order_no' | 'customer_id' | 'vehicle_id',
  values: readonly string[],
  columns?: readonly string[],
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  const shown = columns ? sql.join(['id', ...columns].map((name) => sql.ref(name))) : sql`*`;
  for (const part of chunks(values)) {
    const type = column === 'order_no' ? sql`text[]` : sql`uuid[]`;
    const { rows } = await sql<{ row: StoredRow }>`${FRESH} select row_to_json(t) as row from (
      select ${shown} from ${sql.table(table)} where store_id = ${storeId} and ${sql.ref(column)} = any(${part}::${type}) order by id for no key update) t`.execute(
      db,
    );
    for (const { row } of rows) found.push(row);
  }
  return 'delivered_at' in (found[0] ?? {}) ? withInstants(found, ['delivered_at']) : found;
}

/** Of these ids those that are on file. */
export async function findOnFile(db: Db, storeId: StoreId, table: ImportedTable | 'staff', ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const part of chunks(ids)) {
    const { rows } = await sql<{
      id: string;
    }>`select id from ${sql.table(table)} where store_id = ${storeId} and id = any(${part}::uuid[])`.execute(db);
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** The first delivery of each of these customers by his orders on file, but for some of them. Who has none is left out. */
export async function listFirstDeliveries(
  db: Db,
  storeId: StoreId,
  { customers, except }: { readonly customers: readonly string[]; readonly except: readonly string[] },
): Promise<{ readonly customerId: string; readonly on: CivilDate }[]> {
  const found: { customerId: string; on: CivilDate }[] = [];
  for (const part of chunks(customers)) {
    const { rows } = await sql<{
      customerId: string;
      on: CivilDate;
    }>`select o.customer_id as "customerId", min(o.delivered_on) as on from orders o
      where o.store_id = ${storeId} and o.customer_id = any(${part}::uuid[]) and not exists (select from unnest(${[...except]}::uuid[]) as e (id) where e.id = o.id)
        and o.delivered_on is not null group by o.customer_id`.execute(db);
    found.push(...rows);
  }
  return found;
}

/** Of these customers those whose last word on a consent took it back. */
export async function findWithdrawn(
  db: Db,
  storeId: StoreId,
  customerIds: readonly string[],
  { purpose, channel }: { readonly purpose: string; readonly channel: string },
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const part of chunks(customerIds)) {
    const { rows } = await sql<{ customer_id: string }>`select customer_id from (
        select distinct on (customer_id) customer_id, granted from consents
        where store_id = ${storeId} and customer_id = any(${part}::uuid[]) and purpose = ${purpose} and channel = ${channel}
        order by customer_id, at desc, id desc) n
      where not granted`.execute(db);
    for (const { customer_id } of rows) found.add(customer_id);
  }
  return found;
}

/** Sets columns of records by id and counts their version on. Nothing else may be under way on the client. */
export async function updateRecords(
  client: PoolClient,
  storeId: StoreId,
  table: ImportedTable,
  now: Instant,
  rows: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[],
): Promise<void> {
  // Rows that set the same columns share a statement.
  const bySet = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) {
    const key = Object.keys(row).sort().join();
    const same = bySet.get(key);
    if (same) same.push(row);
    else bySet.set(key, [row]);
  }
  const stamp = table === 'insurance_policies' ? '' : ', version = t.version + 1, updated_at = $2';
  for (const same of bySet.values()) {
    const columns = Object.keys(same[0] ?? {}).filter((column) => column !== 'id');
    const staging = await Staging.open(client, table, ['id', ...columns], 'changed');
    await staging.write(changedRows(same, columns));
    const set = columns.map((column) => `"${column}" = r."${column}"`).join(', ');
    await client.query(
      `update "${table}" t set ${set}${stamp} from ${staging.name} r where t.store_id = $1 and t.id = r.id`,
      stamp === '' ? [storeId] : [storeId, now],
    );
    await staging.drop();
  }
}

function* changedRows(rows: readonly Readonly<Record<string, unknown>>[], columns: readonly string[]): Generator<StagedRow> {
  for (const row of rows)
    yield [
      row['id'] as string,
      // Columns hold scalars, and the memory is JSON whatever it is.
      ...columns.map((column) => (column === 'imported' ? jsonOf(row[column]) : ((row[column] ?? null) as StagedValue))),
    ];
}

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

export interface PhoneRow {
  readonly customerId: string;
  readonly e164: string;
  readonly kind: 'mobile' | 'landline';
  readonly rank: number;
}

export async function loadPhones(db: Db, storeId: StoreId, customerIds: readonly string[]): Promise<PhoneRow[]> {
  const found: PhoneRow[] = [];
  for (const part of chunks(customerIds)) {
    const { rows } = await sql<{ customer_id: string; e164: string; kind: PhoneRow['kind']; rank: number }>`${FRESH}
      select customer_id, e164, kind, rank from customer_phones where store_id = ${storeId} and customer_id = any(${part}::uuid[])`.execute(
      db,
    );
    for (const row of rows) found.push({ customerId: row.customer_id, e164: row.e164, kind: row.kind, rank: row.rank });
  }
  return found;
}

export async function insertPhones(client: PoolClient, storeId: StoreId, phones: readonly PhoneRow[]): Promise<void> {
  const rows = phones.map((phone): StagedRow => [phone.customerId, phone.e164, phone.rank, phone.kind]);
  await insertStaged(client, storeId, 'customer_phones', ['customer_id', 'e164', 'rank', 'kind'], rows);
}

export interface OwnershipRow {
  readonly vehicleId: string;
  readonly customerId: string;
  /** Which of his times with this vehicle, from 1. */
  readonly period: number;
  readonly fromOn: CivilDate | null;
  readonly toOn: CivilDate | null;
}

export async function loadOwnerships(db: Db, storeId: StoreId, vehicleIds: readonly string[]): Promise<OwnershipRow[]> {
  const found: OwnershipRow[] = [];
  for (const part of chunks(vehicleIds)) {
    const { rows } = await sql<OwnershipRow>`${FRESH}
      select vehicle_id as "vehicleId", customer_id as "customerId", period, from_on as "fromOn", to_on as "toOn" from ownerships where store_id = ${storeId} and role = 'owner' and vehicle_id = any(${part}::uuid[]) for no key update`.execute(
      db,
    );
    found.push(...rows);
  }
  return found;
}

/** Writes periods of ownership over those of the same number; those that end first, for a vehicle has one owner at a time. */
export async function saveOwnerships(client: PoolClient, storeId: StoreId, ownerships: readonly OwnershipRow[]): Promise<void> {
  await insertStaged(
    client,
    storeId,
    'ownerships',
    ['vehicle_id', 'customer_id', 'role', 'period', 'from_on', 'to_on'],
    ownerships.map((row): StagedRow => [row.vehicleId, row.customerId, 'owner', row.period, row.fromOn, row.toOn]),
    'order by to_on nulls last on conflict (store_id, vehicle_id, customer_id, role, period) do update set from_on = excluded.from_on, to_on = excluded.to_on',
  );
}

export interface ReadingRow {
  readonly vehicleId: string;
  readonly readOn: CivilDate;
  readonly mileageKm: number;
  readonly source: 'visit' | 'import';
}

/** Adds mileage readings; answers those that were not there before. */
export async function insertReadings<R extends ReadingRow>(client: PoolClient, storeId: StoreId, readings: readonly R[]): Promise<R[]> {
  if (readings.length === 0) return [];
  const staging = await Staging.open(client, 'mileage_readings', ['vehicle_id', 'read_on', 'mileage_km', 'source']);
  await staging.write(readings.map((reading): StagedRow => [reading.vehicleId, reading.readOn, reading.mileageKm, reading.source]));
  // Nearly all are new, so those that are not are told.
  const { rows } = await client.query<{ vehicle_id: string; read_on: CivilDate; mileage_km: number }>(
    `with added as (
      insert into mileage_readings (store_id, vehicle_id, read_on, mileage_km, source) select $1, vehicle_id, read_on, mileage_km, source from ${staging.name}
      on conflict do nothing returning vehicle_id, read_on, mileage_km)
    select vehicle_id, read_on, mileage_km from ${staging.name} s where not exists (
      select from added a where a.vehicle_id = s.vehicle_id and a.read_on = s.read_on and a.mileage_km = s.mileage_km)`,
    [storeId],
  );
  await staging.drop();
  const keyOf = (vehicle: string, on: CivilDate, km: number) => `${vehicle}|${on}|${km}`;
  const there = new Set(rows.map((row) => keyOf(row.vehicle_id, row.read_on, row.mileage_km)));
  return there.size === 0
    ? [...readings]
    : readings.filter((reading) => !there.has(keyOf(reading.vehicleId, reading.readOn, reading.mileageKm)));
}

/** A reading lower than an earlier one is doubtful. */
export async function markDoubtfulReadings(db: Db, storeId: StoreId, vehicleIds: readonly string[]): Promise<void> {
  for (const part of chunks(vehicleIds)) {
    await sql`${FRESH} update mileage_readings m set doubtful = not doubtful where m.store_id = ${storeId} and m.vehicle_id = any(${part}::uuid[])
      and m.doubtful <> exists (select from mileage_readings e where e.store_id = ${storeId} and e.vehicle_id = m.vehicle_id and e.read_on < m.read_on and e.mileage_km > m.mileage_km)`.execute(
      db,
    );
  }
}

/** The daily habit of these vehicles from their readings (VEH-05): after readings came in bulk, or went. */
export async function recountHabits(db: Db, storeId: StoreId, vehicleIds: readonly string[]): Promise<void> {
  for (const part of chunks(vehicleIds))
    await sql`${FRESH} select vehicles_recount_habit(${storeId}::integer, ${part}::uuid[])`.execute(db);
}

/**
 * Gives vehicles back the day on which their next maintenance was told, null where it was not known. After what was told has been written: the
 * write itself counts as telling.
 */
export async function retell(db: Db, storeId: StoreId, toldOn: ReadonlyMap<string, CivilDate | null>): Promise<void> {
  for (const part of chunks([...toldOn]))
    await sql`${FRESH} update vehicles v set next_told_on = r.told_on
      from unnest(${part.map(([id]) => id)}::uuid[], ${part.map(([, on]) => on)}::date[]) as r (id, told_on)
      where v.store_id = ${storeId} and v.id = r.id and v.next_told_on is distinct from r.told_on`.execute(db);
}

/** What customers are sought by: name, numbers, and the plates and VINs of their cars. */
export async function loadSearchables(
  db: Db,
  storeId: StoreId,
  customerIds: readonly string[],
): Promise<{ id: string; name: string; phones: string[]; plates: string[]; vins: string[] }[]> {
  const found: { id: string; name: string; phones: string[]; plates: string[]; vins: string[] }[] = [];
  for (const part of chunks(customerIds)) {
    // Looked up customer by customer through the keys: freshly filled tables have no statistics to plan a join of sets by.
    const { rows } = await sql<(typeof found)[number]>`${FRESH} select c.id, c.name,
        coalesce((select json_agg(p.e164) from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id), '[]') as phones,
        coalesce((select json_agg(v.plate) from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.plate is not null), '[]') as plates,
        coalesce((select json_agg(v.vin) from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.vin is not null), '[]') as vins
      from customers c where c.store_id = ${storeId} and c.id = any(${part}::uuid[])`.execute(db);
    for (const row of rows) found.push(row);
  }
  return found;
}

/** Writes the search tokens of customers anew; those that are not `stale` have none yet. */
export async function replaceTokens(
  db: Db,
  client: PoolClient,
  storeId: StoreId,
  tokens: Iterable<{ customerId: string; token: string }>,
  stale: readonly string[],
): Promise<void> {
  await deleteTokens(db, storeId, stale);
  // In the order of the key, which is the order of the index's pages.
  await insertStaged(client, storeId, 'search_tokens', ['token', 'customer_id'], tokenRows(tokens), 'order by token, customer_id');
}

function* tokenRows(tokens: Iterable<{ customerId: string; token: string }>): Generator<StagedRow> {
  for (const { token, customerId } of tokens) yield [token, customerId];
}

/** The company that is the store itself, unless one is marked already. */
export async function markStoreItself(db: Db, storeId: StoreId, customerId: CustomerId): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update customers set is_store_itself = true where store_id = ${storeId} and id = ${customerId} and kind = 'company'
    and not exists (select from customers where store_id = ${storeId} and is_store_itself)`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Removes the search tokens of customers. */
export async function deleteTokens(db: Db, storeId: StoreId, customerIds: readonly string[]): Promise<void> {
  for (const part of chunks(customerIds))
    await sql`${FRESH} delete from search_tokens where store_id = ${storeId} and customer_id = any(${part}::uuid[])`.execute(db);
}

export interface ImportStore {
  readonly plateProvince: string;
  readonly areaCode: string;
  readonly timeZone: string;
}

export async function getImportStore(db: Db, storeId: StoreId): Promise<ImportStore> {
  const row = await db
    .selectFrom('stores')
    .select(['plate_province', 'area_code', 'time_zone'])
    .where('id', '=', storeId)
    .executeTakeFirstOrThrow();
  return { plateProvince: row.plate_province, areaCode: row.area_code, timeZone: row.time_zone };
}

/**
 * A file may take longer to write than a request may take to be answered, and may wait for its reader in between. What is sorted, and what
 * triggers and keys are told of a statement's rows, stays in memory.
 */
export async function allowLongImport(db: Db): Promise<void> {
  await sql`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true), set_config('work_mem', '64MB', true)`.execute(
    db,
  );
}

export { insertStaged, Staging, type StagedRow, type StagedValue };

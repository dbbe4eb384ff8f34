import type { StaffId, StoreId } from '@baoke/core/kernel';
import { sql, type Insertable } from 'kysely';
import type { PoolClient } from 'pg';
import type { Db } from '../connect.ts';
import { insertStaged, type StagedRow, type StagedValue } from '../staging.ts';
import type { DB } from '../tables.generated.ts';

/** A row of a store's table as it is made; the store is added when it is written. Instants and dates are text, jsonb is JSON text. */
export type NewRow<T extends keyof DB> = Omit<Insertable<DB[T]>, 'store_id'>;

/**
 * Writes many rows of one table in one statement, staged as an import's are. All rows have the columns of the first, which throws where one has others; none
 * at all writes nothing. `orderBy` sorts them on the way for a big index. `tx` is the client of a transaction of the store.
 */
export async function copyRows<T extends keyof DB & string>(
  tx: PoolClient,
  storeId: StoreId,
  table: T,
  rows: readonly NewRow<T>[],
  orderBy?: keyof NewRow<T> & string,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first) as (keyof NewRow<T> & string)[];
  await insertStaged(tx, storeId, table, columns, stagedRows(rows, columns), orderBy ? `order by "${orderBy}"` : '');
}

function* stagedRows<T extends keyof DB>(rows: readonly NewRow<T>[], columns: readonly (keyof NewRow<T>)[]): Generator<StagedRow> {
  for (const row of rows) {
    // What the first row does not have would be left out of all.
    if (Object.keys(row).length !== columns.length)
      throw new Error(`a row has not the columns ${columns.join(', ')}: ${Object.keys(row).join(', ')}`);
    yield columns.map((column) => stagedValue(row[column]));
  }
}

// A list is a column of texts here; the staging takes a list for JSON.
function stagedValue(value: unknown): StagedValue {
  if (Array.isArray(value)) return `{${value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
  return (value ?? null) as StagedValue;
}

/** A loading transaction may take longer than a request may, and more memory, so that what waits to be inserted is not written to disk. */
export async function allowLongLoad(tx: PoolClient): Promise<void> {
  await tx.query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local work_mem = '64MB'");
}

/** The tables a load fills, in an order that their references allow. */
const LOADED = [
  'customers',
  'vehicles',
  'customer_phones',
  'search_tokens',
  'contact_persons',
  'consents',
  'observations',
  'plate_periods',
  'ownerships',
  'mileage_readings',
  'insurance_policies',
  'service_visits',
  'leads',
  'orders',
  'tasks',
  'contacts',
] as const satisfies readonly (keyof DB)[];

/** How far a load has come; its parts are transactions of their own, written side by side after the customers. */
export async function loadState(db: Db, storeId: StoreId): Promise<'none' | 'broken_off' | 'whole'> {
  const { rows } = await sql<{ begun: boolean; files: boolean; work: boolean }>`select
    exists (select from customers where store_id = ${storeId}) as begun,
    exists (select from search_tokens where store_id = ${storeId}) as files,
    exists (select from complaints where store_id = ${storeId}) as work`.execute(db);
  const [row] = rows;
  if (!row?.begun) return 'none';
  return row.files && row.work ? 'whole' : 'broken_off';
}

/** The people of a store who have an account, by the name they sign in with. */
export async function listPeople(db: Db, storeId: StoreId): Promise<{ username: string; id: StaffId }[]> {
  const rows = await db
    .selectFrom('staff as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .select(['a.username', 's.id'])
    .where('s.store_id', '=', storeId)
    .execute();
  return rows.map((row) => ({ username: row.username, id: row.id as StaffId }));
}

/** What a load makes beside them. */
const MADE_BESIDE = ['complaint_counters', 'care_rules', 'complaints', 'complaint_events'] as const satisfies readonly (keyof DB)[];

/**
 * Takes away what a load that was broken off has left, whichever of its parts came to their end. `tx` is of the owner of the tables: whoever
 * serves may take nothing from the ledgers among them.
 */
export async function clearLoad(tx: PoolClient, storeId: StoreId): Promise<void> {
  for (const table of [...LOADED, ...MADE_BESIDE].toReversed()) await tx.query(`delete from "${table}" where store_id = $1`, [storeId]);
  // Nobody was ever told of them.
  for (const table of ['service_day_counts', 'removals']) await tx.query(`delete from ${table} where store_id = $1`, [storeId]);
}

/** Forgets which customers have changed: for a store whose tasks are planned as a whole. */
export async function forgetChanges(tx: PoolClient, storeId: StoreId): Promise<void> {
  await tx.query('delete from care_dirty where store_id = $1', [storeId]);
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StaffId, StoreId } from '@baoke/core/kernel';
import { sql, type Insertable } from 'kysely';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Db } from '../connect.ts';
import { uninterrupted } from '../connect.ts';
import type { DB } from '../tables.generated.ts';

/** A row of a store's table as it is made; the store is added when it is written. Instants and dates are text, jsonb is JSON text. */
export type NewRow<T extends keyof DB> = Omit<Insertable<DB[T]>, 'store_id'>;

const CHUNK = 64 * 1024;

/**
 * Writes many rows of one table in one statement. All rows have the columns of the first; none at all writes nothing.
 *
 * PostgreSQL refuses COPY into a table under row-level security, so the rows are copied into a temporary table and inserted from
 * there: every check, trigger and policy holds as for any other insert. `orderBy` sorts them on the way for a big index.
 * `tx` is the client of a transaction of the store.
 */
export async function copyRows<T extends keyof DB & string>(tx: PoolClient, storeId: StoreId, table: T, rows: readonly NewRow<T>[], orderBy?: keyof NewRow<T> & string): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first) as (keyof NewRow<T> & string)[];
  const columns = names.map((name) => `"${name}"`).join(', ');
  const waiting = `"loading_${table}"`;
  await tx.query(`create temporary table ${waiting} on commit drop as select ${columns} from "${table}" with no data`);
  await uninterrupted(tx, () => pipeline(Readable.from(encode(rows, names)), tx.query(copyFrom(`copy ${waiting} (${columns}) from stdin`))));
  await tx.query(`insert into "${table}" (store_id, ${columns}) select $1, ${columns} from ${waiting}${orderBy ? ` order by "${orderBy}"` : ''}`, [storeId]);
  await tx.query(`drop table ${waiting}`);
}

function* encode<T extends keyof DB>(rows: readonly NewRow<T>[], names: readonly (keyof NewRow<T> & string)[]): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    for (const [at, name] of names.entries()) chunk += (at === 0 ? '' : '\t') + encodeValue(row[name]);
    chunk += '\n';
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// The text format of COPY: tab between values, \N for null, a few signs escaped.
function encodeValue(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return encodeValue(`{${value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  const text = String(value);
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign) : text;
}

/** A loading transaction may take longer than a request may, and more memory, so that what waits to be inserted is not written to disk. */
export async function allowLongLoad(tx: PoolClient): Promise<void> {
  await tx.query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local work_mem = '64MB'");
}

/** The tables a load fills, in an order that their references allow. */
const LOADED = [
  'customers', 'vehicles', 'customer_phones', 'search_tokens', 'contact_persons', 'consents', 'observations', 'plate_periods', 'ownerships', 'mileage_readings', 'insurance_policies',
  'service_visits', 'leads', 'orders', 'tasks', 'contacts',
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
  const rows = await db.selectFrom('staff as s').innerJoin('accounts as a', 'a.id', 's.account_id').select(['a.username', 's.id']).where('s.store_id', '=', storeId).execute();
  return rows.map((row) => ({ username: row.username, id: row.id as StaffId }));
}

/** Takes away what a load that was broken off has left. Complaints are part of the last transaction, so none are there. */
export async function clearLoad(tx: PoolClient, storeId: StoreId): Promise<void> {
  for (const table of LOADED.toReversed()) await tx.query(`delete from "${table}" where store_id = $1`, [storeId]);
  await tx.query('delete from service_day_counts where store_id = $1', [storeId]);
}

/** Forgets which customers have changed: for a store whose tasks are planned as a whole. */
export async function forgetChanges(tx: PoolClient, storeId: StoreId): Promise<void> {
  await tx.query('delete from care_dirty where store_id = $1', [storeId]);
}

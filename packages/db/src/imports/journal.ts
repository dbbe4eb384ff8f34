import type { Columns, ColumnValue } from '@baoke/core/imports';
import type { ImportId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { Db } from '../connect.ts';
import { insertStaged, type StagedRow } from '../staging.ts';
import type { ImportedTable } from './queries.ts';
import { chunks } from './batches.ts';

/** A line of the journal of an import. */
export interface JournalEntry {
  readonly entity: string;
  readonly entityId: string | null;
  readonly key: Columns | null;
  /** Null where the import made the row. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** What an import did, as its journal takes it: rows it made by their ids or keys, and rows it changed. */
export interface Journal {
  readonly made: ReadonlyMap<string, readonly string[]>;
  /** Rows without an id of their own; those of one table name the same columns. */
  readonly keyed: ReadonlyMap<string, readonly Columns[]>;
  readonly changed: readonly JournalEntry[];
}

/** A journal is kept in lines of many entries: one each would be as many rows again as the import writes. */
const MADE_PER_LINE = 1000;

const CHANGED_PER_LINE = 200;

type Entry = Omit<JournalEntry, 'entity'>;

interface Line {
  /** Ids; before ids stood alone, each with its key. */
  readonly made?: readonly (string | Pick<Entry, 'entityId' | 'key'>)[];
  readonly keys?: { readonly columns: readonly string[]; readonly rows: readonly (readonly ColumnValue[])[] };
  readonly changed?: readonly Entry[];
}

/** Adds to the journal of an import, behind `firstSeq`. */
export async function insertJournal(
  client: PoolClient,
  storeId: StoreId,
  importId: ImportId,
  firstSeq: number,
  journal: Journal,
): Promise<void> {
  let seq = firstSeq;
  const rows = function* (): Generator<StagedRow> {
    for (const [entity, line] of linesOf(journal)) yield [(seq += 1), entity, line];
  };
  await insertStaged(client, storeId, 'import_changes', ['seq', 'entity', 'entries'], rows(), '', { import_id: importId });
}

/** Puts what an earlier import did in front of the journal of a later one, which takes it back with its own. */
export async function prependJournal(db: Db, client: PoolClient, storeId: StoreId, importId: ImportId, journal: Journal): Promise<void> {
  const { rows } = await sql<{
    seq: number | null;
  }>`select min(seq) as seq from import_changes where store_id = ${storeId} and import_id = ${importId}`.execute(db);
  const lines = [...linesOf(journal)].length;
  await insertJournal(client, storeId, importId, (rows[0]?.seq ?? 1) - 1 - lines, journal);
}

function* linesOf({ made, keyed, changed }: Journal): Generator<[entity: string, line: Line]> {
  for (const [entity, ids] of made) for (const part of chunks(ids, MADE_PER_LINE)) yield [entity, { made: part }];
  for (const [entity, keys] of keyed) {
    const columns = Object.keys(keys[0] ?? {});
    for (const part of chunks(keys, MADE_PER_LINE))
      yield [entity, { keys: { columns, rows: part.map((key) => columns.map((column) => key[column] ?? null)) } }];
  }
  // In the order of the changes: undoing goes back through them.
  let open: Entry[] = [];
  let of = '';
  for (const { entity, ...entry } of changed) {
    if (open.length > 0 && (entity !== of || open.length >= CHANGED_PER_LINE)) {
      yield [of, { changed: open }];
      open = [];
    }
    of = entity;
    open.push(entry);
  }
  if (open.length > 0) yield [of, { changed: open }];
}

export async function lastJournalSeq(db: Db, storeId: StoreId, importId: ImportId): Promise<number> {
  const { rows } = await sql<{
    seq: number | null;
  }>`select max(seq) as seq from import_changes where store_id = ${storeId} and import_id = ${importId}`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** The journal of an import, latest first. */
export async function loadJournal(db: Db, storeId: StoreId, importId: ImportId): Promise<JournalEntry[]> {
  const { rows } = await sql<{ entity: string; entries: Line }>`
    select entity, entries from import_changes where store_id = ${storeId} and import_id = ${importId} order by seq desc`.execute(db);
  return rows.flatMap(({ entity, entries: { made = [], keys, changed = [] } }): JournalEntry[] => [
    ...made.map((entry) => ({
      entity,
      ...(typeof entry === 'string' ? { entityId: entry, key: null } : entry),
      before: null,
      after: null,
    })),
    ...(keys?.rows ?? []).map((row) => {
      const key = Object.fromEntries(keys?.columns.map((column, at) => [column, row[at] ?? null]) ?? []);
      return { entity, entityId: null, key, before: null, after: null };
    }),
    ...changed.toReversed().map((entry) => ({ entity, ...entry })),
  ]);
}

/** Which records of these tables an import has made so far, by their ids. */
export async function listMade(db: Db, storeId: StoreId, importId: ImportId, tables: readonly ImportedTable[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select jsonb_array_elements_text(entries -> 'made') as id from import_changes
    where store_id = ${storeId} and import_id = ${importId} and entity = any(${[...tables]}::text[]) and jsonb_typeof(entries -> 'made') = 'array'`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

export async function deleteJournal(db: Db, storeId: StoreId, importId: ImportId): Promise<void> {
  await db.deleteFrom('import_changes').where('store_id', '=', storeId).where('import_id', '=', importId).execute();
}

/** Of the rows with these ids, those that others refer to: they cannot go. */
export async function listReferred(db: Db, storeId: StoreId, table: ImportedTable | 'staff', ids: readonly string[]): Promise<Set<string>> {
  const { rows: references } = await sql<{ table_name: string; column_name: string }>`
    select k.conrelid::regclass::text as table_name, a.attname as column_name from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]
    where k.contype = 'f' and k.confrelid = ${table}::regclass`.execute(db);
  const referred = new Set<string>();
  for (const { table_name, column_name } of references) {
    for (const part of chunks(ids)) {
      const { rows } = await sql<{ id: string }>`select distinct ${sql.ref(column_name)} as id from ${sql.table(table_name)}
        where store_id = ${storeId} and ${sql.ref(column_name)} = any(${part}::uuid[])`.execute(db);
      for (const { id } of rows) referred.add(id);
    }
  }
  return referred;
}

/** Deletes rows by id. */
export async function deleteRecords(db: Db, storeId: StoreId, table: ImportedTable | 'staff', ids: readonly string[]): Promise<void> {
  for (const part of chunks(ids))
    await sql`delete from ${sql.table(table)} where store_id = ${storeId} and id = any(${part}::uuid[])`.execute(db);
}

/** Deletes rows without an id of their own by their keys; every key names the same columns. */
export async function deleteByKey(
  db: Db,
  storeId: StoreId,
  table: 'customer_phones' | 'ownerships' | 'mileage_readings',
  keys: readonly Columns[],
): Promise<void> {
  const [first] = keys;
  if (!first) return;
  const columns = Object.keys(first);
  const same = sql.join(
    columns.map((column) => sql`t.${sql.ref(column)} = r.${sql.ref(column)}`),
    sql` and `,
  );
  for (const part of chunks(keys)) {
    await sql`delete from ${sql.table(table)} t using json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(part)}::json) r where t.store_id = ${storeId} and ${same}`.execute(
      db,
    );
  }
}

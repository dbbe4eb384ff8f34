import { isDeepStrictEqual } from 'node:util';
import type { Columns, KeptMemory } from '@baoke/core/imports';
import type { CivilDate, ImportId, Instant, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import { announceWriting } from '@baoke/db/changes';
import {
  allowLongImport,
  deleteByKey,
  deleteDerived,
  deleteJournal,
  deleteRecords,
  deleteTokens,
  forgetDirty,
  forgetKept,
  insertKept,
  listHeld,
  listReferred,
  loadJournal,
  loadSearchables,
  loadStored,
  openUndoing,
  replaceTokens,
  saveOwnerships,
  settleKept,
  tryLockImports,
  unassignUntouched,
  updateImport,
  updateRecords,
  type ImportedTable,
  type JournalEntry,
  type KeptRecord,
  type Undone,
} from '@baoke/db/imports';
import { foldVisit } from './merge-rows.ts';
import { tokensOf } from './write-related.ts';

/** An import works in the store; what two do at once neither would see. */
export class ImportBusy extends Error {}

/** Children first, as foreign keys want it. */
const REMOVED = ['insurance_policies', 'leads', 'orders', 'service_visits', 'vehicles', 'customers', 'staff'] as const;

/**
 * Takes back an import from its journal: what it made goes, and with it what a machine has derived from that since; what it changed gets its
 * former value.
 *
 * What people have done since stands: a column that no longer holds the imported value is left alone, and a record that somebody has worked
 * with, or that another import uses, stays with all its facts. Which ones stayed is written down. One transaction, in which `record` writes
 * who did it; undoing twice does nothing more. Source: spec 08 Import.
 */
export function undoImport(
  env: { readonly pool: Pool; readonly now: () => Instant },
  storeId: StoreId,
  importId: ImportId,
  status: Undoing['status'],
  record: Undoing['record'],
): Promise<Undone> {
  return inTransaction(env.pool, { storeId }, (tx, client) =>
    undoWithin(tx, client, storeId, importId, { status, now: env.now(), record }),
  );
}

export interface Undoing {
  readonly status: 'undone' | 'cancelled';
  readonly now: Instant;
  readonly record: (tx: Db, undone: Undone) => Promise<void>;
}

/** The same as a part of a transaction of the store, which may take long. */
export async function undoWithin(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  importId: ImportId,
  { status, now, record }: Undoing,
): Promise<Undone> {
  await allowLongImport(tx);
  await announceWriting(tx, storeId, now);
  if (!(await tryLockImports(tx, storeId))) throw new ImportBusy(`an import is running in store ${storeId}`);
  const journal = await loadJournal(tx, storeId, importId);
  await openUndoing(tx, storeId, journal);
  const kept: KeptRecord[] = await settleKept(tx, storeId, importId);
  const stays = new Stays(journal, kept, await listHeld(tx, storeId));
  await deleteDerived(tx, storeId);
  const touched = new Set<string>();
  const restored = await restoreColumns(tx, client, storeId, journal, stays, now);
  await undoKeyed(tx, client, storeId, journal, stays, touched);
  let removed = 0;
  for (const table of REMOVED) {
    const made = [...stays.madeOf(table)];
    if (made.length === 0) continue;
    const going = await goingOf(tx, storeId, table, made, stays);
    await removeRecords(tx, storeId, table, going);
    await forgetKept(tx, storeId, going);
    removed += going.length;
    const gone = new Set(going);
    if (table === 'staff') for (const id of made) if (!gone.has(id)) kept.push({ entity: 'staff', id, because: 'belongs' });
  }
  await forgetDirty(tx, storeId);
  for (const entry of journal) if (entry.entity === 'customers' && entry.before !== null && entry.entityId) touched.add(entry.entityId);
  for (const vehicle of await loadStored(tx, storeId, 'vehicles', 'id', idsOf(journal, 'vehicles'))) {
    if (typeof vehicle['owner_id'] === 'string') touched.add(vehicle['owner_id']);
  }
  const searchables = await loadSearchables(tx, storeId, [...touched]);
  await replaceTokens(tx, client, storeId, tokensOf(searchables), [...touched]);
  await deleteJournal(tx, storeId, importId);
  await insertKept(tx, storeId, importId, kept);
  const undone = { removed, restored, kept: kept.length };
  await updateImport(tx, storeId, importId, { status, finishedAt: now, undone });
  await record(tx, undone);
  return undone;
}

/** What of an import stays as it is while the rest is taken back. */
class Stays {
  readonly #made = new Map<string, Set<string>>();
  readonly #kept: ReadonlySet<string>;
  readonly #held: ReadonlySet<string>;

  constructor(journal: readonly JournalEntry[], kept: readonly KeptRecord[], held: Awaited<ReturnType<typeof listHeld>>) {
    for (const { entity, entityId, before } of journal) {
      if (before !== null || entityId === null || entity === 'ownerships') continue;
      const made = this.#made.get(entity);
      if (made) made.add(entityId);
      else this.#made.set(entity, new Set([entityId]));
    }
    this.#kept = new Set(kept.map(({ id }) => id));
    this.#held = new Set(held.map(({ entity, id }) => `${entity}|${id}`));
  }

  madeOf(table: string): ReadonlySet<string> {
    return this.#made.get(table) ?? new Set();
  }

  keeps(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Whether a column keeps what the import put into it: the record goes or stays as a whole, or hangs together with one that stays. */
  holds(table: string, id: string, column?: string): boolean {
    if (this.madeOf(table).has(id)) return true;
    if (!this.#held.has(`${table}|${id}`)) return false;
    return table === 'vehicles' || (column !== undefined && VISITED.includes(column));
  }
}

/** What of a customer follows from his visits and orders. */
const VISITED: readonly string[] = ['last_visit_on', 'first_delivered_on'];

function idsOf(journal: readonly JournalEntry[], entity: string): string[] {
  return [...new Set(journal.filter((entry) => entry.entity === entity && entry.entityId !== null).map((entry) => entry.entityId ?? ''))];
}

/** Gives changed columns their former values, latest change first, where the imported value still stands. */
async function restoreColumns(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  journal: readonly JournalEntry[],
  stays: Stays,
  now: Instant,
): Promise<number> {
  let restored = 0;
  for (const table of REMOVED) {
    if (table === 'staff') continue;
    const entries = journal.filter(
      ({ entity, entityId, before }) => entity === table && before !== null && entityId !== null && !stays.holds(table, entityId),
    );
    const stored = new Map(
      (await loadStored(tx, storeId, table satisfies ImportedTable, 'id', idsOf(entries, table))).map((row) => [row.id, { ...row }]),
    );
    const updates = new Map<string, Record<string, unknown> & { id: string }>();
    for (const { entityId, before, after } of entries) {
      const row = entityId === null ? undefined : stored.get(entityId);
      if (!row || !before) continue;
      const update: Record<string, unknown> & { id: string } = updates.get(row.id) ?? { id: row.id };
      for (const [column, value] of Object.entries(before)) {
        if (stays.holds(table, row.id, column)) continue;
        // The memory of imports goes back with the values it speaks of.
        if (column !== 'imported' && !isDeepStrictEqual(row[column] ?? null, after?.[column] ?? null)) continue;
        update[column] = value;
        Object.assign(row, { [column]: value });
      }
      updates.set(row.id, update);
    }
    for (const update of table === 'service_visits' ? updates.values() : []) {
      const row = stored.get(update.id);
      if (row && update['imported']) update['imported'] = foldVisit(update['imported'] as KeptMemory, row);
    }
    const changed = [...updates.values()].filter((update) => Object.keys(update).length > 1);
    await updateRecords(client, storeId, table, now, changed);
    restored += changed.length;
  }
  return restored;
}

async function undoKeyed(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  journal: readonly JournalEntry[],
  stays: Stays,
  touched: Set<string>,
): Promise<void> {
  const holds = (key: Columns): boolean =>
    'vehicle_id' in key ? stays.holds('vehicles', String(key['vehicle_id'])) : stays.holds('customers', String(key['customer_id']));
  const keysMade = (entity: string): Columns[] =>
    journal.flatMap(({ entity: of, before, key }) => (of === entity && before === null && key && !holds(key) ? [key] : []));
  for (const table of ['customer_phones', 'mileage_readings', 'ownerships'] as const) {
    const keys = keysMade(table);
    for (const key of keys) if (typeof key['customer_id'] === 'string') touched.add(key['customer_id']);
    await deleteByKey(tx, storeId, table, keys);
  }
  const periods = journal.flatMap((entry) =>
    entry.entity === 'ownerships' && entry.before && entry.key && !holds(entry.key)
      ? [
          {
            vehicleId: String(entry.key['vehicle_id']),
            customerId: String(entry.key['customer_id']),
            fromOn: (entry.before['from_on'] ?? null) as CivilDate | null,
            toOn: (entry.before['to_on'] ?? null) as CivilDate | null,
          },
        ]
      : [],
  );
  // The journal is read latest first, so the last of several periods of one owner is the oldest.
  const oldest = new Map(periods.map((period) => [`${period.vehicleId}|${period.customerId}`, period]));
  await saveOwnerships(client, storeId, [...oldest.values()]);
  for (const { customerId } of periods) touched.add(customerId);
}

/** What of the made records goes: those that do not stay; of people, those to whom nothing refers once the rest is gone. */
async function goingOf(
  tx: Db,
  storeId: StoreId,
  table: (typeof REMOVED)[number],
  made: readonly string[],
  stays: Stays,
): Promise<string[]> {
  if (table !== 'staff') return made.filter((id) => !stays.keeps(id));
  await unassignUntouched(tx, storeId, made);
  const referred = await listReferred(tx, storeId, table, made);
  return made.filter((id) => !referred.has(id));
}

/** Removes records with what is a part of them. */
async function removeRecords(tx: Db, storeId: StoreId, table: (typeof REMOVED)[number], ids: readonly string[]): Promise<void> {
  if (table === 'customers') await deleteTokens(tx, storeId, ids);
  for (const [part, column] of PARTS[table] ?? [])
    await deleteByKey(
      tx,
      storeId,
      part,
      ids.map((id) => ({ [column]: id })),
    );
  await deleteRecords(tx, storeId, table, ids);
}

/** Tables whose rows are part of a record and go with it, by the column that names it. */
const PARTS: Readonly<
  Partial<Record<(typeof REMOVED)[number], readonly (readonly ['ownerships' | 'mileage_readings' | 'customer_phones', string])[]>>
> = {
  vehicles: [
    ['ownerships', 'vehicle_id'],
    ['mileage_readings', 'vehicle_id'],
  ],
  customers: [
    ['ownerships', 'customer_id'],
    ['customer_phones', 'customer_id'],
  ],
};

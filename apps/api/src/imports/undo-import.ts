import { isDeepStrictEqual } from 'node:util';
import type { Columns, KeptMemory } from '@baoke/core/imports';
import type { CivilDate, ImportId, Instant, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import { announceWriting } from '@baoke/db/changes';
import {
  allowLongImport,
  deleteByKey,
  deleteJournal,
  deleteRecords,
  deleteTokens,
  listReferred,
  loadJournal,
  loadSearchables,
  loadStored,
  replaceTokens,
  saveOwnerships,
  tryLockImports,
  updateImport,
  updateRecords,
  type ImportedTable,
  type JournalEntry,
} from '@baoke/db/imports';
import { foldVisit } from './merge-rows.ts';
import { tokensOf } from './write-related.ts';

/** An import works in the store; what two do at once neither would see. */
export class ImportBusy extends Error {}

export interface Undone {
  readonly removed: number;
  readonly restored: number;
  /** Made by the import and in use since, so it stays. */
  readonly kept: number;
}

/** Children first, as foreign keys want it. */
const REMOVED = ['insurance_policies', 'leads', 'orders', 'service_visits', 'vehicles', 'customers', 'staff'] as const;

/**
 * Takes back an import from its journal: what it made goes, what it changed gets its former value.
 *
 * What people have done since stands: a column that no longer holds the imported value is left alone, and a record that something else has
 * come to refer to (a contact, a complaint) stays. One transaction, in which `record` writes who did it; undoing twice does nothing more. Source: spec 08 Import.
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
  const touched = new Set<string>();
  const restored = await restoreColumns(tx, client, storeId, journal, now);
  await undoKeyed(tx, client, storeId, journal, touched);
  let removed = 0;
  let kept = 0;
  for (const table of REMOVED) {
    const made = journal
      .filter((entry) => entry.entity === table && entry.before === null && entry.entityId !== null)
      .map((entry) => entry.entityId ?? '');
    if (made.length === 0) continue;
    const gone = await removeMade(tx, storeId, table, made);
    removed += gone;
    kept += made.length - gone;
  }
  for (const entry of journal) if (entry.entity === 'customers' && entry.before !== null && entry.entityId) touched.add(entry.entityId);
  for (const vehicle of await loadStored(tx, storeId, 'vehicles', 'id', idsOf(journal, 'vehicles'))) {
    if (typeof vehicle['owner_id'] === 'string') touched.add(vehicle['owner_id']);
  }
  const searchables = await loadSearchables(tx, storeId, [...touched]);
  await replaceTokens(tx, client, storeId, tokensOf(searchables), [...touched]);
  await deleteJournal(tx, storeId, importId);
  await updateImport(tx, storeId, importId, { status, finishedAt: now });
  const undone = { removed, restored, kept };
  await record(tx, undone);
  return undone;
}

function idsOf(journal: readonly JournalEntry[], entity: string): string[] {
  return [...new Set(journal.filter((entry) => entry.entity === entity && entry.entityId !== null).map((entry) => entry.entityId ?? ''))];
}

/** Gives changed columns their former values, latest change first, where the imported value still stands. */
async function restoreColumns(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  journal: readonly JournalEntry[],
  now: Instant,
): Promise<number> {
  let restored = 0;
  for (const table of REMOVED) {
    if (table === 'staff') continue;
    const entries = journal.filter((entry) => entry.entity === table && entry.before !== null);
    const stored = new Map(
      (await loadStored(tx, storeId, table satisfies ImportedTable, 'id', idsOf(entries, table))).map((row) => [row.id, { ...row }]),
    );
    const updates = new Map<string, Record<string, unknown> & { id: string }>();
    for (const { entityId, before, after } of entries) {
      const row = entityId === null ? undefined : stored.get(entityId);
      if (!row || !before) continue;
      const update: Record<string, unknown> & { id: string } = updates.get(row.id) ?? { id: row.id };
      for (const [column, value] of Object.entries(before)) {
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
  touched: Set<string>,
): Promise<void> {
  const keysMade = (entity: string): Columns[] =>
    journal.flatMap((entry) => (entry.entity === entity && entry.before === null && entry.key ? [entry.key] : []));
  for (const table of ['customer_phones', 'mileage_readings', 'ownerships'] as const) {
    const keys = keysMade(table);
    for (const key of keys) if (typeof key['customer_id'] === 'string') touched.add(key['customer_id']);
    await deleteByKey(tx, storeId, table, keys);
  }
  const periods = journal.flatMap((entry) =>
    entry.entity === 'ownerships' && entry.before && entry.key
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

/** Removes what the import made, with what hangs on it alone; answers how many went. */
async function removeMade(tx: Db, storeId: StoreId, table: (typeof REMOVED)[number], made: readonly string[]): Promise<number> {
  if (table === 'insurance_policies') {
    await deleteRecords(tx, storeId, table, made);
    return made.length;
  }
  const referred = await listReferred(tx, storeId, table, made, OWN_PARTS[table] ?? []);
  const going = made.filter((id) => !referred.has(id));
  if (table === 'vehicles')
    await deleteByKey(
      tx,
      storeId,
      'ownerships',
      going.map((id) => ({ vehicle_id: id })),
    );
  if (table === 'vehicles')
    await deleteByKey(
      tx,
      storeId,
      'mileage_readings',
      going.map((id) => ({ vehicle_id: id })),
    );
  if (table === 'customers') {
    await deleteTokens(tx, storeId, going);
    await deleteByKey(
      tx,
      storeId,
      'ownerships',
      going.map((id) => ({ customer_id: id })),
    );
    await deleteByKey(
      tx,
      storeId,
      'customer_phones',
      going.map((id) => ({ customer_id: id })),
    );
  }
  await deleteRecords(tx, storeId, table, going);
  return going.length;
}

/** Tables whose rows are part of a record and go with it. */
const OWN_PARTS: Readonly<Partial<Record<(typeof REMOVED)[number], readonly string[]>>> = {
  vehicles: ['ownerships', 'mileage_readings'],
  customers: ['ownerships', 'customer_phones', 'search_tokens'],
};

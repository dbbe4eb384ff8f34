import { isDeepStrictEqual } from 'node:util';
import type { Columns, KeptMemory } from '@baoke/core/imports';
import type { CivilDate, ImportId, Instant, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import { announceWriting } from '@baoke/db/changes';
import { lockPlanner } from '@baoke/db/care';
import {
  allowLongImport,
  deleteByKey,
  deleteDerived,
  deleteJournal,
  deleteRecords,
  deleteTokens,
  forgetDirty,
  type LaterChange,
  type Journal,
  type Held,
  prependJournal,
  listLaterChanges,
  findOnFile,
  findNextImport,
  forgetKept,
  insertKept,
  listVisited,
  listHeld,
  listReferred,
  loadJournal,
  loadOwnerships,
  loadSearchables,
  loadStored,
  openUndoing,
  replaceTokens,
  retell,
  saveOwnerships,
  settleKept,
  tryLockImports,
  recountHabits,
  unassignUntouched,
  updateImport,
  updateRecords,
  type ImportedTable,
  type JournalEntry,
  type KeptRecord,
  type OwnershipRow,
  type Undone,
  type Visited,
} from '@baoke/db/imports';
import { foldVisit, memoryWithout, NEXT_TOLD } from './merge-rows.ts';
import { FOLLOWING, recountVisited, visitedBy } from './visited.ts';
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
 * with, or that another import uses, stays with all its facts, and of the rest what those name (`settleKept` has the rule). Which ones stayed,
 * and for whom, is written down. One transaction, in which `record` writes who did it; undoing twice does nothing more. Source: spec 08 Import.
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
  // Nobody plans for whoever is about to go.
  await lockPlanner(tx, storeId);
  const journal = await loadJournal(tx, storeId, importId);
  await openUndoing(tx, storeId, journal);
  const settled = await settleKept(tx, storeId, importId);
  const kept: KeptRecord[] = [...settled];
  const changedIds = journal.flatMap(({ entityId, after }) => (entityId !== null && after !== null ? [entityId] : []));
  const later = await listLaterChanges(tx, storeId, [...new Set(changedIds)]);
  const stays = new Stays(journal, kept, await listHeld(tx), later);
  const handed = new Handover();
  for (const { holder, entity, id } of settled) if (holder !== null) handed.to(holder).make(entity, id);
  await deleteDerived(tx, storeId);
  // The cars by which they are sought may go.
  const touched = new Set<string>(settled.flatMap(({ entity, id, through }) => (entity === 'customers' && through !== null ? [id] : [])));
  for (const owner of await ownersOf(tx, storeId, journal)) touched.add(owner);
  const visited = [...(await listVisited(tx, storeId)), ...(await visitedOf(tx, storeId, journal))];
  const restored = await restoreColumns(tx, client, storeId, journal, stays, handed, now);
  await undoKeyed(tx, client, storeId, journal, stays, handed, touched);
  let removed = 0;
  for (const table of REMOVED) {
    const made = [...stays.madeOf(table)];
    if (made.length === 0) continue;
    const going = await goingOf(tx, storeId, table, made, stays);
    await removeRecords(tx, storeId, table, going);
    await forgetKept(tx, storeId, going);
    removed += going.length;
    const gone = new Set(going);
    if (table !== 'staff' || going.length === made.length) continue;
    const next = await findNextImport(tx, storeId);
    for (const id of made) {
      if (gone.has(id)) continue;
      kept.push({ entity: 'staff', id, because: 'belongs', root: null, through: null });
      if (next) handed.to(next).make('staff', id);
    }
  }
  const alone = settled.flatMap(({ entity, id, alone: isAlone }) => (isAlone && isVisitedKind(entity) ? [{ entity, id }] : []));
  await forgetTold(tx, client, storeId, alone, now);
  await recountVisited(tx, client, storeId, [...visited, ...alone], now);
  await forgetDirty(tx, storeId);
  for (const entry of journal) if (entry.entity === 'customers' && entry.before !== null && entry.entityId) touched.add(entry.entityId);
  for (const owner of await ownersOf(tx, storeId, journal)) touched.add(owner);
  const searchables = await loadSearchables(tx, storeId, [...touched]);
  await replaceTokens(tx, client, storeId, tokensOf(searchables), [...touched]);
  await deleteJournal(tx, storeId, importId);
  for (const [holder, entries] of handed.journals()) await prependJournal(tx, client, storeId, holder, entries);
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
  /** Cars on file before. */
  readonly #held: Map<string, ImportId | null>;
  readonly #later = new Map<string, ImportId>();

  constructor(journal: readonly JournalEntry[], kept: readonly KeptRecord[], held: readonly Held[], later: readonly LaterChange[]) {
    for (const { entity, entityId, before } of journal) {
      if (before !== null || entityId === null || entity === 'ownerships') continue;
      const made = this.#made.get(entity);
      if (made) made.add(entityId);
      else this.#made.set(entity, new Set([entityId]));
    }
    this.#kept = new Set(kept.map(({ id }) => id));
    this.#held = new Map(held.map(({ id, holder }) => [id, holder]));
    const owned = new Set(journal.flatMap(({ entity, entityId }) => (entity === 'ownerships' && entityId !== null ? [entityId] : [])));
    for (const { importId, entity, id, columns } of later) {
      for (const column of columns) {
        const key = `${entity}|${id}|${column}`;
        if (!this.#later.has(key)) this.#later.set(key, importId);
      }
      // Who owned a car when is one story: what two imports wrote of it is taken back from its end.
      if (entity === 'ownerships' && owned.has(id) && !this.#held.has(id)) this.#held.set(id, importId);
    }
  }

  madeOf(table: string): ReadonlySet<string> {
    return this.#made.get(table) ?? new Set();
  }

  keeps(id: string): boolean {
    return this.#kept.has(id);
  }

  /**
   * For whom a record keeps what the import put into it: an import that takes it back with its own, or nobody (null). Undefined where it does
   * not.
   */
  holderOf(table: string, id: string): ImportId | null | undefined {
    if (this.madeOf(table).has(id)) return null;
    return table === 'vehicles' ? this.#held.get(id) : undefined;
  }

  /** The first later import that changed a column, too. */
  nextToChange(table: string, id: string, column: string): ImportId | undefined {
    return this.#later.get(`${table}|${id}|${column}`);
  }
}

/** What later imports take over from the journal of one that is taken back: in front of their own, for it came first. */
class Handover {
  readonly #journals = new Map<ImportId, HandedJournal>();

  to(importId: ImportId): HandedJournal {
    const known = this.#journals.get(importId);
    if (known) return known;
    const journal = new HandedJournal();
    this.#journals.set(importId, journal);
    return journal;
  }

  journals(): ReadonlyMap<ImportId, Journal> {
    return this.#journals;
  }
}

class HandedJournal implements Journal {
  readonly made = new Map<string, string[]>();
  readonly keyed = new Map<string, Columns[]>();
  readonly #latestFirst: JournalEntry[] = [];

  make(entity: string, id: string): void {
    const made = this.made.get(entity);
    if (made) made.push(id);
    else this.made.set(entity, [id]);
  }

  makeKeyed(entity: string, key: Columns): void {
    const keyed = this.keyed.get(entity);
    if (keyed) keyed.push(key);
    else this.keyed.set(entity, [key]);
  }

  /** Takes a change, in the order in which it is taken back. */
  change(entry: JournalEntry): void {
    this.#latestFirst.push(entry);
  }

  get changed(): readonly JournalEntry[] {
    return this.#latestFirst.toReversed();
  }
}

function idsOf(journal: readonly JournalEntry[], entity: string): string[] {
  return [...new Set(journal.filter((entry) => entry.entity === entity && entry.entityId !== null).map((entry) => entry.entityId ?? ''))];
}

/**
 * Gives changed columns their former values, latest change first, where the imported value still stands. Where a later import has put another
 * in its place, that one gives back the former value with its own.
 */
async function restoreColumns(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  journal: readonly JournalEntry[],
  stays: Stays,
  handed: Handover,
  now: Instant,
): Promise<number> {
  let restored = 0;
  for (const table of REMOVED) {
    if (table === 'staff') continue;
    const entries = journal.filter(({ entity, before }) => entity === table && before !== null);
    const standing = new Map(
      (await loadStored(tx, storeId, table satisfies ImportedTable, 'id', idsOf(entries, table))).map((row) => [row.id, row]),
    );
    const stored = new Map([...standing].map(([id, row]) => [id, { ...row }]));
    const updates = new Map<string, Record<string, unknown> & { id: string }>();
    const memories = new Map<string, unknown>();
    const told = new Map<string, CivilDate | null>();
    for (const entry of entries) {
      const { entityId, before, after } = entry;
      const row = entityId === null ? undefined : stored.get(entityId);
      if (!row || !before) continue;
      const holder = stays.holderOf(table, row.id);
      if (holder) handed.to(holder).change(entry);
      if (holder !== undefined) continue;
      const update: Record<string, unknown> & { id: string } = updates.get(row.id) ?? { id: row.id };
      const taken = new Map<ImportId, Record<string, unknown>>();
      const hand = (next: ImportId, column: string, value: unknown) => taken.set(next, { ...taken.get(next), [column]: value });
      const given = new Set<string>();
      for (const [column, value] of Object.entries(before)) {
        if (column === 'next_told_on' || (isVisitedKind(table) && (FOLLOWING as readonly string[]).includes(column))) continue;
        const next = stays.nextToChange(table, row.id, column);
        if (column === 'imported' && next) {
          hand(next, column, value);
          memories.set(row.id, value);
          continue;
        }
        // The memory of imports goes back with the values it speaks of.
        if (column !== 'imported' && !isDeepStrictEqual(row[column] ?? null, after?.[column] ?? null)) {
          if (next) hand(next, column, value);
          continue;
        }
        update[column] = value;
        given.add(column);
        Object.assign(row, { [column]: value });
      }
      if (table === 'vehicles') {
        // The day of telling goes with what was told; a journal from before it was kept does not know it.
        const toldOn = (before['next_told_on'] ?? null) as CivilDate | null;
        const takers = [...taken].filter(([, columns]) => NEXT_TOLD.some((column) => column in columns));
        for (const [next] of takers) hand(next, 'next_told_on', toldOn);
        if (takers.length === 0 && NEXT_TOLD.some((column) => given.has(column))) told.set(row.id, toldOn);
      }
      for (const [next, columns] of taken) handed.to(next).change({ entity: table, entityId: row.id, key: null, before: columns, after });
      updates.set(row.id, update);
    }
    await withoutGone(tx, storeId, [...updates.values()]);
    for (const [id, before] of memories) {
      const [update, row] = [updates.get(id), standing.get(id)];
      const columns = Object.keys(update ?? {}).filter((column) => column !== 'id');
      // Written by the merge, as every memory in the journal.
      if (table !== 'insurance_policies' && update && row && columns.length > 0)
        update['imported'] = memoryWithout(table, row, before as KeptMemory | null, columns);
    }
    for (const update of table === 'service_visits' ? updates.values() : []) {
      const row = stored.get(update.id);
      if (row && update['imported']) update['imported'] = foldVisit(update['imported'] as KeptMemory, row);
    }
    const changed = [...updates.values()].filter((update) => Object.keys(update).length > 1);
    await updateRecords(client, storeId, table, now, changed);
    await retell(tx, storeId, told);
    restored += changed.length;
  }
  return restored;
}

/** By the column, where a record of another table is named, which may be gone by now. */
const NAMED = {
  owner_id: 'customers',
  customer_id: 'customers',
  vehicle_id: 'vehicles',
  consultant_id: 'staff',
  advisor_id: 'staff',
} as const;

/** Names nobody who is no longer on file. */
async function withoutGone(tx: Db, storeId: StoreId, updates: readonly Record<string, unknown>[]): Promise<void> {
  for (const [column, table] of Object.entries(NAMED)) {
    const named = updates.filter((update) => typeof update[column] === 'string');
    const known = await findOnFile(tx, storeId, table, [...new Set(named.map((update) => String(update[column])))]);
    for (const update of named) if (!known.has(String(update[column]))) update[column] = null;
  }
}

async function undoKeyed(
  tx: Db,
  client: PoolClient,
  storeId: StoreId,
  journal: readonly JournalEntry[],
  stays: Stays,
  handed: Handover,
  touched: Set<string>,
): Promise<void> {
  const keyed: { readonly entry: JournalEntry; readonly key: Columns }[] = [];
  for (const entry of journal) {
    const { entity, key, before } = entry;
    if (!key) continue;
    const holder =
      'vehicle_id' in key ? stays.holderOf('vehicles', String(key['vehicle_id'])) : stays.holderOf('customers', String(key['customer_id']));
    if (holder === undefined) keyed.push({ entry, key });
    else if (holder && (before !== null || entity === 'ownerships')) handed.to(holder).change(entry);
    else if (holder) handed.to(holder).makeKeyed(entity, key);
  }
  for (const table of ['customer_phones', 'mileage_readings'] as const) {
    const keys = keyed.flatMap(({ entry, key }) => (entry.entity === table ? [key] : []));
    for (const key of keys) if (typeof key['customer_id'] === 'string') touched.add(key['customer_id']);
    await deleteByKey(tx, storeId, table, keys);
    if (table === 'mileage_readings') await recountHabits(tx, storeId, [...new Set(keys.map((key) => String(key['vehicle_id'])))]);
  }
  // The journal is read latest first, so the last of several changes of one period is the oldest.
  const periods = new Map<
    string,
    { readonly key: Columns; readonly before: JournalEntry['before']; readonly after: JournalEntry['after'] }
  >();
  for (const { entry, key: told } of keyed) {
    if (entry.entity !== 'ownerships') continue;
    // A journal from before periods were numbered knows of one.
    const key = { ...told, period: told['period'] ?? 1 };
    const name = periodName(key);
    periods.set(name, { key, before: entry.before, after: periods.get(name)?.after ?? entry.after });
  }
  const made = [...periods.values()].flatMap(({ key, before }) => (before === null ? [key] : []));
  await deleteByKey(tx, storeId, 'ownerships', made);
  const former = [...periods.values()].flatMap(({ key, before, after }) =>
    before
      ? [
          {
            after,
            vehicleId: String(key['vehicle_id']),
            customerId: String(key['customer_id']),
            period: Number(key['period']),
            fromOn: (before['from_on'] ?? null) as CivilDate | null,
            toOn: (before['to_on'] ?? null) as CivilDate | null,
          },
        ]
      : [],
  );
  const vehicleIds = [...new Set(former.map(({ vehicleId }) => vehicleId))];
  const ownerOf = new Map((await loadStored(tx, storeId, 'vehicles', 'id', vehicleIds)).map((row) => [row.id, row['owner_id'] ?? null]));
  const standing = new Map((await loadOwnerships(tx, storeId, vehicleIds)).map((row) => [periodName(periodKey(row)), row]));
  // Who has a car now is told by its file; what somebody has changed of a period since stands.
  const mayReturn = ({ after, ...row }: (typeof former)[number]) => {
    const stands = standing.get(periodName(periodKey(row)));
    if (stands && (stands.fromOn !== (after?.['from_on'] ?? null) || stands.toOn !== (after?.['to_on'] ?? null))) return false;
    return row.toOn !== null || ownerOf.get(row.vehicleId) === row.customerId;
  };
  const returning = former.filter(mayReturn);
  const coming = new Set(returning.map((row) => periodName(periodKey(row))));
  const taken = new Set([...standing].flatMap(([name, { toOn, vehicleId }]) => (toOn === null && !coming.has(name) ? [vehicleId] : [])));
  const customers = await findOnFile(
    tx,
    storeId,
    'customers',
    former.map(({ customerId }) => customerId),
  );
  await saveOwnerships(
    client,
    storeId,
    returning.filter(
      ({ vehicleId, customerId, toOn }) => ownerOf.has(vehicleId) && customers.has(customerId) && (toOn !== null || !taken.has(vehicleId)),
    ),
  );
  for (const { key } of periods.values()) touched.add(String(key['customer_id']));
}

function periodKey({ vehicleId, customerId, period }: OwnershipRow): Columns {
  return { vehicle_id: vehicleId, customer_id: customerId, period };
}

function periodName(key: Columns): string {
  return [key['vehicle_id'], key['customer_id'], key['period']].map(String).join('|');
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

/** Who owns the cars that an import made or changed, as they stand. */
async function ownersOf(tx: Db, storeId: StoreId, journal: readonly JournalEntry[]): Promise<string[]> {
  const vehicles = await loadStored(tx, storeId, 'vehicles', 'id', idsOf(journal, 'vehicles'), ['owner_id']);
  return vehicles.flatMap(({ owner_id: owner }) => (typeof owner === 'string' ? [owner] : []));
}

/** The customers and cars of visits and orders that an import changed, as these stand and as they stood, and those whose own days it wrote. */
async function visitedOf(tx: Db, storeId: StoreId, journal: readonly JournalEntry[]): Promise<Visited[]> {
  const changed = journal.filter(({ before }) => before !== null);
  const found = changed.flatMap(({ entity, entityId, before, after }): Visited[] => {
    if (entity === 'service_visits' || entity === 'orders') return [...visitedBy(before ?? {}), ...visitedBy(after ?? {})];
    const isWritten = [...FOLLOWING, 'last_visit_told'].some((column) => column in { ...before, ...after });
    return isVisitedKind(entity) && entityId !== null && isWritten ? [{ entity, id: entityId }] : [];
  });
  for (const table of ['service_visits', 'orders'] as const)
    for (const row of await loadStored(tx, storeId, table, 'id', idsOf(changed, table), ['customer_id', 'vehicle_id']))
      found.push(...visitedBy(row));
  return found;
}

function isVisitedKind(entity: string): entity is Visited['entity'] {
  return entity === 'customers' || entity === 'vehicles';
}

/** Of those who stay alone no file has told a day. */
async function forgetTold(tx: Db, client: PoolClient, storeId: StoreId, alone: readonly Visited[], now: Instant): Promise<void> {
  for (const table of ['customers', 'vehicles'] as const) {
    const ids = alone.flatMap(({ entity, id }) => (entity === table ? [id] : []));
    const told = (await loadStored(tx, storeId, table, 'id', ids, ['last_visit_told'])).filter((row) => row['last_visit_told'] !== null);
    await updateRecords(
      client,
      storeId,
      table,
      now,
      told.map(({ id }) => ({ id, last_visit_told: null })),
    );
  }
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

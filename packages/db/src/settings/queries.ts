import type { CalendarException, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Section } from '@baoke/core/settings';
import type { Db } from '../index.ts';

/** One version of a section; `value` as it was judged when it was saved. */
export type StoredSetting = {
  readonly version: number;
  readonly value: unknown;
  readonly savedAt: Instant;
  readonly savedBy: { readonly id: StaffId; readonly name: string | null } | null;
};

/**
 * Versions of a section, the newest first: those older than `before`, or the one named. None means the shipped preset rules.
 *
 * Source: 00, principle 3 (a history of who changed it).
 */
export async function listSettings(
  db: Db,
  storeId: StoreId,
  section: Section,
  which: { readonly before?: number | undefined; readonly version?: number | undefined; readonly limit: number },
): Promise<StoredSetting[]> {
  let query = db
    .selectFrom('policies as p')
    .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'p.store_id').onRef('s.id', '=', 'p.created_by'))
    .select(['p.version', 'p.value', 'p.created_at', 'p.created_by', 's.name'])
    .where('p.store_id', '=', storeId)
    .where('p.capability', '=', section)
    .orderBy('p.version', 'desc')
    .limit(which.limit);
  if (which.before !== undefined) query = query.where('p.version', '<', which.before);
  if (which.version !== undefined) query = query.where('p.version', '=', which.version);
  const rows = await query.execute();
  return rows.map((row) => ({
    version: row.version,
    value: row.value,
    savedAt: row.created_at as Instant,
    savedBy: row.created_by === null ? null : { id: row.created_by as StaffId, name: row.name },
  }));
}

export type StoredPolicy = { readonly version: number; readonly value: unknown };

/** The numbers of a capability that a store has of its own and that rule now; undefined means the shipped ones, version 0. */
export function findPolicy(db: Db, storeId: StoreId, capability: string): Promise<StoredPolicy | undefined> {
  return policiesOf(db, storeId, capability).orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** Those of several capabilities at once, each by its name; a capability whose shipped numbers rule is not there. */
export async function findPolicies(db: Db, storeId: StoreId, capabilities: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const rows = await db
    .selectFrom('policies')
    .distinctOn('capability')
    .select(['capability', 'value'])
    .where('store_id', '=', storeId)
    .where('capability', 'in', [...capabilities])
    .orderBy('capability')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.map(({ capability, value }) => [capability, value]));
}

/** Some versions of them, for what was promised under one; those that are not there are left out. */
export async function listPolicies(db: Db, storeId: StoreId, capability: string, versions: readonly number[]): Promise<StoredPolicy[]> {
  return versions.length === 0
    ? []
    : policiesOf(db, storeId, capability)
        .where('version', 'in', [...versions])
        .execute();
}

function policiesOf(db: Db, storeId: StoreId, capability: string) {
  return db.selectFrom('policies').select(['version', 'value']).where('store_id', '=', storeId).where('capability', '=', capability);
}

/** Writes a version; false when somebody else has written it meanwhile, which waits for his transaction to end. */
export async function insertSetting(
  db: Db,
  storeId: StoreId,
  { section, version, value, by, at }: { section: Section; version: number; value: object; by: StaffId | null; at: Instant },
): Promise<boolean> {
  const written = await db
    .insertInto('policies')
    .values({ store_id: storeId, capability: section, version, value: JSON.stringify(value), created_at: at, created_by: by })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst();
  return written !== undefined;
}

/**
 * Makes these the days that differ from the week. The table is the calendar in force by day, for queries that join it; the versions stand
 * in `policies`.
 */
export async function replaceCalendarDays(db: Db, storeId: StoreId, days: readonly CalendarException[]): Promise<void> {
  await db.deleteFrom('calendar_days').where('store_id', '=', storeId).execute();
  if (days.length === 0) return;
  await db
    .insertInto('calendar_days')
    .values(days.map(({ date, open, name }) => ({ store_id: storeId, day: date, open, name: name || null })))
    .execute();
}

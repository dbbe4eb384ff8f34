import type { Candidates, EventFact } from '@baoke/core/care';
import type { CivilDate, CustomerId, Instant, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { seenAsOwner } from '../customers/seen.ts';
import { BRINGS_CALLS, HANDED_BACK_ON, LAST_CONTACT, LAST_VERIFIED } from './facts.ts';

/** Owners after an id, for a plan of everybody. */
export async function listOwnerIds(db: Db, storeId: StoreId, after: CustomerId | null, limit: number): Promise<CustomerId[]> {
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('store_id', '=', storeId)
    .$if(after !== null, (q) => q.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id as CustomerId);
}

/** Customers on the list of changes, oldest first. */
export async function listDirty(db: Db, storeId: StoreId, limit: number): Promise<CustomerId[]> {
  const { rows } = await sql<{
    customer_id: string;
  }>`select distinct customer_id from (select customer_id from care_dirty where store_id = ${storeId} order by id limit ${limit}) as oldest`.execute(
    db,
  );
  return rows.map((row) => row.customer_id as CustomerId);
}

/**
 * Takes customers off the list. Called before their facts are read: what changes after that puts them on again.
 */
export async function clearDirty(db: Db, storeId: StoreId, customers: readonly CustomerId[]): Promise<void> {
  await sql`delete from care_dirty where store_id = ${storeId} and customer_id = any(${customers}::uuid[])`.execute(db);
}

/** Customers whose anchors lie in the ranges or on the days asked for. */
export async function listCandidates(
  db: Db,
  storeId: StoreId,
  zone: string,
  { ranges, deliveredOn, bornOn }: Candidates,
): Promise<CustomerId[]> {
  const found = new Set<string>();
  const take = (rows: readonly { id: string | null }[]) => {
    for (const { id } of rows) if (id !== null) found.add(id);
  };
  for (const { anchor, from, to } of merged(ranges)) {
    const source = RANGE_SOURCES[anchor];
    if (source) take((await source(storeId, from, to, zone).execute(db)).rows);
  }
  if (deliveredOn.length > 0)
    take(
      (
        await sql<{
          id: string | null;
        }>`select owner_id as id from vehicles where store_id = ${storeId} and delivered_on = any(${deliveredOn}::date[])`.execute(db)
      ).rows,
    );
  if (bornOn.solar.length > 0)
    take(
      (
        await sql<{
          id: string;
        }>`select id from customers where store_id = ${storeId} and birth_date = any(${bornOn.solar}::date[]) and birth_calendar is distinct from 'lunar'`.execute(
          db,
        )
      ).rows,
    );
  if (bornOn.lunar.length > 0)
    take(
      (
        await sql<{
          id: string;
        }>`select id from customers where store_id = ${storeId} and birth_date = any(${bornOn.lunar}::date[]) and birth_calendar = 'lunar'`.execute(
          db,
        )
      ).rows,
    );
  return [...found] as CustomerId[];
}

type Found = { id: string | null };
const RANGE_SOURCES: Partial<
  Record<EventFact['kind'], (storeId: StoreId, from: CivilDate, to: CivilDate, zone: string) => ReturnType<typeof sql<Found>>>
> = {
  delivery: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and delivered_on between ${from} and ${to}`,
  // Handed back at most some weeks after arrival, which the index is by.
  hand_back: (s, from, to, zone) =>
    sql<Found>`select w.customer_id as id from service_visits w where w.store_id = ${s} and w.arrived_on between ${from}::date - 60 and ${to}
      and ${BRINGS_CALLS} and ${HANDED_BACK_ON(zone)} between ${from} and ${to}`,
  insurance_expiry: (s, from, to) =>
    sql<Found>`select v.owner_id as id from insurance_policies p join vehicles v on v.store_id = p.store_id and v.id = p.vehicle_id where p.store_id = ${s} and p.expires_on between ${from} and ${to}`,
  warranty_end: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and warranty_until between ${from} and ${to}`,
  inspection_due: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and inspection_due_on between ${from} and ${to}`,
  maintenance_due: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and maintenance_due_on between ${from} and ${to}`,
  last_visit: (s, from, to) =>
    sql<Found>`select id from customers c where store_id = ${s} and status = 'active' and ${seenAsOwner('c')} between ${from} and ${to}`,
};

function merged(ranges: Candidates['ranges']): Candidates['ranges'] {
  const result: { anchor: EventFact['kind']; from: CivilDate; to: CivilDate }[] = [];
  for (const range of ranges.toSorted((a, b) => (a.anchor === b.anchor ? (a.from < b.from ? -1 : 1) : a.anchor < b.anchor ? -1 : 1))) {
    const last = result.at(-1);
    if (last && last.anchor === range.anchor && range.from <= last.to) last.to = range.to > last.to ? range.to : last.to;
    else result.push({ ...range });
  }
  return result;
}

export type AgedEvent = { readonly customerId: CustomerId; readonly on: CivilDate; readonly recordedAt: Instant };

/**
 * Events old enough for a turn of an interval rule, one a customer: just what decides whether his turn falls in the window. Whoever has a car in
 * use has such events, whether we sold it to him or know him by its visits.
 */
export async function listAged(db: Db, storeId: StoreId, anchor: EventFact['kind'], to: CivilDate, zone: string): Promise<AgedEvent[]> {
  const column = anchor === 'last_contact' ? LAST_CONTACT(zone) : anchor === 'last_verified' ? LAST_VERIFIED(zone) : undefined;
  if (!column) return [];
  const { rows } = await sql<{ id: string; on: string; created_at: string }>`select id, ${column} as "on", created_at from customers c
    where store_id = ${storeId} and status = 'active' and not is_store_itself and ${column} <= ${to}
      and exists (select from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.status = 'in_use')`.execute(db);
  return rows.map((row) => ({ customerId: row.id as CustomerId, on: row.on as CivilDate, recordedAt: row.created_at as Instant }));
}

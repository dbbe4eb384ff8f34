import type { Reach } from '@baoke/core/access';
import { searchQuery, type SearchRange } from '@baoke/core/customers';
import type { CustomerId, StaffId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { UNNAMED, type Db } from '../connect.ts';
import { customerWithinReach, idsWithinReach } from './reach.ts';

/** What a caller may search by: a field he does not see must not be found out by searching. */
export type SearchLimits = {
  /** False where phones are masked without reveal: then only what the mask shows, or the whole number, finds. */
  readonly partOfPhone: boolean;
  readonly vehicles: boolean;
};

/** The ranges of a term that a caller may ask; phone ranges hold the digits backwards behind their two signs of kind. */
export function allowedRanges(ranges: readonly SearchRange[], limits: SearchLimits): SearchRange[] {
  return ranges.filter(({ kind, lower }) => {
    if (kind === 'plate' || kind === 'vin') return limits.vehicles;
    const digits = lower.length - 2;
    return kind !== 'phone' || limits.partOfPhone || digits === 4 || digits >= 10;
  });
}

export type FoundCustomer = {
  readonly id: CustomerId;
  readonly name: string;
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly phone: string | null;
  readonly plate: string | null;
  readonly consultantName: string | null;
  readonly mine: boolean;
};
export type FoundVehicle = {
  readonly id: VehicleId;
  readonly plate: string | null;
  readonly vin: string | null;
  readonly model: string | null;
  readonly ownerId: CustomerId | null;
  readonly ownerName: string | null;
};
type SearchView = { readonly me: StaffId; readonly reach: Reach; readonly limits: SearchLimits; readonly limit: number };

// Exact tokens are the lowest of their range, so a cut at this many keeps them; the caller's own are asked for beside the cut.
const MOST_HITS = 500;

function hitsOf(storeId: StoreId, { lower, upper }: SearchRange, way: number, own: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  const within = own ? sql` and customer_id in (select id from own)` : sql``;
  return sql`(select customer_id, ${sql.lit(way)} as way, token = ${lower} as exact from search_tokens
    where store_id = ${storeId} and token >= ${lower} and token < ${upper}${within} order by token limit ${sql.lit(MOST_HITS)})`;
}

/**
 * Finds customers by name, pinyin, initials, end of a phone, plate, VIN tail or work-order number: exact ones first, then the caller's own.
 *
 * Each way is one range of the token table, whose operators reach the index ahead of the row policy; the hits are taken as a whole before
 * anything is joined, and the statement is planned for its own term. Source: spec 01 Search; spec 12 findings 1, 2 and 6.
 */
export async function findCustomers(db: Db, storeId: StoreId, term: string, view: SearchView): Promise<FoundCustomer[]> {
  const ranges = allowedRanges(searchQuery(term), view.limits);
  if (ranges.length === 0) return [];
  const everyone = view.reach === 'everyone';
  const own = idsWithinReach(storeId, view.reach === 'everyone' ? [view.me] : view.reach);
  const arms = ranges.flatMap((range, way) => [...(everyone ? [hitsOf(storeId, range, way, undefined)] : []), hitsOf(storeId, range, way, own)]);
  if (view.limits.vehicles && /^[A-Za-z0-9-]{5,40}$/.test(term.trim())) {
    arms.push(sql`(select customer_id, ${sql.lit(ranges.length)}, true from service_visits where store_id = ${storeId} and order_no = ${term.trim()} and customer_id is not null
      ${everyone ? sql`` : sql`and customer_id in (select id from own)`})`);
  }
  const { rows } = await sql<{ found: FoundCustomer[] }>`${sql.raw(UNNAMED)} with own as materialized (${own}),
    hits as materialized (select customer_id, min(way) as way, bool_or(exact) as exact from (${sql.join(arms, sql` union all `)}) as every group by customer_id),
    best as (select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, k.consultant_id, k.store_id,
        (k.consultant_id = ${view.me} or k.advisor_id = ${view.me}) is true as mine, h.exact, h.way, k.name_pinyin
      from hits h join customers k on k.store_id = ${storeId} and k.id = h.customer_id where k.status in ('active', 'deceased')
      order by h.exact desc, mine desc, h.way, k.name_pinyin, k.id limit ${view.limit})
    select coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'isFleet', b.is_fleet, 'isVip', b.is_vip, 'isDifficult', b.is_difficult, 'mine', b.mine,
        'phone', (select p.e164 from customer_phones p where p.store_id = b.store_id and p.customer_id = b.id order by p.rank limit 1),
        'plate', (select v.plate from vehicles v where v.store_id = b.store_id and v.owner_id = b.id and v.plate is not null limit 1),
        'consultantName', (select s.name from staff s where s.store_id = b.store_id and s.id = b.consultant_id)
      ) order by b.exact desc, b.mine desc, b.way, b.name_pinyin, b.id), '[]') as found from best b`.execute(db);
  return rows[0]?.found ?? [];
}

/** Finds vehicles by the beginning of the plate or the end of the VIN; those without an owner by whole plate or VIN too. */
export async function findVehicles(db: Db, storeId: StoreId, term: string, view: SearchView): Promise<FoundVehicle[]> {
  const ranges = allowedRanges(searchQuery(term), view.limits).filter(({ kind }) => kind === 'plate' || kind === 'vin');
  if (ranges.length === 0) return [];
  const plates = ranges.filter(({ kind }) => kind === 'plate').map(({ lower }) => lower.slice(2));
  const vins = ranges.filter(({ kind }) => kind === 'vin').map(({ lower }) => [...lower.slice(2)].reverse().join(''));
  const hits = ranges.map(
    ({ lower, upper }) => sql`(select customer_id from search_tokens where store_id = ${storeId} and token >= ${lower} and token < ${upper} order by token limit ${sql.lit(MOST_HITS)})`,
  );
  const { rows } = await sql<{ found: FoundVehicle[] }>`${sql.raw(UNNAMED)} with hits as materialized (${sql.join(hits, sql` union `)}),
    cars as (
      select v.* from hits h join vehicles v on v.store_id = ${storeId} and v.owner_id = h.customer_id
        where exists (select from unnest(${plates}::text[]) piece where strpos(v.plate, piece) > 0) or exists (select from unnest(${vins}::text[]) piece where right(v.vin, length(piece)) = piece)
      union select v.* from vehicles v where v.store_id = ${storeId} and v.plate = any(${plates}::text[])
      union select v.* from vehicles v where v.store_id = ${storeId} and v.vin = any(${vins}::text[])
    )
    select coalesce(json_agg(r), '[]') as found from (
      select c.id, c.plate, c.vin, c.model, c.owner_id as "ownerId", k.name as "ownerName" from cars c
      left join customers k on k.store_id = c.store_id and k.id = c.owner_id
      where ${view.reach === 'everyone' ? sql`true` : sql`(k.id is not null and ${customerWithinReach(view.reach, 'k')})`}
      order by c.plate, c.id limit ${view.limit}) r`.execute(db);
  return rows[0]?.found ?? [];
}

import type { Reach } from '@baoke/core/access';
import { searchQuery, type SearchRange } from '@baoke/core/customers';
import type { CustomerId, StaffId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
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
export type SearchView = {
  readonly me: StaffId;
  readonly reach: Reach;
  /** Whose vehicles the caller sees; null = nobody's. */
  readonly vehicleReach: Reach | null;
  readonly limits: SearchLimits;
  readonly limit: number;
};
type Hit = { readonly id: CustomerId; readonly way: number; readonly exact: boolean };

// Exact tokens are the lowest of their range, so a cut at this many keeps them.
const MOST_HITS = 500;

/**
 * Finds customers by name, pinyin, initials, end of a phone, plate, VIN tail or work-order number: exact ones first, then the caller's own;
 * and vehicles by a piece of the plate or the end of the VIN, those without an owner by the whole of it.
 *
 * Each way is one range of the token table, whose operators reach the index ahead of the row policy. The hits are taken as a whole before
 * anything is joined to them. A range has one good plan whatever the term, so these statements are named and planned once: planning took ten
 * times as long as finding. Source: spec 01 Search; spec 12 findings 1, 2 and 6.
 */
export async function findRecords(
  db: Db,
  storeId: StoreId,
  term: string,
  view: SearchView,
): Promise<{ customers: FoundCustomer[]; vehicles: FoundVehicle[] }> {
  const ranges = allowedRanges(searchQuery(term), view.limits);
  if (ranges.length === 0) return { customers: [], vehicles: [] };
  const hits = await findHits(db, storeId, term, ranges, view);
  const customers = await bestCustomers(db, storeId, hits, view);
  const vehicles = view.vehicleReach === null ? [] : await matchingVehicles(db, storeId, ranges, hits, view.vehicleReach, view.limit);
  return { customers, vehicles };
}

async function findHits(
  db: Db,
  storeId: StoreId,
  term: string,
  ranges: readonly SearchRange[],
  { reach, me, limits }: SearchView,
): Promise<Hit[]> {
  const own = reach === 'everyone' ? undefined : idsWithinReach(storeId, reach);
  const arms = ranges.map((range, way) => hitsOf(storeId, range, way, own));
  if (limits.vehicles && /^[A-Za-z0-9-]{5,40}$/.test(term.trim())) {
    arms.push(sql`(select customer_id, ${sql.lit(ranges.length)}, true from service_visits where store_id = ${storeId} and order_no = ${term.trim()} and customer_id is not null
      ${own ? sql`and customer_id in (${own})` : sql``})`);
  }
  const { rows } =
    await sql<Hit>`select customer_id as id, way, exact from (${sql.join(arms, sql` union all `)}) as hits(customer_id, way, exact)`.execute(
      db,
    );
  if (own) return rows;
  // A name so common that the cut took some of its bearers: the caller's own are asked for beside it.
  const cut = ranges.flatMap((range, way) =>
    rows.filter((hit) => hit.way === way).length >= MOST_HITS ? [hitsOf(storeId, range, way, idsWithinReach(storeId, [me]))] : [],
  );
  if (cut.length === 0) return rows;
  const more =
    await sql<Hit>`select customer_id as id, way, exact from (${sql.join(cut, sql` union all `)}) as hits(customer_id, way, exact)`.execute(
      db,
    );
  return [...rows, ...more.rows];
}

function hitsOf(storeId: StoreId, { lower, upper }: SearchRange, way: number, own: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  const within = own ? sql` and customer_id in (${own})` : sql``;
  return sql`(select customer_id, ${sql.lit(way)} as way, token = ${lower} as exact from search_tokens
    where store_id = ${storeId} and token >= ${lower} and token < ${upper}${within} order by token limit ${sql.lit(MOST_HITS)})`;
}

async function bestCustomers(db: Db, storeId: StoreId, hits: readonly Hit[], { me, limit }: SearchView): Promise<FoundCustomer[]> {
  if (hits.length === 0) return [];
  const ids = hits.map(({ id }) => id);
  const { rows } = await sql<{ found: FoundCustomer[] }>`with
    hits as materialized (select id, min(way) as way, bool_or(exact) as exact
      from unnest(${ids}::uuid[], ${hits.map(({ way }) => way)}::integer[], ${hits.map(({ exact }) => exact)}::boolean[]) as h(id, way, exact) group by id),
    best as materialized (select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, k.consultant_id, (k.consultant_id = ${me} or k.advisor_id = ${me}) is true as mine, h.exact, h.way, k.name_pinyin
      from hits h join customers k on k.store_id = ${storeId} and k.id = h.id where k.status in ('active', 'deceased')
      order by h.exact desc, mine desc, h.way, k.name_pinyin, k.id limit ${sql.lit(limit)})
    select coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'isFleet', b.is_fleet, 'isVip', b.is_vip, 'isDifficult', b.is_difficult, 'mine', b.mine,
        'phone', (select p.e164 from customer_phones p where p.store_id = ${storeId} and p.customer_id = b.id order by p.rank limit 1),
        'plate', (select v.plate from vehicles v where v.store_id = ${storeId} and v.owner_id = b.id and v.plate is not null limit 1),
        'consultantName', (select s.name from staff s where s.store_id = ${storeId} and s.id = b.consultant_id)
      ) order by b.exact desc, b.mine desc, b.way, b.name_pinyin, b.id), '[]') as found from best b`.execute(db);
  return rows[0]?.found ?? [];
}

async function matchingVehicles(
  db: Db,
  storeId: StoreId,
  ranges: readonly SearchRange[],
  hits: readonly Hit[],
  reach: Reach,
  limit: number,
): Promise<FoundVehicle[]> {
  const asked = ranges.flatMap(({ kind, lower }, way) =>
    kind === 'plate' || kind === 'vin' ? [{ kind, way, signs: lower.slice(2) }] : [],
  );
  if (asked.length === 0) return [];
  const plates = asked.filter(({ kind }) => kind === 'plate').map(({ signs }) => signs);
  const vins = asked.filter(({ kind }) => kind === 'vin').map(({ signs }) => [...signs].reverse().join(''));
  const owners = hits.filter(({ way }) => asked.some((one) => one.way === way)).map(({ id }) => id);
  const { rows } = await sql<{
    found: FoundVehicle[];
  }>`with owned as materialized (select v.id, v.plate, v.vin from vehicles v where v.store_id = ${storeId} and v.owner_id = any(${owners}::uuid[])),
    ids as materialized (
      select o.id from owned o where exists (select from unnest(${plates}::text[]) piece where strpos(o.plate, piece) > 0) or exists (select from unnest(${vins}::text[]) piece where right(o.vin, length(piece)) = piece)
      union select v.id from vehicles v where v.store_id = ${storeId} and v.plate = any(${plates}::text[])
      union select v.id from vehicles v where v.store_id = ${storeId} and v.vin = any(${vins}::text[]))
    select coalesce(json_agg(r), '[]') as found from (
      select c.id, c.plate, c.vin, c.model, c.owner_id as "ownerId", k.name as "ownerName" from ids join vehicles c on c.store_id = ${storeId} and c.id = ids.id
      left join customers k on k.store_id = c.store_id and k.id = c.owner_id where ${reach === 'everyone' ? sql`true` : sql`(k.id is not null and ${customerWithinReach(reach, 'k')})`} order by c.plate, c.id limit ${sql.lit(limit)}) r`.execute(
    db,
  );
  return rows[0]?.found ?? [];
}

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

// Exact tokens are the lowest of their range, so a cut at this many keeps them.
const MOST_HITS = 200;

/**
 * Finds customers by name, pinyin, initials, end of a phone, plate, VIN tail or work-order number: exact ones first, then the caller's own;
 * and vehicles by a piece of the plate or the end of the VIN, those without an owner by the whole of it.
 *
 * Each way is one range of the token table, whose operators reach the index ahead of the row policy. The hits are taken as a whole before
 * anything is joined to them. A range has one good plan whatever the term, so the statement is named and planned once: planning took ten
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
  const { rows } = await sql<{ customers: FoundCustomer[]; vehicles: FoundVehicle[] }>`with
    raw as materialized (select customer_id as id, way, exact from (${sql.join(hitArms(storeId, term, ranges, view), sql` union all `)}) as hits(customer_id, way, exact)),
    hits as materialized (select id, min(way) as way, bool_or(exact) as exact, array_agg(way) as ways from (select * from raw ${beyondTheCut(storeId, ranges, view)}) h group by id),
    best as materialized (select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, k.consultant_id, (k.consultant_id = ${view.me} or k.advisor_id = ${view.me}) is true as mine, h.exact, h.way, k.name_pinyin
      from hits h join customers k on k.store_id = ${storeId} and k.id = h.id where k.status in ('active', 'deceased')
      order by h.exact desc, mine desc, h.way, k.name_pinyin, k.id limit ${sql.lit(view.limit)})
    select (select coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'isFleet', b.is_fleet, 'isVip', b.is_vip, 'isDifficult', b.is_difficult, 'mine', b.mine,
        'phone', (select p.e164 from customer_phones p where p.store_id = ${storeId} and p.customer_id = b.id order by p.rank limit 1),
        'plate', (select v.plate from vehicles v where v.store_id = ${storeId} and v.owner_id = b.id and v.plate is not null limit 1),
        'consultantName', (select s.name from staff s where s.store_id = ${storeId} and s.id = b.consultant_id)
      ) order by b.exact desc, b.mine desc, b.way, b.name_pinyin, b.id), '[]') from best b) as customers, ${matchingVehicles(storeId, ranges, view)} as vehicles`.execute(db);
  return rows[0] ?? { customers: [], vehicles: [] };
}

function hitArms(storeId: StoreId, term: string, ranges: readonly SearchRange[], { reach, limits }: SearchView): RawBuilder<unknown>[] {
  const own = reach === 'everyone' ? undefined : idsWithinReach(storeId, reach);
  const arms = ranges.map((range, way) => hitsOf(storeId, range, way, own));
  const orderNo = term.trim();
  if (limits.vehicles && /^[A-Za-z0-9-]{5,40}$/.test(orderNo)) {
    arms.push(sql`(select customer_id, ${sql.lit(ranges.length)}, true from service_visits where store_id = ${storeId} and order_no = ${orderNo} and customer_id is not null
      ${own ? sql`and customer_id in (${own})` : sql``})`);
  }
  return arms;
}

// A name so common that the cut took some of its bearers: the caller's own are asked for beside it. Within a reach all hits are his own.
function beyondTheCut(storeId: StoreId, ranges: readonly SearchRange[], { reach, me }: SearchView): RawBuilder<unknown> {
  if (reach !== 'everyone') return sql``;
  const mine = idsWithinReach(storeId, [me]);
  const arms = ranges.map(
    (range, way) =>
      sql`select * from ${hitsOf(storeId, range, way, mine)} more where (select count(*) from raw where way = ${sql.lit(way)}) >= ${sql.lit(MOST_HITS)}`,
  );
  return sql`union all ${sql.join(arms, sql` union all `)}`;
}

function hitsOf(storeId: StoreId, { lower, upper }: SearchRange, way: number, own: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  const within = own ? sql` and customer_id in (${own})` : sql``;
  return sql`(select customer_id, ${sql.lit(way)} as way, token = ${lower} as exact from search_tokens
    where store_id = ${storeId} and token >= ${lower} and token < ${upper}${within} order by token limit ${sql.lit(MOST_HITS)})`;
}

/** The vehicles a plate or VIN range means, as one JSON list: those of the customers it hit, and those without an owner by the whole of it. */
function matchingVehicles(storeId: StoreId, ranges: readonly SearchRange[], { vehicleReach, limit }: SearchView): RawBuilder<unknown> {
  const asked = ranges.flatMap(({ kind, lower }, way) =>
    kind === 'plate' || kind === 'vin' ? [{ kind, way, signs: lower.slice(2) }] : [],
  );
  if (vehicleReach === null || asked.length === 0) return sql`'[]'::json`;
  const plates = asked.filter(({ kind }) => kind === 'plate').map(({ signs }) => signs);
  const vins = asked.filter(({ kind }) => kind === 'vin').map(({ signs }) => [...signs].reverse().join(''));
  const ways = sql`array[${sql.join(asked.map(({ way }) => sql.lit(way)))}]`;
  const columns = sql`v.id, v.plate, v.vin, v.model, v.owner_id`;
  const meant = sql`(exists (select from unnest(${plates}::text[]) piece where strpos(v.plate, piece) > 0) or exists (select from unnest(${vins}::text[]) piece where right(v.vin, length(piece)) = piece))`;
  // The hits are few and each has its vehicle; the join stands inside so that no guess about their number moves it elsewhere.
  const found = sql`select ${columns} from hits h cross join lateral (select * from vehicles where store_id = ${storeId} and owner_id = h.id offset 0) v where h.ways && ${ways} and ${meant}
    union select ${columns} from vehicles v where v.store_id = ${storeId} and v.plate = any(${plates}::text[])
    union select ${columns} from vehicles v where v.store_id = ${storeId} and v.vin = any(${vins}::text[])`;
  const within =
    vehicleReach === 'everyone'
      ? sql`true`
      : sql`exists (select from customers k where k.store_id = ${storeId} and k.id = v.owner_id and ${customerWithinReach(vehicleReach, 'k')})`;
  return sql`(select coalesce(json_agg(r order by r.plate, r.id), '[]') from (
      select v.id, v.plate, v.vin, v.model, v.owner_id as "ownerId", (select k.name from customers k where k.store_id = ${storeId} and k.id = v.owner_id) as "ownerName"
      from (select * from (${found}) v where ${within} order by v.plate, v.id limit ${sql.lit(limit)}) v) r)`;
}

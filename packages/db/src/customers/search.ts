import type { Reach } from '@baoke/core/access';
import { searchQuery, type SearchRange, type Standing } from '@baoke/core/customers';
import type { CustomerId, StaffId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { customerWithinReach, idsWithinReach } from './reach.ts';
import { standingOf } from './standing.ts';

/** What a caller may search by: a field he does not see must not be found out by searching. */
export type SearchLimits = {
  /** Whose phones the caller may see whole; null = nobody's. Everybody else is found by what the mask shows, or by the whole number. */
  readonly phones: Reach | null;
  readonly vehicles: boolean;
};

/** A range that a caller may ask, of everybody he may find or of those alone whose phones he may see whole. */
export type AllowedRange = SearchRange & { readonly revealed: boolean };

const SHOWN_DIGITS = 4;
const WHOLE_DIGITS = 10;

/**
 * The ranges of a term that a caller may ask. A piece of a phone longer than the mask shows finds only whose phone he may see whole, and a whole
 * number finds others by no piece of it: digit by digit a hidden number would come out (P3). `reach` is whom he may find at all.
 */
export function allowedRanges(ranges: readonly SearchRange[], { phones, vehicles }: SearchLimits, reach: Reach): AllowedRange[] {
  const revealsAll = phones === 'everyone' || (phones !== null && reach !== 'everyone' && reach.every((id) => phones.includes(id)));
  return ranges.flatMap((range): AllowedRange[] => {
    const { kind, lower } = range;
    if (kind === 'plate' || kind === 'vin') return vehicles ? [{ ...range, revealed: false }] : [];
    // Phone ranges hold the digits backwards behind their two signs of kind.
    const digits = lower.length - 2;
    if (kind !== 'phone' || revealsAll || digits === SHOWN_DIGITS) return [{ ...range, revealed: false }];
    // Behind a digit nothing but digits follows: up to the token with one more there is the token itself.
    const whole = digits < WHOLE_DIGITS ? [] : [{ ...range, upper: `${lower}0`, revealed: false }];
    return phones === null ? whole : [...whole, { ...range, revealed: true }];
  });
}

/** Those whose phones a caller may see whole, as a condition on a column of their ids. */
export function amongRevealed(storeId: StoreId, customer: RawBuilder<unknown>, phones: Reach | null): RawBuilder<unknown> {
  if (phones === 'everyone') return sql`true`;
  return phones === null ? sql`false` : sql`${customer} in (${idsWithinReach(storeId, phones)})`;
}

export type FoundCustomer = {
  readonly id: CustomerId;
  readonly name: string;
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly standing: Standing;
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

// Exact tokens are the lowest of their range, so a cut at this many keeps them. To look beyond it for whole names with the initials asked for
// halves how many searches a second there are (measured at 100,000): of so many bearers enough are among the first.
const MOST_HITS = 200;

/**
 * Finds customers by name, pinyin, initials, end of a phone, plate, VIN tail or work-order number: exact ones first, of them those spelled as typed,
 * then the caller's own;
 * and vehicles by a piece of the plate or the end of the VIN, those without an owner by the whole of it.
 *
 * Each way is one range of the token table, whose operators reach the index ahead of the row policy. The ranges are rows of the statement,
 * not parts of it: a part for each would be set up at every search, found something or not. The hits are taken as a whole before anything is
 * joined to them. A range has one good plan whatever the term, so the statement is named and planned once: planning takes longer than finding.
 * Source: spec 01 Search; spec 12 findings 1, 2 and 6.
 */
export async function findRecords(
  db: Db,
  storeId: StoreId,
  term: string,
  view: SearchView,
): Promise<{ customers: FoundCustomer[]; vehicles: FoundVehicle[] }> {
  const { me, reach, limits } = view;
  const ranges = allowedRanges(searchQuery(term), limits, reach);
  if (ranges.length === 0) return { customers: [], vehicles: [] };
  // Letters that are all of a given name are not all of the name: 王静 comes before 蔡文杰 where somebody types wj.
  const letter = /^[a-z]/i.exec(term.trim())?.[0].toLowerCase() ?? '';
  // Sounds that are folded bring 程明 and 陈敏 for chenming; 陈明, who is spelled so, comes before them.
  const spelled = /^[a-z]+$/i.test(term.replace(/\s+/g, '')) ? term.replace(/\s+/g, '').toLowerCase() : null;
  const own = reach === 'everyone' ? undefined : idsWithinReach(storeId, reach);
  const revealed = ranges.some((range) => range.revealed) ? amongRevealed(storeId, sql`customer_id`, limits.phones) : undefined;
  const { rows } = await sql<{ customers: FoundCustomer[]; vehicles: FoundVehicle[] }>`with
    asked as (select lower, upper, revealed, way::integer - 1 as way from unnest(${ranges.map(({ lower }) => lower)}::text[], ${ranges.map(({ upper }) => upper)}::text[], ${ranges.map(({ revealed }) => revealed)}::boolean[]) with ordinality as a(lower, upper, revealed, way)),
    raw as materialized (${hitsOf(storeId, sql`asked`, own, revealed)} ${visited(storeId, term, ranges.length, view)}),
    hits as materialized (select id, min(way) as way, bool_or(exact) as exact, array_agg(way) as ways from (select * from raw ${own ? sql`` : ownBeyondTheCut(storeId, me)}) h group by id),
    best as materialized (select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, ${standingOf('k')} as standing, k.consultant_id, (k.consultant_id = ${me} or k.advisor_id = ${me}) is true as mine, (h.exact and (${letter} = '' or k.name_pinyin is null or starts_with(k.name_pinyin, ${letter})))::integer * 2 + coalesce(starts_with(k.name_pinyin, ${spelled}), false)::integer as near, h.way, k.name_pinyin
      from hits h join customers k on k.store_id = ${storeId} and k.id = h.id where k.status in ('active', 'deceased')
      order by near desc, mine desc, h.way, k.name_pinyin, k.id limit ${sql.lit(view.limit)})
    select (select coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'isFleet', b.is_fleet, 'isVip', b.is_vip, 'isDifficult', b.is_difficult, 'standing', b.standing, 'mine', b.mine,
        'phone', (select p.e164 from customer_phones p where p.store_id = ${storeId} and p.customer_id = b.id order by p.rank limit 1),
        'plate', (select v.plate from vehicles v where v.store_id = ${storeId} and v.owner_id = b.id and v.plate is not null limit 1),
        'consultantName', (select s.name from staff s where s.store_id = ${storeId} and s.id = b.consultant_id)
      ) order by b.near desc, b.mine desc, b.way, b.name_pinyin, b.id), '[]') from best b) as customers, ${matchingVehicles(storeId, ranges, view)} as vehicles`.execute(
    db,
  );
  return rows[0] ?? { customers: [], vehicles: [] };
}

// The tokens of each range of `asked`, at most so many of one, whose customers are among `own` and, in a range of those alone, `revealed`, where they are given.
function hitsOf(
  storeId: StoreId,
  asked: RawBuilder<unknown>,
  own?: RawBuilder<unknown>,
  revealed?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`select t.customer_id as id, a.way, t.token = a.lower as exact from ${asked} a cross join lateral (select customer_id, token from search_tokens
    where store_id = ${storeId} and token >= a.lower and token < a.upper ${own ? sql`and customer_id in (${own})` : sql``} ${revealed ? sql`and (not a.revealed or ${revealed})` : sql``} order by token limit ${sql.lit(MOST_HITS)}) t`;
}

function visited(storeId: StoreId, term: string, way: number, { reach, limits }: SearchView): RawBuilder<unknown> {
  const orderNo = term.trim();
  if (!limits.vehicles || !/^[A-Za-z0-9-]{5,40}$/.test(orderNo)) return sql``;
  const own = reach === 'everyone' ? sql`` : sql`and customer_id in (${idsWithinReach(storeId, reach)})`;
  return sql`union all select customer_id, ${sql.lit(way)}, true from service_visits where store_id = ${storeId} and order_no = ${orderNo} and customer_id is not null ${own}`;
}

// The ranges of which the cut took hits.
const CUT = sql`(select * from asked where way in (select way from raw group by way having count(*) >= ${sql.lit(MOST_HITS)}))`;

// A name so common that the cut took some of its bearers: the caller's own are asked for beside it. Within a reach all hits are his own.
function ownBeyondTheCut(storeId: StoreId, me: StaffId): RawBuilder<unknown> {
  const mine = sql`select id from customers where store_id = ${storeId} and consultant_id = ${me} and status = 'active'
    union all select id from customers where store_id = ${storeId} and advisor_id = ${me} and status = 'active'`;
  return sql`union all ${hitsOf(storeId, CUT, mine)}`;
}

/** The vehicles a plate or VIN range means, as one JSON list: those of the customers it hit, and those without an owner by the whole of it. */
function matchingVehicles(storeId: StoreId, ranges: readonly SearchRange[], { vehicleReach, limit }: SearchView): RawBuilder<unknown> {
  const asked = ranges.flatMap(({ kind, lower }, way) => {
    const signs = lower.slice(2);
    if (kind === 'plate') return [{ way, meant: sql`strpos(v.plate, ${signs}) > 0`, whole: sql`v.plate = ${signs}` }];
    const vin = [...signs].reverse().join('');
    if (kind === 'vin') return [{ way, meant: sql`right(v.vin, length(${vin}::text)) = ${vin}`, whole: sql`v.vin = ${vin}` }];
    return [];
  });
  if (vehicleReach === null || asked.length === 0) return sql`'[]'::json`;
  const ways = sql`array[${sql.join(asked.map(({ way }) => sql.lit(way)))}]`;
  const meant = sql.join(
    asked.map((one) => one.meant),
    sql` or `,
  );
  const columns = sql`v.id, v.plate, v.vin, v.model, v.owner_id`;
  // The hits are few and each has its vehicle; the join stands inside so that no guess about their number moves it elsewhere.
  const found = sql`select ${columns} from hits h cross join lateral (select * from vehicles where store_id = ${storeId} and owner_id = h.id offset 0) v where h.ways && ${ways} and (${meant})
    ${sql.join(
      asked.map(({ whole }) => sql`union select ${columns} from vehicles v where v.store_id = ${storeId} and ${whole}`),
      sql` `,
    )}`;
  const within =
    vehicleReach === 'everyone'
      ? sql`true`
      : sql`exists (select from customers k where k.store_id = ${storeId} and k.id = v.owner_id and ${customerWithinReach(vehicleReach, 'k')})`;
  return sql`(select coalesce(json_agg(r order by r.plate, r.id), '[]') from (
      select v.id, v.plate, v.vin, v.model, v.owner_id as "ownerId", (select k.name from customers k where k.store_id = ${storeId} and k.id = v.owner_id) as "ownerName"
      from (select * from (${found}) v where ${within} order by v.plate, v.id limit ${sql.lit(limit)}) v) r)`;
}

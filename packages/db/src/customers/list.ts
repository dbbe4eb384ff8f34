import type { Reach } from '@baoke/core/access';
import {
  namePinyin,
  searchQuery,
  type CustomerKind,
  type CustomerSort,
  type CustomerTab,
  type Relationship,
  type Standing,
} from '@baoke/core/customers';
import type { CustomerFilter } from '@baoke/core/customers/wire';
import type { CivilDate, CustomerId, Instant, StaffId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { isListedOn } from '../care/checks.ts';
import { UNNAMED, type Db } from '../connect.ts';
import { withInstants } from '../json.ts';
import { customerWithinReach, idsWithinReach } from './reach.ts';
import { allowedRanges, amongRevealed, type SearchLimits } from './search.ts';
import { FORMER, seenAsOwner } from './seen.ts';
import { isGivenUp, standingOf } from './standing.ts';

/** A customer as a list shows him; the phone is whole here and masked at the edge. */
export type ListedCustomer = {
  readonly id: CustomerId;
  readonly kind: CustomerKind;
  readonly name: string;
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly standing: Standing;
  readonly phone: string | null;
  readonly vehicles: { readonly id: VehicleId; readonly plate: string | null; readonly model: string | null }[];
  readonly consultantId: StaffId | null;
  readonly consultantName: string | null;
  readonly advisorId: StaffId | null;
  readonly advisorName: string | null;
  readonly city: string | null;
  readonly source: string | null;
  readonly firstDeliveredOn: CivilDate | null;
  readonly lastVisitOn: CivilDate | null;
  readonly formerOwner: boolean;
  readonly ownerSince: CivilDate | null;
  readonly lastContactAt: Instant | null;
  readonly verifiedOn: CivilDate | null;
  readonly fewContacts: { readonly made: number | null; readonly needed: number | null; readonly until: CivilDate } | null;
  readonly createdAt: Instant;
  readonly place: ListPlace;
};

/**
 * Where a row stands in its list: what it is ordered by and its id; the id alone where it has none of that and stands among the last. Ordered
 * by a person: who it is, the customer's name and id.
 */
export type ListPlace = readonly string[];

/** The days that part the relationships and the files to verify, worked out by core for today, and today. */
export type CustomerBounds = {
  readonly today: CivilDate;
  readonly atRiskTo: CivilDate;
  readonly lostBefore: CivilDate;
  readonly verifiedSince: CivilDate;
};

export type ListView = {
  readonly reach: Reach;
  readonly me: StaffId;
  /** Null is enough for a filter that does not ask for them (`filtersByBounds`). */
  readonly bounds: CustomerBounds | null;
  readonly limits: SearchLimits;
  /** The filter's days of creation as instants of the store. */
  readonly created: { readonly from?: Instant; readonly to?: Instant };
  /** Those alone, of what the filter finds. */
  readonly only?: readonly CustomerId[] | undefined;
  readonly after?: ListPlace;
};

/** How many parts a place in a list of this order has. */
export function placeSizes(sort: CustomerSort): readonly number[] {
  const order = ORDERS[sort];
  if (order.by === 'person') return [2, 4];
  return order.mayLack ? [1, 2] : [2];
}

// What parts the relationships, as `relationship` of core has it.
const SEEN_AS_OWNER = seenAsOwner('k');
const MOST_HITS = 5000;
// The first condition is that of the index.
const STOPPED = sql`((k.status = 'deceased' or k.given_up) and (k.status = 'deceased' or ${isGivenUp('k')}))`;

function ofRelationship(relationship: Relationship, { atRiskTo, lostBefore }: CustomerBounds): RawBuilder<unknown> {
  switch (relationship) {
    case 'prospect':
      return sql`${SEEN_AS_OWNER} is null`;
    case 'owner':
      return sql`${SEEN_AS_OWNER} > ${atRiskTo}`;
    case 'at_risk':
      return sql`(${SEEN_AS_OWNER} <= ${atRiskTo} and ${SEEN_AS_OWNER} >= ${lostBefore})`;
    case 'lost':
      return sql`(${SEEN_AS_OWNER} < ${lostBefore} and ${SEEN_AS_OWNER} > ${FORMER})`;
    case 'former':
      return sql`${SEEN_AS_OWNER} = ${FORMER}`;
  }
}

/** What the planner lists of a customer and asks nobody to do (CARE-14). */
function checksOf(customer: string, today: CivilDate): RawBuilder<unknown> {
  const k = sql.table(customer);
  return sql`select c.reason, c.due_on from care_checks c where c.store_id = ${k}.store_id and c.customer_id = ${k}.id and ${isListedOn(today)}`;
}

type PolicyTab = 'at_risk' | 'lost' | 'to_verify' | 'few_contacts';

/** Whether a filter asks for what a day decides: relationships, files to verify, the list of a care rule. */
export function filtersByBounds({ tab, relationships, toVerify }: Pick<CustomerFilter, 'tab' | 'relationships' | 'toVerify'>): boolean {
  return ['at_risk', 'lost', 'to_verify', 'few_contacts'].includes(tab) || (relationships?.length ?? 0) > 0 || toVerify !== undefined;
}

function inTab(tab: CustomerTab, me: StaffId, bounds: CustomerBounds | null): RawBuilder<unknown> {
  switch (tab) {
    case 'all':
      return sql`true`;
    case 'mine':
      return sql`(k.consultant_id = ${me} or k.advisor_id = ${me})`;
    case 'flagged':
      return sql`(k.is_fleet or k.is_vip or k.is_difficult)`;
    case 'stopped':
      return STOPPED;
    default:
      return ofPolicy(tab, given(bounds));
  }
}

function given(bounds: CustomerBounds | null): CustomerBounds {
  if (bounds === null) throw new Error('the filter asks for the days of the policy, which were not given');
  return bounds;
}

function ofPolicy(tab: PolicyTab, bounds: CustomerBounds): RawBuilder<unknown> {
  switch (tab) {
    case 'at_risk':
      return ofRelationship('at_risk', bounds);
    case 'lost':
      return ofRelationship('lost', bounds);
    case 'few_contacts':
      return sql`exists (${checksOf('k', bounds.today)})`;
    case 'to_verify':
      return sql`(k.verified_on is null or k.verified_on < ${bounds.verifiedSince})`;
  }
}

const FLAG_COLUMNS = { fleet: sql`k.is_fleet`, vip: sql`k.is_vip`, difficult: sql`k.is_difficult` } as const;
type Column = {
  readonly by: 'column';
  readonly column: RawBuilder<unknown>;
  /** The same order, served by no index: few rows are found by what makes them few and put in order then, not looked for along the order. */
  readonly ofFew: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
  readonly mayLack: boolean;
};
type Order = Column | { readonly by: 'person'; readonly column: RawBuilder<unknown> };

const date = (column: RawBuilder<unknown>): Order => ({
  by: 'column',
  column,
  ofFew: sql`${column} + 0`,
  text: sql`${column}::text`,
  mayLack: true,
});
const ORDERS: Readonly<Record<CustomerSort, Order>> = {
  // Each person's customers have an index by name, so that they are found along the order too.
  name: { by: 'column', column: sql`k.name_pinyin`, ofFew: sql`k.name_pinyin`, text: sql`k.name_pinyin`, mayLack: false },
  relationship: date(SEEN_AS_OWNER),
  consultant: { by: 'person', column: sql`k.consultant_id` },
  advisor: { by: 'person', column: sql`k.advisor_id` },
  lastVisitOn: date(sql`k.last_visit_on`),
  firstDeliveredOn: date(sql`k.first_delivered_on`),
  verifiedOn: date(sql`k.verified_on`),
  createdAt: {
    by: 'column',
    column: sql`k.created_at`,
    ofFew: sql`k.created_at + interval '0'`,
    text: sql`to_char(k.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    mayLack: false,
  },
};

type Filter = Omit<CustomerFilter, 'cursor' | 'limit' | 'sort' | 'descending'>;

function conditions(storeId: StoreId, filter: Filter, view: Omit<ListView, 'after'>): RawBuilder<unknown>[] {
  const stopped = filter.tab === 'stopped';
  const where = [
    sql`k.store_id = ${storeId}`,
    stopped ? sql`k.status in ('active', 'deceased')` : sql`k.status = 'active'`,
    sql`not k.is_store_itself`,
  ];
  // Those within a reach are found by their indexes, which hold no dead; the stopped are few and judged one by one.
  if (view.reach !== 'everyone')
    where.push(stopped ? sql`${customerWithinReach(view.reach, 'k')}` : sql`k.id in (${idsWithinReach(storeId, view.reach)})`);
  if (view.only) where.push(sql`k.id = any(${[...view.only]}::uuid[])`);
  if (filter.tab !== 'all') where.push(inTab(filter.tab, view.me, view.bounds));
  if (filter.kind) where.push(sql`k.kind = ${filter.kind}`);
  if (filter.relationships?.length)
    where.push(
      sql`(${sql.join(
        filter.relationships.map((r) => ofRelationship(r, given(view.bounds))),
        sql` or `,
      )})`,
    );
  if (filter.flags?.length)
    where.push(
      sql`(${sql.join(
        filter.flags.map((flag) => FLAG_COLUMNS[flag]),
        sql` or `,
      )})`,
    );
  if (filter.consultantId) where.push(sql`k.consultant_id = ${filter.consultantId}`);
  if (filter.advisorId) where.push(sql`k.advisor_id = ${filter.advisorId}`);
  if (filter.city) where.push(sql`k.city = ${filter.city}`);
  if (filter.source) where.push(sql`k.source = ${filter.source}`);
  if (filter.toVerify === true) where.push(ofPolicy('to_verify', given(view.bounds)));
  if (filter.toVerify === false) where.push(sql`k.verified_on >= ${given(view.bounds).verifiedSince}`);
  if (filter.visitedFrom) where.push(sql`k.last_visit_on >= ${filter.visitedFrom}`);
  if (filter.visitedTo) where.push(sql`k.last_visit_on < ${filter.visitedTo}`);
  if (view.created.from) where.push(sql`k.created_at >= ${view.created.from}`);
  if (view.created.to) where.push(sql`k.created_at < ${view.created.to}`);
  return where;
}

type Matching = { readonly where: readonly RawBuilder<unknown>[]; readonly hits: RawBuilder<unknown> | null };

// A term is answered from the tokens first, taken as a whole, and what is asked for is cut out of its hits; undefined where it can have none.
function matching(storeId: StoreId, filter: Filter, view: Omit<ListView, 'after'>): Matching | undefined {
  const where = conditions(storeId, filter, view);
  const ranges = filter.term ? allowedRanges(searchQuery(filter.term), view.limits, view.reach) : undefined;
  if (!ranges) return { where, hits: null };
  if (ranges.length === 0) return undefined;
  const hits = ranges.map(
    ({ lower, upper, revealed }) =>
      sql`(select customer_id from search_tokens where store_id = ${storeId} and token >= ${lower} and token < ${upper}
        ${revealed ? sql`and ${amongRevealed(storeId, sql`customer_id`, view.limits.phones)}` : sql``} limit ${sql.lit(MOST_HITS)})`,
  );
  where.push(sql`k.id in (select customer_id from hits)`);
  return { where, hits: sql`hits as materialized (${sql.join(hits, sql` union `)})` };
}

/** The statement's beginning: what is worked out once before it. Searches are planned for each term. */
function beginning(parts: readonly RawBuilder<unknown>[], searches: boolean): RawBuilder<unknown> {
  if (parts.length === 0) return sql``;
  return sql`${searches ? sql.raw(UNNAMED) : sql``} with ${sql.join([...parts])} `;
}

/** A part of a page, in its order; the conditions that come with it say whether it is still needed. */
type Arm = (needed: readonly RawBuilder<unknown>[]) => RawBuilder<unknown>;
type Page = { readonly arms: readonly Arm[]; readonly order: RawBuilder<unknown>; readonly place: RawBuilder<unknown> };

const all = (conditions: readonly RawBuilder<unknown>[]) => sql.join([...conditions], sql` and `);

/**
 * By a column. Those who lack the value are an arm of their own behind the others, each read along the same index: one order with nulls last
 * would follow it in one direction only.
 */
function byColumn(order: Column, where: Matching['where'], filter: CustomerFilter, few: boolean, after?: ListPlace): Page {
  const { column, text, mayLack } = order;
  const way = filter.descending ? sql`desc` : sql`asc`;
  const beyond = filter.descending ? sql`<` : sql`>`;
  const among: RawBuilder<unknown>[][] = [];
  const lacks = after?.length === 1;
  if (!lacks)
    among.push([
      ...(mayLack ? [sql`${column} is not null`] : []),
      ...(after ? [sql`(${column}, k.id) ${beyond} (${after[0]}, ${after[1]})`] : []),
    ]);
  if (mayLack) among.push([sql`${column} is null`, ...(lacks ? [sql`k.id ${beyond} ${after[0]}`] : [])]);
  const ordered = sql`${few ? order.ofFew : column} ${way}, k.id ${way}`;
  return {
    arms: among.map(
      (these) => (needed) =>
        sql`select k.* from customers k where ${all([...where, ...these, ...needed])} order by ${ordered} limit ${sql.lit(filter.limit + 1)}`,
    ),
    order: ordered,
    place: mayLack
      ? sql`case when ${column} is null then json_build_array(k.id) else json_build_array(${text}, k.id) end`
      : sql`json_build_array(${text}, k.id)`,
  };
}

export type Seat = { readonly id: StaffId; readonly key: string };

/** The people of a store in the order of their names, which is that of their pinyin. */
async function seats(db: Db, storeId: StoreId, descending: boolean): Promise<readonly Seat[]> {
  const people = await db.selectFrom('staff').select(['id', 'name']).where('store_id', '=', storeId).execute();
  const seated = people
    .map(({ id, name }) => ({ id: id as StaffId, key: namePinyin(name).full || name }))
    .toSorted((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1));
  return descending ? seated.toReversed() : seated;
}

/**
 * By a person, and by name among his customers. Each person's customers are read along his index, one person after the other until the page is
 * full; where the customers are few from the start (a reach, a search), they are read and put in order. Customers of nobody are the last.
 */
function byPerson(
  column: RawBuilder<unknown>,
  people: readonly Seat[],
  where: Matching['where'],
  filter: CustomerFilter,
  few: boolean,
  after?: ListPlace,
): Page {
  const most = sql.lit(filter.limit + 1);
  const named = sql`k.name_pinyin, k.id`;
  const [personKey = '', person = '', name, id] = after?.length === 4 ? after : ['', '', ...(after ?? [])];
  const isAfter = ({ key, id: other }: Seat) => (key === personKey ? other > person : key > personKey);
  const following = person === '' ? people : people.filter((seat) => seat.id !== person && isAfter(seat) !== filter.descending);
  const ids = following.map((seat) => seat.id);
  const beyond = sql`(${named}) > (${name}, ${id})`;
  const plain =
    (...these: RawBuilder<unknown>[]): Arm =>
    (needed) =>
      sql`select k.*, 0::bigint as seat from customers k where ${all([...where, ...these, ...needed])} order by ${column}, ${named} limit ${most}`;
  const seated: Arm = (needed) =>
    few
      ? sql`select k.*, array_position(${ids}::uuid[], ${column})::bigint as seat from customers k where ${all([...where, sql`${column} = any(${ids}::uuid[])`, ...needed])}
          order by seat, ${named} limit ${most}`
      : sql`select k.*, p.seat from (select * from unnest(${ids}::uuid[]) with ordinality as p (person, seat) order by seat) p
          cross join lateral (select k.* from customers k where ${all([...where, sql`${column} = p.person`])} order by ${named} limit ${most}) k
          ${needed.length > 0 ? sql`where ${all(needed)}` : sql``} order by p.seat, ${named} limit ${most}`;
  return {
    arms: [
      ...(person === '' ? [] : [plain(sql`${column} = ${person}`, beyond)]),
      ...(person === '' && after ? [] : [seated]),
      plain(sql`${column} is null`, ...(person === '' && after ? [beyond] : [])),
    ],
    order: sql`k.seat, ${named}`,
    place: sql`json_build_array(${named})`,
  };
}

/**
 * The list of customers on file, paged by key, one row beyond the limit. Whoever lacks what it is ordered by stands at the end.
 *
 * The limit stands in the text: a plan made for any limit would expect a tenth of the table and sort it.
 *
 * The store's own numbers of the customer file come in the same statement, null for the shipped ones: what a row is called depends on them,
 * and a statement of their own would be asked, sent and decoded beside it.
 */
export async function listCustomers(
  db: Db,
  storeId: StoreId,
  filter: CustomerFilter,
  view: ListView,
): Promise<{ readonly rows: ListedCustomer[]; readonly ownPolicy: unknown }> {
  const found = matching(storeId, filter, view);
  if (!found) return { rows: [], ownPolicy: null };
  const order = ORDERS[filter.sort];
  const people = order.by === 'person' ? await seats(db, storeId, filter.descending) : [];
  const few =
    found.hits !== null ||
    view.only !== undefined ||
    view.reach !== 'everyone' ||
    ['mine', 'stopped'].includes(filter.tab) ||
    isOfAnother(filter);
  const page =
    order.by === 'column'
      ? byColumn(order, found.where, filter, few, view.after)
      : byPerson(order.column, people, found.where, filter, few, view.after);
  const most = sql.lit(filter.limit + 1);
  const names = page.arms.map((_, at) => sql.table(`arm_${at}`));
  const read = (upTo: number) =>
    sql.join(
      names.slice(0, upTo).map((arm) => sql`(select count(*) from ${arm})`),
      sql` + `,
    );
  const arms = page.arms.map((arm, at) => sql`${names[at]} as materialized (${arm(at === 0 ? [] : [sql`${read(at)} < ${most}`])})`);
  const [only] = page.arms.length === 1 ? page.arms : [];
  const joined = sql.join(
    names.map((arm, at) => sql`select ${sql.lit(at)}::integer as arm, * from ${arm}`),
    sql` union all `,
  );
  const ordered = only ? page.order : sql`k.arm, ${page.order}`;
  const { rows } = await sql<{
    page: ListedCustomer[];
    own: unknown;
  }>`${beginning([...(found.hits ? [found.hits] : []), ...(only ? [] : arms)], found.hits !== null)}
    select (select value from policies where store_id = ${storeId} and capability = 'customers' order by version desc limit 1) as own, coalesce(json_agg(r), '[]') as page from (
      select k.id, k.kind, k.name, k.is_fleet as "isFleet", k.is_vip as "isVip", k.is_difficult as "isDifficult", ${standingOf('k')} as standing,
        (select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id order by p.rank limit 1) as phone,
        (select coalesce(json_agg(json_build_object('id', v.id, 'plate', v.plate, 'model', v.model)), '[]')
          from (select id, plate, model from vehicles where store_id = k.store_id and owner_id = k.id limit 3) v) as vehicles,
        k.consultant_id as "consultantId", s.name as "consultantName", k.advisor_id as "advisorId", a.name as "advisorName",
        k.city, k.source, k.first_delivered_on as "firstDeliveredOn", k.last_visit_on as "lastVisitOn", k.former_owner as "formerOwner", k.owner_since as "ownerSince", k.last_contact_at as "lastContactAt",
        k.verified_on as "verifiedOn", k.created_at as "createdAt", ${page.place} as place,
        ${filter.tab === 'few_contacts' ? howFew(given(view.bounds).today) : sql`null::json`} as "fewContacts"
      from (${only ? only([]) : sql`select k.* from (${joined}) k order by ${ordered} limit ${most}`}) k
      left join staff s on s.store_id = ${storeId} and s.id = k.consultant_id left join staff a on a.store_id = ${storeId} and a.id = k.advisor_id
      order by ${ordered}) r`.execute(db);
  const listed = withInstants(rows[0]?.page ?? [], ['lastContactAt', 'createdAt']);
  return { rows: order.by === 'person' ? listed.map(placedBy(filter.sort, people)) : listed, ownPolicy: rows[0]?.own ?? null };
}

// The year that ends first says how he stands.
function howFew(today: CivilDate): RawBuilder<unknown> {
  return sql`(select json_build_object('made', c.reason #> '{params,contacts}', 'needed', c.reason #> '{params,count}', 'until', c.due_on)
    from (${checksOf('k', today)} order by c.due_on limit 1) c)`;
}

// A person's customers are few in every order but that of his own index.
function isOfAnother({ sort, consultantId, advisorId }: CustomerFilter): boolean {
  return (consultantId !== undefined && sort !== 'consultant') || (advisorId !== undefined && sort !== 'advisor');
}

// The order of people is known here and not to the database.
function placedBy(sort: CustomerSort, people: readonly Seat[]): (row: ListedCustomer) => ListedCustomer {
  const keys = new Map(people.map(({ id, key }) => [id, key]));
  return (row) => {
    const person = sort === 'consultant' ? row.consultantId : row.advisorId;
    return person === null ? row : { ...row, place: [keys.get(person) ?? '', person, ...row.place] };
  };
}

/** The ids a filter finds, as many as asked for and in no order. */
export async function listMatching(
  db: Db,
  storeId: StoreId,
  filter: Filter,
  view: Omit<ListView, 'after'>,
  most: number,
): Promise<CustomerId[]> {
  const found = matching(storeId, filter, view);
  if (!found) return [];
  const { rows } = await sql<{ id: CustomerId }>`${beginning(found.hits ? [found.hits] : [], found.hits !== null)}
    select k.id from customers k where ${all(found.where)} limit ${sql.lit(most)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** How many customers each quick scope holds within the reach: in one pass, and the stopped ones from their index. */
export async function countCustomers(
  db: Db,
  storeId: StoreId,
  view: Omit<ListView, 'after' | 'created' | 'limits'>,
  tabs: readonly CustomerTab[],
): Promise<Record<CustomerTab, number>> {
  const where = [sql`k.store_id = ${storeId}`, sql`k.status = 'active'`, sql`not k.is_store_itself`];
  if (view.reach !== 'everyone') where.push(sql`k.id in (${idsWithinReach(storeId, view.reach)})`);
  const stopped = sql`(select count(*) from customers k where k.store_id = ${storeId} and ${STOPPED} and not k.is_store_itself and ${customerWithinReach(view.reach, 'k')})`;
  // From the list to its customers: asked of each customer in turn it would be a million questions.
  const few = sql`(select count(*) from customers k where ${all(where)} and k.id in (
    select c.customer_id from care_checks c where c.store_id = ${storeId} and ${isListedOn(given(view.bounds).today)}))`;
  const apart: Partial<Record<CustomerTab, RawBuilder<unknown>>> = { stopped, few_contacts: few };
  const [alone] = tabs.length === 1 ? tabs : [];
  // One scope alone is found by its index; several are told apart in the pass over all.
  const of = alone && !apart[alone] ? [...where, inTab(alone, view.me, view.bounds)] : where;
  const counts = tabs.map((tab) => {
    const counted = apart[tab] ?? sql`count(*) filter (where ${inTab(tab, view.me, view.bounds)})`;
    return sql`${counted} as ${sql.ref(tab)}`;
  });
  const { rows } = await sql<Record<CustomerTab, number>>`select ${sql.join(counts)} from customers k where ${all(of)}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('counting answered no row');
  return row;
}

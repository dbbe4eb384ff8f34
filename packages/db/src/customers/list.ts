import type { Reach } from '@baoke/core/access';
import { searchQuery, type CustomerKind, type Relationship } from '@baoke/core/customers';
import type { CustomerFilter, CustomerTab } from '@baoke/core/customers/wire';
import type { CivilDate, CustomerId, Instant, StaffId, StoreId, VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { UNNAMED, type Db } from '../connect.ts';
import { withInstants } from '../json.ts';
import { idsWithinReach } from './reach.ts';
import { allowedRanges, type SearchLimits } from './search.ts';

/** A customer as a list shows him; the phone is whole here and masked at the edge. */
export type ListedCustomer = {
  readonly id: CustomerId;
  readonly kind: CustomerKind;
  readonly name: string;
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
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
  readonly lastContactAt: Instant | null;
  readonly verifiedOn: CivilDate | null;
  readonly createdAt: Instant;
  readonly sortKey: string;
};

/** The days that part the relationships and the files to verify, worked out by core for today. */
export type CustomerBounds = { readonly atRiskTo: CivilDate; readonly lostBefore: CivilDate; readonly verifiedSince: CivilDate };

export type ListView = {
  readonly reach: Reach;
  readonly me: StaffId;
  /** Null is enough for a filter that does not ask for them (`filtersByBounds`). */
  readonly bounds: CustomerBounds | null;
  readonly limits: SearchLimits;
  /** The filter's days of creation as instants of the store. */
  readonly created: { readonly from?: Instant; readonly to?: Instant };
  readonly after?: { readonly key: string; readonly id: CustomerId };
};

const LAST_SEEN = sql`greatest(k.first_delivered_on, k.last_visit_on)`;
const MOST_HITS = 5000;

function ofRelationship(relationship: Relationship, { atRiskTo, lostBefore }: CustomerBounds): RawBuilder<unknown> {
  switch (relationship) {
    case 'prospect':
      return sql`${LAST_SEEN} is null`;
    case 'owner':
      return sql`${LAST_SEEN} > ${atRiskTo}`;
    case 'at_risk':
      return sql`(${LAST_SEEN} <= ${atRiskTo} and ${LAST_SEEN} >= ${lostBefore})`;
    case 'lost':
      return sql`${LAST_SEEN} < ${lostBefore}`;
  }
}

type PolicyTab = 'at_risk' | 'lost' | 'to_verify';

/** Whether a filter asks for relationships or files to verify, which the days of the store's policy decide. */
export function filtersByBounds({ tab, relationships, toVerify }: Pick<CustomerFilter, 'tab' | 'relationships' | 'toVerify'>): boolean {
  return ['at_risk', 'lost', 'to_verify'].includes(tab) || (relationships?.length ?? 0) > 0 || toVerify !== undefined;
}

function inTab(tab: CustomerTab, me: StaffId, bounds: CustomerBounds | null): RawBuilder<unknown> {
  switch (tab) {
    case 'all':
      return sql`true`;
    case 'mine':
      return sql`(k.consultant_id = ${me} or k.advisor_id = ${me})`;
    case 'flagged':
      return sql`(k.is_fleet or k.is_vip or k.is_difficult)`;
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
    case 'to_verify':
      return sql`(k.verified_on is null or k.verified_on < ${bounds.verifiedSince})`;
  }
}

const FLAG_COLUMNS = { fleet: sql`k.is_fleet`, vip: sql`k.is_vip`, difficult: sql`k.is_difficult` } as const;
const SORT_COLUMNS = { name: sql`k.name_pinyin`, createdAt: sql`k.created_at`, lastVisitOn: sql`k.last_visit_on` } as const;

function conditions(
  storeId: StoreId,
  filter: Omit<CustomerFilter, 'cursor' | 'limit'>,
  view: Omit<ListView, 'after'>,
): RawBuilder<unknown>[] {
  const where = [sql`k.store_id = ${storeId}`, sql`k.status = 'active'`, sql`not k.is_store_itself`];
  if (view.reach !== 'everyone') where.push(sql`k.id in (${idsWithinReach(storeId, view.reach)})`);
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
  if (filter.sort === 'lastVisitOn') where.push(sql`k.last_visit_on is not null`);
  return where;
}

/**
 * The list of customers on file, paged by key, one row beyond the limit. Sorted by last visit it holds those who had one.
 *
 * A term is answered from the tokens first, taken as a whole, and the list is cut out of its hits. The limit stands in the text: a plan made for any
 * limit would expect a tenth of the table and sort it.
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
  const where = conditions(storeId, filter, view);
  const ranges = filter.term ? allowedRanges(searchQuery(filter.term), view.limits) : undefined;
  if (ranges?.length === 0) return { rows: [], ownPolicy: null };
  const hits = ranges?.map(
    ({ lower, upper }) =>
      sql`(select customer_id from search_tokens where store_id = ${storeId} and token >= ${lower} and token < ${upper} limit ${sql.lit(MOST_HITS)})`,
  );
  if (hits) where.push(sql`k.id in (select customer_id from hits)`);
  const column = SORT_COLUMNS[filter.sort];
  if (view.after) where.push(sql`(${column}, k.id) ${filter.descending ? sql`<` : sql`>`} (${view.after.key}, ${view.after.id})`);
  const direction = filter.descending ? sql`desc` : sql`asc`;
  const sortKey =
    filter.sort === 'createdAt' ? sql`to_char(k.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : sql`${column}::text`;
  const { rows } = await sql<{
    page: ListedCustomer[];
    own: unknown;
  }>`${hits ? sql`${sql.raw(UNNAMED)} with hits as materialized (${sql.join(hits, sql` union `)}) ` : sql``}
    select (select value from policies where store_id = ${storeId} and capability = 'customers' order by version desc limit 1) as own, coalesce(json_agg(r), '[]') as page from (
      select k.id, k.kind, k.name, k.is_fleet as "isFleet", k.is_vip as "isVip", k.is_difficult as "isDifficult",
        (select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id order by p.rank limit 1) as phone,
        (select coalesce(json_agg(json_build_object('id', v.id, 'plate', v.plate, 'model', v.model)), '[]')
          from (select id, plate, model from vehicles where store_id = k.store_id and owner_id = k.id limit 3) v) as vehicles,
        k.consultant_id as "consultantId", s.name as "consultantName", k.advisor_id as "advisorId", a.name as "advisorName",
        k.city, k.source, k.first_delivered_on as "firstDeliveredOn", k.last_visit_on as "lastVisitOn", k.last_contact_at as "lastContactAt",
        k.verified_on as "verifiedOn", k.created_at as "createdAt", ${sortKey} as "sortKey"
      from (select k.* from customers k where ${sql.join(where, sql` and `)} order by ${column} ${direction}, k.id ${direction} limit ${sql.lit(filter.limit + 1)}) k
      left join staff s on s.store_id = ${storeId} and s.id = k.consultant_id left join staff a on a.store_id = ${storeId} and a.id = k.advisor_id
      order by ${column} ${direction}, k.id ${direction}) r`.execute(db);
  return { rows: withInstants(rows[0]?.page ?? [], ['lastContactAt', 'createdAt']), ownPolicy: rows[0]?.own ?? null };
}

/** How many customers each quick scope holds within the reach, in one pass. */
export async function countCustomers(
  db: Db,
  storeId: StoreId,
  view: Omit<ListView, 'after' | 'created' | 'limits'>,
  tabs: readonly CustomerTab[],
): Promise<Record<CustomerTab, number>> {
  const where = [sql`k.store_id = ${storeId}`, sql`k.status = 'active'`, sql`not k.is_store_itself`];
  if (view.reach !== 'everyone') where.push(sql`k.id in (${idsWithinReach(storeId, view.reach)})`);
  const counts = tabs.map((tab) => sql`count(*) filter (where ${inTab(tab, view.me, view.bounds)}) as ${sql.ref(tab)}`);
  const { rows } = await sql<
    Record<CustomerTab, number>
  >`select ${sql.join(counts)} from customers k where ${sql.join(where, sql` and `)}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('counting answered no row');
  return row;
}

import type { Reach } from '@baoke/core/access';
import {
  pressesAt,
  runningOutUntil,
  type Complaint,
  type ComplaintEventKind,
  type EscalationLevel,
  type PromiseName,
} from '@baoke/core/complaints';
import type { ComplaintFilter, ComplaintTab, Occasions } from '@baoke/core/complaints/wire';
import type { Standing } from '@baoke/core/customers';
import { type ComplaintId, type CustomerId, type Instant, type StaffId, type StoreId, type VehicleId } from '@baoke/core/kernel';
import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely';
import type { Db } from '../connect.ts';
import { rowsAsJson } from '../json.ts';
import { standingOf } from '../customers/standing.ts';
import type { DB } from '../tables.generated.ts';
import { type OnComplaints, onComplaints, PRESSING_DUE, toComplaint, withinReach } from './rows.ts';
import { VISIT, ORDER } from './occasions.ts';
import { type ComplaintEvent } from './queries.ts';

// Everything a row of the list shows, in one statement. Put together once: for each list anew it was a tenth of its time.
export const ROWS = expressionBuilder<DB>()
  .selectFrom('complaints as c')
  .innerJoin('customers as k', (join) => join.onRef('k.store_id', '=', 'c.store_id').onRef('k.id', '=', 'c.customer_id'))
  .innerJoin('departments as d', (join) => join.onRef('d.store_id', '=', 'c.store_id').onRef('d.id', '=', 'c.department_id'))
  .innerJoin('staff as h', (join) => join.onRef('h.store_id', '=', 'c.store_id').onRef('h.id', '=', 'c.handler_id'))
  .leftJoin('staff as a', (join) => join.onRef('a.store_id', '=', 'c.store_id').onRef('a.id', '=', 'c.accused_id'))
  .leftJoin('vehicles as v', (join) => join.onRef('v.store_id', '=', 'c.store_id').onRef('v.id', '=', 'c.vehicle_id'))
  .selectAll('c')
  .select([
    'k.name as customer_name',
    'k.is_fleet',
    'k.is_vip',
    'k.is_difficult',
    standingOf('k').as('standing'),
    'v.plate',
    'd.name as department_name',
    'h.name as handler_name',
    'a.name as accused_name',
    (eb) =>
      eb
        .selectFrom('customer_phones as p')
        .select('p.e164')
        .whereRef('p.store_id', '=', 'c.store_id')
        .whereRef('p.customer_id', '=', 'c.customer_id')
        .orderBy('p.rank')
        .limit(1)
        .as('phone'),
  ]);
export const INSTANTS = [
  'registered_at',
  'response_due_at',
  'close_due_at',
  'responded_at',
  'solved_at',
  'closed_at',
  'pause_requested_at',
  'pause_until',
  'paused_at',
] as const;
type JoinedRow = Awaited<ReturnType<(typeof ROWS)['execute']>>[number];

/** A complaint with the names a list shows; the phone is whole here and masked at the edge. */
export type ComplaintListed = {
  readonly complaint: Complaint;
  readonly customer: {
    readonly id: CustomerId;
    readonly name: string;
    readonly isFleet: boolean;
    readonly isVip: boolean;
    readonly isDifficult: boolean;
    readonly standing: Standing;
    readonly phone: string | null;
  };
  readonly plate: string | null;
  readonly department: string;
  readonly handler: { readonly id: StaffId; readonly name: string };
  readonly accused: { readonly id: StaffId; readonly name: string } | null;
};

export function toListed(row: JoinedRow): ComplaintListed {
  const complaint = toComplaint(row);
  return {
    complaint,
    customer: {
      id: complaint.customerId,
      name: row.customer_name,
      isFleet: row.is_fleet,
      isVip: row.is_vip,
      isDifficult: row.is_difficult,
      standing: row.standing,
      phone: row.phone,
    },
    plate: row.plate,
    department: row.department_name,
    handler: { id: complaint.handlerId, name: row.handler_name },
    accused: complaint.accusedId && row.accused_name ? { id: complaint.accusedId, name: row.accused_name } : null,
  };
}

// As the index of the open ones says it: a plan for any status would not know that it serves.
const OPEN = sql<boolean>`c.status <> 'closed'`;

function inTab(eb: OnComplaints, tab: ComplaintTab, me: StaffId, now: Instant): Expression<SqlBool> {
  switch (tab) {
    case 'all':
      return sql<boolean>`true`;
    case 'mine':
      return eb.and([eb('c.handler_id', '=', me), OPEN]);
    case 'to_respond':
      return eb.and([eb('c.status', '=', 'registered'), OPEN]);
    case 'in_work':
      return eb.and([eb('c.status', 'in', ['responded', 'reopened']), OPEN]);
    case 'to_confirm':
      return eb.and([eb('c.status', '=', 'solved'), OPEN]);
    case 'overdue':
      return eb.and([
        OPEN,
        eb('c.pause_state', '!=', 'paused'),
        eb.or([eb('c.close_due_at', '<', now), eb.and([eb('c.status', '=', 'registered'), eb('c.response_due_at', '<', now)])]),
      ]);
    case 'closed':
      return eb('c.status', '=', 'closed');
  }
}

function isRunningOut(now: Instant): Expression<SqlBool> {
  return sql<boolean>`c.status <> 'closed' and c.pause_state <> 'paused' and ${PRESSING_DUE} < ${runningOutUntil(now)}::timestamptz`;
}

const SORT_COLUMNS = { registeredAt: 'c.registered_at', closeDueAt: 'c.close_due_at', pressesAt: 'c.presses_at' } as const;

/** Where a row stands in the list: what the next page begins after. */
export function placeIn({ sort }: Pick<ComplaintFilter, 'sort'>, { complaint }: Pick<ComplaintListed, 'complaint'>): ComplaintPlace {
  const keys = { registeredAt: complaint.registeredAt, closeDueAt: complaint.close.dueAt, pressesAt: pressesAt(complaint) };
  return { key: keys[sort], id: complaint.id };
}

export type ComplaintPlace = { readonly key: Instant; readonly id: ComplaintId };

/**
 * The list of complaints, paged by key. `registered` gives the filter's days as instants of the store.
 *
 * The limit stands in the text: a plan made for any limit would expect a tenth of the table and sort it.
 */
export async function listComplaints(
  db: Db,
  storeId: StoreId,
  filter: ComplaintFilter,
  view: {
    reach: Reach;
    me: StaffId;
    now: Instant;
    registered: { from?: Instant; to?: Instant };
    after?: ComplaintPlace;
  },
): Promise<ComplaintListed[]> {
  let query = ROWS.where('c.store_id', '=', storeId)
    .where((eb) => withinReach(onComplaints(eb), view.reach))
    .where((eb) => inTab(onComplaints(eb), filter.tab, view.me, view.now));
  if (filter.statuses?.length) query = query.where('c.status', 'in', filter.statuses);
  if (filter.sources?.length) query = query.where('c.source', 'in', filter.sources);
  if (filter.severities?.length) query = query.where('c.severity', 'in', filter.severities);
  const { kinds } = filter;
  if (kinds?.length)
    query = query.where((eb) =>
      eb.or(kinds.map((kind) => (kind.includes('.') ? eb('c.kind', '=', kind) : eb(sql<string>`split_part(c.kind, '.', 1)`, '=', kind)))),
    );
  if (filter.departmentId) query = query.where('c.department_id', '=', filter.departmentId);
  if (filter.handlerId) query = query.where('c.handler_id', '=', filter.handlerId);
  if (filter.accusedId !== undefined)
    query = filter.accusedId === null ? query.where('c.accused_id', 'is', null) : query.where('c.accused_id', '=', filter.accusedId);
  if (filter.customerId) query = query.where('c.customer_id', '=', filter.customerId);
  if (filter.number) query = query.where(sql<boolean>`starts_with(c.number, ${filter.number})`);
  if (view.registered.from) query = query.where('c.registered_at', '>=', view.registered.from);
  if (view.registered.to) query = query.where('c.registered_at', '<', view.registered.to);
  if (filter.breached === 'response')
    query = query.where(sql<boolean>`coalesce(c.responded_at, coalesce(c.paused_at, ${view.now})) > c.response_due_at`);
  if (filter.breached === 'close')
    query = query.where(sql<boolean>`coalesce(c.closed_at, coalesce(c.paused_at, ${view.now})) > c.close_due_at`);
  if (filter.kept === 'response') query = query.where(sql<boolean>`c.responded_at <= c.response_due_at`);
  if (filter.kept === 'close') query = query.where(sql<boolean>`c.closed_at <= c.close_due_at`);
  if (filter.runningOut) query = query.where(isRunningOut(view.now));
  if (filter.reopened) query = query.where('c.reopened_count', '>', 0);
  if (filter.goodwill) query = query.where('c.goodwill_fen', '>', 0);
  const column = SORT_COLUMNS[filter.sort];
  const direction = filter.descending ? 'desc' : 'asc';
  const { after } = view;
  if (after) query = query.where((eb) => eb(eb.refTuple(column, 'c.id'), filter.descending ? '<' : '>', eb.tuple(after.key, after.id)));
  const rows = await rowsAsJson(
    db,
    query
      .orderBy(column, direction)
      .orderBy('c.id', direction)
      .limit(sql.lit(filter.limit + 1)),
    INSTANTS,
  );
  return rows.map(toListed);
}

/** How many complaints each quick scope holds, within the reach, in one statement. */
export async function countComplaints(
  db: Db,
  storeId: StoreId,
  view: { reach: Reach; me: StaffId; now: Instant },
  tabs: readonly ComplaintTab[],
): Promise<Record<ComplaintTab, number>> {
  const row = await db
    .selectFrom('complaints as c')
    .select((eb) =>
      tabs.map((tab) =>
        eb.fn
          .countAll<number>()
          .filterWhere((fb) => inTab(onComplaints(fb), tab, view.me, view.now))
          .as(tab),
      ),
    )
    .where('c.store_id', '=', storeId)
    .where((eb) => withinReach(eb, view.reach))
    .executeTakeFirstOrThrow();
  return row as Record<ComplaintTab, number>;
}

/** What of the open complaints within the reach presses: running out, solved and to be confirmed, about sales. */
export async function countPressingComplaints(
  db: Db,
  storeId: StoreId,
  reach: Reach,
  now: Instant,
): Promise<{ runningOut: number; toConfirm: number; sales: number }> {
  const row = await db
    .selectFrom('complaints as c')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere(isRunningOut(now)).as('running_out'),
      eb.fn.countAll<number>().filterWhere('c.status', '=', 'solved').as('to_confirm'),
      eb.fn
        .countAll<number>()
        .filterWhere(sql<boolean>`starts_with(c.kind, 'sales.')`)
        .as('sales'),
    ])
    .where('c.store_id', '=', storeId)
    .where('c.status', '!=', 'closed')
    .where((eb) => withinReach(eb, reach))
    .executeTakeFirstOrThrow();
  return { runningOut: row.running_out, toConfirm: row.to_confirm, sales: row.sales };
}

export type ComplaintDetail = ComplaintListed & {
  readonly vehicle: {
    readonly id: VehicleId;
    readonly plate: string | null;
    readonly model: string | null;
    readonly vin: string | null;
  } | null;
  readonly visit: NonNullable<Occasions['visits']>[number] | null;
  readonly order: NonNullable<Occasions['orders']>[number] | null;
  readonly registeredByName: string;
  readonly events: readonly (ComplaintEvent & { readonly by: string | null })[];
  readonly escalations: readonly {
    readonly promise: PromiseName;
    readonly percent: number;
    readonly dueAt: Instant;
    readonly level: EscalationLevel;
  }[];
};

/** One complaint with everything its page shows; undefined outside the reach. */
export async function findComplaintDetail(db: Db, storeId: StoreId, id: ComplaintId, reach: Reach): Promise<ComplaintDetail | undefined> {
  const joined = sql`left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id`;
  const found = ROWS.leftJoin('staff as r', (join) => join.onRef('r.store_id', '=', 'c.store_id').onRef('r.id', '=', 'c.registered_by'))
    .select(['v.model', 'v.vin', 'r.name as registered_by_name'])
    .select([
      sql<
        ComplaintDetail['visit']
      >`(select to_json(x) from (select ${VISIT} from service_visits n ${joined} where n.store_id = c.store_id and n.id = c.visit_id) x)`.as(
        'visit',
      ),
      sql<
        ComplaintDetail['order']
      >`(select to_json(x) from (select ${ORDER} from orders n ${joined} where n.store_id = c.store_id and n.id = c.order_id) x)`.as(
        'order',
      ),
    ])
    .where('c.store_id', '=', storeId)
    .where('c.id', '=', id)
    .where((eb) => withinReach(onComplaints(eb), reach));
  const [row] = await rowsAsJson(db, found, INSTANTS);
  if (!row) return undefined;
  const events = await db
    .selectFrom('complaint_events as e')
    .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'e.store_id').onRef('s.id', '=', 'e.staff_id'))
    .select(['e.id', 'e.kind', 'e.at', 'e.staff_id', 'e.note', 'e.details', 's.name'])
    .where('e.store_id', '=', storeId)
    .where('e.complaint_id', '=', id)
    .orderBy('e.at')
    .orderBy('e.id')
    .execute();
  const escalations = await db
    .selectFrom('complaint_escalations')
    .select(['promise', 'percent', 'due_at', 'level'])
    .where('store_id', '=', storeId)
    .where('complaint_id', '=', id)
    .orderBy('due_at')
    .execute();
  return {
    ...toListed(row),
    vehicle: row.vehicle_id ? { id: row.vehicle_id as VehicleId, plate: row.plate, model: row.model, vin: row.vin } : null,
    visit: row.visit,
    order: row.order,
    registeredByName: row.registered_by_name ?? '',
    events: events.map((e) => ({
      id: e.id,
      complaintId: id,
      kind: e.kind as ComplaintEventKind,
      at: e.at as Instant,
      staffId: e.staff_id as StaffId | null,
      note: e.note,
      details: e.details as ComplaintEvent['details'],
      by: e.name,
    })),
    escalations: escalations.map((e) => ({
      promise: e.promise as PromiseName,
      percent: e.percent,
      dueAt: e.due_at as Instant,
      level: e.level as EscalationLevel,
    })),
  };
}

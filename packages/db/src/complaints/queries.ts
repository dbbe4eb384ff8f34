import type { Reach, Role } from '@baoke/core/access';
import type { Complaint, ComplaintEventKind, EscalationLevel, PromiseName, Pause } from '@baoke/core/complaints';
import type { ComplaintFilter, ComplaintTab, Occasions } from '@baoke/core/complaints/wire';
import {
  fen,
  type CivilDate,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type Instant,
  type OrderId,
  type StaffId,
  type StoreId,
  type VehicleId,
  type VisitId,
} from '@baoke/core/kernel';
import { expressionBuilder, sql, type RawBuilder, type Expression, type ExpressionBuilder, type Selectable, type SqlBool } from 'kysely';
import { isPerson } from '../access/queries.ts';
import type { Db } from '../connect.ts';
import { customerWithinReach, ofCustomerWithinReach } from '../customers/reach.ts';
import { rowsAsJson } from '../json.ts';
import type { ComplaintsTable, DB } from '../tables.generated.ts';

type Row = Selectable<ComplaintsTable>;
type OnComplaints = ExpressionBuilder<DB & { c: ComplaintsTable }, 'c'>;

// The joined query knows more tables than these conditions look at; what they look at is there.
function onComplaints(eb: unknown): OnComplaints {
  return eb as OnComplaints;
}

/** The domain's union from a row. A row whose columns do not fit its status is a broken assumption and throws. */
function toComplaint(row: Row): Complaint {
  const facts = {
    id: row.id as ComplaintId,
    number: row.number,
    source: row.source as Complaint['source'],
    kind: row.kind as Complaint['kind'],
    severity: row.severity as Complaint['severity'],
    customerId: row.customer_id as CustomerId,
    vehicleId: row.vehicle_id as VehicleId | null,
    visitId: row.visit_id as VisitId | null,
    orderId: row.order_id as OrderId | null,
    content: row.content,
    departmentId: row.department_id as DepartmentId,
    accusedId: row.accused_id as StaffId | null,
    handlerId: row.handler_id as StaffId,
    handledBy: [...new Set([row.handler_id, row.responded_by, row.solved_by, ...row.handled_by])].filter((id) => id !== null) as StaffId[],
    registeredAt: row.registered_at as Instant,
    registeredBy: row.registered_by as StaffId,
    policyVersion: row.policy_version,
    businessHours: row.business_hours,
    response: { dueAt: row.response_due_at as Instant, minutes: row.response_minutes },
    close: { dueAt: row.close_due_at as Instant, minutes: row.close_minutes },
    pause: toPause(row),
    reopenedCount: row.reopened_count,
    goodwillFen: fen(row.goodwill_fen),
    version: row.version,
  };
  if (row.status === 'registered') return { ...facts, status: 'registered' };
  const responded = {
    respondedAt: present(row, 'responded_at') as Instant,
    respondedBy: present(row, 'responded_by') as StaffId,
    responseNote: row.response ?? '',
  };
  if (row.status === 'responded' || row.status === 'reopened') return { ...facts, ...responded, status: row.status };
  const solved = {
    solvedAt: present(row, 'solved_at') as Instant,
    solvedBy: present(row, 'solved_by') as StaffId,
    solution: row.solution ?? '',
    cause: row.cause,
  };
  if (row.status === 'solved') return { ...facts, ...responded, ...solved, status: 'solved' };
  if (row.status !== 'closed') throw new Error(`complaint ${row.id} has the unknown status ${row.status}`);
  return {
    ...facts,
    ...responded,
    ...solved,
    status: 'closed',
    closedAt: present(row, 'closed_at') as Instant,
    confirmedBy: present(row, 'confirmed_by') as StaffId,
    verdict: row.verdict ?? '',
  };
}

function present(
  row: Row,
  column:
    | 'responded_at'
    | 'responded_by'
    | 'solved_at'
    | 'solved_by'
    | 'closed_at'
    | 'confirmed_by'
    | 'pause_requested_at'
    | 'pause_requested_by'
    | 'paused_at'
    | 'pause_approved_by',
): string {
  const value = row[column];
  if (value === null) throw new Error(`complaint ${row.id} is ${row.status} (${row.pause_state}) but has no ${column}`);
  return value;
}

function toPause(row: Row): Pause {
  if (row.pause_state === 'running') return { state: 'running' };
  const asked = {
    reason: row.pause_reason ?? '',
    requestedBy: present(row, 'pause_requested_by') as StaffId,
    requestedAt: present(row, 'pause_requested_at') as Instant,
  };
  if (row.pause_state === 'requested') return { state: 'requested', ...asked };
  return {
    state: 'paused',
    ...asked,
    approvedBy: present(row, 'pause_approved_by') as StaffId,
    pausedAt: present(row, 'paused_at') as Instant,
  };
}

function toRow(complaint: Complaint) {
  const responded = complaint.status === 'registered' ? null : complaint;
  const solved = complaint.status === 'solved' || complaint.status === 'closed' ? complaint : null;
  const closed = complaint.status === 'closed' ? complaint : null;
  const { pause } = complaint;
  const asked = pause.state === 'running' ? null : pause;
  const paused = pause.state === 'paused' ? pause : null;
  return {
    status: complaint.status,
    kind: complaint.kind,
    severity: complaint.severity,
    department_id: complaint.departmentId,
    accused_id: complaint.accusedId,
    vehicle_id: complaint.vehicleId,
    visit_id: complaint.visitId,
    order_id: complaint.orderId,
    handler_id: complaint.handlerId,
    handled_by: [...complaint.handledBy],
    response_due_at: complaint.response.dueAt,
    close_due_at: complaint.close.dueAt,
    responded_at: responded?.respondedAt ?? null,
    responded_by: responded?.respondedBy ?? null,
    response: responded?.responseNote ?? null,
    solved_at: solved?.solvedAt ?? null,
    solved_by: solved?.solvedBy ?? null,
    solution: solved?.solution ?? null,
    cause: solved?.cause ?? null,
    goodwill_fen: complaint.goodwillFen,
    closed_at: closed?.closedAt ?? null,
    confirmed_by: closed?.confirmedBy ?? null,
    verdict: closed?.verdict ?? null,
    reopened_count: complaint.reopenedCount,
    pause_state: pause.state,
    pause_reason: asked?.reason ?? null,
    pause_requested_at: asked?.requestedAt ?? null,
    pause_requested_by: asked?.requestedBy ?? null,
    paused_at: paused?.pausedAt ?? null,
    pause_approved_by: paused?.approvedBy ?? null,
  };
}

/** Complaints a reach includes: handled, registered, or belonging to the department of the people reached. */
function withinReach(eb: OnComplaints, reach: Reach): Expression<SqlBool> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const ids = [...reach];
  return eb.or([
    eb('c.handler_id', 'in', ids),
    eb('c.registered_by', 'in', ids),
    // A team is a department: one person of it reaches what belongs to the department once his reach is more than himself.
    ...(ids.length > 1
      ? [
          eb(
            'c.department_id',
            'in',
            eb
              .selectFrom('staff as d')
              .select('d.department_id')
              .whereRef('d.store_id', '=', 'c.store_id')
              .where('d.id', 'in', ids)
              .where('d.department_id', 'is not', null),
          ),
        ]
      : []),
  ]);
}

/** The same inside a statement written out, where the complaints are called `c`. */
export function complaintWithinReach(reach: Reach): Expression<SqlBool> {
  return withinReach(expressionBuilder<DB & { c: ComplaintsTable }, 'c'>(), reach);
}

/** The complaint with this id that the reach includes; undefined otherwise. `lock` keeps others from changing it in this transaction. */
export async function findComplaint(
  db: Db,
  storeId: StoreId,
  id: ComplaintId,
  reach: Reach,
  options: { lock?: boolean } = {},
): Promise<Complaint | undefined> {
  let query = db
    .selectFrom('complaints as c')
    .selectAll('c')
    .where('c.store_id', '=', storeId)
    .where('c.id', '=', id)
    .where((eb) => withinReach(eb, reach));
  if (options.lock) query = query.forNoKeyUpdate();
  const row = await query.executeTakeFirst();
  return row && toComplaint(row);
}

/** What a complaint is about, each a record of the store. */
export type Occasion = {
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
};

/**
 * The first of these records that is another customer's; undefined when all are his. A visit nobody is named on is his whose vehicle
 * it was; a vehicle is his when he has or had to do with it by `ownerships`, or when it is the one of that visit or order of his.
 *
 * Source: COMP-02; a complaint is about the customer's own order, visit and vehicle (spec 05).
 */
export async function findForeignReference(
  db: Db,
  storeId: StoreId,
  { customerId, vehicleId, visitId, orderId }: Occasion,
): Promise<'visitId' | 'orderId' | 'vehicleId' | undefined> {
  const his = (vehicle: string) => sql<boolean>`(
    exists (select from ownerships o where o.store_id = ${storeId} and o.vehicle_id = ${sql.raw(vehicle)} and o.customer_id = ${customerId})
    or exists (select from vehicles w where w.store_id = ${storeId} and w.id = ${sql.raw(vehicle)} and w.owner_id = ${customerId}))`;
  const { rows } = await sql<{ visitId: boolean; orderId: boolean; vehicleId: boolean }>`select
      ${visitId}::uuid is null or exists (select from service_visits v where v.store_id = ${storeId} and v.id = ${visitId}
        and (v.customer_id = ${customerId} or v.customer_id is null and ${his('v.vehicle_id')})) as "visitId",
      ${orderId}::uuid is null or exists (select from orders r where r.store_id = ${storeId} and r.id = ${orderId} and r.customer_id = ${customerId}) as "orderId",
      ${vehicleId}::uuid is null or exists (select from vehicles c where c.store_id = ${storeId} and c.id = ${vehicleId} and (${his('c.id')}
        or exists (select from service_visits v where v.store_id = ${storeId} and v.id = ${visitId} and v.vehicle_id = c.id)
        or exists (select from orders r where r.store_id = ${storeId} and r.id = ${orderId} and r.vehicle_id = c.id))) as "vehicleId"`.execute(
    db,
  );
  const [found] = rows;
  return found && (['visitId', 'orderId', 'vehicleId'] as const).find((name) => !found[name]);
}

const MOST_OCCASIONS = 50;
const VISIT = sql`n.id, n.order_no as "orderNo", n.arrived_on as "arrivedOn", n.vehicle_id as "vehicleId", v.plate, v.model,
  (select json_build_object('zh', g.name_zh, 'en', g.name_en) from service_categories g where g.store_id = n.store_id and g.code = n.category) as category`;
const ORDER = sql`n.id, n.ordered_on as "orderedOn", n.delivered_on as "deliveredOn", n.vehicle_id as "vehicleId", v.plate, coalesce(n.model, v.model) as model`;

/**
 * What a complaint of this customer can be about, the latest first: his visits, those of his vehicles on which nobody is named, and his
 * orders, as far as the reaches go; null where there is no right to such records. Undefined outside the reach of customers.
 *
 * What is searched in are the customer's own rows, found by his index first.
 */
export async function listOccasions(
  db: Db,
  storeId: StoreId,
  of: { readonly customerId: CustomerId; readonly vehicleId: VehicleId | null; readonly term: string; readonly chosenId: string | null },
  reach: { readonly customers: Reach; readonly visits: Reach | null; readonly orders: Reach | null },
): Promise<Occasions | undefined> {
  const term = of.term.toUpperCase();
  const found = (text: RawBuilder<unknown>) =>
    sql`(n.id = ${of.chosenId}::uuid or (${of.vehicleId}::uuid is null or n.vehicle_id = ${of.vehicleId}) and (${term} = '' or position(${term} in upper(${text})) > 0))`;
  const order = (day: RawBuilder<unknown>) =>
    sql`order by n.id is not distinct from ${of.chosenId}::uuid desc, ${day} desc, n.id desc limit ${sql.lit(MOST_OCCASIONS)}`;
  const joined = sql`left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id`;
  const visits = (
    where: RawBuilder<unknown>,
  ) => sql`select n.* from service_visits n ${joined} left join service_categories g on g.store_id = n.store_id and g.code = n.category where n.store_id = k.store_id and ${where} and not n.is_refund
    and ${found(sql`concat_ws(' ', n.order_no, n.arrived_on, v.plate, v.model, g.name_zh, g.name_en)`)} ${order(sql`n.arrived_on`)}`;
  const { rows } = await sql<Occasions>`select ${
    reach.visits === null
      ? sql`null`
      : sql`(select coalesce(json_agg(x), '[]') from (select ${VISIT} from (
          (${visits(sql`n.customer_id = k.id and ${ofCustomerWithinReach(reach.visits, 'n.advisor_id', 'k')}`)})
          union all (${visits(sql`n.customer_id is null and n.vehicle_id in (select o.vehicle_id from ownerships o where o.store_id = k.store_id and o.customer_id = k.id
            union select w.id from vehicles w where w.store_id = k.store_id and w.owner_id = k.id) and ${ofCustomerWithinReach(reach.visits, 'n.advisor_id', 'k')}`)})) n
          ${joined} ${order(sql`n.arrived_on`)}) x)`
  } as visits, ${
    reach.orders === null
      ? sql`null`
      : sql`(select coalesce(json_agg(x), '[]') from (select ${ORDER} from orders n ${joined} where n.store_id = k.store_id and n.customer_id = k.id
          and ${ofCustomerWithinReach(reach.orders, 'n.consultant_id', 'k')} and ${found(sql`concat_ws(' ', n.ordered_on, n.model, v.plate, v.model)`)} ${order(sql`n.ordered_on`)}) x)`
  } as orders
    from customers k where k.store_id = ${storeId} and k.id = ${of.customerId} and ${customerWithinReach(reach.customers, 'k')}`.execute(
    db,
  );
  return rows[0];
}

/** What people call these records: the vehicle by plate or VIN, the visit by its number, the order by day and model. */
export async function nameOccasion(
  db: Db,
  storeId: StoreId,
  { vehicleId, visitId, orderId }: Omit<Occasion, 'customerId'>,
): Promise<{ readonly vehicle: string | null; readonly visit: string | null; readonly order: string | null }> {
  const { rows } = await sql<{ vehicle: string | null; visit: string | null; order: string | null }>`select
    (select coalesce(plate, vin, model) from vehicles where store_id = ${storeId} and id = ${vehicleId}) as vehicle,
    (select order_no from service_visits where store_id = ${storeId} and id = ${visitId}) as visit,
    (select concat_ws(' ', ordered_on, model) from orders where store_id = ${storeId} and id = ${orderId}) as "order"`.execute(db);
  return rows[0] ?? { vehicle: null, visit: null, order: null };
}

export async function insertComplaint(db: Db, storeId: StoreId, complaint: Complaint, nextEscalationAt: Instant | null): Promise<void> {
  await db
    .insertInto('complaints')
    .values({
      ...toRow(complaint),
      store_id: storeId,
      id: complaint.id,
      number: complaint.number,
      source: complaint.source,
      customer_id: complaint.customerId,
      content: complaint.content,
      registered_at: complaint.registeredAt,
      registered_by: complaint.registeredBy,
      policy_version: complaint.policyVersion,
      response_minutes: complaint.response.minutes,
      close_minutes: complaint.close.minutes,
      business_hours: complaint.businessHours,
      next_escalation_at: nextEscalationAt,
      version: 1,
    })
    .execute();
}

/** Saves a changed complaint and raises its version. The caller holds its lock. */
export async function saveComplaint(
  db: Db,
  storeId: StoreId,
  complaint: Complaint,
  nextEscalationAt: Instant | null,
  now: Instant,
): Promise<void> {
  await db
    .updateTable('complaints')
    .set({ ...toRow(complaint), next_escalation_at: nextEscalationAt, version: sql`version + 1`, updated_at: now })
    .where('store_id', '=', storeId)
    .where('id', '=', complaint.id)
    .returning('version')
    .executeTakeFirstOrThrow();
}

/** Keeps who has taken part where nothing else of a complaint changes. Its version stays: what others have open is not outdated. */
export async function saveHandlers(db: Db, storeId: StoreId, { id, handledBy }: Complaint): Promise<void> {
  await db
    .updateTable('complaints')
    .set({ handled_by: [...handledBy] })
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .execute();
}

/** The next running number of the day, `20260501-003`. The counter row is locked, so numbers have no gaps and no doubles. */
export async function nextComplaintNumber(db: Db, storeId: StoreId, day: CivilDate): Promise<string> {
  const { last } = await db
    .insertInto('complaint_counters')
    .values({ store_id: storeId, day, last: 1 })
    .onConflict((oc) => oc.columns(['store_id', 'day']).doUpdateSet({ last: sql`complaint_counters.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${day.replaceAll('-', '')}-${String(last).padStart(3, '0')}`;
}

export type ComplaintEvent = {
  readonly id: string;
  readonly complaintId: ComplaintId;
  readonly kind: ComplaintEventKind;
  readonly at: Instant;
  readonly staffId: StaffId | null;
  readonly note: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
};

export async function insertComplaintEvent(db: Db, storeId: StoreId, event: ComplaintEvent): Promise<void> {
  await db
    .insertInto('complaint_events')
    .values({
      store_id: storeId,
      id: event.id,
      complaint_id: event.complaintId,
      kind: event.kind,
      at: event.at,
      staff_id: event.staffId,
      note: event.note,
      details: JSON.stringify(event.details),
    })
    .execute();
}

// Everything a row of the list shows, in one statement. Put together once: for each list anew it was a tenth of its time.
const ROWS = expressionBuilder<DB>()
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
const INSTANTS = [
  'registered_at',
  'response_due_at',
  'close_due_at',
  'responded_at',
  'solved_at',
  'closed_at',
  'pause_requested_at',
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
    readonly phone: string | null;
  };
  readonly plate: string | null;
  readonly department: string;
  readonly handler: { readonly id: StaffId; readonly name: string };
  readonly accused: { readonly id: StaffId; readonly name: string } | null;
};

function toListed(row: JoinedRow): ComplaintListed {
  const complaint = toComplaint(row);
  return {
    complaint,
    customer: {
      id: complaint.customerId,
      name: row.customer_name,
      isFleet: row.is_fleet,
      isVip: row.is_vip,
      isDifficult: row.is_difficult,
      phone: row.phone,
    },
    plate: row.plate,
    department: row.department_name,
    handler: { id: complaint.handlerId, name: row.handler_name },
    accused: complaint.accusedId && row.accused_name ? { id: complaint.accusedId, name: row.accused_name } : null,
  };
}

function inTab(eb: OnComplaints, tab: ComplaintTab, me: StaffId, now: Instant): Expression<SqlBool> {
  switch (tab) {
    case 'all':
      return sql<boolean>`true`;
    case 'mine':
      return eb.and([eb('c.handler_id', '=', me), eb('c.status', '!=', 'closed')]);
    case 'to_respond':
      return eb('c.status', '=', 'registered');
    case 'in_work':
      return eb('c.status', 'in', ['responded', 'reopened']);
    case 'to_confirm':
      return eb('c.status', '=', 'solved');
    case 'overdue':
      return eb.and([
        eb('c.status', '!=', 'closed'),
        eb('c.pause_state', '!=', 'paused'),
        eb.or([eb('c.close_due_at', '<', now), eb.and([eb('c.status', '=', 'registered'), eb('c.response_due_at', '<', now)])]),
      ]);
    case 'closed':
      return eb('c.status', '=', 'closed');
  }
}

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
    after?: { key: Instant; id: ComplaintId };
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
  if (filter.reopened) query = query.where('c.reopened_count', '>', 0);
  if (filter.goodwill) query = query.where('c.goodwill_fen', '>', 0);
  const column = filter.sort === 'registeredAt' ? ('c.registered_at' as const) : ('c.close_due_at' as const);
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

/** What of the open complaints within the reach presses: due before `until`, solved and to be confirmed, about sales. */
export async function countPressingComplaints(
  db: Db,
  storeId: StoreId,
  reach: Reach,
  until: Instant,
): Promise<{ runningOut: number; toConfirm: number; sales: number }> {
  const row = await db
    .selectFrom('complaints as c')
    .select((eb) => [
      eb.fn
        .countAll<number>()
        .filterWhere(
          sql<boolean>`c.pause_state <> 'paused' and case when c.status = 'registered' then c.response_due_at else c.close_due_at end < ${until}::timestamptz`,
        )
        .as('running_out'),
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

/** People who may be told of or handle complaints: everybody at work with his role and department. */
export async function listResponsible(
  db: Db,
  storeId: StoreId,
): Promise<{ id: StaffId; name: string; role: Role; departmentId: DepartmentId | null; active: boolean; accountId: string | null }[]> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'department_id', 'status', 'account_id'])
    .where('store_id', '=', storeId)
    .where(isPerson('staff'))
    .orderBy('name')
    .execute();
  return rows.map((r) => ({
    id: r.id as StaffId,
    name: r.name,
    role: r.role as Role,
    departmentId: r.department_id as DepartmentId | null,
    active: r.status === 'active',
    accountId: r.account_id,
  }));
}

/** Complaints with an escalation due, locked; those another worker holds are left to it. */
export async function claimDueEscalations(db: Db, storeId: StoreId, now: Instant, limit: number): Promise<Complaint[]> {
  const rows = await db
    .selectFrom('complaints as c')
    .selectAll('c')
    .where('c.store_id', '=', storeId)
    .where('c.next_escalation_at', '<=', now)
    .orderBy('c.next_escalation_at')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map(toComplaint);
}

/** Records a step up the ladder. Answers false when it was taken before: the key makes each step happen once. */
export async function insertEscalation(
  db: Db,
  storeId: StoreId,
  id: ComplaintId,
  step: { promise: PromiseName; percent: number; dueAt: Instant; level: EscalationLevel },
  at: Instant,
): Promise<boolean> {
  const row = await db
    .insertInto('complaint_escalations')
    .values({
      store_id: storeId,
      complaint_id: id,
      promise: step.promise,
      percent: step.percent,
      due_at: step.dueAt,
      at,
      level: step.level,
    })
    .onConflict((oc) => oc.doNothing())
    .returning('percent')
    .executeTakeFirst();
  return row !== undefined;
}

export async function setNextEscalation(db: Db, storeId: StoreId, id: ComplaintId, at: Instant | null): Promise<void> {
  await db.updateTable('complaints').set({ next_escalation_at: at }).where('store_id', '=', storeId).where('id', '=', id).execute();
}

/** Every complaint registered in `[from, to)` within the reach; the figures of a period are counted from these in core. */
export async function listRegistered(
  db: Db,
  storeId: StoreId,
  period: { from: Instant; to: Instant },
  reach: Reach,
): Promise<ComplaintListed[]> {
  const registered = ROWS.where('c.store_id', '=', storeId)
    .where('c.registered_at', '>=', period.from)
    .where('c.registered_at', '<', period.to)
    .where((eb) => withinReach(onComplaints(eb), reach))
    .orderBy('c.registered_at');
  return (await rowsAsJson(db, registered, INSTANTS)).map(toListed);
}

/** The bases of the complaint rates per calendar month: visits by arrival, deliveries by hand-over day, both in `[from, to)`. */
export async function countThroughput(
  db: Db,
  storeId: StoreId,
  from: CivilDate,
  to: CivilDate,
): Promise<{ month: string; visits: number; deliveries: number }[]> {
  const { rows } = await sql<{ month: string; visits: number; deliveries: number }>`
    select month, sum(visits)::bigint as visits, sum(deliveries)::bigint as deliveries from (
      select to_char(day, 'YYYY-MM') as month, visits, 0 as deliveries from service_day_counts where store_id = ${storeId} and day >= ${from} and day < ${to}
      union all
      select to_char(delivered_on, 'YYYY-MM'), 0, 1 from orders where store_id = ${storeId} and delivered_on >= ${from} and delivered_on < ${to} and state = 'delivered'
    ) as days group by month order by month`.execute(db);
  return rows;
}

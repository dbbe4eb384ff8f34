import type { Reach, Role } from '@baoke/core/access';
import type { Complaint, ComplaintBranch, ComplaintEventKind, EscalationLevel, PromiseName } from '@baoke/core/complaints';
import {
  type CivilDate,
  type ComplaintId,
  type DepartmentId,
  type Instant,
  type StaffId,
  type StoreId,
  type TimeZone,
} from '@baoke/core/kernel';
import { sql } from 'kysely';
import { isPerson } from '../access/queries.ts';
import type { Db } from '../connect.ts';
import { rowsAsJson } from '../json.ts';
import { complaintWithinReach, onComplaints, toComplaint, toRow, withinReach } from './rows.ts';
import { ROWS, INSTANTS, type ComplaintListed, toListed } from './listed.ts';

export {
  countComplaints,
  countPressingComplaints,
  findComplaintDetail,
  listComplaints,
  placeIn,
  type ComplaintDetail,
  type ComplaintListed,
} from './listed.ts';
export * from './occasions.ts';
export { complaintWithinReach } from './rows.ts';

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

export type FoundComplaint = { readonly id: ComplaintId; readonly number: string; readonly customerName: string };

/**
 * Complaints within the reach whose number ends so, the one of just this number first, then the latest. The hits are taken as a whole before they are
 * put in order: the list by day, read until enough of them came by, would be read to its end for a number of long ago.
 */
export async function findByNumber(db: Db, storeId: StoreId, end: string, reach: Reach, limit: number): Promise<FoundComplaint[]> {
  const lower = [...end].toReversed().join('');
  const { rows } =
    await sql<FoundComplaint>`with hits as materialized (select c.id, c.number, c.customer_id, c.registered_at from complaints c
      where c.store_id = ${storeId} and c.number_backwards >= ${lower} and c.number_backwards < ${`${lower}~`} and ${complaintWithinReach(reach)})
    select h.id, h.number, (select k.name from customers k where k.store_id = ${storeId} and k.id = h.customer_id) as "customerName"
    from (select * from hits order by number = ${end} desc, registered_at desc, id limit ${sql.lit(limit)}) h
    order by h.number = ${end} desc, h.registered_at desc, h.id`.execute(db);
  return rows;
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

/**
 * How many complaints of each branch were registered in each calendar month of the store, in `[from, to)` and within the reach: what a rate
 * is a share of, without the complaints themselves.
 */
export async function countRegistered(
  db: Db,
  storeId: StoreId,
  zone: TimeZone,
  period: { from: Instant; to: Instant },
  reach: Reach,
): Promise<{ month: string; branch: ComplaintBranch; complaints: number }[]> {
  const { rows } = await sql<{ month: string; branch: ComplaintBranch; complaints: number }>`
    select to_char(c.registered_at at time zone ${zone}, 'YYYY-MM') as month, split_part(c.kind, '.', 1) as branch, count(*)::integer as complaints
    from complaints c where c.store_id = ${storeId} and c.registered_at >= ${period.from}::timestamptz and c.registered_at < ${period.to}::timestamptz
      and ${complaintWithinReach(reach)} group by 1, 2`.execute(db);
  return rows;
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

import type { Reach, Role } from '@baoke/core/access';
import type { CareChannel } from '@baoke/core/care';
import type { BusinessCalendar, CivilDate, ComplaintId, CustomerId, Instant, StaffId, StoreId, TaskId } from '@baoke/core/kernel';
import type { ContactDraft, OpenTask, Task } from '@baoke/core/tasks';
import { sql } from 'kysely';
import { isPerson } from '../access/queries.ts';
import type { Db } from '../connect.ts';
import type { Undo } from './results.ts';
import { type Row, toTask, type TaskReach, withinReach } from './rows.ts';

export { findListed, type ListedContact, type ListedTask } from './listed.ts';
export * from './queue.ts';
export * from './results.ts';
export type { TaskReach } from './rows.ts';

/** The task with this id that the reach includes; undefined otherwise. `lock` keeps others from changing it in this transaction. */
export async function findTask(
  db: Db,
  storeId: StoreId,
  id: TaskId,
  reach: TaskReach,
  options: { lock?: boolean } = {},
): Promise<Task | undefined> {
  const { rows } =
    await sql<Row>`select t.* from tasks t where t.store_id = ${storeId} and t.id = ${id} and ${withinReach(reach)} ${options.lock ? sql`for no key update` : sql``}`.execute(
      db,
    );
  return rows[0] && toTask(rows[0]);
}

/** Open tasks to give away: those named, or all of a person; most urgent first, locked. */
export async function listForReassign(
  db: Db,
  storeId: StoreId,
  which: { taskIds?: readonly TaskId[] | undefined; fromId?: StaffId | undefined },
  reach: TaskReach,
): Promise<(OpenTask & { readonly concernedId: StaffId | null })[]> {
  const chosen = which.taskIds ? sql`t.id = any(${[...which.taskIds]}::uuid[])` : sql`t.assignee_id = ${which.fromId ?? null}`;
  const { rows } = await sql<Row & { concerned_id: string | null }>`select t.*, ${CONCERNED} as concerned_id from tasks t
    where t.store_id = ${storeId} and t.status = 'open' and ${chosen} and ${withinReach(reach)} order by t.urgency, t.due_at, t.priority, t.id for no key update of t`.execute(
    db,
  );
  return rows.flatMap((row) => {
    const task = toTask(row);
    return task.status === 'open' ? [{ ...task, concernedId: row.concerned_id as StaffId | null }] : [];
  });
}

/** Which of these tasks there are within the reach, whatever became of them. */
export async function findWithinReach(db: Db, storeId: StoreId, ids: readonly TaskId[], reach: TaskReach): Promise<ReadonlySet<TaskId>> {
  const { rows } = await sql<{ id: TaskId }>`select t.id from tasks t
    where t.store_id = ${storeId} and t.id = any(${[...ids]}::uuid[]) and ${withinReach(reach)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

// The person whose work a satisfaction survey asks about (X-04): the seller for SSI, the advisor for CSI.
const CONCERNED = sql`(select case t.result when 'ssi' then c.consultant_id when 'csi' then c.advisor_id end from customers c where c.store_id = t.store_id and c.id = t.customer_id)`;

/** The person whose work a satisfaction survey asks about; null for other tasks. */
export async function findConcerned(db: Db, storeId: StoreId, id: TaskId): Promise<StaffId | null> {
  const { rows } = await sql<{
    id: string | null;
  }>`select ${CONCERNED} as id from tasks t where t.store_id = ${storeId} and t.id = ${id}`.execute(db);
  return (rows[0]?.id ?? null) as StaffId | null;
}

/** Writes what became of a task. A task of another version throws, for it was read under lock. */
export async function saveTask(db: Db, storeId: StoreId, task: Task, now: Instant): Promise<void> {
  const finished = task.status === 'open' ? null : task;
  const byPerson = task.status === 'done' || task.status === 'skipped' ? task : null;
  const [result] = await db
    .updateTable('tasks')
    .set({
      status: task.status,
      assignee_id: task.assigneeId,
      show_at: task.showAt,
      lapses_at: task.lapsesAt,
      attempts: task.attempts,
      outcome: task.lastOutcome,
      outcome_note: byPerson?.note ?? null,
      finished_at: finished?.finishedAt ?? null,
      finished_by: byPerson?.finishedBy ?? null,
      settled_reason: task.status === 'skipped' ? task.skipReason : task.status === 'cancelled' ? task.cancelReason : null,
      updated_at: now,
      version: task.version + 1,
    })
    .where('store_id', '=', storeId)
    .where('id', '=', task.id)
    .where('version', '=', task.version)
    .execute();
  if (result?.numUpdatedRows !== 1n) throw new Error(`task ${task.id} changed although it was read under lock`);
}

/** Writes a task made by a person or by another task; one of the same occurrence stands already: answers false. */
export async function insertTask(db: Db, storeId: StoreId, task: OpenTask): Promise<boolean> {
  const row = await db
    .insertInto('tasks')
    .values({
      store_id: storeId,
      id: task.id,
      kind: task.kind,
      status: task.status,
      occurrence_key: task.occurrenceKey,
      rule_key: task.ruleKey,
      customer_id: task.customerId,
      vehicle_id: task.vehicleId,
      visit_id: task.visitId,
      order_id: task.orderId,
      complaint_id: task.complaintId,
      assignee_id: task.assigneeId,
      role: task.role,
      channel: task.channel,
      purpose: task.purpose,
      priority: task.priority,
      urgency: task.byTheHour ? 0 : 1,
      result: task.result,
      script: task.script,
      topics: [...task.topics],
      anchor_on: task.anchorOn,
      not_before_on: task.notBeforeOn,
      show_at: task.showAt,
      due_at: task.dueAt,
      lapses_at: task.lapsesAt,
      reason: JSON.stringify(task.reason),
      created_at: task.createdAt,
      updated_at: task.createdAt,
    })
    .onConflict((oc) => oc.columns(['store_id', 'occurrence_key']).where('occurrence_key', 'is not', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

// The time line knows fewer channels than care: a card is an e-mail, a push comes through WeChat, a visit has a place.
const CONTACT_CHANNEL: Readonly<Record<CareChannel, string>> = {
  phone: 'phone',
  sms: 'sms',
  wechat: 'wechat',
  app_push: 'wechat',
  letter: 'letter',
  email: 'email',
  e_card: 'email',
  visit: 'visit_customer',
  in_store: 'visit_store',
};

/** Writes the contact of a task with what taking it back will need; one that reached the customer moves his last contact. */
export async function insertTaskContact(
  db: Db,
  storeId: StoreId,
  contact: ContactDraft,
  { spoken, complaintId, undo }: { readonly spoken: boolean; readonly complaintId: ComplaintId | null; readonly undo: Undo },
): Promise<void> {
  // Being spoken to he can be reached, whatever his numbers: that goes back too.
  const reached = sql`with k as (select id, reachable from customers where store_id = ${storeId} and id = ${contact.customerId} for no key update),
    spoken as (update customers c set last_contact_at = ${contact.occurredAt}, reachable = true, updated_at = case when k.reachable then c.updated_at else ${contact.occurredAt} end
      from k where c.store_id = ${storeId} and c.id = k.id and (c.last_contact_at is null or c.last_contact_at < ${contact.occurredAt}) returning k.reachable)`;
  const kept = sql`${JSON.stringify(undo)}::jsonb`;
  await sql`${spoken ? reached : sql``} insert into contacts (store_id, id, customer_id, vehicle_id, task_id, complaint_id, channel, outcome, content, satisfied,
      satisfaction, praised, said_about, cause, unreached_because, appointment_at, occurred_at, staff_id, undo)
    values (${storeId}, ${contact.id}, ${contact.customerId}, ${contact.vehicleId}, ${contact.taskId}, ${complaintId}, ${CONTACT_CHANNEL[contact.channel]}, ${contact.outcome}, ${contact.content},
      ${contact.satisfied}, ${contact.satisfaction}, ${contact.praised}, ${contact.saidAbout}, ${contact.cause}, ${contact.unreachedBecause},
      ${contact.appointmentAt}, ${contact.occurredAt}, ${contact.staffId},
      ${spoken ? sql`${kept} || case when (select not reachable from spoken) then '{"unreachable": true}' else '{}' end::jsonb` : kept})`.execute(
    db,
  );
}

/** Marks the customer's first valid number as wrong and answers it; without another he is no longer reachable (G-12). */
export async function invalidatePhone(db: Db, storeId: StoreId, customerId: CustomerId, now: Instant): Promise<string | undefined> {
  const { rows } = await sql<{
    e164: string;
  }>`update customer_phones set valid = false where store_id = ${storeId} and customer_id = ${customerId}
    and e164 = (select e164 from customer_phones where store_id = ${storeId} and customer_id = ${customerId} and valid order by rank limit 1) returning e164`.execute(
    db,
  );
  await sql`update customers set reachable = exists (select from customer_phones where store_id = ${storeId} and customer_id = ${customerId} and valid), updated_at = ${now}
    where store_id = ${storeId} and id = ${customerId}`.execute(db);
  return rows[0]?.e164;
}

/** Records that the customer wants no more contact for a purpose, on any channel. */
export async function withdrawConsent(
  db: Db,
  storeId: StoreId,
  of: { ids: readonly string[]; customerId: CustomerId; purpose: 'service' | 'marketing'; taskId: TaskId; staffId: StaffId; at: Instant },
): Promise<void> {
  const channels = ['phone', 'sms', 'wechat', 'email', 'post'];
  await db
    .insertInto('consents')
    .values(
      channels.map((channel, i) => ({
        store_id: storeId,
        id: of.ids[i] ?? '',
        customer_id: of.customerId,
        purpose: of.purpose,
        channel,
        granted: false,
        source: 'task',
        evidence: of.taskId,
        at: of.at,
        staff_id: of.staffId,
      })),
    )
    .execute();
}

/** Marks the file as confirmed on this day, and answers the day before. */
export async function confirmFile(
  db: Db,
  storeId: StoreId,
  customerId: CustomerId,
  on: CivilDate,
  now: Instant,
): Promise<CivilDate | null> {
  const { rows } = await sql<{
    before: CivilDate | null;
  }>`with k as (select id, verified_on from customers where store_id = ${storeId} and id = ${customerId} for no key update)
    update customers c set verified_on = ${on}, updated_at = ${now} from k where c.store_id = ${storeId} and c.id = k.id returning k.verified_on as before`.execute(
    db,
  );
  return rows[0]?.before ?? null;
}

export type TaskFate = {
  readonly action: string | null;
  readonly by: string | null;
  readonly at: Instant | null;
  readonly outcome: Task['lastOutcome'];
  readonly assigneeName: string | null;
};

/** The last thing that was done with a task which the reach includes, or included as nobody's of the caller's role. */
export async function findFate(db: Db, storeId: StoreId, id: TaskId, reach: TaskReach): Promise<TaskFate | undefined> {
  const acts = sql`audit_entries a where a.store_id = t.store_id and a.entity = 'task' and a.entity_id = t.id::text`;
  const { rows } = await sql<TaskFate>`select d.action, d.actor_name as by, d.at, t.outcome, s.name as "assigneeName"
    from tasks t left join staff s on s.store_id = t.store_id and s.id = t.assignee_id
    left join lateral (select a.action, a.actor_name, a.at from ${acts} and a.action <> 'tasks.postpone' order by a.at desc, a.id desc limit 1) d on true
    where t.store_id = ${storeId} and t.id = ${id} and (${withinReach(reach)}
      or (t.role = ${reach.role} and exists (select from ${acts} and a.before ? 'assigneeId' and a.before ->> 'assigneeId' is null)))`.execute(
    db,
  );
  return rows[0];
}

export type Receiver = { readonly id: StaffId; readonly name: string; readonly role: Role; readonly active: boolean };

/** The staff with these ids, or everybody; those who left or have no account cannot take tasks. */
export async function listReceivers(db: Db, storeId: StoreId, ids?: readonly StaffId[]): Promise<Receiver[]> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'status', 'account_id'])
    .where('store_id', '=', storeId)
    .where(isPerson('staff'))
    .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? [])]))
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    id: row.id as StaffId,
    name: row.name,
    role: row.role as Role,
    active: row.status === 'active' && row.account_id !== null,
  }));
}

/** Gives tasks to people in one statement. */
export async function assignTasks(
  db: Db,
  storeId: StoreId,
  moves: readonly { taskId: TaskId; toId: StaffId }[],
  now: Instant,
): Promise<void> {
  if (moves.length === 0) return;
  await sql`update tasks set assignee_id = m."toId", updated_at = ${now}::timestamptz, version = version + 1
    from json_to_recordset(${JSON.stringify(moves)}::json) as m ("taskId" uuid, "toId" uuid) where store_id = ${storeId} and id = m."taskId" and status = 'open'`.execute(
    db,
  );
}

/** The numbers of a customer, the first valid one in front. */
export async function listPhones(db: Db, storeId: StoreId, customerId: CustomerId): Promise<{ number: string; rank: number }[]> {
  const rows = await db
    .selectFrom('customer_phones')
    .select(['e164', 'rank'])
    .where('store_id', '=', storeId)
    .where('customer_id', '=', customerId)
    .orderBy('valid', 'desc')
    .orderBy('rank')
    .execute();
  return rows.map((row) => ({ number: row.e164, rank: row.rank }));
}

/** Where to write to a customer: every part of the address as on file, unmasked. */
export function getAddress(db: Db, storeId: StoreId, customerId: CustomerId) {
  return db
    .selectFrom('customers')
    .select(['name', 'province', 'city', 'district', 'address', 'email'])
    .where('store_id', '=', storeId)
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
}

/** Whether a customer of this store exists within a reach of customers. */
export async function customerExists(db: Db, storeId: StoreId, customerId: CustomerId, reach: Reach): Promise<boolean> {
  let query = db
    .selectFrom('customers')
    .select('id')
    .where('store_id', '=', storeId)
    .where('id', '=', customerId)
    .where('status', '=', 'active');
  if (reach !== 'everyone') query = query.where((eb) => eb.or([eb('consultant_id', 'in', [...reach]), eb('advisor_id', 'in', [...reach])]));
  return (await query.executeTakeFirst()) !== undefined;
}

type CallFacts = {
  readonly preferred: string | null;
  readonly week: BusinessCalendar['week'] | null;
  readonly days: { date: CivilDate; open: boolean }[];
};

/** What is behind a proposal: the hours the customer prefers, the week of the store where it has set one, and the days it says something of. */
export async function readCallFacts(db: Db, storeId: StoreId, customerId: CustomerId, from: CivilDate): Promise<CallFacts> {
  const { rows } = await sql<CallFacts>`select
    (select value -> 'week' from policies where store_id = ${storeId} and capability = 'calendar' order by version desc limit 1) as week,
    (select preferred_contact_time from customers where store_id = ${storeId} and id = ${customerId}) as preferred,
    (select coalesce(json_agg(json_build_object('date', day, 'open', open)), '[]') from calendar_days where store_id = ${storeId} and day between ${from}::date and ${from}::date + 60) as days`.execute(
    db,
  );
  return rows[0] ?? { preferred: null, week: null, days: [] };
}

import type { Reach, Role } from '@baoke/core/access';
import type { CareChannel } from '@baoke/core/care';
import type {
  BusinessCalendar,
  CivilDate,
  ComplaintId,
  ContactId,
  CustomerId,
  Instant,
  OrderId,
  StaffId,
  StoreId,
  TaskId,
  VehicleId,
  VisitId,
} from '@baoke/core/kernel';
import type { ContactDraft, OpenTask, Task } from '@baoke/core/tasks';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { sql, type RawBuilder, type Selectable } from 'kysely';
import { isPerson } from '../access/queries.ts';
import { complaintWithinReach } from '../complaints/queries.ts';
import type { Db } from '../connect.ts';
import { rowsAsJson, withInstants } from '../json.ts';
import type { TasksTable } from '../tables.generated.ts';
import type { Undo } from './results.ts';

export * from './results.ts';

type Row = Selectable<TasksTable>;

/** The domain's union from a row. A row whose columns do not fit its status is a broken assumption and throws. */
export function toTask(row: Row): Task {
  const facts = {
    id: row.id as TaskId,
    kind: row.kind as Task['kind'],
    customerId: row.customer_id as CustomerId,
    vehicleId: row.vehicle_id as VehicleId | null,
    visitId: row.visit_id as VisitId | null,
    orderId: row.order_id as OrderId | null,
    complaintId: row.complaint_id as ComplaintId | null,
    ruleKey: row.rule_key,
    occurrenceKey: row.occurrence_key,
    assigneeId: row.assignee_id as StaffId | null,
    role: row.role as Role,
    channel: row.channel as CareChannel,
    purpose: row.purpose as Task['purpose'],
    result: row.result as Task['result'],
    script: row.script,
    topics: row.topics,
    priority: row.priority,
    byTheHour: row.urgency === 0,
    anchorOn: row.anchor_on as CivilDate | null,
    notBeforeOn: row.not_before_on as CivilDate,
    showAt: row.show_at as Instant,
    dueAt: row.due_at as Instant,
    lapsesAt: row.lapses_at as Instant | null,
    reason: row.reason as Task['reason'],
    attempts: row.attempts,
    lastOutcome: row.outcome as Task['lastOutcome'],
    createdAt: row.created_at as Instant,
    version: row.version,
  };
  if (row.status === 'open') return { ...facts, status: 'open' };
  if (row.finished_at === null) throw new Error(`task ${row.id} is ${row.status} but has no finished_at`);
  const finishedAt = row.finished_at as Instant;
  if (row.status === 'missed') return { ...facts, status: 'missed', finishedAt };
  if (row.status === 'cancelled')
    return { ...facts, status: 'cancelled', finishedAt, cancelReason: (row.settled_reason ?? 'anchor_gone') as 'anchor_gone' };
  if (row.finished_by === null) throw new Error(`task ${row.id} is ${row.status} but nobody finished it`);
  const by = { finishedAt, finishedBy: row.finished_by as StaffId, note: row.outcome_note };
  if (row.status === 'done') return { ...facts, status: 'done', ...by };
  if (row.status === 'skipped') return { ...facts, status: 'skipped', ...by, skipReason: (row.settled_reason ?? 'other') as 'other' };
  throw new Error(`task ${row.id} has the unknown status ${row.status}`);
}

/** Whose tasks are meant: the people reached, and what nobody has taken yet of their roles. */
export type TaskReach = { readonly reach: Reach; readonly role: Role };

function withinReach({ reach, role }: TaskReach, me: boolean): RawBuilder<boolean> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const ids = [...reach];
  const roles =
    me || ids.length < 2
      ? sql`${role}`
      : sql`any(array(select s.role from staff s where s.store_id = t.store_id and s.id = any(${ids}::uuid[])))`;
  return sql<boolean>`(t.assignee_id = any(${ids}::uuid[]) or (t.assignee_id is null and t.role = ${roles}))`;
}

/** The task with this id that the reach includes; undefined otherwise. `lock` keeps others from changing it in this transaction. */
export async function findTask(
  db: Db,
  storeId: StoreId,
  id: TaskId,
  reach: TaskReach,
  options: { lock?: boolean } = {},
): Promise<Task | undefined> {
  const { rows } =
    await sql<Row>`select t.* from tasks t where t.store_id = ${storeId} and t.id = ${id} and ${withinReach(reach, false)} ${options.lock ? sql`for no key update` : sql``}`.execute(
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
    where t.store_id = ${storeId} and t.status = 'open' and ${chosen} and ${withinReach(reach, false)} order by t.urgency, t.due_at, t.priority, t.id for no key update of t`.execute(
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
    where t.store_id = ${storeId} and t.id = any(${[...ids]}::uuid[]) and ${withinReach(reach, false)}`.execute(db);
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
  await sql`${spoken ? reached : sql``} insert into contacts (store_id, id, customer_id, vehicle_id, task_id, complaint_id, channel, outcome, content, satisfied, appointment_at, occurred_at, staff_id, undo)
    values (${storeId}, ${contact.id}, ${contact.customerId}, ${contact.vehicleId}, ${contact.taskId}, ${complaintId}, ${CONTACT_CHANNEL[contact.channel]}, ${contact.outcome}, ${contact.content},
      ${contact.satisfied}, ${contact.appointmentAt}, ${contact.occurredAt}, ${contact.staffId},
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

export type ListedContact = {
  readonly id: ContactId;
  readonly occurredAt: Instant;
  readonly channel: string;
  readonly outcome: string;
  readonly content: string | null;
  readonly satisfied: boolean | null;
  readonly staffName: string;
};
export type ListedTask = {
  readonly task: Task;
  readonly customer: {
    readonly id: CustomerId;
    readonly name: string;
    readonly isFleet: boolean;
    readonly isVip: boolean;
    readonly isDifficult: boolean;
    readonly hasOpenComplaint: boolean;
    readonly phone: string | null;
    readonly preferredContactTime: string | null;
  };
  readonly vehicle: { readonly id: VehicleId; readonly plate: string | null; readonly model: string | null } | null;
  readonly assignee: { readonly id: StaffId; readonly name: string } | null;
  /** What the store calls its own rule; null for shipped ones. */
  readonly ruleName: string | null;
  readonly contacts: ListedContact[];
};

type ListedRow = Row & {
  customer_name: string;
  is_fleet: boolean;
  is_vip: boolean;
  is_difficult: boolean;
  open_complaint: boolean;
  phone: string | null;
  preferred_contact_time: string | null;
  plate: string | null;
  model: string | null;
  assignee_name: string | null;
  rule_name: string | null;
  contacts: ListedContact[] | null;
};

// Everything a caller needs beside a task, in one statement with the queue itself.
const BESIDE = sql`c.name as customer_name, c.is_fleet, c.is_vip, c.is_difficult, c.preferred_contact_time,
  exists (select from complaints k where k.store_id = t.store_id and k.customer_id = t.customer_id and k.status <> 'closed') as open_complaint,
  (select p.e164 from customer_phones p where p.store_id = t.store_id and p.customer_id = t.customer_id and p.valid order by p.rank limit 1) as phone,
  v.plate, v.model, s.name as assignee_name,
  (select r.value ->> 'name' from care_rules r where r.store_id = t.store_id and r.key = t.rule_key) as rule_name,
  (select json_agg(json_build_object('id', l.id, 'occurredAt', l.occurred_at, 'channel', l.channel, 'outcome', l.outcome,
      'content', l.content, 'satisfied', l.satisfied, 'staffName', l.staff_name)) from (
    select o.id, o.occurred_at, o.channel, o.outcome, o.content, o.satisfied, w.name as staff_name from contacts o join staff w on w.store_id = o.store_id and w.id = o.staff_id
    where o.store_id = t.store_id and o.customer_id = t.customer_id and o.taken_back_at is null order by o.occurred_at desc limit 3) as l) as contacts`;
const JOINED = sql`join customers c on c.store_id = t.store_id and c.id = t.customer_id
  left join vehicles v on v.store_id = t.store_id and v.id = t.vehicle_id
  left join staff s on s.store_id = t.store_id and s.id = t.assignee_id`;

const INSTANTS = ['show_at', 'due_at', 'lapses_at', 'created_at', 'finished_at'] as const;

function toListed(row: ListedRow): ListedTask {
  return {
    task: toTask(row),
    customer: {
      id: row.customer_id as CustomerId,
      name: row.customer_name,
      isFleet: row.is_fleet,
      isVip: row.is_vip,
      isDifficult: row.is_difficult,
      hasOpenComplaint: row.open_complaint,
      phone: row.phone,
      preferredContactTime: row.preferred_contact_time,
    },
    vehicle: row.vehicle_id === null ? null : { id: row.vehicle_id as VehicleId, plate: row.plate, model: row.model },
    assignee: row.assignee_id === null ? null : { id: row.assignee_id as StaffId, name: row.assignee_name ?? '' },
    ruleName: row.rule_name,
    contacts: withInstants(row.contacts ?? [], ['occurredAt']),
  };
}

export async function findListed(db: Db, storeId: StoreId, id: TaskId, reach: TaskReach): Promise<ListedTask | undefined> {
  const { rows } =
    await sql<ListedRow>`select t.*, ${BESIDE} from tasks t ${JOINED} where t.store_id = ${storeId} and t.id = ${id} and ${withinReach(reach, false)}`.execute(
      db,
    );
  return rows[0] && toListed(rows[0]);
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
    where t.store_id = ${storeId} and t.id = ${id} and (${withinReach(reach, false)}
      or (t.role = ${reach.role} and exists (select from ${acts} and a.before ? 'assigneeId' and a.before ->> 'assigneeId' is null)))`.execute(
    db,
  );
  return rows[0];
}

/** Where a page of the queue goes on: the last row's place in the order of urgency. */
export type QueuePlace = { readonly urgency: number; readonly dueAt: Instant; readonly priority: number; readonly id: TaskId };
export type QueueFilter = {
  readonly tab: 'today' | 'overdue' | 'upcoming' | 'unassigned';
  readonly kinds?: readonly string[] | undefined;
  readonly ruleKeys?: readonly string[] | undefined;
  readonly assigneeId?: StaffId | undefined;
  readonly role?: Role | undefined;
  readonly dueFrom?: Instant | undefined;
  readonly dueTo?: Instant | undefined;
};
type QueueTimes = { readonly now: Instant; readonly tomorrow: Instant; readonly limit: number };
export type QueueView = QueueTimes & { readonly after?: QueuePlace | undefined };
/** A page of my day goes on in the half its last row stood in; all pages part the halves at the moment of the first. */
export type MyDayView = QueueTimes & {
  readonly asOf: Instant;
  readonly after?: (QueuePlace & { readonly waiting: boolean }) | undefined;
};

function queueConditions(filter: QueueFilter, { now, tomorrow, after }: QueueView): RawBuilder<boolean> {
  const parts: RawBuilder<unknown>[] = [];
  if (filter.tab === 'today' || filter.tab === 'overdue') parts.push(sql`t.show_at < ${tomorrow}::timestamptz`);
  if (filter.tab === 'overdue') parts.push(sql`t.due_at < ${now}::timestamptz`);
  if (filter.tab === 'upcoming') parts.push(sql`t.show_at >= ${tomorrow}::timestamptz`);
  if (filter.tab === 'unassigned') parts.push(sql`t.assignee_id is null and t.show_at < ${tomorrow}::timestamptz`);
  // Planned messages go out by themselves; they are looked at on request only.
  parts.push(filter.kinds ? sql`t.kind = any(${[...filter.kinds]}::text[])` : sql`t.kind <> 'message'`);
  if (filter.ruleKeys) parts.push(sql`t.rule_key = any(${[...filter.ruleKeys]}::text[])`);
  if (filter.assigneeId) parts.push(sql`t.assignee_id = ${filter.assigneeId}`);
  if (filter.role) parts.push(sql`t.role = ${filter.role}`);
  if (filter.dueFrom) parts.push(sql`t.due_at >= ${filter.dueFrom}::timestamptz`);
  if (filter.dueTo) parts.push(sql`t.due_at < ${filter.dueTo}::timestamptz`);
  if (after)
    parts.push(
      sql`(t.urgency, t.due_at, t.priority, t.id) > (${after.urgency}::smallint, ${after.dueAt}::timestamptz, ${after.priority}::smallint, ${after.id}::uuid)`,
    );
  return sql<boolean>`${sql.join(parts, sql` and `)}`;
}

const ORDER = sql`t.urgency, t.due_at, t.priority, t.id`;

/** What a person may do with complaints he may see: null where his right reaches nobody's. The roles are those that confirm where the store has set none. */
export type ComplaintRights = {
  readonly edit: Reach | null;
  readonly decide: Reach | null;
  readonly confirmingRoles: readonly Role[];
};
type Caller = { readonly id: StaffId; readonly role: Role; readonly complaints: ComplaintRights | null };

/**
 * The open complaints of a person's day: those he handles, those he can confirm, and the pauses he can decide on; the same people as
 * `confirm` and `decidePause` of the rules let through. A paused one shows tomorrow.
 */
function complaintsOf(storeId: StoreId, { id: me, role, complaints: rights }: Caller, tomorrow: Instant): RawBuilder<unknown> {
  const within = (reach: Reach | null | undefined) => (reach ? complaintWithinReach(reach) : sql`false`);
  const others = sql`c.handler_id <> ${me} and c.accused_id is distinct from ${me}::uuid`;
  const roles = sql`coalesce((select value -> 'confirmingRoles' from policies where store_id = ${storeId} and capability = 'complaints' order by version desc limit 1),
    ${JSON.stringify(rights?.confirmingRoles ?? [])}::jsonb)`;
  return sql`select c.*, case when c.status = 'registered' then c.response_due_at else c.close_due_at end as due_at,
      case when c.status = 'registered' then c.response_minutes else c.close_minutes end as minutes,
      case when c.pause_state = 'paused' then ${tomorrow}::timestamptz else c.registered_at end as show_at,
      case when c.handler_id <> ${me} then case when c.status = 'solved' then 'confirm' else 'decide_pause' end
        when c.pause_state = 'paused' then 'paused' when c.status = 'registered' then 'respond' when c.status = 'solved' then 'await_confirmation' else 'solve' end as call
    from complaints c where c.store_id = ${storeId} and c.status <> 'closed' and ${sql.lit(rights !== null)} and (c.handler_id = ${me}
      or (c.status = 'solved' and ${others} and not ${me}::uuid = any(array[c.responded_by, c.solved_by] || c.handled_by) and ${roles} @> to_jsonb(${role}::text) and ${within(rights?.edit)})
      or (c.pause_state = 'requested' and ${others} and c.pause_requested_by <> ${me} and ${within(rights?.decide)}))`;
}

function dayComplaints(storeId: StoreId, me: Caller, filter: QueueFilter, { now, tomorrow }: QueueTimes): RawBuilder<unknown> {
  const shown =
    filter.tab === 'unassigned' || filter.ruleKeys || (filter.kinds && !filter.kinds.includes('complaint_follow_up'))
      ? sql`false`
      : filter.tab === 'upcoming'
        ? sql`show_at >= ${tomorrow}::timestamptz`
        : sql`show_at < ${tomorrow}::timestamptz and ${filter.tab === 'overdue' ? sql`due_at < ${now}::timestamptz` : sql`true`}`;
  return sql`select c.id, c.number, c.kind, c.severity, c.status, c.call, c.content, c.due_at as "dueAt", c.minutes, c.paused_at as "pausedAt",
      json_build_object('id', c.handler_id, 'name', h.name) as handler, v.plate, v.model,
      json_build_object('id', k.id, 'name', k.name, 'isFleet', k.is_fleet, 'isVip', k.is_vip, 'isDifficult', k.is_difficult) as customer
    from (select * from (${complaintsOf(storeId, me, tomorrow)}) as c where ${shown} order by due_at, id limit 100) as c
    join customers k on k.store_id = c.store_id and k.id = c.customer_id join staff h on h.store_id = c.store_id and h.id = c.handler_id
    left join vehicles v on v.store_id = c.store_id and v.id = c.vehicle_id order by c.due_at, c.id`;
}

/**
 * One page of a person's queue, his own tasks and those of his role that nobody has: one statement, one row beyond the limit.
 * What can be done now comes first, then what is put off to a later time, each by urgency. The complaints come with the first page.
 */
export async function listMyDay(
  db: Db,
  storeId: StoreId,
  me: Caller,
  filter: QueueFilter,
  { asOf, after, ...times }: MyDayView,
): Promise<{ readonly tasks: ListedTask[]; readonly complaints: DayComplaint[] }> {
  const limit = times.limit + 1;
  // Two walks over two indexes in the same order; one condition with "or" would sort every open task of both.
  const walk = (half: RawBuilder<boolean>, place: QueuePlace | undefined) => {
    const where = sql`t.store_id = ${storeId} and t.status = 'open' and ${half} and ${queueConditions(filter, { ...times, after: place })}`;
    return sql`(select t.* from tasks t where t.assignee_id = ${me.id} and ${where} order by ${ORDER} limit ${limit})
      union all
      (select t.* from tasks t where t.assignee_id is null and t.role = ${me.role} and ${where} order by ${ORDER} limit ${limit})`;
  };
  const ready = sql<boolean>`t.show_at <= ${asOf}::timestamptz and ${sql.lit(after?.waiting !== true)}`;
  // The second half is walked only for a page that the first does not fill.
  const waiting = sql<boolean>`t.show_at > ${asOf}::timestamptz and (select count(*) from ready) < ${limit}`;
  const page = sql<ListedRow>`with
      ready as materialized (${walk(ready, after?.waiting ? undefined : after)}),
      waiting as materialized (${walk(waiting, after?.waiting ? after : undefined)}),
      page as (select t.* from (select r.*, false as waiting from ready r union all select w.*, true as waiting from waiting w) as t
        order by t.waiting, ${ORDER} limit ${limit})
    select t.*, ${BESIDE} from page t ${JOINED} order by t.waiting, ${ORDER}`;
  const { rows } = await sql<{ page: ListedRow[]; complaints: DayComplaint[] }>`select
    (select coalesce(json_agg(r), '[]') from (${page}) as r) as page,
    ${after ? sql`'[]'::json` : sql`(select coalesce(json_agg(k), '[]') from (${dayComplaints(storeId, me, filter, times)}) as k)`} as complaints`.execute(
    db,
  );
  return {
    tasks: withInstants(rows[0]?.page ?? [], INSTANTS).map(toListed),
    complaints: withInstants(rows[0]?.complaints ?? [], ['dueAt', 'pausedAt']),
  };
}

/** One page of the queue of everybody a manager reaches. */
export async function listTeamQueue(
  db: Db,
  storeId: StoreId,
  reach: TaskReach,
  filter: QueueFilter,
  view: QueueView,
): Promise<ListedTask[]> {
  const page = sql<ListedRow>`select t.*, ${BESIDE} from (
      select t.* from tasks t where t.store_id = ${storeId} and t.status = 'open' and ${withinReach(reach, false)} and ${queueConditions(filter, view)} order by ${ORDER} limit ${view.limit + 1}) as t
    ${JOINED} order by ${ORDER}`;
  return (await rowsAsJson(db, page, INSTANTS)).map(toListed);
}

export type QueueCounts = { today: number; sla: number; overdue: number; upcoming: number; unassigned: number; doneToday: number };

export async function countMyDay(
  db: Db,
  storeId: StoreId,
  me: Caller,
  times: { now: Instant; today: Instant; tomorrow: Instant },
): Promise<QueueCounts> {
  const { now, today, tomorrow } = times;
  const { rows } = await sql<QueueCounts>`select
      (count(*) filter (where show_at < ${tomorrow}::timestamptz))::integer as today,
      (count(*) filter (where show_at < ${tomorrow}::timestamptz and urgency = 0))::integer as sla,
      (count(*) filter (where show_at < ${tomorrow}::timestamptz and due_at < ${now}::timestamptz))::integer as overdue,
      (count(*) filter (where show_at >= ${tomorrow}::timestamptz))::integer as upcoming,
      (count(*) filter (where assignee_id is null and show_at < ${tomorrow}::timestamptz))::integer as unassigned,
      (select count(*)::integer from tasks d where d.store_id = ${storeId} and d.finished_at >= ${today}::timestamptz and d.status = 'done' and d.finished_by = ${me.id}) as "doneToday"
    from (
      select show_at, due_at, urgency, assignee_id from tasks where store_id = ${storeId} and status = 'open' and assignee_id = ${me.id} and kind <> 'message'
      union all
      select show_at, due_at, urgency, assignee_id from tasks where store_id = ${storeId} and status = 'open' and assignee_id is null and role = ${me.role} and kind <> 'message'
      union all
      select show_at, due_at, 0, ${me.id}::uuid from (${complaintsOf(storeId, me, tomorrow)}) as k) as q`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error('counting gave no row');
  return counts;
}

export type PersonLoad = {
  assigneeId: StaffId | null;
  name: string | null;
  role: Role | null;
  hasAccount: boolean;
  active: boolean;
  today: number;
  overdue: number;
  sla: number;
  upcoming: number;
  doneToday: number;
};

/** Who of the reach has how much; tasks nobody has stand under their role. */
export async function listTeamLoad(
  db: Db,
  storeId: StoreId,
  reach: TaskReach,
  times: { now: Instant; today: Instant; tomorrow: Instant },
): Promise<PersonLoad[]> {
  const { now, today, tomorrow } = times;
  const { rows } = await sql<PersonLoad>`with load as (
      select t.assignee_id, case when t.assignee_id is null then t.role end as role,
        (count(*) filter (where t.show_at < ${tomorrow}::timestamptz))::integer as today,
        (count(*) filter (where t.show_at < ${tomorrow}::timestamptz and t.due_at < ${now}::timestamptz))::integer as overdue,
        (count(*) filter (where t.show_at < ${tomorrow}::timestamptz and t.urgency = 0))::integer as sla,
        (count(*) filter (where t.show_at >= ${tomorrow}::timestamptz))::integer as upcoming
      from tasks t where t.store_id = ${storeId} and t.status = 'open' and t.kind <> 'message' and ${withinReach(reach, false)} group by 1, 2
    ), done as (
      select d.finished_by, count(*)::integer as n from tasks d where d.store_id = ${storeId} and d.finished_at >= ${today}::timestamptz and d.status = 'done' group by 1)
    select l.assignee_id as "assigneeId", s.name, coalesce(s.role, l.role) as role, s.account_id is not null as "hasAccount", coalesce(s.status = 'active', false) as active,
      l.today, l.overdue, l.sla, l.upcoming, coalesce(d.n, 0) as "doneToday"
    from load l left join staff s on s.store_id = ${storeId} and s.id = l.assignee_id left join done d on d.finished_by = l.assignee_id
    order by l.overdue desc, l.today desc, s.name`.execute(db);
  return rows;
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

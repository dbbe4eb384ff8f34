import {
  followsDelivery,
  visitFollowed,
  type Caller,
  type CallQueue,
  type CareRuleKey,
  type DayLoad,
  type Occurrence,
  type OccurrenceKey,
  type PlanCancellation,
  type PlannedCall,
  type PlannedTask,
  type Suppression,
} from '@baoke/core/care';
import type { CivilDate, CustomerId, Instant, StaffId, StoreId, TaskId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { isPerson } from '../access/queries.ts';
import type { Db } from '../connect.ts';

export * from './candidates.ts';
export * from './checks.ts';
export { readFacts } from './facts.ts';
export * from './rules.ts';

/** What the planner made of these customers so far, settled tasks included. */
export async function listPlanned(db: Db, storeId: StoreId, customers: readonly CustomerId[]): Promise<Map<CustomerId, PlannedTask[]>> {
  const rows = await db
    .selectFrom('tasks')
    .select([
      'id',
      'customer_id',
      'occurrence_key',
      'slot',
      'rule_key',
      'status',
      'anchor_on',
      'not_before_on',
      'due_at',
      'lapses_at',
      'outcome',
    ])
    .where('store_id', '=', storeId)
    .where('customer_id', '=', sql<string>`any(${customers}::uuid[])`)
    .where('rule_key', 'is not', null)
    .execute();
  const tasks = new Map<CustomerId, PlannedTask[]>();
  for (const row of rows) {
    const of = tasks.get(row.customer_id as CustomerId) ?? [];
    of.push({
      taskId: row.id as TaskId,
      key: row.occurrence_key as OccurrenceKey,
      slot: row.slot ?? '',
      ruleKey: row.rule_key as CareRuleKey,
      status: row.status as PlannedTask['status'],
      anchorOn: (row.anchor_on ?? row.not_before_on) as CivilDate,
      notBeforeOn: row.not_before_on as CivilDate,
      dueAt: row.due_at as Instant,
      lapsesAt: row.lapses_at as Instant | null,
      promised: row.outcome === 'call_back',
    });
    tasks.set(row.customer_id as CustomerId, of);
  }
  return tasks;
}

export type NewTask = {
  readonly id: TaskId;
  readonly occurrence: Occurrence;
  readonly status: 'open' | 'missed';
  readonly showAt: Instant;
};

function taskJson({ id, occurrence: o, status, showAt }: NewTask) {
  return {
    id,
    kind: o.outcome === 'message' ? 'message' : o.result === 'verification' ? 'verification' : 'care_call',
    status,
    occurrence_key: o.key,
    slot: o.slot,
    rule_key: o.ruleKey,
    customer_id: o.customerId,
    vehicle_id: o.vehicleId,
    visit_id: visitFollowed(o),
    after_delivery: followsDelivery(o),
    assignee_id: o.assigneeId,
    role: o.role,
    channel: o.channel,
    purpose: o.purpose,
    priority: o.priority,
    urgency: o.byTheHour ? 0 : 1,
    result: o.result,
    script: o.script,
    topics: o.topics,
    anchor_on: o.anchorOn,
    not_before_on: o.notBeforeOn,
    show_at: showAt,
    due_at: o.dueAt,
    lapses_at: o.lapsesAt,
    reason: o.reason,
  };
}

const RECORDSET =
  sql.raw(`(id uuid, kind text, status text, occurrence_key text, slot text, rule_key text, customer_id uuid, vehicle_id uuid, visit_id uuid, after_delivery boolean, assignee_id uuid, role text,
  channel text, purpose text, priority smallint, urgency smallint, result text, script text, topics text[], anchor_on date, not_before_on date, show_at timestamptz,
  due_at timestamptz, lapses_at timestamptz, reason jsonb)`);

// The order whose delivery a call follows: that of its car, as the facts take it.
const deliveredBy = (storeId: StoreId) => sql`case when t.after_delivery then (select o.id from orders o
  where o.store_id = ${storeId} and o.vehicle_id = t.vehicle_id and o.state = 'delivered' order by o.delivered_on desc limit 1) end`;

/** Writes new tasks; an occurrence that has one already keeps it. Answers how many were new, by status. */
export async function insertTasks(
  db: Db,
  storeId: StoreId,
  tasks: readonly NewTask[],
  now: Instant,
): Promise<{ open: number; missed: number }> {
  if (tasks.length === 0) return { open: 0, missed: 0 };
  const { rows } = await sql<{
    status: string;
  }>`insert into tasks (store_id, id, kind, status, occurrence_key, slot, rule_key, customer_id, vehicle_id, visit_id, order_id, assignee_id, role, channel, purpose,
      priority, urgency, result, script, topics, anchor_on, not_before_on, show_at, due_at, lapses_at, reason, created_at, updated_at, finished_at)
    select ${storeId}, id, kind, status, occurrence_key, slot, rule_key, customer_id, vehicle_id, visit_id, ${deliveredBy(storeId)}, assignee_id, role, channel, purpose,
      priority, urgency, result, script, topics, anchor_on, not_before_on, show_at, due_at, lapses_at, reason, ${now}::timestamptz, ${now}::timestamptz, case when status = 'missed' then ${now}::timestamptz end
    from json_to_recordset(${JSON.stringify(tasks.map(taskJson))}::json) as t ${RECORDSET}
    on conflict (store_id, occurrence_key) where occurrence_key is not null do nothing returning status`.execute(db);
  const missed = rows.filter((row) => row.status === 'missed').length;
  return { open: rows.length - missed, missed };
}

// A call that the customer was promised beyond its last moment lives until then, while the day of its rule stays.
const LAPSES_AT = sql`case when tasks.status = 'open' and tasks.outcome = 'call_back' and tasks.not_before_on = t.not_before_on
  then greatest(tasks.lapses_at, t.lapses_at) else t.lapses_at end`;
// The day a task was put off or moved on to stays while the day of its rule does, unless it would lapse unseen.
const KEEPS_ITS_DAY = sql`tasks.status = 'open' and tasks.not_before_on = t.not_before_on and tasks.show_at <= ${LAPSES_AT}`;

/** Gives open tasks the dates of their moved event and brings cancelled ones back; who has them keeps them, a next try stays while the day does. */
export async function moveTasks(db: Db, storeId: StoreId, tasks: readonly NewTask[], now: Instant): Promise<number> {
  if (tasks.length === 0) return 0;
  const { rows } =
    await sql`update tasks set status = 'open', occurrence_key = t.occurrence_key, slot = t.slot, rule_key = t.rule_key, vehicle_id = t.vehicle_id, anchor_on = t.anchor_on,
      show_at = case when ${KEEPS_ITS_DAY} then tasks.show_at else t.show_at end,
      reason = case when ${KEEPS_ITS_DAY} and tasks.reason #> '{params,movedFrom}' is not null
        then ${withMovedFrom(sql`t.reason`, sql`tasks.reason #> '{params,movedFrom}'`)} else t.reason end,
      not_before_on = t.not_before_on, due_at = t.due_at, lapses_at = ${LAPSES_AT}, urgency = t.urgency,
      finished_at = null, settled_reason = null, updated_at = ${now}::timestamptz, version = tasks.version + 1
    from json_to_recordset(${JSON.stringify(tasks.map(taskJson))}::json) as t ${RECORDSET}
    where tasks.store_id = ${storeId} and tasks.id = t.id and tasks.status in ('open', 'cancelled') returning tasks.id`.execute(db);
  return rows.length;
}

export async function cancelTasks(
  db: Db,
  storeId: StoreId,
  tasks: readonly { taskId: TaskId; reason: PlanCancellation }[],
  now: Instant,
): Promise<number> {
  if (tasks.length === 0) return 0;
  const { rows } =
    await sql`update tasks set status = 'cancelled', settled_reason = t.reason, finished_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, version = version + 1
    from json_to_recordset(${JSON.stringify(tasks)}::json) as t ("taskId" uuid, reason text)
    where store_id = ${storeId} and id = t."taskId" and status = 'open' returning id`.execute(db);
  return rows.length;
}

/** Records why occurrences are not carried out; said once per occurrence and reason. */
export async function insertSuppressions(db: Db, storeId: StoreId, suppressions: readonly Suppression[], now: Instant): Promise<number> {
  if (suppressions.length === 0) return 0;
  const { rows } = await sql`insert into care_suppressions (store_id, occurrence_key, rule_key, customer_id, reason, at)
    select ${storeId}, key, "ruleKey", "customerId", reason, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(suppressions)}::json) as t (key text, "ruleKey" text, "customerId" uuid, reason text)
    on conflict do nothing returning 1`.execute(db);
  return rows.length;
}

/** Marks every open task whose last moment has passed. */
export async function lapseTasks(db: Db, storeId: StoreId, now: Instant): Promise<number> {
  const { rows } =
    await sql`update tasks set status = 'missed', finished_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, version = version + 1
    where store_id = ${storeId} and status = 'open' and lapses_at < ${now}::timestamptz returning id`.execute(db);
  return rows.length;
}

const IS_OPEN_CALL = (storeId: StoreId) => sql`store_id = ${storeId} and status = 'open' and channel = 'phone' and kind <> 'message'`;
const LASTS_UNTIL = sql`coalesce(lapses_at, due_at)`;

/**
 * Calls, or groups of calls that are alike, with the day they show and the last day they can wait for: overdue ones count today; what was
 * promised by the hour, or put off to a time that somebody chose, cannot wait. Each time is turned into a day once, which costs more
 * than all the rest.
 */
function onTheirDays(calls: RawBuilder<unknown>, zone: string, today: CivilDate): RawBuilder<unknown> {
  return sql`select c.*, case when urgency = 0 or local_show > show_on then show_on else greatest(local_last::date, show_on) end as latest_on
    from (select c.*, greatest(local_show::date, ${today}::date) as show_on
      from (select c.*, show_at at time zone ${zone} as local_show, last_at at time zone ${zone} as local_last from (${calls}) as c offset 0) as c
      offset 0) as c`;
}

/** How many calls each person and each role has on each day from today on; read from the index of my day alone. */
export async function listCallLoads(db: Db, storeId: StoreId, zone: string, today: CivilDate): Promise<DayLoad[]> {
  const alike = sql`select assignee_id, case when assignee_id is null then role end as role, urgency, show_at, ${LASTS_UNTIL} as last_at, count(*) as calls
    from tasks where ${IS_OPEN_CALL(storeId)} group by 1, 2, 3, 4, 5`;
  const { rows } = await sql<DayLoad>`select assignee_id as "assigneeId", role, show_on as "showOn", sum(calls)::integer as calls,
      coalesce(sum(calls) filter (where latest_on > show_on), 0)::integer as "canWait"
    from (${onTheirDays(alike, zone, today)}) as c group by assignee_id, role, show_on`.execute(db);
  return rows;
}

/** The open calls of these people and roles that can wait. */
export async function listCalls(
  db: Db,
  storeId: StoreId,
  zone: string,
  today: CivilDate,
  queues: readonly CallQueue[],
): Promise<PlannedCall[]> {
  if (queues.length === 0) return [];
  const people = queues.flatMap(({ assigneeId }) => (assigneeId === null ? [] : [assigneeId]));
  const roles = queues.flatMap((queue) => (queue.assigneeId === null ? [queue.role] : []));
  const calls = sql`select id, assignee_id, role, priority, urgency, show_at, ${LASTS_UNTIL} as last_at from tasks where ${IS_OPEN_CALL(storeId)}`;
  // Found in the index; only for those that can wait the table is asked what they are.
  const { rows } = await sql<PlannedCall>`with c as materialized (select * from (${onTheirDays(
    sql`${calls} and assignee_id = any(${people}::uuid[])
        union all ${calls} and assignee_id is null and role = any(${roles}::text[])`,
    zone,
    today,
  )}) as c where latest_on > show_on)
    select c.id as "taskId", coalesce(t.occurrence_key, c.id::text) as key, c.assignee_id as "assigneeId", c.role, show_on as "showOn", latest_on as "latestOn", c.priority
    from c join tasks t on t.store_id = ${storeId} and t.id = c.id`.execute(db);
  return rows;
}

/** Who of the store can make calls: active, a person, and able to sign in. */
export async function listCallers(db: Db, storeId: StoreId): Promise<Caller[]> {
  const { rows } =
    await sql<Caller>`select s.id as "staffId", s.role from staff s join accounts a on a.id = s.account_id and a.status = 'active'
    where s.store_id = ${storeId} and s.status = 'active' and ${isPerson('s')}`.execute(db);
  return rows;
}

/** Shows calls on a later day and says since which; their due time stays. */
export async function showLater(
  db: Db,
  storeId: StoreId,
  moves: readonly { taskId: TaskId; from: CivilDate; showAt: Instant }[],
  now: Instant,
): Promise<void> {
  if (moves.length === 0) return;
  await sql`update tasks set show_at = m."showAt", reason = ${withMovedFrom(sql`reason`, sql`coalesce(reason #>> '{params,movedFrom}', m."from")`)},
      updated_at = ${now}::timestamptz, version = version + 1
    from json_to_recordset(${JSON.stringify(moves)}::json) as m ("taskId" uuid, "from" text, "showAt" timestamptz)
    where store_id = ${storeId} and id = m."taskId" and status = 'open'`.execute(db);
}

// Why a call shows on another day than its rule says is told with its reason, by the day it would have shown first.
function withMovedFrom(reason: RawBuilder<unknown>, from: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${reason} || jsonb_build_object('params', coalesce(${reason} -> 'params', '{}') || jsonb_build_object('movedFrom', ${from}))`;
}

export type MissedRow = {
  readonly taskId: TaskId;
  readonly ruleKey: string | null;
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly assigneeName: string | null;
  readonly role: string;
  readonly channel: string;
  readonly dueAt: Instant;
  readonly missedAt: Instant;
};

/** Missed tasks, the latest first, after a place in that order. */
export async function listMissed(
  db: Db,
  storeId: StoreId,
  staffIds: readonly StaffId[] | null,
  after: { at: Instant; id: string } | null,
  limit: number,
): Promise<MissedRow[]> {
  let query = db
    .selectFrom('tasks as t')
    .innerJoin('customers as c', (join) => join.onRef('c.store_id', '=', 't.store_id').onRef('c.id', '=', 't.customer_id'))
    .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 't.store_id').onRef('s.id', '=', 't.assignee_id'))
    .select([
      't.id',
      't.rule_key',
      't.customer_id',
      'c.name as customer_name',
      's.name as assignee_name',
      't.role',
      't.channel',
      't.due_at',
      't.finished_at',
    ])
    .where('t.store_id', '=', storeId)
    .where('t.status', '=', 'missed')
    .where('t.finished_at', 'is not', null);
  if (staffIds !== null) query = query.where('t.assignee_id', 'in', staffIds.length > 0 ? [...staffIds] : [null as never]);
  if (after) query = query.where((eb) => eb(eb.refTuple('t.finished_at', 't.id'), '<', eb.tuple(after.at, after.id)));
  const rows = await query.orderBy('t.finished_at', 'desc').orderBy('t.id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    taskId: row.id as TaskId,
    ruleKey: row.rule_key,
    customerId: row.customer_id as CustomerId,
    customerName: row.customer_name,
    assigneeName: row.assignee_name,
    role: row.role,
    channel: row.channel,
    dueAt: row.due_at as Instant,
    missedAt: row.finished_at as Instant, // missed tasks have one
  }));
}

export type RuleCounts = { readonly ruleKey: string; readonly open: number; readonly done: number; readonly missed: number };

/** What each rule has open, and what became of its tasks since a day. */
export async function countByRule(db: Db, storeId: StoreId, since: CivilDate): Promise<RuleCounts[]> {
  const { rows } = await sql<RuleCounts>`select rule_key as "ruleKey", (count(*) filter (where status = 'open'))::integer as open,
      (count(*) filter (where status = 'done'))::integer as done, (count(*) filter (where status = 'missed'))::integer as missed
    from tasks where store_id = ${storeId} and rule_key is not null and not_before_on >= ${since} group by rule_key`.execute(db);
  return rows;
}

/** Names of customers and staff, by id. */
export async function readNames(
  db: Db,
  storeId: StoreId,
  customers: readonly CustomerId[],
  staff: readonly StaffId[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{
    id: string;
    name: string;
  }>`select id, name from customers where store_id = ${storeId} and id = any(${[...customers]}::uuid[])
    union all select id, name from staff where store_id = ${storeId} and id = any(${[...staff]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

import type { CareRuleKey, Occurrence, OccurrenceKey, PlanCancellation, PlannedTask, Suppression } from '@baoke/core/care';
import type { CivilDate, CustomerId, Instant, StaffId, StoreId, TaskId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export * from './candidates.ts';
export { readFacts } from './facts.ts';
export * from './rules.ts';

/** What the planner made of these customers so far, settled tasks included. */
export async function listPlanned(db: Db, storeId: StoreId, customers: readonly CustomerId[]): Promise<Map<CustomerId, PlannedTask[]>> {
  const rows = await db
    .selectFrom('tasks')
    .select(['id', 'customer_id', 'occurrence_key', 'slot', 'rule_key', 'status', 'anchor_on', 'not_before_on', 'due_at', 'lapses_at'])
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
  sql.raw(`(id uuid, kind text, status text, occurrence_key text, slot text, rule_key text, customer_id uuid, vehicle_id uuid, assignee_id uuid, role text,
  channel text, purpose text, priority smallint, urgency smallint, result text, script text, topics text[], anchor_on date, not_before_on date, show_at timestamptz,
  due_at timestamptz, lapses_at timestamptz, reason jsonb)`);

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
  }>`insert into tasks (store_id, id, kind, status, occurrence_key, slot, rule_key, customer_id, vehicle_id, assignee_id, role, channel, purpose,
      priority, urgency, result, script, topics, anchor_on, not_before_on, show_at, due_at, lapses_at, reason, created_at, updated_at, finished_at)
    select ${storeId}, id, kind, status, occurrence_key, slot, rule_key, customer_id, vehicle_id, assignee_id, role, channel, purpose,
      priority, urgency, result, script, topics, anchor_on, not_before_on, show_at, due_at, lapses_at, reason, ${now}::timestamptz, ${now}::timestamptz, case when status = 'missed' then ${now}::timestamptz end
    from json_to_recordset(${JSON.stringify(tasks.map(taskJson))}::json) as t ${RECORDSET}
    on conflict (store_id, occurrence_key) where occurrence_key is not null do nothing returning status`.execute(db);
  const missed = rows.filter((row) => row.status === 'missed').length;
  return { open: rows.length - missed, missed };
}

/** Gives open tasks the dates of their moved event and brings cancelled ones back; who has them keeps them, a next try stays while the day does. */
export async function moveTasks(db: Db, storeId: StoreId, tasks: readonly NewTask[], now: Instant): Promise<number> {
  if (tasks.length === 0) return 0;
  const { rows } =
    await sql`update tasks set status = 'open', occurrence_key = t.occurrence_key, slot = t.slot, rule_key = t.rule_key, vehicle_id = t.vehicle_id, anchor_on = t.anchor_on,
      show_at = case when tasks.status = 'open' and tasks.not_before_on = t.not_before_on then tasks.show_at else t.show_at end,
      not_before_on = t.not_before_on, due_at = t.due_at, lapses_at = t.lapses_at, urgency = t.urgency, reason = t.reason,
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

export type OpenCall = {
  readonly taskId: TaskId;
  readonly assigneeId: StaffId;
  readonly showOn: CivilDate;
  readonly latestOn: CivilDate;
  readonly priority: number;
};

/** Calls of people whose day holds more than the cap somewhere before `to`: what the planner levels. Overdue ones count today. */
export async function listCrowdedCalls(
  db: Db,
  storeId: StoreId,
  zone: string,
  today: CivilDate,
  to: CivilDate,
  cap: number,
): Promise<OpenCall[]> {
  const { rows } = await sql<{ id: string; assignee_id: string; show_on: string; latest_on: string; priority: number }>`
    with calls as (
      select id, assignee_id, greatest((show_at at time zone ${zone})::date, ${today}::date) as show_on, priority,
        case when urgency = 0 then greatest((show_at at time zone ${zone})::date, ${today}::date)
          else greatest((coalesce(lapses_at, due_at) at time zone ${zone})::date, ${today}::date) end as latest_on
      from tasks where store_id = ${storeId} and status = 'open' and kind <> 'message' and channel = 'phone' and assignee_id is not null
        and show_at < (${to}::date)::timestamp at time zone ${zone}
    ), crowded as (select distinct assignee_id from calls group by assignee_id, show_on having count(*) > ${cap})
    select calls.* from calls join crowded using (assignee_id)`.execute(db);
  return rows.map((row) => ({
    taskId: row.id as TaskId,
    assigneeId: row.assignee_id as StaffId,
    showOn: row.show_on as CivilDate,
    latestOn: row.latest_on as CivilDate,
    priority: row.priority,
  }));
}

/** Shows tasks on a later day; their due time stays. */
export async function showLater(
  db: Db,
  storeId: StoreId,
  moves: readonly { taskId: TaskId; showAt: Instant }[],
  now: Instant,
): Promise<void> {
  if (moves.length === 0) return;
  await sql`update tasks set show_at = t."showAt", updated_at = ${now}::timestamptz, version = version + 1
    from json_to_recordset(${JSON.stringify(moves)}::json) as t ("taskId" uuid, "showAt" timestamptz) where store_id = ${storeId} and id = t."taskId" and status = 'open'`.execute(
    db,
  );
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

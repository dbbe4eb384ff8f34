import type { Reach, Role } from '@baoke/core/access';
import type { Instant, StaffId, StoreId, TaskId } from '@baoke/core/kernel';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { sql, type RawBuilder } from 'kysely';
import { complaintWithinReach } from '../complaints/queries.ts';
import { PRESSING_DUE } from '../complaints/rows.ts';
import type { Db } from '../connect.ts';
import { markedCustomer } from '../customers/standing.ts';
import { rowsAsJson, withInstants } from '../json.ts';
import { isOverdue, type TaskReach, withinReach } from './rows.ts';
import { type ListedTask, type ListedRow, BESIDE, JOINED, INSTANTS, toListed } from './listed.ts';

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
  if (filter.tab === 'today') parts.push(sql`t.show_at < ${tomorrow}::timestamptz`);
  if (filter.tab === 'overdue') parts.push(isOverdue(now));
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
  return sql`select c.*, ${PRESSING_DUE} as due_at,
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
        : sql`show_at < ${tomorrow}::timestamptz and ${filter.tab === 'overdue' ? isOverdue(now) : sql`true`}`;
  return sql`select c.id, c.number, c.kind, c.severity, c.status, c.call, c.content, c.due_at as "dueAt", c.minutes, c.paused_at as "pausedAt", c.pause_until as "pausedUntil",
      json_build_object('id', c.handler_id, 'name', h.name) as handler, v.plate, v.model,
      ${markedCustomer('k')} as customer
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
    complaints: withInstants(rows[0]?.complaints ?? [], ['dueAt', 'pausedAt', 'pausedUntil']),
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
      select t.* from tasks t where t.store_id = ${storeId} and t.status = 'open' and ${withinReach(reach)} and ${queueConditions(filter, view)} order by ${ORDER} limit ${view.limit + 1}) as t
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
      (count(*) filter (where ${isOverdue(now)}))::integer as overdue,
      (count(*) filter (where show_at >= ${tomorrow}::timestamptz))::integer as upcoming,
      (count(*) filter (where assignee_id is null and show_at < ${tomorrow}::timestamptz))::integer as unassigned,
      (select count(*)::integer from tasks d where d.store_id = ${storeId} and d.finished_at >= ${today}::timestamptz and d.status = 'done' and d.finished_by = ${me.id}) as "doneToday"
    from (
      select show_at, due_at, urgency, assignee_id from tasks where store_id = ${storeId} and status = 'open' and assignee_id = ${me.id} and kind <> 'message'
      union all
      select show_at, due_at, urgency, assignee_id from tasks where store_id = ${storeId} and status = 'open' and assignee_id is null and role = ${me.role} and kind <> 'message'
      union all
      select show_at, case when pause_state <> 'paused' then due_at end, 0, ${me.id}::uuid from (${complaintsOf(storeId, me, tomorrow)}) as k) as q`.execute(
    db,
  );
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

/**
 * Who of the reach has how much; tasks nobody has stand under their role. Who has nothing left keeps his line while he has done something today,
 * or is `named`.
 */
export async function listTeamLoad(
  db: Db,
  storeId: StoreId,
  reach: TaskReach,
  times: { now: Instant; today: Instant; tomorrow: Instant },
  named: StaffId | null = null,
): Promise<PersonLoad[]> {
  const { now, today, tomorrow } = times;
  const { rows } = await sql<PersonLoad>`with load as (
      select t.assignee_id, case when t.assignee_id is null then t.role end as role,
        (count(*) filter (where t.show_at < ${tomorrow}::timestamptz))::integer as today,
        (count(*) filter (where ${isOverdue(now)}))::integer as overdue,
        (count(*) filter (where t.show_at < ${tomorrow}::timestamptz and t.urgency = 0))::integer as sla,
        (count(*) filter (where t.show_at >= ${tomorrow}::timestamptz))::integer as upcoming
      from tasks t where t.store_id = ${storeId} and t.status = 'open' and t.kind <> 'message' and ${withinReach(reach)} group by 1, 2
    ), done as (
      select d.finished_by, count(*)::integer as n from tasks d where d.store_id = ${storeId} and d.finished_at >= ${today}::timestamptz and d.status = 'done' group by 1
    ), lines as (
      select * from load union all
      select t.assignee_id, null, 0, 0, 0, 0 from (
        select s.store_id, s.id as assignee_id, s.role from staff s
        where s.store_id = ${storeId} and (s.id = ${named}::uuid or (s.account_id is not null and s.id in (select finished_by from done)))) t
      where ${withinReach(reach)} and not exists (select from load l where l.assignee_id = t.assignee_id))
    select l.assignee_id as "assigneeId", s.name, coalesce(s.role, l.role) as role, s.account_id is not null as "hasAccount", coalesce(s.status = 'active', false) as active,
      l.today, l.overdue, l.sla, l.upcoming, coalesce(d.n, 0) as "doneToday"
    from lines l left join staff s on s.store_id = ${storeId} and s.id = l.assignee_id left join done d on d.finished_by = l.assignee_id
    order by l.overdue desc, l.today desc, l.upcoming desc, s.name`.execute(db);
  return rows;
}

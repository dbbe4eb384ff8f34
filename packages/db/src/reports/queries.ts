import type { Reach, Role } from '@baoke/core/access';
import { MOST_LAPSE_DAYS, MOST_OPEN_DAYS } from '@baoke/core/care';
import {
  SPOKEN_OUTCOMES,
  type CallbackCounts,
  type CallbackGroup,
  type CallbackMeasure,
  type CareMeasure,
  type CareRowMeasure,
} from '@baoke/core/insight';
import type { CareCounts, DeliveryRow, ReturnedRow, ServiceRow, TaskRow } from '@baoke/core/insight/wire';
import type { CivilDate, CustomerId, DateRange, Fen, Instant, OrderId, Rate, StaffId, StoreId, TaskId, VisitId } from '@baoke/core/kernel';
import { ASKING_OUTCOMES } from '@baoke/core/tasks';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { isOverdue } from '../tasks/rows.ts';

/** A period in days and in the store's instants, both half-open. */
export type Span = DateRange & { readonly start: Instant; readonly end: Instant };
export type CategoryCount = { readonly code: string; readonly visits: readonly number[]; readonly receivedFen: readonly number[] };

function within(column: RawBuilder<unknown>, reach: Reach): RawBuilder<boolean> {
  return reach === 'everyone' ? sql<boolean>`true` : sql<boolean>`${column} = any(${[...reach]}::uuid[])`;
}

/**
 * Visits (by day of arrival) and received fen (by day of the money) per category in each of the ranges, from the kept sums of the days.
 * Refunds count as money, not as visits. Source: document 000, weekly service report; 12, finding 4.
 */
export function countServiceDays(db: Db, storeId: StoreId, ranges: readonly DateRange[]): Promise<CategoryCount[]> {
  return counted(
    db,
    ranges,
    sql`select category, visits, received_fen from service_day_counts where store_id = ${storeId} and day >= r.from_on and day < r.to_on`,
  );
}

/** The same recounted from the visits themselves: for readers who may see only some advisors' visits, and as proof of the kept sums. */
export function recountServiceDays(db: Db, storeId: StoreId, ranges: readonly DateRange[], reach: Reach): Promise<CategoryCount[]> {
  const mine = within(sql`advisor_id`, reach);
  return counted(
    db,
    ranges,
    sql`select category, (not is_refund)::integer as visits, 0::bigint as received_fen from service_visits where store_id = ${storeId} and arrived_on >= r.from_on and arrived_on < r.to_on and ${mine}
      union all select category, 0, coalesce(received_fen, 0) from service_visits where store_id = ${storeId} and money_on >= r.from_on and money_on < r.to_on and ${mine}`,
  );
}

// `days` are the rows of one range `r`, found by the index; the answer is one value, for its numbers would be decoded one by one.
async function counted(db: Db, ranges: readonly DateRange[], days: RawBuilder<unknown>): Promise<CategoryCount[]> {
  const { rows } = await sql<{ counts: [code: string, at: number, visits: number, fen: number][] }>`
    select coalesce(json_agg(json_build_array(d.category, r.at, d.visits, d.fen)), '[]') as counts
    from unnest(${ranges.map(({ from }) => from)}::date[], ${ranges.map(({ to }) => to)}::date[]) with ordinality as r (from_on, to_on, at)
    cross join lateral (select category, sum(visits)::bigint as visits, sum(received_fen)::bigint as fen from (${days}) as day group by category) as d`.execute(
    db,
  );
  const counts = new Map<string, { code: string; visits: number[]; receivedFen: number[] }>();
  for (const [code, at, visits, fen] of rows[0]?.counts ?? []) {
    const count = counts.get(code) ?? { code, visits: ranges.map(() => 0), receivedFen: ranges.map(() => 0) };
    count.visits[at - 1] = visits;
    count.receivedFen[at - 1] = fen;
    counts.set(code, count);
  }
  return [...counts.values()];
}

export type ServiceFilter = {
  readonly period: DateRange;
  readonly of: 'visits' | 'money';
  readonly category?: string | undefined;
  readonly effective?: boolean | undefined;
  readonly limit: number;
  readonly after?: { day: CivilDate; id: VisitId } | undefined;
};

/**
 * The rows behind the weekly report, latest first, one beyond the limit: visits by day of arrival without refunds, which are none,
 * or whatever brought or gave back money, by day of the money.
 */
export async function listServiceRows(
  db: Db,
  storeId: StoreId,
  { period, of, category, effective, limit, after }: ServiceFilter,
  reach: Reach,
): Promise<ServiceRow[]> {
  const day = of === 'money' ? 'v.money_on' : 'v.arrived_on';
  let query = db
    .selectFrom('service_visits as v')
    .leftJoin('customers as c', (join) => join.onRef('c.store_id', '=', 'v.store_id').onRef('c.id', '=', 'v.customer_id'))
    .leftJoin('vehicles as k', (join) => join.onRef('k.store_id', '=', 'v.store_id').onRef('k.id', '=', 'v.vehicle_id'))
    .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'v.store_id').onRef('s.id', '=', 'v.advisor_id'))
    .select([
      'v.id',
      'v.order_no',
      'v.arrived_on',
      'v.money_on',
      'v.category',
      'v.state',
      'c.id as customer_id',
      'c.name as customer',
      'k.plate',
      'k.model',
      's.name as advisor',
      'v.mileage_km',
      'v.received_fen',
    ])
    .where('v.store_id', '=', storeId)
    .where(of === 'money' ? sql<boolean>`coalesce(v.received_fen, 0) <> 0` : sql<boolean>`not v.is_refund`)
    .where(day, '>=', period.from)
    .where(day, '<', period.to)
    .where(within(sql`v.advisor_id`, reach))
    .orderBy(day, 'desc')
    .orderBy('v.id', 'desc')
    .limit(limit + 1);
  if (category !== undefined) query = query.where('v.category', '=', category);
  if (effective !== undefined)
    query = query.where('v.category', 'in', (eb) =>
      eb.selectFrom('service_categories').select('code').where('store_id', '=', storeId).where('effective', '=', effective),
    );
  if (after) query = query.where(sql<boolean>`(${sql.ref(day)}, v.id) < (${after.day}::date, ${after.id}::uuid)`);
  return (await query.execute()).map((r) => ({
    id: r.id as VisitId,
    orderNo: r.order_no,
    arrivedOn: r.arrived_on as CivilDate,
    moneyOn: r.money_on as CivilDate, // made from the arrival at the latest, so never empty
    category: r.category,
    state: r.state as ServiceRow['state'],
    customer: r.customer_id && r.customer ? { id: r.customer_id as CustomerId, name: r.customer } : null,
    plate: r.plate,
    model: r.model,
    advisor: r.advisor,
    mileageKm: r.mileage_km,
    receivedFen: r.received_fen as Fen | null,
  }));
}

function ofPerson(personId: StaffId | undefined, unassigned: boolean | undefined): RawBuilder<boolean> {
  if (personId !== undefined) return sql<boolean>`person_id = ${personId}::uuid`;
  return unassigned ? sql<boolean>`person_id is null` : sql<boolean>`true`;
}

/** Keys of the care rules that call customers after such an event, from the rules of the store. */
export async function listCallRules(db: Db, storeId: StoreId, anchor: 'hand_back' | 'delivery'): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from care_rules where store_id = ${storeId} and value ->> 'anchor' = ${anchor}
    and value ->> 'channel' = 'phone' and value ->> 'outcome' = 'task' and value -> 'trigger' ->> 'shape' = 'after' order by key`.execute(
    db,
  );
  return rows.map((row) => row.key);
}

/** Days that a calendar of holidays or a promise to the customer can add to what a rule gives. */
const DOUBT_DAYS = 62;
/** How long past its due day a call may still wait to be made. */
const WAITING_DAYS = MOST_LAPSE_DAYS + DOUBT_DAYS;
/** How long before it is due a call may be made: it is planned before it opens. */
const AHEAD_DAYS = MOST_OPEN_DAYS + DOUBT_DAYS;

export type CallScope = {
  readonly span: Span;
  readonly ruleKeys: readonly string[];
  readonly reach: Reach;
  readonly personId?: StaffId | undefined;
  readonly unassigned?: boolean | undefined;
  /** One group of the report; a key of null is whatever has none. */
  readonly of?: { readonly by: CallbackGroup; readonly key: string | null } | undefined;
};

const GROUP_COLUMN = {
  person: 'person_id',
  rule: 'rule_key',
  team: 'team',
  said: 'said_about',
  cause: 'cause',
  unreached: 'unreached_because',
} as const satisfies Record<CallbackGroup, string>;

// The team whose work the call asks about: that of the visit, or of whoever sold the car.
const TEAM = sql`coalesce((select v.team from service_visits v where v.store_id = t.store_id and v.id = t.visit_id),
  (select s.team from orders o join staff s on s.store_id = o.store_id and s.id = o.consultant_id where o.store_id = t.store_id and o.id = t.order_id))`;
// What was answered, whether it was written with its shades or as yes or no, in a talk that asked for it.
const HEARD = sql`case when c.outcome = any(${[...ASKING_OUTCOMES]}::text[])
  then coalesce(nullif(c.satisfaction, 'not_asked'), case when c.satisfied then 'satisfied' when not c.satisfied then 'dissatisfied' end) end`;

// Each call once, with what happened to it in the period; a customer tried three times is one call. What was cancelled unmade is none; a call
// that was made stays one, whatever became of its task afterwards, or the figures of a past week would change.
// Calls and tries meet in a full join behind a fence, for it can only be hashed or merged. A left join was, once the statement had one plan for
// all values, a loop that grouped the tries of the period anew for every call.
function callsOf(
  storeId: StoreId,
  { span, ruleKeys, reach, personId, unassigned, of }: CallScope,
  by: CallbackGroup | undefined = of?.by,
): RawBuilder<unknown> {
  const latest = (value: RawBuilder<unknown>) =>
    sql`(array_agg(${value} order by c.occurred_at desc) filter (where ${value} is not null))[1]`;
  return sql`select * from (
    select t.id, t.rule_key, t.customer_id, t.vehicle_id, t.due_at, t.status as state, t.finished_at, t.role, coalesce(k.outcome, t.outcome) as outcome, coalesce(k.content, t.outcome_note) as note,
      coalesce(k.caller, t.finished_by, t.assignee_id) as person_id,
      t.due_at >= ${span.start}::timestamptz and t.due_at < ${span.end}::timestamptz as is_due,
      t.due_at < ${span.start}::timestamptz and (t.finished_at is null or t.finished_at >= ${span.start}::timestamptz) as is_carried,
      k.task_id is not null as is_called, coalesce(k.reached, false) as is_reached, k.heard is not null as is_answered,
      coalesce(k.heard = 'satisfied', false) as is_satisfied, coalesce(k.praised, false) as is_praised, coalesce(k.complained, false) as is_complained,
      k.heard, k.said_about, k.cause, k.unreached_because, ${by === 'team' ? TEAM : sql`null::text`} as team
    from (select * from tasks t where t.store_id = ${storeId} and t.rule_key = any(${[...ruleKeys]}::text[])
      and t.due_at >= ${span.start}::timestamptz - ${WAITING_DAYS}::integer * interval '1 day' and t.due_at < ${span.end}::timestamptz + ${AHEAD_DAYS}::integer * interval '1 day'
      and t.not_before_on < ${span.to}::date + ${DOUBT_DAYS}::integer) as t
    full join (
      select c.task_id, bool_or(c.outcome = any(${SPOKEN_OUTCOMES}::text[])) as reached,
        bool_or(c.praised) as praised, bool_or(c.complaint_id is not null) as complained,
        ${latest(HEARD)} as heard, ${latest(sql`c.said_about`)} as said_about, ${latest(sql`c.cause`)} as cause, ${latest(sql`c.unreached_because`)} as unreached_because,
        (array_agg(c.staff_id order by c.occurred_at desc))[1] as caller, (array_agg(c.outcome order by c.occurred_at desc))[1] as outcome, (array_agg(c.content order by c.occurred_at desc))[1] as content
      from contacts c where c.store_id = ${storeId} and c.occurred_at >= ${span.start}::timestamptz and c.occurred_at < ${span.end}::timestamptz and c.task_id is not null and c.taken_back_at is null and c.channel = 'phone'
      group by c.task_id) as k on k.task_id = t.id
    offset 0) as calls
    where id is not null and (is_called or state <> 'cancelled') and (is_due or is_carried or is_called) and ${within(sql`person_id`, reach)} and ${ofPerson(personId, unassigned)} and ${of ? sql`${sql.ref(GROUP_COLUMN[of.by])}::text is not distinct from ${of.key}::text` : sql`true`}`;
}

/** Rows grouped by `key`, with the name of the person where that is whom they are grouped by: names come to the groups, not to each row. */
function byGroup(
  storeId: StoreId,
  key: (typeof GROUP_COLUMN)[CallbackGroup] | 'role',
  counts: RawBuilder<unknown>,
  rows: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const groups = sql`select ${sql.ref(`c.${key}`)} as id, ${counts} from (${rows}) as c group by ${sql.ref(`c.${key}`)}`;
  return key === 'person_id'
    ? sql`select g.*, g.id::text as key, s.name as label from (${groups}) as g left join staff s on s.store_id = ${storeId} and s.id = g.id`
    : sql`select g.*, g.id as key, null::text as label from (${groups}) as g`;
}

/** Callback counts of a period by person, rule, team or what was heard; the sum over the groups is the whole. Source: document 000; W-03. */
export async function countCallbacks(
  db: Db,
  storeId: StoreId,
  scope: CallScope,
  by: CallbackGroup,
): Promise<{ key: string | null; label: string | null; counts: CallbackCounts }[]> {
  const counts = sql`count(*) filter (where is_due) as due, count(*) filter (where is_due and is_called) as due_called,
    count(*) filter (where is_carried) as carried, count(*) filter (where is_carried and is_called) as carried_called,
    count(*) filter (where is_called) as made, count(*) filter (where is_reached) as reached,
    count(*) filter (where is_answered) as answered, count(*) filter (where is_satisfied) as satisfied,
    count(*) filter (where is_praised) as praised, count(*) filter (where is_complained) as complained`;
  const { rows } = await sql<{
    key: string | null;
    label: string | null;
    due: number;
    due_called: number;
    carried: number;
    carried_called: number;
    made: number;
    reached: number;
    answered: number;
    satisfied: number;
    praised: number;
    complained: number;
  }>`${byGroup(storeId, GROUP_COLUMN[by], counts, callsOf(storeId, scope, by))} order by made desc, key`.execute(db);
  return rows.map((r) => ({
    key: r.key,
    label: r.label,
    counts: {
      due: r.due,
      dueCalled: r.due_called,
      carriedOver: r.carried,
      carriedOverCalled: r.carried_called,
      made: r.made,
      reached: r.reached,
      answered: r.answered,
      satisfied: r.satisfied,
      praised: r.praised,
      complained: r.complained,
    },
  }));
}

const CALLBACK_CONDITIONS: Readonly<Record<CallbackMeasure, RawBuilder<boolean>>> = {
  due: sql`is_due`,
  dueCalled: sql`is_due and is_called`,
  dueNotCalled: sql`is_due and not is_called`,
  carriedOver: sql`is_carried`,
  made: sql`is_called`,
  reached: sql`is_reached`,
  notReached: sql`is_called and not is_reached`,
  answered: sql`is_answered`,
  notAsked: sql`is_reached and not is_answered`,
  satisfied: sql`is_satisfied`,
  other: sql`is_answered and not is_satisfied`,
  praised: sql`is_praised`,
  complained: sql`is_complained`,
  ahead: sql`is_called and not is_due and not is_carried`,
};

/** Where a page of tasks goes on. */
export type TaskPage = { readonly limit: number; readonly after?: { dueAt: Instant; id: TaskId } | undefined };

/** The calls behind a figure of the callback statistics, latest due first, one beyond the limit. */
export function listCallbackRows(
  db: Db,
  storeId: StoreId,
  scope: CallScope,
  measure: CallbackMeasure,
  page: TaskPage,
): Promise<CodedTaskRow[]> {
  return taskRows(db, storeId, sql`select * from (${callsOf(storeId, scope)}) as every where ${CALLBACK_CONDITIONS[measure]}`, page);
}

export type CareScope = {
  readonly span: Span;
  readonly now: Instant;
  readonly reach: Reach;
  readonly ruleKey?: string | undefined;
  readonly role?: Role | undefined;
  readonly personId?: StaffId | undefined;
  readonly unassigned?: boolean | undefined;
};

function careTasksOf(
  storeId: StoreId,
  { span, reach, ruleKey, role, personId, unassigned }: CareScope,
  by: 'due' | 'lapse' = 'due',
): RawBuilder<unknown> {
  const inSpan = (instant: RawBuilder<unknown>) => sql`${instant} >= ${span.start}::timestamptz and ${instant} < ${span.end}::timestamptz`;
  return sql`select * from (
    select t.id, t.rule_key, t.customer_id, t.vehicle_id, t.due_at, t.status as state, t.finished_at, t.role, t.outcome, t.outcome_note as note, coalesce(t.finished_by, t.assignee_id) as person_id,
      null::text as heard, false as is_praised, null::text as said_about, null::text as cause, null::text as unreached_because
    from tasks t where t.store_id = ${storeId} and t.rule_key ${ruleKey === undefined ? sql`is not null` : sql`= ${ruleKey}`} and t.kind <> 'message' and t.status <> 'cancelled'
      and ${by === 'due' ? inSpan(sql`t.due_at`) : sql`t.status = 'missed' and ${inSpan(sql`t.finished_at`)}`}
      and ${role === undefined ? sql`true` : sql`t.role = ${role}`}) as due
    where ${within(sql`person_id`, reach)} and ${ofPerson(personId, unassigned)}`;
}

const careCondition = (measure: CareRowMeasure, now: Instant): RawBuilder<boolean> =>
  ({
    planned: sql<boolean>`true`,
    doneInTime: sql<boolean>`state = 'done' and finished_at <= due_at`,
    doneLate: sql<boolean>`state = 'done' and finished_at > due_at`,
    skipped: sql<boolean>`state = 'skipped'`,
    missed: sql<boolean>`state = 'missed'`,
    overdue: sql<boolean>`state = 'open' and ${isOverdue(now)}`,
    waiting: sql<boolean>`state = 'open' and not ${isOverdue(now)}`,
    lapsed: sql<boolean>`state = 'missed'`,
  })[measure];

/** Care tasks due in a period by what became of them; planned is the sum of the rest, cancelled ones are none (07, Reports). */
export async function countCare(
  db: Db,
  storeId: StoreId,
  scope: CareScope,
  by: 'rule' | 'role' | 'person',
): Promise<{ key: string | null; label: string | null; counts: CareCounts }[]> {
  const key = ({ rule: 'rule_key', role: 'role', person: 'person_id' } as const)[by];
  const count = (measure: CareMeasure) => sql`count(*) filter (where ${careCondition(measure, scope.now)})`;
  const counts = sql`count(*) as planned, ${count('doneInTime')} as done_in_time, ${count('doneLate')} as done_late, ${count('skipped')} as skipped,
    ${count('missed')} as missed, ${count('overdue')} as overdue, ${count('waiting')} as waiting`;
  const { rows } = await sql<{
    key: string | null;
    label: string | null;
    planned: number;
    done_in_time: number;
    done_late: number;
    skipped: number;
    missed: number;
    overdue: number;
    waiting: number;
  }>`${byGroup(storeId, key, counts, careTasksOf(storeId, scope))} order by planned desc, key`.execute(db);
  return rows.map((r) => ({
    key: r.key,
    label: r.label,
    counts: {
      planned: r.planned,
      doneInTime: r.done_in_time,
      doneLate: r.done_late,
      skipped: r.skipped,
      missed: r.missed,
      overdue: r.overdue,
      waiting: r.waiting,
    },
  }));
}

/** How many tasks lapsed in a period without having been done, whenever they were due. */
export async function countLapsed(db: Db, storeId: StoreId, scope: CareScope): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::integer as count from (${careTasksOf(storeId, scope, 'lapse')}) as x`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The tasks behind a figure of care execution, latest due first, one beyond the limit. */
export function listCareRows(db: Db, storeId: StoreId, scope: CareScope, measure: CareRowMeasure, page: TaskPage): Promise<CodedTaskRow[]> {
  return taskRows(
    db,
    storeId,
    sql`select * from (${careTasksOf(storeId, scope, measure === 'lapsed' ? 'lapse' : 'due')}) as every where ${careCondition(measure, scope.now)}`,
    page,
  );
}

/** A row with the codes of the store's lists in place of their words. */
export type CodedTaskRow = Omit<TaskRow, 'said' | 'cause' | 'unreached'> & {
  readonly said: string | null;
  readonly cause: string | null;
  readonly unreached: string | null;
};

async function taskRows(db: Db, storeId: StoreId, tasks: RawBuilder<unknown>, { limit, after }: TaskPage): Promise<CodedTaskRow[]> {
  const { rows } = await sql<{
    id: string;
    rule_key: string | null;
    customer_id: string;
    customer: string;
    plate: string | null;
    due_at: string;
    state: string;
    finished_at: string | null;
    person: string | null;
    role: string;
    outcome: string | null;
    note: string | null;
    heard: string | null;
    is_praised: boolean;
    said_about: string | null;
    cause: string | null;
    unreached_because: string | null;
  }>`
    select x.id, x.rule_key, x.customer_id, c.name as customer, v.plate, x.due_at, x.state, x.finished_at, s.name as person, x.role, x.outcome, x.note, x.heard, x.is_praised, x.said_about, x.cause, x.unreached_because
    from (select x.* from (${tasks}) as x where ${after ? sql`(x.due_at, x.id) < (${after.dueAt}::timestamptz, ${after.id}::uuid)` : sql`true`}
      order by x.due_at desc, x.id desc limit ${limit + 1}) as x join customers c on c.store_id = ${storeId} and c.id = x.customer_id
      left join vehicles v on v.store_id = ${storeId} and v.id = x.vehicle_id left join staff s on s.store_id = ${storeId} and s.id = x.person_id
    order by x.due_at desc, x.id desc`.execute(db);
  return rows.map((r) => ({
    id: r.id as TaskId,
    ruleKey: r.rule_key,
    customer: { id: r.customer_id as CustomerId, name: r.customer },
    plate: r.plate,
    dueAt: r.due_at as Instant,
    status: r.state as TaskRow['status'],
    // A missed task ended when its time was over; nobody finished it.
    finishedAt: r.state === 'missed' ? null : (r.finished_at as Instant | null),
    person: r.person,
    role: r.role as Role,
    outcome: r.outcome as TaskRow['outcome'],
    note: r.note,
    satisfaction: r.heard as TaskRow['satisfaction'],
    praised: r.is_praised,
    said: r.said_about,
    cause: r.cause,
    unreached: r.unreached_because,
  }));
}

// Each customer once, on the day of the first talk within the period, which is a day of the store.
function spokenTo(storeId: StoreId, span: Span, reach: Reach): RawBuilder<unknown> {
  return sql`select c.customer_id, (min(c.occurred_at) at time zone (select time_zone from stores where id = ${storeId}))::date as on_day from contacts c where c.store_id = ${storeId} and c.occurred_at >= ${span.start}::timestamptz and c.occurred_at < ${span.end}::timestamptz
      and c.task_id is not null and c.taken_back_at is null and c.outcome = any(${SPOKEN_OUTCOMES}::text[]) and ${within(sql`c.staff_id`, reach)} group by c.customer_id`;
}

export type ReturnedPage = { readonly limit: number; readonly after?: { day: CivilDate; id: CustomerId } | undefined };

/** The customers behind `countReturned`, the latest talk first, one beyond the limit. */
export async function listReturnedRows(
  db: Db,
  storeId: StoreId,
  { span, days, measure }: { readonly span: Span; readonly days: number; readonly measure: 'reached' | 'returned' },
  reach: Reach,
  { limit, after }: ReturnedPage,
): Promise<ReturnedRow[]> {
  const { rows } = await sql<{
    customer_id: CustomerId;
    name: string;
    on_day: CivilDate;
    arrived_on: CivilDate | null;
    order_no: string | null;
  }>`select k.customer_id, n.name, k.on_day, v.arrived_on, v.order_no from (${spokenTo(storeId, span, reach)}) as k
    join customers n on n.store_id = ${storeId} and n.id = k.customer_id
    left join lateral (select v.arrived_on, v.order_no from service_visits v where v.store_id = ${storeId} and v.customer_id = k.customer_id and not v.is_refund
      and v.arrived_on > k.on_day and v.arrived_on <= k.on_day + ${days}::integer order by v.arrived_on, v.id limit 1) as v on true
    where ${measure === 'returned' ? sql`v.arrived_on is not null` : sql`true`} and ${after ? sql`(k.on_day, k.customer_id) < (${after.day}::date, ${after.id}::uuid)` : sql`true`}
    order by k.on_day desc, k.customer_id desc limit ${limit + 1}`.execute(db);
  return rows.map((r) => ({
    customer: { id: r.customer_id, name: r.name },
    spokenOn: r.on_day,
    arrivedOn: r.arrived_on,
    orderNo: r.order_no,
  }));
}

/** Customers spoken to on a care task in the period, and how many of them came to the workshop within `days` after it (CARE-33). */
export async function countReturned(db: Db, storeId: StoreId, span: Span, days: number, reach: Reach): Promise<Rate> {
  const { rows } = await sql<Rate>`select count(*) as whole, count(*) filter (where exists (
      select from service_visits v where v.store_id = ${storeId} and v.customer_id = k.customer_id and not v.is_refund
        and v.arrived_on > k.on_day and v.arrived_on <= k.on_day + ${days}::integer)) as part
    from (${spokenTo(storeId, span, reach)}) as k`.execute(db);
  return rows[0] ?? { part: 0, whole: 0 };
}

/** New cars handed over in the range by the consultants within reach. */
export async function countDeliveries(db: Db, storeId: StoreId, { from, to }: DateRange, reach: Reach): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`select count(*) as n from orders where store_id = ${storeId} and delivered_on >= ${from}::date and delivered_on < ${to}::date and state = 'delivered' and ${within(sql`consultant_id`, reach)}`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

export type DeliveryPage = { readonly limit: number; readonly after?: { day: CivilDate; id: OrderId } | undefined };

/** The deliveries behind their count, latest first, one beyond the limit. */
export async function listDeliveryRows(
  db: Db,
  storeId: StoreId,
  { from, to }: DateRange,
  reach: Reach,
  { limit, after }: DeliveryPage,
): Promise<DeliveryRow[]> {
  let query = db
    .selectFrom('orders as o')
    .innerJoin('customers as c', (join) => join.onRef('c.store_id', '=', 'o.store_id').onRef('c.id', '=', 'o.customer_id'))
    .leftJoin('vehicles as k', (join) => join.onRef('k.store_id', '=', 'o.store_id').onRef('k.id', '=', 'o.vehicle_id'))
    .leftJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'o.store_id').onRef('s.id', '=', 'o.consultant_id'))
    .select([
      'o.id',
      'o.delivered_on',
      'o.ordered_on',
      'c.id as customer_id',
      'c.name as customer',
      'k.plate',
      'o.model',
      's.name as consultant',
    ])
    .where('o.store_id', '=', storeId)
    .where('o.state', '=', 'delivered')
    .where('o.delivered_on', '>=', from)
    .where('o.delivered_on', '<', to)
    .where(within(sql`o.consultant_id`, reach))
    .orderBy('o.delivered_on', 'desc')
    .orderBy('o.id', 'desc')
    .limit(limit + 1);
  if (after) query = query.where(sql<boolean>`(o.delivered_on, o.id) < (${after.day}::date, ${after.id}::uuid)`);
  return (await query.execute()).map((r) => ({
    id: r.id as OrderId,
    deliveredOn: r.delivered_on as CivilDate, // the condition above leaves no empty one
    orderedOn: r.ordered_on as CivilDate,
    customer: { id: r.customer_id as CustomerId, name: r.customer },
    plate: r.plate,
    model: r.model,
    consultant: r.consultant,
  }));
}

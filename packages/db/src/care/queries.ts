import type {
  CareFacts,
  CareRule,
  CareRuleKey,
  Candidates,
  EventFact,
  Occurrence,
  OccurrenceKey,
  PlanCancellation,
  PlannedTask,
  Suppression,
} from '@baoke/core/care';
import {
  lunarOf,
  type CivilDate,
  type CustomerId,
  type Instant,
  type StaffId,
  type StoreId,
  type TaskId,
  type VehicleId,
} from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type StoredRule = { readonly rule: CareRule; readonly version: number; readonly updatedAt: Instant };

/** Keeps one planner of a store at work at a time, until the transaction ends. */
export async function lockPlanner(db: Db, storeId: StoreId): Promise<void> {
  await sql`select pg_advisory_xact_lock(7002, ${storeId})`.execute(db);
}

function toRule(row: { value: unknown; active: boolean; switched_on_at: string | null; version: number; updated_at: string }): StoredRule {
  const rule = row.value as CareRule;
  return {
    rule: { ...rule, activeSince: row.active ? (row.switched_on_at as Instant | null) : null },
    version: row.version,
    updatedAt: row.updated_at as Instant,
  };
}

const RULE = ['value', 'active', 'switched_on_at', 'version', 'updated_at'] as const;

/** The rules of a store in the order of their keys. */
export async function listRules(db: Db, storeId: StoreId): Promise<StoredRule[]> {
  const rows = await db.selectFrom('care_rules').select(RULE).where('store_id', '=', storeId).orderBy('key').execute();
  return rows.map(toRule);
}

export async function findRule(db: Db, storeId: StoreId, key: CareRuleKey): Promise<StoredRule | undefined> {
  const row = await db
    .selectFrom('care_rules')
    .select(RULE)
    .where('store_id', '=', storeId)
    .where('key', '=', key)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toRule(row);
}

export async function saveRules(db: Db, storeId: StoreId, rules: readonly CareRule[], by: StaffId | null, now: Instant): Promise<void> {
  if (rules.length === 0) return;
  await db
    .insertInto('care_rules')
    .values(
      rules.map((rule) => ({
        store_id: storeId,
        key: rule.key,
        value: JSON.stringify(rule),
        active: rule.activeSince !== null,
        switched_on_at: rule.activeSince,
        updated_at: now,
        updated_by: by,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['store_id', 'key']).doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        active: eb.ref('excluded.active'),
        switched_on_at: eb.ref('excluded.switched_on_at'),
        updated_at: eb.ref('excluded.updated_at'),
        updated_by: eb.ref('excluded.updated_by'),
        version: sql`care_rules.version + 1`,
      })),
    )
    .execute();
}

/** When the store began: its first rules are on since then. */
export async function getStoreBeginning(db: Db, storeId: StoreId): Promise<Instant> {
  const row = await db.selectFrom('stores').select('created_at').where('id', '=', storeId).executeTakeFirstOrThrow();
  return row.created_at as Instant;
}

export type PlannerRun = {
  readonly id: string;
  readonly kind: 'daily' | 'changes' | 'full';
  readonly plannedOn: CivilDate;
  readonly plannedTo: CivilDate;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly counts: Readonly<Record<string, number>>;
};

const RUN = ['id', 'kind', 'planned_on', 'planned_to', 'started_at', 'finished_at', 'counts'] as const;

function toRun(row: {
  id: string;
  kind: string;
  planned_on: string;
  planned_to: string | null;
  started_at: string;
  finished_at: string | null;
  counts: unknown;
}): PlannerRun {
  return {
    id: row.id,
    kind: row.kind as PlannerRun['kind'],
    plannedOn: row.planned_on as CivilDate,
    plannedTo: (row.planned_to ?? row.planned_on) as CivilDate,
    startedAt: row.started_at as Instant,
    finishedAt: (row.finished_at ?? row.started_at) as Instant,
    counts: (row.counts ?? {}) as Record<string, number>,
  };
}

/** The last finished run that looked at the whole store. */
export async function findLastRun(db: Db, storeId: StoreId): Promise<PlannerRun | undefined> {
  const row = await db
    .selectFrom('planner_runs')
    .select(RUN)
    .where('store_id', '=', storeId)
    .where('finished_at', 'is not', null)
    .where('kind', '<>', 'changes')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toRun(row);
}

export async function listRuns(db: Db, storeId: StoreId, limit: number): Promise<PlannerRun[]> {
  const rows = await db
    .selectFrom('planner_runs')
    .select(RUN)
    .where('store_id', '=', storeId)
    .where('finished_at', 'is not', null)
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRun);
}

export async function saveRun(db: Db, storeId: StoreId, run: PlannerRun): Promise<void> {
  await db
    .insertInto('planner_runs')
    .values({
      store_id: storeId,
      id: run.id,
      kind: run.kind,
      planned_on: run.plannedOn,
      planned_to: run.plannedTo,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      counts: JSON.stringify(run.counts),
    })
    .execute();
}

/** Owners after an id, for a plan of everybody. */
export async function listOwnerIds(db: Db, storeId: StoreId, after: CustomerId | null, limit: number): Promise<CustomerId[]> {
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('store_id', '=', storeId)
    .$if(after !== null, (q) => q.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id as CustomerId);
}

/** Customers on the list of changes, oldest first. */
export async function listDirty(db: Db, storeId: StoreId, limit: number): Promise<CustomerId[]> {
  const { rows } = await sql<{
    customer_id: string;
  }>`select distinct customer_id from (select customer_id from care_dirty where store_id = ${storeId} order by id limit ${limit}) as oldest`.execute(
    db,
  );
  return rows.map((row) => row.customer_id as CustomerId);
}

/**
 * Takes customers off the list. Called before their facts are read: what changes after that puts them on again.
 */
export async function clearDirty(db: Db, storeId: StoreId, customers: readonly CustomerId[]): Promise<void> {
  await sql`delete from care_dirty where store_id = ${storeId} and customer_id = any(${customers}::uuid[])`.execute(db);
}

/** Customers whose anchors lie in the ranges or on the days asked for. */
export async function listCandidates(db: Db, storeId: StoreId, { ranges, deliveredOn, bornOn }: Candidates): Promise<CustomerId[]> {
  const found = new Set<string>();
  const take = (rows: readonly { id: string | null }[]) => {
    for (const { id } of rows) if (id !== null) found.add(id);
  };
  for (const { anchor, from, to } of merged(ranges)) {
    const source = RANGE_SOURCES[anchor];
    if (source) take((await source(storeId, from, to).execute(db)).rows);
  }
  if (deliveredOn.length > 0)
    take(
      (
        await sql<{
          id: string | null;
        }>`select owner_id as id from vehicles where store_id = ${storeId} and delivered_on = any(${deliveredOn}::date[])`.execute(db)
      ).rows,
    );
  if (bornOn.solar.length > 0)
    take(
      (
        await sql<{
          id: string;
        }>`select id from customers where store_id = ${storeId} and birth_date = any(${bornOn.solar}::date[]) and birth_calendar is distinct from 'lunar'`.execute(
          db,
        )
      ).rows,
    );
  if (bornOn.lunar.length > 0)
    take(
      (
        await sql<{
          id: string;
        }>`select id from customers where store_id = ${storeId} and birth_date = any(${bornOn.lunar}::date[]) and birth_calendar = 'lunar'`.execute(
          db,
        )
      ).rows,
    );
  return [...found] as CustomerId[];
}

type Found = { id: string | null };
const RANGE_SOURCES: Partial<
  Record<EventFact['kind'], (storeId: StoreId, from: CivilDate, to: CivilDate) => ReturnType<typeof sql<Found>>>
> = {
  delivery: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and delivered_on between ${from} and ${to}`,
  // Handed back at most some weeks after arrival: the index is by arrival, the exact day is the planner's.
  hand_back: (s, from, to) =>
    sql<Found>`select coalesce(v.customer_id, c.owner_id) as id from service_visits v left join vehicles c on c.store_id = v.store_id and c.id = v.vehicle_id
      where v.store_id = ${s} and v.arrived_on between ${from}::date - 60 and ${to}`,
  insurance_expiry: (s, from, to) =>
    sql<Found>`select v.owner_id as id from insurance_policies p join vehicles v on v.store_id = p.store_id and v.id = p.vehicle_id where p.store_id = ${s} and p.expires_on between ${from} and ${to}`,
  warranty_end: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and warranty_until between ${from} and ${to}`,
  inspection_due: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and inspection_due_on between ${from} and ${to}`,
  maintenance_due: (s, from, to) =>
    sql<Found>`select owner_id as id from vehicles where store_id = ${s} and maintenance_due_on between ${from} and ${to}`,
  last_visit: (s, from, to) =>
    sql<Found>`select id from customers where store_id = ${s} and status = 'active' and last_visit_on between ${from} and ${to}
      union all select id from customers where store_id = ${s} and status = 'active' and last_visit_on is null and first_delivered_on between ${from} and ${to}`,
};

function merged(ranges: Candidates['ranges']): Candidates['ranges'] {
  const result: { anchor: EventFact['kind']; from: CivilDate; to: CivilDate }[] = [];
  for (const range of ranges.toSorted((a, b) => (a.anchor === b.anchor ? (a.from < b.from ? -1 : 1) : a.anchor < b.anchor ? -1 : 1))) {
    const last = result.at(-1);
    if (last && last.anchor === range.anchor && range.from <= last.to) last.to = range.to > last.to ? range.to : last.to;
    else result.push({ ...range });
  }
  return result;
}

export type AgedEvent = { readonly customerId: CustomerId; readonly on: CivilDate; readonly recordedAt: Instant };

/** Events old enough for a turn of an interval rule, one a customer: just what decides whether his turn falls in the window. */
export async function listAged(db: Db, storeId: StoreId, anchor: EventFact['kind'], to: CivilDate, zone: string): Promise<AgedEvent[]> {
  const column = anchor === 'last_contact' ? LAST_CONTACT(zone) : anchor === 'last_verified' ? LAST_VERIFIED(zone) : undefined;
  if (!column) return [];
  const { rows } = await sql<{ id: string; on: string; created_at: string }>`select id, ${column} as "on", created_at from customers c
    where store_id = ${storeId} and status = 'active' and first_delivered_on is not null and ${column} <= ${to}`.execute(db);
  return rows.map((row) => ({ customerId: row.id as CustomerId, on: row.on as CivilDate, recordedAt: row.created_at as Instant }));
}

// An owner nobody has talked to counts from his delivery, a file nobody has confirmed from its opening.
const LAST_CONTACT = (zone: string) =>
  sql<string>`coalesce((c.last_contact_at at time zone ${zone})::date, c.last_visit_on, c.first_delivered_on)`;
const LAST_VERIFIED = (zone: string) => sql<string>`coalesce(c.verified_on, (c.created_at at time zone ${zone})::date)`;

type CustomerRow = {
  id: string;
  kind: 'person' | 'company';
  status: string;
  birth_date: string | null;
  birth_calendar: 'solar' | 'lunar' | null;
  is_difficult: boolean;
  created_at: string;
  contacted_on: string | null;
  verified_on: string;
  visited_on: string | null;
  consultant: string | null;
  advisor: string | null;
  cars: number;
  owned: boolean;
  open_complaint: boolean;
  consents: { p: string; c: string; g: boolean }[] | null;
};
type VehicleRow = {
  id: string;
  owner_id: string;
  delivered_on: string | null;
  sold_by_us: boolean;
  warranty_until: string | null;
  inspection_due_on: string | null;
  maintenance_due_on: string | null;
  created_at: string;
  ordered_by: string | null;
  delivered_at: string | null;
  seller: string | null;
  policies: { k: string; e: string }[] | null;
};
type VisitRow = {
  id: string;
  customer_id: string;
  vehicle_id: string | null;
  on: string;
  handed_back_at: string | null;
  advisor: string | null;
  created_at: string;
};

// People without an account cannot be given tasks: theirs go to the role's queue (spec 13, staff named in files).
const WITH_ACCOUNT = sql`s.status = 'active' and s.account_id is not null`;
/** Visits that are the workshop's own business and bring nobody a call. */
const OWN_BUSINESS = ['internal_repair', 'pdi', 'parts_pickup'];

/**
 * What the planner knows of these customers. Cars that are gone and hand-backs before `handBacksFrom` are left out; a customer
 * who never had a car gets no events at all.
 */
export async function readFacts(
  db: Db,
  storeId: StoreId,
  zone: string,
  customers: readonly CustomerId[],
  handBacksFrom: CivilDate,
): Promise<CareFacts[]> {
  const people = await sql<CustomerRow>`select c.id, c.kind, c.status, c.birth_date, c.birth_calendar, c.is_difficult, c.created_at,
      ${LAST_CONTACT(zone)} as contacted_on, ${LAST_VERIFIED(zone)} as verified_on, coalesce(c.last_visit_on, c.first_delivered_on) as visited_on,
      (select s.id from staff s where s.store_id = c.store_id and s.id = c.consultant_id and ${WITH_ACCOUNT}) as consultant,
      (select s.id from staff s where s.store_id = c.store_id and s.id = c.advisor_id and ${WITH_ACCOUNT}) as advisor,
      (select count(*)::integer from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.status = 'in_use') as cars,
      exists (select from ownerships o where o.store_id = c.store_id and o.customer_id = c.id) or exists (select from vehicles v where v.store_id = c.store_id and v.owner_id = c.id) as owned,
      exists (select from complaints k where k.store_id = c.store_id and k.customer_id = c.id and k.status <> 'closed') as open_complaint,
      (select json_agg(json_build_object('p', purpose, 'c', channel, 'g', granted)) from (
        select distinct on (purpose, channel) purpose, channel, granted from consents k
        where k.store_id = c.store_id and k.customer_id = c.id and purpose in ('service', 'marketing') order by purpose, channel, at desc, id desc) as latest) as consents
    from customers c where c.store_id = ${storeId} and c.id = any(${customers}::uuid[]) and not c.is_store_itself and c.status <> 'merged'`.execute(
    db,
  );
  const cars =
    await sql<VehicleRow>`select v.id, v.owner_id, v.delivered_on, v.sold_by_us, v.warranty_until, v.inspection_due_on, v.maintenance_due_on, v.created_at,
      o.customer_id as ordered_by, o.delivered_at, o.seller,
      (select json_agg(json_build_object('k', p.kind, 'e', p.expires_on)) from (
        select kind, max(expires_on) as expires_on from insurance_policies i where i.store_id = v.store_id and i.vehicle_id = v.id group by kind) as p) as policies
    from vehicles v left join lateral (
      select o.customer_id, o.delivered_at, (select s.id from staff s where s.store_id = o.store_id and s.id = o.consultant_id and ${WITH_ACCOUNT}) as seller
      from orders o where o.store_id = v.store_id and o.vehicle_id = v.id and o.state = 'delivered' order by o.delivered_on desc limit 1) as o on true
    where v.store_id = ${storeId} and v.owner_id = any(${customers}::uuid[]) and v.status = 'in_use'`.execute(db);
  const visits =
    await sql<VisitRow>`select w.id, w.customer_id, w.vehicle_id, coalesce((w.handed_back_at at time zone ${zone})::date, w.left_on, w.settled_on) as "on", w.handed_back_at, w.created_at,
      (select s.id from staff s where s.store_id = w.store_id and s.id = w.advisor_id and ${WITH_ACCOUNT}) as advisor
    from service_visits w where w.store_id = ${storeId} and w.customer_id = any(${customers}::uuid[]) and w.arrived_on >= ${handBacksFrom}::date - 60
      and not w.is_refund and w.state = 'settled' and w.category <> all(${OWN_BUSINESS})`.execute(db);

  const carsOf = Map.groupBy(cars.rows, (row) => row.owner_id);
  const visitsOf = Map.groupBy(visits.rows, (row) => row.customer_id);
  const facts: CareFacts[] = [];
  for (const row of people.rows) {
    if (!row.owned) continue;
    const own = carsOf.get(row.id) ?? [];
    const ownIds = new Set(own.map((car) => car.id));
    const events = own.flatMap(carEvents);
    for (const visit of visitsOf.get(row.id) ?? []) {
      // A visit with a car that has since been sold brings no more calls.
      if (visit.on >= handBacksFrom && (visit.vehicle_id === null || ownIds.has(visit.vehicle_id))) events.push(handBack(visit));
    }
    if (own.length > 0) events.push(...personEvents(row));
    facts.push(toFacts(row, events));
  }
  return facts;
}

function event(kind: EventFact['kind'], on: string, recordId: string, recordedAt: string, more: Partial<EventFact> = {}): EventFact {
  return { kind, recordId, on: on as CivilDate, at: null, recordedAt: recordedAt as Instant, vehicleId: null, staffId: null, ...more };
}

function carEvents(car: VehicleRow): EventFact[] {
  const events: EventFact[] = [];
  const vehicleId = car.id as VehicleId;
  const add = (kind: EventFact['kind'], on: string | null, more: Partial<EventFact> = {}) => {
    if (on !== null) events.push(event(kind, on, more.recordId ?? car.id, car.created_at, { vehicleId, ...more }));
  };
  // Who bought the car later from somebody else was not handed it by us.
  if (car.sold_by_us && (car.ordered_by === null || car.ordered_by === car.owner_id))
    add('delivery', car.delivered_on, { at: car.delivered_at as Instant | null, staffId: car.seller as StaffId | null });
  add('warranty_end', car.warranty_until);
  add('inspection_due', car.inspection_due_on);
  add('maintenance_due', car.maintenance_due_on);
  for (const policy of car.policies ?? []) add('insurance_expiry', policy.e, { recordId: `${car.id}:${policy.k}` });
  return events;
}

function handBack(visit: VisitRow): EventFact {
  return event('hand_back', visit.on, visit.id, visit.created_at, {
    at: visit.handed_back_at as Instant | null,
    vehicleId: visit.vehicle_id as VehicleId | null,
    staffId: visit.advisor as StaffId | null,
  });
}

function personEvents(row: CustomerRow): EventFact[] {
  const events = [event('last_verified', row.verified_on, row.id, row.created_at)];
  if (row.contacted_on !== null) events.push(event('last_contact', row.contacted_on, row.id, row.created_at));
  if (row.visited_on !== null) events.push(event('last_visit', row.visited_on, row.id, row.created_at));
  return events;
}

function toFacts(row: CustomerRow, events: EventFact[]): CareFacts {
  const consents = row.consents ?? [];
  type Consent = CareFacts['objections'][number];
  return {
    customerId: row.id as CustomerId,
    kind: row.kind,
    onFileSince: row.created_at as Instant,
    stopped: row.status === 'deceased' ? 'deceased' : row.status === 'anonymised' ? 'erased' : row.cars === 0 ? 'transferred' : null,
    difficult: row.is_difficult,
    openComplaint: row.open_complaint,
    objections: consents.filter((consent) => !consent.g).map(({ p, c }) => ({ purpose: p, channel: c }) as Consent),
    marketingConsent: consents.filter((consent) => consent.g && consent.p === 'marketing').map(({ c }) => c as Consent['channel']),
    consultantId: row.consultant as StaffId | null,
    advisorId: row.advisor as StaffId | null,
    // The points ledger comes with loyalty; until then nobody has any.
    points: 0,
    contactedOn: [],
    events,
    births: row.birth_date === null || row.kind === 'company' ? [] : [birth(row, row.birth_date as CivilDate)],
  };
}

// The file keeps the solar day of birth; the calendar beside it says which anniversary is celebrated.
function birth(row: CustomerRow, born: CivilDate): CareFacts['births'][number] {
  const calendar = row.birth_calendar ?? 'solar';
  const monthDay = calendar === 'lunar' ? lunarOf(born) : { month: Number(born.slice(5, 7)), day: Number(born.slice(8, 10)), leap: false };
  return {
    kind: 'birthday',
    recordId: row.id,
    calendar,
    monthDay: { month: monthDay.month, day: monthDay.day, leap: monthDay.leap },
    recordedAt: row.created_at as Instant,
  };
}

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

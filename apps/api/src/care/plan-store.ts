import {
  candidates,
  countsWorkingDays,
  countsContacts,
  crowdedQueues,
  DEFAULT_CARE_POLICY,
  diff,
  levelCalls,
  listedDays,
  onSince,
  partedRules,
  planner,
  presetRules,
  reachBackDays,
  roomOfRoles,
  roomToWait,
  type Candidates,
  type CarePolicy,
  type CareRule,
  type CareRuleKey,
  type DayLoad,
  type MovedCall,
  type Occurrence,
  type PlanCancellation,
  type PlanWindow,
  type Room,
  type Suppression,
} from '@baoke/core/care';
import {
  addDays,
  dateIn,
  daysBetween,
  isOpenOn,
  maxDate,
  minDate,
  startOfDay,
  type BusinessCalendar,
  type CivilDate,
  type CustomerId,
  type Instant,
  type StoreId,
  type TaskId,
  type TimeZone,
} from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool } from '@baoke/db';
import { findPolicy, listSettings } from '@baoke/db/settings';
import { readCalendar } from '@baoke/db/stores';
import * as db from '@baoke/db/care';
import { newId } from '../ids.ts';

/** Days ahead for which tasks exist: what comes up this week and the next can be seen, and moved when its date moves. */
const HORIZON_DAYS = 14;
/** Customers of one transaction: short enough to let others in between, long enough that round trips do not count. */
const CHUNK = 1_000;
/** A longer outage is not caught up day by day: what lapsed in it is beyond telling whom it would have concerned. */
const LONGEST_OUTAGE_DAYS = 400;

export type PlannedStore = { readonly id: StoreId; readonly zone: TimeZone };
type PlanRequest = {
  readonly now: Instant;
  /** The store's day to plan for; the day of `now` when left out. */
  readonly date?: CivilDate;
  /** `changes` looks only at customers whose facts changed, `daily` also at whom the new days concern, `full` at everybody. */
  readonly kind: 'daily' | 'changes' | 'full';
};

type Setting = {
  readonly rules: readonly CareRule[];
  readonly policy: CarePolicy;
  readonly calendar: BusinessCalendar;
  readonly last: db.PlannerRun | undefined;
  readonly changed: boolean;
};

/** The store's rules and numbers. A store that has no rules yet gets the combined preset, on since the store began (04). */
export async function readSetting(tx: Db, { id, zone }: PlannedStore): Promise<Setting> {
  let stored = await db.listRules(tx, id);
  if (stored.length === 0) {
    const createdAt = await db.getStoreBeginning(tx, id);
    await db.saveRules(
      tx,
      id,
      presetRules('combined').map((rule) => onSince(rule, createdAt)),
      null,
      createdAt,
    );
    stored = await db.listRules(tx, id);
  }
  const changes = (await findPolicy(tx, id, 'care'))?.value as Partial<CarePolicy> | undefined;
  const calendar = await readCalendar(tx, id);
  const last = await db.findLastRun(tx, id);
  const rules = stored.map(({ rule }) => rule);
  const changedAt = stored.map(({ updatedAt }) => updatedAt);
  if (rules.some(countsWorkingDays))
    for (const { savedAt } of await listSettings(tx, id, 'calendar', { limit: 1 })) changedAt.push(savedAt);
  return {
    rules,
    policy: { ...DEFAULT_CARE_POLICY, ...changes, zone, calendarDays: calendar.exceptions },
    calendar,
    last,
    changed: last === undefined || changedAt.some((at) => at > last.startedAt),
  };
}

/**
 * Plans the care of a store: tasks and messages appear, move, are cancelled or missed, until they agree with facts and rules.
 *
 * Running it twice, at once or days late changes nothing more: every chunk of customers is planned under the store's lock
 * against the tasks as they then stand, and an occurrence has one task by its key. What an outage let lapse is marked missed.
 * A run after a rule was changed, or the calendar of a store whose rules count working days, looks at everybody.
 *
 * Source: 04; 10 §1; 13, Planner.
 */
export async function planStore(pool: Pool, store: PlannedStore, request: PlanRequest): Promise<db.PlannerRun> {
  const inStore = <T>(work: (tx: Db) => Promise<T>) => inTransaction(pool, { storeId: store.id }, work);
  const date = request.date ?? dateIn(store.zone, request.now);
  const setting = await inStore(async (tx) => {
    await db.lockPlanner(tx, store.id);
    return readSetting(tx, store);
  });
  const { last } = setting;
  const kind = setting.changed && request.kind !== 'full' ? 'full' : request.kind;
  const horizon = addDays(date, HORIZON_DAYS + 1);
  const to = last === undefined ? horizon : kind === 'changes' ? last.plannedTo : maxDate(horizon, last.plannedTo);
  const outage = last === undefined ? 0 : Math.max(0, daysBetween(last.plannedOn, date));
  const window: PlanWindow = {
    from: addDays(date, -Math.min(reachBackDays(partedRules(setting.rules).planned, setting.policy) + outage, LONGEST_OUTAGE_DAYS)),
    to,
  };

  const counts: Record<string, number> = { customers: 0, created: 0, missed: 0, moved: 0, cancelled: 0, suppressed: 0, levelled: 0 };
  const add = (more: Readonly<Record<string, number>>) => {
    for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
  };
  const planChunk = chunkPlanner(store, setting, window, date, request.now);
  for await (const ids of kind === 'full' ? everybody(inStore, store.id) : await concerned(inStore, store, setting, kind, window))
    add(await inStore((tx) => planChunk(tx, ids)));

  return inStore(async (tx) => {
    await db.lockPlanner(tx, store.id);
    await db.deleteChecksBefore(tx, store.id, date);
    add({ missed: await db.lapseTasks(tx, store.id, request.now) });
    // A day ahead is planned for, not lived in: calls of the days before it keep their room, and their daily runs are still to come.
    const lived = minDate(date, dateIn(store.zone, request.now));
    const moves = await level(tx, store, setting, lived);
    await db.showLater(
      tx,
      store.id,
      moves.map(({ call, to: day }) => ({ taskId: call.taskId, from: call.showOn, showAt: startOfDay(store.zone, day) })),
      request.now,
    );
    add({ levelled: moves.length });
    const run: db.PlannerRun = {
      id: newId(),
      kind,
      plannedOn: date,
      plannedTo: to,
      startedAt: request.now,
      finishedAt: request.now,
      counts,
    };
    await db.saveRun(tx, store.id, { ...run, plannedOn: lived });
    return run;
  });
}

/** Which calls show later because their day is full: first those of each person, then those of each role over what that leaves its people. */
async function level(tx: Db, { id, zone }: PlannedStore, { policy, calendar }: Setting, today: CivilDate): Promise<MovedCall[]> {
  const cap = policy.callsPerPersonAndDay;
  const isOpen = (on: CivilDate) => isOpenOn(calendar, on);
  const loads = await db.listCallLoads(tx, id, zone, today);
  const levelled = async (of: readonly DayLoad[], whole: Room) => {
    const room = roomToWait(of, whole);
    return levelCalls(await db.listCalls(tx, id, zone, today, crowdedQueues(of, room, isOpen)), room, isOpen);
  };
  const [shared, own] = [loads.filter((load) => load.assigneeId === null), loads.filter((load) => load.assigneeId !== null)];
  const ownMoves = await levelled(own, () => cap);
  return [...ownMoves, ...(await levelled(shared, roomOfRoles(await db.listCallers(tx, id), own, ownMoves, cap)))];
}

type InStore = <T>(work: (tx: Db) => Promise<T>) => Promise<T>;

async function* everybody(inStore: InStore, storeId: StoreId): AsyncGenerator<CustomerId[]> {
  for (let after: CustomerId | null = null; ;) {
    const ids: CustomerId[] = await inStore((tx) => db.listOwnerIds(tx, storeId, after, CHUNK));
    if (ids.length === 0) return;
    yield ids;
    after = ids.at(-1) ?? null;
  }
}

/** Whose facts changed and, on a new day, whom the days concern that the last run had not opened yet. */
async function concerned(
  inStore: InStore,
  store: PlannedStore,
  { rules, policy, last }: Setting,
  kind: 'daily' | 'changes',
  window: PlanWindow,
): Promise<CustomerId[][]> {
  const ids = new Set<CustomerId>();
  await inStore(async (tx) => {
    for (const id of await db.listDirty(tx, store.id, 1_000_000)) ids.add(id);
    if (kind === 'changes' || last === undefined || last.plannedTo >= window.to) return;
    const opened: PlanWindow = { from: last.plannedTo, to: window.to };
    const sought = candidates(rules, policy, opened);
    if (sought.everyone) {
      for await (const chunk of everybody((work) => work(tx), store.id)) for (const id of chunk) ids.add(id);
      return;
    }
    for (const id of await db.listCandidates(tx, store.id, store.zone, sought)) ids.add(id);
    for (const id of await listTurns(tx, store, sought)) ids.add(id);
  });
  const inOrder = [...ids].toSorted();
  return Array.from({ length: Math.ceil(inOrder.length / CHUNK) }, (_, i) => inOrder.slice(i * CHUNK, (i + 1) * CHUNK));
}

/** Whom an interval rule gives a turn. */
export async function listTurns(tx: Db, { id, zone }: PlannedStore, { intervals }: Candidates): Promise<CustomerId[]> {
  const found: CustomerId[] = [];
  for (const { anchor, to, hasTurn } of intervals)
    for (const event of await db.listAged(tx, id, anchor, to, zone)) if (hasTurn(event.customerId, event)) found.push(event.customerId);
  return found;
}

/** Contacts of a year count; some days more, for a year that has just begun is looked at too. */
export function contactsFrom(rules: readonly CareRule[], date: CivilDate): CivilDate | null {
  return rules.some(countsContacts) ? addDays(date, -400) : null;
}

/** The days on which something may have opened that is still on the list, up to the day tasks are planned to. */
export function listedWindow(rules: readonly CareRule[], policy: CarePolicy, date: CivilDate, to: CivilDate): PlanWindow {
  const untilDue = rules.map((rule) => ({ ...rule, lapseDays: 0 }));
  return { from: addDays(date, -reachBackDays(untilDue, policy)), to };
}

function chunkPlanner(store: PlannedStore, { rules, policy, last }: Setting, window: PlanWindow, date: CivilDate, now: Instant) {
  const { planned: carriedOut, listed } = partedRules(rules);
  const planOne = planner(carriedOut, policy, window);
  const listOne = planner(listed, policy, listedWindow(listed, policy, date, window.to));
  const spokenFrom = contactsFrom(rules, date);
  const activeRules: ReadonlySet<CareRuleKey> = new Set(rules.filter((rule) => rule.activeSince !== null).map((rule) => rule.key));
  const context = { now, lastRunAt: last?.startedAt ?? null, window, activeRules, correctionDays: policy.correctionDays };
  const startOf = new Map<CivilDate, Instant>();
  const showAt = (occurrence: Occurrence): Instant => {
    let start = startOf.get(occurrence.notBeforeOn);
    if (start === undefined) startOf.set(occurrence.notBeforeOn, (start = startOfDay(store.zone, occurrence.notBeforeOn)));
    return start;
  };

  return async (tx: Db, ids: readonly CustomerId[]): Promise<Readonly<Record<string, number>>> => {
    await db.lockPlanner(tx, store.id);
    await db.clearDirty(tx, store.id, ids);
    const facts = await db.readFacts(tx, store.id, store.zone, ids, addDays(window.from, -60), spokenFrom);
    const planned = await db.listPlanned(tx, store.id, ids);
    const create: db.NewTask[] = [];
    const move: db.NewTask[] = [];
    const cancel: { taskId: TaskId; reason: PlanCancellation }[] = [];
    const suppressions: Suppression[] = [];
    const checks: db.Check[] = [];
    const known = new Map(facts.map((customer) => [customer.customerId, customer]));
    for (const id of ids) {
      const customer = known.get(id);
      const tasks = planned.get(id) ?? [];
      if (!customer && tasks.length === 0) continue;
      const plan = customer ? planOne(customer) : { occurrences: [], suppressions: [] };
      const changes = diff(plan, tasks, context);
      for (const { occurrence, status } of changes.create) create.push({ id: newId(), occurrence, status, showAt: showAt(occurrence) });
      for (const { taskId, to } of changes.move) move.push({ id: taskId, occurrence: to, status: 'open', showAt: showAt(to) });
      cancel.push(...changes.cancel);
      suppressions.push(...plan.suppressions);
      if (!customer) continue;
      const found = listOne(customer);
      suppressions.push(...found.suppressions);
      for (const { key, ruleKey, customerId, notBeforeOn: seenOn, dueOn, reason } of listedDays(found, policy))
        if (dueOn >= date) checks.push({ key, ruleKey, customerId, seenOn, dueOn, reason });
    }
    // Cancelled and moved first: what they leave behind must not stand in the way of what is new.
    const cancelled = await db.cancelTasks(tx, store.id, cancel, now);
    const moved = await db.moveTasks(tx, store.id, move, now);
    const { open, missed } = await db.insertTasks(tx, store.id, create, now);
    await db.replaceChecks(tx, store.id, ids, checks);
    const suppressed = await db.insertSuppressions(tx, store.id, suppressions, now);
    return { customers: ids.length, created: open, missed, moved, cancelled, suppressed };
  };
}

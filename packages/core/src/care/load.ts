import { addDays, type CivilDate, type StaffId, type TaskId } from '../kernel/index.ts';

/** Whose calls are levelled together: a person's own, or those of a role that nobody has taken. */
export type CallQueue = { readonly assigneeId: StaffId } | { readonly assigneeId: null; readonly role: string };

/** A planned call of somebody's day that could wait. */
export type PlannedCall = CallQueue & {
  readonly taskId: TaskId;
  /** Its occurrence: decides between calls that are alike, and is the same whoever plans them, and whenever. */
  readonly key: string;
  /** The day it would show. */
  readonly showOn: CivilDate;
  /** The last day it can wait for, later than that: beyond it, it would lapse or break a promise. */
  readonly latestOn: CivilDate;
  /** 1 is the most urgent. */
  readonly priority: number;
};

/** How many calls a queue shows on a day, and how many of them could wait. */
export type DayLoad = CallQueue & { readonly showOn: CivilDate; readonly calls: number; readonly canWait: number };

/** Somebody who takes calls: active, and may sign in. */
export type Caller = { readonly staffId: StaffId; readonly role: string };

export type MovedCall = { readonly call: PlannedCall; readonly to: CivilDate };

/** How many calls a queue has room for on a day. */
export type Room = (queue: CallQueue, on: CivilDate) => number;

/**
 * What a day leaves to the calls that a role shares: the cap of each of its people less his own calls, which come first as
 * they wait for him alone. A role without people has nothing to level over: its calls keep their day, where the manager sees
 * that nobody takes them.
 *
 * Takes the loads of people as they are and the moves that level them. Source: 13, Planner (daily cap per person).
 */
export function roomOfRoles(people: readonly Caller[], loads: readonly DayLoad[], moves: readonly MovedCall[], capPerDay: number): Room {
  const own = new Map<string, number>();
  const add = (assigneeId: StaffId | null, on: CivilDate, calls: number) =>
    own.set(`${assigneeId}|${on}`, (own.get(`${assigneeId}|${on}`) ?? 0) + calls);
  for (const { assigneeId, showOn, calls } of loads) add(assigneeId, showOn, calls);
  for (const { call, to } of moves) {
    add(call.assigneeId, call.showOn, -1);
    add(call.assigneeId, to, 1);
  }
  const byRole = Map.groupBy(people, ({ role }) => role);
  return (queue, on) => {
    const callers = queue.assigneeId === null ? byRole.get(queue.role) : undefined;
    if (callers === undefined) return Infinity;
    return callers.reduce((room, { staffId }) => room + Math.max(0, capPerDay - (own.get(`${staffId}|${on}`) ?? 0)), 0);
  };
}

/** The room that is left when the calls that cannot wait have theirs; nothing, where they are more than the room. */
export function roomToWait(loads: readonly DayLoad[], room: Room): Room {
  const fixed = new Map(loads.map((load) => [`${nameOf(load)}|${load.showOn}`, load.calls - load.canWait]));
  return (queue, on) => Math.max(0, room(queue, on) - (fixed.get(`${nameOf(queue)}|${on}`) ?? 0));
}

/** The queues some of whose calls can wait and have no room on their day: those whose calls have to be read and levelled. */
export function crowdedQueues(loads: readonly DayLoad[], room: Room, isOpen: (on: CivilDate) => boolean): CallQueue[] {
  const crowded = loads.filter((load) => isOpen(load.showOn) && load.canWait > room(load, load.showOn));
  return [...new Map(crowded.map((load) => [nameOf(load), load])).values()];
}

/**
 * Moves the least urgent calls of a full day on to the next day with room, queue by queue.
 *
 * What waited for its last day stays there, even above the room; what waited yesterday counts first today. Nothing is moved to
 * a day the store is closed, and what its rule shows on such a day stays there. Each move is given back, so that it can be
 * shown. The task's due time is a promise and does not move, only the day it shows.
 *
 * Levelling again moves nothing, and calls that become known day by day come to lie as if they had been known together.
 * Source: 13, Planner (daily cap per person, default 40).
 */
export function levelCalls(calls: readonly PlannedCall[], room: Room, isOpen: (on: CivilDate) => boolean): MovedCall[] {
  const moved: MovedCall[] = [];
  for (const queued of Map.groupBy(calls, nameOf).values()) {
    const byDay = Map.groupBy(queued, (call) => call.showOn);
    const days = [...byDay.keys()].toSorted();
    let carried: Waiting[] = [];
    for (let i = 0, day = days[0]; day !== undefined;) {
      const today = day;
      if (isOpen(today)) {
        const own = (byDay.get(today) ?? []).map((call) => ({ call, lastOn: lastOpenDay(call, isOpen) }));
        // Two parts in order, which sorting recognises and merges: a list of thousands is carried over many days.
        const waiting = [...carried, ...own.toSorted(byUrgency)].toSorted(byUrgency);
        const must = waiting.filter(({ lastOn }) => lastOn <= today);
        const may = waiting.filter(({ lastOn }) => lastOn > today);
        const left = Math.max(0, room(queued[0]!, today) - must.length); // groups are not empty
        for (const { call } of [...must, ...may.slice(0, left)]) if (call.showOn !== today) moved.push({ call, to: today });
        carried = may.slice(left);
      }
      if (day === days[i]) i += 1;
      day = carried.length > 0 ? addDays(day, 1) : days[i];
    }
  }
  return moved;
}

type Waiting = { readonly call: PlannedCall; readonly lastOn: CivilDate };

function nameOf(queue: CallQueue): string {
  return queue.assigneeId ?? queue.role;
}

/** The last day it can wait for on which the store is open; its own day when there is none. */
function lastOpenDay({ showOn, latestOn }: PlannedCall, isOpen: (on: CivilDate) => boolean): CivilDate {
  let on = latestOn;
  while (on > showOn && !isOpen(on)) on = addDays(on, -1);
  return on;
}

function byUrgency({ call: a, lastOn: aLast }: Waiting, { call: b, lastOn: bLast }: Waiting): number {
  return a.priority - b.priority || compare(aLast, bLast) || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

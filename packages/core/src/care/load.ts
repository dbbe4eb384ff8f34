import { addDays, type CivilDate, type StaffId, type TaskId } from '../kernel/index.ts';

/** A planned call in somebody's day. */
export type PlannedCall = {
  readonly taskId: TaskId;
  readonly assigneeId: StaffId;
  /** The day it would show. */
  readonly showOn: CivilDate;
  /** The last day it can wait for: beyond it, it would lapse or break a promise. */
  readonly latestOn: CivilDate;
  /** 1 is the most urgent. */
  readonly priority: number;
};

export type MovedCall = { readonly taskId: TaskId; readonly from: CivilDate; readonly to: CivilDate };

/**
 * Moves the least urgent calls of a full day on to the next day with room, person by person.
 *
 * Calls that cannot wait stay, even above the cap; what waited yesterday counts first today. Each move is given back, so
 * that it can be shown. The task's due time is a promise and does not move, only the day it shows.
 *
 * Source: 13, Planner (daily cap per person, default 40).
 */
export function levelCalls(calls: readonly PlannedCall[], capPerDay: number): MovedCall[] {
  const moved: MovedCall[] = [];
  for (const ofPerson of Map.groupBy(calls, (call) => call.assigneeId).values()) {
    const byDay = Map.groupBy(ofPerson, (call) => call.showOn);
    const days = [...byDay.keys()].toSorted();
    let carried: PlannedCall[] = [];
    for (let i = 0, day = days[0]; day !== undefined;) {
      const today = [...carried, ...(byDay.get(day) ?? [])].toSorted(
        (a, b) =>
          Number(a.latestOn > day!) - Number(b.latestOn > day!) ||
          a.priority - b.priority ||
          compare(a.latestOn, b.latestOn) ||
          compare(a.taskId, b.taskId),
      );
      const staying = today.filter((call, rank) => rank < capPerDay || call.latestOn <= day!);
      carried = today.filter((call, rank) => rank >= capPerDay && call.latestOn > day!);
      for (const call of staying) if (call.showOn !== day) moved.push({ taskId: call.taskId, from: call.showOn, to: day });
      if (day === days[i]) i += 1;
      day = carried.length > 0 ? addDays(day, 1) : days[i];
    }
  }
  return moved;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

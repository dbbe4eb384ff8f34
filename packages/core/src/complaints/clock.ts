import {
  addBusinessMinutes,
  addHours,
  addMinutes,
  businessMinutesBetween,
  dateIn,
  endOfDay,
  minutesBetween,
  type BusinessCalendar,
  type Instant,
  type TimeZone,
} from '../kernel/index.ts';
import type { Complaint, Promised } from './model.ts';
import { ESCALATION_LEVELS, type ComplaintPolicy, type DeadlineRow, type EscalationLevel, type Limit } from './policy.ts';

/**
 * The store's time, for promises that count its days or its opening hours. What was promised was counted by the calendar of that moment and goes
 * on being counted by it: a day that is closed afterwards takes nothing of the time a customer was promised.
 */
export type StoreTime = { readonly zone: TimeZone; readonly calendarAt: (at: Instant) => BusinessCalendar };

export type PromiseName = 'response' | 'close';

/** Freezes both promises of a complaint at its registration. Source: document 002, 1 h and 24 h from registration (COMP-03, -04). */
export function promise(row: DeadlineRow, registeredAt: Instant, time: StoreTime): { response: Promised; close: Promised } {
  return { response: freeze(row.response, row, registeredAt, time), close: freeze(row.close, row, registeredAt, time) };
}

function freeze(limit: Limit, row: DeadlineRow, from: Instant, time: StoreTime): Promised {
  if (limit === 'same_day') {
    const dueAt = endOfDay(time.zone, dateIn(time.zone, from));
    return { dueAt, minutes: Math.max(1, Math.round(minutesBetween(from, dueAt))) };
  }
  return {
    dueAt: row.businessHours ? inOpeningHours(from, limit.minutes, from, time) : addMinutes(from, limit.minutes),
    minutes: limit.minutes,
  };
}

function inOpeningHours(from: Instant, minutes: number, promisedAt: Instant, { calendarAt, zone }: StoreTime): Instant {
  return addBusinessMinutes(calendarAt(promisedAt), zone, from, minutes);
}

function advance(complaint: Complaint, from: Instant, minutes: number, time: StoreTime): Instant {
  return complaint.businessHours ? inOpeningHours(from, minutes, complaint.registeredAt, time) : addMinutes(from, minutes);
}

/** When the promise was met; null while it is not. The close promise is met by the confirmation, not by the solution. */
export function metAt(complaint: Complaint, name: PromiseName): Instant | null {
  if (name === 'close') return complaint.status === 'closed' ? complaint.closedAt : null;
  return complaint.status === 'registered' ? null : complaint.respondedAt;
}

/** The promise that presses now: the answer until it is given, then the closing. */
export function pressing(complaint: Complaint): PromiseName {
  return complaint.status === 'registered' ? 'response' : 'close';
}

/** Ours: so long before a promise is broken there is still time to keep it. */
const RUNNING_OUT_HOURS = 2;

/**
 * Until when the pressing promise of an open complaint must be due for it to be running out: soon broken, or broken already. A paused clock
 * does not run out. Source: 07, Reports (figures that need a manager today).
 */
export function runningOutUntil(now: Instant): Instant {
  return addHours(now, RUNNING_OUT_HOURS);
}

/**
 * By when an open complaint wants somebody: when its pressing promise is due, not before its clock runs on. A closed one keeps the instant it had;
 * lists by urgency leave it out.
 */
export function pressesAt(complaint: Complaint): Instant {
  const { dueAt } = complaint[pressing(complaint)];
  const { pause } = complaint;
  return pause.state === 'paused' && pause.until > dueAt ? pause.until : dueAt;
}

/** Which promises are broken at `now`. A promise met in its last millisecond is kept; a paused clock breaks nothing new. */
export function breaches(complaint: Complaint, now: Instant): PromiseName[] {
  const stoodStillAt = complaint.pause.state === 'paused' ? complaint.pause.pausedAt : now;
  return (['response', 'close'] as const).filter((name) => (metAt(complaint, name) ?? stoodStillAt) > complaint[name].dueAt);
}

/**
 * A promise as it stands at `now` with the time taken out in which the clock stood still: what was left of it is left again. One already
 * met or broken, or one whose clock runs, stays as it was. The clock stood still until the limit of the pause at the latest, whoever looks later.
 */
export function afterPause(complaint: Complaint, name: PromiseName, now: Instant, time: StoreTime): Promised {
  const promised = complaint[name];
  const { pause } = complaint;
  if (pause.state !== 'paused' || metAt(complaint, name) !== null || promised.dueAt < pause.pausedAt) return promised;
  const left = complaint.businessHours
    ? businessMinutesBetween(time.calendarAt(complaint.registeredAt), time.zone, pause.pausedAt, promised.dueAt)
    : minutesBetween(pause.pausedAt, promised.dueAt);
  const goesOnAt = now < pause.until ? now : pause.until;
  return { ...promised, dueAt: advance(complaint, goesOnAt, left, time) };
}

/** A step up the ladder: at `percent` of a promise's time it becomes due. */
export type Escalation = {
  readonly promise: PromiseName;
  readonly percent: number;
  readonly dueAt: Instant;
  readonly level: EscalationLevel;
};

/**
 * Every step that an unmet promise of this complaint has ahead or behind, earliest first; none while the clock is paused.
 *
 * `handlerLevel` is the rung the handler stands on, null for somebody below the department's manager. Each step goes one
 * rung above the one before and stays on the top one.
 *
 * Source: spec 05 (50 %, 100 %), decisions (department manager, general manager, chairman), COMP-14.
 */
export function escalations(
  complaint: Complaint,
  policy: ComplaintPolicy,
  handlerLevel: EscalationLevel | null,
  time: StoreTime,
): Escalation[] {
  if (complaint.pause.state === 'paused') return [];
  const rung = handlerLevel === null ? -1 : ESCALATION_LEVELS.indexOf(handlerLevel);
  const steps = (['response', 'close'] as const)
    .filter((name) => metAt(complaint, name) === null)
    .flatMap((name) =>
      policy.escalationPercents.map((percent, index) => {
        const { dueAt, minutes } = complaint[name];
        const before = (minutes * (100 - percent)) / 100;
        return {
          promise: name,
          percent,
          dueAt: before === 0 ? dueAt : advance(complaint, dueAt, -before, time),
          // The index is clamped to the ladder, so the rung exists.
          level: ESCALATION_LEVELS[Math.min(rung + 1 + index, ESCALATION_LEVELS.length - 1)] as EscalationLevel,
        };
      }),
    );
  return steps.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0));
}

import {
  accept,
  addDays,
  dateIn,
  endOfDay,
  refuse,
  type CivilDate,
  type ComplaintId,
  type Instant,
  type TimeZone,
  type Verdict,
} from '../kernel/index.ts';
import type { CancelledTask, DoneTask, Heard, OpenTask, Outcome, Task } from './model.ts';
import type { TaskPolicy } from './policy.ts';
import { cancel, type TaskRefusal } from './rules.ts';

/** What a result changes of its task; the rest of the task is not touched by recording one. */
export type TaskBefore = Pick<OpenTask, 'assigneeId' | 'showAt' | 'attempts' | 'lastOutcome'> &
  // Kept where a promise made the task live longer.
  Partial<Pick<OpenTask, 'lapsesAt'>>;

/** A recorded result, as far as taking it back asks. */
export type RecordedResult = {
  readonly recordedAt: Instant;
  readonly takenBackAt: Instant | null;
  /** The version its task had when the result was written. */
  readonly leftVersion: number;
  readonly before: TaskBefore;
  /** The complaint it registered. */
  readonly complaint: { readonly id: ComplaintId; readonly number: string } | null;
};

/** Who takes a result back: whoever recorded it, or whoever decides for him. */
export type TakesBack = 'recorder' | 'decider';

type Purpose = 'service' | 'marketing';
type Channel = 'phone' | 'sms' | 'wechat' | 'email' | 'post';

/** What a result did beyond its task, and what was said of the same since; null or empty where it did nothing of the kind. */
export type Traces = {
  /** The number it found wrong; another standing contact may have found the same. */
  readonly phone: { readonly e164: string; readonly foundWrongSince: boolean } | null;
  /** The verification it started; another wrong number may need it too. */
  readonly verification: { readonly task: Task; readonly wantedSince: boolean } | null;
  /** The entries it made in the ledger; `before` is what was in force, null = nothing had been said. */
  readonly withdrawn: readonly {
    readonly purpose: Purpose;
    readonly channel: Channel;
    readonly before: boolean | null;
    readonly saidSince: boolean;
  }[];
  /** The file it confirmed, and the day it had been confirmed before. */
  readonly confirmed: { readonly before: CivilDate | null; readonly confirmedSince: boolean } | null;
};

export type GoesBack =
  | { readonly kind: 'phone_valid'; readonly e164: string }
  | { readonly kind: 'verification_cancelled'; readonly task: CancelledTask }
  | { readonly kind: 'consent'; readonly purpose: Purpose; readonly channel: Channel; readonly granted: boolean | null }
  | { readonly kind: 'confirmation'; readonly verifiedOn: CivilDate | null };
export const STANDING = ['phone', 'verification', 'consent', 'confirmation'] as const;
/** What stays as it is although the result is taken back: somebody has said or done something of his own to it since. */
export type Standing = (typeof STANDING)[number];

export type TakenBack = { readonly task: OpenTask; readonly goesBack: readonly GoesBack[]; readonly stands: readonly Standing[] };

/**
 * Until when a result can be taken back. Whoever recorded it may until the end of the store's day he did it on: a slip is seen at once, and
 * what is told of a finished day he cannot move by himself. Whoever decides for him may for as long as a contact may be written down late.
 *
 * Source: ours; RPT-05 and W-03, figures of a week or month already given.
 */
export function takeBackUntil(recordedAt: Instant, by: TakesBack, zone: TimeZone, policy: TaskPolicy): Instant {
  const day = dateIn(zone, recordedAt);
  return endOfDay(zone, by === 'recorder' ? day : addDays(day, policy.takeBackDays));
}

/** What a screen knows of a result, to say whether its reader can take it back. */
export type TakeBackView = Pick<RecordedResult, 'takenBackAt' | 'complaint'> & {
  /** Nothing happened to the task since. */
  readonly unchanged: boolean;
  readonly until: Instant;
};

/**
 * Whether a result can be taken back now.
 *
 * Refuses what happened to the task since, by another try, by people or by the planner: what was decided knowing the result would lose its
 * ground. Refuses a result that registered a complaint: the complaint has its clock, its handler and its place in the rates, and the customer's
 * dissatisfaction stands on this contact (CARE-32); recorded anew it would be registered twice. It is put right where it is worked on.
 */
export function mayTakeBack({ takenBackAt, unchanged, until, complaint }: TakeBackView, now: Instant): Verdict<true, TaskRefusal> {
  if (takenBackAt !== null) return refuse('tasks.taken_back_already');
  if (complaint !== null) return refuse('tasks.complaint_stands');
  if (!unchanged) return refuse('tasks.changed_since');
  if (now > until) return refuse('tasks.take_back_too_late');
  return accept(true);
}

/**
 * Takes a recorded result back: the task as it stood before the try, and what goes back with it as if the result had never been.
 *
 * The contact stays on record as taken back. What others have said or done to the same since stands, and is named: a verification somebody
 * has worked on, a consent spoken of again, a file confirmed again, a number found wrong again.
 *
 * Source: 04, Tasks; 11 row 42.
 */
export function takeBack(
  task: Task,
  result: RecordedResult,
  traces: Traces,
  context: { readonly by: TakesBack; readonly now: Instant; readonly zone: TimeZone; readonly policy: TaskPolicy },
): Verdict<TakenBack, TaskRefusal> {
  const { by, now, zone, policy } = context;
  const until = takeBackUntil(result.recordedAt, by, zone, policy);
  const verdict = mayTakeBack({ ...result, unchanged: task.version === result.leftVersion, until }, now);
  if (!verdict.ok) return verdict;
  // A result leaves its task open or done.
  if (task.status !== 'open' && task.status !== 'done') return refuse('tasks.changed_since');
  return accept({ task: asBefore(task, result.before), ...whatGoesBack(traces, result.recordedAt, now) });
}

function asBefore(task: OpenTask | DoneTask, before: TaskBefore): OpenTask {
  if (task.status === 'open') return { ...task, ...before };
  const { finishedAt: _, finishedBy: __, note: ___, ...facts } = task;
  return { ...facts, ...before, status: 'open' };
}

function whatGoesBack({ phone, verification, withdrawn, confirmed }: Traces, recordedAt: Instant, now: Instant): Omit<TakenBack, 'task'> {
  const goesBack: GoesBack[] = [];
  const stands = new Set<Standing>();
  if (phone?.foundWrongSince) stands.add('phone');
  else if (phone) goesBack.push({ kind: 'phone_valid', e164: phone.e164 });
  if (verification && !verification.wantedSince && isUnworked(verification.task, recordedAt))
    goesBack.push({ kind: 'verification_cancelled', task: cancel(verification.task, 'result_taken_back', now) });
  else if (verification) stands.add('verification');
  for (const { purpose, channel, before, saidSince } of withdrawn)
    if (saidSince) stands.add('consent');
    else if (before !== false) goesBack.push({ kind: 'consent', purpose, channel, granted: before });
  if (confirmed?.confirmedSince) stands.add('confirmation');
  else if (confirmed) goesBack.push({ kind: 'confirmation', verifiedOn: confirmed.before });
  return { goesBack, stands: [...stands] };
}

/** Nobody has tried it or put it off; whose it is by now does not matter, for handing on is no work. It shows from the moment that started it. */
function isUnworked(task: Task, startedAt: Instant): task is OpenTask {
  return task.status === 'open' && task.attempts === 0 && task.lastOutcome === null && task.showAt <= startedAt;
}

/** What had been recorded, as the form takes it again. */
export type TypedResult = {
  readonly outcome: Outcome;
  readonly note: string | null;
  readonly satisfied: boolean | null;
  readonly heard: Heard;
  readonly appointmentAt: Instant | null;
  /** When a task that was not ended was to be tried again. */
  readonly nextTryAt: Instant | null;
  readonly objects: readonly Purpose[];
};

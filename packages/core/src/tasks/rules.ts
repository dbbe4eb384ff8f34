import {
  accept,
  addDays,
  addHours,
  dateIn,
  endOfDay,
  instantAt,
  isOpenAt,
  isoWeekday,
  isTooFarAhead,
  refuse,
  wallTimeIn,
  type BusinessCalendar,
  type CivilDate,
  type ContactId,
  type Instant,
  type StaffId,
  type TaskId,
  type TimeZone,
  type Verdict,
} from '../kernel/index.ts';
import type {
  CancelledTask,
  CancelReason,
  ContactDraft,
  ContactWindow,
  DoneTask,
  Heard,
  MissedTask,
  OpenTask,
  Outcome,
  Result,
  Satisfaction,
  SkippedTask,
  SkipReason,
  Started,
  Task,
} from './model.ts';
import type { CodeEntry, TaskPolicy } from './policy.ts';

export const TASK_REFUSALS = [
  'tasks.not_open',
  'tasks.is_message',
  'tasks.appointment_needs_time',
  'tasks.appointment_in_past',
  'tasks.appointment_too_far',
  'tasks.call_back_needs_time',
  'tasks.time_in_past',
  'tasks.time_too_far',
  'tasks.beyond_lapse',
  'tasks.dissatisfied_needs_complaint',
  'tasks.satisfaction_unheard',
  'tasks.satisfaction_not_asked',
  'tasks.words_unheard',
  'tasks.was_reached',
  'tasks.unknown_topic',
  'tasks.unknown_cause',
  'tasks.unknown_unreached',
  'tasks.outcome_needs_call',
  'tasks.note_needed',
  'tasks.already_theirs',
  'tasks.assignee_left',
  'tasks.assignee_without_right',
  'tasks.assignee_out_of_reach',
  'tasks.survey_by_seller',
  'tasks.no_result',
  'tasks.taken_back_already',
  'tasks.changed_since',
  'tasks.take_back_too_late',
  'tasks.complaint_stands',
] as const;
export type TaskRefusal = (typeof TASK_REFUSALS)[number];

/** Which outcomes end a task, and which mean that the customer was spoken to. */
export const OUTCOME_MEANING = {
  reached: { ends: true, spoken: true },
  appointment: { ends: true, spoken: true },
  met: { ends: true, spoken: true },
  sent: { ends: true, spoken: false },
  refused: { ends: true, spoken: true },
  wrong_number: { ends: true, spoken: false },
  call_back: { ends: false, spoken: true },
  not_reached: { ends: false, spoken: false },
} as const satisfies Record<Outcome, { ends: boolean; spoken: boolean }>;

/** Outcomes in which everything could be asked: somebody who wants to be rung again was reached, and is asked then (G-11). */
export const ASKING_OUTCOMES = ['reached', 'appointment', 'met'] as const satisfies readonly Outcome[];

/** Whether the customer can have been asked for his satisfaction with this outcome: only such a talk has an answer. */
export function isAsking(outcome: Outcome): boolean {
  return ASKING_OUTCOMES.some((asking) => asking === outcome);
}

/**
 * Whether a result is complete only with what the customer said of our work, or that he was not asked: the talks of a satisfaction survey.
 *
 * A form asks for it; a program that leaves it out has asked nobody. Source: G-11, W-03.
 */
export function asksSatisfaction({ result }: Pick<Task, 'result'>, outcome: Outcome): boolean {
  return (result === 'ssi' || result === 'csi') && isAsking(outcome);
}

/** The shaded answer as the older yes or no: neither is `neutral`, and nothing was heard of whoever was not asked. */
export function satisfiedOf(satisfaction: Satisfaction | null): boolean | null {
  return satisfaction === 'satisfied' ? true : satisfaction === 'dissatisfied' ? false : null;
}

/** The outcomes that fit a channel, the likeliest first: what the two taps choose from. */
export function outcomesFor(channel: Task['channel']): readonly Outcome[] {
  switch (channel) {
    case 'phone':
      return ['reached', 'not_reached', 'appointment', 'call_back', 'refused', 'wrong_number'];
    case 'visit':
    case 'in_store':
      return ['met', 'not_reached', 'appointment', 'refused'];
    case 'letter':
      return ['sent', 'wrong_number'];
    case 'sms':
    case 'wechat':
    case 'email':
    case 'e_card':
    case 'app_push':
      return ['sent', 'reached', 'not_reached', 'refused', 'wrong_number'];
  }
}

export type StoreCalendar = { readonly zone: TimeZone; readonly calendar: BusinessCalendar };

/**
 * When to try again after this many failed tries: later the same day first, then at the times the store sets, always on an open
 * day inside the customer's hours. Null when no such time is left before the task lapses.
 *
 * Source: 04 (next try proposed); CARE-31 (suitable contact time).
 */
export function proposeNextTry(
  { attempts, lapsesAt }: Pick<OpenTask, 'attempts' | 'lapsesAt'>,
  store: StoreCalendar,
  policy: TaskPolicy,
  window: ContactWindow | null,
  now: Instant,
): Instant | null {
  const hours = policy.retryHours[Math.min(attempts, policy.retryHours.length) - 1] ?? policy.retryHours[0] ?? 24;
  const earliest = addHours(now, hours);
  const { from, to, days } = window ?? policy.window;
  let date = dateIn(store.zone, earliest);
  for (let i = 0; i < 60; i += 1, date = addDays(date, 1)) {
    const weekend = isoWeekday(date) > 5;
    if ((days === 'weekdays' && weekend) || (days === 'weekend' && !weekend)) continue;
    if (!isOpenAt(store.calendar, store.zone, instantAt(store.zone, date, '12:00'))) continue;
    const start = instantAt(store.zone, date, from);
    const at = i === 0 && earliest > start ? earliest : start;
    if (wallTimeIn(store.zone, at) >= to) continue;
    return lapsesAt !== null && at > lapsesAt ? null : at;
  }
  return null;
}

/**
 * The last moment a task can be put off to; null where it does not lapse. Our own tries end with the days its rule gives it; when the customer
 * asks to be called again is his to say, so a call-back has no end of ours.
 *
 * Source: 04, Tasks; X-12 and decision 13 (lapse) speak of our tries, not of what the customer was promised.
 */
export function lastTryAt({ lapsesAt }: Pick<OpenTask, 'lapsesAt'>, outcome?: Outcome): Instant | null {
  return outcome === 'call_back' ? null : lapsesAt;
}

// A promise keeps its task: it lapses no sooner than the day the customer named is over.
function lapseAfterPromise(lapsesAt: Instant | null, outcome: Outcome, at: Instant | null, zone: TimeZone): Instant | null {
  if (lapsesAt === null || outcome !== 'call_back' || at === null) return lapsesAt;
  const end = endOfDay(zone, dateIn(zone, at));
  return end > lapsesAt ? end : lapsesAt;
}

export type RecordContext = {
  readonly by: StaffId;
  readonly now: Instant;
  readonly store: StoreCalendar;
  readonly policy: TaskPolicy;
  readonly window: ContactWindow | null;
  readonly newId: () => string;
};
export type Recorded = { readonly task: OpenTask | DoneTask; readonly contact: ContactDraft; readonly starts: readonly Started[] };

/**
 * Records what came of a try: the contact, the task as it then stands, and what follows.
 *
 * A try that failed counts; the next is the caller's time or our proposal, and after the last one (or when none is left before
 * the task lapses) the task is done as not reached. Asked to ring again at a time after it lapses, it lives until that day is over. A wrong number starts a verification of the file. Dissatisfaction opens a
 * complaint, so it cannot be recorded without one.
 * Refuses tasks that are not open, planned messages, outcomes that do not fit, words of somebody who was not spoken to, codes outside the store's
 * lists or switched off there, and times that are past, missing or more than two years ahead.
 *
 * Source: 04, Tasks; CARE-04, CARE-32; G-15.
 */
export function record(task: Task, result: Result, context: RecordContext): Verdict<Recorded, TaskRefusal> {
  const { now, by, policy } = context;
  if (task.status !== 'open') return refuse('tasks.not_open');
  if (task.kind === 'message') return refuse('tasks.is_message');
  if (!outcomesFor(task.channel).includes(result.outcome)) return refuse('tasks.outcome_needs_call');
  const appointmentAt = result.appointmentAt ?? null;
  if (result.outcome === 'appointment' && appointmentAt === null) return refuse('tasks.appointment_needs_time');
  if (appointmentAt !== null && appointmentAt <= now) return refuse('tasks.appointment_in_past');
  if (appointmentAt !== null && isTooFarAhead(appointmentAt, now)) return refuse('tasks.appointment_too_far');
  const chosen = result.nextTryAt ?? null;
  if (result.outcome === 'call_back' && chosen === null) return refuse('tasks.call_back_needs_time');
  if (chosen !== null && chosen <= now) return refuse('tasks.time_in_past');
  if (chosen !== null && isTooFarAhead(chosen, now)) return refuse('tasks.time_too_far');
  const last = lastTryAt(task, result.outcome);
  if (chosen !== null && last !== null && chosen > last) return refuse('tasks.beyond_lapse');
  const heard = hear(result, policy);
  if (!heard.ok) return heard;
  const satisfied = heard.value.satisfaction === null ? (result.satisfied ?? null) : satisfiedOf(heard.value.satisfaction);
  // Whoever was not spoken to said nothing of his satisfaction; it would count in the rates.
  if (satisfied !== null && !OUTCOME_MEANING[result.outcome].spoken) return refuse('tasks.satisfaction_unheard');
  // An answer counts with the talk in which it was asked for, never with another try of the task.
  if ((satisfied !== null || heard.value.satisfaction === 'neutral') && !isAsking(result.outcome))
    return refuse('tasks.satisfaction_not_asked');
  if (satisfied === false && !result.complaint) return refuse('tasks.dissatisfied_needs_complaint');

  const note = result.note?.trim() || null;
  const meaning = OUTCOME_MEANING[result.outcome];
  const attempts = task.attempts + 1;
  const lapsesAt = lapseAfterPromise(task.lapsesAt, result.outcome, chosen, context.store.zone);
  const tried: OpenTask = { ...task, attempts, lapsesAt, lastOutcome: result.outcome };
  const done = (): DoneTask => ({ ...tried, status: 'done', finishedAt: now, finishedBy: by, note });
  const nextTryAt = chosen ?? (attempts < policy.maxAttempts ? proposeNextTry(tried, context.store, policy, context.window, now) : null);
  const after = meaning.ends || nextTryAt === null ? done() : { ...tried, showAt: nextTryAt };

  const contact: ContactDraft = {
    id: context.newId() as ContactId,
    customerId: task.customerId,
    vehicleId: task.vehicleId,
    taskId: task.id,
    channel: task.channel,
    outcome: result.outcome,
    content: note,
    satisfied,
    appointmentAt,
    occurredAt: now,
    staffId: by,
    ...heard.value,
  };
  return accept({ task: after, contact, starts: whatFollows(task, result, context) });
}

/** The words of a code; one that the list knows no more is shown as it is. Null for none. */
export function namesOf(list: readonly CodeEntry[], code: string | null): Pick<CodeEntry, 'zh' | 'en'> | null {
  if (code === null) return null;
  const entry = list.find((one) => one.code === code);
  return entry ? { zh: entry.zh, en: entry.en } : { zh: code, en: code };
}

function hear(result: Result, { saidAbout, causes, unreached }: TaskPolicy): Verdict<Heard, TaskRefusal> {
  const { outcome, praised = false, satisfaction = null } = result;
  const heard = {
    satisfaction,
    praised,
    saidAbout: result.saidAbout ?? null,
    cause: result.cause ?? null,
    unreachedBecause: result.unreachedBecause ?? null,
  };
  const { spoken } = OUTCOME_MEANING[outcome];
  if (!spoken && (satisfaction === 'neutral' || satisfaction === 'not_asked')) return refuse('tasks.satisfaction_unheard');
  if (!spoken && (praised || heard.saidAbout !== null || heard.cause !== null)) return refuse('tasks.words_unheard');
  if (outcome !== 'not_reached' && heard.unreachedBecause !== null) return refuse('tasks.was_reached');
  const lacks = (list: readonly CodeEntry[], code: string | null) =>
    code !== null && !list.some((entry) => entry.code === code && !entry.off);
  if (lacks(saidAbout, heard.saidAbout)) return refuse('tasks.unknown_topic');
  if (lacks(causes, heard.cause)) return refuse('tasks.unknown_cause');
  if (lacks(unreached, heard.unreachedBecause)) return refuse('tasks.unknown_unreached');
  return accept(heard);
}

function whatFollows(task: OpenTask, result: Result, context: RecordContext): Started[] {
  const starts: Started[] = [];
  if (result.complaint)
    starts.push({
      kind: 'complaint',
      complaint: result.complaint,
      source: task.result === 'ssi' || task.result === 'csi' ? 'survey' : 'care_call',
    });
  if (result.appointmentAt) starts.push({ kind: 'appointment', at: result.appointmentAt });
  if (result.outcome === 'wrong_number') {
    // A letter or mail that comes back tells of an address, not of the number.
    if (task.channel !== 'letter' && task.channel !== 'email') starts.push({ kind: 'phone_invalid' });
    // A verification that finds the number wrong has found what it looked for: no second one.
    if (task.kind !== 'verification') starts.push({ kind: 'verification', task: verificationOf(task, context) });
  }
  for (const purpose of result.objects ?? []) starts.push({ kind: 'consent_withdrawal', purpose });
  return starts;
}

function verificationOf(task: OpenTask, { now, store, policy, newId }: RecordContext): OpenTask {
  const today = dateIn(store.zone, now);
  return {
    ...task,
    id: newId() as TaskId,
    kind: 'verification',
    ruleKey: null,
    // One verification per customer and day, however many calls find the number wrong.
    occurrenceKey: `verification|${task.customerId}|${today}`,
    channel: 'in_store',
    purpose: 'service',
    result: 'verification',
    script: 'file_verification',
    topics: ['phone', 'address', 'mileage', 'car_use'],
    priority: 3,
    byTheHour: false,
    anchorOn: today,
    notBeforeOn: today,
    showAt: now,
    dueAt: endOfDay(store.zone, addDays(today, policy.verificationDays)),
    lapsesAt: null,
    reason: { code: 'verification.wrong_number', params: { anchorOn: today } },
    attempts: 0,
    lastOutcome: null,
    createdAt: now,
    version: 1,
  };
}

/** Puts a task off: it leaves the day until then, its due time stays. Refuses a time that is past, after it lapses, or more than two years ahead. */
export function postpone(task: Task, until: Instant, now: Instant): Verdict<OpenTask, TaskRefusal> {
  if (task.status !== 'open') return refuse('tasks.not_open');
  if (until <= now) return refuse('tasks.time_in_past');
  if (isTooFarAhead(until, now)) return refuse('tasks.time_too_far');
  const last = lastTryAt(task);
  if (last !== null && until > last) return refuse('tasks.beyond_lapse');
  return accept({ ...task, showAt: until });
}

/**
 * Gives a task to somebody. Refuses people who left, people whose role does no tasks, the one who has it already, and a satisfaction
 * survey for the person whose work it asks about.
 *
 * Source: 04, Tasks; requirements X-04.
 */
export function handOver(
  task: Task,
  to: { readonly id: StaffId; readonly active: boolean; readonly mayWork: boolean },
  concernedId: StaffId | null,
): Verdict<OpenTask, TaskRefusal> {
  if (task.status !== 'open') return refuse('tasks.not_open');
  if (!to.active) return refuse('tasks.assignee_left');
  if (!to.mayWork) return refuse('tasks.assignee_without_right');
  if (task.assigneeId === to.id) return refuse('tasks.already_theirs');
  if ((task.result === 'ssi' || task.result === 'csi') && to.id === concernedId) return refuse('tasks.survey_by_seller');
  return accept({ ...task, assigneeId: to.id });
}

/** The day a new task is due, late ones included: it may be made for a call that should have been. Refuses one more than two years ahead. */
export function dueDay(dueOn: CivilDate, today: CivilDate): Verdict<CivilDate, 'tasks.time_too_far'> {
  return isTooFarAhead(dueOn, today) ? refuse('tasks.time_too_far') : accept(dueOn);
}

/** Leaves a task undone, with the reason; "other" needs words. */
export function skip(task: Task, reason: SkipReason, note: string | null, by: StaffId, now: Instant): Verdict<SkippedTask, TaskRefusal> {
  if (task.status !== 'open') return refuse('tasks.not_open');
  if (reason === 'other' && !note?.trim()) return refuse('tasks.note_needed');
  return accept({ ...task, status: 'skipped', finishedAt: now, finishedBy: by, skipReason: reason, note: note?.trim() || null });
}

/** Marks what was not done in time; a task whose last moment has not passed stays as it is. */
export function lapse(task: OpenTask, now: Instant): OpenTask | MissedTask {
  return task.lapsesAt !== null && task.lapsesAt < now ? { ...task, status: 'missed', finishedAt: now } : task;
}

/** Cancels a task because its reason is gone. */
export function cancel(task: OpenTask, cancelReason: CancelReason, now: Instant): CancelledTask {
  return { ...task, status: 'cancelled', finishedAt: now, cancelReason };
}

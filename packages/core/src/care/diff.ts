import { daysBetween, type CivilDate, type Instant, type TaskId } from '../kernel/index.ts';
import type { CarePlan, CareRuleKey, Occurrence, OccurrenceKey, PlanWindow, SuppressionReason } from './model.ts';

/** What became of an occurrence that was planned before: the task as it stands. */
export type PlannedTask = {
  readonly taskId: TaskId;
  readonly key: OccurrenceKey;
  readonly slot: string;
  readonly ruleKey: CareRuleKey;
  readonly status: 'open' | 'done' | 'skipped' | 'missed' | 'cancelled';
  readonly anchorOn: CivilDate;
  readonly notBeforeOn: CivilDate;
  readonly dueAt: Instant;
  readonly lapsesAt: Instant | null;
  /** The customer was spoken to and asked to be called again. */
  readonly promised: boolean;
};

export const PLAN_CANCELLATIONS = ['anchor_gone', 'rule_off'] as const;
export type PlanCancellation = (typeof PLAN_CANCELLATIONS)[number] | SuppressionReason;

export type PlanChanges = {
  /** New tasks; `missed` ones lapsed while nobody planned and are shown to the manager, never carried out. */
  readonly create: readonly { readonly occurrence: Occurrence; readonly status: 'open' | 'missed' }[];
  /** Open tasks whose dates changed, and cancelled ones that are wanted again. */
  readonly move: readonly { readonly taskId: TaskId; readonly to: Occurrence }[];
  readonly cancel: readonly { readonly taskId: TaskId; readonly reason: PlanCancellation }[];
};

export type DiffContext = {
  readonly now: Instant;
  /** When the store was planned last; null before the first run. */
  readonly lastRunAt: Instant | null;
  readonly window: PlanWindow;
  readonly activeRules: ReadonlySet<CareRuleKey>;
  readonly correctionDays: number;
};

/**
 * What has to change so that the tasks agree with the plan of one customer. Planning the result again changes nothing.
 *
 * - An occurrence with a task of its key keeps it. Done, skipped and missed ones stay; an open one takes the new dates; one the
 *   planner had cancelled comes back.
 * - Without a task of its key, the open task of its slot moves: the event is the same, its date was corrected. What was
 *   settled for that event is not asked again when the date moved by `correctionDays` at most.
 * - An open task that no occurrence of the window claims is cancelled, with the reason; a call the customer was promised stays when only its
 *   anchor is gone: talking to him has moved the anchor of a regular contact. Its last moment, put off for him, stays too.
 * - A lapsed occurrence becomes a missed task only if it lapsed since the last run. One that had lapsed before and has no
 *   task did not apply then, and is dropped.
 *
 * Source: 04 (an anchor moves; after an outage); 10 §1; P8.
 */
export function diff(plan: CarePlan, tasks: readonly PlannedTask[], context: DiffContext): PlanChanges {
  const create: { occurrence: Occurrence; status: 'open' | 'missed' }[] = [];
  const move: { taskId: TaskId; to: Occurrence }[] = [];
  const cancel: { taskId: TaskId; reason: PlanCancellation }[] = [];

  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const bySlot = Map.groupBy(tasks, (task) => task.slot);
  const claimed = new Set<TaskId>();
  const wanted = plan.occurrences.filter((occurrence) => occurrence.outcome !== 'check');
  const ownKeys = new Set(wanted.map((occurrence) => occurrence.key));

  const takeOver = (task: PlannedTask, occurrence: Occurrence) => {
    claimed.add(task.taskId);
    if (task.status === 'cancelled' ? occurrence.lapsesAt >= context.now : task.status === 'open' && !agrees(task, occurrence)) {
      move.push({ taskId: task.taskId, to: occurrence });
    }
  };

  // Own keys first, so that no occurrence takes the task of another one by slot.
  for (const occurrence of wanted) {
    const own = byKey.get(occurrence.key);
    if (own) takeOver(own, occurrence);
  }
  for (const occurrence of wanted) {
    if (byKey.has(occurrence.key)) continue;
    const isFree = (task: PlannedTask) => !claimed.has(task.taskId) && !ownKeys.has(task.key);
    const sameSlot = bySlot.get(occurrence.slot) ?? [];
    const absorbed = occurrence.merged.map((key) => byKey.get(key)).filter((task) => task !== undefined);
    if (absorbed.some(isSettled)) continue;
    if (
      occurrence.oncePerSlot &&
      sameSlot.some((task) => isSettled(task) && Math.abs(daysBetween(task.anchorOn, occurrence.anchorOn)) <= context.correctionDays)
    ) {
      continue;
    }
    const open = [...sameSlot, ...absorbed].find((task) => task.status === 'open' && isFree(task));
    if (open) {
      takeOver(open, occurrence);
    } else if (occurrence.lapsesAt >= context.now) {
      create.push({ occurrence, status: 'open' });
    } else if (context.lastRunAt !== null && occurrence.lapsesAt >= context.lastRunAt) {
      create.push({ occurrence, status: 'missed' });
    }
  }

  const suppressed = new Map(plan.suppressions.map(({ key, reason }) => [key, reason]));
  for (const task of tasks) {
    if (task.status !== 'open' || claimed.has(task.taskId)) continue;
    if (task.notBeforeOn < context.window.from || task.notBeforeOn >= context.window.to) continue;
    const reason = suppressed.get(task.key) ?? (context.activeRules.has(task.ruleKey) ? 'anchor_gone' : 'rule_off');
    if (reason === 'anchor_gone' && task.promised) continue;
    cancel.push({ taskId: task.taskId, reason });
  }
  return { create, move, cancel };
}

function isSettled(task: PlannedTask): boolean {
  return task.status === 'done' || task.status === 'skipped' || task.status === 'missed';
}

function agrees(task: PlannedTask, occurrence: Occurrence): boolean {
  return (
    task.key === occurrence.key &&
    task.slot === occurrence.slot &&
    task.anchorOn === occurrence.anchorOn &&
    task.notBeforeOn === occurrence.notBeforeOn &&
    task.dueAt === occurrence.dueAt &&
    (task.lapsesAt === occurrence.lapsesAt || (task.promised && task.lapsesAt !== null && task.lapsesAt > occurrence.lapsesAt))
  );
}

import { reachOf, type Reach } from '@baoke/core/access';
import { dateIn, startOfDay, type ContactId, type Instant, type StaffId, type TaskId } from '@baoke/core/kernel';
import * as rules from '@baoke/core/tasks';
import type * as wire from '@baoke/core/tasks/wire';
import type { Db } from '@baoke/db';
import * as db from '@baoke/db/tasks';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { listOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import { readTaskPolicy } from './use-cases.ts';

/** Whose results the caller decides on; his own he takes back whatever he decides. */
function deciding(ctx: StaffContext): Reach {
  const scope = ctx.rights('tasks', 'decide');
  return scope === 'none' ? [] : reachOf(scope, ctx.staffId, ctx.team);
}

function takesBack(ctx: StaffContext, staffId: StaffId): rules.TakesBack | undefined {
  if (staffId === ctx.staffId) return 'recorder';
  const reach = deciding(ctx);
  return reach === 'everyone' || reach.includes(staffId) ? 'decider' : undefined;
}

/** What a screen needs to offer taking results back: nothing for those of somebody the caller neither is nor decides for. */
export async function takeBackViews(
  tx: Db,
  ctx: StaffContext,
  results: readonly (Pick<rules.TakeBackView, 'takenBackAt' | 'complaint' | 'unchanged'> & { staffId: StaffId; recordedAt: Instant })[],
): Promise<(wire.TakeBackView | null)[]> {
  const who = results.map(({ staffId }) => takesBack(ctx, staffId));
  // Only whoever decides goes by the number of days the store may have set.
  const policy = who.includes('decider') ? await readTaskPolicy(tx, ctx) : rules.DEFAULT_TASK_POLICY;
  return results.map(({ takenBackAt, complaint, unchanged, recordedAt }, at) => {
    const by = who[at];
    return by === undefined
      ? null
      : { by, takenBackAt, complaint, unchanged, until: rules.takeBackUntil(recordedAt, by, ctx.zone, policy) };
  });
}

const RESULTS = listOf<[Instant, ContactId]>('tasks.results', 2);

/** What the caller recorded today, the latest first. */
export async function listResults(ctx: StaffContext, input: z.output<typeof wire.resultsInput>): Promise<z.input<typeof wire.resultPage>> {
  const cursor = RESULTS.placeIn(input.cursor);
  const view = {
    from: startOfDay(ctx.zone, dateIn(ctx.zone, ctx.now)),
    limit: input.limit,
    after: cursor && { at: cursor[0], id: cursor[1] },
  };
  return ctx.readStore(async (tx) => {
    const rows = await db.listResults(tx, ctx.storeId, ctx.staffId, view);
    const { items, nextCursor } = RESULTS.pageOf(rows, input.limit, ({ at, id }) => [at, id]);
    const own = items.map((row) => ({ ...row, staffId: ctx.staffId, recordedAt: row.at, takenBackAt: row.takenBack?.at ?? null }));
    const views = await takeBackViews(tx, ctx, own);
    return {
      items: items.map(({ kept, ...row }, at) => ({ ...row, takeBack: kept ? (views[at] ?? null) : null })),
      nextCursor,
    };
  });
}

/**
 * Takes a recorded result back: the task stands as before the try, the contact is marked, and what the result did beyond its task goes back
 * where nobody has said otherwise since; one transaction. A second time is refused, and so is a task that has gone on.
 */
export function takeBack(ctx: StaffContext, { contactId }: z.output<typeof wire.takeBackInput>): Promise<wire.TakenBackView> {
  const reach = deciding(ctx);
  const writers = reach === 'everyone' ? reach : [...reach, ctx.staffId];
  return ctx.inStore(async (tx) => {
    const found = await db.findResult(tx, ctx.storeId, contactId, writers);
    if (!found) throw refusal('platform.not_found');
    const { taskId, verificationId } = found;
    const tasks = taskId === null ? undefined : await lockTasks(tx, ctx, taskId, verificationId);
    const before = tasks?.task;
    const kept = before && (await db.lockResult(tx, ctx.storeId, found, before));
    if (!kept) throw refusal('tasks.no_result');
    const recordedOn = dateIn(ctx.zone, kept.result.recordedAt);
    const traces = await db.readTraces(tx, ctx.storeId, found, kept, { verification: tasks?.verification, recordedOn });
    const by = found.staffId === ctx.staffId ? 'recorder' : 'decider';
    const policy = await readTaskPolicy(tx, ctx);
    const verdict = rules.takeBack(before, kept.result, traces, { by, now: ctx.now, zone: ctx.zone, policy });
    if (!verdict.ok) throw refused(verdict.refusal, kept.result);
    const { task, goesBack, stands } = verdict.value;
    await db.putBack(tx, ctx.storeId, found, kept, goesBack, { by: ctx.staffId, at: ctx.now, newId });
    const cancelled = goesBack.find((back) => back.kind === 'verification_cancelled');
    if (cancelled && traces.verification) await save(tx, ctx, 'cancel', traces.verification.task, cancelled.task);
    await save(tx, ctx, 'takeBack', before, task, { contactId });
    return {
      task: { ...task, version: task.version + 1 },
      typed: { ...kept.typed, objects: [...kept.typed.objects] },
      stands: [...stands],
    };
  });
}

// Two tasks of one customer are locked in the order of their ids, whoever asks.
async function lockTasks(tx: Db, ctx: StaffContext, taskId: TaskId, verificationId: TaskId | null) {
  const locked = new Map<TaskId, rules.Task>();
  for (const id of [taskId, ...(verificationId === null ? [] : [verificationId])].toSorted()) {
    // By the result, not by who has the task by now: whether it has gone on is for the rule to say.
    const task = await db.findTask(tx, ctx.storeId, id, { reach: 'everyone', role: ctx.role }, { lock: true });
    if (task) locked.set(id, task);
  }
  const task = locked.get(taskId);
  return task && { task, verification: verificationId === null ? undefined : locked.get(verificationId) };
}

async function save(tx: Db, ctx: StaffContext, action: string, before: rules.Task, after: rules.Task, more: object = {}): Promise<void> {
  await db.saveTask(tx, ctx.storeId, after, ctx.now);
  const change = { entity: 'task', entityId: after.id, before, after: { ...after, ...more }, topic: 'tasks' };
  await recordChange(tx, ctx, { action: `tasks.${action}`, ...change });
}

/** The complaint that stands in the way is named, so that whoever asked knows where to go on. */
function refused(code: rules.TaskRefusal, { complaint }: rules.RecordedResult) {
  return refusal(
    code,
    code === 'tasks.complaint_stands' && complaint
      ? { fields: [{ path: 'contactId', code: 'complaint_number', params: { number: complaint.number } }] }
      : {},
  );
}

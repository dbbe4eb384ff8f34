import { reachOf, rightsOf, type Action } from '@baoke/core/access';
import { SHIPPED_RULES } from '@baoke/core/care';
import {
  addDays,
  DEFAULT_BUSINESS_CALENDAR,
  dateIn,
  endOfDay,
  startOfDay,
  type ComplaintId,
  type CustomerId,
  type StaffId,
  type TaskId,
} from '@baoke/core/kernel';
import * as rules from '@baoke/core/tasks';
import type * as wire from '@baoke/core/tasks/wire';
import { Ending, settled, type Db, type PoolClient } from '@baoke/db';
import { listRightOverrides } from '@baoke/db/access';
import { findForeignReference } from '@baoke/db/complaints';
import { findPolicies } from '@baoke/db/settings';
import * as db from '@baoke/db/tasks';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import { register } from '../complaints/use-cases.ts';
import type { StaffContext } from '../context.ts';
import { inputFault, orThrow, refusal, type FieldFault } from '../http/refusals.ts';
import { newId } from '../ids.ts';

type Input<T extends z.ZodType> = z.output<T>;

/** The field of each refusal of a result, a time or a code, when what came of a try is recorded. */
const RECORD_FIELDS = {
  'tasks.outcome_needs_call': 'outcome',
  'tasks.appointment_needs_time': 'appointmentAt',
  'tasks.appointment_in_past': 'appointmentAt',
  'tasks.appointment_too_far': 'appointmentAt',
  'tasks.call_back_needs_time': 'nextTryAt',
  'tasks.time_in_past': 'nextTryAt',
  'tasks.time_too_far': 'nextTryAt',
  'tasks.beyond_lapse': 'nextTryAt',
  'tasks.was_reached': 'unreachedBecause',
  'tasks.unknown_topic': 'saidAbout',
  'tasks.unknown_cause': 'cause',
  'tasks.unknown_unreached': 'unreachedBecause',
  'tasks.satisfaction_unheard': 'satisfaction',
  'tasks.dissatisfied_needs_complaint': 'complaint',
} as const;

/** The first of the customer's words that was given. */
function wordsGiven({ praised, saidAbout }: Input<typeof wire.recordInput>): 'praised' | 'saidAbout' | 'cause' {
  return praised ? 'praised' : saidAbout ? 'saidAbout' : 'cause';
}

/** Whose tasks the caller's right reaches. */
export function taskReach(ctx: StaffContext, action: Action): db.TaskReach {
  return { reach: ctx.reach('tasks', action), role: ctx.role };
}

/** The edges of the store's day. */
export function dayOf(ctx: StaffContext) {
  const date = dateIn(ctx.zone, ctx.now);
  return { now: ctx.now, today: startOfDay(ctx.zone, date), tomorrow: startOfDay(ctx.zone, addDays(date, 1)) };
}

export async function readTaskPolicy(tx: Db, ctx: StaffContext): Promise<rules.TaskPolicy> {
  const changed = await findPolicies(tx, ctx.storeId, ['tasks', 'results']);
  return {
    ...rules.DEFAULT_TASK_POLICY,
    ...(changed.get('tasks') as Partial<rules.TaskPolicy> | undefined),
    ...(changed.get('results') as Partial<rules.ResultCodes> | undefined),
  };
}

/** What a proposal of the next try is made from: the store's days, its numbers, the customer's usual hours. */
export async function readCallContext(tx: Db, ctx: StaffContext, customerId: CustomerId): Promise<Omit<rules.RecordContext, 'newId'>> {
  const facts = await db.readCallFacts(tx, ctx.storeId, customerId, dateIn(ctx.zone, ctx.now));
  return {
    by: ctx.staffId,
    now: ctx.now,
    store: { zone: ctx.zone, calendar: { week: facts.week ?? DEFAULT_BUSINESS_CALENDAR.week, exceptions: facts.days } },
    policy: await readTaskPolicy(tx, ctx),
    window: rules.contactWindowOf(facts.preferred),
  };
}

async function lockTask(tx: Db, ctx: StaffContext, input: { taskId: TaskId; version: number }, action: Action): Promise<rules.Task> {
  const task = await db.findTask(tx, ctx.storeId, input.taskId, taskReach(ctx, action), { lock: true });
  if (!task) throw refusal('platform.not_found');
  if (task.version !== input.version)
    throw refusal('platform.conflict', { conflict: [{ field: 'status', yours: 'open', theirs: task.status, original: input.version }] });
  return task;
}

async function save(tx: Db, ctx: StaffContext, action: string, before: rules.Task, after: rules.Task): Promise<void> {
  await db.saveTask(tx, ctx.storeId, after, ctx.now);
  await recordChange(tx, ctx, { action: `tasks.${action}`, entity: 'task', entityId: after.id, before, after, topic: 'tasks' });
}

/**
 * Records what came of a try, and all that follows from it, in one transaction: the contact, the task, a complaint, a
 * verification, withdrawn consent (CARE-04, CARE-32). A second call with the same version is a conflict.
 */
export function recordResult(ctx: StaffContext, input: Input<typeof wire.recordInput>): Promise<wire.RecordedView> {
  return ctx.inStore(async (tx, client) => {
    const before = await lockTask(tx, ctx, input, 'edit');
    const { task, contact, starts } = orThrow(
      rules.record(before, input, { ...(await readCallContext(tx, ctx, before.customerId)), newId }),
      {
        ...RECORD_FIELDS,
        'tasks.words_unheard': wordsGiven(input),
        'tasks.satisfaction_not_asked': input.satisfaction ? 'satisfaction' : 'satisfied',
      },
    );
    const { spoken } = rules.OUTCOME_MEANING[input.outcome];
    // Whoever had no task of his own takes the one he worked on.
    const after = { ...task, assigneeId: task.assigneeId ?? ctx.staffId };
    const { phone, ...started } = await carryOn(tx, client, ctx, before, starts);
    const confirms = before.result === 'verification' && spoken;
    const undo = {
      version: after.version + 1,
      task: {
        assigneeId: before.assigneeId,
        showAt: before.showAt,
        attempts: before.attempts,
        lastOutcome: before.lastOutcome,
        ...(task.lapsesAt === before.lapsesAt ? {} : { lapsesAt: before.lapsesAt }),
      },
      ...(phone === undefined ? {} : { phone }),
      ...(started.verificationTaskId === null ? {} : { verification: started.verificationTaskId }),
      ...(confirms
        ? { confirmed: { before: await db.confirmFile(tx, ctx.storeId, before.customerId, dateIn(ctx.zone, ctx.now), ctx.now) } }
        : {}),
    };
    await db.insertTaskContact(tx, ctx.storeId, contact, { spoken, complaintId: started.complaintId, undo });
    await save(tx, ctx, 'record', before, after);
    return { task: { ...after, version: after.version + 1 }, contactId: contact.id, ...started };
  });
}

async function carryOn(tx: Db, client: PoolClient, ctx: StaffContext, task: rules.Task, starts: readonly rules.Started[]) {
  let complaintId: ComplaintId | null = null;
  let verificationTaskId: TaskId | null = null;
  let phone: string | undefined;
  const withdrawn: ('service' | 'marketing')[] = [];
  for (const start of starts) {
    switch (start.kind) {
      case 'complaint': {
        const { customerId, vehicleId, visitId, orderId } = task;
        complaintId = await register(
          { ...ctx, inStore: async (work) => settled(await work(tx, client)) },
          {
            ...(start.complaint as Input<typeof wire.recordInput>['complaint'] & object),
            customerId,
            vehicleId,
            visitId,
            orderId,
            source: start.source,
          },
        );
        break;
      }
      case 'verification':
        if (await db.insertTask(tx, ctx.storeId, start.task)) verificationTaskId = start.task.id;
        break;
      case 'phone_invalid':
        phone = await db.invalidatePhone(tx, ctx.storeId, task.customerId, ctx.now);
        break;
      case 'consent_withdrawal':
        await db.withdrawConsent(tx, ctx.storeId, {
          ids: [newId(), newId(), newId(), newId(), newId()],
          customerId: task.customerId,
          purpose: start.purpose,
          taskId: task.id,
          staffId: ctx.staffId,
          at: ctx.now,
        });
        withdrawn.push(start.purpose);
        break;
      case 'appointment':
        // The contact carries its time; booking a bay comes with the service calendar.
        break;
    }
  }
  return { complaintId, verificationTaskId, withdrawn, phone };
}

/** Makes a task of the pool one's own, so that colleagues see it; taking one's own again changes nothing. Refuses one that another has. */
export function take(ctx: StaffContext, input: Input<typeof wire.takeInput>): Promise<TaskId> {
  return ctx.inStore(async (tx) => {
    const mine = await db.findTask(tx, ctx.storeId, input.taskId, taskReach(ctx, 'edit'));
    if (mine?.assigneeId === ctx.staffId) return mine.id;
    const before = await lockTask(tx, ctx, input, 'edit');
    if (before.assigneeId !== null) throw refusal('platform.conflict');
    const [me] = await db.listReceivers(tx, ctx.storeId, [ctx.staffId]);
    if (!me) throw refusal('tasks.assignee_left');
    await save(
      tx,
      ctx,
      'take',
      before,
      orThrow(rules.handOver(before, { ...me, mayWork: true }, await db.findConcerned(tx, ctx.storeId, before.id))),
    );
    return before.id;
  });
}

const ACTS: Readonly<Record<string, wire.TaskFate['act']>> = {
  'tasks.record': 'recorded',
  'tasks.skip': 'skipped',
  'tasks.take': 'taken',
  'tasks.handOver': 'moved',
  'tasks.reassign': 'moved',
  'tasks.takeBack': 'takenBack',
};

/** What became of a task that the caller has open and may no longer see. */
export async function fateOf(ctx: StaffContext, taskId: TaskId): Promise<wire.TaskFate> {
  const fate = await ctx.readStore((tx) => db.findFate(tx, ctx.storeId, taskId, taskReach(ctx, 'view')));
  if (!fate) throw refusal('platform.not_found');
  const { action, by, at, outcome, assigneeName } = fate;
  const act = ACTS[action ?? ''] ?? 'over';
  return act === 'over' ? { act, by: null, at: null, outcome: null, assigneeName } : { act, by, at, outcome, assigneeName };
}

export function postpone(ctx: StaffContext, input: Input<typeof wire.postponeInput>): Promise<TaskId> {
  return ctx.inStore(async (tx) => {
    const before = await lockTask(tx, ctx, input, 'edit');
    await save(
      tx,
      ctx,
      'postpone',
      before,
      orThrow(rules.postpone(before, input.until, ctx.now), {
        'tasks.time_in_past': 'until',
        'tasks.time_too_far': 'until',
        'tasks.beyond_lapse': 'until',
      }),
    );
    return before.id;
  });
}

export function skip(ctx: StaffContext, input: Input<typeof wire.skipInput>): Promise<TaskId> {
  return ctx.inStore(async (tx) => {
    const before = await lockTask(tx, ctx, input, 'edit');
    await save(tx, ctx, 'skip', before, orThrow(rules.skip(before, input.reason, input.note ?? null, ctx.staffId, ctx.now)));
    return before.id;
  });
}

/** Who might take tasks: whether his role works on any, and whether the caller decides for him. */
export async function readReceivers(tx: Db, ctx: StaffContext, ids?: readonly StaffId[]) {
  const overrides = await listRightOverrides(tx, ctx.storeId);
  const scope = ctx.rights('tasks', 'decide');
  const reach = scope === 'none' ? new Set<StaffId>() : reachOf(scope, ctx.staffId, ctx.team);
  return (await db.listReceivers(tx, ctx.storeId, ids)).map((person) => ({
    ...person,
    mayWork: rightsOf(person.role, overrides)('tasks', 'edit') !== 'none',
    inReach: reach === 'everyone' || [...reach].includes(person.id),
  }));
}

export function handOver(ctx: StaffContext, input: Input<typeof wire.handOverInput>): Promise<TaskId> {
  return ctx.inStore(async (tx) => {
    const before = await lockTask(tx, ctx, input, 'edit');
    const [to] = await readReceivers(tx, ctx, [input.toId]);
    if (!to) throw refusal('platform.not_found', { fields: [{ path: 'toId', code: 'unknown_record' }] });
    await save(
      tx,
      ctx,
      'handOver',
      before,
      orThrow(rules.handOver(before, to, await db.findConcerned(tx, ctx.storeId, before.id)), {
        'tasks.assignee_left': 'toId',
        'tasks.assignee_without_right': 'toId',
        'tasks.already_theirs': 'toId',
        'tasks.survey_by_seller': 'toId',
      }),
    );
    return before.id;
  });
}

/**
 * Spreads tasks over the receivers in the order of urgency, one after the other; what a rule refuses for one goes to the next.
 *
 * An id that is no task within the caller's reach, or nobody of the store, moves nothing at all: the answer names its place in the list, and a foreign
 * one is named like one that never was. A colleague outside the reach, or whose role does no tasks, moves nothing either, and the answer says so. Tasks that are finished, or that no receiver may take, are counted as refused.
 *
 * Source: 09 B "mass update with own and foreign ids mixed: all-or-nothing refusal".
 */
export function reassign(ctx: StaffContext, input: Input<typeof wire.reassignInput>): Promise<{ moved: number; refused: number }> {
  const reach = taskReach(ctx, 'decide');
  return ctx.inStore(async (tx) => {
    // In the order they were named: whoever stands first takes the odd task.
    const receivers = (await readReceivers(tx, ctx, input.toIds)).toSorted((a, b) => input.toIds.indexOf(a.id) - input.toIds.indexOf(b.id));
    const unknown = [
      ...unknownOf('toIds', input.toIds, new Set(receivers.map(({ id }) => id))),
      ...unknownOf(
        'taskIds',
        input.taskIds ?? [],
        input.taskIds ? await db.findWithinReach(tx, ctx.storeId, input.taskIds, reach) : new Set(),
      ),
    ];
    if (unknown.length > 0) throw refusal('platform.not_found', { fields: unknown });
    refuseReceivers(receivers, input.toIds);
    const tasks = await db.listForReassign(tx, ctx.storeId, { taskIds: input.taskIds, fromId: input.fromId }, reach);
    const moves: { taskId: TaskId; toId: StaffId }[] = [];
    let turn = 0;
    for (const { concernedId, ...task } of tasks) {
      const inTurn = receivers.map((_, i) => receivers[(turn + i) % receivers.length]!); // the remainder lies in the list
      const taker = inTurn.find((candidate) => rules.handOver(task, candidate, concernedId).ok);
      if (!taker) continue;
      turn = receivers.indexOf(taker) + 1;
      moves.push({ taskId: task.id, toId: taker.id });
    }
    await db.assignTasks(tx, ctx.storeId, moves, ctx.now);
    const before = new Map(tasks.map((task) => [task.id, task.assigneeId]));
    const moved = { moved: moves.length, refused: (input.taskIds?.length ?? tasks.length) - moves.length };
    if (moves.length === 0) return moved;
    return new Ending(moved, () => [
      ...moves.map(({ taskId, toId }) =>
        recordChange(tx, ctx, {
          action: 'tasks.reassign',
          entity: 'task',
          entityId: taskId,
          before: { assigneeId: before.get(taskId) ?? null },
          after: { assigneeId: toId, reason: input.reason },
        }),
      ),
      recordChange(tx, ctx, {
        action: 'tasks.reassignMany',
        entity: 'staff',
        entityId: input.fromId ?? ctx.staffId,
        after: { moved: moves.length, reason: input.reason },
        topic: 'tasks',
      }),
    ]);
  });
}

function refuseReceivers(receivers: Awaited<ReturnType<typeof readReceivers>>, asked: readonly StaffId[]): void {
  const unfit = receivers.flatMap(({ id, inReach, mayWork }) => {
    const code = !inReach ? 'tasks.assignee_out_of_reach' : !mayWork ? 'tasks.assignee_without_right' : undefined;
    return code ? [{ path: `toIds.${asked.indexOf(id)}`, code } as const] : [];
  });
  if (unfit[0]) throw refusal(unfit[0].code, { fields: unfit });
}

function unknownOf(path: string, asked: readonly string[], known: ReadonlySet<string>): FieldFault[] {
  return asked.flatMap((id, at) => (known.has(id) ? [] : [{ path: `${path}.${at}`, code: 'unknown_record' }]));
}

/** A task a person sets himself or a colleague. An API key is nobody who could do one, so it has to say whose it is. */
export function addTask(ctx: StaffContext, input: Input<typeof wire.addTaskInput>): Promise<TaskId> {
  const customers = ctx.reach('customers', 'view');
  const reach = taskReach(ctx, 'edit');
  const dueOn = orThrow(rules.dueDay(input.dueOn, dateIn(ctx.zone, ctx.now)), { 'tasks.time_too_far': 'dueOn' });
  const assigneeId = input.assigneeId ?? (ctx.kind === 'api_key' ? null : ctx.staffId);
  if (assigneeId === null) throw inputFault({ path: 'assigneeId', code: 'required' });
  return ctx.inStore(async (tx) => {
    if (!(await db.customerExists(tx, ctx.storeId, input.customerId, customers)))
      throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
    const foreign = await findForeignReference(tx, ctx.storeId, {
      customerId: input.customerId,
      vehicleId: input.vehicleId ?? null,
      visitId: null,
      orderId: null,
    });
    if (foreign) throw refusal('platform.not_found', { fields: [{ path: foreign, code: 'not_of_customer' }] });
    const [to] = await db.listReceivers(tx, ctx.storeId, [assigneeId]);
    if (!to || (reach.reach !== 'everyone' && !reach.reach.includes(to.id)))
      throw refusal('platform.not_found', { fields: [{ path: 'assigneeId', code: 'unknown_record' }] });
    const task: rules.OpenTask = {
      id: newId(),
      kind: 'manual',
      status: 'open',
      customerId: input.customerId,
      vehicleId: input.vehicleId ?? null,
      visitId: null,
      orderId: null,
      complaintId: null,
      ruleKey: null,
      occurrenceKey: null,
      assigneeId: to.id,
      role: to.role,
      channel: input.channel,
      purpose: 'service',
      result: 'contact_note',
      script: 'manual',
      topics: [],
      priority: 3,
      byTheHour: false,
      anchorOn: null,
      notBeforeOn: dueOn,
      showAt: startOfDay(ctx.zone, dueOn),
      dueAt: endOfDay(ctx.zone, dueOn),
      lapsesAt: null,
      reason: { code: 'manual.task', params: { note: input.note, by: ctx.name } },
      attempts: 0,
      lastOutcome: null,
      createdAt: ctx.now,
      version: 1,
    };
    await db.insertTask(tx, ctx.storeId, task);
    await recordChange(tx, ctx, { action: 'tasks.add', entity: 'task', entityId: task.id, after: task, topic: 'tasks' });
    return task.id;
  });
}

/** Shows the numbers behind one's own open task, the task being the reason; written down each time (01, 13 field classes). */
export function revealPhone(ctx: StaffContext, taskId: TaskId): Promise<{ phones: { number: string; tel: string; rank: number }[] }> {
  return ctx.inStore(async (tx) => {
    const task = await db.findTask(tx, ctx.storeId, taskId, taskReach(ctx, 'edit'));
    if (!task) throw refusal('platform.not_found');
    if (!mayReveal(ctx, task)) throw refusal('access.forbidden');
    const phones = await db.listPhones(tx, ctx.storeId, task.customerId);
    await recordChange(tx, ctx, {
      action: 'tasks.revealPhone',
      entity: 'customer',
      entityId: task.customerId,
      after: { taskId, numbers: phones.length },
    });
    return { phones: phones.map(({ number, rank }) => ({ number: number.replace(/^\+86/, ''), tel: number, rank })) };
  });
}

/** Shows where to write to for one's own open task, as `revealPhone` shows the number to call; written down each time, without the address. */
export function revealAddress(ctx: StaffContext, taskId: TaskId): Promise<z.output<typeof wire.revealedAddress>> {
  return ctx.inStore(async (tx) => {
    const task = await db.findTask(tx, ctx.storeId, taskId, taskReach(ctx, 'edit'));
    if (!task) throw refusal('platform.not_found');
    if (!mayReveal(ctx, task)) throw refusal('access.forbidden');
    const address = await db.getAddress(tx, ctx.storeId, task.customerId);
    await recordChange(tx, ctx, { action: 'tasks.revealAddress', entity: 'customer', entityId: task.customerId, after: { taskId } });
    return address;
  });
}

/** Whether the task is the caller's own: his, or of his role and nobody's. */
export function mayReveal(ctx: StaffContext, task: rules.Task): boolean {
  return task.status === 'open' && (task.assigneeId === ctx.staffId || (task.assigneeId === null && task.role === ctx.role));
}

/** The shipped rule behind a key: whose idea the call is. */
export function sourceOf(ruleKey: string | null): { key: string; source: string; ours: string | null } | null {
  const rule = SHIPPED_RULES.find((shipped) => shipped.key === ruleKey);
  return rule ? { key: rule.key, source: rule.source, ours: rule.ours ?? null } : null;
}

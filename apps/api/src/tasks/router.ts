import { maskPhone, reachOf, type Action } from '@baoke/core/access';
import { DEFAULT_COMPLAINT_POLICY } from '@baoke/core/complaints';
import { byName, startOfDay, type Instant, type TaskId } from '@baoke/core/kernel';
import { exported } from '@baoke/core/kernel/wire';
import { groupOf, isWaiting, proposeNextTry } from '@baoke/core/tasks';
import * as wire from '@baoke/core/tasks/wire';
import * as db from '@baoke/db/tasks';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { listOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { may, router } from '../trpc.ts';
import { exportTeamQueue } from './export.ts';
import { listResults, takeBack } from './take-back.ts';
import * as useCases from './use-cases.ts';

function rowView({ customer, ...listed }: db.ListedTask, now: Instant): wire.TaskRow {
  const { phone, ...head } = customer;
  const { task } = listed;
  return {
    ...listed,
    group: task.status === 'open' ? groupOf(task, now) : 'later',
    customer: { ...head, phoneMasked: phone === null ? null : maskPhone(phone) },
  };
}

type Place = [urgency: number, dueAt: Instant, priority: number, id: TaskId];

const MY_DAY = listOf<[asOf: Instant, waiting: boolean, ...Place]>('tasks.myDay', 6);
const TEAM = listOf<Place>('tasks.team', 4);

function placeOf({ task }: db.ListedTask): Place {
  return [task.byTheHour ? 0 : 1, task.dueAt, task.priority, task.id];
}

function queuePlace([urgency, dueAt, priority, id]: Place): db.QueuePlace {
  return { urgency, dueAt, priority, id };
}

/** Whose day it is, and which complaints stand in it. */
function callerOf(staff: StaffContext) {
  const reach = (action: Action) => {
    const scope = staff.rights('complaints', action);
    return scope === 'none' ? null : reachOf(scope, staff.staffId, staff.team);
  };
  const { confirmingRoles } = DEFAULT_COMPLAINT_POLICY;
  const complaints = reach('view') && { edit: reach('edit'), decide: reach('decide'), confirmingRoles };
  return { id: staff.staffId, role: staff.role, complaints };
}

async function myDay(staff: StaffContext, input: z.output<typeof wire.myDayInput>): Promise<z.input<typeof wire.myDayPage>> {
  const { now, tomorrow } = useCases.dayOf(staff);
  const cursor = MY_DAY.placeIn(input.cursor);
  const [asOf = now, waiting = false, ...place] = cursor ?? [];
  const after = cursor && { waiting, ...queuePlace(place as Place) };
  const { tasks, complaints } = await staff.readStore((tx) =>
    db.listMyDay(tx, staff.storeId, callerOf(staff), input, { now, tomorrow, asOf, after, limit: input.limit }),
  );
  const { items, nextCursor } = MY_DAY.pageOf(tasks, input.limit, (row) => [asOf, isWaiting(row.task, asOf), ...placeOf(row)]);
  return { items: items.map((row) => rowView(row, asOf)), nextCursor, complaints };
}

function taskDetail(staff: StaffContext, id: TaskId): Promise<wire.TaskDetail> {
  return staff.readStore(async (tx) => {
    const listed = await db.findListed(tx, staff.storeId, id, useCases.taskReach(staff, 'view'));
    if (!listed) throw refusal('platform.not_found');
    const { task } = listed;
    const { store, policy, window, now } = await useCases.readCallContext(tx, staff, task.customerId);
    return {
      ...rowView(listed, now),
      rule: useCases.sourceOf(task.ruleKey),
      proposedNextTryAt:
        task.status === 'open' ? proposeNextTry({ ...task, attempts: task.attempts + 1 }, store, policy, window, now) : null,
      canReveal: useCases.mayReveal(staff, task),
    };
  });
}

export const tasksRouter = router({
  myDay: may('tasks', 'view', { method: 'POST', path: '/tasks/my-day', summary: 'My queue, most urgent first' })
    .input(wire.myDayInput)
    .output(wire.myDayPage)
    .query(({ ctx: { staff }, input }) => myDay(staff, input)),

  counts: may('tasks', 'view', { method: 'GET', path: '/tasks/counts', summary: 'How much my queue holds' })
    .output(wire.taskCounts)
    .query(({ ctx: { staff } }) => staff.readStore((tx) => db.countMyDay(tx, staff.storeId, callerOf(staff), useCases.dayOf(staff)))),

  team: may('tasks', 'view', { method: 'POST', path: '/tasks/team', summary: 'The queue of everybody my right reaches' })
    .input(wire.teamQueueInput)
    .output(wire.taskPage)
    .query(async ({ ctx: { staff }, input }) => {
      const filter = {
        ...input,
        dueFrom: input.dueFrom && startOfDay(staff.zone, input.dueFrom),
        dueTo: input.dueTo && startOfDay(staff.zone, input.dueTo),
      };
      const reach = useCases.taskReach(staff, 'view');
      const { now, tomorrow } = useCases.dayOf(staff);
      const cursor = TEAM.placeIn(input.cursor);
      const view = { now, tomorrow, limit: input.limit, after: cursor && queuePlace(cursor) };
      const rows = await staff.readStore((tx) => db.listTeamQueue(tx, staff.storeId, reach, filter, view));
      const { items, nextCursor } = TEAM.pageOf(rows, input.limit, placeOf);
      return { items: items.map((row) => rowView(row, now)), nextCursor };
    }),

  exportTeam: may('tasks', 'export', { method: 'POST', path: '/tasks/team/export', summary: 'The queue as an Excel or CSV file; recorded' })
    .input(wire.exportTeamInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportTeamQueue(ctx.staff, input)),

  load: may('tasks', 'view', { method: 'GET', path: '/tasks/load', summary: 'Who of my team has how much' })
    .input(wire.loadInput.optional())
    .output(wire.teamLoad)
    .query(async ({ ctx: { staff }, input }) => {
      const reach = useCases.taskReach(staff, 'view');
      const named = input?.assigneeId ?? null;
      const rows = await staff.readStore((tx) => db.listTeamLoad(tx, staff.storeId, reach, useCases.dayOf(staff), named));
      return {
        people: rows.map(({ assigneeId, name, ...load }) => ({
          ...load,
          assignee: assigneeId === null ? null : { id: assigneeId, name: name ?? '' },
        })),
      };
    }),

  get: may('tasks', 'view', { method: 'GET', path: '/tasks/{taskId}', summary: 'One task with its reason, script and last contacts' })
    .input(wire.getTaskInput)
    .output(wire.taskDetail)
    .query(({ ctx, input }) => taskDetail(ctx.staff, input.taskId)),

  record: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/result', summary: 'Record what came of a try' })
    .input(wire.recordInput)
    .output(wire.recorded)
    .mutation(({ ctx, input }) => useCases.recordResult(ctx.staff, input)),

  results: may('tasks', 'view', { method: 'POST', path: '/tasks/results', summary: 'What I recorded today, the latest first' })
    .input(wire.resultsInput)
    .output(wire.resultPage)
    .query(({ ctx, input }) => listResults(ctx.staff, input)),

  resultCodes: may('tasks', 'view', { method: 'GET', path: '/tasks/result-codes', summary: 'The lists that results are sorted by' })
    .output(wire.resultCodes)
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => {
        const { saidAbout, causes, unreached } = await useCases.readTaskPolicy(tx, staff);
        return { saidAbout, causes, unreached };
      }),
    ),

  takeBack: may('tasks', 'edit', { method: 'POST', path: '/tasks/results/{contactId}/take-back', summary: 'Take a recorded result back' })
    .input(wire.takeBackInput)
    .output(wire.takenBack)
    .mutation(({ ctx, input }) => takeBack(ctx.staff, input)),

  take: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/take', summary: 'Make a task of nobody my own' })
    .input(wire.takeInput)
    .output(wire.taskDetail)
    .mutation(async ({ ctx, input }) => taskDetail(ctx.staff, await useCases.take(ctx.staff, input))),

  fate: may('tasks', 'view', { method: 'GET', path: '/tasks/{taskId}/fate', summary: 'What a colleague did with a task I had before me' })
    .input(wire.getTaskInput)
    .output(wire.taskFate)
    .query(({ ctx, input }) => useCases.fateOf(ctx.staff, input.taskId)),

  postpone: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/postpone', summary: 'Put a task off' })
    .input(wire.postponeInput)
    .output(wire.taskDetail)
    .mutation(async ({ ctx, input }) => taskDetail(ctx.staff, await useCases.postpone(ctx.staff, input))),

  skip: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/skip', summary: 'Leave a task undone, with the reason' })
    .input(wire.skipInput)
    .output(wire.taskDetail)
    .mutation(async ({ ctx, input }) => taskDetail(ctx.staff, await useCases.skip(ctx.staff, input))),

  receivers: may('tasks', 'edit', { method: 'GET', path: '/tasks/receivers', summary: 'Whom a task can be given to' })
    .output(wire.receivers)
    .query(async ({ ctx: { staff } }) => {
      const people = await staff.readStore((tx) => useCases.readReceivers(tx, staff));
      return {
        people: people
          .filter(({ active, mayWork }) => active && mayWork)
          .map(({ id, name, role, inReach }) => ({ id, name, role, inReach }))
          .toSorted(byName),
      };
    }),

  // Whoever hands a task over may no longer see it, so the answer is its id alone.
  handOver: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/hand-over', summary: 'Give a task to a colleague' })
    .input(wire.handOverInput)
    .output(wire.taskRef)
    .mutation(async ({ ctx, input }) => ({ taskId: await useCases.handOver(ctx.staff, input) })),

  reassign: may('tasks', 'decide', { method: 'POST', path: '/tasks/reassign', summary: 'Give many tasks away at once' })
    .input(wire.reassignInput)
    .output(wire.reassigned)
    .mutation(({ ctx, input }) => useCases.reassign(ctx.staff, input)),

  add: may('tasks', 'edit', { method: 'POST', path: '/tasks', summary: 'Set a task by hand' })
    .input(wire.addTaskInput)
    .output(wire.taskRef)
    .mutation(async ({ ctx, input }) => ({ taskId: await useCases.addTask(ctx.staff, input) })),

  revealPhone: may('tasks', 'edit', { method: 'POST', path: '/tasks/{taskId}/reveal-phone', summary: 'Show the number behind my own task' })
    .input(wire.getTaskInput)
    .output(wire.revealedPhone)
    .mutation(({ ctx, input }) => useCases.revealPhone(ctx.staff, input.taskId)),

  revealAddress: may('tasks', 'edit', {
    method: 'POST',
    path: '/tasks/{taskId}/reveal-address',
    summary: 'Show the address behind my own task',
  })
    .input(wire.getTaskInput)
    .output(wire.revealedAddress)
    .mutation(({ ctx, input }) => useCases.revealAddress(ctx.staff, input.taskId)),
});

import { z } from 'zod';
import { ROLES } from '../access/index.ts';
import { CARE_CHANNELS, PLAN_CANCELLATIONS, RESULT_FORMS, SUPPRESSIONS } from '../care/index.ts';
import { COMPLAINT_KINDS, COMPLAINT_STATUSES, SEVERITIES } from '../complaints/index.ts';
import { lastContact } from '../customers/last-contact.ts';
import { markedCustomer } from '../customers/marked.ts';
import type { ComplaintId, ContactId, CustomerId, DepartmentId, OrderId, StaffId, TaskId, VehicleId, VisitId } from '../kernel/index.ts';
import { civilDate, dateOut, exportAs, id, idOut, instant, instantOut, page, recordDate, text, words } from '../kernel/wire.ts';
import { OUTCOMES, SATISFACTIONS, SKIP_REASONS, TASK_KINDS } from './model.ts';
import { COMPLAINT_CALLS, QUEUE_GROUPS } from './queue.ts';
import { satisfiedOf } from './rules.ts';
import { STANDING } from './take-back.ts';

const taskId = id<TaskId>();
const versioned = { taskId, version: z.number().int().positive() };

/** `today` is what shows by the end of the day; `overdue` is past its due time, whenever it shows; `upcoming` shows later; `unassigned` is of today and nobody's. */
export const QUEUE_TABS = ['today', 'overdue', 'upcoming', 'unassigned'] as const;
export const myDayInput = z.strictObject({
  tab: z.enum(QUEUE_TABS).default('today'),
  kinds: z.array(z.enum(TASK_KINDS)).max(5).optional(),
  ruleKeys: z.array(text(60)).max(40).optional(),
  ...page,
});
export const teamQueueInput = myDayInput.extend({
  assigneeId: id<StaffId>().optional(),
  role: z.enum(ROLES).optional(),
  dueFrom: civilDate.optional(),
  /** The day after the last one. */
  dueTo: civilDate.optional(),
});
export const exportTeamInput = teamQueueInput.omit({ cursor: true, limit: true }).extend(exportAs);
export const getTaskInput = z.strictObject({ taskId });
export const recordInput = z
  .strictObject({
    ...versioned,
    outcome: z.enum(OUTCOMES),
    note: text(2000).nullish(),
    satisfied: z.boolean().nullish(),
    satisfaction: z.enum(SATISFACTIONS).nullish().meta({
      description:
        'what he said of our work, with its shades; where it is given, satisfied follows it and may be left out; another one is refused',
    }),
    praised: z.boolean().optional().meta({ description: 'he praised us; the words are the note' }),
    saidAbout: text(60).nullish().meta({ description: 'what he spoke of: a code of tasks.resultCodes' }),
    cause: text(60).nullish().meta({ description: 'the analysed reason: a code of tasks.resultCodes' }),
    unreachedBecause: text(60).nullish().meta({ description: 'why nobody was reached: a code of tasks.resultCodes' }),
    appointmentAt: instant.nullish(),
    nextTryAt: instant.nullish(),
    complaint: z
      .strictObject({
        kind: z.enum(COMPLAINT_KINDS),
        severity: z.enum(SEVERITIES).default('normal'),
        content: words(4000),
        departmentId: id<DepartmentId>(),
        accusedId: id<StaffId>().nullish(),
      })
      .nullish(),
    objects: z
      .array(z.enum(['service', 'marketing']))
      .max(2)
      .optional(),
  })
  .superRefine(({ satisfied, satisfaction }, ctx) => {
    if (typeof satisfied !== 'boolean' || !satisfaction) return;
    const accepted = satisfiedOf(satisfaction);
    if (satisfied !== accepted)
      ctx.addIssue({ code: 'custom', path: ['satisfied'], message: 'choice', params: { values: String(accepted) } });
  });
export const takeBackInput = z.strictObject({
  contactId: id<ContactId>().meta({ description: 'the contact that recording the result answered' }),
});
export const resultsInput = z.strictObject(page);
export const takeInput = z.strictObject(versioned);
export const postponeInput = z.strictObject({ ...versioned, until: instant, reason: text(500).nullish() });
export const skipInput = z.strictObject({ ...versioned, reason: z.enum(SKIP_REASONS), note: text(1000).nullish() });
export const handOverInput = z.strictObject({ ...versioned, toId: id<StaffId>(), reason: text(500).nullish() });
/** Everything open of one person, or the tasks named; spread evenly over the receivers in the order of urgency. */
export const reassignInput = z
  .strictObject({
    fromId: id<StaffId>().optional(),
    taskIds: z.array(taskId).min(1).max(500).optional(),
    toIds: z.array(id<StaffId>()).min(1).max(50),
    reason: words(500),
  })
  .refine((input) => (input.fromId === undefined) !== (input.taskIds === undefined), {
    error: 'one_of',
    path: ['taskIds'],
    params: { values: 'fromId, taskIds' },
  });
export const loadInput = z.strictObject({
  assigneeId: id<StaffId>().optional().meta({ description: 'somebody who has a line though he has nothing' }),
});
export const addTaskInput = z.strictObject({
  customerId: id<CustomerId>(),
  vehicleId: id<VehicleId>().nullish(),
  assigneeId: id<StaffId>()
    .nullish()
    .meta({ description: 'whose task it is; left out or null: that of the person who sets it. An API key has to name somebody' }),
  channel: z.enum(CARE_CHANNELS).default('phone'),
  dueOn: recordDate,
  note: words(500),
});

const param = z.union([z.string(), z.number()]);
export const reasonOut = z.object({ code: z.string(), params: z.record(z.string(), param) });
const facts = z.object({
  id: idOut<TaskId>(),
  kind: z.enum(TASK_KINDS),
  customerId: idOut<CustomerId>(),
  vehicleId: idOut<VehicleId>().nullable(),
  visitId: idOut<VisitId>().nullable(),
  orderId: idOut<OrderId>().nullable(),
  complaintId: idOut<ComplaintId>().nullable(),
  ruleKey: z.string().nullable(),
  occurrenceKey: z.string().nullable(),
  assigneeId: idOut<StaffId>().nullable(),
  role: z.enum(ROLES),
  channel: z.enum(CARE_CHANNELS),
  purpose: z.enum(['service', 'marketing']),
  result: z.enum(RESULT_FORMS),
  script: z.string(),
  topics: z.array(z.string()).readonly(),
  priority: z.number(),
  byTheHour: z.boolean(),
  anchorOn: dateOut.nullable(),
  notBeforeOn: dateOut,
  showAt: instantOut,
  dueAt: instantOut,
  lapsesAt: instantOut.nullable(),
  reason: reasonOut,
  attempts: z.number(),
  lastOutcome: z.enum(OUTCOMES).nullable(),
  createdAt: instantOut,
  version: z.number(),
});
const finished = { finishedAt: instantOut };
const byPerson = { ...finished, finishedBy: idOut<StaffId>(), note: z.string().nullable() };

/** The task, shaped like the domain's union, so that a screen can ask the rules. */
export const taskOut = z.discriminatedUnion('status', [
  facts.extend({ status: z.literal('open') }),
  facts.extend({ status: z.literal('done'), ...byPerson }),
  facts.extend({ status: z.literal('skipped'), ...byPerson, skipReason: z.enum(SKIP_REASONS) }),
  facts.extend({ status: z.literal('missed'), ...finished }),
  facts.extend({
    status: z.literal('cancelled'),
    ...finished,
    cancelReason: z.enum([...PLAN_CANCELLATIONS, ...SUPPRESSIONS, 'result_taken_back']),
  }),
]);

const code = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  off: z.boolean().optional().meta({ description: 'chosen no more; still names what was recorded with it' }),
});
/** The lists that the result of a try is sorted by, as the store has them. */
export const resultCodes = z.object({
  saidAbout: z.array(code).readonly(),
  causes: z.array(code).readonly(),
  unreached: z.array(code).readonly(),
});
export const heardOut = z.object({
  satisfaction: z.enum(SATISFACTIONS).nullable(),
  praised: z.boolean(),
  saidAbout: z.string().nullable(),
  cause: z.string().nullable(),
  unreachedBecause: z.string().nullable(),
});

const person = z.object({ id: idOut<StaffId>(), name: z.string() });
/** One line of the queue: enough to call without opening anything. */
export const taskRow = z.object({
  task: taskOut,
  group: z.enum(QUEUE_GROUPS),
  customer: z.object({
    ...markedCustomer,
    hasOpenComplaint: z.boolean(),
    phoneMasked: z.string().nullable(),
    preferredContactTime: z.string().nullable(),
  }),
  vehicle: z.object({ id: idOut<VehicleId>(), plate: z.string().nullable(), model: z.string().nullable() }).nullable(),
  assignee: person.nullable(),
  /** What the store calls its own rule; null for shipped ones. */
  ruleName: z.string().nullable(),
  /** The last three, newest first. */
  contacts: z.array(lastContact),
});
export type TaskRow = z.infer<typeof taskRow>;
export const taskPage = z.object({ items: z.array(taskRow), nextCursor: z.string().nullable() });

/** An open complaint in the day of whoever handles it, confirms it or decides on its pause. */
export const dayComplaint = z.object({
  id: idOut<ComplaintId>(),
  number: z.string(),
  kind: z.enum(COMPLAINT_KINDS),
  severity: z.enum(SEVERITIES),
  status: z.enum(COMPLAINT_STATUSES),
  call: z.enum(COMPLAINT_CALLS),
  content: z.string(),
  /** The promise that runs now. */
  dueAt: instantOut,
  minutes: z.number(),
  pausedAt: instantOut.nullable(),
  /** When a clock that stands still runs on by itself, or until when it is asked to stand still. */
  pausedUntil: instantOut.nullable(),
  handler: person,
  customer: z.object({
    ...markedCustomer,
  }),
  plate: z.string().nullable(),
  model: z.string().nullable(),
});
export type DayComplaint = z.infer<typeof dayComplaint>;
/** Complaints stand before the tasks, the earliest promise first, and come with the first page: at most a hundred. */
export const myDayPage = taskPage.extend({ complaints: z.array(dayComplaint) });

export const taskCounts = z.object({
  today: z.number(),
  sla: z.number(),
  overdue: z.number(),
  upcoming: z.number(),
  unassigned: z.number(),
  doneToday: z.number(),
});

export const taskDetail = taskRow.extend({
  /** The rule behind it: whose idea it is. */
  rule: z.object({ key: z.string(), source: z.string(), ours: z.string().nullable() }).nullable(),
  /** The next try we propose if nobody is reached now. */
  proposedNextTryAt: instantOut.nullable(),
  /** Whether the number may be shown for this task. */
  canReveal: z.boolean(),
});
export type TaskDetail = z.infer<typeof taskDetail>;

export const recorded = z.object({
  task: taskOut,
  contactId: idOut<ContactId>(),
  complaintId: idOut<ComplaintId>().nullable(),
  verificationTaskId: idOut<TaskId>().nullable(),
  withdrawn: z.array(z.enum(['service', 'marketing'])),
});
export type RecordedView = z.infer<typeof recorded>;

/** Whether its reader can take a result back: the facts that `mayTakeBack` judges. */
export const takeBackOut = z.object({
  by: z
    .enum(['recorder', 'decider'])
    .meta({ description: 'recorder: the reader recorded it himself; decider: he decides for whoever did' }),
  takenBackAt: instantOut.nullable(),
  unchanged: z.boolean().meta({ description: 'nothing happened to the task since' }),
  until: instantOut.meta({ description: 'until when the reader can take it back' }),
  complaint: z
    .object({ id: idOut<ComplaintId>(), number: z.string() })
    .nullable()
    .meta({ description: 'what it registered stands in the way' }),
});
export type TakeBackView = z.infer<typeof takeBackOut>;
export const takenBackMark = z.object({ at: instantOut, by: z.string() });

/** What a person recorded today, to be looked over and taken back. */
export const resultRow = z.object({
  id: idOut<ContactId>(),
  taskId: idOut<TaskId>(),
  at: instantOut,
  kind: z.enum(TASK_KINDS),
  ruleKey: z.string().nullable(),
  ruleName: z.string().nullable(),
  channel: z.enum(CARE_CHANNELS),
  outcome: z.enum(OUTCOMES),
  note: z.string().nullable(),
  satisfied: z.boolean().nullable(),
  customer: dayComplaint.shape.customer,
  vehicle: taskRow.shape.vehicle,
  takenBack: takenBackMark.nullable(),
  /** Null for what was recorded before results could be taken back. */
  takeBack: takeBackOut.nullable(),
});
export type ResultRow = z.infer<typeof resultRow>;
export const resultPage = z.object({ items: z.array(resultRow), nextCursor: z.string().nullable() });

export const takenBack = z.object({
  task: taskOut,
  typed: z
    .object({
      outcome: z.enum(OUTCOMES),
      note: z.string().nullable(),
      satisfied: z.boolean().nullable(),
      heard: heardOut,
      appointmentAt: instantOut.nullable(),
      nextTryAt: instantOut.nullable(),
      objects: z.array(z.enum(['service', 'marketing'])),
    })
    .meta({ description: 'what had been recorded, for a form to begin with' }),
  stands: z
    .array(z.enum(STANDING))
    .meta({ description: 'what the result had changed and stays: somebody has said or done otherwise since' }),
});
export type TakenBackView = z.infer<typeof takenBack>;

/** What became of a task that somebody has open: the last thing another did with it. `by` and `at` are unknown where the system did it. */
export const taskFate = z.object({
  act: z.enum(['recorded', 'skipped', 'taken', 'moved', 'takenBack', 'over']),
  by: z.string().nullable(),
  at: instantOut.nullable(),
  outcome: z.enum(OUTCOMES).nullable(),
  assigneeName: z.string().nullable(),
});
export type TaskFate = z.infer<typeof taskFate>;

export const revealedPhone = z.object({ phones: z.array(z.object({ number: z.string(), tel: z.string(), rank: z.number() })) });
/** Where a letter or an email goes, as the file has it. */
export const revealedAddress = z.object({
  name: z.string(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  district: z.string().nullable(),
  address: z.string().nullable().meta({ description: 'street and house' }),
  email: z.string().nullable(),
});

/** Who of the reach has how much, for the manager. */
export const teamLoad = z.object({
  people: z.array(
    z.object({
      assignee: person.nullable(),
      role: z.enum(ROLES).nullable(),
      hasAccount: z.boolean(),
      active: z.boolean(),
      today: z.number(),
      overdue: z.number(),
      sla: z.number(),
      upcoming: z.number(),
      doneToday: z.number(),
    }),
  ),
});
/** Whom a task can be given to. */
export const receivers = z.object({
  people: z.array(
    person.extend({
      role: z.enum(ROLES),
      inReach: z
        .boolean()
        .meta({ description: 'whether many tasks at once may be given to him: he is one of those the reader decides for' }),
    }),
  ),
});
export const reassigned = z.object({ moved: z.number(), refused: z.number() });
export const taskRef = z.object({ taskId: idOut<TaskId>() });

import { z } from 'zod';
import type { CustomerId, TaskId } from '../kernel/index.ts';
import { dateOut, exportAs, idOut, instantOut, label, page, text } from '../kernel/wire.ts';
import {
  ANCHORS,
  CARE_CHANNELS,
  CARE_PRESETS,
  CARE_ROLES,
  MOST_LAPSE_DAYS,
  OFFSET_UNITS,
  RESULT_FORMS,
  RULE_ORIGINS,
  SUPPRESSIONS,
  type CareRuleKey,
} from './model.ts';

const ruleKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{1,59}$/, { error: 'rule_key' })
  .transform((key) => key as CareRuleKey);
const offset = z.strictObject({ amount: z.number().int().min(-400).max(400), unit: z.enum(OFFSET_UNITS) });
const festival = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, { error: 'code_name' }),
  calendar: z.enum(['solar', 'lunar']),
  month: z.number().int().min(1).max(12),
  day: z.number().int().min(1).max(31),
});
const months = z.number().int().min(1).max(120);
const trigger = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('after'), notBefore: offset, due: offset }),
  z.strictObject({ shape: z.literal('before'), notBefore: offset, due: offset }),
  z.strictObject({ shape: z.literal('interval'), every: offset }),
  z.strictObject({ shape: z.literal('yearly'), notBefore: offset, due: offset }),
  z.strictObject({ shape: z.literal('festival'), festivals: z.array(festival).min(1).max(30).readonly(), notBefore: offset, due: offset }),
  z.strictObject({
    shape: z.literal('absence'),
    fromMonths: months,
    toMonths: months.nullable(),
    run: z.strictObject({
      months: z.enum(['every', 'even']),
      day: z.number().int().min(1).max(28),
      windowDays: z.number().int().min(1).max(60),
    }),
    again: z.enum(['each_run', 'once']),
  }),
  z.strictObject({ shape: z.literal('minimum'), count: z.number().int().min(1).max(24), warnMonths: z.number().int().min(1).max(11) }),
  z.strictObject({ shape: z.literal('manual'), due: offset }),
]);
const assignment = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('responsible'), relation: z.enum(['consultant', 'advisor']), role: z.enum(CARE_ROLES) }),
  z.strictObject({ to: z.literal('role'), role: z.enum(CARE_ROLES) }),
]);
const body = {
  key: ruleKey,
  name: label(60).optional().meta({ description: 'what the store calls a rule of its own' }),
  anchor: z.enum(ANCHORS),
  trigger,
  channel: z.enum(CARE_CHANNELS),
  assignment,
  purpose: z.enum(['service', 'marketing']),
  purposeKey: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, { error: 'code_name' }),
  condition: z.strictObject({
    pointsAbove: z.number().int().min(0).optional(),
    customerKind: z.enum(['person', 'company']).optional(),
    occasion: z.string().max(40).optional(),
  }),
  lapseDays: z.number().int().min(0).max(MOST_LAPSE_DAYS),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  result: z.enum(RESULT_FORMS),
  outcome: z.enum(['task', 'message', 'check']),
  script: text(1000).meta({ description: 'a key of the catalogue, or the words the caller sees or the message says' }),
  topics: z.array(z.string().max(60)).max(20).readonly(),
};

/** A rule as a store edits it. Whether it is on, where it came from and its source are not the editor's. */
export const ruleInput = z.strictObject(body);
export const saveRuleInput = z.strictObject({ rule: ruleInput, version: z.number().int().positive().nullable() });
export const ruleKeyInput = z.strictObject({ key: ruleKey });
export const switchInput = z.strictObject({ key: ruleKey, version: z.number().int().positive() });
export const presetInput = z.strictObject({ preset: z.enum(CARE_PRESETS) });
/** A stored rule by its key, or one as it stands in the editor. */
export const previewInput = z
  .strictObject({ key: ruleKey.optional(), rule: ruleInput.optional(), days: z.number().int().min(1).max(90).default(30) })
  .refine((input) => (input.key === undefined) !== (input.rule === undefined), {
    error: 'one_of',
    path: ['rule'],
    params: { values: 'key, rule' },
  });

// What comes from the server is known to be right; `key` stays text on the wire.
const ruleOut = z.object({
  ...body,
  key: z.string(),
  origin: z.enum(RULE_ORIGINS),
  source: z.string(),
  ours: z.string().optional(),
  activeSince: instantOut.nullable(),
});
export const ruleView = z.object({
  rule: ruleOut,
  version: z.number(),
  updatedAt: instantOut,
  open: z.number().meta({ description: 'tasks that are open; with a rule that only lists, the customers on its list' }),
  done: z.number(),
  missed: z.number(),
});
export type RuleView = z.infer<typeof ruleView>;
export const ruleList = z.object({ rules: z.array(ruleView) });

export const reasonOut = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
/** Whom a rule would reach, day by day, and what each would read or hear. */
export const preview = z.object({
  reached: z.number(),
  suppressed: z.number(),
  customers: z.number(),
  byDay: z.array(z.object({ on: dateOut, count: z.number() })),
  byReason: z.array(z.object({ reason: z.enum(SUPPRESSIONS), count: z.number() })),
  /** The first five hundred, by day. */
  rows: z.array(
    z.object({
      customerId: idOut<CustomerId>(),
      /** Null to whoever does not see the customers of the store. */
      customerName: z.string().nullable(),
      notBeforeOn: dateOut,
      dueAt: instantOut,
      assigneeName: z.string().nullable(),
      role: z.enum(CARE_ROLES),
      channel: z.enum(CARE_CHANNELS),
      script: z.string(),
      topics: z.array(z.string()).readonly(),
      reason: reasonOut,
    }),
  ),
});
export type Preview = z.infer<typeof preview>;

export const runView = z.object({
  id: z.string(),
  kind: z.enum(['daily', 'changes', 'full']),
  plannedOn: dateOut,
  plannedTo: dateOut,
  startedAt: instantOut,
  finishedAt: instantOut,
  counts: z.record(z.string(), z.number()),
});
export const runList = z.object({ runs: z.array(runView) });

export const missedInput = z.strictObject({ ...page });
export const exportMissedInput = z.strictObject(exportAs);
export const missedPage = z.object({
  items: z.array(
    z.object({
      taskId: idOut<TaskId>(),
      ruleKey: z.string().nullable(),
      customerId: idOut<CustomerId>(),
      customerName: z.string(),
      assigneeName: z.string().nullable(),
      role: z.string(),
      channel: z.string(),
      dueAt: instantOut,
      missedAt: instantOut,
    }),
  ),
  nextCursor: z.string().nullable(),
});

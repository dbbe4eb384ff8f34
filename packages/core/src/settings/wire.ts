import { z } from 'zod';
import { role } from '../access/index.ts';
import { COMPLAINT_KINDS, COMPLAINT_SOURCES, DEFAULT_COMPLAINT_POLICY, SEVERITIES } from '../complaints/index.ts';
import type { StaffId, WallTime } from '../kernel/index.ts';
import { idOut, instantOut, label, line, recordDate } from '../kernel/wire.ts';
import { faultsOfCalendar, inOrder } from './calendar.ts';
import { faultsOfComplaintPolicy } from './complaints.ts';
import { COMPANY_WEIGHTS, faultsOfCustomerPolicy, PERSON_WEIGHTS } from './customers.ts';
import type { SettingFault } from './faults.ts';
import { SECTIONS } from './model.ts';
import { faultsOfResultCodes } from './results.ts';
import { faultsOfSecurityPolicy } from './security.ts';

/** Thirty days: beyond it a limit is no promise. */
const LONGEST_MINUTES = 30 * 24 * 60;

const limit = z.union([z.literal('same_day'), z.strictObject({ minutes: z.number().int().min(1).max(LONGEST_MINUTES) })]).meta({
  description: 'minutes from registration, or the end of its day',
});
const points = z.number().int().min(0).max(100);
const severityPoints = z.strictObject({ low: points, normal: points, high: points });
const kindOrBranch = z.enum([...COMPLAINT_KINDS, 'sales', 'service']);
const complaints = z.strictObject({
  deadlines: z
    .array(
      z.strictObject({
        source: z.enum(COMPLAINT_SOURCES).optional(),
        kind: kindOrBranch.optional(),
        severity: z.enum(SEVERITIES).optional(),
        response: limit,
        close: limit,
        businessHours: z.boolean(),
      }),
    )
    .max(60)
    .readonly()
    .meta({ description: 'the most specific row that fits rules; exactly one row asks for nothing' }),
  escalationPercents: z
    .array(z.number().int().min(1).max(300))
    .max(10)
    .readonly()
    .meta({ description: 'percent of a promise at which it goes one level up, ascending; beyond 100 after it is broken' }),
  copies: z.array(role).max(28).readonly(),
  confirmingRoles: z.array(role).max(28).readonly(),
  longestPauseHours: z
    .number()
    .int()
    .min(1)
    .max(30 * 24)
    .default(DEFAULT_COMPLAINT_POLICY.longestPauseHours)
    .meta({ description: 'hours by the clock that a pause lasts at most' }),
  scoring: z.strictObject({
    bySeverity: severityPoints,
    byKind: z
      .array(z.strictObject({ kind: kindOrBranch, bySeverity: severityPoints }))
      .max(COMPLAINT_KINDS.length + 2)
      .readonly()
      .optional()
      .meta({ description: 'kinds whose complaints count otherwise; a kind of its own before its branch' }),
    perBreach: points,
    perReopening: points,
  }),
});

const codeList = z
  .array(
    z.strictObject({
      code: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'code_name' })
        .meta({ description: 'what results are stored with; it never changes', example: 'waiting' }),
      zh: label(30),
      en: label(60),
      off: z.boolean().optional().meta({ description: 'chosen no more; still names what was recorded with it' }),
    }),
  )
  .max(60)
  .readonly()
  .meta({ description: 'in the order they are offered; a code that a version leaves out is switched off, never deleted' });
const results = z.strictObject({ saidAbout: codeList, causes: codeList, unreached: codeList });

const wallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'wall_time' })
  .transform((time) => time as WallTime)
  .meta({ description: 'time on the wall clock of the store, HH:MM', example: '09:00' });
const hours = z.strictObject({ from: wallTime, to: wallTime }).nullable();
const calendar = z.strictObject({
  week: z
    .strictObject({ 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: hours, 7: hours })
    .meta({ description: 'opening hours by ISO weekday, Monday is 1; null is closed' }),
  exceptions: z
    .array(z.strictObject({ date: recordDate, open: z.boolean(), name: line(40).optional() }))
    .max(400)
    .readonly()
    .meta({ description: 'days that differ from the week: holidays closed, make-up days open' }),
});

const weight = z.number().int().min(0).max(100);
const customers = z.strictObject({
  atRiskMonths: z.number().int().min(1).max(120).meta({ description: 'months without a visit after which an owner is at risk' }),
  lostMonths: z.number().int().min(1).max(240).meta({ description: 'months without a visit after which an owner is lost' }),
  verifyMonths: z.number().int().min(1).max(60).meta({ description: 'months after which a file has to be confirmed again' }),
  personWeights: z.partialRecord(z.enum(PERSON_WEIGHTS), weight),
  companyWeights: z.partialRecord(z.enum(COMPANY_WEIGHTS), weight),
});

const security = z.strictObject({
  secondStepRoles: z
    .array(role)
    .max(28)
    .readonly()
    .meta({ description: 'who signs in with a code of an authenticator app; these roles do nothing else until they have set it up' }),
});

/** A schema that also judges the value as a whole. */
function judged<T extends z.ZodType>(schema: T, faults: (value: z.output<T>) => readonly SettingFault[]): T {
  return schema.superRefine((value, context) => {
    for (const { path, code } of faults(value)) context.addIssue({ code: 'custom', path: [...path], message: code });
  });
}

const one = <S extends z.ZodType, N extends string>(section: N, value: S) => z.strictObject({ section: z.literal(section), value });

/** A section as somebody saves it. */
export const settingInput = z.discriminatedUnion('section', [
  one('complaints', judged(complaints, faultsOfComplaintPolicy)),
  one('results', judged(results, faultsOfResultCodes)),
  one(
    'calendar',
    judged(calendar, faultsOfCalendar).transform((value) => ({ ...value, exceptions: inOrder(value.exceptions) })),
  ),
  one('customers', judged(customers, faultsOfCustomerPolicy)),
  one('security', judged(security, faultsOfSecurityPolicy)),
]);
/** A section as it rules; judged when it was saved. */
const setting = z.discriminatedUnion('section', [
  one('complaints', complaints),
  one('results', results),
  one('calendar', calendar),
  one('customers', customers),
  one('security', security),
]);

const section = z.enum(SECTIONS);
const version = z.number().int().min(0).meta({ description: '0 is the shipped preset' });
export const sectionInput = z.strictObject({ section });
/** `version` is the one that was changed: another in force meanwhile is a conflict, answered with both values. */
export const saveInput = z.strictObject({ of: settingInput, version });
export const restoreInput = z.strictObject({
  section,
  version: version.meta({ description: 'the version in force, as it was seen' }),
  restored: version.meta({ description: 'the version whose value is to rule again, as a new one' }),
});
/** `cursor` is the oldest version already seen. */
export const historyInput = z.strictObject({ section, cursor: version.nullish(), limit: z.number().int().min(1).max(50).default(20) });

export const settingView = z.object({
  of: setting,
  version: z.number(),
  /** When and by whom it was saved; null for what was shipped. */
  savedAt: instantOut.nullable(),
  savedBy: z.object({ id: idOut<StaffId>(), name: z.string().nullable() }).nullable(),
  yearsWithoutHolidays: z
    .array(z.number())
    .meta({ description: 'of a calendar: this year, and in December the next, where their public holidays are neither known nor entered' }),
});
export type SettingView = z.output<typeof settingView>;
export const settingHistory = z.object({ items: z.array(settingView), nextCursor: z.number().nullable() });

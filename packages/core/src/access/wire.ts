import { z } from 'zod';
import type { DepartmentId, StaffId } from '../kernel/index.ts';
import { civilDate, exportAs, id, instantOut, label, line, page, text } from '../kernel/wire.ts';
import { ACTIONS, CAPABILITIES, DEPARTMENT_KINDS, ROLES, SCOPES, USERNAME } from './model.ts';

export const signInInput = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(100),
  password: z.string().min(1).max(200),
  code: z
    .string()
    .trim()
    .min(6)
    .max(40)
    .optional()
    .meta({ description: 'of the authenticator app, or a recovery code; asked for by `access.second_factor_required`' }),
});
export const role = z.enum(ROLES);
export const scope = z.enum(SCOPES);

export const storeView = z.object({
  id: z.number().int(),
  code: z.string(),
  name: z.string(),
  timeZone: z.string(),
  role,
  staffId: z.uuid(),
});

/** Who is signed in, where, and what he may do: `rights[capability][action]`. */
export const meView = z.object({
  accountId: z.uuid(),
  staffId: z.uuid(),
  name: z.string(),
  username: z.string(),
  role,
  departmentId: z.uuid().nullable(),
  departmentKind: z.enum(DEPARTMENT_KINDS).nullable(),
  locale: z.enum(['zh', 'en']),
  store: storeView,
  stores: z.array(storeView),
  rights: z.record(z.enum(CAPABILITIES), z.record(z.enum(ACTIONS), scope)),
  mustChangePassword: z.boolean(),
  /** His role has to sign in with a second step and he has not set it up: until then nothing else is open to him. */
  owesSecondStep: z.boolean(),
  now: z.string(),
  demo: z.boolean(),
});
export type MeView = z.infer<typeof meView>;

export const passwordInput = z.strictObject({ current: z.string().min(1).max(200), next: z.string().min(10).max(200) });

const code = z.string().trim().min(6).max(40);
const password = z.string().min(1).max(200);
/** The caller's own second step; `setUpAt` is null while sign-in asks for the password alone. */
export const secondStepView = z.object({ setUpAt: instantOut.nullable(), recoveryCodesLeft: z.number(), required: z.boolean() });
export type SecondStepView = z.infer<typeof secondStepView>;
export const beginSecondStepInput = z.strictObject({ password });
export const codeInput = z.strictObject({ code });
export const removeSecondStepInput = z.strictObject({ password, code });
export const recoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).meta({ description: 'each stands in for the app once; told this once' }),
});

export const staffView = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  departmentId: z.uuid().nullable(),
  team: z.string().nullable(),
  email: z.string().nullable(),
  username: z.string().nullable(),
  secondStep: z.boolean(),
  active: z.boolean(),
  version: z.number(),
});
export type StaffView = z.infer<typeof staffView>;

const username = z.string().trim().toLowerCase().regex(USERNAME, { error: 'username' });
const person = {
  name: label(60),
  role,
  departmentId: id<DepartmentId>().nullish(),
  team: line(60).nullish(),
  email: z.email({ error: 'email' }).nullish(),
};
/** A new member of staff; with a name to sign in by he gets a password, shown once. */
export const createStaffInput = z.strictObject({ ...person, username: username.nullish() });
export const updateStaffInput = z.strictObject({
  staffId: id<StaffId>(),
  version: z.number().int().positive(),
  ...person,
  active: z.boolean(),
});
export const staffIdInput = z.strictObject({ staffId: id<StaffId>() });

const rightCell = z.object({ role, capability: z.enum(CAPABILITIES), action: z.enum(ACTIONS), scope, shipped: scope });
export const rightsTable = z.object({ rights: z.array(rightCell) });
export const setRightInput = z.strictObject({ role, capability: z.enum(CAPABILITIES), action: z.enum(ACTIONS), scope });

export const apiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  createdAt: instantOut,
  expiresAt: instantOut.nullable(),
  revokedAt: instantOut.nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeyView>;
export const createKeyInput = z.strictObject({
  name: label(60),
  scopes: z
    .array(z.string().regex(/^[a-z_]+:(view|edit|decide|export)$/, { error: 'key_scope' }))
    .min(1)
    .max(80),
  expiresOn: civilDate.nullish(),
});

export const auditEntryView = z.object({
  id: z.string(),
  at: instantOut,
  actorKind: z.enum(['staff', 'api_key', 'system']),
  actorName: z.string(),
  action: z.string(),
  entity: z.string(),
  entityId: z.string(),
  before: z.json().nullable(),
  after: z.json().nullable(),
  withheld: z.boolean().meta({ description: 'the reader has no right to look at such records: what stood in it is left out' }),
  ip: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;
export const listAuditInput = z.strictObject({
  actorId: id<StaffId>().optional(),
  entity: z.string().max(40).optional(),
  entityId: z.string().max(60).optional(),
  from: civilDate.optional(),
  /** The day after the last one. */
  to: civilDate.optional(),
  ...page,
});

export const exportAuditInput = listAuditInput.omit({ cursor: true, limit: true }).extend(exportAs);
export const exportStaffInput = z.strictObject({
  tab: z.enum(['active', 'without_account', 'left']).optional(),
  /** A piece of the name or of the name to sign in by. */
  name: text(60).optional(),
  role: role.optional(),
  departmentId: id<DepartmentId>().optional(),
  ...exportAs,
});

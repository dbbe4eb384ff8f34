import { z } from 'zod';
import { ACTIONS, CAPABILITIES, DEPARTMENT_KINDS, ROLES, SCOPES } from './model.ts';

export const signInInput = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(100),
  password: z.string().min(1).max(200),
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
  now: z.string(),
  demo: z.boolean(),
});
export type MeView = z.infer<typeof meView>;

export const passwordInput = z.strictObject({ current: z.string().min(1).max(200), next: z.string().min(10).max(200) });

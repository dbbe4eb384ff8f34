import {
  ACTIONS,
  beginSecondStepInput,
  CAPABILITIES,
  codeInput,
  meView,
  passwordInput,
  passwordRefusal,
  recoveryCodes,
  removeSecondStepInput,
  role,
  secondStepView,
  signInInput,
  type storeView,
} from '@baoke/core/access';
import { id, instantOut, words } from '@baoke/core/kernel/wire';
import type { Branded } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import {
  deleteSessions,
  deleteView,
  findAccount,
  listMemberships,
  listSessions,
  listViews,
  readPreferences,
  savePreference,
  saveView,
  updateAccount,
} from '@baoke/db/access';
import { getStore } from '@baoke/db/stores';
import { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import { now } from '../clock.ts';
import type { StaffContext } from '../context.ts';
import { demoAccounts } from '../demo/index.ts';
import { isLocal } from '../http/local.ts';
import { refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import { open, router, signedIn } from '../trpc.ts';
import { hashPassword, passwordFits } from './passwords.ts';
import * as secondStep from './second-step.ts';
import {
  clearSessionCookie,
  forgetCallers,
  openSession,
  placeOf,
  refuseOpenConnection,
  sessionHashOf,
  setSessionCookie,
} from './sessions.ts';
import { signIn } from './sign-in.ts';

const done = z.object({ ok: z.literal(true) });
const OK = { ok: true } as const;

export const accessRouter = router({
  signIn: open({ method: 'POST', path: '/session', summary: 'Sign in', tags: ['access'] })
    .input(signInInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      refuseOpenConnection(ctx.req, ctx.platform.config);
      setSessionCookie(ctx.req, ctx.res, ctx.platform.config, await signIn(ctx, input));
      return OK;
    }),

  demoAccounts: open({
    method: 'GET',
    path: '/session/demo',
    summary: 'Accounts of the demo store, on this machine only',
    tags: ['access'],
  })
    .output(z.object({ password: z.string().nullable(), accounts: z.array(z.object({ username: z.string(), name: z.string(), role })) }))
    .query(({ ctx }) => (ctx.platform.demo && isLocal(ctx.req) ? demoAccounts(ctx.platform.pool) : { password: null, accounts: [] })),

  signOut: signedIn({ method: 'DELETE', path: '/session', summary: 'Sign out', tags: ['access'] })
    .output(done)
    .mutation(async ({ ctx }) => {
      const only = sessionHashOf(ctx.req);
      const { accountId } = ctx.staff;
      if (only && accountId)
        await ctx.staff.inStore(async (tx) => {
          await deleteSessions(tx, accountId, { only });
          await recordChange(tx, ctx.staff, { action: 'access.signOut', entity: 'account', entityId: accountId });
        });
      clearSessionCookie(ctx.res);
      forgetCallers();
      return OK;
    }),

  me: signedIn({ method: 'GET', path: '/me', summary: 'Who is signed in and what he may do', tags: ['access'] })
    .output(meView)
    .query(({ ctx }) => describeMe(ctx.platform, ctx.staff)),

  changePassword: signedIn({
    method: 'POST',
    path: '/me/password',
    summary: 'Change the password; other sessions end',
    tags: ['access'],
    errorResponses: [422],
  })
    .input(passwordInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { pool } = ctx.platform;
      const { accountId } = ctx.staff;
      if (!accountId) throw refusal('access.forbidden');
      const account = await inTransaction(pool, {}, (tx) => findAccount(tx, accountId), 'read');
      if (!(await passwordFits(account?.passwordHash, input.current)))
        throw refusal('access.wrong_password', { fields: [{ path: 'current', code: 'wrong_password' }] });
      if (input.current === input.next)
        throw refusal('access.password_unchanged', { fields: [{ path: 'next', code: 'password_unchanged' }] });
      const store = await ctx.staff.readStore((tx) => getStore(tx, ctx.staff.storeId));
      const guessed = passwordRefusal(input.next, [ctx.staff.name, account?.username ?? '', store.code, store.name]);
      if (guessed) throw refusal(guessed, { fields: [{ path: 'next', code: guessed }] });
      const passwordHash = await hashPassword(input.next);
      const token = await ctx.staff.inStore(async (tx) => {
        await updateAccount(tx, accountId, { passwordHash, mustChangePassword: false, at: ctx.staff.now });
        await deleteSessions(tx, accountId, {});
        await recordChange(tx, ctx.staff, { action: 'access.changePassword', entity: 'account', entityId: accountId });
        return openSession(tx, accountId, placeOf(ctx.req));
      });
      setSessionCookie(ctx.req, ctx.res, ctx.platform.config, token);
      forgetCallers();
      return OK;
    }),

  secondStep: signedIn({
    method: 'GET',
    path: '/me/second-step',
    summary: 'Whether sign-in asks for a second step; not for API keys',
    tags: ['access'],
    errorResponses: [403],
  })
    .output(secondStepView)
    .query(({ ctx }) => secondStep.describeSecondStep(ctx.platform, ctx.staff)),

  beginSecondStep: signedIn({
    method: 'POST',
    path: '/me/second-step',
    summary: 'A secret for the authenticator app',
    tags: ['access'],
    errorResponses: [409],
  })
    .input(beginSecondStepInput)
    .output(z.object({ secret: z.string(), uri: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { name } = await ctx.staff.readStore((tx) => getStore(tx, ctx.staff.storeId));
      return secondStep.beginSecondStep(ctx.platform, ctx.staff, input.password, name);
    }),

  confirmSecondStep: signedIn({
    method: 'POST',
    path: '/me/second-step/confirm',
    summary: 'The first code: sign-in asks for one from now on',
    tags: ['access'],
    errorResponses: [409],
  })
    .input(codeInput)
    .output(recoveryCodes)
    .mutation(async ({ ctx, input }) => {
      const codes = await secondStep.confirmSecondStep(ctx.platform, ctx.staff, input.code, sessionHashOf(ctx.req));
      forgetCallers();
      return { recoveryCodes: codes };
    }),

  renewRecoveryCodes: signedIn({
    method: 'POST',
    path: '/me/second-step/recovery-codes',
    summary: 'New recovery codes, told once',
    tags: ['access'],
    errorResponses: [409],
  })
    .input(codeInput)
    .output(recoveryCodes)
    .mutation(async ({ ctx, input }) => ({ recoveryCodes: await secondStep.renewRecoveryCodes(ctx.platform, ctx.staff, input.code) })),

  removeSecondStep: signedIn({
    method: 'POST',
    path: '/me/second-step/remove',
    summary: 'Sign in by the password alone again',
    tags: ['access'],
    errorResponses: [409],
  })
    .input(removeSecondStepInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await secondStep.removeSecondStep(ctx.platform, ctx.staff, input);
      forgetCallers();
      return OK;
    }),

  setLocale: signedIn({ method: 'POST', path: '/me/locale', summary: 'Choose the language', tags: ['access'] })
    .input(z.strictObject({ locale: z.enum(['zh', 'en']) }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { accountId } = ctx.staff;
      if (accountId) await inTransaction(ctx.platform.pool, {}, (tx) => updateAccount(tx, accountId, { locale: input.locale, at: now() }));
      forgetCallers();
      return OK;
    }),

  sessions: signedIn({ method: 'GET', path: '/me/sessions', summary: 'Sessions of the account', tags: ['access'] })
    .output(
      z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            current: z.boolean(),
            createdAt: instantOut,
            lastSeenAt: instantOut,
            ip: z.string().nullable(),
            userAgent: z.string().nullable(),
          }),
        ),
      }),
    )
    .query(async ({ ctx }) => {
      const { accountId } = ctx.staff;
      const current = sessionHashOf(ctx.req);
      const sessions = accountId ? await inTransaction(ctx.platform.pool, {}, (tx) => listSessions(tx, accountId), 'read') : [];
      return {
        sessions: sessions.map((s) => ({
          id: s.tokenHash.toString('hex').slice(0, 16),
          current: current?.equals(s.tokenHash) ?? false,
          createdAt: s.createdAt,
          lastSeenAt: s.lastSeenAt,
          ip: s.ip,
          userAgent: s.userAgent,
        })),
      };
    }),

  endOtherSessions: signedIn({ method: 'DELETE', path: '/me/sessions', summary: 'End all other sessions', tags: ['access'] })
    .output(z.object({ ended: z.number() }))
    .mutation(async ({ ctx }) => {
      const { accountId } = ctx.staff;
      const except = sessionHashOf(ctx.req);
      if (!accountId || !except) return { ended: 0 };
      const ended = await ctx.staff.inStore(async (tx) => {
        const count = await deleteSessions(tx, accountId, { except });
        await recordChange(tx, ctx.staff, { action: 'access.endOtherSessions', entity: 'account', entityId: accountId, after: { count } });
        return count;
      });
      forgetCallers();
      return { ended };
    }),

  preferences: signedIn({ method: 'GET', path: '/me/preferences', summary: 'Preferences of the person', tags: ['access'] })
    .output(z.record(z.string(), z.json()))
    .query(
      ({ ctx }) =>
        ctx.staff.readStore((tx) => readPreferences(tx, ctx.staff.storeId, ctx.staff.staffId)) as Promise<
          Record<string, z.core.util.JSONType>
        >,
    ),

  setPreference: signedIn({ method: 'POST', path: '/me/preferences', summary: 'Keep a preference', tags: ['access'] })
    .input(
      z.strictObject({
        key: z.string().regex(/^[a-z][a-zA-Z0-9._-]{0,80}$/),
        value: z.json().refine((v) => JSON.stringify(v).length <= 20_000, { error: 'too_long' }),
      }),
    )
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await ctx.staff.inStore((tx) => savePreference(tx, ctx.staff.storeId, ctx.staff.staffId, input.key, input.value));
      return OK;
    }),
});

type ViewId = Branded<string, 'ViewId'>;
const pageName = z.string().regex(/^[a-z][a-zA-Z0-9._-]{0,60}$/);
const viewState = z.json().refine((v) => JSON.stringify(v).length <= 20_000, { error: 'too_long' });

export const viewsRouter = router({
  list: signedIn({ method: 'GET', path: '/views/{page}', summary: 'Saved views of a page', tags: ['views'] })
    .input(z.strictObject({ page: pageName }))
    .output(
      z.object({ views: z.array(z.object({ id: z.string(), name: z.string(), shared: z.boolean(), mine: z.boolean(), state: z.json() })) }),
    )
    .query(async ({ ctx, input }) => {
      const views = await ctx.staff.readStore((tx) => listViews(tx, ctx.staff.storeId, ctx.staff.staffId, input.page));
      return {
        views: views.map((v) => ({
          id: v.id,
          name: v.name,
          shared: v.shared,
          mine: v.staffId === ctx.staff.staffId,
          state: v.state as z.core.util.JSONType,
        })),
      };
    }),

  save: signedIn({ method: 'POST', path: '/views', summary: 'Save a view', tags: ['views'] })
    .input(
      z.strictObject({
        id: id<ViewId>().optional(),
        page: pageName,
        name: words(60),
        shared: z.boolean().default(false),
        state: viewState,
      }),
    )
    .output(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const viewId = input.id ?? newId<ViewId>();
      await ctx.staff.inStore(async (tx) => {
        const saved = await saveView(tx, ctx.staff.storeId, {
          id: viewId,
          page: input.page,
          name: input.name,
          staffId: ctx.staff.staffId,
          shared: input.shared,
          state: input.state,
        });
        if (!saved) throw refusal('platform.not_found');
      });
      return { id: viewId };
    }),

  remove: signedIn({ method: 'DELETE', path: '/views/{id}', summary: 'Remove a view of one’s own', tags: ['views'] })
    .input(z.strictObject({ id: id<ViewId>() }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await ctx.staff.inStore(async (tx) => {
        if (!(await deleteView(tx, ctx.staff.storeId, ctx.staff.staffId, input.id))) throw refusal('platform.not_found');
      });
      return OK;
    }),
});

async function storeOfKey({ storeId, role, staffId, readStore }: StaffContext): Promise<z.infer<typeof storeView>> {
  const { code, name, zone } = await readStore((tx) => getStore(tx, storeId));
  return { id: storeId, code, name, timeZone: zone, role, staffId };
}

async function describeMe({ pool, demo }: Platform, staff: StaffContext): Promise<z.infer<typeof meView>> {
  const { accountId } = staff;
  const memberships = accountId ? await inTransaction(pool, { accountId }, (tx) => listMemberships(tx, accountId), 'read') : [];
  const stores = memberships.map((m) => ({
    id: m.store.id,
    code: m.store.code,
    name: m.store.name,
    timeZone: m.store.zone,
    role: m.role,
    staffId: m.staffId,
  }));
  // A key has no membership: its store is the one it was made for.
  const here = stores.find((s) => s.id === staff.storeId) ?? (await storeOfKey(staff));
  const rights = Object.fromEntries(
    CAPABILITIES.map((capability) => [capability, Object.fromEntries(ACTIONS.map((action) => [action, staff.rights(capability, action)]))]),
  );
  return {
    accountId: accountId ?? staff.staffId,
    staffId: staff.staffId,
    name: staff.name,
    username: staff.username ?? staff.name,
    role: staff.role,
    departmentId: staff.departmentId,
    departmentKind: staff.departmentKind,
    locale: staff.locale,
    store: here,
    stores: stores.length > 0 ? stores : [here],
    // Every capability and action is filled above.
    rights: rights as z.infer<typeof meView>['rights'],
    mustChangePassword: staff.mustChangePassword,
    owesSecondStep: staff.owesSecondStep,
    now: staff.now,
    demo,
  };
}

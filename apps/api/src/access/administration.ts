import { randomBytes } from 'node:crypto';
import {
  ACTIONS,
  CAPABILITIES,
  defaultScope,
  leavesNoAdministrator,
  mayLetIn,
  ownStandingChanged,
  ROLES,
  rightsOf,
  scopesTooWide,
  type Role,
} from '@baoke/core/access';
import * as wire from '@baoke/core/access/wire';
import { dateIn, endOfDay, startOfDay, type AccountId, type DepartmentId, type Instant, type StaffId } from '@baoke/core/kernel';
import { exported, paged } from '@baoke/core/kernel/wire';
import { brokenKey, inTransaction, type Db } from '@baoke/db';
import {
  clearTotp,
  deleteSessions,
  findAccountByUsername,
  listAdministrators,
  listApiKeys,
  listDepartments,
  listRightOverrides,
  listStaff,
  revokeApiKey,
  saveRightOverride,
  updateAccount,
  updateStaff,
  type StaffRow,
} from '@baoke/db/access';
import { listEntries, type AuditEntry } from '@baoke/db/audit';
import { getStore, insertAccount, insertStaff } from '@baoke/db/stores';
import { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { listOf } from '../http/cursor.ts';
import { inputFault, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import { may, router } from '../trpc.ts';
import { contentFor, exportAudit, exportStaff } from './export.ts';
import { createApiKey, KEY_SCOPES } from './keys.ts';
import { hashPassword } from './passwords.ts';
import { forgetCallers } from './sessions.ts';

const done = z.object({ ok: z.literal(true) });
const OK = { ok: true } as const;

/** Refuses to let in or change whom the caller may not; the log tells of the try. */
function tooWide({ kind }: StaffContext, path: string, entityId: string, after: { role: Role; username: string | null }): Error {
  return refusal('access.forbidden', {
    fields: [{ path, code: kind === 'api_key' ? 'not_for_keys' : 'role_too_wide' }],
    attempt: { action: 'staff.refuse', entity: 'staff', entityId, after },
  });
}

const TAKEN: Readonly<Record<string, string>> = { accounts_username_key: 'username', staff_imported_name: 'name' };

/** Two at once may choose one name, and people without a sign-in are told apart by theirs alone. */
async function sayingWhatIsTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const path = TAKEN[brokenKey(error) ?? ''];
    throw path === undefined ? error : refusal('platform.conflict', { fields: [{ path, code: 'taken' }] });
  }
}

function newPassword(): string {
  return randomBytes(12).toString('base64url');
}

async function refuseUnknownDepartment(tx: Db, { storeId }: StaffContext, departmentId: DepartmentId | null): Promise<void> {
  if (departmentId === null || (await listDepartments(tx, storeId)).some(({ id }) => id === departmentId)) return;
  throw refusal('platform.not_found', { fields: [{ path: 'departmentId', code: 'unknown_record' }] });
}

async function getStaff(tx: Db, ctx: StaffContext, id: StaffId): Promise<StaffRow> {
  const [member] = await listStaff(tx, ctx.storeId, { id, lock: true });
  if (!member) throw refusal('platform.not_found');
  return member;
}

function staffView({ id, name, role, departmentId, team, email, username, secondStep, active, version }: StaffRow): wire.StaffView {
  return { id, name, role, departmentId, team, email, username, secondStep, active, version };
}

export const staffRouter = router({
  list: may('staff', 'view', { method: 'GET', path: '/staff', summary: 'Everybody of the store' })
    .output(
      z.object({ staff: z.array(wire.staffView), departments: z.array(z.object({ id: z.uuid(), kind: z.string(), name: z.string() })) }),
    )
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => ({
        staff: (await listStaff(tx, staff.storeId)).map(staffView),
        departments: await listDepartments(tx, staff.storeId),
      })),
    ),

  export: may('staff', 'export', { method: 'POST', path: '/staff/export', summary: 'The list as an Excel or CSV file; recorded' })
    .input(wire.exportStaffInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportStaff(ctx.staff, input)),

  create: may('staff', 'edit', { method: 'POST', path: '/staff', summary: 'Add a member of staff' })
    .input(wire.createStaffInput)
    .output(z.object({ id: z.uuid(), password: z.string().nullable() }))
    .mutation(async ({ ctx: { staff, platform }, input }) => {
      const { username } = input;
      if (!mayLetIn(staff, input.role, username !== undefined))
        throw tooWide(staff, 'role', input.name, { role: input.role, username: username ?? null });
      const taken = username ? await inTransaction(platform.pool, {}, (tx) => findAccountByUsername(tx, username), 'read') : undefined;
      if (taken) throw refusal('platform.conflict', { fields: [{ path: 'username', code: 'taken' }] });
      const password = username ? newPassword() : null;
      const passwordHash = password === null ? '' : await hashPassword(password);
      const member = {
        id: newId<StaffId>(),
        accountId: username ? newId<AccountId>() : null,
        name: input.name,
        role: input.role,
        departmentId: input.departmentId ?? null,
        team: input.team ?? null,
      };
      await sayingWhatIsTaken(() =>
        staff.inStore(async (tx) => {
          await refuseUnknownDepartment(tx, staff, member.departmentId);
          const { groupId } = await getStore(tx, staff.storeId);
          if (username && member.accountId)
            await insertAccount(tx, { id: member.accountId, groupId, username, passwordHash, mustChangePassword: true });
          await insertStaff(tx, staff.storeId, [member]);
          await updateStaff(tx, staff.storeId, { ...member, email: input.email ?? null, active: true }, staff.now);
          await recordChange(tx, staff, {
            action: 'staff.create',
            entity: 'staff',
            entityId: member.id,
            after: { ...member, username: username ?? null },
          });
        }),
      );
      return { id: member.id, password };
    }),

  update: may('staff', 'edit', { method: 'POST', path: '/staff/{staffId}', summary: 'Change a member of staff; leaving ends his sessions' })
    .input(wire.updateStaffInput)
    .output(done)
    .mutation(async ({ ctx: { staff }, input }) => {
      await sayingWhatIsTaken(() =>
        staff.inStore(async (tx) => {
          const administrators = await listAdministrators(tx, staff.storeId);
          const before = await getStaff(tx, staff, input.staffId);
          if (before.version !== input.version) {
            throw refusal('platform.conflict', {
              conflict: (['name', 'role', 'team', 'email'] as const)
                .filter((f) => before[f] !== (input[f] ?? null))
                .map((field) => ({ field, yours: input[field] ?? null, theirs: before[field], original: null })),
            });
          }
          for (const role of [before.role, input.role])
            if (!mayLetIn(staff, role, before.accountId !== null))
              throw tooWide(staff, 'role', before.id, { role: input.role, username: before.username });
          const after = {
            ...before,
            name: input.name,
            role: input.role,
            departmentId: input.departmentId ?? null,
            team: input.team ?? null,
            email: input.email ?? null,
            active: input.active,
          };
          await refuseUnknownDepartment(tx, staff, after.departmentId);
          const own = before.id === staff.staffId ? ownStandingChanged(before, after) : [];
          if (own.length > 0)
            throw refusal('access.own_rights', {
              fields: own.map((path) => ({ path, code: 'access.own_rights' })),
              attempt: {
                action: 'staff.refuse',
                entity: 'staff',
                entityId: before.id,
                after: { role: after.role, username: before.username },
              },
            });
          if (leavesNoAdministrator(administrators, after))
            throw refusal('access.last_administrator', {
              fields: [{ path: after.active ? 'role' : 'active', code: 'access.last_administrator' }],
            });
          await updateStaff(tx, staff.storeId, after, staff.now);
          if (!after.active && before.accountId) await deleteSessions(tx, before.accountId, {});
          await recordChange(tx, staff, { action: 'staff.update', entity: 'staff', entityId: input.staffId, before, after });
        }),
      );
      forgetCallers();
      return OK;
    }),

  resetPassword: may('staff', 'edit', {
    method: 'POST',
    path: '/staff/{staffId}/password',
    summary: 'Give a new password, answered once; his sessions end',
  })
    .input(wire.staffIdInput)
    .output(z.object({ password: z.string() }))
    .mutation(async ({ ctx: { staff }, input }) => {
      const password = newPassword();
      const passwordHash = await hashPassword(password);
      await staff.inStore(async (tx) => {
        const member = await getStaff(tx, staff, input.staffId);
        if (!member.accountId) throw refusal('platform.not_found');
        if (!mayLetIn(staff, member.role, true))
          throw tooWide(staff, 'staffId', member.id, { role: member.role, username: member.username });
        await updateAccount(tx, member.accountId, { passwordHash, mustChangePassword: true, at: staff.now });
        await deleteSessions(tx, member.accountId, {});
        await recordChange(tx, staff, { action: 'staff.resetPassword', entity: 'staff', entityId: input.staffId });
      });
      forgetCallers();
      return { password };
    }),

  resetSecondStep: may('staff', 'edit', {
    method: 'DELETE',
    path: '/staff/{staffId}/second-step',
    summary: 'Forget his authenticator app, for who lost it; his sessions end',
  })
    .input(wire.staffIdInput)
    .output(done)
    .mutation(async ({ ctx: { staff }, input }) => {
      await staff.inStore(async (tx) => {
        const member = await getStaff(tx, staff, input.staffId);
        if (!member.accountId) throw refusal('platform.not_found');
        if (!mayLetIn(staff, member.role, true))
          throw tooWide(staff, 'staffId', member.id, { role: member.role, username: member.username });
        if (!(await clearTotp(tx, member.accountId))) throw refusal('access.second_factor_not_set_up');
        await deleteSessions(tx, member.accountId, {});
        await recordChange(tx, staff, { action: 'staff.resetSecondStep', entity: 'staff', entityId: input.staffId });
      });
      forgetCallers();
      return OK;
    }),
});

export const rightsRouter = router({
  get: may('settings', 'view', { method: 'GET', path: '/rights', summary: 'What each role may do here, and what was shipped' })
    .output(wire.rightsTable)
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => {
        const overrides = await listRightOverrides(tx, staff.storeId);
        const rights = ROLES.flatMap((role) => {
          const of = rightsOf(role, overrides);
          return CAPABILITIES.flatMap((capability) =>
            ACTIONS.map((action) => ({
              role,
              capability,
              action,
              scope: of(capability, action),
              shipped: defaultScope(role, capability, action),
            })),
          );
        });
        return { rights };
      }),
    ),

  set: may('settings', 'decide', { method: 'POST', path: '/rights', summary: 'Change what a role may do; acts within a second' })
    .input(wire.setRightInput)
    .output(done)
    .mutation(async ({ ctx: { staff }, input }) => {
      await staff.inStore(async (tx) => {
        const before = rightsOf(input.role, await listRightOverrides(tx, staff.storeId))(input.capability, input.action);
        await saveRightOverride(
          tx,
          staff.storeId,
          input,
          defaultScope(input.role, input.capability, input.action) === input.scope,
          staff.staffId,
          staff.now,
        );
        await recordChange(tx, staff, {
          action: 'rights.set',
          entity: 'right',
          entityId: `${input.role}:${input.capability}:${input.action}`,
          before: { scope: before },
          after: { scope: input.scope },
        });
      });
      forgetCallers();
      return OK;
    }),
});

export const keysRouter = router({
  list: may('integrations', 'view', { method: 'GET', path: '/keys', summary: 'API keys of the store' })
    .output(z.object({ keys: z.array(wire.apiKeyView), scopes: z.array(z.string()) }))
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => ({
        keys: (await listApiKeys(tx, staff.storeId)).map((k) => ({ ...k, scopes: [...k.scopes] })),
        scopes: [...KEY_SCOPES],
      })),
    ),

  create: may('integrations', 'edit', { method: 'POST', path: '/keys', summary: 'Make an API key, answered once' })
    .input(wire.createKeyInput)
    .output(z.object({ id: z.string(), secret: z.string() }))
    .mutation(async ({ ctx: { staff }, input }) => {
      const unknown = input.scopes.filter((s) => !KEY_SCOPES.includes(s));
      if (unknown.length > 0)
        throw refusal('access.unknown_scopes', {
          fields: [{ path: 'scopes', code: 'key_scope', params: { unknown: unknown.join(', '), values: KEY_SCOPES.join(', ') } }],
        });
      const wider = scopesTooWide(staff, input.scopes);
      if (wider.length > 0)
        throw refusal('access.forbidden', {
          fields: [{ path: 'scopes', code: 'scopes_too_wide', params: { values: wider.join(', ') } }],
          attempt: { action: 'keys.refuse', entity: 'api_key', entityId: input.name, after: { scopes: wider } },
        });
      const today = dateIn(staff.zone, staff.now);
      if (input.expiresOn && input.expiresOn < today) throw inputFault({ path: 'expiresOn', code: 'day_past', params: { minimum: today } });
      const expiresAt = input.expiresOn ? endOfDay(staff.zone, input.expiresOn) : null;
      return staff.inStore(async (tx) => {
        const key = await createApiKey(tx, staff.storeId, { name: input.name, scopes: input.scopes, expiresAt, createdBy: staff.staffId });
        await recordChange(tx, staff, {
          action: 'keys.create',
          entity: 'api_key',
          entityId: key.id,
          after: { name: input.name, scopes: input.scopes },
        });
        return key;
      });
    }),

  revoke: may('integrations', 'edit', { method: 'DELETE', path: '/keys/{id}', summary: 'End an API key' })
    .input(z.strictObject({ id: z.uuid() }))
    .output(done)
    .mutation(async ({ ctx: { staff }, input }) => {
      await staff.inStore(async (tx) => {
        if (!(await revokeApiKey(tx, staff.storeId, input.id, staff.now))) throw refusal('platform.not_found');
        await recordChange(tx, staff, { action: 'keys.revoke', entity: 'api_key', entityId: input.id });
      });
      forgetCallers();
      return OK;
    }),
});

function entryView({ rights }: StaffContext, entry: AuditEntry): z.output<typeof wire.auditEntryView> {
  const { id, at, actorKind, actorName, action, entity, entityId, ip } = entry;
  const { before, after, withheld } = contentFor(rights, entry);
  // What the database keeps as jsonb is JSON.
  return {
    id,
    at,
    actorKind,
    actorName,
    action,
    entity,
    entityId,
    before: before as z.core.util.JSONType | null,
    after: after as z.core.util.JSONType | null,
    withheld,
    ip,
  };
}

const LOG = listOf<[Instant, string]>('audit.list', 2);

export const auditRouter = router({
  export: may('audit', 'export', { method: 'POST', path: '/audit/export', summary: 'The log as an Excel or CSV file; recorded' })
    .input(wire.exportAuditInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportAudit(ctx.staff, input)),

  list: may('audit', 'view', { method: 'POST', path: '/audit/search', summary: 'Who did what to which record' })
    .input(wire.listAuditInput)
    .output(paged(wire.auditEntryView))
    .query(async ({ ctx: { staff }, input }) => {
      const { entity, entityId, actorId, from, to } = input;
      const after = LOG.placeIn(input.cursor);
      const filter = {
        limit: input.limit + 1,
        ...(actorId ? { actorId } : {}),
        ...(entity ? { entity } : {}),
        ...(entityId ? { entityId } : {}),
        ...(from ? { from: startOfDay(staff.zone, from) } : {}),
        ...(to ? { to: startOfDay(staff.zone, to) } : {}),
        ...(after ? { before: { at: after[0], id: after[1] } } : {}),
      };
      const page = LOG.pageOf(await staff.readStore((tx) => listEntries(tx, staff.storeId, filter)), input.limit, (e) => [e.at, e.id]);
      return { items: page.items.map((entry) => entryView(staff, entry)), nextCursor: page.nextCursor };
    }),
});

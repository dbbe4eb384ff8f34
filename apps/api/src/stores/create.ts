import { randomBytes } from 'node:crypto';
import type { DepartmentKind } from '@baoke/core/access';
import type { AccountId, DepartmentId, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { enterStore, inTransaction, type Pool } from '@baoke/db';
import { insertSetting } from '@baoke/db/settings';
import { ensureGroup, insertAccount, insertDepartments, insertServiceCategories, insertStaff, insertStore } from '@baoke/db/stores';
import { hashPassword } from '../access/passwords.ts';
import { recordChange, systemActor } from '../audit/record.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';

const DEPARTMENTS: readonly { kind: DepartmentKind; name: string }[] = [
  { kind: 'management', name: '总经办' },
  { kind: 'sales', name: '销售部' },
  { kind: 'service', name: '售后服务部' },
  { kind: 'customer_care', name: '客服部' },
  { kind: 'parts', name: '配件部' },
  { kind: 'finance', name: '财务部' },
];

export type NewStore = {
  readonly code: string;
  readonly name: string;
  readonly groupCode?: string;
  readonly groupName?: string;
  readonly zone: TimeZone;
  readonly plateProvince?: string;
  readonly areaCode?: string;
};
export type MadeStore = { readonly storeId: StoreId; readonly departments: ReadonlyMap<DepartmentKind, DepartmentId> };

/**
 * Makes a store with its departments and service categories; everything else has shipped defaults. Its log begins with the command that made it,
 * where one did.
 */
export async function createStore(pool: Pool, store: NewStore, command?: string): Promise<MadeStore> {
  const { code, name, zone, groupCode = 'main', plateProvince = '苏', areaCode = '0512' } = store;
  const departments = DEPARTMENTS.map((d) => ({ ...d, id: newId<DepartmentId>() }));
  const storeId = await inTransaction(pool, {}, async (tx) => {
    const groupId = await ensureGroup(tx, groupCode, store.groupName ?? name);
    const made = await insertStore(tx, { groupId, code, name, zone, plateProvince, areaCode }, now());
    await enterStore(tx, made);
    await insertDepartments(tx, made, departments);
    await insertServiceCategories(tx, made, SERVICE_CATEGORIES);
    if (command)
      await recordChange(tx, systemActor(made, command), {
        action: 'stores.create',
        entity: 'store',
        entityId: String(made),
        after: { code, name, zone },
      });
    return made;
  });
  return { storeId, departments: new Map(departments.map((d) => [d.kind, d.id])) };
}

/** Lets everybody of a new store sign in by the password alone: for stores whose accounts are no secret, as those of the demo. */
export function waiveSecondStep(pool: Pool, storeId: StoreId): Promise<boolean> {
  return inTransaction(pool, { storeId }, (tx) =>
    insertSetting(tx, storeId, { section: 'security', version: 1, value: { secondStepRoles: [] }, by: null, at: now() }),
  );
}

/** Makes the first administrator with a generated password, answered once and kept nowhere. */
export async function createAdministrator(
  pool: Pool,
  storeId: StoreId,
  departmentId: DepartmentId | null,
  command: string,
): Promise<{ username: string; password: string }> {
  const password = randomBytes(12).toString('base64url');
  const account = { id: newId<AccountId>(), username: 'admin', passwordHash: await hashPassword(password), mustChangePassword: true };
  await inTransaction(pool, { storeId }, async (tx) => {
    const groupId = await ensureGroup(tx, 'main', 'main');
    await insertAccount(tx, { ...account, groupId });
    const member = { id: newId<StaffId>(), accountId: account.id, name: '系统管理员', role: 'ADMIN', departmentId } as const;
    await insertStaff(tx, storeId, [member]);
    await recordChange(tx, systemActor(storeId, command), {
      action: 'staff.create',
      entity: 'staff',
      entityId: member.id,
      after: { ...member, username: account.username },
    });
  });
  return { username: account.username, password };
}

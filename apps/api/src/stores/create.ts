import { randomBytes } from 'node:crypto';
import type { DepartmentKind } from '@baoke/core/access';
import type { AccountId, DepartmentId, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { inTransaction, type Pool } from '@baoke/db';
import { insertSetting } from '@baoke/db/settings';
import { ensureGroup, insertAccount, insertDepartments, insertServiceCategories, insertStaff, insertStore } from '@baoke/db/stores';
import { hashPassword } from '../access/passwords.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';

const DEPARTMENTS: readonly { kind: DepartmentKind; name: string }[] = [
  { kind: 'management', name: '总经办' },
  { kind: 'sales', name: '销售部' },
  { kind: 'service', name: '售后服务部' },
  { kind: 'customer_care', name: '客户关系部' },
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

/** Makes a store with its departments and service categories; everything else has shipped defaults. */
export async function createStore(pool: Pool, store: NewStore): Promise<MadeStore> {
  const groupCode = store.groupCode ?? 'main';
  const storeId = await inTransaction(pool, {}, async (tx) => {
    const groupId = await ensureGroup(tx, groupCode, store.groupName ?? store.name);
    return insertStore(
      tx,
      {
        groupId,
        code: store.code,
        name: store.name,
        zone: store.zone,
        plateProvince: store.plateProvince ?? '苏',
        areaCode: store.areaCode ?? '0512',
      },
      now(),
    );
  });
  const departments = DEPARTMENTS.map((d) => ({ ...d, id: newId<DepartmentId>() }));
  await inTransaction(pool, { storeId }, async (tx) => {
    await insertDepartments(tx, storeId, departments);
    await insertServiceCategories(tx, storeId, SERVICE_CATEGORIES);
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
): Promise<{ username: string; password: string }> {
  const password = randomBytes(12).toString('base64url');
  const account = { id: newId<AccountId>(), username: 'admin', passwordHash: await hashPassword(password), mustChangePassword: true };
  await inTransaction(pool, { storeId }, async (tx) => {
    const groupId = await ensureGroup(tx, 'main', 'main');
    await insertAccount(tx, { ...account, groupId });
    await insertStaff(tx, storeId, [{ id: newId<StaffId>(), accountId: account.id, name: '系统管理员', role: 'ADMIN', departmentId }]);
  });
  return { username: account.username, password };
}

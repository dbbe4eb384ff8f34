import type { DepartmentKind, Role } from '@baoke/core/access';
import type { AccountId, StaffId, TimeZone } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { listDepartments } from '@baoke/db/access';
import { listPeople } from '@baoke/db/demo';
import { findStoreByCode, getStore, insertAccount, insertStaff } from '@baoke/db/stores';
import { hashPassword } from '../access/passwords.ts';
import { newId } from '../ids.ts';
import { createStore, waiveSecondStep, type MadeStore } from '../stores/create.ts';
import { DEMO_PASSWORD, DEMO_STORE } from './index.ts';

type Person = {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly department: DepartmentKind;
  readonly team?: string;
};

/** One named person for every role, and some colleagues so that teams are teams. */
export const DEMO_PEOPLE: readonly Person[] = [
  { username: 'chair', name: '沈国栋', role: 'CHAIR', department: 'management' },
  { username: 'group', name: '顾明远', role: 'GROUP_MGR', department: 'management' },
  { username: 'gm', name: '周建国', role: 'GM', department: 'management' },
  { username: 'salesdir', name: '韩志强', role: 'SALES_DIR', department: 'sales' },
  { username: 'salesmgr', name: '陆晓峰', role: 'SALES_MGR', department: 'sales' },
  { username: 'sc', name: '林小雨', role: 'SC', department: 'sales' },
  { username: 'sc2', name: '徐浩', role: 'SC', department: 'sales' },
  { username: 'sc3', name: '杨梦', role: 'SC', department: 'sales' },
  { username: 'fleetmgr', name: '钱伟', role: 'FLEET_MGR', department: 'sales' },
  { username: 'fleet', name: '吴昊', role: 'FLEET_SC', department: 'sales' },
  { username: 'agent', name: '孙悦', role: 'AGENT', department: 'customer_care' },
  { username: 'reception', name: '朱婷', role: 'RECEPTION', department: 'sales' },
  { username: 'mkt', name: '何静', role: 'MKT_DIR', department: 'sales' },
  { username: 'svcmgr', name: '王海涛', role: 'SVC_MGR', department: 'service' },
  { username: 'salead', name: '李志远', role: 'SA_LEAD', department: 'service' },
  { username: 'sa', name: '张伟', role: 'SA', department: 'service' },
  { username: 'sa2', name: '陈洁', role: 'SA', department: 'service' },
  { username: 'sa3', name: '刘鹏', role: 'SA', department: 'service' },
  { username: 'tech', name: '赵铁军', role: 'TECH', department: 'service', team: '机修一组' },
  { username: 'ccmgr', name: '苏雅琴', role: 'CC_MGR', department: 'customer_care' },
  { username: 'callback', name: '方琳', role: 'FU_AGENT', department: 'customer_care' },
  { username: 'callback2', name: '许佳', role: 'FU_AGENT', department: 'customer_care' },
  { username: 'member', name: '唐欣', role: 'MEMBER', department: 'customer_care' },
  { username: 'renewal', name: '冯倩', role: 'RENEWAL', department: 'customer_care' },
  { username: 'appraiser', name: '马俊', role: 'APPRAISER', department: 'sales' },
  { username: 'train', name: '郑爽', role: 'TRAIN_MGR', department: 'management' },
  { username: 'warranty', name: '胡斌', role: 'WARRANTY', department: 'service' },
  { username: 'finance', name: '蒋丽', role: 'FINANCE', department: 'finance' },
  { username: 'parts', name: '谢军', role: 'PARTS', department: 'parts' },
  { username: 'acc', name: '邓超', role: 'ACC', department: 'sales' },
  { username: 'support', name: '曹阿姨', role: 'SUPPORT', department: 'service' },
  { username: 'auditor', name: '彭涛', role: 'AUDITOR', department: 'management' },
  { username: 'admin', name: '系统管理员', role: 'ADMIN', department: 'management' },
];

export type DemoPeople = MadeStore & { readonly byUsername: ReadonlyMap<string, StaffId> };

/** The demo store with its people, where they were made before. */
export async function findDemoStaff(pool: Pool): Promise<DemoPeople | undefined> {
  const store = await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read');
  if (!store) return undefined;
  return inTransaction(
    pool,
    { storeId: store.id },
    async (tx) => {
      const departments = await listDepartments(tx, store.id);
      const people = await listPeople(tx, store.id);
      return {
        storeId: store.id,
        departments: new Map(departments.map((d) => [d.kind, d.id])),
        byUsername: new Map(people.map((p) => [p.username, p.id])),
      };
    },
    'read',
  );
}

/** Makes the demo store with its people; all share the one password. */
export async function createDemoStaff(pool: Pool, zone: TimeZone): Promise<DemoPeople> {
  const made = await createStore(pool, { code: DEMO_STORE, name: '保客示范店', zone });
  await waiveSecondStep(pool, made.storeId);
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const people = DEMO_PEOPLE.map((p) => ({
    ...p,
    id: newId<StaffId>(),
    accountId: newId<AccountId>(),
    departmentId: made.departments.get(p.department) ?? null,
    team: p.team ?? null,
  }));
  await inTransaction(pool, { storeId: made.storeId }, async (tx) => {
    const { groupId } = await getStore(tx, made.storeId);
    for (const p of people)
      await insertAccount(tx, { id: p.accountId, groupId, username: p.username, passwordHash, mustChangePassword: false });
    await insertStaff(tx, made.storeId, people);
  });
  return { ...made, byUsername: new Map(people.map((p) => [p.username, p.id])) };
}

import { rightsOf, type DepartmentKind, type Role } from '@baoke/core/access';
import type { Candidate, EscalationLevel } from '@baoke/core/complaints';
import type { DepartmentId, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { listDepartments, listRightOverrides } from '@baoke/db/access';
import { listResponsible } from '@baoke/db/complaints';

/** Who manages a department of each kind, first choice first. */
const MANAGERS: Readonly<Record<DepartmentKind, readonly Role[]>> = {
  sales: ['SALES_MGR', 'SALES_DIR'],
  service: ['SVC_MGR'],
  customer_care: ['CC_MGR'],
  finance: ['GM'],
  parts: ['SVC_MGR'],
  management: ['GM'],
};
const MANAGER_ROLES: readonly Role[] = ['SALES_MGR', 'SALES_DIR', 'SVC_MGR', 'CC_MGR', 'FLEET_MGR', 'MKT_DIR'];

export type Person = Awaited<ReturnType<typeof listResponsible>>[number] & { readonly level: EscalationLevel | null };

/** The people of a store as the rules of complaints see them. */
export type Responsible = {
  readonly people: readonly Person[];
  readonly departments: Awaited<ReturnType<typeof listDepartments>>;
  person(id: StaffId): Person | undefined;
  /** From the department's manager upwards: who handles first, and who is told next. */
  ladder(departmentId: DepartmentId): readonly Candidate[];
  /** Whom a step up the ladder tells. */
  atLevel(level: EscalationLevel, departmentId: DepartmentId): readonly StaffId[];
  /** Who has the right to decide, by rungs from the department's manager upwards; customer relations stand last. */
  deciding(departmentId: DepartmentId): readonly (readonly StaffId[])[];
  withRoles(roles: readonly Role[]): readonly StaffId[];
};

function levelOf(role: Role): EscalationLevel | null {
  if (role === 'CHAIR') return 'chairman';
  if (role === 'GM') return 'general_manager';
  return MANAGER_ROLES.includes(role) ? 'department_manager' : null;
}

export async function readResponsible(tx: Db, storeId: StoreId): Promise<Responsible> {
  const people: Person[] = (await listResponsible(tx, storeId)).map((p) => ({ ...p, level: levelOf(p.role) }));
  const departments = await listDepartments(tx, storeId);
  const overrides = await listRightOverrides(tx, storeId);
  const atWork = people.filter((p) => p.active && p.accountId !== null);
  const managersOf = (departmentId: DepartmentId) => {
    const kind = departments.find((d) => d.id === departmentId)?.kind ?? 'management';
    return MANAGERS[kind].flatMap((role) => atWork.filter((p) => p.role === role));
  };
  const byRole = (role: Role) => atWork.filter((p) => p.role === role);
  return {
    people,
    departments,
    person: (id) => people.find((p) => p.id === id),
    // Whoever handles a case must be able to act on it; where nobody of the ladder can, customer relations take it.
    ladder: (departmentId) =>
      [...managersOf(departmentId), ...byRole('GM'), ...byRole('CHAIR'), ...byRole('CC_MGR')].filter(
        (p) => rightsOf(p.role, overrides)('complaints', 'edit') !== 'none',
      ),
    atLevel: (level, departmentId) =>
      (level === 'chairman' ? byRole('CHAIR') : level === 'general_manager' ? byRole('GM') : managersOf(departmentId)).map((p) => p.id),
    deciding: (departmentId) =>
      [managersOf(departmentId), byRole('GM'), byRole('CHAIR'), byRole('CC_MGR')].map((rung) =>
        rung.filter((p) => rightsOf(p.role, overrides)('complaints', 'decide') !== 'none').map((p) => p.id),
      ),
    withRoles: (roles) => roles.flatMap(byRole).map((p) => p.id),
  };
}

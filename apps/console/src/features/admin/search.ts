import { ACTIONS, CAPABILITIES, ROLES, type Capability, type Role } from '@baoke/core/access';
import type { CivilDate, DepartmentId, StaffId } from '@baoke/core/kernel';
import { dateOf, given, idOf, oneOf, setOf, textOf, type RawSearch } from '../../shell/address.ts';

export const STAFF_TABS = ['active', 'without_account', 'left'] as const;
export type StaffTab = (typeof STAFF_TABS)[number];
export type StaffFilter = {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly departmentId?: DepartmentId | undefined;
};
export const STAFF_SORTS = ['name', 'role', 'department'] as const;
export type StaffSearch = StaffFilter & {
  readonly tab?: StaffTab | undefined;
  readonly sort?: (typeof STAFF_SORTS)[number] | undefined;
  readonly descending?: boolean | undefined;
  /** Whose card lies open. */
  readonly person?: StaffId | undefined;
};

export function readStaffSearch(search: RawSearch): StaffSearch {
  return given({
    tab: oneOf(STAFF_TABS, search.tab),
    name: textOf(search.name),
    role: oneOf(ROLES, search.role),
    departmentId: idOf<DepartmentId>(search.departmentId),
    sort: oneOf(STAFF_SORTS, search.sort),
    descending: setOf(search.descending),
    person: idOf<StaffId>(search.person),
  });
}

export type RightsSearch = {
  readonly role?: Role | undefined;
  readonly capability?: Capability | undefined;
  readonly changed?: boolean | undefined;
};

export function readRightsSearch(search: RawSearch): RightsSearch {
  return given({
    role: oneOf(ROLES, search.role),
    capability: oneOf(CAPABILITIES, search.capability),
    changed: setOf(search.changed),
  });
}

export type KeysSearch = { readonly tab?: 'active' | 'ended' | undefined; readonly name?: string | undefined };

export function readKeysSearch(search: RawSearch): KeysSearch {
  return given({ tab: oneOf(['active', 'ended'] as const, search.tab), name: textOf(search.name) });
}

export type AuditFilter = {
  readonly actorId?: StaffId | undefined;
  readonly entity?: string | undefined;
  readonly entityId?: string | undefined;
  readonly from?: CivilDate | undefined;
  readonly to?: CivilDate | undefined;
};

export function readAuditSearch(search: RawSearch): AuditFilter {
  return given({
    actorId: idOf<StaffId>(search.actorId),
    entity: textOf(search.entity, 40),
    entityId: textOf(search.entityId),
    from: dateOf(search.from),
    to: dateOf(search.to),
  });
}

/** `customers:view` in its two parts; undefined where it is no scope of a key. */
export function partsOfScope(scope: string) {
  const [first, second] = scope.split(':');
  const capability = oneOf(CAPABILITIES, first);
  const action = oneOf(ACTIONS, second);
  return capability && action ? { capability, action } : undefined;
}

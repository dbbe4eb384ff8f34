import { ACTIONS, CAPABILITIES, ROLES, type Capability, type Role } from '@baoke/core/access';
import { isCivilDate, isUuid, type CivilDate, type DepartmentId, type StaffId } from '@baoke/core/kernel';

type Raw = Readonly<Record<string, unknown>>;

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

/** Addresses are typed, pasted and saved long ago: what is not understood is left out, never an error. */
export function readStaffSearch(search: Raw): StaffSearch {
  return given({
    tab: oneOf(STAFF_TABS, search.tab),
    name: textOf(search.name, 60),
    role: oneOf(ROLES, search.role),
    departmentId: idOf<DepartmentId>(search.departmentId),
    sort: oneOf(STAFF_SORTS, search.sort),
    descending: search.descending === true ? true : undefined,
    person: idOf<StaffId>(search.person),
  });
}

export type RightsSearch = {
  readonly role?: Role | undefined;
  readonly capability?: Capability | undefined;
  readonly changed?: boolean | undefined;
};

export function readRightsSearch(search: Raw): RightsSearch {
  return given({
    role: oneOf(ROLES, search.role),
    capability: oneOf(CAPABILITIES, search.capability),
    changed: search.changed === true ? true : undefined,
  });
}

export type KeysSearch = { readonly tab?: 'active' | 'ended' | undefined; readonly name?: string | undefined };

export function readKeysSearch(search: Raw): KeysSearch {
  return given({ tab: oneOf(['active', 'ended'] as const, search.tab), name: textOf(search.name, 60) });
}

export type AuditFilter = {
  readonly actorId?: StaffId | undefined;
  readonly entity?: string | undefined;
  readonly entityId?: string | undefined;
  readonly from?: CivilDate | undefined;
  readonly to?: CivilDate | undefined;
};

export function readAuditSearch(search: Raw): AuditFilter {
  return given({
    actorId: idOf<StaffId>(search.actorId),
    entity: textOf(search.entity, 40),
    entityId: textOf(search.entityId, 60),
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

function given<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

function oneOf<const T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((word) => word === value);
}

function textOf(value: unknown, most: number): string | undefined {
  return value === undefined || value === '' ? undefined : String(value).slice(0, most);
}

function idOf<T extends string>(value: unknown): T | undefined {
  return typeof value === 'string' && isUuid(value) ? (value as T) : undefined; // an id by its form; whether it exists is the server's to say
}

function dateOf(value: unknown): CivilDate | undefined {
  return typeof value === 'string' && isCivilDate(value) ? value : undefined;
}

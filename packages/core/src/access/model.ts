import type { AccountId, DepartmentId, StaffId, StoreId } from '../kernel/index.ts';

/** What people sign in by: 2 to 60 lower-case letters, digits and . _ -, the first a letter or digit. */
export const USERNAME = /^[a-z0-9][a-z0-9._-]{1,59}$/;
/** What commands and lists name a store by: the same signs, one of them may do. */
export const STORE_CODE = /^[a-z0-9][a-z0-9._-]{0,59}$/;

/** Roles of the trade (requirements section 7). */
export const ROLES = [
  'CHAIR',
  'GROUP_MGR',
  'GM',
  'SALES_DIR',
  'SALES_MGR',
  'SC',
  'FLEET_MGR',
  'FLEET_SC',
  'AGENT',
  'RECEPTION',
  'MKT_DIR',
  'SVC_MGR',
  'SA_LEAD',
  'SA',
  'TECH',
  'CC_MGR',
  'FU_AGENT',
  'MEMBER',
  'RENEWAL',
  'APPRAISER',
  'TRAIN_MGR',
  'WARRANTY',
  'FINANCE',
  'PARTS',
  'ACC',
  'SUPPORT',
  'AUDITOR',
  'ADMIN',
] as const;
export type Role = (typeof ROLES)[number];

export const CAPABILITIES = [
  'customers',
  'vehicles',
  'contacts',
  'tasks',
  'leads',
  'orders',
  'service',
  'surveys',
  'complaints',
  'loyalty',
  'campaigns',
  'care_rules',
  'insight',
  'targets',
  'quality',
  'imports',
  'settings',
  'staff',
  'audit',
  'integrations',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const ACTIONS = ['view', 'edit', 'decide', 'export'] as const;
export type Action = (typeof ACTIONS)[number];

/** How far a right reaches; each scope includes the ones before it. `group` reaches store by store. */
export const SCOPES = ['none', 'own', 'team', 'store', 'group'] as const;
export type Scope = (typeof SCOPES)[number];

export const DEPARTMENT_KINDS = ['sales', 'service', 'customer_care', 'finance', 'parts', 'management'] as const;
export type DepartmentKind = (typeof DEPARTMENT_KINDS)[number];

/** A right a store has changed from the shipped default. */
export type RightOverride = { readonly role: Role; readonly capability: Capability; readonly action: Action; readonly scope: Scope };

/** A person at work in one store. */
export type StaffMember = {
  readonly storeId: StoreId;
  readonly id: StaffId;
  readonly accountId: AccountId | null;
  readonly name: string;
  readonly role: Role;
  readonly departmentId: DepartmentId | null;
};

/** Whose records a right reaches in a store: everyone's, or those of the staff named. */
export type Reach = 'everyone' | readonly StaffId[];

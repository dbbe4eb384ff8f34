import type { DepartmentId, StaffId } from '../kernel/index.ts';
import { DEFAULT_RIGHTS } from './default-rights.ts';
import { ACTIONS, type Action, type Capability, type Reach, type RightOverride, type Role, type Scope } from './model.ts';

const LETTERS: Readonly<Record<string, Scope>> = { '-': 'none', o: 'own', t: 'team', s: 'store', g: 'group' };

/** What a role may do, the store's overrides applied. */
export type Rights = (capability: Capability, action: Action) => Scope;

/**
 * The rights of a role in a store: the shipped default, changed by what the store has overridden (SEC-01).
 */
export function rightsOf(role: Role, overrides: readonly RightOverride[] = []): Rights {
  const changed = new Map(overrides.filter((o) => o.role === role).map((o) => [`${o.capability}:${o.action}`, o.scope]));
  return (capability, action) => changed.get(`${capability}:${action}`) ?? defaultScope(role, capability, action);
}

/** The shipped scope of one right. */
export function defaultScope(role: Role, capability: Capability, action: Action): Scope {
  const letter = DEFAULT_RIGHTS[role][capability][ACTIONS.indexOf(action)] ?? '-';
  return LETTERS[letter] ?? 'none';
}

/**
 * Whose records a scope reaches. `team` is the staff of the person's department, himself included; nobody for `none`.
 */
export function reachOf(scope: Scope, me: StaffId, team: readonly StaffId[]): Reach {
  switch (scope) {
    case 'none':
      return [];
    case 'own':
      return [me];
    case 'team':
      return team.includes(me) ? team : [...team, me];
    case 'store':
    case 'group':
      return 'everyone';
  }
}

/** Whether a reach includes a record of which these staff are consultant, advisor, assignee or author. */
export function reaches(reach: Reach, concerned: readonly (StaffId | null)[]): boolean {
  return reach === 'everyone' || concerned.some((id) => id !== null && reach.includes(id));
}

/** Scopes of an API key are `capability:action`; a key reaches its whole store. */
export function keyRights(scopes: readonly string[]): Rights {
  return (capability, action) => (scopes.includes(`${capability}:${action}`) ? 'store' : 'none');
}

type CallerKind = 'staff' | 'api_key' | 'system';

/** What a caller needs for a procedure that asks a person for `action`: with a right to look alone a key writes nothing, whatever a person may. */
export function actionNeeded(kind: CallerKind, action: Action, writes: boolean): Action {
  return kind === 'api_key' && writes && action === 'view' ? 'edit' : action;
}

/** Who asks to hand rights out. */
export type Granter = { readonly kind: CallerKind; readonly rights: Rights };

/**
 * The scopes, of those wanted for a key, that somebody may not hand out. A person who decides on the settings of the store may hand out any:
 * he could change the table of rights itself. Everybody else, and every key, hands out no more than he has, and a key has its whole store.
 *
 * Source: reliability, adversarial case A "mints an API key wider than himself".
 */
export function scopesTooWide({ kind, rights }: Granter, wanted: readonly string[]): string[] {
  if (kind !== 'api_key' && rights('settings', 'decide') !== 'none') return [];
  return wanted.filter((scope) => {
    // A scope is `capability:action`; one that is neither reaches nothing.
    const [capability, action] = scope.split(':') as [Capability, Action];
    return !['store', 'group'].includes(rights(capability, action));
  });
}

const ABOVE_A_STORE: readonly Role[] = ['ADMIN', 'GROUP_MGR', 'CHAIR'];

/**
 * Whether somebody may make, change or let in anew a person of this role. Whoever looks after the staff of a store may not touch those above
 * it, unless he decides on its settings. A key lets nobody in, for what a person may do would go beyond its own scopes; it may tell of
 * people who do not sign in.
 */
export function mayLetIn({ kind, rights }: Granter, role: Role, signsIn: boolean): boolean {
  if (kind === 'api_key' && signsIn) return false;
  return rights('settings', 'decide') !== 'none' || !ABOVE_A_STORE.includes(role);
}

/** What of a member of staff makes his rights. */
type Standing = { readonly role: Role; readonly departmentId: DepartmentId | null };

/** The fields of his own standing somebody would change; nobody gives rights to himself or takes them. */
export function ownStandingChanged(before: Standing, after: Standing): (keyof Standing)[] {
  return (['role', 'departmentId'] as const).filter((field) => before[field] !== after[field]);
}

/**
 * Whether a change leaves a store without anybody to administer it: the one who is changed is the last administrator who can sign in, and no
 * longer would be.
 */
export function leavesNoAdministrator(
  administrators: readonly StaffId[],
  { id, role, active }: { readonly id: StaffId; readonly role: Role; readonly active: boolean },
): boolean {
  return administrators.length === 1 && administrators[0] === id && !(active && role === 'ADMIN');
}

/** Whose content an entry of the audit log holds, by the kind of its record; the others are of the administration itself. */
const CONTENT_OF: Readonly<Record<string, Capability>> = {
  customer: 'customers',
  vehicle: 'vehicles',
  visit: 'service',
  contact: 'contacts',
  complaint: 'complaints',
  task: 'tasks',
};

/** Whoever took a list away: the entry says by which filter and how much, nothing of a record. */
const OF_A_LIST = 'list';

/**
 * Whether a reader of the audit log sees what an entry says of its record. That something was done, by whom and when, every reader sees; what
 * stood in it only who may look at such records.
 *
 * Source: 13, field classes: hidden fields are hidden in the audit alike; reliability P3.
 */
export function maySeeContent(rights: Rights, { entity, entityId }: { readonly entity: string; readonly entityId: string }): boolean {
  const capability = entityId === OF_A_LIST ? undefined : CONTENT_OF[entity];
  return capability === undefined || rights(capability, 'view') !== 'none';
}

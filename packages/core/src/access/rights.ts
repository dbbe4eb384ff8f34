import type { StaffId } from '../kernel/index.ts';
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

import type { Role } from '../access/index.ts';
import { byName } from '../kernel/index.ts';

/** Roles whose own work is not with customers: a task can be given to them, but they come last to mind. */
const BEHIND_THE_COUNTER: ReadonlySet<Role> = new Set(['TECH', 'WARRANTY', 'PARTS', 'FINANCE', 'TRAIN_MGR', 'SUPPORT', 'AUDITOR', 'ADMIN']);

/**
 * The order in which people are offered for tasks of some roles: whoever has one of these roles, then whoever else deals with customers,
 * then the rest; within each by name. Nobody is left out: who may receive is the server's to say.
 *
 * Source: 04, Tasks (tasks go to a role).
 */
export function byFitnessFor(roles: readonly Role[]) {
  type Person = { readonly name: string; readonly role: Role };
  const rank = ({ role }: Person) => (roles.includes(role) ? 0 : BEHIND_THE_COUNTER.has(role) ? 2 : 1);
  return (a: Person, b: Person): number => rank(a) - rank(b) || byName(a, b);
}

import type { SecurityPolicy } from '../access/index.ts';
import type { SettingFault } from './faults.ts';

/** What is wrong with the security setting as a whole: a role named twice. No role at all is a choice a store may make. */
export function faultsOfSecurityPolicy({ secondStepRoles }: SecurityPolicy): SettingFault[] {
  return new Set(secondStepRoles).size < secondStepRoles.length ? [{ path: ['secondStepRoles'], code: 'settings.role_twice' }] : [];
}

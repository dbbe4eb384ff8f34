import type { Role } from './model.ts';

/** How a store wants to be entered: these roles sign in with a code of an authenticator app besides the password; others may. */
export type SecurityPolicy = { readonly secondStepRoles: readonly Role[] };

/**
 * Managers and administrators.
 *
 * Source: decisions, "Sessions" (TOTP is a store setting, on for managers and administrators); reliability P16.
 */
export const DEFAULT_SECURITY_POLICY: SecurityPolicy = {
  secondStepRoles: [
    'CHAIR',
    'GROUP_MGR',
    'GM',
    'SALES_DIR',
    'SALES_MGR',
    'FLEET_MGR',
    'MKT_DIR',
    'SVC_MGR',
    'CC_MGR',
    'TRAIN_MGR',
    'ADMIN',
  ],
};

/** Whether somebody of this role has to set up the second step before he may work. */
export function owesSecondStep({ secondStepRoles }: SecurityPolicy, role: Role, isSetUp: boolean): boolean {
  return !isSetUp && secondStepRoles.includes(role);
}

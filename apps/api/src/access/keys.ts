import { createHash, randomBytes } from 'node:crypto';
import { ACTIONS, CAPABILITIES } from '@baoke/core/access';
import type { Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { insertApiKey } from '@baoke/db/access';
import { insertStaff } from '@baoke/db/stores';
import { newId } from '../ids.ts';
import { KEY_PREFIX } from './sessions.ts';

/** Every scope a key can have. */
export const KEY_SCOPES: readonly string[] = CAPABILITIES.flatMap((capability) => ACTIONS.map((action) => `${capability}:${action}`));

/**
 * Makes an API key of a store: 256 random bits, answered once and kept as a hash. What the key writes carries a member of
 * staff of its own as author.
 */
export async function createApiKey(
  tx: Db,
  storeId: StoreId,
  key: { name: string; scopes: readonly string[]; expiresAt: Instant | null; createdBy: StaffId | null },
): Promise<{ id: string; secret: string }> {
  const secret = KEY_PREFIX + randomBytes(32).toString('base64url');
  const id = newId();
  const staffId = newId<StaffId>();
  await insertStaff(tx, storeId, [
    { id: staffId, accountId: null, name: `API ${key.name} ${secret.slice(3, 9)}`, role: 'ADMIN', departmentId: null },
  ]);
  await insertApiKey(tx, storeId, {
    id,
    name: key.name,
    keyHash: createHash('sha256').update(secret).digest(),
    prefix: secret.slice(0, 9),
    scopes: key.scopes,
    staffId,
    createdBy: key.createdBy,
    expiresAt: key.expiresAt,
  });
  return { id, secret };
}

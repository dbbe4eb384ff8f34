import { CAPABILITIES, type Role } from '@baoke/core/access';
import type { TimeZone } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { loadState } from '@baoke/db/demo';
import { findStoreByCode, listDemoAccounts } from '@baoke/db/stores';
import { createApiKey } from '../access/keys.ts';
import { now } from '../clock.ts';
import { SOURCE_SIZE } from './generator.ts';
import { loadStore } from './load.ts';
import { createDemoStaff, findDemoStaff } from './staff.ts';

export const DEMO_STORE = 'demo';
export const DEMO_PASSWORD = 'baoke-demo-2026';

/** Whether the demo store is in this database: its sign-ins may be shown, and work on this machine only. */
export async function isDemo(pool: Pool): Promise<boolean> {
  return (await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read')) !== undefined;
}

/** Whether loading the demo began once and did not come to its end; loading it again mends that. */
export async function isDemoBrokenOff(pool: Pool): Promise<boolean> {
  const store = await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read');
  return store !== undefined && (await inTransaction(pool, { storeId: store.id }, (tx) => loadState(tx, store.id), 'read')) !== 'whole';
}

/**
 * Loads a believable dealership of the source's size, dated relative to today. Answers an API key of it, known to nobody before and
 * shown this once.
 */
export async function loadDemo(
  { pool, ownerUrl }: { readonly pool: Pool; readonly ownerUrl: string },
  zone: TimeZone,
): Promise<{ apiKey: string }> {
  const made = (await findDemoStaff(pool)) ?? (await createDemoStaff(pool, zone));
  await loadStore(pool, made, { zone, now: now(), size: SOURCE_SIZE, seed: 'baoke', ownerUrl });
  const scopes = CAPABILITIES.flatMap((capability) => [`${capability}:view`, `${capability}:edit`]);
  const { secret } = await inTransaction(pool, { storeId: made.storeId }, (tx) =>
    createApiKey(tx, made.storeId, { name: '示例', scopes, expiresAt: null, createdBy: null }),
  );
  return { apiKey: secret };
}

export async function demoAccounts(pool: Pool): Promise<{ password: string; accounts: { username: string; name: string; role: Role }[] }> {
  const store = await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read');
  const accounts = store ? await inTransaction(pool, { storeId: store.id }, (tx) => listDemoAccounts(tx, store.id), 'read') : [];
  return { password: DEMO_PASSWORD, accounts };
}

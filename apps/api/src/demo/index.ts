import type { Role } from '@baoke/core/access';
import type { TimeZone } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { findStoreByCode, listDemoAccounts } from '@baoke/db/stores';
import { now } from '../clock.ts';
import { SOURCE_SIZE } from './generator.ts';
import { loadStore } from './load.ts';
import { createDemoStaff } from './staff.ts';

export const DEMO_STORE = 'demo';
export const DEMO_PASSWORD = 'baoke-demo-2026';

/** Whether the demo store is in this database: its sign-ins may be shown, and work on this machine only. */
export async function isDemo(pool: Pool): Promise<boolean> {
  return (await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read')) !== undefined;
}

/** Loads a believable dealership of the source's size, dated relative to today. */
export async function loadDemo(pool: Pool, zone: TimeZone): Promise<void> {
  await loadStore(pool, await createDemoStaff(pool, zone), { zone, now: now(), size: SOURCE_SIZE, seed: 'baoke' });
}

export async function demoAccounts(pool: Pool): Promise<{ password: string; accounts: { username: string; name: string; role: Role }[] }> {
  const store = await inTransaction(pool, {}, (tx) => findStoreByCode(tx, DEMO_STORE), 'read');
  const accounts = store ? await inTransaction(pool, { storeId: store.id }, (tx) => listDemoAccounts(tx, store.id), 'read') : [];
  return { password: DEMO_PASSWORD, accounts };
}

import type { AccountId, StoreId } from '@baoke/core/kernel';
import type pg from 'pg';
import { kyselyOver, type Db } from './connect.ts';

/** Whose rows a transaction sees. Nothing set: no store-owned row at all. */
export type Isolation = {
  readonly storeId?: StoreId | undefined;
  /** Lets an account find its own memberships across stores. */
  readonly accountId?: AccountId | undefined;
  /** SHA-256 of a presented API key, in hexadecimal: lets the key's own row be found. */
  readonly credential?: string | undefined;
};

const RETRIED = new Set(['40001', '40P01']);
const ATTEMPTS = 5;
const UUID = /^[0-9a-f-]{36}$/;
const HEX = /^[0-9a-f]{64}$/;

/**
 * Runs `work` in one transaction that sees the rows of one store. Beginning, setting the store and the first statement are one round
 * trip; what only read is answered without waiting for its end.
 *
 * A serialization failure or deadlock is tried again, five times at most, so `work` must have no effect outside the database.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  isolation: Isolation,
  work: (db: Db, client: pg.PoolClient) => Promise<T>,
  mode: 'read' | 'write' = 'write',
): Promise<T> {
  const start = beginning(isolation, mode);
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    let result: T;
    try {
      // Should beginning fail, the statements behind it find no store set: they see no row and may write none.
      const [begun, done] = await Promise.allSettled([together(client, start), work(kyselyOver(client), client)]);
      if (begun.status === 'rejected') throw begun.reason;
      if (done.status === 'rejected') throw done.reason;
      result = done.value;
      if (mode === 'write') await client.query('commit');
    } catch (error) {
      await client.query('rollback').then(
        () => client.release(),
        (fault: Error) => client.release(fault),
      );
      if (attempt >= ATTEMPTS || !RETRIED.has((error as { code?: string }).code ?? '')) throw error;
      continue;
    }
    if (mode === 'write') client.release();
    else {
      client.query('commit').then(
        () => client.release(),
        (fault: Error) => client.release(fault),
      );
    }
    return result;
  }
}

// What is asked for before the next turn leaves in the same packet.
function together(client: pg.PoolClient, text: string): Promise<unknown> {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return client.query(text);
}

// The simple protocol takes several statements at once but no parameters, so what is written in is checked to be harmless.
function beginning({ storeId, accountId, credential }: Isolation, mode: 'read' | 'write'): string {
  if (storeId !== undefined && !Number.isSafeInteger(storeId)) throw new TypeError('store id is not a whole number');
  if (accountId !== undefined && !UUID.test(accountId)) throw new TypeError('account id is not a UUID');
  if (credential !== undefined && !HEX.test(credential)) throw new TypeError('credential is not a SHA-256 in hexadecimal');
  let text = mode === 'read' ? 'begin read only' : 'begin';
  if (storeId !== undefined) text += `; set local baoke.store_id = '${storeId}'`;
  if (accountId !== undefined) text += `; set local baoke.account_id = '${accountId}'`;
  if (credential !== undefined) text += `; set local baoke.credential = '${credential}'`;
  return text;
}

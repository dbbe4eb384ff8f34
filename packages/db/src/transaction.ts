import type { AccountId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type pg from 'pg';
import { ask, kyselyFor, kyselyOver, type Db } from './connect.ts';

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
 * What a transaction answers, ending with statements whose results nobody waits for: they leave in one packet with the commit behind them,
 * one round trip in place of three. Should one fail, PostgreSQL turns the commit into a rollback and the transaction throws what that one
 * threw.
 *
 * The statements reach the database in an order of their own: none may rely on another's row.
 */
export class Ending<T> {
  readonly value: T;
  readonly last: () => readonly Promise<unknown>[];

  constructor(value: T, last: () => readonly Promise<unknown>[]) {
    this.value = value;
    this.last = last;
  }
}

/** Waits for the last statements where the transaction goes on behind them. */
export async function settled<T>(done: T | Ending<T>): Promise<T> {
  if (!(done instanceof Ending)) return done;
  await Promise.all(done.last());
  return done.value;
}

/**
 * Runs `work` in one transaction that sees the rows of one store. Beginning, setting the store and the first statement are one round trip.
 * A serialization failure or deadlock is tried again, five times at most, so `work` must have no effect outside the database.
 *
 * In mode `read` nothing can be written, and statements asked for in one turn travel as a transaction of their own, its end included: one
 * round trip for a screen of one statement. Statements see committed rows either way; none relies on a lock or setting of the one before.
 *
 * Mode `find` reads too, with one plan for all values of a statement: for those of many parts, each with one good way to its rows, whose
 * planning would take ten times as long as their work.
 */
export function inTransaction<T>(pool: pg.Pool, isolation: Isolation, work: (db: Db) => Promise<T>, mode: 'read' | 'find'): Promise<T>;
export function inTransaction<T>(
  pool: pg.Pool,
  isolation: Isolation,
  work: (db: Db, client: pg.PoolClient) => Promise<T | Ending<T>>,
): Promise<T>;
export async function inTransaction<T>(
  pool: pg.Pool,
  isolation: Isolation,
  work: (db: Db, client: pg.PoolClient) => Promise<T | Ending<T>>,
  mode: 'read' | 'find' | 'write' = 'write',
): Promise<T> {
  const start = beginning(isolation, mode);
  if (mode !== 'write') {
    const client = await pool.connect();
    const reader = readerOver(client);
    reader.open(start);
    try {
      return await settled(await work(reader.db, client));
    } finally {
      // The answer does not wait for the end of what has been read.
      void reader.close().then((fault) => client.release(fault));
    }
  }
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    try {
      // Should beginning fail, the statements behind it find no store set: they see no row and may write none.
      const [begun, done] = await Promise.allSettled([together(client, start), work(kyselyOver(client), client)]);
      if (begun.status === 'rejected') throw begun.reason;
      if (done.status === 'rejected') throw done.reason;
      const value = await commit(client, done.value);
      client.release();
      return value;
    } catch (error) {
      await ask(client, 'rollback').then(
        () => client.release(),
        (fault: Error) => client.release(fault),
      );
      if (attempt >= ATTEMPTS || !RETRIED.has((error as { code?: string }).code ?? '')) throw error;
    }
  }
}

/** Goes on in another store within the transaction: for what concerns an account, whose person may work in several. */
export async function enterStore(tx: Db, storeId: StoreId): Promise<void> {
  await sql`select set_config('baoke.store_id', ${String(storeId)}, true)`.execute(tx);
}

/**
 * Runs `work` as a part of a transaction that can be undone by itself: when it throws, what it wrote is gone and the transaction goes on.
 *
 * Parts follow one another; two at once would undo each other.
 */
export async function inPart<T>(tx: Db, work: () => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(tx);
  try {
    const done = await work();
    await sql`release savepoint part`.execute(tx);
    return done;
  } catch (error) {
    await sql`rollback to savepoint part`.execute(tx);
    throw error;
  }
}

async function commit<T>(client: pg.PoolClient, done: T | Ending<T>): Promise<T> {
  if (!(done instanceof Ending)) {
    await ask(client, 'commit');
    return done;
  }
  const { stream } = client.connection;
  stream.cork();
  const last = done.last();
  // Kysely hands over what was asked for in this turn before the next tick.
  const committed = new Promise<unknown>((sent) => {
    process.nextTick(() => {
      sent(ask(client, 'commit'));
      stream.uncork();
    });
  });
  // All are waited for, whichever fails, so that nothing is under way when the connection is used again.
  const failed = (await Promise.allSettled([...last, committed])).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return done.value;
}

// What is asked for before the next turn leaves in the same packet.
function together(client: pg.PoolClient, text: string): Promise<unknown> {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return ask(client, text);
}

/** `close` answers the fault of a connection that broke while something was being begun or ended. */
type Reader = { readonly db: Db; open(start: string): void; close(): Promise<Error | undefined> };
const readers = new WeakMap<pg.PoolClient, Reader>();

function readerOver(client: pg.PoolClient): Reader {
  const known = readers.get(client);
  if (known) return known;
  const { stream } = client.connection;
  let start: string | undefined;
  let gathering = false;
  let ends: Promise<Error | undefined>[] = [];
  const db = kyselyFor(client, () => {
    if (start === undefined) throw new Error('a statement was asked for after its transaction had ended');
    if (gathering) return;
    gathering = true;
    stream.cork();
    const begun = ask(client, start);
    const ended = new Promise<unknown>((done) => {
      // Kysely hands over what was asked for in this turn before the next tick.
      process.nextTick(() => {
        gathering = false;
        done(ask(client, 'commit'));
        stream.uncork();
      });
    });
    ends.push(
      Promise.all([begun, ended]).then(
        () => undefined,
        (fault: Error) => fault,
      ),
    );
  });
  const reader: Reader = {
    db,
    open(text) {
      start = text;
      ends = [];
    },
    async close() {
      start = undefined;
      return (await Promise.all(ends)).find((fault) => fault !== undefined);
    },
  };
  readers.set(client, reader);
  return reader;
}

// The simple protocol takes several statements at once but no parameters, so what is written in is checked to be harmless.
function beginning({ storeId, accountId, credential }: Isolation, mode: 'read' | 'find' | 'write'): string {
  if (storeId !== undefined && !Number.isSafeInteger(storeId)) throw new TypeError('store id is not a whole number');
  if (accountId !== undefined && !UUID.test(accountId)) throw new TypeError('account id is not a UUID');
  if (credential !== undefined && !HEX.test(credential)) throw new TypeError('credential is not a SHA-256 in hexadecimal');
  let text = mode === 'write' ? 'begin' : 'begin read only';
  if (mode === 'find') text += '; set local plan_cache_mode = force_generic_plan';
  if (storeId !== undefined) text += `; set local baoke.store_id = '${storeId}'`;
  if (accountId !== undefined) text += `; set local baoke.account_id = '${accountId}'`;
  if (credential !== undefined) text += `; set local baoke.credential = '${credential}'`;
  return text;
}

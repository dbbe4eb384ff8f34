import type { StoreId } from '@baoke/core/kernel';
import type { Db, Pool } from '@baoke/db';
import { fromKysely, PgBoss, type ConstructorOptions } from 'pg-boss';
import pg from 'pg';
import type { Logger } from 'pino';

/** Every queue there is, with what its jobs carry. Jobs name records; what is in them is read when the job runs. */
export type Jobs = {
  'notices.mail': { readonly storeId: StoreId; readonly noticeId: string };
  'imports.run': { readonly storeId: StoreId; readonly importId: string };
  'care.plan': { readonly storeId: StoreId };
};
export type JobName = keyof Jobs;

// A crashed worker's job is taken up by another after its lease; an effect is still made once, by the keys of its tables.
const QUEUES: Readonly<
  Record<JobName, { retryLimit: number; retryDelay: number; retryBackoff: boolean; expireInSeconds: number; heartbeatSeconds: number }>
> = {
  'notices.mail': { retryLimit: 8, retryDelay: 30, retryBackoff: true, expireInSeconds: 120, heartbeatSeconds: 60 },
  'imports.run': { retryLimit: 3, retryDelay: 5, retryBackoff: false, expireInSeconds: 3600, heartbeatSeconds: 60 },
  'care.plan': { retryLimit: 3, retryDelay: 60, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 60 },
};
const NAMES = Object.keys(QUEUES) as JobName[];
const SCHEMA = 'pgboss';

/**
 * Makes or brings forward the tables of the queue, as their owner, and lets the application role use them. A login that is not their owner
 * leaves them as they are.
 */
export async function migrateQueue(ownerUrl: string, log: Logger): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rowCount } = await owner.query(
      `select from pg_namespace where nspname = '${SCHEMA}' and not pg_has_role(current_user, nspowner, 'member')`,
    );
    if (rowCount === 0) await migrateQueueAs(owner, ownerUrl, log);
  } finally {
    await owner.end();
  }
}

async function migrateQueueAs(owner: pg.Client, ownerUrl: string, log: Logger): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema: SCHEMA, max: 2, supervise: false, schedule: false });
  boss.on('error', (err) => log.warn({ err }, 'queue'));
  await boss.start();
  for (const name of NAMES) {
    if (await boss.getQueue(name)) await boss.updateQueue(name, QUEUES[name]);
    else await boss.createQueue(name, QUEUES[name]);
  }
  await boss.stop({ graceful: false });
  await owner.query(
    `grant usage on schema ${SCHEMA} to baoke_app; grant all on all tables in schema ${SCHEMA} to baoke_app; grant usage, select on all sequences in schema ${SCHEMA} to baoke_app; grant execute on all functions in schema ${SCHEMA} to baoke_app`,
  );
}

export type Queue = {
  /** Enqueues in the transaction of the business change: no change, no job. */
  send<N extends JobName>(tx: Db, name: N, data: Jobs[N], options?: { singletonKey?: string; startAfter?: string }): Promise<void>;
  /**
   * Works a queue until stopped. Throwing gives the job back for its next try; a job that throws once it was asked to leave off is queued anew,
   * so that no stop counts as a try.
   */
  work<N extends JobName>(name: N, handler: (data: Jobs[N], leaveOff: AbortSignal) => Promise<void>): Promise<void>;
  /** Takes jobs back from workers that are gone, and clears away old ones; done each minute by itself. */
  supervise(): Promise<void>;
  /** Takes up no more jobs and asks those under way to leave off. */
  leaveOff(): void;
  /** The same, and waits for them, five seconds at most: what goes on then is given back and may be done twice. */
  stop(): Promise<void>;
};

// The queue's own statements bring their own beginning and end where they need one. A connection on which one failed may still be in the middle
// of what it began, so it is not used again.
async function execute(pool: Pool, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const client = await pool.connect();
  try {
    const result = await client.query(text, values);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Opens the queue for this process as the application role. */
export async function openQueue(pool: Pool, log: Logger): Promise<Queue> {
  const db: NonNullable<ConstructorOptions['db']> = { executeSql: (text, values) => execute(pool, text, values) };
  const boss = new PgBoss({ db, schema: SCHEMA, migrate: false, createSchema: false, supervise: true, schedule: false });
  boss.on('error', (err) => log.warn({ err }, 'queue'));
  await boss.start();
  const leaving = new AbortController();
  const leaveOff = () => {
    leaving.abort();
    for (const name of NAMES) void boss.offWork(name, { wait: false });
  };
  return {
    leaveOff,
    async send(tx, name, data, options = {}) {
      await boss.send(name, data, { ...options, db: fromKysely(tx as unknown as Parameters<typeof fromKysely>[0]) });
    },
    async work(name, handler) {
      await boss.work(name, { pollingIntervalSeconds: 1, batchSize: 1 }, async (jobs: readonly { data: unknown }[]) => {
        for (const job of jobs) {
          // The queue of this name carries this shape: `send` lets nothing else in.
          const data = job.data as Jobs[typeof name];
          try {
            await handler(data, leaving.signal);
          } catch (error) {
            if (!leaving.signal.aborted) throw error;
            await boss.send(name, data);
          }
        }
      });
    },
    supervise: () => boss.supervise(),
    stop: () => {
      leaveOff();
      return boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

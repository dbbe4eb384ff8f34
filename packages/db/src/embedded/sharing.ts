import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';

// One process starts PostgreSQL, others work beside it. Whoever works beside holds this lock shared for as long as he does; whoever stops
// PostgreSQL has it alone, so that nobody can come in between. It ends with its session, however that ends.
const IN_USE = '7000, 1';
const LOOK_AGAIN_MS = 100;

/** Keeps PostgreSQL from being stopped until what comes back is called. Waits while it is being stopped, and then fails as a lost connection. */
export async function join(url: string): Promise<() => Promise<void>> {
  const session = await open(url);
  try {
    await session.query(`select pg_advisory_lock_shared(${IN_USE})`);
  } catch (error) {
    await session.end();
    throw error;
  }
  return () => session.end();
}

/** Whether nobody works beside; from then on nobody can begin to. */
export async function isUnused(url: string): Promise<boolean> {
  const session = await open(url).catch(() => undefined);
  // Whom it lets in no more, it lets nobody in.
  if (!session) return true;
  return takeAlone(session);
}

/** Returns when nobody works beside any more, and nobody can begin to; tells once by `onWait` which processes are waited for. */
export async function waitUntilUnused(url: string, onWait: (processes: readonly string[]) => void): Promise<void> {
  const session = await open(url).catch(() => undefined);
  if (!session) return;
  for (let told = false; !(await takeAlone(session)); told = true) {
    if (!told) onWait(await usersOf(session));
    await later(LOOK_AGAIN_MS);
  }
}

async function takeAlone(session: pg.Client): Promise<boolean> {
  try {
    const { rows } = await session.query<{ alone: boolean }>(`select pg_try_advisory_lock(${IN_USE}) as alone`);
    return rows[0]?.alone ?? true;
  } catch {
    // It went away by itself, and everybody's work with it.
    return true;
  }
}

async function usersOf(session: pg.Client): Promise<string[]> {
  const { rows } = await session
    .query<{ process: string }>(
      `select substring(application_name from '\\d+$') as process from pg_stat_activity join pg_locks using (pid)
       where locktype = 'advisory' and (classid, objid) = (${IN_USE}) order by 1`,
    )
    .catch(() => ({ rows: [] }));
  return rows.map(({ process: id }) => id);
}

async function open(url: string): Promise<pg.Client> {
  const session = new pg.Client({
    connectionString: url,
    application_name: `baoke beside ${process.pid}`,
    connectionTimeoutMillis: 5_000,
    options: '-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0',
  });
  // It ends with PostgreSQL.
  session.on('error', () => {});
  await session.connect();
  return session;
}

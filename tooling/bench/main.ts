import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrate } from '@baoke/db';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@baoke/db/embedded';
import { drive, readProcess, warmUp, type Measure } from './drive.ts';
import { measureExtras } from './extras.ts';
import { copyOf, dropCopy, withoutCleaning } from './copies.ts';
import { loadSize, type Loaded } from './loader.ts';
import { OPERATIONS, readSamples, requestsOf, type Operation } from './operations.ts';
import { report, type Case, type SizeResult } from './report.ts';
import { postmasterOf, SERVERS, signIn, startServer, type Server, type ServerName } from './servers.ts';

const USAGE = `pnpm bench [--sizes 10k,100k,1m] [--fresh] [--seconds 2] [--rounds 2] [--warm-up 1000] [--only name,name] [--no-extras] [--profile folder] [--write]

  --sizes      data sets, loaded once into .cache/bench and kept (default 10k,100k)
  --fresh      load them anew
  --warm-up    requests of each kind to each server before it is measured
  --only       operations whose name contains one of these texts
  --no-extras  leave out start, memory, bundles, packages, planner and import
  --profile    write a CPU profile of the product there
  --write      also write docs/benchmark.md`;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONNECTIONS = [1, 16] as const;
const say = (line: string) => process.stderr.write(`${line}\n`);

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10k,100k' },
    fresh: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '1000' },
    only: { type: 'string' },
    'no-extras': { type: 'boolean', default: false },
    profile: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function customersOf(size: string): number {
  const [, digits, unit] = /^(\d+)(k|m)$/i.exec(size.trim()) ?? [];
  if (digits === undefined) throw new Error(`${size} is no size: 10k, 100k, 1m`);
  return Number(digits) * (unit?.toLowerCase() === 'm' ? 1_000_000 : 1000);
}

/** The median of the rounds, figure by figure: one slow spell of the machine does not decide. */
function median(rounds: readonly Measure[]): Measure {
  const middle = (of: (m: Measure) => number) => {
    const sorted = rounds.map(of).sort((a, b) => a - b);
    const half = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
  };
  return {
    requests: rounds.reduce((sum, m) => sum + m.requests, 0),
    errors: rounds.reduce((sum, m) => sum + m.errors, 0),
    perSecond: middle((m) => m.perSecond),
    p50: middle((m) => m.p50),
    p95: middle((m) => m.p95),
    p99: middle((m) => m.p99),
    cpuMs: middle((m) => m.cpuMs),
    databaseCpuMs: middle((m) => m.databaseCpuMs),
    residentMb: Math.max(...rounds.map((m) => m.residentMb)),
    bytes: middle((m) => m.bytes),
  };
}

async function measureSize(size: string): Promise<SizeResult> {
  const folder = `${ROOT}.cache/bench/${size}`;
  const loaded = await loadSize(folder, customersOf(size), { fresh: flags.fresh, say });
  const database = await startEmbeddedPostgres({ directory: folder, log: say });
  try {
    await migrate(database.ownerUrl);
    return await withoutCleaning(database, () => measureServers(size, loaded, database));
  } finally {
    await database.stop();
  }
}

async function measureServers(size: string, loaded: Loaded, database: EmbeddedPostgres): Promise<SizeResult> {
  const servers = new Map<ServerName, Server>();
  try {
    const copy = await copyOf(database, 'measured');
    for (const name of SERVERS)
      servers.set(
        name,
        await startServer(
          name,
          copy,
          name === 'product' && flags.profile !== undefined ? ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] : [],
        ),
      );
    const product = servers.get('product');
    if (!product) throw new Error('the product did not start');
    const idleMb = readProcess(product.pid).residentMb;
    const samples = await readSamples(copy.superuserUrl);
    const cookies = await signIn(product.port, loaded);
    const postmaster = postmasterOf(database);
    const wanted = flags.only?.split(',').map((text) => text.trim());
    const chosen = OPERATIONS.filter((operation) => !wanted || wanted.some((text) => operation.name.includes(text)));
    const absent = chosen.filter((operation) => !product.procedures.includes(operation.procedure)).map((operation) => operation.name);
    const cases: Case[] = [];
    let firstSerial = 0;
    const askedOf = (operation: Operation, name: ServerName, seed: string) =>
      requestsOf(operation, name, { loaded, samples, cookies, seed, firstSerial: (firstSerial += 200_000) });
    for (const operation of chosen) {
      const asked = [...servers].filter(([name]) => name !== 'product' || !absent.includes(operation.name));
      for (const [name, server] of asked)
        await warmUp({ port: server.port, next: askedOf(operation, name, 'warm') }, Number(flags['warm-up']));
      for (const connections of CONNECTIONS) {
        const rounds = new Map<ServerName, Measure[]>(SERVERS.map((name) => [name, []]));
        for (let round = 0; round < Number(flags.rounds); round += 1) {
          for (const [name, server] of asked) {
            const next = askedOf(operation, name, `${round}`);
            const measure = await drive(
              { port: server.port, pid: server.pid, postmaster, next },
              connections,
              Number(flags.seconds),
              (text) => say(`${size} ${operation.name} ${name}: ${text}`),
            );
            rounds.get(name)?.push(measure);
          }
        }
        const measured = Object.fromEntries([...rounds].filter(([, all]) => all.length > 0).map(([name, all]) => [name, median(all)]));
        cases.push({ operation, connections, measured });
        say(
          `${size} · ${operation.name} · ${connections}: ${Object.entries(measured)
            .map(
              ([name, m]) =>
                `${name} ${m.perSecond.toFixed(0)}/s p95 ${m.p95.toFixed(2)} cpu ${m.cpuMs.toFixed(2)} (${m.databaseCpuMs.toFixed(2)})`,
            )
            .join(' | ')}`,
        );
      }
    }
    return {
      size,
      customers: loaded.customers,
      stores: loaded.stores.length,
      loadSeconds: loaded.seconds,
      cases,
      absent,
      memory: { idleMb, loadedMb: readProcess(product.pid).residentMb },
    };
  } finally {
    for (const server of servers.values()) await server.stop();
    await dropCopy(database, 'measured');
  }
}

if (flags.help) say(USAGE);
else {
  mkdirSync(`${ROOT}.cache/bench`, { recursive: true });
  const sizes: SizeResult[] = [];
  for (const size of flags.sizes.split(',')) sizes.push(await measureSize(size.trim().toLowerCase()));
  const planned = sizes.find(({ customers }) => customers === 100_000) ?? sizes[0];
  const extras =
    flags['no-extras'] || !planned
      ? undefined
      : await measureExtras(
          ROOT,
          {
            folder: `${ROOT}.cache/bench/${planned.size}`,
            customers: planned.customers / planned.stores,
            copySeconds: planned.loadSeconds.copy + planned.loadSeconds.indexes,
          },
          say,
        );
  const text = report(sizes, extras, { seconds: Number(flags.seconds), rounds: Number(flags.rounds) });
  process.stdout.write(text);
  if (flags.write) writeFileSync(`${ROOT}docs/benchmark.md`, text);
}

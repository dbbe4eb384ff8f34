import { cpus, totalmem } from 'node:os';
import type { Measure } from './drive.ts';
import type { Extras } from './extras.ts';
import type { Operation } from './operations.ts';
import type { ServerName } from './servers.ts';
import { CPU_MS, GROWTH, OF_FLOOR, OF_STACK, PEERS, PROCESS, REPORT_S, TWO_SIGNS_MS, verdict, type Goal } from './targets.ts';

export type Case = { readonly operation: Operation; readonly connections: 1 | 16; readonly measured: Partial<Record<ServerName, Measure>> };
export type SizeResult = {
  readonly size: string;
  readonly customers: number;
  readonly stores: number;
  readonly loadSeconds: { readonly copy: number; readonly indexes: number };
  readonly cases: readonly Case[];
  readonly absent: readonly string[];
  readonly memory: { readonly idleMb: number; readonly loadedMb: number };
};

const short = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`;
const head = (cells: readonly string[]) => row(cells) + row(cells.map(() => '---'));

/** The whole result as Markdown: every figure first, then each goal with its verdict. */
export function report(sizes: readonly SizeResult[], extras: Extras | undefined, run: { seconds: number; rounds: number }): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  let text = `# Benchmark\n\nMade by \`pnpm bench\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC. ${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, PostgreSQL 18.4. `;
  text += `Load generator, servers and database share the machine; per case ${run.rounds} rounds of ${run.seconds} s, the three servers in turn, median of the rounds. Autovacuum waits meanwhile. Differences under a third are noise.\n\n`;
  text +=
    '*floor*: node:http and pg with one statement per answer, no policy. *stack*: Fastify, tRPC, zod and kysely with nothing in it: the same answers by the query builder, statements named, rows decoded by the driver. *product*: the API over HTTP with sign-in, rights, row policies and audit. Times in ms; CPU is that of the server process, in brackets that of PostgreSQL, per request.\n';
  text += machine(sizes);
  for (const size of sizes) text += sizeTable(size);
  text += goalTable(sizes, extras);
  return text;
}

/** Goals in ms, seconds and per second hold on the machine they were set on; how far this one is from it. Source: spec 12. */
function machine(sizes: readonly SizeResult[]): string {
  const card = sizes
    .find(({ size }) => size === '100k')
    ?.cases.find(({ operation, connections }) => operation.screen === 'card' && connections === 16);
  const floor = card?.measured.floor?.perSecond;
  return floor === undefined
    ? ''
    : `\nGoals in ms, seconds and per second were set on a machine where the floor answered 3,548 cards a second at 100,000 customers and 16 connections; here it answers ${Math.round(floor).toLocaleString('en')}. Verdicts are on what was measured, without regard to that.\n`;
}

function sizeTable({ size, customers, stores, cases, absent, loadSeconds }: SizeResult): string {
  let text = `\n## ${customers.toLocaleString('en')} customers in ${stores} store${stores > 1 ? 's' : ''}\n\n`;
  text += head([
    'operation',
    'conn',
    'floor req/s',
    'p50 / p95 / p99',
    'stack req/s',
    'p50 / p95 / p99',
    'product req/s',
    'p50 / p95 / p99',
    'of floor',
    'of stack',
    'CPU product',
    'CPU floor',
    'kB',
  ]);
  for (const { operation, connections, measured } of cases) {
    const { floor, stack, product } = measured;
    const rate = (m: Measure | undefined) => (m ? short(m.perSecond) + (m.errors > 0 ? ` (${m.errors} errors)` : '') : '–');
    const times = (m: Measure | undefined) => (m ? `${short(m.p50)} / ${short(m.p95)} / ${short(m.p99)}` : '–');
    const share = (of: Measure | undefined) => (product && of ? (product.perSecond / of.perSecond).toFixed(2) : '–');
    const cpu = (m: Measure | undefined) => (m ? `${m.cpuMs.toFixed(2)} (${m.databaseCpuMs.toFixed(2)})` : '–');
    text += row([
      operation.name,
      connections,
      rate(floor),
      times(floor),
      rate(stack),
      times(stack),
      rate(product),
      times(product),
      share(floor),
      share(stack),
      cpu(product),
      cpu(floor),
      product ? (product.bytes / 1024).toFixed(1) : '–',
    ]);
  }
  text += `\nLoaded by COPY without keys in ${loadSeconds.copy} s, order of time, keys, sums and statistics in ${loadSeconds.indexes} s (${size}).\n`;
  if (absent.length > 0) text += `\nNot measured, the product has no such procedure: ${absent.join(', ')}.\n`;
  return text;
}

type Line = { readonly what: string; readonly value: number; readonly unit: string; readonly goal: Goal };

function goalTable(sizes: readonly SizeResult[], extras: Extras | undefined): string {
  const lines: Line[] = [];
  for (const { size, customers, cases } of sizes) {
    for (const {
      operation,
      connections,
      measured: { floor, stack, product },
    } of cases) {
      if (!floor || !stack || !product) continue;
      const name = `${size}, ${operation.name}, ${connections} conn`;
      const ofFloor = OF_FLOOR[operation.anchor];
      if (connections === 16 && ofFloor && customers === 100_000)
        lines.push({ what: `${name}: throughput / floor`, value: product.perSecond / floor.perSecond, unit: '', goal: ofFloor });
      if (connections === 16)
        lines.push({ what: `${name}: throughput / stack`, value: product.perSecond / stack.perSecond, unit: '', goal: OF_STACK });
      const peers = PEERS[operation.anchor];
      if (peers && customers === 100_000) {
        const which = connections === 1 ? 'one' : 'sixteen';
        lines.push({
          what: `${name}: p95 / best peer`,
          value: product.p95 / (peers[which].p95 * (floor.p95 / peers[which].floorP95)),
          unit: '',
          goal: peers.goal[which],
        });
      }
      if (connections === 16 && ['card', 'list', 'tasks'].includes(operation.anchor))
        lines.push({ what: `${name}: API CPU`, value: product.cpuMs, unit: ' ms', goal: CPU_MS });
      const twoSigns = TWO_SIGNS_MS.get(customers);
      if (connections === 1 && operation.name.includes('two signs') && twoSigns)
        lines.push({ what: `${name}: p95`, value: product.p95, unit: ' ms', goal: twoSigns });
      const reported = REPORT_S.get(customers);
      if (connections === 1 && operation.anchor === 'report' && reported)
        lines.push({ what: `${name}: p95`, value: product.p95 / 1000, unit: ' s', goal: reported });
    }
  }
  const [hundred, million] = [100_000, 1_000_000].map((count) => sizes.find((size) => size.customers === count));
  for (const { operation, connections, measured } of million?.cases ?? []) {
    const before = hundred?.cases.find((one) => one.operation.name === operation.name && one.connections === connections)?.measured.product;
    if (before && measured.product && ['card', 'list', 'tasks'].includes(operation.anchor))
      lines.push({
        what: `${operation.name}, ${connections} conn: p95 at 1m / 100k`,
        value: measured.product.p95 / before.p95,
        unit: '',
        goal: GROWTH,
      });
  }
  for (const { size, memory } of sizes)
    lines.push({ what: `${size}: memory of the API after the run`, value: memory.loadedMb, unit: ' MB', goal: PROCESS.memoryMb });
  for (const measured of extras?.measured ?? [])
    lines.push({ what: measured.what, value: measured.value, unit: measured.unit, goal: PROCESS[measured.goal] });
  let text = '\n## Goals\n\n';
  text += head(['what', 'measured', 'must', 'good', 'verdict']);
  for (const { what, value, unit, goal } of lines) {
    const sign = goal.atMost ? '≤' : '≥';
    text += row([what, `${short(value)}${unit}`, `${sign} ${goal.must}`, `${sign} ${goal.good}`, verdict(value, goal)]);
  }
  for (const note of extras?.notes ?? []) text += `\n${note}\n`;
  return text;
}

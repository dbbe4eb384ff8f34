import type { Operation } from './operations.ts';

/** A figure with what it has to reach. `atMost`: the smaller the better. */
export type Goal = { readonly must: number; readonly good: number; readonly atMost?: true };

/** Throughput of the product as a share of the bare server's, at 16 connections. */
export const OF_FLOOR: Readonly<Partial<Record<Operation['anchor'], Goal>>> = {
  card: { must: 0.15, good: 0.22 },
  list: { must: 0.4, good: 0.55 },
  tasks: { must: 0.5, good: 0.7 },
  create: { must: 0.2, good: 0.32 },
  log: { must: 0.3, good: 0.45 },
};
/** The same as a share of the empty stack's, for every operation. */
export const OF_STACK: Goal = { must: 0.6, good: 0.85 };

/**
 * p95 of the fastest comparable open product at 100,000 customers in milliseconds, beside the bare server's p95 of that run: it is scaled
 * by today's bare server, so that the machine drops out.
 */
export const PEERS: Readonly<
  Partial<
    Record<
      Operation['anchor'],
      { readonly one: Peer; readonly sixteen: Peer; readonly goal: { readonly one: Goal; readonly sixteen: Goal } }
    >
  >
> = {
  card: peer([14, 0.63], [324, 7.25], { must: 0.3, good: 0.2, atMost: true }, { must: 0.2, good: 0.12, atMost: true }),
  list: peer([11.2, 1.7], [187, 27.8], { must: 0.45, good: 0.3, atMost: true }, { must: 0.35, good: 0.25, atMost: true }),
  tasks: peer([14.8, 2.85], [293, 29.6], { must: 0.45, good: 0.3, atMost: true }, { must: 0.35, good: 0.25, atMost: true }),
  create: peer([8.16, 1.48], [128, 9.7], { must: 0.45, good: 0.3, atMost: true }, { must: 0.35, good: 0.25, atMost: true }),
};
export type Peer = { readonly p95: number; readonly floorP95: number };

function peer(one: readonly [number, number], sixteen: readonly [number, number], goalOne: Goal, goalSixteen: Goal) {
  return {
    one: { p95: one[0], floorP95: one[1] },
    sixteen: { p95: sixteen[0], floorP95: sixteen[1] },
    goal: { one: goalOne, sixteen: goalSixteen },
  };
}

export const CPU_MS: Goal = { must: 2.5, good: 1.5, atMost: true };
/** p95 of the two-sign name search on one connection, by number of customers. */
export const TWO_SIGNS_MS: ReadonlyMap<number, Goal> = new Map([
  [100_000, { must: 10, good: 3, atMost: true }],
  [1_000_000, { must: 40, good: 15, atMost: true }],
]);
export const REPORT_S: ReadonlyMap<number, Goal> = new Map([
  [100_000, { must: 0.5, good: 0.05, atMost: true }],
  [1_000_000, { must: 2, good: 0.1, atMost: true }],
]);
/** p95 at a million over p95 at a hundred thousand: card, list, tasks. */
export const GROWTH: Goal = { must: 1.5, good: 1.2, atMost: true };

export const PROCESS = {
  start: { must: 1.5, good: 0.8, atMost: true },
  warmStart: { must: 3, good: 2, atMost: true },
  memoryMb: { must: 250, good: 160, atMost: true },
  packagesMb: { must: 150, good: 90, atMost: true },
  consoleKb: { must: 420, good: 250, atMost: true },
  reportsKb: { must: 380, good: 200, atMost: true },
  importSeconds: { must: 120, good: 60, atMost: true },
  plannedPerSecond: { must: 20_000, good: 20_000 },
} as const satisfies Record<string, Goal>;

/** How a figure stands to its goal: good, enough (`must`), or missed and by how much. */
export function verdict(value: number, { must, good, atMost }: Goal): string {
  const reaches = (bound: number) => (atMost ? value <= bound : value >= bound);
  if (reaches(good)) return 'good';
  const share = (bound: number) => `${Math.round(Math.abs(value / bound - 1) * 100)} %`;
  return reaches(must) ? `must met, ${share(good)} short of good` : `**missed**, ${share(must)} short of must`;
}

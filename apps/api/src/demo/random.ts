import type { Branded } from '@baoke/core/kernel';
import { v7 } from 'uuid';

/** Chance that comes out the same for the same seed. */
export type Chance = {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** True in `share` of the cases. */
  happens(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks by weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T;
  /** Spread around 0 with deviation 1. */
  normal(): number;
  /** Around `median`, never negative, with a long tail to the right. */
  skewed(median: number, spread: number): number;
  /** An id made at this time (milliseconds); ids of later times sort later. */
  id<T extends Branded<string, string>>(milliseconds: number): T;
  /** A stream of its own, so that one part drawing more does not change another. */
  fork(name: string): Chance;
};

/** xoshiro128**, seeded through splitmix32 from any text. */
export function seededChance(seed: string): Chance {
  let mix = 0x9e3779b9;
  for (const sign of seed) mix = Math.imul(mix ^ sign.charCodeAt(0), 0x85ebca6b) ^ (mix >>> 13);
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let t = mix ^ (mix >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const bits = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const chance: Chance = {
    next: () => bits() / 0x1_0000_0000,
    whole: (low, high) => low + Math.floor(chance.next() * (high - low + 1)),
    happens: (share) => chance.next() < share,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[Math.floor(chance.next() * items.length)] as (typeof items)[number]; // the index is within the list
    },
    weighted: (items) => {
      let left = chance.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return chance.pick(items)[0];
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next()),
    skewed: (median, spread) => median * Math.exp(chance.normal() * spread),
    id: (milliseconds) => {
      const random = new Uint8Array(16);
      for (let at = 0; at < 16; at += 4) {
        const word = bits();
        random[at] = word;
        random[at + 1] = word >>> 8;
        random[at + 2] = word >>> 16;
        random[at + 3] = word >>> 24;
      }
      return v7({ msecs: milliseconds, random }) as ReturnType<typeof chance.id>;
    },
    fork: (name) => seededChance(`${seed}/${name}`),
  } as Chance;
  return chance;
}

import type { Instant, StoreId } from '@baoke/core/kernel';
import { expect, it } from 'vitest';
import { anchorFaults, type Anchor } from './anchors.ts';

const [here, elsewhere] = [1 as StoreId, 2 as StoreId];
const anchor = (seq: number, hash: string, storeId = here): Anchor => ({ at: '2026-05-01T01:00:00.000Z' as Instant, storeId, seq, hash });
const chain = new Map([
  [1, 'a'],
  [2, 'b'],
  [3, 'c'],
]);

it.each([
  { name: 'none', anchors: [], faults: [] },
  { name: 'those the chain holds to, its end included', anchors: [anchor(1, 'a'), anchor(3, 'c')], faults: [] },
  { name: 'one behind the end', anchors: [anchor(2, 'b'), anchor(4, 'd')], faults: [{ storeId: here, seq: 4, fault: 'missing' }] },
  { name: 'one of another hash', anchors: [anchor(2, 'x'), anchor(3, 'c')], faults: [{ storeId: here, seq: 2, fault: 'differs' }] },
  { name: 'one that stands there twice', anchors: [anchor(4, 'd'), anchor(4, 'd')], faults: [{ storeId: here, seq: 4, fault: 'missing' }] },
  { name: 'one of another store', anchors: [anchor(9, 'z', elsewhere)], faults: [] },
])('an anchor that the chain does not hold to is told: $name', ({ anchors, faults }) => {
  expect(anchorFaults(here, anchors, chain)).toEqual(faults);
});

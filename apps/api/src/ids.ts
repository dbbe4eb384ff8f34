import { randomFillSync } from 'node:crypto';
import type { Branded } from '@baoke/core/kernel';
import { v7 } from 'uuid';

/** Randomness is fetched for so many ids at once: fetched for each, it was a tenth of what an import costs us. */
const IDS_AT_ONCE = 256;
const BYTES = 16;
const random = new Uint8Array(IDS_AT_ONCE * BYTES);
let used = random.length;
let lastAt = 0;
let sequence = 0;

/** A new id; ids made later sort later, so tables grow at one end. */
export function newId<T extends Branded<string, string>>(): T {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const bytes = random.subarray(used, (used += BYTES));
  // Within a millisecond, or when the clock goes back, ids are counted on; the count has 32 bits and begins in its lowest quarter.
  const now = Date.now();
  if (now > lastAt) {
    lastAt = now;
    sequence = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) >>> 2;
  } else sequence += 1;
  return v7({ random: bytes, msecs: lastAt, seq: sequence }) as T;
}

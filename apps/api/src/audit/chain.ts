import { createHash } from 'node:crypto';
import { addMinutes, type StoreId } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { insertSeals, lastSeal, listSealed, listUnsealed, type AuditEntry } from '@baoke/db/audit';
import { now } from '../clock.ts';

const BATCH = 5_000;
// A transaction may commit this much later than the time written in its entry and still be sealed.
const SLOWEST_MINUTES = 30;

/** Keys in order, so that the text of an entry does not depend on how it was stored. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = Object.entries(value as Record<string, unknown>).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** The link of an entry: SHA-256 over the link before it and the entry itself. */
export function linkOf(previous: Buffer, entry: AuditEntry): Buffer {
  const { id, at, actorKind, actorId, actorName, action, entity, entityId, before, after, requestId, ip } = entry;
  return createHash('sha256')
    .update(previous)
    .update(canonical({ id, at, actorKind, actorId, actorName, action, entity, entityId, before, after, requestId, ip }))
    .digest();
}

const ORIGIN = Buffer.alloc(32);

/** Adds the entries of a store that are not yet in its chain. Answers how many; one sealer works at a time. */
export async function sealStore(pool: Pool, storeId: StoreId): Promise<number> {
  return inTransaction(pool, { storeId }, async (tx) => {
    const last = await lastSeal(tx, storeId);
    const entries = await listUnsealed(tx, storeId, last ? addMinutes(now(), -SLOWEST_MINUTES) : null, BATCH);
    let { seq, hash } = last ?? { seq: 0, hash: ORIGIN };
    const seals = entries.map((entry) => {
      hash = linkOf(hash, entry);
      seq += 1;
      return { seq, entryId: entry.id, hash };
    });
    await insertSeals(tx, storeId, seals);
    return seals.length;
  });
}

export type ChainReport = {
  readonly storeId: StoreId;
  readonly sealed: number;
  readonly unsealed: number;
  /** The first link that does not follow from the one before, null when all do. */
  readonly broken: { readonly seq: number; readonly entryId: string } | null;
  /** The last link: kept elsewhere, it shows a chain that was cut short or written anew. */
  readonly head: string;
};

/** Recomputes the chain of a store from its first entry; `onSeal` hears of each link that follows from the one before. */
export async function verifyChain(
  pool: Pool,
  storeId: StoreId,
  onSeal: (seq: number, hash: Buffer) => void = () => {},
): Promise<ChainReport> {
  let seq = 0;
  let hash: Buffer = ORIGIN;
  for (;;) {
    const links = await inTransaction(pool, { storeId }, (tx) => listSealed(tx, storeId, seq, BATCH), 'read');
    for (const link of links) {
      const expected = linkOf(hash, link);
      if (link.seq !== seq + 1 || !link.hash.equals(expected))
        return { storeId, sealed: seq, unsealed: 0, broken: { seq: seq + 1, entryId: link.id }, head: hash.toString('hex') };
      seq = link.seq;
      hash = expected;
      onSeal(seq, hash);
    }
    if (links.length < BATCH) break;
  }
  const unsealed = await inTransaction(pool, { storeId }, (tx) => listUnsealed(tx, storeId, null, 100_000), 'read');
  return { storeId, sealed: seq, unsealed: unsealed.length, broken: null, head: hash.toString('hex') };
}

import { createHash } from 'node:crypto';
import { addMinutes, canonicalJson, type StoreId } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { insertSeals, lastSeal, listSealed, listUnsealed, type AuditEntry } from '@baoke/db/audit';
import { now } from '../clock.ts';

const BATCH = 5_000;
// A transaction may commit this much later than the time written in its entry and still be sealed.
const SLOWEST_MINUTES = 30;

/** The link of an entry: SHA-256 over the link before it and the entry itself. */
export function linkOf(previous: Buffer, entry: AuditEntry): Buffer {
  const { id, at, actorKind, actorId, actorName, action, entity, entityId, before, after, requestId, ip } = entry;
  return createHash('sha256')
    .update(previous)
    .update(canonicalJson({ id, at, actorKind, actorId, actorName, action, entity, entityId, before, after, requestId, ip }))
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

/**
 * Recomputes the chain of a store from its first entry. `onSeal` hears of every seal as it stands, also behind a broken link: an entry that was
 * altered leaves the seals after it, and what was anchored of them, as they were.
 */
export async function verifyChain(
  pool: Pool,
  storeId: StoreId,
  onSeal: (seq: number, hash: Buffer) => void = () => {},
): Promise<ChainReport> {
  let last: { readonly seq: number; readonly hash: Buffer } = { seq: 0, hash: ORIGIN };
  let broken: Pick<ChainReport, 'sealed' | 'broken' | 'head'> | undefined;
  for (;;) {
    const after = last.seq;
    const links = await inTransaction(pool, { storeId }, (tx) => listSealed(tx, storeId, after, BATCH), 'read');
    for (const link of links) {
      if (!broken && (link.seq !== last.seq + 1 || !link.hash.equals(linkOf(last.hash, link))))
        broken = { sealed: last.seq, broken: { seq: last.seq + 1, entryId: link.id }, head: last.hash.toString('hex') };
      last = link;
      onSeal(link.seq, link.hash);
    }
    if (links.length < BATCH) break;
  }
  if (broken) return { storeId, unsealed: 0, ...broken };
  const unsealed = await inTransaction(pool, { storeId }, (tx) => listUnsealed(tx, storeId, null, 100_000), 'read');
  return { storeId, sealed: last.seq, unsealed: unsealed.length, broken: null, head: last.hash.toString('hex') };
}

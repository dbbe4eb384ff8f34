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

/** A link that does not follow from the one before: its entry was altered, or is gone. */
export type ChainFault = { readonly seq: number; readonly entryId: string };

export type ChainReport = {
  readonly storeId: StoreId;
  readonly sealed: number;
  readonly unsealed: number;
  /** The first of the faults, null when there is none. */
  readonly broken: ChainFault | null;
  /** The faults in the order of the chain, the first hundred of them. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
  /** The last link: kept elsewhere, it shows a chain that was cut short or written anew. */
  readonly head: string;
};

const MOST_FAULTS = 100;

/**
 * Recomputes the chain of a store from its first entry. `onSeal` hears of every seal as it stands, also behind a broken link: an entry that was
 * altered leaves the seals after it, and what was anchored of them, as they were, so that each altered one shows by itself.
 */
export async function verifyChain(
  pool: Pool,
  storeId: StoreId,
  onSeal: (seq: number, hash: Buffer) => void = () => {},
): Promise<ChainReport> {
  let last: { readonly seq: number; readonly hash: Buffer } = { seq: 0, hash: ORIGIN };
  let whole: typeof last | undefined;
  const faults: ChainFault[] = [];
  let faultCount = 0;
  for (;;) {
    const after = last.seq;
    const links = await inTransaction(pool, { storeId }, (tx) => listSealed(tx, storeId, after, BATCH), 'read');
    for (const link of links) {
      if (link.seq !== last.seq + 1 || !link.hash.equals(linkOf(last.hash, link))) {
        whole ??= last;
        faultCount += 1;
        if (faults.length < MOST_FAULTS) faults.push({ seq: last.seq + 1, entryId: link.id });
      }
      last = link;
      onSeal(link.seq, link.hash);
    }
    if (links.length < BATCH) break;
  }
  const unsealed = whole ? [] : await inTransaction(pool, { storeId }, (tx) => listUnsealed(tx, storeId, null, 100_000), 'read');
  const { seq: sealed, hash } = whole ?? last;
  return { storeId, sealed, unsealed: unsealed.length, broken: faults[0] ?? null, faults, faultCount, head: hash.toString('hex') };
}

import { createHash } from 'node:crypto';
import { addMinutes, canonicalJson, type Instant, type StoreId } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { insertSeals, lastSeal, listSealed, listUnsealed, type AuditEntry } from '@baoke/db/audit';

const BATCH = 5_000;
// A transaction may commit this much later than the time written in its entry.
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

/**
 * Adds the entries of a store that are not yet in its chain, however long ago the last was added. Answers how many; one sealer works at a time.
 *
 * They are sought from a little before the time of the last one; an entry that bears an earlier time, as no transaction of ours writes it, is
 * found by a look at `all` of them.
 */
export async function sealStore(pool: Pool, storeId: StoreId, which: 'new' | 'all' = 'new'): Promise<number> {
  return inTransaction(pool, { storeId }, async (tx) => {
    const last = await lastSeal(tx, storeId);
    const since = last?.at && which === 'new' ? addMinutes(last.at, -SLOWEST_MINUTES) : null;
    const entries = await listUnsealed(tx, storeId, since, BATCH);
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

/** An entry that is in no chain: as young as the last sealing, or smuggled in. */
export type UnsealedEntry = { readonly entryId: string; readonly at: Instant };

export type ChainReport = {
  readonly storeId: StoreId;
  readonly sealed: number;
  readonly unsealed: number;
  /** The entries without a seal in the order of their times, the first hundred of them. */
  readonly unsealedEntries: readonly UnsealedEntry[];
  /** Entries that came into the chain long after the time they bear: written with a false one, or while the clock was wrong. The first hundred. */
  readonly late: readonly ChainFault[];
  readonly lateCount: number;
  /** The first of the faults, null when there is none. */
  readonly broken: ChainFault | null;
  /** The faults in the order of the chain, the first hundred of them. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
  /** The last link: kept elsewhere, it shows a chain that was cut short or written anew. */
  readonly head: string;
};

const MOST_FAULTS = 100;
const MOST_UNSEALED = 100_000;

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
  // What the last link should be; where it is another, the next may follow from either, and only the last is at fault.
  let expected: Buffer = ORIGIN;
  let latest: Instant | undefined;
  const faults = listed();
  const late = listed();
  for (;;) {
    const after = last.seq;
    const links = await inTransaction(pool, { storeId }, (tx) => listSealed(tx, storeId, after, BATCH), 'read');
    for (const link of links) {
      const follows = [last.hash, expected].find((previous) => link.hash.equals(linkOf(previous, link)));
      if (link.seq !== last.seq + 1 || !follows) {
        whole ??= last;
        faults.add({ seq: last.seq + 1, entryId: link.id });
      }
      if (latest !== undefined && link.at < addMinutes(latest, -SLOWEST_MINUTES)) late.add({ seq: link.seq, entryId: link.id });
      else if (latest === undefined || link.at > latest) latest = link.at;
      expected = follows ? link.hash : linkOf(last.hash, link);
      last = { seq: link.seq, hash: link.hash };
      onSeal(link.seq, link.hash);
    }
    if (links.length < BATCH) break;
  }
  const unsealed = await inTransaction(pool, { storeId }, (tx) => listUnsealed(tx, storeId, null, MOST_UNSEALED), 'read');
  const { seq: sealed, hash } = whole ?? last;
  return {
    storeId,
    sealed,
    unsealed: unsealed.length,
    unsealedEntries: unsealed.slice(0, MOST_FAULTS).map(({ id, at }) => ({ entryId: id, at })),
    late: late.told,
    lateCount: late.count(),
    broken: faults.told[0] ?? null,
    faults: faults.told,
    faultCount: faults.count(),
    head: hash.toString('hex'),
  };
}

// The first of many, and how many there were.
function listed() {
  const told: ChainFault[] = [];
  let count = 0;
  return {
    told,
    count: () => count,
    add(one: ChainFault) {
      count += 1;
      if (told.length < MOST_FAULTS) told.push(one);
    },
  };
}

import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { lastSeal } from '@baoke/db/audit';
import { listStores } from '@baoke/db/stores';
import { now } from '../clock.ts';
import { sealStore } from './chain.ts';

/** The last seal of a store at a time, kept outside the database: who cuts the chain there cannot cut it here. */
export type Anchor = { readonly at: Instant; readonly storeId: StoreId; readonly seq: number; readonly hash: string };
export type AnchorFault = { readonly storeId: StoreId; readonly seq: number; readonly fault: 'missing' | 'differs' };

/** The anchors of a store its chain does not hold to, each once; `hashes` are the seals of the chain by their numbers. */
export function anchorFaults(storeId: StoreId, anchors: readonly Anchor[], hashes: ReadonlyMap<number, string>): AnchorFault[] {
  const found = new Map<number, AnchorFault>();
  for (const { storeId: of, seq, hash } of anchors) {
    if (of !== storeId || hashes.get(seq) === hash) continue;
    found.set(seq, { storeId, seq, fault: hashes.has(seq) ? 'differs' : 'missing' });
  }
  return [...found.values()];
}

export function anchorFile(dataDirectory: string): string {
  return join(dataDirectory, 'audit-anchors.jsonl');
}

/** The anchors of the file and the numbers of its lines that are none; undefined where there is no file. */
export function readAnchors(file: string): { anchors: Anchor[]; unreadable: number[] } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const anchors: Anchor[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const anchor = toAnchor(line);
    if (anchor) anchors.push(anchor);
    else unreadable.push(index + 1);
  }
  return { anchors, unreadable };
}

function toAnchor(line: string): Anchor | undefined {
  try {
    const { at, storeId, seq, hash } = JSON.parse(line) as Anchor;
    return typeof at === 'string' && Number.isSafeInteger(storeId) && Number.isSafeInteger(seq) && /^[0-9a-f]{64}$/.test(hash)
      ? { at, storeId, seq, hash }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Seals what is left and writes the last seal of each store down where it has moved since the file last told of it. */
export async function anchorChains(pool: Pool, dataDirectory: string): Promise<void> {
  const file = anchorFile(dataDirectory);
  const last = new Map(readAnchors(file)?.anchors.map((anchor) => [anchor.storeId, anchor]));
  const lines: string[] = [];
  for (const { id: storeId } of await inTransaction(pool, {}, listStores, 'read')) {
    while ((await sealStore(pool, storeId)) > 0);
    const seal = await inTransaction(pool, { storeId }, (tx) => lastSeal(tx, storeId), 'read');
    if (!seal) continue;
    const anchor: Anchor = { at: now(), storeId, seq: seal.seq, hash: seal.hash.toString('hex') };
    const known = last.get(storeId);
    if (known?.seq !== anchor.seq || known.hash !== anchor.hash) lines.push(`${JSON.stringify(anchor)}\n`);
  }
  if (lines.length === 0) return;
  mkdirSync(dataDirectory, { recursive: true });
  appendFileSync(file, lines.join(''), { mode: 0o600 });
}

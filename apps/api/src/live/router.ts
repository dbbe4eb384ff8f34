import { setTimeout as pause } from 'node:timers/promises';
import { isUuid, type StoreId } from '@baoke/core/kernel';
import { CAPABILITIES, reachOf, type Capability } from '@baoke/core/access';
import { inTransaction } from '@baoke/db';
import { lastLiveEventId, listLiveEvents, type LiveEvent } from '@baoke/db/audit';
import { findVisible, RECORD_TOPICS, type AskedRecords } from '@baoke/db/live';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { callerOf, owedBeforeWork } from '../access/sessions.ts';
import type { Caller } from '../context.ts';
import { refusal } from '../http/refusals.ts';
import type { Platform } from '../platform.ts';
import { router, signedIn } from '../trpc.ts';

const EVERY_MS = 400;
// Ids are taken before commit: a slow transaction's event may appear after a later one.
const LOOK_BACK = 200;

/** What a reader found at once: all who listen are told of the same. */
type Batch = readonly LiveEvent[];

/** One reader per store, however many browsers are open. */
const readers = new Map<StoreId, { seen: Set<number>; last: number; listeners: Set<(events: Batch) => void> }>();

async function read({ pool, log }: Platform, storeId: StoreId): Promise<void> {
  const reader = readers.get(storeId);
  if (!reader) return;
  while (reader.listeners.size > 0 && !pool.ending) {
    const events = await inTransaction(
      pool,
      { storeId },
      (tx) => listLiveEvents(tx, storeId, Math.max(0, reader.last - LOOK_BACK), 1000),
      'read',
    ).catch((error: unknown) => {
      // The database is away for a moment: browsers stay connected and are told when it is back.
      if (!pool.ending) log.warn({ err: error, storeId }, 'live events could not be read; trying again');
      return [];
    });
    const fresh = events.filter((e) => e.id > reader.last || !reader.seen.has(e.id));
    for (const event of fresh) reader.seen.add(event.id);
    reader.last = Math.max(reader.last, ...events.map((e) => e.id), 0);
    for (const seen of reader.seen) if (seen < reader.last - LOOK_BACK) reader.seen.delete(seen);
    if (fresh.length > 0) for (const tell of reader.listeners) tell(fresh);
    await pause(EVERY_MS);
  }
  readers.delete(storeId);
}

async function listen(platform: Platform, storeId: StoreId, tell: (events: Batch) => void): Promise<() => void> {
  const { pool } = platform;
  let reader = readers.get(storeId);
  if (!reader) {
    const last = await inTransaction(pool, { storeId }, (tx) => lastLiveEventId(tx, storeId), 'read');
    reader = readers.get(storeId) ?? { seen: new Set<number>(), last, listeners: new Set() };
    const isNew = !readers.has(storeId);
    readers.set(storeId, reader);
    if (isNew) {
      const events = await inTransaction(
        pool,
        { storeId },
        (tx) => listLiveEvents(tx, storeId, Math.max(0, last - LOOK_BACK), 1000),
        'read',
      );
      for (const event of events) reader.seen.add(event.id);
    }
    reader.listeners.add(tell);
    if (isNew) void read(platform, storeId);
  } else reader.listeners.add(tell);
  const kept = reader;
  return () => kept.listeners.delete(tell);
}

/** Topics that are not called after their capability. */
const CAPABILITY_OF: Readonly<Record<string, Capability>> = { care: 'care_rules' };

function capabilityOf(topic: string): Capability {
  const [name] = topic.split('.');
  return CAPABILITY_OF[name ?? topic] ?? (name as Capability);
}

/** Notices are for people: which are his own is asked for with the right to them. */
function mayHear({ kind, rights }: Caller, { topic }: LiveEvent): boolean {
  if (topic === 'notices') return kind === 'staff';
  return rights(capabilityOf(topic), 'view') !== 'none';
}

/** What those of one reach may be told by id, of each batch. */
const asked = new WeakMap<Batch, Map<string, Promise<ReadonlySet<string>>>>();

/**
 * The records of a batch that the caller may be told by their ids, as the lists' rules have it: null, all of them. Whoever reaches the whole
 * store is asked about nothing; all others of one reach are asked about together, once for the batch.
 */
async function visibleTo({ pool, log }: Platform, caller: Caller, batch: Batch): Promise<ReadonlySet<string> | null> {
  const { storeId, staffId, team, role, rights } = caller;
  const wanted = RECORD_TOPICS.flatMap((topic): AskedRecords[] => {
    const reach = reachOf(rights(topic, 'view'), staffId, team);
    const ids = batch.flatMap(({ topic: of, entityId }) => (of === topic && entityId !== null && isUuid(entityId) ? [entityId] : []));
    return reach === 'everyone' || reach.length === 0 || ids.length === 0 ? [] : [{ topic, ids: [...new Set(ids)], reach }];
  });
  if (wanted.length === 0) return null;
  const known = asked.get(batch) ?? new Map<string, Promise<ReadonlySet<string>>>();
  asked.set(batch, known);
  const name = JSON.stringify([role, wanted.map(({ topic, reach }) => [topic, reach])]);
  const answer =
    known.get(name) ??
    inTransaction(pool, { storeId }, (tx) => findVisible(tx, storeId, role, wanted), 'read').catch((error: unknown) => {
      if (!pool.ending) log.warn({ err: error, storeId }, 'who may be told of a change could not be asked; it is told without its record');
      return new Set<string>();
    });
  known.set(name, answer);
  return answer;
}

/** Names the record where the caller may know it. That something changed he is told all the same: what is no longer his goes from his screen. */
function told({ topic, entityId }: LiveEvent, { rights, staffId, team }: Caller, visible: ReadonlySet<string> | null) {
  const named = reachOf(topic === 'notices' ? 'store' : rights(capabilityOf(topic), 'view'), staffId, team) === 'everyone';
  return { topic, entityId: named || (entityId !== null && visible?.has(entityId) === true) ? entityId : null };
}

export const liveRouter = router({
  /**
   * Tells what changed in the store, so that open screens load it afresh. Topics one may not view are left out; a key that may view nothing
   * is refused. A record is named to whom its list would show it; to others the topic alone is told. The stream ends within a second of its
   * session or key, or of the place in the store it was opened for.
   */
  changes: signedIn({ method: 'GET', path: '/live', summary: 'Changes as they happen', tags: ['live'], enabled: false })
    .input(z.object({ lastEventId: z.string().nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      const { storeId } = ctx.staff;
      if (ctx.staff.kind === 'api_key' && !CAPABILITIES.some((capability) => ctx.staff.rights(capability, 'view') !== 'none'))
        throw refusal('access.forbidden');
      const { pool } = ctx.platform;
      const queue: Batch[] = [];
      let wake: (() => void) | undefined;
      const stop = await listen(ctx.platform, storeId, (events) => {
        queue.push(events);
        wake?.();
      });
      signal?.addEventListener('abort', () => wake?.(), { once: true });
      try {
        const since = Number(input?.lastEventId);
        if (Number.isSafeInteger(since) && since > 0)
          queue.push(await ctx.staff.readStore((tx) => listLiveEvents(tx, storeId, since, 1000)));
        while (!signal?.aborted && !pool.ending) {
          // A stream outlives its request: who lost his session or his right loses the stream too.
          const caller = await callerOf(ctx.platform, ctx.req, false).catch((error: unknown) => {
            if (pool.ending) return undefined;
            throw error;
          });
          // Whoever works in several stores and has left this one is found in another.
          if (!caller || owedBeforeWork(caller) || caller.storeId !== storeId) return;
          for (const batch of queue.splice(0)) {
            const visible = await visibleTo(ctx.platform, caller, batch);
            for (const event of batch) if (mayHear(caller, event)) yield tracked(String(event.id), told(event, caller, visible));
          }
          await Promise.race([pause(750), new Promise<void>((go) => (wake = go))]);
        }
      } finally {
        stop();
      }
    }),
});

import type { Instant, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { STORE_LOCKS } from '../locks.ts';

export type AuditEntry = {
  readonly id: string;
  readonly at: Instant;
  readonly actorKind: 'staff' | 'api_key' | 'system';
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string | null;
  readonly ip: string | null;
};

/** Writes an audit entry; with a topic also the event that tells open browsers of the change, in the same statement. */
export async function insertAuditEntry(db: Db, storeId: StoreId, entry: AuditEntry, topic?: string): Promise<void> {
  const { before, after } = entry;
  const json = (fields: unknown) => (fields === null ? null : JSON.stringify(fields));
  const told = sql`with told as (insert into live_events (store_id, topic, entity_id) values (${storeId}, ${topic}, ${entry.entityId}))`;
  await sql`${topic === undefined ? sql`` : told}
    insert into audit_entries (store_id, id, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, request_id, ip)
    values (${storeId}, ${entry.id}, ${entry.at}, ${entry.actorKind}, ${entry.actorId}, ${entry.actorName}, ${entry.action}, ${entry.entity}, ${entry.entityId},
      ${json(before)}, ${json(after)}, ${entry.requestId}, ${entry.ip})`.execute(db);
}

/** What a change of many does to one of its records. */
export type OneOfMany = { readonly id: string; readonly entityId: string; readonly before: object; readonly after: object };

/** Writes an entry for each record that was changed at once, and one event for all of them, in one statement. */
export async function insertAuditEntries(
  db: Db,
  storeId: StoreId,
  common: Omit<AuditEntry, keyof OneOfMany>,
  each: readonly OneOfMany[],
  topic: string,
): Promise<void> {
  const json = (fields: object) => JSON.stringify(fields);
  await sql`with told as (insert into live_events (store_id, topic) values (${storeId}, ${topic}))
    insert into audit_entries (store_id, id, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, request_id, ip)
    select ${storeId}, e.id, ${common.at}, ${common.actorKind}, ${common.actorId}, ${common.actorName}, ${common.action}, ${common.entity}, e.entity_id, e.before::jsonb, e.after::jsonb,
      ${common.requestId}, ${common.ip}
    from unnest(${each.map(({ id }) => id)}::uuid[], ${each.map(({ entityId }) => entityId)}::text[], ${each.map(({ before }) => json(before))}::text[], ${each.map(({ after }) => json(after))}::text[])
      as e (id, entity_id, before, after)`.execute(db);
}

type EntryRow = {
  id: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  entity: string;
  entity_id: string;
  before: unknown;
  after: unknown;
  request_id: string | null;
  ip: string | null;
};

function toEntry(r: EntryRow): AuditEntry {
  return {
    id: r.id,
    at: r.at as Instant,
    actorKind: r.actor_kind as AuditEntry['actorKind'],
    actorId: r.actor_id,
    actorName: r.actor_name,
    action: r.action,
    entity: r.entity,
    entityId: r.entity_id,
    before: r.before,
    after: r.after,
    requestId: r.request_id,
    ip: r.ip,
  };
}

const ENTRY = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'entity',
  'entity_id',
  'before',
  'after',
  'request_id',
  'ip',
] as const;

export type EntryFilter = {
  readonly actorId?: string;
  readonly entity?: string;
  readonly entityId?: string;
  readonly from?: Instant;
  /** First instant that is not asked for any more. */
  readonly to?: Instant;
  /** The last entry of the page before. */
  readonly before?: { readonly at: Instant; readonly id: string };
  readonly limit: number;
};

/** The audit log, or the part of it that a record, a person or a period has; latest first, paged by key. */
export async function listEntries(db: Db, storeId: StoreId, filter: EntryFilter): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_entries').select(ENTRY).where('store_id', '=', storeId);
  if (filter.actorId) query = query.where('actor_id', '=', filter.actorId);
  if (filter.entity) query = query.where('entity', '=', filter.entity);
  if (filter.entityId) query = query.where('entity_id', '=', filter.entityId);
  if (filter.from) query = query.where('at', '>=', filter.from);
  if (filter.to) query = query.where('at', '<', filter.to);
  const { before } = filter;
  if (before) query = query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(before.at, before.id)));
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return rows.map(toEntry);
}

export type Seal = { readonly seq: number; readonly hash: Buffer };

/** The last link of the chain, with the time its entry bears, null where the entry is gone; taken under a lock so that one sealer works on a store at a time. */
export async function lastSeal(db: Db, storeId: StoreId): Promise<(Seal & { readonly at: Instant | null }) | undefined> {
  await sql`select pg_advisory_xact_lock(${STORE_LOCKS.audit}, ${storeId})`.execute(db);
  const row = await db
    .selectFrom('audit_seals as s')
    .leftJoin('audit_entries as e', (join) => join.onRef('e.store_id', '=', 's.store_id').onRef('e.id', '=', 's.entry_id'))
    .select(['s.seq', 's.hash', 'e.at'])
    .where('s.store_id', '=', storeId)
    .orderBy('s.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { seq: row.seq, hash: row.hash, at: row.at as Instant | null };
}

/** Entries not yet in the chain, oldest first. Entries are sought from `since` on, which leaves room for slow transactions. */
export async function listUnsealed(db: Db, storeId: StoreId, since: Instant | null, limit: number): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entries as e')
    .select(ENTRY.map((c) => `e.${c}` as const))
    .where('e.store_id', '=', storeId)
    .$if(since !== null, (q) => q.where('e.at', '>', since ?? ''))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit_seals as s').select('s.seq').whereRef('s.store_id', '=', 'e.store_id').whereRef('s.entry_id', '=', 'e.id'),
        ),
      ),
    )
    .orderBy('e.at')
    .orderBy('e.id')
    .limit(limit)
    .execute();
  return (rows as unknown as EntryRow[]).map(toEntry);
}

export async function insertSeals(
  db: Db,
  storeId: StoreId,
  seals: readonly { seq: number; entryId: string; hash: Buffer }[],
): Promise<void> {
  if (seals.length === 0) return;
  await db
    .insertInto('audit_seals')
    .values(seals.map((s) => ({ store_id: storeId, seq: s.seq, entry_id: s.entryId, hash: s.hash })))
    .execute();
}

/** The chain in order with the entries it seals, a batch at a time; of an entry that is gone only its id is left. */
export async function listSealed(db: Db, storeId: StoreId, afterSeq: number, limit: number): Promise<(AuditEntry & Seal)[]> {
  const rows = await db
    .selectFrom('audit_seals as s')
    .leftJoin('audit_entries as e', (join) => join.onRef('e.store_id', '=', 's.store_id').onRef('e.id', '=', 's.entry_id'))
    .select(['s.seq', 's.hash', ...ENTRY.map((c) => `e.${c}` as const), 's.entry_id as id'])
    .where('s.store_id', '=', storeId)
    .where('s.seq', '>', afterSeq)
    .orderBy('s.seq')
    .limit(limit)
    .execute();
  return (rows as unknown as (EntryRow & { seq: number; hash: Buffer })[]).map((r) => ({ ...toEntry(r), seq: r.seq, hash: r.hash }));
}

export async function insertLiveEvent(db: Db, storeId: StoreId, topic: string, entityId: string | null): Promise<void> {
  await db.insertInto('live_events').values({ store_id: storeId, topic, entity_id: entityId }).execute();
}

export type LiveEvent = { readonly id: number; readonly topic: string; readonly entityId: string | null };

/** Events after an id. Ids are taken before commit, so a reader looks back a little and drops what it has seen. */
export async function listLiveEvents(db: Db, storeId: StoreId, afterId: number, limit: number): Promise<LiveEvent[]> {
  const rows = await db
    .selectFrom('live_events')
    .select(['id', 'topic', 'entity_id'])
    .where('store_id', '=', storeId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((r) => ({ id: r.id, topic: r.topic, entityId: r.entity_id }));
}

export async function lastLiveEventId(db: Db, storeId: StoreId): Promise<number> {
  const row = await db
    .selectFrom('live_events')
    .select('id')
    .where('store_id', '=', storeId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}

export async function deleteLiveEventsBefore(db: Db, storeId: StoreId, before: Instant): Promise<void> {
  await db.deleteFrom('live_events').where('store_id', '=', storeId).where('at', '<', before).execute();
}

/** Claims an idempotency key inside the transaction of the effect. Answers the kept row when another request was first. */
export async function claimIdempotencyKey(
  db: Db,
  storeId: StoreId,
  claim: { principal: string; key: string; procedure: string; requestHash: Buffer },
): Promise<{ claimed: true } | { claimed: false; requestHash: Buffer; procedure: string; response: unknown }> {
  const inserted = await db
    .insertInto('idempotency_keys')
    .values({ store_id: storeId, principal: claim.principal, key: claim.key, procedure: claim.procedure, request_hash: claim.requestHash })
    .onConflict((oc) => oc.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted) return { claimed: true };
  const kept = await db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'procedure', 'response'])
    .where('store_id', '=', storeId)
    .where('principal', '=', claim.principal)
    .where('key', '=', claim.key)
    .executeTakeFirstOrThrow();
  return {
    claimed: false,
    requestHash: kept.request_hash,
    procedure: kept.procedure,
    response: kept.response === null ? null : JSON.parse(kept.response),
  };
}

export async function keepResponse(db: Db, storeId: StoreId, principal: string, key: string, response: unknown): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ response: JSON.stringify(response ?? null) })
    .where('store_id', '=', storeId)
    .where('principal', '=', principal)
    .where('key', '=', key)
    .execute();
}

export async function deleteIdempotencyKeysBefore(db: Db, storeId: StoreId, before: Instant): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('store_id', '=', storeId).where('created_at', '<', before).execute();
}

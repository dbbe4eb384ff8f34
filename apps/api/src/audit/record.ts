import type { StaffId, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool } from '@baoke/db';
import { insertAuditEntries, insertAuditEntry } from '@baoke/db/audit';
import { isDeepStrictEqual } from 'node:util';
import { now } from '../clock.ts';
import type { StaffContext } from '../context.ts';
import { newId } from '../ids.ts';

export type Change = {
  /** What was done, as `complaints.respond`. */
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly before?: object | null;
  readonly after?: object | null;
  /** Open browsers that show this topic load it afresh; left out where nobody waits for it. */
  readonly topic?: string;
};

/** Whom the log names, and where it happened: the caller of a request, or somebody the system cannot name. */
export type Actor = Pick<StaffContext, 'kind' | 'name' | 'storeId' | 'now' | 'ip'> & {
  readonly staffId: StaffId | null;
  readonly requestId: string | null;
};

/** The system as actor: a command of an operator, or a request of somebody who is not signed in. */
export function systemActor(storeId: StoreId, name: string, request: { requestId: string; ip: string } | null = null): Actor {
  return { kind: 'system', staffId: null, name, storeId, now: now(), requestId: request?.requestId ?? null, ip: request?.ip ?? null };
}

/** Writes who did what to which record, with the fields that changed, in the transaction of the change. */
export async function recordChange(tx: Db, actor: Actor, change: Change): Promise<void> {
  const { before, after } = changedFields(change.before ?? null, change.after ?? null);
  const { kind, staffId, name, requestId, ip } = actor;
  const { action, entity, entityId, topic } = change;
  await insertAuditEntry(
    tx,
    actor.storeId,
    {
      id: newId(),
      at: actor.now,
      actorKind: kind,
      actorId: staffId,
      actorName: name,
      action,
      entity,
      entityId,
      before,
      after,
      requestId,
      ip,
    },
    topic,
  );
}

/** What was done to one of many records at once. */
export type ChangeOfOne = { readonly entityId: string; readonly before: object; readonly after: object };

/** Writes who did the same to many records, an entry for each of them, in the transaction of the change. They share the number of the request. */
export async function recordChanges(
  tx: Db,
  actor: Actor,
  of: { readonly action: string; readonly entity: string; readonly topic: string },
  changes: readonly ChangeOfOne[],
): Promise<void> {
  const { kind, staffId, name, requestId, ip } = actor;
  const { action, entity, topic } = of;
  await insertAuditEntries(
    tx,
    actor.storeId,
    { at: actor.now, actorKind: kind, actorId: staffId, actorName: name, action, entity, requestId, ip },
    changes.map((change) => ({ id: newId(), ...change })),
    topic,
  );
}

/** What somebody tried and may not: the log tells of it although it was refused. */
export type Attempt = Omit<Change, 'topic'>;

/** Writes down what was refused, in a transaction of its own: the one of the request leaves nothing. */
export async function recordRefused({ pool }: { readonly pool: Pool }, actor: Actor, attempt: Attempt): Promise<void> {
  await inTransaction(pool, { storeId: actor.storeId }, (tx) => recordChange(tx, actor, attempt));
}

function changedFields(before: object | null, after: object | null): { before: object | null; after: object | null } {
  if (before === null || after === null) return { before, after };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const old: Record<string, unknown> = {};
  const fresh: Record<string, unknown> = {};
  for (const name of names) {
    const a = (before as Record<string, unknown>)[name];
    const b = (after as Record<string, unknown>)[name];
    if (isDeepStrictEqual(a, b)) continue;
    old[name] = a ?? null;
    fresh[name] = b ?? null;
  }
  return { before: old, after: fresh };
}

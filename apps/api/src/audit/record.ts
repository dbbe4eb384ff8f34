import { inTransaction, type Db, type Pool } from '@baoke/db';
import { insertAuditEntry } from '@baoke/db/audit';
import { isDeepStrictEqual } from 'node:util';
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

/** Writes who did what to which record, with the fields that changed, in the transaction of the change. */
export async function recordChange(tx: Db, ctx: StaffContext, change: Change): Promise<void> {
  const { before, after } = changedFields(change.before ?? null, change.after ?? null);
  const { kind, staffId, name, requestId, ip } = ctx;
  const { action, entity, entityId, topic } = change;
  await insertAuditEntry(
    tx,
    ctx.storeId,
    {
      id: newId(),
      at: ctx.now,
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

/** Writes down an attempt that is about to be refused, in a transaction of its own: the one of the request leaves nothing. */
export async function recordRefused({ pool }: { readonly pool: Pool }, ctx: StaffContext, attempt: Omit<Change, 'topic'>): Promise<void> {
  await inTransaction(pool, { storeId: ctx.storeId }, (tx) => recordChange(tx, ctx, attempt));
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

import type { Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type NoticeRow = { readonly id: string; readonly staffId: StaffId; readonly kind: string; readonly params: Readonly<Record<string, string | number>>; readonly entity: string | null; readonly entityId: string | null; readonly at: Instant };

export async function insertNotices(db: Db, storeId: StoreId, notices: readonly NoticeRow[]): Promise<void> {
  await db
    .insertInto('notices')
    .values(notices.map((n) => ({ store_id: storeId, id: n.id, staff_id: n.staffId, kind: n.kind, params: JSON.stringify(n.params), entity: n.entity, entity_id: n.entityId, created_at: n.at })))
    .execute();
}

/** The latest notices of a person, and how many he has not read. */
export async function listNotices(db: Db, storeId: StoreId, staffId: StaffId, limit: number): Promise<{ unread: number; notices: (NoticeRow & { readonly readAt: Instant | null })[] }> {
  const rows = await db
    .selectFrom('notices')
    .select(['id', 'kind', 'params', 'entity', 'entity_id', 'created_at', 'read_at', sql<number>`count(*) filter (where read_at is null) over ()`.as('unread')])
    .where('store_id', '=', storeId)
    .where('staff_id', '=', staffId)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return {
    unread: rows[0]?.unread ?? 0,
    notices: rows.map((r) => ({ id: r.id, staffId, kind: r.kind, params: r.params as NoticeRow['params'], entity: r.entity, entityId: r.entity_id, at: r.created_at as Instant, readAt: r.read_at as Instant | null })),
  };
}

/** Marks notices of a person as read: those named, or all. */
export async function markNoticesRead(db: Db, storeId: StoreId, staffId: StaffId, ids: readonly string[] | 'all', at: Instant): Promise<void> {
  let query = db.updateTable('notices').set({ read_at: at }).where('store_id', '=', storeId).where('staff_id', '=', staffId).where('read_at', 'is', null);
  if (ids !== 'all') query = query.where('id', 'in', [...ids]);
  if (ids === 'all' || ids.length > 0) await query.execute();
}

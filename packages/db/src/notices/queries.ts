import type { Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What a notice tells; its words are chosen when it is read. */
export type NoticeKind =
  | 'complaints.registered'
  | 'complaints.escalated'
  | 'complaints.reassigned'
  | 'complaints.reopened'
  | 'complaints.pause_requested'
  | 'complaints.pause_over'
  | 'complaints.solved'
  | 'care.missed'
  | 'imports.finished';

export type NoticeRow = {
  readonly id: string;
  readonly staffId: StaffId;
  readonly kind: NoticeKind;
  readonly params: Readonly<Record<string, string | number>>;
  readonly entity: string | null;
  readonly entityId: string | null;
  readonly at: Instant;
};

/** Inserts notices and answers which of their readers have a mail address. */
export async function insertNotices(db: Db, storeId: StoreId, notices: readonly NoticeRow[]): Promise<ReadonlySet<StaffId>> {
  await db
    .insertInto('notices')
    .values(
      notices.map((n) => ({
        store_id: storeId,
        id: n.id,
        staff_id: n.staffId,
        kind: n.kind,
        params: JSON.stringify(n.params),
        entity: n.entity,
        entity_id: n.entityId,
        created_at: n.at,
      })),
    )
    .execute();
  const rows = await db
    .selectFrom('staff')
    .select('id')
    .where('store_id', '=', storeId)
    .where(
      'id',
      'in',
      notices.map((n) => n.staffId),
    )
    .where('email', 'is not', null)
    .execute();
  return new Set(rows.map((r) => r.id as StaffId));
}

export type NoticeMail = {
  readonly kind: NoticeKind;
  readonly params: NoticeRow['params'];
  readonly email: string;
  readonly locale: 'zh' | 'en';
};

/** A notice that is still to be mailed, locked; undefined when it was mailed, or its reader has no address or has left. */
export async function claimNoticeMail(db: Db, storeId: StoreId, id: string): Promise<NoticeMail | undefined> {
  const row = await db
    .selectFrom('notices as n')
    .innerJoin('staff as s', (join) => join.onRef('s.store_id', '=', 'n.store_id').onRef('s.id', '=', 'n.staff_id'))
    .leftJoin('accounts as a', 'a.id', 's.account_id')
    .select(['n.kind', 'n.params', 's.email', 'a.locale'])
    .where('n.store_id', '=', storeId)
    .where('n.id', '=', id)
    .where('n.mailed_at', 'is', null)
    .where('s.status', '=', 'active')
    .forUpdate('n')
    .executeTakeFirst();
  return row?.email
    ? {
        kind: row.kind as NoticeKind,
        params: row.params as NoticeRow['params'],
        email: row.email,
        locale: (row.locale ?? 'zh') as 'zh' | 'en',
      }
    : undefined;
}

export async function markNoticeMailed(db: Db, storeId: StoreId, id: string, at: Instant): Promise<void> {
  await db.updateTable('notices').set({ mailed_at: at }).where('store_id', '=', storeId).where('id', '=', id).execute();
}

/** The latest notices of a person, and how many he has not read. */
export async function listNotices(
  db: Db,
  storeId: StoreId,
  staffId: StaffId,
  limit: number,
): Promise<{ unread: number; notices: (NoticeRow & { readonly readAt: Instant | null })[] }> {
  const rows = await db
    .selectFrom('notices')
    .select([
      'id',
      'kind',
      'params',
      'entity',
      'entity_id',
      'created_at',
      'read_at',
      sql<number>`count(*) filter (where read_at is null) over ()`.as('unread'),
    ])
    .where('store_id', '=', storeId)
    .where('staff_id', '=', staffId)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return {
    unread: rows[0]?.unread ?? 0,
    notices: rows.map((r) => ({
      id: r.id,
      staffId,
      kind: r.kind as NoticeKind,
      params: r.params as NoticeRow['params'],
      entity: r.entity,
      entityId: r.entity_id,
      at: r.created_at as Instant,
      readAt: r.read_at as Instant | null,
    })),
  };
}

/** Marks notices of a person as read: those named, or all. */
export async function markNoticesRead(
  db: Db,
  storeId: StoreId,
  staffId: StaffId,
  ids: readonly string[] | 'all',
  at: Instant,
): Promise<void> {
  let query = db
    .updateTable('notices')
    .set({ read_at: at })
    .where('store_id', '=', storeId)
    .where('staff_id', '=', staffId)
    .where('read_at', 'is', null);
  if (ids !== 'all') query = query.where('id', 'in', [...ids]);
  if (ids === 'all' || ids.length > 0) await query.execute();
}

import type { Reach } from '@baoke/core/access';
import type { Batch, BulkChange, BulkField, BulkValue, Move, Subject } from '@baoke/core/customers';
import type { CustomerId, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { customerWithinReach } from './reach.ts';

const COLUMNS: Readonly<Record<BulkField, RawBuilder<unknown>>> = {
  consultantId: sql.ref('consultant_id'),
  advisorId: sql.ref('advisor_id'),
  isFleet: sql.ref('is_fleet'),
  isVip: sql.ref('is_vip'),
};

function isFlag(field: BulkField): boolean {
  return field === 'isFleet' || field === 'isVip';
}

/**
 * Those of these customers that the caller sees, in the order of their ids, each with what stands in the field and whether his right to change
 * reaches it. `lock` keeps others from changing them in this transaction; the order keeps two who lock many from waiting for each other.
 */
export async function listSubjects(
  db: Db,
  storeId: StoreId,
  ids: readonly CustomerId[],
  field: BulkField,
  reach: { readonly view: Reach; readonly edit: Reach },
  options: { readonly lock?: boolean } = {},
): Promise<Subject[]> {
  const { rows } =
    await sql<Subject>`select k.id, k.name, k.${COLUMNS[field]} as value, k.status = 'active' as active, ${customerWithinReach(reach.edit, 'k')} as "withinReach"
    from customers k where k.store_id = ${storeId} and k.id = any(${[...ids]}::uuid[]) and not k.is_store_itself and ${customerWithinReach(reach.view, 'k')}
    order by k.id ${options.lock ? sql`for no key update of k` : sql``}`.execute(db);
  return rows;
}

/** Writes a value into one field of many files and raises their versions, in one statement. The caller holds their locks. */
export async function saveMoves(
  db: Db,
  storeId: StoreId,
  field: BulkField,
  moves: readonly Move[],
  by: StaffId,
  at: Instant,
): Promise<void> {
  const type = sql.raw(isFlag(field) ? 'boolean' : 'uuid');
  const flagged = isFlag(field) ? sql`flagged_by = ${by}, flagged_at = ${at},` : sql``;
  const result =
    await sql`update customers k set ${COLUMNS[field]} = w.value, ${flagged} updated_at = ${at}, updated_by = ${by}, version = k.version + 1
    from unnest(${moves.map(({ id }) => id)}::uuid[], ${moves.map(({ after }) => after)}::${type}[]) as w (id, value)
    where k.store_id = ${storeId} and k.id = w.id`.execute(db);
  if (result.numAffectedRows !== BigInt(moves.length))
    throw new Error(`of ${moves.length} customers read under lock ${result.numAffectedRows} were changed`);
}

/** Keeps what a change of many did, so that it can be taken back. */
export async function insertBatch(
  db: Db,
  storeId: StoreId,
  batch: {
    readonly id: string;
    readonly by: StaffId;
    readonly at: Instant;
    readonly change: BulkChange;
    readonly moves: readonly Move[];
  },
): Promise<void> {
  const text = (value: BulkValue) => (value === null ? null : String(value));
  await sql`insert into customer_batches (store_id, id, staff_id, at, change, customer_ids, before, after)
    values (${storeId}, ${batch.id}, ${batch.by}, ${batch.at}, ${JSON.stringify(batch.change)}, ${batch.moves.map(({ id }) => id)}::uuid[],
      ${batch.moves.map(({ before }) => text(before))}::text[], ${batch.moves.map(({ after }) => text(after))}::text[])`.execute(db);
}

export type StoredBatch = Batch & { readonly id: string; readonly change: BulkChange; readonly moves: readonly Move[] };

/** A change of many that this person did, locked; undefined for another's and for one that is kept no more. */
export async function lockBatch(db: Db, storeId: StoreId, id: string, by: StaffId): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('customer_batches')
    .select(['id', 'at', 'undone_at', 'change', 'customer_ids', 'before', 'after'])
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .where('staff_id', '=', by)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  const change = row.change as unknown as BulkChange;
  const value = (text: string | null | undefined): BulkValue =>
    isFlag(change.field) ? text === 'true' : ((text ?? null) as StaffId | null);
  return {
    id: row.id,
    at: row.at as Instant,
    undoneAt: row.undone_at as Instant | null,
    change,
    moves: row.customer_ids.map((customer, n) => ({
      id: customer as CustomerId,
      before: value(row.before[n]),
      after: value(row.after[n]),
    })),
  };
}

export type LastBatch = {
  readonly id: string;
  readonly at: Instant;
  readonly change: BulkChange;
  readonly changed: number;
  readonly toNames: string[];
};

/** The last change of many that this person did since, and did not take back; with the names of those who received. */
export async function findLastBatch(db: Db, storeId: StoreId, by: StaffId, since: Instant): Promise<LastBatch | undefined> {
  const { rows } = await sql<LastBatch>`select b.id, b.at, b.change, cardinality(b.customer_ids) as changed,
      array(select s.name from jsonb_array_elements_text(coalesce(b.change -> 'toIds', '[]')) with ordinality as t (id, place)
        join staff s on s.store_id = b.store_id and s.id = t.id::uuid order by t.place) as "toNames"
    from customer_batches b where b.store_id = ${storeId} and b.staff_id = ${by} and b.at > ${since} and b.undone_at is null
    order by b.at desc limit 1`.execute(db);
  return rows[0];
}

export async function markUndone(db: Db, storeId: StoreId, id: string, at: Instant): Promise<void> {
  await db.updateTable('customer_batches').set({ undone_at: at }).where('store_id', '=', storeId).where('id', '=', id).execute();
}

export async function deleteBatchesBefore(db: Db, storeId: StoreId, before: Instant): Promise<void> {
  await db.deleteFrom('customer_batches').where('store_id', '=', storeId).where('at', '<', before).execute();
}

import type { Role } from '@baoke/core/access';
import type { StaffId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Staff by name; of two with one name the one with an account. */
export async function loadStaffByName(db: Db, storeId: StoreId): Promise<Map<string, StaffId>> {
  const { rows } = await sql<{ id: string; name: string }>`select id, name from (
    select id, name, case when account_id is null then 0 else 1 end as rank, status from staff where store_id = ${storeId}
    union all select staff_id, name, 2, '' from staff_aliases where store_id = ${storeId}) as named order by rank, status desc, id`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.name, row.id as StaffId]));
}

/** Names of files that mean somebody who works here under another name. */
export async function loadStaffAliases(db: Db, storeId: StoreId): Promise<Map<string, StaffId>> {
  const rows = await db.selectFrom('staff_aliases').select(['name', 'staff_id']).where('store_id', '=', storeId).execute();
  return new Map(rows.map((row) => [row.name, row.staff_id as StaffId]));
}

/** Says whom a name in files means from now on; null makes it a person of its own again. */
export async function saveStaffAlias(db: Db, storeId: StoreId, name: string, staffId: StaffId | null): Promise<void> {
  if (staffId === null) {
    await db.deleteFrom('staff_aliases').where('store_id', '=', storeId).where('name', '=', name).execute();
    return;
  }
  await db
    .insertInto('staff_aliases')
    .values({ store_id: storeId, name, staff_id: staffId })
    .onConflict((conflict) => conflict.columns(['store_id', 'name']).doUpdateSet({ staff_id: staffId }))
    .execute();
}

export type Worker = { readonly id: StaffId; readonly name: string; readonly role: Role };

/** Those at work in the store who sign in, by name. */
export async function listWorkers(db: Db, storeId: StoreId): Promise<Worker[]> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'name', 'role'])
    .where('store_id', '=', storeId)
    .where('status', '=', 'active')
    .where('account_id', 'is not', null)
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id as StaffId, name: row.name, role: row.role as Role }));
}

export async function findStaffName(db: Db, storeId: StoreId, id: StaffId): Promise<string | undefined> {
  const row = await db.selectFrom('staff').select('name').where('store_id', '=', storeId).where('id', '=', id).executeTakeFirst();
  return row?.name;
}

/** Staff who are only named in files: without account, so nobody can sign in as them. */
export async function insertNamedStaff(
  db: Db,
  storeId: StoreId,
  staff: readonly { id: StaffId; name: string; role: string }[],
): Promise<void> {
  if (staff.length === 0) return;
  await sql`insert into staff (store_id, id, name, role) select ${storeId}, id, name, role
    from json_to_recordset(${JSON.stringify(staff)}::json) as r(id uuid, name text, role text)`.execute(db);
}

import type { Reach } from '@baoke/core/access';
import type { CustomerId, DepartmentId, OrderId, StaffId, StoreId, VehicleId, VisitId } from '@baoke/core/kernel';
import { sql, type Expression, type SqlBool } from 'kysely';
import type { Db } from '../connect.ts';

/**
 * Customers a reach includes: those whose consultant, advisor or author is one of the people, or for whom one of them has
 * an open task. `customer` names the customers table in the statement.
 *
 * Source: decisions, "Own = responsible consultant, advisor, assignee or author".
 */
export function customerWithinReach(reach: Reach, customer: string): Expression<SqlBool> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const k = sql.table(customer);
  const ids = sql`array[${sql.join([...reach])}]::uuid[]`;
  return sql<boolean>`(${k}.consultant_id = any(${ids}) or ${k}.advisor_id = any(${ids}) or ${k}.created_by = any(${ids})
    or exists (select from tasks t where t.store_id = ${k}.store_id and t.customer_id = ${k}.id and t.status = 'open' and t.assignee_id = any(${ids})))`;
}

export type References = { readonly customerId: CustomerId; readonly vehicleId: VehicleId | null; readonly visitId: VisitId | null; readonly orderId: OrderId | null; readonly departmentId: DepartmentId; readonly accusedId: StaffId | null };

/** The first of these references that names no record of the store (a customer: none within the reach); undefined when all do. */
export async function findMissingReference(db: Db, storeId: StoreId, refs: References, reach: Reach): Promise<keyof References | undefined> {
  const { rows } = await sql<Record<string, boolean>>`select
      exists (select from customers k where k.store_id = ${storeId} and k.id = ${refs.customerId} and ${customerWithinReach(reach, 'k')}) as "customerId",
      ${refs.vehicleId}::uuid is null or exists (select from vehicles where store_id = ${storeId} and id = ${refs.vehicleId}) as "vehicleId",
      ${refs.visitId}::uuid is null or exists (select from service_visits where store_id = ${storeId} and id = ${refs.visitId}) as "visitId",
      ${refs.orderId}::uuid is null or exists (select from orders where store_id = ${storeId} and id = ${refs.orderId}) as "orderId",
      exists (select from departments where store_id = ${storeId} and id = ${refs.departmentId}) as "departmentId",
      ${refs.accusedId}::uuid is null or exists (select from staff where store_id = ${storeId} and id = ${refs.accusedId}) as "accusedId"`.execute(db);
  const found = rows[0] ?? {};
  return (Object.keys(found) as (keyof References)[]).find((name) => !found[name]);
}

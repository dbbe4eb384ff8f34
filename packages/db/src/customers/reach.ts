import type { Reach } from '@baoke/core/access';
import type { StaffId, StoreId } from '@baoke/core/kernel';
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely';

function people(ids: readonly StaffId[]): RawBuilder<unknown> {
  return sql`${[...ids]}::uuid[]`;
}

/**
 * Customers a reach includes: those whose consultant, advisor or author is one of the people, or for whom one of them has
 * an open task. `customer` names the customers table in the statement.
 *
 * Source: decisions, "Own = responsible consultant, advisor, assignee or author".
 */
export function customerWithinReach(reach: Reach, customer: string): Expression<SqlBool> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const k = sql.table(customer);
  const ids = people(reach);
  return sql<boolean>`(${k}.consultant_id = any(${ids}) or ${k}.advisor_id = any(${ids}) or ${k}.created_by = any(${ids})
    or exists (select from tasks t where t.store_id = ${k}.store_id and t.customer_id = ${k}.id and t.status = 'open' and t.assignee_id = any(${ids}))) is true`;
}

/** The same as a set of ids, each arm from its own index: where customers are looked for rather than one of them judged. */
export function idsWithinReach(storeId: StoreId, reach: readonly StaffId[]): RawBuilder<unknown> {
  const ids = people(reach);
  return sql`select id from customers where store_id = ${storeId} and consultant_id = any(${ids}) and status = 'active'
    union select id from customers where store_id = ${storeId} and advisor_id = any(${ids}) and status = 'active'
    union select id from customers where store_id = ${storeId} and created_by = any(${ids})
    union select customer_id from tasks where store_id = ${storeId} and assignee_id = any(${ids}) and status = 'open'`;
}

/** What belongs to a customer and has an author of its own: within reach by the author, or by whoever looks after the customer. */
export function ofCustomerWithinReach(reach: Reach, author: string, customer: string): Expression<SqlBool> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const k = sql.table(customer);
  const ids = people(reach);
  return sql<boolean>`(${sql.ref(author)} = any(${ids}) or ${k}.consultant_id = any(${ids}) or ${k}.advisor_id = any(${ids}) or ${k}.created_by = any(${ids})) is true`;
}

/** An instant inside JSON in the one form the kernel writes. */
export function instantText(column: string): RawBuilder<string> {
  return sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

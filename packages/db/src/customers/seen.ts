import { sql, type RawBuilder } from 'kysely';

/** The day before all days, where former owners stand. */
export const FORMER = sql`date '-infinity'`;

/**
 * The day an owner was last seen with his car, as `lastSeenOn` of core has it; `FORMER` of former owners, null of prospects. In the words of
 * the index `customers_relationship`, which serves ranges of it among active customers. `customer` names the customers table in the statement.
 */
export function seenAsOwner(customer: string): RawBuilder<unknown> {
  const k = sql.table(customer);
  return sql`(case when ${k}.former_owner then date '-infinity' else greatest(${k}.first_delivered_on, ${k}.last_visit_on, ${k}.owner_since) end)`;
}

import type { Reach, Role } from '@baoke/core/access';
import type { StoreId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { complaintWithinReach } from '../complaints/queries.ts';
import type { Db } from '../connect.ts';
import { customerWithinReach, ofCustomerWithinReach } from '../customers/reach.ts';
import { withinReach } from '../tasks/rows.ts';
import { vehicleWithinReach } from '../vehicles/queries.ts';

/** Topics whose events name a record that is of somebody; whoever reaches some of a store's people is told of no other record by its id. */
export const RECORD_TOPICS = ['customers', 'contacts', 'vehicles', 'tasks', 'complaints'] as const;
export type RecordTopic = (typeof RECORD_TOPICS)[number];

/** Records of a topic, and whose of them are meant; the role says which tasks of nobody are. */
export type AskedRecords = { readonly topic: RecordTopic; readonly ids: readonly string[]; readonly reach: Reach };

/** Which of these records the reaches include, by the rules of their lists, in one statement. */
export async function findVisible(db: Db, storeId: StoreId, role: Role, asked: readonly AskedRecords[]): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const parts = asked.map(({ topic, ids, reach }) => visible(storeId, role, topic, sql`any(${[...ids]}::uuid[])`, reach));
  const { rows } = await sql<{ id: string }>`${sql.join(parts, sql` union all `)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

function visible(storeId: StoreId, role: Role, topic: RecordTopic, ids: RawBuilder<unknown>, reach: Reach): RawBuilder<unknown> {
  switch (topic) {
    case 'customers':
      return sql`select k.id from customers k where k.store_id = ${storeId} and k.id = ${ids} and ${customerWithinReach(reach, 'k')}`;
    case 'contacts':
      return sql`select n.id from contacts n join customers k on k.store_id = n.store_id and k.id = n.customer_id
        where n.store_id = ${storeId} and n.id = ${ids} and ${ofCustomerWithinReach(reach, 'n.staff_id', 'k')}`;
    case 'vehicles':
      return sql`select v.id from vehicles v where v.store_id = ${storeId} and v.id = ${ids} and ${vehicleWithinReach(reach)}`;
    case 'tasks':
      return sql`select t.id from tasks t where t.store_id = ${storeId} and t.id = ${ids} and ${withinReach({ reach, role })}`;
    case 'complaints':
      return sql`select c.id from complaints c where c.store_id = ${storeId} and c.id = ${ids} and ${complaintWithinReach(reach)}`;
  }
}

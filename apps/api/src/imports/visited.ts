import type { Instant, StoreId } from '@baoke/core/kernel';
import type { Db, PoolClient } from '@baoke/db';
import { loadStored, loadVisited, updateRecords, type Visited } from '@baoke/db/imports';

/** What of customers and cars follows from visits and orders, and for the last visit from the days that files have told. */
export const FOLLOWING = ['last_visit_on', 'first_delivered_on'] as const;

/** The customer and the car that a visit or an order names. */
export function visitedBy(named: Readonly<Record<string, unknown>>): Visited[] {
  const { customer_id: customerId, vehicle_id: vehicleId } = named;
  return [
    ...(typeof customerId === 'string' ? [{ entity: 'customers', id: customerId } as const] : []),
    ...(typeof vehicleId === 'string' ? [{ entity: 'vehicles', id: vehicleId } as const] : []),
  ];
}

/**
 * Gives customers and cars the last visit and first delivery that follow from what is on file now, whichever import it is of: after visits and
 * orders have gone, or have become another's. Those who are no longer on file are passed over.
 */
export async function recountVisited(
  db: Db,
  client: PoolClient,
  storeId: StoreId,
  visited: readonly Visited[],
  now: Instant,
): Promise<void> {
  for (const table of ['customers', 'vehicles'] as const) {
    const ids = [...new Set(visited.flatMap(({ entity, id }) => (entity === table ? [id] : [])))];
    const follows = await loadVisited(db, storeId, { entity: table, ids });
    const columns = table === 'customers' ? FOLLOWING : (['last_visit_on'] as const);
    const updates = (await loadStored(db, storeId, table, 'id', ids, columns)).flatMap((row) => {
      const is = follows.get(row.id);
      const changed = columns.filter((column) => (row[column] ?? null) !== (is?.[column] ?? null));
      return changed.length === 0 ? [] : [{ id: row.id, ...Object.fromEntries(changed.map((column) => [column, is?.[column] ?? null])) }];
    });
    await updateRecords(client, storeId, table, now, updates);
  }
}

import { createHash } from 'node:crypto';
import { BUSINESS_TABLES } from '@baoke/api/imports/testing';
import type pg from 'pg';

type BusinessTable = (typeof BUSINESS_TABLES)[number];

/** Written by the clock of the run, not by the files. */
const OF_THE_RUN = '{store_id,created_at,updated_at}';
/** A day whose work was taken back keeps its row with nothing in it. */
const COUNTED: Partial<Record<BusinessTable, string>> = { service_day_counts: 'and (visits <> 0 or received_fen <> 0)' };

/** What the business sees of a store, one value for each table: two stores of the same records agree, whatever ids these have. */
export async function businessHash(superuser: pg.Client, storeId: number): Promise<Readonly<Record<BusinessTable, string>>> {
  const { rows: names } = await superuser.query<{ id: string; name: string }>(
    `select id, 'customer ' || name || ' ' || coalesce((select e164 from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id and rank = 1), '') as name from customers c where store_id = $1
     union all select id, 'vehicle ' || coalesce(vin, '') || ' ' || coalesce(plate, '') from vehicles where store_id = $1
     union all select id, 'staff ' || name from staff where store_id = $1`,
    [storeId],
  );
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  const hashes = {} as Record<BusinessTable, string>;
  for (const table of BUSINESS_TABLES) {
    const { rows } = await superuser.query<{ row: string }>(
      `select (to_jsonb(t) - '${OF_THE_RUN}'::text[])::text as row from ${table} t where store_id = $1 ${COUNTED[table] ?? ''}`,
      [storeId],
    );
    const told = rows.map(({ row }) => row.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => nameOf.get(id) ?? 'id')).sort();
    hashes[table] = `${told.length} ${createHash('sha256').update(told.join('\n')).digest('hex')}`;
  }
  return hashes;
}

import { sql } from 'kysely';
import type { Db } from './connect.ts';

/** Store-owned tables that are not under forced row-level security with a policy that also checks writes; empty when all is well. */
export async function listIsolationFaults(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'store_id' and not a.attisdropped)
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polwithcheck is not null))
    order by c.relname`.execute(db);
  return rows.map((r) => r.name);
}

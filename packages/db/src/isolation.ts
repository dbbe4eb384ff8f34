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

/** Tables in which what was written stays as it was. */
export const APPEND_ONLY = ['audit_entries', 'audit_seals', 'complaint_events', 'complaint_escalations', 'consents', 'removals'] as const;

/** What the application role may do and must not, as `table: privilege`: rewrite history, or touch the list of migrations; empty when all is well. */
export async function listRightFaults(db: Db): Promise<string[]> {
  const { rows } = await sql<{ fault: string }>`select c.relname || ': ' || lower(p.privilege) as fault
    from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) with ordinality p (privilege, place)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname like 'kysely_%' or (c.relname = any(${[...APPEND_ONLY]}::text[]) and p.privilege <> 'INSERT'))
      and has_table_privilege('baoke_app', c.oid, p.privilege)
    order by c.relname, p.place`.execute(db);
  return rows.map((r) => r.fault);
}

/** Why a login is not fit to serve requests: it, or a role it may take, can do what row-level security and the rights of `baoke_app` forbid. */
export type LoginFault = 'superuser' | 'bypasses_row_security' | 'owns_tables';
export type Login = { readonly name: string; readonly faults: readonly LoginFault[] };

/**
 * The login of the connection, whatever role it has taken, with what makes it unfit to serve requests. A statement that somebody managed to
 * inject could leave the role again (`reset role`), so that what counts is what stands behind it.
 */
export async function readLogin(db: Db): Promise<Login> {
  const { rows } = await sql<{ name: string; superuser: boolean; bypasses: boolean; owns: boolean }>`
    with taken as (select * from pg_roles where pg_has_role(session_user, oid, 'member'))
    select session_user::text as name, (select bool_or(rolsuper) from taken) as superuser, (select bool_or(rolbypassrls) from taken) as bypasses,
      exists (select from taken where oid in (
        select relowner from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        union all select datdba from pg_database where datname = current_database())) as owns`.execute(db);
  const { name, superuser, bypasses, owns } = rows[0] ?? { name: '', superuser: false, bypasses: false, owns: false };
  // A superuser bypasses and owns whatever there is.
  if (superuser) return { name, faults: ['superuser'] };
  return { name, faults: [...(bypasses ? ['bypasses_row_security' as const] : []), ...(owns ? ['owns_tables' as const] : [])] };
}

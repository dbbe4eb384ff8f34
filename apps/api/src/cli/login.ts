import { inTransaction, readLogin, type LoginFault, type Pool } from '@baoke/db';

const SAID: Readonly<Record<LoginFault, string>> = {
  superuser: 'is a superuser',
  bypasses_row_security: 'may bypass row-level security',
  owns_tables: 'owns the tables or may become their owner',
};

/** The login that serves requests, and in one sentence what makes it unfit for that and how it is mended; null where it is fit. */
export async function judgeLogin(pool: Pool): Promise<{ readonly name: string; readonly unfit: string | null }> {
  const { name, faults } = await inTransaction(pool, {}, readLogin, 'read');
  if (faults.length === 0) return { name, unfit: null };
  return {
    name,
    unfit: `the login "${name}" of DATABASE_URL ${faults.map((fault) => SAID[fault]).join(' and ')}: one injected statement would be enough to leave the role baoke_app and read every store. Give the application a login of its own in that role, and the owner's as MIGRATE_DATABASE_URL (README, "Your own PostgreSQL")`,
  };
}

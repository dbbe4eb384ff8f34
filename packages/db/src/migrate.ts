import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';
import pg from 'pg';

const FOLDER = fileURLToPath(new URL('../migrations/', import.meta.url));

const provider: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
    const migrations: Record<string, Migration> = {};
    for (const file of files) {
      const text = await readFile(`${FOLDER}${file}`, 'utf8');
      migrations[file.replace(/\.sql$/, '')] = { up: async (db) => void (await sql.raw(text).execute(db)) };
    }
    return migrations;
  },
};

/** A database this program must not run on; the message says why and what to do. */
export class MigrationError extends Error {}

export type MigrationReport = { readonly applied: readonly string[]; readonly total: number };

/**
 * Brings the database forward to this program's schema, under a lock that makes a second process wait.
 *
 * Refuses a database that a newer program has migrated. A login that may only serve requests is enough where there is nothing to bring
 * forward; else it is refused.
 */
export async function migrate(ownerUrl: string): Promise<MigrationReport> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, connectionTimeoutMillis: 5_000, application_name: 'baoke migrate' });
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await ensureAppRole(pool);
    const migrator = new Migrator({ db, provider });
    const known = Object.keys(await provider.getMigrations());
    const unknown = (await migrator.getMigrations().catch(missingMigrations)).filter((m) => m.executedAt && !known.includes(m.name));
    if (unknown.length > 0)
      throw new MigrationError(
        `the database was migrated by a newer Baoke (${unknown.map((m) => m.name).join(', ')}); start that version instead`,
      );
    const { error, results = [] } = await migrator.migrateToLatest();
    const failed = results.find((r) => r.status === 'Error');
    if (isForbidden(error)) throw notTheOwner(new URL(ownerUrl).username, error);
    if (error)
      throw new MigrationError(
        `migration ${failed?.migrationName ?? ''} failed: ${error instanceof Error ? error.message : JSON.stringify(error)}`,
        { cause: error },
      );
    return { applied: results.filter((r) => r.status === 'Success').map((r) => r.migrationName), total: known.length };
  } finally {
    await db.destroy();
  }
}

function isForbidden(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === '42501';
}

function notTheOwner(login: string, cause: unknown): MigrationError {
  return new MigrationError(
    `the login "${decodeURIComponent(login)}" may not bring the database to the schema of this version (${(cause as Error).message}). Give the address of its owner as MIGRATE_DATABASE_URL, or run baoke migrate with that.`,
    { cause },
  );
}

function missingMigrations(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  if (/previously executed migration .* is missing/.test(text))
    throw new MigrationError(`the database was migrated by a newer Baoke (${text}); start that version instead`, { cause: error });
  throw error;
}

// On an external server the login of DATABASE_URL owns the tables; requests run as a role of their own that it may take.
async function ensureAppRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ present: boolean; current: string }>(
    `select exists (select from pg_roles where rolname = 'baoke_app') as present, current_user as current`,
  );
  if (rows[0]?.present) return;
  try {
    await pool.query('create role baoke_app nologin nosuperuser nobypassrls');
    await pool.query(`grant baoke_app to "${rows[0]?.current.replaceAll('"', '""')}"`);
  } catch (cause) {
    throw new MigrationError(
      `the role baoke_app is missing and "${rows[0]?.current}" may not create it. As a database administrator run: create role baoke_app nologin; grant baoke_app to "${rows[0]?.current}";`,
      { cause },
    );
  }
}

import type { EmbeddedPostgres } from '@baoke/db/embedded';
import pg from 'pg';

/** A copy of the loaded database beside it, for what writes: the loaded one stays as it was, however often it is measured. */
export type Copy = { readonly appUrl: string; readonly superuserUrl: string };

/** Copies the files of the loaded database; nobody may be connected to it. A copy of that name left by a run that was broken off goes first. */
export async function copyOf(database: EmbeddedPostgres, name: string): Promise<Copy> {
  await dropCopy(database, name);
  await asSuperuser(database, `create database ${name} template baoke strategy file_copy`);
  return { appUrl: database.appUrl.replace(/\/baoke(?=\?|$)/, `/${name}`), superuserUrl: database.superuserUrl(name) };
}

export async function dropCopy(database: EmbeddedPostgres, name: string): Promise<void> {
  await asSuperuser(database, `drop database if exists ${name} with (force)`);
}

/**
 * Leaves autovacuum nothing to do, and has it wait while the work runs: a set kept from before has been worn by migrations, and the cleaning of a
 * million customers goes on for minutes, beside whichever server is measured just then.
 */
export async function withoutCleaning<R>(database: EmbeddedPostgres, work: () => Promise<R>): Promise<R> {
  await asSuperuser(database, 'alter system set autovacuum = off', 'select pg_reload_conf()');
  try {
    await inDatabase(database, 'baoke', ['vacuum (analyze)', 'checkpoint']);
    return await work();
  } finally {
    await asSuperuser(database, 'alter system reset autovacuum', 'select pg_reload_conf()');
  }
}

async function asSuperuser(database: EmbeddedPostgres, ...statements: readonly string[]): Promise<void> {
  await inDatabase(database, 'postgres', statements);
}

async function inDatabase(database: EmbeddedPostgres, name: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl(name) });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

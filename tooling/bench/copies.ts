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

async function asSuperuser(database: EmbeddedPostgres, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../embedded/index.ts';
import { migrate } from '../migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
    ownerUrl: string;
    appUrl: string;
  }
}

/** One cluster per run with one migrated database, which every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = fileURLToPath(new URL('../../../../.cache/', import.meta.url));
  // Not a temporary folder: those are closed to the user PostgreSQL runs as under root.
  const directory = `${cache}test-postgres-${randomBytes(6).toString('hex')}`;
  mkdirSync(directory, { recursive: true });
  const server = await startEmbeddedPostgres({ directory, durable: false });
  await migrate(server.ownerUrl);
  project.provide('superuserUrl', server.superuserUrl('postgres'));
  project.provide('ownerUrl', server.ownerUrl);
  project.provide('appUrl', server.appUrl);
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

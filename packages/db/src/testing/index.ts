import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool } from '../connect.ts';

/** A fresh copy of the migrated database for one test file. */
export type TestDatabase = {
  /** Pool of the role that serves requests. */
  readonly pool: pg.Pool;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** Connects as the bootstrap superuser, to look behind row-level security. */
  readonly superuserUrl: string;
  drop(): Promise<void>;
};

/** Copies the migrated template; call in `beforeAll`, and `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: inject('superuserUrl') });
  await admin.connect();
  await admin.query(`create database ${name} template baoke strategy wal_log owner baoke_owner`);
  const on = (url: string) => url.replace(/\/[^/]*$/, `/${name}`);
  const pool = createPool({ url: on(inject('appUrl')), max: 6 });
  return {
    pool,
    appUrl: on(inject('appUrl')),
    ownerUrl: on(inject('ownerUrl')),
    superuserUrl: on(inject('superuserUrl')),
    drop: async () => {
      await pool.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSchema, generateTableTypes } from './describe.ts';
import { inTransaction, kyselyOver, listRightFaults, readLogin } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
let superuser: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});

// Tables that belong to no store, each with its reason: who enters, and where.
const SHARED = ['groups', 'stores', 'accounts', 'sessions', 'recovery_codes'];

describe('the catalogue', () => {
  it('puts every table under forced row-level security with a policy that also checks writes, but for the shared ones', async () => {
    const { rows } = await superuser.query<{ name: string; isolated: boolean; checked: boolean; owned: boolean }>(`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as isolated,
        exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polwithcheck is not null) as checked,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'store_id' and a.attnotnull) as owned
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'kysely_%'`);
    const open = rows.filter((r) => !(r.isolated && r.checked && r.owned)).map((r) => r.name);
    expect(open.toSorted()).toEqual(SHARED.toSorted());
    expect(rows.length).toBeGreaterThan(SHARED.length);
  });

  it('lets the store lead every primary and unique key of a store-owned table, but for secrets that are looked up alone', async () => {
    const { rows } = await superuser.query<{ index: string }>(`
      select i.relname as index from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'store_id'
      where c.relnamespace = 'public'::regnamespace and x.indisunique and x.indkey[0] <> a.attnum`);
    expect(rows.map((r) => r.index)).toEqual(['api_keys_key_hash_key']);
  });

  it('says of every index of ours which query it serves', async () => {
    const { rows } = await superuser.query<{ name: string }>(`
      select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely_%'
        and not exists (select from pg_constraint k where k.conindid = i.oid) and obj_description(i.oid) is null`);
    expect(rows).toEqual([]);
  });

  it('gives the application a role that owns nothing, bypasses nothing and cannot rewrite history', async () => {
    const { rows } = await superuser.query<{ super: boolean; bypass: boolean; owns: string }>(`
      select rolsuper as super, rolbypassrls as bypass, (select count(*) from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = 'baoke_app'`);
    expect(rows[0]).toEqual({ super: false, bypass: false, owns: '0' });
    const faults = () => inTransaction(database.pool, {}, listRightFaults, 'read');
    expect(await faults()).toEqual([]);
    await superuser.query('grant insert on kysely_migration to baoke_app; grant update, truncate on audit_entries to baoke_app');
    expect(await faults()).toEqual(['audit_entries: update', 'audit_entries: truncate', 'kysely_migration: insert']);
    await superuser.query('revoke insert on kysely_migration from baoke_app; revoke update, truncate on audit_entries from baoke_app');
  });

  it.each([
    { name: 'the role that serves requests', login: 'baoke_app', faults: [] },
    { name: 'a login of its own within that role', login: 'plain', made: 'in role baoke_app', faults: [] },
    { name: 'the owner of the tables', login: 'baoke_owner', faults: ['owns_tables'] },
    { name: 'one that may become the owner', login: 'heir', made: 'in role baoke_owner', faults: ['owns_tables'] },
    { name: 'one that row-level security does not hold for', login: 'free', made: 'bypassrls', faults: ['bypasses_row_security'] },
    { name: 'one that may become such a one', login: 'freed', made: 'noinherit in role free', faults: ['bypasses_row_security'] },
    { name: 'a superuser', login: 'postgres', faults: ['superuser'] },
  ])('knows whether $name is fit to serve requests', async ({ login, made, faults }) => {
    if (made !== undefined) await superuser.query(`create role ${login} ${made}`);
    await superuser.query(`set session authorization ${login}`);
    // Whatever role it has taken.
    if (login !== 'baoke_app' && login !== 'free' && login !== 'freed') await superuser.query('set role baoke_app').catch(() => {});
    expect(await readLogin(kyselyOver(superuser))).toEqual({ name: login, faults });
    await superuser.query('reset session authorization');
  });

  it('shows a connection without a store no row of any store-owned table', async () => {
    await superuser.query(`insert into groups (code, name) values ('g', 'g'); insert into stores (group_id, code, name) values (1, 's', 's');
      insert into departments (store_id, id, kind, name) values (1, gen_random_uuid(), 'sales', 'x')`);
    expect((await database.pool.query('select * from departments')).rows).toEqual([]);
  });

  it('has its time limits and durability set', async () => {
    const client = await database.pool.connect();
    const setting = async (name: string) =>
      (await client.query<{ value: string }>('select current_setting($1) as value', [name])).rows[0]?.value;
    expect([
      await setting('statement_timeout'),
      await setting('lock_timeout'),
      await setting('idle_in_transaction_session_timeout'),
      await setting('TimeZone'),
    ]).toEqual(['15s', '5s', '30s', 'UTC']);
    client.release();
  });

  it('reads letters in Chinese signs, without which no search piece would be found', async () => {
    const { rows } = await superuser.query<{ letters: string }>(`select regexp_replace('张a1-伟', '[^[:alnum:]]', '', 'g') as letters`);
    expect(rows[0]?.letters).toBe('张a1伟');
  });
});

describe('what is written from the migrated database', () => {
  it('the table types are current', async () => {
    expect(await generateTableTypes(database.ownerUrl)).toBe(readFileSync(new URL('./tables.generated.ts', import.meta.url), 'utf8'));
  });
  it('the description is current', async () => {
    expect(await describeSchema(database.ownerUrl)).toBe(readFileSync(new URL('../schema/tables.md', import.meta.url), 'utf8'));
  });
});

describe('values', () => {
  it.each([
    { name: 'a date stays the day it is', query: `select date '1990-05-01' as value`, value: '1990-05-01' },
    { name: 'a bigint becomes a safe integer', query: 'select 9007199254740991::bigint as value', value: 9007199254740991 },
    {
      name: 'an instant becomes UTC with milliseconds',
      query: `select timestamptz '2026-05-01 09:10+08' as value`,
      value: '2026-05-01T01:10:00.000Z',
    },
  ])('$name', async ({ query, value }) => expect((await database.pool.query(query)).rows[0]).toEqual({ value }));

  it('a bigint beyond 2^53 is refused', async () => {
    await expect(database.pool.query('select 9007199254740992::bigint as value')).rejects.toThrow(RangeError);
  });
});

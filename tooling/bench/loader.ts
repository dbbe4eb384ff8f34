import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { hashPassword } from '@baoke/api/access/passwords';
import { newId } from '@baoke/api/ids';
import { migrateQueue } from '@baoke/api/queue';
import { createStore, waiveSecondStep } from '@baoke/api/stores/create';
import type { Role } from '@baoke/core/access';
import type { AccountId, StaffId, TimeZone } from '@baoke/core/kernel';
import { createPool, inTransaction, migrate } from '@baoke/db';
import { startEmbeddedPostgres } from '@baoke/db/embedded';
import { getStore, insertAccount, insertStaff } from '@baoke/db/stores';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import pino from 'pino';
import { COLUMNS, generate, type StoreOfData, type Table, type Value } from './dataset.ts';

/** What a loaded folder is: kept beside the data, so that a later run can use it. */
export type Loaded = {
  readonly customers: number;
  readonly seconds: { readonly copy: number; readonly indexes: number };
  readonly password: string;
  readonly migrations: number;
  readonly stores: readonly {
    readonly id: number;
    readonly manager: string;
    readonly agent: string;
    readonly agentId: string;
    readonly staff: readonly string[];
  }[];
};

// Tables whose rows a live system writes in the order of time, while the generator goes customer by customer.
const WRITTEN_BY_TIME: Partial<Record<Table, string>> = {
  customers: 'id',
  vehicles: 'id',
  service_visits: 'arrived_on, id',
  contacts: 'id',
  tasks: 'id',
};
const TABLES = Object.keys(COLUMNS) as Table[];
const CHUNK = 256 * 1024;

/** The folder of a size, loaded now or by an earlier run of the same schema. */
export async function loadSize(
  folder: string,
  customers: number,
  options: { fresh: boolean; say: (line: string) => void },
): Promise<Loaded> {
  const manifest = `${folder}/loaded.json`;
  if (options.fresh) rmSync(folder, { recursive: true, force: true });
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')) as Loaded;
  rmSync(folder, { recursive: true, force: true });
  options.say(`loading ${customers} customers into ${folder}`);
  const server = await startEmbeddedPostgres({ directory: folder, durable: false, log: options.say });
  try {
    const migrated = await migrate(server.ownerUrl);
    await migrateQueue(server.ownerUrl, pino({ level: 'warn' }));
    const password = randomBytes(12).toString('base64url');
    const stores = await makePeople(server.appUrl, customers, password);
    const seconds = await fill(server.superuserUrl('baoke'), customers, stores);
    const loaded: Loaded = {
      customers,
      seconds,
      password,
      migrations: migrated.total,
      stores: stores.map(({ id, manager, agent, agentId, staff }) => ({ id, manager, agent, agentId, staff })),
    };
    writeFileSync(manifest, JSON.stringify(loaded, null, 2), { mode: 0o600 });
    options.say(`loaded ${customers} customers: COPY ${seconds.copy} s, indexes and sums ${seconds.indexes} s`);
    return loaded;
  } finally {
    await server.stop();
  }
}

type People = StoreOfData & { readonly manager: string; readonly agent: string; readonly agentId: string };

/** One store up to 100,000 customers, ten beyond; one person for 2,000 customers, at least eight. */
async function makePeople(appUrl: string, customers: number, password: string): Promise<People[]> {
  const pool = createPool({ url: appUrl });
  const passwordHash = await hashPassword(password);
  const made: People[] = [];
  const count = customers > 100_000 ? 10 : 1;
  for (let n = 1; n <= count; n += 1) {
    const { storeId, departments } = await createStore(pool, { code: `store-${n}`, name: `门店 ${n}`, zone: 'Asia/Shanghai' as TimeZone });
    await waiveSecondStep(pool, storeId);
    const department = departments.get('customer_care');
    if (!department) throw new Error('a new store has no customer-care department');
    const people = Array.from({ length: Math.max(8, Math.round(customers / count / 2000)) }, (_, at) => {
      const role: Role = at === 0 ? 'CC_MGR' : 'FU_AGENT';
      return {
        id: newId<StaffId>(),
        accountId: newId<AccountId>(),
        username: `${role.toLowerCase()}-${n}-${at}`,
        name: `员工${n}-${at}`,
        role,
        departmentId: department,
      };
    });
    await inTransaction(pool, { storeId }, async (tx) => {
      const { groupId } = await getStore(tx, storeId);
      for (const person of people)
        await insertAccount(tx, { id: person.accountId, groupId, username: person.username, passwordHash, mustChangePassword: false });
      await insertStaff(
        tx,
        storeId,
        people.map(({ id, accountId, name, role, departmentId }) => ({ id, accountId, name, role, departmentId })),
      );
    });
    const [manager, agent] = people;
    if (!manager || !agent) throw new Error('a store needs two people');
    made.push({
      id: storeId,
      department,
      staff: people.map((p) => p.id),
      manager: manager.username,
      agent: agent.username,
      agentId: agent.id,
    });
  }
  await pool.end();
  return made;
}

/**
 * Copies all rows without indexes, foreign keys and triggers, puts the rows of time in the order of time, and builds the rest anew;
 * what triggers keep is summed once at the end. Works as the superuser, whom row-level security lets pass.
 */
async function fill(superuserUrl: string, customers: number, stores: readonly StoreOfData[]): Promise<Loaded['seconds']> {
  const began = performance.now();
  const client = await connect(superuserUrl);
  const structure = await takeDown(client);
  for (const table of Object.keys(WRITTEN_BY_TIME))
    await client.query(`create unlogged table waiting_${table} as table ${table} with no data`);
  const sinks = new Map<Table, Sink>();
  for (const table of TABLES) sinks.set(table, await openSink(superuserUrl, table));
  await generate(customers, stores, (table, row) => sinks.get(table)?.write(row));
  for (const sink of sinks.values()) await sink.close();
  const copied = performance.now();
  for (const [table, order] of Object.entries(WRITTEN_BY_TIME)) {
    const columns = COLUMNS[table as Table].join(', ');
    await client.query(`insert into ${table} (${columns}) select ${columns} from waiting_${table} order by ${order}`);
    await client.query(`drop table waiting_${table}`);
  }
  await client.query(`insert into service_day_counts (store_id, day, category, visits, received_fen)
    select store_id, day, category, sum(visits), sum(received_fen) from (
      select store_id, arrived_on as day, category, (not is_refund)::integer as visits, 0::bigint as received_fen from service_visits
      union all select store_id, money_on, category, 0, coalesce(received_fen, 0) from service_visits) as days
    group by store_id, day, category`);
  // Without statistics the check of a foreign key may be planned as a loop over millions of rows.
  await client.query('analyze');
  for (const statement of structure) await client.query(statement);
  await client.query('vacuum (analyze)');
  await client.query('checkpoint');
  await client.end();
  const seconds = (from: number, to: number) => Number(((to - from) / 1000).toFixed(1));
  return { copy: seconds(began, copied), indexes: seconds(copied, performance.now()) };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // A superuser's session may keep triggers quiet; a gigabyte of index building at a time suffices.
  await client.query(
    `set session_replication_role = replica; set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set synchronous_commit = off`,
  );
  return client;
}

/** Drops foreign keys, keys and indexes around the loaded tables, and answers the statements that make them again. */
async function takeDown(client: pg.Client): Promise<string[]> {
  const { rows: constraints } = await client.query<{ name: string; owner: string; definition: string; foreign: boolean }>(
    `select c.conname as name, c.conrelid::regclass::text as owner, pg_get_constraintdef(c.oid) as definition, c.contype = 'f' as foreign
     from pg_constraint c where c.connamespace = 'public'::regnamespace
       and (c.contype in ('p', 'u') and c.conrelid::regclass::text = any($1) or c.contype = 'f' and (c.confrelid::regclass::text = any($1) or c.conrelid::regclass::text = any($1)))
     order by c.contype = 'f' desc`,
    [TABLES],
  );
  for (const { name, owner } of constraints) await client.query(`alter table ${owner} drop constraint ${name}`);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index where indrelid::regclass::text = any($1)`,
    [TABLES],
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  const add = ({ owner, name, definition }: { owner: string; name: string; definition: string }) =>
    `alter table ${owner} add constraint ${name} ${definition}`;
  return [
    ...constraints.filter((c) => !c.foreign).map(add),
    ...indexes.map((i) => i.definition),
    ...constraints.filter((c) => c.foreign).map(add),
  ];
}

type Sink = { write(row: readonly Value[]): Promise<void> | undefined; close(): Promise<void> };

async function openSink(url: string, table: Table): Promise<Sink> {
  const client = await connect(url);
  const target = table in WRITTEN_BY_TIME ? `waiting_${table}` : table;
  const stream = client.query(copyFrom(`copy ${target} (${COLUMNS[table].join(', ')}) from stdin`));
  let chunk = '';
  const flush = (): Promise<void> | undefined => {
    const full = stream.write(chunk);
    chunk = '';
    return full ? undefined : new Promise<void>((go) => stream.once('drain', go));
  };
  return {
    write(row) {
      for (const [at, value] of row.entries()) chunk += `${at === 0 ? '' : '\t'}${value === null ? '\\N' : value}`;
      chunk += '\n';
      return chunk.length > CHUNK ? flush() : undefined;
    },
    async close() {
      stream.end(chunk);
      await finished(stream);
      await client.end();
    },
  };
}

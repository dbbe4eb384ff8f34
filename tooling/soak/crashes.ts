import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededChance, type Chance } from '@baoke/api/demo/random';
import { attachEmbeddedPostgres } from '@baoke/db/embedded';
import pg from 'pg';
import { baoke, done, type Running } from './command.ts';

const WRITERS = 8;
const READY = /console\s+(http:\/\/\S+)\/[\s\S]*Stop with Ctrl-C/;

export type CrashSoak = { readonly cycles: number; readonly seed: string; readonly cache: string; readonly say: (line: string) => void };

/** A write and the key it is sent again with. */
type Call = { readonly procedure: string; readonly input: object; readonly key: string };
type Acknowledged = { readonly customerId: string; phone: string; name: string; version: number };

/**
 * Kills API and PostgreSQL at a random moment under writes and starts them again (P19). After each start everything that was acknowledged is
 * there, every write is whole or absent, and those that were under way when the lights went out have one effect when they are sent again.
 */
export async function soakCrashes({ cycles, seed, cache, say }: CrashSoak): Promise<void> {
  const chance = seededChance(`crashes ${seed}`);
  const directory = join(cache, 'crashes');
  rmSync(directory, { recursive: true, force: true });
  const environment = { DATA_DIR: directory, PORT: '0', RATE_LIMIT: '1000000000' };
  const books: Books = { files: new Map(), effects: 0, underWay: new Map() };
  let server = await start(environment);
  const { key } = JSON.parse(await done(['key', 'soak', '--scopes', 'customers:view,customers:edit', '--json'], environment)) as {
    key: string;
  };
  const readyMs: number[] = [];
  try {
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      const before = books.effects;
      const writing = Array.from({ length: WRITERS }, (_, at) => write(server.url, key, books, chance.fork(`${cycle} ${at}`), at));
      await wait(chance.whole(200, 1500));
      killAll(server.running, directory);
      await Promise.all([...writing, server.running.ended]).catch((error: unknown) => {
        throw new Error(`${String(error)}\nThe server said:\n${server.running.said().slice(-4000)}`, { cause: error });
      });
      server = await start(environment);
      readyMs.push(server.readyMs);
      await inDatabase(directory, (superuser) => verify(superuser, books, 'as found'));
      await Promise.all([...books.underWay].map(([writer, call]) => send(server.url, key, books, writer, call)));
      await inDatabase(directory, (superuser) => verify(superuser, books, 'after the repeats'));
      say(
        `crashes: cycle ${cycle} of ${cycles}: ${books.effects - before} writes acknowledged, none lost, none half applied; ready again after ${(server.readyMs / 1000).toFixed(1)} s`,
      );
    }
    await inDatabase(directory, refuseUnlessDurable);
    say((await done(['verify'], environment)).trim());
  } finally {
    server.running.process.kill('SIGTERM');
    await server.running.ended;
  }
  rmSync(directory, { recursive: true, force: true });
  say(
    `crashes: ${cycles} cycles, ${books.effects} writes acknowledged, 0 lost, 0 half applied; ready again after ${(Math.max(...readyMs) / 1000).toFixed(1)} s at most`,
  );
}

type Books = {
  /** What was acknowledged, by customer. */
  readonly files: Map<string, Acknowledged>;
  effects: number;
  /** What each writer had sent without an answer. */
  readonly underWay: Map<number, Call>;
};

async function start(environment: Readonly<Record<string, string>>): Promise<{ url: string; running: Running; readyMs: number }> {
  const began = performance.now();
  const running = baoke(['serve', '--empty'], environment);
  await running.says(READY);
  const url = READY.exec(running.said())?.[1] ?? '';
  const { status } = await fetch(`${url}/readyz`);
  if (status !== 200) throw new Error(`it says that it is ready, and /readyz answers ${status}`);
  return { url, running, readyMs: performance.now() - began };
}

/** API, postmaster and its children, in the order in which the power of a machine would not care. */
function killAll(running: Running, directory: string): void {
  const postmaster = Number(readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const parentOf = (pid: string) =>
    Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  const children = readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && parentOf(entry) === postmaster;
    } catch (error) {
      // It ended between the listing and the look.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  });
  for (const pid of [postmaster, ...children.map(Number), running.process.pid ?? 0]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Writes one thing after the other until the server is gone. */
async function write(url: string, key: string, books: Books, chance: Chance, writer: number): Promise<void> {
  for (;;) {
    const call = nextCall(books, chance, writer);
    books.underWay.set(writer, call);
    try {
      await send(url, key, books, writer, call);
    } catch (error) {
      // Refused, cut or half answered: what is not acknowledged in whole stays under way.
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
  }
}

let serial = 0;

// A new file, or a new name for one of the writer's own: nobody else changes it, so what was acknowledged last is what has to stand there.
function nextCall(books: Books, chance: Chance, writer: number): Call {
  serial += 1;
  const key = `soak-${serial}`;
  const own = [...books.files.values()].filter(({ phone }) => Number(phone.slice(-1)) === writer);
  if (own.length > 0 && chance.happens(0.5)) {
    const { customerId, version } = chance.pick(own);
    return { procedure: 'customers.update', input: { customerId, version, changes: { name: nameOf(serial) } }, key };
  }
  const phone = `139${String(serial).padStart(7, '0')}${writer}`;
  return {
    procedure: 'customers.create',
    input: { name: nameOf(serial), phones: [phone], consents: [{ purpose: 'service', channel: 'phone' }] },
    key,
  };
}

const SIGNS = '甲乙丙丁戊己庚辛壬癸';
const nameOf = (n: number) => `客${[...String(n)].map((digit) => SIGNS.charAt(Number(digit))).join('')}`;

async function send(url: string, key: string, books: Books, writer: number, call: Call): Promise<void> {
  const response = await fetch(`${url}/trpc/${call.procedure}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': call.key },
    body: JSON.stringify(call.input),
  });
  const answer = await response.text();
  // The database goes before the API does: those who ask in between are told to come again.
  if (response.status === 503) throw new TypeError('the database is gone');
  if (!response.ok) throw new Error(`${call.procedure} was answered with ${response.status}: ${answer}`);
  const { customerId, version } = (JSON.parse(answer) as { result: { data: { customerId: string; version?: number } } }).result.data;
  const { name, phones } = {
    ...(call.input as { name?: string; phones?: string[] }),
    ...(call.input as { changes?: { name: string } }).changes,
  };
  const known = books.files.get(customerId);
  books.files.set(customerId, { customerId, phone: phones?.[0] ?? known?.phone ?? '', name: name ?? '', version: version ?? 1 });
  books.effects += 1;
  books.underWay.delete(writer);
}

async function inDatabase(directory: string, work: (superuser: pg.Client) => Promise<void>): Promise<void> {
  const database = await attachEmbeddedPostgres(directory);
  if (!database) throw new Error(`no PostgreSQL runs on ${directory}`);
  const superuser = new pg.Client({ connectionString: database.superuserUrl('baoke') });
  await superuser.connect();
  try {
    await work(superuser);
  } finally {
    await superuser.end();
    await database.leave();
  }
}

type Found = {
  id: string;
  name: string;
  version: number;
  phones: string[];
  tokens: number;
  consents: number;
  created: number;
  updated: number;
};

async function verify(superuser: pg.Client, { files, effects, underWay }: Books, when: string): Promise<void> {
  const { rows } = await superuser.query<Found>(`select c.id, c.name, c.version,
      array(select e164 from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id) as phones,
      (select count(*)::int from search_tokens s where s.store_id = c.store_id and s.customer_id = c.id) as tokens,
      (select count(*)::int from consents n where n.store_id = c.store_id and n.customer_id = c.id) as consents,
      coalesce(a.created, 0)::int as created, coalesce(a.updated, 0)::int as updated
    from customers c left join (select store_id, entity_id, count(*) filter (where action = 'customers.create') as created,
        count(*) filter (where action = 'customers.update') as updated
      from audit_entries group by 1, 2) a on a.store_id = c.store_id and a.entity_id = c.id::text
    where not c.is_store_itself`);
  const faults: string[] = [];
  const stored = new Map(rows.map((row) => [row.id, row]));
  for (const { customerId, phone, name, version } of files.values()) {
    const found = stored.get(customerId);
    if (!found) faults.push(`${customerId} (${phone}) was acknowledged and is lost`);
    else if (found.version < version || (found.version === version && found.name !== name))
      faults.push(`${customerId}: version ${version} with ${name} was acknowledged, version ${found.version} with ${found.name} is there`);
  }
  for (const { id, version, phones, tokens, consents, created, updated } of rows)
    if (phones.length !== 1 || tokens === 0 || consents !== 1 || created !== 1 || updated !== version - 1)
      faults.push(`${id} is half applied: ${JSON.stringify({ version, phones, tokens, consents, created, updated })}`);
  const { rows: sums } = await superuser.query<{ numbers: number; keys: number; entries: number; orphans: number }>(`select
      (select count(distinct e164)::int from customer_phones) as numbers, (select count(*)::int from idempotency_keys) as keys,
      (select count(*)::int from audit_entries where action in ('customers.create', 'customers.update')) as entries,
      (select count(*)::int from audit_entries e where action = 'customers.create' and not exists (select from customers c where c.id::text = e.entity_id)) as orphans`);
  const [sum] = sums;
  if (!sum || sum.numbers !== rows.length) faults.push(`${rows.length} customers have ${sum?.numbers} numbers: one was made twice`);
  if (!sum || sum.orphans > 0) faults.push(`${sum?.orphans} entries of the log tell of customers that are not there`);
  // Each effect has its key and its entry; beyond what was acknowledged there are at most those that were under way.
  if (!sum || sum.keys !== sum.entries || sum.keys < effects || sum.keys > effects + underWay.size)
    faults.push(
      `${effects} effects were acknowledged, ${underWay.size} under way; there are ${sum?.keys} keys and ${sum?.entries} entries`,
    );
  if (faults.length > 0) throw new Error(`${when}: ${faults.length} faults\n${faults.slice(0, 20).join('\n')}`);
}

async function refuseUnlessDurable(superuser: pg.Client): Promise<void> {
  const { rows } = await superuser.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting <> 'on'`,
  );
  if (rows.length > 0) throw new Error(`not durable: ${rows.map(({ name, setting }) => `${name} = ${setting}`).join(', ')}`);
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addDays, dateIn, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { insertStaff } from '@baoke/db/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { createStore } from '../stores/create.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { signIn, startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let server: TestServer;
let stores: readonly TestStore[];
let person: TestPerson;
let staffIds: readonly StaffId[];

beforeAll(async () => {
  server = await startTestServer();
  const [home, second] = [await server.store('one'), await server.store('two')];
  person = await server.person(home, 'GM', 'management');
  const elsewhere = newId<StaffId>();
  await inTransaction(server.database.pool, { storeId: second.storeId }, (tx) =>
    insertStaff(tx, second.storeId, [
      { id: elsewhere, accountId: person.accountId, name: person.username, role: 'GM', departmentId: null },
    ]),
  );
  stores = [home, second];
  staffIds = [person.staffId, elsewhere];
});
afterAll(() => server.close());

/** Runs a command that is refused, and answers its words; there is one sentence of them, alike with --json and without. */
async function refusalOf(...words: string[]): Promise<string> {
  const failed = await baoke(...words).then(
    () => undefined,
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(failed?.code).toBe(1);
  const said = failed?.stderr.trim() ?? '';
  expect(said).not.toMatch(/\n|error:|violates|syntax/);
  expect(JSON.parse(failed?.stdout ?? '')).toEqual({ error: said });
  return said;
}

async function baoke(...words: string[]): Promise<unknown> {
  const env = { ...process.env, DATABASE_URL: server.database.superuserUrl };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...words, '--json'], { env });
  return JSON.parse(stdout) as unknown;
}

async function user(...flags: string[]): Promise<{ password?: string }> {
  return (await baoke('user', person.username, ...flags)) as { password?: string };
}

it('the doctor tells whose public holidays are missing, as a fault once the year has begun', async () => {
  const holidaysAt = async (day: string) => {
    const env = {
      ...process.env,
      DATABASE_URL: server.database.superuserUrl,
      CLOCK_OFFSET_MS: String(Date.parse(`${day}T04:00Z`) - Date.now()),
    };
    const said = await promisify(execFile)(process.execPath, [MAIN, 'doctor', '--json'], { env }).catch(
      (error: { stdout: string }) => error,
    );
    const { findings } = JSON.parse(said.stdout) as { findings: { check: string; ok: boolean; said: string }[] };
    return findings.filter(({ check }) => check === 'holidays');
  };
  expect(await holidaysAt('2026-11-30')).toEqual([]);
  expect((await holidaysAt('2026-12-01')).map(({ ok }) => ok)).toEqual([true, true]);
  const [first] = await holidaysAt('2027-01-01');
  expect(first).toEqual({
    check: 'holidays',
    ok: false,
    said: 'those of 2027 are not known to this version, and store one has entered none: add them to its business hours, in the settings',
  });
});

/** What the log of each store he works in says of him, the latest first. */
async function log(): Promise<unknown[][]> {
  return Promise.all(
    stores.map(async ({ storeId }, at) => {
      const entries = await inTransaction(server.database.pool, { storeId }, (tx) =>
        listEntries(tx, storeId, { entity: 'staff', entityId: staffIds[at] ?? '', limit: 10 }),
      );
      return entries.map(({ action, actorKind, actorName, after }) => [action, actorKind, actorName, after]);
    }),
  );
}

it('what an operator does to a sign-in stands in the log of every store he works in', async () => {
  const entries: unknown[][] = [];
  const expectLog = async (...entry: unknown[]) => {
    entries.unshift(entry);
    expect(await log()).toEqual(stores.map(() => entries));
  };
  // Without an app there is nothing to forget: it is said, and nothing is written.
  await expect(user('--reset-totp')).rejects.toThrow('has no authenticator app to forget');
  expect(await log()).toEqual([[], []]);

  const { password } = await user('--reset');
  await expectLog('staff.resetPassword', 'system', 'baoke user', null);
  expect(await codeOf(person.client.access.me.query())).toBe('access.signed_out');
  await signIn(server.url, person.username, password);

  await inTransaction(server.database.pool, {}, (tx) =>
    tx
      .updateTable('accounts')
      .set({ totp_cipher: Buffer.from('sealed'), totp_last_step: 1, totp_confirmed_at: new Date().toISOString() })
      .where('id', '=', person.accountId)
      .execute(),
  );
  await user('--reset-totp');
  await expectLog('staff.resetSecondStep', 'system', 'baoke user', null);

  await user('--disable');
  await expectLog('staff.update', 'system', 'baoke user', { active: false });
});

it('one who works in a store is let into a further one of the group, and sees in each only what is its own', async () => {
  const [home, second] = stores as [TestStore, TestStore];
  const { pool } = server.database;
  const manager = await server.person(home, 'GROUP_MGR', 'management', '组长');
  await aCustomerOnFile(pool, home.storeId, { name: '甲店客户', phone: '+8613811110001' });
  await aCustomerOnFile(pool, second.storeId, { name: '乙店客户', phone: '+8613811110002' });
  const join = (...flags: string[]) => baoke('user', manager.username, '--role', 'GROUP_MGR', ...flags);
  await expect(join()).rejects.toThrow('Say which with --store CODE');
  expect(await join('--store', 'two')).toEqual({ username: manager.username, store: 'two', name: '组长', role: 'GROUP_MGR' });
  await expect(join('--store', 'two')).rejects.toThrow('works in store two already, as GROUP_MGR');

  const me = await manager.client.access.me.query();
  expect(me.stores.map(({ code, role }) => [code, role])).toEqual([
    ['one', 'GROUP_MGR'],
    ['two', 'GROUP_MGR'],
  ]);
  const seen = async (headers: Record<string, string>) => {
    const client = server.client({ cookie: manager.cookie, ...headers });
    const { items } = await client.customers.list.query({});
    return [(await client.access.me.query()).store.code, items.map(({ name }) => name)];
  };
  expect(await seen({})).toEqual(['one', ['甲店客户']]);
  expect(await seen({ 'x-baoke-store': String(home.storeId) })).toEqual(['one', ['甲店客户']]);
  expect(await seen({ 'x-baoke-store': String(second.storeId) })).toEqual(['two', ['乙店客户']]);

  const member = me.stores.find(({ code }) => code === 'two')?.staffId ?? '';
  const entriesOf = async () =>
    (
      await inTransaction(pool, { storeId: second.storeId }, (tx) =>
        listEntries(tx, second.storeId, { entity: 'staff', entityId: member, limit: 10 }),
      )
    ).map(({ action, actorName }) => [action, actorName]);
  expect(await entriesOf()).toEqual([['staff.create', 'baoke user']]);

  // Who has left a store comes back to the same place in it.
  await inTransaction(pool, { storeId: second.storeId }, (tx) =>
    tx.updateTable('staff').set({ status: 'left' }).where('id', '=', member).execute(),
  );
  expect(await join('--store', 'two', '--name', '老组长')).toMatchObject({ name: '老组长' });
  expect(await entriesOf()).toEqual([
    ['staff.update', 'baoke user'],
    ['staff.create', 'baoke user'],
  ]);
  expect((await server.client({ cookie: manager.cookie }).access.me.query()).stores.map(({ staffId }) => staffId)).toContain(member);
});

it('what an operator makes stands in the log of its store', async () => {
  const { id } = (await baoke('store', 'made', '--name', '新店')) as { id: StoreId };
  await baoke('user', 'maker', '--store', 'made', '--role', 'ADMIN', '--name', '店管');
  const key = (await baoke('key', 'site', '--store', 'made', '--scopes', 'customers:view')) as { id: string };
  await baoke('key', '--revoke', key.id, '--store', 'made');
  const entries = await inTransaction(server.database.pool, { storeId: id }, (tx) => listEntries(tx, id, { limit: 10 }));
  expect(
    entries.toReversed().map(({ action, actorKind, actorId, actorName, after }) => [action, actorKind, actorId, actorName, after]),
  ).toEqual([
    ['stores.create', 'system', null, 'baoke store', { code: 'made', name: '新店', zone: 'Asia/Shanghai' }],
    ['staff.create', 'system', null, 'baoke user', expect.objectContaining({ username: 'maker', role: 'ADMIN', name: '店管' })],
    ['keys.create', 'system', null, 'baoke key', { name: 'site', scopes: ['customers:view'] }],
    ['keys.revoke', 'system', null, 'baoke key', null],
  ]);
});

it('the only administrator of a store is not shut out', async () => {
  await baoke('store', 'alone', '--name', '独店');
  await baoke('user', 'alone.admin', '--store', 'alone', '--role', 'ADMIN', '--name', '独管');
  await expect(baoke('user', 'alone.admin', '--disable')).rejects.toThrow('is the only administrator of store alone who can sign in');
  await baoke('user', 'next.admin', '--store', 'alone', '--role', 'ADMIN', '--name', '次管');
  expect(await baoke('user', 'alone.admin', '--disable')).toEqual({ username: 'alone.admin', disabled: true });
  await expect(baoke('user', 'next.admin', '--disable')).rejects.toThrow('is the only administrator of store alone');
});

it('a value that is missing at the end is told, without --json too', async () => {
  const env = { ...process.env, DATABASE_URL: server.database.superuserUrl };
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, [MAIN, ...words], { env }).catch(
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  expect(await run('key', 'k', '--store')).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      "option '--store <code>' argument missing; key takes --json, --store <code>, --scopes <list>, --expires <date>, --revoke <id>\n",
  });
  expect(await run('serve', '--empty', '--demo')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: '--empty does not go with --demo: say one of them, or neither\n',
  });
});

it('an account of another group is not let into a store', async () => {
  await createStore(server.database.pool, { code: 'apart', name: '别家门店', groupCode: 'apart', zone: 'Asia/Shanghai' as TimeZone });
  await expect(baoke('user', person.username, '--store', 'apart', '--role', 'GM')).rejects.toThrow(
    'belongs to another group of stores than apart',
  );
});

it('a store that is not his is refused before anything is done', async () => {
  const [home] = stores as [TestStore];
  const agent = await server.person(home, 'FU_AGENT', 'customer_care');
  for (const change of ['--disable', '--reset', '--reset-totp']) {
    await expect(baoke('user', agent.username, change, '--store', 'nope')).rejects.toThrow('There is no store with the code nope');
    await expect(baoke('user', agent.username, change, '--store', 'two')).rejects.toThrow(
      'does not work in store two; nothing was changed',
    );
  }
  expect((await server.client({ cookie: agent.cookie }).access.me.query()).username).toBe(agent.username);
  expect(await baoke('user', agent.username, '--disable', '--store', 'one')).toEqual({ username: agent.username, disabled: true });
});

it.each([
  ['user', 'somebody', '--role', 'GM', '--name', '某人'],
  ['user'],
  ['key', 'a key', '--scopes', 'customers:view'],
  ['key', '--revoke', '01a21f51-7075-7218-a965-6c088d186ebe'],
  ['plan'],
  ['import', 'nothing.csv'],
])('%s names a store that there is', async (...words) => {
  await expect(baoke(...words, '--store', 'nope')).rejects.toThrow('There is no store with the code nope. Stores: one, two');
});

it.each([
  { words: ['store', '', '--name', 'M'], said: 'The code of a store has 1 to 60 lower-case letters' },
  { words: ['store', 'ba d', '--name', 'M'], said: 'The code of a store has 1 to 60 lower-case letters' },
  { words: ['store', 'prov', '--name', 'P', '--province', '京京'], said: '--province wants one of 京津' },
  { words: ['store', 'area', '--name', 'P', '--area', '12'], said: '--area wants the area code' },
  { words: ['store', 'zone', '--name', 'P', '--zone', 'Mars'], said: '--zone wants a time zone' },
  { words: ['store', 'name', '--name', ' '], said: '--name wants a name of 1 to 60 signs' },
  { words: ['store', 'one', '--name', 'again'], said: 'There is a store with the code one already.' },
  { words: ['user', 'Bad Name', '--store', 'one', '--role', 'GM', '--name', '某人'], said: 'A user name has 2 to 60 lower-case letters' },
  { words: ['user', '', '--store', 'one', '--role', 'GM', '--name', '某人'], said: 'A user name has 2 to 60 lower-case letters' },
  { words: ['user', 'nobody', '--store', 'one', '--role', 'KING', '--name', '某人'], said: '--role wants one of CHAIR' },
  { words: ['user', 'nobody', '--store', 'one', '--role', 'GM', '--name', ''], said: '--name wants a name of 1 to 60 signs' },
  { words: ['key', '--revoke', 'abc', '--store', 'two'], said: '--revoke wants an id as the list shows it' },
  { words: ['key', '', '--scopes', 'customers:view', '--store', 'two'], said: 'The name of a key wants a name of 1 to 60 signs' },
  { words: ['key', 'k', '--scopes', 'customers:eat', '--store', 'two'], said: 'Unknown scopes: customers:eat.' },
  { words: ['key', 'k', '--scopes', 'customers:view', '--expires', 'soon', '--store', 'two'], said: '--expires wants a day as YYYY-MM-DD' },
  { words: ['plan', '--date', '2026-02-30'], said: '--date wants a day as YYYY-MM-DD' },
  { words: ['import', 'x.csv', '--mode', 'merge'], said: '--mode wants one of create, upsert, update' },
  { words: ['stor'], said: "unknown command 'stor'" },
  { words: ['store', '--name', 'M'], said: '--name does not go with a list of stores (to make one, give its CODE), which takes --json' },
  { words: ['store', '--area', '010'], said: '--area does not go with a list of stores' },
  {
    words: ['user', '--reset', '--store', 'one'],
    said: '--reset does not go with a list of users (to change or make one, give his USERNAME), which takes --store, --json',
  },
  {
    words: ['user', 'nobody', '--reset', '--disable'],
    said: '--disable does not go with a new password, which takes --reset, --store, --json',
  },
  {
    words: ['user', 'nobody', '--reset-totp', '--role', 'GM'],
    said: '--role does not go with forgetting an authenticator app, which takes --reset-totp, --store, --json',
  },
  { words: ['user', 'nobody', '--reset'], said: 'There is no user nobody; baoke user --store CODE lists those of a store.' },
  {
    words: ['key', '--scopes', 'customers:view'],
    said: '--scopes does not go with a list of keys (to make one, give its NAME), which takes --store, --json',
  },
  {
    words: ['key', '--revoke', '01a21f51-7075-7218-a965-6c088d186ebe', '--expires', '2030-01-01'],
    said: '--expires does not go with ending a key, which takes --revoke, --store, --json',
  },
  {
    words: ['key', 'k', '--revoke', '01a21f51-7075-7218-a965-6c088d186ebe'],
    said: '--revoke takes the id of a key, and no NAME beside it',
  },
  {
    words: ['import', 'x.csv', '--stor', 'one'],
    said: "unknown option '--stor' (Did you mean --store?); import takes --json, --store <code>, --mode <mode>, --dry-run, --max-size <MB>, --max-rows <rows>, --with-id-numbers",
  },
  {
    words: ['import', 'x.csv', '--date', '2026-01-01'],
    said: "unknown option '--date'; import takes --json, --store <code>, --mode <mode>, --dry-run, --max-size <MB>, --max-rows <rows>, --with-id-numbers",
  },
  { words: ['migrate', '--store', 'one'], said: "unknown option '--store'; migrate takes --json" },
  { words: ['doctor', 'now'], said: "too many arguments for 'doctor'. Expected 0 arguments but got 1: now; doctor takes --json" },
  {
    words: ['plan', '--full', '--date'],
    said: "option '--date <date>' argument '--json' is invalid. Its value is missing; plan takes --json, --date <date>, --store <code>, --full, --ahead",
  },
  { words: ['plan', '--date', '1989-12-31'], said: '--date may be 1990-01-01 at the earliest' },
  { words: ['import', '--mode', 'update'], said: "missing required argument 'files'; import takes" },
  { words: ['serve', '--empty', '--demo'], said: '--empty does not go with --demo: say one of them, or neither' },
])('$words is refused in one sentence that says what is accepted', async ({ words, said }) => {
  expect(await refusalOf(...words)).toContain(said);
});

it('plans further than 31 days from today only when that is said to be meant', async () => {
  const day = (days: number) => addDays(dateIn('Asia/Shanghai' as TimeZone, now()), days);
  const plan = (days: number, ...flags: string[]) => ['plan', '--store', 'two', '--date', day(days), ...flags];
  await expect(baoke(...plan(31))).resolves.toMatchObject({ ok: true });
  expect(await refusalOf(...plan(32))).toMatch(new RegExp(`^--date may be ${day(31)} at the latest, 31 days .* add --ahead$`));
  await expect(baoke(...plan(32, '--ahead'))).resolves.toMatchObject({ ok: true, runs: [{ plannedOn: day(32) }] });
  expect(await refusalOf(...plan(367, '--ahead'))).toContain(`--date may be ${day(366)} at the latest, a year from today`);
});

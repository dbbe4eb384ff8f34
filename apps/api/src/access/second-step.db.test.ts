import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@baoke/core/access';
import { millisecondsOf, type TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now, setClockOffset } from '../clock.ts';
import { codeOf } from '../testing/records.ts';
import { createStore } from '../stores/create.ts';
import { PASSWORD, signIn, startTestServer, type Client, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { forgetCallers } from './sessions.ts';

const STEP_SECONDS = 30;

let server: TestServer;
let store: TestStore;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'baoke-second-step-'));
  // The middle of a time step: no test runs over its end.
  const past = (millisecondsOf(now()) / 1000) % STEP_SECONDS;
  setClockOffset((STEP_SECONDS / 2 - past) * 1000);
  server = await startTestServer({ DATA_DIR: directory });
  store = await server.store('one');
});
afterAll(async () => {
  setClockOffset(0);
  await server.close();
  rmSync(directory, { recursive: true });
});

/** The code an app shows so many steps from now. */
function codeIn(steps: number, secret: string): string {
  return generateSync({ secret, epoch: Math.floor(millisecondsOf(now()) / 1000) + steps * STEP_SECONDS });
}

/** Sets up the second step with the code of the step before, so that the present one is unused. */
async function setUp(client: Client): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await client.access.beginSecondStep.mutate({ password: PASSWORD });
  return { secret, ...(await client.access.confirmSecondStep.mutate({ code: codeIn(-1, secret) })) };
}

const enter = (username: string, code?: string) =>
  server.anonymous.access.signIn.mutate({ username, password: PASSWORD, ...(code === undefined ? {} : { code }) });

async function require(roles: readonly Role[]): Promise<void> {
  const admin = await server.person(store, 'SUPPORT', 'management');
  await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
    const { version } = await tx
      .selectFrom('policies')
      .select((eb) => eb.fn.max('version').as('version'))
      .where('capability', '=', 'security')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('policies')
      .values({
        store_id: store.storeId,
        capability: 'security',
        version: Number(version) + 1,
        value: JSON.stringify({ secondStepRoles: roles }),
        created_by: admin.staffId,
      })
      .execute();
  });
  forgetCallers();
}

describe('setting it up', () => {
  it('asks for nothing until a code of the app came back', async () => {
    const person = await server.person(store, 'SC', 'sales');
    expect(await person.client.access.secondStep.query()).toEqual({ setUpAt: null, recoveryCodesLeft: 0, required: false });
    const { secret, uri } = await person.client.access.beginSecondStep.mutate({ password: PASSWORD });
    expect(uri).toContain(secret);
    await enter(person.username);
    expect(await codeOf(person.client.access.confirmSecondStep.mutate({ code: codeIn(-2, secret) }))).toBe('access.wrong_code');
    await enter(person.username);
    const { recoveryCodes } = await person.client.access.confirmSecondStep.mutate({ code: codeIn(0, secret) });
    expect(recoveryCodes).toHaveLength(10);
    expect(await codeOf(enter(person.username))).toBe('access.second_factor_required');
    expect(await person.client.access.secondStep.query()).toMatchObject({ setUpAt: expect.any(String), recoveryCodesLeft: 10 });
  });

  it('needs the password, and cannot be begun over one that is set up', async () => {
    const person = await server.person(store, 'SC', 'sales');
    expect(await codeOf(person.client.access.beginSecondStep.mutate({ password: 'not his password' }))).toBe('access.wrong_password');
    await setUp(person.client);
    expect(await codeOf(person.client.access.beginSecondStep.mutate({ password: PASSWORD }))).toBe('access.second_factor_set_up');
  });

  it('ends the other sessions of the account', async () => {
    const person = await server.person(store, 'SC', 'sales');
    const elsewhere = server.client({ cookie: await signIn(server.url, person.username) });
    await setUp(person.client);
    expect(await codeOf(elsewhere.access.me.query())).toBe('access.signed_out');
    expect((await person.client.access.me.query()).username).toBe(person.username);
  });

  it('keeps neither the secret nor a recovery code in readable form', async () => {
    const person = await server.person(store, 'SC', 'sales');
    const { secret, recoveryCodes } = await setUp(person.client);
    const { rows } = await server.platform.pool.query<{ totp_cipher: Buffer; codes: string }>(
      `select totp_cipher, (select string_agg(encode(code_hash, 'escape'), ' ') from recovery_codes where account_id = id) as codes from accounts where id = $1`,
      [person.accountId],
    );
    expect(rows[0]?.totp_cipher.toString('latin1')).not.toContain(secret);
    for (const code of recoveryCodes) expect(rows[0]?.codes).not.toContain(code);
  });
});

describe('signing in', () => {
  let person: TestPerson;
  let secret: string;
  let recoveryCodes: string[];
  beforeAll(async () => {
    person = await server.person(store, 'FU_AGENT', 'customer_care');
    ({ secret, recoveryCodes } = await setUp(person.client));
  });

  it('takes a code once, and none from before it', async () => {
    await enter(person.username, codeIn(0, secret));
    expect(await codeOf(enter(person.username, codeIn(0, secret)))).toBe('access.wrong_code');
    expect(await codeOf(enter(person.username, codeIn(-1, secret)))).toBe('access.wrong_code');
    await enter(person.username, codeIn(1, secret));
  });

  it('takes each recovery code once, however it is typed', async () => {
    const [first = ''] = recoveryCodes;
    await enter(person.username, first.replaceAll('-', ' ').toUpperCase());
    expect(await codeOf(enter(person.username, first))).toBe('access.wrong_code');
    expect((await person.client.access.secondStep.query()).recoveryCodesLeft).toBe(9);
  });

  it('lets one of two at once have a code', async () => {
    const [, code] = recoveryCodes;
    const both = await Promise.allSettled([enter(person.username, code), enter(person.username, code)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('says nothing of the second step to whoever does not know the password', async () => {
    const refused = server.anonymous.access.signIn.mutate({ username: person.username, password: 'not his password', code: '000000' });
    expect(await codeOf(refused)).toBe('access.wrong_credentials');
  });

  it('locks after five wrong codes from one address, for the right one too', async () => {
    const other = await server.person(store, 'FU_AGENT', 'customer_care');
    const his = await setUp(other.client);
    for (let n = 0; n < 5; n += 1) expect(await codeOf(enter(other.username, `wrong-${n}`))).toBe('access.wrong_code');
    expect(await codeOf(enter(other.username, codeIn(0, his.secret)))).toBe('access.too_many_attempts');
    const refused = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: other.username, password: PASSWORD }),
    });
    const seconds = Number(refused.headers.get('retry-after'));
    expect([refused.status, seconds > 800]).toEqual([429, true]);
    const minutes = Math.ceil(seconds / 60);
    expect(await refused.json()).toMatchObject({
      code: 'access.too_many_attempts',
      params: { minutes },
      messages: { zh: `登录失败次数过多，请 ${minutes} 分钟后再试`, en: `Too many failed attempts; try again in ${minutes} min` },
    });
  });

  it('lets no more than ten tries at once be judged', async () => {
    const other = await server.person(store, 'FU_AGENT', 'customer_care');
    await setUp(other.client);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => codeOf(enter(other.username, `wrong-${n}`))));
    expect(answers.filter((code) => code === 'access.wrong_code').length).toBeLessThanOrEqual(10);
    expect(answers).toContain('access.too_many_attempts');
  });
});

describe('a role that needs it', () => {
  it.each([
    { role: 'ADMIN', owes: true },
    { role: 'GM', owes: true },
    { role: 'SALES_DIR', owes: true },
    { role: 'CC_MGR', owes: true },
    { role: 'SA_LEAD', owes: false },
    { role: 'FU_AGENT', owes: false },
  ] as const)('is shipped as managers and administrators: $role', async ({ role, owes }) => {
    const fresh = await createStore(server.platform.pool, { code: `fresh-${role}`, name: '新店', zone: 'Asia/Shanghai' as TimeZone });
    const person = await server.person(fresh, role, 'management');
    expect(await person.client.access.me.query()).toMatchObject({ owesSecondStep: owes });
  });

  it('may do nothing but set it up, and everything afterwards', async () => {
    const boss = await server.person(store, 'GM', 'management');
    await boss.client.tasks.counts.query();
    await require(['GM']);
    for (const call of [
      boss.client.tasks.counts.query(),
      boss.client.customers.list.query({}),
      boss.client.notices.list.query(),
      boss.client.search.find.query({ term: '王' }),
    ])
      expect(await codeOf(call)).toBe('access.second_factor_missing');
    const upload = await fetch(`${server.url}/api/v1/imports/files`, { method: 'POST', headers: { cookie: boss.cookie } });
    expect(await upload.json()).toMatchObject({ code: 'access.second_factor_missing' });
    expect(await boss.client.access.me.query()).toMatchObject({ owesSecondStep: true });
    await setUp(boss.client);
    await boss.client.tasks.counts.query();
    expect(await boss.client.access.me.query()).toMatchObject({ owesSecondStep: false });
  });

  it('does nothing with a password he was handed but choose his own', async () => {
    const admin = await server.person(store, 'ADMIN', 'management');
    const person = await server.person(store, 'SA', 'service');
    const { password } = await admin.client.staff.resetPassword.mutate({ staffId: person.staffId });
    const entered = server.client({ cookie: await signIn(server.url, person.username, password) });
    expect(await codeOf(entered.tasks.counts.query())).toBe('access.password_to_change');
    await entered.access.changePassword.mutate({ current: password, next: '自行车铃声 2026' });
    const again = server.client({ cookie: await signIn(server.url, person.username, '自行车铃声 2026') });
    await again.tasks.counts.query();
  });

  it('cannot turn it off himself; another role can, with password and code', async () => {
    const boss = await server.person(store, 'GM', 'management');
    const agent = await server.person(store, 'SA', 'service');
    const his = await setUp(boss.client);
    const hers = await setUp(agent.client);
    await require(['GM']);
    expect(await codeOf(boss.client.access.removeSecondStep.mutate({ password: PASSWORD, code: codeIn(0, his.secret) }))).toBe(
      'access.second_factor_demanded',
    );
    expect(await codeOf(agent.client.access.removeSecondStep.mutate({ password: 'wrong one', code: codeIn(0, hers.secret) }))).toBe(
      'access.wrong_password',
    );
    expect(await codeOf(agent.client.access.removeSecondStep.mutate({ password: PASSWORD, code: '000000' }))).toBe('access.wrong_code');
    await agent.client.access.removeSecondStep.mutate({ password: PASSWORD, code: codeIn(0, hers.secret) });
    await enter(agent.username);
  });

  it('leaves API keys alone', async () => {
    await require(['ADMIN']);
    const admin = await server.person(store, 'ADMIN', 'management');
    await setUp(admin.client);
    const { secret } = await admin.client.keys.create.mutate({ name: 'x', scopes: ['customers:view'] });
    await server.client({ authorization: `Bearer ${secret}` }).customers.list.query({});
  });
});

describe('losing the phone', () => {
  it('is mended by an administrator, recorded, and ends the sessions', async () => {
    await require([]);
    const admin = await server.person(store, 'ADMIN', 'management');
    const agent = await server.person(store, 'SA', 'service');
    expect(await codeOf(admin.client.staff.resetSecondStep.mutate({ staffId: agent.staffId }))).toBe('access.second_factor_not_set_up');
    const { recoveryCodes } = await setUp(agent.client);
    const listed = async () => (await admin.client.staff.list.query()).staff.find(({ id }) => id === agent.staffId)?.secondStep;
    expect(await listed()).toBe(true);
    expect(await codeOf(agent.client.staff.resetSecondStep.mutate({ staffId: agent.staffId }))).toBe('access.forbidden');
    await admin.client.staff.resetSecondStep.mutate({ staffId: agent.staffId });
    expect(await listed()).toBe(false);
    expect(await codeOf(agent.client.access.me.query())).toBe('access.signed_out');
    const again = server.client({ cookie: await signIn(server.url, agent.username) });
    expect((await again.access.secondStep.query()).recoveryCodesLeft).toBe(0);
    expect(await codeOf(again.access.renewRecoveryCodes.mutate({ code: recoveryCodes[0] ?? '' }))).toBe('access.second_factor_not_set_up');
    const entries = await inTransaction(
      server.platform.pool,
      { storeId: store.storeId },
      (tx) => listEntries(tx, store.storeId, { entity: 'staff', entityId: agent.staffId, limit: 10 }),
      'read',
    );
    expect(entries.map(({ action, actorName }) => [action, actorName])).toEqual([['staff.resetSecondStep', admin.username]]);
  });

  it('is no matter of another store', async () => {
    const elsewhere = await server.store('two');
    const stranger = await server.person(elsewhere, 'ADMIN', 'management');
    const agent = await server.person(store, 'SA', 'service');
    await setUp(agent.client);
    expect(await codeOf(stranger.client.staff.resetSecondStep.mutate({ staffId: agent.staffId }))).toBe('platform.not_found');
  });

  it('new recovery codes end the old ones', async () => {
    const person = await server.person(store, 'SC', 'sales');
    const { secret, recoveryCodes } = await setUp(person.client);
    const renewed = await person.client.access.renewRecoveryCodes.mutate({ code: codeIn(0, secret) });
    expect(await codeOf(enter(person.username, recoveryCodes[0]))).toBe('access.wrong_code');
    await enter(person.username, renewed.recoveryCodes[0]);
  });
});

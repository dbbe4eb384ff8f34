import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@baoke/core/access';
import { addDays, dateIn, type CivilDate, type DepartmentId, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { insertStaff } from '@baoke/db/stores';
import { aCustomerOnFile, codeOf, failureOf } from '../testing/records.ts';
import { PASSWORD, signIn, startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { now } from '../clock.ts';
import { forgetCallers } from './sessions.ts';
import { newId } from '../ids.ts';

let server: TestServer;
let store: TestStore;
let agent: TestPerson;
beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  agent = await server.person(store, 'FU_AGENT', 'customer_care');
  await server.person(store, 'SVC_MGR', 'service');
});
afterAll(() => server.close());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('signing in', () => {
  it('says the same of an unknown name and of a wrong password', async () => {
    const wrong = await post('/trpc/access.signIn', { username: agent.username, password: 'wrong password' });
    const unknown = await post('/trpc/access.signIn', { username: 'nobody', password: 'wrong password' });
    const codeIn = async (r: Response) => ((await r.json()) as { error: { data: { code: string } } }).error.data.code;
    expect([wrong.status, await codeIn(wrong)]).toEqual([unknown.status, await codeIn(unknown)]);
  });

  it('locks a name for the address that guessed, after five wrong passwords, even for the right one', async () => {
    const person = await server.person(store, 'SA', 'service');
    for (let i = 0; i < 5; i += 1) await post('/trpc/access.signIn', { username: person.username, password: `guess ${i}` });
    expect((await post('/trpc/access.signIn', { username: person.username, password: PASSWORD })).status).toBe(429);
  });

  it('gives a cookie that scripts and other sites cannot use', async () => {
    const response = await post('/trpc/access.signIn', { username: agent.username, password: PASSWORD });
    expect(response.headers.get('set-cookie')).toMatch(/^baoke_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('keeps the token in no readable form', async () => {
    const cookie = await signIn(server.url, agent.username);
    const token = cookie.split('=')[1] ?? '';
    const { rows } = await server.platform.pool.query<{ token_hash: Buffer }>('select token_hash from sessions');
    expect(rows.some((r) => r.token_hash.equals(createHash('sha256').update(token).digest()))).toBe(true);
    expect(rows.some((r) => r.token_hash.toString('utf8').includes(token))).toBe(false);
  });

  it('takes no new password that everybody would guess', async () => {
    const person = await server.person(store, 'SC', 'sales', '李小龙');
    const change = (next: string) => failureOf(person.client.access.changePassword.mutate({ current: PASSWORD, next }));
    expect(await change('password1234')).toEqual(['access.password_common', ['next access.password_common']]);
    expect(await change('李小龙李小龙 2026')).toEqual(['access.password_own', ['next access.password_own']]);
    expect(await change('四只白鹭飞过湖面')).toEqual(['input.invalid', ['next too_short']]);
    expect(await change('四只白鹭飞过湖面去了')).toEqual(['went through', []]);
  });

  it('ends the session that was open in this browser, and none elsewhere', async () => {
    const [person, other] = [await server.person(store, 'SC', 'sales'), await server.person(store, 'SA', 'service')];
    const elsewhere = server.client({ cookie: await signIn(server.url, person.username) });
    const again = await post('/trpc/access.signIn', { username: other.username, password: 'not his password' }, { cookie: person.cookie });
    expect([again.status, (await person.client.access.me.query()).username]).toEqual([401, person.username]);
    await post('/trpc/access.signIn', { username: other.username, password: PASSWORD }, { cookie: person.cookie });
    expect(await codeOf(person.client.access.me.query())).toBe('access.signed_out');
    expect((await elsewhere.access.me.query()).username).toBe(person.username);
  });

  it('is dead at once after signing out, and elsewhere after a new password', async () => {
    const person = await server.person(store, 'SC', 'sales');
    const elsewhere = server.client({ cookie: await signIn(server.url, person.username) });
    await person.client.access.changePassword.mutate({ current: PASSWORD, next: 'another password' });
    expect(await codeOf(elsewhere.access.me.query())).toBe('access.signed_out');
    const again = server.client({ cookie: await signIn(server.url, person.username, 'another password') });
    await again.access.signOut.mutate();
    expect(await codeOf(again.access.me.query())).toBe('access.signed_out');
  });
});

describe('the log of signing in', () => {
  const entriesOf = async (storeId: StoreId, accountId: string) =>
    (
      await inTransaction(server.platform.pool, { storeId }, (tx) =>
        listEntries(tx, storeId, { entity: 'account', entityId: accountId, limit: 50 }),
      )
    )
      .map(({ action, actorKind, actorName, after, ip }) => [action, actorKind, actorName, after, ip])
      .toReversed();

  it('tells who came in, who went and who failed, of an unknown name nothing', async () => {
    const person = await server.person(store, 'SC', 'sales', '孙进');
    const client = server.client({ cookie: await signIn(server.url, person.username) });
    await client.access.endOtherSessions.mutate();
    await client.access.signOut.mutate();
    await post('/trpc/access.signIn', { username: person.username, password: 'a guess of somebody' });
    await post('/trpc/access.signIn', { username: 'nobody-at-all', password: 'a guess of somebody' });
    expect(await entriesOf(store.storeId, person.accountId)).toEqual([
      ['access.signIn', 'staff', '孙进', null, '127.0.0.1'],
      ['access.endOtherSessions', 'staff', '孙进', { count: 1 }, '127.0.0.1'],
      ['access.signOut', 'staff', '孙进', null, '127.0.0.1'],
      ['access.signInFailed', 'system', 'sign-in', { username: person.username }, '127.0.0.1'],
    ]);
    const { rows } = await server.platform.pool.query("select from audit_entries where after ->> 'username' = 'nobody-at-all'");
    expect(rows).toEqual([]);
  });

  it('tells of the try that locks a name, once', async () => {
    const person = await server.person(store, 'SA', 'service');
    for (let i = 0; i < 7; i += 1) await post('/trpc/access.signIn', { username: person.username, password: `a guess ${i}` });
    const actions = (await entriesOf(store.storeId, person.accountId)).map(([action]) => action);
    expect(actions.filter((action) => action === 'access.signInFailed')).toHaveLength(5);
    expect(actions.filter((action) => action === 'access.lockOut')).toHaveLength(1);
  });

  it('is no way round the lock for a batch of guesses', async () => {
    const person = await server.person(store, 'SA', 'service');
    const guesses = Array.from({ length: 12 }, (_, n) => [n, { username: person.username, password: n === 9 ? PASSWORD : `a guess ${n}` }]);
    const procedures = guesses.map(() => 'access.signIn').join(',');
    const response = await post(`/trpc/${procedures}?batch=1`, Object.fromEntries(guesses));
    const answers = (await response.json()) as { error?: { data: { code: string } } }[];
    expect(answers.filter(({ error }) => !error)).toEqual([]);
    expect(response.headers.get('set-cookie')).toBeNull();
    const actions = (await entriesOf(store.storeId, person.accountId)).map(([action]) => action);
    expect(actions.filter((action) => action === 'access.signInFailed')).toHaveLength(5);
  });

  it('stands in the store he signs in to, else in his first', async () => {
    const second = await server.store('two');
    const person = await server.person(store, 'GM', 'management');
    await inTransaction(server.platform.pool, { storeId: second.storeId }, (tx) =>
      insertStaff(tx, second.storeId, [
        { id: newId<StaffId>(), accountId: person.accountId, name: '另店', role: 'GM', departmentId: null },
      ]),
    );
    const enter = (headers: Record<string, string>) =>
      post('/trpc/access.signIn', { username: person.username, password: PASSWORD }, headers);
    await enter({ 'x-baoke-store': String(second.storeId) });
    expect((await entriesOf(store.storeId, person.accountId)).length).toBe(0);
    expect((await entriesOf(second.storeId, person.accountId)).map(([action]) => action)).toEqual(['access.signIn']);
    await enter({});
    expect((await entriesOf(store.storeId, person.accountId)).map(([action]) => action)).toEqual(['access.signIn']);
  });
});

describe('the store a request names', () => {
  it('is refused where it is no number, before anything is read or written', async () => {
    const person = await server.person(store, 'FU_AGENT', 'customer_care');
    const whole = { path: 'x-baoke-store', code: 'whole_number' };
    const small = { path: 'x-baoke-store', code: 'too_small' };
    for (const [asked, field] of [
      ['two', whole],
      ['abc', whole],
      ['', whole],
      ['1.5', whole],
      ['0x1', whole],
      ['-1', small],
      ['0', small],
    ] as const) {
      const answer = await fetch(`${server.url}/api/v1/me`, { headers: { cookie: person.cookie, 'x-baoke-store': asked } });
      expect([answer.status, await answer.json()], asked).toMatchObject([400, { code: 'input.invalid', fields: [field] }]);
      expect(await codeOf(server.client({ cookie: person.cookie, 'x-baoke-store': asked }).complaints.counts.query())).toBe(
        'input.invalid',
      );
    }
    const inAddress = await fetch(`${server.url}/trpc/access.me?store=two`, { headers: { cookie: person.cookie } });
    expect([inAddress.status, await inAddress.text()]).toEqual([400, expect.stringContaining('whole_number')]);
  });

  it('is told apart from a session that has ended, and a foreign one not from one that never was', async () => {
    const second = await server.store('two-asked');
    const person = await server.person(store, 'FU_AGENT', 'customer_care');
    const asking = (storeId: number, cookie = person.cookie) => server.client({ cookie, 'x-baoke-store': String(storeId) });
    for (const foreign of [second.storeId, 999_999]) {
      await expect(asking(foreign).complaints.counts.query()).rejects.toMatchObject({
        data: { httpStatus: 403, code: 'access.foreign_store', messages: { en: expect.stringContaining('You do not work in the store') } },
      });
      // The apps forget a store chosen earlier on this answer.
      expect(await codeOf(asking(foreign).access.me.query())).toBe('access.signed_out');
      expect(await codeOf(asking(foreign, 'baoke_session=over').complaints.counts.query())).toBe('access.signed_out');
    }
    expect((await asking(store.storeId).access.me.query()).store.id).toBe(store.storeId);
    const boss = await server.person(store, 'ADMIN', 'management');
    const { secret } = await boss.client.keys.create.mutate({ name: '一店', scopes: ['complaints:view'] });
    const byKey = async (key: string, storeId: number) => {
      const headers = { authorization: `Bearer ${key}`, 'x-baoke-store': String(storeId) };
      const answer = await fetch(`${server.url}/api/v1/complaints/counts`, { headers });
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    expect(await byKey(secret, store.storeId)).toEqual([200, undefined]);
    for (const foreign of [second.storeId, 999_999]) expect(await byKey(secret, foreign)).toEqual([403, 'access.foreign_store']);
    expect(await byKey('bk_of_nobody', second.storeId)).toEqual([401, 'access.key_unknown']);
  });
});

describe('a right that changes', () => {
  it('acts on the next look at the caller', async () => {
    const person = await server.person(store, 'FU_AGENT', 'customer_care');
    await person.client.complaints.counts.query();
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .insertInto('right_overrides')
        .values({ store_id: store.storeId, role: 'FU_AGENT', capability: 'complaints', action: 'view', scope: 'none' })
        .execute(),
    );
    forgetCallers();
    expect(await codeOf(person.client.complaints.counts.query())).toBe('access.forbidden');
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx.deleteFrom('right_overrides').where('role', '=', 'FU_AGENT').execute(),
    );
    forgetCallers();
  });
});

describe('whoever administers a store', () => {
  const change = async (by: TestPerson, whom: TestPerson, changes: { role?: Role; departmentId?: DepartmentId; active?: boolean }) => {
    const { staff } = await by.client.staff.list.query();
    const member = staff.find(({ id }) => id === whom.staffId);
    if (!member) throw new Error(`no member ${whom.staffId}`);
    const { id, name, role, departmentId, active, version } = member;
    return failureOf(
      by.client.staff.update.mutate({
        staffId: id as StaffId,
        version,
        name,
        role,
        departmentId: departmentId as DepartmentId | null,
        active,
        ...changes,
      }),
    );
  };

  it('is told which name is taken', async () => {
    const named = await server.store('named');
    const { client } = await server.person(named, 'ADMIN', 'management');
    const add = (name: string, username?: string) =>
      failureOf(client.staff.create.mutate({ name, role: 'SA', ...(username ? { username } : {}) }));
    expect(await add('王强')).toEqual(['went through', []]);
    expect(await add('王强')).toEqual(['platform.conflict', ['name taken']]);
    expect(await add('王\u202e强')).toEqual(['input.invalid', ['name hidden_signs']]);
    const both = await Promise.all([add('王强', 'wang.qiang.twice'), add('王强', 'wang.qiang.twice')]);
    expect(both.toSorted()).toEqual([
      ['platform.conflict', ['username taken']],
      ['went through', []],
    ]);
  });

  it('gives himself no other rights, and is not the last to go', async () => {
    const own = await server.store('administered');
    const admin = await server.person(own, 'ADMIN', 'management');
    expect(await change(admin, admin, { role: 'CHAIR' })).toEqual(['access.own_rights', ['role access.own_rights']]);
    expect(await change(admin, admin, { role: 'SUPPORT' })).toEqual(['access.own_rights', ['role access.own_rights']]);
    const sales = own.departments.get('sales');
    expect(await change(admin, admin, sales ? { departmentId: sales } : {})).toEqual([
      'access.own_rights',
      ['departmentId access.own_rights'],
    ]);
    expect(await change(admin, admin, { active: false })).toEqual(['access.last_administrator', ['active access.last_administrator']]);

    const chair = await server.person(own, 'CHAIR', 'management');
    await inTransaction(server.platform.pool, { storeId: own.storeId }, (tx) =>
      tx
        .insertInto('right_overrides')
        .values(
          (['staff', 'settings'] as const).flatMap((capability) =>
            (['view', 'edit', 'decide'] as const).map((action) => ({
              store_id: own.storeId,
              role: 'CHAIR',
              capability,
              action,
              scope: 'store',
            })),
          ),
        )
        .onConflict((oc) => oc.doNothing())
        .execute(),
    );
    forgetCallers();
    expect(await change(chair, admin, { role: 'SUPPORT' })).toEqual(['access.last_administrator', ['role access.last_administrator']]);
    expect(await change(chair, admin, { active: false })).toEqual(['access.last_administrator', ['active access.last_administrator']]);
    // Of two who go at once one stays.
    const second = await server.person(own, 'ADMIN', 'management');
    const answers = await Promise.all([change(chair, admin, { active: false }), change(chair, second, { role: 'GM' })]);
    expect(answers.map(([code]) => code).toSorted()).toEqual(['access.last_administrator', 'went through']);
  });
});

describe('requests from elsewhere', () => {
  it('of another site are refused', async () => {
    const response = await post('/trpc/notices.markRead', { ids: 'all' }, { cookie: agent.cookie, origin: 'https://evil.example' });
    expect(response.status).toBe(403);
  });

  it('cannot mutate by GET or with the content of a form', async () => {
    const get = await fetch(`${server.url}/trpc/notices.markRead?input=${encodeURIComponent('{"ids":"all"}')}`, {
      headers: { cookie: agent.cookie },
    });
    expect(get.status).toBe(405);
    const form = await fetch(`${server.url}/trpc/notices.markRead`, {
      method: 'POST',
      headers: { cookie: agent.cookie, 'content-type': 'text/plain' },
      body: '{"ids":"all"}',
    });
    expect(form.status).toBe(415);
  });

  it('of more calls than a batch may hold are refused', async () => {
    const names = Array.from({ length: 21 }, () => 'access.me').join(',');
    expect(
      (await fetch(`${server.url}/trpc/${names}?batch=1&input=${encodeURIComponent('{}')}`, { headers: { cookie: agent.cookie } })).status,
    ).toBe(400);
  });
});

describe('an API key', () => {
  async function key(scopes: string[]) {
    const secret = `bk_${randomBytes(24).toString('base64url')}`;
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .insertInto('api_keys')
        .values({
          store_id: store.storeId,
          id: newId(),
          name: '官网',
          key_hash: createHash('sha256').update(secret).digest(),
          prefix: secret.slice(0, 7),
          scopes,
          staff_id: agent.staffId,
        })
        .execute(),
    );
    return { authorization: `Bearer ${secret}` };
  }

  it('reads and writes what its scopes name, over REST as over tRPC', async () => {
    const headers = await key(['complaints:view', 'complaints:edit', 'customers:view']);
    const customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
    const body = {
      customerId,
      source: 'api',
      kind: 'service.price',
      content: '多收了工时费',
      departmentId: store.departments.get('service'),
    };
    const made = await post('/api/v1/complaints', body, { ...headers, 'idempotency-key': 'k1' });
    const { complaint } = (await made.json()) as { complaint: { id: string; number: string } };
    expect(made.status).toBe(200);
    const read = await fetch(`${server.url}/api/v1/complaints/${complaint.id}`, { headers });
    expect(((await read.json()) as { complaint: { number: string } }).complaint.number).toBe(complaint.number);
    expect(await codeOf(server.client(headers).complaints.scoring.query({ month: '2026-05' }))).toBe('access.forbidden');
    // The scope it lacks is named, in the words too: of a role it knows nothing.
    const refused = await post('/api/v1/customers', { name: '甲' }, { ...headers, 'idempotency-key': 'k3' });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({
        code: 'access.forbidden',
        messages: { zh: 'API 密钥没有 customers:edit 这个权限范围', en: 'The API key lacks the scope customers:edit' },
        fields: [expect.objectContaining({ path: 'Authorization', code: 'key_lacks_scope', params: { scope: 'customers:edit' } })],
      }),
    ]);
  });

  it('needs an idempotency key to write; the same key gives the same answer and one effect', async () => {
    const headers = await key(['complaints:view', 'complaints:edit', 'customers:view']);
    const customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '只投诉一次' });
    const body = { customerId, source: 'api', kind: 'service.price', content: '多收了', departmentId: store.departments.get('service') };
    expect((await post('/trpc/complaints.register', body, headers)).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        post('/trpc/complaints.register', body, { ...headers, 'idempotency-key': 'k2' }).then((r) => r.text()),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect((await agent.client.complaints.list.query({ customerId })).items).toHaveLength(1);
    expect((await post('/trpc/complaints.register', { ...body, content: '另一件' }, { ...headers, 'idempotency-key': 'k2' })).status).toBe(
      422,
    );
  });

  it('says which store it is of, and calls itself by its own name', async () => {
    const headers = await key(['customers:view']);
    const here = { code: 'one', name: '门店 one', timeZone: 'Asia/Shanghai' };
    expect(await server.client(headers).access.me.query()).toMatchObject({ name: '官网', store: here, stores: [here] });
  });

  it('keeps nothing for a person: what is of the signed-in alone it may not write', async () => {
    const headers = await key(['customers:view']);
    expect(await codeOf(server.client(headers).views.save.mutate({ page: 'customers', name: 'x', shared: true, state: {} }))).toBe(
      'access.forbidden',
    );
    expect(await codeOf(server.client(headers).access.endOtherSessions.mutate())).toBe('access.forbidden');
  });

  it('reaches the fixed paths of REST beside those with an id, and writes without a body', async () => {
    const headers = await key(['complaints:view', 'customers:view', 'customers:edit', 'tasks:edit']);
    for (const path of ['complaints/options', 'customers/options', 'tasks/receivers'])
      expect([path, (await fetch(`${server.url}/api/v1/${path}`, { headers })).status]).toEqual([path, 200]);
    const customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { name: '无正文' });
    expect(
      (
        await fetch(`${server.url}/api/v1/customers/${customerId}/verify`, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': 'v1' },
        })
      ).status,
    ).toBe(200);
  });

  it('of a scope that does not exist is not made; the answer names it and what would be accepted', async () => {
    const boss = await server.person(store, 'ADMIN', 'management');
    const answer = await post('/api/v1/keys', { name: '错', scopes: ['customers:view', 'nope:view'] }, { cookie: boss.cookie });
    expect(answer.status).toBe(422);
    const { code, fields } = (await answer.json()) as { code: string; fields: { path: string; code: string; message: string }[] };
    expect([code, fields.map((f) => f.path)]).toEqual(['access.unknown_scopes', ['scopes']]);
    expect(fields[0]?.message).toMatch(/nope:view.*customers:view.*integrations:edit/);
  });

  it('is shown once, for a repeated key too: its secret is kept nowhere', async () => {
    const boss = await server.person(store, 'ADMIN', 'management');
    const client = server.client({ cookie: boss.cookie, 'idempotency-key': 'make one' });
    const { secret } = await client.keys.create.mutate({ name: '只看一次', scopes: ['customers:view'] });
    expect(await codeOf(client.keys.create.mutate({ name: '只看一次', scopes: ['customers:view'] }))).toBe('platform.answer_shown_once');
    const kept = await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx.selectFrom('idempotency_keys').select('response').where('procedure', '=', 'keys.create').execute(),
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it('is not made for days that are past', async () => {
    const { client } = await server.person(store, 'ADMIN', 'management');
    const today = dateIn('Asia/Shanghai' as TimeZone, now());
    const make = (expiresOn: CivilDate) => client.keys.create.mutate({ name: '短期', scopes: ['customers:view'], expiresOn });
    await expect(make(addDays(today, -1))).rejects.toMatchObject({
      data: { httpStatus: 400, code: 'input.invalid', fields: [{ path: 'expiresOn', code: 'day_past', params: { minimum: today } }] },
    });
    expect((await make(today)).secret).toMatch(/^bk_/);
  });

  it('hands out no more than it has and lets nobody in; who tried is written down', async () => {
    const boss = await server.person(store, 'ADMIN', 'management');
    const { secret } = await boss.client.keys.create.mutate({ name: '窄', scopes: ['integrations:edit', 'staff:edit', 'customers:view'] });
    let n = 0;
    const post = (path: string, body: object) =>
      fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': `n${(n += 1)}` },
        body: JSON.stringify(body),
      });
    const refusedAt = async (answer: Response) => [
      answer.status,
      ((await answer.json()) as { fields: { path: string; code: string }[] }).fields.map(({ path, code }) => `${path} ${code}`),
    ];
    expect(await refusedAt(await post('/keys', { name: '宽', scopes: ['customers:view', 'customers:export'] }))).toEqual([
      403,
      ['scopes scopes_too_wide'],
    ]);
    expect((await post('/keys', { name: '同', scopes: ['customers:view'] })).status).toBe(200);
    expect(await refusedAt(await post('/staff', { name: '鼹鼠', username: 'mole', role: 'SC' }))).toEqual([403, ['role not_for_keys']]);
    expect((await post('/staff', { name: '只列名', role: 'SC' })).status).toBe(200);
    expect((await post(`/staff/${boss.staffId}/password`, {})).status).toBe(403);
    const tries = (await boss.client.audit.list.query({ entity: 'staff' })).items.filter(({ action }) => action === 'staff.refuse');
    expect(tries.map(({ actorKind, entityId, after }) => [actorKind, entityId, after])).toEqual([
      ['api_key', boss.staffId, { role: 'ADMIN', username: boss.username }],
      ['api_key', '鼹鼠', { role: 'SC', username: 'mole' }],
    ]);
    const { items } = await boss.client.audit.list.query({ entity: 'api_key' });
    expect(items.find(({ action }) => action === 'keys.refuse')).toMatchObject({
      actorKind: 'api_key',
      after: { scopes: ['customers:export'] },
    });
  });

  it('nor does a manager hand out what is above him; each try is written down', async () => {
    const boss = await server.person(store, 'SVC_MGR', 'service');
    const letIn = (role: Role) =>
      codeOf(boss.client.staff.create.mutate({ name: `想当 ${role}`, username: `wants.${role.toLowerCase()}`, role }));
    const { pool } = server.platform;
    expect(await letIn('SC')).toBe('access.forbidden');
    await inTransaction(pool, { storeId: store.storeId }, (tx) =>
      tx
        .insertInto('right_overrides')
        .values({ store_id: store.storeId, role: 'SVC_MGR', capability: 'staff', action: 'edit', scope: 'store' })
        .execute(),
    );
    forgetCallers();
    for (const role of ['ADMIN', 'GROUP_MGR', 'CHAIR'] as const) expect(await letIn(role)).toBe('access.forbidden');
    const entries = await inTransaction(pool, { storeId: store.storeId }, (tx) =>
      listEntries(tx, store.storeId, { actorId: boss.staffId, limit: 5 }),
    );
    expect(entries.toReversed().map(({ action, entityId, after }) => [action, entityId, after])).toEqual([
      ['access.refuse', 'staff:edit', { procedure: 'staff.create' }],
      ...['ADMIN', 'GROUP_MGR', 'CHAIR'].map((role) => ['staff.refuse', `想当 ${role}`, { role, username: `wants.${role.toLowerCase()}` }]),
    ]);
  });

  it('that is revoked opens nothing', async () => {
    const headers = await key(['complaints:view']);
    await server.client(headers).complaints.counts.query();
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx.updateTable('api_keys').set({ revoked_at: new Date().toISOString() }).where('store_id', '=', store.storeId).execute(),
    );
    forgetCallers();
    expect(await codeOf(server.client(headers).complaints.counts.query())).toBe('access.key_unknown');
    expect(await codeOf(server.client({ authorization: 'Bearer bk_nothing' }).complaints.counts.query())).toBe('access.key_unknown');
    expect((await fetch(`${server.url}/api/v1/me`, { headers: { authorization: 'Bearer bk_nothing' } })).status).toBe(401);
  });
});

describe('the edge', () => {
  it('answers health and readiness, metrics and the description of every procedure', async () => {
    const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
    expect([
      await status('/healthz'),
      await status('/readyz'),
      await status('/metrics'),
      await status('/openapi.json'),
      await status('/docs/'),
    ]).toEqual([200, 200, 200, 200, 200]);
  });

  it.each([
    { name: 'JSON nested beyond reason', body: `{"username":${'['.repeat(60_000)}${']'.repeat(60_000)},"password":"x"}` },
    { name: 'what is no JSON', body: '{"username":' },
  ])('refuses $name over REST as over tRPC', async ({ body }) => {
    for (const path of ['/api/v1/session', '/trpc/access.signIn']) {
      const response = await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect([path, response.status]).toEqual([path, 400]);
    }
  });

  it.each([[['complaints.list registeredAt down', 'infinity', '00000000-0000-7000-8000-000000000000']], [[{}]], ['x']])(
    'refuses the forged cursor %j',
    async (forged) => {
      const cursor = Buffer.from(JSON.stringify(forged)).toString('base64url');
      expect(await codeOf(agent.client.complaints.list.query({ cursor }))).toBe('platform.bad_cursor');
    },
  );

  it('tells of an unexpected fault nothing but its request', async () => {
    const response = await fetch(`${server.url}/trpc/complaints.get?input=${encodeURIComponent('{"complaintId":"x"}')}`, {
      headers: { cookie: agent.cookie },
    });
    const text = await response.text();
    expect(text).not.toMatch(/at .*\.ts|select |stack/);
    expect(JSON.parse(text)).toMatchObject({ error: { data: { code: 'input.invalid', requestId: response.headers.get('x-request-id') } } });
  });
});

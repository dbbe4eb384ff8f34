import { addDays, dateIn, type TimeZone, type VehicleId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../access/keys.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { aCustomerOnFile } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

const TOKEN = 'a token for metrics only';
let server: TestServer;
let store: TestStore;
let admin: TestPerson;
let manager: TestPerson;
beforeAll(async () => {
  server = await startTestServer({ METRICS_TOKEN: TOKEN });
  store = await server.store('edge');
  admin = await server.person(store, 'ADMIN', 'management', '管理员');
  manager = await server.person(store, 'GM', 'management', '赵总');
  await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
    createApiKey(tx, store.storeId, { name: '官网', scopes: ['customers:edit'], expiresAt: null, createdBy: null }),
  );
});
afterAll(() => server.close());

describe('metrics', () => {
  it.each([
    { name: 'this machine', headers: {}, status: 200 },
    { name: 'whoever has the token', headers: { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.9' }, status: 200 },
    { name: 'a wrong token', headers: { authorization: 'Bearer a token for something else' }, status: 403 },
    { name: 'somebody behind a proxy on this machine', headers: { 'x-forwarded-for': '203.0.113.9' }, status: 403 },
    { name: 'the same by the standard header', headers: { forwarded: 'for=203.0.113.9' }, status: 403 },
  ])('$name: $status', async ({ headers, status }) => {
    const answer = await fetch(`${server.url}/metrics`, { headers: headers as Record<string, string> });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    if (status === 200) expect(text).toContain('baoke_http_request_seconds');
    else expect(JSON.parse(text)).toMatchObject({ code: 'access.forbidden' });
  });
});

describe('what is no UTF-8', () => {
  const bytes = Buffer.concat([Buffer.from('{"name":"a'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
  const name = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xb2, 0xe2]), Buffer.from('"}')]);
  it.each([
    { what: 'bytes in a body', path: '/api/v1/customers', body: bytes, type: 'application/json', status: 400 },
    { what: 'bytes in a call', path: '/trpc/customers.create', body: bytes, type: 'application/json', status: 400 },
    { what: 'another charset', path: '/api/v1/customers', body: name, type: 'application/json; charset=gb18030', status: 415 },
    { what: 'another charset of a call', path: '/trpc/customers.create', body: name, type: 'application/json; charset="GBK"', status: 415 },
    { what: 'an address', path: '/api/v1/search?term=%ff', body: undefined, type: undefined, status: 400 },
    { what: 'a path', path: '/api/v1/%c3%28/x', body: undefined, type: undefined, status: 400 },
  ])('$what is refused in the shape of all refusals', async ({ path, body, type, status }) => {
    const answer = await fetch(`${server.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie: manager.cookie, ...(type ? { 'content-type': type } : {}) },
      ...(body ? { body } : {}),
    });
    expect(answer.status).toBe(status);
    const said = (await answer.json()) as { code?: string; error?: { data: { code: string } } };
    expect(said.code ?? said.error?.data.code).toBe(status === 415 ? 'platform.media_type' : 'input.invalid');
  });

  it('and Chinese that is goes in as it was sent', async () => {
    const answer = await fetch(`${server.url}/api/v1/search?term=${encodeURIComponent('测')}`, { headers: { cookie: manager.cookie } });
    expect(answer.status).toBe(200);
  });
});

describe('what an answer allows a browser', () => {
  it.each(['/trpc/access.me', '/trpc/access.nothing', '/api/v1/me', '/api/v1/nothing'])(
    '%s: nothing to load, to frame or to guess',
    async (path) => {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toContain('max-age=15552000');
    },
  );

  it('a page of ours: our own scripts, styles by a nonce of their own each time', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => (await fetch(`${server.url}/healthz`)).headers.get('content-security-policy') ?? ''),
    );
    for (const policy of policies) {
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(policy).toContain("object-src 'none'");
    }
    const nonces = policies.map((policy) => /style-src 'self' 'nonce-([^']{20,})'/.exec(policy)?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(nonces).not.toContain(undefined);
  });
});

describe('the author that an API key has', () => {
  it('is nobody who could be named, and no member of staff to change', async () => {
    const names = await Promise.all([
      admin.client.staff.list.query().then(({ staff }) => staff.map(({ name }) => name)),
      manager.client.customers.options.query().then(({ staff }) => staff.map(({ name }) => name)),
      manager.client.complaints.options.query().then(({ staff }) => staff.map(({ name }) => name)),
    ]);
    for (const list of names) expect(list.toSorted()).toEqual(['管理员', '赵总'].toSorted());
    const { people } = await manager.client.tasks.receivers.query();
    expect(people.map(({ name }) => name)).toEqual(['赵总']);
  });
});

describe('a preview of a rule of care', () => {
  it('shows the names of customers to whoever sees them, and to nobody else', async () => {
    const { storeId } = store;
    const customerId = await aCustomerOnFile(server.platform.pool, storeId, { name: '王小明', consultantId: manager.staffId });
    const vehicleId = newId<VehicleId>();
    // The rule calls three months before the end.
    const soon = addDays(dateIn('Asia/Shanghai' as TimeZone, now()), 115);
    await inTransaction(server.platform.pool, { storeId }, async (tx) => {
      await tx
        .insertInto('vehicles')
        .values({
          store_id: storeId,
          id: vehicleId,
          owner_id: customerId,
          plate: '苏E12345',
          sold_by_us: true,
          delivered_on: '2024-05-01',
          warranty_until: soon,
        })
        .execute();
      await tx
        .insertInto('ownerships')
        .values({ store_id: storeId, vehicle_id: vehicleId, customer_id: customerId, role: 'owner', from_on: '2024-05-01' })
        .execute();
    });
    const namesFor = async ({ client }: TestPerson) =>
      (await client.care.preview.query({ key: 'warranty_call', days: 90 })).rows.map(({ customerName }) => customerName);
    expect(await namesFor(manager)).toEqual(['王小明']);
    expect(await namesFor(admin)).toEqual([null]);
  });
});

import { inTransaction } from '@baoke/db';
import { updateAccount } from '@baoke/db/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { DEMO_PASSWORD, DEMO_STORE } from '../demo/index.ts';
import { PASSWORD, startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';
import { hashPassword } from './passwords.ts';

let server: TestServer;
let demo: TestPerson;
let own: TestPerson;
beforeAll(async () => {
  server = await startTestServer({ TRUSTED_PROXY: '10.0.0.1' });
  Object.assign(server.platform, { demo: true });
  const store = await server.store(DEMO_STORE);
  demo = await server.person(store, 'GM', 'management');
  own = await server.person(store, 'SC', 'sales');
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await inTransaction(server.platform.pool, {}, (tx) => updateAccount(tx, demo.accountId, { passwordHash, at: now() }));
});
afterAll(() => server.close());

type From = { readonly remoteAddress?: string; readonly headers?: Record<string, string> };
const HERE: From = {};
const TLS: From = { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' } };

async function enter({ username }: TestPerson, password: string, { remoteAddress = '127.0.0.1', headers = {} }: From): Promise<string> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    remoteAddress,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ username, password }),
  });
  return answer.statusCode === 200 ? 'in' : `${answer.statusCode} ${answer.json<{ code: string }>().code}`;
}

describe('in the demo', () => {
  it.each([
    { name: 'here', from: HERE, answer: 'in' },
    {
      name: 'passed on by a proxy here',
      from: { headers: { 'x-forwarded-for': '203.0.113.9' } },
      answer: '403 access.insecure_connection',
    },
    { name: 'the same by another header', from: { headers: { 'x-real-ip': '203.0.113.9' } }, answer: '403 access.insecure_connection' },
    { name: 'by a name pointed at this machine', from: { headers: { host: 'rebound.example' } }, answer: '403 access.insecure_connection' },
    { name: 'through a TLS proxy', from: TLS, answer: '401 access.wrong_credentials' },
  ])('the known password $name: $answer', async ({ from, answer }) => {
    expect(await enter(demo, DEMO_PASSWORD, from)).toBe(answer);
  });

  it('a password of one’s own opens from anywhere over TLS; a wrong one is answered like the known one', async () => {
    expect(await enter(own, PASSWORD, TLS)).toBe('in');
    expect(await enter(own, 'not his password', TLS)).toBe('401 access.wrong_credentials');
    // Over plain HTTP the answer says nothing of the password.
    const plain = { remoteAddress: '192.168.1.5' };
    expect(await enter(own, PASSWORD, plain)).toBe('403 access.insecure_connection');
    expect(await enter(own, 'not his password', plain)).toBe('403 access.insecure_connection');
  });

  it.each([
    { name: 'here', from: HERE, shown: DEMO_PASSWORD },
    { name: 'passed on', from: { headers: { forwarded: 'for=203.0.113.9' } }, shown: null },
    { name: 'to a name pointed at this machine', from: { headers: { host: 'rebound.example' } }, shown: null },
    { name: 'through a TLS proxy', from: TLS, shown: null },
  ] as { name: string; from: From; shown: string | null }[])('the list of its accounts $name: $shown', async ({ from, shown }) => {
    const { remoteAddress = '127.0.0.1', headers = {} } = from;
    const answer = await server.app.inject({ method: 'GET', url: '/api/v1/session/demo', remoteAddress, headers });
    expect(answer.json()).toMatchObject({ password: shown });
  });
});

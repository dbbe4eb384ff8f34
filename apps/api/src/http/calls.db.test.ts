import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let server: TestServer;
let person: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  person = await server.person(await server.store('calls'), 'CC_MGR', 'customer_care');
});
afterAll(() => server.close());

type Answer = { status: number; length: string | null; body: unknown };

async function ask(path: string, init: RequestInit = {}, cookie = person.cookie): Promise<Answer> {
  const response = await fetch(`${server.url}/trpc/${path}`, { ...init, headers: { cookie, ...(init.headers as Record<string, string>) } });
  return { status: response.status, length: response.headers.get('content-length'), body: await response.json() };
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const inputOf = (input: unknown) => `input=${encodeURIComponent(JSON.stringify(input))}`;

describe('a call in plain JSON', () => {
  it('is answered in one piece of known length', async () => {
    const { status, length, body } = await ask('access.me');
    expect({ status, body }).toMatchObject({ status: 200, body: { result: { data: { username: person.username } } } });
    expect(Number(length)).toBeGreaterThan(100);
  });

  it('may put a question in its body', async () => {
    expect(await ask('complaints.list', json({ limit: 5 }))).toMatchObject({ status: 200, body: { result: { data: { items: [] } } } });
  });

  it('answers a batch in its order, each with its own fate', async () => {
    const batch = await ask(`complaints.list,complaints.get?batch=1&${inputOf({ 0: { limit: 5 }, 1: { complaintId: 'nonsense' } })}`);
    expect(batch).toMatchObject({
      status: 207,
      body: [{ result: { data: { items: [] } } }, { error: { data: { code: 'input.invalid', path: 'complaints.get' } } }],
    });
  });

  it('is refused to whoever is not signed in', async () => {
    expect(await ask('complaints.list', json({}), '')).toMatchObject({
      status: 401,
      body: { error: { data: { code: 'access.signed_out' } } },
    });
  });

  it('names the field that cannot be read', async () => {
    expect(await ask(`complaints.list?${inputOf({ limit: 0 })}`)).toMatchObject({
      status: 400,
      body: { error: { data: { code: 'input.invalid', fields: [{ path: 'limit' }] } } },
    });
  });
});

describe('every other call', () => {
  it.each([
    { name: 'an unknown procedure', path: 'complaints.nonsense', init: {}, status: 404 },
    { name: 'a change asked for by GET', path: `complaints.respond?${inputOf({})}`, init: {}, status: 405 },
    { name: 'text that is no JSON', path: 'complaints.list', init: json('{"limit":'), status: 400 },
    {
      name: 'a body of another kind',
      path: 'complaints.list',
      init: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
      status: 415,
    },
    {
      name: 'a question and a change in one batch',
      path: 'complaints.list,complaints.respond?batch=1',
      init: json({ 0: {}, 1: {} }),
      status: 400,
    },
    { name: 'more calls than a batch may have', path: `${Array(21).fill('access.me').join(',')}?batch=1`, init: {}, status: 400 },
  ])('$name is refused with $status', async ({ path, init, status }) => {
    expect((await ask(path, init)).status).toBe(status);
  });
});

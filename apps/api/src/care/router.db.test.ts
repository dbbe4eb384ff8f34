import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

it('plans the day once for one key, by a call that says nothing', async () => {
  const admin = await server.person(await server.store('keyed plan'), 'ADMIN', 'management');
  const client = server.client({ cookie: admin.cookie, 'idempotency-key': 'plan once' });
  const first = await client.care.runNow.mutate();
  expect(await client.care.runNow.mutate()).toEqual(first);
});

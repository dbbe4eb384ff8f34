import { setTimeout as pause } from 'node:timers/promises';
import { addDays, dateIn, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { createPool, inTransaction } from '@baoke/db';
import { insertStaff } from '@baoke/db/stores';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import pino from 'pino';
import { createApiKey } from '../access/keys.ts';
import { forgetCallers } from '../access/sessions.ts';
import { now, setClockOffset } from '../clock.ts';
import { buildApp } from '../http/app.ts';
import { newId } from '../ids.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let here: TestStore;
let elsewhere: TestStore;
let manager: TestPerson;
let stranger: TestPerson;
const open: AbortController[] = [];

beforeAll(async () => {
  server = await startTestServer();
  here = await server.store('here');
  elsewhere = await server.store('elsewhere');
  manager = await server.person(here, 'GM', 'management');
  stranger = await server.person(elsewhere, 'GM', 'management');
});
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});
afterAll(() => server.close());

type Stream = { readonly heard: { topic: string; entityId: string | null }[]; readonly ended: Promise<number> };

/** Opens the stream as a browser does; answers what it has heard so far, and when it ended. */
async function listen(headers: Readonly<Record<string, string>>, query = '', { url } = server): Promise<Stream> {
  const controller = new AbortController();
  open.push(controller);
  const response = await fetch(`${url}/trpc/live.changes${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  });
  const heard: Stream['heard'] = [];
  let connected!: () => void;
  const ready = new Promise<void>((done) => (connected = done));
  const ended = (async () => {
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        if (frame.includes('event: connected')) connected();
        const data =
          frame
            .split('\n')
            .find((line) => line.startsWith('data: '))
            ?.slice(6) ?? '{}';
        if (/^id: /m.test(frame)) heard.push(JSON.parse(data) as Stream['heard'][number]);
        if (/^event: (return|serialized-error)/m.test(frame)) return performance.now();
      }
    }
    return performance.now();
  })().catch(() => Number.NaN);
  await Promise.race([ready, ended]);
  // The first look at who is calling, and the reader of the store.
  await pause(300);
  return { heard, ended };
}

async function happen(storeId: StoreId, ...topics: readonly string[]): Promise<void> {
  await inTransaction(server.platform.pool, { storeId }, (tx) =>
    tx
      .insertInto('live_events')
      .values(topics.map((topic) => ({ store_id: storeId, topic, entity_id: null })))
      .execute(),
  );
}

/** Waits for the last of these topics, and sees that there were no others before it. */
async function expectHeard({ heard }: Stream, ...topics: readonly string[]): Promise<void> {
  const topicsNow = () => heard.map(({ topic }) => topic);
  await vi.waitFor(() => expect(topicsNow()).toContain(topics.at(-1)), { timeout: 10_000, interval: 50 });
  expect(topicsNow()).toEqual(topics);
}

async function key(scopes: readonly string[]): Promise<{ id: string; headers: { authorization: string } }> {
  const made = await inTransaction(server.platform.pool, { storeId: here.storeId }, (tx) =>
    createApiKey(tx, here.storeId, { name: 'live', scopes, expiresAt: null, createdBy: null }),
  );
  return { id: made.id, headers: { authorization: `Bearer ${made.secret}` } };
}

describe('the stream of a store', () => {
  it('never tells of another store, whichever it asks for', async () => {
    const mine = await listen({ cookie: manager.cookie });
    const theirs = await listen({ cookie: stranger.cookie });
    const asked = await fetch(`${server.url}/trpc/live.changes?store=${String(elsewhere.storeId)}`, {
      headers: { accept: 'text/event-stream', cookie: manager.cookie },
    });
    expect(await asked.text()).toContain('access.foreign_store');
    await happen(elsewhere.storeId, 'complaints', 'customers');
    await happen(here.storeId, 'tasks');
    await expectHeard(theirs, 'complaints', 'customers');
    await expectHeard(mine, 'tasks');
    // Nor of what has passed there, when it comes back after a break.
    const back = await listen({ cookie: manager.cookie }, `?input=${encodeURIComponent('{"lastEventId":"1"}')}`);
    await happen(here.storeId, 'vehicles');
    await vi.waitFor(() => expect(back.heard.map(({ topic }) => topic)).toContain('vehicles'), { timeout: 10_000, interval: 50 });
    expect(back.heard.map(({ topic }) => topic)).not.toContain('complaints');
  });

  it('tells of what one may view, and of no more from the moment a right is gone', async () => {
    const seller = await server.person(here, 'SC', 'sales');
    const stream = await listen({ cookie: seller.cookie });
    await happen(here.storeId, 'customers', 'imports', 'settings', 'notices');
    await expectHeard(stream, 'customers', 'notices');
    await inTransaction(server.platform.pool, { storeId: here.storeId }, (tx) =>
      tx
        .insertInto('right_overrides')
        .values({ store_id: here.storeId, role: 'SC', capability: 'customers', action: 'view', scope: 'none' })
        .execute(),
    );
    // What a caller may do is looked up afresh within a second.
    await pause(1_000);
    await happen(here.storeId, 'customers', 'tasks');
    await expectHeard(stream, 'customers', 'notices', 'tasks');
  });

  it.each([
    { name: 'he signs out', end: (person: TestPerson) => person.client.access.signOut.mutate() },
    {
      name: 'his sign-in is ended',
      end: ({ accountId }: TestPerson) =>
        inTransaction(server.platform.pool, {}, (tx) =>
          tx.updateTable('accounts').set({ status: 'disabled' }).where('id', '=', accountId).execute(),
        ),
    },
    {
      name: 'he leaves the store and works on in another',
      end: async ({ accountId, staffId }: TestPerson) => {
        await inTransaction(server.platform.pool, { storeId: elsewhere.storeId }, (tx) =>
          insertStaff(tx, elsewhere.storeId, [{ id: newId<StaffId>(), accountId, name: '两店', role: 'GM', departmentId: null }]),
        );
        await inTransaction(server.platform.pool, { storeId: here.storeId }, (tx) =>
          tx.updateTable('staff').set({ status: 'left' }).where('id', '=', staffId).execute(),
        );
      },
    },
  ])('ends within two seconds when $name', async ({ end }) => {
    const person = await server.person(here, 'GM', 'management');
    const stream = await listen({ cookie: person.cookie });
    const began = performance.now();
    await end(person);
    const ended = await Promise.race([stream.ended, pause(4_000).then(() => Number.NaN)]);
    expect(ended - began).toBeLessThan(2_000);
    expect(stream.heard).toEqual([]);
  });

  it('is closed to whoever is not signed in', async () => {
    const answer = await fetch(`${server.url}/trpc/live.changes`, { headers: { accept: 'text/event-stream' } });
    expect(await answer.text()).toContain('access.signed_out');
  });
});

describe('the record of a change', () => {
  let shop: TestStore;
  let boss: TestPerson;
  beforeAll(async () => {
    shop = await server.store('shop');
    boss = await server.person(shop, 'GM', 'management');
  });
  const named = (stream: Stream, topic: string) => stream.heard.filter((event) => event.topic === topic).map(({ entityId }) => entityId);
  const until = (...waitings: readonly (() => void)[]) =>
    vi.waitFor(() => waitings.forEach((waiting) => waiting()), { timeout: 10_000, interval: 50 });

  it('is named to whom its list shows it; others are told of its kind alone, and so is who has lost it', async () => {
    const [mine, other, director] = await Promise.all([
      server.person(shop, 'SC', 'sales'),
      server.person(shop, 'SC', 'sales'),
      server.person(shop, 'SALES_DIR', 'sales'),
    ]);
    const streams = await Promise.all([mine, mine, other, director].map(({ cookie }) => listen({ cookie })));
    const [first, second, foreign, above] = streams as [Stream, Stream, Stream, Stream];
    const { customerId } = await mine.client.customers.create.mutate({ name: '林一', phones: ['13810007001'] });
    const { vehicleId } = await mine.client.vehicles.create.mutate({ customerId, plate: '苏E7001A' });
    const nextOn = addDays(dateIn('Asia/Shanghai' as TimeZone, now()), 3);
    const { contactId, taskId } = await mine.client.contacts.record.mutate({ customerId, outcome: 'reached', nextOn });
    await happen(shop.storeId, 'notices');
    await until(
      ...streams.map(
        ({ heard }) =>
          () =>
            expect(heard.map(({ topic }) => topic)).toContain('notices'),
      ),
    );
    for (const stream of [first, second, above])
      expect([named(stream, 'customers'), named(stream, 'vehicles'), named(stream, 'contacts')]).toEqual([
        [customerId],
        [vehicleId],
        [contactId],
      ]);
    expect([named(foreign, 'customers'), named(foreign, 'vehicles'), named(foreign, 'contacts')]).toEqual([[null], [null], [null]]);
    await boss.client.tasks.reassign.mutate({ taskIds: [taskId!], toIds: [other.staffId], reason: '换人' });
    await until(
      () => expect(named(foreign, 'tasks')).not.toEqual([]),
      () => expect(named(first, 'tasks')).toEqual([null]),
    );
  });

  it('is not named to the person complained about', async () => {
    const accused = await server.person(shop, 'SA', 'service');
    const { customerId } = await boss.client.customers.create.mutate({ name: '林二', phones: ['13810007002'] });
    const [his, theirs] = await Promise.all([accused, boss].map(({ cookie }) => listen({ cookie })));
    const {
      complaint: { id },
    } = await boss.client.complaints.register.mutate({
      customerId,
      source: 'phone',
      kind: 'service.workmanship',
      severity: 'low',
      content: '说好的时间没有交车',
      departmentId: shop.departments.get('service')!,
      accusedId: accused.staffId,
    });
    await until(
      () => expect(named(theirs!, 'complaints')).toContain(id),
      () => expect(named(his!, 'complaints')).not.toEqual([]),
    );
    expect(named(his!, 'complaints').filter((one) => one !== null)).toEqual([]);
  });

  it('is told of rules of care as of everything else', async () => {
    const stream = await listen({ cookie: boss.cookie });
    await happen(shop.storeId, 'care', 'tasks');
    await expectHeard(stream, 'care', 'tasks');
  });
});

describe('a server that stops', () => {
  it('lets the open streams go without a word', async () => {
    const said: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => said.push(line) });
    const store = await server.store('stopping');
    const person = await server.person(store, 'GM', 'management');
    const pool = createPool({ url: server.database.appUrl });
    const app = await buildApp({ ...server.platform, pool, log });
    try {
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const stream = await listen({ cookie: person.cookie }, '', { ...server, url });
      said.length = 0;
      await pool.end();
      expect(await stream.ended).not.toBeNaN();
      await pause(1_000);
      expect(said).toEqual([]);
    } finally {
      for (const one of open.splice(0)) one.abort();
      await app.close();
    }
  });
});

describe('the stream of an API key', () => {
  it('tells of what its scopes let it view, never of notices, and ends with the key', async () => {
    const { id, headers } = await key(['complaints:view', 'customers:edit']);
    const stream = await listen(headers);
    await happen(elsewhere.storeId, 'complaints');
    await happen(here.storeId, 'notices', 'customers', 'complaints');
    await expectHeard(stream, 'complaints');
    const began = performance.now();
    await inTransaction(server.platform.pool, { storeId: here.storeId }, (tx) =>
      tx.updateTable('api_keys').set({ revoked_at: new Date().toISOString() }).where('id', '=', id).execute(),
    );
    const ended = await Promise.race([stream.ended, pause(4_000).then(() => Number.NaN)]);
    expect(ended - began).toBeLessThan(2_000);
  });

  it.each([{ scopes: [] }, { scopes: ['customers:edit'] }])(
    'is refused to a key of $scopes, which may view nothing',
    async ({ scopes }) => {
      const { headers } = await key(scopes);
      const answer = await fetch(`${server.url}/trpc/live.changes`, { headers: { accept: 'text/event-stream', ...headers } });
      expect(await answer.text()).toContain('access.forbidden');
    },
  );
});

describe('a session', () => {
  afterEach(() => {
    setClockOffset(0);
    forgetCallers();
  });
  const minutesLater = (minutes: number) => {
    setClockOffset(minutes * 60_000);
    forgetCallers();
  };
  const ask = (cookie: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${server.url}/trpc/access.me`, { headers: { cookie, ...headers } }).then(({ status }) => status);

  it.each([
    { by: 'a stream that stays open', unattended: false },
    { by: 'what a page asks while nobody is there', unattended: true },
  ])('is not kept alive by $by', async ({ unattended }) => {
    const { cookie } = await server.person(here, 'SC', 'sales');
    const stream = await listen({ cookie });
    for (const minutes of [10, 20, 29]) {
      minutesLater(minutes);
      if (unattended) expect(await ask(cookie, { 'x-baoke-unattended': '1' })).toBe(200);
      else await pause(900);
    }
    minutesLater(31);
    expect(await ask(cookie)).toBe(401);
    expect(await stream.ended).not.toBeNaN();
  });

  it('is kept alive by whoever works, beside an open stream', async () => {
    const { cookie } = await server.person(here, 'SC', 'sales');
    await listen({ cookie });
    for (const minutes of [20, 40, 60]) {
      minutesLater(minutes);
      expect(await ask(cookie)).toBe(200);
    }
  });
});

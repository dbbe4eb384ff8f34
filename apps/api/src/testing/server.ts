import type { Role } from '@baoke/core/access';
import type { DepartmentKind } from '@baoke/core/access';
import type { AccountId, DepartmentId, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { getStore, insertAccount, insertStaff } from '@baoke/db/stores';
import { createTestDatabase, type TestDatabase } from '@baoke/db/testing';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { hashPassword } from '../access/passwords.ts';
import { openSession } from '../access/sessions.ts';
import { readConfig } from '../config.ts';
import { buildApp } from '../http/app.ts';
import { createLimits } from '../http/limits.ts';
import { newId } from '../ids.ts';
import { createMailer } from '../notices/mail.ts';
import type { Platform } from '../platform.ts';
import { migrateQueue, openQueue } from '../queue.ts';
import { statusesByProcedure } from '../http/openapi.ts';
import { appRouter, type AppRouter } from '../router.ts';
import { createStore, waiveSecondStep } from '../stores/create.ts';

const DESCRIBED = statusesByProcedure(appRouter);
/** What a request ends in before it is a call, other over tRPC than at its address. */
const OF_TRANSPORT: ReadonlySet<number> = new Set([405, 413, 415]);

export const PASSWORD = 'a password for tests only';

export type Client = TRPCClient<AppRouter>;
export type TestPerson = {
  readonly staffId: StaffId;
  readonly accountId: AccountId;
  readonly username: string;
  readonly role: Role;
  readonly client: Client;
  readonly cookie: string;
};
export type TestStore = { readonly storeId: StoreId; readonly departments: ReadonlyMap<DepartmentKind, DepartmentId> };

/** The product on a database of its own, reached over real HTTP as integrators reach it. */
export type TestServer = {
  readonly database: TestDatabase;
  readonly platform: Platform;
  readonly app: FastifyInstance;
  readonly url: string;
  store(code: string): Promise<TestStore>;
  /** Makes a person at work in a store, with a session as a sign-in opens it. */
  person(store: TestStore, role: Role, department: DepartmentKind, name?: string): Promise<TestPerson>;
  anonymous: Client;
  client(headers: Readonly<Record<string, string>>): Client;
  /** Fails when a call ended with an error that the description of its procedure does not name. */
  close(): Promise<void>;
};

export async function startTestServer(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const database = await createTestDatabase();
  const config = readConfig({ RATE_LIMIT: '1000000', ...env });
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  await migrateQueue(database.ownerUrl, log);
  const queue = await openQueue(database.pool, log);
  const platform: Platform = {
    config,
    pool: database.pool,
    log,
    limits: createLimits(config.rateLimit),
    mailer: createMailer(config.smtpUrl, config.mailFrom, log),
    queue,
    demo: false,
  };
  const app = await buildApp(platform);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const undescribed = new Set<string>();
  const watching: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) {
      const name = new URL(String(input)).pathname.replace('/trpc/', '');
      if (DESCRIBED.get(name)?.includes(response.status) === false && !OF_TRANSPORT.has(response.status))
        undescribed.add(`${name} ${response.status} ${await response.clone().text()}`);
    }
    return response;
  };
  const client = (headers: Readonly<Record<string, string>>) =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers, fetch: watching })] });
  const passwordHash = await hashPassword(PASSWORD);
  let count = 0;
  return {
    database,
    platform,
    app,
    url,
    anonymous: client({}),
    client,
    async store(code) {
      const made = await createStore(database.pool, { code, name: `门店 ${code}`, zone: 'Asia/Shanghai' as TimeZone });
      await waiveSecondStep(database.pool, made.storeId);
      return made;
    },
    async person(store, role, department, name) {
      count += 1;
      const username = `${role.toLowerCase()}-${count}`;
      const staffId = newId<StaffId>();
      const accountId = newId<AccountId>();
      await inTransaction(database.pool, { storeId: store.storeId }, async (tx) => {
        const { groupId } = await getStore(tx, store.storeId);
        await insertAccount(tx, { id: accountId, groupId, username, passwordHash, mustChangePassword: false });
        await insertStaff(tx, store.storeId, [
          { id: staffId, accountId, name: name ?? username, role, departmentId: store.departments.get(department) ?? null },
        ]);
      });
      // Signing in is a test of its own; its hash, made slow on purpose, would be a good part of the time of all others.
      const token = await inTransaction(database.pool, {}, (tx) => openSession(tx, accountId, { ip: '127.0.0.1', userAgent: null }));
      const cookie = `baoke_session=${token}`;
      return { staffId, accountId, username, role, cookie, client: client({ cookie }) };
    },
    async close() {
      await app.close();
      await queue.stop();
      await database.drop();
      if (undescribed.size > 0)
        throw new Error(`errors that the API description does not name (errorResponses):\n${[...undescribed].join('\n')}`);
    },
  };
}

/** Signs in and answers the cookie to send. */
export async function signIn(url: string, username: string, password = PASSWORD): Promise<string> {
  const response = await fetch(`${url}/trpc/access.signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (!response.ok || cookie === undefined) throw new Error(`sign-in of ${username} failed: ${response.status} ${await response.text()}`);
  return cookie;
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StaffId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { insertStaff } from '@baoke/db/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../ids.ts';
import { codeOf } from '../testing/records.ts';
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

async function user(...flags: string[]): Promise<{ password?: string }> {
  const env = { ...process.env, DATABASE_URL: server.database.superuserUrl };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'user', person.username, ...flags, '--json'], { env });
  return JSON.parse(stdout) as { password?: string };
}

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

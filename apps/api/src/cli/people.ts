import { randomBytes } from 'node:crypto';
import { ROLES, type Role } from '@baoke/core/access';
import { civilDate, endOfDay, isCivilDate, isTimeZone, type AccountId, type StaffId } from '@baoke/core/kernel';
import { enterStore, inTransaction, type Db, type Pool } from '@baoke/db';
import { clearTotp, deleteSessions, findAccountByUsername, listApiKeys, listMemberships, revokeApiKey, updateAccount, type Account } from '@baoke/db/access';
import { insertAuditEntry } from '@baoke/db/audit';
import { insertAccount, insertStaff, listDemoAccounts, listStores } from '@baoke/db/stores';
import { createApiKey, KEY_SCOPES } from '../access/keys.ts';
import { hashPassword } from '../access/passwords.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { createStore } from '../stores/create.ts';
import { openDatabase, OperatorError } from './open.ts';
import { print } from './print.ts';
import { storeOf } from './store.ts';

type Json = { readonly json: boolean };

async function withPool(work: (pool: Pool) => Promise<void>): Promise<void> {
  const database = await openDatabase({ logLevel: 'warn' });
  try {
    await work(database.pool);
  } finally {
    await database.close();
  }
}

export async function storeCommand(code: string | undefined, options: Json & { name?: string; zone: string; province: string; area: string }): Promise<void> {
  await withPool(async (pool) => {
    if (code === undefined) {
      const stores = await inTransaction(pool, {}, listStores, 'read');
      print(options, stores, stores.map((s) => `${s.code.padEnd(12)} ${s.name}  ${s.zone}`));
      return;
    }
    if (!options.name) throw new OperatorError('A new store needs a name: --name NAME');
    if (!isTimeZone(options.zone)) throw new OperatorError(`${options.zone} is not a time zone; give one such as Asia/Shanghai`);
    if ((await inTransaction(pool, {}, listStores, 'read')).some((s) => s.code === code)) throw new OperatorError(`There is a store with the code ${code} already.`);
    const made = await createStore(pool, { code, name: options.name, zone: options.zone, plateProvince: options.province, areaCode: options.area });
    print(options, { id: made.storeId, code, name: options.name }, [`store ${code} was made`]);
  });
}

export async function userCommand(username: string | undefined, options: Json & { store?: string; name?: string; role?: string; reset: boolean; resetTotp: boolean; disable: boolean }): Promise<void> {
  await withPool(async (pool) => {
    if (username === undefined) {
      const store = await storeOf(pool, options.store);
      const users = await inTransaction(pool, { storeId: store.id }, (tx) => listDemoAccounts(tx, store.id), 'read');
      print(options, users, users.map((u) => `${u.username.padEnd(14)} ${u.role.padEnd(10)} ${u.name}`));
      return;
    }
    const account = await inTransaction(pool, {}, (tx) => findAccountByUsername(tx, username.toLowerCase()), 'read');
    if (account) {
      if (options.resetTotp) {
        await changeAccount(pool, account, { action: 'staff.resetSecondStep' }, async (tx) => {
          if (!(await clearTotp(tx, account.id))) throw new OperatorError(`${username} has no authenticator app to forget.`);
        });
        print(options, { username, secondStep: false }, [`${username} signs in by the password alone, and sets up a new app where his role needs one`]);
        return;
      }
      if (options.disable === options.reset) throw new OperatorError(`${username} exists. Say --reset for a new password, --reset-totp for a lost authenticator app, or --disable.`);
      const password = randomBytes(12).toString('base64url');
      const change = options.disable ? { status: 'disabled' as const } : { passwordHash: await hashPassword(password), mustChangePassword: true, status: 'active' as const };
      const told = options.disable ? { action: 'staff.update', before: { active: account.status === 'active' }, after: { active: false } } : { action: 'staff.resetPassword' };
      await changeAccount(pool, account, told, (tx) => updateAccount(tx, account.id, { ...change, at: now() }));
      print(options, options.disable ? { username, disabled: true } : { username, password }, [options.disable ? `${username} can sign in no more` : `new password of ${username}, shown once: ${password}`]);
      return;
    }
    const role = ROLES.find((r) => r === options.role?.toUpperCase()) as Role | undefined;
    if (!role) throw new OperatorError(`A new user needs a role: --role with one of ${ROLES.join(', ')}`);
    if (!options.name) throw new OperatorError('A new user needs a name: --name NAME');
    const store = await storeOf(pool, options.store);
    const password = randomBytes(12).toString('base64url');
    const made = { id: newId<AccountId>(), groupId: store.groupId, username: username.toLowerCase(), passwordHash: await hashPassword(password), mustChangePassword: true };
    const name = options.name;
    await inTransaction(pool, { storeId: store.id }, async (tx) => {
      await insertAccount(tx, made);
      await insertStaff(tx, store.id, [{ id: newId<StaffId>(), accountId: made.id, name, role, departmentId: null }]);
    });
    print(options, { username: made.username, password }, [`${made.username} was made; password, shown once: ${password}`]);
  });
}

/** Changes how somebody signs in, ends his sessions, and tells the log of each store he works in; all of it or nothing. */
async function changeAccount(pool: Pool, account: Account, told: { action: string; before?: object; after?: object }, change: (tx: Db) => Promise<void>): Promise<void> {
  const memberships = await inTransaction(pool, { accountId: account.id }, (tx) => listMemberships(tx, account.id), 'read');
  await inTransaction(pool, {}, async (tx) => {
    await change(tx);
    await deleteSessions(tx, account.id, {});
    for (const { staffId, store } of memberships) {
      await enterStore(tx, store.id);
      await insertAuditEntry(tx, store.id, { id: newId(), at: now(), actorKind: 'system', actorId: null, actorName: 'baoke user', entity: 'staff', entityId: staffId, before: null, after: null, requestId: null, ip: null, ...told });
    }
  });
}

export async function keyCommand(name: string | undefined, options: Json & { store?: string; scopes?: string; expires?: string; revoke?: string }): Promise<void> {
  await withPool(async (pool) => {
    const store = await storeOf(pool, options.store);
    const { revoke } = options;
    if (revoke !== undefined) {
      if (!(await inTransaction(pool, { storeId: store.id }, (tx) => revokeApiKey(tx, store.id, revoke, now())))) throw new OperatorError(`Store ${store.code} has no living key with the id ${revoke}.`);
      print(options, { id: revoke, revoked: true }, [`key ${revoke} opens nothing any more`]);
      return;
    }
    if (name === undefined) {
      const keys = await inTransaction(pool, { storeId: store.id }, (tx) => listApiKeys(tx, store.id), 'read');
      print(options, keys, keys.map((k) => `${k.id}  ${k.prefix}…  ${k.name}  ${k.revokedAt ? 'revoked' : k.scopes.join(',')}`));
      return;
    }
    const scopes = options.scopes?.split(',').map((s) => s.trim()) ?? [];
    const unknown = scopes.filter((s) => !KEY_SCOPES.includes(s));
    if (scopes.length === 0 || unknown.length > 0) throw new OperatorError(`${unknown.length > 0 ? `Unknown scopes: ${unknown.join(', ')}. ` : ''}Give --scopes as CAPABILITY:ACTION, such as customers:view,complaints:edit`);
    if (options.expires !== undefined && !isCivilDate(options.expires)) throw new OperatorError(`${options.expires} is not a date; give YYYY-MM-DD`);
    const expiresAt = options.expires === undefined ? null : endOfDay(store.zone, civilDate(options.expires));
    if (expiresAt !== null && expiresAt <= now()) throw new OperatorError(`${options.expires} has gone by; give a day from today on`);
    const { id, secret } = await inTransaction(pool, { storeId: store.id }, (tx) => createApiKey(tx, store.id, { name, scopes, expiresAt, createdBy: null }));
    print(options, { id, key: secret, scopes }, [`key, shown once: ${secret}`]);
  });
}

import { randomBytes } from 'node:crypto';
import { ROLES, type Role } from '@baoke/core/access';
import { civilDate, endOfDay, isCivilDate, isTimeZone, type AccountId, type StaffId } from '@baoke/core/kernel';
import { enterStore, inTransaction, type Db, type Pool } from '@baoke/db';
import { clearTotp, deleteSessions, findAccountByUsername, listApiKeys, listMemberships, listStaff, revokeApiKey, updateAccount, updateStaff, type Account, type Membership } from '@baoke/db/access';
import { insertAuditEntry } from '@baoke/db/audit';
import { insertAccount, insertStaff, listDemoAccounts, listStores, type Store } from '@baoke/db/stores';
import { createApiKey, KEY_SCOPES } from '../access/keys.ts';
import { hashPassword } from '../access/passwords.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { createStore } from '../stores/create.ts';
import { areaCodeArgument, idArgument, nameArgument, provinceArgument, storeCodeArgument, usernameArgument } from './arguments.ts';
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
  if (code !== undefined) return makeStore(code, options);
  await withPool(async (pool) => {
    const stores = await inTransaction(pool, {}, listStores, 'read');
    print(options, stores, stores.map((s) => `${s.code.padEnd(12)} ${s.name}  ${s.zone}`));
  });
}

async function makeStore(text: string, options: Json & { name?: string; zone: string; province: string; area: string }): Promise<void> {
  const code = storeCodeArgument(text);
  if (options.name === undefined) throw new OperatorError('A new store needs a name: --name NAME');
  const name = nameArgument('--name', options.name);
  const { zone } = options;
  if (!isTimeZone(zone)) throw new OperatorError(`--zone wants a time zone such as Asia/Shanghai, not "${zone}"`);
  const [plateProvince, areaCode] = [provinceArgument(options.province), areaCodeArgument(options.area)];
  await withPool(async (pool) => {
    if ((await inTransaction(pool, {}, listStores, 'read')).some((s) => s.code === code)) throw new OperatorError(`There is a store with the code ${code} already.`);
    const made = await createStore(pool, { code, name, zone, plateProvince, areaCode });
    print(options, { id: made.storeId, code, name }, [`store ${code} was made`]);
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
      // He signs in to every store alike; one that is named must be his, or it is not him who was meant.
      const named = options.store === undefined ? undefined : await storeOf(pool, options.store);
      const changes = options.resetTotp || options.reset || options.disable;
      if (changes && named && !(await membershipsOf(pool, account)).some(({ store }) => store.id === named.id)) throw new OperatorError(`${account.username} does not work in store ${named.code}; nothing was changed.`);
      if (options.resetTotp) {
        await changeAccount(pool, account, { action: 'staff.resetSecondStep' }, async (tx) => {
          if (!(await clearTotp(tx, account.id))) throw new OperatorError(`${username} has no authenticator app to forget.`);
        });
        print(options, { username, secondStep: false }, [`${username} signs in by the password alone, and sets up a new app where his role needs one`]);
        return;
      }
      if (!options.disable && !options.reset && options.role !== undefined) {
        const store = named ?? (await storeOf(pool, undefined));
        const member = await joinStore(pool, account, store, { role: roleOf(options.role), name: options.name === undefined ? undefined : nameArgument('--name', options.name) });
        print(options, { username: account.username, store: store.code, ...member }, [`${account.username} works in store ${store.code} too, as ${member.role}; he signs in as before`]);
        return;
      }
      if (options.disable === options.reset) throw new OperatorError(`${username} exists. Say --reset for a new password, --reset-totp for a lost authenticator app, --disable, or --store CODE --role ROLE to let him work in a further store.`);
      const password = randomBytes(12).toString('base64url');
      const change = options.disable ? { status: 'disabled' as const } : { passwordHash: await hashPassword(password), mustChangePassword: true, status: 'active' as const };
      const told = options.disable ? { action: 'staff.update', before: { active: account.status === 'active' }, after: { active: false } } : { action: 'staff.resetPassword' };
      await changeAccount(pool, account, told, (tx) => updateAccount(tx, account.id, { ...change, at: now() }));
      print(options, options.disable ? { username, disabled: true } : { username, password }, [options.disable ? `${username} can sign in no more` : `new password of ${username}, shown once: ${password}`]);
      return;
    }
    const called = usernameArgument(username);
    if (options.role === undefined) throw new OperatorError(`A new user needs a role: --role with one of ${ROLES.join(', ')}`);
    const role = roleOf(options.role);
    if (options.name === undefined) throw new OperatorError('A new user needs a name: --name NAME');
    const name = nameArgument('--name', options.name);
    const store = await storeOf(pool, options.store);
    const password = randomBytes(12).toString('base64url');
    const made = { id: newId<AccountId>(), groupId: store.groupId, username: called, passwordHash: await hashPassword(password), mustChangePassword: true };
    await inTransaction(pool, { storeId: store.id }, async (tx) => {
      await insertAccount(tx, made);
      await insertStaff(tx, store.id, [{ id: newId<StaffId>(), accountId: made.id, name, role, departmentId: null }]);
    });
    print(options, { username: made.username, password }, [`${made.username} was made; password, shown once: ${password}`]);
  });
}

function roleOf(words: string): Role {
  const role = ROLES.find((r) => r === words.toUpperCase());
  if (!role) throw new OperatorError(`--role wants one of ${ROLES.join(', ')}, not ${words}`);
  return role;
}

/**
 * Lets somebody who can sign in work in a further store of his group; one who has left it comes back. His name is taken over where none is
 * given. Stands in the log of that store. Refuses an account of another group, and one that works there already.
 */
async function joinStore(pool: Pool, account: Account, store: Store, { role, name }: { role: Role; name: string | undefined }): Promise<{ name: string; role: Role }> {
  if (account.groupId !== store.groupId) throw new OperatorError(`${account.username} belongs to another group of stores than ${store.code}. Make an account of its own there, with another name to sign in by.`);
  const memberships = await membershipsOf(pool, account);
  const here = memberships.find((membership) => membership.store.id === store.id);
  if (here) throw new OperatorError(`${account.username} works in store ${store.code} already, as ${here.role}.`);
  return inTransaction(pool, { storeId: store.id }, async (tx) => {
    const left = (await listStaff(tx, store.id)).find((member) => member.accountId === account.id);
    const called = name ?? left?.name ?? memberships[0]?.name;
    if (called === undefined) throw new OperatorError(`${account.username} works in no store yet: give his name with --name NAME`);
    const member = { id: left?.id ?? newId<StaffId>(), accountId: account.id, name: called, role, departmentId: left?.departmentId ?? null };
    if (left) await updateStaff(tx, store.id, { ...left, ...member, active: true }, now());
    else await insertStaff(tx, store.id, [member]);
    const action = left ? 'staff.update' : 'staff.create';
    await insertAuditEntry(tx, store.id, { ...byOperator(), action, entityId: member.id, before: left ?? null, after: { ...member, username: account.username } });
    return { name: called, role };
  });
}

function membershipsOf(pool: Pool, account: Account): Promise<Membership[]> {
  return inTransaction(pool, { accountId: account.id }, (tx) => listMemberships(tx, account.id), 'read');
}

/** What the log says of who did it, where an operator changes somebody. */
function byOperator() {
  return { id: newId(), at: now(), actorKind: 'system', actorId: null, actorName: 'baoke user', entity: 'staff', requestId: null, ip: null } as const;
}

/** Changes how somebody signs in, ends his sessions, and tells the log of each store he works in; all of it or nothing. */
async function changeAccount(pool: Pool, account: Account, told: { action: string; before?: object; after?: object }, change: (tx: Db) => Promise<void>): Promise<void> {
  const memberships = await membershipsOf(pool, account);
  await inTransaction(pool, {}, async (tx) => {
    await change(tx);
    await deleteSessions(tx, account.id, {});
    for (const { staffId, store } of memberships) {
      await enterStore(tx, store.id);
      await insertAuditEntry(tx, store.id, { ...byOperator(), entityId: staffId, before: null, after: null, ...told });
    }
  });
}

export async function keyCommand(text: string | undefined, options: Json & { store?: string; scopes?: string; expires?: string; revoke?: string }): Promise<void> {
  const name = text === undefined ? undefined : nameArgument('The name of a key', text);
  const revoke = options.revoke === undefined ? undefined : idArgument('--revoke', options.revoke);
  await withPool(async (pool) => {
    const store = await storeOf(pool, options.store);
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
    if (options.expires !== undefined && !isCivilDate(options.expires)) throw new OperatorError(`--expires wants a day as YYYY-MM-DD, not "${options.expires}"`);
    const expiresAt = options.expires === undefined ? null : endOfDay(store.zone, civilDate(options.expires));
    if (expiresAt !== null && expiresAt <= now()) throw new OperatorError(`--expires wants a day from today on; ${options.expires} has gone by`);
    const { id, secret } = await inTransaction(pool, { storeId: store.id }, (tx) => createApiKey(tx, store.id, { name, scopes, expiresAt, createdBy: null }));
    print(options, { id, key: secret, scopes }, [`key, shown once: ${secret}`]);
  });
}

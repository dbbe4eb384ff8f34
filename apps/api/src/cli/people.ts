import { randomBytes } from 'node:crypto';
import { leavesNoAdministrator, ROLES, type Role } from '@baoke/core/access';
import { endOfDay, isCivilDate, isTimeZone, type AccountId, type CivilDate, type StaffId } from '@baoke/core/kernel';
import { enterStore, inTransaction, type Db, type Pool } from '@baoke/db';
import {
  clearTotp,
  deleteSessions,
  findAccountByUsername,
  listAdministrators,
  listApiKeys,
  listMemberships,
  listStaff,
  revokeApiKey,
  updateAccount,
  updateStaff,
  type Account,
  type Membership,
} from '@baoke/db/access';
import { insertAccount, insertStaff, listDemoAccounts, listStores, type Store } from '@baoke/db/stores';
import { createApiKey, KEY_SCOPES } from '../access/keys.ts';
import { hashPassword } from '../access/passwords.ts';
import { recordChange, systemActor } from '../audit/record.ts';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { createAdministrator, createStore } from '../stores/create.ts';
import {
  areaCodeArgument,
  idArgument,
  nameArgument,
  provinceArgument,
  refuseOthers,
  storeCodeArgument,
  usernameArgument,
} from './arguments.ts';
import { openDatabase, OperatorError } from './open.ts';
import { print } from './print.ts';
import { storeOf } from './store.ts';

type Json = { readonly json: boolean };

async function withPool(work: (pool: Pool) => Promise<void>, { makes = false } = {}): Promise<void> {
  const database = await openDatabase({ logLevel: 'warn', makes });
  try {
    await work(database.pool);
  } finally {
    await database.close();
  }
}

export type StoreOptions = { readonly name?: string; readonly zone?: string; readonly province?: string; readonly area?: string };

export async function storeCommand(code: string | undefined, options: Json & StoreOptions): Promise<void> {
  if (code !== undefined) return makeStore(code, options);
  refuseOthers(options, 'a list of stores (to make one, give its CODE)', []);
  await withPool(async (pool) => {
    const stores = await inTransaction(pool, {}, listStores, 'read');
    print(
      options,
      stores,
      stores.map((s) => `${s.code.padEnd(12)} ${s.name}  ${s.zone}`),
    );
  });
}

async function makeStore(text: string, options: Json & StoreOptions): Promise<void> {
  const code = storeCodeArgument(text);
  if (options.name === undefined) throw new OperatorError('A new store needs a name: --name NAME');
  const name = nameArgument('--name', options.name);
  const { zone = 'Asia/Shanghai' } = options;
  if (!isTimeZone(zone)) throw new OperatorError(`--zone wants a time zone such as Asia/Shanghai, not "${zone}"`);
  const [plateProvince, areaCode] = [provinceArgument(options.province ?? '苏'), areaCodeArgument(options.area ?? '0512')];
  const make = async (pool: Pool) => {
    const stores = await inTransaction(pool, {}, listStores, 'read');
    if (stores.some((s) => s.code === code)) throw new OperatorError(`There is a store with the code ${code} already.`);
    const { storeId, departments } = await createStore(pool, { code, name, zone, plateProvince, areaCode }, 'baoke store');
    // Into the first store of an installation nobody could sign in; whoever works in it can be let into further ones.
    const administrator =
      stores.length > 0 ? undefined : await createAdministrator(pool, storeId, departments.get('management') ?? null, 'baoke store');
    print(options, { id: storeId, code, name, ...(administrator ? { administrator } : {}) }, [
      `store ${code} was made`,
      ...(administrator ? [`sign in as ${administrator.username} with ${administrator.password} (shown once; it has to be changed)`] : []),
    ]);
  };
  await withPool(make, { makes: true });
}

export type UserOptions = {
  readonly store?: string;
  readonly name?: string;
  readonly role?: string;
  readonly reset: boolean;
  readonly resetTotp: boolean;
  readonly disable: boolean;
};

/** What is done to a sign-in, in words, by the option that asks for it. */
const CHANGES = { reset: 'a new password', resetTotp: 'forgetting an authenticator app', disable: 'ending a sign-in' } as const;

export async function userCommand(username: string | undefined, options: Json & UserOptions): Promise<void> {
  const [change] = (['reset', 'resetTotp', 'disable'] as const).filter((one) => options[one]);
  if (username === undefined) refuseOthers(options, 'a list of users (to change or make one, give his USERNAME)', ['store']);
  else if (change !== undefined) refuseOthers(options, CHANGES[change], [change, 'store']);
  const role = options.role === undefined ? undefined : roleOf(options.role);
  const name = options.name === undefined ? undefined : nameArgument('--name', options.name);
  await withPool(async (pool) => {
    if (username === undefined) {
      const store = await storeOf(pool, options.store);
      const users = await inTransaction(pool, { storeId: store.id }, (tx) => listDemoAccounts(tx, store.id), 'read');
      print(
        options,
        users,
        users.map((u) => `${u.username.padEnd(14)} ${u.role.padEnd(10)} ${u.name}`),
      );
      return;
    }
    const account = await inTransaction(pool, {}, (tx) => findAccountByUsername(tx, username.toLowerCase()), 'read');
    if (!account && change !== undefined)
      throw new OperatorError(`There is no user ${username}; baoke user --store CODE lists those of a store.`);
    if (account) {
      // He signs in to every store alike; one that is named must be his, or it is not him who was meant.
      const named = options.store === undefined ? undefined : await storeOf(pool, options.store);
      if (change !== undefined && named && !(await membershipsOf(pool, account)).some(({ store }) => store.id === named.id))
        throw new OperatorError(`${account.username} does not work in store ${named.code}; nothing was changed.`);
      if (change === 'resetTotp') {
        await changeAccount(pool, account, { action: 'staff.resetSecondStep' }, async (tx) => {
          if (!(await clearTotp(tx, account.id))) throw new OperatorError(`${username} has no authenticator app to forget.`);
        });
        print(options, { username, secondStep: false }, [
          `${username} signs in by the password alone, and sets up a new app where his role needs one`,
        ]);
        return;
      }
      if (change === undefined) {
        if (role === undefined)
          throw new OperatorError(
            `${username} exists. Say --reset for a new password, --reset-totp for a lost authenticator app, --disable, or --store CODE --role ROLE to let him work in a further store.`,
          );
        const store = named ?? (await storeOf(pool, undefined));
        const member = await joinStore(pool, account, store, { role, name });
        print(options, { username: account.username, store: store.code, ...member }, [
          `${account.username} works in store ${store.code} too, as ${member.role}; he signs in as before`,
        ]);
        return;
      }
      const ends = change === 'disable';
      const password = randomBytes(12).toString('base64url');
      const patch = ends
        ? { status: 'disabled' as const }
        : { passwordHash: await hashPassword(password), mustChangePassword: true, status: 'active' as const };
      const told = ends
        ? { action: 'staff.update', before: { active: account.status === 'active' }, after: { active: false } }
        : { action: 'staff.resetPassword' };
      await changeAccount(pool, account, told, async (tx, memberships) => {
        if (ends) await keepAdministrators(tx, account, memberships);
        await updateAccount(tx, account.id, { ...patch, at: now() });
      });
      print(options, ends ? { username, disabled: true } : { username, password }, [
        ends ? `${username} can sign in no more` : `new password of ${username}, shown once: ${password}`,
      ]);
      return;
    }
    const called = usernameArgument(username);
    if (role === undefined) throw new OperatorError(`A new user needs a role: --role with one of ${ROLES.join(', ')}`);
    if (name === undefined) throw new OperatorError('A new user needs a name: --name NAME');
    const store = await storeOf(pool, options.store);
    const password = randomBytes(12).toString('base64url');
    const made = {
      id: newId<AccountId>(),
      groupId: store.groupId,
      username: called,
      passwordHash: await hashPassword(password),
      mustChangePassword: true,
    };
    await inTransaction(pool, { storeId: store.id }, async (tx) => {
      await insertAccount(tx, made);
      const member = { id: newId<StaffId>(), accountId: made.id, name, role, departmentId: null };
      await insertStaff(tx, store.id, [member]);
      await recordChange(tx, systemActor(store.id, 'baoke user'), {
        action: 'staff.create',
        entity: 'staff',
        entityId: member.id,
        after: { ...member, username: called },
      });
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
async function joinStore(
  pool: Pool,
  account: Account,
  store: Store,
  { role, name }: { role: Role; name: string | undefined },
): Promise<{ name: string; role: Role }> {
  if (account.groupId !== store.groupId)
    throw new OperatorError(
      `${account.username} belongs to another group of stores than ${store.code}. Make an account of its own there, with another name to sign in by.`,
    );
  const memberships = await membershipsOf(pool, account);
  const here = memberships.find((membership) => membership.store.id === store.id);
  if (here) throw new OperatorError(`${account.username} works in store ${store.code} already, as ${here.role}.`);
  return inTransaction(pool, { storeId: store.id }, async (tx) => {
    const left = (await listStaff(tx, store.id)).find((member) => member.accountId === account.id);
    const called = name ?? left?.name ?? memberships[0]?.name;
    if (called === undefined) throw new OperatorError(`${account.username} works in no store yet: give his name with --name NAME`);
    const member = {
      id: left?.id ?? newId<StaffId>(),
      accountId: account.id,
      name: called,
      role,
      departmentId: left?.departmentId ?? null,
    };
    if (left) await updateStaff(tx, store.id, { ...left, ...member, active: true }, now());
    else await insertStaff(tx, store.id, [member]);
    await recordChange(tx, systemActor(store.id, 'baoke user'), {
      action: left ? 'staff.update' : 'staff.create',
      entity: 'staff',
      entityId: member.id,
      before: left ?? null,
      after: { ...left, ...member, username: account.username, active: true },
    });
    return { name: called, role };
  });
}

function membershipsOf(pool: Pool, account: Account): Promise<Membership[]> {
  return inTransaction(pool, { accountId: account.id }, (tx) => listMemberships(tx, account.id), 'read');
}

/** Refuses to end the sign-in of whoever is the last to administer one of his stores. */
async function keepAdministrators(tx: Db, { username }: Account, memberships: readonly Membership[]): Promise<void> {
  for (const { staffId, role, store } of memberships) {
    await enterStore(tx, store.id);
    if (leavesNoAdministrator(await listAdministrators(tx, store.id), { id: staffId, role, active: false }))
      throw new OperatorError(
        `${username} is the only administrator of store ${store.code} who can sign in. Make another first: baoke user NAME --store ${store.code} --role ADMIN --name NAME`,
      );
  }
}

/** Changes how somebody signs in, ends his sessions, and tells the log of each store he works in; all of it or nothing. */
async function changeAccount(
  pool: Pool,
  account: Account,
  told: { action: string; before?: object; after?: object },
  change: (tx: Db, memberships: readonly Membership[]) => Promise<void>,
): Promise<void> {
  const memberships = await membershipsOf(pool, account);
  await inTransaction(pool, {}, async (tx) => {
    await change(tx, memberships);
    await deleteSessions(tx, account.id, {});
    for (const { staffId, store } of memberships) {
      await enterStore(tx, store.id);
      await recordChange(tx, systemActor(store.id, 'baoke user'), { entity: 'staff', entityId: staffId, ...told });
    }
  });
}

export type KeyOptions = { readonly store?: string; readonly scopes?: string; readonly expires?: string; readonly revoke?: string };

export async function keyCommand(text: string | undefined, options: Json & KeyOptions): Promise<void> {
  if (options.revoke !== undefined && text !== undefined)
    throw new OperatorError(`--revoke takes the id of a key, and no NAME beside it: leave out "${text}"`);
  if (options.revoke !== undefined) refuseOthers(options, 'ending a key', ['revoke', 'store']);
  else if (text === undefined) refuseOthers(options, 'a list of keys (to make one, give its NAME)', ['store']);
  const revoke = options.revoke === undefined ? undefined : idArgument('--revoke', options.revoke);
  const wanted =
    text === undefined
      ? undefined
      : {
          name: nameArgument('The name of a key', text),
          scopes: scopesArgument(options.scopes),
          expires: lastDayArgument(options.expires),
        };
  await withPool(async (pool) => {
    const store = await storeOf(pool, options.store);
    if (revoke !== undefined) {
      await inTransaction(pool, { storeId: store.id }, async (tx) => {
        if (!(await revokeApiKey(tx, store.id, revoke, now())))
          throw new OperatorError(`Store ${store.code} has no living key with the id ${revoke}.`);
        await recordChange(tx, systemActor(store.id, 'baoke key'), { action: 'keys.revoke', entity: 'api_key', entityId: revoke });
      });
      print(options, { id: revoke, revoked: true }, [`key ${revoke} opens nothing any more`]);
      return;
    }
    if (wanted === undefined) {
      const keys = await inTransaction(pool, { storeId: store.id }, (tx) => listApiKeys(tx, store.id), 'read');
      print(
        options,
        keys,
        keys.map((k) => `${k.id}  ${k.prefix}…  ${k.name}  ${k.revokedAt ? 'revoked' : k.scopes.join(',')}`),
      );
      return;
    }
    const { name, scopes, expires } = wanted;
    const expiresAt = expires === null ? null : endOfDay(store.zone, expires);
    if (expiresAt !== null && expiresAt <= now())
      throw new OperatorError(`--expires wants a day from today on; ${options.expires} has gone by`);
    const { id, secret } = await inTransaction(pool, { storeId: store.id }, async (tx) => {
      const key = await createApiKey(tx, store.id, { name, scopes, expiresAt, createdBy: null });
      await recordChange(tx, systemActor(store.id, 'baoke key'), {
        action: 'keys.create',
        entity: 'api_key',
        entityId: key.id,
        after: { name, scopes },
      });
      return key;
    });
    print(options, { id, key: secret, scopes }, [`key, shown once: ${secret}`]);
  });
}

function scopesArgument(text: string | undefined): string[] {
  const scopes = text?.split(',').map((s) => s.trim()) ?? [];
  const unknown = scopes.filter((s) => !KEY_SCOPES.includes(s));
  if (scopes.length === 0 || unknown.length > 0)
    throw new OperatorError(
      `${unknown.length > 0 ? `Unknown scopes: ${unknown.join(', ')}. ` : ''}Give --scopes as CAPABILITY:ACTION, such as customers:view,complaints:edit`,
    );
  return scopes;
}

function lastDayArgument(text: string | undefined): CivilDate | null {
  if (text === undefined) return null;
  if (!isCivilDate(text)) throw new OperatorError(`--expires wants a day as YYYY-MM-DD, not "${text}"`);
  return text;
}

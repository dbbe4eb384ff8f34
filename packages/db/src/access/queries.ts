import type { DepartmentKind, RightOverride, Role } from '@baoke/core/access';
import type { AccountId, DepartmentId, GroupId, Instant, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import type { StoreHome } from '../stores/queries.ts';

export type Account = {
  readonly id: AccountId;
  readonly groupId: GroupId;
  readonly username: string;
  readonly passwordHash: string;
  readonly status: 'active' | 'disabled';
  readonly locale: 'zh' | 'en';
  readonly mustChangePassword: boolean;
  /** The sealed secret of the authenticator app, and since when sign-in asks for its codes; a secret that was never confirmed is asked for nothing. */
  readonly totpCipher: Buffer | null;
  readonly totpConfirmedAt: Instant | null;
};

const ACCOUNT = [
  'id',
  'group_id',
  'username',
  'password_hash',
  'status',
  'locale',
  'must_change_password',
  'totp_cipher',
  'totp_confirmed_at',
] as const;

function toAccount(row: {
  id: string;
  group_id: number;
  username: string;
  password_hash: string;
  status: string;
  locale: string;
  must_change_password: boolean;
  totp_cipher: Buffer | null;
  totp_confirmed_at: string | null;
}): Account {
  return {
    id: row.id as AccountId,
    groupId: row.group_id as GroupId,
    username: row.username,
    passwordHash: row.password_hash,
    status: row.status as Account['status'],
    locale: row.locale as Account['locale'],
    mustChangePassword: row.must_change_password,
    totpCipher: row.totp_cipher,
    totpConfirmedAt: row.totp_confirmed_at as Instant | null,
  };
}

export async function findAccountByUsername(db: Db, username: string): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').select(ACCOUNT).where('username', '=', username).executeTakeFirst();
  return row && toAccount(row);
}

export async function findAccount(db: Db, id: AccountId): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').select(ACCOUNT).where('id', '=', id).executeTakeFirst();
  return row && toAccount(row);
}

export async function updateAccount(
  db: Db,
  id: AccountId,
  change: { passwordHash?: string; mustChangePassword?: boolean; locale?: 'zh' | 'en'; status?: 'active' | 'disabled'; at: Instant },
): Promise<void> {
  await db
    .updateTable('accounts')
    .set({
      ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash, password_changed_at: change.at }),
      ...(change.mustChangePassword === undefined ? {} : { must_change_password: change.mustChangePassword }),
      ...(change.locale === undefined ? {} : { locale: change.locale }),
      ...(change.status === undefined ? {} : { status: change.status }),
    })
    .where('id', '=', id)
    .execute();
}

/** Keeps a secret that is still to be confirmed; one that was confirmed stays and the answer is false. */
export async function beginTotp(db: Db, id: AccountId, cipher: Buffer): Promise<boolean> {
  const [result] = await db
    .updateTable('accounts')
    .set({ totp_cipher: cipher })
    .where('id', '=', id)
    .where('totp_confirmed_at', 'is', null)
    .execute();
  return Number(result?.numUpdatedRows ?? 0) > 0;
}

/** From now on sign-in asks for codes; `step` is the time step of the code that confirmed the secret. False: confirmed already. */
export async function confirmTotp(db: Db, id: AccountId, step: number, now: Instant): Promise<boolean> {
  const [result] = await db
    .updateTable('accounts')
    .set({ totp_confirmed_at: now, totp_last_step: step })
    .where('id', '=', id)
    .where('totp_confirmed_at', 'is', null)
    .execute();
  return Number(result?.numUpdatedRows ?? 0) > 0;
}

/** Uses up the code of a time step, and with it those of earlier ones; false when it was used before. Two that come at once: one wins. */
export async function takeTotpStep(db: Db, id: AccountId, step: number): Promise<boolean> {
  const [result] = await db
    .updateTable('accounts')
    .set({ totp_last_step: step })
    .where('id', '=', id)
    .where('totp_last_step', '<', step)
    .execute();
  return Number(result?.numUpdatedRows ?? 0) > 0;
}

/** Forgets the secret and the recovery codes: sign-in asks for the password alone. False when there was nothing to forget. */
export async function clearTotp(db: Db, id: AccountId): Promise<boolean> {
  await db.deleteFrom('recovery_codes').where('account_id', '=', id).execute();
  const [result] = await db
    .updateTable('accounts')
    .set({ totp_cipher: null, totp_confirmed_at: null, totp_last_step: null })
    .where('id', '=', id)
    .where('totp_cipher', 'is not', null)
    .execute();
  return Number(result?.numUpdatedRows ?? 0) > 0;
}

/** Makes these the recovery codes of an account; those it had before open nothing any more. */
export async function replaceRecoveryCodes(db: Db, id: AccountId, hashes: readonly Buffer[]): Promise<void> {
  await db.deleteFrom('recovery_codes').where('account_id', '=', id).execute();
  await db
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ account_id: id, code_hash })))
    .execute();
}

/** Uses up a recovery code; false for one the account does not have (any more). */
export async function takeRecoveryCode(db: Db, id: AccountId, hash: Buffer): Promise<boolean> {
  const [result] = await db.deleteFrom('recovery_codes').where('account_id', '=', id).where('code_hash', '=', hash).execute();
  return Number(result?.numDeletedRows ?? 0) > 0;
}

export async function countRecoveryCodes(db: Db, id: AccountId): Promise<number> {
  const { left } = await db
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('left'))
    .where('account_id', '=', id)
    .executeTakeFirstOrThrow();
  return Number(left);
}

export type Session = {
  readonly tokenHash: Buffer;
  readonly accountId: AccountId;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant;
  readonly expiresAt: Instant;
  readonly ip: string | null;
  readonly userAgent: string | null;
};

export async function insertSession(db: Db, session: Session): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      token_hash: session.tokenHash,
      account_id: session.accountId,
      created_at: session.createdAt,
      last_seen_at: session.lastSeenAt,
      expires_at: session.expiresAt,
      ip: session.ip,
      user_agent: session.userAgent,
    })
    .execute();
}

/** A session that is neither past its end nor idle since before `idleSince`. */
export async function findLiveSession(
  db: Db,
  tokenHash: Buffer,
  now: Instant,
  idleSince: Instant,
): Promise<{ accountId: AccountId; lastSeenAt: Instant } | undefined> {
  const row = await db
    .selectFrom('sessions as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .select(['s.account_id', 's.last_seen_at'])
    .where('s.token_hash', '=', tokenHash)
    .where('s.expires_at', '>', now)
    .where('s.last_seen_at', '>', idleSince)
    .where('a.status', '=', 'active')
    .executeTakeFirst();
  return row && { accountId: row.account_id as AccountId, lastSeenAt: row.last_seen_at as Instant };
}

export async function touchSession(db: Db, tokenHash: Buffer, now: Instant): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: now }).where('token_hash', '=', tokenHash).execute();
}

export async function listSessions(db: Db, accountId: AccountId): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('last_seen_at', 'desc')
    .limit(100)
    .execute();
  return rows.map((r) => ({
    tokenHash: r.token_hash,
    accountId: r.account_id as AccountId,
    createdAt: r.created_at as Instant,
    lastSeenAt: r.last_seen_at as Instant,
    expiresAt: r.expires_at as Instant,
    ip: r.ip,
    userAgent: r.user_agent,
  }));
}

/** Ends the session of this token, whosever it is. */
export async function deleteSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

/** Ends one session of an account, or all but one. Answers how many ended. */
export async function deleteSessions(db: Db, accountId: AccountId, which: { only?: Buffer; except?: Buffer }): Promise<number> {
  let query = db.deleteFrom('sessions').where('account_id', '=', accountId);
  if (which.only) query = query.where('token_hash', '=', which.only);
  if (which.except) query = query.where('token_hash', '!=', which.except);
  const [result] = await query.execute();
  return Number(result?.numDeletedRows ?? 0);
}

export type Membership = {
  readonly staffId: StaffId;
  readonly name: string;
  readonly role: Role;
  readonly departmentId: DepartmentId | null;
  readonly store: { readonly id: StoreId; readonly code: string; readonly name: string; readonly zone: TimeZone; readonly home: StoreHome };
};

/** The stores an account works in; the transaction carries the account so that it sees its own rows in every store. */
export async function listMemberships(db: Db, accountId: AccountId): Promise<Membership[]> {
  const rows = await db
    .selectFrom('staff as m')
    .innerJoin('stores as s', 's.id', 'm.store_id')
    .select([
      'm.id',
      'm.name',
      'm.role',
      'm.department_id',
      's.id as store_id',
      's.code',
      's.name as store_name',
      's.time_zone',
      's.plate_province',
      's.area_code',
    ])
    .where('m.account_id', '=', accountId)
    .where('m.status', '=', 'active')
    .orderBy('s.id')
    .execute();
  return rows.map((r) => ({
    staffId: r.id as StaffId,
    name: r.name,
    role: r.role as Role,
    departmentId: r.department_id as DepartmentId | null,
    store: {
      id: r.store_id as StoreId,
      code: r.code,
      name: r.store_name,
      zone: r.time_zone as TimeZone,
      home: { plateProvince: r.plate_province, areaCode: r.area_code },
    },
  }));
}

/** What a caller's rights in a store are made of: the store's overrides for his role, his department and the people in it, and its security setting (null: as shipped). */
export async function readRightsFacts(
  db: Db,
  storeId: StoreId,
  role: Role,
  departmentId: DepartmentId | null,
): Promise<{ overrides: RightOverride[]; departmentKind: DepartmentKind | null; team: StaffId[]; security: unknown }> {
  const { rows } = await sql<{ overrides: RightOverride[]; kind: DepartmentKind | null; team: StaffId[]; security: unknown }>`select
      (select value from policies where store_id = ${storeId} and capability = 'security' order by version desc limit 1) as security,
      (select coalesce(json_agg(json_build_object('role', role, 'capability', capability, 'action', action, 'scope', scope)), '[]') from right_overrides where store_id = ${storeId} and role = ${role}) as overrides,
      (select kind from departments where store_id = ${storeId} and id = ${departmentId}) as kind,
      (select coalesce(json_agg(id), '[]') from staff where store_id = ${storeId} and department_id = ${departmentId}) as team`.execute(db);
  const row = rows[0];
  return { overrides: row?.overrides ?? [], departmentKind: row?.kind ?? null, team: row?.team ?? [], security: row?.security ?? null };
}

export type ApiKeyRow = {
  readonly storeId: StoreId;
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly staffId: StaffId;
  readonly zone: TimeZone;
  readonly home: StoreHome;
};

/** The key with this hash, unless revoked or expired; the transaction carries the hash as its credential. */
export async function findApiKey(db: Db, keyHash: Buffer, now: Instant): Promise<ApiKeyRow | undefined> {
  const row = await db
    .selectFrom('api_keys as k')
    .innerJoin('stores as s', 's.id', 'k.store_id')
    .select(['k.store_id', 'k.id', 'k.name', 'k.scopes', 'k.staff_id', 's.time_zone', 's.plate_province', 's.area_code'])
    .where('k.key_hash', '=', keyHash)
    .where('k.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('k.expires_at', 'is', null), eb('k.expires_at', '>', now)]))
    .executeTakeFirst();
  return (
    row && {
      storeId: row.store_id as StoreId,
      id: row.id,
      name: row.name,
      scopes: row.scopes,
      staffId: row.staff_id as StaffId,
      zone: row.time_zone as TimeZone,
      home: { plateProvince: row.plate_province, areaCode: row.area_code },
    }
  );
}

/** Staff that are people: an API key has a member of its own as author of what it writes. `staff` names the table in the statement. */
export function isPerson(staff: string): RawBuilder<boolean> {
  const s = sql.table(staff);
  return sql<boolean>`not exists (select from api_keys k where k.store_id = ${s}.store_id and k.staff_id = ${s}.id)`;
}

export type StaffRow = {
  readonly id: StaffId;
  readonly name: string;
  readonly role: Role;
  readonly departmentId: DepartmentId | null;
  readonly team: string | null;
  readonly email: string | null;
  readonly accountId: AccountId | null;
  readonly username: string | null;
  /** Sign-in asks him for a code of his authenticator app. */
  readonly secondStep: boolean;
  readonly active: boolean;
  readonly version: number;
};

/** The people of a store, or one of them (locked when he is to be changed). Members that are the authors of API keys are no people. */
export async function listStaff(db: Db, storeId: StoreId, only?: { id: StaffId; lock: boolean }): Promise<StaffRow[]> {
  let query = db
    .selectFrom('staff as s')
    .leftJoin('accounts as a', 'a.id', 's.account_id')
    .select([
      's.id',
      's.name',
      's.role',
      's.department_id',
      's.team',
      's.email',
      's.account_id',
      'a.username',
      'a.totp_confirmed_at',
      's.status',
      's.version',
    ])
    .where('s.store_id', '=', storeId)
    .where(isPerson('s'))
    .orderBy('s.status')
    .orderBy('s.name');
  if (only) query = query.where('s.id', '=', only.id);
  if (only?.lock) query = query.forNoKeyUpdate('s');
  const rows = await query.execute();
  return rows.map((r) => ({
    id: r.id as StaffId,
    name: r.name,
    role: r.role as Role,
    departmentId: r.department_id as DepartmentId | null,
    team: r.team,
    email: r.email,
    accountId: r.account_id as AccountId | null,
    username: r.username,
    secondStep: r.totp_confirmed_at !== null,
    active: r.status === 'active',
    version: r.version,
  }));
}

/** The administrators of a store who can sign in, locked: of two who would go at once the second sees that he is the last. */
export async function listAdministrators(db: Db, storeId: StoreId): Promise<StaffId[]> {
  const rows = await db
    .selectFrom('staff as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .select('s.id')
    .where('s.store_id', '=', storeId)
    .where('s.role', '=', 'ADMIN')
    .where('s.status', '=', 'active')
    .where('a.status', '=', 'active')
    .orderBy('s.id')
    .forNoKeyUpdate('s')
    .execute();
  return rows.map((r) => r.id as StaffId);
}

export async function updateStaff(
  db: Db,
  storeId: StoreId,
  staff: Pick<StaffRow, 'id' | 'name' | 'role' | 'departmentId' | 'team' | 'email' | 'active'>,
  now: Instant,
): Promise<void> {
  await db
    .updateTable('staff')
    .set({
      name: staff.name,
      role: staff.role,
      department_id: staff.departmentId,
      team: staff.team,
      email: staff.email,
      status: staff.active ? 'active' : 'left',
      version: sql`version + 1`,
      updated_at: now,
    })
    .where('store_id', '=', storeId)
    .where('id', '=', staff.id)
    .execute();
}

export async function listRightOverrides(db: Db, storeId: StoreId): Promise<RightOverride[]> {
  const rows = await db
    .selectFrom('right_overrides')
    .select(['role', 'capability', 'action', 'scope'])
    .where('store_id', '=', storeId)
    .execute();
  return rows as RightOverride[];
}

/** Keeps a right that differs from the shipped one, or forgets it when it no longer does (`shipped`). */
export async function saveRightOverride(
  db: Db,
  storeId: StoreId,
  right: RightOverride,
  shipped: boolean,
  by: StaffId,
  now: Instant,
): Promise<void> {
  const key = { store_id: storeId, role: right.role, capability: right.capability, action: right.action };
  if (shipped) {
    await db
      .deleteFrom('right_overrides')
      .where('store_id', '=', storeId)
      .where('role', '=', right.role)
      .where('capability', '=', right.capability)
      .where('action', '=', right.action)
      .execute();
    return;
  }
  await db
    .insertInto('right_overrides')
    .values({ ...key, scope: right.scope, updated_by: by, updated_at: now })
    .onConflict((oc) =>
      oc.columns(['store_id', 'role', 'capability', 'action']).doUpdateSet({ scope: right.scope, updated_by: by, updated_at: now }),
    )
    .execute();
}

export async function listDepartments(db: Db, storeId: StoreId): Promise<{ id: DepartmentId; kind: DepartmentKind; name: string }[]> {
  const rows = await db.selectFrom('departments').select(['id', 'kind', 'name']).where('store_id', '=', storeId).orderBy('name').execute();
  return rows.map((r) => ({ id: r.id as DepartmentId, kind: r.kind as DepartmentKind, name: r.name }));
}

export async function readPreferences(db: Db, storeId: StoreId, staffId: StaffId): Promise<Record<string, unknown>> {
  const rows = await db
    .selectFrom('preferences')
    .select(['key', 'value'])
    .where('store_id', '=', storeId)
    .where('staff_id', '=', staffId)
    .execute();
  return Object.fromEntries(rows.map((r) => [r.key, r.value]));
}

export async function savePreference(db: Db, storeId: StoreId, staffId: StaffId, key: string, value: unknown): Promise<void> {
  await db
    .insertInto('preferences')
    .values({ store_id: storeId, staff_id: staffId, key, value: JSON.stringify(value) })
    .onConflict((oc) => oc.columns(['store_id', 'staff_id', 'key']).doUpdateSet({ value: JSON.stringify(value), updated_at: sql`now()` }))
    .execute();
}

export type SavedView = {
  readonly id: string;
  readonly page: string;
  readonly name: string;
  readonly staffId: StaffId;
  readonly shared: boolean;
  readonly state: unknown;
};

/** The views of a page a person sees: his own and the shared ones. */
export async function listViews(db: Db, storeId: StoreId, staffId: StaffId, page: string): Promise<SavedView[]> {
  const rows = await db
    .selectFrom('saved_views')
    .select(['id', 'page', 'name', 'staff_id', 'shared', 'state'])
    .where('store_id', '=', storeId)
    .where('page', '=', page)
    .where((eb) => eb.or([eb('shared', '=', true), eb('staff_id', '=', staffId)]))
    .orderBy('name')
    .execute();
  return rows.map((r) => ({ id: r.id, page: r.page, name: r.name, staffId: r.staff_id as StaffId, shared: r.shared, state: r.state }));
}

/** Saves a view of its author; answers false when the view is somebody else's. */
export async function saveView(db: Db, storeId: StoreId, view: SavedView): Promise<boolean> {
  const row = await db
    .insertInto('saved_views')
    .values({
      store_id: storeId,
      id: view.id,
      page: view.page,
      name: view.name,
      staff_id: view.staffId,
      shared: view.shared,
      state: JSON.stringify(view.state),
    })
    .onConflict((oc) =>
      oc
        .columns(['store_id', 'id'])
        .doUpdateSet({ name: view.name, shared: view.shared, state: JSON.stringify(view.state), version: sql`saved_views.version + 1` })
        .where('saved_views.staff_id', '=', view.staffId),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteView(db: Db, storeId: StoreId, staffId: StaffId, id: string): Promise<boolean> {
  const [result] = await db
    .deleteFrom('saved_views')
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .where('staff_id', '=', staffId)
    .execute();
  return Number(result?.numDeletedRows ?? 0) > 0;
}

export async function insertApiKey(
  db: Db,
  storeId: StoreId,
  key: {
    id: string;
    name: string;
    keyHash: Buffer;
    prefix: string;
    scopes: readonly string[];
    staffId: StaffId;
    createdBy: StaffId | null;
    expiresAt: Instant | null;
  },
): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({
      store_id: storeId,
      id: key.id,
      name: key.name,
      key_hash: key.keyHash,
      prefix: key.prefix,
      scopes: [...key.scopes],
      staff_id: key.staffId,
      created_by: key.createdBy,
      expires_at: key.expiresAt,
    })
    .execute();
}

export type ApiKeyListed = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
};

export async function listApiKeys(db: Db, storeId: StoreId): Promise<ApiKeyListed[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select(['id', 'name', 'prefix', 'scopes', 'created_at', 'expires_at', 'revoked_at'])
    .where('store_id', '=', storeId)
    .orderBy('created_at')
    .execute();
  return rows.map((r) => ({
    id: r.id,
    name: r.name,
    prefix: r.prefix,
    scopes: r.scopes,
    createdAt: r.created_at as Instant,
    expiresAt: r.expires_at as Instant | null,
    revokedAt: r.revoked_at as Instant | null,
  }));
}

/** Ends a key; answers false when the store has none of this id that is alive. */
export async function revokeApiKey(db: Db, storeId: StoreId, id: string, at: Instant): Promise<boolean> {
  const [result] = await db
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return Number(result?.numUpdatedRows ?? 0) > 0;
}

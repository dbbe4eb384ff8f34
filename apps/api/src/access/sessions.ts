import '@fastify/cookie';
import { createHash, randomBytes } from 'node:crypto';
import { keyRights, owesSecondStep, rightsOf, type Role, type SecurityPolicy } from '@baoke/core/access';
import { addHours, addMinutes, millisecondsOf, type AccountId, type Instant, type StoreId } from '@baoke/core/kernel';
import { settingOf } from '@baoke/core/settings';
import { inTransaction, type Db, type Pool } from '@baoke/db';
import {
  findAccount,
  findApiKey,
  findLiveSession,
  insertSession,
  listMemberships,
  readRightsFacts,
  touchSession,
  type Membership,
} from '@baoke/db/access';
import type { TRPCError } from '@trpc/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { now } from '../clock.ts';
import type { Caller } from '../context.ts';
import { isLocal } from '../http/local.ts';
import { inputFault, refusal, type Refusal } from '../http/refusals.ts';
import type { Platform } from '../platform.ts';

/** A session ends twelve hours after sign-in, or after thirty minutes without a request of somebody who is there. */
const ABSOLUTE_HOURS = 12;
const IDLE_MINUTES = 30;
const TOUCH_EVERY_MS = 60_000;
// A caller is looked up afresh this often: what an administrator takes away is gone within a second.
const FRESH_MS = 750;

export const KEY_PREFIX = 'bk_';

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Opens a session and answers its token, which is kept nowhere in the clear. */
export async function openSession(tx: Db, accountId: AccountId, from: { ip: string; userAgent: string | null }): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const at = now();
  await insertSession(tx, {
    tokenHash: digest(token),
    accountId,
    createdAt: at,
    lastSeenAt: at,
    expiresAt: addHours(at, ABSOLUTE_HOURS),
    ip: from.ip,
    userAgent: from.userAgent,
  });
  return token;
}

/** Where a request comes from, as its session keeps it. */
export function placeOf(req: FastifyRequest): { ip: string; userAgent: string | null } {
  return { ip: req.ip, userAgent: req.headers['user-agent']?.slice(0, 300) ?? null };
}

const SECURE_COOKIE = '__Host-baoke_session';
const PLAIN_COOKIE = 'baoke_session';

/** Refuses to carry a password or a session where others on the way could read it. */
export function refuseOpenConnection(req: FastifyRequest, { allowInsecureHttp }: Platform['config']): void {
  if (req.protocol !== 'https' && !allowInsecureHttp && !isLocal(req)) throw refusal('access.insecure_connection');
}

/** Puts the token where scripts cannot read it. Plain HTTP is for this machine only, unless the operator says otherwise. */
export function setSessionCookie(req: FastifyRequest, res: FastifyReply, config: Platform['config'], token: string): void {
  refuseOpenConnection(req, config);
  const secure = req.protocol === 'https';
  res.setCookie(secure ? SECURE_COOKIE : PLAIN_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure });
}

export function clearSessionCookie(res: FastifyReply): void {
  res.clearCookie(SECURE_COOKIE, { path: '/', secure: true });
  res.clearCookie(PLAIN_COOKIE, { path: '/' });
}

/** The token of a request, hashed as it is kept; undefined without one. */
export function sessionHashOf(req: FastifyRequest): Buffer | undefined {
  const token = req.cookies[SECURE_COOKIE] ?? (req.protocol === 'https' ? undefined : req.cookies[PLAIN_COOKIE]);
  return token === undefined ? undefined : digest(token);
}

type Session = { readonly tokenHash: Buffer; lastSeenAt: Instant };
type Found = { readonly caller: Caller; readonly session?: Session };
type Kept = { readonly at: number; readonly found: Promise<Found | undefined> };
const kept = new Map<string, Kept>();

/** What a page sends with the requests it makes by itself while nobody touches it. */
export const UNATTENDED_HEADER = 'x-baoke-unattended';

/**
 * Who sends this request: a session by its cookie, or an API key in the Authorization header. Undefined: nobody known.
 *
 * A request keeps its session alive, unless nobody is there: a page left open that follows what others change must not hold the door open.
 */
export async function callerOf(
  platform: Platform,
  req: FastifyRequest,
  isAttended = req.headers[UNATTENDED_HEADER] === undefined,
): Promise<Caller | undefined> {
  const found = await lookUp(platform, req, storeAskedFor(req));
  if (isAttended && found?.session) await keepAlive(platform.pool, found.session);
  return found?.caller;
}

/**
 * Refuses whoever is nobody known: a key that opens nothing is for the integrator to mend, a session that has ended for the person. One that
 * lives and asks for a store that is not its own is told that, whether or not there is such a store.
 */
export async function nobodyKnown(platform: Platform, req: FastifyRequest): Promise<TRPCError> {
  const elsewhere = storeAskedFor(req) !== undefined && (await lookUp(platform, req, undefined));
  if (elsewhere) return refusal('access.foreign_store');
  return refusal(keyOf(req) === undefined ? 'access.signed_out' : 'access.key_unknown');
}

function keyOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
}

function lookUp(platform: Platform, req: FastifyRequest, storeId: StoreId | undefined): Promise<Found | undefined> {
  const key = keyOf(req);
  const credential = key === undefined ? sessionHashOf(req) : digest(key);
  if (!credential) return Promise.resolve(undefined);
  const name = `${credential.toString('base64')} ${storeId ?? ''}`;
  const time = Date.now();
  const known = kept.get(name);
  if (known && time - known.at < FRESH_MS) return known.found;
  if (kept.size > 10_000) kept.clear();
  const found =
    key === undefined
      ? findSession(platform.pool, credential, storeId)
      : callerOfKey(platform.pool, credential).then((caller) =>
          // A key is of one store: asked for another, it is nobody there.
          caller && (storeId === undefined || caller.storeId === storeId) ? { caller } : undefined,
        );
  kept.set(name, { at: time, found });
  found.catch(() => kept.delete(name));
  return found;
}

/** What says which of his stores a person works in. */
export const STORE_HEADER = 'x-baoke-store';

/** The store a request names. What is no number is refused, not passed over: the request would go to another store. */
function storeAskedFor({ headers, query }: FastifyRequest): StoreId | undefined {
  // An event stream in a browser carries no headers: its store stands in the address.
  const inHeader = headers[STORE_HEADER];
  const asked = inHeader ?? (query as { store?: unknown } | undefined)?.store;
  if (asked === undefined) return undefined;
  const path = inHeader === undefined ? 'store' : STORE_HEADER;
  if (typeof asked !== 'string' || !/^-?\d+$/.test(asked)) throw inputFault({ path, code: 'whole_number' });
  if (Number(asked) < 1) throw inputFault({ path, code: 'too_small', params: { minimum: 1 } });
  return Number(asked) as StoreId;
}

/** The store somebody signs in to: the one asked for where he works there, else his first; undefined when he works in none. */
export async function storeOfSignIn(pool: Pool, req: FastifyRequest, accountId: AccountId): Promise<Membership | undefined> {
  const memberships = await inTransaction(pool, { accountId }, (tx) => listMemberships(tx, accountId), 'read');
  const asked = storeAskedFor(req);
  return memberships.find(({ store }) => store.id === asked) ?? memberships[0];
}

/** What a caller has to do before anything else: it keeps him from his work, and from nobody who has done it. */
export function owedBeforeWork({ mustChangePassword, owesSecondStep }: Caller): Refusal | undefined {
  if (mustChangePassword) return 'access.password_to_change';
  return owesSecondStep ? 'access.second_factor_missing' : undefined;
}

/** Forgets what was looked up, so that a change of one's own is seen by the next request. */
export function forgetCallers(): void {
  kept.clear();
}

async function keepAlive(pool: Pool, session: Session): Promise<void> {
  const at = now();
  if (millisecondsOf(at) - millisecondsOf(session.lastSeenAt) <= TOUCH_EVERY_MS) return;
  session.lastSeenAt = at;
  await inTransaction(pool, {}, (tx) => touchSession(tx, session.tokenHash, at));
}

async function findSession(pool: Pool, tokenHash: Buffer, asked: StoreId | undefined): Promise<Found | undefined> {
  const at = now();
  const session = await inTransaction(pool, {}, (tx) => findLiveSession(tx, tokenHash, at, addMinutes(at, -IDLE_MINUTES)), 'read');
  if (!session) return undefined;
  const caller = await callerOfAccount(pool, session.accountId, asked);
  return caller && { caller, session: { tokenHash, lastSeenAt: session.lastSeenAt } };
}

/** An account at work in a store: the one asked for, else his first. Undefined when he works in none. */
export async function callerOfAccount(pool: Pool, accountId: AccountId, asked: StoreId | undefined): Promise<Caller | undefined> {
  const { account, memberships } = await inTransaction(
    pool,
    { accountId },
    async (tx) => ({ account: await findAccount(tx, accountId), memberships: await listMemberships(tx, accountId) }),
    'read',
  );
  const member = asked === undefined ? memberships[0] : memberships.find((m) => m.store.id === asked);
  if (!account || !member) return undefined;
  const facts = await inTransaction(
    pool,
    { storeId: member.store.id },
    (tx) => readRightsFacts(tx, member.store.id, member.role, member.departmentId),
    'read',
  );
  // The value is of the section asked for.
  const security = settingOf('security', facts.security).value as SecurityPolicy;
  return {
    kind: 'staff',
    accountId,
    username: account.username,
    locale: account.locale,
    mustChangePassword: account.mustChangePassword,
    secondStepRequired: security.secondStepRoles.includes(member.role),
    owesSecondStep: owesSecondStep(security, member.role, account.totpConfirmedAt !== null),
    staffId: member.staffId,
    name: member.name,
    role: member.role,
    departmentId: member.departmentId,
    departmentKind: facts.departmentKind,
    storeId: member.store.id,
    zone: member.store.zone,
    home: member.store.home,
    rights: rightsOf(member.role, facts.overrides),
    team: facts.team,
  };
}

async function callerOfKey(pool: Pool, keyHash: Buffer): Promise<Caller | undefined> {
  const key = await inTransaction(pool, { credential: keyHash.toString('hex') }, (tx) => findApiKey(tx, keyHash, now()), 'read');
  if (!key) return undefined;
  return {
    kind: 'api_key',
    accountId: null,
    username: null,
    locale: 'zh',
    mustChangePassword: false,
    secondStepRequired: false,
    owesSecondStep: false,
    staffId: key.staffId,
    name: key.name,
    role: 'ADMIN' satisfies Role,
    departmentId: null,
    departmentKind: null,
    storeId: key.storeId,
    zone: key.zone,
    home: key.home,
    rights: keyRights(key.scopes),
    team: [],
  };
}

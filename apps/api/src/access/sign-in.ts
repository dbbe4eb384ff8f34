import { setTimeout as pause } from 'node:timers/promises';
import type { signInInput } from '@baoke/core/access';
import { inTransaction } from '@baoke/db';
import { deleteSession, findAccountByUsername, type Account } from '@baoke/db/access';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordChange, systemActor, type Actor } from '../audit/record.ts';
import { now } from '../clock.ts';
import { DEMO_PASSWORD } from '../demo/index.ts';
import { isLocal } from '../http/local.ts';
import { refusal } from '../http/refusals.ts';
import type { Platform } from '../platform.ts';
import { passwordFits } from './passwords.ts';
import { takeCode } from './second-step.ts';
import { forgetCallers, openSession, placeOf, sessionHashOf, storeOfSignIn } from './sessions.ts';

type Tried = { readonly platform: Platform; readonly req: FastifyRequest; readonly requestId: string };

/** What a failed try takes at least: longer than writing it down, so that the time does not tell whether there is such an account. */
const FAILED_MS = 50;

/**
 * Opens a session for who knows the password, and the code where the account asks for one; answers its token. Both that and a failed try stand
 * in the log of the store he signs in to.
 */
export async function signIn(tried: Tried, { username, password, code }: z.output<typeof signInInput>): Promise<string> {
  const { platform, req, requestId } = tried;
  const { pool, limits } = platform;
  const place = placeOf(req);
  const { isLast } = await limits.signInTried(username, place.ip);
  const account = await inTransaction(pool, {}, (tx) => findAccountByUsername(tx, username), 'read');
  // The password of the demo is known to everybody: it opens nothing from elsewhere, and that answer is the one of a wrong password.
  const isKnownToAll = platform.demo && password === DEMO_PASSWORD && !isLocal(req);
  const fits = (await passwordFits(account?.passwordHash, password)) && !isKnownToAll;
  if (!account || !fits || account.status !== 'active') {
    await fail(tried, username, account, isLast);
    throw refusal('access.wrong_credentials');
  }
  if (account.totpConfirmedAt) {
    if (code === undefined) {
      await limits.signInForgiven(username, place.ip);
      throw refusal('access.second_factor_required');
    }
    try {
      const taken = await takeCode(platform, account, code);
      if (taken === 'recovery') platform.log.warn({ accountId: account.id, requestId }, 'signed in with a recovery code');
    } catch (error) {
      await fail(tried, username, account, isLast);
      throw error;
    }
  }
  await limits.signInSucceeded(username, place.ip);
  const at = await storeOfSignIn(pool, req, account.id);
  const left = sessionHashOf(req);
  const token = await inTransaction(pool, { storeId: at?.store.id }, async (tx) => {
    // The browser forgets the cookie it had: nobody could end that session any more.
    if (left) await deleteSession(tx, left);
    const opened = await openSession(tx, account.id, place);
    if (at) {
      const actor: Actor = {
        kind: 'staff',
        staffId: at.staffId,
        name: at.name,
        storeId: at.store.id,
        now: now(),
        requestId,
        ip: place.ip,
      };
      await recordChange(tx, actor, { action: 'access.signIn', entity: 'account', entityId: account.id });
    }
    return opened;
  });
  if (left) forgetCallers();
  return token;
}

async function fail({ platform, req, requestId }: Tried, username: string, account: Account | undefined, locks: boolean): Promise<void> {
  const writtenDown = async () => {
    const at = account && (await storeOfSignIn(platform.pool, req, account.id));
    if (!account || !at) return;
    const actor = systemActor(at.store.id, 'sign-in', { requestId, ip: req.ip });
    await inTransaction(platform.pool, { storeId: at.store.id }, async (tx) => {
      for (const action of ['access.signInFailed', ...(locks ? ['access.lockOut'] : [])])
        await recordChange(tx, actor, { action, entity: 'account', entityId: account.id, after: { username } });
    });
  };
  await Promise.all([writtenDown(), pause(FAILED_MS)]);
}

import type { SecondStepView } from '@baoke/core/access';
import type { AccountId } from '@baoke/core/kernel';
import { inTransaction, type Db } from '@baoke/db';
import {
  beginTotp,
  clearTotp,
  confirmTotp,
  countRecoveryCodes,
  deleteSessions,
  findAccount,
  replaceRecoveryCodes,
  takeRecoveryCode,
  takeTotpStep,
  type Account,
} from '@baoke/db/access';
import { recordChange } from '../audit/record.ts';
import { now } from '../clock.ts';
import type { StaffContext } from '../context.ts';
import { refusal } from '../http/refusals.ts';
import { sealOf, sharedKey, storeKey } from '../key-file.ts';
import type { Platform } from '../platform.ts';
import { passwordFits } from './passwords.ts';
import { newRecoveryCodes, newTotpSecret, plainCode, recoveryHash, stepOfCode, totpUri } from './totp.ts';

const PURPOSE = 'second step: encryption';
const wrongCode = () => refusal('access.wrong_code', { fields: [{ path: 'code', code: 'access.wrong_code' }] });

/** The account of the caller; an API key has none, so nothing here is for it. */
async function accountOf({ pool }: Platform, { accountId }: StaffContext): Promise<Account> {
  const account = accountId ? await inTransaction(pool, {}, (tx) => findAccount(tx, accountId), 'read') : undefined;
  if (!account) throw refusal('access.forbidden');
  return account;
}

async function passwordOf(platform: Platform, ctx: StaffContext, password: string): Promise<Account> {
  const account = await accountOf(platform, ctx);
  await tryCode(platform, account.id, async () => {
    if (!(await passwordFits(account.passwordHash, password)))
      throw refusal('access.wrong_password', { fields: [{ path: 'password', code: 'access.wrong_password' }] });
  });
  return account;
}

/** Counts a try before it is judged, so that tries at once do not outrun the count; what fits begins the count anew. */
async function tryCode<T>({ limits }: Platform, accountId: AccountId, judge: () => Promise<T>): Promise<T> {
  await limits.codeTried(accountId);
  const judged = await judge();
  await limits.codeFitted(accountId);
  return judged;
}

/** Uses up a code of the app or a recovery code; refuses one that is wrong or was used. Ten wrong ones lock the account's codes for a quarter of an hour. */
export async function takeCode(platform: Platform, account: Account, typed: string): Promise<'app' | 'recovery'> {
  return tryCode(platform, account.id, async () => {
    const code = plainCode(typed);
    const { totpCipher } = account;
    if (!totpCipher) throw wrongCode();
    const step = stepOfCode(sealOf(sharedKey(platform), PURPOSE).open(account.id, totpCipher), code, now());
    const taken = await inTransaction(platform.pool, {}, (tx) =>
      step === undefined ? takeRecoveryCode(tx, account.id, recoveryHash(account.id, code)) : takeTotpStep(tx, account.id, step),
    );
    if (!taken) throw wrongCode();
    return step === undefined ? 'recovery' : 'app';
  });
}

/** How the caller's own sign-in stands. */
export async function describeSecondStep(platform: Platform, ctx: StaffContext): Promise<SecondStepView> {
  const { id, totpConfirmedAt } = await accountOf(platform, ctx);
  const recoveryCodesLeft = await inTransaction(platform.pool, {}, (tx) => countRecoveryCodes(tx, id), 'read');
  return { setUpAt: totpConfirmedAt, recoveryCodesLeft, required: ctx.secondStepRequired };
}

/** Makes a secret for the caller's app; nothing asks for it until a code of it came back. */
export async function beginSecondStep(
  platform: Platform,
  ctx: StaffContext,
  password: string,
  store: string,
): Promise<{ secret: string; uri: string }> {
  const account = await passwordOf(platform, ctx, password);
  const secret = newTotpSecret();
  const begun = await ctx.inStore(async (tx) =>
    beginTotp(tx, account.id, sealOf(await storeKey(platform, tx, ctx.storeId), PURPOSE).close(account.id, secret)),
  );
  if (!begun) throw refusal('access.second_factor_set_up');
  return { secret, uri: totpUri(secret, account.username, store) };
}

/** The first code of the app: from now on sign-in asks for one. The caller's other sessions end. */
export async function confirmSecondStep(
  platform: Platform,
  ctx: StaffContext,
  typed: string,
  session: Buffer | undefined,
): Promise<string[]> {
  const account = await accountOf(platform, ctx);
  const { totpCipher, totpConfirmedAt } = account;
  if (!totpCipher || totpConfirmedAt) throw refusal('access.second_factor_set_up');
  const step = await tryCode(platform, account.id, async () => {
    const found = stepOfCode(sealOf(sharedKey(platform), PURPOSE).open(account.id, totpCipher), plainCode(typed), ctx.now);
    if (found === undefined) throw wrongCode();
    return found;
  });
  return ctx.inStore(async (tx) => {
    if (!(await confirmTotp(tx, account.id, step, ctx.now))) throw refusal('access.second_factor_set_up');
    await deleteSessions(tx, account.id, session ? { except: session } : {});
    await recordChange(tx, ctx, { action: 'access.setUpSecondStep', entity: 'account', entityId: account.id });
    return writeRecoveryCodes(tx, account.id);
  });
}

/** New recovery codes for a code of the app; the old ones open nothing any more. */
export async function renewRecoveryCodes(platform: Platform, ctx: StaffContext, typed: string): Promise<string[]> {
  const account = await accountOf(platform, ctx);
  if (!account.totpConfirmedAt) throw refusal('access.second_factor_not_set_up');
  await takeCode(platform, account, typed);
  return ctx.inStore(async (tx) => {
    await recordChange(tx, ctx, { action: 'access.renewRecoveryCodes', entity: 'account', entityId: account.id });
    return writeRecoveryCodes(tx, account.id);
  });
}

async function writeRecoveryCodes(tx: Db, accountId: AccountId): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(
    tx,
    accountId,
    codes.map((code) => recoveryHash(accountId, code)),
  );
  return codes;
}

/** Ends the second step of the caller himself, for password and code; whose role needs it keeps it. */
export async function removeSecondStep(
  platform: Platform,
  ctx: StaffContext,
  { password, code }: { password: string; code: string },
): Promise<void> {
  if (ctx.secondStepRequired) throw refusal('access.second_factor_demanded');
  const account = await passwordOf(platform, ctx, password);
  if (!account.totpConfirmedAt) throw refusal('access.second_factor_not_set_up');
  await takeCode(platform, account, code);
  await ctx.inStore(async (tx) => {
    await clearTotp(tx, account.id);
    await recordChange(tx, ctx, { action: 'access.removeSecondStep', entity: 'account', entityId: account.id });
  });
}

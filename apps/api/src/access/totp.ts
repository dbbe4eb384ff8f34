import { createHash, randomBytes } from 'node:crypto';
import { millisecondsOf, type AccountId, type Instant } from '@baoke/core/kernel';
import { generateSecret, generateURI, verifySync } from 'otplib';

/** Codes of the step before and after count too: clocks of phones differ. */
const TOLERANCE_SECONDS = 30;
const SIX_DIGITS = /^\d{6}$/;
/** Letters and digits nobody takes for another; 32 of them, so that a random byte falls on each alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz023456789';
const RECOVERY_CODES = 10;
const RECOVERY_SIGNS = 16;

/** A new secret as an authenticator app takes it: 160 bits in base32. */
export function newTotpSecret(): string {
  return generateSecret();
}

/** What the QR code says: the account and the secret. */
export function totpUri(secret: string, username: string, store: string): string {
  return generateURI({ secret, label: username, issuer: `Baoke ${store}` });
}

/** The time step a code of six digits belongs to; undefined when it is none of now, the step before or the step after (RFC 6238). */
export function stepOfCode(secret: string, code: string, now: Instant): number | undefined {
  if (!SIX_DIGITS.test(code)) return undefined;
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(millisecondsOf(now) / 1000),
    epochTolerance: TOLERANCE_SECONDS,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** A code as it was typed, without the gaps it is shown with. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toLowerCase();
}

/** Recovery codes, 80 bits each, in groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const signs = [...randomBytes(RECOVERY_SIGNS)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
    return signs.replaceAll(/(.{4})(?=.)/g, '$1-');
  });
}

/** A recovery code as it is kept. It is as random as a key, so a plain digest keeps it; the account stands in it as salt. */
export function recoveryHash(accountId: AccountId, code: string): Buffer {
  return createHash('sha256')
    .update(`${accountId}:${plainCode(code)}`)
    .digest();
}

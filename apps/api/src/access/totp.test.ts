import { describe, expect, it } from 'vitest';
import { at } from '@baoke/core/kernel/testing';
import { instantOfMilliseconds, type AccountId } from '@baoke/core/kernel';
import { newRecoveryCodes, newTotpSecret, plainCode, recoveryHash, stepOfCode, totpUri } from './totp.ts';

/** The secret of RFC 6238 appendix B, `12345678901234567890`, in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of RFC 6238 appendix B (SHA-1, the last six digits)', () => {
  it.each([
    { seconds: 59, code: '287082' },
    { seconds: 1111111109, code: '081804' },
    { seconds: 1111111111, code: '050471' },
    { seconds: 1234567890, code: '005924' },
    { seconds: 2000000000, code: '279037' },
    { seconds: 20000000000, code: '353130' },
  ])('$code at $seconds s', ({ seconds, code }) => {
    expect(stepOfCode(SECRET, code, instantOfMilliseconds(seconds * 1000))).toBe(Math.floor(seconds / 30));
  });
});

describe('a code of the step that begins at 1111111110 s', () => {
  it.each([
    { name: 'the second before the step before', seconds: 1111111079, step: undefined },
    { name: 'the first second of the step before', seconds: 1111111080, step: 37037037 },
    { name: 'its first second', seconds: 1111111110, step: 37037037 },
    { name: 'its last second', seconds: 1111111139, step: 37037037 },
    { name: 'the last second of the step after', seconds: 1111111169, step: 37037037 },
    { name: 'the second after', seconds: 1111111170, step: undefined },
  ])('$name', ({ seconds, step }) => {
    expect(stepOfCode(SECRET, '050471', instantOfMilliseconds(seconds * 1000))).toBe(step);
  });

  it.each(['28708', '2870822', '28708a', 'abcd-efgh-jkmn-pqrs', ''])('%j is none', (typed) => {
    expect(stepOfCode(SECRET, typed, at('1970-01-01T00:00:59Z'))).toBeUndefined();
  });
});

describe('what an authenticator app is given', () => {
  it('is a secret of 160 bits, another one each time', () => {
    const secrets = new Set(Array.from({ length: 50 }, newTotpSecret));
    expect(secrets.size).toBe(50);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('names the store and the account', () => {
    const uri = new URL(totpUri(SECRET, 'admin', '我的门店'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(SECRET);
    expect(uri.searchParams.get('issuer')).toBe('Baoke 我的门店');
    expect(decodeURIComponent(uri.pathname)).toContain('admin');
  });
});

describe('recovery codes', () => {
  const account = '01980000-0000-7000-8000-000000000001' as AccountId;
  it('are ten, each of its own', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([a-km-np-z02-9]{4}-){3}[a-km-np-z02-9]{4}$/);
  });

  it.each(['abcd-efgh-jkmn-pqrs', 'ABCD EFGH JKMN PQRS', 'abcdefghjkmnpqrs'])('%s is the same code however it is typed', (typed) => {
    expect(plainCode(typed)).toBe('abcdefghjkmnpqrs');
    expect(recoveryHash(account, typed)).toEqual(recoveryHash(account, 'abcdefghjkmnpqrs'));
  });

  it('are of one account', () => {
    const other = '01980000-0000-7000-8000-000000000002' as AccountId;
    expect(recoveryHash(account, 'abcdefghjkmnpqrs')).not.toEqual(recoveryHash(other, 'abcdefghjkmnpqrs'));
  });
});

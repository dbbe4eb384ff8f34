import { isCivilDate, type CivilDate } from '../kernel/index.ts';

/** Resident identity numbers (GB 11643) and the unified social credit code of organisations (GB 32100). */
export type IdNumberKind = 'id_card' | 'organisation_code';

export type IdNumberReading =
  | { readonly ok: true; readonly kind: 'id_card'; readonly number: string; readonly bornOn: CivilDate; readonly gender: 'male' | 'female' }
  | { readonly ok: true; readonly kind: 'organisation_code'; readonly number: string }
  | {
      readonly ok: false;
      readonly refusal: 'customers.id_length' | 'customers.id_characters' | 'customers.id_birth_date' | 'customers.id_check_digit';
    };

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const ID_CHECK = '10X98765432';
const CODE_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;

/** The 18th character of the first 17 digits of an identity number (ISO 7064, MOD 11-2). */
export function idCardCheckDigit(first17: string): string {
  let sum = 0;
  for (const [at, weight] of ID_WEIGHTS.entries()) sum += weight * Number(first17.charAt(at));
  return ID_CHECK.charAt(sum % 11);
}

/** The 18th character of a unified social credit code (MOD 31-3). */
export function organisationCodeCheckDigit(first17: string): string {
  let sum = 0;
  for (const [at, weight] of CODE_WEIGHTS.entries()) sum += weight * CODE_SIGNS.indexOf(first17.charAt(at));
  return CODE_SIGNS.charAt((31 - (sum % 31)) % 31);
}

/**
 * Reads an identity number or an organisation's code: full-width, spaces and a small x are mended.
 *
 * Refuses another length than 18 (numbers of 15 digits were withdrawn in 2013), a birth date that does not exist and a wrong check digit.
 * The district is not looked up: codes of dissolved districts stay valid for life.
 */
export function readIdNumber(text: string): IdNumberReading {
  const number = text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
  if (number.length !== 18) return { ok: false, refusal: 'customers.id_length' };
  if (/^\d{17}[\dX]$/.test(number)) {
    const bornOn = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
    const right = idCardCheckDigit(number.slice(0, 17)) === number.charAt(17);
    if (isCivilDate(bornOn) && right) {
      return { ok: true, kind: 'id_card', number, bornOn, gender: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female' };
    }
    // A code of an organisation may consist of digits alone, so it is asked before the number is refused.
    if (isOrganisationCode(number)) return { ok: true, kind: 'organisation_code', number };
    return { ok: false, refusal: isCivilDate(bornOn) ? 'customers.id_check_digit' : 'customers.id_birth_date' };
  }
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(number)) return { ok: false, refusal: 'customers.id_characters' };
  if (!isOrganisationCode(number)) return { ok: false, refusal: 'customers.id_check_digit' };
  return { ok: true, kind: 'organisation_code', number };
}

function isOrganisationCode(number: string): boolean {
  return /^[0-9A-HJ-NP-RTUWXY]{18}$/.test(number) && organisationCodeCheckDigit(number.slice(0, 17)) === number.charAt(17);
}

/** Hides the birth date and sequence of a number for lists: `320506********1234`. */
export function maskIdNumber(number: string): string {
  return `${number.slice(0, 6)}${'*'.repeat(Math.max(0, number.length - 10))}${number.slice(-4)}`;
}

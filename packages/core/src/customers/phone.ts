import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { withoutHiddenSigns } from '../kernel/index.ts';

/** A phone in E.164 (`+8613812345678`) and whether it is a mobile. */
export interface Phone {
  readonly e164: string;
  readonly kind: 'mobile' | 'landline';
}

export type PhoneRefusal = 'customers.phone_digits' | 'customers.phone_scientific' | 'customers.phone_format';

/** How a phone had to be mended to be understood. */
export type PhoneMend =
  | 'country_code'
  | 'separators'
  | 'area_code_added'
  | 'leading_zero_added'
  | 'decimal_tail'
  | 'scientific'
  | 'fullwidth';

export type PhoneReading =
  | { readonly ok: true; readonly phone: Phone; readonly mends: readonly PhoneMend[] }
  | { readonly ok: false; readonly refusal: PhoneRefusal };

const MOBILE = /^1[3-9]\d{9}$/;
/** Seven or eight digits behind the area code, of which 10 and 2x are two digits long and all others three. */
const LANDLINE = /^0(?:10|2\d|[3-9]\d{2})\d{7,8}$/;
const SERVICE_LINE = /^[48]00\d{7}$/;
const LOCAL = /^[2-8]\d{6,7}$/;
const SCIENTIFIC = /^(\d)\.?(\d*)E\+?(\d{1,2})$/i;

/**
 * Reads one phone as people and spreadsheets write it.
 *
 * Mainland numbers by their own plan (11-digit mobiles from 13 to 19; area code with 7 or 8 digits; a local number gets the store's area
 * code); numbers of other countries need their `+`; the marks of direction that telephones copy with a number go. A number in scientific notation is taken only when all its digits are in it:
 * expanding `1.38E+10` would give somebody else's number. Source: spec 01 Rules; import policy on phones.
 */
export function readPhone(text: string, areaCode: string): PhoneReading {
  const folded = withoutHiddenSigns(text).normalize('NFKC').trim();
  const mends: PhoneMend[] = [];
  if (folded !== text.trim()) mends.push('fullwidth');
  const scientific = SCIENTIFIC.exec(folded);
  let plain = folded;
  if (scientific) {
    const [, lead = '', fraction = '', exponent = ''] = scientific;
    if (fraction.length !== Number(exponent)) return { ok: false, refusal: 'customers.phone_scientific' };
    plain = lead + fraction;
    mends.push('scientific');
  }
  if (/^\d+\.0+$/.test(plain)) {
    plain = plain.slice(0, plain.indexOf('.'));
    mends.push('decimal_tail');
  }
  // A landline is normally written with its dash behind the area code; anything else between the digits is decoration.
  const usualLandline = /^0\d{2,3}-\d{7,8}$/.test(plain);
  const digits = plain.replace(/[\s\-‐-―.()·]/gu, '');
  if (digits !== plain && !usualLandline) mends.push('separators');
  const national = digits.replace(/^(?:\+|00)?86(?=(?:0?1[3-9]\d{9}|0?[1-9]\d{8,10})$)/, '');
  if (national !== digits) mends.push('country_code');
  const phone = mainland(national, areaCode, mends);
  if (phone) return { ok: true, phone, mends };
  if (/^(?:\+|00)(?!86)\d{7,15}$/.test(digits)) {
    const parsed = parsePhoneNumberFromString(digits.replace(/^00/, '+'));
    if (parsed?.isPossible()) return { ok: true, phone: { e164: parsed.number, kind: parsed.isValid() ? 'mobile' : 'landline' }, mends };
  }
  if (!/^\+?\d+$/.test(digits)) return { ok: false, refusal: 'customers.phone_format' };
  return { ok: false, refusal: 'customers.phone_digits' };
}

function mainland(digits: string, areaCode: string, mends: PhoneMend[]): Phone | undefined {
  if (MOBILE.test(digits)) return { e164: `+86${digits}`, kind: 'mobile' };
  if (/^01[3-9]\d{9}$/.test(digits)) {
    mends.push('separators');
    return { e164: `+86${digits.slice(1)}`, kind: 'mobile' };
  }
  if (LANDLINE.test(digits)) return { e164: `+86${digits.slice(1)}`, kind: 'landline' };
  if (SERVICE_LINE.test(digits)) return { e164: `+86${digits}`, kind: 'landline' };
  // Spreadsheets eat the zero of the area code. A ten-digit number from 1 is a mobile with a digit missing, never 010 shortened.
  if (/^[2-9]/.test(digits) && LANDLINE.test(`0${digits}`)) {
    mends.push('leading_zero_added');
    return { e164: `+86${digits}`, kind: 'landline' };
  }
  if (LOCAL.test(digits) && LANDLINE.test(`${areaCode}${digits}`)) {
    mends.push('area_code_added');
    return { e164: `+86${areaCode.slice(1)}${digits}`, kind: 'landline' };
  }
  return undefined;
}

/** The national digits of an E.164 number, without the country code of the mainland: what people know by heart. */
export function nationalDigits(e164: string): string {
  return e164.startsWith('+86') ? e164.slice(3) : e164.slice(1);
}

/** Writes a phone the way it is read aloud here: `138 1234 5678`, `0512-67654321`, others in international form. */
export function formatPhone(e164: string): string {
  if (!e164.startsWith('+86')) return e164;
  const national = e164.slice(3);
  if (MOBILE.test(national)) return `${national.slice(0, 3)} ${national.slice(3, 7)} ${national.slice(7)}`;
  if (SERVICE_LINE.test(national)) return `${national.slice(0, 3)}-${national.slice(3, 6)}-${national.slice(6)}`;
  const areaDigits = /^(?:10|2\d)/.test(national) ? 2 : 3;
  return `0${national.slice(0, areaDigits)}-${national.slice(areaDigits)}`;
}

/** Hides the middle of a phone for lists: `138****5678`, `0512-****4321`. */
export function maskPhone(e164: string): string {
  const national = nationalDigits(e164);
  if (e164.startsWith('+86') && MOBILE.test(national)) return `${national.slice(0, 3)}****${national.slice(7)}`;
  const shown = formatPhone(e164);
  return `${shown.slice(0, Math.max(3, shown.length - 8))}****${shown.slice(-4)}`;
}

/**
 * Vehicle identification numbers (ISO 3779, GB 16735): 17 characters without I, O, Q.
 *
 * The ninth character is a check digit for cars built for China (world code L) and North America (1 to 5) only; elsewhere it carries
 * no such meaning, so those numbers are sound as they stand.
 */
export type VinCheck = 'valid' | 'no_check_digit' | 'wrong_check_digit';

export type VinReading =
  | { readonly ok: true; readonly vin: string; readonly check: VinCheck; readonly corrected: boolean }
  | { readonly ok: false; readonly refusal: 'vehicles.vin_length' | 'vehicles.vin_characters' };

const VIN = /^[A-HJ-NPR-Z0-9]{17}$/;
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
const VALUES: Readonly<Record<string, number>> = {
  A: 1,
  B: 2,
  C: 3,
  D: 4,
  E: 5,
  F: 6,
  G: 7,
  H: 8,
  J: 1,
  K: 2,
  L: 3,
  M: 4,
  N: 5,
  P: 7,
  R: 9,
  S: 2,
  T: 3,
  U: 4,
  V: 5,
  W: 6,
  X: 7,
  Y: 8,
  Z: 9,
};

/** The check digit that belongs to 17 well-formed characters: `0` to `9` or `X`. */
export function vinCheckDigit(vin: string): string {
  let sum = 0;
  for (const [at, weight] of WEIGHTS.entries()) {
    const sign = vin.charAt(at);
    sum += weight * (VALUES[sign] ?? Number(sign));
  }
  const rest = sum % 11;
  return rest === 10 ? 'X' : String(rest);
}

/** Whether numbers of this origin carry a check digit: built for China (L) or North America (1 to 5). */
export function hasVinCheckDigit(vin: string): boolean {
  return /^[L1-5]/.test(vin);
}

/**
 * Reads a VIN as people write it: any case, full-width, with spaces or dashes; O stands for 0 and I for 1 (neither occurs in a VIN).
 *
 * `corrected` tells that letters were replaced. A wrong check digit is accepted and named, for old cars and slips exist: the caller warns.
 * Refuses another length than 17, and signs no VIN has. Source: spec 01 Vehicle; import policy on VINs.
 */
export function readVin(text: string): VinReading {
  const compact = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-_.]/g, '');
  const vin = compact.replace(/O/g, '0').replace(/I/g, '1');
  if (vin.length !== 17) return { ok: false, refusal: 'vehicles.vin_length' };
  if (!VIN.test(vin)) return { ok: false, refusal: 'vehicles.vin_characters' };
  return { ok: true, vin, check: checkVin(vin), corrected: vin !== compact };
}

/** What the check digit of a stored VIN says. */
export function checkVin(vin: string): VinCheck {
  if (!hasVinCheckDigit(vin)) return 'no_check_digit';
  return vinCheckDigit(vin) === vin.charAt(8) ? 'valid' : 'wrong_check_digit';
}

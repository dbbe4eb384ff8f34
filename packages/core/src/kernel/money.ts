import type { Branded } from './ids.ts';

/** Money in integer fen (1 yuan = 100 fen). Never a fraction, never beyond 2^53. */
export type Fen = Branded<number, 'Fen'>;
/**
 * The most that one record may hold, a hundred million yuan: far beyond any car, and so little that the sum of a store's records stays within
 * 2^53. One slip of a finger must not end the reports of everybody.
 */
export const MOST_FEN = 10_000_000_000;
/** Whole loyalty points. */
export type Points = Branded<number, 'Points'>;

/** Takes a safe integer as fen; anything else is a broken assumption and throws. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole, safe number of fen: ${amount}`);
  return amount as Fen;
}

/** Adds amounts in fen; throws when the sum leaves the safe range instead of losing a fen. */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0;
  for (const amount of amounts) total += amount;
  return fen(total);
}

/** Writes fen as yuan with two decimals and thousands separators, `¥1,249.99`; the sign stands before the symbol. */
export function formatFen(amount: Fen): string {
  const negative = amount < 0;
  const whole = Math.trunc(Math.abs(amount) / 100).toLocaleString('en-US');
  const cents = String(Math.abs(amount) % 100).padStart(2, '0');
  return `${negative ? '-' : ''}¥${whole}.${cents}`;
}

/** A share kept as the two whole numbers it was counted from, until it is shown. */
export type Rate = { readonly part: number; readonly whole: number };

export function rate(part: number, whole: number): Rate {
  return { part, whole };
}

/** The rate as a share of 1; undefined where it is one of nothing. */
export function shareOf({ part, whole }: Rate): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

/**
 * Shows a rate as per cent, rounded half away from zero once, here. A whole of 0 has no rate and shows as `–`.
 * A positive rate too small for the decimals asked for is never shown as 0: it gets as many decimals as it needs.
 *
 * Source: document 002, complaint rates 0.278 % and 0.21 %.
 */
export function formatRate({ part, whole }: Rate, decimals = 2): string {
  if (whole === 0) return '–';
  let digits = decimals;
  while (part !== 0 && roundedPercent(part, whole, digits) === 0n && digits < 12) digits += 1;
  const text = `${roundedPercent(part, whole, digits)}`.padStart(digits + 1, '0');
  const sign = part < 0 && Number(text) !== 0 ? '-' : '';
  return `${sign}${text.slice(0, text.length - digits)}${digits === 0 ? '' : `.${text.slice(-digits)}`}%`;
}

/**
 * By how many percentage points a rate changed, taken from both as they are rounded for the reader, so that what is printed adds up.
 * Undefined where one of them is a rate of nothing.
 */
export function pointsBetween(before: Rate, now: Rate, decimals: number): number | undefined {
  if (before.whole === 0 || now.whole === 0) return undefined;
  const units = ({ part, whole }: Rate) => Math.sign(part) * Number(roundedPercent(part, whole, decimals));
  return (units(now) - units(before)) / 10 ** decimals;
}

/** The units a share is kept to before it is shown: a mean or a change of rates is no pair of whole numbers. */
const SHARE_UNITS = 1e12;

/** Shows a share of 1 that is no pair of counts (a mean, a relative change) as per cent, rounded as `formatRate` does. */
export function formatShare(share: number, decimals = 2): string {
  return formatRate({ part: Math.round(share * SHARE_UNITS), whole: SHARE_UNITS }, decimals);
}

// How many units of the last digit, without a sign. In whole numbers: as a fraction 57.5 % may be a hair less, and lose its half.
function roundedPercent(part: number, whole: number, digits: number): bigint {
  const [up, down] = [BigInt(Math.abs(part)) * 10n ** BigInt(digits + 2), BigInt(Math.abs(whole))];
  return (2n * up + down) / (2n * down);
}

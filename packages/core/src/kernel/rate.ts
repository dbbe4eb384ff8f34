/** A share kept as the two whole numbers it was counted from, until it is shown. */
export type Rate = { readonly part: number; readonly whole: number };

export function rate(part: number, whole: number): Rate {
  return { part, whole };
}

/**
 * Shows a rate as per cent, rounded half away from zero once, here. A whole of 0 has no rate and shows as `–`.
 * A positive rate too small for the decimals asked for is never shown as 0: it gets as many decimals as it needs.
 *
 * Source: document 002, complaint rates 0.278 % and 0.21 %.
 */
export function formatRate({ part, whole }: Rate, decimals = 2): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  let digits = decimals;
  while (percent !== 0 && Number(percent.toFixed(digits)) === 0 && digits < 12) digits += 1;
  return `${percent.toFixed(digits)}%`;
}

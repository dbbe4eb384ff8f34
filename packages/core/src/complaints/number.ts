/** Fewer digits are the end of too many numbers to help anybody. */
const SHORTEST_END = 3;
const WRITTEN = new RegExp(`^(?:\\d{0,8}-)?\\d{${SHORTEST_END},8}$`);
const WITHOUT_HYPHEN = /^(20\d{6})(\d{3,4})$/;

/**
 * The end of a complaint's number (`20260501-003`) that somebody typed, the whole of it included, with or without its hyphen: `0501-003`, `-003`,
 * `003`, `20260501003`. Undefined for what cannot be one: a search for it would find nothing.
 */
export function numberEnd(term: string): string | undefined {
  const typed = term.trim().replace(/[‐-―－]/g, '-');
  const whole = WITHOUT_HYPHEN.exec(typed);
  if (whole) return `${whole[1]}-${whole[2]}`;
  return WRITTEN.test(typed) ? typed : undefined;
}

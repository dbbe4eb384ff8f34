/** Words that passwords are made of everywhere, here and in this product. Source: OWASP ASVS 5.0 6.2.4 and 6.2.11; lists of leaked passwords. */
const COMMON_WORDS = (
  'password passwort passwd passcode pass admin administrator root user guest test login welcome hello letmein changeme default secret master ' +
  'iloveyou loveyou love monkey dragon football baseball basketball princess sunshine shadow superman batman trustno michael jordan charlie ' +
  'summer winter spring autumn monday computer internet samsung google qq taobao china beijing shanghai suzhou zhongguo nihao woaini aini mima ' +
  'woshishei wodemima baobao laopo laogong baoke demo crm dealer auto 密码 我爱你 你好 保客'
).split(' ');
const ROWS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  '1qaz2wsx3edc4rfv5tgb',
  'qazwsxedcrfvtgb',
  'q1w2e3r4t5y6',
];
const SHORTEST_RUN = 4;
/** So many letters beyond known words make a word of one's own. */
const OWN_LETTERS = 4;
const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

const RUNS = ROWS.flatMap((row) => [row, [...row].toReversed().join('')]).flatMap(piecesOf);
const KNOWN = [...new Set([...COMMON_WORDS, ...RUNS])].toSorted(longestFirst);

function piecesOf(row: string): string[] {
  return Array.from({ length: row.length - SHORTEST_RUN + 1 }, (_, from) =>
    Array.from({ length: row.length - SHORTEST_RUN - from + 1 }, (__, more) => row.slice(from, from + SHORTEST_RUN + more)),
  ).flat();
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}

export type PasswordRefusal = 'access.password_common' | 'access.password_own';

/**
 * Why a new password would be guessed among the first: one sign or a few over and over, digits alone, or known words and runs of the keyboard with
 * digits and signs around them (`common`); the same with what is known of the person: his names, his store (`own`). Undefined: it may be taken.
 *
 * Source: OWASP ASVS 5.0 6.2.4, 6.2.11.
 */
export function passwordRefusal(password: string, known: readonly string[]): PasswordRefusal | undefined {
  const typed = password.normalize('NFKC').toLowerCase();
  const read = typed.replaceAll(/[@43!10$57]/g, (sign) => LOOKALIKES[sign] ?? sign);
  if (/^(.{1,4})\1+$/u.test(typed) || /^[\d\s.-]+$/.test(typed)) return 'access.password_common';
  const consistsOf = (words: readonly string[]) => [typed, read].some((text) => lettersBeyond(text, words) < OWN_LETTERS);
  if (consistsOf(KNOWN)) return 'access.password_common';
  const own = known
    .flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)])
    .map((name) => name.normalize('NFKC').toLowerCase())
    .filter((name) => name.length >= (/\p{Script=Han}/u.test(name) ? 2 : 3));
  return consistsOf([...own, ...KNOWN].toSorted(longestFirst)) ? 'access.password_own' : undefined;
}

function lettersBeyond(text: string, words: readonly string[]): number {
  const rest = words.reduce((left, word) => left.replaceAll(word, ' '), text);
  return rest.match(/\p{L}/gu)?.length ?? 0;
}

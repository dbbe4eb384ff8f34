import { foldPinyin, hasHan, isCompanyName, nameKey, nameSyllables } from './names.ts';
import { nationalDigits } from './phone.ts';

/** What a customer can be found by. */
export interface Searchable {
  readonly name: string;
  /** E.164. */
  readonly phones: readonly string[];
  readonly plates: readonly string[];
  readonly vins: readonly string[];
}

export type SearchKind = 'name' | 'pinyin' | 'initials' | 'phone' | 'plate' | 'vin';

/** One way to answer a term: tokens from `lower` up to, not including, `upper`. */
export interface SearchRange {
  readonly kind: SearchKind;
  readonly lower: string;
  readonly upper: string;
}

const PREFIX = { name: 'n:', pinyin: 'p:', initials: 'i:', phone: 't:', plate: 'v:', vin: 'w:' } as const satisfies Record<
  SearchKind,
  string
>;
/** Above every text with the prefix in code-point order, which is the database's. */
const LAST = '\u{10ffff}';
const LONGEST_PIECE = 12;
const VIN_TAIL = 8;

/**
 * The search tokens of a customer, each asked by equality or by a range on its prefix: only those operators reach an index under
 * row-level security, and trigrams know nothing of names of two signs.
 *
 * Every end of the name, so that an infix is the beginning of a token; folded pinyin from each syllable; initials; the phone backwards, so
 * that its last digits come first; plates from each place on (≥ 2 signs); VINs backwards. Source: spec 01 Search, spec 12 findings 1, 2, 6.
 */
export function searchTokens(customer: Searchable): string[] {
  const tokens = new Set<string>();
  const signs = [...nameKey(customer.name)];
  for (let from = 0; from < signs.length; from += 1) {
    tokens.add(PREFIX.name + signs.slice(from, from + LONGEST_PIECE).join(''));
  }
  const syllables = nameSyllables(customer.name);
  // A company is sought from the beginning of its name or by a Chinese piece of it; every end of a long name would swell the table.
  const starts = isCompanyName(customer.name) ? Math.min(syllables.length, 3) : syllables.length;
  for (let from = 0; from < starts; from += 1) {
    const rest = syllables.slice(from, from + LONGEST_PIECE);
    tokens.add(PREFIX.pinyin + foldPinyin(rest.join('')));
    const initials = rest.map((syllable) => foldPinyin(syllable).charAt(0)).join('');
    if (initials.length > 1) tokens.add(PREFIX.initials + initials);
  }
  for (const phone of customer.phones) tokens.add(PREFIX.phone + reversed(nationalDigits(phone)));
  for (const plate of customer.plates) {
    const plateSigns = [...plate];
    for (let from = 0; from <= plateSigns.length - 2; from += 1) tokens.add(PREFIX.plate + plateSigns.slice(from).join(''));
  }
  for (const vin of customer.vins) tokens.add(PREFIX.vin + reversed(vin));
  return [...tokens];
}

/**
 * Sorts a term by its signs and says which ranges of tokens answer it, the likeliest first; the ranges are alternatives.
 *
 * Digits alone, however a phone is written (country code, spaces, dashes, full-width): the last four or more of it, or the whole number; then plate and VIN tail. Chinese: a piece of the name, or a plate
 * when it begins with a province and a letter. Letters: pinyin, initials, from three on a plate; with digits plate and VIN tail. Nothing for an empty term.
 */
export function searchQuery(term: string): SearchRange[] {
  const key = nameKey(term);
  if (key === '') return [];
  const plateLike = key.toUpperCase().replace(/[-·.•・]/g, '');
  if (hasHan(key)) {
    if (/^\p{Script=Han}[A-Z][A-Z0-9]*\p{Script=Han}?$/u.test(plateLike)) return [range('plate', plateLike), range('name', key)];
    return [range('name', [...key].slice(0, LONGEST_PIECE).join(''))];
  }
  const digits = key
    .replace(/[-‐-―.()·]/g, '')
    // Without its sign the code of the country is one only before a whole number: an end of a number may begin with 86 too.
    .replace(/^(?:\+|00)86|^86(?=(?:0?1[3-9]\d{9}|0?[1-9]\d{8,10})$)/, '')
    .replace(/^\+/, '');
  if (/^\d+$/.test(digits)) {
    const ranges: SearchRange[] = [];
    if (digits.length >= 4) ranges.push(range('phone', reversed(digits.length > 9 ? digits.replace(/^0/, '') : digits)));
    if (digits.length >= 2 && digits.length <= 6) ranges.push(range('plate', digits));
    if (digits.length >= 4 && digits.length <= VIN_TAIL) ranges.push(range('vin', reversed(digits)));
    return ranges;
  }
  if (/^[a-z]+$/.test(key)) {
    const ranges: SearchRange[] = [range('pinyin', foldPinyin(key))];
    if (key.length >= 2 && key.length <= LONGEST_PIECE) ranges.push(range('initials', foldInitials(key)));
    // Two letters are somebody's initials: as a piece of a plate they would bring hundreds of strangers.
    if (key.length >= 3 && key.length <= 7) ranges.push(range('plate', plateLike));
    ranges.push(range('name', key));
    return ranges;
  }
  const ranges: SearchRange[] = [];
  if (/^[A-Z0-9]{2,8}$/.test(plateLike)) ranges.push(range('plate', plateLike));
  if (/^[A-Z0-9]{4,17}$/.test(plateLike)) ranges.push(range('vin', reversed(plateLike.replace(/O/g, '0').replace(/I/g, '1'))));
  ranges.push(range('name', key));
  return ranges;
}

/** Initials fold sign by sign: `l` reads as `n`, and a following h is a letter of its own, not part of zh. */
function foldInitials(letters: string): string {
  return letters.replace(/l/g, 'n');
}

function range(kind: SearchKind, start: string): SearchRange {
  return { kind, lower: PREFIX[kind] + start, upper: PREFIX[kind] + start + LAST };
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

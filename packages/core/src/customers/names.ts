import { pinyin } from 'pinyin-pro';

const HAN = /\p{Script=Han}/u;

/** Whether the text holds a Chinese character. */
export function hasHan(text: string): boolean {
  return HAN.test(text);
}

/**
 * Tidies a name as entered: white space at the ends goes, inside a Chinese name it goes altogether, inside others it becomes one blank.
 * Full-width letters and digits become plain ones; a company's brackets become full-width, as its licence has them.
 */
export function tidyName(text: string): string {
  const trimmed = foldWidth(text).replace(/\s+/gu, ' ').trim();
  const joined = hasHan(trimmed) ? trimmed.replace(/(?<=\p{Script=Han}|[()（）]) (?=\p{Script=Han}|[()（）])/gu, '') : trimmed;
  return hasHan(joined) && isCompanyName(joined) ? joined.replace(/\(/g, '（').replace(/\)/g, '）') : joined;
}

/** Full-width letters, digits and blanks as plain ones; Chinese punctuation stays as it is. */
export function foldWidth(text: string): string {
  return text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[\u3000\u00a0]/g, ' ');
}

/** What two spellings of one name have in common: compatibility forms, case, white space and signs without a shape do not tell people apart. */
export function nameKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]+/gu, '')
    .toLowerCase();
}

/** A name with 公司 is a company's. Source: import policy on customers. */
export function isCompanyName(name: string): boolean {
  return name.includes('公司');
}

const MOST_NAMES = 2_000;
const syllablesOf = new Map<string, readonly string[]>();

/** Syllables of a name without tones, the surname in its own reading (单 shan, 曾 zeng); a run of other signs stands as one syllable. */
export function nameSyllables(name: string): readonly string[] {
  // One name is asked for several times: to sort by, to search by, to find namesakes.
  let syllables = syllablesOf.get(name);
  if (syllables === undefined) {
    syllables = readSyllables(name);
    if (syllablesOf.size >= MOST_NAMES) syllablesOf.clear();
    syllablesOf.set(name, syllables);
  }
  return syllables;
}

function readSyllables(name: string): readonly string[] {
  if (!hasHan(name))
    return name
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean);
  const readings = pinyin(name, {
    toneType: 'none',
    type: 'array',
    surname: isCompanyName(name) ? 'off' : 'head',
    nonZh: 'consecutive',
    v: true,
    traditional: true,
  });
  return readings.map((reading) => reading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')).filter(Boolean);
}

export interface NamePinyin {
  /** The syllables joined, as typed: `liuchunjiang`. Lists are sorted by it. */
  readonly full: string;
  /** First letters: `lcj`. */
  readonly initials: string;
}

/** Pinyin and initials of a name, for sorting and searching. */
export function namePinyin(name: string): NamePinyin {
  const syllables = nameSyllables(name);
  return { full: syllables.join(''), initials: syllables.map((syllable) => syllable.charAt(0)).join('') };
}

/**
 * Folds what southern speakers do not tell apart: zh/z, ch/c, sh/s at the beginning, ng/n at the end, l/n at the beginning.
 * Applied alike to stored pinyin and to what is typed, on the joined letters, so that no syllable border is needed. Source: spec 13.
 */
export function foldPinyin(letters: string): string {
  return letters
    .toLowerCase()
    .replace(/([zcs])h/g, '$1')
    .replace(/ng/g, 'n')
    .replace(/l/g, 'n');
}

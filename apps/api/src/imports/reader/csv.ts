import type { SheetRow } from '@baoke/core/imports';
import { UnreadableFile, type ReaderLimits } from './limits.ts';

const [LINE_FEED, RETURN, QUOTE, EQUALS] = [10, 13, 34, 61];
const DELIMITERS = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The separator that cuts the first lines into the most, and the most even, pieces. */
export function detectDelimiter(text: string): Delimiter {
  const lines = text
    .slice(0, 65_536)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 30);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length - 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const even = counts.filter((count) => count === usual).length / Math.max(1, counts.length);
    const score = usual * even;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/**
 * Reads delimited text as spreadsheets do, which is less strict than RFC 4180.
 *
 * A quotation mark opens a quoted cell only at its beginning; inside other cells it is a letter. `="05…"`, the guard that some systems
 * write without escaping it, is one cell with its guard. A quotation mark that never closes is a letter too. Lines end in CR, LF or both;
 * a record with line ends inside counts as one row, an empty line as one.
 */
export function* readDelimited(text: string, delimiter: Delimiter, limits: ReaderLimits): Generator<SheetRow> {
  const end = text.length;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let row = 0;
  let quotesCount = true;
  while (at < end) {
    row += 1;
    if (row > limits.rows + 1) throw new UnreadableFile('imports.too_many_rows', row);
    const cells: (string | null)[] = [];
    for (;;) {
      let value: string;
      const start = at;
      const first = text.charCodeAt(at);
      const guarded = first === EQUALS && text.charCodeAt(at + 1) === QUOTE;
      const quoted = quotesCount && (guarded || first === QUOTE);
      const closing = quoted ? closingQuote(text, guarded ? at + 2 : at + 1, guarded ? delimiter : undefined) : -1;
      if (quoted && closing >= 0) {
        value = guarded ? text.slice(start, closing + 1) : text.slice(start + 1, closing).replaceAll('""', '"');
        at = closing + 1;
        const rest = cellEnd(text, at, delimiter);
        value += text.slice(at, rest);
        at = rest;
      } else {
        // Looking for the end again at every open quotation mark would cost the square of the file.
        if (quoted && !guarded) quotesCount = false;
        at = cellEnd(text, at, delimiter);
        value = text.slice(start, at);
      }
      if (value.length > limits.cellLength) throw new UnreadableFile('imports.cell_too_long', row);
      cells.push(value === '' ? null : value);
      if (cells.length > limits.columns) throw new UnreadableFile('imports.too_many_columns', row);
      if (at < end && text.charAt(at) === delimiter) {
        at += 1;
        continue;
      }
      break;
    }
    if (text.charAt(at) === '\r') at += 1;
    if (text.charAt(at) === '\n' && (text.charAt(at - 1) === '\r' || at < end)) at += 1;
    yield { row, cells };
  }
}

/** The place of the quotation mark that closes a cell; a doubled one stands for itself. A bare guard closes before a separator only. */
function closingQuote(text: string, from: number, guardBefore: string | undefined): number {
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return -1;
    if (guardBefore !== undefined) {
      const next = text.charAt(quote + 1);
      return next === '' || next === guardBefore || next === '\r' || next === '\n' ? quote : -1;
    }
    if (text.charAt(quote + 1) !== '"') return quote;
    at = quote + 2;
  }
}

function cellEnd(text: string, from: number, delimiter: string): number {
  const separator = delimiter.charCodeAt(0);
  let at = from;
  while (at < text.length) {
    const sign = text.charCodeAt(at);
    if (sign === separator || sign === LINE_FEED || sign === RETURN) return at;
    at += 1;
  }
  return at;
}

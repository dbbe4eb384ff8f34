/** A number as a spreadsheet shows it: a share is kept as what it is, 0.279, and shown as 27.9%. */
export type Formatted = { readonly value: number; readonly format: string };
/** A cell of an export: text stays text, a number may be added up. */
export type Cell = string | number | Formatted | null;

export type Table = {
  readonly name: string;
  /** Lines above the table of a workbook: what it is, of which store and days. */
  readonly about?: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

// What a spreadsheet takes for a formula, behind any blanks and control signs, in plain and full-width form (P15).
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
const STARTS_WITH_CONTROL = /^[\t\r\n\0]/;

/** Text that no spreadsheet runs: an apostrophe before whatever it could take for a formula. */
export function safeText(text: string): string {
  return FORMULA.test(text) || STARTS_WITH_CONTROL.test(text) ? `'${text}` : text;
}

/** What a cell adds up to: the number behind its format, or the text. */
export function valueOf(cell: Cell): string | number | null {
  return cell !== null && typeof cell === 'object' ? cell.value : cell;
}

/** The format of a share kept as what it is: 0.279 shows as 27.9%. */
export function shareFormat(decimals: number): string {
  return decimals === 0 ? '0%' : `0.${'0'.repeat(decimals)}%`;
}

/** How many letters wide a cell is; a Chinese sign is as wide as two. */
export function widthOf(cell: Cell): number {
  if (cell !== null && typeof cell === 'object') return 10;
  return [...String(cell ?? '')].reduce((width, sign) => width + (/[\u2e80-\uffee]/.test(sign) ? 2 : 1), 0);
}

const MOST_WIDTH = 48;

/** How wide the columns of a table are, by its first rows, and the format of their cells: text stays text where no number stands. */
export function columnsOf({ header, rows }: Table): { readonly width: number; readonly format: string }[] {
  return header.map((title, at) => {
    const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, widthOf(row[at] ?? null)), widthOf(title));
    const hasNumbers = rows.some((row) => typeof valueOf(row[at] ?? null) === 'number');
    return { width: Math.min(MOST_WIDTH, longest + 2), format: hasNumbers ? 'General' : '@' };
  });
}

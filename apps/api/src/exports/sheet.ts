import type { Workbook } from '@cj-tech-master/excelts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A number as a spreadsheet shows it: a share is kept as what it is, 0.279, and shown as 27.9%. */
export type Formatted = { readonly value: number; readonly format: string };
/** A cell of an export: text stays text, a number may be added up. */
export type Cell = string | number | Formatted | null;
export type Sheet = {
  readonly name: string;
  /** Lines above the table of a workbook: what it is, of which store and days. */
  readonly about?: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Further tables of a workbook, each a sheet of its own; a CSV holds the first alone. */
  readonly more?: readonly Omit<Sheet, 'more' | 'complete'>[];
  /** False where the list goes on beyond what a file holds. */
  readonly complete?: boolean;
};

// What a spreadsheet takes for a formula, behind any blanks and control signs, in plain and full-width form (P15).
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
const STARTS_WITH_CONTROL = /^[\t\r\n\0]/;

/** Text that no spreadsheet runs: an apostrophe before whatever it could take for a formula. */
export function safeText(text: string): string {
  return FORMULA.test(text) || STARTS_WITH_CONTROL.test(text) ? `'${text}` : text;
}

/** CSV for spreadsheets: UTF-8 with a mark so that Excel reads Chinese, CRLF, every text quoted, formulas disarmed. */
export function toCsv({ header, rows }: Sheet): Buffer {
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell) => {
        const value = valueOf(cell);
        return typeof value === 'string' ? `"${safeText(value).replaceAll('"', '""')}"` : String(value ?? '');
      })
      .join(',');
  return Buffer.from(`\u{feff}${[header, ...rows].map(line).join('\r\n')}\r\n`, 'utf8');
}

function valueOf(cell: Cell): string | number | null {
  return cell !== null && typeof cell === 'object' ? cell.value : cell;
}

/** An Excel workbook: texts are text cells, long digits stay as they are, numbers are numbers with their format, formulas disarmed. */
export async function toXlsx({ more = [], ...first }: Sheet): Promise<Buffer> {
  // Loaded with the first workbook somebody asks for: it is a third of the memory a server at rest would hold.
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  for (const table of [first, ...more]) addTable(workbook, table);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function addTable(workbook: Workbook, { name, about = [], header, rows }: Sheet): void {
  const sheet = workbook.addWorksheet(name);
  for (const line of about) sheet.addRow([safeText(line)]);
  const headed = about.length + 1;
  sheet.addRow([...header]);
  sheet.getRow(headed).font = { bold: true };
  for (const row of rows) sheet.addRow(row.map((cell) => (typeof cell === 'string' ? safeText(cell) : valueOf(cell))));
  header.forEach((title, at) => {
    const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, widthOf(row[at] ?? null)), widthOf(title));
    sheet.getColumn(at + 1).width = Math.min(48, longest + 2);
    sheet.getColumn(at + 1).numFmt = rows.some((row) => typeof valueOf(row[at] ?? null) === 'number') ? 'General' : '@';
  });
  for (const [down, row] of rows.entries()) {
    for (const [at, cell] of row.entries())
      if (cell !== null && typeof cell === 'object') sheet.getRow(headed + 1 + down).getCell(at + 1).numFmt = cell.format;
  }
  sheet.views = [{ state: 'frozen', ySplit: headed }];
}

// A Chinese sign is as wide as two letters.
function widthOf(cell: Cell): number {
  if (cell !== null && typeof cell === 'object') return 10;
  return [...String(cell ?? '')].reduce((width, sign) => width + (/[\u2e80-\uffee]/.test(sign) ? 2 : 1), 0);
}

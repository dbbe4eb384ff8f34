/** A cell of an export: text stays text, a number may be added up. */
export type Cell = string | number | null;
export type Sheet = {
  readonly name: string;
  /** Lines above the table of a workbook: what it is, of which store and days. */
  readonly about?: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
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
      .map((cell) => (cell === null ? '' : typeof cell === 'number' ? String(cell) : `"${safeText(cell).replaceAll('"', '""')}"`))
      .join(',');
  return Buffer.from(`\u{feff}${[header, ...rows].map(line).join('\r\n')}\r\n`, 'utf8');
}

/** An Excel workbook of one sheet: texts are text cells, long digits stay as they are, formulas disarmed. */
export async function toXlsx({ name, about = [], header, rows }: Sheet): Promise<Buffer> {
  // Loaded with the first workbook somebody asks for: it is a third of the memory a server at rest would hold.
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  const sheet = workbook.addWorksheet(name);
  for (const line of about) sheet.addRow([safeText(line)]);
  const headed = about.length + 1;
  sheet.addRow([...header]);
  sheet.getRow(headed).font = { bold: true };
  for (const row of rows) sheet.addRow(row.map((cell) => (typeof cell === 'string' ? safeText(cell) : cell)));
  header.forEach((title, at) => {
    const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, widthOf(row[at] ?? null)), widthOf(title));
    sheet.getColumn(at + 1).width = Math.min(48, longest + 2);
    sheet.getColumn(at + 1).numFmt = rows.some((row) => typeof row[at] === 'number') ? 'General' : '@';
  });
  sheet.views = [{ state: 'frozen', ySplit: headed }];
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

// A Chinese sign is as wide as two letters.
function widthOf(cell: Cell): number {
  return [...String(cell ?? '')].reduce((width, sign) => width + (/[\u2e80-\uffee]/.test(sign) ? 2 : 1), 0);
}

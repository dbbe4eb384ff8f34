import type { Workbook, Worksheet } from '@cj-tech-master/excelts';
import { safeText, valueOf, widthOf, type Cell } from './cells.ts';
import { addCharts, type Charts } from './charts.ts';

export type { Cell } from './cells.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Sheet = {
  readonly name: string;
  /** Lines above the table of a workbook: what it is, of which store and days. */
  readonly about?: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Further tables of a workbook, each a sheet of its own; a CSV holds the first alone. */
  readonly more?: readonly Omit<Sheet, 'more' | 'charts' | 'complete'>[];
  /** Charts below the first table of a workbook; what they are drawn from becomes the last sheet. */
  readonly charts?: Charts;
  /** False where the list goes on beyond what a file holds. */
  readonly complete?: boolean;
};

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

/** An Excel workbook: texts are text cells, long digits stay as they are, numbers are numbers with their format, formulas disarmed. */
export async function toXlsx({ more = [], charts, ...first }: Sheet): Promise<Buffer> {
  // Loaded with the first workbook somebody asks for: it is a third of the memory a server at rest would hold.
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  const [sheet] = [first, ...more].map((table) => addTable(workbook, table));
  if (sheet && charts && charts.drawn.length > 0) await addCharts(workbook, sheet, charts);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function addTable(workbook: Workbook, { name, about = [], header, rows }: Sheet): Worksheet {
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
  return sheet;
}

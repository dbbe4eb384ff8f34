import type { Workbook, Worksheet } from '@cj-tech-master/excelts';
import { columnsOf, safeText, valueOf, type Cell, type Table } from './cells.ts';
import { addCharts, type Charts } from './charts.ts';
import { inSlices } from './slices.ts';
import { writeWorkbook } from './workbook.ts';

export type { Cell } from './cells.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Sheet = Table & {
  /** Further tables of a workbook, each a sheet of its own; a CSV holds the first alone. */
  readonly more?: readonly Table[];
  /** Charts below the first table of a workbook; what they are drawn from becomes the last sheet. */
  readonly charts?: Charts;
  /** False where the list goes on beyond what a file holds. */
  readonly complete?: boolean;
};

/** CSV for spreadsheets: UTF-8 with a mark so that Excel reads Chinese, CRLF, every text quoted, formulas disarmed. */
export async function toCsv({ header, rows }: Table): Promise<Buffer> {
  const line = (cells: readonly Cell[]) => {
    const written = cells.map((cell) => {
      const value = valueOf(cell);
      return typeof value === 'string' ? `"${safeText(value).replaceAll('"', '""')}"` : String(value ?? '');
    });
    return `${written.join(',')}\r\n`;
  };
  const chunks: Buffer[] = [Buffer.from(`\u{feff}${line(header)}`, 'utf8')];
  for await (const chunk of inSlices(rows, line)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An Excel workbook: texts are text cells, long digits stay as they are, numbers are numbers with their format, formulas disarmed. */
export async function toXlsx({ more = [], charts, ...first }: Sheet): Promise<Buffer> {
  if (!charts || charts.drawn.length === 0) return writeWorkbook([first, ...more]);
  // Loaded with the first charts somebody asks for: it is a third of the memory a server at rest would hold.
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  const sheet = addTable(workbook, first);
  for (const table of more) addTable(workbook, table);
  await addCharts(workbook, sheet, charts);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** A table of a workbook with charts: the figures of a report, which are few. */
function addTable(workbook: Workbook, table: Table): Worksheet {
  const { name, about = [], header, rows } = table;
  const sheet = workbook.addWorksheet(name);
  for (const line of about) sheet.addRow([safeText(line)]);
  const headed = about.length + 1;
  sheet.addRow([...header]);
  sheet.getRow(headed).font = { bold: true };
  for (const row of rows) sheet.addRow(row.map((cell) => (typeof cell === 'string' ? safeText(cell) : valueOf(cell))));
  for (const [at, { width, format }] of columnsOf(table).entries()) {
    sheet.getColumn(at + 1).width = width;
    sheet.getColumn(at + 1).numFmt = format;
  }
  for (const [down, row] of rows.entries()) {
    for (const [at, cell] of row.entries())
      if (cell !== null && typeof cell === 'object') sheet.getRow(headed + 1 + down).getCell(at + 1).numFmt = cell.format;
  }
  sheet.views = [{ state: 'frozen', ySplit: headed }];
  return sheet;
}

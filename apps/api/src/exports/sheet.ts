import type { CellValue, Row } from '@cj-tech-master/excelts';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { columnsOf, safeText, valueOf, type Cell, type Table } from './cells.ts';
import { addCharts, type Charts } from './charts.ts';
import { inSlices } from './slices.ts';

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
  for await (const slice of inSlices(rows)) chunks.push(Buffer.from(slice.map(line).join(''), 'utf8'));
  return Buffer.concat(chunks);
}

/** An Excel workbook: texts are text cells, long digits stay as they are, numbers are numbers with their format, formulas disarmed. */
export function toXlsx({ more = [], charts, ...first }: Sheet): Promise<Buffer> {
  const tables = [first, ...more].map((table) => ({ ...table, name: table.name.replace(NOT_IN_NAMES, ' ').slice(0, MOST_NAME) }));
  return charts && charts.drawn.length > 0 ? toDrawn(tables, charts) : toStreamed(tables);
}

/** Letters a name of a sheet has at most, and those it must not have. */
const MOST_NAME = 31;
const NOT_IN_NAMES = /[\\/*?:[\]]/g;

// The library is loaded with the first workbook somebody asks for: it is a third of the memory a server at rest would hold.

/** Tables whose rows leave one after the other, and others are served between the slices. Source: spec 09 P21. */
async function toStreamed(tables: readonly Table[]): Promise<Buffer> {
  const { WorkbookWriter } = await import('@cj-tech-master/excelts');
  const out = new PassThrough();
  const content = buffer(out);
  const workbook = new WorkbookWriter({ stream: out, useStyles: true });
  for (const table of tables) {
    const sheet = workbook.addWorksheet(table.name, { views: viewsOf(table) });
    sheet.columns = columnsOf(table).map(({ width, format }) => ({ width, style: { numFmt: format } }));
    for await (const slice of inSlices(rowsOf(table))) for (const row of slice) addRow(sheet, row, row === table.header).commit();
    await sheet.commit();
  }
  await workbook.commit();
  return content;
}

/** Tables with charts below the first: the figures of a report, which are few. */
async function toDrawn(tables: readonly Table[], charts: Charts): Promise<Buffer> {
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  const sheets = tables.map((table) => {
    const sheet = workbook.addWorksheet(table.name, { views: viewsOf(table) });
    sheet.columns = columnsOf(table).map(({ width, format }) => ({ width, style: { numFmt: format } }));
    for (const row of rowsOf(table)) addRow(sheet, row, row === table.header);
    return sheet;
  });
  if (sheets[0]) await addCharts(workbook, sheets[0], charts);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function viewsOf({ about = [] }: Table): [{ state: 'frozen'; ySplit: number }] {
  return [{ state: 'frozen', ySplit: about.length + 1 }];
}

function rowsOf({ about = [], header, rows }: Table): readonly (readonly Cell[])[] {
  return [...about.map((line) => [line]), header, ...rows];
}

function addRow<R extends Row>(sheet: { addRow(values: CellValue[]): R }, cells: readonly Cell[], bold: boolean): R {
  const row = sheet.addRow(cells.map((cell) => (typeof cell === 'string' ? safeText(cell) : valueOf(cell))));
  for (const [at, cell] of cells.entries()) if (cell !== null && typeof cell === 'object') row.getCell(at + 1).numFmt = cell.format;
  if (bold) row.font = { bold };
  return row;
}

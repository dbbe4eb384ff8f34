import { isDateFormat, isNumberCell, plainNumber, type Cell, type FieldType, type NumberCell } from '@baoke/core/imports';

/** A refused row as it stood, with the reason in words. */
export interface RefusedRow {
  readonly row: number;
  readonly cells: readonly Cell[];
  readonly reason: string;
}

/**
 * The refused rows of a file as a workbook to be corrected and imported again: the file's own columns and cells, the reason behind them.
 *
 * Text cells are written as text and formatted as text, so that nothing in them is run as a formula and no identifier turns into a number;
 * a number that is none, such as a phone, becomes text as well, and the number of a day shows the day.
 * This is the one place that knows the library which writes workbooks.
 */
export async function writeCorrectionWorkbook(input: {
  readonly sheet: string;
  readonly headers: readonly string[];
  /** What the columns hold; null for one that is not imported. */
  readonly types: readonly (FieldType | null)[];
  readonly words: { readonly row: string; readonly reason: string };
  readonly rows: readonly RefusedRow[];
}): Promise<Buffer> {
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  const sheet = workbook.addWorksheet(input.sheet.replace(/[\\/*?:[\]]/g, ' ').slice(0, 31) || 'Sheet1');
  const width = input.headers.length;
  const header = sheet.addRow([...input.headers, input.words.row, input.words.reason]);
  header.font = { bold: true };
  for (const { row, cells, reason } of input.rows) {
    const padded = Array.from({ length: width }, (_, at) => asWritten(cells[at] ?? null, input.types[at] ?? null));
    const written = sheet.addRow([...padded.map((cell) => (isNumberCell(cell) ? cell.number : cell)), row, reason]);
    for (const [at, cell] of padded.entries()) written.getCell(at + 1).numFmt = isNumberCell(cell) ? cell.format : '@';
    written.getCell(width + 2).numFmt = '@';
  }
  for (let column = 1; column <= width + 2; column += 1) sheet.getColumn(column).width = column === width + 2 ? 40 : 16;
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

// An ID number in a number cell has lost digits: as text it might pass for one.
const READ_AS_TEXT: ReadonlySet<FieldType | null> = new Set<FieldType>(['name', 'phone', 'plate', 'vin', 'code', 'text']);
/** Days as spreadsheets count them, from 1900 on to 2199. */
const isSerial = ({ number }: NumberCell) => number >= 61 && number < 109_575;

function asWritten(cell: Cell, type: FieldType | null): Cell {
  if (!isNumberCell(cell)) return cell;
  if (READ_AS_TEXT.has(type)) return plainNumber(cell.number);
  if (type === 'date' && isSerial(cell) && !isDateFormat(cell.format)) return { ...cell, format: 'yyyy-mm-dd' };
  return /E\+/i.test(cell.format) ? { ...cell, format: Number.isInteger(cell.number) ? '0' : 'General' } : cell;
}

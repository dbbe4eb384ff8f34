import type { Cell, NumberCell } from '@baoke/core/imports';

/** A refused row as it stood, with the reason in words. */
export interface RefusedRow {
  readonly row: number;
  readonly cells: readonly Cell[];
  readonly reason: string;
}

/**
 * The refused rows of a file as a workbook to be corrected and imported again: the file's own columns and cells, the reason behind them.
 *
 * Text cells are written as text and formatted as text, so that nothing in them is run as a formula and no identifier turns into a number.
 * This is the one place that knows the library which writes workbooks.
 */
export async function writeCorrectionWorkbook(input: {
  readonly sheet: string;
  readonly headers: readonly string[];
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
    const padded = Array.from({ length: width }, (_, at) => cells[at] ?? null);
    const written = sheet.addRow([...padded.map((cell) => (isNumber(cell) ? cell.number : cell)), row, reason]);
    for (const [at, cell] of padded.entries()) written.getCell(at + 1).numFmt = isNumber(cell) ? cell.format : '@';
    written.getCell(width + 2).numFmt = '@';
  }
  for (let column = 1; column <= width + 2; column += 1) sheet.getColumn(column).width = column === width + 2 ? 40 : 16;
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function isNumber(cell: Cell): cell is NumberCell {
  return cell !== null && typeof cell === 'object';
}

import type { Readable } from 'node:stream';
import type { Cell, SheetRow } from '@baoke/core/imports';
import { isDateFormat } from '@baoke/core/imports';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import yauzl from 'yauzl';
import { UnreadableFile, type ReaderLimits } from './limits.ts';

/** Number formats that a workbook need not spell out (ECMA-376, 18.8.30), with those of Chinese date cells. */
const BUILT_IN_FORMATS: Readonly<Record<number, string>> = {
  0: 'General',
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy/m/d',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy/m/d h:mm',
  27: 'yyyy"年"m"月"',
  28: 'm"月"d"日"',
  29: 'm"月"d"日"',
  30: 'm-d-yy',
  31: 'yyyy"年"m"月"d"日"',
  32: 'h"时"mm"分"',
  33: 'h"时"mm"分"ss"秒"',
  34: 'yyyy"年"m"月"',
  35: 'yyyy"年"m"月"',
  36: 'yyyy"年"m"月"',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mmss.0',
  48: '##0.0E+0',
  49: '@',
  50: 'yyyy"年"m"月"',
  51: 'm"月"d"日"',
  52: 'yyyy"年"m"月"',
  53: 'm"月"d"日"',
  54: 'm"月"d"日"',
  55: 'yyyy"年"m"月"',
  56: 'yyyy"年"m"月"',
  57: 'yyyy"年"m"月"',
  58: 'm"月"d"日"',
};

/** Days between the two epochs of spreadsheets, 1900 and 1904. */
const EPOCH_1904 = 1462;
const ENCRYPTED = 0x1;
const SYMBOLIC_LINK = 0xa000;

interface Workbook {
  readonly sheets: readonly string[];
  readonly strings: readonly string[];
  readonly formats: readonly string[];
  readonly since1904: boolean;
}

/**
 * Reads the first visible sheet with content of a workbook, row by row as it is inflated.
 *
 * Formula cells answer their stored value; nothing is ever computed. The archive is checked before anything is inflated: entries that
 * are encrypted, links, outside the archive, overlapping or named twice refuse it, and so does a document type, where entities would hide.
 */
export async function* readWorkbook(bytes: Buffer, limits: ReaderLimits): AsyncGenerator<SheetRow> {
  const archive = await openArchive(bytes, limits);
  const workbook = await readParts(archive);
  for (const sheet of workbook.sheets) {
    let found = false;
    for await (const row of readSheet(archive, sheet, workbook, limits)) {
      found ||= row.cells.some((cell) => cell !== null);
      yield row;
    }
    if (found) return;
  }
}

interface Archive {
  readonly zip: yauzl.ZipFile;
  readonly entries: ReadonlyMap<string, yauzl.Entry>;
  readonly budget: { left: number };
}

async function openArchive(bytes: Buffer, limits: ReaderLimits): Promise<Archive> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, opened) => {
      if (error) reject(new UnreadableFile('imports.not_a_workbook'));
      else resolve(opened);
    });
  });
  if (zip.entryCount > limits.entries) throw new UnreadableFile('imports.too_many_entries');
  const entries = new Map<string, yauzl.Entry>();
  await new Promise<void>((resolve, reject) => {
    let declared = 0;
    zip.on('entry', (entry: yauzl.Entry) => {
      declared += entry.uncompressedSize;
      if (entries.size >= limits.entries) return reject(new UnreadableFile('imports.too_many_entries'));
      if (declared > limits.unpackedBytes) return reject(new UnreadableFile('imports.unpacked_too_large'));
      if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return reject(new UnreadableFile('imports.workbook_encrypted_or_old'));
      if (((entry.externalFileAttributes >>> 16) & 0xf000) === SYMBOLIC_LINK || entries.has(entry.fileName)) {
        return reject(new UnreadableFile('imports.workbook_unsafe'));
      }
      entries.set(entry.fileName, entry);
      return zip.readEntry();
    });
    zip.on('end', () => resolve());
    // yauzl reports names that lead outside the archive here.
    zip.on('error', () => reject(new UnreadableFile('imports.workbook_unsafe')));
    zip.readEntry();
  });
  refuseOverlaps(entries.values());
  return { zip, entries, budget: { left: limits.unpackedBytes } };
}

/** Entries that share their bytes make a small archive unpack without end. */
function refuseOverlaps(entries: Iterable<yauzl.Entry>): void {
  let free = 0;
  for (const entry of [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    if (entry.relativeOffsetOfLocalHeader < free) throw new UnreadableFile('imports.workbook_unsafe');
    free = entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize;
  }
}

/** Inflates an entry and feeds it to the parser piece by piece; `onPiece` runs between pieces. */
async function* inflate(archive: Archive, name: string): AsyncGenerator<string> {
  const entry = archive.entries.get(name);
  if (!entry) return;
  const stream = await new Promise<Readable>((resolve, reject) => {
    archive.zip.openReadStream(entry, (error, opened) => {
      if (error) reject(new UnreadableFile('imports.not_a_workbook'));
      else resolve(opened);
    });
  });
  const decoder = new TextDecoder('utf-8');
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      archive.budget.left -= piece.length;
      if (archive.budget.left < 0) throw new UnreadableFile('imports.unpacked_too_large');
      yield decoder.decode(piece, { stream: true });
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    // A size that differs from the declared one, or damaged compression.
    throw new UnreadableFile('imports.workbook_unsafe');
  } finally {
    stream.destroy();
  }
  yield decoder.decode();
}

interface Handlers {
  readonly open?: (tag: SaxesTagPlain) => void;
  readonly close?: (tag: SaxesTagPlain) => void;
  readonly text?: (text: string) => void;
}

function parserOf(handlers: Handlers): SaxesParser {
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('doctype', () => {
    throw new UnreadableFile('imports.workbook_unsafe');
  });
  parser.on('error', () => {
    throw new UnreadableFile('imports.not_a_workbook');
  });
  if (handlers.open) parser.on('opentag', handlers.open);
  if (handlers.close) parser.on('closetag', handlers.close);
  if (handlers.text) parser.on('text', handlers.text);
  return parser;
}

async function parseEntry(archive: Archive, name: string, handlers: Handlers): Promise<void> {
  const parser = parserOf(handlers);
  for await (const piece of inflate(archive, name)) parser.write(piece);
}

/** Element names without the prefix some writers give them. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

async function readParts(archive: Archive): Promise<Workbook> {
  if (!archive.entries.has('xl/workbook.xml')) throw new UnreadableFile('imports.not_a_workbook');
  const targets = new Map<string, string>();
  await parseEntry(archive, 'xl/_rels/workbook.xml.rels', {
    open: ({ name, attributes }) => {
      if (local(name) !== 'Relationship') return;
      const target = attributes['Target'] ?? '';
      targets.set(attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets: string[] = [];
  let since1904 = false;
  await parseEntry(archive, 'xl/workbook.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') since1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      if (local(name) !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return;
      const target = targets.get(attributes['r:id'] ?? '');
      if (target) sheets.push(target);
    },
  });
  return { sheets, since1904, strings: await readStrings(archive), formats: await readFormats(archive) };
}

async function readStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = 0;
  await parseEntry(archive, 'xl/sharedStrings.xml', {
    open: ({ name }) => {
      const tag = local(name);
      if (tag === 'si') current = '';
      else if (tag === 'rPh') phonetic += 1;
      else if (tag === 't') inText = phonetic === 0;
    },
    text: (text) => {
      if (inText) current += text;
    },
    close: ({ name }) => {
      const tag = local(name);
      if (tag === 't') inText = false;
      else if (tag === 'rPh') phonetic -= 1;
      else if (tag === 'si') strings.push(unescapeText(current));
    },
  });
  return strings;
}

/** Signs that XML cannot hold are written `_x000D_`. */
function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Spreadsheets escape the separators of dates; nobody needs to see that. */
function formatOf(code: string): string {
  return code.replace(/\\([-/., :])/g, '$1');
}

async function readFormats(archive: Archive): Promise<string[]> {
  const custom = new Map<number, string>();
  const formats: string[] = [];
  let inCellFormats = false;
  await parseEntry(archive, 'xl/styles.xml', {
    open: ({ name, attributes }) => {
      const tag = local(name);
      if (tag === 'numFmt') custom.set(Number(attributes['numFmtId']), formatOf(attributes['formatCode'] ?? 'General'));
      else if (tag === 'cellXfs') inCellFormats = true;
      else if (tag === 'xf' && inCellFormats) {
        const id = Number(attributes['numFmtId'] ?? 0);
        formats.push(custom.get(id) ?? BUILT_IN_FORMATS[id] ?? 'General');
      }
    },
    close: ({ name }) => {
      if (local(name) === 'cellXfs') inCellFormats = false;
    },
  });
  return formats;
}

async function* readSheet(archive: Archive, sheet: string, workbook: Workbook, limits: ReaderLimits): AsyncGenerator<SheetRow> {
  const done: SheetRow[] = [];
  let row = 0;
  let cells: Cell[] = [];
  let column = -1;
  let type = 'n';
  let style = 0;
  let value = '';
  let collecting = false;
  const parser = parserOf({
    open: ({ name, attributes }) => {
      const tag = local(name);
      if (tag === 'row') {
        row = attributes['r'] === undefined ? row + 1 : Number(attributes['r']);
        if (!(row <= limits.rows + HEADER_ALLOWANCE)) throw new UnreadableFile('imports.too_many_rows', row);
        cells = [];
        column = -1;
      } else if (tag === 'c') {
        column = attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']);
        if (!(column < limits.columns)) throw new UnreadableFile('imports.too_many_columns', row);
        type = attributes['t'] ?? 'n';
        style = Number(attributes['s'] ?? 0);
        value = '';
      } else if (tag === 'v' || (tag === 't' && type === 'inlineStr')) {
        collecting = true;
      }
    },
    text: (text) => {
      if (!collecting) return;
      value += text;
      if (value.length > limits.cellLength) throw new UnreadableFile('imports.cell_too_long', row);
    },
    close: ({ name }) => {
      const tag = local(name);
      if (tag === 'v' || tag === 't') collecting = false;
      else if (tag === 'c') {
        const cell = cellOf(type, value, style, workbook);
        if (cell === null) return;
        if (typeof cell === 'string' && cell.length > limits.cellLength) throw new UnreadableFile('imports.cell_too_long', row);
        while (cells.length < column) cells.push(null);
        cells[column] = cell;
      } else if (tag === 'row') done.push({ row, cells });
    },
  });
  for await (const piece of inflate(archive, sheet)) {
    parser.write(piece);
    yield* done.splice(0);
  }
}

/** Title, header and blank rows around the data do not count against its limit. */
const HEADER_ALLOWANCE = 100;

function columnOf(reference: string): number {
  let column = 0;
  for (const sign of reference) {
    const digit = sign.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    column = column * 26 + digit;
  }
  return column - 1;
}

function cellOf(type: string, value: string, style: number, workbook: Workbook): Cell {
  switch (type) {
    case 's':
      return workbook.strings[Number(value)] || null;
    case 'str':
    case 'inlineStr':
    case 'd':
      return unescapeText(value) || null;
    case 'b':
      return value === '1' ? '是' : '否';
    case 'e':
      return null;
    default: {
      const number = value === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) return null;
      const format = workbook.formats[style] ?? 'General';
      return { number: workbook.since1904 && isDateFormat(format) ? number + EPOCH_1904 : number, format };
    }
  }
}

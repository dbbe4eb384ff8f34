import { columnsOf, safeText, type Cell, type Table } from './cells.ts';
import { inSlices } from './slices.ts';
import { zipOf, type ZipEntry } from './zip.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
/** The formats every program knows by number; others are written out, from 164 on. */
const KNOWN_FORMATS = new Map([
  ['General', 0],
  ['@', 49],
]);
const FIRST_OWN_FORMAT = 164;
/** Letters a name of a sheet has at most, and those it must not have. */
const MOST_NAME = 31;
const NOT_IN_NAMES = /[\\/*?:[\]]/g;

/**
 * A workbook of plain tables: lines that say what it is, a bold header that stays in view, rows. Written directly, as a library that knows all
 * of Excel takes ten times the work and the memory of the whole list, and holds the event loop for it; charts are its business (sheet.ts).
 *
 * Source: spec 09 P21, 12.
 */
export function writeWorkbook(tables: readonly Table[]): Promise<Buffer> {
  const styles = createStyles();
  const names = tables.map(({ name }) => name.replace(NOT_IN_NAMES, ' ').slice(0, MOST_NAME));
  const text = (name: string, ...xml: readonly string[]): ZipEntry => ({ name, content: [Buffer.from(HEAD + xml.join(''), 'utf8')] });
  const sheets = tables.map((table, at): ZipEntry => ({ name: `xl/worksheets/sheet${at + 1}.xml`, content: sheetXml(table, at, styles) }));
  const type = (part: string, of: string) =>
    `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${of}+xml"/>`;
  const relation = (id: number, of: string, target: string) => `<Relationship Id="rId${id}" Type="${RELATIONS}/${of}" Target="${target}"/>`;
  return zipOf(
    (function* () {
      yield text(
        '[Content_Types].xml',
        `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
        '<Default Extension="xml" ContentType="application/xml"/>',
        type('xl/workbook.xml', 'sheet.main'),
        type('xl/styles.xml', 'styles'),
        ...sheets.map(({ name }) => type(name, 'worksheet')),
        '</Types>',
      );
      yield text(
        '_rels/.rels',
        `<Relationships xmlns="${PACKAGE}/relationships">`,
        relation(1, 'officeDocument', 'xl/workbook.xml'),
        '</Relationships>',
      );
      yield text(
        'xl/workbook.xml',
        `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>`,
        ...names.map((name, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`),
        '</sheets></workbook>',
      );
      yield text(
        'xl/_rels/workbook.xml.rels',
        `<Relationships xmlns="${PACKAGE}/relationships">`,
        ...sheets.map((_, at) => relation(at + 1, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
        relation(sheets.length + 1, 'styles', 'styles.xml'),
        '</Relationships>',
      );
      yield* sheets;
      // Behind the sheets: only they know what they need.
      yield text('xl/styles.xml', styles.xml());
    })(),
  );
}

type Styles = { of(format: string, bold?: boolean): number; xml(): string };

function createStyles(): Styles {
  const kept = new Map<string, { at: number; format: string; bold: boolean }>();
  const own = new Map<string, number>();
  const of = (format: string, bold = false) => {
    const key = `${bold} ${format}`;
    const known = kept.get(key);
    if (known) return known.at;
    if (!KNOWN_FORMATS.has(format) && !own.has(format)) own.set(format, FIRST_OWN_FORMAT + own.size);
    kept.set(key, { at: kept.size, format, bold });
    return kept.size - 1;
  };
  of('General');
  return {
    of,
    xml: () =>
      [
        `<styleSheet xmlns="${MAIN}">`,
        own.size === 0 ? '' : `<numFmts count="${own.size}">`,
        ...[...own].map(([format, id]) => `<numFmt numFmtId="${id}" formatCode="${escaped(format)}"/>`),
        own.size === 0 ? '' : '</numFmts>',
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
        `<cellXfs count="${kept.size}">`,
        ...[...kept.values()].map(
          ({ format, bold }) =>
            `<xf numFmtId="${KNOWN_FORMATS.get(format) ?? own.get(format)}" fontId="${bold ? 1 : 0}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
        ),
        '</cellXfs></styleSheet>',
      ].join(''),
  };
}

async function* sheetXml(table: Table, at: number, styles: Styles): AsyncGenerator<Buffer> {
  const { about = [], header, rows } = table;
  const columns = columnsOf(table);
  const headed = about.length + 1;
  const widest = rows.reduce((most, { length }) => Math.max(most, length), Math.max(columns.length, 1));
  const letters = Array.from({ length: widest }, (_, column) => letterOf(column));
  const formats = letters.map((_, column) => styles.of(columns[column]?.format ?? 'General'));
  const cell = (column: number, down: number, cell: Cell, style = formats[column] ?? 0) => {
    if (cell === null) return '';
    const place = `r="${letters[column]}${down}"`;
    if (typeof cell === 'string')
      return `<c ${place} s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(safeText(cell))}</t></is></c>`;
    if (typeof cell === 'number') return `<c ${place} s="${style}"><v>${cell}</v></c>`;
    return `<c ${place} s="${styles.of(cell.format)}"><v>${cell.value}</v></c>`;
  };
  const line = (down: number, cells: string) => `<row r="${down}">${cells}</row>`;
  yield Buffer.from(
    [
      HEAD,
      `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"${at === 0 ? ' tabSelected="1"' : ''}>`,
      `<pane ySplit="${headed}" topLeftCell="A${headed + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`,
      columns.length === 0 ? '' : '<cols>',
      ...columns.map(
        ({ width }, column) => `<col min="${column + 1}" max="${column + 1}" width="${width}" style="${formats[column]}" customWidth="1"/>`,
      ),
      columns.length === 0 ? '' : '</cols>',
      '<sheetData>',
      ...about.map((value, down) => line(down + 1, cell(0, down + 1, value))),
      line(
        headed,
        header.map((value, column) => cell(column, headed, value, styles.of(columns[column]?.format ?? 'General', true))).join(''),
      ),
    ].join(''),
    'utf8',
  );
  yield* inSlices(rows, (row, down) => line(headed + 1 + down, row.map((one, column) => cell(column, headed + 1 + down, one)).join('')));
  yield Buffer.from('</sheetData></worksheet>', 'utf8');
}

function letterOf(column: number): string {
  const letter = String.fromCodePoint(65 + (column % 26));
  return column < 26 ? letter : letterOf(Math.floor(column / 26) - 1) + letter;
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** Text as XML takes it; what XML has no place for is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"\r]/g, (sign) => SIGNS[sign] ?? '')
    .replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '');
}

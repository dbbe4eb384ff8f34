import { isCompanyName, hasHan } from '../customers/index.ts';
import { READERS, isDateFormat, isNumberCell, readAmount, readDate, readIdCell, readPhones, readPlateCell, readVinCell } from './cells.ts';
import {
  DEFAULT_POLICY,
  FIELDS,
  FILE_KINDS,
  type Cell,
  type ColumnHabit,
  type ColumnMapping,
  type FieldName,
  type FieldSpec,
  type FieldType,
  type FileKind,
  type MappedColumn,
  type SheetRow,
} from './model.ts';
import { isBlankRow } from './rows.ts';

/** What a file turned out to be. `missing` are required fields that no column holds: the mapping must be completed before importing. */
export interface Recognition {
  readonly mapping: ColumnMapping;
  readonly habits: readonly ColumnHabit[];
  readonly missing: readonly FieldName[];
  /** 0 to 1: share of the file's columns, weighted by importance, that were understood. */
  readonly confidence: number;
}

/** A column that a file must have: its usual header, and the other words it is known by. */
export interface WantedColumn {
  readonly field: FieldName;
  readonly header: string;
  readonly synonyms: readonly string[];
}

const HEADER_ROWS_SEARCHED = 15;
/** Fewer known words than this in a row are chance. */
const KNOWN_HEADERS_NEEDED = 3;
/** Share of cells that must look alike for a column to be told by its content. */
const CONTENT_SHARE = 0.7;

/** A header without what does not tell headers apart: case, blanks, punctuation, units and marks of obligation. */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\((?:元|公里|km|必填|rmb|yuan|万元|选填|日期)\)/g, '')
    .replace(/[\s*:_\-./·"'#()[\]]+/g, '');
}

/** The same file layout gives the same signature, so that a mapping set by hand is remembered for it. */
export function headerSignature(headers: readonly string[]): string {
  return headers.map(headerKey).join('|');
}

const HEADERS: Readonly<Record<FileKind, ReadonlyMap<string, FieldName>>> = {
  customers: headersOf('customers'),
  sales: headersOf('sales'),
  service: headersOf('service'),
  leads: headersOf('leads'),
};

function headersOf(kind: FileKind): ReadonlyMap<string, FieldName> {
  const words = new Map<string, FieldName>();
  for (const [name, spec] of specsOf(kind)) {
    for (const word of [spec.header, ...spec.synonyms]) {
      const key = headerKey(word);
      if (key !== '' && !words.has(key)) words.set(key, name);
    }
  }
  return words;
}

function specsOf(kind: FileKind): [FieldName, FieldSpec][] {
  // The keys of FIELDS[kind] are field names of that kind by construction.
  return Object.entries(FIELDS[kind]) as [FieldName, FieldSpec][];
}

/**
 * Recognises kind, header row and columns from the first rows of a file (some hundreds are plenty).
 *
 * Headers decide; a column without one is told by its content where only one field fits; a file without any headers is taken in the usual
 * order of its kind when the content agrees. Answers undefined when nothing fits: the file is reported as unknown, or a person maps it.
 * Source: spec 08 Import.
 */
export function recognise(rows: readonly SheetRow[]): Recognition | undefined {
  const head = findHeader(rows);
  if (head) {
    const data = rows.filter((row) => row.row > head.row && !isBlankRow(row));
    return completed({ kind: head.kind, headerRow: head.row, firstDataRow: head.row + 1, columns: head.columns }, data);
  }
  return recogniseByPosition(rows.filter((row) => !isBlankRow(row)));
}

/** The habits of the columns and what is missing under a mapping, for instance one that a person has changed or that was remembered. */
export function withMapping(mapping: ColumnMapping, rows: readonly SheetRow[]): Recognition {
  const data = rows.filter((row) => row.row >= mapping.firstDataRow && !isBlankRow(row));
  return assess(mapping, data);
}

interface Head {
  readonly row: number;
  readonly kind: FileKind;
  readonly columns: MappedColumn[];
}

function findHeader(rows: readonly SheetRow[]): Head | undefined {
  let best: (Head & { score: number }) | undefined;
  for (const row of rows.slice(0, HEADER_ROWS_SEARCHED)) {
    for (const kind of FILE_KINDS) {
      const columns = mapHeaders(row.cells, kind);
      const known = columns.filter((column) => column.field !== null);
      if (known.length < KNOWN_HEADERS_NEEDED && !isWholeShortList(columns, kind)) continue;
      const score = known.reduce((sum, column) => sum + weight(kind, column.field), 0);
      if (!best || score > best.score) best = { row: row.row, kind, columns, score };
    }
  }
  return best;
}

/** A list of the required columns and no others, such as name and phone: every header of it is known. */
function isWholeShortList(columns: readonly MappedColumn[], kind: FileKind): boolean {
  const headed = columns.filter((column) => column.header !== '');
  const required = specsOf(kind).filter(([, spec]) => spec.required);
  return (
    headed.length > 1 &&
    headed.every((column) => column.field !== null) &&
    required.every(([name]) => headed.some((column) => column.field === name))
  );
}

/** A required field says more about the kind than an optional one. */
function weight(kind: FileKind, name: FieldName | null): number {
  const spec = specsOf(kind).find(([candidate]) => candidate === name)?.[1];
  if (!spec) return 0;
  return spec.required ? 2 : 1;
}

function mapHeaders(cells: readonly Cell[], kind: FileKind): MappedColumn[] {
  const taken = new Set<FieldName>();
  const headers = cells.map((cell) => (typeof cell === 'string' ? cell.replace(/\s+/g, ' ').trim() : ''));
  const mapped = headers.map((header): MappedColumn => ({ header, field: null, by: 'unknown' }));
  const put = (at: number, name: FieldName) => {
    taken.add(name);
    mapped[at] = { header: headers[at] ?? '', field: name, by: 'header' };
  };
  // The usual word of a field goes before its synonyms: a sheet may have both 车型 and 意向车型.
  for (const [at, header] of headers.entries()) {
    const exact = specsOf(kind).find(([name, spec]) => !taken.has(name) && headerKey(spec.header) === headerKey(header));
    if (exact) put(at, exact[0]);
  }
  for (const [at, header] of headers.entries()) {
    if (mapped[at]?.field !== null) continue;
    const name = HEADERS[kind].get(headerKey(header));
    if (name && !taken.has(name)) put(at, name);
  }
  return mapped;
}

function completed(mapping: ColumnMapping, data: readonly SheetRow[]): Recognition {
  const { kind } = mapping;
  const width = Math.max(mapping.columns.length, ...data.map((row) => row.cells.length));
  const columns = Array.from({ length: width }, (_, at): MappedColumn => mapping.columns[at] ?? { header: '', field: null, by: 'unknown' });
  for (const [at, column] of columns.entries()) {
    if (column.field !== null || !(column.header === '' || /^(?:unnamed:?\s*\d*|column\s*\d*|列\s*\d+)$/i.test(column.header))) continue;
    const type = typeOfColumn(data, at);
    if (!type) continue;
    const fitting = specsOf(kind).filter(([name, spec]) => spec.type === type && !columns.some((other) => other.field === name));
    const [only] = fitting;
    // Two dates or two amounts cannot be told apart by their looks; the person decides.
    if (only && fitting.length === 1) columns[at] = { header: column.header, field: only[0], by: 'content' };
  }
  return assess({ ...mapping, columns }, data);
}

function recogniseByPosition(data: readonly SheetRow[]): Recognition | undefined {
  const [first] = data;
  if (!first) return undefined;
  const width = Math.max(...data.map((row) => row.cells.length));
  const types = Array.from({ length: width }, (_, at) => typeOfColumn(data, at));
  let best: { kind: FileKind; columns: MappedColumn[]; fit: number } | undefined;
  for (const kind of FILE_KINDS) {
    const specs = specsOf(kind).filter(([name]) => name !== 'externalId');
    if (specs.length !== width) continue;
    const telling = specs.flatMap(([, spec], at) => (isFreeText(spec.type) || isEmptyColumn(data, at) ? [] : [{ type: spec.type, at }]));
    const fit = telling.length === 0 ? 0 : telling.filter(({ type, at }) => isReadable(data, at, type)).length / telling.length;
    if (fit >= CONTENT_SHARE && (!best || fit > best.fit)) {
      best = { kind, fit, columns: specs.map(([name]) => ({ header: '', field: name, by: 'position' })) };
    }
  }
  if (best) return assess({ kind: best.kind, headerRow: null, firstDataRow: first.row, columns: best.columns }, data);
  // Neither headers nor the usual order: names, phones and vehicles can still be told, which makes it a list of customers.
  if (!types.includes('name') || !types.includes('phone')) return undefined;
  const taken = new Set<FieldName>();
  const columns = types.map((type): MappedColumn => {
    const fitting = specsOf('customers').filter(([name, spec]) => spec.type === type && !taken.has(name));
    const [only] = fitting;
    if (!only || fitting.length > 1) return { header: '', field: null, by: 'unknown' };
    taken.add(only[0]);
    return { header: '', field: only[0], by: 'content' };
  });
  return assess({ kind: 'customers', headerRow: null, firstDataRow: first.row, columns }, data);
}

function isFreeText(type: FieldType): boolean {
  return type === 'text' || type === 'code';
}

function isEmptyColumn(data: readonly SheetRow[], at: number): boolean {
  return filledCells(data, at).length === 0;
}

/** Whether the cells of a column can be read as a type: a whole number is a mileage, an amount or the number of a day alike. */
function isReadable(data: readonly SheetRow[], at: number, type: FieldType): boolean {
  const cells = filledCells(data, at);
  const habit = habitOf(data, at);
  const read = READERS[type];
  return cells.filter((cell) => read(cell, habit, DEFAULT_POLICY).faults.length === 0).length >= cells.length * CONTENT_SHARE;
}

function filledCells(data: readonly SheetRow[], at: number): Cell[] {
  return data.map((row) => row.cells[at] ?? null).filter((cell) => cell !== null && (isNumberCell(cell) || cell.trim() !== ''));
}

/** What the cells of a column look like; undefined when nothing stands out. */
function typeOfColumn(data: readonly SheetRow[], at: number): FieldType | undefined {
  const cells = filledCells(data, at);
  if (cells.length === 0) return undefined;
  const share = (test: (cell: Cell) => boolean) => cells.filter(test).length / cells.length >= CONTENT_SHARE;
  const habit = habitOf(data, at);
  if (share((cell) => readVinCell(cell, habit).value !== null)) return 'vin';
  if (share((cell) => readIdCell(cell, habit).value !== null)) return 'id_number';
  if (share((cell) => readPlateCell(cell, habit, DEFAULT_POLICY).value !== null)) return 'plate';
  if (share((cell) => readPhones(cell, habit, DEFAULT_POLICY).value.length > 0)) return 'phone';
  if (share((cell) => readDate(cell, habit, DEFAULT_POLICY).value !== null)) return 'date';
  if (share((cell) => /^0\d{9,17}(?:-T\d+)?$/.test(typeof cell === 'string' ? cell.trim() : ''))) return 'code';
  if (share((cell) => readAmount(cell, habit).value !== null)) return 'amount';
  if (share((cell) => typeof cell === 'string' && /^[是否]$/.test(cell.trim()))) return 'yes_no';
  if (share((cell) => typeof cell === 'string' && looksLikeName(cell.replace(/\s/g, '')))) {
    // Advisers and colours are few and repeat; names of customers hardly do.
    const distinct = new Set(cells.map((cell) => String(cell))).size;
    return distinct > cells.length / 3 ? 'name' : 'text';
  }
  return undefined;
}

function looksLikeName(text: string): boolean {
  return (hasHan(text) && /^[\p{Script=Han}·?]{2,4}$/u.test(text)) || isCompanyName(text);
}

/** The required columns that no column of a file holds. A work order names its vehicle by VIN or plate: either will do. */
export function missingColumns({ kind, columns }: Pick<ColumnMapping, 'kind' | 'columns'>): WantedColumn[] {
  const present = new Set(columns.map((column) => column.field));
  const wanted = (field: FieldName, { header, synonyms }: FieldSpec) => ({
    field,
    header,
    synonyms: synonyms.filter((word) => word !== header),
  });
  const missing = specsOf(kind).flatMap(([name, spec]) => (spec.required && !present.has(name) ? [wanted(name, spec)] : []));
  if (kind !== 'service' || present.has('vin') || present.has('plate')) return missing;
  const { vin, plate } = FIELDS.service;
  return [...missing, wanted('vin', { ...vin, synonyms: [...vin.synonyms, plate.header, ...plate.synonyms] })];
}

/** What each column of a file holds; null for one that is left alone. */
export function columnTypes({ kind, columns }: Pick<ColumnMapping, 'kind' | 'columns'>): (FieldType | null)[] {
  return columns.map(({ field }) => specsOf(kind).find(([name]) => name === field)?.[1].type ?? null);
}

function assess(mapping: ColumnMapping, data: readonly SheetRow[]): Recognition {
  const habits = mapping.columns.map((_, at) => habitOf(data, at));
  const understood = mapping.columns.filter((column) => column.field !== null).length;
  return {
    mapping,
    habits,
    missing: missingColumns(mapping).map(({ field }) => field),
    confidence: mapping.columns.length === 0 ? 0 : understood / mapping.columns.length,
  };
}

function habitOf(data: readonly SheetRow[], at: number): ColumnHabit {
  let texts = 0;
  let numbers = 0;
  let dates = 0;
  const lengths = new Map<number, number>();
  let zeros = 0;
  for (const row of data) {
    const cell = row.cells[at] ?? null;
    if (cell === null) continue;
    if (isNumberCell(cell)) {
      if (isDateFormat(cell.format)) dates += 1;
      else numbers += 1;
      continue;
    }
    const text = cell.trim();
    if (text === '') continue;
    texts += 1;
    const digits = /^(\d+)(?:-T\d+)?$/.exec(text)?.[1];
    if (digits === undefined) continue;
    lengths.set(digits.length, (lengths.get(digits.length) ?? 0) + 1);
    if (digits.startsWith('0')) zeros += 1;
  }
  const cells = dates > texts && dates > numbers ? 'date_cell' : numbers > texts ? 'number' : 'text';
  const [usual] = [...lengths].sort((a, b) => b[1] - a[1]);
  const regular = usual && usual[1] >= texts * 0.8 && zeros >= usual[1] * 0.9 && usual[0] >= 6;
  return { cells, codeDigits: cells === 'text' && regular ? usual[0] : null };
}

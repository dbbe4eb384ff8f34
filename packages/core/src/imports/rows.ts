import { READERS, isNumberCell, readNote, readPastDate, readPastMoment, type CellReading, type MomentReading } from './cells.ts';
import {
  FIELDS,
  LEAD_FIELDS,
  type AnyRow,
  type Cell,
  type ColumnHabit,
  type ColumnMapping,
  type Fault,
  type FieldName,
  type FieldSpec,
  type FileKind,
  type Finding,
  type ImportPolicy,
  type RowOutcome,
  type SheetRow,
} from './model.ts';

/** A data row after reading. Whether it repeats an earlier one only the directory can tell. */
export interface ReadRow {
  readonly row: number;
  readonly outcome: Exclude<RowOutcome, 'duplicate'>;
  readonly data: AnyRow;
  /** Everything said about its cells, in the order of the columns. */
  readonly findings: readonly Finding[];
  /** Why it is refused, with the cell as it stands; a row has one reason. */
  readonly rejection: Rejection | null;
}
export interface Rejection {
  readonly field: FieldName;
  readonly reason: Fault;
  /** The cell as it stood. */
  readonly raw: Cell;
}

/** Readings of one column that are kept: dates, names and amounts come again and again. */
const REMEMBERED_CELLS = 4096;
/** Of most rows there is nothing to say. */
const NO_FAULTS: ReadonlyMap<FieldName, Fault> = new Map();
const NO_FIELDS = new Set<FieldName>();
const EMPTY_HABIT: ColumnHabit = { cells: 'text', codeDigits: null };
const TOTALS = /^(?:合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总|total|totals|grand total|sum|subtotal)\s*[:：]?$/i;

/** Whether nothing stands in the row: blank cells, or cells of white space. */
export function isBlankRow(row: SheetRow): boolean {
  return row.cells.every((cell) => cell === null || (!isNumberCell(cell) && cell.trim() === ''));
}

/** A reader for the rows of one file: knows where each field stands and what is usual there. Answers null for rows without data. */
export function rowReader(mapping: ColumnMapping, habits: readonly ColumnHabit[], policy: ImportPolicy): (row: SheetRow) => ReadRow | null {
  const { kind } = mapping;
  const specs = Object.entries(FIELDS[kind]).map(([name, spec]: [string, FieldSpec]) => {
    const column = mapping.columns.findIndex((candidate) => candidate.field === name);
    // The keys of FIELDS[kind] are field names of that kind by construction.
    return {
      name: name as FieldName,
      column,
      moment: spec.moment,
      read: rememberingReader(
        spec.moment ? readPastMoment : spec.past ? readPastDate : spec.note ? readNote : READERS[spec.type],
        habits[column] ?? EMPTY_HABIT,
        policy,
      ),
    };
  });
  const headers = mapping.columns.map((column) => column.header.trim());

  return (row) => {
    if (row.row < mapping.firstDataRow || isBlankRow(row) || isHeaderAgain(row, headers)) return null;
    const values: Record<string, unknown> = {};
    const findings: Finding[] = [];
    let faults = NO_FAULTS;
    let empty = NO_FIELDS;
    for (const { name, column, moment, read } of specs) {
      const reading = read(column < 0 ? null : (row.cells[column] ?? null));
      values[name] = reading.value;
      if (moment) values[moment] = reading.at ?? null;
      if (reading.empty) empty = empty === NO_FIELDS ? new Set([name]) : empty.add(name);
      const [fault] = reading.faults;
      const usable = Array.isArray(reading.value) ? reading.value.length > 0 : reading.value !== null;
      if (fault) faults = new Map([...faults, [name, fault]]);
      for (const mend of reading.mends) findings.push({ severity: 'mended', code: mend, field: name });
      // 0000-00-00 and 1900-01-00 mean empty: no fault unless the date is required.
      if (fault && !(reading.empty && !usable)) findings.push({ severity: 'warned', code: fault, field: name });
    }
    // A car that is still to be delivered is not its buyer's: the order stays open, and an open order has none.
    if (kind === 'sales' && faults.get('deliveredOn') === 'date_future' && values['vin'] !== null) {
      values['vin'] = null;
      findings.push({ severity: 'warned', code: 'delivery_ahead', field: 'vin' });
    }
    if (isTotals(row, values)) return null;
    const rawOf = (name: FieldName): Cell => {
      const column = mapping.columns.findIndex((candidate) => candidate.field === name);
      return column < 0 ? null : (row.cells[column] ?? null);
    };
    // Every field of the kind was read by the reader of its type just above.
    const data = { kind, values } as unknown as AnyRow;
    const refused = rejectionOf(data, faults);
    if (refused) {
      const rejection: Rejection = { ...refused, raw: rawOf(refused.field) };
      return {
        row: row.row,
        outcome: 'rejected',
        data,
        findings: [
          ...findings.filter((finding) => !isReasonOf(finding, refused)),
          { severity: 'rejected', code: refused.reason, field: refused.field },
        ],
        rejection,
      };
    }
    for (const finding of warningsOf(data, empty)) findings.push(finding);
    const outcome = findings.some((finding) => finding.severity === 'warned') ? 'warned' : findings.length > 0 ? 'recovered' : 'clean';
    return { row: row.row, outcome, data, findings, rejection: null };
  };
}

type AnyReading = CellReading<unknown> & Partial<Pick<MomentReading, 'at'>>;

/**
 * A reader of one column's cells. What a text means there depends on nothing else, so it is worked out once while it is fresh; in a column
 * where few texts come again, remembering costs more than reading and is given up.
 */
function rememberingReader(
  reader: (cell: Cell, habit: ColumnHabit, policy: ImportPolicy) => AnyReading,
  habit: ColumnHabit,
  policy: ImportPolicy,
): (cell: Cell) => AnyReading {
  const known = new Map<string | null, AnyReading>();
  let again = 0;
  let remembering = true;
  return (cell) => {
    if (!remembering || isNumberCell(cell)) return reader(cell, habit, policy);
    let reading = known.get(cell);
    if (reading !== undefined) {
      again += 1;
      return reading;
    }
    if (known.size >= REMEMBERED_CELLS) {
      remembering = again > known.size;
      again = 0;
      known.clear();
    }
    reading = reader(cell, habit, policy);
    if (remembering) known.set(cell, reading);
    return reading;
  };
}

/** Whether a warning says what the row is refused for: it is said once, as the refusal. */
function isReasonOf({ code, field }: Finding, refused: { readonly field: FieldName; readonly reason: Fault }): boolean {
  return code === refused.reason && field === refused.field;
}

/** Required fields in the order in which a missing one is named, with the reason when the cell says nothing. */
const REQUIRED_ORDER = {
  customers: [
    ['name', 'empty_name'],
    ['phone', 'empty_phone'],
  ],
  sales: [
    ['name', 'empty_name'],
    ['phone', 'empty_phone'],
    ['orderedOn', 'empty_required_date'],
  ],
  service: [
    ['orderNo', 'empty_order_no'],
    ['arrivedOn', 'empty_required_date'],
    ['category', 'empty_category'],
  ],
  leads: [
    ['name', 'empty_name'],
    ['phone', 'empty_phone'],
  ],
} as const satisfies Record<FileKind, readonly (readonly [FieldName, Fault])[]>;

/** Why the row cannot be taken: the first required field without a usable value. A visit needs a vehicle: VIN or plate. */
function rejectionOf(data: AnyRow, faults: ReadonlyMap<FieldName, Fault>): { field: FieldName; reason: Fault } | null {
  const values: Readonly<Record<string, unknown>> = data.values;
  for (const [name, reason] of REQUIRED_ORDER[data.kind]) {
    const value = values[name];
    if (value === null || (Array.isArray(value) && value.length === 0)) return { field: name, reason: faults.get(name) ?? reason };
  }
  if (data.kind === 'service' && data.values.vin === null && data.values.plate === null) {
    return { field: 'vin', reason: faults.get('vin') ?? faults.get('plate') ?? 'empty_vin_and_plate' };
  }
  return null;
}

function warningsOf(data: AnyRow, empty: ReadonlySet<FieldName>): Finding[] {
  const warned = (field: FieldName, code: Fault): Finding => ({ severity: 'warned', code, field });
  const warnings: Finding[] = [];
  if (data.kind === 'service') {
    if (empty.has('name')) warnings.push(warned('name', 'empty_name'));
    if (empty.has('phone')) warnings.push(warned('phone', 'empty_phone'));
    if (empty.has('vin')) warnings.push(warned('vin', 'empty_vin'));
  }
  if (data.kind === 'customers' && empty.has('vin') && data.values.plate !== null) warnings.push(warned('vin', 'empty_vin'));
  if (data.kind === 'sales' && empty.has('vin') && data.values.deliveredOn !== null) warnings.push(warned('vin', 'empty_vin'));
  if (data.kind === 'leads') {
    for (const field of LEAD_FIELDS) if (empty.has(field)) warnings.push(warned(field, 'empty_lead_field'));
  }
  return warnings;
}

/** A totals row says so in one cell and names nobody. */
function isTotals(row: SheetRow, values: Readonly<Record<string, unknown>>): boolean {
  // Nearly every row names somebody; only of the others all cells are looked at.
  const phones = values['phone'];
  if (Array.isArray(phones) && phones.length > 0) return false;
  if (typeof values['name'] === 'string' && !TOTALS.test(values['name'])) return false;
  return row.cells.some((cell) => typeof cell === 'string' && TOTALS.test(cell.trim()));
}

/** Exports of several pages repeat their header. */
function isHeaderAgain(row: SheetRow, headers: readonly string[]): boolean {
  let same = 0;
  for (const [at, header] of headers.entries()) {
    const cell = row.cells[at] ?? null;
    if (typeof cell !== 'string' || header === '') continue;
    if (cell.trim() === header) same += 1;
  }
  return same >= 3 && same >= headers.filter((header) => header !== '').length / 2;
}

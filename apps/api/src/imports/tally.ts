import {
  columnTypes,
  FIELDS,
  type Cell,
  type Fault,
  type FieldName,
  type FieldType,
  type FileKind,
  type ReaderRefusal,
  type ReadRow,
  type WantedColumn,
} from '@baoke/core/imports';
import type { ImportRowRecord } from '@baoke/db/imports';
import type { WriteResult } from './write-plan.ts';
import type { Opened } from './understand-file.ts';

export type FileRefusal = ReaderRefusal | 'imports.unknown_file' | 'imports.column_missing';

export interface FileReport {
  readonly file: string;
  readonly kind: FileKind | null;
  /** Why the file was not taken at all. */
  readonly refusal: FileRefusal | null;
  /** The required columns it lacks, where that is why. */
  readonly missing: readonly WantedColumn[];
  readonly rows: number;
  readonly clean: number;
  readonly recovered: number;
  readonly warned: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejections: readonly { readonly row: number; readonly column: string; readonly raw: Cell; readonly reason: string }[];
  /** Headers, what the columns hold, and refused rows for the correction workbook. */
  readonly headers: readonly string[];
  readonly types: readonly (FieldType | null)[];
  readonly refused: readonly { readonly row: number; readonly cells: readonly Cell[]; readonly reason: string }[];
}

export type RefusedFile = Pick<FileReport, 'missing'> & { readonly refusal: FileRefusal };

export function refusedFile(file: string, refused: RefusedFile): FileReport {
  return {
    file,
    kind: null,
    ...refused,
    rows: 0,
    clean: 0,
    recovered: 0,
    warned: 0,
    duplicate: 0,
    rejected: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejections: [],
    headers: [],
    types: [],
    refused: [],
  };
}

export type TalliedRow = Omit<ImportRowRecord, 'raw'> & { readonly raw: readonly Cell[] | null };

/** What became of the rows of a file. Of a clean row only its number is kept: most rows are clean, and there may be two hundred thousand. */
export class Tally {
  readonly #file: Opened;
  readonly #clean: number[] = [];
  readonly #others: { readonly row: Omit<ReadRow, 'data'>; readonly cells: readonly Cell[] | null; readonly duplicateOf: number | null }[] =
    [];

  constructor(file: Opened) {
    this.#file = file;
  }

  get rows(): number {
    return this.#clean.length + this.#others.length;
  }

  add({ row, outcome, findings, rejection }: ReadRow, cells: readonly Cell[] | null, duplicateOf: number | null): void {
    if (outcome === 'clean' && duplicateOf === null) this.#clean.push(row);
    else this.#others.push({ row: { row, outcome, findings, rejection }, cells, duplicateOf });
  }

  judge(written: WriteResult): { made: FileReport; records: TalliedRow[] } {
    const counts = { clean: 0, recovered: 0, warned: 0, duplicate: 0, rejected: 0, created: 0, updated: 0, unchanged: 0 };
    type Doubt = { readonly severity: 'warned'; readonly code: Fault; readonly column?: string; readonly field?: FieldName };
    const doubts = new Map<number, Doubt[]>();
    for (const { row, column } of written.conflicts) {
      const said = doubts.get(row) ?? [];
      // The customer and the vehicle of a row may have the column alike: it is one cell.
      if (!said.some((finding) => finding.column === column))
        doubts.set(row, [...said, { severity: 'warned', code: 'kept_by_hand', column }]);
    }
    for (const row of written.withheldIds)
      doubts.set(row, [...(doubts.get(row) ?? []), { severity: 'warned', code: 'id_withdrawn', field: 'idNumber' }]);
    const { mapping } = this.#file.recognition;
    const fields: Readonly<Record<string, { readonly header: string }>> = FIELDS[mapping.kind];
    const headerOf = (field: string) =>
      mapping.columns.find((column) => column.field === field)?.header || (fields[field]?.header ?? field);
    const effectOf = (row: number) => {
      const effect = written.createdRows.has(row) ? 'created' : written.updatedRows.has(row) ? 'updated' : 'unchanged';
      counts[effect] += 1;
      return effect;
    };
    // Clean rows are in the counts; a line for each would be most of the table and say nothing.
    const records: TalliedRow[] = [];
    for (const row of this.#clean) {
      const effect = effectOf(row);
      const kept = doubts.get(row);
      counts[kept ? 'warned' : 'clean'] += 1;
      if (kept) records.push({ row, outcome: 'warned', effect, findings: kept, raw: null });
    }
    const rejections: { row: number; column: string; raw: Cell; reason: string }[] = [];
    const refused: { row: number; cells: readonly Cell[]; reason: string }[] = [];
    for (const { row, cells, duplicateOf } of this.#others) {
      const kept = doubts.get(row.row) ?? [];
      const outcome = duplicateOf !== null ? 'duplicate' : kept.length > 0 ? 'warned' : row.outcome;
      counts[outcome] += 1;
      if (row.rejection) {
        const { field, raw, reason } = row.rejection;
        rejections.push({ row: row.row, column: headerOf(field), raw, reason });
        refused.push({ row: row.row, cells: cells ?? [], reason });
      }
      const accepted = outcome !== 'rejected' && outcome !== 'duplicate';
      records.push({
        row: row.row,
        outcome,
        effect: accepted ? effectOf(row.row) : null,
        findings: duplicateOf === null ? [...row.findings, ...kept] : [{ duplicateOf }],
        raw: cells,
      });
    }
    const headers = mapping.columns.map((column) => column.header || (column.field ? (fields[column.field]?.header ?? '') : ''));
    const made = {
      file: this.#file.source.name,
      kind: mapping.kind,
      refusal: null,
      missing: [],
      rows: this.rows,
      ...counts,
      rejections,
      headers,
      types: columnTypes(mapping),
      refused,
    };
    return { made, records: records.toSorted((a, b) => a.row - b.row) };
  }
}

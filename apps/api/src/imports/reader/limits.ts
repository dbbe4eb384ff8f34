import type { ReaderRefusal } from '@baoke/core/imports';

/** What an upload may cost before it is refused. Operators may raise each. Source: spec 09 P13. */
export interface ReaderLimits {
  readonly fileBytes: number;
  /** Counted while inflating, never as the archive declares. */
  readonly unpackedBytes: number;
  readonly entries: number;
  readonly rows: number;
  readonly columns: number;
  /** UTF-16 code units of one cell. */
  readonly cellLength: number;
  readonly memoryBytes: number;
  readonly milliseconds: number;
}

const MB = 1024 * 1024;

export const DEFAULT_LIMITS: ReaderLimits = {
  fileBytes: 20 * MB,
  unpackedBytes: 200 * MB,
  entries: 1000,
  rows: 200_000,
  columns: 200,
  cellLength: 32 * 1024,
  memoryBytes: 512 * MB,
  milliseconds: 60_000,
};

/** A file that is not read further, and where it stopped when that is known. */
export class UnreadableFile extends Error {
  readonly refusal: ReaderRefusal;
  /** The row a spreadsheet would show, when the fault stands in one. */
  readonly row: number | undefined;
  /** The file, where several are read. */
  readonly file: string | undefined;

  constructor(refusal: ReaderRefusal, row?: number, file?: string) {
    super(row === undefined ? refusal : `${refusal} (row ${row})`);
    this.name = 'UnreadableFile';
    this.refusal = refusal;
    this.row = row;
    this.file = file;
  }
}

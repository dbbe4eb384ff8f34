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

/** What an operator may raise: the size of a file in MB and its rows; undefined leaves it. */
export type RaisedLimits = { readonly megabytes?: number | undefined; readonly rows?: number | undefined };

/** The limits for larger files. What a file may unpack to, the reader's memory and its time grow with the size that is taken, or the rows. */
export function raisedLimits({ megabytes, rows = DEFAULT_LIMITS.rows }: RaisedLimits): ReaderLimits {
  const fileBytes = megabytes === undefined ? DEFAULT_LIMITS.fileBytes : megabytes * MB;
  const times = Math.max(1, fileBytes / DEFAULT_LIMITS.fileBytes, rows / DEFAULT_LIMITS.rows);
  return {
    ...DEFAULT_LIMITS,
    fileBytes,
    rows,
    unpackedBytes: DEFAULT_LIMITS.unpackedBytes * times,
    // A file is held as bytes and as text, of two bytes a sign where it is Chinese; its rows go on as they are read.
    memoryBytes: DEFAULT_LIMITS.memoryBytes + Math.max(0, fileBytes - DEFAULT_LIMITS.fileBytes) * 4,
    milliseconds: DEFAULT_LIMITS.milliseconds * times,
  };
}

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

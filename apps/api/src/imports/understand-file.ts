import {
  headerSignature,
  missingColumns,
  recognise,
  rowReader,
  withMapping,
  type Cell,
  type ColumnMapping,
  type ImportPolicy,
  type ReadRow,
  type Recognition,
  type SheetRow,
} from '@baoke/core/imports';
import type { StoreId } from '@baoke/core/kernel';
import { findMapping } from '@baoke/db/imports';
import { DEFAULT_LIMITS, UnreadableFile, type ReaderLimits } from './reader/limits.ts';
import type { FileFormat } from './reader/messages.ts';
import { ReadAhead } from './reader/read-ahead.ts';
import { readFileRows, type ReadableFile } from './reader/read-file.ts';
import type { ImportEnvironment, InStore } from './run-import.ts';
import type { RefusedFile } from './tally.ts';

export type ImportFileSource = {
  readonly name: string;
  /** A mapping set by a person; else the remembered or the recognised one. */
  readonly mapping?: ColumnMapping;
} & ({ readonly path: string } | { readonly bytes: () => Promise<Buffer> });

function readable(source: ImportFileSource): ReadableFile {
  return 'path' in source ? source.path : source;
}

const SAMPLE_ROWS = 1000;

/** Batches of the reader, of a thousand rows, that are understood before they are asked for. */
const BATCHES_AHEAD = 8;

export interface Opened {
  readonly source: ImportFileSource;
  readonly position: number;
  readonly recognition: Recognition;
  readonly format: FileFormat | undefined;
}

/** Reads the beginning of a file and settles its mapping: a person's, the remembered one for these headers, the recognised one. */
export async function openFile(
  env: ImportEnvironment,
  inStore: InStore,
  storeId: StoreId,
  source: ImportFileSource,
): Promise<{ recognition: Recognition; format: FileFormat | undefined } | RefusedFile> {
  try {
    const { rows, format } = await readSample(readable(source), env.limits);
    const recognised = recognise(rows);
    let recognition = source.mapping ? withMapping(source.mapping, rows) : recognised;
    if (!source.mapping && recognised && recognised.mapping.headerRow !== null) {
      const remembered = await inStore((tx) =>
        findMapping(tx, storeId, headerSignature(recognised.mapping.columns.map((column) => column.header))),
      );
      // Written by saveMapping, from a mapping that a person confirmed.
      if (remembered)
        recognition = withMapping({ ...recognised.mapping, ...(remembered as Pick<ColumnMapping, 'kind' | 'columns'>) }, rows);
    }
    if (!recognition) return { refusal: 'imports.unknown_file', missing: [] };
    const missing = missingColumns(recognition.mapping);
    return missing.length > 0 ? { refusal: 'imports.column_missing', missing } : { recognition, format };
  } catch (error) {
    if (error instanceof UnreadableFile) return { refusal: error.refusal, missing: [] };
    throw error;
  }
}

/** The first rows of a file and how it is written. */
export async function readSample(
  file: ReadableFile,
  limits: ReaderLimits = DEFAULT_LIMITS,
): Promise<{ rows: SheetRow[]; format: FileFormat | undefined }> {
  let format: FileFormat | undefined;
  for await (const rows of readFileRows(file, { limits, onFormat: (told) => (format = told) }))
    return { rows: rows.slice(0, SAMPLE_ROWS), format };
  return { rows: [], format };
}

/** A row with its cells where they are kept: a refused row goes back to whoever mends it. */
export interface UnderstoodRow {
  readonly row: ReadRow;
  readonly cells: readonly Cell[] | null;
}

/** The cells to keep of a row. Digits that a refused number gets back by the others of its column go with it: alone it would not get them. */
function keptCells({ cells }: SheetRow, { outcome, findings, data }: ReadRow, { columns }: ColumnMapping): readonly Cell[] | null {
  if (outcome !== 'rejected') return outcome === 'warned' ? cells : null;
  const mended = new Set(findings.flatMap(({ code, field }) => (code === 'leading_zero_lost' ? [field] : [])));
  if (mended.size === 0) return cells;
  // The mend is one of codes, whose values are text.
  const values = data.values as unknown as Readonly<Record<string, string | null>>;
  return cells.map((cell, at) => {
    const field = columns[at]?.field;
    return field && mended.has(field) ? (values[field] ?? cell) : cell;
  });
}

/** Reads the rows of one file and understands them, ahead of need once it is started. */
export class FileReader {
  readonly #read: () => AsyncGenerator<UnderstoodRow[]>;
  #ahead: ReadAhead<UnderstoodRow[]> | undefined;

  constructor(file: Opened, policy: ImportPolicy, limits: ReaderLimits = DEFAULT_LIMITS) {
    const { mapping, habits } = file.recognition;
    this.#read = async function* () {
      const understand = rowReader(mapping, habits, policy);
      for await (const batch of readFileRows(readable(file.source), { limits })) {
        const rows: UnderstoodRow[] = [];
        for (const row of batch) {
          const result = understand(row);
          if (result) rows.push({ row: result, cells: keptCells(row, result, mapping) });
        }
        yield rows;
      }
    };
  }

  start(): ReadAhead<UnderstoodRow[]> {
    return (this.#ahead ??= new ReadAhead(this.#read(), BATCHES_AHEAD));
  }

  /** The rows from the first on; a second time only from the beginning of the file. */
  take(): ReadAhead<UnderstoodRow[]> {
    const ahead = this.start();
    this.#ahead = undefined;
    return ahead;
  }

  close(): void {
    this.#ahead?.close();
  }
}

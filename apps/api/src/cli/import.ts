import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ImportMode } from '@baoke/core/imports';
import { createI18n, fieldFaultText, refusalText } from '@baoke/i18n';
import { now } from '../clock.ts';
import { idNumberVault } from '../customers/id-numbers.ts';
import { newId } from '../ids.ts';
import { writeCorrectionWorkbook } from '../imports/correction-workbook.ts';
import { maskIdNumbers } from '../imports/raw-cells.ts';
import { reasonText } from '../imports/reasons.ts';
import { raisedLimits, UnreadableFile } from '../imports/reader/limits.ts';
import { runImport } from '../imports/run-import.ts';
import type { FileRefusal, FileReport } from '../imports/tally.ts';
import { ImportBusy } from '../imports/undo-import.ts';
import { fileArgument, wholeArgument } from './arguments.ts';
import { openDatabase, OperatorError } from './open.ts';
import { print } from './print.ts';
import { storeOf } from './store.ts';

const MODES: readonly ImportMode[] = ['create', 'upsert', 'update'];

export type ImportOptions = {
  readonly store?: string;
  readonly mode: string;
  readonly dryRun: boolean;
  readonly maxSize?: string;
  readonly maxRows?: string;
  readonly withIdNumbers: boolean;
};

/** The option that raises a limit, by the refusal of a file that oversteps it. */
const RAISED_BY: Partial<Record<FileRefusal, string>> = {
  'imports.file_too_large': '--max-size MB',
  'imports.unpacked_too_large': '--max-size MB',
  'imports.too_much_memory': '--max-size MB',
  'imports.too_slow': '--max-size MB',
  'imports.too_many_rows': '--max-rows ROWS',
};

/**
 * `baoke import FILE…`: brings DMS files into a store and prints what became of them.
 *
 * Ends with 0 when every row has an outcome and none is rejected, 3 when some are or a file was not taken, 1 when the run failed or no file was taken.
 * Refused rows are written to a workbook beside the import's other papers in the data folder, ID numbers masked unless they are asked for:
 * nothing deletes it (P18). Source: spec 13 Import.
 */
export async function importCommand(paths: readonly string[], options: ImportOptions & { readonly json: boolean }): Promise<void> {
  const mode = MODES.find((known) => known === options.mode);
  if (!mode) throw new OperatorError(`--mode wants one of ${MODES.join(', ')}, not ${options.mode}`);
  const limits = raisedLimits({
    megabytes: wholeArgument('--max-size', options.maxSize, 1, 1000),
    rows: wholeArgument('--max-rows', options.maxRows, 1, 5_000_000),
  });
  const database = await openDatabase({ logLevel: 'warn' });
  try {
    const store = await storeOf(database.pool, options.store);
    const report = await runImport(
      {
        pool: database.pool,
        now,
        newId,
        limits,
        openVault: (tx, storeId) => idNumberVault(database, tx, storeId),
        ...(options.json ? {} : { onProgress: ({ file, phase, rows }) => process.stderr.write(`\r${file} ${phase} ${rows}   `) }),
      },
      {
        storeId: store.id,
        staffId: null,
        actorName: 'baoke import',
        mode,
        dryRun: options.dryRun,
        files: paths.map((path) => ({ name: basename(path), path: fileArgument(path) })),
      },
    ).catch((cause: unknown) => {
      if (cause instanceof ImportBusy)
        throw new OperatorError(`Another import is running in store ${store.code}. Try again when it is done.`, { cause });
      if (cause instanceof UnreadableFile)
        throw new OperatorError(
          `${cause.file ?? 'A file'} could not be read to its end, so nothing of it was taken. ${inWords(cause.refusal)}.`,
          { cause },
        );
      throw cause;
    });
    const files = [];
    const folder = join(database.config.dataDirectory, 'imports', report.importId);
    for (const file of report.files) files.push(await shown(file, folder, options.withIdNumbers));
    if (!options.json) process.stderr.write('\n');
    print(
      options,
      { files },
      files.map((file) =>
        file.kind === null
          ? `${file.file}: not taken. ${file.said}.`
          : `${file.file} (${file.kind}): ${file.rows} rows: ${file.clean} clean, ${file.recovered} recovered, ${file.warned} warned, ${file.duplicate} duplicate, ${file.rejected} rejected; ` +
            `${file.created} created, ${file.updated} updated, ${file.unchanged} unchanged${file.correctionWorkbook ? `; to correct: ${file.correctionWorkbook}` : ''}`,
      ),
    );
    if (report.status === 'cancelled' || report.files.every((file) => file.refusal !== null)) process.exitCode = 1;
    else if (report.files.some((file) => file.rejected > 0 || file.refusal !== null)) process.exitCode = 3;
  } finally {
    await database.close();
  }
}

/** Why a file is not taken, the columns it lacks by their names, and what to do about it. */
function inWords(refusal: FileRefusal, missing: FileReport['missing'] = []): string {
  const { t } = createI18n('en');
  const lacks = missing.map(({ header, synonyms }) =>
    fieldFaultText(t, { path: '', code: 'column_missing', params: { header, synonyms: synonyms.join(', ') } }),
  );
  const text = lacks.length > 0 ? `${lacks.join('. ')}. Add what is missing, or assign the columns by hand` : refusalText(t, refusal);
  const option = RAISED_BY[refusal];
  if (option !== undefined) return `${text.replace(/\.$/, '')}. Raise the limit with ${option}`;
  const byHand = refusal === 'imports.unknown_file' || refusal === 'imports.column_missing';
  return byHand ? `${text}: upload it in the console, on the page ${t('imports.title')}` : text;
}

/** A file as the JSON shows it; `refusal`, its code, the columns that are `missing`, and `said`, its words, stand only where the file was not taken. */
async function shown(file: FileReport, folder: string, withIdNumbers: boolean) {
  const { headers, types, refused, refusal, missing, ...rest } = file;
  let correctionWorkbook: string | null = null;
  if (refused.length > 0) {
    const { t } = createI18n('zh');
    // Refused rows hold what a person told of himself: for whoever runs the store's system, and nobody else on the machine.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    correctionWorkbook = join(folder, `${basename(file.file, extname(file.file))}-${t('imports.correction.suffix')}.xlsx`);
    const rows = file.rejections.map((rejection, at) => ({
      row: rejection.row,
      cells: withIdNumbers ? (refused[at]?.cells ?? []) : maskIdNumbers(refused[at]?.cells ?? [], types),
      reason: reasonText(t, rejection),
    }));
    const words = { row: t('imports.correction.row'), reason: t('imports.correction.reason') };
    await writeFile(
      correctionWorkbook,
      await writeCorrectionWorkbook({ sheet: basename(file.file, extname(file.file)), headers, types, words, rows }),
      { mode: 0o600 },
    );
  }
  return { ...rest, correctionWorkbook, ...(refusal === null ? {} : { refusal, missing, said: inWords(refusal, missing) }) };
}

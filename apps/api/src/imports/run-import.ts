import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Directory,
  FIELDS,
  FILE_KINDS,
  FilePlanner,
  headerSignature,
  recognise,
  rowReader,
  withMapping,
  type Cell,
  type ColumnMapping,
  type FileKind,
  type ImportMode,
  type ImportPolicy,
  type ReaderRefusal,
  type ReadRow,
  type Recognition,
  type SheetRow,
} from '@baoke/core/imports';
import { dateIn, type Branded, type ImportId, type Instant, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { inTransaction, type Db, type Pool } from '@baoke/db';
import {
  findImport,
  findMapping,
  getImportStore,
  insertCategories,
  insertImport,
  insertImportFile,
  insertJournal,
  insertNamedStaff,
  lastJournalSeq,
  listImportFiles,
  loadCategoryCodes,
  loadKnownCustomers,
  loadKnownVehicles,
  loadStaffByName,
  replaceImportRows,
  tryLockImports,
  updateImport,
  updateImportFile,
  type ImportRowRecord,
} from '@baoke/db/imports';
import { DEFAULT_LIMITS, UnreadableFile, type ReaderLimits } from './reader/limits.ts';
import type { FileFormat } from './reader/messages.ts';
import { readFileRows } from './reader/read-file.ts';
import { undoImport } from './undo-import.ts';
import { Overlay, writePlan, type SealedIdNumber } from './write-plan.ts';

/** What an import needs of the process. */
export interface ImportEnvironment {
  readonly pool: Pool;
  readonly now: () => Instant;
  readonly newId: <T extends Branded<string, string>>() => T;
  readonly limits?: ReaderLimits;
  /** Encrypts ID numbers; null keeps none. */
  readonly sealIdNumber: ((number: string) => SealedIdNumber) | null;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportFileSource {
  readonly name: string;
  readonly path: string;
  /** A mapping set by a person; else the remembered or the recognised one. */
  readonly mapping?: ColumnMapping;
}

export interface ImportRequest {
  readonly storeId: StoreId;
  readonly staffId: StaffId | null;
  readonly mode: ImportMode;
  readonly dryRun: boolean;
  readonly files: readonly ImportFileSource[];
  /** An upload that waits to be started, or an import that was interrupted: files it has finished are not read again. */
  readonly importId?: ImportId;
}

export interface ImportProgress {
  readonly file: string;
  readonly phase: 'reading' | 'writing' | 'done';
  readonly rows: number;
}

export type FileRefusal = ReaderRefusal | 'imports.unknown_file' | 'imports.column_missing';

export interface FileReport {
  readonly file: string;
  readonly kind: FileKind | null;
  /** Why the file was not taken at all. */
  readonly refusal: FileRefusal | null;
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
  /** Headers and refused rows for the correction workbook. */
  readonly headers: readonly string[];
  readonly refused: readonly { readonly row: number; readonly cells: readonly Cell[]; readonly reason: string }[];
}

export interface ImportReport {
  readonly importId: ImportId;
  readonly status: 'done' | 'cancelled';
  readonly files: readonly FileReport[];
}

/** Another import works in the store; the two would not see one another's customers. */
export class ImportBusy extends Error {}
/** Somebody asked for the running import to stop. */
class Cancelled extends Error {}

const SAMPLE_ROWS = 1000;

interface Opened {
  readonly source: ImportFileSource;
  readonly position: number;
  readonly recognition: Recognition;
  readonly format: FileFormat | undefined;
}

/**
 * Imports files into a store: customers, sales ledger, service records, leads, whatever order they are given in.
 *
 * Each file is one transaction under the store's import lock: a process that dies leaves whole files or nothing of them, and running the same
 * import again finishes it. A dry run compares everything and writes nothing. Cancelling undoes the files already written. Unknown files are
 * reported and the rest goes on. Throws `ImportBusy` while another import works in the store. Source: spec 13 Import, spec 09 P14.
 */
export async function runImport(env: ImportEnvironment, request: ImportRequest): Promise<ImportReport> {
  const { storeId } = request;
  const inStore = <T>(work: (tx: Db) => Promise<T>): Promise<T> => inTransaction(env.pool, { storeId }, work);
  const store = await inStore((tx) => getImportStore(tx, storeId));
  const policy: ImportPolicy = { homeProvince: store.plateProvince, areaCode: store.areaCode };
  const importId = request.importId ?? env.newId<ImportId>();
  const reports = new Map<number, FileReport>();
  const opened: Opened[] = [];
  const finished = new Set(
    (request.importId ? await inStore((tx) => listImportFiles(tx, storeId, importId)) : [])
      .filter((file) => file.rowsDone > 0)
      .map((file) => file.position),
  );
  const waiting = [...request.files.entries()].filter(([position]) => !finished.has(position));
  const results = await Promise.all(waiting.map(([, source]) => openFile(env, inStore, storeId, source)));
  for (const [at, [position, source]] of waiting.entries()) {
    const result = results[at];
    if (typeof result === 'string') reports.set(position, refusedFile(source.name, result));
    else if (result) opened.push({ source, position, ...result });
  }
  const kindOrder = (file: Opened) => FILE_KINDS.indexOf(file.recognition.mapping.kind);
  const ordered = opened.toSorted((a, b) => kindOrder(a) - kindOrder(b) || a.position - b.position);

  await inStore(async (tx) => {
    if (!request.importId)
      await insertImport(tx, storeId, {
        id: importId,
        mode: request.mode,
        dryRun: request.dryRun,
        createdBy: request.staffId,
        createdAt: env.now(),
      });
    await updateImport(tx, storeId, importId, {
      status: 'running',
      mode: request.mode,
      dryRun: request.dryRun,
      startedAt: env.now(),
      failure: null,
    });
  });
  if (!request.importId) await recordFiles(inStore, storeId, importId, request.files, opened);

  const shared: DryRunState = { directory: null, overlay: new Overlay() };
  try {
    for (const file of ordered) {
      const report = await importFile(env, inStore, { ...request, importId }, file, policy, store.timeZone as TimeZone, shared);
      reports.set(file.position, report);
    }
  } catch (error) {
    if (error instanceof Cancelled) {
      await undoImport(env, storeId, importId, 'cancelled');
      return { importId, status: 'cancelled', files: inOrder(reports) };
    }
    await inStore((tx) =>
      updateImport(tx, storeId, importId, {
        status: 'failed',
        failure: error instanceof UnreadableFile ? error.refusal : error instanceof ImportBusy ? 'imports.busy' : 'imports.failed',
        finishedAt: env.now(),
      }),
    );
    throw error;
  }
  await inStore((tx) => updateImport(tx, storeId, importId, { status: 'done', finishedAt: env.now() }));
  return { importId, status: 'done', files: inOrder(reports) };
}

type InStore = <T>(work: (tx: Db) => Promise<T>) => Promise<T>;

/** In a dry run later files must see what earlier ones would have made. */
interface DryRunState {
  directory: Directory | null;
  readonly overlay: Overlay;
}

function inOrder(reports: ReadonlyMap<number, FileReport>): FileReport[] {
  return [...reports].sort(([a], [b]) => a - b).map(([, report]) => report);
}

/** Reads the beginning of a file and settles its mapping: a person's, the remembered one for these headers, the recognised one. */
async function openFile(
  env: ImportEnvironment,
  inStore: InStore,
  storeId: StoreId,
  source: ImportFileSource,
): Promise<{ recognition: Recognition; format: FileFormat | undefined } | FileRefusal> {
  try {
    const { rows, format } = await readSample(source.path, env.limits);
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
    if (!recognition) return 'imports.unknown_file';
    return recognition.missing.length > 0 ? 'imports.column_missing' : { recognition, format };
  } catch (error) {
    if (error instanceof UnreadableFile) return error.refusal;
    throw error;
  }
}

/** The first rows of a file and how it is written. */
export async function readSample(
  path: string,
  limits: ReaderLimits = DEFAULT_LIMITS,
): Promise<{ rows: SheetRow[]; format: FileFormat | undefined }> {
  let format: FileFormat | undefined;
  for await (const rows of readFileRows(path, { limits, onFormat: (told) => (format = told) }))
    return { rows: rows.slice(0, SAMPLE_ROWS), format };
  return { rows: [], format };
}

function refusedFile(file: string, refusal: FileRefusal): FileReport {
  return {
    file,
    kind: null,
    refusal,
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
    refused: [],
  };
}

async function recordFiles(
  inStore: InStore,
  storeId: StoreId,
  importId: ImportId,
  files: readonly ImportFileSource[],
  opened: readonly Opened[],
): Promise<void> {
  for (const [position, { name, path }] of files.entries()) {
    const file = opened.find((candidate) => candidate.position === position);
    // A file that could not be opened may not even be there; it is recorded by its name.
    const bytes = file ? await readFile(path) : Buffer.alloc(0);
    await inStore((tx) =>
      insertImportFile(tx, storeId, importId, {
        position,
        name,
        kind: file?.recognition.mapping.kind ?? null,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest(),
        content: null,
        encoding: file?.format?.format === 'csv' ? file.format.encoding : (file?.format?.format ?? null),
        mapping: file?.recognition.mapping ?? null,
      }),
    );
  }
}

async function importFile(
  env: ImportEnvironment,
  inStore: InStore,
  request: ImportRequest & { importId: ImportId },
  file: Opened,
  policy: ImportPolicy,
  zone: TimeZone,
  shared: DryRunState,
): Promise<FileReport> {
  const { storeId, importId } = request;
  const { kind } = file.recognition.mapping;
  const rows: ReadRow[] = [];
  const cellsOf = new Map<number, readonly Cell[]>();
  const read = rowReader(file.recognition.mapping, file.recognition.habits, policy);
  const report = async (progress: ImportProgress) => {
    env.onProgress?.(progress);
    const cancelled = await inStore(async (tx) => {
      await updateImport(tx, storeId, importId, { progress });
      return (await findImport(tx, storeId, importId))?.cancelRequested ?? false;
    });
    if (cancelled) throw new Cancelled();
  };
  for await (const batch of readFileRows(file.source.path, { limits: env.limits ?? DEFAULT_LIMITS })) {
    for (const row of batch) {
      const result = read(row);
      if (!result) continue;
      rows.push(result);
      if (result.outcome === 'rejected' || result.outcome === 'warned') cellsOf.set(result.row, row.cells);
    }
    await report({ file: file.source.name, phase: 'reading', rows: rows.length });
  }
  await report({ file: file.source.name, phase: 'writing', rows: rows.length });

  const outcome = await inStore(async (tx) => {
    if (!(await tryLockImports(tx, storeId))) throw new ImportBusy(`an import is running in store ${storeId}`);
    const today = dateIn(zone, env.now());
    const directory =
      shared.directory ?? new Directory(env.newId, await loadKnownCustomers(tx, storeId), await loadKnownVehicles(tx, storeId));
    if (request.dryRun) shared.directory = directory;
    const names = await namesOf(tx, storeId, env);
    const planner = new FilePlanner({ kind, today, newId: env.newId, staff: names.staff, category: names.category }, directory);
    const duplicates = new Map<number, number>();
    for (const [at, row] of rows.entries()) {
      // Planning holds the thread; requests get their turn in between.
      if (at % 500 === 499) await nextTurn();
      if (row.outcome === 'rejected') continue;
      const of = planner.add(row.row, row.data);
      if (of !== null) duplicates.set(row.row, of);
    }
    if (!request.dryRun) await names.save();
    const written = await writePlan(
      tx,
      planner.finish(),
      {
        storeId,
        mode: request.mode,
        now: env.now(),
        today,
        staffId: request.staffId,
        newId: env.newId,
        sealIdNumber: env.sealIdNumber,
        write: !request.dryRun,
      },
      request.dryRun ? shared.overlay : new Overlay(),
    );
    const made = judgeRows(file, rows, duplicates, written);
    const { refused: _refused, rejections: _rejections, headers: _headers, ...counts } = made.report;
    // Clean rows are in the counts; a line for each would be most of the table and say nothing.
    const told = made.records.filter((record) => record.outcome !== 'clean');
    await replaceImportRows(
      tx,
      storeId,
      importId,
      file.position,
      told.map((record) => ({ ...record, raw: cellsOf.get(record.row) ?? null })),
    );
    await updateImportFile(tx, storeId, importId, file.position, {
      kind,
      mapping: file.recognition.mapping,
      counts,
      created: made.report.created,
      updated: made.report.updated,
      unchanged: made.report.unchanged,
      ...(request.dryRun ? {} : { rowsDone: rows.length }),
    });
    if (!request.dryRun) {
      const staffMade = names.made.map(({ id }) => ({ entity: 'staff', entityId: id, key: null, before: null, after: null }));
      await insertJournal(tx, storeId, importId, await lastJournalSeq(tx, storeId, importId), [...staffMade, ...written.journal]);
    }
    const refused = made.report.rejections.map((rejection) => ({
      row: rejection.row,
      cells: cellsOf.get(rejection.row) ?? [],
      reason: rejection.reason,
    }));
    return { ...made.report, refused };
  });
  await report({ file: file.source.name, phase: 'done', rows: rows.length });
  return outcome;
}

function judgeRows(
  file: Opened,
  rows: readonly ReadRow[],
  duplicates: ReadonlyMap<number, number>,
  written: Awaited<ReturnType<typeof writePlan>>,
): { report: FileReport; records: ImportRowRecord[] } {
  const counts = { clean: 0, recovered: 0, warned: 0, duplicate: 0, rejected: 0, created: 0, updated: 0, unchanged: 0 };
  const keptByHand = new Map<number, { severity: 'warned'; code: 'kept_by_hand'; column: string }[]>();
  for (const { row, column } of written.conflicts)
    keptByHand.set(row, [...(keptByHand.get(row) ?? []), { severity: 'warned', code: 'kept_by_hand', column }]);
  const { mapping } = file.recognition;
  const fields: Readonly<Record<string, { readonly header: string }>> = FIELDS[mapping.kind];
  const headerOf = (field: string) => mapping.columns.find((column) => column.field === field)?.header || (fields[field]?.header ?? field);
  const rejections: { row: number; column: string; raw: Cell; reason: string }[] = [];
  const records = rows.map((row): ImportRowRecord => {
    const of = duplicates.get(row.row);
    const kept = keptByHand.get(row.row) ?? [];
    const outcome = of === undefined ? (kept.length > 0 ? 'warned' : row.outcome) : 'duplicate';
    counts[outcome] += 1;
    if (row.rejection)
      rejections.push({ row: row.row, column: headerOf(row.rejection.field), raw: row.rejection.raw, reason: row.rejection.reason });
    if (outcome === 'rejected' || outcome === 'duplicate')
      return { row: row.row, outcome, effect: null, findings: of === undefined ? row.findings : [{ duplicateOf: of }], raw: null };
    const effect = written.createdRows.has(row.row) ? 'created' : written.updatedRows.has(row.row) ? 'updated' : 'unchanged';
    counts[effect] += 1;
    return { row: row.row, outcome, effect, findings: outcome === 'clean' ? null : [...row.findings, ...kept], raw: null };
  });
  const headers = mapping.columns.map((column) => column.header || (column.field ? (fields[column.field]?.header ?? '') : ''));
  return {
    report: { file: file.source.name, kind: mapping.kind, refusal: null, rows: rows.length, ...counts, rejections, headers, refused: [] },
    records,
  };
}

/** Staff and categories by the words of the file; those that are new are written in one go before the records that name them. */
async function namesOf(tx: Db, storeId: StoreId, env: ImportEnvironment) {
  const staffByName = await loadStaffByName(tx, storeId);
  const codes = await loadCategoryCodes(tx, storeId);
  const shipped = new Map(SERVICE_CATEGORIES.map((category) => [category.zh, category]));
  const made: { id: StaffId; name: string; role: string }[] = [];
  const newCategories = new Map<string, { code: string; zh: string; en: string; effective: boolean }>();
  return {
    made,
    staff(name: string, role: string): StaffId {
      const known = staffByName.get(name);
      if (known) return known;
      const id = env.newId<StaffId>();
      staffByName.set(name, id);
      made.push({ id, name, role });
      return id;
    },
    category(words: string): string {
      const known = codes.get(words);
      if (known !== undefined) return known;
      const category = shipped.get(words) ?? { code: words, zh: words, en: words, effective: true };
      newCategories.set(category.code, category);
      codes.set(words, category.code);
      return category.code;
    },
    async save(): Promise<void> {
      await insertNamedStaff(tx, storeId, made);
      await insertCategories(tx, storeId, [...newCategories.values()]);
    },
  };
}

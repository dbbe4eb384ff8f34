import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  columnTypes,
  Directory,
  FIELDS,
  FILE_KINDS,
  FilePlanner,
  headerSignature,
  missingColumns,
  recognise,
  rowReader,
  withMapping,
  type Cell,
  type ColumnMapping,
  type Fault,
  type FieldName,
  type FieldType,
  type FileKind,
  type ImportMode,
  type ImportPolicy,
  type ReaderRefusal,
  type ReadRow,
  type Recognition,
  type SheetRow,
  type WantedColumn,
} from '@baoke/core/imports';
import { dateIn, type Branded, type ImportId, type Instant, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import {
  allowLongImport,
  findMapping,
  getImportStore,
  hasOtherImports,
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
  noteProgress,
  replaceImportRows,
  tryLockImports,
  updateImport,
  updateImportFile,
  type ImportRowRecord,
} from '@baoke/db/imports';
import { insertAuditEntry } from '@baoke/db/audit';
import { refreshStatistics } from '@baoke/db/stores';
import { DEFAULT_LIMITS, UnreadableFile, type ReaderLimits } from './reader/limits.ts';
import type { FileFormat } from './reader/messages.ts';
import type { IdNumberVault } from '../customers/id-numbers.ts';
import { keepCells } from './raw-cells.ts';
import { ReadAhead } from './reader/read-ahead.ts';
import { readFileRows } from './reader/read-file.ts';
import { ImportBusy, undoImport } from './undo-import.ts';
import { Overlay, PlanWriter, type WriteResult, type WriteStep } from './write-plan.ts';

/** What an import needs of the process. */
export interface ImportEnvironment {
  readonly pool: Pool;
  readonly now: () => Instant;
  readonly newId: <T extends Branded<string, string>>() => T;
  readonly limits?: ReaderLimits;
  /** Opens what encrypts the ID numbers of a store; null keeps none. */
  readonly openVault: ((tx: Db, storeId: StoreId) => Promise<IdNumberVault>) | null;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told before each step of writing a file. */
  readonly onStep?: (step: WriteStep) => void;
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
  /** Who is named in the audit log: the staff member, or the command. */
  readonly actorName: string;
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

export interface ImportReport {
  readonly importId: ImportId;
  readonly status: 'done' | 'cancelled';
  readonly files: readonly FileReport[];
}

/** Somebody asked for the running import to stop. */
class Cancelled extends Error {}

const SAMPLE_ROWS = 1000;
/** An import of so many rows changes what the planner should expect. */
const MANY_ROWS = 1000;
/** Visits that are compared and written together. */
const VISITS_AT_ONCE = 20_000;
/** Batches of the reader, of a thousand rows, that are understood before they are asked for. */
const BATCHES_AHEAD = 8;
/** Batches between two words on progress. */
const BATCHES_PER_REPORT = 5;

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
  const inStore: InStore = (work) => inTransaction(env.pool, { storeId }, work);
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
    if (result === undefined) continue;
    if ('refusal' in result) reports.set(position, refusedFile(source.name, result));
    else opened.push({ source, position, ...result });
  }
  const kindOrder = (file: Opened) => FILE_KINDS.indexOf(file.recognition.mapping.kind);
  const ordered = opened.toSorted((a, b) => kindOrder(a) - kindOrder(b) || a.position - b.position);

  const startedAt = env.now();
  await inStore(async (tx) => {
    if (!request.importId) {
      await insertImport(tx, storeId, {
        id: importId,
        mode: request.mode,
        dryRun: request.dryRun,
        createdBy: request.staffId,
        createdAt: startedAt,
      });
      const { mode, dryRun, files } = request;
      await recordStep(env, tx, request, importId, dryRun ? 'imports.try' : 'imports.start', {
        mode,
        files: files.map((file) => file.name),
      });
    }
    await updateImport(tx, storeId, importId, {
      status: 'running',
      mode: request.mode,
      dryRun: request.dryRun,
      startedAt,
      failure: null,
    });
  });
  if (!request.importId) await recordFiles(inStore, storeId, importId, request.files, opened);

  const state: RunState = { startedAt, directory: null, overlay: new Overlay() };
  const readers = ordered.map((file) => new FileReader(file, policy, env.limits));
  try {
    for (const [at, file] of ordered.entries()) {
      const rows = readers[at];
      if (!rows) continue;
      const work = { env, inStore, request: { ...request, importId }, zone: store.timeZone as TimeZone, state };
      reports.set(file.position, await importFile(work, file, rows, () => readers[at + 1]?.start()));
    }
  } catch (error) {
    if (error instanceof Cancelled) {
      await undoImport(env, storeId, importId, 'cancelled', (tx, undone) =>
        recordStep(env, tx, request, importId, 'imports.cancelled', undone),
      );
      return { importId, status: 'cancelled', files: inOrder(reports) };
    }
    const failure = error instanceof UnreadableFile ? error.refusal : error instanceof ImportBusy ? 'imports.busy' : 'imports.failed';
    await inStore(async (tx) => {
      await updateImport(tx, storeId, importId, { status: 'failed', failure, finishedAt: env.now() });
      await recordStep(env, tx, request, importId, 'imports.fail', { failure });
    });
    throw error;
  } finally {
    for (const reader of readers) reader.close();
  }
  const files = inOrder(reports);
  await inStore(async (tx) => {
    await allowLongImport(tx);
    if (!request.dryRun && files.reduce((sum, file) => sum + file.rows, 0) >= MANY_ROWS) await refreshStatistics(tx);
    await updateImport(tx, storeId, importId, { status: 'done', finishedAt: env.now() });
    await recordStep(env, tx, request, importId, request.dryRun ? 'imports.tried' : 'imports.finish', { files: files.map(countsOf) });
  });
  return { importId, status: 'done', files };
}

/** What the audit log says of a file: how many rows came to what, nothing of what stood in them. */
function countsOf({
  rejections: _rejections,
  refused: _refused,
  headers: _headers,
  types: _types,
  missing: _missing,
  ...counts
}: FileReport): object {
  return counts;
}

function recordStep(
  env: ImportEnvironment,
  tx: Db,
  request: ImportRequest,
  importId: ImportId,
  action: string,
  after: object,
): Promise<void> {
  const { storeId, staffId, actorName } = request;
  return insertAuditEntry(tx, storeId, {
    id: env.newId(),
    at: env.now(),
    actorKind: staffId === null ? 'system' : 'staff',
    actorId: staffId,
    actorName,
    action,
    entity: 'imports',
    entityId: importId,
    before: null,
    after,
    requestId: null,
    ip: null,
  });
}

type InStore = <T>(work: (tx: Db, client: PoolClient) => Promise<T>) => Promise<T>;

/** What the files of a run hand on. In a dry run later files must see what earlier ones would have made. */
interface RunState {
  readonly startedAt: Instant;
  /** Who is who after the last file; none while a file is at work, whose findings count once it is committed. */
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
): Promise<{ recognition: Recognition; format: FileFormat | undefined } | RefusedFile> {
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
  path: string,
  limits: ReaderLimits = DEFAULT_LIMITS,
): Promise<{ rows: SheetRow[]; format: FileFormat | undefined }> {
  let format: FileFormat | undefined;
  for await (const rows of readFileRows(path, { limits, onFormat: (told) => (format = told) }))
    return { rows: rows.slice(0, SAMPLE_ROWS), format };
  return { rows: [], format };
}

type RefusedFile = Pick<FileReport, 'missing'> & { readonly refusal: FileRefusal };

function refusedFile(file: string, refused: RefusedFile): FileReport {
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

/** A row with its cells where they are kept: a refused row goes back to whoever mends it. */
interface UnderstoodRow {
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
class FileReader {
  readonly #read: () => AsyncGenerator<UnderstoodRow[]>;
  #ahead: ReadAhead<UnderstoodRow[]> | undefined;

  constructor(file: Opened, policy: ImportPolicy, limits: ReaderLimits = DEFAULT_LIMITS) {
    const { mapping, habits } = file.recognition;
    this.#read = async function* () {
      const understand = rowReader(mapping, habits, policy);
      for await (const batch of readFileRows(file.source.path, { limits })) {
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

interface Work {
  readonly env: ImportEnvironment;
  readonly inStore: InStore;
  readonly request: ImportRequest & { readonly importId: ImportId };
  readonly zone: TimeZone;
  readonly state: RunState;
}

/** Imports one file in one transaction; `onRead` is called when its last row has been read and the writing begins. */
async function importFile(work: Work, file: Opened, reader: FileReader, onRead: () => void): Promise<FileReport> {
  const { env, inStore, request, state } = work;
  const { storeId, importId } = request;
  const report = async (progress: ImportProgress) => {
    env.onProgress?.(progress);
    if (await inStore((tx) => noteProgress(tx, storeId, importId, progress))) throw new Cancelled();
  };
  const { made, directory } = await inStore(async (tx, client) => {
    const rows = reader.take();
    try {
      return await writeFileRows(work, file, tx, client, rows, report, onRead);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      throw Object.assign(new UnreadableFile(error.refusal, error.row, file.source.name), { cause: error });
    } finally {
      rows.close();
    }
  });
  state.directory = directory;
  await report({ file: file.source.name, phase: 'done', rows: made.rows });
  return made;
}

async function writeFileRows(
  { env, request, zone, state }: Work,
  file: Opened,
  tx: Db,
  client: PoolClient,
  rows: ReadAhead<UnderstoodRow[]>,
  report: (progress: ImportProgress) => Promise<void>,
  onRead: () => void,
): Promise<{ made: FileReport; directory: Directory }> {
  const { storeId, importId } = request;
  const { kind } = file.recognition.mapping;
  const name = file.source.name;
  const { openVault } = env;
  if (!(await tryLockImports(tx, storeId))) throw new ImportBusy(`an import is running in store ${storeId}`);
  await allowLongImport(tx);
  const today = dateIn(zone, env.now());
  const directory = await takeDirectory(env, tx, request, state);
  const names = await namesOf(tx, storeId, env, request.mode);
  const planner = new FilePlanner({ kind, today, newId: env.newId, staff: names.staff, category: names.category }, directory);
  const writer = new PlanWriter(
    {
      db: tx,
      client,
      kind,
      storeId,
      mode: request.mode,
      now: env.now(),
      today,
      staffId: request.staffId,
      newId: env.newId,
      openVault: openVault ? () => openVault(tx, storeId) : null,
      write: !request.dryRun,
      onStep: env.onStep,
    },
    request.dryRun ? state.overlay : new Overlay(),
  );
  const tally = new Tally(file);
  const addVisits = async () => {
    const { visits, readings } = planner.takeVisits();
    if (!request.dryRun) await names.save();
    await writer.addVisits(visits, readings);
  };
  // One part is compared and written while the next is read; its fault is told to whoever waits for it.
  let staging: Promise<{ readonly error: unknown } | undefined> = Promise.resolve(undefined);
  const staged = async () => {
    const fault = await staging;
    if (fault) throw fault.error;
  };
  try {
    for (let batches = 1; ; batches += 1) {
      const batch = await rows.take();
      if (!batch) break;
      for (const { row, cells } of batch) tally.add(row, cells, row.outcome === 'rejected' ? null : planner.add(row.row, row.data));
      if (planner.waitingVisits >= VISITS_AT_ONCE) {
        await staged();
        staging = addVisits().then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
      }
      if (batches % BATCHES_PER_REPORT === 0) await report({ file: name, phase: 'reading', rows: tally.rows });
      // Planning holds the thread; requests get their turn in between.
      await nextTurn();
    }
  } catch (error) {
    // Nothing may be under way on the connection when the transaction is given up.
    await staging;
    throw error;
  }
  await staged();
  await addVisits();
  onRead();
  await report({ file: name, phase: 'writing', rows: tally.rows });
  const written = await writer.finish(planner.finish());
  const { made, records } = tally.judge(written);
  env.onStep?.('journal');
  const kept = await keepRecords(env, tx, file, storeId, importId, records);
  await replaceImportRows(tx, client, storeId, importId, file.position, kept);
  await updateImportFile(tx, storeId, importId, file.position, {
    kind,
    mapping: file.recognition.mapping,
    counts: countsOf(made),
    created: made.created,
    updated: made.updated,
    unchanged: made.unchanged,
    ...(request.dryRun ? {} : { rowsDone: made.rows, basis: 'contract', idNumbers: written.idNumbers }),
  });
  if (!request.dryRun) {
    const made = new Map([...written.journal.made, ['staff', names.made.map(({ id }) => id)] as const]);
    await insertJournal(client, storeId, importId, await lastJournalSeq(tx, storeId, importId), { ...written.journal, made });
  }
  env.onStep?.('commit');
  return { made, directory };
}

/** What is kept of the rows: of their cells no plain ID number. */
async function keepRecords(
  env: ImportEnvironment,
  tx: Db,
  file: Opened,
  storeId: StoreId,
  importId: ImportId,
  records: readonly TalliedRow[],
): Promise<ImportRowRecord[]> {
  const needed = env.openVault !== null && records.some((record) => record.raw !== null);
  const vault = needed ? await env.openVault(tx, storeId) : null;
  const { mapping } = file.recognition;
  return records.map((record) => ({ ...record, raw: record.raw && keepCells(record.raw, mapping, vault, storeId, importId) }));
}

/** Who is who: as the file before left it, unless it was given up or another import has been at work since this one began. */
async function takeDirectory(env: ImportEnvironment, tx: Db, request: Work['request'], state: RunState): Promise<Directory> {
  const known = state.directory;
  state.directory = null;
  if (known && (request.dryRun || !(await hasOtherImports(tx, request.storeId, request.importId, state.startedAt)))) return known;
  return new Directory(env.newId, await loadKnownCustomers(tx, request.storeId), await loadKnownVehicles(tx, request.storeId));
}

type TalliedRow = Omit<ImportRowRecord, 'raw'> & { readonly raw: readonly Cell[] | null };

/** What became of the rows of a file. Of a clean row only its number is kept: most rows are clean, and there may be two hundred thousand. */
class Tally {
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

/** Staff and categories by the words of the file; those that are new are written before the records that name them, and not made in mode update. */
async function namesOf(tx: Db, storeId: StoreId, env: ImportEnvironment, mode: ImportMode) {
  const staffByName = await loadStaffByName(tx, storeId);
  const codes = await loadCategoryCodes(tx, storeId);
  const shipped = new Map(SERVICE_CATEGORIES.map((category) => [category.zh, category]));
  const made: { id: StaffId; name: string; role: string }[] = [];
  let saved = 0;
  const newCategories = new Map<string, { code: string; zh: string; en: string; effective: boolean }>();
  return {
    made,
    staff(name: string, role: string): StaffId | null {
      const known = staffByName.get(name);
      if (known) return known;
      if (mode === 'update') return null;
      const id = env.newId<StaffId>();
      staffByName.set(name, id);
      made.push({ id, name, role });
      return id;
    },
    category(words: string): string | null {
      const known = codes.get(words);
      if (known !== undefined) return known;
      if (mode === 'update') return null;
      const category = shipped.get(words) ?? { code: words, zh: words, en: words, effective: true };
      newCategories.set(category.code, category);
      codes.set(words, category.code);
      return category.code;
    },
    /** Writes those that have come up since the last time. */
    async save(): Promise<void> {
      const staff = made.slice(saved);
      saved = made.length;
      const categories = [...newCategories.values()];
      newCategories.clear();
      await insertNamedStaff(tx, storeId, staff);
      await insertCategories(tx, storeId, categories);
    },
  };
}

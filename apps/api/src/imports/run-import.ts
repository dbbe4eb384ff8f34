import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Directory, FILE_KINDS, FilePlanner, type ImportMode, type ImportPolicy } from '@baoke/core/imports';
import { dateIn, type Branded, type ImportId, type Instant, type StaffId, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { namedCategory, SERVICE_CATEGORIES, type ServiceCategory } from '@baoke/core/service';
import { inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import {
  allowLongImport,
  getImportStore,
  hasOtherImports,
  insertCategories,
  insertImport,
  insertImportFile,
  insertJournal,
  insertNamedStaff,
  lastJournalSeq,
  listImportFiles,
  listMade,
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
  type NewStaff,
} from '@baoke/db/imports';
import { insertAuditEntry } from '@baoke/db/audit';
import { announceWriting } from '@baoke/db/changes';
import { refreshStatistics } from '@baoke/db/stores';
import { UnreadableFile, type ReaderLimits } from './reader/limits.ts';
import type { IdNumberVault } from '../customers/id-numbers.ts';
import { keepCells } from './raw-cells.ts';
import type { ReadAhead } from './reader/read-ahead.ts';
import { ImportBusy, undoImport } from './undo-import.ts';
import { Overlay, type WriteStep } from './merge-rows.ts';
import { PlanWriter } from './write-plan.ts';
import { FileReader, type ImportFileSource, type Opened, type UnderstoodRow, openFile } from './understand-file.ts';
import { type FileReport, type TalliedRow, Tally, refusedFile } from './tally.ts';

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
  /** Asks to leave off: the file at work is undone, and the import waits as it is for whoever runs it again. */
  readonly leaveOff?: AbortSignal;
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

export interface ImportReport {
  /** An import of the store, but where the run was `not_begun`. */
  readonly importId: ImportId;
  readonly status: 'done' | 'cancelled' | 'not_begun';
  readonly files: readonly FileReport[];
}

/** Somebody asked for the running import to stop. */
class Cancelled extends Error {}

/** The process is about to end; nothing is wrong with the import. */
export class LeftOff extends Error {}

function leaveIfAsked({ leaveOff }: ImportEnvironment): void {
  if (leaveOff?.aborted) throw new LeftOff('the import was left off');
}

/** An import of so many rows changes what the planner should expect. */
const MANY_ROWS = 1000;

/** Visits that are compared and written together. */
const VISITS_AT_ONCE = 20_000;

/** Batches between two words on progress. */
const BATCHES_PER_REPORT = 5;

/**
 * Imports files into a store: customers, sales ledger, service records, leads, whatever order they are given in.
 *
 * Each file is one transaction under the store's import lock: a process that dies leaves whole files or nothing of them, and running the same
 * import again finishes it. A dry run compares everything and writes nothing. Cancelling undoes the files already written. Unknown files are
 * reported and the rest goes on; of files that lie on disk, where none is left, no import is begun and nothing written down. Throws
 * `ImportBusy` while another import works in the store, `LeftOff` when asked to leave off. Source: spec 13 Import, spec 09 P14.
 */
export async function runImport(env: ImportEnvironment, request: ImportRequest): Promise<ImportReport> {
  const { storeId } = request;
  const inStore: InStore = (work) => inTransaction(env.pool, { storeId }, work);
  const store = await inStore((tx) => getImportStore(tx, storeId));
  const policy: ImportPolicy = {
    homeProvince: store.plateProvince,
    areaCode: store.areaCode,
    zone: store.timeZone as TimeZone,
    today: dateIn(store.timeZone as TimeZone, env.now()),
  };
  const importId = request.importId ?? env.newId<ImportId>();
  const reports = new Map<number, FileReport>();
  const opened: Opened[] = [];
  const finished = new Set(
    (request.importId ? await inStore((tx) => listImportFiles(tx, storeId, importId)) : [])
      .filter((file) => file.rowsDone > 0)
      .map((file) => file.position),
  );
  const waiting = [...request.files.entries()].filter(([position]) => !finished.has(position));
  const fail = async (error: unknown): Promise<never> => {
    const failure = error instanceof UnreadableFile ? error.refusal : error instanceof ImportBusy ? 'imports.busy' : 'imports.failed';
    await inStore(async (tx) => {
      await updateImport(tx, storeId, importId, { status: 'failed', failure, finishedAt: env.now() });
      await recordStep(env, tx, request, importId, 'imports.fail', { failure });
    });
    throw error;
  };
  const results = await openAll(
    waiting.map(([, source]) => source),
    (source) => {
      leaveIfAsked(env);
      return openFile(env, inStore, storeId, source);
    },
  ).catch(async (error: unknown) => {
    // Nothing is written down yet of files that are imported where they lie.
    if (request.importId === undefined || error instanceof LeftOff) throw error;
    return fail(error);
  });
  for (const [at, [position, source]] of waiting.entries()) {
    const result = results[at];
    if (result === undefined) continue;
    if ('refusal' in result) reports.set(position, refusedFile(source.name, result));
    else opened.push({ source, position, ...result });
  }
  if (request.importId === undefined && opened.length === 0) return { importId, status: 'not_begun', files: inOrder(reports) };
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

  const state: RunState = { startedAt, directory: null, overlay: new Overlay(), newStaff: new Map() };
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
    if (error instanceof LeftOff) throw error;
    return fail(error);
  } finally {
    for (const reader of readers) reader.close();
  }
  const files = inOrder(reports);
  await inStore(async (tx) => {
    await allowLongImport(tx);
    if (!request.dryRun && files.reduce((sum, file) => sum + file.rows, 0) >= MANY_ROWS) await refreshStatistics(tx);
    await updateImport(tx, storeId, importId, { status: 'done', finishedAt: env.now(), newStaff: [...state.newStaff.values()] });
    await recordStep(env, tx, request, importId, request.dryRun ? 'imports.tried' : 'imports.finish', { files: files.map(countsOf) });
  });
  return { importId, status: 'done', files };
}

/** Opens files together where they lie on disk; uploads one by one, for each is held in memory while it is read. */
async function openAll<T>(sources: readonly ImportFileSource[], open: (source: ImportFileSource) => Promise<T>): Promise<T[]> {
  if (sources.every((source) => 'path' in source)) return Promise.all(sources.map(open));
  const opened: T[] = [];
  for (const source of sources) opened.push(await open(source));
  return opened;
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

export type InStore = <T>(work: (tx: Db, client: PoolClient) => Promise<T>) => Promise<T>;

/** What the files of a run hand on. In a dry run later files must see what earlier ones would have made. */
interface RunState {
  readonly startedAt: Instant;
  readonly newStaff: Map<string, NewStaff>;
  /** Who is who after the last file; none while a file is at work, whose findings count once it is committed. */
  directory: Directory | null;
  readonly overlay: Overlay;
}

function inOrder(reports: ReadonlyMap<number, FileReport>): FileReport[] {
  return [...reports].sort(([a], [b]) => a - b).map(([, report]) => report);
}

async function recordFiles(
  inStore: InStore,
  storeId: StoreId,
  importId: ImportId,
  files: readonly ImportFileSource[],
  opened: readonly Opened[],
): Promise<void> {
  for (const [position, source] of files.entries()) {
    const file = opened.find((candidate) => candidate.position === position);
    // A file that could not be opened may not even be there; it is recorded by its name.
    const bytes = file ? await ('path' in source ? readFile(source.path) : source.bytes()) : Buffer.alloc(0);
    await inStore((tx) =>
      insertImportFile(tx, storeId, importId, {
        position,
        name: source.name,
        kind: file?.recognition.mapping.kind ?? null,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest(),
        sealed: null,
        encoding: file?.format?.format === 'csv' ? file.format.encoding : (file?.format?.format ?? null),
        mapping: file?.recognition.mapping ?? null,
      }),
    );
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
  const now = env.now();
  await announceWriting(tx, storeId, now);
  const today = dateIn(zone, now);
  const directory = await takeDirectory(env, tx, request, state);
  leaveIfAsked(env);
  const names = await namesOf(tx, storeId, env, request.mode);
  const madeBefore = request.dryRun ? state.overlay.made : await madeSoFar(tx, request);
  const planner = new FilePlanner({ kind, today, newId: env.newId, staff: names.staff, category: names.category }, directory);
  const writer = new PlanWriter(
    {
      db: tx,
      client,
      kind,
      storeId,
      mode: request.mode,
      now,
      today,
      staffId: request.staffId,
      newId: env.newId,
      openVault: openVault ? () => openVault(tx, storeId) : null,
      made: madeBefore,
      write: !request.dryRun,
      onStep: (step) => {
        env.onStep?.(step);
        leaveIfAsked(env);
      },
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
      leaveIfAsked(env);
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
  for (const { name: called, role } of names.made) state.newStaff.set(called, { name: called, role });
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

/** Staff and categories by the words of the file; those that are new are written before the records that name them, and not made in mode update. */
/** Asked for by mode create alone: the others fill whatever is on file. */
async function madeSoFar(tx: Db, { storeId, importId, mode }: Work['request']): Promise<ReadonlySet<string>> {
  return new Set(mode === 'create' ? await listMade(tx, storeId, importId, ['customers', 'vehicles']) : []);
}

async function namesOf(tx: Db, storeId: StoreId, env: ImportEnvironment, mode: ImportMode) {
  const staffByName = await loadStaffByName(tx, storeId);
  const codes = await loadCategoryCodes(tx, storeId);
  const shipped = new Map(SERVICE_CATEGORIES.map((category) => [category.zh, category]));
  const made: (NewStaff & { id: StaffId })[] = [];
  let saved = 0;
  const newCategories = new Map<string, ServiceCategory>();
  return {
    made,
    staff(name: string, role: NewStaff['role']): StaffId | null {
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
      const category = shipped.get(words) ?? namedCategory(words);
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

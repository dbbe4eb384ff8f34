import type { ImportMode } from '@baoke/core/imports';
import type { ImportId, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { Db } from '../connect.ts';
import { insertStaged, type StagedRow } from '../staging.ts';

export type ImportStatus = 'uploaded' | 'running' | 'done' | 'failed' | 'cancelled' | 'undone';

export interface ImportRecord {
  readonly id: ImportId;
  readonly status: ImportStatus;
  readonly mode: ImportMode;
  readonly dryRun: boolean;
  readonly cancelRequested: boolean;
  readonly progress: unknown;
  readonly failure: string | null;
  readonly createdBy: StaffId | null;
  readonly createdByName: string | null;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** People made up, or to be made up, from names in the files. */
  readonly newStaff: readonly NewStaff[];
  /** What taking it back did; null where it was not. */
  readonly undone: Undone | null;
}
/** How many records of an import were removed, got their former values, and stayed because they are in use. */
export interface Undone {
  readonly removed: number;
  readonly restored: number;
  readonly kept: number;
}
export type NewStaff = { readonly name: string; readonly role: 'SA' | 'SC' };

export async function insertImport(
  db: Db,
  storeId: StoreId,
  record: { id: ImportId; mode: ImportMode; dryRun: boolean; createdBy: StaffId | null; createdAt: Instant },
): Promise<void> {
  await db
    .insertInto('imports')
    .values({
      store_id: storeId,
      id: record.id,
      status: 'uploaded',
      mode: record.mode,
      dry_run: record.dryRun,
      created_by: record.createdBy,
      created_at: record.createdAt,
    })
    .execute();
}

export async function updateImport(
  db: Db,
  storeId: StoreId,
  id: ImportId,
  change: {
    status?: ImportStatus;
    mode?: ImportMode;
    dryRun?: boolean;
    cancelRequested?: boolean;
    progress?: unknown;
    failure?: string | null;
    startedAt?: Instant;
    finishedAt?: Instant | null;
    newStaff?: readonly NewStaff[];
    undone?: Undone;
  },
): Promise<void> {
  const set = {
    ...(change.status === undefined ? {} : { status: change.status }),
    ...(change.mode === undefined ? {} : { mode: change.mode }),
    ...(change.dryRun === undefined ? {} : { dry_run: change.dryRun }),
    ...(change.cancelRequested === undefined ? {} : { cancel_requested: change.cancelRequested }),
    ...(change.progress === undefined ? {} : { progress: JSON.stringify(change.progress) }),
    ...(change.failure === undefined ? {} : { failure: change.failure }),
    ...(change.startedAt === undefined ? {} : { started_at: change.startedAt }),
    ...(change.finishedAt === undefined ? {} : { finished_at: change.finishedAt }),
    ...(change.newStaff === undefined ? {} : { new_staff: JSON.stringify(change.newStaff) }),
    ...(change.undone === undefined ? {} : { undone: JSON.stringify(change.undone) }),
  };
  await db.updateTable('imports').set(set).where('store_id', '=', storeId).where('id', '=', id).execute();
}

/** Notes how far an import is and answers whether somebody asked for it to stop. */
export async function noteProgress(db: Db, storeId: StoreId, id: ImportId, progress: unknown): Promise<boolean> {
  const row = await db
    .updateTable('imports')
    .set({ progress: JSON.stringify(progress) })
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .returning('cancel_requested')
    .executeTakeFirst();
  return row?.cancel_requested ?? false;
}

/** Whether another import of the store has been at work since an instant: begun, ended, undone, or running still. */
export async function hasOtherImports(db: Db, storeId: StoreId, id: ImportId, since: Instant): Promise<boolean> {
  const { rows } = await sql<{ others: boolean }>`select exists (select from imports where store_id = ${storeId} and id <> ${id}
    and (status = 'running' or started_at >= ${since} or finished_at >= ${since})) as others`.execute(db);
  return rows[0]?.others ?? false;
}

// The index of uploads that are kept is by the same words.
const IS_HELD = sql<boolean>`(sealed is not null or content is not null)`;

const IMPORT = [
  'id',
  'status',
  'mode',
  'dry_run',
  'cancel_requested',
  'progress',
  'failure',
  'created_by',
  'created_at',
  'started_at',
  'finished_at',
  'new_staff',
  'undone',
] as const;

const AUTHOR = sql<string | null>`(select s.name from staff s where s.store_id = imports.store_id and s.id = imports.created_by)`.as(
  'created_by_name',
);

function toImport(row: {
  id: string;
  status: string;
  mode: string;
  dry_run: boolean;
  cancel_requested: boolean;
  progress: unknown;
  failure: string | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  new_staff: unknown;
  undone: unknown;
}): ImportRecord {
  return {
    id: row.id as ImportId,
    status: row.status as ImportStatus,
    mode: row.mode as ImportMode,
    dryRun: row.dry_run,
    cancelRequested: row.cancel_requested,
    progress: row.progress,
    failure: row.failure,
    createdBy: row.created_by as StaffId | null,
    createdByName: row.created_by_name,
    createdAt: row.created_at as Instant,
    startedAt: row.started_at as Instant | null,
    finishedAt: row.finished_at as Instant | null,
    newStaff: row.new_staff as ImportRecord['newStaff'],
    undone: row.undone as Undone | null,
  };
}

export async function findImport(db: Db, storeId: StoreId, id: ImportId, lock = false): Promise<ImportRecord | undefined> {
  let query = db.selectFrom('imports').select(IMPORT).select(AUTHOR).where('store_id', '=', storeId).where('id', '=', id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && toImport(row);
}

/** Imports of the store, latest first. */
export async function listImports(
  db: Db,
  storeId: StoreId,
  before: Instant | null,
  limit: number,
  status?: ImportRecord['status'],
): Promise<ImportRecord[]> {
  let query = db.selectFrom('imports').select(IMPORT).select(AUTHOR).where('store_id', '=', storeId);
  if (status) query = query.where('status', '=', status);
  if (before) query = query.where('created_at', '<', before);
  return (await query.orderBy('created_at', 'desc').limit(limit).execute()).map(toImport);
}

export interface ImportFileRecord {
  readonly position: number;
  readonly name: string;
  readonly kind: string | null;
  readonly bytes: number;
  readonly encoding: string | null;
  readonly mapping: unknown;
  readonly counts: unknown;
  readonly rowsDone: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Whether its bytes are still kept. */
  readonly held: boolean;
}

export async function insertImportFile(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  file: {
    position: number;
    name: string;
    kind: string | null;
    bytes: number;
    sha256: Buffer;
    /** The file as it was uploaded, sealed; null where it stays where it is. */
    sealed: Buffer | null;
    encoding: string | null;
    mapping: unknown;
  },
): Promise<void> {
  await db
    .insertInto('import_files')
    .values({
      store_id: storeId,
      import_id: importId,
      position: file.position,
      name: file.name,
      kind: file.kind,
      bytes: file.bytes,
      sha256: file.sha256,
      sealed: file.sealed,
      encoding: file.encoding,
      mapping: JSON.stringify(file.mapping),
    })
    .execute();
}

export async function updateImportFile(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  position: number,
  change: {
    kind?: string;
    mapping?: unknown;
    counts?: unknown;
    rowsDone?: number;
    created?: number;
    updated?: number;
    unchanged?: number;
    basis?: 'contract';
    idNumbers?: number;
  },
): Promise<void> {
  const set = {
    ...(change.kind === undefined ? {} : { kind: change.kind }),
    ...(change.mapping === undefined ? {} : { mapping: JSON.stringify(change.mapping) }),
    ...(change.counts === undefined ? {} : { counts: JSON.stringify(change.counts) }),
    ...(change.rowsDone === undefined ? {} : { rows_done: change.rowsDone }),
    ...(change.created === undefined ? {} : { created: change.created }),
    ...(change.updated === undefined ? {} : { updated: change.updated }),
    ...(change.unchanged === undefined ? {} : { unchanged: change.unchanged }),
    ...(change.basis === undefined ? {} : { basis: change.basis }),
    ...(change.idNumbers === undefined ? {} : { id_numbers: change.idNumbers }),
  };
  await db
    .updateTable('import_files')
    .set(set)
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .where('position', '=', position)
    .execute();
}

export async function listImportFiles(db: Db, storeId: StoreId, importId: ImportId): Promise<ImportFileRecord[]> {
  const rows = await db
    .selectFrom('import_files')
    .select(['position', 'name', 'kind', 'bytes', 'encoding', 'mapping', 'counts', 'rows_done', 'created', 'updated', 'unchanged'])
    .select(IS_HELD.as('held'))
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .orderBy('position')
    .execute();
  return rows.map(({ rows_done, ...row }) => ({ ...row, rowsDone: rows_done }));
}

/** The bytes of an uploaded file, until the import is done: sealed, or plain as they were kept before uploads were sealed. */
export async function findUpload(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  position: number,
): Promise<{ readonly sealed: Buffer } | { readonly plain: Buffer } | undefined> {
  const row = await db
    .selectFrom('import_files')
    .select(['sealed', 'content'])
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .where('position', '=', position)
    .executeTakeFirst();
  if (row?.sealed) return { sealed: row.sealed };
  return row?.content ? { plain: row.content } : undefined;
}

/** Lets go of the bytes of an import's files. */
export async function forgetUploads(db: Db, storeId: StoreId, importId: ImportId): Promise<void> {
  await db
    .updateTable('import_files')
    .set({ sealed: null, content: null })
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .execute();
}

/**
 * Lets go of the bytes that nobody will import any more: of imports that were taken up last before an instant, which say so and are not
 * to be started again, and of those that are settled. Answers the former. One that runs, or is being started, is left alone.
 */
export async function forgetStaleUploads(db: Db, storeId: StoreId, before: Instant, now: Instant): Promise<ImportId[]> {
  const { rows } = await sql<{ id: ImportId }>`with held as (
      select i.id, i.status in ('uploaded', 'failed') or (i.status = 'done' and i.dry_run) as waits from imports i
      where i.store_id = ${storeId} and i.status <> 'running' and i.id in (select f.import_id from import_files f where f.store_id = ${storeId} and ${IS_HELD})
      for update skip locked
    ), stale as (
      select h.id, h.waits from held h join imports i on i.store_id = ${storeId} and i.id = h.id
      where not h.waits or coalesce(i.finished_at, i.created_at) < ${before}::timestamptz
    ), forgotten as (
      update import_files f set sealed = null, content = null from stale where f.store_id = ${storeId} and f.import_id = stale.id
    )
    update imports i set failure = 'imports.files_gone', status = case when i.status = 'failed' then 'failed' else 'cancelled' end,
      finished_at = coalesce(i.finished_at, ${now}::timestamptz)
    from stale where i.store_id = ${storeId} and i.id = stale.id and stale.waits returning i.id`.execute(db);
  return rows.map(({ id }) => id);
}

export interface ImportRowRecord {
  readonly row: number;
  readonly outcome: string;
  readonly effect: string | null;
  readonly findings: unknown;
  readonly raw: unknown;
}

/** Keeps what became of each row; findings and cells of those that are neither clean nor merely mended. */
export async function replaceImportRows(
  db: Db,
  client: PoolClient,
  storeId: StoreId,
  importId: ImportId,
  position: number,
  rows: readonly ImportRowRecord[],
): Promise<void> {
  await db
    .deleteFrom('import_rows')
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .where('position', '=', position)
    .execute();
  await insertStaged(
    client,
    storeId,
    'import_rows',
    ['row_no', 'outcome', 'effect', 'findings', 'raw'],
    // Findings and cells are JSON as the caller made them.
    rows.map((record): StagedRow => [
      record.row,
      record.outcome,
      record.effect,
      record.findings as object | null,
      record.raw as object | null,
    ]),
    '',
    { import_id: importId, position },
  );
}

/** Rows of a file by outcome, in the order of the file. */
export async function listImportRows(
  db: Db,
  storeId: StoreId,
  importId: ImportId,
  position: number,
  outcomes: readonly string[],
  after: number,
  limit: number,
): Promise<ImportRowRecord[]> {
  const rows = await db
    .selectFrom('import_rows')
    .select(['row_no', 'outcome', 'effect', 'findings', 'raw'])
    .where('store_id', '=', storeId)
    .where('import_id', '=', importId)
    .where('position', '=', position)
    .where('outcome', 'in', outcomes)
    .where('row_no', '>', after)
    .orderBy('row_no')
    .limit(limit)
    .execute();
  return rows.map(({ row_no, ...row }) => ({ ...row, row: row_no }));
}

export interface ReasonCount {
  readonly severity: string;
  readonly code: string;
  readonly field: string;
  readonly rows: number;
}

/** What was mended, doubted and refused in a file, by reason; the gravest first, then the most frequent. */
export async function countImportReasons(db: Db, storeId: StoreId, importId: ImportId, position: number): Promise<ReasonCount[]> {
  const { rows } =
    await sql<ReasonCount>`select f ->> 'severity' as severity, f ->> 'code' as code, f ->> 'field' as field, count(*)::integer as rows
    from import_rows r cross join lateral jsonb_array_elements(r.findings) f
    where r.store_id = ${storeId} and r.import_id = ${importId} and r.position = ${position} and f ->> 'code' is not null
    group by 1, 2, 3
    order by array_position(array['rejected', 'warned', 'mended'], f ->> 'severity'), 4 desc, 2`.execute(db);
  return rows;
}

export async function findMapping(db: Db, storeId: StoreId, fingerprint: string): Promise<unknown> {
  const row = await db
    .selectFrom('import_mappings')
    .select('mapping')
    .where('store_id', '=', storeId)
    .where('fingerprint', '=', fingerprint)
    .orderBy('updated_at', 'desc')
    .executeTakeFirst();
  return row?.mapping;
}

export async function saveMapping(
  db: Db,
  storeId: StoreId,
  kind: string,
  fingerprint: string,
  mapping: unknown,
  by: StaffId | null,
  now: Instant,
): Promise<void> {
  await db.deleteFrom('import_mappings').where('store_id', '=', storeId).where('fingerprint', '=', fingerprint).execute();
  await db
    .insertInto('import_mappings')
    .values({ store_id: storeId, kind, fingerprint, mapping: JSON.stringify(mapping), updated_by: by, updated_at: now })
    .execute();
}

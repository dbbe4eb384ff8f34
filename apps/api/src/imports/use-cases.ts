import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import {
  columnTypes,
  headerSignature,
  maskContacts,
  missingColumns,
  opensIdNumbers,
  recognise,
  seesRows,
  takesRows,
  type Cell,
  type ColumnMapping,
  type FieldName,
  type FileKind,
  type FileReader,
  type ImportMode,
} from '@baoke/core/imports';
import type * as wire from '@baoke/core/imports/wire';
import type { z } from 'zod';
import { byName, type ImportId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import * as db from '@baoke/db/imports';
import { createI18n } from '@baoke/i18n';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { idNumberVaultInUse } from '../customers/id-numbers.ts';
import { listOf } from '../http/cursor.ts';
import { lacksRight, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import { writeCorrectionWorkbook } from './correction-workbook.ts';
import { maskCells, maskIdNumbers, openCells, type KeptCell } from './raw-cells.ts';
import { reasonText } from './reasons.ts';
import { UnreadableFile } from './reader/limits.ts';
import { readSample } from './understand-file.ts';
import { ImportBusy, undoWithin } from './undo-import.ts';
import { openUpload, uploadSealer } from './uploads.ts';

const SAMPLE_SHOWN = 10;
const ROWS_OF_A_WORKBOOK = 200_000;
/** Stands for a name that is not shown. */
const HIDDEN = '***';
const ROWS = listOf<[row: number]>('imports.rows', 1);
const KEPT = listOf<[entity: string, id: string]>('imports.kept', 2);

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Keeps uploaded files, sealed, and what they turned out to be; nothing is imported yet. A file that cannot be read refuses the upload. */
export async function keepUpload(platform: Platform, staff: StaffContext, files: readonly UploadedFile[]): Promise<ImportId> {
  const importId = newId<ImportId>();
  const read = await Promise.all(files.map((file) => sampleOf(file).catch(toRefusal)));
  await staff.inStore(async (tx) => {
    await db.insertImport(tx, staff.storeId, {
      id: importId,
      mode: 'upsert',
      dryRun: false,
      createdBy: staff.staffId,
      createdAt: staff.now,
    });
    const seal = await uploadSealer(platform, tx, staff.storeId, importId);
    for (const [position, { name, bytes }] of files.entries()) {
      const sample = read[position];
      const recognition = sample && recognise(sample.rows);
      const headers = recognition?.mapping.columns.map((column) => column.header) ?? [];
      const remembered = recognition && (await db.findMapping(tx, staff.storeId, headerSignature(headers)));
      // Written by mapColumns below, from a mapping that a person confirmed.
      const mapping = remembered
        ? { ...recognition.mapping, ...(remembered as Pick<ColumnMapping, 'kind' | 'columns'>) }
        : (recognition?.mapping ?? null);
      await db.insertImportFile(tx, staff.storeId, importId, {
        position,
        name: basename(name),
        kind: mapping?.kind ?? null,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest(),
        sealed: seal(position, bytes),
        encoding: sample?.format?.format === 'csv' ? sample.format.encoding : (sample?.format?.format ?? null),
        mapping,
      });
    }
    await recordChange(tx, staff, {
      action: 'imports.upload',
      entity: 'imports',
      entityId: importId,
      after: { files: files.map((file) => file.name) },
      topic: 'imports',
    });
  });
  return importId;
}

/** A reader's refusal is told to the person; anything else is a fault of ours. */
function toRefusal(error: unknown): never {
  if (error instanceof UnreadableFile) throw refusal(error.refusal);
  throw error;
}

function sampleOf({ name, bytes }: UploadedFile): ReturnType<typeof readSample> {
  return readSample({ name, bytes: () => Promise.resolve(bytes) });
}

export async function importView(staff: StaffContext, importId: ImportId): Promise<wire.ImportView> {
  return staff.readStore(async (tx) => viewOf(tx, staff, (await db.findImport(tx, staff.storeId, importId)) ?? notFound()));
}

function notFound(): never {
  throw refusal('platform.not_found');
}

export async function viewOf(tx: Db, staff: StaffContext, record: db.ImportRecord): Promise<wire.ImportView> {
  const files = await db.listImportFiles(tx, staff.storeId, record.id);
  const progress = record.progress as Partial<NonNullable<wire.ImportView['progress']>>;
  return {
    ...record,
    // Written by runImport; empty until it begins.
    progress: progress.file === undefined ? null : (progress as NonNullable<wire.ImportView['progress']>),
    files: files.map(({ position, name, kind, bytes, encoding, mapping, counts, rowsDone }) => ({
      position,
      name,
      kind: kind as FileKind | null,
      bytes,
      encoding,
      // Written by keepUpload or mapColumns.
      missing: wantedBy(mapping as ColumnMapping | null).missing,
      counts: countsOf(counts),
      done: rowsDone > 0,
    })),
  };
}

function countsOf(counts: unknown): NonNullable<wire.ImportView['files'][number]['counts']> | null {
  const known = counts as Partial<NonNullable<wire.ImportView['files'][number]['counts']>>;
  const { rows, clean = 0, recovered = 0, warned = 0, duplicate = 0, rejected = 0, created = 0, updated = 0, unchanged = 0 } = known;
  return rows === undefined ? null : { rows, clean, recovered, warned, duplicate, rejected, created, updated, unchanged };
}

/** The first rows of a file with its columns as they are mapped now. */
export async function sampleView(platform: Platform, staff: StaffContext, importId: ImportId, position: number): Promise<wire.SampleView> {
  const { file, bytes, reader } = await getFile(platform, staff, importId, position);
  const { rows } = await sampleOf({ name: file.name, bytes });
  // Written by keepUpload or mapColumns.
  const mapping = file.mapping as ColumnMapping | null;
  const shown = rows.slice(0, SAMPLE_SHOWN);
  if (!mapping) {
    const width = Math.max(0, ...shown.map((row) => row.cells.length));
    return {
      kind: null,
      headerRow: null,
      columns: Array.from({ length: width }, () => ({ header: '', field: null, by: 'unknown' as const })),
      ...wantedBy(null),
      rows: shownRows(shown, null, reader),
    };
  }
  const { kind, headerRow, columns } = mapping;
  return { kind, headerRow, columns: [...columns], ...wantedBy(mapping), rows: shownRows(shown, mapping, reader) };
}

function wantedBy(mapping: ColumnMapping | null): Pick<wire.SampleView, 'missing' | 'wanted'> {
  const wanted = mapping === null ? [] : missingColumns(mapping).map((column) => ({ ...column, synonyms: [...column.synonyms] }));
  return { missing: wanted.map(({ field }) => field), wanted };
}

/** Who asks for what stood in the files of an import. */
export function readerOf(staff: StaffContext, { createdBy }: Pick<db.ImportRecord, 'createdBy'>): FileReader {
  return { uploader: createdBy === staff.staffId, rights: staff.rights };
}

/** Rows of a file as a screen shows them: with nothing by which a person is reached, and empty for whoever sees no rows of it. */
function shownRows(
  rows: readonly { row: number; cells: readonly Cell[] }[],
  mapping: ColumnMapping | null,
  reader: FileReader,
): wire.SampleView['rows'] {
  const types = mapping ? columnTypes(mapping) : [];
  return rows.map(({ row, cells }) => ({
    row,
    cells: seesRows(reader) ? maskContacts(maskIdNumbers(cells, types), mapping) : [],
  }));
}

async function getFile(
  platform: Platform,
  staff: StaffContext,
  importId: ImportId,
  position: number,
): Promise<{ file: db.ImportFileRecord; bytes: Buffer; reader: FileReader }> {
  return staff.readStore(async (tx) => {
    const record = (await db.findImport(tx, staff.storeId, importId)) ?? notFound();
    const file = (await db.listImportFiles(tx, staff.storeId, importId)).find((candidate) => candidate.position === position) ?? notFound();
    const bytes = await openUpload(platform, tx, staff.storeId, importId, position);
    if (!bytes) throw refusalWithoutFiles(record);
    return { file, bytes, reader: readerOf(staff, record) };
  });
}

/** Why an import whose files are not kept is not started: it has been, or they waited too long. */
function refusalWithoutFiles({ failure }: db.ImportRecord): Error {
  return refusal(failure === 'imports.files_gone' ? failure : 'imports.not_waiting');
}

/** Sets by hand which column holds what, and remembers it for files with the same headers. */
export async function mapColumns(
  platform: Platform,
  staff: StaffContext,
  input: { importId: ImportId; position: number; kind: FileKind; columns: readonly (FieldName | null)[]; remember: boolean },
): Promise<wire.SampleView> {
  const { file, bytes, reader } = await getFile(platform, staff, input.importId, input.position);
  const before = file.mapping as ColumnMapping | null;
  const headers = before?.columns.map((column) => column.header) ?? [];
  const columns = input.columns.map((field, at) => ({ header: headers[at] ?? '', field, by: 'person' as const }));
  const mapping: ColumnMapping = {
    kind: input.kind,
    headerRow: before?.headerRow ?? null,
    firstDataRow: before?.firstDataRow ?? 1,
    columns,
  };
  const { rows } = await sampleOf({ name: file.name, bytes });
  await staff.inStore(async (tx) => {
    await db.updateImportFile(tx, staff.storeId, input.importId, input.position, { kind: input.kind, mapping });
    if (input.remember && mapping.headerRow !== null) {
      await db.saveMapping(
        tx,
        staff.storeId,
        input.kind,
        headerSignature(headers),
        { kind: input.kind, columns },
        staff.staffId,
        staff.now,
      );
    }
  });
  const shown = shownRows(rows.slice(0, SAMPLE_SHOWN), mapping, reader);
  return { kind: input.kind, headerRow: mapping.headerRow, columns, ...wantedBy(mapping), rows: shown };
}

/** Puts an uploaded import to work, for real or as a dry run; one that failed or was tried dry may be started again. */
export async function startImport(
  platform: Platform,
  staff: StaffContext,
  input: { importId: ImportId; mode: ImportMode; dryRun: boolean },
): Promise<wire.ImportView> {
  await staff.inStore(async (tx) => {
    const record = (await db.findImport(tx, staff.storeId, input.importId, true)) ?? notFound();
    const waits = record.status === 'uploaded' || record.status === 'failed' || (record.status === 'done' && record.dryRun);
    const files = await db.listImportFiles(tx, staff.storeId, input.importId);
    if (!waits || !files.some(({ held }) => held)) throw refusalWithoutFiles(record);
    refuseWithoutFiles(files);
    await db.updateImport(tx, staff.storeId, input.importId, {
      status: 'running',
      mode: input.mode,
      dryRun: input.dryRun,
      cancelRequested: false,
      progress: {},
      failure: null,
      startedAt: staff.now,
      finishedAt: null,
    });
    await platform.queue.send(tx, 'imports.run', { storeId: staff.storeId, importId: input.importId });
    await recordChange(tx, staff, {
      action: input.dryRun ? 'imports.try' : 'imports.start',
      entity: 'imports',
      entityId: input.importId,
      after: { mode: input.mode },
      topic: 'imports',
    });
  });
  return importView(staff, input.importId);
}

/** Refuses an import of which no file can be taken, and names the columns that are missing; where one can, the others are left out. */
function refuseWithoutFiles(files: readonly db.ImportFileRecord[]): void {
  // Mappings are written by keepUpload and mapColumns.
  const wanting = files.map(({ position, mapping }) => ({
    position,
    isMapped: mapping !== null,
    ...wantedBy(mapping as ColumnMapping | null),
  }));
  if (wanting.some(({ isMapped, wanted }) => isMapped && wanted.length === 0)) return;
  const fields = wanting.flatMap(({ position, wanted }) =>
    wanted.map(({ field, header, synonyms }) => ({
      path: `files.${position}.columns`,
      code: 'column_missing',
      params: { field, header, synonyms: synonyms.join(', ') },
    })),
  );
  throw refusal(fields.length > 0 ? 'imports.column_missing' : 'imports.unknown_file', { fields });
}

/** The people an import makes up from names, with whom each name has been said to mean. */
export function staffNames(staff: StaffContext, importId: ImportId): Promise<z.output<typeof wire.staffNames>> {
  return staff.readStore(async (tx) => {
    const { newStaff } = (await db.findImport(tx, staff.storeId, importId)) ?? notFound();
    const aliases = await db.loadStaffAliases(tx, staff.storeId);
    return {
      names: newStaff.map(({ name, role }) => ({ name, role, staffId: aliases.get(name) ?? null })),
      workers: (await db.listWorkers(tx, staff.storeId)).toSorted(byName),
    };
  });
}

/** Says whom a name in the files means, for this import and those to come. What earlier imports wrote stays. */
export async function mapStaff(
  staff: StaffContext,
  { importId, name, staffId }: z.output<typeof wire.mapStaffInput>,
): Promise<z.output<typeof wire.staffNames>> {
  await staff.inStore(async (tx) => {
    const { newStaff } = (await db.findImport(tx, staff.storeId, importId)) ?? notFound();
    if (!newStaff.some((one) => one.name === name)) notFound();
    if (staffId !== null && !(await db.listWorkers(tx, staff.storeId)).some(({ id }) => id === staffId)) notFound();
    await db.saveStaffAlias(tx, staff.storeId, name, staffId);
    await recordChange(tx, staff, {
      action: 'imports.map_staff',
      entity: 'imports',
      entityId: importId,
      after: { name, staffId },
      topic: 'imports',
    });
  });
  return staffNames(staff, importId);
}

/** Asks a running import to stop; it takes back what it has written. */
export async function cancelImport(staff: StaffContext, importId: ImportId): Promise<wire.ImportView> {
  await staff.inStore(async (tx) => {
    const record = (await db.findImport(tx, staff.storeId, importId, true)) ?? notFound();
    if (record.status === 'uploaded') {
      await db.updateImport(tx, staff.storeId, importId, { status: 'cancelled', finishedAt: staff.now });
      await db.forgetUploads(tx, staff.storeId, importId);
    } else if (record.status === 'running') await db.updateImport(tx, staff.storeId, importId, { cancelRequested: true });
    else throw refusal('imports.not_running');
    await recordChange(tx, staff, { action: 'imports.cancel', entity: 'imports', entityId: importId, topic: 'imports' });
  });
  return importView(staff, importId);
}

/** Takes back a finished import as a whole. */
export function takeBack(staff: StaffContext, importId: ImportId): Promise<db.Undone> {
  return staff.inStore(async (tx, client) => {
    const record = (await db.findImport(tx, staff.storeId, importId, true)) ?? notFound();
    if (record.status !== 'done' || record.dryRun) throw refusal('imports.not_done');
    return undoWithin(tx, client, staff.storeId, importId, {
      status: 'undone',
      now: staff.now,
      record: (within, after) =>
        recordChange(within, staff, { action: 'imports.undo', entity: 'imports', entityId: importId, after, topic: 'imports' }),
    }).catch((error: unknown) => {
      throw error instanceof ImportBusy ? refusal('imports.busy') : error;
    });
  });
}

/** What became of the rows of a file. Who sees none of its rows learns what became of each, and why. */
export function listRows(staff: StaffContext, input: z.output<typeof wire.rowsInput>): Promise<z.input<typeof wire.rowPage>> {
  const { importId, position, outcomes, limit } = input;
  return staff.readStore(async (tx) => {
    const record = (await db.findImport(tx, staff.storeId, importId)) ?? notFound();
    const shows = seesRows(readerOf(staff, record));
    const file = (await db.listImportFiles(tx, staff.storeId, importId)).find((candidate) => candidate.position === position);
    // Written by keepUpload or mapColumns.
    const mapping = (file?.mapping ?? null) as ColumnMapping | null;
    const after = ROWS.placeIn(input.cursor)?.[0] ?? 0;
    const page = ROWS.pageOf(
      await db.listImportRows(tx, staff.storeId, importId, position, outcomes, after, limit + 1),
      limit,
      ({ row }) => [row],
    );
    return {
      items: page.items.map(({ row, outcome, effect, findings, raw }) => ({
        row,
        // Both are checked by the table.
        outcome: outcome as wire.RowView['outcome'],
        effect: effect as wire.RowView['effect'],
        findings: (findings ?? []) as wire.RowView['findings'],
        cells: shows ? maskContacts(maskCells((raw ?? []) as KeptCell[]), mapping) : [],
      })),
      nextCursor: page.nextCursor,
    };
  });
}

/** Records that stayed when the import was taken back; without the names of people and cars for whoever sees no rows of it. */
export function listKept(
  staff: StaffContext,
  { importId, cursor, limit }: z.output<typeof wire.keptInput>,
): Promise<z.input<typeof wire.keptPage>> {
  return staff.readStore(async (tx) => {
    const shows = seesRows(readerOf(staff, (await db.findImport(tx, staff.storeId, importId)) ?? notFound()));
    const rows = await db.listKept(tx, staff.storeId, importId, KEPT.placeIn(cursor), limit + 1);
    const { items, nextCursor } = KEPT.pageOf(rows, limit, (row) => [row.entity, row.id]);
    const told = (row: (typeof rows)[number]) =>
      shows || row.entity === 'staff' ? row : { ...row, label: row.label && HIDDEN, root: row.root && { ...row.root, label: null } };
    return { items: items.map(told), nextCursor };
  });
}

/**
 * The refused rows of a file as a workbook to be corrected; taking it is recorded like a reveal. Whoever brought the file in has them as they
 * stood, so that they can be imported again; for others who may take them phones and addresses are masked. ID numbers stand in it in full where
 * `idNumbers` asks for them, which needs the right to reveal them.
 */
export async function correctionWorkbook(
  platform: Platform,
  staff: StaffContext,
  importId: ImportId,
  position: number,
  idNumbers: boolean,
): Promise<{ name: string; bytes: Buffer }> {
  const { file, vault, rows, uploader } = await staff.inStore(async (tx) => {
    const reader = readerOf(staff, (await db.findImport(tx, staff.storeId, importId)) ?? notFound());
    if (!takesRows(reader)) throw lacksRight(staff.kind, 'customers', seesRows(reader) ? 'export' : 'view');
    if (idNumbers && !opensIdNumbers(reader)) throw lacksRight(staff.kind, 'customers', 'edit');
    const found =
      (await db.listImportFiles(tx, staff.storeId, importId)).find((candidate) => candidate.position === position) ?? notFound();
    const rows = await db.listImportRows(tx, staff.storeId, importId, position, ['rejected'], 0, ROWS_OF_A_WORKBOOK);
    const after = { file: found.name, rows: rows.length, idNumbers };
    await recordChange(tx, staff, { action: 'imports.corrections', entity: 'imports', entityId: importId, after });
    const vault = idNumbers ? await idNumberVaultInUse(platform, tx, staff.storeId) : undefined;
    return { file: found, vault, rows, uploader: reader.uploader };
  });
  const mapping = file.mapping as ColumnMapping | null;
  if (!mapping || rows.length === 0) throw refusal('imports.no_rejections');
  const { t } = createI18n(staff.locale);
  const base = file.name.replace(/\.[^.]*$/, '');
  const refused = rows.map(({ row, raw, findings }) => {
    // Written by runImport: findings of a refused row end with the one that refused it.
    const rejected = (findings as { severity: string; code: string; field: string }[]).find((finding) => finding.severity === 'rejected');
    const kept = (raw ?? []) as KeptCell[];
    const cells = vault ? openCells(kept, vault, staff.storeId, importId) : maskCells(kept);
    const column = mapping.columns.find((candidate) => candidate.field === rejected?.field)?.header ?? '';
    return {
      row,
      cells: uploader ? cells : maskContacts(cells, mapping),
      reason: reasonText(t, { column, reason: rejected?.code ?? '' }),
    };
  });
  const words = { row: t('imports.correction.row'), reason: t('imports.correction.reason') };
  const bytes = await writeCorrectionWorkbook({
    sheet: base,
    headers: mapping.columns.map((column) => column.header),
    types: columnTypes(mapping),
    words,
    rows: refused,
  });
  return { name: `${base}-${t('imports.correction.suffix')}.xlsx`, bytes };
}

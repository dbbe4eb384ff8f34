import type { ColumnMapping } from '@baoke/core/imports';
import { addHours, type ImportId, type StoreId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { insertAuditEntry } from '@baoke/db/audit';
import { findImport, forgetStaleUploads, forgetUploads, listImportFiles } from '@baoke/db/imports';
import { listStores } from '@baoke/db/stores';
import { now } from '../clock.ts';
import { idNumberVault } from '../customers/id-numbers.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import type { Ticker } from '../worker.ts';
import { UnreadableFile } from './reader/limits.ts';
import { LeftOff, runImport } from './run-import.ts';
import type { ImportFileSource } from './understand-file.ts';
import { openUpload } from './uploads.ts';

/**
 * Runs an import that was started, or that another process left unfinished: files it has written are not written again.
 *
 * A failure is logged once with the id of the import: given back to the queue, it is found settled and not run again.
 * Throws `LeftOff` when asked to leave off. The files are forgotten once the import is done for real or cancelled; a dry run keeps them for what follows.
 */
export async function runStartedImport(
  platform: Platform,
  { storeId, importId }: { readonly storeId: StoreId; readonly importId: string },
  leaveOff?: AbortSignal,
): Promise<void> {
  const id = importId as ImportId;
  const { pool } = platform;
  const { record, files } = await inTransaction(
    pool,
    { storeId },
    async (tx) => ({ record: await findImport(tx, storeId, id), files: await listImportFiles(tx, storeId, id) }),
    'read',
  );
  if (!record || record.status !== 'running') return;
  try {
    const sources = files.map(({ position, name, mapping }): ImportFileSource => ({
      name,
      bytes: () => readUpload(platform, storeId, id, position),
      // Written at upload or by the person who mapped the columns.
      ...(mapping ? { mapping: mapping as ColumnMapping } : {}),
    }));
    const report = await runImport(
      { pool, now, newId, openVault: (tx) => idNumberVault(platform, tx, storeId), ...(leaveOff ? { leaveOff } : {}) },
      {
        storeId,
        staffId: record.createdBy,
        actorName: record.createdByName ?? 'baoke import',
        mode: record.mode,
        dryRun: record.dryRun,
        files: sources,
        importId: id,
      },
    );
    if (record.dryRun && report.status !== 'cancelled') return;
    await inTransaction(pool, { storeId }, (tx) => forgetUploads(tx, storeId, id));
  } catch (error) {
    if (error instanceof LeftOff) throw error;
    // The page of the import shows its code alone; what lies behind it is found in the log by the import's id.
    platform.log.error({ err: error, storeId, importId }, 'import failed');
    throw error;
  }
}

/** An uploaded file, opened anew whenever it is read, and held no longer than that. */
async function readUpload(platform: Platform, storeId: StoreId, importId: ImportId, position: number): Promise<Buffer> {
  const bytes = await inTransaction(platform.pool, { storeId }, (tx) => openUpload(platform, tx, storeId, importId, position), 'read');
  if (!bytes) throw new UnreadableFile('imports.file_missing');
  return bytes;
}

/** How long files wait for somebody to import them. */
const KEPT_DAYS = 7;

/** Forgets uploaded files that nobody imported in a week, and writes down that they are gone. */
export const forgetUnusedUploads: Ticker = {
  name: 'imports.forget',
  everyMs: 600_000,
  async run({ pool }) {
    for (const { id: storeId } of await inTransaction(pool, {}, listStores, 'read'))
      await inTransaction(pool, { storeId }, async (tx) => {
        const at = now();
        for (const importId of await forgetStaleUploads(tx, storeId, addHours(at, -24 * KEPT_DAYS), at))
          await insertAuditEntry(tx, storeId, {
            id: newId(),
            at,
            actorKind: 'system',
            actorId: null,
            actorName: 'baoke',
            action: 'imports.forget',
            entity: 'imports',
            entityId: importId,
            before: null,
            after: { days: KEPT_DAYS },
            requestId: null,
            ip: null,
          });
      });
  },
};

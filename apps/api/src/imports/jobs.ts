import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnMapping } from '@baoke/core/imports';
import type { ImportId, StoreId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { findImport, findImportContent, findStaffName, listImportFiles, updateImportFile } from '@baoke/db/imports';
import { now } from '../clock.ts';
import { idNumberVault } from '../customers/id-numbers.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import { runImport } from './run-import.ts';
import type { ImportFileSource } from './understand-file.ts';

/**
 * Runs an import that was started, or that another process left unfinished: files it has written are not written again.
 *
 * A failure is logged once with the id of the import: given back to the queue, it is found settled and not run again.
 * The bytes are forgotten once the import is done for real; a dry run keeps them for what follows.
 */
export async function runStartedImport(
  platform: Platform,
  { storeId, importId }: { readonly storeId: StoreId; readonly importId: string },
): Promise<void> {
  const id = importId as ImportId;
  const { pool } = platform;
  const { record, author, files } = await inTransaction(
    pool,
    { storeId },
    async (tx) => {
      const found = await findImport(tx, storeId, id);
      const author = found?.createdBy ? await findStaffName(tx, storeId, found.createdBy) : undefined;
      return { record: found, author, files: await listImportFiles(tx, storeId, id) };
    },
    'read',
  );
  if (!record || record.status !== 'running') return;
  const folder = await mkdtemp(join(tmpdir(), 'baoke-import-'));
  try {
    const sources: ImportFileSource[] = [];
    for (const { position, name, mapping } of files) {
      const content = await inTransaction(pool, { storeId }, (tx) => findImportContent(tx, storeId, id, position), 'read');
      const path = join(folder, `${position}${/\.xls[xm]?$/i.test(name) ? '.xlsx' : '.csv'}`);
      if (content) await writeFile(path, content, { mode: 0o600 });
      // Written at upload or by the person who mapped the columns.
      sources.push({ name, path, ...(mapping ? { mapping: mapping as ColumnMapping } : {}) });
    }
    const report = await runImport(
      { pool, now, newId, openVault: (tx) => idNumberVault(platform, tx, storeId) },
      {
        storeId,
        staffId: record.createdBy,
        actorName: author ?? 'baoke import',
        mode: record.mode,
        dryRun: record.dryRun,
        files: sources,
        importId: id,
      },
    );
    if (record.dryRun || report.status === 'cancelled') return;
    await inTransaction(pool, { storeId }, async (tx) => {
      for (const { position } of files) await updateImportFile(tx, storeId, id, position, { content: null });
    });
  } catch (error) {
    // The page of the import shows its code alone; what lies behind it is found in the log by the import's id.
    platform.log.error({ err: error, storeId, importId }, 'import failed');
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { inTransaction } from '@baoke/db';
import { deleteIdempotencyKeysBefore, deleteLiveEventsBefore } from '@baoke/db/audit';
import { deleteBatchesBefore } from '@baoke/db/customers';
import { listStores } from '@baoke/db/stores';
import { UNDO_HOURS } from '@baoke/core/customers';
import { addHours } from '@baoke/core/kernel';
import { anchorChains } from './audit/anchors.ts';
import { sealStore } from './audit/chain.ts';
import { planCare } from './care/jobs.ts';
import { now } from './clock.ts';
import { escalateComplaints } from './complaints/jobs.ts';
import { forgetUnusedUploads, runStartedImport } from './imports/jobs.ts';
import { mailNotice } from './notices/jobs.ts';
import type { Platform } from './platform.ts';
import type { Ticker } from './worker.ts';

const IDEMPOTENCY_HOURS = 7 * 24;

const sealAudit: Ticker = {
  name: 'audit.seal',
  everyMs: 1_000,
  async run({ pool }) {
    for (const store of await inTransaction(pool, {}, listStores, 'read')) await sealStore(pool, store.id);
  },
};

const anchorAudit: Ticker = {
  name: 'audit.anchor',
  everyMs: 600_000,
  run: ({ pool, config }) => anchorChains(pool, config.dataDirectory),
};

const sweep: Ticker = {
  name: 'platform.sweep',
  everyMs: 600_000,
  async run({ pool }) {
    for (const { id: storeId } of await inTransaction(pool, {}, listStores, 'read')) {
      await inTransaction(pool, { storeId }, async (tx) => {
        await deleteLiveEventsBefore(tx, storeId, addHours(now(), -1));
        await deleteIdempotencyKeysBefore(tx, storeId, addHours(now(), -IDEMPOTENCY_HOURS));
        await deleteBatchesBefore(tx, storeId, addHours(now(), -UNDO_HOURS));
      });
    }
  },
};

/** Everything the process does of itself. */
export const tickers: readonly Ticker[] = [sealAudit, anchorAudit, escalateComplaints, planCare, forgetUnusedUploads, sweep];

/** Takes up the queues of this process. */
export async function startWork(platform: Platform): Promise<void> {
  await platform.queue.work('notices.mail', (job) => mailNotice(platform, job));
  await platform.queue.work('imports.run', (job, leaveOff) => runStartedImport(platform, job, leaveOff));
}

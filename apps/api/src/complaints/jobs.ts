import { inTransaction } from '@baoke/db';
import { listStores } from '@baoke/db/stores';
import { now } from '../clock.ts';
import type { Ticker } from '../worker.ts';
import { escalateDue } from './escalate.ts';

/** Looks every ten seconds for promises that have come to a step: told well within the minute that is promised. */
export const escalateComplaints: Ticker = {
  name: 'complaints.escalate',
  everyMs: 10_000,
  async run(platform) {
    for (const store of await inTransaction(platform.pool, {}, listStores, 'read'))
      await escalateDue(platform, store.id, store.zone, now());
  },
};

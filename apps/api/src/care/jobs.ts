import { dateIn } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { findLastRun, listDirty } from '@baoke/db/care';
import { listStores } from '@baoke/db/stores';
import { now } from '../clock.ts';
import type { Ticker } from '../worker.ts';
import { planStore } from './plan-store.ts';

/** Plans each store at the beginning of its day, and within the minute for customers whose facts changed since. */
export const planCare: Ticker = {
  name: 'care.plan',
  everyMs: 60_000,
  async run({ pool }) {
    for (const store of await inTransaction(pool, {}, listStores, 'read')) {
      const at = now();
      const { last, changes } = await inTransaction(
        pool,
        { storeId: store.id },
        async (tx) => ({ last: await findLastRun(tx, store.id), changes: await listDirty(tx, store.id, 1) }),
        'read',
      );
      if (last === undefined || last.plannedOn < dateIn(store.zone, at)) await planStore(pool, store, { now: at, kind: 'daily' });
      else if (changes.length > 0) await planStore(pool, store, { now: at, kind: 'changes' });
    }
  },
};

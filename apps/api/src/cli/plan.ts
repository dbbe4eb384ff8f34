import { instantAt, isCivilDate } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listStores } from '@baoke/db/stores';
import { planStore } from '../care/plan-store.ts';
import { now } from '../clock.ts';
import { openDatabase, OperatorError } from './open.ts';
import { print } from './print.ts';

/** Plans the care of one store or all, for today or a given day; running it again changes nothing. */
export async function planCommand(options: {
  readonly json: boolean;
  readonly date?: string;
  readonly store?: string;
  readonly full: boolean;
}): Promise<void> {
  const { date } = options;
  if (date !== undefined && !isCivilDate(date)) throw new OperatorError(`--date wants a day as YYYY-MM-DD, not ${date}`);
  const database = await openDatabase({ logLevel: 'warn' });
  try {
    const stores = (await inTransaction(database.pool, {}, listStores, 'read')).filter(
      (store) => options.store === undefined || store.code === options.store,
    );
    if (stores.length === 0)
      throw new OperatorError(
        options.store === undefined ? 'There is no store yet: baoke store CODE --name NAME' : `There is no store ${options.store}`,
      );
    const runs = [];
    for (const store of stores) {
      const began = performance.now();
      // Another day than today is planned as it stands at eight in the morning of the store.
      const at = date === undefined ? now() : instantAt(store.zone, date, '08:00');
      const run = await planStore(database.pool, store, {
        now: at,
        ...(date === undefined ? {} : { date }),
        kind: options.full ? 'full' : 'daily',
      });
      runs.push({
        store: store.code,
        kind: run.kind,
        plannedOn: run.plannedOn,
        plannedTo: run.plannedTo,
        ...run.counts,
        seconds: Number(((performance.now() - began) / 1000).toFixed(2)),
      });
    }
    print(
      options,
      { ok: true, runs },
      runs.map((run) => `${run.store} ${run.plannedOn} (${run.kind}): ${JSON.stringify(run)}`),
    );
  } finally {
    await database.close();
  }
}

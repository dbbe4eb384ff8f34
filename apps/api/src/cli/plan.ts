import { addDays, dateIn, FIRST_DAY, instantAt, isCivilDate, type CivilDate } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listStores } from '@baoke/db/stores';
import { planStore } from '../care/plan-store.ts';
import { now } from '../clock.ts';
import { openDatabase, OperatorError } from './open.ts';
import { print } from './print.ts';
import { storeOf } from './store.ts';

/** What is planned further ahead would be planned anew many times before its day. */
const FURTHEST_DAYS = 366;
/** Tasks made stay: a day further off than this is rather a slip of typing, unless it is said to be meant. */
const USUAL_DAYS = 31;

/** Plans the care of one store or all, for today or a given day; running it again changes nothing. */
export async function planCommand(options: {
  readonly json: boolean;
  readonly date?: string;
  readonly store?: string;
  readonly full: boolean;
  readonly ahead: boolean;
}): Promise<void> {
  const { date } = options;
  if (date !== undefined && !isCivilDate(date)) throw new OperatorError(`--date wants a day as YYYY-MM-DD, not ${date}`);
  if (date !== undefined && date < FIRST_DAY) throw new OperatorError(`--date may be ${FIRST_DAY} at the earliest, not ${date}`);
  const database = await openDatabase({ logLevel: 'warn' });
  try {
    const stores =
      options.store === undefined
        ? await inTransaction(database.pool, {}, listStores, 'read')
        : [await storeOf(database.pool, options.store)];
    if (stores.length === 0) throw new OperatorError('There is no store yet. Make one with: baoke store CODE --name NAME');
    if (date !== undefined) for (const { zone } of stores) refuseTooFar(date, dateIn(zone, now()), options.ahead);
    const runs = [];
    const said: string[] = [];
    for (const store of stores) {
      const began = performance.now();
      // A day gone by is planned as it stood at eight in the morning of the store; one to come from what holds now, for nothing of it is missed yet.
      const at = date === undefined || date >= dateIn(store.zone, now()) ? now() : instantAt(store.zone, date, '08:00');
      const run = await planStore(database.pool, store, {
        now: at,
        ...(date === undefined ? {} : { date }),
        kind: options.full ? 'full' : 'daily',
      });
      const seconds = Number(((performance.now() - began) / 1000).toFixed(2));
      const { kind, plannedOn, plannedTo, counts } = run;
      runs.push({ store: store.code, kind, plannedOn, plannedTo, ...counts, seconds });
      const of = (what: string) => counts[what] ?? 0;
      said.push(
        `${store.code}, ${plannedOn} to ${plannedTo} (${kind}): looked at ${of('customers')} customers in ${seconds} s; ${of('created')} tasks made, ` +
          `${of('moved')} moved, ${of('cancelled')} cancelled, ${of('missed')} missed, ${of('suppressed')} held back, ${of('levelled')} shown on a later day`,
      );
    }
    print(options, { ok: true, runs }, said);
  } finally {
    await database.close();
  }
}

function refuseTooFar(date: CivilDate, today: CivilDate, ahead: boolean): void {
  const [usual, furthest] = [addDays(today, USUAL_DAYS), addDays(today, FURTHEST_DAYS)];
  if (date > furthest) throw new OperatorError(`--date may be ${furthest} at the latest, a year from today, not ${date}`);
  if (date > usual && !ahead)
    throw new OperatorError(
      `--date may be ${usual} at the latest, ${USUAL_DAYS} days from today, not ${date}: the tasks it makes stay in the queue. If it is meant, add --ahead`,
    );
}

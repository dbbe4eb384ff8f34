import { upsertRow, type Upserted, type UpsertRow, type upsertedMany, type upsertManyInput } from '@baoke/core/customers/wire';
import type { CustomerId } from '@baoke/core/kernel';
import { inPart, settled, type Db } from '@baoke/db';
import { insertExternalId, lockCustomer, lockExternalIds } from '@baoke/db/customers';
import type { Locale } from '@baoke/i18n';
import { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { toAnswer } from '../http/answers.ts';
import { faultyOf } from '../http/faults.ts';
import { refusal } from '../http/refusals.ts';
import type { Platform } from '../platform.ts';
import { createCustomer } from './create.ts';
import { updateCustomer } from './use-cases.ts';

const newRow = upsertRow.required({ name: true, phones: true });
const loosely = z.looseObject({ externalId: z.string() });

/**
 * Writes customers as another system knows them, each by its external id: a new one opens a file, a known one is changed in the fields that were sent.
 *
 * A row that is refused, by its form or by a rule, leaves the others as they are; a fault of ours undoes all of them, so that the whole call can be
 * repeated. Who may already be on file is refused as at the counter: the next call names him (`customerId`) or says that he is another (`seenDuplicates`).
 *
 * Source: 08 "bulk upsert by external id (≥ 1,000 a call, per-row results)".
 */
export function upsertCustomers(
  platform: Platform,
  ctx: StaffContext,
  { source, rows }: z.output<typeof upsertManyInput>,
  locale: Locale,
): Promise<z.output<typeof upsertedMany>> {
  // Opening a file asks who may be on file already; without that right every row would be refused.
  ctx.reach('customers', 'view');
  return ctx.inStore(async (tx, client) => {
    const inside: StaffContext = { ...ctx, inStore: async (work) => settled(await work(tx, client)), readStore: (work) => work(tx) };
    const externalIds = rows.flatMap((row) => loosely.safeParse(row).data?.externalId.trim() ?? []);
    const known = await lockExternalIds(tx, ctx.storeId, source, externalIds);
    const done: Upserted[] = [];
    for (const [at, sent] of rows.entries()) {
      const externalId = loosely.safeParse(sent).data?.externalId.trim() ?? null;
      try {
        const saved = await inPart(tx, async () => {
          const row = upsertRow.parse(sent);
          return upsertOne(platform, inside, tx, source, row, known.get(row.externalId));
        });
        known.set(saved.externalId, saved.customerId);
        done.push({ row: at, ...saved, refusal: null });
      } catch (error) {
        const faulty = faultyOf(error);
        if (!faulty) throw error;
        const { code, message, fields } = toAnswer(faulty, locale, ctx.requestId);
        done.push({
          row: at,
          externalId,
          outcome: 'refused',
          customerId: null,
          version: null,
          refusal: { code, message, fields: [...fields] },
        });
      }
    }
    const count = (outcome: Upserted['outcome']) => done.filter((row) => row.outcome === outcome).length;
    return { created: count('created'), updated: count('updated'), unchanged: count('unchanged'), refused: count('refused'), rows: done };
  });
}

type Saved = {
  readonly externalId: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly customerId: CustomerId;
  readonly version: number;
};

async function upsertOne(
  platform: Platform,
  ctx: StaffContext,
  tx: Db,
  source: string,
  row: UpsertRow,
  known: CustomerId | undefined,
): Promise<Saved> {
  const { externalId, customerId: named, seenDuplicates, ...fields } = row;
  const customerId = known ?? named;
  if (customerId === undefined) {
    const { name, phones } = newRow.parse(row);
    const made = await createCustomer(platform, ctx, { ...fields, name, phones, contactPersons: [], consents: [], seenDuplicates });
    await insertExternalId(tx, ctx.storeId, { source, externalId, customerId: made.customerId, at: ctx.now });
    return { externalId, outcome: 'created', ...made };
  }
  const before = await lockCustomer(tx, ctx.storeId, customerId, ctx.reach('customers', 'edit'));
  if (!before) throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
  const saved = await updateCustomer(platform, ctx, { customerId, version: before.version, changes: fields, base: {}, consents: [] });
  if (known) return { externalId, outcome: saved.version === before.version ? 'unchanged' : 'updated', ...saved };
  await insertExternalId(tx, ctx.storeId, { source, externalId, customerId, at: ctx.now });
  return { externalId, outcome: 'updated', ...saved };
}

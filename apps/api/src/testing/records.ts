import type { CustomerId, StaffId, StoreId } from '@baoke/core/kernel';
import { inTransaction, type Pool } from '@baoke/db';
import { newId } from '../ids.ts';

/** Puts a customer on file as plainly as the table allows; for tests whose subject is something else. */
export async function aCustomerOnFile(
  pool: Pool,
  storeId: StoreId,
  change: { name?: string; phone?: string; consultantId?: StaffId } = {},
): Promise<CustomerId> {
  const id = newId<CustomerId>();
  await inTransaction(pool, { storeId }, async (tx) => {
    await tx
      .insertInto('customers')
      .values({
        store_id: storeId,
        id,
        kind: 'person',
        name: change.name ?? '王小明',
        name_pinyin: 'wang xiao ming',
        consultant_id: change.consultantId ?? null,
      })
      .execute();
    await tx
      .insertInto('customer_phones')
      .values({ store_id: storeId, customer_id: id, e164: change.phone ?? '+8613812345678', rank: 1, kind: 'mobile' })
      .execute();
  });
  return id;
}

/** The code of the refusal a call ends with; `went through` when it is none. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return (await failureOf(call))[0];
}

/** The same with the fields at fault, each as path and code. */
export async function failureOf(call: Promise<unknown>): Promise<[code: string, fields: string[]]> {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { code?: string; fields?: { path: string; code: string }[] } };
    return [data?.code ?? String(error), (data?.fields ?? []).map(({ path, code }) => `${path} ${code}`)];
  }
  return ['went through', []];
}

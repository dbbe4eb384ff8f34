import { inTransaction, type Pool } from '@baoke/db';
import { listStores, type Store } from '@baoke/db/stores';
import { OperatorError } from './open.ts';

/** The store a command works on: the one named, or the only one there is. */
export async function storeOf(pool: Pool, code: string | undefined): Promise<Store> {
  const stores = await inTransaction(pool, {}, listStores, 'read');
  const codes = stores.map((s) => s.code).join(', ');
  if (code !== undefined) {
    const store = stores.find((s) => s.code === code);
    if (!store)
      throw new OperatorError(
        `There is no store with the code ${code}. Stores: ${codes || 'none yet; make one with: baoke store CODE --name NAME'}`,
      );
    return store;
  }
  const [only, ...more] = stores;
  if (!only) throw new OperatorError('There is no store yet. Make one with: baoke store CODE --name NAME');
  if (more.length > 0) throw new OperatorError(`There are several stores (${codes}). Say which with --store CODE`);
  return only;
}

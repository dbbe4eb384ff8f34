import { createHmac } from 'node:crypto';
import type { CustomerId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { deriveKey, sealOf, storeKey, storeKeyInUse, type KeyHolder } from '../key-file.ts';

/** Encrypts ID numbers of customers. A cipher opens only for the store, customer and field it was made for. */
export type IdNumberVault = {
  seal(storeId: StoreId, customerId: CustomerId, number: string): { cipher: Buffer; index: Buffer; tail: string };
  open(storeId: StoreId, customerId: CustomerId, cipher: Buffer): string;
  /** The blind index of a number: equal numbers of a store have equal indexes, and nothing else can be read from it. */
  index(storeId: StoreId, number: string): Buffer;
};

/** The vault of a key. Encryption and index have keys of their own, both derived from the one in the file. */
export function vaultOf(key: Buffer): IdNumberVault {
  const seal = sealOf(key, 'id numbers: encryption');
  const indexKey = deriveKey(key, 'id numbers: index');
  const owner = (storeId: StoreId, customerId: CustomerId) => `${storeId}:${customerId}:id_number`;
  const index = (storeId: StoreId, number: string) => createHmac('sha256', indexKey).update(`${storeId}:${number}`).digest();
  return {
    seal: (storeId, customerId, number) => ({
      cipher: seal.close(owner(storeId, customerId), number),
      index: index(storeId, number),
      tail: number.slice(-4),
    }),
    open: (storeId, customerId, cipher) => seal.open(owner(storeId, customerId), cipher),
    index,
  };
}

const vaults = new WeakMap<Buffer, IdNumberVault>();

/** Deriving costs more than sealing: a key has one vault. */
function vaultFor(key: Buffer): IdNumberVault {
  const known = vaults.get(key) ?? vaultOf(key);
  vaults.set(key, known);
  return known;
}

/** The vault for a store's numbers; refuses a key file that is not the one which encrypted the others. */
export async function idNumberVault(holder: KeyHolder, tx: Db, storeId: StoreId): Promise<IdNumberVault> {
  return vaultFor(await storeKey(holder, tx, storeId));
}

/** The vault of a store that has encrypted numbers already; undefined for one that has none. For transactions that only read. */
export async function idNumberVaultInUse(holder: KeyHolder, tx: Db, storeId: StoreId): Promise<IdNumberVault | undefined> {
  const key = await storeKeyInUse(holder, tx, storeId);
  return key && vaultFor(key);
}

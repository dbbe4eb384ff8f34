import type { ImportId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { findUpload } from '@baoke/db/imports';
import { sealOf, storeKey, storeKeyInUse, type KeyHolder } from '../key-file.ts';

const PURPOSE = 'imports: uploads';

function ownerOf(storeId: StoreId, importId: ImportId, position: number): string {
  return `${storeId}:${importId}:${position}:upload`;
}

/** A way to seal the uploaded files of one import: a file holds what a store knows of thousands of people, and waits for days. */
export async function uploadSealer(
  holder: KeyHolder,
  tx: Db,
  storeId: StoreId,
  importId: ImportId,
): Promise<(position: number, bytes: Buffer) => Buffer> {
  const seal = sealOf(await storeKey(holder, tx, storeId), PURPOSE);
  return (position, bytes) => seal.closeBytes(ownerOf(storeId, importId, position), bytes);
}

/** An uploaded file as it came; undefined once it is forgotten. Throws when what is kept is not what was sealed. */
export async function openUpload(
  holder: KeyHolder,
  tx: Db,
  storeId: StoreId,
  importId: ImportId,
  position: number,
): Promise<Buffer | undefined> {
  const kept = await findUpload(tx, storeId, importId, position);
  if (kept === undefined || 'plain' in kept) return kept?.plain;
  const key = await storeKeyInUse(holder, tx, storeId);
  if (!key) throw new Error(`store ${storeId} has a sealed upload of import ${importId}, but no key`);
  return sealOf(key, PURPOSE).openBytes(ownerOf(storeId, importId, position), kept.sealed);
}

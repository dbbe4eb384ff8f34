import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreId } from '@baoke/core/kernel';
import { inTransaction, type Db } from '@baoke/db';
import { findFingerprint, settleFingerprint } from '@baoke/db/customers';
import { listStores } from '@baoke/db/stores';
import type { Platform } from './platform.ts';

// Both names are from the first thing the key sealed; data folders and databases have them.
const FILE = 'id-numbers.key';
const NAME = 'id_numbers';
/** First byte of what is sealed: says which key and layout wrote it, so that keys can be changed one by one. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key file does not belong to the database, or is missing although the database has something sealed by it. */
export class KeyFileError extends Error {}

/** Seals texts and files with a key of their own, derived from the one in the file. What is sealed opens only for the owner it was sealed for, and whole. */
export type Seal = {
  close(owner: string, text: string): Buffer;
  open(owner: string, sealed: Buffer): string;
  closeBytes(owner: string, bytes: Uint8Array): Buffer;
  openBytes(owner: string, sealed: Buffer): Buffer;
};

export function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `baoke ${purpose}`, 32));
}

export function sealOf(key: Buffer, purpose: string): Seal {
  const own = deriveKey(key, purpose);
  return {
    close: (owner, text) => closeBytes(owner, Buffer.from(text, 'utf8')),
    open: (owner, sealed) => openBytes(owner, sealed).toString('utf8'),
    closeBytes,
    openBytes,
  };

  function closeBytes(owner: string, bytes: Uint8Array): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', own, iv).setAAD(Buffer.from(owner, 'utf8'));
    const body = [cipher.update(bytes), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), ...body]);
  }

  function openBytes(owner: string, sealed: Buffer): Buffer {
    if (sealed[0] !== VERSION) throw new Error(`what was sealed for ${owner} was written by an unknown version`);
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', own, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner, 'utf8'))
      .setAuthTag(tag);
    // Nothing is handed out before the end has shown that all of it is as it was sealed.
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}

type KeyFile = { readonly key: Buffer; readonly fingerprint: Buffer; readonly settled: Set<StoreId> };
/** Whoever knows the data folder: the server's platform, or a command. */
export type KeyHolder = Pick<Platform, 'config'>;
const opened = new WeakMap<KeyHolder, KeyFile>();

/**
 * The key for what a store has sealed. The file is made once in the data folder; its fingerprint is kept with the store, and a key file that
 * is not the one which sealed the rest is refused.
 */
export async function storeKey(holder: KeyHolder, tx: Db, storeId: StoreId): Promise<Buffer> {
  const known = opened.get(holder);
  if (known?.settled.has(storeId)) return known.key;
  const expected = await findFingerprint(tx, storeId, NAME);
  const file = fileOf(holder, expected === undefined);
  if (!(expected ?? (await settleFingerprint(tx, storeId, NAME, file.fingerprint))).equals(file.fingerprint)) {
    throw new KeyFileError(
      `${join(holder.config.dataDirectory, FILE)} is not the key that sealed what store ${storeId} keeps secret. Put the key file of this database back.`,
    );
  }
  // A transaction that fails takes the new fingerprint with it, so only one that was there before is remembered.
  if (expected) file.settled.add(storeId);
  return file.key;
}

/** The same for a store that has sealed something already; undefined for one that has not. For transactions that only read. */
export async function storeKeyInUse(holder: KeyHolder, tx: Db, storeId: StoreId): Promise<Buffer | undefined> {
  return (await findFingerprint(tx, storeId, NAME)) ? storeKey(holder, tx, storeId) : undefined;
}

/** The key for what belongs to no store, such as secrets of accounts: they were sealed in a store, so the file is there. */
export function sharedKey(holder: KeyHolder): Buffer {
  return fileOf(holder, false).key;
}

/**
 * Makes the key file of a new database and holds that of an old one against every store, so that a wrong or missing file keeps the server
 * from starting instead of failing the first person who needs it.
 */
export async function checkKeyFile(holder: KeyHolder & Pick<Platform, 'pool'>): Promise<void> {
  const stores = await inTransaction(holder.pool, {}, listStores, 'read');
  const sealed: boolean[] = [];
  for (const { id } of stores)
    sealed.push(
      await inTransaction(holder.pool, { storeId: id }, async (tx) => (await findFingerprint(tx, id, NAME)) !== undefined, 'read'),
    );
  fileOf(holder, !sealed.includes(true));
  for (const { id } of stores) await inTransaction(holder.pool, { storeId: id }, (tx) => storeKey(holder, tx, id));
}

function fileOf(holder: KeyHolder, mayCreate: boolean): KeyFile {
  const known = opened.get(holder);
  if (known) return known;
  const file = readKeyFile(holder.config.dataDirectory, mayCreate);
  opened.set(holder, file);
  return file;
}

function readKeyFile(directory: string, mayCreate: boolean): KeyFile {
  const path = join(directory, FILE);
  let key: Buffer;
  try {
    key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    if (!mayCreate)
      throw new KeyFileError(`The database has sealed secrets but ${path} is missing. Put the key file of this database back.`, { cause });
    key = randomBytes(32);
    mkdirSync(directory, { recursive: true });
    try {
      writeFileSync(path, `${key.toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
    } catch (race) {
      // Another process of the same folder was faster: its key is the key.
      if ((race as NodeJS.ErrnoException).code !== 'EEXIST') throw race;
      key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    }
  }
  if (key.length !== 32) throw new KeyFileError(`${path} does not hold a key of 32 bytes. Put the key file of this database back.`);
  return { key, fingerprint: createHash('sha256').update('baoke key fingerprint:').update(key).digest(), settled: new Set() };
}

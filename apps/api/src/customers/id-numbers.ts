import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomerId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { findFingerprint, settleFingerprint } from '@baoke/db/customers';
import type { Platform } from '../platform.ts';

const FILE = 'id-numbers.key';
const NAME = 'id_numbers';
/** First byte of what is stored: says which key and layout wrote it, so that keys can be changed one by one. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key file does not belong to the database, or is missing although the database has encrypted numbers. */
export class KeyFileError extends Error {}

/** Encrypts ID numbers of customers. A cipher opens only for the store, customer and field it was made for. */
export type IdNumberVault = {
  seal(storeId: StoreId, customerId: CustomerId, number: string): { cipher: Buffer; index: Buffer; tail: string };
  open(storeId: StoreId, customerId: CustomerId, cipher: Buffer): string;
  /** The blind index of a number: equal numbers of a store have equal indexes, and nothing else can be read from it. */
  index(storeId: StoreId, number: string): Buffer;
};

/** The vault of a key. Encryption and index have keys of their own, both derived from the one in the file. */
export function vaultOf(key: Buffer): IdNumberVault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `baoke id numbers: ${purpose}`, 32));
  const encryptionKey = derive('encryption');
  const indexKey = derive('index');
  const belongsTo = (storeId: StoreId, customerId: CustomerId) => Buffer.from(`${storeId}:${customerId}:id_number`, 'utf8');
  const index = (storeId: StoreId, number: string) => createHmac('sha256', indexKey).update(`${storeId}:${number}`).digest();
  return {
    seal(storeId, customerId, number) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv).setAAD(belongsTo(storeId, customerId));
      const text = Buffer.concat([cipher.update(number, 'utf8'), cipher.final()]);
      return {
        cipher: Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), text]),
        index: index(storeId, number),
        tail: number.slice(-4),
      };
    },
    open(storeId, customerId, stored) {
      if (stored[0] !== VERSION) throw new Error(`the ID number of customer ${customerId} was written by an unknown version`);
      const iv = stored.subarray(1, 1 + IV_BYTES);
      const tag = stored.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, iv, { authTagLength: TAG_BYTES })
        .setAAD(belongsTo(storeId, customerId))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(stored.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    index,
  };
}

type KeyFile = { readonly vault: IdNumberVault; readonly fingerprint: Buffer; readonly settled: Set<StoreId> };
/** Whoever knows the data folder: the server's platform, or a command. */
type KeyHolder = Pick<Platform, 'config'>;
const opened = new WeakMap<KeyHolder, KeyFile>();

/**
 * The vault for a store's numbers. The key file is made once in the data folder; its fingerprint is kept with the first number of the
 * store, and a key file that is not the one which encrypted the others is refused.
 */
export async function idNumberVault(platform: KeyHolder, tx: Db, storeId: StoreId): Promise<IdNumberVault> {
  const known = opened.get(platform);
  if (known?.settled.has(storeId)) return known.vault;
  const expected = await findFingerprint(tx, storeId, NAME);
  const file = known ?? openKeyFile(platform.config.dataDirectory, expected === undefined);
  if (!known) opened.set(platform, file);
  if (!(expected ?? (await settleFingerprint(tx, storeId, NAME, file.fingerprint))).equals(file.fingerprint)) {
    throw new KeyFileError(
      `${join(platform.config.dataDirectory, FILE)} is not the key that encrypted the ID numbers of store ${storeId}. Put the key file of this database back.`,
    );
  }
  // A transaction that fails takes the new fingerprint with it, so only one that was there before is remembered.
  if (expected) file.settled.add(storeId);
  return file.vault;
}

/** The vault of a store that has encrypted numbers already; undefined for one that has none. For transactions that only read. */
export async function idNumberVaultInUse(platform: KeyHolder, tx: Db, storeId: StoreId): Promise<IdNumberVault | undefined> {
  return (await findFingerprint(tx, storeId, NAME)) ? idNumberVault(platform, tx, storeId) : undefined;
}

function openKeyFile(directory: string, mayCreate: boolean): KeyFile {
  const path = join(directory, FILE);
  let key: Buffer;
  try {
    key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    if (!mayCreate)
      throw new KeyFileError(`The database has encrypted ID numbers but ${path} is missing. Put the key file of this database back.`, {
        cause,
      });
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
  return {
    vault: vaultOf(key),
    fingerprint: createHash('sha256').update('baoke key fingerprint:').update(key).digest(),
    settled: new Set(),
  };
}

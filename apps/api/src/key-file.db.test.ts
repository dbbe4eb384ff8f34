import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkKeyFile, KeyFileError, sealOf, sharedKey } from './key-file.ts';
import { startTestServer, type TestServer } from './testing/server.ts';

let server: TestServer;
let directory: string;
const file = () => join(directory, 'id-numbers.key');
/** The platform as a process that starts anew sees it. */
const restarted = () => ({ ...server.platform });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'baoke-key-'));
  server = await startTestServer({ DATA_DIR: directory });
  await server.store('one');
  await server.store('two');
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

describe('the key file', () => {
  beforeEach(() => checkKeyFile(restarted()));

  it('is made at the first start, for its owner alone, and stays', async () => {
    const made = readFileSync(file(), 'utf8');
    expect(Buffer.from(made, 'base64')).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    await checkKeyFile(restarted());
    expect(readFileSync(file(), 'utf8')).toBe(made);
  });

  it.each([
    { name: 'is missing', spoil: () => rmSync(file()) },
    { name: 'is another one', spoil: () => writeFileSync(file(), `${Buffer.alloc(32, 7).toString('base64')}\n`) },
    { name: 'is cut short', spoil: () => writeFileSync(file(), 'c2hvcnQ=\n') },
  ])('that $name keeps the server from starting, and is not replaced', async ({ spoil }) => {
    copyFileSync(file(), `${file()}.kept`);
    spoil();
    await expect(checkKeyFile(restarted())).rejects.toThrow(KeyFileError);
    await expect(checkKeyFile(restarted())).rejects.toThrow(file());
    copyFileSync(`${file()}.kept`, file());
    await checkKeyFile(restarted());
  });

  it('holds a store that was made meanwhile to the same key', async () => {
    await server.store('three');
    await checkKeyFile(restarted());
    writeFileSync(file(), `${Buffer.alloc(32, 7).toString('base64')}\n`);
    await expect(checkKeyFile(restarted())).rejects.toThrow(KeyFileError);
  });
});

describe('what is sealed', () => {
  const seal = sealOf(Buffer.alloc(32, 1), 'test: encryption');
  it('opens for its owner, looks different each time, and shows nothing', () => {
    const [a, b] = [seal.close('account-1', 'secret text'), seal.close('account-1', 'secret text')];
    expect(seal.open('account-1', a)).toBe('secret text');
    expect(a.equals(b)).toBe(false);
    expect(a.toString('latin1')).not.toContain('secret');
  });

  it('holds files byte for byte', () => {
    const file = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
    expect(seal.openBytes('file-1', seal.closeBytes('file-1', file)).equals(file)).toBe(true);
    expect(() => seal.openBytes('file-1', seal.closeBytes('file-1', file).subarray(0, -1))).toThrow();
  });

  it.each([
    { name: 'another owner', open: (sealed: Buffer) => seal.open('account-2', sealed) },
    { name: 'another purpose', open: (sealed: Buffer) => sealOf(Buffer.alloc(32, 1), 'other: encryption').open('account-1', sealed) },
    { name: 'another key', open: (sealed: Buffer) => sealOf(Buffer.alloc(32, 2), 'test: encryption').open('account-1', sealed) },
    {
      name: 'a changed byte',
      open: (sealed: Buffer) => seal.open('account-1', Buffer.concat([sealed.subarray(0, -1), Buffer.of(0xff ^ (sealed.at(-1) ?? 0))])),
    },
    { name: 'an unknown version', open: (sealed: Buffer) => seal.open('account-1', Buffer.concat([Buffer.of(9), sealed.subarray(1)])) },
  ])('does not open for $name', ({ open }) => {
    expect(() => open(seal.close('account-1', 'secret text'))).toThrow();
  });

  it('has a key of accounts only where the file is there', () => {
    const nowhere = { config: { ...server.platform.config, dataDirectory: join(directory, 'nowhere') } };
    expect(() => sharedKey(nowhere)).toThrow(KeyFileError);
  });
});

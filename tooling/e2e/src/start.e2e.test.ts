import { createServer } from 'node:net';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { baoke, newFolder, startProduct, type Product } from './product.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const running: Product[] = [];
afterAll(() => Promise.all(running.map((product) => product.stop())));

async function start(...given: Parameters<typeof startProduct>): Promise<Product> {
  const product = await startProduct(...given);
  running.push(product);
  return product;
}

describe('what hinders a start is said in one sentence with its mend', () => {
  it('a given port that is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((done) => taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)));
    const directory = newFolder();
    const { status, said } = baoke(['serve', '--empty'], { PORT: String(port), DATA_DIR: directory });
    taken.close();
    expect(readdirSync(directory)).toEqual([]);
    expect(status).toBe(1);
    expect(said).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is taken by another program. Give another PORT, or none`));
  });

  it.each([
    {
      name: 'a setting that is no number',
      env: { PORT: 'abc' },
      says: /The setting PORT cannot be used: must be a whole number from 0 to 65535/,
    },
    {
      name: 'a folder where none can be made',
      env: { DATA_DIR: '/proc/x' },
      says: /The data folder \/proc\/x cannot be made.*Give a writable DATA_DIR/,
    },
    {
      name: 'an address nobody listens at',
      env: { DATABASE_URL: 'postgres://baoke:secret@127.0.0.1:1/baoke' },
      says: /DATABASE_URL postgres:\/\/baoke:\*\*\*@127\.0\.0\.1:1\/baoke cannot be used: nothing listens there/,
    },
    {
      name: 'an address that is none',
      env: { DATABASE_URL: 'mysql://x' },
      says: /The setting DATABASE_URL cannot be used: must begin with postgres/,
    },
    { name: 'a time zone that is none', env: { STORE_TIME_ZONE: 'Moon/Base' }, says: /STORE_TIME_ZONE cannot be used/ },
  ] as { name: string; env: Record<string, string>; says: RegExp }[])('$name', ({ env, says }) => {
    const { status, said } = baoke(['serve'], { DATA_DIR: newFolder(), ...env });
    expect(status).toBe(1);
    expect(said).toMatch(says);
    expect(said.split('\n')).toHaveLength(1);
  });

  it('a data folder that is a file', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const { status, said } = baoke(['serve'], { DATA_DIR: join(file, 'data') });
    expect(status).toBe(1);
    expect(said).toMatch(/Give a writable DATA_DIR/);
  });

  it.skipIf(process.getuid?.() === 0)('a data folder that may not be written', () => {
    const closed = mkdtempSync(join(tmpdir(), 'baoke-closed-'));
    chmodSync(closed, 0o500);
    expect(baoke(['serve'], { DATA_DIR: closed }).said).toMatch(/cannot be written.*Give a writable DATA_DIR/);
  });

  it('a data folder whose database is not one', () => {
    const directory = newFolder();
    mkdirSync(join(directory, 'postgres'));
    expect(baoke(['serve'], { DATA_DIR: directory }).said).toMatch(/is not a PostgreSQL data folder.*Move it away/);
  });
});

describe('Ctrl-C', () => {
  const ended = (child: ChildProcess) => new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const hasDatabase = (directory: string) => existsSync(join(directory, 'postgres', 'postmaster.pid'));

  it('ends the server and its database, though it comes twice: from the terminal and from what runs us', async () => {
    const product = await start(['--empty']);
    const exit = ended(product.process);
    product.process.kill('SIGINT');
    product.process.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(hasDatabase(product.directory)).toBe(false);
    expect(product.printed).toContain('the data stays in');
  });

  it('during the first start leaves nothing running, and the next one goes on', async () => {
    const directory = newFolder();
    const child = spawn(process.execPath, ['apps/api/src/cli/main.ts', 'serve', '--empty'], {
      cwd: ROOT,
      env: { ...process.env, PORT: '0', DATA_DIR: directory, LOG_LEVEL: 'warn' },
      stdio: 'ignore',
    });
    const exit = ended(child);
    // From here on the database is there or on its way.
    while (!existsSync(join(directory, 'baoke.lock'))) await new Promise((later) => setImmediate(later));
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(hasDatabase(directory)).toBe(false);
    const again = await start(['--empty'], { DATA_DIR: directory });
    expect(again.printed).not.toContain('left behind');
  });
});

describe('a start', () => {
  it('survives a half-written data folder and a server that was killed, and keeps what was acknowledged', async () => {
    const directory = newFolder();
    mkdirSync(join(directory, 'postgres.init-1'));
    const first = await start(['--empty'], { DATA_DIR: directory });
    const password = /password\s+(\S+)/.exec(first.printed)?.[1] ?? '';
    // Killed hard: its PostgreSQL is orphaned and its lock file stays.
    const gone = new Promise((done) => first.process.once('exit', done));
    first.process.kill('SIGKILL');
    await gone;
    const second = await start(['--empty'], { DATA_DIR: directory });
    expect(second.printed).toContain('left behind by an earlier run');
    const signedIn = await fetch(`${second.url}/trpc/access.signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    expect(signedIn.status).toBe(200);
    expect(baoke(['serve'], { DATA_DIR: directory }).said).toMatch(/Baoke already runs on/);
    expect(JSON.parse(baoke(['store', '--json'], { DATA_DIR: directory }).said)).toMatchObject([{ code: 'main' }]);
  });

  it('goes on by itself when its PostgreSQL is killed, and says so', async () => {
    const directory = newFolder();
    const product = await start(['--empty'], { DATA_DIR: directory });
    const postmaster = () => Number(readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const killed = postmaster();
    process.kill(killed, 'SIGKILL');
    await expect
      .poll(() => postmaster() !== killed && fetch(`${product.url}/readyz`).then(({ status }) => status), { timeout: 60_000 })
      .toBe(200);
    expect(product.printed).toMatch(/PostgreSQL ended by itself \(SIGKILL\)/);
    const signIn = await fetch(`${product.url}/trpc/access.signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: /password\s+(\S+)/.exec(product.printed)?.[1] ?? '' }),
    });
    expect(signIn.status).toBe(200);
  });
});

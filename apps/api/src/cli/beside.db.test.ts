import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attachEmbeddedPostgres, type AttachedPostgres } from '@baoke/db/embedded';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../../.cache/', import.meta.url));

let folder: string;
beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'beside-'));
  expect(await run('store', 'one', '--name', '一店')).toEqual({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^store one was made\nsign in as admin with \S{16} \(shown once; it has to be changed\)\n$/),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function start(...words: string[]): {
  readonly child: ChildProcess;
  readonly printed: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Ended>;
} {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, ...words], { env: { ...env, DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  return { child, printed, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...printed })) };
}

const run = (...words: string[]): Promise<Ended> => start(...words).ended;

const until = <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> =>
  vi.waitUntil(async () => await look(), { timeout: 60_000, interval: 10 }) as Promise<T>;

/** A command that has started PostgreSQL, beside which somebody works: it is done, and waits. */
async function besideWaiting(): Promise<{ starter: ReturnType<typeof start>; beside: AttachedPostgres }> {
  const starter = start('plan', '--full');
  const beside = await until(() => attachEmbeddedPostgres(folder));
  await until(() => (starter.printed.stderr === '' ? undefined : true));
  return { starter, beside };
}

it('the first store of an installation has somebody who can sign in; a further one is for those who are there', async () => {
  const first = await run('user', '--json');
  expect(JSON.parse(first.stdout)).toEqual([{ username: 'admin', role: 'ADMIN', name: '系统管理员' }]);
  const second = await run('store', 'two', '--name', '二店', '--json');
  expect(JSON.parse(second.stdout)).toEqual({ id: expect.any(Number), code: 'two', name: '二店' });
});

it('commands on one folder do not take the database from one another, whichever started it', async () => {
  const all = await Promise.all([run('plan', '--full'), run('plan', '--full'), run('store', '--json'), run('verify')]);
  for (const { code, stderr } of all) expect(stderr.replaceAll(/^PostgreSQL is stopped as soon as .*\n/gm, '') + code).toBe('0');
  expect(await attachEmbeddedPostgres(folder)).toBeUndefined();
});

it('whoever started PostgreSQL waits for the others, says so once, and stops it then', async () => {
  const { starter, beside } = await besideWaiting();
  expect(await run('store', '--json')).toMatchObject({ code: 0, stderr: '' });
  await beside.leave();
  expect(await starter.ended).toMatchObject({
    code: 0,
    stderr: `PostgreSQL is stopped as soon as the commands beside are done (process ${process.pid})\n`,
  });
  expect(await attachEmbeddedPostgres(folder)).toBeUndefined();
});

it('Ctrl-C of whoever started PostgreSQL leaves it to the others; the last of them stops it', async () => {
  const { starter, beside } = await besideWaiting();
  starter.child.kill('SIGINT');
  starter.child.kill('SIGINT');
  expect(await starter.ended).toMatchObject({ code: 130 });
  expect(beside.isAbandoned()).toBe(true);
  const last = start('plan', '--full');
  await until(() => (last.printed.stderr === '' ? undefined : true));
  await beside.leave();
  expect(await last.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('commands beside are done') });
  expect(await attachEmbeddedPostgres(folder)).toBeUndefined();
});

it('serve --json prints one line with the addresses, once it is ready, and nothing else', async () => {
  const server = start('serve', '--empty', '--json');
  const line = await until(() => (server.printed.stdout.endsWith('\n') ? server.printed.stdout : undefined));
  const served = JSON.parse(line) as Record<string, string>;
  const names = ['console', 'reports', 'docs', 'trpc', 'api', 'openapi', 'health', 'ready', 'metrics'];
  expect(Object.keys(served)).toEqual(names);
  expect((await fetch(served['ready'] ?? '')).status).toBe(200);
  // A command beside goes on while the server stops.
  const beside = await attachEmbeddedPostgres(folder);
  server.child.kill('SIGINT');
  await until(() => (server.printed.stderr.includes('commands beside are done') ? true : undefined));
  await beside?.leave();
  expect(await server.ended).toMatchObject({ code: 0, stdout: line });
});

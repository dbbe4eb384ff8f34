import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EmbeddedPostgres } from '@baoke/db/embedded';
import type { Copy } from './copies.ts';
import { NOW } from './dataset.ts';
import type { Loaded } from './loader.ts';
import type { Cookies } from './operations.ts';

export const SERVERS = ['floor', 'stack', 'product'] as const;
export type ServerName = (typeof SERVERS)[number];
export type Server = { readonly port: number; readonly pid: number; readonly procedures: readonly string[]; stop(): Promise<void> };

// The product runs with the limits on its memory and the compiled code that the start command gives it.
const COMPILED = fileURLToPath(new URL('../../.cache/compile', import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };
const AS_STARTED = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Starts a server as a process of its own on loopback. Floor and stack pass the row policies as superuser: they have no policy. */
export async function startServer(name: ServerName, database: Copy, execArgv: readonly string[] = []): Promise<Server> {
  const url = name === 'product' ? database.appUrl : database.superuserUrl;
  const child = fork(fileURLToPath(new URL(`./servers/${name}.ts`, import.meta.url)), [], {
    execArgv: [...(name === 'product' ? AS_STARTED : []), ...execArgv],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: url,
      RATE_LIMIT: '1000000000',
      CLOCK_OFFSET_MS: String(Date.parse(NOW) - Date.now()),
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: COMPILED,
    },
  });
  const { port, procedures = [] } = await ready(child, name);
  return {
    port,
    procedures,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}

function ready(child: ChildProcess, name: string): Promise<{ port: number; procedures?: string[] }> {
  return new Promise((done, fail) => {
    child.once('message', (message) => done(message as { port: number; procedures?: string[] }));
    child.once('exit', (code) => fail(new Error(`the ${name} server ended while starting (code ${code})`)));
  });
}

/** Signs a manager and an agent of each store in, as a browser does. */
export async function signIn(port: number, loaded: Loaded): Promise<Cookies> {
  const cookies = new Map<number, { manager: string; agent: string }>();
  const enter = async (username: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/trpc/access.signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: loaded.password }),
    });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    if (!answer.ok || cookie === undefined) throw new Error(`sign-in of ${username} failed: ${answer.status} ${await answer.text()}`);
    return cookie;
  };
  for (const store of loaded.stores) cookies.set(store.id, { manager: await enter(store.manager), agent: await enter(store.agent) });
  return cookies;
}

export function postmasterOf(database: EmbeddedPostgres): number {
  return Number(readFileSync(`${database.dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0]);
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export type Product = {
  readonly url: string;
  /** Everything the start printed. */
  readonly printed: string;
  readonly directory: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
};

/** A new folder that other users may enter: under root, PostgreSQL runs as one of them. */
export function newFolder(): string {
  const folder = join(ROOT, '.cache', `product-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs a command that is expected to end by itself. */
export function baoke(args: readonly string[], environment: Readonly<Record<string, string>>): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/api/src/cli/main.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, LOG_LEVEL: 'warn', ...environment },
    timeout: 60_000,
  });
  return { status, said: `${stdout}${stderr}`.trim() };
}

/** Starts the built product as its operator does, on a folder and a port of its own. */
export async function startProduct(args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<Product> {
  const directory = newFolder();
  const child = spawn(process.execPath, ['apps/api/src/cli/main.ts', 'serve', ...args], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', DATA_DIR: directory, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((ready, fail) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const address = /console\s+(http:\/\/\S+)\//.exec(printed)?.[1];
      if (address && printed.includes('Stop with Ctrl-C')) ready(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => fail(new Error(`the product ended with ${code} before it was ready:\n${printed}`)));
  });
  return {
    url,
    get printed() {
      return printed;
    },
    directory,
    process: child,
    async stop() {
      const gone = new Promise<void>((done) =>
        child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done(),
      );
      child.kill('SIGTERM');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

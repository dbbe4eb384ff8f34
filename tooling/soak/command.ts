import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A command of the product at work as a process of its own. */
export type Running = {
  readonly process: ChildProcess;
  /** Everything it said so far. */
  readonly said: () => string;
  /** Resolves when `pattern` was said; rejects when the process ends before. */
  readonly says: (pattern: RegExp) => Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

/** Starts a command as its operator does. */
export function baoke(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, ['apps/api/src/cli/main.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  return {
    process: child,
    said: () => said,
    ended,
    says: (pattern) =>
      new Promise((heard, fail) => {
        const listen = () => pattern.test(said) && heard();
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        void ended.then((how) => fail(new Error(`baoke ${args[0] ?? ''} ended with ${how} before it said ${pattern}:\n${said}`)));
        listen();
      }),
  };
}

/** Runs a command that has to succeed, and answers what it printed. */
export async function done(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const running = baoke(args, environment);
  const how = await running.ended;
  if (how !== 0) throw new Error(`baoke ${args.join(' ')} ended with ${how}:\n${running.said()}`);
  return running.said();
}

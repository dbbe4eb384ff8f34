import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs a command without a database of its own; answers its exit code and all it printed. */
async function run(words: readonly string[], given: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const { DATABASE_URL: _, ...env } = process.env;
  return promisify(execFile)(process.execPath, [MAIN, ...words], { env: { ...env, ...given } }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, said: stdout + stderr }),
  );
}

it('commands that make no installation say that a folder has none, and leave it as it is', async () => {
  const folder = join(tmpdir(), `baoke-mistyped-${process.pid}`);
  const commands = [
    ['doctor'],
    ['verify'],
    ['plan'],
    ['store'],
    ['user'],
    ['key'],
    ['user', 'somebody', '--reset'],
    ['key', 'till', '--scopes', 'customers:view'],
    ['import', fileURLToPath(import.meta.url)],
  ];
  const answers = await Promise.all(commands.map((words) => run(words, { DATA_DIR: folder })));
  for (const [at, { code, said }] of answers.entries()) {
    expect({ command: commands[at], code }).toEqual({ command: commands[at], code: 1 });
    expect(said).toContain(`There is no installation in ${folder}. Give the DATA_DIR of one, or make one there: baoke serve, or`);
  }
  expect(existsSync(folder)).toBe(false);
});

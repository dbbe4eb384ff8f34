import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

it.each([
  { HOST: 'nohost.invalid', says: /^The setting HOST cannot be used: nohost\.invalid must be an address of this machine: 127\.0\.0\.1/m },
  { HOST: '192.0.2.1', says: /^The setting HOST cannot be used: 192\.0\.2\.1 must be an address of this machine/m },
  { HOST: '192.0.2.1', PORT: '4999', says: /^The setting HOST cannot be used: 192\.0\.2\.1 must be an address of this machine/m },
  { TRUSTED_PROXY: 'localhost', says: /^The setting TRUSTED_PROXY cannot be used: must be the IP address/m },
  { SMTP_URL: 'http://x', says: /^The setting SMTP_URL cannot be used: must be an address such as/m },
])('a start and the doctor name the setting that cannot be used: $says', async ({ says, ...settings }) => {
  const folder = join(tmpdir(), `baoke-settings-${process.pid}`);
  const given = { DATA_DIR: folder, ...settings } as unknown as Record<string, string>;
  const [started, examined] = await Promise.all([run(['serve', '--empty'], given), run(['doctor', '--json'], given)]);
  expect(started).toEqual({ code: 1, said: expect.stringMatching(says) });
  expect(started.said.trim().split('\n')).toHaveLength(1);
  const { findings } = JSON.parse(examined.said) as { findings: { check: string; ok: boolean; said: string }[] };
  expect(findings.filter(({ check }) => check === 'settings')).toEqual([
    { check: 'settings', ok: false, said: expect.stringMatching(says) },
  ]);
  expect(existsSync(folder)).toBe(false);
});

it.each(['', '{"postgres": "x', '[]', '{"postgres": "x"}'])('passwords of the database that cannot be read are named: %j', async (text) => {
  const folder = mkdtempSync(join(tmpdir(), 'baoke-secrets-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'postgres'));
  writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '18\n');
  writeFileSync(join(folder, 'postgres.secrets.json'), text);
  const { code, said } = await run(['verify'], { DATA_DIR: folder });
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  expect(said).toMatch(/^\S+postgres\.secrets\.json does not hold the passwords of .* Put it back from a backup\.\n$/);
});

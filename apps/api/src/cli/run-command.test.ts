import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OperatorError } from './open.ts';
import { runCommand } from './run-command.ts';

let folder: string;
let said: { out: string; err: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baoke-fault-'));
  vi.stubEnv('DATA_DIR', folder);
  said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += text), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += text), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const sql = () => Promise.reject(new Error('insert or update on table "x" violates foreign key constraint "x_fkey"'));

it.each([{ json: false }, { json: true }])('a fault nobody foresaw is one sentence and a file of details %o', async (options) => {
  await runCommand(options, sql);
  const { out, err } = said;
  expect(process.exitCode).toBe(1);
  expect(err).toMatch(/^The command broke off .* Its details are in .*\n$/);
  const details = /details are in (\S+):/.exec(err)?.[1] ?? '';
  expect(details.startsWith(join(folder, 'faults'))).toBe(true);
  expect(readFileSync(details, 'utf8')).toContain('violates foreign key constraint');
  if (options.json) expect(JSON.parse(out)).toEqual({ error: err.trim(), details });
  else expect(out).toBe('');
});

it('a fault an operator can mend is told in its own words', async () => {
  await runCommand({ json: true }, () => Promise.reject(new OperatorError('There is no store two.')));
  expect(process.exitCode).toBe(1);
  expect(said.err).toBe('There is no store two.\n');
  expect(JSON.parse(said.out)).toEqual({ error: 'There is no store two.' });
});

it('keeps the details elsewhere when the data folder takes none', async () => {
  vi.stubEnv('DATA_DIR', '/dev/null/nowhere');
  await runCommand({ json: true }, sql);
  const { details } = JSON.parse(said.out) as { details: string };
  expect(details.startsWith(tmpdir())).toBe(true);
  rmSync(details);
});

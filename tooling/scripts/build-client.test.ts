import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const CLIENT = fileURLToPath(new URL('../../packages/client/', import.meta.url));
const run = (...words: string[]) =>
  promisify(execFile)(process.execPath, words).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );

const PROGRAM = `
import { createBaokeClient, faultOf, type Inputs, type Outputs } from '../dist/node.js';
const client = createBaokeClient({ url: 'http://127.0.0.1:4200', apiKey: 'bk_x' });
const page = await client.complaints.list.query({ tab: 'all', limit: 5, registeredFrom: '2026-05-01' });
const first: Outputs['complaints']['list']['items'][number] | undefined = page.items[0];
const number: string | undefined = first?.complaint.number;
const input: Inputs['customers']['create'] = { name: '张三', phones: ['13800001234'] };
// @ts-expect-error no such field
const other: Inputs['customers']['create'] = { surname: '张三' };
const made = await client.customers.create.mutate(input, { context: { idempotencyKey: 'one' } }).catch((error: unknown) => faultOf(error)?.code);
client.live.changes.subscribe(undefined, { onData: (event) => console.log(event.data.topic.length, made, number, other) });
const report = await client.reports.service.query({ period: { from: '2026-05-01', to: '2026-06-01' } });
const day: string = report.lastYear.from;
console.log(day);
`;

it('compiles by the strictest rules of others, and nothing of our sources with it', { timeout: 300_000 }, async () => {
  expect(await run(fileURLToPath(new URL('./build-client.ts', import.meta.url)))).toBe('');
  const folder = `${CLIENT}.cache/`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}main.ts`, PROGRAM);
  const compilerOptions = {
    target: 'ES2024',
    module: 'NodeNext',
    lib: ['ES2024', 'DOM'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  const read = (await run(tsc, '-p', folder, '--listFiles')).trim().split('\n');
  // What tRPC declares of `ws` does not stand by these rules, which the README says; everything else does.
  const faults = read.filter((line) => / error TS\d+: /.test(line));
  expect(faults.filter((line) => !/@trpc\/server\/dist\/ws-[^/]*\(/.test(line))).toEqual([]);
  const ours = read.filter((line) => !line.includes('/node_modules/'));
  expect(ours.map((line) => line.replace(CLIENT, ''))).toEqual(['dist/router.d.ts', 'dist/index.d.ts', 'dist/node.d.ts', '.cache/main.ts']);
  rmSync(folder, { recursive: true });
});

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inTransaction } from '@baoke/db';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSample } from '../imports/understand-file.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  await server.store('one');
  folder = await mkdtemp(join(tmpdir(), 'baoke-import-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the import of files; answers its exit code and what it printed. */
function importing(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return importingAs({}, ...words);
}
async function importingAs(variables: Readonly<Record<string, string>>, ...words: string[]) {
  const env = { ...process.env, ...variables, DATABASE_URL: server.database.superuserUrl, DATA_DIR: folder };
  return promisify(execFile)(process.execPath, [MAIN, 'import', ...words], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

it('says in words why a file is not taken, and what to do', async () => {
  const notes = join(folder, 'README.md');
  await writeFile(notes, '# Notes\n\nNothing of a dealer.\n');
  const empty = join(folder, 'empty.csv');
  await writeFile(empty, '');
  const paths = [join(folder, 'nope.csv'), folder, notes, empty];
  const { code, stdout } = await importing(...paths);
  expect(code).toBe(1);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(line.indexOf(':') + 2)),
  ).toEqual([
    'not taken. The file was not found; please check its name.',
    'not taken. This is a folder; please name the files in it.',
    'not taken. It is not clear what this file holds; please assign its columns: upload it in the console, on the page Import.',
    'not taken. The file is empty; please export it anew.',
  ]);
  const { files } = JSON.parse((await importing(...paths, '--json')).stdout) as { files: { refusal: string; said: string }[] };
  expect(files.map(({ refusal }) => refusal)).toEqual([
    'imports.file_missing',
    'imports.file_is_folder',
    'imports.unknown_file',
    'imports.file_empty',
  ]);
  expect(files[0]?.said).toBe('The file was not found; please check its name');
});

it('names the columns that a file lacks, and what else they may be called', async () => {
  const customers = join(folder, '客户资料.csv');
  await writeFile(customers, '客户名称,车牌号,车架号,地址\n王小明,苏E12345,,苏州\n');
  const visits = join(folder, '维修记录.csv');
  await writeFile(visits, '工单号,维修类别,进厂日期,客户名称\nW1,保养,2026-05-01,王小明\n');
  const { code, stdout } = await importing(customers, visits);
  expect(code).toBe(1);
  const [first = '', second = ''] = stdout.trim().split('\n');
  expect(first).toMatch(
    /^客户资料\.csv: not taken\. The column “手机号码” is missing; it may also be called: 手机号, 手机, 电话, .*mobile.*\. Add what is missing, or assign the columns by hand: upload it in the console, on the page Import\.$/,
  );
  expect(second).toMatch(/The column “车架号” is missing; it may also be called: .*VIN.*, 车牌号, .*plate/);
  const { files } = JSON.parse((await importing(customers, visits, '--json')).stdout) as {
    files: { refusal: string; missing: { field: string; header: string; synonyms: string[] }[] }[];
  };
  expect(files.map(({ refusal, missing }) => [refusal, missing.map(({ field, header }) => [field, header])])).toEqual([
    ['imports.column_missing', [['phone', '手机号码']]],
    ['imports.column_missing', [['vin', '车架号']]],
  ]);
  expect(files[0]?.missing[0]?.synonyms).toContain('联系电话');
});

it('names the file that could not be read to its end', async () => {
  const path = join(folder, '客户资料.csv');
  const rows = Array.from({ length: 2000 }, (_, at) => `客户${at},1380000${String(at).padStart(4, '0')},a`);
  await writeFile(path, `客户姓名,联系电话,备注\n${rows.join('\n')}\n某人,13900000000,${'b'.repeat(33 * 1024)}\n`);
  const { code, stdout, stderr } = await importing(path, '--json');
  const error = '客户资料.csv could not be read to its end, so nothing of it was taken. A cell is longer than 32 kB; please shorten it.';
  expect({ code, error: (JSON.parse(stdout) as { error: string }).error, stderr }).toEqual({ code: 1, error, stderr: `${error}\n` });
});

it('finds a file from the folder in which the command was typed, though its script runs elsewhere', async () => {
  const name = '客户名单-相对路径.csv';
  await writeFile(join(folder, name), '客户姓名,联系电话\n路径客户,13800002468\n');
  const below = join(folder, 'below');
  await mkdir(below);
  const typed = (variables: Readonly<Record<string, string>>) => importingAs(variables, `../${name}`, '--dry-run');
  expect(await typed({ npm_lifecycle_event: 'baoke', INIT_CWD: below })).toMatchObject({ code: 0 });
  // Another script that calls the command means its own folder.
  expect((await typed({ npm_lifecycle_event: 'test', INIT_CWD: below })).stdout).toContain('The file was not found');
});

it('takes a larger file, or more rows, where the command line says so', async () => {
  const path = join(folder, '客户资料.csv');
  const row = (at: number) => `客户${at},138${String(at).padStart(8, '0')},${'备注'.repeat(90)}`;
  await writeFile(path, `客户姓名,联系电话,备注\n${Array.from({ length: 2_500 }, (_, at) => row(at)).join('\n')}\n`);
  const refused = async (...options: string[]) => (await importing(path, '--dry-run', ...options)).stdout;
  expect(await refused('--max-size', '1')).toMatch(/: not taken\. .* Raise the limit with --max-size MB\.\n$/);
  const { stderr } = await importing(path, '--dry-run', '--max-rows', '2000');
  expect(stderr).toMatch(/could not be read to its end, .* Raise the limit with --max-rows ROWS\.\n$/);
  expect(await refused('--max-size', '2', '--max-rows', '2500')).toContain('2500 rows: 2500 clean');
  expect(await importing(path, '--max-size', '0')).toMatchObject({
    code: 1,
    stderr: '--max-size wants a whole number from 1 to 1000, not "0"\n',
  });
});

it('masks ID numbers in the workbook of refused rows, unless they are asked for', async () => {
  const path = join(folder, '销售台账.csv');
  const number = '11010519491231002X';
  await writeFile(
    path,
    `客户姓名,联系电话,订单日期,交车日期,车架号,车型,证件号码,备注\n王小明,138,2026-05-01,2026-05-02,LSGKE54H7HW012345,君越,${number},${number}\n`,
  );
  const written = async (...more: string[]) => {
    const { stdout } = await importing(path, '--json', ...more);
    const { files } = JSON.parse(stdout) as { files: { correctionWorkbook: string }[] };
    const name = files[0]!.correctionWorkbook;
    const { rows } = await readSample({ name: 'a.xlsx', bytes: () => readFile(name) });
    return rows.flatMap(({ cells }) => cells).filter((cell) => typeof cell === 'string' && cell.endsWith('002X'));
  };
  expect(await written()).toEqual(['**************002X', '**************002X']);
  expect(await written('--with-id-numbers')).toEqual([number, number]);
});

// The last: with a second store every command has to name one.
it('leaves no import behind where no file is taken, and one where any is', async () => {
  const { storeId } = await server.store('typo');
  const left = async () =>
    inTransaction(server.platform.pool, { storeId }, async (tx) => ({
      imports: (await tx.selectFrom('imports').select('status').execute()).map(({ status }) => status),
      written: (await tx.selectFrom('audit_entries').select('action').where('entity', '=', 'imports').execute()).length,
    }));
  const gone = join(folder, '没有这个文件.csv');
  for (const more of [[], ['--json'], ['--dry-run']]) {
    const { code, stdout, stderr } = await importing(gone, '--store', 'typo', ...more);
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('The file was not found; please check its name');
  }
  expect(await left()).toEqual({ imports: [], written: 0 });
  const here = join(folder, '客户名单-一行.csv');
  await writeFile(here, '客户姓名,联系电话\n某客户,13800001357\n');
  expect(await importing(gone, here, '--store', 'typo')).toMatchObject({ code: 3 });
  expect(await left()).toMatchObject({ imports: ['done'] });
});

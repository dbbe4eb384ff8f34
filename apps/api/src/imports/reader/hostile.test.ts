import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { SheetRow } from '@baoke/core/imports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, UnreadableFile, type ReaderLimits } from './limits.ts';
import { readFileRows } from './read-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baoke-reader-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, content: Buffer | string, limits: ReaderLimits = DEFAULT_LIMITS): Promise<SheetRow[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  const rows: SheetRow[] = [];
  for await (const batch of readFileRows(path, { limits })) rows.push(...batch);
  return rows;
}

async function refusalOf(name: string, content: Buffer | string, limits?: ReaderLimits): Promise<string> {
  try {
    await read(name, content, limits);
    return 'read';
  } catch (error) {
    if (error instanceof UnreadableFile) return error.refusal;
    throw error;
  }
}

interface Entry {
  readonly name: string;
  readonly data: Buffer;
  readonly flags?: number;
  readonly mode?: number;
  readonly declaredSize?: number;
  readonly offset?: number;
}

/** An archive made byte by byte, so that it can lie. */
function zip(entries: readonly Entry[]): Buffer {
  const pieces: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const packed = deflateRawSync(entry.data, { level: 9 });
    const size = entry.declaredSize ?? entry.data.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(entry.flags ?? 0, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(entry.data), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(0x0314, 4);
    record.writeUInt16LE(20, 6);
    record.writeUInt16LE(entry.flags ?? 0, 8);
    record.writeUInt16LE(8, 10);
    record.writeUInt32LE(crc32(entry.data), 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(size, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
    record.writeUInt32LE(entry.offset ?? offset, 42);
    central.push(Buffer.concat([record, name]));
    pieces.push(local, name, packed);
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(0xffff, entries.length), 8);
  end.writeUInt16LE(Math.min(0xffff, entries.length), 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, directory, end]);
}

function workbook(sheet: string, extra: readonly Entry[] = []): Entry[] {
  const parts = {
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': sheet,
  };
  return [...Object.entries(parts).map(([name, text]) => ({ name, data: Buffer.from(text) })), ...extra];
}

const SMALL =
  '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>客户名称</t></is></c><c r="C1"><v>45321</v></c></row></sheetData></worksheet>';

describe('a file that is held, not on disk', () => {
  const held = async (name: string, content: Buffer, limits = DEFAULT_LIMITS) => {
    const rows: SheetRow[] = [];
    for await (const batch of readFileRows({ name, bytes: () => Promise.resolve(content) }, { limits })) rows.push(...batch);
    return rows;
  };
  // Larger than a pipe holds at once, so that the reader takes it in pieces.
  const long = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `王小明,1380000${String(i).padStart(4, '0')}`).join('\n'));

  it.each([
    { name: 'a.xlsx', content: zip(workbook(SMALL)) },
    { name: 'a.csv', content: long },
  ])('is read like one on disk: $name', async ({ name, content }) => {
    const rows = await held(name, content);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(await read(name, content));
  });

  it.each([
    { name: 'empty.csv', content: Buffer.alloc(0), limits: DEFAULT_LIMITS, refusal: 'imports.file_empty' },
    { name: 'large.csv', content: long, limits: { ...DEFAULT_LIMITS, fileBytes: 1000 }, refusal: 'imports.file_too_large' },
    { name: 'rows.csv', content: long, limits: { ...DEFAULT_LIMITS, rows: 10 }, refusal: 'imports.too_many_rows' },
    { name: 'text.xlsx', content: long, limits: DEFAULT_LIMITS, refusal: 'imports.not_a_workbook' },
  ])('is refused like one on disk: $name', async ({ name, content, limits, refusal }) => {
    await expect(held(name, content, limits)).rejects.toMatchObject({ refusal });
    expect(await refusalOf(name, content, limits)).toBe(refusal);
  });
});

describe('workbooks', () => {
  it('reads one made by hand: inline text, a gap, a number', async () => {
    expect(await read('a.xlsx', zip(workbook(SMALL)))).toEqual([
      { row: 1, cells: ['客户名称', null, { number: 45321, format: 'General' }] },
    ]);
  });

  it('takes the stored value of a formula and never runs it', async () => {
    const sheet =
      '<worksheet><sheetData><row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>12</v></c><c r="B1" t="str"><f>HYPERLINK("http://x")</f><v>x</v></c></row></sheetData></worksheet>';
    expect(await read('a.xlsx', zip(workbook(sheet)))).toEqual([{ row: 1, cells: [{ number: 12, format: 'General' }, 'x'] }]);
  });

  const bomb = Buffer.alloc(300 * 1024 * 1024);
  it.each([
    { name: 'not a zip', entries: () => Buffer.from('PK\u0003\u0004 and nothing else'), refusal: 'imports.not_a_workbook' },
    {
      name: 'a zip without a workbook',
      entries: () => zip([{ name: 'a.txt', data: Buffer.from('a') }]),
      refusal: 'imports.not_a_workbook',
    },
    {
      name: 'a declared bomb',
      entries: () => zip(workbook(SMALL, [{ name: 'xl/styles.xml', data: bomb }])),
      refusal: 'imports.unpacked_too_large',
    },
    {
      name: 'a bomb that declares 100 bytes',
      entries: () => zip(workbook(SMALL, [{ name: 'xl/styles.xml', data: bomb, declaredSize: 100 }])),
      refusal: 'imports.workbook_unsafe',
    },
    {
      name: 'a name outside the archive',
      entries: () => zip(workbook(SMALL, [{ name: '../../etc/cron.d/x', data: Buffer.from('x') }])),
      refusal: 'imports.workbook_unsafe',
    },
    {
      name: 'a symbolic link',
      entries: () => zip(workbook(SMALL, [{ name: 'xl/link', data: Buffer.from('/etc/passwd'), mode: 0o120777 }])),
      refusal: 'imports.workbook_unsafe',
    },
    {
      name: 'an encrypted entry',
      entries: () => zip(workbook(SMALL, [{ name: 'xl/secret', data: Buffer.from('x'), flags: 1 }])),
      refusal: 'imports.workbook_encrypted_or_old',
    },
    {
      name: 'overlapping entries',
      entries: () => zip(workbook(SMALL, [{ name: 'xl/again.xml', data: Buffer.from('x'.repeat(99)), offset: 0 }])),
      refusal: 'imports.workbook_unsafe',
    },
    { name: 'an entry named twice', entries: () => zip([...workbook(SMALL), ...workbook(SMALL)]), refusal: 'imports.workbook_unsafe' },
    {
      name: '1,001 entries',
      entries: () =>
        zip(
          workbook(
            SMALL,
            Array.from({ length: 998 }, (_, at) => ({ name: `xl/${at}`, data: Buffer.from('x') })),
          ),
        ),
      refusal: 'imports.too_many_entries',
    },
    {
      name: 'a document type with entities',
      entries: () => zip(workbook(`<!DOCTYPE a [<!ENTITY b "c">]>${SMALL}`)),
      refusal: 'imports.workbook_unsafe',
    },
    { name: 'broken XML', entries: () => zip(workbook('<worksheet><sheetData><row r="1"></oops>')), refusal: 'imports.not_a_workbook' },
    {
      name: 'a row number beyond the limit',
      entries: () => zip(workbook('<worksheet><sheetData><row r="900000"/></sheetData></worksheet>')),
      refusal: 'imports.too_many_rows',
    },
    {
      name: 'a column beyond the limit',
      entries: () => zip(workbook('<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>')),
      refusal: 'imports.too_many_columns',
    },
    {
      name: 'a password or the format of old',
      entries: () => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)]),
      refusal: 'imports.workbook_encrypted_or_old',
    },
  ])(
    'refuses $name',
    async ({ entries, refusal }) => {
      // Within a quarter of the time and half of the memory that an honest file may take; else the refusal would be another.
      const tight = { ...DEFAULT_LIMITS, milliseconds: 15_000, memoryBytes: 256 * 1024 * 1024 };
      expect(await refusalOf('hostile.xlsx', entries(), tight)).toBe(refusal);
    },
    20_000,
  );

  it('refuses a bomb among the shared strings while it inflates, within its memory', async () => {
    const strings = Buffer.from(`<sst>${'<si><t>aaaaaaaa</t></si>'.repeat(7_000_000)}</sst>`);
    const content = zip(workbook(SMALL, [{ name: 'xl/sharedStrings.xml', data: strings }]));
    expect(await refusalOf('strings.xlsx', content, { ...DEFAULT_LIMITS, unpackedBytes: 20 * 1024 * 1024 })).toBe(
      'imports.unpacked_too_large',
    );
  }, 30_000);

  it('ends a reader that runs out of time or memory', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>${at}</v></c></row>`).join('');
    const content = zip(workbook(`<worksheet><sheetData>${rows}</sheetData></worksheet>`));
    expect(await refusalOf('slow.xlsx', content, { ...DEFAULT_LIMITS, milliseconds: 1 })).toBe('imports.too_slow');
    expect(await refusalOf('fat.xlsx', content, { ...DEFAULT_LIMITS, memoryBytes: 40 * 1024 * 1024 })).toBe('imports.too_much_memory');
  }, 20_000);
});

describe('delimited text', () => {
  const TABLE = [
    ['客户名称', '手机号码', '备注'],
    ['张伟', '13812345678', '第一行\n"引号", 逗号'],
    ['李娜', '13912345678', null],
  ];
  const quoted = (delimiter: string, end: string) =>
    TABLE.map((row) => row.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(delimiter)).join(end);
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const wanted = TABLE.map((cells, at) => ({ row: at + 1, cells }));

  it.each([
    { name: 'UTF-8', bytes: Buffer.from(quoted(',', '\r\n')) },
    { name: 'UTF-8 with BOM', bytes: Buffer.from(`\ufeff${quoted(',', '\r\n')}`) },
    { name: 'UTF-16LE with BOM', bytes: Buffer.from(`\ufeff${quoted('\t', '\r\n')}`, 'utf16le') },
    { name: 'UTF-16BE with BOM', bytes: utf16be(`\ufeff${quoted(',', '\n')}`) },
    { name: 'UTF-16LE without BOM', bytes: Buffer.from(quoted(',', '\r\n') + '\r\n1,2,3'.repeat(20), 'utf16le') },
    { name: 'bare CR', bytes: Buffer.from(quoted(',', '\r')) },
    { name: 'semicolons', bytes: Buffer.from(quoted(';', '\n')) },
    { name: 'tabs', bytes: Buffer.from(quoted('\t', '\n')) },
  ])('reads the same rows from $name', async ({ bytes }) => {
    expect((await read('a.csv', bytes)).slice(0, 3)).toEqual(wanted);
  });

  it('reads guards that are not escaped as CSV asks, stray and unclosed quotation marks', async () => {
    const text = '工单号,名称,说明\n="0520",苏州"保客"公司,a\n"=""0521""","x"y,"never closed\nb,c,d\n';
    expect((await read('a.csv', text)).map((row) => row.cells)).toEqual([
      ['工单号', '名称', '说明'],
      ['="0520"', '苏州"保客"公司', 'a'],
      ['="0521"', 'xy', '"never closed'],
      ['b', 'c', 'd'],
    ]);
  });

  it('counts empty lines as rows', async () => {
    expect(await read('a.csv', 'a,b\n\n \nc,d')).toEqual([
      { row: 1, cells: ['a', 'b'] },
      { row: 2, cells: [null] },
      { row: 3, cells: [' '] },
      { row: 4, cells: ['c', 'd'] },
    ]);
  });

  it.each([
    { name: 'nothing', bytes: Buffer.alloc(0), refusal: 'imports.file_empty' },
    {
      name: 'a picture',
      bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xff, 0xff, 0, 1, 2, 3]),
      refusal: 'imports.encoding_unknown',
    },
    { name: '201 columns', bytes: Buffer.from('a,'.repeat(200)), refusal: 'imports.too_many_columns' },
    { name: 'a cell of 33 kB', bytes: Buffer.from(`a,${'b'.repeat(33 * 1024)}`), refusal: 'imports.cell_too_long' },
    { name: '200,002 rows', bytes: Buffer.from('a\n'.repeat(200_002)), refusal: 'imports.too_many_rows' },
  ])('refuses $name', async ({ bytes, refusal }) => {
    expect(await refusalOf('a.csv', bytes)).toBe(refusal);
  });

  it('refuses a file above its size, a folder, and one that is not there', async () => {
    await expect(readFileRows(folder).next()).rejects.toMatchObject({ refusal: 'imports.file_is_folder' });
    expect(await refusalOf('a.csv', 'a,b\nc,d', { ...DEFAULT_LIMITS, fileBytes: 3 })).toBe('imports.file_too_large');
    await expect(readFileRows(join(folder, 'missing.csv')).next()).rejects.toMatchObject({ refusal: 'imports.file_missing' });
  });
});

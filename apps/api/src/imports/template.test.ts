import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_KINDS, recognise, templateColumns, type SheetRow } from '@baoke/core/imports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileRows } from './reader/read-file.ts';
import { importTemplate, templateSheet } from './template.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baoke-template-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(FILE_KINDS)('the template of %s', (kind) => {
  it.each(['zh', 'en'] as const)('in %s is read as that kind, each column as what it is for', async (locale) => {
    const { fileName, base64 } = await importTemplate(kind, locale);
    const path = join(folder, fileName);
    await writeFile(path, Buffer.from(base64, 'base64'));
    const rows: SheetRow[] = [];
    for await (const batch of readFileRows(path)) rows.push(...batch);
    expect(rows).toHaveLength(1);
    const found = recognise(rows);
    expect(found).toMatchObject({ mapping: { kind, headerRow: 1 }, missing: [], confidence: 1 });
    expect(found?.mapping.columns.map(({ field, by }) => ({ field, by }))).toEqual(
      templateColumns(kind).map(({ field }) => ({ field, by: 'header' })),
    );
  });
});

it.each([
  { locale: 'zh', header: '交车日期', content: '日期，知道时间的一并填写，如 2026-01-30 17:40' },
  { locale: 'en', header: 'delivery date', content: 'Date, with the time where it is known, such as 2026-01-30 17:40' },
] as const)('says in $locale that a delivery may carry its time, and no other date', ({ locale, header, content }) => {
  const rows = FILE_KINDS.flatMap((kind) => templateSheet(kind, locale).more?.flatMap((sheet) => sheet.rows) ?? []);
  expect(rows.filter((row) => String(row[2]).includes('17:40')).map((row) => [row[0], row[2]])).toEqual([[header, content]]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_KINDS, recognise, templateColumns, type SheetRow } from '@baoke/core/imports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileRows } from './reader/read-file.ts';
import { importTemplate } from './template.ts';

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

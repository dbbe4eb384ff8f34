import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  columnTypes,
  DEFAULT_POLICY,
  FILE_KINDS,
  FIELDS,
  recognise,
  rowReader,
  type Cell,
  type FieldSpec,
  type FieldType,
  type FileKind,
  type SheetRow,
} from '@baoke/core/imports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCorrectionWorkbook } from './correction-workbook.ts';
import { readFileRows } from './reader/read-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baoke-corrections-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const day = (number: number, format = 'yyyy-mm-dd'): Cell => ({ number, format });

/** Cells of each type as files have them; the values are read alike from the file and from the workbook. */
const CELLS: Readonly<Record<FieldType, readonly Cell[]>> = {
  name: ['王小明', '=王小明', ' 李 四 '],
  phone: [{ number: 13_800_001_111, format: '0.00E+00' }, '051265001111', { number: 13_800_002_222, format: 'General' }],
  plate: ['苏E12345', 'e54321', '@苏'],
  vin: ['LSGKE54H9HW012345', 'lsgke54h9hw012345', '-'],
  date: [day(45_705), day(45_705, 'General'), '2025/2/17'],
  amount: [{ number: 152_900.5, format: '#,##0.00' }, '12.34万', '-100'],
  km: [{ number: 12_000, format: 'General' }, '12,000公里', '0'],
  count: [{ number: 3, format: 'General' }, '007', '4'],
  code: ['0012345678', '=0012345679', '@0012345670'],
  id_number: ['11010519491231002X', { number: 110_105_194_912_310_000, format: '0.00E+00' }, '110105194912310021'],
  text: ['=HYPERLINK("http://x","y")', '+86 0512', '-1+1|cmd'],
  yes_no: ['是', '否', '1'],
};

function fileOf(kind: FileKind): SheetRow[] {
  const specs: FieldSpec[] = Object.values(FIELDS[kind]);
  return [
    { row: 1, cells: specs.map(({ header }) => header) },
    ...[0, 1, 2].map((at) => ({ row: at + 2, cells: specs.map(({ type }) => CELLS[type][at] ?? null) })),
  ];
}

function valuesOf(rows: readonly SheetRow[]) {
  const { mapping, habits } = recognise(rows)!;
  const read = rowReader(mapping, habits, DEFAULT_POLICY);
  return rows.map(read).flatMap((row) => (row ? [row.data.values] : []));
}

async function written(rows: readonly SheetRow[], types: readonly (FieldType | null)[]): Promise<SheetRow[]> {
  const [head, ...refused] = rows;
  const path = join(folder, 'corrections.xlsx');
  await writeFile(
    path,
    await writeCorrectionWorkbook({
      sheet: '台账',
      headers: head!.cells.map(String),
      types,
      words: { row: '原行号', reason: '退回原因' },
      rows: refused.map(({ row, cells }) => ({ row, cells, reason: '=理由' })),
    }),
  );
  const back: SheetRow[] = [];
  for await (const batch of readFileRows(path)) back.push(...batch);
  return back;
}

describe('the correction workbook', () => {
  it.each(FILE_KINDS)('of %s holds what stood in the file, to be read alike', async (kind) => {
    const rows = fileOf(kind);
    const { mapping } = recognise(rows)!;
    const types = columnTypes(mapping);
    const back = await written(rows, types);
    expect(valuesOf(back)).toEqual(valuesOf(rows));
    for (const [at, type] of types.entries()) {
      const cells = back.slice(1).map((row) => row.cells[at]);
      // A day is shown as one, digits that are no number are text, and nothing is a formula.
      if (type === 'date') expect(cells).toEqual([day(45_705), day(45_705), '2025/2/17']);
      if (type === 'phone') expect(cells).toEqual(['13800001111', '051265001111', '13800002222']);
      if (type === 'code' || type === 'text') expect(cells).toEqual(CELLS[type]);
      if (type === 'id_number') expect(cells[1]).toEqual({ number: 110_105_194_912_310_000, format: '0' });
    }
  });
});

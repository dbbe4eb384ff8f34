import { describe, expect, it } from 'vitest';
import { on } from '../kernel/testing.ts';
import { DEFAULT_POLICY, FIELDS, FILE_KINDS, type Cell, type FieldSpec, type FileKind } from './model.ts';
import { recognise } from './recognise.ts';
import { rowReader } from './rows.ts';

const HEADER = ['客户名称', '手机号码', '商业险到期日期', '年审到期日期'];
const FIRST = ['张三', '13812345678', '2027-01-01', '2027-02-01'];

/** What is said about the cells of a row of a customers file. */
function findingsOf(cells: readonly Cell[]): readonly object[] {
  const recognition = recognise([HEADER, FIRST, cells].map((row, at) => ({ row: at + 1, cells: row })));
  if (!recognition) throw new Error('the file is not recognised');
  const read = rowReader(recognition.mapping, recognition.habits, DEFAULT_POLICY)({ row: 3, cells });
  if (!read) throw new Error('the row is not read');
  return read.findings;
}

describe('a row says each thing about a cell once', () => {
  it.each([
    {
      name: 'two numbers mended alike',
      cells: ['李四', '+8613812345679/+8613812345670', null, null],
      said: [
        { severity: 'mended', code: 'phone_two', field: 'phone' },
        { severity: 'mended', code: 'phone_plus86', field: 'phone' },
      ],
    },
    {
      name: 'a warning that is the reason for refusing the row',
      cells: ['李四', '1381234567', null, null],
      said: [{ severity: 'rejected', code: 'phone_digit_missing', field: 'phone' }],
    },
    {
      name: 'two cells with the same fault',
      cells: ['李四', '13812345679', 'soon', 'later'],
      said: [
        { severity: 'warned', code: 'date_unreadable', field: 'inspectionDueOn' },
        { severity: 'warned', code: 'date_unreadable', field: 'commercialInsuranceDueOn' },
      ],
    },
  ] as const)('$name', ({ cells, said }) => {
    expect(findingsOf(cells)).toEqual(said);
  });
});

describe('a date', () => {
  it.each([
    { cell: '1950-01-01', said: [] },
    { cell: '1949-12-31', said: ['date_unreadable'] },
    { cell: '2099-12-31', said: [] },
    { cell: '2100-01-01', said: ['date_unreadable'] },
    { cell: '0001-01-01', said: ['date_unreadable'] },
    { cell: '9999-12-31', said: ['date_unreadable'] },
    { cell: { number: 100_000, format: 'yyyy-mm-dd' }, said: ['date_unreadable'] },
    { cell: '2026-02-31', said: ['date_feb31'] },
  ])('$cell: $said', ({ cell, said }) => {
    const findings = findingsOf(['李四', '13812345679', cell, null]) as { severity: string; code: string }[];
    expect(findings.flatMap(({ severity, code }) => (severity === 'warned' ? [code] : []))).toEqual(said);
  });
});

describe('what has happened lies not ahead, seen on 2026-11-22', () => {
  const USUAL: Readonly<Record<string, Cell>> = {
    name: '李四',
    phone: '13812345679',
    vin: 'LSGKE54H9HW012345',
    category: '保养',
    code: 'W1',
    text: '有',
  };
  const specs = (kind: FileKind) => Object.entries<FieldSpec>(FIELDS[kind]);

  /** A row of a file with all its columns, of which every date but one lies long ago. */
  function readWith(kind: FileKind, field: string, cell: Cell) {
    const rowOf = (date: Cell) =>
      specs(kind).map(([name, { type }]) => (type !== 'date' ? (USUAL[type] ?? null) : name === field ? date : '2024-03-01'));
    const cells = [specs(kind).map(([, { header }]) => header), rowOf('2024-03-02'), rowOf(cell)];
    const recognition = recognise(cells.map((row, at) => ({ row: at + 1, cells: row })));
    if (!recognition) throw new Error('the file is not recognised');
    const row = rowReader(recognition.mapping, recognition.habits, { ...DEFAULT_POLICY, today: on('2026-11-22') })({
      row: 3,
      cells: cells[2]!,
    });
    if (!row) throw new Error('the row is not read');
    const values: Readonly<Record<string, unknown>> = { ...row.data.values };
    return { outcome: row.outcome, value: values[field], said: row.findings.flatMap((f) => (f.severity === 'mended' ? [] : [f.code])) };
  }

  it.each([
    { cell: '2026-11-22', value: '2026-11-22', said: [] },
    { cell: '2026-11-23', value: '2026-11-23', said: [] },
    { cell: '2026-11-24', value: null, said: ['date_future'] },
    { cell: '2027-11-22', value: null, said: ['date_future'] },
    { cell: { number: 46_400, format: 'yyyy-mm-dd' }, value: null, said: ['date_future'] },
    { cell: '2100-01-01', value: null, said: ['date_unreadable'] },
  ])('last seen on $cell: $said', ({ cell, value, said }) =>
    expect(readWith('customers', 'lastArrivedOn', cell)).toEqual({ outcome: said.length > 0 ? 'warned' : 'clean', value, said }),
  );

  const dates = FILE_KINDS.flatMap((kind) =>
    specs(kind).flatMap(([name, { type, required }]) => (type === 'date' ? [{ kind, name, required }] : [])),
  );
  const COMING = ['inspectionDueOn', 'commercialInsuranceDueOn', 'compulsoryInsuranceDueOn', 'nextServiceOn', 'insuranceDueOn'];
  it.each(dates)('$kind.$name', ({ kind, name, required }) => {
    const { value, said, outcome } = readWith(kind, name, '2027-05-01');
    if (COMING.includes(name)) expect({ value, said }).toEqual({ value: '2027-05-01', said: [] });
    else
      expect({ value, said, refused: outcome === 'rejected' }).toEqual({
        value: null,
        said: name === 'deliveredOn' ? ['date_future', 'delivery_ahead'] : ['date_future'],
        refused: required === true,
      });
  });
});

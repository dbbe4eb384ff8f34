import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Cell } from './model.ts';
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

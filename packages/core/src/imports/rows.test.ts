import { describe, expect, it } from 'vitest';
import type { TimeZone } from '../kernel/index.ts';
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

describe('signs nobody sees', () => {
  const HEADERS = { name: '客户名称', phone: '手机号码', plate: '车牌号', vin: '车架号', model: '厂牌车型信息', remark: '备注' };
  const VIN = 'LSGKE54H9HW012345';
  const readRow = (name: string, phone: string, plate: string, model: string, remark: string) => {
    const rows = [
      Object.values(HEADERS),
      ['张三', '13812345678', '苏E12345', VIN, '途岳', '老客户'],
      [name, phone, plate, VIN, model, remark],
    ];
    const recognition = recognise(rows.map((cells, at) => ({ row: at + 1, cells })));
    if (!recognition) throw new Error('the file is not recognised');
    const read = rowReader(recognition.mapping, recognition.habits, DEFAULT_POLICY)({ row: 3, cells: rows[2]! });
    const values: Readonly<Record<string, unknown>> = { ...read?.data.values };
    return {
      outcome: read?.outcome,
      values: Object.fromEntries(['name', 'phone', 'plate', 'model', 'remark'].map((field) => [field, values[field]])),
      said: read?.findings.map(({ code, field }) => `${field} ${code}`),
    };
  };

  it('go from a line, which is told; a note keeps them', () =>
    expect(readRow('李\u202e四', '\u202d13812345679\u202c', '苏E\u200e54321', '\ufeff凌渡\u200b', '\u200fسالام 👨\u200d👩')).toEqual({
      outcome: 'recovered',
      values: {
        name: '李四',
        phone: [{ e164: '+8613812345679', kind: 'mobile' }],
        plate: '苏E54321',
        model: '凌渡',
        remark: '\u200fسالام 👨\u200d👩',
      },
      said: ['name hidden_signs', 'phone hidden_signs', 'plate hidden_signs', 'model hidden_signs', 'remark emoji'],
    }));

  it('are no joiners of an emoji in a name', () =>
    expect(readRow('王👨\u200d👩', '13812345679', '苏E54321', '凌渡', '新客户')).toMatchObject({
      outcome: 'clean',
      values: { name: '王👨\u200d👩' },
      said: [],
    }));

  it('make an empty name of nothing else', () =>
    expect(readRow('\u200b\u202e', '13812345679', '苏E54321', '凌渡', '新客户').outcome).toBe('rejected'));
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

describe('the time of a delivery', () => {
  const HEADERS = ['订单日期', '交车日期', '客户姓名', '联系电话'];
  const RECORD = ['2026-01-02', '2026-01-30', '李四', '13812345679'];
  /** The day and the moment of a delivery, and what is said of the cell; the column is full of dates of the form of `first`. */
  const deliveryOf = (cell: Cell, zone = 'Asia/Shanghai', first: Cell = RECORD[1]!) => {
    const cells = RECORD.with(1, cell as string);
    const recognition = recognise([HEADERS, RECORD.with(1, first as string), cells].map((row, at) => ({ row: at + 1, cells: row })));
    if (!recognition) throw new Error('the file is not recognised');
    const policy = { ...DEFAULT_POLICY, zone: zone as TimeZone };
    const read = rowReader(recognition.mapping, recognition.habits, policy)({ row: 3, cells });
    if (read?.data.kind !== 'sales') throw new Error('the row is not read as a sale');
    const { deliveredOn, deliveredAt } = read.data.values;
    return { on: deliveredOn, at: deliveredAt, said: read.findings.flatMap(({ code, field }) => (field === 'deliveredOn' ? [code] : [])) };
  };
  const EVENING = '2026-01-30T09:40:00.000Z';

  it.each<{ name?: string; cell: Cell; at: string | null; said?: string[]; first?: Cell }>([
    { cell: '2026-01-30 17:40', at: EVENING },
    { cell: '2026-01-30 17:40:25', at: '2026-01-30T09:40:25.000Z' },
    { cell: '2026-01-30 17:40:25.123', at: '2026-01-30T09:40:25.000Z' },
    { cell: '2026/1/30 17:40', at: EVENING, said: ['date_slash'] },
    { cell: '2026年1月30日 17:40', at: EVENING, said: ['date_chinese'] },
    { cell: '2026-01-30 5:40 PM', at: EVENING },
    { cell: '2026-01-30 05:40:00pm', at: EVENING },
    { cell: '2026-01-30 17:40 PM', at: EVENING },
    { cell: '2026-01-30 9:05 AM', at: '2026-01-30T01:05:00.000Z' },
    { cell: '2026-01-30 12:10 AM', at: '2026-01-29T16:10:00.000Z' },
    { cell: '2026-01-30 12:10 PM', at: '2026-01-30T04:10:00.000Z' },
    { cell: '２０２６－０１－３０　１７：４０', at: EVENING, said: ['fullwidth'] },
    { cell: '2026-01-30T17:40', at: EVENING },
    { cell: '2026-01-30T17:40:00+08:00', at: EVENING },
    { cell: '2026-01-30T17:40:00+0800', at: EVENING },
    { cell: '2026-01-30T09:40:00.000Z', at: EVENING },
    { cell: '2026-01-30T04:40:00-05:00', at: EVENING },
    { name: 'the number of a day with its fraction', cell: '46052.7361111111', at: EVENING, said: ['date_serial'] },
    { name: 'a number', cell: { number: 46052.7361111111, format: 'General' }, at: EVENING, said: ['date_serial'] },
    { name: 'a cell of date and time', cell: { number: 46052.7361111111, format: 'yyyy-mm-dd hh:mm' }, at: EVENING, said: ['date_cell'] },
    {
      name: 'a cell of date and time among such',
      cell: { number: 46052.7361111111, format: 'yyyy-mm-dd hh:mm' },
      at: EVENING,
      first: { number: 46051.5, format: 'yyyy-mm-dd hh:mm' },
    },
    { name: 'a date alone', cell: '2026-01-30', at: null },
    { name: 'a date cell alone', cell: { number: 46052, format: 'yyyy-mm-dd' }, at: null, said: ['date_cell'] },
    { name: 'midnight', cell: '2026-01-30 00:00:00', at: null, said: ['date_time'] },
    { name: 'midnight in the morning', cell: '2026-01-30 12:00 AM', at: null, said: ['date_time'] },
    { name: 'midnight of UTC', cell: '2026-01-30T00:00:00Z', at: null, said: ['date_time'] },
    { name: 'a trace of binary fractions', cell: { number: 46052.000001, format: 'yyyy-mm-dd' }, at: null, said: ['date_cell'] },
    { name: 'the day here that begins then', cell: '2026-01-29T16:00:00Z', at: null, said: ['date_time'] },
    { name: 'the moment is of the next day here', cell: '2026-01-29T17:40:00Z', at: '2026-01-29T17:40:00.000Z' },
    { cell: '2026年1月30日17:40', at: EVENING, said: ['date_chinese'] },
    { cell: '2026年1月30日 17时40分', at: EVENING, said: ['date_chinese'] },
    { cell: '2026年1月30日17时40分25秒', at: '2026-01-30T09:40:25.000Z', said: ['date_chinese'] },
    { cell: '2026-01-30 17点', at: '2026-01-30T09:00:00.000Z' },
    { cell: '2026-01-30 下午5:40', at: EVENING },
    { cell: '2026-01-30 上午9点5分', at: '2026-01-30T01:05:00.000Z' },
    { cell: '2026-01-30 晚上 8点', at: '2026-01-30T12:00:00.000Z' },
    { name: 'no such hour', cell: '2026-01-30 25:40', at: null, said: ['date_time'] },
    { name: 'no such minute', cell: '2026-01-30 17:60', at: null, said: ['date_time'] },
    { name: 'neither morning nor evening', cell: '2026-01-30 17:40 AM', at: null, said: ['date_time'] },
    { name: 'the end of the day', cell: '2026-01-30 24:00', at: null, said: ['date_time'] },
  ])('$name $cell', ({ cell, at, said = [], first }) => {
    expect(deliveryOf(cell, 'Asia/Shanghai', first)).toEqual({ on: '2026-01-30', at, said });
  });

  it.each([
    { name: 'in winter', cell: '2026-01-30 17:40', at: '2026-01-30T22:40:00.000Z' },
    { name: 'in summer', cell: '2026-07-30 17:40', at: '2026-07-30T21:40:00.000Z' },
    { name: 'skipped by the clocks', cell: '2026-03-08 02:30', at: '2026-03-08T07:30:00.000Z' },
    { name: 'told twice by the clocks', cell: '2026-11-01 01:30', at: '2026-11-01T05:30:00.000Z' },
    { name: 'a day here that was written as UTC', cell: '2026-01-30T05:00:00Z', at: null },
  ])('is of the wall clock of the store: $name in New York', ({ cell, at }) => {
    expect(deliveryOf(cell, 'America/New_York').at).toBe(at);
  });

  it('goes with a day that is dropped', () => {
    expect(deliveryOf('2099-12-31 17:40').at).not.toBeNull();
    expect(deliveryOf('2026-02-31 17:40')).toMatchObject({ on: null, at: null });
  });
});

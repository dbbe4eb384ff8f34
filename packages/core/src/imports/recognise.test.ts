import { describe, expect, it } from 'vitest';
import type { Cell, SheetRow } from './model.ts';
import { headerKey, recognise } from './recognise.ts';

function sheet(...rows: Cell[][]): SheetRow[] {
  return rows.map((cells, at) => ({ row: at + 1, cells }));
}
const fieldsOf = (rows: SheetRow[]) => recognise(rows)?.mapping.columns.map((column) => column.field);

describe('recognising a file', () => {
  it('finds the header below a title', () => {
    const found = recognise(
      sheet(
        ['2026年销售台账', null],
        [null],
        ['订单日期', '客户姓名', '联系电话', '成交价(元)'],
        ['2026-01-02', '张伟', '13812345678', '100000'],
      ),
    );
    expect(found?.mapping).toMatchObject({ kind: 'sales', headerRow: 3, firstDataRow: 4 });
    expect(found?.missing).toEqual([]);
  });

  it.each([
    { name: 'Chinese', header: ['客户名称', '手机'] },
    { name: 'other words for the same', header: ['姓名', '电话'] },
    { name: 'English', header: ['customer name', 'phone'] },
  ])('takes a list of name and phone alone, $name', ({ header }) => {
    const found = recognise(sheet(header, ['张伟', '13812345678'], ['李娜', '13912345678']));
    expect(found?.mapping).toMatchObject({ kind: 'customers', headerRow: 1 });
    expect(found?.missing).toEqual([]);
  });

  it('takes English headers', () => {
    expect(
      fieldsOf(
        sheet(
          ['Work Order No', 'Arrival Date', 'License Plate', 'Service Type', 'Amount Received', 'Something'],
          ['1', '2026-01-02', '苏E12345', '小修', '1.00', 'x'],
        ),
      ),
    ).toEqual(['orderNo', 'arrivedOn', 'plate', 'category', 'receivedFen', null]);
  });

  it('tells a column without header by its content where only one field fits', () => {
    const rows = Array.from({ length: 9 }, (_, at): Cell[] => [
      `张${'甲乙丙丁戊己庚辛壬'.charAt(at)}`,
      `1381234567${at}`,
      `苏E1234${at}`,
      '2026-01-02',
    ]);
    expect(fieldsOf(sheet(['客户名称', '', '车牌号', '颜色'], ...rows))).toEqual(['name', 'phone', 'plate', 'colour']);
  });

  it('takes a file without any header in the usual order when its content agrees', () => {
    const rows = Array.from({ length: 12 }, (_, at): Cell[] => [
      `052024092200${at + 10}`,
      '2024-09-22',
      '2024-09-28',
      `苏E74${at + 10}D`,
      null,
      '徐世振',
      '13548743945',
      '事故',
      '36573',
      '邵永庆',
      '喷漆组',
      '646.00',
      '4341.08',
      '188.08',
      '4799.00',
      '2024-09-28',
    ]);
    const found = recognise(sheet(...rows));
    expect(found?.mapping).toMatchObject({ kind: 'service', headerRow: null, firstDataRow: 1 });
    expect(found?.mapping.columns[14]).toEqual({ header: '', field: 'receivedFen', by: 'position' });
    expect(found?.habits[0]).toEqual({ cells: 'text', codeDigits: 14 });
  });

  it('names required fields that no column holds', () => {
    expect(recognise(sheet(['客户名称', '车牌号', '车架号'], ['张伟', '苏E12345', null]))?.missing).toEqual(['phone']);
  });

  it('does not know a price list', () => {
    expect(recognise(sheet(['配件', '单价', '库存'], ['机油', 100, 3].map(String)))).toBeUndefined();
    expect(recognise([])).toBeUndefined();
  });

  it('compares headers without units, marks and blanks', () => {
    expect(headerKey(' *成 交 价（元）：')).toBe('成交价');
  });
});

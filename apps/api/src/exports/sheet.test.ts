import { Workbook } from '@cj-tech-master/excelts';
import { installChartSupport } from '@cj-tech-master/excelts/chart';
import { describe, expect, it } from 'vitest';
import { toCsv, toXlsx, type Sheet } from './sheet.ts';
import { SLICE_ROWS } from './slices.ts';

installChartSupport();

const TREND: Sheet = {
  name: '回访统计',
  header: ['', '实际回访'],
  rows: [['合计', 7]],
  charts: {
    dataName: '图表数据',
    drawn: [
      {
        title: '近 3 期',
        categories: ['11-02', '=1+1', '11-16'],
        series: [
          { name: '回访成功', values: [3, 4, 5], stack: 'calls' },
          { name: '未接通', values: [1, 0, 2], stack: 'calls', tone: 'quiet' },
          { name: '满意度', values: [0.5, null, 1], line: true, shareDecimals: 1 },
        ],
      },
      { title: '各月客诉率', categories: ['2026-10', '2026-11'], series: [{ name: '服务', values: [0.00278, 0.002], shareDecimals: 3 }] },
    ],
  },
};

async function read(sheet: Sheet) {
  const workbook = new Workbook();
  await workbook.xlsx.load(await toXlsx(sheet));
  return workbook;
}

it('draws charts below the table, of the numbers on the last sheet', async () => {
  const workbook = await read(TREND);
  const [table, data] = workbook.worksheets;
  if (!table || !data) throw new Error('the workbook has not two sheets');
  const charts = table.getCharts();
  expect(charts.map(({ title }) => title)).toEqual(['近 3 期', '各月客诉率']);
  expect(charts.map(({ chartTypes }) => chartTypes.map(({ type }) => type))).toEqual([['bar', 'line'], ['bar']]);
  const places = charts.map(({ model }) => model.range.tl.nativeRow);
  expect(places[0]).toBeGreaterThanOrEqual(table.rowCount);
  expect(places[1]).toBeGreaterThan(places[0] ?? Infinity);
  const shown = charts.flatMap(({ chartTypes }) =>
    chartTypes.flatMap(({ series }) =>
      series.map((one) => {
        if (!('val' in one) || !one.val?.numRef) throw new Error('a series draws no cells');
        const [, column = '', from = '', to = ''] = /^'图表数据'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)$/.exec(one.val.numRef.formula) ?? [];
        const cells = Array.from({ length: Number(to) - Number(from) + 1 }, (_, down) => data.getCell(`${column}${Number(from) + down}`));
        return [data.getCell(`${column}${Number(from) - 1}`).value, ...cells.map(({ value }) => value)];
      }),
    ),
  );
  expect(shown).toEqual([
    ['回访成功', 3, 4, 5],
    ['未接通', 1, 0, 2],
    ['满意度', 0.5, null, 1],
    ['服务', 0.00278, 0.002],
  ]);
});

it('disarms the names of a chart and writes shares as what they are', async () => {
  const data = (await read(TREND)).getWorksheet('图表数据');
  expect([data?.getCell('A3').value, data?.getCell('D2').numFmt, data?.getCell('B8').numFmt]).toEqual(["'=1+1", '0.0%', '0.000%']);
});

it('has no sheet of chart data where nothing is drawn', async () => {
  const workbook = await read({ ...TREND, charts: { dataName: '图表数据', drawn: [] } });
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(['回访统计']);
});

describe('a workbook of plain tables', () => {
  const text = 'a<b & "c"\u0001\r\n d ';
  const PLAIN: Sheet = {
    name: '客户/台账',
    about: ['门店 one', '=1+1'],
    header: ['姓名', '金额', '占比', '=x'],
    rows: [
      [text, 1.5, { value: 0.279, format: '0.0%' }, '138****5678'],
      [null, null, null, null],
      ['+cmd', 2, null, '00123'],
    ],
    more: [
      {
        name: '说明',
        header: Array.from({ length: 28 }, (_, at) => `列${at + 1}`),
        rows: [Array.from({ length: 28 }, (_, at) => `${at}`)],
      },
    ],
  };

  it('holds texts as texts, numbers with their format, and disarms formulas', async () => {
    const [table, guide] = (await read(PLAIN)).worksheets;
    if (!table || !guide) throw new Error('the workbook has not two sheets');
    expect([table.name, guide.name]).toEqual(['客户 台账', '说明']);
    const cells = (row: number) => [1, 2, 3, 4].map((column) => table.getRow(row).getCell(column));
    expect([1, 2].map((row) => table.getRow(row).getCell(1).value)).toEqual(['门店 one', "'=1+1"]);
    expect(cells(3).map(({ value, font }) => [value, font?.bold])).toEqual(['姓名', '金额', '占比', "'=x"].map((title) => [title, true]));
    expect(cells(4).map(({ value, numFmt }) => [value, numFmt])).toEqual([
      ['a<b & "c"\n d ', '@'],
      [1.5, undefined],
      [0.279, '0.0%'],
      ['138****5678', '@'],
    ]);
    expect(cells(5).map(({ value }) => value)).toEqual([null, null, null, null]);
    expect(cells(6).map(({ value }) => value)).toEqual(["'+cmd", 2, null, '00123']);
    expect([table.views[0], table.getColumn(1).width]).toMatchObject([{ state: 'frozen', ySplit: 3 }, expect.any(Number)]);
    expect([guide.getCell('AB1').value, guide.getCell('AB2').value]).toEqual(['列28', '27']);
  });

  it.each([
    { name: 'workbook', make: toXlsx },
    { name: 'CSV', make: toCsv },
  ])('gives the event loop back between the slices of a long list: $name', async ({ make }) => {
    const slices = 6;
    const rows = Array.from({ length: slices * SLICE_ROWS }, (_, at) => [`行${at}`, at]);
    let ticks = 0;
    let running = true;
    const tick = () => {
      ticks += 1;
      if (running) setImmediate(tick);
    };
    setImmediate(tick);
    await make({ name: '长表', header: ['名', '数'], rows });
    running = false;
    expect(ticks).toBeGreaterThanOrEqual(slices);
  });
});

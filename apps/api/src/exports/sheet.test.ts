import { Workbook } from '@cj-tech-master/excelts';
import { installChartSupport } from '@cj-tech-master/excelts/chart';
import { expect, it } from 'vitest';
import { toXlsx, type Sheet } from './sheet.ts';

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

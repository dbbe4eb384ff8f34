import { coloursOf, ON_WHITE, type Series } from '@baoke/core/insight';
import type { Workbook, Worksheet } from '@cj-tech-master/excelts';
import { safeText, shareFormat, widthOf } from './cells.ts';

/** A chart as the screen shows it, its names in words. */
export type Drawn = { readonly title: string; readonly categories: readonly string[]; readonly series: readonly Series[] };
/** The charts of a workbook, and what the sheet of their numbers is called. */
export type Charts = { readonly dataName: string; readonly drawn: readonly Drawn[] };
/** A series with the cells it is drawn from. */
type Placed = {
  readonly name: { readonly formula: string };
  readonly categories: string;
  readonly values: string;
  readonly colour: string;
  readonly of: Series;
};

const EMU_PER_PIXEL = 9_525;
const SIZE = { cx: 900 * EMU_PER_PIXEL, cy: 320 * EMU_PER_PIXEL };
/** Rows of the sheet that a chart covers, and a little space. */
const ROWS = 18;

/**
 * Draws charts below the table of a sheet, of numbers on a last sheet: they are the workbook's own and no pictures of some, so whoever
 * gets the file may restyle them, and they follow their numbers.
 *
 * Source: 11 row 50.
 */
export async function addCharts(workbook: Workbook, sheet: Worksheet, { dataName, drawn }: Charts): Promise<void> {
  const { installChartSupport } = await import('@cj-tech-master/excelts/chart');
  installChartSupport();
  const below = sheet.rowCount + 1;
  const data = workbook.addWorksheet(dataName);
  for (const [at, chart] of drawn.entries()) {
    if (at > 0) data.addRow([]);
    addChart(sheet, chart.title, addNumbers(data, chart), below + at * ROWS);
  }
  const names = drawn.flatMap(({ title, categories }) => [title, ...categories]);
  data.getColumn(1).width = Math.min(48, Math.max(...names.map(widthOf)) + 2);
  // On paper the charts stand below their table and not across two sheets.
  sheet.pageSetup = { ...sheet.pageSetup, paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 };
}

function addNumbers(data: Worksheet, { title, categories, series }: Drawn): Placed[] {
  data.addRow([safeText(title), ...series.map(({ name }) => safeText(name))]).font = { bold: true };
  const head = data.rowCount;
  for (const [down, category] of categories.entries()) {
    const row = data.addRow([safeText(category), ...series.map(({ values }) => values[down] ?? null)]);
    for (const [across, { shareDecimals }] of series.entries())
      if (shareDecimals !== undefined) row.getCell(across + 2).numFmt = shareFormat(shareDecimals);
  }
  const letter = (column: number) => data.getColumn(column).letter;
  const below = (column: number) => `'${data.name}'!$${letter(column)}$${head + 1}:$${letter(column)}$${head + categories.length}`;
  const colours = coloursOf(series, ON_WHITE);
  return series.map((of, at) => ({
    name: { formula: `'${data.name}'!$${letter(at + 2)}$${head}` },
    categories: below(1),
    values: below(at + 2),
    colour: (colours[at] ?? ON_WHITE.quiet).slice(1),
    of,
  }));
}

function addChart(sheet: Worksheet, title: string, series: readonly Placed[], row: number): void {
  const bars = series.filter(({ of }) => !of.line);
  const lines = series.filter(({ of }) => of.line);
  const stacked = bars.some(({ of }) => of.stack !== undefined);
  const barOptions = {
    series: bars.map(({ name, categories, values, colour }) => ({ name, categories, values, fill: colour })),
    grouping: stacked ? ('stacked' as const) : ('clustered' as const),
    overlap: stacked ? 100 : 0,
    gapWidth: 60,
    valueAxis: { numFmt: numbersOf(bars), numFmtLinked: false, min: 0, majorGridlines: true, lineColor: 'E3E7ED' },
  };
  const common = { title, showLegend: true, legendPosition: 't' as const, displayBlanksAs: 'gap' as const };
  const place = { tl: { col: 0, row }, ext: SIZE };
  if (lines.length === 0) {
    sheet.addColumnChart({ ...common, ...barOptions }, place);
    return;
  }
  const lineOptions = {
    series: lines.map(({ name, categories, values, colour }) => ({
      name,
      categories,
      values,
      line: colour,
      lineWidth: 2.25,
      marker: { symbol: 'circle' as const, size: 6, fill: colour, border: colour },
    })),
    valueAxis: { numFmt: '0%', numFmtLinked: false, min: 0, max: 1, majorGridlines: false },
  };
  const groups = [
    { type: 'bar' as const, barDir: 'col' as const, ...barOptions },
    { type: 'line' as const, useSecondaryAxis: true, ...lineOptions },
  ];
  sheet.addComboChart({ ...common, groups }, place);
}

function numbersOf(series: readonly Placed[]): string {
  return series.every(({ of }) => of.shareDecimals !== undefined) ? shareFormat(2) : '#,##0';
}

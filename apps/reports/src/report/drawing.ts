import { coloursOf, ON_WHITE, type Series } from '@baoke/core/insight';
import { FONT_STACK } from '@baoke/ui';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export type Drawing = { readonly label: string; readonly categories: readonly string[]; readonly series: readonly Series[] };

export const PALETTES = {
  light: { ...ON_WHITE, text: '#4a5563', line: '#e3e7ed', tip: '#ffffff' },
  dark: {
    colours: ['#3f8cff', '#7fb0f5', '#49b87d', '#e0a13a'],
    quiet: '#4b5766',
    quieter: '#333d4a',
    late: '#b4544f',
    good: '#49b87d',
    warn: '#e0a13a',
    bad: '#f0716b',
    text: '#a9b4c2',
    line: '#2a323d',
    tip: '#1d2530',
  },
} as const;

/** What the chart library draws; `narrow` where there is no room for every name beneath its bar. */
export function optionsOf({ label, categories, series }: Drawing, appearance: keyof typeof PALETTES, narrow: boolean) {
  const palette = PALETTES[appearance];
  const colours = coloursOf(series, palette);
  const shares = series.filter((s) => s.shareDecimals !== undefined);
  // A share beside counts has an axis of its own, from nothing to all; shares alone have the one they need.
  const beside = shares.length > 0 && shares.length < series.length;
  const long = categories.some((name) => name.length > 5);
  const grid = { lineStyle: { color: palette.line } };
  return {
    // A page may be printed the moment it stands.
    animation: false,
    aria: { enabled: true, label: { description: label } },
    textStyle: { fontFamily: FONT_STACK, color: palette.text },
    grid: { left: 8, right: beside ? 8 : 16, top: 40, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: palette.text } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      axisPointer: { type: 'shadow' },
      backgroundColor: palette.tip,
      borderColor: palette.line,
      textStyle: { color: palette.text },
      confine: true,
    },
    xAxis: {
      type: 'category',
      data: [...categories],
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: {
        color: palette.text,
        interval: narrow && !long ? 'auto' : 0,
        rotate: narrow || categories.length > 12 || (long && categories.length > 8) ? 38 : 0,
        fontSize: 11,
      },
    },
    yAxis: [
      shares.length === series.length
        ? { type: 'value', splitLine: grid, axisLabel: { color: palette.text, formatter: '{value}%' } }
        : { type: 'value', minInterval: 1, splitLine: grid, axisLabel: { color: palette.text } },
      ...(beside
        ? [{ type: 'value', min: 0, max: 100, splitLine: { show: false }, axisLabel: { color: palette.text, formatter: '{value}%' } }]
        : []),
    ],
    series: series.map(({ name, values, line, stack, shareDecimals }, at) => ({
      name,
      type: line ? 'line' : 'bar',
      data: shareDecimals === undefined ? [...values] : values.map((value) => (value === null ? null : value * 100)),
      ...(stack ? { stack } : {}),
      ...(shareDecimals === undefined
        ? {}
        : {
            yAxisIndex: beside ? 1 : 0,
            tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value.toFixed(shareDecimals)}%` : '–') },
          }),
      color: colours[at],
      barMaxWidth: 26,
      connectNulls: false,
      symbolSize: 6,
    })),
  };
}

export { echarts };

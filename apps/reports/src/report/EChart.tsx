import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { FONT_STACK, usePhone } from '@baoke/ui';
import { useEffect, useRef } from 'react';
import { useAppearance } from '../shell/appearance.ts';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

/** What a series means, where that is more than being another one. */
export type Tone = 'quiet' | 'quieter' | 'good' | 'warn' | 'late' | 'bad';
export type Series = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly type?: 'bar' | 'line';
  readonly stack?: string;
  readonly percent?: boolean;
  readonly tone?: Tone;
};
export type ChartProps = {
  readonly label: string;
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  readonly height?: number;
  /** A bar or point was chosen: its place among the categories, and which series it belongs to. */
  readonly onChoose?: (at: number, series: number) => void;
};

const PALETTES = {
  light: {
    colours: ['#1357c4', '#7aa7ea', '#187a48', '#c98a1b'],
    quiet: '#c3ccd8',
    quieter: '#e2e7ee',
    late: '#eb9696',
    good: '#2f9e68',
    warn: '#e0a13a',
    bad: '#d34a4a',
    text: '#4a5563',
    line: '#e3e7ed',
    tip: '#ffffff',
  },
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

/** Bars and lines as SVG, so that they print sharp; the table below says the same in numbers. */
export function EChart({ label, categories, series, height = 280, onChoose }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const phone = usePhone();
  const { appearance } = useAppearance();
  const choose = useRef(onChoose);
  useEffect(() => {
    choose.current = onChoose;
  });
  // Compared by content: a page that renders again with the same figures leaves the drawing alone.
  const drawn = JSON.stringify({ categories, series });
  useEffect(() => {
    if (!place.current) return;
    const { categories, series } = JSON.parse(drawn) as Pick<ChartProps, 'categories' | 'series'>;
    const palette = PALETTES[appearance];
    const chart = echarts.init(place.current, null, { renderer: 'svg' });
    const percent = series.some((s) => s.percent);
    const long = categories.some((name) => name.length > 5);
    chart.setOption({
      animationDuration: 200,
      aria: { enabled: true, label: { description: label } },
      color: [...palette.colours],
      textStyle: { fontFamily: FONT_STACK, color: palette.text },
      grid: { left: 8, right: percent ? 8 : 16, top: 40, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
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
          interval: phone && !long ? 'auto' : 0,
          rotate: phone || categories.length > 12 || (long && categories.length > 8) ? 38 : 0,
          fontSize: 11,
        },
      },
      yAxis: [
        { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.text } },
        ...(percent
          ? [{ type: 'value', min: 0, max: 100, splitLine: { show: false }, axisLabel: { color: palette.text, formatter: '{value}%' } }]
          : []),
      ],
      series: series.map((s) => ({
        name: s.name,
        type: s.type ?? 'bar',
        data: [...s.values],
        ...(s.stack ? { stack: s.stack } : {}),
        ...(s.percent
          ? { yAxisIndex: 1, tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value.toFixed(1)}%` : '–') } }
          : {}),
        ...(s.tone ? { itemStyle: { color: palette[s.tone] } } : {}),
        barMaxWidth: 26,
        connectNulls: false,
        symbolSize: 6,
      })),
    });
    // On paper the drawing is scaled to its column: there is no time to draw it anew.
    const frame = () => place.current?.querySelector('svg')?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
    frame();
    chart.on('click', ({ dataIndex, seriesIndex }) => typeof dataIndex === 'number' && choose.current?.(dataIndex, seriesIndex ?? 0));
    const watcher = new ResizeObserver(() => {
      if (matchMedia('print').matches) return;
      chart.resize();
      frame();
    });
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [label, drawn, appearance, phone]);
  return <div ref={place} className="rp-chart" style={{ height }} role="img" aria-label={label} />;
}

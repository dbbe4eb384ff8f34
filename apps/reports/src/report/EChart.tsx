import { usePhone } from '@baoke/ui';
import { useEffect, useRef } from 'react';
import { useAppearance } from '../shell/appearance.ts';
import { echarts, optionsOf, type Drawing } from './drawing.ts';

export type ChartProps = Drawing & {
  readonly height?: number;
  /** A bar or point was chosen: its place among the categories, and which series it belongs to. */
  readonly onChoose?: (at: number, series: number) => void;
};

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
  const drawn = JSON.stringify({ label, categories, series });
  useEffect(() => {
    if (!place.current) return;
    const chart = echarts.init(place.current, null, { renderer: 'svg' });
    chart.setOption(optionsOf(JSON.parse(drawn) as Drawing, appearance, phone));
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
  }, [drawn, appearance, phone]);
  return <div ref={place} className="rp-chart" style={{ height }} role="img" aria-label={label} />;
}

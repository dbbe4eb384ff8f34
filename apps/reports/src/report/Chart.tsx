import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './EChart.tsx';

// The chart library weighs half of the rest: it follows once the figures are there.
const EChart = lazy(async () => ({ default: (await import('./EChart.tsx')).EChart }));

export type { Tone } from './EChart.tsx';

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton.Node active className="rp-chart" />}>
      <EChart {...props} />
    </Suspense>
  );
}

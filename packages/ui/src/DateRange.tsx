import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';

export type DateSpan = readonly [from: string | undefined, to: string | undefined];

export type DateRangeProps = {
  readonly value?: DateSpan | undefined;
  readonly onChange?: (value: DateSpan | undefined) => void;
  readonly id?: string;
};

// Calendars weigh as much as the rest of a list: they follow once it is there.
const Picker = lazy(async () => ({ default: (await import('./DateRangePicker.tsx')).DateRangePicker }));

/** First and last day as `YYYY-MM-DD`, the way an address or a request carries them. Either end may stay open. */
export function DateRange(props: DateRangeProps) {
  return (
    <Suspense fallback={<Skeleton.Input active block />}>
      <Picker {...props} />
    </Suspense>
  );
}

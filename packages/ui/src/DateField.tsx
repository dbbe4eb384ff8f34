import { Input, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { usePhone } from './use-media.ts';

export type DateFieldProps = {
  readonly value?: string | null | undefined;
  readonly onChange?: (value: string | null) => void;
  readonly id?: string;
  /** First and last day offered. */
  readonly min?: string;
  readonly max?: string;
  /** With the time of day: `YYYY-MM-DDTHH:mm` instead of `YYYY-MM-DD`. */
  readonly time?: boolean;
  readonly placeholder?: string;
  readonly status?: 'error' | undefined;
  readonly 'aria-label'?: string;
};

// Calendars weigh as much as the rest of a form: they follow once it is there.
const Picker = lazy(async () => ({ default: (await import('./DatePickerField.tsx')).DatePickerField }));

/** A day as `YYYY-MM-DD`, on paper, in requests and on screen alike. A phone has a wheel of its own that no calendar of ours is as good as. */
export function DateField(props: DateFieldProps) {
  const phone = usePhone();
  if (!phone) {
    return (
      <Suspense fallback={<Skeleton.Input active block />}>
        <Picker {...props} />
      </Suspense>
    );
  }
  const { value, onChange, time = false, status, placeholder: _, ...rest } = props;
  return (
    <Input
      {...rest}
      {...(status ? { status } : {})}
      type={time ? 'datetime-local' : 'date'}
      value={value ?? ''}
      onChange={({ target }) => onChange?.(target.value || null)}
    />
  );
}

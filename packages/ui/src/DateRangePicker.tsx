import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { DateRangeProps } from './DateRange.tsx';

/** First and last day as `YYYY-MM-DD`, the way an address or a request carries them. Either end may stay open. */
export function DateRangePicker({ value, onChange, id }: DateRangeProps) {
  const [from, to] = value ?? [];
  return (
    <DatePicker.RangePicker
      id={id ? { start: id } : undefined}
      className="ui-wide"
      allowEmpty={[true, true]}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      onChange={(days) =>
        onChange?.(days && (days[0] || days[1]) ? [days[0]?.format('YYYY-MM-DD'), days[1]?.format('YYYY-MM-DD')] : undefined)
      }
    />
  );
}

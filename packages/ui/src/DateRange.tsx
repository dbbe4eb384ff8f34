import { DatePicker } from 'antd';
import dayjs from 'dayjs';

export type DateSpan = readonly [from: string | undefined, to: string | undefined];

type Props = { readonly value?: DateSpan | undefined; readonly onChange?: (value: DateSpan | undefined) => void; readonly id?: string };

/** First and last day as `YYYY-MM-DD`, the way an address or a request carries them. Either end may stay open. */
export function DateRange({ value, onChange, id }: Props) {
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

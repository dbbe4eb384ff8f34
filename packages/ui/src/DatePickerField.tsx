import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { DateFieldProps } from './DateField.tsx';

// The first one is shown; what people type instead is understood.
const DAYS = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D'];
const MOMENTS = DAYS.map((day) => `${day} HH:mm`);

/** A day, or a moment on the clock of the store, as text: a draft and a request carry it so. */
export function DatePickerField({ value, onChange, time = false, min, max, ...rest }: DateFieldProps) {
  return (
    <DatePicker
      {...rest}
      className="ui-wide"
      format={time ? MOMENTS : DAYS}
      {...(time ? { showTime: { format: 'HH:mm', minuteStep: 5 as const }, needConfirm: false } : {})}
      value={value ? dayjs(value) : null}
      {...(min ? { minDate: dayjs(min) } : {})}
      {...(max ? { maxDate: dayjs(max) } : {})}
      onChange={(day) => onChange?.(day ? day.format(time ? 'YYYY-MM-DDTHH:mm' : 'YYYY-MM-DD') : null)}
    />
  );
}

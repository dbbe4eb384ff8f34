import { DatePicker } from 'antd';
import { periodOf } from '@baoke/core/insight';
import { civilDate } from '@baoke/core/kernel';
import dayjs from 'dayjs';
import isoWeek from 'dayjs/plugin/isoWeek';
import type { Chosen } from './search.ts';

dayjs.extend(isoWeek);

/** The calendar behind the period's name: weeks or months. */
export function PeriodPicker({
  chosen,
  label,
  onChoose,
}: {
  readonly chosen: Chosen;
  readonly label: string;
  readonly onChoose: (chosen: Chosen) => void;
}) {
  const kind = chosen.kind === 'month' ? 'month' : 'week';
  return (
    <DatePicker
      picker={kind}
      aria-label={label}
      allowClear={false}
      inputReadOnly
      value={dayjs(chosen.period.from)}
      format={() => label}
      onChange={(day) => day && onChoose({ kind, period: periodOf(kind, civilDate(day.format('YYYY-MM-DD'))) })}
    />
  );
}

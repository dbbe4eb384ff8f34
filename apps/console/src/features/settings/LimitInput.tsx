import type { Limit } from '@baoke/core/complaints';
import { InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Unit = 'minutes' | 'hours' | 'same_day';
const UNITS: readonly Unit[] = ['minutes', 'hours', 'same_day'];
const MINUTES_OF = { minutes: 1, hours: 60 } as const;

type Props = {
  readonly name: string;
  readonly value: Limit;
  readonly byClock: boolean;
  readonly faulty: boolean;
  readonly onChange: (limit: Limit) => void;
};

/** A length of time in minutes or hours, or the end of the day, which only the clock around knows. */
export function LimitInput({ name, value, byClock, faulty, onChange }: Props) {
  const { t } = useTranslation();
  // Sixty minutes stay sixty minutes while somebody types them.
  const [unit, setUnit] = useState<Unit>(() => (value === 'same_day' ? 'same_day' : value.minutes % 60 === 0 ? 'hours' : 'minutes'));
  const shown = value === 'same_day' ? 'same_day' : unit === 'same_day' ? 'hours' : unit;
  const amount = value === 'same_day' || shown === 'same_day' || Number.isNaN(value.minutes) ? null : value.minutes / MINUTES_OF[shown];
  const status = faulty ? { status: 'error' as const } : {};
  const pick = (next: Unit) => {
    setUnit(next);
    onChange(next === 'same_day' ? 'same_day' : { minutes: (amount ?? 1) * MINUTES_OF[next] });
  };
  return (
    <Space.Compact className="settings-limit">
      {shown !== 'same_day' && (
        <InputNumber
          {...status}
          min={1}
          precision={0}
          controls={false}
          value={amount}
          aria-label={t('settings.complaints.amount', { name })}
          // Emptied, it is judged as missing.
          onChange={(typed) => onChange({ minutes: typed === null ? Number.NaN : typed * MINUTES_OF[shown] })}
        />
      )}
      <Select<Unit>
        {...status}
        value={shown}
        aria-label={t('settings.complaints.unit', { name })}
        options={UNITS.map((one) => ({
          value: one,
          label: t(`settings.complaints.units.${one}`),
          disabled: one === 'same_day' && !byClock,
        }))}
        onChange={pick}
      />
    </Space.Compact>
  );
}

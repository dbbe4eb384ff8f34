import { CalendarOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { BusinessCalendar, CalendarException, CivilDate, WallTime } from '@baoke/core/kernel';
import { publicHolidays, WEEKDAYS, withDays, yearsWithoutHolidays, type Weekday } from '@baoke/core/settings';
import { DateField, useToast } from '@baoke/ui';
import { Alert, Button, Form, Input, InputNumber, Segmented, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import { below, type Fault } from './judge.ts';
import { useRowKeys } from './row-keys.ts';

const CLOCK = 'HH:mm';

type Week = BusinessCalendar['week'];
const USUAL = { from: '09:00' as WallTime, to: '18:00' as WallTime };

export function CalendarFields({ faults, today }: { readonly faults: readonly Fault[]; readonly today: CivilDate }) {
  return (
    <>
      <Field name="week" faults={faults}>
        <WeekInput faults={faults} />
      </Field>
      <Field name="exceptions" faults={faults}>
        <DaysInput faults={faults} today={today} />
      </Field>
    </>
  );
}

type WeekProps = { readonly value?: Week; readonly onChange?: (week: Week) => void; readonly faults: readonly Fault[] };

function WeekInput({ value: week, onChange, faults }: WeekProps) {
  const { t } = useTranslation();
  if (!week) return null;
  const set = (day: Weekday, hours: Week[Weekday]) => onChange?.({ ...week, [day]: hours });
  return (
    <div className="settings-week">
      {WEEKDAYS.map((day) => {
        const name = t(`settings.calendar.weekdays.d${day}`);
        const hours = week[day];
        const status = below(faults, 'week', day).length > 0 ? { status: 'error' as const } : {};
        return (
          <div key={day} className="settings-day">
            <span className="settings-day-name">{name}</span>
            <Switch
              checked={hours !== null}
              aria-label={`${name} ${t('settings.calendar.open')}`}
              checkedChildren={t('settings.calendar.open')}
              unCheckedChildren={t('settings.calendar.closed')}
              onChange={(open) => set(day, open ? USUAL : null)}
            />
            {hours && (
              <TimePicker.RangePicker
                {...status}
                format={CLOCK}
                minuteStep={5}
                allowClear={false}
                // The rule of the setting tells whoever turns them round.
                order={false}
                needConfirm={false}
                value={[onClock(hours.from), onClock(hours.to)]}
                aria-label={`${name} ${t('settings.calendar.open')}`}
                onChange={(times) => {
                  const [from, to] = times ?? [];
                  if (from && to) set(day, { from: from.format(CLOCK) as WallTime, to: to.format(CLOCK) as WallTime });
                }}
              />
            )}
          </div>
        );
      })}
      <Button
        size="small"
        onClick={() => onChange?.({ 1: week[1], 2: week[1], 3: week[1], 4: week[1], 5: week[1], 6: week[1], 7: week[1] })}
      >
        {t('settings.calendar.copyFirst')}
      </Button>
    </div>
  );
}

/** A time of the wall clock as the control takes it: on whatever day. */
function onClock(time: WallTime) {
  return dayjs(`2000-01-01T${time}`);
}

type DaysProps = {
  readonly value?: readonly CalendarException[];
  readonly onChange?: (days: readonly CalendarException[]) => void;
  readonly faults: readonly Fault[];
  readonly today: CivilDate;
};

/** The special days of one year at a time; the others stay in the value. */
function DaysInput({ value: days = [], onChange, faults, today }: DaysProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const week = Form.useWatch('week') as Week | undefined;
  const [year, setYear] = useState(Number(today.slice(0, 4)));
  const { keyOf, follow } = useRowKeys<CalendarException>();
  const change = (day: CalendarException, next: Partial<CalendarException>) =>
    onChange?.(days.map((one) => (one === day ? follow(day, { ...day, ...next }) : one)));
  // A row without a date is being written: it shows in whatever year is open.
  const shown = days.flatMap((day, index) => (day.date.startsWith(`${year}-`) || day.date.length < 10 ? [{ day, index }] : []));
  const takeOver = () => {
    if (!week) return;
    const known = publicHolidays(year, week);
    const filled = withDays({ week, exceptions: days }, known).exceptions;
    const added = filled.length - days.length;
    if (known.length === 0) toast.info(t('settings.calendar.holidaysUnknown', { year: String(year) }));
    else if (added === 0) toast.info(t('settings.calendar.holidaysKnown', { year: String(year) }));
    else {
      onChange?.(filled);
      toast.success(t('settings.calendar.imported', { count: added }));
    }
  };
  const lacking = week ? yearsWithoutHolidays({ week, exceptions: days }, today) : [];
  return (
    <div className="settings-days">
      {lacking.length > 0 && (
        <Alert type="warning" showIcon className="ui-form-alert" title={t('settings.calendar.lacking', { years: lacking.join(', ') })} />
      )}
      <div className="settings-days-head">
        <InputNumber
          min={2000}
          max={2100}
          precision={0}
          value={year}
          aria-label={t('settings.calendar.year')}
          onChange={(typed) => typed !== null && setYear(typed)}
        />
        <span className="ui-quiet">{t('settings.calendar.days', { count: shown.length })}</span>
        <Button icon={<CalendarOutlined />} onClick={takeOver}>
          {t('settings.calendar.importHolidays', { year: String(year) })}
        </Button>
        <Button icon={<PlusOutlined />} onClick={() => onChange?.([...days, { date: '' as CivilDate, open: false }])}>
          {t('settings.calendar.addDay')}
        </Button>
      </div>
      {shown.length === 0 && <p className="ui-quiet">{t('settings.calendar.noDays', { year: String(year) })}</p>}
      <ul>
        {shown.map(({ day, index }) => {
          const name = day.date || t('settings.calendar.dayNumber', { number: index + 1 });
          const [wrong] = below(faults, 'exceptions', index);
          return (
            <li key={keyOf(day)}>
              <DateField
                {...(wrong ? { status: 'error' as const } : {})}
                value={day.date}
                aria-label={`${name} ${t('settings.calendar.date')}`}
                onChange={(date) => change(day, { date: (date ?? '') as CivilDate })}
              />
              <Segmented
                value={day.open}
                aria-label={`${name} ${t('settings.calendar.state')}`}
                options={[
                  { value: false, label: t('settings.calendar.closed') },
                  { value: true, label: t('settings.calendar.open') },
                ]}
                onChange={(open) => change(day, { open })}
              />
              <Input
                value={day.name ?? ''}
                maxLength={40}
                placeholder={t('settings.calendar.namePlaceholder')}
                aria-label={`${name} ${t('settings.calendar.name')}`}
                onChange={({ target }) => change(day, { name: target.value })}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={`${t('common.remove')} ${name}`}
                onClick={() => onChange?.(days.filter((one) => one !== day))}
              />
              {wrong && (
                <span role="alert" className="settings-fault">
                  {wrong.text}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

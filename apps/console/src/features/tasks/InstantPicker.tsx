import { dateIn, instantAt, instantOfMilliseconds, wallTimeIn, type CivilDate, type Instant, type TimeZone } from '@baoke/core/kernel';
import { useNow, useUi } from '@baoke/ui';
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../shell/session.ts';
import { isBeyond, isPast, timesFrom } from './times.ts';

type Props = {
  readonly id?: string;
  readonly value?: Instant | null;
  readonly onChange?: (at: Instant | null) => void;
  /** When the task the moment is for lapses. */
  readonly lapsesAt?: Instant | null;
  /** The last moment that can be chosen; null for none. */
  readonly last?: Instant | null;
};

/** A moment on the store's clock, whatever zone this device is in, with the usual answers one tap away. */
export function InstantPicker({ id, value, onChange, lapsesAt = null, last = null }: Props) {
  const { t } = useTranslation();
  const { formatDateTime } = useUi();
  const zone = useMe().store.timeZone as TimeZone; // the server names a zone it knows
  const now = useNow(60_000);
  // A calendar that refuses a day empties what was typed without a word: it is taken, and the field says what is wrong.
  const past = isPast(value, instantOfMilliseconds(now));
  const beyond = isBeyond(value, last);
  const offered = timesFrom(instantOfMilliseconds(now), zone, last);
  return (
    <div className="task-when">
      <DatePicker
        id={id}
        className="ui-wide"
        showTime={{ format: 'HH:mm', minuteStep: 5 }}
        format="YYYY-MM-DD HH:mm"
        needConfirm={false}
        {...(past || beyond ? { status: 'error' as const } : {})}
        value={value ? dayjs(`${dateIn(zone, value)}T${wallTimeIn(zone, value)}`) : null}
        onChange={(at) => onChange?.(at ? instantAt(zone, at.format('YYYY-MM-DD') as CivilDate, at.format('HH:mm')) : null)}
      />
      {past && <p role="alert">{t('refusals.tasks.time_in_past')}</p>}
      {beyond && <p role="alert">{t('refusals.tasks.beyond_lapse')}</p>}
      {lapsesAt !== null && (
        <p className="ui-quiet" role="status">
          {t('contacts.tryAt.valid', { at: formatDateTime(lapsesAt) })}
          {offered.length === 0 && t('contacts.tryAt.none')}
          {!beyond && isBeyond(value, lapsesAt) && t('contacts.tryAt.promised')}
        </p>
      )}
      <div className="task-chips">
        {offered.map(({ key, at }) => (
          <Button key={key} size="small" type={at === value ? 'primary' : 'default'} onClick={() => onChange?.(at)}>
            {t(`tasks.desk.next.${key}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

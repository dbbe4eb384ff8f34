import { ClockCircleOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import { instantOfMilliseconds, minutesBetween } from '@baoke/core/kernel';
import { isOverdue, isWaiting } from '@baoke/core/tasks';
import type { TaskRow } from '@baoke/core/tasks/wire';
import { Countdown, lengthText, useNow, useUi } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';

/** How pressing a task is, in colour, sign and word: a promise by the hour counts down, the rest names its day. */
export function DueMark({ task }: { readonly task: TaskRow['task'] }) {
  const { t } = useTranslation();
  const { words } = useUi();
  const now = useNow(60_000);
  const { date } = useFormats();
  if (task.status !== 'open') return <span className="ui-quiet">{t(`tasks.statuses.${task.status}`)}</span>;
  const late = now - Date.parse(task.dueAt);
  if (task.byTheHour && late <= 0) return <Countdown dueAt={task.dueAt} minutes={minutesBetween(task.createdAt, task.dueAt)} />;
  if (late > 0)
    return (
      <span className="ui-countdown ui-countdown-late">
        <ExclamationCircleFilled aria-hidden="true" />
        {t('tasks.desk.overdueSince', { time: lengthText(words, late) })}
      </span>
    );
  // A task is due at the end of its last day, which is the first moment of the next.
  const lastDay = date(instantOfMilliseconds(Date.parse(task.dueAt) - 1));
  const today = date(instantOfMilliseconds(now));
  return (
    <span className="ui-countdown">
      <ClockCircleOutlined aria-hidden="true" />
      {lastDay === today ? t('tasks.desk.dueToday') : t('tasks.desk.dueOn', { on: lastDay })}
    </span>
  );
}

/** When a task that was put off comes back: by the time where that is still today, `18:59 再联系`; what is overdue says on which other day it stands. */
export function AgainMark({ task }: { readonly task: TaskRow['task'] }) {
  const { t } = useTranslation();
  const now = instantOfMilliseconds(useNow(60_000));
  const { date, dateTime } = useFormats();
  if (task.status !== 'open' || !isWaiting(task, now)) return null;
  const [day, at] = dateTime(task.showAt).split(' ');
  if (day === date(now)) return <span>{t('tasks.desk.againAt', { at })}</span>;
  return isOverdue(task, now) ? <span>{t('tasks.desk.setFor', { on: day })}</span> : null;
}

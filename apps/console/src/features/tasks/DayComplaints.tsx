import type { ComplaintId } from '@baoke/core/kernel';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { Countdown } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { CustomerFlags } from '../../shell/CustomerName.tsx';

type Props = {
  readonly complaints: readonly DayComplaint[];
  readonly open: ComplaintId | undefined;
  readonly onOpen: (complaint: ComplaintId) => void;
};

/** The complaints that stand before the tasks of the day, the earliest promise first. */
export function DayComplaints({ complaints, open, onOpen }: Props) {
  const { t } = useTranslation();
  if (complaints.length === 0) return null;
  return (
    <ul aria-label={t('tasks.desk.complaints')}>
      <li className="day-group">
        <h2>{t('tasks.desk.complaints')}</h2>
      </li>
      {complaints.map((complaint) => {
        const { id, number, call, content, customer, plate, model } = complaint;
        return (
          <li key={id}>
            <button type="button" className="day-line" aria-current={id === open} onClick={() => onOpen(id)}>
              <span className="day-line-head">
                <span className="task-customer">
                  <strong>{customer.name}</strong>
                  <CustomerFlags customer={customer} />
                </span>
                <DayPromise complaint={complaint} />
              </span>
              <span className="day-line-why day-line-brief">
                <strong>{t(`tasks.desk.complaintCalls.${call}`)}</strong> {content}
              </span>
              <span className="ui-quiet day-line-foot">{[number, plate, model].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** What is left of the promise that runs now. */
export function DayPromise({ complaint: { dueAt, minutes, pausedAt, pausedUntil } }: { readonly complaint: DayComplaint }) {
  return <Countdown dueAt={dueAt} minutes={minutes} stopped={pausedAt && pausedUntil ? { at: pausedAt, until: pausedUntil } : null} />;
}

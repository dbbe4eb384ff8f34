import { ArrowLeftOutlined, RightOutlined } from '@ant-design/icons';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { StatusTag } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { DayPromise } from './DayComplaints.tsx';
import { complaintKindText } from './panel-words.ts';

type Props = { readonly complaint: DayComplaint; readonly onBack?: (() => void) | undefined };

/** A complaint of the day at one look; it is worked on where its whole story stands. */
export function DayComplaintPanel({ complaint, onBack }: Props) {
  const { t } = useTranslation();
  const { id, number, status, call, kind, severity, content, handler, customer, plate, model } = complaint;
  const car = [plate, model].filter(Boolean).join(' · ');
  return (
    <article className="task-panel" aria-label={number}>
      {onBack && (
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={onBack}>
          {t('tasks.desk.backToList')}
        </Button>
      )}
      <header className="ui-panel task-head">
        <div className="task-head-who">
          <h2>
            <Link {...paths.complaint(id)}>{number}</Link>
          </h2>
          <p className="task-line">
            <DayPromise complaint={complaint} />
            <StatusTag tone={severity === 'high' ? 'bad' : 'neutral'}>{t(`complaints.severities.${severity}`)}</StatusTag>
            <span>{t(`complaints.statuses.${status}`)}</span>
          </p>
          <p className="task-line">
            <Link {...paths.customer(customer.id)}>{customer.name}</Link>
            {car !== '' && <span className="ui-quiet">{car}</span>}
          </p>
        </div>
        <LinkButton {...paths.complaint(id)} type="primary" size="large" icon={<RightOutlined />}>
          {t('tasks.desk.openComplaint')}
        </LinkButton>
      </header>
      <section className="ui-panel">
        <h2>{t(`tasks.desk.complaintCalls.${call}`)}</h2>
        <dl className="ui-facts">
          <div>
            <dt>{t('complaints.fields.kind')}</dt>
            <dd>{complaintKindText(t, kind)}</dd>
          </div>
          <div>
            <dt>{t('complaints.fields.handler')}</dt>
            <dd>{handler.name}</dd>
          </div>
        </dl>
        <p className="task-script">{content}</p>
      </section>
    </article>
  );
}

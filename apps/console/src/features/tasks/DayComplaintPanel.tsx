import { ArrowLeftOutlined, RightOutlined } from '@ant-design/icons';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { refusalText } from '@baoke/i18n/lazy';
import { StatusTag } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import { CallButton } from './CallButton.tsx';
import { DayPromise } from './DayComplaints.tsx';
import { complaintKindText } from './panel-words.ts';

type Props = { readonly complaint: DayComplaint; readonly onBack?: (() => void) | undefined };

// The number comes first: what is written down of the call follows it.
const RecordContactDialog = lazy(async () => ({ default: (await import('../../shell/RecordContactDialog.tsx')).RecordContactDialog }));

/** A complaint of the day at one look, from which its customer is called; it is worked on where its whole story stands. */
export function DayComplaintPanel({ complaint, onBack }: Props) {
  const { t } = useTranslation();
  const { client, trpc } = useApi();
  const [recording, setRecording] = useState(false);
  const { data: view } = useQuery(trpc.complaints.get.queryOptions({ complaintId: complaint.id }));
  const mayRecord = view?.mayRecordContact === true;
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
        <div className="task-call">
          {view && (
            <CallButton
              masked={view.customer.phoneMasked}
              dialable={view.canReveal}
              hidden={view.notCalled ? undefined : t('tasks.desk.phoneHidden')}
              reveal={() => client.complaints.revealPhone.mutate({ complaintId: id })}
              onDialled={() => setRecording(mayRecord)}
            />
          )}
          {view?.notCalled && <StatusTag tone="warn">{refusalText(t, view.notCalled)}</StatusTag>}
          <span className="task-numbers">
            {mayRecord && <Button onClick={() => setRecording(true)}>{t('contacts.record')}</Button>}
            <LinkButton {...paths.complaint(id)} icon={<RightOutlined />}>
              {t('tasks.desk.openComplaint')}
            </LinkButton>
          </span>
        </div>
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
      {recording && (
        <Suspense>
          <RecordContactDialog customer={customer} onClose={() => setRecording(false)} />
        </Suspense>
      )}
    </article>
  );
}

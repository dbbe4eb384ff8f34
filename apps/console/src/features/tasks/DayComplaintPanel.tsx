import { ArrowLeftOutlined, RightOutlined } from '@ant-design/icons';
import type { ComplaintView } from '@baoke/core/complaints/wire';
import type { DayComplaint } from '@baoke/core/tasks/wire';
import { DateText, ErrorState, LoadingState, Money, NoValue, StatusTag } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { Fragment, lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { complaintOptions } from '../../shell/complaints/complaint.ts';
import { ComplaintSteps } from '../../shell/complaints/ComplaintSteps.tsx';
import { complaintKindText, refusalText } from '@baoke/i18n/lazy';
import { PauseNote } from '../../shell/complaints/PauseNote.tsx';
import { roundsOf } from '../../shell/complaints/solutions.ts';
import type { Step } from '../../shell/complaints/steps.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import { CallButton } from './CallButton.tsx';
import './day-complaint.css';
import { DayPromise } from './DayComplaints.tsx';
import { LastContacts } from './LastContacts.tsx';
import { useLineInView } from './use-line-in-view.ts';

type Props = {
  readonly complaint: DayComplaint;
  readonly onBack?: (() => void) | undefined;
  /** What it asked for is done: the next one opens. */
  readonly onSettled: () => void;
};

// The number comes first: what is written down of the call follows it.
const RecordContactDialog = lazy(async () => ({ default: (await import('../../shell/RecordContactDialog.tsx')).RecordContactDialog }));

/** The step that a call of the day asks for. */
const DUE: Readonly<Partial<Record<DayComplaint['call'], Step>>> = {
  respond: 'respond',
  solve: 'solve',
  confirm: 'confirm',
  decide_pause: 'decidePause',
};

/** Steps after which the complaint waits for somebody else, or for its next step at another time. */
const SETTLING: readonly Step[] = ['respond', 'solve', 'confirm', 'reassign', 'decidePause'];

/** A complaint of the day at one look: what was said and done, what was spoken lately, and the step that is due. */
export function DayComplaintPanel({ complaint, onBack, onSettled }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const [recording, setRecording] = useState(false);
  const { data: view, error, refetch } = useQuery(complaintOptions(api, complaint.id));
  useLineInView();
  const mayRecord = view?.mayRecordContact === true;
  const { id, number, call, kind, severity, content, handler, customer, plate, model } = complaint;
  const status = view?.complaint.status ?? complaint.status;
  const car = [plate, model].filter(Boolean).join(' · ');
  const taken = (step: Step) => {
    if (SETTLING.includes(step)) onSettled();
    else void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter());
  };
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
              reveal={() => api.client.complaints.revealPhone.mutate({ complaintId: id })}
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
      <div className="task-columns">
        <div className="task-work">
          <section className="ui-panel">
            <h2>{t(`tasks.desk.complaintCalls.${call}`)}</h2>
            <dl className="ui-facts complaint-facts">
              <Fact label={t('complaints.fields.kind')}>{complaintKindText(t, kind)}</Fact>
              <Fact label={t('complaints.fields.handler')}>{view?.handler.name ?? handler.name}</Fact>
              {view?.accused && <Fact label={t('complaints.fields.accused')}>{view.accused.name}</Fact>}
            </dl>
            <p className="task-script">{content}</p>
          </section>
          {view ? (
            <>
              <Done view={view} />
              <section className="ui-panel day-steps" aria-label={t('complaints.sections.actions')}>
                <PauseNote complaint={view.complaint} />
                <ComplaintSteps view={view} due={DUE[call]} onTaken={taken} />
              </section>
            </>
          ) : error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : (
            <LoadingState rows={4} />
          )}
        </div>
        {view && <LastContacts contacts={view.contacts} />}
      </div>
      {recording && (
        <Suspense>
          <RecordContactDialog customer={customer} onClose={() => setRecording(false)} />
        </Suspense>
      )}
    </article>
  );
}

/** What was done for the customer so far, by whom and when: who asks him whether he is satisfied has to know it. */
function Done({ view }: { readonly view: ComplaintView }) {
  const { t } = useTranslation();
  const { complaint, events } = view;
  const said = (event: {
    readonly at: ComplaintView['events'][number]['at'];
    readonly by: string | null;
    readonly note: string | null;
  }) => (
    <>
      <span className="ui-quiet">
        <DateText at={event.at} /> {event.by}
      </span>
      <br />
      {event.note ?? <NoValue />}
    </>
  );
  const steps = events.filter(({ kind }) => kind === 'responded' || kind === 'action');
  const rounds = roundsOf(events).filter(({ given }) => given);
  if (steps.length === 0 && rounds.length === 0) return null;
  const ofRound = (label: string, at: number) => (rounds.length > 1 ? t('complaints.paper.ofRound', { label, number: at + 1 }) : label);
  return (
    <section className="ui-panel" aria-label={t('complaints.sections.history')}>
      <h2>{t('complaints.sections.history')}</h2>
      <dl className="ui-facts complaint-facts">
        {steps.map(({ id, kind, at, by, note }) => (
          <Fact key={id} wide label={t(`complaints.events.${kind}`)}>
            {said({ at, by: by?.name ?? null, note })}
          </Fact>
        ))}
        {rounds.map(({ given, verdict }, at) => (
          <Fragment key={given?.id}>
            <Fact wide label={ofRound(t('complaints.fields.solution'), at)}>
              {given && said({ ...given, note: given.solution })}
            </Fact>
            {given?.cause && <Fact label={t('complaints.fields.cause')}>{given.cause}</Fact>}
            {given && (
              <Fact label={t('complaints.fields.goodwillShort')}>
                <Money fen={given.goodwillFen} />
              </Fact>
            )}
            {verdict && (
              <Fact wide label={ofRound(t('complaints.fields.verdict'), at)}>
                {said(verdict)}
              </Fact>
            )}
          </Fragment>
        ))}
      </dl>
      {complaint.reopenedCount > 0 && (
        <p className="ui-quiet">
          {t('complaints.fields.reopenedCount')} {complaint.reopenedCount}
        </p>
      )}
    </section>
  );
}

type FactProps = { readonly label: string; readonly wide?: boolean; readonly children: ReactNode };

function Fact({ label, wide = false, children }: FactProps) {
  return (
    <div className={wide ? 'ui-facts-wide' : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

import { ArrowLeftOutlined, CarOutlined, ClockCircleOutlined } from '@ant-design/icons';
import type { Outcome } from '@baoke/core/tasks';
import type { RecordedView, TaskDetail, TaskRow } from '@baoke/core/tasks/wire';
import { ErrorState, KeyHint, LoadingState, StatusTag, useShortcut } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText, ruleName, scriptText, topicText } from '../../shell/care-words.ts';
import { failureCode } from '../../shell/api.ts';
import { contactTimeText } from '../../shell/contact-time.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { pathOfRecord } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { CallButton } from './CallButton.tsx';
import { CustomerName } from './CustomerName.tsx';
import { AgainMark, DueMark } from './DueMark.tsx';
import { LastContacts } from './LastContacts.tsx';
import { LostTask } from './LostTask.tsx';
import { taskOptions } from './queries.ts';
import type { JustRecorded } from './Recorded.tsx';
import { ResultForm } from './ResultForm.tsx';
import { TaskDialog, type TaskStep } from './TaskDialogs.tsx';
import './task-panel.css';
import { isWritten } from './panel-words.ts';
import { useLineInView } from './use-line-in-view.ts';
import { titleOf } from './words.ts';

const Recipient = lazy(async () => ({ default: (await import('./Recipient.tsx')).Recipient }));

// What was saved last comes with what saves it, and so do the way through the queue on a phone and the complaints that lie open in its place.
export { DayComplaintPanel } from './DayComplaintPanel.tsx';
export { Recorded } from './Recorded.tsx';
export { PhoneWalk } from './PhoneWalk.tsx';

type Props = {
  readonly taskId: TaskRow['task']['id'];
  /** The line of the queue, shown at once while the rest is on its way. */
  readonly row: TaskRow | undefined;
  readonly onBack?: (() => void) | undefined;
  readonly onSettled: (last?: JustRecorded) => void;
};

/** One task: whom, why, what to say, what was said lately, and what came of it. */
export function TaskPanel({ taskId, row, onBack, onSettled }: Props) {
  const { t } = useTranslation();
  const retaken = useLocation({ select: ({ state }) => state.retaken });
  const detail = useQuery(taskOptions(useApi(), taskId));
  const shown = detail.data ?? row;
  useLineInView();
  const gone = failureCode(detail.error) === 'platform.not_found';
  const lost = (gone || (shown && shown.task.status !== 'open')) && (
    <LostTask taskId={taskId} channel={shown?.task.channel} onNext={() => onSettled()} />
  );
  if (gone && !shown) return lost;
  if (!shown) return detail.error ? <ErrorState error={detail.error} onRetry={() => void detail.refetch()} /> : <LoadingState rows={8} />;
  return (
    <article className="task-panel" aria-label={shown.customer.name}>
      {onBack && (
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={onBack}>
          {t('tasks.desk.backToList')}
        </Button>
      )}
      <OpenTask key={`${shown.task.id} ${retaken ?? ''}`} row={shown} detail={detail.data} lost={lost} onSettled={onSettled} />
    </article>
  );
}

type PartProps = { readonly row: TaskRow; readonly detail: TaskDetail | undefined };
type OpenProps = PartProps & Pick<Props, 'onSettled'> & { readonly lost: ReactNode };

function OpenTask({ row, detail, lost, onSettled }: OpenProps) {
  const take = useTake(row.task);
  return (
    <>
      <TaskHead row={row} detail={detail} onTake={lost ? undefined : () => void take()} />
      <div className="task-columns">
        <div className="task-work">
          {lost}
          <Script row={row} detail={detail} />
          {!lost && <Result row={row} detail={detail} take={take} onSettled={onSettled} />}
        </div>
        <LastContacts contacts={row.contacts} />
      </div>
    </>
  );
}

/** Makes a task of nobody one's own, once; answers the version to go on with. */
function useTake({ id: taskId, version, assigneeId }: TaskRow['task']): () => Promise<number> {
  const api = useApi();
  const options = taskOptions(api, taskId);
  const taking = useRef<Promise<number>>(undefined);
  return () => {
    if (assigneeId !== null) return taking.current?.then((taken) => Math.max(taken, version)) ?? Promise.resolve(version);
    taking.current ??= api.client.tasks.take
      .mutate({ taskId, version })
      .then((taken) => {
        api.queryClient.setQueryData(options.queryKey, taken);
        return taken.task.version;
      })
      .catch(() => {
        // Recording takes it too; who was faster is told by what the server has now.
        taking.current = undefined;
        void api.queryClient.invalidateQueries(options);
        return version;
      });
    return taking.current;
  };
}

function TaskHead({ row, detail, onTake }: PartProps & { readonly onTake: (() => void) | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const { client } = useApi();
  const { customer, vehicle, task } = row;
  const file = pathOfRecord('customer', customer.id);
  const car = [vehicle?.plate, vehicle?.model].filter(Boolean).join(' · ');
  return (
    <header className="ui-panel task-head">
      <div className="task-head-who">
        <h2 tabIndex={-1} id="task-customer">
          {file ? (
            <Link {...file} title={t('tasks.desk.showCustomer')}>
              <CustomerName customer={customer} />
            </Link>
          ) : (
            <CustomerName customer={customer} />
          )}
        </h2>
        <p className="task-line">
          <strong>
            {titleOf(t, row)} · {reasonText(t, task.reason)}
          </strong>
          <DueMark task={task} />
          <AgainMark task={task} />
          {task.channel !== 'phone' && <StatusTag tone="info">{t(`care.channels.${task.channel}`)}</StatusTag>}
          {task.attempts > 0 && <span>{t('tasks.attempts', { count: task.attempts })}</span>}
        </p>
        <p className="task-line ui-quiet">
          <span>
            <CarOutlined aria-hidden="true" /> {car === '' ? t('tasks.desk.noVehicle') : car}
          </span>
          {customer.preferredContactTime && (
            <span>
              <ClockCircleOutlined aria-hidden="true" />{' '}
              {t('tasks.desk.preferred', { time: contactTimeText(t, customer.preferredContactTime) })}
            </span>
          )}
        </p>
      </div>
      <div className="task-call">
        {task.channel === 'letter' || task.channel === 'email' ? (
          <>
            <Suspense>
              <Recipient row={row} detail={detail} by={task.channel} />
            </Suspense>
            {file && <LinkButton {...file}>{t('tasks.desk.showCustomer')}</LinkButton>}
          </>
        ) : (
          <CallButton
            rings={task.channel === 'phone' || task.channel === 'visit' || task.channel === 'in_store'}
            masked={customer.phoneMasked}
            dialable={detail?.canReveal === true}
            hidden={detail?.canReveal === false ? t('tasks.desk.phoneHidden') : undefined}
            reveal={() => client.tasks.revealPhone.mutate({ taskId: task.id })}
          />
        )}
        {onTake && task.assigneeId === null && me.can('tasks', 'edit') && (
          <span className="ui-quiet">
            {t('tasks.desk.untaken')}{' '}
            <Button size="small" onClick={onTake}>
              {t('tasks.desk.take')}
            </Button>
          </span>
        )}
      </div>
    </header>
  );
}

/** What to say. Why one calls stands in the head, which stays in sight. */
function Script({ row: { task }, detail }: PartProps) {
  const { t } = useTranslation();
  return (
    <section className="ui-panel">
      <div className="task-panel-head">
        <h2>{t(isWritten(task.channel) ? 'contacts.written.head' : 'tasks.script')}</h2>
        {detail?.rule && <span className="ui-quiet">{t('tasks.desk.sourceOf', { rule: ruleName(t, detail.rule) })}</span>}
      </div>
      <p className="task-script">{scriptText(t, task.script)}</p>
      {task.topics.length > 0 && (
        <ul className="task-topics" aria-label={t('tasks.topics')}>
          {task.topics.map((topic) => (
            <li key={topic}>{topicText(t, topic)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

type ResultProps = PartProps & Pick<Props, 'onSettled'> & { readonly take: () => Promise<number> };

function Result({ row, detail, take, onSettled }: ResultProps) {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const retaken = useLocation({ select: ({ state }) => state.retaken });
  const [step, setStep] = useState<TaskStep>();
  const mayEdit = me.can('tasks', 'edit');
  useShortcut('p', t('tasks.postpone'), () => setStep('postpone'), { enabled: mayEdit });
  useShortcut('s', t('tasks.skip'), () => setStep('skip'), { enabled: mayEdit });
  useShortcut('h', t('tasks.handOver'), () => setStep('handOver'), { enabled: mayEdit });
  if (!mayEdit) return null;
  const recorded = (outcome: Outcome, view: RecordedView) => onSettled({ customer: row.customer, outcome, recorded: view });
  return (
    <section className="ui-panel">
      <div className="task-panel-head">
        <h2>{t('tasks.desk.result')}</h2>
        <span className="task-other">
          {(['postpone', 'handOver', 'skip'] as const).map((other) => (
            <Button key={other} size="small" type="text" onClick={() => setStep(other)}>
              {t(`tasks.${other}`)}
              <KeyHint keys={{ postpone: 'p', handOver: 'h', skip: 's' }[other]} />
            </Button>
          ))}
        </span>
      </div>
      <ResultForm
        task={row.task}
        customerName={row.customer.name}
        detail={detail}
        onRecorded={recorded}
        onResent={() => onSettled()}
        take={take}
        onConflict={() => api.queryClient.refetchQueries(taskOptions(api, row.task.id))}
        retaken={retaken !== undefined}
      />
      {step && <TaskDialog step={step} row={row} onClose={() => setStep(undefined)} onDone={() => onSettled()} />}
    </section>
  );
}

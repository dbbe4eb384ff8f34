import { ArrowLeftOutlined, CarOutlined, ClockCircleOutlined } from '@ant-design/icons';
import type { Outcome } from '@baoke/core/tasks';
import type { RecordedView, TaskDetail, TaskRow } from '@baoke/core/tasks/wire';
import { ErrorState, KeyHint, LoadingState, Timeline, useShortcut, type TimelineItem } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText, ruleName, scriptText, topicText } from '../../shell/care-words.ts';
import { failureCode } from '../../shell/api.ts';
import { contactTimeText } from '../../shell/contact-time.ts';
import { pathOfRecord } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { CallButton } from './CallButton.tsx';
import { CustomerName } from './CustomerName.tsx';
import { AgainMark, DueMark } from './DueMark.tsx';
import { LostTask } from './LostTask.tsx';
import { taskOptions } from './queries.ts';
import type { JustRecorded } from './Recorded.tsx';
import { ResultForm } from './ResultForm.tsx';
import { TaskDialog, type TaskStep } from './TaskDialogs.tsx';
import { contactText } from './panel-words.ts';
import './task-panel.css';
import { titleOf } from './words.ts';

// What was saved last comes with what saves it, and so does the way through the queue on a phone.
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
  const gone = failureCode(detail.error) === 'platform.not_found';
  const lost = (gone || (shown && shown.task.status !== 'open')) && <LostTask taskId={taskId} onNext={() => onSettled()} />;
  if (gone && !shown) return lost;
  if (!shown) return detail.error ? <ErrorState error={detail.error} onRetry={() => void detail.refetch()} /> : <LoadingState rows={8} />;
  return (
    <article className="task-panel" aria-label={shown.customer.name}>
      {onBack && (
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={onBack}>
          {t('tasks.desk.backToList')}
        </Button>
      )}
      <TaskHead row={shown} detail={detail.data} />
      <div className="task-columns">
        <div className="task-work">
          {lost}
          <Why row={shown} detail={detail.data} />
          {!lost && (
            <Result
              key={`${shown.task.id} ${retaken ?? ''}`}
              row={shown}
              detail={detail.data}
              retaken={retaken !== undefined}
              onSettled={onSettled}
            />
          )}
        </div>
        <LastContacts contacts={shown.contacts} />
      </div>
    </article>
  );
}

type PartProps = { readonly row: TaskRow; readonly detail: TaskDetail | undefined };

function TaskHead({ row, detail }: PartProps) {
  const { t } = useTranslation();
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
          <DueMark task={task} />
          <AgainMark task={task} />
          <span>
            {titleOf(t, row)} {reasonText(t, task.reason)}
          </span>
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
      <CallButton
        key={task.id}
        masked={customer.phoneMasked}
        dialable={detail?.canReveal === true}
        hidden={detail?.canReveal === false ? t('tasks.desk.phoneHidden') : undefined}
        reveal={() => client.tasks.revealPhone.mutate({ taskId: task.id })}
      />
    </header>
  );
}

function Why({ row: { task }, detail }: PartProps) {
  const { t } = useTranslation();
  return (
    <section className="ui-panel">
      <h2>{t('tasks.why')}</h2>
      <p className="task-reason">{reasonText(t, task.reason)}</p>
      <h3>{t('tasks.script')}</h3>
      <p className="task-script">{scriptText(t, task.script)}</p>
      {task.topics.length > 0 && (
        <ul className="task-topics" aria-label={t('tasks.topics')}>
          {task.topics.map((topic) => (
            <li key={topic}>{topicText(t, topic)}</li>
          ))}
        </ul>
      )}
      {detail?.rule && <p className="ui-quiet task-source">{t('tasks.desk.sourceOf', { rule: ruleName(t, detail.rule) })}</p>}
    </section>
  );
}

function Result({ row, detail, onSettled, retaken }: PartProps & Pick<Props, 'onSettled'> & { readonly retaken: boolean }) {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const [step, setStep] = useState<TaskStep>();
  const options = taskOptions(api, row.task.id);
  const { id: taskId, version, assigneeId } = row.task;
  const taking = useRef<Promise<number>>(undefined);
  const take = () => {
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
  const mayEdit = me.can('tasks', 'edit');
  useShortcut('p', t('tasks.postpone'), () => setStep('postpone'), { enabled: mayEdit });
  useShortcut('s', t('tasks.skip'), () => setStep('skip'), { enabled: mayEdit });
  useShortcut('h', t('tasks.handOver'), () => setStep('handOver'), { enabled: mayEdit });
  if (!mayEdit) return null;
  const recorded = (outcome: Outcome, view: RecordedView) => onSettled({ customer: row.customer, outcome, recorded: view });
  return (
    <section className="ui-panel">
      <div className="task-result-head">
        <h2>{t('tasks.desk.result')}</h2>
        <span className="task-other">
          {assigneeId === null && (
            <Button size="small" type="primary" onClick={() => void take()}>
              {t('tasks.desk.take')}
            </Button>
          )}
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
        onConflict={() => api.queryClient.refetchQueries(options)}
        retaken={retaken}
      />
      {step && <TaskDialog step={step} row={row} onClose={() => setStep(undefined)} onDone={() => onSettled()} />}
    </section>
  );
}

function LastContacts({ contacts }: { readonly contacts: TaskRow['contacts'] }) {
  const { t } = useTranslation();
  const items = contacts.map(({ id, occurredAt, staffName, content, satisfied, ...contact }): TimelineItem => ({
    key: id,
    at: occurredAt,
    title: contactText(t, { id, occurredAt, staffName, content, satisfied, ...contact }),
    by: staffName,
    body: content,
    tone: satisfied === false ? 'bad' : satisfied ? 'good' : 'neutral',
  }));
  return (
    <section className="ui-panel task-contacts">
      <h2>{t('tasks.lastContacts')}</h2>
      {items.length === 0 ? (
        <p className="ui-quiet">{t('tasks.noContacts')}</p>
      ) : (
        <Timeline items={items} label={t('tasks.lastContacts')} />
      )}
    </section>
  );
}

import { ReloadOutlined } from '@ant-design/icons';
import { instantOfMilliseconds, type ComplaintId, type TaskId } from '@baoke/core/kernel';
import type { DayComplaint, TaskRow } from '@baoke/core/tasks/wire';
import {
  CountMark,
  EmptyState,
  ErrorState,
  LoadingState,
  MoreButton,
  moreOf,
  type More,
  useNow,
  usePhone,
  useShortcut,
  useUi,
} from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { Fragment, lazy, Suspense, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText } from '../../shell/care-words.ts';
import { useFormats } from '../../shell/formats.ts';
import { needWords } from '../../shell/language.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { CustomerName } from './CustomerName.tsx';
import { DayComplaints } from './DayComplaints.tsx';
import { AgainMark, DueMark } from './DueMark.tsx';
import type { JustRecorded } from './Recorded.tsx';
import { myDayOptions, taskOptions } from './queries.ts';
import { readDaySearch, TABS, type DaySearch } from './search.ts';
import './tasks.css';
import { groupText, titleOf } from './words.ts';

// The queue is what one looks at first: the form of the open task, with its controls and words, follows it.
const loadPanel = async () => (await Promise.all([import('./TaskPanel.tsx'), needWords(['complaints', 'contacts'])]))[0];
const TaskPanel = lazy(async () => ({ default: (await loadPanel()).TaskPanel }));
const PhoneWalk = lazy(async () => ({ default: (await loadPanel()).PhoneWalk }));
const Recorded = lazy(async () => ({ default: (await loadPanel()).Recorded }));
const DayComplaintPanel = lazy(async () => ({ default: (await loadPanel()).DayComplaintPanel }));
const KindSelect = lazy(async () => ({ default: (await import('./KindSelect.tsx')).KindSelect }));

/**
 * My day: the queue by urgency, and the task that lies open. Walked by keyboard alone; when a task is settled the next one
 * opens by itself.
 */
export function MyDayPage() {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const phone = usePhone();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/day' });
  const { tab = 'today', kind, task: open, complaint: openComplaint } = search;
  const list = useInfiniteQuery(myDayOptions(api, search));
  const counts = useQuery(api.trpc.tasks.counts.queryOptions());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const complaints = list.data?.pages[0]?.complaints ?? NO_COMPLAINTS;
  const shownComplaint = complaints.find(({ id }) => id === openComplaint);
  const panel = useRef<HTMLDivElement>(null);
  // A page left open overnight is of the new day in the morning.
  const { date } = useFormats();
  const today = date(instantOfMilliseconds(useNow(60_000)));
  const shownOn = useRef(today);
  useEffect(() => {
    if (shownOn.current !== today) void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter());
    shownOn.current = today;
  }, [api, today]);
  const go = (next: DaySearch, replace = false) => void navigate({ ...paths.myDay(), search: readDaySearch(next), replace });
  const [last, setLast] = useState<JustRecorded>();

  // On a desk a task always lies open, and stays open by its address while the queue moves on around it.
  const firstComplaint = complaints[0]?.id;
  const first = firstComplaint ?? rows?.[0]?.task.id;
  const opensFirst = !phone && open === undefined && shownComplaint === undefined && first !== undefined;
  useEffect(() => {
    const chosen = firstComplaint ? { complaint: firstComplaint } : { task: rows?.[0]?.task.id };
    if (opensFirst) void navigate({ ...paths.myDay(), search: readDaySearch({ tab: search.tab, kind, ...chosen }), replace: true });
  }, [opensFirst, firstComplaint, rows, navigate, search.tab, kind]);

  const at = rows?.findIndex(({ task }) => task.id === open) ?? -1;
  const atComplaint = shownComplaint ? complaints.indexOf(shownComplaint) : -1;
  const neighbour = (step: 1 | -1): TaskId | undefined => rows?.[at === -1 ? 0 : at + step]?.task.id;
  const move = (step: 1 | -1) => {
    const place = atComplaint >= 0 ? atComplaint + step : at === 0 && step === -1 ? complaints.length - 1 : -1;
    const beside = complaints[place];
    if (beside) return go({ ...search, task: undefined, complaint: beside.id }, true);
    if (atComplaint >= 0 && step === -1) return;
    const next = atComplaint >= 0 ? rows?.[0]?.task.id : neighbour(step);
    if (next === undefined) return;
    go({ ...search, task: next }, true);
    if (step === 1 && list.hasNextPage && at + 5 > (rows?.length ?? 0)) void list.fetchNextPage();
  };
  useShortcut('j', t('tasks.desk.nextTask'), () => move(1));
  useShortcut('k', t('tasks.desk.previous'), () => move(-1));
  const next = neighbour(1);
  useEffect(() => {
    if (next) void api.queryClient.prefetchQuery(taskOptions(api, next));
  }, [api, next]);

  const settled = (recorded?: JustRecorded) => {
    if (recorded) setLast(recorded);
    const following = neighbour(1) ?? neighbour(-1);
    if (shownComplaint) move(complaints[atComplaint + 1] || rows?.length ? 1 : -1);
    else go({ ...search, task: following === open ? undefined : following }, true);
    // The number keys go on working without a click: focus waits where the next task stands.
    panel.current?.focus();
    void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter());
  };

  const tabs = [
    ...TABS.map((key) => ({
      key,
      label: t(`tasks.tabs.${key}`),
      count: counts.data?.[key],
      urgent: key === 'overdue',
      open: () => go({ tab: key, kind }),
    })),
    ...(me.can('tasks', 'decide')
      ? [{ key: 'team', label: t('tasks.desk.teamTab'), count: undefined, urgent: false, open: () => void navigate(paths.teamQueue()) }]
      : []),
  ];
  const showsQueue = !phone || (open === undefined && !shownComplaint);
  const recorded = (
    <Suspense>
      <Recorded last={last} listed={showsQueue} onTaken={() => setLast(undefined)} />
    </Suspense>
  );
  return (
    <section className="day" aria-label={t('tasks.title')}>
      {showsQueue && (
        <>
          <header className="ui-page-head">
            <div>
              <h1>{t('tasks.title')}</h1>
              <p className="ui-quiet">
                {counts.data ? t('tasks.desk.progress', { done: counts.data.doneToday, left: counts.data.today }) : t('tasks.hint')}
              </p>
            </div>
            {recorded}
            <div className="ui-page-actions">
              <Suspense fallback={<Skeleton.Input active className="day-kind" />}>
                <KindSelect value={kind} onChange={(chosen) => go({ tab: search.tab, kind: chosen })} />
              </Suspense>
              <Refresh busy={list.isFetching} onRefresh={() => void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter())} />
            </div>
          </header>
          <div className="ui-scopes" role="group" aria-label={t('tasks.desk.queue')}>
            {tabs.map(({ key, label, count, urgent, open: openTab }) => (
              <button key={key} type="button" aria-pressed={key === tab} onClick={openTab}>
                {label}
                {count !== undefined && <CountMark count={count} urgent={urgent} />}
              </button>
            ))}
          </div>
        </>
      )}
      <div className={rows?.length === 0 && complaints.length === 0 && !open ? undefined : 'day-columns'}>
        {showsQueue && (
          <Queue
            rows={rows}
            complaints={complaints}
            openComplaint={shownComplaint?.id}
            onOpenComplaint={(complaint) => go({ ...search, task: undefined, complaint }, !phone)}
            error={list.data ? null : list.error}
            open={open}
            doneToday={counts.data?.doneToday ?? 0}
            more={moreOf(list)}
            onRetry={() => void list.refetch()}
            onOpen={(task) => go({ ...search, task }, !phone)}
            onMove={move}
          />
        )}
        {((!phone && (rows?.length !== 0 || complaints.length > 0)) || open || shownComplaint) && (
          <div className="day-panel" ref={panel} tabIndex={-1}>
            {!showsQueue && recorded}
            {shownComplaint ? (
              <Suspense fallback={<LoadingState rows={10} />}>
                <DayComplaintPanel
                  key={shownComplaint.id}
                  complaint={shownComplaint}
                  onSettled={settled}
                  onBack={phone ? () => go({ ...search, complaint: undefined }) : undefined}
                />
              </Suspense>
            ) : open ? (
              <>
                <Suspense fallback={<LoadingState rows={10} />}>
                  {phone && rows && at >= 0 && (
                    <PhoneWalk
                      at={at}
                      count={kind ? rows.length : Math.max(rows.length, counts.data?.[tab] ?? 0)}
                      loaded={rows.length}
                      onMove={move}
                      onBack={() => go({ ...search, task: undefined })}
                    />
                  )}
                  <TaskPanel
                    taskId={open}
                    row={rows?.[at]}
                    onBack={phone && at === -1 ? () => go({ ...search, task: undefined }) : undefined}
                    onSettled={settled}
                  />
                </Suspense>
              </>
            ) : (
              rows && (
                <div className="ui-panel">
                  <EmptyState title={t('tasks.desk.pick')} hint={t('tasks.desk.pickHint')} />
                </div>
              )
            )}
          </div>
        )}
      </div>
    </section>
  );
}

const NO_COMPLAINTS: readonly DayComplaint[] = [];

function Refresh({ busy, onRefresh }: { readonly busy: boolean; readonly onRefresh: () => void }) {
  const { words } = useUi();
  return <Button icon={<ReloadOutlined spin={busy} />} aria-label={words('refresh')} title={words('refresh')} onClick={onRefresh} />;
}

type QueueProps = {
  readonly rows: readonly TaskRow[] | undefined;
  readonly complaints: readonly DayComplaint[];
  readonly openComplaint: ComplaintId | undefined;
  readonly onOpenComplaint: (complaint: ComplaintId) => void;
  readonly error: unknown;
  readonly open: TaskId | undefined;
  readonly doneToday: number;
  readonly more: More | undefined;
  readonly onRetry: () => void;
  readonly onOpen: (task: TaskId) => void;
  readonly onMove: (step: 1 | -1) => void;
};

function Queue({ rows, complaints, openComplaint, onOpenComplaint, error, open, doneToday, more, onRetry, onOpen, onMove }: QueueProps) {
  const { t } = useTranslation();
  const me = useMe();
  const frame = useRef<HTMLElement>(null);
  // Whoever walks by keyboard sees where he is.
  useEffect(() => {
    frame.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [open, openComplaint, rows]);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    onMove(event.key === 'ArrowDown' ? 1 : -1);
  };
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!rows) return <LoadingState rows={10} />;
  if (rows.length === 0 && complaints.length === 0)
    return (
      <div className="ui-panel day-queue">
        <EmptyState
          title={t(doneToday > 0 ? 'tasks.desk.allDone' : 'tasks.emptyTitle')}
          hint={t(doneToday > 0 ? 'tasks.desk.allDoneHint' : 'tasks.emptyHint')}
          action={me.can('tasks', 'decide') && <LinkButton {...paths.teamQueue()}>{t('tasks.desk.toTeam')}</LinkButton>}
        />
      </div>
    );
  return (
    <nav className="ui-panel day-queue" aria-label={t('tasks.desk.queue')} ref={frame} onKeyDown={keys}>
      <DayComplaints complaints={complaints} open={openComplaint} onOpen={onOpenComplaint} />
      <ul>
        {rows.map((row, index) => (
          <Fragment key={row.task.id}>
            {row.group !== rows[index - 1]?.group && (
              <li className="day-group">
                <h2>{groupText(t, row.group)}</h2>
              </li>
            )}
            <li>
              <QueueLine row={row} current={row.task.id === open} onOpen={() => onOpen(row.task.id)} />
            </li>
          </Fragment>
        ))}
      </ul>
      <MoreButton more={more} />
    </nav>
  );
}

function QueueLine({ row, current, onOpen }: { readonly row: TaskRow; readonly current: boolean; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const { task, customer, vehicle } = row;
  return (
    <button type="button" className="day-line" aria-current={current} onClick={onOpen}>
      <span className="day-line-head">
        <CustomerName customer={customer} />
        <DueMark task={task} />
      </span>
      <span className="day-line-why">
        <strong>{titleOf(t, row)}</strong> {reasonText(t, task.reason)}
      </span>
      <span className="ui-quiet day-line-foot">
        {[vehicle?.plate, vehicle?.model, t(`care.channels.${task.channel}`)].filter(Boolean).join(' · ')}
        <span>
          <AgainMark task={task} /> {task.attempts > 0 && t('tasks.attempts', { count: task.attempts })}
        </span>
      </span>
    </button>
  );
}

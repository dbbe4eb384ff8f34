import { ExclamationCircleFilled } from '@ant-design/icons';
import { ROLES, type Role } from '@baoke/core/access';
import type { StaffId, TaskId } from '@baoke/core/kernel';
import { TASK_KINDS } from '@baoke/core/tasks';
import type { TaskRow, teamLoad } from '@baoke/core/tasks/wire';
import { DatedText, DateRange, ListPage, NoValue, StatusTag, moreOf, usePhone, type ListColumn, type QueryField } from '@baoke/ui';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText } from '../../shell/care-words.ts';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { CustomerName } from './CustomerName.tsx';
import { AgainMark, DueMark } from './DueMark.tsx';
import { teamInputOf, teamOptions } from './queries.ts';
import { ReassignDialog, type ReassignWhat } from './ReassignDialog.tsx';
import { readTeamSearch, TABS, type TeamFilter, type TeamSearch } from './search.ts';
import './tasks.css';
import './team.css';
import { titleOf } from './words.ts';

/** The team's queue: who has how much, who is overdue, and what goes to whom instead. */
export function TeamPage() {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/team' });
  const { tab = 'today', ...filter } = search;
  const list = useInfiniteQuery(teamOptions(api, search));
  // Whoever the filter stands on has a line: his tasks may just have gone to somebody else.
  const asked = search.assigneeId === undefined ? undefined : { assigneeId: search.assigneeId };
  const load = useQuery(api.trpc.tasks.load.queryOptions(asked, { placeholderData: keepPreviousData }));
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [moving, setMoving] = useState<ReassignWhat>();
  const go = (next: TeamSearch) => {
    setSelected([]);
    void navigate({ ...paths.teamQueue(), search: readTeamSearch(next) });
  };
  const views = useViews('team', search, go);
  const { layout, onLayout } = useListLayout('team');
  const people = load.data?.people ?? [];
  /** The role whose tasks of nobody are shown. */
  const pile = tab === 'unassigned' && search.assigneeId === undefined ? search.role : undefined;
  const phone = usePhone();
  const within = search.assigneeId ? people.filter(({ assignee }) => assignee?.id === search.assigneeId) : people;
  const sum = (count: (person: Load) => number) => (load.data ? within.reduce((total, person) => total + count(person), 0) : undefined);
  const totals = {
    today: sum((person) => person.today),
    overdue: sum((person) => person.overdue),
    upcoming: sum((person) => person.upcoming),
    unassigned: sum((person) => (person.assignee ? 0 : person.today)),
  };
  const rows = list.data?.pages.flatMap((page) => page.items);
  const rolesOf = (taskIds: readonly string[]) => (rows ?? []).flatMap(({ task }) => (taskIds.includes(task.id) ? [task.role] : []));
  const mayDecide = me.can('tasks', 'decide');
  // The totals know the person alone; other conditions may leave out what a tab holds.
  const narrowed = Object.keys(filter).some((condition) => condition !== 'assigneeId');
  const strip = (
    <People
      people={people}
      active={search.assigneeId ?? pile}
      // A pile is a person's place in the list: its conditions go with it.
      onPick={(assigneeId) => go({ ...search, assigneeId, ...(pile && { role: undefined, tab: undefined }) })}
      onPickPile={(role) => go({ ...search, assigneeId: undefined, role, tab: 'unassigned' })}
      onMoveAll={mayDecide ? setMoving : undefined}
    />
  );
  return (
    <>
      <div className="team">
        {!phone && strip}
        <ListPage<TaskRow, TeamFilter>
          title={t('tasks.desk.teamTitle')}
          hint={t('tasks.desk.teamHint')}
          lead={phone && strip}
          actions={
            me.can('tasks', 'export') && (
              <ExportButton take={(as) => api.client.tasks.exportTeam.mutate({ ...teamInputOf(search), ...as })} />
            )
          }
          scopes={{
            active: tab,
            onChange: (key) => go({ ...search, tab: TABS.find((known) => known === key) }),
            list: TABS.map((key) => ({ key, label: t(`tasks.tabs.${key}`), count: totals[key], urgent: key === 'overdue' })),
          }}
          fields={useFields(people)}
          filter={filter}
          onFilter={(conditions) => go({ ...conditions, tab: search.tab })}
          columns={useColumns()}
          rowKey={(row) => row.task.id}
          rows={rows}
          error={list.data ? null : list.error}
          refreshing={list.isFetching}
          onRefresh={() => void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter())}
          more={moreOf(list)}
          card={(row) => <TeamCard row={row} />}
          rowClass={({ group }) => (group === 'overdue' || group === 'sla' ? 'ui-row-urgent' : '')}
          layout={layout}
          onLayout={onLayout}
          views={views}
          selection={
            mayDecide
              ? {
                  keys: selected,
                  onChange: setSelected,
                  allResults: false,
                  onAllResults: () => undefined,
                  actions: (
                    <Button
                      type="primary"
                      size="small"
                      onClick={() => setMoving({ taskIds: selected as readonly TaskId[], roles: rolesOf(selected) })}
                    >
                      {t('tasks.desk.reassignSelected', { count: selected.length })}
                    </Button>
                  ),
                }
              : undefined
          }
          empty={{
            title: narrowed ? t('tasks.desk.emptyTeam') : t(`tasks.desk.emptyTeamTabs.${tab}`),
            ...(narrowed ? { hint: t('tasks.desk.emptyTeamFiltered') } : {}),
            // An empty tab is no empty team: what the next one holds is one tap away.
            ...(tab !== 'upcoming' && totals.upcoming
              ? {
                  action: (
                    <Button type="link" onClick={() => go({ ...search, tab: 'upcoming' })}>
                      {t('tasks.desk.emptyTeamUpcoming', { count: totals.upcoming })}
                    </Button>
                  ),
                }
              : {}),
          }}
        />
      </div>
      {moving && <ReassignDialog what={moving} onClose={() => setMoving(undefined)} onMoved={() => setSelected([])} />}
    </>
  );
}

type Load = ReturnType<(typeof teamLoad)['parse']>['people'][number];
type PeopleProps = {
  readonly people: readonly Load[];
  readonly active: StaffId | Role | undefined;
  readonly onPick: (id: StaffId | undefined) => void;
  readonly onPickPile: (role: Role) => void;
  readonly onMoveAll: ((what: ReassignWhat) => void) | undefined;
};

/** Everybody with work or who has done some today, the most overdue first, and what nobody has yet by the role it is for; a tap shows the queue. */
function People({ people, active, onPick, onPickPile, onMoveAll }: PeopleProps) {
  const { t } = useTranslation();
  return (
    <nav className="ui-panel team-people" aria-label={t('tasks.desk.loadTitle')}>
      <h2>{t('tasks.desk.loadTitle')}</h2>
      <ul>
        <li>
          <button type="button" className="team-person" aria-current={active === undefined} onClick={() => onPick(undefined)}>
            {t('tasks.desk.everyone')}
          </button>
        </li>
        {people.map((person) => {
          const { assignee, role, today, upcoming } = person;
          const name = assignee?.name ?? t('tasks.desk.nobody', { role: role ? t(`roles.${role}`) : '' });
          const facts = (
            <>
              <span className="team-person-name">
                {name}
                {assignee && !person.active && <StatusTag tone="warn">{t('tasks.desk.gone')}</StatusTag>}
                {assignee && person.active && !person.hasAccount && <StatusTag tone="warn">{t('tasks.desk.noAccount')}</StatusTag>}
              </span>
              <PersonFigures person={person} />
            </>
          );
          return (
            <li key={assignee?.id ?? role}>
              <button
                type="button"
                className="team-person"
                aria-current={active !== undefined && active === (assignee?.id ?? role)}
                onClick={() => (assignee ? onPick(assignee.id) : role && onPickPile(role))}
              >
                {facts}
              </button>
              {assignee && active === assignee.id && today + upcoming > 0 && onMoveAll && (
                <Button
                  size="small"
                  block
                  onClick={() =>
                    onMoveAll({ fromId: assignee.id, name: assignee.name, count: today + upcoming, roles: role ? [role] : [] })
                  }
                >
                  {t('tasks.desk.reassignOne')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function PersonFigures({ person: { overdue, today, upcoming, doneToday } }: { readonly person: Load }) {
  const { t } = useTranslation();
  return (
    <span className="team-person-figures ui-figures">
      {overdue > 0 && (
        <span className="ui-countdown ui-countdown-late">
          <ExclamationCircleFilled aria-hidden="true" />
          {t('tasks.desk.loadOverdue', { count: overdue })}
        </span>
      )}
      <span>{t('tasks.desk.loadOpen', { count: today + upcoming })}</span>
      {doneToday > 0 && <span className="ui-quiet">{t('tasks.desk.loadDone', { count: doneToday })}</span>}
    </span>
  );
}

function useFields(people: readonly Load[]): readonly QueryField<TeamFilter>[] {
  const { t } = useTranslation();
  const choice = { allowClear: true, showSearch: { optionFilterProp: 'label' }, placeholder: t('common.all') } as const;
  return [
    {
      name: 'assigneeId',
      label: t('tasks.fields.assignee'),
      control: (
        <Select {...choice} options={people.flatMap(({ assignee }) => (assignee ? [{ value: assignee.id, label: assignee.name }] : []))} />
      ),
    },
    {
      name: 'kind',
      label: t('tasks.fields.kind'),
      control: <Select {...choice} options={TASK_KINDS.map((value) => ({ value, label: t(`tasks.kinds.${value}`) }))} />,
    },
    { names: ['from', 'to'], label: t('tasks.desk.duePeriod'), control: <DateRange /> },
    {
      name: 'role',
      label: t('tasks.fields.role'),
      control: <Select {...choice} options={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))} />,
    },
  ];
}

function useColumns(): readonly ListColumn<TaskRow>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'due',
      title: t('tasks.fields.dueAt'),
      fixed: 'left',
      width: 158,
      render: ({ task }) => (
        <span className="team-due">
          <DueMark task={task} />
          <span className="ui-quiet">
            <AgainMark task={task} />
          </span>
        </span>
      ),
    },
    {
      key: 'customer',
      title: t('tasks.fields.customer'),
      width: 110,
      render: ({ task, customer }) => (
        <Link {...paths.myDay(task.id)}>
          <CustomerName customer={customer} />
        </Link>
      ),
    },
    { key: 'title', title: t('tasks.one'), width: 124, render: (row) => titleOf(t, row) },
    {
      key: 'reason',
      title: t('tasks.fields.reason'),
      width: 150,
      render: ({ task }) => (
        <span className="team-reason">
          <DatedText>{reasonText(t, task.reason)}</DatedText>
        </span>
      ),
    },
    {
      key: 'assignee',
      title: t('tasks.fields.assignee'),
      width: 120,
      render: ({ assignee, task }) =>
        assignee?.name ?? (
          <span className="team-nobody">
            <StatusTag tone="warn">{t('tasks.unassigned')}</StatusTag>
            <span className="ui-quiet">{t(`roles.${task.role}`)}</span>
          </span>
        ),
    },
    {
      key: 'vehicle',
      title: t('tasks.fields.vehicle'),
      hidden: true,
      render: ({ vehicle }) => (vehicle ? [vehicle.plate, vehicle.model].filter(Boolean).join(' · ') : <NoValue />),
    },
    { key: 'channel', title: t('tasks.fields.channel'), hidden: true, render: ({ task }) => t(`care.channels.${task.channel}`) },
    { key: 'attempts', title: t('tasks.desk.tries'), numeric: true, width: 76, render: ({ task }) => task.attempts || <NoValue /> },
    { key: 'priority', title: t('tasks.fields.priority'), numeric: true, hidden: true, render: ({ task }) => task.priority },
  ];
}

function TeamCard({ row }: { readonly row: TaskRow }) {
  const { t } = useTranslation();
  return (
    <Link {...paths.myDay(row.task.id)} className="day-line">
      <span className="day-line-head">
        <CustomerName customer={row.customer} />
        <DueMark task={row.task} />
      </span>
      <span className="day-line-why">
        <strong>{titleOf(t, row)}</strong> <DatedText>{reasonText(t, row.task.reason)}</DatedText>
      </span>
      <span className="ui-quiet day-line-foot">
        {row.assignee?.name ?? t('tasks.desk.nobody', { role: t(`roles.${row.task.role}`) })}
        <AgainMark task={row.task} />
      </span>
    </Link>
  );
}

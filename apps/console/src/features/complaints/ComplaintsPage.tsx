import { PlusOutlined } from '@ant-design/icons';
import { COMPLAINT_KINDS, COMPLAINT_SOURCES, COMPLAINT_STATUSES, pressing, SEVERITIES } from '@baoke/core/complaints';
import type { ComplaintRow } from '@baoke/core/complaints/wire';
import { DateRange, DateText, ListPage, NoValue, moreOf, type ListColumn, type QueryField, useShortcut } from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Select, type SelectProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './complaints.css';
import { PromiseClock } from './PromiseClock.tsx';
import { complaintListOptions } from './queries.ts';
import {
  isOfOpen,
  listInputOf,
  orderIn,
  orderOf,
  readComplaintSearch,
  TABS,
  type ComplaintFilter,
  type ComplaintSearch,
  type ComplaintTab,
} from './search.ts';
import { ComplaintStatusTag, CustomerName, SeverityTag } from './tags.tsx';
import { complaintKindText } from '@baoke/i18n/lazy';
import type { ComplaintField } from './words.ts';

/** Complaints of the store: what presses first is a tab away, every condition stands in the address. */
export function ComplaintsPage() {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/complaints' });
  const { tab, sort, ascending, ...filter } = search;
  const list = useInfiniteQuery(complaintListOptions(api, listInputOf(search)));
  const counts = useQuery(api.trpc.complaints.counts.queryOptions());
  const go = (next: ComplaintSearch) => void navigate({ ...paths.complaints(), search: readComplaintSearch(next) });
  const views = useViews('complaints', search, go);
  const { layout, onLayout } = useListLayout('complaints');
  const mayRegister = me.can('complaints', 'edit');
  const register = () => void navigate(paths.registerComplaint());
  useShortcut('c', t('complaints.register'), register, { enabled: mayRegister });
  const fields = useFilterFields();
  const byUrgency = isOfOpen(tab);
  const order = orderOf(search);
  const columns = useColumns(byUrgency);
  return (
    <ListPage<ComplaintRow, ComplaintFilter>
      title={t('complaints.title')}
      hint={t('complaints.hint')}
      actions={
        <>
          {me.can('complaints', 'export') && (
            <ExportButton
              take={(as) => {
                const { limit: _, ...filtered } = listInputOf(search);
                return api.client.complaints.export.mutate({ ...filtered, ...as });
              }}
            />
          )}
          {mayRegister && (
            <Button type="primary" icon={<PlusOutlined />} onClick={register}>
              {t('complaints.register')}
            </Button>
          )}
        </>
      }
      scopes={{
        active: tab ?? 'all',
        onChange: (key) => go({ ...search, tab: key === 'all' ? undefined : (key as ComplaintTab) }), // the keys are our own tabs
        list: TABS.map((key) => ({ key, label: t(`complaints.tabs.${key}`), count: counts.data?.[key], urgent: key === 'overdue' })),
      }}
      fields={fields}
      filter={filter}
      onFilter={(conditions) => go({ ...conditions, tab, sort, ascending })}
      columns={columns}
      rowKey={(row) => row.complaint.id}
      rows={list.data?.pages.flatMap((page) => page.items)}
      error={list.data ? null : list.error}
      refreshing={list.isFetching}
      onRefresh={() => void api.queryClient.invalidateQueries(api.trpc.complaints.pathFilter())}
      more={moreOf(list)}
      sort={{ key: order.sort === 'registeredAt' ? 'registeredAt' : CLOCK, descending: order.descending }}
      onSort={({ key, descending }) => {
        const by = key !== CLOCK ? 'registeredAt' : byUrgency ? 'pressesAt' : 'closeDueAt';
        go({ ...search, ...orderIn(tab, by, descending) });
      }}
      card={(row) => <ComplaintCard row={row} />}
      rowClass={({ complaint, breaches }) => (complaint.status !== 'closed' && breaches.length > 0 ? 'ui-row-urgent' : '')}
      layout={layout}
      onLayout={onLayout}
      views={views}
      empty={{
        title: t('complaints.emptyTitle'),
        hint: t('complaints.emptyHint'),
        action: mayRegister && <Button onClick={register}>{t('complaints.register')}</Button>,
      }}
    />
  );
}

function useFilterFields(): readonly QueryField<ComplaintFilter>[] {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data: options } = useQuery(trpc.complaints.options.queryOptions());
  const staff = options?.staff.map(({ id, name }) => ({ value: id, label: name }));
  const kinds = (['sales', 'service'] as const).flatMap((branch) => [
    { value: branch, label: complaintKindText(t, branch) },
    ...COMPLAINT_KINDS.filter((kind) => kind.startsWith(branch)).map((kind) => ({ value: kind, label: complaintKindText(t, kind) })),
  ]);
  return [
    { name: 'kind', label: t('complaints.fields.kind'), control: <Choice options={kinds} /> },
    { names: ['from', 'to'], label: t('complaints.fields.registeredPeriod'), control: <DateRange /> },
    { name: 'handlerId', label: t('complaints.fields.handler'), control: <Choice options={staff} /> },
    { name: 'number', label: t('complaints.fields.number'), control: <Input allowClear maxLength={20} inputMode="numeric" /> },
    {
      name: 'departmentId',
      label: t('complaints.fields.department'),
      control: <Choice options={options?.departments.map(({ id, name }) => ({ value: id, label: name }))} />,
    },
    {
      name: 'source',
      label: t('complaints.fields.source'),
      control: <Choice options={COMPLAINT_SOURCES.map((value) => ({ value, label: t(`complaints.sources.${value}`) }))} />,
    },
    {
      name: 'status',
      label: t('complaints.fields.status'),
      control: <Choice options={COMPLAINT_STATUSES.map((value) => ({ value, label: t(`complaints.statuses.${value}`) }))} />,
    },
    {
      name: 'severity',
      label: t('complaints.fields.severity'),
      control: <Choice options={SEVERITIES.map((value) => ({ value, label: t(`complaints.severities.${value}`) }))} />,
    },
    { name: 'accusedId', label: t('complaints.fields.accused'), control: <Choice options={staff} /> },
    {
      name: 'breached',
      label: t('complaints.fields.breach'),
      control: <Choice options={(['response', 'close'] as const).map((value) => ({ value, label: t(`complaints.breached.${value}`) }))} />,
    },
  ];
}

/** One value out of a list, found by typing part of its name. */
function Choice(props: SelectProps) {
  const { t } = useTranslation();
  return <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('common.all')} {...props} />;
}

/** The column of the clock; it orders open complaints by urgency, all of them by when they are to be closed. */
const CLOCK = 'closeDueAt';

function useColumns(byUrgency: boolean): readonly ListColumn<ComplaintRow>[] {
  const { t } = useTranslation();
  const name = (field: ComplaintField) => t(`complaints.fields.${field}`);
  return [
    {
      key: 'number',
      title: name('number'),
      fixed: 'left',
      width: 120,
      render: ({ complaint }) => <Link {...paths.complaint(complaint.id)}>{complaint.number}</Link>,
    },
    { key: 'status', title: name('status'), width: 92, render: ({ complaint }) => <ComplaintStatusTag status={complaint.status} /> },
    {
      key: CLOCK,
      title: name(byUrgency ? 'urgency' : 'clock'),
      width: 210,
      sortable: true,
      ascendsFirst: byUrgency,
      render: (row) => <Clock row={row} />,
    },
    { key: 'customer', title: name('customer'), width: 110, render: ({ customer }) => <CustomerName customer={customer} /> },
    {
      key: 'plate',
      title: t('common.plate'),
      width: 96,
      render: ({ plate }) => (plate ? <span className="ui-figures">{plate}</span> : <NoValue />),
    },
    { key: 'kind', title: name('kind'), width: 142, render: ({ complaint }) => <Kind complaint={complaint} /> },
    {
      key: 'severity',
      title: name('severity'),
      width: 92,
      hidden: true,
      render: ({ complaint }) => <SeverityTag severity={complaint.severity} />,
    },
    {
      key: 'content',
      title: name('content'),
      width: 130,
      grows: true,
      render: ({ complaint }) => (
        <span className="complaint-content" title={complaint.content}>
          {complaint.content}
        </span>
      ),
    },
    { key: 'department', title: name('department'), hidden: true, render: ({ department }) => department },
    { key: 'handler', title: name('handler'), width: 84, render: ({ handler }) => handler.name },
    { key: 'accused', title: name('accused'), hidden: true, render: ({ accused }) => accused?.name ?? <NoValue /> },
    { key: 'source', title: name('source'), hidden: true, render: ({ complaint }) => t(`complaints.sources.${complaint.source}`) },
    {
      key: 'registeredAt',
      title: name('registeredAt'),
      width: 142,
      sortable: true,
      hidden: true,
      render: ({ complaint }) => <DateText at={complaint.registeredAt} />,
    },
    { key: 'reopenedCount', title: name('reopenedCount'), hidden: true, numeric: true, render: ({ complaint }) => complaint.reopenedCount },
  ];
}

/** What it is about; that it is grave is said beside it, the usual is not. */
function Kind({ complaint: { kind, severity } }: Pick<ComplaintRow, 'complaint'>) {
  const { t } = useTranslation();
  return (
    <span className="complaint-kind">
      {complaintKindText(t, kind)}
      {severity === 'high' && <SeverityTag severity={severity} />}
    </span>
  );
}

function Clock({ row: { complaint } }: { readonly row: ComplaintRow }) {
  const { t } = useTranslation();
  const promise = pressing(complaint);
  return <PromiseClock complaint={complaint} promise={promise} label={t(`complaints.promisesShort.${promise}`)} />;
}

/** A complaint on a phone: the whole card opens it. */
function ComplaintCard({ row }: { readonly row: ComplaintRow }) {
  const { t } = useTranslation();
  const { complaint, customer, plate, handler } = row;
  return (
    <Link {...paths.complaint(complaint.id)} className="complaint-card">
      <span className="complaint-card-head">
        <CustomerName customer={customer} />
        <ComplaintStatusTag status={complaint.status} />
      </span>
      <span className="complaint-content">{complaint.content}</span>
      <span className="complaint-card-foot">
        <Clock row={row} />
        <span className="ui-quiet">
          {complaintKindText(t, complaint.kind)} · {handler.name}
          {plate && ` · ${plate}`}
        </span>
      </span>
    </Link>
  );
}

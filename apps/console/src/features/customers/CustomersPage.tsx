import { PlusOutlined } from '@ant-design/icons';
import { CUSTOMER_FLAGS, CUSTOMER_KINDS, CUSTOMER_TABS, RELATIONSHIPS } from '@baoke/core/customers';
import type { CustomerRow } from '@baoke/core/customers/wire';
import {
  DateRange,
  DateText,
  ListPage,
  NoValue,
  StatusTag,
  moreOf,
  type ListColumn,
  type QueryField,
  useShortcut,
  useToast,
} from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Select, type SelectProps } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerFlags, CustomerLink } from '../../shell/CustomerName.tsx';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { BulkDialog, type BulkAct } from './BulkDialog.tsx';
import './customers.css';
import { SelectionActions } from './SelectionActions.tsx';
import { UndoBulkButton } from './UndoBulkButton.tsx';
import { useSelection } from './use-selection.ts';
import { customerListOptions, refreshCustomers } from './queries.ts';
import { RecordContactDialog } from '../../shell/RecordContactDialog.tsx';
import { hasUnknownSort, listInputOf, readCustomerSearch, type CustomerFilter, type CustomerSearch } from './search.ts';
import { RELATIONSHIP_TONES } from './words.ts';

/** Customers on file; every condition stands in the address. */
export function CustomersPage() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const me = useMe();
  const navigate = useNavigate();
  const asked = useSearch({ from: '/signed-in/customers' });
  const search = readCustomerSearch(asked);
  const { tab, sort, descending, ...filter } = search;
  const [calling, setCalling] = useState<CustomerRow>();
  const list = useInfiniteQuery(customerListOptions(api, listInputOf(search)));
  const counts = useQuery(api.trpc.customers.counts.queryOptions(undefined, { staleTime: 60_000 }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const { selection, which, chosen, clear } = useSelection(search, rows, list.hasNextPage);
  const [acting, setActing] = useState<BulkAct>();
  const go = (next: CustomerSearch) => {
    clear();
    void navigate({ ...paths.customers(), search: readCustomerSearch(next) });
  };
  const views = useViews('customers', search, (saved) => {
    clear();
    void navigate({ ...paths.customers(), search: saved });
  });
  const told = useEffectEvent(() => {
    toast.warning(t('customers.sortGone'), 8);
    void navigate({ ...paths.customers(), search, replace: true });
  });
  // A view or a link may be of another time: what it asked for is told, not passed over.
  const sortGone = hasUnknownSort(asked);
  useEffect(() => {
    if (sortGone) told();
  }, [sortGone]);
  const { layout, onLayout } = useListLayout('customers');
  const mayEdit = me.can('customers', 'edit');
  const mayExport = me.can('customers', 'export');
  const create = () => void navigate(paths.newCustomer());
  useShortcut('c', t('customers.create'), create, { enabled: mayEdit });
  const { limit: _, ...filtered } = listInputOf(search);
  const fields = useFilterFields();
  const columns = useColumns(tab);
  return (
    <>
      <ListPage<CustomerRow, CustomerFilter>
        title={t('customers.title')}
        hint={t('customers.hint')}
        actions={
          <>
            {mayExport && <ExportButton take={(as) => api.client.customers.export.mutate({ ...filtered, ...as })} />}
            {mayEdit && (
              <Button type="primary" icon={<PlusOutlined />} onClick={create}>
                {t('customers.create')}
              </Button>
            )}
          </>
        }
        scopes={{
          active: tab ?? 'all',
          onChange: (key) => go({ ...search, tab: CUSTOMER_TABS.find((known) => known === key) }),
          list: CUSTOMER_TABS.map((key) => ({ key, label: t(`customers.tabs.${key}`), count: counts.data?.[key] })),
        }}
        fields={fields}
        filter={filter}
        onFilter={(conditions) => go({ ...conditions, tab, sort, descending })}
        columns={columns}
        rowKey={(row) => row.id}
        rows={rows}
        error={list.data ? null : list.error}
        refreshing={list.isFetching}
        onRefresh={() => void refreshCustomers(api)}
        more={moreOf(list)}
        sort={{ key: sort ?? 'name', descending: descending === true }}
        onSort={({ key, descending: down }) => go({ ...search, sort: key as CustomerSearch['sort'], descending: down })} // sortable columns carry our own keys
        card={(row) => <Card row={row} />}
        rowActions={
          me.can('contacts', 'edit')
            ? (row) => (row.standing === 'deceased' ? [] : [{ key: 'contact', label: t('contacts.record'), run: () => setCalling(row) }])
            : undefined
        }
        actionsTitle={t('common.actions')}
        layout={layout}
        onLayout={onLayout}
        views={views}
        toolbar={mayEdit && <UndoBulkButton />}
        selection={
          mayEdit || mayExport
            ? {
                ...selection,
                actions: (
                  <SelectionActions
                    which={which}
                    chosen={chosen}
                    order={{ sort: sort ?? 'name', descending: descending === true }}
                    onAct={setActing}
                  />
                ),
              }
            : undefined
        }
        empty={{
          title: t('customers.emptyTitle'),
          hint: t('customers.emptyHint'),
          action: mayEdit && <Button onClick={create}>{t('customers.create')}</Button>,
        }}
      />
      {acting && <BulkDialog act={acting} which={which} onClose={() => setActing(undefined)} onChanged={clear} />}
      {calling && <RecordContactDialog customer={calling} onClose={() => setCalling(undefined)} />}
    </>
  );
}

function Choice(props: SelectProps) {
  const { t } = useTranslation();
  return <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('common.all')} {...props} />;
}

function useFilterFields(): readonly QueryField<CustomerFilter>[] {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.customers.options.queryOptions());
  const staff = data?.staff.map(({ id, name }) => ({ value: id, label: name }));
  return [
    { name: 'term', label: t('customers.fields.term'), control: <Input allowClear maxLength={40} placeholder={t('customers.termHint')} /> },
    { name: 'consultantId', label: t('customers.fields.consultant'), control: <Choice options={staff} /> },
    { names: ['visitedFrom', 'visitedTo'], label: t('customers.fields.visited'), control: <DateRange /> },
    {
      name: 'relationship',
      label: t('customers.fields.relationship'),
      control: <Choice options={RELATIONSHIPS.map((value) => ({ value, label: t(`customers.relationships.${value}`) }))} />,
    },
    {
      name: 'flag',
      label: t('customers.fields.flags'),
      control: <Choice options={CUSTOMER_FLAGS.map((value) => ({ value, label: t(`customers.flags.${value}`) }))} />,
    },
    { name: 'advisorId', label: t('customers.fields.advisor'), control: <Choice options={staff} /> },
    {
      name: 'kind',
      label: t('customers.fields.kind'),
      control: <Choice options={CUSTOMER_KINDS.map((value) => ({ value, label: t(`customers.kinds.${value}`) }))} />,
    },
    { name: 'city', label: t('customers.fields.city'), control: <Input allowClear maxLength={40} /> },
    { name: 'source', label: t('customers.fields.source'), control: <Input allowClear maxLength={60} /> },
    { names: ['createdFrom', 'createdTo'], label: t('customers.fields.created'), control: <DateRange /> },
  ];
}

function useColumns(tab: CustomerSearch['tab']): readonly ListColumn<CustomerRow>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      title: t('customers.fields.name'),
      fixed: 'left',
      width: 108,
      sortable: true,
      ascendsFirst: true,
      render: (row) => <CustomerLink customer={row} />,
    },
    {
      key: 'relationship',
      title: t('customers.fields.relationship'),
      width: 98,
      sortable: true,
      // Where he stood with us is told of nobody who has died.
      render: ({ relationship, standing }) => (standing === 'deceased' ? <NoValue /> : <RelationshipTag relationship={relationship} />),
    },
    {
      key: 'phone',
      title: t('customers.fields.phone'),
      width: 114,
      render: ({ phoneMasked }) => <span className="ui-figures">{phoneMasked ?? <NoValue />}</span>,
    },
    ...(tab === 'few_contacts'
      ? [
          {
            key: 'fewContacts',
            title: t('customers.fields.fewContacts'),
            width: 160,
            render: (row: CustomerRow) => <FewContacts row={row} />,
          },
        ]
      : []),
    { key: 'vehicle', title: t('customers.fields.vehicle'), width: 150, render: (row) => <Cars row={row} /> },
    {
      key: 'consultant',
      title: t('customers.fields.consultant'),
      width: 94,
      sortable: true,
      ascendsFirst: true,
      render: ({ consultant }) => consultant?.name ?? <NoValue />,
    },
    {
      key: 'advisor',
      title: t('customers.fields.advisor'),
      width: 94,
      sortable: true,
      ascendsFirst: true,
      render: ({ advisor }) => advisor?.name ?? <NoValue />,
    },
    {
      key: 'lastVisitOn',
      title: t('customers.fields.lastVisitOn'),
      width: 98,
      sortable: true,
      render: ({ lastVisitOn }) => <span className="ui-figures">{lastVisitOn ?? <NoValue />}</span>,
    },
    {
      key: 'lastContactAt',
      title: t('customers.fields.lastContactAt'),
      width: 134,
      render: ({ lastContactAt }) => <DateText at={lastContactAt} />,
    },
    {
      key: 'toVerify',
      title: t('customers.fields.toVerify'),
      width: 90,
      hidden: true,
      render: ({ toVerify }) => (toVerify ? <StatusTag tone="warn">{t('customers.toVerify')}</StatusTag> : <NoValue />),
    },
    {
      key: 'verifiedOn',
      title: t('customers.fields.verifiedOn'),
      width: 104,
      sortable: true,
      hidden: true,
      render: ({ verifiedOn }) => <span className="ui-figures">{verifiedOn ?? <NoValue />}</span>,
    },
    {
      key: 'createdAt',
      title: t('customers.fields.createdAt'),
      width: 142,
      sortable: true,
      hidden: true,
      render: ({ createdAt }) => <DateText at={createdAt} />,
    },
    {
      key: 'firstDeliveredOn',
      title: t('customers.fields.firstDeliveredOn'),
      width: 104,
      sortable: true,
      hidden: true,
      render: ({ firstDeliveredOn }) => <span className="ui-figures">{firstDeliveredOn ?? <NoValue />}</span>,
    },
    { key: 'city', title: t('customers.fields.city'), hidden: true, render: ({ city }) => city ?? <NoValue /> },
    { key: 'source', title: t('customers.fields.source'), hidden: true, render: ({ source }) => source ?? <NoValue /> },
    { key: 'kind', title: t('customers.fields.kind'), hidden: true, render: ({ kind }) => t(`customers.kinds.${kind}`) },
  ];
}

/** How many contacts of how many his year has, and when it ends. */
function FewContacts({ row: { fewContacts } }: { readonly row: CustomerRow }) {
  const { t } = useTranslation();
  if (!fewContacts) return <NoValue />;
  const { made, needed, until } = fewContacts;
  return (
    <span className="customer-few">{made === null || needed === null ? until : t('customers.fewContacts', { made, needed, until })}</span>
  );
}

function Cars({ row: { vehicles } }: { readonly row: CustomerRow }) {
  const { t } = useTranslation();
  if (vehicles.length === 0) return <NoValue />;
  return (
    <span className="customer-cars">
      {vehicles.map(({ id, plate, model }) => (
        <Link key={id} {...paths.vehicle(id)}>
          <span className="ui-figures">{plate ?? t('vehicles.noPlate')}</span>
          {model && <span className="ui-quiet"> {model}</span>}
        </Link>
      ))}
    </span>
  );
}

export function RelationshipTag({ relationship }: { readonly relationship: CustomerRow['relationship'] }) {
  const { t } = useTranslation();
  return (
    <span title={t(`customers.relationshipHints.${relationship}`)}>
      <StatusTag tone={RELATIONSHIP_TONES[relationship]}>{t(`customers.relationships.${relationship}`)}</StatusTag>
    </span>
  );
}

/** A customer on a phone: the whole card opens him. */
function Card({ row }: { readonly row: CustomerRow }) {
  const { t } = useTranslation();
  const { vehicles, consultant, lastVisitOn, phoneMasked } = row;
  return (
    <Link {...paths.customer(row.id)} className="customer-row">
      <span className="customer-row-head">
        <span className="customer-name">
          {row.name}
          <CustomerFlags customer={row} />
        </span>
        {row.standing !== 'deceased' && <RelationshipTag relationship={row.relationship} />}
      </span>
      <span className="ui-figures">
        {[phoneMasked, ...vehicles.map(({ plate, model }) => [plate, model].filter(Boolean).join(' '))].filter(Boolean).join(' · ')}
      </span>
      {row.fewContacts && (
        <span>
          <FewContacts row={row} />
        </span>
      )}
      <span className="ui-quiet">
        {[consultant?.name, lastVisitOn && `${t('customers.fields.lastVisitOn')} ${lastVisitOn}`].filter(Boolean).join(' · ')}
      </span>
    </Link>
  );
}

import type { VisitRow } from '@baoke/core/service/wire';
import { DateRange, ListPage, Money, NoValue, StatusTag, moreOf, type ListColumn } from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Api } from '../../shell/api.ts';
import { CustomerLink } from '../../shell/CustomerName.tsx';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useFormats } from '../../shell/formats.ts';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { pagesOf } from '../../shell/paging.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { listInputOf, readVisitSearch, TABS, type VisitFilter, type VisitListInput, type VisitSearch, type VisitTab } from './search.ts';

function visitListOptions({ client, trpc }: Api, input: VisitListInput) {
  return pagesOf(trpc.service.listVisits.infiniteQueryKey(input), (page) => client.service.listVisits.query({ ...input, ...page }));
}

/** Visits to the workshop as the DMS knows them. */
export function VisitsPage() {
  const { t, i18n } = useTranslation();
  const { count } = useFormats();
  const api = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/visits' });
  const { tab, ascending, ...filter } = search;
  const list = useInfiniteQuery(visitListOptions(api, listInputOf(search)));
  const { data } = useQuery(api.trpc.service.categories.queryOptions(undefined, { staleTime: Infinity }));
  const go = (next: VisitSearch) => void navigate({ ...paths.visits(), search: readVisitSearch(next) });
  const views = useViews('visits', search, go);
  const { layout, onLayout } = useListLayout('visits');
  const categories = (data?.categories ?? []).map((c) => ({
    value: c.code,
    label: i18n.language === 'en' ? c.nameEn : c.nameZh,
    effective: c.effective,
  }));
  const name = (code: string) => categories.find(({ value }) => value === code)?.label ?? code;
  const columns: readonly ListColumn<VisitRow>[] = [
    {
      key: 'arrivedOn',
      title: t('service.fields.arrivedOn'),
      fixed: 'left',
      width: 112,
      sortable: true,
      render: ({ arrivedOn }) => <span className="ui-figures">{arrivedOn}</span>,
    },
    {
      key: 'orderNo',
      title: t('service.fields.orderNo'),
      width: 136,
      render: ({ orderNo }) => <span className="ui-figures">{orderNo}</span>,
    },
    {
      key: 'customer',
      title: t('service.fields.customer'),
      width: 138,
      render: ({ customer }) =>
        customer ? <CustomerLink customer={customer} /> : <span className="ui-quiet">{t('service.noCustomer')}</span>,
    },
    {
      key: 'vehicle',
      title: t('service.fields.vehicle'),
      width: 150,
      render: ({ vehicle }) =>
        vehicle ? (
          <Link {...paths.vehicle(vehicle.id)}>{[vehicle.plate ?? t('vehicles.noPlate'), vehicle.model].filter(Boolean).join(' ')}</Link>
        ) : (
          <NoValue />
        ),
    },
    { key: 'category', title: t('service.fields.category'), width: 110, render: (row) => <Category row={row} name={name(row.category)} /> },
    {
      key: 'state',
      title: t('service.fields.state'),
      width: 84,
      render: ({ state }) => <StatusTag tone={state === 'open' ? 'info' : 'neutral'}>{t(`service.states.${state}`)}</StatusTag>,
    },
    {
      key: 'mileageKm',
      title: t('service.fields.mileageKm'),
      numeric: true,
      width: 96,
      render: ({ mileageKm }) => (mileageKm === null ? <NoValue /> : count(mileageKm)),
    },
    {
      key: 'received',
      title: t('service.fields.received'),
      numeric: true,
      width: 108,
      render: ({ receivedFen }) => (receivedFen === null ? <NoValue /> : <Money fen={receivedFen} />),
    },
    { key: 'advisor', title: t('service.fields.advisor'), width: 84, render: ({ advisor }) => advisor?.name ?? <NoValue /> },
    { key: 'team', title: t('service.fields.team'), hidden: true, render: ({ team }) => team ?? <NoValue /> },
    { key: 'leftOn', title: t('service.fields.leftOn'), hidden: true, render: ({ leftOn }) => leftOn ?? <NoValue /> },
    { key: 'settledOn', title: t('service.fields.settledOn'), hidden: true, render: ({ settledOn }) => settledOn ?? <NoValue /> },
    {
      key: 'labour',
      title: t('service.fields.labour'),
      hidden: true,
      numeric: true,
      render: ({ labourFen }) => (labourFen === null ? <NoValue /> : <Money fen={labourFen} />),
    },
    {
      key: 'parts',
      title: t('service.fields.parts'),
      hidden: true,
      numeric: true,
      render: ({ partsFen }) => (partsFen === null ? <NoValue /> : <Money fen={partsFen} />),
    },
    { key: 'remark', title: t('service.fields.remark'), hidden: true, render: ({ remark }) => remark ?? <NoValue /> },
  ];
  return (
    <ListPage<VisitRow, VisitFilter>
      title={t('service.title')}
      hint={t('service.hint')}
      actions={
        me.can('service', 'export') && (
          <ExportButton
            take={(as) => {
              const { limit: _, ...filtered } = listInputOf(search);
              return api.client.service.exportVisits.mutate({ ...filtered, ...as });
            }}
          />
        )
      }
      scopes={{
        active: tab ?? 'all',
        onChange: (key) => go({ ...search, tab: key as VisitTab }), // the keys are our own tabs
        list: TABS.map((key) => ({ key, label: t(`service.tabs.${key}`) })),
      }}
      fields={[
        { names: ['from', 'to'], label: t('service.fields.arrivedOn'), control: <DateRange /> },
        {
          name: 'category',
          label: t('service.fields.category'),
          control: <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('common.all')} options={categories} />,
        },
        { name: 'plate', label: t('service.fields.plate'), control: <Input allowClear maxLength={20} /> },
        { name: 'orderNo', label: t('service.fields.orderNo'), control: <Input allowClear maxLength={40} /> },
      ]}
      filter={filter}
      onFilter={(conditions) => go({ ...conditions, tab, ascending })}
      columns={columns}
      rowKey={(row) => row.id}
      rows={list.data?.pages.flatMap((page) => page.items)}
      error={list.data ? null : list.error}
      refreshing={list.isFetching}
      onRefresh={() => void api.queryClient.invalidateQueries(api.trpc.service.pathFilter())}
      more={moreOf(list)}
      sort={{ key: 'arrivedOn', descending: ascending !== true }}
      onSort={({ descending }) => go({ ...search, ascending: descending ? undefined : true })}
      card={(row) => (
        <div>
          <strong className="ui-figures">
            {row.arrivedOn} · {name(row.category)}
          </strong>
          <div>
            {row.customer ? <CustomerLink customer={row.customer} /> : t('service.noCustomer')} {row.vehicle?.plate}
          </div>
          <span className="ui-quiet ui-figures">
            {row.orderNo} {row.receivedFen !== null && <Money fen={row.receivedFen} />}
          </span>
        </div>
      )}
      layout={layout}
      onLayout={onLayout}
      views={views}
      empty={{ title: t('service.emptyTitle'), hint: t('service.emptyHint') }}
    />
  );
}

function Category({ row, name }: { readonly row: VisitRow; readonly name: string }) {
  const { t } = useTranslation();
  return (
    <span>
      {name} {row.isRefund && <StatusTag tone="warn">{t('service.refund')}</StatusTag>}
    </span>
  );
}

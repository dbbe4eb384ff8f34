import type { Inputs, Outputs } from '@baoke/client';
import type { DateRange } from '@baoke/core/kernel';
import { Money, NoValue } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../shell/formats.ts';
import { useApi } from '../shell/session.ts';
import { RowsDrawer } from './RowsDrawer.tsx';

type Row = Outputs['reports']['serviceRows']['items'][number];
export type VisitFilter = Omit<Inputs['reports']['serviceRows'], 'cursor' | 'limit' | 'period'> & { readonly period: DateRange };
type Props = {
  readonly name: string;
  readonly filter: VisitFilter;
  readonly categories: readonly { readonly code: string; readonly zh: string; readonly en: string }[];
  readonly onClose: () => void;
};

/** The visits of a period, or whatever brought money in it. */
export function VisitsDrawer({ name, filter, categories, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { client } = useApi();
  const { count } = useFormats();
  const isMoney = filter.of === 'money';
  const names = new Map(categories.map((c) => [c.code, i18n.language === 'zh' ? c.zh : c.en]));
  return (
    <RowsDrawer<Row>
      title={t('reports.rowsOf', { title: name })}
      period={filter.period}
      queryKey={['reports', 'serviceRows', filter]}
      load={({ cursor }) => client.reports.serviceRows.query({ ...filter, cursor })}
      rowKey={(row) => row.id}
      taken={{ report: 'serviceRows', ...filter }}
      onClose={onClose}
      columns={[
        { key: 'orderNo', title: t('reports.service.orderNo'), cell: (row) => <span className="ui-figures">{row.orderNo}</span> },
        isMoney
          ? { key: 'moneyOn', title: t('reports.service.moneyOn'), cell: (row: Row) => <span className="ui-figures">{row.moneyOn}</span> }
          : {
              key: 'arrivedOn',
              title: t('reports.service.arrivedOn'),
              cell: (row: Row) => <span className="ui-figures">{row.arrivedOn}</span>,
            },
        { key: 'category', title: t('reports.service.category'), cell: (row) => names.get(row.category) ?? row.category },
        {
          key: 'customer',
          title: t('common.customer'),
          cell: (row) => (row.customer ? <a href={`/customers/${row.customer.id}`}>{row.customer.name}</a> : <NoValue />),
        },
        { key: 'plate', title: t('common.plate'), cell: (row) => row.plate ?? <NoValue /> },
        { key: 'model', title: t('reports.service.model'), cell: (row) => row.model ?? <NoValue /> },
        { key: 'advisor', title: t('reports.service.advisor'), cell: (row) => row.advisor ?? <NoValue /> },
        {
          key: 'mileage',
          title: t('reports.service.mileage'),
          align: 'right',
          cell: (row) => (row.mileageKm === null ? <NoValue /> : <span className="ui-figures">{count(row.mileageKm)}</span>),
        },
        {
          key: 'received',
          title: t('reports.service.received'),
          align: 'right',
          cell: (row) =>
            row.state === 'open' && !isMoney ? (
              t('reports.service.open')
            ) : row.receivedFen === null ? (
              <NoValue />
            ) : (
              <Money fen={row.receivedFen} />
            ),
        },
      ]}
    />
  );
}

import type { Outputs } from '@baoke/client';
import type { DateRange } from '@baoke/core/kernel';
import { NoValue } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { useApi } from '../shell/session.ts';
import { RowsDrawer } from './RowsDrawer.tsx';

type Row = Outputs['reports']['deliveryRows']['items'][number];

/** The new cars handed over in a period. */
export function DeliveriesDrawer({ period, onClose }: { readonly period: DateRange; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useApi();
  return (
    <RowsDrawer<Row>
      title={t('reports.rowsOf', { title: t('reports.deliveries.title') })}
      period={period}
      queryKey={['reports', 'deliveryRows', period]}
      load={({ cursor }) => client.reports.deliveryRows.query({ period, cursor })}
      rowKey={(row) => row.id}
      taken={{ report: 'deliveryRows', period }}
      onClose={onClose}
      columns={[
        {
          key: 'deliveredOn',
          title: t('reports.deliveries.deliveredOn'),
          cell: (row) => <span className="ui-figures">{row.deliveredOn}</span>,
        },
        { key: 'orderedOn', title: t('reports.deliveries.orderedOn'), cell: (row) => <span className="ui-figures">{row.orderedOn}</span> },
        { key: 'customer', title: t('common.customer'), cell: (row) => <a href={`/customers/${row.customer.id}`}>{row.customer.name}</a> },
        { key: 'plate', title: t('common.plate'), cell: (row) => row.plate ?? <NoValue /> },
        { key: 'model', title: t('reports.service.model'), cell: (row) => row.model ?? <NoValue /> },
        { key: 'consultant', title: t('reports.owners.consultant'), cell: (row) => row.consultant ?? <NoValue /> },
      ]}
    />
  );
}

import type { Outputs } from '@baoke/client';
import { NoValue } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { RowsDrawer } from '../../report/RowsDrawer.tsx';
import { useApi, useMe } from '../../shell/session.ts';

const AT_RISK = { tab: 'at_risk', sort: 'lastVisitOn', descending: false } as const;

type Row = Outputs['customers']['list']['items'][number];

/** Owners who have not been seen for half a year, the longest absent first. */
export function AtRiskDrawer({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useApi();
  const me = useMe();
  return (
    <RowsDrawer<Row>
      title={t('reports.owners.title')}
      queryKey={['customers', 'at_risk']}
      load={({ cursor }) => client.customers.list.query({ ...AT_RISK, cursor })}
      rowKey={(row) => row.id}
      take={me.can('customers', 'export') ? (locale) => client.customers.export.mutate({ ...AT_RISK, format: 'xlsx', locale }) : undefined}
      onClose={onClose}
      columns={[
        { key: 'name', title: t('common.customer'), cell: (row) => <a href={`/customers/${row.id}`}>{row.name}</a> },
        {
          key: 'plate',
          title: t('common.plate'),
          cell: (row) =>
            row.vehicles
              .map((v) => v.plate)
              .filter(Boolean)
              .join(' ') || <NoValue />,
        },
        { key: 'model', title: t('reports.service.model'), cell: (row) => row.vehicles[0]?.model ?? <NoValue /> },
        { key: 'lastVisitOn', title: t('reports.owners.lastVisitOn'), cell: (row) => row.lastVisitOn ?? <NoValue /> },
        { key: 'advisor', title: t('reports.owners.advisor'), cell: (row) => row.advisor?.name ?? <NoValue /> },
        { key: 'consultant', title: t('reports.owners.consultant'), cell: (row) => row.consultant?.name ?? <NoValue /> },
      ]}
    />
  );
}

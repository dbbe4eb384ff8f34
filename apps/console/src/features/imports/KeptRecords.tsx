import type { ImportView, KeptView } from '@baoke/core/imports/wire';
import { EmptyState, ErrorState, LoadingState, MoreButton, moreOf } from '@baoke/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { keptOptions } from './queries.ts';

/** What stayed when the import was taken back, each with its place and the reason. */
export function KeptRecords({ view }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(keptOptions(useApi(), view.id));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <section className="ui-panel" aria-label={t('imports.kept.title')}>
      <h2>{t('imports.kept.title')}</h2>
      <p className="ui-quiet">{t('imports.kept.hint')}</p>
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <LoadingState rows={6} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('imports.kept.none')} />
      ) : (
        <>
          <Table<KeptView>
            size="small"
            rowKey={({ id }) => id}
            dataSource={rows}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              { key: 'entity', title: t('imports.kept.sort'), width: 96, render: (_, { entity }) => t(`imports.kept.sorts.${entity}`) },
              { key: 'record', title: t('imports.kept.record'), width: 200, render: (_, kept) => <Record kept={kept} /> },
              { key: 'because', title: t('imports.kept.reason'), render: (_, kept) => <Reason kept={kept} /> },
            ]}
          />
          <MoreButton more={moreOf(list)} />
        </>
      )}
    </section>
  );
}

function Record({ kept: { label, customerId, vehicleId } }: { readonly kept: KeptView }) {
  const { t } = useTranslation();
  const me = useMe();
  const text = label ?? t('imports.kept.unnamed');
  if (customerId !== null && me.can('customers', 'view')) return <Link {...paths.customer(customerId)}>{text}</Link>;
  if (vehicleId !== null && me.can('vehicles', 'view')) return <Link {...paths.vehicle(vehicleId)}>{text}</Link>;
  return text;
}

/** For whom it stayed; without a name for that, only how. */
function Reason({ kept: { entity, because, root, through } }: { readonly kept: KeptView }) {
  const { t } = useTranslation();
  if (entity === 'staff') return t('imports.kept.staff');
  if (root === null || root.label === null) return t(`imports.kept.because.${because}`);
  const isNamed = root.entity === 'customers' || root.entity === 'vehicles';
  const name = isNamed ? root.label : `${t(`imports.kept.sorts.${root.entity}`)} ${root.label}`;
  if (through === null) return t('imports.kept.with', { name });
  // A customer names cars by the periods in which he owned them.
  return through === root.entity && through !== 'customers'
    ? t('imports.kept.itself', { name })
    : t(`imports.kept.named.${through}`, { name });
}

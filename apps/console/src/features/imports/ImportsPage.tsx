import { PlusOutlined } from '@ant-design/icons';
import type { ImportView } from '@baoke/core/imports/wire';
import { DateText, ListPage, NoValue, StatusTag, moreOf, type ListColumn, useShortcut } from '@baoke/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useListLayout } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './imports.css';
import { totalsOf } from './Outcomes.tsx';
import { importsOptions } from './queries.ts';
import { STATUSES } from './statuses.ts';
import { STATUS_TONES } from './words.ts';

/** Every import of the store, latest first; each leads back to where it stands. */
export function ImportsPage() {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const { status } = useSearch({ from: '/signed-in/imports' });
  const list = useInfiniteQuery(importsOptions(api, status));
  const { layout, onLayout } = useListLayout('imports');
  const mayEdit = me.can('imports', 'edit');
  const create = () => void navigate(paths.newImport());
  useShortcut('c', t('imports.wizard.create'), create, { enabled: mayEdit });
  return (
    <ListPage<ImportView, object>
      title={t('imports.title')}
      hint={t('imports.wizard.hint')}
      actions={
        mayEdit && (
          <Button type="primary" icon={<PlusOutlined />} onClick={create}>
            {t('imports.wizard.create')}
          </Button>
        )
      }
      scopes={{
        active: status ?? 'all',
        onChange: (key) => void navigate({ ...paths.imports(), search: { status: STATUSES.find((known) => known === key) } }),
        list: [{ key: 'all', label: t('common.all') }, ...STATUSES.map((key) => ({ key, label: t(`imports.statuses.${key}`) }))],
      }}
      fields={[]}
      filter={status ? { status } : {}}
      onFilter={() => undefined}
      columns={useColumns()}
      rowKey={(view) => view.id}
      rows={list.data?.pages.flatMap((page) => page.items)}
      error={list.data ? null : list.error}
      refreshing={list.isFetching}
      onRefresh={() => void api.queryClient.invalidateQueries(api.trpc.imports.list.pathFilter())}
      more={moreOf(list)}
      card={(view) => (
        <Link {...paths.import(view.id)} className="import-card">
          <span className="import-card-head">
            <strong>
              <DateText at={view.createdAt} />
            </strong>
            <ImportStatus view={view} />
          </span>
          <span className="ui-quiet">{view.files.map((file) => file.name).join(', ')}</span>
        </Link>
      )}
      layout={layout}
      onLayout={onLayout}
      empty={{
        title: t('imports.wizard.historyEmpty'),
        hint: t('imports.wizard.historyEmptyHint'),
        action: mayEdit && <Button onClick={create}>{t('imports.wizard.create')}</Button>,
      }}
    />
  );
}

function ImportStatus({ view: { status, dryRun } }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  return (
    <span className="import-status">
      <StatusTag tone={STATUS_TONES[status]}>{t(`imports.statuses.${status}`)}</StatusTag>
      {dryRun && <StatusTag tone="neutral">{t('imports.wizard.dryRun')}</StatusTag>}
    </span>
  );
}

function useColumns(): readonly ListColumn<ImportView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'createdAt',
      title: t('imports.wizard.createdAt'),
      fixed: 'left',
      width: 142,
      render: ({ id, createdAt }) => (
        <Link {...paths.import(id)}>
          <DateText at={createdAt} />
        </Link>
      ),
    },
    {
      key: 'files',
      title: t('imports.wizard.files'),
      width: 200,
      grows: true,
      render: ({ files }) => <span className="import-names">{files.map((file) => file.name).join(', ')}</span>,
    },
    { key: 'status', title: t('common.status'), width: 104, render: (view) => <ImportStatus view={view} /> },
    ...(['created', 'updated', 'unchanged'] as const).map((effect) => ({
      key: effect,
      title: t(`imports.effects.${effect}`),
      width: 84,
      numeric: true,
      render: (view: ImportView) => totalsOf(view)[effect],
    })),
    { key: 'rejected', title: t('imports.outcomes.rejected'), numeric: true, width: 84, render: (view) => totalsOf(view).rejected },
    {
      key: 'createdBy',
      title: t('imports.wizard.createdBy'),
      width: 92,
      render: ({ createdByName }) => createdByName ?? <NoValue />,
    },
  ];
}

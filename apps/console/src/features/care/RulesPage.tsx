import { compareNames } from '@baoke/core/kernel';
import { ThunderboltOutlined } from '@ant-design/icons';
import { ANCHORS, CARE_CHANNELS } from '@baoke/core/care';
import type { RuleView } from '@baoke/core/care/wire';
import { ListPage, useUi, type ListColumn, type QueryField, useToast } from '@baoke/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Select, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleName } from '../../shell/care-words.ts';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './care.css';
import { RuleDrawer } from './RuleDrawer.tsx';
import { RuleSwitch } from './RuleSwitch.tsx';
import { CARE_SORTS, CARE_TABS, readCareSearch, type CareFilter, type CareSearch } from './search.ts';
import { whenText, whoText } from './words.ts';

const PAGE = 50;

/** The rules of care: on or off, what they brought, and whom they would reach. */
export function RulesPage() {
  const { t } = useTranslation();
  const { trpc, queryClient } = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/care' });
  const { tab = 'all', sort = 'name', ascending = false, rule: open, ...filter } = search;
  const list = useQuery(trpc.care.rules.queryOptions());
  const [shown, setShown] = useState(PAGE);
  const go = (next: CareSearch) => void navigate({ ...paths.careRules(), search: readCareSearch(next) });
  const views = useViews('care', search, go);
  const { layout, onLayout } = useListLayout('care');
  const rules = list.data?.rules;
  const isIn = ({ rule }: RuleView, which: (typeof CARE_TABS)[number]) =>
    which === 'all' || (rule.activeSince !== null) === (which === 'on');
  const asked = filter.name?.toLowerCase();
  const fitting = rules?.filter(
    (view) =>
      isIn(view, tab) &&
      (asked === undefined || ruleName(t, view.rule).toLowerCase().includes(asked)) &&
      (filter.anchor === undefined || view.rule.anchor === filter.anchor) &&
      (filter.channel === undefined || view.rule.channel === filter.channel) &&
      (filter.purpose === undefined || view.rule.purpose === filter.purpose),
  );
  const sorted = fitting?.toSorted((a, b) =>
    sort === 'name'
      ? compareNames(ruleName(t, a.rule), ruleName(t, b.rule)) * (ascending ? -1 : 1)
      : (a[sort] - b[sort]) * (ascending ? 1 : -1),
  );
  const mayDecide = me.can('care_rules', 'decide');
  const opened = rules?.find(({ rule }) => rule.key === open);
  return (
    <>
      <ListPage<RuleView, CareFilter>
        title={t('care.title')}
        hint={t('care.hint')}
        actions={mayDecide && <RunNow />}
        scopes={{
          active: tab,
          onChange: (key) => go({ ...search, tab: CARE_TABS.find((known) => known === key && known !== 'all') }),
          list: CARE_TABS.map((key) => ({
            key,
            label: t(`careRules.tabs.${key}`),
            count: rules?.filter((view) => isIn(view, key)).length,
          })),
        }}
        fields={useFields()}
        filter={filter}
        onFilter={(conditions) => {
          setShown(PAGE);
          go({ ...conditions, tab: search.tab, sort: search.sort, ascending: search.ascending });
        }}
        columns={useColumns(search, mayDecide)}
        rowKey={({ rule }) => rule.key}
        rows={sorted?.slice(0, shown)}
        error={list.data ? null : list.error}
        refreshing={list.isFetching}
        onRefresh={() => void queryClient.invalidateQueries(trpc.care.pathFilter())}
        more={sorted && sorted.length > shown ? { load: () => setShown(shown + PAGE), busy: false } : undefined}
        sort={{ key: sort, descending: sort === 'name' ? ascending : !ascending }}
        onSort={({ key, descending }) =>
          go({
            ...search,
            sort: CARE_SORTS.find((known) => known === key && known !== 'name'),
            ascending: (key === 'name' ? descending : !descending) ? true : undefined,
          })
        }
        card={(view) => (
          <div className="care-card">
            <span className="care-card-head">
              <Link {...paths.careRules()} search={{ ...search, rule: view.rule.key }}>
                {ruleName(t, view.rule)}
              </Link>
              <RuleSwitch view={view} enabled={mayDecide} />
            </span>
            <span>{whenText(t, view.rule)}</span>
            <span className="ui-quiet">
              {t(`care.channels.${view.rule.channel}`)} · {whoText(t, view.rule)}
            </span>
          </div>
        )}
        layout={layout}
        onLayout={onLayout}
        views={views}
        empty={{ title: t('careRules.emptyTitle'), hint: t('careRules.emptyHint') }}
      />
      {opened && rules && (
        <RuleDrawer
          key={opened.rule.key}
          view={opened}
          rules={rules}
          onOpen={(key) => go({ ...search, tab: undefined, rule: key })}
          onClose={() => go({ ...search, rule: undefined })}
        />
      )}
    </>
  );
}

function RunNow() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const run = useMutation({
    mutationFn: () => client.care.runNow.mutate(),
    onSuccess: ({ counts: { created = 0, moved = 0, cancelled = 0 } }) => {
      void queryClient.invalidateQueries(trpc.care.pathFilter());
      void queryClient.invalidateQueries(trpc.tasks.pathFilter());
      toast.success(t('care.runDone', { created, moved, cancelled }));
    },
    onError: (error) => toast.error(describeFailure(error).text),
  });
  return (
    <Tooltip title={t('careRules.runHint')}>
      <Button icon={<ThunderboltOutlined />} loading={run.isPending} onClick={() => run.mutate()}>
        {t('care.runNow')}
      </Button>
    </Tooltip>
  );
}

function useFields(): readonly QueryField<CareFilter>[] {
  const { t } = useTranslation();
  const choice = { allowClear: true, showSearch: { optionFilterProp: 'label' }, placeholder: t('common.all') } as const;
  return [
    { name: 'name', label: t('careRules.name'), control: <Input allowClear maxLength={60} /> },
    {
      name: 'channel',
      label: t('careRules.channel'),
      control: <Select {...choice} options={CARE_CHANNELS.map((value) => ({ value, label: t(`care.channels.${value}`) }))} />,
    },
    {
      name: 'anchor',
      label: t('careRules.when'),
      control: <Select {...choice} options={ANCHORS.map((value) => ({ value, label: t(`care.anchors.${value}`) }))} />,
    },
    {
      name: 'purpose',
      label: t('careRules.purpose'),
      control: (
        <Select {...choice} options={(['service', 'marketing'] as const).map((value) => ({ value, label: t(`care.purposes.${value}`) }))} />
      ),
    },
  ];
}

function useColumns(search: CareSearch, mayDecide: boolean): readonly ListColumn<RuleView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'state',
      title: t('careRules.state'),
      fixed: 'left',
      width: 76,
      render: (view) => <RuleSwitch view={view} enabled={mayDecide} />,
    },
    {
      key: 'name',
      title: t('careRules.name'),
      width: 130,
      sortable: true,
      render: ({ rule }) => (
        <Link {...paths.careRules()} search={{ ...search, rule: rule.key }}>
          {ruleName(t, rule)}
        </Link>
      ),
    },
    { key: 'when', title: t('careRules.when'), width: 124, grows: true, render: ({ rule }) => whenText(t, rule) },
    { key: 'channel', title: t('careRules.channel'), width: 76, render: ({ rule }) => t(`care.channels.${rule.channel}`) },
    { key: 'who', title: t('careRules.who'), width: 130, render: ({ rule }) => whoText(t, rule) },
    { key: 'purpose', title: t('careRules.purpose'), width: 84, render: ({ rule }) => t(`care.purposes.${rule.purpose}`) },
    { key: 'open', title: t('careRules.open'), numeric: true, width: 92, sortable: true, render: ({ open }) => open },
    {
      key: 'done',
      title: `${t('careRules.done')} (${t('careRules.lastMonth')})`,
      numeric: true,
      width: 96,
      render: ({ done }) => done,
    },
    {
      key: 'missed',
      title: `${t('careRules.missed')} (${t('careRules.lastMonth')})`,
      numeric: true,
      width: 96,
      sortable: true,
      render: ({ missed }) => (missed > 0 ? <span className="care-missed">{missed}</span> : 0),
    },
    { key: 'origin', title: t('careRules.origin'), width: 122, render: ({ rule }) => t(`care.origins.${rule.origin}`) },
    { key: 'source', title: t('care.source'), hidden: true, render: ({ rule }) => rule.source },
  ];
}

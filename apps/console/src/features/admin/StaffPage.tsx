import { PlusOutlined } from '@ant-design/icons';
import { ROLES } from '@baoke/core/access';
import type { StaffView } from '@baoke/core/access/wire';
import { compareNames, type StaffId } from '@baoke/core/kernel';
import { ListPage, NoValue, StatusTag, useShortcut, useUi, type ListColumn, type QueryField, type RowAction, useToast } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Modal, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './admin.css';
import { readStaffSearch, STAFF_TABS, type StaffFilter, type StaffSearch, type StaffTab } from './search.ts';
import { SecretDialog } from './SecretDialog.tsx';
import { StaffDialog } from './StaffDialog.tsx';

const PAGE = 50;

/** Everybody of the store: who he is, what he may do, whether he signs in. */
export function StaffPage() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/staff' });
  const { tab = 'active', sort = 'name', descending = false, person, ...filter } = search;
  const list = useQuery(trpc.staff.list.queryOptions());
  const [adding, setAdding] = useState(false);
  const [password, setPassword] = useState<{ readonly name: string; readonly secret: string }>();
  const [shown, setShown] = useState(PAGE);
  const go = (next: StaffSearch) => void navigate({ ...paths.staff(), search: readStaffSearch(next) });
  const views = useViews('staff', search, go);
  const { layout, onLayout } = useListLayout('staff');
  const departments = useMemo(() => list.data?.departments ?? [], [list.data]);
  const departmentName = (id: string | null) => departments.find((department) => department.id === id)?.name;
  const mayEdit = me.can('staff', 'edit');
  const create = () => setAdding(true);
  useShortcut('c', t('admin.staff.create'), create, { enabled: mayEdit });

  const { staff } = list.data ?? {};
  const fitting = staff?.filter((member) => isIn(tab, member) && fits(filter, member));
  const keyOf = (member: StaffView) =>
    sort === 'name' ? member.name : sort === 'role' ? t(`roles.${member.role}`) : (departmentName(member.departmentId) ?? '');
  const sorted = fitting?.toSorted((a, b) => compareNames(keyOf(a), keyOf(b)) * (descending ? -1 : 1));

  const reset = (member: StaffView) =>
    modal.confirm({
      title: t('admin.staff.resetTitle', { name: member.name }),
      content: t('admin.staff.resetHint'),
      okText: t('admin.staff.resetPassword'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          const { password: secret } = await client.staff.resetPassword.mutate({ staffId: member.id as StaffId });
          setPassword({ name: member.name, secret });
        } catch (error) {
          toast.error(describeFailure(error).text);
        }
      },
    });
  const resetSecondStep = (member: StaffView) =>
    modal.confirm({
      title: t('admin.staff.resetSecondStepTitle', { name: member.name }),
      content: t('admin.staff.resetSecondStepHint'),
      okText: t('admin.staff.resetSecondStep'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await client.staff.resetSecondStep.mutate({ staffId: member.id as StaffId });
          toast.success(t('admin.staff.secondStepReset', { name: member.name }));
          await queryClient.invalidateQueries(trpc.staff.pathFilter());
        } catch (error) {
          toast.error(describeFailure(error).text);
        }
      },
    });
  const actions = (member: StaffView): readonly RowAction[] => [
    { key: 'edit', label: t('common.edit'), run: () => go({ ...search, person: member.id as StaffId }) },
    ...(member.username && member.active ? [{ key: 'reset', label: t('admin.staff.resetPassword'), run: () => void reset(member) }] : []),
    ...(member.secondStep
      ? [{ key: 'second-step', label: t('admin.staff.resetSecondStep'), run: () => void resetSecondStep(member) }]
      : []),
  ];
  const open = staff?.find((member) => member.id === person);
  return (
    <>
      {asking}
      <ListPage<StaffView, StaffFilter>
        title={t('admin.staff.title')}
        hint={t('admin.staff.hint')}
        actions={
          <>
            {me.can('staff', 'export') && <ExportButton take={(as) => client.staff.export.mutate({ tab, ...filter, ...as })} />}
            {mayEdit && (
              <Button type="primary" icon={<PlusOutlined />} onClick={create}>
                {t('admin.staff.create')}
              </Button>
            )}
          </>
        }
        scopes={{
          active: tab,
          onChange: (key) => go({ ...search, tab: key === 'active' ? undefined : (key as StaffTab) }), // the keys are our own tabs
          list: STAFF_TABS.map((key) => ({
            key,
            label: t(`admin.staff.tabs.${key}`),
            count: staff?.filter((member) => isIn(key, member)).length,
          })),
        }}
        fields={useFields(departments)}
        filter={filter}
        onFilter={(conditions) => {
          setShown(PAGE);
          go({ ...conditions, tab: search.tab, sort: search.sort, descending: search.descending });
        }}
        columns={useColumns(search, departmentName, mayEdit)}
        rowKey={(member) => member.id}
        rows={sorted?.slice(0, shown)}
        error={list.data ? null : list.error}
        refreshing={list.isFetching}
        onRefresh={() => void queryClient.invalidateQueries(trpc.staff.pathFilter())}
        more={sorted && sorted.length > shown ? { load: () => setShown(shown + PAGE), busy: false } : undefined}
        sort={{ key: sort, descending }}
        onSort={({ key, descending: down }) =>
          go(readStaffSearch({ ...search, sort: key === 'name' ? undefined : key, descending: down ? true : undefined }))
        }
        card={(member) => <StaffCard member={member} department={departmentName(member.departmentId)} />}
        rowActions={mayEdit ? actions : undefined}
        actionsTitle={t('common.actions')}
        layout={layout}
        onLayout={onLayout}
        views={views}
        empty={{ title: t('admin.staff.emptyTitle'), hint: t('admin.staff.emptyHint') }}
      />
      {mayEdit && (adding || open) && (
        <StaffDialog
          key={open?.id ?? 'new'}
          member={open}
          departments={departments}
          onClose={() => {
            setAdding(false);
            if (person) go({ ...search, person: undefined });
          }}
          onPassword={(name, secret) => setPassword({ name, secret })}
        />
      )}
      {password && (
        <SecretDialog
          title={t('admin.staff.passwordTitle', { name: password.name })}
          hint={t('admin.staff.passwordHint')}
          secret={password.secret}
          onClose={() => setPassword(undefined)}
        />
      )}
    </>
  );
}

function isIn(tab: StaffTab, { active, username }: StaffView): boolean {
  return tab === 'left' ? !active : active && (tab === 'active' || username === null);
}

function fits({ name, role, departmentId }: StaffFilter, member: StaffView): boolean {
  const asked = name?.toLowerCase();
  return (
    (asked === undefined || member.name.toLowerCase().includes(asked) || (member.username?.includes(asked) ?? false)) &&
    (role === undefined || member.role === role) &&
    (departmentId === undefined || member.departmentId === departmentId)
  );
}

function useFields(departments: readonly { readonly id: string; readonly name: string }[]): readonly QueryField<StaffFilter>[] {
  const { t } = useTranslation();
  const choice = { allowClear: true, showSearch: { optionFilterProp: 'label' }, placeholder: t('common.all') } as const;
  return [
    {
      name: 'name',
      label: `${t('admin.staff.name')} / ${t('admin.staff.username')}`,
      control: <Input allowClear maxLength={60} />,
    },
    {
      name: 'role',
      label: t('admin.staff.role'),
      control: <Select {...choice} options={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))} />,
    },
    {
      name: 'departmentId',
      label: t('common.department'),
      control: <Select {...choice} options={departments.map(({ id, name }) => ({ value: id, label: name }))} />,
    },
  ];
}

function useColumns(
  search: StaffSearch,
  departmentName: (id: string | null) => string | undefined,
  mayEdit: boolean,
): readonly ListColumn<StaffView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      title: t('admin.staff.name'),
      fixed: 'left',
      width: 110,
      sortable: true,
      render: ({ id, name }) =>
        mayEdit ? (
          <Link {...paths.staff()} search={{ ...search, person: id as StaffId }}>
            {name}
          </Link>
        ) : (
          name
        ),
    },
    { key: 'role', title: t('admin.staff.role'), width: 124, sortable: true, render: ({ role }) => t(`roles.${role}`) },
    {
      key: 'department',
      title: t('common.department'),
      sortable: true,
      render: ({ departmentId }) => departmentName(departmentId) ?? <NoValue />,
    },
    { key: 'team', title: t('admin.staff.team'), render: ({ team }) => team ?? <NoValue /> },
    {
      key: 'username',
      title: t('admin.staff.username'),
      render: ({ username }) => username ?? <StatusTag tone="neutral">{t('admin.staff.noAccount')}</StatusTag>,
    },
    {
      key: 'secondStep',
      title: t('admin.staff.secondStep'),
      render: ({ secondStep }) => (secondStep ? <StatusTag tone="good">{t('common.yes')}</StatusTag> : <NoValue />),
    },
    { key: 'email', title: t('admin.staff.email'), width: 140, render: ({ email }) => email ?? <NoValue /> },
    { key: 'active', title: t('common.status'), width: 84, render: (member) => <ActiveTag member={member} /> },
  ];
}

function ActiveTag({ member: { active } }: { readonly member: StaffView }) {
  const { t } = useTranslation();
  return <StatusTag tone={active ? 'good' : 'neutral'}>{t(active ? 'admin.staff.active' : 'admin.staff.left')}</StatusTag>;
}

function StaffCard({ member, department }: { readonly member: StaffView; readonly department: string | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="admin-card">
      <span className="admin-card-head">
        <strong>{member.name}</strong>
        <ActiveTag member={member} />
      </span>
      <span className="ui-quiet">
        {[t(`roles.${member.role}`), department, member.team, member.username ?? t('admin.staff.noAccount')].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}

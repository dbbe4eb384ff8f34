import { PlusOutlined } from '@ant-design/icons';
import { ACTIONS, CAPABILITIES } from '@baoke/core/access';
import type { ApiKeyView } from '@baoke/core/access/wire';
import type { CivilDate } from '@baoke/core/kernel';
import {
  EscapablePopover,
  DateField,
  DateText,
  FormDialog,
  ListPage,
  StatusTag,
  useNow,
  useShortcut,
  useUi,
  type ListColumn,
  type Tone,
  useToast,
} from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useListLayout } from '../../shell/lists.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { useToday } from '../../shell/today.ts';
import './admin.css';
import { partsOfScope, readKeysSearch, type KeysSearch } from './search.ts';
import { SecretDialog } from './SecretDialog.tsx';

type KeyStatus = 'active' | 'expired' | 'revoked';
const TONES: Readonly<Record<KeyStatus, Tone>> = { active: 'good', expired: 'neutral', revoked: 'neutral' };

/** Keys by which other systems work with the store. */
export function KeysPage() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/keys' });
  const { tab = 'active', ...filter } = search;
  const now = useNow(60_000);
  const list = useQuery(trpc.keys.list.queryOptions());
  const { layout, onLayout } = useListLayout('keys');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string }>();
  const mayEdit = me.can('integrations', 'edit');
  useShortcut('c', t('admin.keys.create'), () => setAdding(true), { enabled: mayEdit });
  const go = (next: KeysSearch) => void navigate({ ...paths.keys(), search: readKeysSearch(next) });
  const statusOf = (key: ApiKeyView): KeyStatus =>
    key.revokedAt !== null ? 'revoked' : key.expiresAt !== null && Date.parse(key.expiresAt) <= now ? 'expired' : 'active';
  const isIn = (key: ApiKeyView, which: 'active' | 'ended') => (statusOf(key) === 'active') === (which === 'active');
  const keys = list.data?.keys;
  const reload = () => queryClient.invalidateQueries(trpc.keys.pathFilter());
  const revoke = (key: ApiKeyView) =>
    modal.confirm({
      title: t('admin.keys.revokeTitle', { name: key.name }),
      content: t('admin.keys.revokeHint'),
      okText: t('admin.keys.revoke'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await client.keys.revoke.mutate({ id: key.id });
          toast.success(t('admin.keys.revoked', { name: key.name }));
          await reload();
        } catch (error) {
          toast.error(describeFailure(error).text);
        }
      },
    });
  return (
    <>
      {asking}
      <ListPage<ApiKeyView, Pick<KeysSearch, 'name'>>
        title={t('admin.keys.title')}
        hint={t('admin.keys.hint')}
        actions={
          <>
            <Button href="/docs" target="_blank">
              {t('admin.keys.docs')}
            </Button>
            {mayEdit && (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
                {t('admin.keys.create')}
              </Button>
            )}
          </>
        }
        scopes={{
          active: tab,
          onChange: (key) => go({ ...search, tab: key === 'ended' ? 'ended' : undefined }),
          list: (['active', 'ended'] as const).map((which) => ({
            key: which,
            label: t(`admin.keys.tabs.${which}`),
            count: keys?.filter((key) => isIn(key, which)).length,
          })),
        }}
        fields={[{ name: 'name', label: t('admin.keys.name'), control: <Input allowClear maxLength={60} /> }]}
        filter={filter}
        onFilter={(conditions) => go({ ...conditions, tab: search.tab })}
        columns={useColumns(statusOf)}
        rowKey={(key) => key.id}
        rows={keys
          ?.filter((key) => isIn(key, tab) && key.name.toLowerCase().includes((filter.name ?? '').toLowerCase()))
          .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))}
        error={list.data ? null : list.error}
        refreshing={list.isFetching}
        onRefresh={() => void reload()}
        card={(key) => (
          <div className="admin-card">
            <span className="admin-card-head">
              <strong>{key.name}</strong>
              <StatusTag tone={TONES[statusOf(key)]}>{t(`admin.keys.statuses.${statusOf(key)}`)}</StatusTag>
            </span>
            <span className="ui-quiet">
              <code>{key.prefix}…</code> · {t('admin.keys.scopeCount', { count: key.scopes.length })}
            </span>
          </div>
        )}
        rowActions={
          mayEdit
            ? (key) => (statusOf(key) === 'active' ? [{ key: 'revoke', label: t('admin.keys.revoke'), run: () => void revoke(key) }] : [])
            : undefined
        }
        actionsTitle={t('common.actions')}
        layout={layout}
        onLayout={onLayout}
        empty={{
          title: t('admin.keys.emptyTitle'),
          hint: t('admin.keys.emptyHint'),
          action: mayEdit && <Button onClick={() => setAdding(true)}>{t('admin.keys.create')}</Button>,
        }}
      />
      {adding && (
        <KeyDialog
          scopes={list.data?.scopes ?? []}
          onClose={() => setAdding(false)}
          onMade={(name, secret) => {
            setMade({ name, secret });
            void reload();
          }}
        />
      )}
      {made && (
        <SecretDialog
          title={t('admin.keys.secretTitle', { name: made.name })}
          hint={t('admin.keys.secretHint')}
          secret={made.secret}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}

function useColumns(statusOf: (key: ApiKeyView) => KeyStatus): readonly ListColumn<ApiKeyView>[] {
  const { t } = useTranslation();
  return [
    { key: 'name', title: t('admin.keys.name'), fixed: 'left', render: ({ name }) => <strong>{name}</strong> },
    { key: 'prefix', title: t('admin.keys.prefix'), render: ({ prefix }) => <code>{prefix}…</code> },
    { key: 'scopes', title: t('admin.keys.scopes'), render: ({ scopes }) => <Scopes scopes={scopes} /> },
    { key: 'createdAt', title: t('admin.keys.createdAt'), render: ({ createdAt }) => <DateText at={createdAt} /> },
    {
      key: 'expiresAt',
      title: t('admin.keys.expiresAt'),
      render: ({ expiresAt }) => (expiresAt ? <DateText at={expiresAt} /> : t('admin.keys.neverExpires')),
    },
    {
      key: 'status',
      title: t('common.status'),
      width: 96,
      render: (key) => <StatusTag tone={TONES[statusOf(key)]}>{t(`admin.keys.statuses.${statusOf(key)}`)}</StatusTag>,
    },
  ];
}

/** How many rights a key has; which ones on request. */
function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  const { t } = useTranslation();
  const lines = CAPABILITIES.flatMap((capability) => {
    const actions = ACTIONS.filter((action) => scopes.includes(`${capability}:${action}`));
    return actions.length === 0
      ? []
      : [`${t(`access.capabilities.${capability}`)}: ${actions.map((action) => t(`access.actions.${action}`)).join(', ')}`];
  });
  return (
    <EscapablePopover
      placement="top"
      content={
        <ul className="admin-scope-list">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      }
    >
      <Button type="link" size="small" className="admin-inline">
        {t('admin.keys.scopeCount', { count: scopes.length })}
      </Button>
    </EscapablePopover>
  );
}

type Values = { readonly name: string; readonly scopes: readonly string[]; readonly expiresOn?: CivilDate | null };
type DialogProps = {
  readonly scopes: readonly string[];
  readonly onClose: () => void;
  readonly onMade: (name: string, secret: string) => void;
};

function KeyDialog({ scopes, onClose, onMade }: DialogProps) {
  const { t } = useTranslation();
  const today = useToday();
  const { client } = useApi();
  return (
    <FormDialog<Values>
      draftKey="key.new"
      title={t('admin.keys.create')}
      submitText={t('admin.keys.create')}
      initial={{ scopes: [] }}
      onSubmit={async ({ name, scopes: chosen, expiresOn }) => {
        const { secret } = await client.keys.create.mutate({ name, scopes: [...chosen], expiresOn: expiresOn ?? null });
        onMade(name, secret);
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('admin.keys.name')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input maxLength={60} placeholder={t('admin.keys.namePlaceholder')} />
      </Form.Item>
      <Form.Item name="expiresOn" label={t('admin.keys.expiresOn')}>
        <DateField placeholder={t('admin.keys.neverExpires')} min={today} />
      </Form.Item>
      <Form.Item
        name="scopes"
        label={t('admin.keys.scopes')}
        rules={[{ type: 'array', min: 1, required: true, message: t('admin.keys.scopesMissing') }]}
      >
        <ScopeMatrix offered={scopes} />
      </Form.Item>
    </FormDialog>
  );
}

type MatrixProps = {
  readonly id?: string;
  readonly offered: readonly string[];
  readonly value?: readonly string[];
  readonly onChange?: (scopes: readonly string[]) => void;
};

/** Rights of a key, a box for each; the head of a column ticks all of it. */
function ScopeMatrix({ id, offered, value = [], onChange }: MatrixProps) {
  const { t } = useTranslation();
  const columns = ACTIONS.map((action) => ({ action, all: offered.filter((scope) => partsOfScope(scope)?.action === action) }));
  const set = (scopes: readonly string[], on: boolean) =>
    onChange?.(on ? [...new Set([...value, ...scopes])] : value.filter((scope) => !scopes.includes(scope)));
  return (
    <div className="admin-scopes" id={id}>
      <table className="admin-matrix">
        <thead>
          <tr>
            <th scope="col">{t('admin.rights.capability')}</th>
            {columns.map(({ action, all }) => {
              const held = all.filter((scope) => value.includes(scope)).length;
              return (
                <th key={action} scope="col">
                  <Checkbox
                    checked={held === all.length && held > 0}
                    indeterminate={held > 0 && held < all.length}
                    onChange={({ target }) => set(all, target.checked)}
                    aria-label={t('admin.keys.scopesAll', { action: t(`access.actions.${action}`) })}
                  >
                    {t(`access.actions.${action}`)}
                  </Checkbox>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {CAPABILITIES.map((capability) => (
            <tr key={capability}>
              <th scope="row">{t(`access.capabilities.${capability}`)}</th>
              {ACTIONS.map((action) => {
                const scope = `${capability}:${action}`;
                return (
                  <td key={action}>
                    {offered.includes(scope) && (
                      <Checkbox
                        checked={value.includes(scope)}
                        onChange={({ target }) => set([scope], target.checked)}
                        aria-label={`${t(`access.capabilities.${capability}`)} ${t(`access.actions.${action}`)}`}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

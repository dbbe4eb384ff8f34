import { RollbackOutlined } from '@ant-design/icons';
import { ACTIONS, CAPABILITIES, ROLES, SCOPES, type Action, type Capability, type Role, type Scope } from '@baoke/core/access';
import { EmptyState, usePhone, useUi, useToast } from '@baoke/ui';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Modal, Segmented, Select, Switch, Tooltip } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './admin.css';
import type { RightsSearch } from './search.ts';

type Cell = {
  readonly role: Role;
  readonly capability: Capability;
  readonly action: Action;
  readonly scope: Scope;
  readonly shipped: Scope;
};
const isChanged = ({ scope, shipped }: Cell) => scope !== shipped;

/** What each role may do here: one role over all parts, or one part over all roles. What differs from the shipped value is marked. */
export function RightsPage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/rights' });
  const { data } = useSuspenseQuery(trpc.rights.get.queryOptions());
  const { asking, save, saveAll, saving } = useSaveRight();
  const cells: readonly Cell[] = data.rights;
  const go = (next: RightsSearch) => void navigate({ ...paths.rights(), search: next });
  const byCapability = search.capability !== undefined;
  const role = search.role ?? me.role;
  const chosen = byCapability ? cells.filter((cell) => cell.capability === search.capability) : cells.filter((cell) => cell.role === role);
  const rows = (byCapability ? ROLES : CAPABILITIES)
    .map((key) => ({
      key,
      label: byCapability ? t(`roles.${key as Role}`) : t(`access.capabilities.${key as Capability}`),
      cells: chosen.filter((cell) => (byCapability ? cell.role : cell.capability) === key),
    }))
    .filter((row) => !search.changed || row.cells.some(isChanged));
  const changed = chosen.filter(isChanged);
  const mayDecide = me.can('settings', 'decide');
  const name = search.capability ? t(`access.capabilities.${search.capability}`) : t(`roles.${role}`);
  return (
    <section aria-label={t('admin.rights.title')}>
      {asking}
      <header className="ui-page-head">
        <div>
          <h1>{t('admin.rights.title')}</h1>
          <p className="ui-quiet">{t('admin.rights.hint')}</p>
        </div>
        <Segmented
          value={byCapability ? 'capability' : 'role'}
          options={[
            { value: 'role', label: t('admin.rights.byRole') },
            { value: 'capability', label: t('admin.rights.byCapability') },
          ]}
          onChange={(by) => go({ ...(by === 'capability' ? { capability: 'customers' } : { role }), changed: search.changed })}
        />
      </header>
      {!mayDecide && <Alert type="info" showIcon className="ui-form-alert" title={t('admin.rights.readOnly')} />}
      <div className="admin-rights">
        <Subjects
          cells={cells}
          byCapability={byCapability}
          active={search.capability ?? role}
          onPick={(next) => go({ ...next, changed: search.changed })}
        />
        <div className="ui-panel">
          <div className="admin-rights-head">
            <h2>{name}</h2>
            <span className={changed.length > 0 ? 'admin-changed-word' : 'ui-quiet'}>
              {t('admin.rights.changedCount', { count: changed.length })}
            </span>
            <label className="admin-only">
              <Switch size="small" checked={search.changed === true} onChange={(only) => go({ ...search, changed: only || undefined })} />
              {t('admin.rights.onlyChanged')}
            </label>
            {mayDecide && changed.length > 0 && (
              <ResetAll
                name={name}
                count={changed.length}
                onReset={() => saveAll(changed.map((cell) => ({ ...cell, scope: cell.shipped })))}
              />
            )}
          </div>
          {rows.length === 0 ? (
            <EmptyState title={t('admin.rights.noneChanged')} hint={t('admin.rights.noneChangedHint')} />
          ) : (
            <table className="admin-matrix">
              <thead>
                <tr>
                  <th scope="col">{t(byCapability ? 'admin.rights.role' : 'admin.rights.capability')}</th>
                  {ACTIONS.map((action) => (
                    <th key={action} scope="col">
                      {t(`access.actions.${action}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.key}>
                    <th scope="row">{row.label}</th>
                    {row.cells.map((cell) => (
                      <td key={cell.action}>
                        <RightCell cell={cell} readOnly={!mayDecide} saving={saving} onSet={(scope) => save(cell, scope)} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      </div>
    </section>
  );
}

type SubjectsProps = {
  readonly cells: readonly Cell[];
  readonly byCapability: boolean;
  readonly active: Role | Capability;
  readonly onPick: (next: RightsSearch) => void;
};

/** The roles, or the parts, each with how many of its rights differ. */
function Subjects({ cells, byCapability, active, onPick }: SubjectsProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const counts = Map.groupBy(cells.filter(isChanged), (cell) => (byCapability ? cell.capability : cell.role));
  const subjects = (byCapability ? CAPABILITIES : ROLES).map((key) => ({
    key,
    label: byCapability ? t(`access.capabilities.${key as Capability}`) : t(`roles.${key as Role}`),
    changed: counts.get(key)?.length ?? 0,
    pick: () => onPick(byCapability ? { capability: key as Capability } : { role: key as Role }),
  }));
  if (phone)
    return (
      <Select
        className="ui-wide"
        value={active}
        aria-label={t(byCapability ? 'admin.rights.capability' : 'admin.rights.role')}
        options={subjects.map(({ key, label, changed }) => ({
          value: key,
          label: changed > 0 ? `${label}（${t('admin.rights.changedCount', { count: changed })}）` : label,
        }))}
        onChange={(key) => subjects.find((subject) => subject.key === key)?.pick()}
      />
    );
  return (
    <nav ref={list} className="ui-panel admin-subjects" aria-label={t(byCapability ? 'admin.rights.capability' : 'admin.rights.role')}>
      {subjects.map(({ key, label, changed, pick }) => (
        <button key={key} type="button" aria-current={key === active} onClick={pick}>
          {label}
          {changed > 0 && (
            <span className="ui-count" title={t('admin.rights.changedCount', { count: changed })}>
              {changed}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

type CellProps = { readonly cell: Cell; readonly readOnly: boolean; readonly saving: boolean; readonly onSet: (scope: Scope) => void };

function RightCell({ cell, readOnly, saving, onSet }: CellProps) {
  const { t } = useTranslation();
  const { role, capability, action, scope, shipped } = cell;
  const name = t('admin.rights.cell', {
    role: t(`roles.${role}`),
    capability: t(`access.capabilities.${capability}`),
    action: t(`access.actions.${action}`),
  });
  const changed = isChanged(cell);
  const shippedText = t('admin.rights.shipped', { scope: t(`access.scopes.${shipped}`) });
  return (
    <div className={changed ? 'admin-right admin-right-changed' : 'admin-right'}>
      <span className="admin-right-action">{t(`access.actions.${action}`)}</span>
      {readOnly ? (
        <span className={scope === 'none' ? 'ui-quiet' : undefined}>{t(`access.scopes.${scope}`)}</span>
      ) : (
        <Select<Scope>
          size="small"
          variant="filled"
          className={scope === 'none' ? 'admin-right-none' : undefined}
          aria-label={name}
          value={scope}
          disabled={saving}
          popupMatchSelectWidth={false}
          options={SCOPES.map((value) => ({ value, label: t(`access.scopes.${value}`) }))}
          onChange={onSet}
        />
      )}
      {changed && (
        <span className="admin-right-was">
          <span>{shippedText}</span>
          {!readOnly && (
            <Tooltip title={t('admin.rights.reset')}>
              <Button
                type="text"
                size="small"
                icon={<RollbackOutlined />}
                aria-label={`${t('admin.rights.reset')} ${name}`}
                onClick={() => onSet(shipped)}
              />
            </Tooltip>
          )}
        </span>
      )}
    </div>
  );
}

function ResetAll({ name, count, onReset }: { readonly name: string; readonly count: number; readonly onReset: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const [modal, asking] = Modal.useModal();
  return (
    <>
      {asking}
      <Button
        size="small"
        icon={<RollbackOutlined />}
        onClick={() =>
          void modal.confirm({
            title: t('admin.rights.resetAllTitle', { name, count }),
            okText: t('admin.rights.resetAll'),
            cancelText: t('common.cancel'),
            onOk: onReset,
          })
        }
      >
        {t('admin.rights.resetAll')}
      </Button>
    </>
  );
}

/** Saves a cell and offers to take it back. Whoever would lock himself out of this page is asked first. */
function useSaveRight() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const me = useMe();
  const set = useMutation({
    mutationFn: async (cells: readonly Cell[]) => {
      for (const { role, capability, action, scope } of cells) await client.rights.set.mutate({ role, capability, action, scope });
    },
    onError: (error) => toast.error(describeFailure(error).text),
    // One's own rights may be among them, and they decide what the shell shows.
    onSettled: () =>
      Promise.all([queryClient.invalidateQueries(trpc.rights.pathFilter()), queryClient.invalidateQueries({ queryKey: ['me'] })]),
  });
  const store = (cell: Cell, scope: Scope) =>
    set.mutate([{ ...cell, scope }], {
      onSuccess: () => {
        const key = `${cell.role}.${cell.capability}.${cell.action}`;
        const undo = () => {
          toast.destroy(key);
          set.mutate([cell]);
        };
        toast.success({
          key,
          duration: 10,
          content: (
            <>
              {t('admin.rights.saved', {
                role: t(`roles.${cell.role}`),
                capability: t(`access.capabilities.${cell.capability}`),
                action: t(`access.actions.${cell.action}`),
                before: t(`access.scopes.${cell.scope}`),
                after: t(`access.scopes.${scope}`),
              })}
              <Button type="link" size="small" onClick={undo}>
                {t('admin.rights.undo')}
              </Button>
            </>
          ),
        });
      },
    });
  const save = (cell: Cell, scope: Scope) => {
    const ownLock = cell.role === me.role && cell.capability === 'settings' && scope === 'none' && cell.action !== 'export';
    if (!ownLock) return store(cell, scope);
    void modal.confirm({
      title: t('admin.rights.ownTitle'),
      content: t('admin.rights.ownHint'),
      okText: t('admin.rights.ownConfirm'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: () => store(cell, scope),
    });
  };
  return { asking, save, saveAll: (cells: readonly Cell[]) => set.mutateAsync(cells), saving: set.isPending };
}

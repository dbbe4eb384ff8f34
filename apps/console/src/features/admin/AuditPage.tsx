import type { AuditEntryView } from '@baoke/core/access/wire';
import { ROLES, SCOPES } from '@baoke/core/access';
import { COMPLAINT_KINDS } from '@baoke/core/complaints';
import { addDays, isCivilDate, type Instant, type StaffId } from '@baoke/core/kernel';
import { complaintKindText } from '@baoke/i18n/lazy';
import { DateRange, DateText, ListPage, NoValue, StatusTag, moreOf, type ListColumn, type QueryField, type Tone } from '@baoke/ui';
import { skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Drawer, Input, Select } from 'antd';
import type { TFunction } from 'i18next';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useListLayout, useViews } from '../../shell/lists.ts';
import { pagesOf } from '../../shell/paging.ts';
import { pathOfRecord, paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './admin.css';
import { changesOf, type Change } from './changes.ts';
import { CODES_OF } from './codes.ts';
import { partsOfScope, readAuditSearch, type AuditFilter } from './search.ts';

type Entry = AuditEntryView;
const ENTITIES = [
  'customer',
  'vehicle',
  'contact',
  'task',
  'complaint',
  'imports',
  'care_rule',
  'store',
  'staff',
  'setting',
  'right',
  'api_key',
  'account',
  'audit',
] as const;
const ACTOR_TONES: Readonly<Record<Entry['actorKind'], Tone>> = { staff: 'neutral', api_key: 'info', system: 'warn' };

/** Who did what to which record. */
export function AuditPage() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const filter = useSearch({ from: '/signed-in/audit' });
  const { to, ...conditions } = filter;
  // The address names the last day, the server the day after it.
  const input = { ...conditions, ...(to ? { to: addDays(to, 1) } : {}) };
  const list = useInfiniteQuery(pagesOf(trpc.audit.list.infiniteQueryKey(input), (page) => client.audit.list.query({ ...input, ...page })));
  const { layout, onLayout } = useListLayout('audit');
  const [open, setOpen] = useState<Entry>();
  const go = (next: AuditFilter) => void navigate({ ...paths.audit(), search: readAuditSearch(next) });
  const views = useViews('audit', filter, go);
  return (
    <>
      <ListPage<Entry, AuditFilter>
        title={t('admin.audit.title')}
        hint={t('admin.audit.hint')}
        actions={me.can('audit', 'export') && <ExportButton take={(as) => client.audit.export.mutate({ ...input, ...as })} />}
        fields={useFields()}
        filter={filter}
        onFilter={go}
        columns={useColumns(setOpen)}
        rowKey={(entry) => entry.id}
        rows={list.data?.pages.flatMap((page) => page.items)}
        error={list.data ? null : list.error}
        refreshing={list.isFetching}
        onRefresh={() => void queryClient.invalidateQueries(trpc.audit.pathFilter())}
        more={moreOf(list)}
        card={(entry) => <EntryCard entry={entry} onOpen={() => setOpen(entry)} />}
        layout={layout}
        onLayout={onLayout}
        views={views}
        empty={{ title: t('admin.audit.emptyTitle'), hint: t('admin.audit.emptyHint') }}
      />
      <Drawer open={open !== undefined} onClose={() => setOpen(undefined)} size={640} title={t('admin.audit.detail')} destroyOnHidden>
        {open && <EntryDetail entry={open} onGo={() => setOpen(undefined)} />}
      </Drawer>
    </>
  );
}

function EntryCard({ entry, onOpen }: { readonly entry: Entry; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const changed = changesOf(entry.before, entry.after).length;
  return (
    <button type="button" className="admin-card" onClick={onOpen}>
      <span className="admin-card-head">
        <strong>{actionText(t, entry.action)}</strong>
        <span className="ui-quiet">
          <DateText at={entry.at} />
        </span>
      </span>
      <span className="ui-quiet">
        {[entry.actorName, entityText(t, entry.entity), changed > 0 && t('admin.audit.changeCount', { count: changed })]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </button>
  );
}

function useStaffNames() {
  const { trpc } = useApi();
  const me = useMe();
  const { data } = useQuery(trpc.staff.list.queryOptions(me.can('staff', 'view') ? undefined : skipToken));
  return { staff: data?.staff ?? [], departments: data?.departments ?? [] };
}

function useFields(): readonly QueryField<AuditFilter>[] {
  const { t } = useTranslation();
  const { staff } = useStaffNames();
  const choice = { allowClear: true, showSearch: { optionFilterProp: 'label' }, placeholder: t('common.all') } as const;
  return [
    {
      name: 'actorId',
      label: t('admin.audit.actor'),
      control: <Select {...choice} options={staff.map(({ id, name }) => ({ value: id, label: name }))} />,
    },
    {
      name: 'entity',
      label: t('admin.audit.entity'),
      control: <Select {...choice} options={ENTITIES.map((value) => ({ value, label: t(`admin.audit.entities.${value}`) }))} />,
    },
    { names: ['from', 'to'], label: t('common.period'), control: <DateRange /> },
    { name: 'entityId', label: t('admin.audit.recordId'), control: <Input allowClear maxLength={60} /> },
  ];
}

function useColumns(open: (entry: Entry) => void): readonly ListColumn<Entry>[] {
  const { t } = useTranslation();
  return [
    { key: 'at', title: t('admin.audit.at'), fixed: 'left', width: 142, render: ({ at }) => <DateText at={at} /> },
    { key: 'actor', title: t('admin.audit.actor'), width: 130, render: (entry) => <Actor entry={entry} /> },
    {
      key: 'action',
      title: t('admin.audit.action'),
      width: 140,
      render: (entry) => (
        <Button type="link" size="small" className="admin-inline" onClick={() => open(entry)}>
          {actionText(t, entry.action)}
        </Button>
      ),
    },
    { key: 'entity', title: t('admin.audit.entity'), render: ({ entity }) => entityText(t, entity) },
    {
      key: 'changes',
      title: t('admin.audit.changes'),
      width: 280,
      grows: true,
      render: (entry) =>
        entry.withheld ? (
          <span className="ui-quiet">{t('admin.audit.withheld')}</span>
        ) : (
          <Summary entity={entry.entity} changes={changesOf(entry.before, entry.after)} />
        ),
    },
    { key: 'record', title: t('admin.audit.recordId'), hidden: true, render: ({ entityId }) => <code>{entityId}</code> },
    { key: 'ip', title: t('admin.audit.ip'), render: ({ ip }) => ip ?? <NoValue /> },
  ];
}

function Actor({ entry: { actorKind, actorName } }: { readonly entry: Entry }) {
  const { t } = useTranslation();
  return (
    <span className="admin-actor">
      {actorName}
      {actorKind !== 'staff' && <StatusTag tone={ACTOR_TONES[actorKind]}>{t(`admin.audit.actorKinds.${actorKind}`)}</StatusTag>}
    </span>
  );
}

const SUMMARY_FIELDS = 2;

/** The first changes in one line; the rest by number. */
function Summary({ entity, changes }: { readonly entity: string; readonly changes: readonly Change[] }) {
  const { t } = useTranslation();
  const show = useValueText();
  // A number of a record nobody knows by it says nothing in one line.
  const telling = changes.filter(({ path, before, after }) => path !== 'version' && !isId(show(entity, path, after ?? before)));
  if (telling.length === 0) return <NoValue />;
  const parts = telling
    .slice(0, SUMMARY_FIELDS)
    .map(({ path, before, after }) =>
      before === undefined || before === null
        ? `${fieldText(t, path)}: ${show(entity, path, after)}`
        : `${fieldText(t, path)}: ${show(entity, path, before)} → ${show(entity, path, after)}`,
    );
  const rest = telling.length - parts.length;
  return <span className="admin-summary">{[...parts, ...(rest > 0 ? [`+${rest}`] : [])].join('; ')}</span>;
}

function EntryDetail({ entry, onGo }: { readonly entry: Entry; readonly onGo: () => void }) {
  const { t } = useTranslation();
  const { staff } = useStaffNames();
  const changes = changesOf(entry.before, entry.after);
  const record = pathOfRecord(entry.entity, entry.entityId);
  const actorId = staff.find(({ name }) => name === entry.actorName)?.id;
  return (
    <>
      <dl className="ui-facts">
        <Fact label={t('admin.audit.action')} value={actionText(t, entry.action)} />
        <Fact label={t('admin.audit.at')} value={<DateText at={entry.at} />} />
        <Fact label={t('admin.audit.actor')} value={<Actor entry={entry} />} />
        <Fact label={t('admin.audit.ip')} value={entry.ip ?? <NoValue />} />
        <Fact label={t('admin.audit.entity')} value={entityText(t, entry.entity)} />
        <Fact label={t('admin.audit.recordId')} value={<code>{entry.entityId}</code>} />
      </dl>
      <p className="admin-links">
        {record && (
          <Link {...record} onClick={onGo}>
            {t('admin.audit.openRecord')}
          </Link>
        )}
        <Link {...paths.audit({ entity: entry.entity, entityId: entry.entityId })} onClick={onGo}>
          {t('admin.audit.sameRecord')}
        </Link>
        {actorId && (
          <Link {...paths.audit({ actorId: actorId as StaffId })} onClick={onGo}>
            {t('admin.audit.samePerson')}
          </Link>
        )}
      </p>
      {changes.length === 0 ? (
        <p className="ui-quiet">{t(entry.withheld ? 'admin.audit.withheld' : 'admin.audit.noChanges')}</p>
      ) : (
        <Diff entity={entry.entity} changes={changes} onGo={onGo} />
      )}
    </>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What a field names by its number. */
const NAMED: Readonly<Record<string, string>> = {
  customerId: 'customer',
  ownerId: 'customer',
  vehicleId: 'vehicle',
  complaintId: 'complaint',
};

/** Before and after side by side; what was taken away and what came are marked by sign and colour. */
function Diff(props: { readonly entity: string; readonly changes: readonly Change[]; readonly onGo: () => void }) {
  const { entity, changes, onGo } = props;
  const { t } = useTranslation();
  const show = useValueText();
  const linked = (path: string, value: unknown) => {
    const text = show(entity, path, value);
    const record = pathOfRecord(NAMED[path.split('.').at(-1) ?? path] ?? null, text);
    if (!record || !isId(text)) return text;
    return (
      <Link {...record} onClick={onGo}>
        {t('admin.audit.openRecord')}
      </Link>
    );
  };
  return (
    <table className="admin-diff">
      <thead>
        <tr>
          <th scope="col">{t('admin.audit.field')}</th>
          <th scope="col">{t('admin.audit.before')}</th>
          <th scope="col">{t('admin.audit.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{fieldText(t, path)}</th>
            <td>{isThere(before) ? <del>{linked(path, before)}</del> : <NoValue />}</td>
            <td>{isThere(after) ? <ins>{linked(path, after)}</ins> : <NoValue />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isId = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
const isThere = (value: unknown) => value !== null && value !== undefined && value !== '';

/** A stored value of a kind of record as people read it: names for ids, words for codes, the store's clock for instants. */
function useValueText(): (entity: string, path: string, value: unknown) => string {
  const { t, i18n } = useTranslation();
  const { dateTime } = useFormats();
  const { staff, departments } = useStaffNames();
  return (entity, path, value) => {
    const codes = CODES_OF[entity] ?? {};
    // What is named in both languages is called by the reader's; of anything else each part is told.
    const within = (value: object): string => {
      const { zh, en } = value as { readonly zh?: unknown; readonly en?: unknown };
      if (typeof zh === 'string' && typeof en === 'string') return i18n.language === 'en' ? en : zh;
      return Object.entries(value)
        .filter(([, part]) => isThere(part))
        .map(([key, part]) => `${fieldText(t, key)} ${show(key, part)}`)
        .join(t('common.listMark'));
    };
    const show = (path: string, value: unknown): string => {
      if (!isThere(value)) return '–';
      if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
      if (Array.isArray(value)) return value.map((item) => show(path, item)).join(', ');
      if (typeof value === 'object' && value !== null) return within(value);
      if (typeof value !== 'string') return String(value);
      const right = partsOfScope(value);
      if (right) return `${t(`access.capabilities.${right.capability}`)} · ${t(`access.actions.${right.action}`)}`;
      const field = path.split('.').at(-1) ?? path;
      const role = ROLES.find((known) => known === value);
      if (role) return t(`roles.${role}`);
      const kind = COMPLAINT_KINDS.find((known) => known === value);
      if (kind) return complaintKindText(t, kind);
      const list = codes[field];
      if (list) return word(t, `${list}.${value}`, value);
      const scope = SCOPES.find((known) => known === value);
      if (scope && field === 'scope') return t(`access.scopes.${scope}`);
      if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return dateTime(value as Instant);
      if (isCivilDate(value)) return value;
      return staff.find(({ id }) => id === value)?.name ?? departments.find(({ id }) => id === value)?.name ?? value;
    };
    return show(path, value);
  };
}

// Codes of the log come from the server and from parts that grow: one without words shows itself.
function word(t: TFunction, key: string, code: string): string {
  return (t as unknown as (key: string, options: object) => string)(key, { defaultValue: code });
}

function actionText(t: TFunction, action: string): string {
  return word(t, `admin.audit.actions.${action.replace('.', '|')}`, action);
}

function entityText(t: TFunction, entity: string): string {
  return word(t, `admin.audit.entities.${entity}`, entity);
}

function fieldText(t: TFunction, path: string): string {
  return path
    .split('.')
    .map((step) => word(t, `admin.audit.fields.${step}`, step))
    .join(' / ');
}

import { ColumnHeightOutlined, FullscreenExitOutlined, FullscreenOutlined, ReloadOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { ColumnSettings } from './ColumnSettings.tsx';
import { shippedLayout, type ListLayout } from './list-layout.ts';
import type { ListTable } from './ListTable.tsx';
import { QueryForm, type QueryField } from './QueryForm.tsx';
import { SavedViews, type Views } from './SavedViews.tsx';
import { SortSelect } from './SortSelect.tsx';
import { useShortcut } from './shortcuts.tsx';
import { EmptyState, ErrorState, LoadingState, MoreButton, type More } from './states.tsx';
import { useUi } from './UiProvider.tsx';
import { usePhone } from './use-media.ts';
import { CountMark } from './values.tsx';

export type ListColumn<Row> = {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  /** Figures stand right-aligned, digit under digit. */
  readonly numeric?: boolean;
  /** The least it is drawn in; longer words break. */
  readonly width?: number;
  /** Takes what is left of the page: the one column whose text has no usual length. */
  readonly grows?: boolean;
  readonly fixed?: 'left' | 'right';
  readonly sortable?: boolean;
  /** The first click goes upwards: names begin at A, days at the latest. */
  readonly ascendsFirst?: boolean;
  /** Hidden until the person asks for it. */
  readonly hidden?: boolean;
};

export type Sort = { readonly key: string; readonly descending: boolean };
export type Scope = { readonly key: string; readonly label: string; readonly count?: number | undefined; readonly urgent?: boolean };
export type RowAction = { readonly key: string; readonly label: string; readonly run: () => void };

export type Selection = {
  readonly keys: readonly string[];
  readonly onChange: (keys: readonly string[]) => void;
  /** How many rows the filter finds; undefined while nobody counted them. */
  readonly total?: number | undefined;
  /** The filter finds more than this, which is the most that can be chosen. */
  readonly beyond?: number | undefined;
  readonly allResults: boolean;
  readonly onAllResults: (all: boolean) => void;
  readonly actions: ReactNode;
};

export type ListPageProps<Row, Filter extends object> = {
  readonly title: string;
  readonly hint?: string;
  readonly actions?: ReactNode;
  readonly scopes?: { readonly list: readonly Scope[]; readonly active: string; readonly onChange: (key: string) => void };
  /** What stands between the tabs and the conditions, where there is no room beside the list. */
  readonly lead?: ReactNode;
  readonly fields: readonly QueryField<Filter>[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly columns: readonly ListColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rows: readonly Row[] | undefined;
  readonly error?: unknown;
  readonly refreshing?: boolean;
  readonly onRefresh: () => void;
  readonly more?: More | undefined;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** The row on a phone. */
  readonly card: (row: Row) => ReactNode;
  readonly rowActions?: (row: Row) => readonly RowAction[];
  readonly actionsTitle?: string;
  readonly rowClass?: (row: Row) => string;
  readonly layout: ListLayout | undefined;
  readonly onLayout: (layout: ListLayout) => void;
  readonly views?: Views;
  readonly selection?: Selection;
  readonly toolbar?: ReactNode;
  readonly empty: { readonly title: string; readonly hint?: string; readonly action?: ReactNode };
};

const SHOWN_ACTIONS = 2;

// The table weighs more than the page around it, and phones show cards. `lazy` forgets that the component is generic.
const Rows = lazy(async () => ({ default: (await import('./ListTable.tsx')).ListTable })) as unknown as typeof ListTable;

/**
 * A list of records: conditions, quick scopes, table on a desk and cards on a phone, paging by key.
 * Keeps no state of the list: filter, scope, sort and layout come in and go out, so that the address bar owns them.
 */
export function ListPage<Row extends object, Filter extends object>(props: ListPageProps<Row, Filter>) {
  const {
    title,
    hint,
    actions,
    scopes,
    fields,
    filter,
    onFilter,
    columns,
    rows,
    error,
    onRefresh,
    refreshing = false,
    layout,
    onLayout,
    views,
    selection,
    toolbar,
    empty,
  } = props;
  const { words } = useUi();
  const phone = usePhone();
  const frame = useRef<HTMLElement>(null);
  const [full, toggleFull] = useFullScreen(frame);
  useShortcut('j', words('nextRow'), () => focusRow(frame.current, 1));
  useShortcut('k', words('previousRow'), () => focusRow(frame.current, -1));
  const dense = (layout ?? shippedLayout(columns)).dense;
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <section className="ui-list" ref={frame} aria-label={title}>
      <header className="ui-page-head">
        <div>
          <h1>{title}</h1>
          {hint && !phone && <p className="ui-quiet">{hint}</p>}
        </div>
        <div className="ui-page-actions">{actions}</div>
      </header>
      {scopes && (
        <nav className="ui-scopes" aria-label={words('scopes')}>
          {scopes.list.map(({ key, label, count, urgent }) => (
            <button key={key} type="button" aria-pressed={key === scopes.active} onClick={() => scopes.onChange(key)}>
              {label}
              {count !== undefined && <CountMark count={count} urgent={urgent} />}
            </button>
          ))}
        </nav>
      )}
      {props.lead}
      {fields.length > 0 && (
        <div className="ui-panel">
          <QueryForm fields={fields} value={filter} onChange={onFilter} />
        </div>
      )}
      <div className="ui-panel ui-list-body">
        {selection && selection.keys.length > 0 && !phone ? (
          <SelectionBar selection={selection} />
        ) : (
          <div className="ui-toolbar">
            <span className="ui-quiet">
              {rows && rows.length > 0 && words(props.more ? 'loaded' : 'loadedAll', { count: rows.length })}
            </span>
            <span className="ui-toolbar-right">
              {toolbar}
              {phone && props.sort && props.onSort && <SortSelect columns={columns} sort={props.sort} onSort={props.onSort} />}
              {views && <SavedViews {...views} />}
              <Tooltip title={words('refresh')}>
                <Button type="text" icon={<ReloadOutlined spin={refreshing} />} aria-label={words('refresh')} onClick={onRefresh} />
              </Tooltip>
              {!phone && (
                <>
                  <Tooltip title={`${words('density')}: ${words(dense ? 'compact' : 'comfortable')}`}>
                    <Button
                      type="text"
                      icon={<ColumnHeightOutlined />}
                      aria-label={words('density')}
                      aria-pressed={!dense}
                      onClick={() => onLayout({ ...(layout ?? shippedLayout(columns)), dense: !dense })}
                    />
                  </Tooltip>
                  <ColumnSettings columns={columns} layout={layout} onLayout={onLayout} />
                  <Tooltip title={words(full ? 'leaveFullScreen' : 'fullScreen')}>
                    <Button
                      type="text"
                      icon={full ? <FullscreenExitOutlined /> : <FullscreenOutlined />}
                      aria-label={words(full ? 'leaveFullScreen' : 'fullScreen')}
                      onClick={toggleFull}
                    />
                  </Tooltip>
                </>
              )}
            </span>
          </div>
        )}
        {error !== undefined && error !== null ? (
          <ErrorState error={error} onRetry={onRefresh} />
        ) : rows === undefined ? (
          <LoadingState rows={10} />
        ) : rows.length === 0 ? (
          <EmptyState {...(filtered ? { title: words('emptyFiltered'), hint: words('emptyFilteredHint') } : empty)} />
        ) : (
          <>
            {phone ? (
              <Cards {...props} rows={rows} />
            ) : (
              <Suspense fallback={<LoadingState rows={10} />}>
                <Rows<Row>
                  {...{ columns, layout, dense, rows, selection }}
                  rowKey={props.rowKey}
                  sort={props.sort}
                  onSort={props.onSort}
                  rowActions={props.rowActions}
                  actionsTitle={props.actionsTitle}
                  rowClass={props.rowClass}
                />
              </Suspense>
            )}
            <MoreButton more={props.more} />
          </>
        )}
      </div>
    </section>
  );
}

function Cards<Row extends object, Filter extends object>({
  rows,
  rowKey,
  card,
  rowClass,
  rowActions,
}: ListPageProps<Row, Filter> & { readonly rows: readonly Row[] }) {
  return (
    <ul className="ui-cards">
      {rows.map((row) => {
        const actions = rowActions?.(row) ?? [];
        return (
          <li key={rowKey(row)} className={rowClass?.(row)}>
            {card(row)}
            {actions.length > 0 && (
              <div className="ui-card-actions">
                {actions.slice(0, SHOWN_ACTIONS).map(({ key, label, run }) => (
                  <Button key={key} onClick={run}>
                    {label}
                  </Button>
                ))}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function SelectionBar({ selection }: { readonly selection: Selection }) {
  const { words } = useUi();
  const clear = useRef<HTMLButtonElement>(null);
  const { keys, total, beyond, allResults, onAllResults, onChange, actions } = selection;
  return (
    <div className="ui-toolbar ui-selection" role="status">
      <span>
        {allResults && total !== undefined ? words('allResultsSelected', { count: total }) : words('selected', { count: keys.length })}
        {!allResults && total !== undefined && total > keys.length && (
          <Button
            type="link"
            size="small"
            onClick={() => {
              onAllResults(true);
              // This button goes: whoever is at the keyboard stands at its neighbour.
              clear.current?.focus();
            }}
          >
            {words('selectAllResults', { count: total })}
          </Button>
        )}
        {beyond !== undefined && <span className="ui-quiet ui-selection-more">{words('moreResults', { count: beyond })}</span>}
        <Button
          ref={clear}
          type="link"
          size="small"
          onClick={() => {
            onAllResults(false);
            onChange([]);
          }}
        >
          {words('clearSelection')}
        </Button>
      </span>
      <span className="ui-toolbar-right">{actions}</span>
    </div>
  );
}

// Rows are walked by their first link: focus is seen, read out, and opened with Enter, as every link is.
function focusRow(frame: HTMLElement | null, step: 1 | -1): void {
  const links = [...(frame?.querySelectorAll('tbody tr, .ui-cards > li') ?? [])].flatMap((row) => row.querySelector('a') ?? []);
  const at = links.findIndex((link) => link.closest('tr, li')?.contains(document.activeElement));
  links[at === -1 ? (step === 1 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}

function useFullScreen(frame: { readonly current: HTMLElement | null }): [boolean, () => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const follow = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, []);
  return [full, () => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen())];
}

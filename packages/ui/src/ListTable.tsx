import { MoreOutlined } from '@ant-design/icons';
import { Button, Dropdown, Table, type TableColumnsType } from 'antd';
import { arranged, isShown, type ListLayout } from './list-layout.ts';
import type { ListColumn, RowAction, Selection, Sort } from './ListPage.tsx';
import { useUi } from './UiProvider.tsx';

export type ListTableProps<Row> = {
  readonly columns: readonly ListColumn<Row>[];
  readonly layout: ListLayout | undefined;
  readonly dense: boolean;
  readonly rowKey: (row: Row) => string;
  readonly rows: readonly Row[];
  readonly sort?: Sort | undefined;
  readonly onSort?: ((sort: Sort) => void) | undefined;
  readonly rowActions?: ((row: Row) => readonly RowAction[]) | undefined;
  readonly actionsTitle?: string | undefined;
  readonly rowClass?: ((row: Row) => string) | undefined;
  readonly selection?: Selection | undefined;
};

const SHOWN_ACTIONS = 2;
const WIDTH = 110;
const ACTIONS_WIDTH = 96;
const BOX_WIDTH = 40;

/** The rows of a list on a desk. In a file of its own: a phone shows cards and never fetches the table. */
export function ListTable<Row extends object>({
  columns,
  layout,
  rowKey,
  rows,
  sort,
  onSort,
  rowActions,
  actionsTitle,
  rowClass,
  selection,
  dense,
}: ListTableProps<Row>) {
  const { words, formatCount } = useUi();
  const shown = arranged(columns, layout).filter((column) => isShown(column, layout));
  const tableColumns: TableColumnsType<Row> = shown.map(
    ({ key, title, render, numeric, width = WIDTH, grows, fixed, sortable, ascendsFirst }) => ({
      key,
      title,
      ...(grows ? {} : { width }),
      fixed,
      align: numeric ? 'right' : undefined,
      className: numeric ? 'ui-figures' : undefined,
      sorter: sortable === true,
      sortOrder: sort?.key === key ? (sort.descending ? 'descend' : 'ascend') : null,
      sortDirections: ascendsFirst ? ['ascend', 'descend', 'ascend'] : ['descend', 'ascend', 'descend'],
      render: (_: unknown, row: Row) => {
        const cell = render(row);
        return typeof cell === 'number' ? formatCount(cell) : cell;
      },
    }),
  );
  if (rowActions)
    tableColumns.push({
      key: 'actions',
      title: actionsTitle,
      fixed: 'right',
      width: ACTIONS_WIDTH,
      render: (_: unknown, row: Row) => <RowActions actions={rowActions(row)} />,
    });
  // The page is filled and nothing beyond it, until its columns no longer fit: then the rows are moved under the fixed ones.
  const least = shown.reduce((sum, { width = WIDTH }) => sum + width, 0) + (rowActions ? ACTIONS_WIDTH : 0) + (selection ? BOX_WIDTH : 0);
  return (
    <Table<Row>
      tableLayout="auto"
      size={dense ? 'small' : 'middle'}
      columns={tableColumns}
      dataSource={rows as Row[]} // antd asks for a mutable list and changes nothing in it
      rowKey={rowKey}
      rowClassName={rowClass ? (row) => rowClass(row) : undefined}
      pagination={false}
      scroll={{ x: least }}
      onChange={(_page, _filters, sorter) => {
        const chosen = Array.isArray(sorter) ? sorter[0] : sorter;
        if (chosen?.columnKey !== undefined && chosen.order)
          onSort?.({ key: String(chosen.columnKey), descending: chosen.order === 'descend' });
      }}
      rowSelection={
        selection && {
          columnWidth: BOX_WIDTH,
          selectedRowKeys: selection.allResults ? rows.map(rowKey) : (selection.keys as string[]),
          onChange: (keys) => selection.onChange(keys.map(String)),
          getCheckboxProps: () => ({ 'aria-label': words('selectRow') }) as object,
          getTitleCheckboxProps: () => ({ 'aria-label': words('selectRows') }) as object,
        }
      }
    />
  );
}

function RowActions({ actions }: { readonly actions: readonly RowAction[] }) {
  const { words } = useUi();
  const rest = actions.slice(SHOWN_ACTIONS);
  return (
    <span className="ui-row-actions">
      {actions.slice(0, SHOWN_ACTIONS).map(({ key, label, run }) => (
        <Button key={key} type="link" size="small" onClick={run}>
          {label}
        </Button>
      ))}
      {rest.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items: rest.map(({ key, label, run }) => ({ key, label, onClick: run })) }}>
          <Button type="link" size="small" icon={<MoreOutlined />} aria-label={words('more')} />
        </Dropdown>
      )}
    </span>
  );
}

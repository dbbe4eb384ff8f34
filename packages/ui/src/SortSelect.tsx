import { Select } from 'antd';
import type { Sort } from './ListPage.tsx';
import { useUi } from './UiProvider.tsx';

type Column = { readonly key: string; readonly title: string; readonly sortable?: boolean };
type Props = { readonly columns: readonly Column[]; readonly sort: Sort; readonly onSort: (sort: Sort) => void };

/** The order of a list where its columns have no heads: on a phone. */
export function SortSelect({ columns, sort, onSort }: Props) {
  const { words } = useUi();
  const sorts = columns
    .filter(({ sortable }) => sortable)
    .flatMap(({ key, title }) =>
      ([false, true] as const).map((descending) => ({
        value: `${key} ${descending}`,
        label: words(descending ? 'descendingBy' : 'ascendingBy', { column: title }),
        sort: { key, descending },
      })),
    );
  return (
    <Select
      variant="borderless"
      popupMatchSelectWidth={false}
      aria-label={words('sortBy')}
      value={`${sort.key} ${sort.descending}`}
      options={sorts}
      onChange={(chosen) => {
        const found = sorts.find(({ value }) => value === chosen);
        if (found) onSort(found.sort);
      }}
    />
  );
}

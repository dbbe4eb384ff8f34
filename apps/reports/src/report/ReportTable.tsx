import type { ReactNode } from 'react';

export type Column<Row> = {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
  readonly className?: string;
};
type Props<Row> = {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Rows that sum up others. */
  readonly isSum?: (row: Row) => boolean;
  readonly empty?: string;
};

/** A table as it is read and printed: no sorting, no paging, the first column stays in sight on a phone. */
export function ReportTable<Row>({ caption, columns, rows, rowKey, isSum, empty }: Props<Row>) {
  return (
    <div className="rp-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="rp-table">
        <caption className="rp-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, title, align, className }) => (
              <th key={key} scope="col" className={[align, className].filter(Boolean).join(' ')}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={isSum?.(row) ? 'sum' : undefined}>
              {columns.map(({ key, cell, align, className }, at) =>
                at === 0 ? (
                  <th key={key} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={key} className={[align, className].filter(Boolean).join(' ')}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length} className="rp-empty">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

import type { Column } from './ReportTable.tsx';

type Props<Row> = {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly empty: string;
};

/** The rows behind a figure on a phone: a card for each, headed by the first column, the others by name below it. */
export function RowCards<Row>({ caption, columns: [head, ...others], rows, rowKey, empty }: Props<Row>) {
  if (rows.length === 0) return <p className="ui-quiet">{empty}</p>;
  return (
    <ul className="ui-cards rp-cards" aria-label={caption}>
      {rows.map((row) => (
        <li key={rowKey(row)}>
          <strong>{head?.cell(row)}</strong>
          <dl className="ui-facts">
            {others.map(({ key, title, cell, className }) => (
              <div key={key} className={className === 'wide' ? 'ui-facts-wide' : undefined}>
                <dt>{title}</dt>
                <dd>{cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

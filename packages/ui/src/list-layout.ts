/** How one person likes one list: kept by the application, on the server. */
export type ListLayout = { readonly hidden: readonly string[]; readonly order: readonly string[]; readonly dense: boolean };

type Arrangeable = { readonly key: string; readonly hidden?: boolean };

/** The columns in the person's order; columns the layout does not know yet follow in their own. */
export function arranged<C extends Arrangeable>(columns: readonly C[], layout: ListLayout | undefined): readonly C[] {
  if (!layout || layout.order.length === 0) return columns;
  const place = new Map(layout.order.map((key, index) => [key, index]));
  return columns.toSorted((a, b) => (place.get(a.key) ?? columns.length) - (place.get(b.key) ?? columns.length));
}

/** Whether a column is shown: as the person set it, else as shipped. */
export function isShown(column: Arrangeable, layout: ListLayout | undefined): boolean {
  return layout ? !layout.hidden.includes(column.key) : column.hidden !== true;
}

/** The layout a list starts from. */
export function shippedLayout(columns: readonly Arrangeable[]): ListLayout {
  return { hidden: columns.filter((column) => column.hidden).map(({ key }) => key), order: [], dense: true };
}

/** Moves a column one place up or down among all columns; at the ends nothing moves. */
export function moved(columns: readonly Arrangeable[], key: string, step: -1 | 1): string[] {
  const order = columns.map((column) => column.key);
  const from = order.indexOf(key);
  const to = from + step;
  if (from === -1 || to < 0 || to >= order.length) return order;
  return order.with(from, order[to] as string).with(to, key);
}

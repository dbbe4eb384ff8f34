import { useRef } from 'react';

/** Keys for rows that have none: a row keeps its key when a changed one takes its place, whatever happens to the rows before it. */
export function useRowKeys<Row extends object>() {
  const state = useRef({ keys: new WeakMap<Row, string>(), next: 1 });
  const keyOf = (row: Row): string => {
    const { keys } = state.current;
    const known = keys.get(row);
    if (known !== undefined) return known;
    const key = String(state.current.next);
    state.current.next += 1;
    keys.set(row, key);
    return key;
  };
  const follow = (before: Row, after: Row): Row => {
    state.current.keys.set(after, keyOf(before));
    return after;
  };
  return { keyOf, follow };
}

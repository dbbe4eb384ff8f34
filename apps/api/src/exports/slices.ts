import { setImmediate } from 'node:timers/promises';

/** Rows worked on at once: some ten milliseconds. */
export const SLICE_ROWS = 250;

/**
 * Rows in slices of `SLICE_ROWS`. The event loop is given back after each: one whole list must not hold up everybody else.
 *
 * Source: spec 09 P21.
 */
export async function* inSlices<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += SLICE_ROWS) {
    yield rows.slice(from, from + SLICE_ROWS);
    await setImmediate();
  }
}

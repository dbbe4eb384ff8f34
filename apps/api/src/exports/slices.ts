import { setImmediate } from 'node:timers/promises';

/** Rows worked on at once: some ten milliseconds. */
export const SLICE_ROWS = 250;

/**
 * Makes chunks of rows, `SLICE_ROWS` at a time, and gives the event loop back after each slice: one whole list must not hold up everybody else.
 *
 * Source: spec 09 P21.
 */
export async function* inSlices<Row>(rows: readonly Row[], write: (row: Row, at: number) => string): AsyncGenerator<Buffer> {
  for (let from = 0; from < rows.length; from += SLICE_ROWS) {
    const slice = rows.slice(from, from + SLICE_ROWS);
    yield Buffer.from(slice.map((row, at) => write(row, from + at)).join(''), 'utf8');
    await setImmediate();
  }
}

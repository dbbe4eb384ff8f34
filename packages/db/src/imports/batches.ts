import { sql } from 'kysely';
import { UNNAMED } from '../connect.ts';

const CHUNK = 5000;

/** Tables grow a thousandfold during one import: a plan made for an empty table would be kept for a full one. */
export const FRESH = sql.raw(UNNAMED);

export function* chunks<T>(items: readonly T[], size = CHUNK): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

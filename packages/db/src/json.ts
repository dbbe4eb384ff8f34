import type { Instant } from '@baoke/core/kernel';
import { sql, type Expression } from 'kysely';
import type { Db } from './connect.ts';

/**
 * The rows of a query as one JSON value, in its order: for pages of wide rows, whose thousands of values would each be decoded by itself.
 *
 * `instants` names the columns that hold one. A numeric column comes as a number, a whole number beyond 2^53 loses digits.
 */
export async function rowsAsJson<R extends object>(db: Db, query: Expression<R>, instants: readonly (keyof R)[]): Promise<R[]> {
  const { rows } = await sql<{ page: R[] }>`select coalesce(json_agg(r), '[]') as page from (${query}) as r`.execute(db);
  return withInstants(rows[0]?.page ?? [], instants);
}

/** Gives the instants of rows just read as JSON the form the kernel writes: cheaper than having PostgreSQL write them. */
export function withInstants<R extends object>(rows: R[], instants: readonly (keyof R)[]): R[] {
  for (const row of rows) {
    for (const column of instants) {
      // JSON holds an instant as text, and the columns named are such.
      const text = row[column] as string | null;
      if (text !== null) row[column] = instantOfJson(text) as R[keyof R];
    }
  }
  return rows;
}

// '2026-05-01T01:10:00.123456+00:00', as a session that speaks UTC writes it: what is beyond the millisecond goes.
function instantOfJson(text: string): Instant {
  const fraction = text.length > 25 ? text.slice(20, -6).slice(0, 3).padEnd(3, '0') : '000';
  return `${text.slice(0, 19)}.${fraction}Z` as Instant;
}

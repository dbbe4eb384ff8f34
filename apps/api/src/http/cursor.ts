import type { TRPCError } from '@trpc/server';
import { refusal } from './refusals.ts';

type Place = readonly unknown[];

/** Where a page goes on, and a page that says where the next one does. */
export type PagedList<P extends Place> = {
  /** The place a cursor of this list names; undefined where there is none. A cursor that no page of this list gave is refused. */
  readonly placeIn: (cursor: string | null | undefined) => P | undefined;
  readonly cursorAt: (place: P) => string;
  /** Cuts a page out of rows read one beyond the limit: a further row means a next page. */
  readonly pageOf: <T>(
    rows: readonly T[],
    limit: number,
    placeOf: (row: T) => P,
  ) => { readonly items: readonly T[]; readonly nextCursor: string | null };
};

/**
 * The cursors of one list, by the path of its procedure and so many parts of a place. They are opaque and name their list, and its `order` where
 * it can be read in several: a place in one list is none in another. What the parts hold the query checks, as it checks every parameter.
 */
export function listOf<P extends Place>(procedure: string, sizes: number | readonly number[], order?: string): PagedList<P> {
  const list = order === undefined ? procedure : `${procedure} ${order}`;
  const cursorAt = (place: P) => Buffer.from(JSON.stringify([list, ...place]), 'utf8').toString('base64url');
  return {
    placeIn(cursor) {
      if (cursor === null || cursor === undefined) return undefined;
      const [name, ...place] = partsOf(cursor);
      if (name !== list || ![sizes].flat().includes(place.length)) throw badCursor();
      return place as unknown as P;
    },
    cursorAt,
    pageOf(rows, limit, placeOf) {
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last !== undefined ? cursorAt(placeOf(last)) : null };
    },
  };
}

/** The order of a list as a cursor of it names it. */
export function orderOf({ sort, descending }: { readonly sort: string; readonly descending: boolean }): string {
  return `${sort} ${descending ? 'down' : 'up'}`;
}

/** What a cursor that is none of ours is answered. */
export function badCursor(): TRPCError {
  return refusal('platform.bad_cursor', { fields: [{ path: 'cursor', code: 'cursor' }] });
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.every(isKeyPart)) return key;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badCursor();
}

// Words PostgreSQL takes for a time are none of ours, but for the day before all days, where former owners stand; keys hold texts, numbers and
// truth values only, the longest of them a name of a hundred signs in pinyin, six letters each.
function isKeyPart(part: unknown): boolean {
  if (typeof part === 'number') return Number.isFinite(part);
  if (typeof part === 'string') return part.length <= 600 && !/^(\+?infinity|now|today|tomorrow|yesterday|epoch|allballs)$/i.test(part);
  return typeof part === 'boolean';
}

import type { TRPCError } from '@trpc/server';
import { refusal } from './refusals.ts';

/** Writes the key of the last row as the opaque cursor of the next page. */
export function encodeCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/**
 * Reads a cursor of ours with so many parts; anything else is refused. A list that can be ordered in several ways names its `order` as the first
 * part, which is not counted: a place in one order is none in another. What the parts hold the query checks, as it checks every parameter.
 */
export function decodeCursor<T extends readonly unknown[]>(
  cursor: string | null | undefined,
  sizes: number | readonly number[],
  order?: string,
): T | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const parts = partsOf(cursor);
  const place = order === undefined ? parts : parts[0] === order ? parts.slice(1) : [];
  if (![sizes].flat().includes(place.length)) throw badCursor();
  return place as unknown as T;
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
// truth values only.
function isKeyPart(part: unknown): boolean {
  if (typeof part === 'number') return Number.isFinite(part);
  if (typeof part === 'string') return part.length <= 400 && !/^(\+?infinity|now|today|tomorrow|yesterday|epoch|allballs)$/i.test(part);
  return typeof part === 'boolean';
}

/** Cuts a page out of rows read one beyond the limit: a further row means a next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => readonly unknown[],
): { items: readonly T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

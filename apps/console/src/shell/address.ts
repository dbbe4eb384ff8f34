import { isCivilDate, isUuid, type CivilDate } from '@baoke/core/kernel';
import { notFound } from '@tanstack/react-router';

/** What stands behind the question mark of an address that somebody typed, pasted or saved long ago. */
export type RawSearch = Readonly<Record<string, unknown>>;

// Each reads one part of an address: what is not understood is left out, never an error.

export function oneOf<const T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((word) => word === value);
}

/** A typed text; the router reads one of digits as a number. */
export function textOf(value: unknown, most = 60): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, most) : '';
  return text === '' ? undefined : text;
}

/** An id by its form; whether it exists is the server's to say. */
export function idOf<T extends string>(value: unknown): T | undefined {
  return typeof value === 'string' && isUuid(value) ? (value as T) : undefined;
}

/** The id of a record in a path. What has not the form of one names no page. */
export function idInPath<T extends string>(value: string): T {
  const id = idOf<T>(value);
  if (id === undefined) throw notFound();
  return id;
}

export function dateOf(value: unknown): CivilDate | undefined {
  return typeof value === 'string' && isCivilDate(value) ? value : undefined;
}

export function setOf(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

/** The same without what is left out, so that equal conditions have one address. */
export function given<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

/**
 * A route's way to read its address. The router lays what is read over what was typed, so what the reader left out is handed on as
 * undefined, which hides it from the screen and its loader.
 */
export function readBy<T extends object>(read: (search: RawSearch) => T) {
  return {
    validateSearch: (search: RawSearch): T => {
      const understood: Record<string, unknown> = read(search) as Record<string, unknown>;
      for (const key in search) understood[key] ??= undefined;
      return understood as T;
    },
    loaderDeps: ({ search }: { readonly search: T }) => search,
  } as const;
}

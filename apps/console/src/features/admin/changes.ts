/** One field that differs, by its path in the record: `phones.0.number`. */
export type Change = { readonly path: string; readonly before: unknown; readonly after: unknown };

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The fields in which two states of a record differ, in the order they stand there. Nested records are opened; a list is one
 * value, for what changed in it is read at a glance. A side that is absent as a whole gives undefined.
 */
export function changesOf(before: unknown, after: unknown, path = ''): readonly Change[] {
  if (isBranch(before) || isBranch(after)) {
    const old = isBranch(before) ? before : {};
    const fresh = isBranch(after) ? after : {};
    const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return names.flatMap((name) => changesOf(old[name], fresh[name], path === '' ? name : `${path}.${name}`));
  }
  const same = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
  return path === '' || same ? [] : [{ path, before, after }];
}

import type { FileKind } from './model.ts';

/** A value as a column holds it: text, number, yes/no, or nothing. */
export type ColumnValue = string | number | boolean | null;
export type Columns = Readonly<Record<string, ColumnValue>>;

/**
 * What imports have said about a record. `written` is the value an import last put into a column: a column that differs from it has been
 * changed by hand. Beside it stands what each kind of file said last, so that a file which says nothing new changes nothing.
 */
export interface ImportMemory {
  readonly written: Columns;
  readonly said: Readonly<Partial<Record<FileKind, Columns>>>;
}

/**
 * The memory as it is kept. `written` is left out where it is what the only kind of file said. The name of a kind alone says that a file
 * of that kind said what the columns hold, and nobody has changed them since: the database spells it out before the first change.
 */
export type KeptMemory = Partial<ImportMemory> | FileKind;

/** Unfolds a kept memory; `columns` are those an import may fill, as they are stored. */
export function memoryOf(kept: KeptMemory | null | undefined, columns: Columns): ImportMemory {
  if (!kept) return { written: {}, said: {} };
  if (typeof kept === 'string') {
    const said = saidBy(columns);
    return { said: { [kept]: said }, written: said };
  }
  const said = kept.said ?? {};
  return { said, written: kept.written ?? Object.assign({}, ...Object.values(said)) };
}

/** What a record says when its columns are all that was said of it. */
function saidBy(columns: Columns): Columns {
  const said: Record<string, ColumnValue> = {};
  for (const column in columns) {
    const value = columns[column] ?? null;
    if (value !== null) said[column] = value;
  }
  return said;
}

/** Folds a memory to the name of the only kind of file that spoke, where the columns hold just what it said; answers undefined elsewhere. */
export function asItStands(memory: ImportMemory, columns: Columns): FileKind | undefined {
  const [kind, ...others] = Object.keys(memory.said) as FileKind[];
  if (kind === undefined || others.length > 0) return undefined;
  const said = memory.said[kind] ?? {};
  const stands =
    Object.keys(said).every((column) => columns[column] === said[column]) &&
    Object.keys(columns).every((column) => (columns[column] ?? null) === (said[column] ?? null)) &&
    Object.keys(memory.written).every((column) => memory.written[column] === said[column]);
  return stands ? kind : undefined;
}

/** Folds a memory to be kept: most records are spoken of by one kind of file, and saying everything twice would double them. */
export function keptMemory(memory: ImportMemory, columns: Columns): KeptMemory {
  const [only, ...others] = Object.values(memory.said);
  if (!only || others.length > 0) return memory;
  const same =
    Object.keys(memory.written).every((column) => only[column] === memory.written[column]) &&
    Object.keys(only).every((column) => memory.written[column] === only[column] || !(column in columns));
  return same ? { said: memory.said } : memory;
}

export type ImportMode = 'create' | 'upsert' | 'update';

/** Moments, and the day each belongs to: it goes with its day. */
const DAY_OF: Readonly<Record<string, string>> = { delivered_at: 'delivered_on' };
const MOMENT_OF: Readonly<Record<string, string>> = { delivered_on: 'delivered_at' };

export interface Merge {
  /** Columns to write; empty when nothing changes. */
  readonly patch: Columns;
  readonly memory: ImportMemory;
  readonly memoryChanged: boolean;
  /** Columns that a person has changed since the last import and that the file would set to something else. */
  readonly conflicts: readonly string[];
}

/**
 * Merges what a file says about a record into what is stored: field by field, the hand wins.
 *
 * A column is overwritten only where it is empty or still holds the value of an import, and only when this kind of file says something
 * other than last time: a second import of the same files changes nothing, in whatever order kinds of files disagree. An empty cell never
 * empties a column. `maxima` (last visit, last mileage) only ever grow; `follows` (first delivery) follow from other records and hold what those say. Mode `create`
 * leaves records on file as they are, but for what follows from visits and orders that are new.
 *
 * A day and the moment of it are one: a moment is taken where its day stands, another day takes the moment of the former along, and one that
 * a person has set keeps its day.
 * Source: spec 13 Import.
 */
export function mergeRecord(input: {
  readonly stored: Columns;
  readonly memory: ImportMemory;
  readonly incoming: Columns;
  readonly maxima: Columns;
  readonly follows?: Columns | undefined;
  readonly kind: FileKind;
  readonly mode: ImportMode;
}): Merge {
  const { stored, memory, incoming, maxima, follows = {}, kind, mode } = input;
  const grown: Record<string, ColumnValue> = {};
  for (const [column, value] of Object.entries(maxima)) {
    const current = stored[column] ?? null;
    if (value !== null && (current === null || value > current)) grown[column] = value;
  }
  const followed = Object.fromEntries(Object.entries(follows).filter(([column, value]) => (stored[column] ?? null) !== value));
  if (mode === 'create')
    return { patch: { ...(kind === 'service' ? grown : {}), ...followed }, memory, memoryChanged: false, conflicts: [] };
  const said = memory.said[kind] ?? {};
  const patch: Record<string, ColumnValue> = {};
  const written: Record<string, ColumnValue> = { ...memory.written };
  const saidNow: Record<string, ColumnValue> = { ...said };
  const conflicts: string[] = [];
  let memoryChanged = false;
  const isUntouched = (column: string): boolean => {
    const current = stored[column] ?? null;
    return current === null || (column in memory.written && memory.written[column] === current);
  };
  for (const [column, value] of Object.entries(incoming)) {
    if (value === null || said[column] === value) continue;
    memoryChanged = true;
    saidNow[column] = value;
    // What has no column of its own is remembered as said and nothing more.
    if (!(column in stored)) continue;
    const current = stored[column] ?? null;
    const day = DAY_OF[column];
    // The cell has been told of as its day, which stands before it.
    if (day !== undefined && (patch[day] ?? stored[day] ?? null) !== (incoming[day] ?? null)) continue;
    const moment = MOMENT_OF[column];
    if (current !== value && !(isUntouched(column) && (moment === undefined || isUntouched(moment)))) {
      conflicts.push(column);
      continue;
    }
    written[column] = value;
    if (current === value) continue;
    patch[column] = value;
    if (moment === undefined || (incoming[moment] ?? null) !== null) continue;
    delete written[moment];
    delete saidNow[moment];
    if ((stored[moment] ?? null) !== null) patch[moment] = null;
  }
  return {
    patch: { ...patch, ...grown, ...followed },
    memory: { written, said: { ...memory.said, [kind]: saidNow } },
    memoryChanged,
    conflicts,
  };
}

/**
 * The memory of a record that an import has just made, as it is kept; `defaults` are columns it filled without the file saying so.
 * Nulls in `incoming` say nothing.
 */
export function firstMemory(incoming: Columns, columns: Columns, defaults: Columns, kind: FileKind): KeptMemory {
  const said: Record<string, ColumnValue> = {};
  for (const column in incoming) {
    const value = incoming[column] ?? null;
    if (value !== null) said[column] = value;
  }
  const told = Object.keys(defaults).every((column) => column in said);
  if (told) return { said: { [kind]: said } };
  const written = Object.fromEntries(Object.entries(said).filter(([column]) => column in columns));
  return { written: { ...defaults, ...written }, said: { [kind]: said } };
}

/** The memory of a record of which some columns have got their former values: of these it holds what it held before, of the others what it holds. */
export function memoryTakenBack(memory: ImportMemory, before: ImportMemory, columns: readonly string[]): ImportMemory {
  const back = (now: Columns, then: Columns | undefined): Columns => {
    const kept = Object.entries(now).filter(([column]) => !columns.includes(column));
    return Object.fromEntries([...kept, ...Object.entries(then ?? {}).filter(([column]) => columns.includes(column))]);
  };
  const said = Object.entries(memory.said).map(([kind, words]) => [kind, back(words, before.said[kind as FileKind])]);
  return { written: back(memory.written, before.written), said: Object.fromEntries(said) };
}

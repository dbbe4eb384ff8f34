import type { ConflictField } from './texts.ts';

/** What somebody typed and has not submitted. It stays on this device. */
export type Draft = {
  readonly key: string;
  readonly title: string;
  /** Where the form is found again: a path of the application. */
  readonly place: string;
  readonly savedAt: number;
  /** Submitted once without reaching the server. */
  readonly unsent: boolean;
  readonly values: unknown;
  /** What stood in the fields he typed over. */
  readonly base?: Readonly<Record<string, unknown>>;
};

export type Drafts = {
  readonly list: () => readonly Draft[];
  readonly find: (key: string) => Draft | undefined;
  readonly keep: (draft: Draft) => void;
  readonly drop: (key: string) => void;
  readonly clear: () => void;
  readonly watch: (tell: () => void) => () => void;
};

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEPT_MILLISECONDS = 14 * 86_400_000;

/**
 * Drafts of one person in one store; `owner` keeps people who share a device apart. Two weeks later a draft is gone.
 * A full storage loses the draft, never the form.
 */
export function createDrafts(store: Store, owner: string, now: () => number): Drafts {
  const name = `baoke.drafts.${owner}`;
  const watchers = new Set<() => void>();
  let drafts: readonly Draft[] = read(store.getItem(name)).filter((draft) => now() - draft.savedAt < KEPT_MILLISECONDS);

  const write = (next: readonly Draft[]) => {
    drafts = next;
    if (next.length === 0) store.removeItem(name);
    else {
      try {
        store.setItem(name, JSON.stringify(next));
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
    }
    for (const tell of watchers) tell();
  };

  return {
    list: () => drafts,
    find: (key) => drafts.find((draft) => draft.key === key),
    keep: (draft) => write([draft, ...drafts.filter(({ key }) => key !== draft.key)]),
    drop: (key) => {
      if (drafts.some((draft) => draft.key === key)) write(drafts.filter((draft) => draft.key !== key));
    },
    clear: () => write([]),
    watch: (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
  };
}

/**
 * What of the values somebody typed himself; an emptied field is null. What stood there before is no part of a draft: given back later it
 * would undo what others changed meanwhile.
 */
export function typedOver(initial: object, values: object): Readonly<Record<string, unknown>> {
  const before = initial as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([field, value]) => written(value) !== written(before[field]))
      .map(([field, value]) => [field, value ?? null]),
  );
}

/** What stood in these fields. */
export function baseOf(initial: object, typed: object): Readonly<Record<string, unknown>> {
  const before = initial as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(typed).map((field) => [field, before[field] ?? null]));
}

/** Fields of a draft that somebody else has written since: given back as if nothing had happened they would overwrite him. */
export function overtaken({ values, base = {} }: Draft, initial: object): readonly ConflictField[] {
  const stored = initial as Readonly<Record<string, unknown>>;
  const typed = values as Readonly<Record<string, unknown>>; // written by a form, field by field
  return Object.keys(base)
    .filter((field) => written(base[field]) !== written(stored[field]) && written(typed[field]) !== written(stored[field]))
    .map((field) => ({ field, yours: typed[field] ?? null, theirs: stored[field] ?? null, original: base[field] ?? null }));
}

// An empty field is undefined, null or an empty text, by whoever emptied it.
function written(value: unknown): string {
  return JSON.stringify(value === undefined || value === '' ? null : value);
}

function read(text: string | null): Draft[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isDraft) : [];
  } catch (error) {
    // Something else wrote under our name: there is nothing to give back.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    'values' in value &&
    'savedAt' in value &&
    typeof value.savedAt === 'number'
  );
}

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
  /** What went out unanswered, to be sent again alike. */
  readonly resend?: unknown;
  readonly values: unknown;
  /** What stood in the fields he typed over. */
  readonly base?: Readonly<Record<string, unknown>>;
};

export type Drafts = {
  readonly list: () => readonly Draft[];
  readonly find: (key: string) => Draft | undefined;
  readonly keep: (draft: Draft) => void;
  /** One saved after `until` stays: it is of another tab. */
  readonly drop: (key: string, until?: number) => void;
  readonly clear: () => void;
  readonly watch: (tell: () => void) => () => void;
};

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const KEPT_MILLISECONDS = 14 * 86_400_000;

/**
 * Drafts of one person in one store; `owner` keeps people who share a device apart. Two weeks later a draft is gone.
 * A full storage loses the draft, never the form.
 *
 * Each draft is an entry of its own, so that a tab that writes one leaves what other tabs hold. `listen` tells what they wrote meanwhile.
 */
export function createDrafts(
  store: Store,
  owner: string,
  now: () => number,
  listen: (tell: () => void) => () => void = listenToStorage,
): Drafts {
  const prefix = `baoke.drafts.${owner} `;
  const watchers = new Set<() => void>();
  let stop: (() => void) | undefined;

  const load = (): readonly Draft[] =>
    Array.from({ length: store.length }, (_, at) => store.key(at))
      .filter((name) => name?.startsWith(prefix))
      .flatMap((name) => read(store.getItem(name!)) ?? []) // a name passed the filter
      .filter((draft) => now() - draft.savedAt < KEPT_MILLISECONDS)
      .toSorted((a, b) => b.savedAt - a.savedAt);
  let drafts = load();
  const refresh = () => {
    drafts = load();
    for (const tell of watchers) tell();
  };
  const find = (key: string) => {
    const draft = read(store.getItem(prefix + key));
    return draft && now() - draft.savedAt < KEPT_MILLISECONDS ? draft : undefined;
  };

  return {
    list: () => drafts,
    find,
    keep: (draft) => {
      try {
        store.setItem(prefix + draft.key, JSON.stringify(draft));
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
      refresh();
    },
    drop: (key, until = Infinity) => {
      const draft = find(key);
      if (!draft || draft.savedAt > until) return;
      store.removeItem(prefix + key);
      refresh();
    },
    clear: () => {
      for (const { key } of load()) store.removeItem(prefix + key);
      refresh();
    },
    watch: (tell) => {
      watchers.add(tell);
      stop ??= listen(refresh);
      return () => {
        watchers.delete(tell);
        if (watchers.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

function listenToStorage(tell: () => void): () => void {
  addEventListener('storage', tell);
  return () => removeEventListener('storage', tell);
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

function read(text: string | null): Draft | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : undefined;
  } catch (error) {
    // Something else wrote under our name: there is nothing to give back.
    if (error instanceof SyntaxError) return undefined;
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

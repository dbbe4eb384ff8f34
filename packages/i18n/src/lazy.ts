import type { i18n } from 'i18next';
import { catalogueOf } from './catalogue.ts';
import { addWords, createTranslator, LOCALES, type Locale } from './translate.ts';

export type { Catalogue } from './catalogue.ts';
export * from './codes.ts';
export * from './faults.ts';
export * from './formats.ts';
export { LOCALES, type Locale } from './translate.ts';

// A language in pieces, so that a browser fetches what its screen says: the first words, and those of each capability.
const FILES = {
  zh: {
    first: () => import('./zh/first.ts'),
    admin: () => import('./zh/admin.ts'),
    care: () => import('./zh/care.ts'),
    careRules: () => import('./zh/care-rules.ts'),
    complaints: () => import('./zh/complaints.ts'),
    contacts: () => import('./zh/contacts.ts'),
    customers: () => import('./zh/customers.ts'),
    imports: () => import('./zh/imports.ts'),
    reports: () => import('./zh/reports.ts'),
    service: () => import('./zh/service.ts'),
    settings: () => import('./zh/settings.ts'),
    tasks: () => import('./zh/tasks.ts'),
    vehicles: () => import('./zh/vehicles.ts'),
  },
  en: {
    first: () => import('./en/first.ts'),
    admin: () => import('./en/admin.ts'),
    care: () => import('./en/care.ts'),
    careRules: () => import('./en/care-rules.ts'),
    complaints: () => import('./en/complaints.ts'),
    contacts: () => import('./en/contacts.ts'),
    customers: () => import('./en/customers.ts'),
    imports: () => import('./en/imports.ts'),
    reports: () => import('./en/reports.ts'),
    service: () => import('./en/service.ts'),
    settings: () => import('./en/settings.ts'),
    tasks: () => import('./en/tasks.ts'),
    vehicles: () => import('./en/vehicles.ts'),
  },
} satisfies Record<Locale, Record<string, () => Promise<object>>>;

/** The capabilities whose words come on their own, each file under its name. */
export type WordsOf = Exclude<keyof (typeof FILES)['zh'], 'first'>;
export const WORDS_OF = Object.keys(FILES.zh).filter((name) => name !== 'first') as readonly WordsOf[];

export type LazyWords = {
  readonly i18n: i18n;
  /** Resolves when the words of these capabilities can be shown; at once where they are there. */
  readonly need: (capabilities: readonly WordsOf[]) => Promise<void>;
  /** Shows another language at once, with every word that was loaded in the one before. */
  readonly change: (locale: Locale) => Promise<void>;
};

/** The language of a browser: its first words now, those of a capability when a screen needs them. */
export async function createLazyWords(locale: Locale): Promise<LazyWords> {
  const loading = new Map<string, Promise<void>>();
  const needed = new Set<WordsOf>();
  const instance = createTranslator(locale, catalogueOf(await FILES[locale].first()));
  loading.set(`${locale}/first`, Promise.resolve());

  const load = (of: Locale, name: keyof (typeof FILES)['zh']): Promise<void> => {
    const key = `${of}/${name}`;
    const begun = loading.get(key);
    if (begun) return begun;
    const fetched = FILES[of][name]().then(
      (words) => addWords(instance, of, catalogueOf(words)),
      (error: unknown) => {
        // The line was down: asked for again, it is fetched again.
        loading.delete(key);
        throw error;
      },
    );
    loading.set(key, fetched);
    return fetched;
  };
  const need = async (capabilities: readonly WordsOf[]) => {
    for (const name of capabilities) needed.add(name);
    const shown = LOCALES.find((known) => known === instance.language) ?? locale;
    await Promise.all(capabilities.map((name) => load(shown, name)));
  };
  const change = async (to: Locale) => {
    await Promise.all([load(to, 'first'), ...[...needed].map((name) => load(to, name))]);
    await instance.changeLanguage(to);
  };
  return { i18n: instance, need, change };
}

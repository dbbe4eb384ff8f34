import { createInstance, type FormatterModule, type i18n } from 'i18next';
import type { Catalogue } from './catalogue.ts';
import { formatCount } from './formats.ts';

export const LOCALES = ['zh', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false;
    resources: { translation: Catalogue };
  }
}

// A number in a text is a count and written as one; what only looks like a number (a year, say) is given as text.
const counts: FormatterModule = {
  type: 'formatter',
  init() {},
  add() {},
  addCached() {},
  format: (value) => (typeof value === 'number' ? formatCount(value) : value),
};

/** An i18next instance that speaks one language; others are added with `addWords`. Texts are not escaped: React does that. */
export function createTranslator(locale: Locale, words: Partial<Catalogue>): i18n {
  const instance = createInstance();
  instance.use(counts).init({
    lng: locale,
    fallbackLng: false,
    initAsync: false,
    resources: { [locale]: { translation: words } },
    interpolation: { escapeValue: false, alwaysFormat: true },
    returnNull: false,
  });
  return instance;
}

/** Adds words of a language to those it has; `changeLanguage` then shows them at once. */
export function addWords(instance: i18n, locale: Locale, words: Partial<Catalogue>): void {
  instance.addResourceBundle(locale, 'translation', words, true, true);
}

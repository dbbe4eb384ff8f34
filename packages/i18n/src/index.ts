import type { i18n } from 'i18next';
import { catalogueOf, type Catalogue } from './catalogue.ts';
import * as english from './en/index.ts';
import { createTranslator, type Locale } from './translate.ts';
import * as chinese from './zh/index.ts';

export type { Catalogue } from './catalogue.ts';
export * from './codes.ts';
export * from './faults.ts';
export * from './formats.ts';
export * from './translate.ts';

export const catalogues: Readonly<Record<Locale, Catalogue>> = { zh: catalogueOf(chinese), en: catalogueOf(english) };

/** Both languages at once, for the server and the commands; the apps load one at a time (`lazy.ts`). */
export function createI18n(locale: Locale): i18n {
  return createTranslator(locale, catalogues[locale]);
}

import { catalogueOf, type Catalogue } from './catalogue.ts';
import type { Locale } from './translate.ts';

export type { Catalogue } from './catalogue.ts';
export * from './faults.ts';
export * from './formats.ts';
export * from './translate.ts';

/** Loads the words of one language: what a browser fetches is the language its reader chose. */
export async function loadWords(locale: Locale): Promise<Catalogue> {
  return catalogueOf(locale === 'zh' ? await import('./zh/index.ts') : await import('./en/index.ts'));
}

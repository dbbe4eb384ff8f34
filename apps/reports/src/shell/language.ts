import { createLazyWords, type LazyWords, type Locale, type WordsOf } from '@baoke/i18n/lazy';
import type { i18n } from 'i18next';

const KEY = 'baoke.locale';

/** The language chosen on this device, else the browser's: Chinese unless it asks for something else. */
function preferredLocale(): Locale {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let words: LazyWords | undefined;

function started(): LazyWords {
  if (!words) throw new Error('startI18n comes first');
  return words;
}

export async function startI18n(): Promise<i18n> {
  words = await createLazyWords(preferredLocale());
  showLocale(words.i18n.language);
  return words.i18n;
}

/** Resolves when the words of these capabilities can be shown. */
export function needWords(capabilities: readonly WordsOf[]): Promise<void> {
  return started().need(capabilities);
}

/** Shows another language at once: nothing reloads, nothing typed is lost. */
export async function switchLocale(locale: Locale): Promise<void> {
  await started().change(locale);
  localStorage.setItem(KEY, locale);
  showLocale(locale);
}

function showLocale(locale: string): void {
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
}

import { addWords, createTranslator, loadWords, type Locale } from '@baoke/i18n/lazy';
import type { i18n } from 'i18next';

const KEY = 'baoke.locale';

/** The language chosen on this device, else the browser's: Chinese unless it asks for something else. */
function preferredLocale(): Locale {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export async function startI18n(): Promise<i18n> {
  const locale = preferredLocale();
  const instance = createTranslator(locale, await loadWords(locale));
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  return instance;
}

/** Shows another language at once: nothing reloads, nothing typed is lost. */
export async function switchLocale(instance: i18n, locale: Locale): Promise<void> {
  addWords(instance, locale, await loadWords(locale));
  await instance.changeLanguage(locale);
  localStorage.setItem(KEY, locale);
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
}

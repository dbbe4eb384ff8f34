import type { Appearance } from '@baoke/ui';
import { useSyncExternalStore } from 'react';

export const APPEARANCE_CHOICES = ['light', 'dark', 'system'] as const;
export type AppearanceChoice = (typeof APPEARANCE_CHOICES)[number];

const KEY = 'baoke.appearance';
const DARK = '(prefers-color-scheme: dark)';
const watchers = new Set<() => void>();

function watch(tell: () => void): () => void {
  const query = matchMedia(DARK);
  watchers.add(tell);
  query.addEventListener('change', tell);
  return () => {
    watchers.delete(tell);
    query.removeEventListener('change', tell);
  };
}

function choice(): AppearanceChoice {
  return APPEARANCE_CHOICES.find((known) => known === localStorage.getItem(KEY)) ?? 'system';
}

export function chooseAppearance(chosen: AppearanceChoice): void {
  localStorage.setItem(KEY, chosen);
  for (const tell of watchers) tell();
}

/** Light or dark as this device prefers, and what was chosen. A choice of the device, not of the person: it differs by room. */
export function useAppearance(): { readonly chosen: AppearanceChoice; readonly appearance: Appearance } {
  const chosen = useSyncExternalStore(watch, choice);
  const dark = useSyncExternalStore(watch, () => matchMedia(DARK).matches);
  return { chosen, appearance: chosen === 'system' ? (dark ? 'dark' : 'light') : chosen };
}

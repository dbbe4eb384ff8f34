import { useSyncExternalStore } from 'react';

const PHONE = '(max-width: 767px)';

function watch(tell: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', tell);
  return () => query.removeEventListener('change', tell);
}

/** Whether the page is as narrow as a phone: tables become cards and targets grow. */
export function usePhone(): boolean {
  return useSyncExternalStore(watch, () => matchMedia(PHONE).matches);
}

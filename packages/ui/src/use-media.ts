import { useCallback, useSyncExternalStore } from 'react';

function useMedia(asked: string): boolean {
  const watch = useCallback(
    (tell: () => void) => {
      const query = matchMedia(asked);
      query.addEventListener('change', tell);
      return () => query.removeEventListener('change', tell);
    },
    [asked],
  );
  return useSyncExternalStore(watch, () => matchMedia(asked).matches);
}

/** Whether the page is as narrow as a phone: tables become cards and targets grow. */
export function usePhone(): boolean {
  return useMedia('(max-width: 767px)');
}

/** Whether nothing is to move, as a system without animations asks for. */
export function useStill(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

/** Milliseconds the server's clock is ahead of this device's: a phone with a wrong clock still counts down rightly. */
export const ClockOffset = createContext(0);

const watchers = new Set<() => void>();
let reading = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

// One timer for every countdown on the page, running only while one is shown.
function watch(onTick: () => void): () => void {
  watchers.add(onTick);
  timer ??= setInterval(() => {
    reading = Date.now();
    for (const tell of watchers) tell();
  }, 1000);
  return () => {
    watchers.delete(onTick);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in milliseconds, moving on in steps; a component renders again only when a step is over. */
export function useNow(stepMilliseconds = 1000): number {
  const offset = useContext(ClockOffset);
  const snapshot = useCallback(() => {
    // Without a running timer the last reading is old.
    if (timer === undefined) reading = Date.now();
    return Math.floor((reading + offset) / stepMilliseconds) * stepMilliseconds;
  }, [offset, stepMilliseconds]);
  return useSyncExternalStore(watch, snapshot);
}

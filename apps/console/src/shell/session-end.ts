import { useSyncExternalStore } from 'react';

/** Whether somebody who worked here is still signed in; once he is not he is asked for his password, and may put it off to copy or read something. */
export type SessionState = 'alive' | 'asking' | 'put_off';

let state: SessionState = 'alive';
const waiting: (() => void)[] = [];
const watchers = new Set<() => void>();

function become(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const tell of watchers) tell();
}

export function useSessionState(): SessionState {
  return useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => state,
  );
}

export function askToSignIn(): void {
  become('asking');
}

export function putOffSignIn(): void {
  become('put_off');
}

/** Resolves when he is signed in again. */
export function whenRegained(): Promise<void> {
  return new Promise((done) => waiting.push(done));
}

export function regainSession(): void {
  become('alive');
  for (const done of waiting.splice(0)) done();
}

import { createDrafts, type Draft, type Drafts } from '@baoke/ui';
import { useMemo, useSyncExternalStore } from 'react';

/** Drafts of whoever is signed in, in his store; nobody else on this device sees them. */
export function useDrafts(owner: string): Drafts {
  return useMemo(() => createDrafts(localStorage, owner, Date.now), [owner]);
}

export function useDraftList(drafts: Drafts): readonly Draft[] {
  return useSyncExternalStore(drafts.watch, drafts.list);
}

import type { Connection } from '@baoke/ui';
import { useEffect, useSyncExternalStore } from 'react';
import { useSessionState } from './session-end.ts';
import { useApi } from './session.ts';

const GATHER_MS = 250;

let streaming = true;
let line: Connection = 'online';
const watchers = new Set<() => void>();

// The browser knows whether there is a network, the stream whether the server is heard; both must be well.
function judge(): void {
  line = !navigator.onLine ? 'offline' : streaming ? 'online' : 'reconnecting';
  for (const tell of watchers) tell();
}

function heard(streams: boolean): void {
  streaming = streams;
  judge();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Whether the server is heard. */
export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => line);
}

/**
 * Keeps open screens up to date with what others do: an event names a topic, and every query of that capability is
 * loaded afresh. Events of a quarter second are taken together. The stream resumes after the last event it brought.
 */
export function useLiveUpdates(storeId: number): void {
  const { client, queryClient } = useApi();
  const alive = useSessionState() === 'alive';
  useEffect(() => {
    if (!alive) return heard(true);
    const topics = new Set<string>();
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      gathering = undefined;
      // Complaints stand in my day too.
      if (topics.has('complaints')) topics.add('tasks');
      for (const capability of topics) void queryClient.invalidateQueries({ queryKey: [[capability]] });
      topics.clear();
    };
    const subscription = client.live.changes.subscribe(undefined, {
      onStarted: () => heard(true),
      onData: ({ data }) => {
        topics.add(data.topic.split('.')[0] ?? data.topic);
        gathering ??= setTimeout(refresh, GATHER_MS);
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state === 'pending') heard(true);
        if (state === 'connecting' && error) heard(false);
      },
      onError: () => heard(false),
    });
    addEventListener('offline', judge);
    addEventListener('online', judge);
    return () => {
      clearTimeout(gathering);
      subscription.unsubscribe();
      removeEventListener('offline', judge);
      removeEventListener('online', judge);
    };
  }, [client, queryClient, storeId, alive]);
}

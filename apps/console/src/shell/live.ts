import type { Connection } from '@baoke/ui';
import { useEffect, useSyncExternalStore } from 'react';
import { useApi } from './session.ts';

const GATHER_MS = 250;

let line: Connection = navigator.onLine ? 'online' : 'offline';
const watchers = new Set<() => void>();

function setLine(next: Connection): void {
  line = next;
  for (const tell of watchers) tell();
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
  useEffect(() => {
    const topics = new Set<string>();
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      gathering = undefined;
      for (const capability of topics) void queryClient.invalidateQueries({ queryKey: [[capability]] });
      topics.clear();
    };
    const subscription = client.live.changes.subscribe(undefined, {
      onStarted: () => setLine('online'),
      onData: ({ data }) => {
        topics.add(data.topic.split('.')[0] ?? data.topic);
        gathering ??= setTimeout(refresh, GATHER_MS);
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state === 'pending') setLine('online');
        if (state === 'connecting' && error) setLine(navigator.onLine ? 'reconnecting' : 'offline');
      },
      onError: () => setLine(navigator.onLine ? 'reconnecting' : 'offline'),
    });
    const offline = () => setLine('offline');
    const online = () => setLine('reconnecting');
    addEventListener('offline', offline);
    addEventListener('online', online);
    return () => {
      clearTimeout(gathering);
      subscription.unsubscribe();
      removeEventListener('offline', offline);
      removeEventListener('online', online);
    };
  }, [client, queryClient, storeId]);
}

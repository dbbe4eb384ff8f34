import { EventSource } from 'eventsource';
import { createBaokeClient as createClient, type BaokeClient, type BaokeOptions, type EventSourceWithFetch } from './index.ts';

export * from './index.ts';

/** The typed client for Node, subscriptions included. */
export function createBaokeClient(options: Omit<BaokeOptions, 'eventSource'>): BaokeClient {
  // Its own types name the same class by other words.
  return createClient({ ...options, eventSource: EventSource as unknown as EventSourceWithFetch });
}

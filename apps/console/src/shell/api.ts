import type { AppRouter } from '@baoke/api/router';
import { attendance } from '@baoke/ui';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink, TRPCClientError, type TRPCClient } from '@trpc/client';
import { tap } from '@trpc/server/observable';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { keyedAttempts } from './attempts.ts';
import { chosenStore } from './store-choice.ts';

export type Api = {
  readonly client: TRPCClient<AppRouter>;
  readonly trpc: TRPCOptionsProxy<AppRouter>;
  readonly queryClient: QueryClient;
};

const URL = '/trpc';
const MAX_BATCH = 10;
const MOST_IN_ADDRESS = 3000;

/** The code the server gave a failure; undefined when no server answered. */
export function failureCode(error: unknown): string | undefined {
  return error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.code : undefined;
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Tells when an answer says that the session is over. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

function ofStore(): Record<string, string> {
  const store = chosenStore();
  return store === undefined ? {} : { 'x-baoke-store': String(store) };
}

function reading(): Record<string, string> {
  return { ...ofStore(), ...attendance() };
}

function tellSignedOut(error: unknown): void {
  if (failureCode(error) === 'access.signed_out') for (const listener of signedOutListeners) listener();
}

export function createApi(): Api {
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // An event stream carries no headers, so its store stands in the address.
        true: httpSubscriptionLink({ url: () => (chosenStore() === undefined ? URL : `${URL}?store=${chosenStore()}`) }),
        false: splitLink({
          // A file of a list is made anew each time; its answer is nothing to keep.
          condition: (operation) => operation.type === 'mutation' && !/export/i.test(operation.path),
          true: [
            // A form writes past the caches.
            () =>
              ({ op, next }) =>
                next(op).pipe(tap({ error: tellSignedOut })),
            keyedAttempts(),
            httpLink({ url: URL, headers: ({ op }) => ({ ...ofStore(), 'idempotency-key': String(op.context['idempotencyKey']) }) }),
          ],
          // Long inputs go as POST: a filter or a selection must not break on the length of an address.
          false: splitLink({
            condition: (operation) => encodeURIComponent(JSON.stringify(operation.input ?? null)).length > MOST_IN_ADDRESS,
            true: httpLink({ url: URL, methodOverride: 'POST', headers: reading }),
            false: httpBatchLink({ url: URL, maxItems: MAX_BATCH, maxURLLength: 4000, headers: reading }),
          }),
        }),
      }),
    ],
  });
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError: tellSignedOut }),
    mutationCache: new MutationCache({ onError: tellSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What a server has refused it will refuse again; a lost line is worth another try.
        retry: (failures, error) => failureCode(error) === undefined && failures < 2,
      },
      // A form says at once that the line is down instead of waiting for it.
      mutations: { networkMode: 'always' },
    },
  });
  return { client, queryClient, trpc: createTRPCOptionsProxy<AppRouter>({ client, queryClient }) };
}

import type { AppRouter } from '@baoke/api/router';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError, type TRPCClient } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

export type { AppRouter };
export type BaokeClient = TRPCClient<AppRouter>;
/** What each procedure takes and gives: `Outputs['complaints']['get']`. */
export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

export type BaokeOptions = {
  /** Address of the installation, `https://crm.example.com`; in a browser of the same origin leave it out. */
  readonly url?: string;
  /** API key of a store; in the apps the session cookie speaks instead. */
  readonly apiKey?: string;
  /** The store to work in, for people who belong to several. */
  readonly storeId?: () => number | undefined;
  /** The language errors are told in; without it that of the caller. */
  readonly locale?: 'zh' | 'en';
  /** Further headers, asked for at each call. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /**
   * The class that subscriptions come by: one that takes headers, as an API key needs them, and for Node, which has none of its own.
   * `@baoke/client/node` brings one along.
   */
  readonly eventSource?: EventSourceWithFetch;
};

/** What the package `eventsource` exports. */
export type EventSourceWithFetch = new (url: string, options?: { readonly fetch?: typeof fetch }) => EventSource;

/**
 * A typed client of every procedure, in browsers and, with subscriptions from `@baoke/client/node`, in Node. Calls made in the same tick
 * travel together.
 *
 * Writes by API key need an idempotency key: pass it per call, `mutate(input, { context: { idempotencyKey } })`. Such a
 * call travels alone.
 */
export function createBaokeClient({
  url = '',
  apiKey,
  storeId,
  locale,
  headers: further,
  fetch: ownFetch,
  eventSource,
}: BaokeOptions = {}): BaokeClient {
  const headers = (context?: Record<string, unknown>): Record<string, string> => {
    const store = storeId?.();
    const key = context?.['idempotencyKey'];
    return {
      ...further?.(),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(store === undefined ? {} : { 'x-baoke-store': String(store) }),
      ...(locale === undefined ? {} : { 'accept-language': locale }),
      ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
    };
  };
  const withHeaders: typeof fetch = (input, init) =>
    (ownFetch ?? fetch)(input, { ...init, headers: { ...(init?.headers as Record<string, string> | undefined), ...headers() } });
  const common = { url: `${url}/trpc`, ...(ownFetch ? { fetch: ownFetch } : {}) };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: eventSource
          ? httpSubscriptionLink({ url: common.url, EventSource: eventSource, eventSourceOptions: () => ({ fetch: withHeaders }) })
          : // A browser's own carries no headers: its store stands in the address.
            httpSubscriptionLink({ url: () => (storeId?.() === undefined ? common.url : `${common.url}?store=${storeId()}`) }),
        false: splitLink({
          condition: (op) => op.context['idempotencyKey'] !== undefined,
          true: httpBatchLink({ ...common, maxItems: 1, headers: ({ opList }) => headers(opList[0]?.context) }),
          false: httpBatchLink({ ...common, maxItems: 10, maxURLLength: 4000, headers: () => headers() }),
        }),
      }),
    ],
  });
}

/** What the server says of a failed call; undefined when the server was not reached. */
export type Fault = {
  /** Stable: switch on it. */
  readonly code: string;
  /** For people, in the language asked for (`locale`), else that of the caller. */
  readonly message: string;
  readonly messages: Readonly<Record<'zh' | 'en', string>>;
  readonly httpStatus: number;
  readonly fields: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
    readonly params: Readonly<Record<string, unknown>>;
  }[];
  readonly conflict: readonly { readonly field: string; readonly yours: unknown; readonly theirs: unknown; readonly original: unknown }[];
  readonly requestId: string;
};

/** The fault of a failed call: a stable code to switch on, the fields concerned, the request's id for the log. */
export function faultOf(error: unknown): Fault | undefined {
  return error instanceof TRPCClientError && error.data ? (error.data as Fault) : undefined;
}

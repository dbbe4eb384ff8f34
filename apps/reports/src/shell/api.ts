import { createBaokeClient, type AppRouter, type BaokeClient } from '@baoke/client';
import { attendance } from '@baoke/ui';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { goToSignIn } from './sign-in.ts';
import { chosenStore } from './store-choice.ts';

export type Api = { readonly client: BaokeClient; readonly trpc: TRPCOptionsProxy<AppRouter>; readonly queryClient: QueryClient };

/** The code the server gave a failure; undefined when no server answered. */
export function failureCode(error: unknown): string | undefined {
  return error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.code : undefined;
}

export function createApi(): Api {
  const client = createBaokeClient({ storeId: chosenStore, headers: attendance });
  const queryClient = new QueryClient({
    // Nothing is typed in a report: whoever is signed out while he reads signs in and comes back to it.
    queryCache: new QueryCache({ onError: (error) => void (failureCode(error) === 'access.signed_out' && goToSignIn()) }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What a server has refused it will refuse again; a lost line is worth another try.
        retry: (failures, error) => failureCode(error) === undefined && failures < 2,
      },
    },
  });
  return { client, queryClient, trpc: createTRPCOptionsProxy<AppRouter>({ client, queryClient }) };
}

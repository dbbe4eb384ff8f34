import type { Action, Capability, MeView } from '@baoke/core/access';
import type { StaffId } from '@baoke/core/kernel';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { failureCode, type Api } from './api.ts';
import { chooseStore, chosenStore, forgetStore } from './store-choice.ts';

/** Who is signed in. A store chosen earlier that is not his any more is forgotten, and his first one taken. */
export function meQuery({ client }: Api) {
  return queryOptions({
    queryKey: ['me'],
    staleTime: 60_000,
    queryFn: async (): Promise<MeView> => {
      try {
        return await client.access.me.query();
      } catch (error) {
        const store = chosenStore();
        if (failureCode(error) !== 'access.signed_out' || store === undefined) throw error;
        forgetStore();
        try {
          return await client.access.me.query();
        } catch (again) {
          // It was not the store: whoever signs in again goes on where he was.
          chooseStore(store);
          throw again;
        }
      }
    },
  });
}

export function useApi(): Api {
  return useRouteContext({ from: '__root__', select: (context) => context.api });
}

export type Me = Omit<MeView, 'staffId'> & { readonly staffId: StaffId; readonly can: (capability: Capability, action: Action) => boolean };

/** Who is signed in and what he may do. Only below the signed-in part of the application. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery(useApi()));
  return withRights(data);
}

export function withRights(me: MeView): Me {
  // The server sends the id of a staff member; its brand is lost on the wire.
  return { ...me, staffId: me.staffId as StaffId, can: (capability, action) => (me.rights[capability]?.[action] ?? 'none') !== 'none' };
}

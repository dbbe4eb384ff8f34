import type { Action, Capability, MeView } from '@baoke/core/access';
import type { CivilDate, Instant, TimeZone } from '@baoke/core/kernel';
import { formatsFor } from '@baoke/i18n/lazy';
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

export type Me = MeView & { readonly today: CivilDate; readonly can: (capability: Capability, action: Action) => boolean };

/** Who reads the reports, what he may see, and the store's date. */
export function useMe(): Me {
  const { data: me } = useSuspenseQuery(meQuery(useApi()));
  return {
    ...me,
    today: formatsFor(me.store.timeZone as TimeZone).date(me.now as Instant), // both come from the server in these forms
    can: (capability, action) => (me.rights[capability]?.[action] ?? 'none') !== 'none',
  };
}

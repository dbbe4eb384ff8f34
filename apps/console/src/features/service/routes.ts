import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../shell/root-routes.ts';
import { readVisitSearch } from './search.ts';

const visitsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/visits',
  validateSearch: readVisitSearch,
  loader: ({ context: { api } }) =>
    void api.queryClient.prefetchQuery(api.trpc.service.categories.queryOptions(undefined, { staleTime: Infinity })),
  staticData: { words: ['service', 'vehicles'] },
  component: lazyRouteComponent(() => import('./VisitsPage.tsx'), 'VisitsPage'),
});

export const serviceRoutes = [visitsRoute] as const;

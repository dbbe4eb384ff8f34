import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../shell/root-routes.ts';
import { readCareSearch } from './search.ts';

const rulesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/care',
  validateSearch: readCareSearch,
  // A failure is the list's to show: prefetching does not throw.
  loader: ({ context: { api } }) => api.queryClient.prefetchQuery(api.trpc.care.rules.queryOptions()),
  staticData: { words: ['care', 'careRules'] },
  component: lazyRouteComponent(() => import('./RulesPage.tsx'), 'RulesPage'),
});

export const careRoutes = [rulesRoute] as const;

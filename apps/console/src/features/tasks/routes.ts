import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readBy } from '../../shell/address.ts';
import { signedInRoute } from '../../shell/root-routes.ts';
import { myDayOptions, teamOptions } from './queries.ts';
import { readDaySearch, readTeamSearch } from './search.ts';

const dayRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/day',
  validateSearch: readBy(readDaySearch).validateSearch,
  // What lies open is not loaded with the queue.
  loaderDeps: ({ search: { tab, kind } }) => ({ tab, kind }),
  loader: ({ context: { api }, deps }) => {
    void api.queryClient.prefetchQuery(api.trpc.tasks.counts.queryOptions());
    // A failure is the queue's to show: prefetching does not throw.
    return api.queryClient.prefetchInfiniteQuery(myDayOptions(api, deps));
  },
  staticData: { words: ['tasks', 'care'] },
  component: lazyRouteComponent(() => import('./MyDayPage.tsx'), 'MyDayPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/team',
  ...readBy(readTeamSearch),
  loader: ({ context: { api }, deps }) => {
    void api.queryClient.prefetchQuery(api.trpc.tasks.load.queryOptions());
    return api.queryClient.prefetchInfiniteQuery(teamOptions(api, deps));
  },
  staticData: { words: ['tasks', 'care', 'complaints', 'contacts'] },
  component: lazyRouteComponent(() => import('./TeamPage.tsx'), 'TeamPage'),
});

export const tasksRoutes = [dayRoute, teamRoute] as const;

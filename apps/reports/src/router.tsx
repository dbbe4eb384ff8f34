import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { validateReportSearch } from './report/search.ts';
import { failureCode, type Api } from './shell/api.ts';
import { ErrorPage, MissingPage } from './shell/ErrorPage.tsx';
import { Root } from './shell/Root.tsx';
import { goToSignIn, meQuery } from './shell/session.ts';

const rootRoute = createRootRouteWithContext<{ api: Api }>()({ component: Root, errorComponent: ErrorPage, notFoundComponent: MissingPage });

/** Everything is for somebody signed in; the session is the console's. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context: { api } }) => {
    try {
      return { me: await api.queryClient.ensureQueryData(meQuery(api)) };
    } catch (error) {
      if (failureCode(error) !== 'access.signed_out') throw error;
      return goToSignIn();
    }
  },
  component: lazyRouteComponent(() => import('./shell/Shell.tsx'), 'Shell'),
});

const parent = { getParentRoute: () => signedInRoute } as const;
const routeTree = rootRoute.addChildren([
  signedInRoute.addChildren([
    createRoute({ ...parent, path: '/', component: lazyRouteComponent(() => import('./features/home/HomePage.tsx'), 'HomePage') }),
    createRoute({ ...parent, path: '/service', validateSearch: validateReportSearch, component: lazyRouteComponent(() => import('./features/service/ServicePage.tsx'), 'ServicePage') }),
    createRoute({ ...parent, path: '/callbacks', validateSearch: validateReportSearch, component: lazyRouteComponent(() => import('./features/callbacks/CallbacksPage.tsx'), 'CallbacksPage') }),
    createRoute({ ...parent, path: '/care', validateSearch: validateReportSearch, component: lazyRouteComponent(() => import('./features/care/CarePage.tsx'), 'CarePage') }),
    createRoute({ ...parent, path: '/complaints', validateSearch: validateReportSearch, component: lazyRouteComponent(() => import('./features/complaints/ComplaintsPage.tsx'), 'ComplaintsPage') }),
  ]),
]);

export function createAppRouter(api: Api) {
  return createRouter({
    routeTree,
    basepath: '/reports',
    context: { api },
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

import { WORDS_OF, type WordsOf } from '@baoke/i18n/lazy';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { validateReportSearch } from './report/search.ts';
import { failureCode, type Api } from './shell/api.ts';
import { ErrorPage, MissingPage } from './shell/ErrorPage.tsx';
import { Root } from './shell/Root.tsx';
import { needWords } from './shell/language.ts';
import { meQuery } from './shell/session.ts';
import { goToSignIn, leaveFor } from './shell/sign-in.ts';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The capabilities whose words the page shows; a page that does not say waits for all. */
    readonly words?: readonly WordsOf[];
  }
}

const rootRoute = createRootRouteWithContext<{ api: Api }>()({
  component: Root,
  errorComponent: ErrorPage,
  notFoundComponent: MissingPage,
});

/** Everything is for somebody signed in; the session is the console's. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context: { api }, matches }) => {
    try {
      const [me] = await Promise.all([
        api.queryClient.ensureQueryData(meQuery(api)),
        needWords(matches.at(-1)?.staticData.words ?? WORDS_OF),
      ]);
      // Sign-in belongs to the console, its second step too.
      if (me.owesSecondStep || me.mustChangePassword) return leaveFor('/two-step');
      return { me };
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
    createRoute({
      ...parent,
      path: '/',
      validateSearch: validateReportSearch,
      staticData: { words: ['reports'] },
      component: lazyRouteComponent(() => import('./features/home/HomePage.tsx'), 'HomePage'),
    }),
    createRoute({
      ...parent,
      path: '/service',
      validateSearch: validateReportSearch,
      staticData: { words: ['reports'] },
      component: lazyRouteComponent(() => import('./features/service/ServicePage.tsx'), 'ServicePage'),
    }),
    createRoute({
      ...parent,
      path: '/callbacks',
      validateSearch: validateReportSearch,
      staticData: { words: ['reports', 'care', 'tasks', 'contacts'] },
      component: lazyRouteComponent(() => import('./features/callbacks/CallbacksPage.tsx'), 'CallbacksPage'),
    }),
    createRoute({
      ...parent,
      path: '/care',
      validateSearch: validateReportSearch,
      staticData: { words: ['reports', 'care', 'tasks', 'contacts'] },
      component: lazyRouteComponent(() => import('./features/care/CarePage.tsx'), 'CarePage'),
    }),
    createRoute({
      ...parent,
      path: '/complaints',
      validateSearch: validateReportSearch,
      staticData: { words: ['reports', 'complaints'] },
      component: lazyRouteComponent(() => import('./features/complaints/ComplaintsPage.tsx'), 'ComplaintsPage'),
    }),
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

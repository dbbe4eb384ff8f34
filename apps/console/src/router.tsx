import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { accountRoutes } from './features/account/routes.ts';
import { adminRoutes } from './features/admin/routes.ts';
import { careRoutes } from './features/care/routes.ts';
import { complaintsRoutes } from './features/complaints/routes.ts';
import { customersRoutes } from './features/customers/routes.ts';
import { serviceRoutes } from './features/service/routes.ts';
import { vehiclesRoutes } from './features/vehicles/routes.ts';
import { importsRoutes } from './features/imports/routes.ts';
import { settingsRoutes } from './features/settings/routes.ts';
import { tasksRoutes } from './features/tasks/routes.ts';
import { onSignedOut, type Api } from './shell/api.ts';
import { ErrorPage, MissingPage } from './shell/ErrorPage.tsx';
import { rootRoute, signedInRoute, signInRoute } from './shell/root-routes.ts';
import { askToSignIn } from './shell/session-end.ts';
import { meQuery, withRights } from './shell/session.ts';

// There is no empty first page: one lands on the first page of one's work.
const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  staticData: { words: [] },
  beforeLoad: async ({ context: { me } }) => {
    // With its pictures it comes for whoever is signed in only.
    const { navigationFor } = await import('./shell/navigation.tsx');
    const [first] = navigationFor(withRights(me)).flatMap(({ link }) => ('to' in link ? [link] : []));
    if (first) throw redirect(first);
  },
  component: MissingPage,
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  ...accountRoutes,
  signedInRoute.addChildren([
    homeRoute,
    ...customersRoutes,
    ...vehiclesRoutes,
    ...serviceRoutes,
    ...complaintsRoutes,
    ...adminRoutes,
    ...tasksRoutes,
    ...importsRoutes,
    ...careRoutes,
    ...settingsRoutes,
  ]),
]);

export function createAppRouter(api: Api) {
  const router = createRouter({
    routeTree,
    context: { api },
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
    // Another record is another page: what was opened, shown or typed on the last one is not carried over to it.
    defaultRemountDeps: ({ params }) => params,
  });
  onSignedOut(() => {
    // Somebody who was not signed in yet is led to the sign-in by the route itself.
    if (router.state.location.pathname === '/sign-in' || api.queryClient.getQueryData(meQuery(api).queryKey) === undefined) return;
    askToSignIn();
  });
  return router;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

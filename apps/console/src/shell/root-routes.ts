import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { failureCode, type Api } from './api.ts';
import { ErrorPage, MissingPage } from './ErrorPage.tsx';
import { Root } from './Root.tsx';
import { meQuery } from './session.ts';

export const rootRoute = createRootRouteWithContext<{ api: Api }>()({
  component: Root,
  errorComponent: ErrorPage,
  notFoundComponent: MissingPage,
});

/** Everything below is for somebody signed in; others are asked to sign in and come back to where they wanted to go. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context: { api }, location }) => {
    try {
      return { me: await api.queryClient.ensureQueryData(meQuery(api)) };
    } catch (error) {
      if (failureCode(error) !== 'access.signed_out') throw error;
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('./Shell.tsx'), 'Shell'),
});

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => (typeof search.next === 'string' ? { next: search.next } : {}),
  component: lazyRouteComponent(() => import('./SignInPage.tsx'), 'SignInPage'),
});

import { WORDS_OF, type WordsOf } from '@baoke/i18n/lazy';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { failureCode, type Api } from './api.ts';
import { ErrorPage, MissingPage } from './ErrorPage.tsx';
import { needWords } from './language.ts';
import { Root } from './Root.tsx';
import { meQuery } from './session.ts';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The capabilities whose words the page shows at first; a page that does not say waits for all. The rest follows. */
    readonly words?: readonly WordsOf[];
  }
}

export const rootRoute = createRootRouteWithContext<{ api: Api }>()({
  component: Root,
  errorComponent: ErrorPage,
  notFoundComponent: MissingPage,
});

/** Everything below is for somebody signed in; others are asked to sign in and come back to where they wanted to go. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context: { api }, location, matches }) => {
    try {
      const [me] = await Promise.all([
        api.queryClient.ensureQueryData(meQuery(api)),
        needWords(matches.at(-1)?.staticData.words ?? WORDS_OF),
      ]);
      if (me.owesSecondStep || me.mustChangePassword) throw redirect({ to: '/two-step' });
      return { me };
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

import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { failureCode } from '../../shell/api.ts';
import { needWords } from '../../shell/language.ts';
import { rootRoute } from '../../shell/root-routes.ts';
import { meQuery } from '../../shell/session.ts';

/** Stands outside the frame: whoever owes his second step, or a password of his own, sees nothing else of the console yet. */
const secondStepRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/two-step',
  staticData: { words: ['settings'] },
  beforeLoad: async ({ context: { api } }) => {
    try {
      await Promise.all([api.queryClient.ensureQueryData(meQuery(api)), needWords(['settings'])]);
    } catch (error) {
      if (failureCode(error) !== 'access.signed_out') throw error;
      throw redirect({ to: '/sign-in', search: { next: '/two-step' } });
    }
  },
  loader: ({ context: { api } }) => api.queryClient.ensureQueryData(api.trpc.access.secondStep.queryOptions()),
  component: lazyRouteComponent(() => import('./SecondStepPage.tsx'), 'SecondStepPage'),
});

export const accountRoutes = [secondStepRoute] as const;

import type { ComplaintId } from '@baoke/core/kernel';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { idInPath, readBy } from '../../shell/address.ts';
import { MissingPage } from '../../shell/ErrorPage.tsx';
import { signedInRoute } from '../../shell/root-routes.ts';
import { complaintOptions } from '../../shell/complaints/complaint.ts';
import { complaintListOptions } from './queries.ts';
import { isMonth, listInputOf, readComplaintSearch } from './search.ts';

const listRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/complaints',
  ...readBy(readComplaintSearch),
  loader: ({ context: { api }, deps }) => {
    void api.queryClient.prefetchQuery(api.trpc.complaints.counts.queryOptions());
    void api.queryClient.prefetchQuery(api.trpc.complaints.options.queryOptions());
    // A failure is the list's to show, with its conditions still in place: prefetching does not throw.
    return api.queryClient.prefetchInfiniteQuery(complaintListOptions(api, listInputOf(deps)));
  },
  staticData: { words: ['complaints'] },
  component: lazyRouteComponent(() => import('./ComplaintsPage.tsx'), 'ComplaintsPage'),
});

const newRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/complaints/new',
  validateSearch: (search: Record<string, unknown>): { customerId?: string } =>
    typeof search.customerId === 'string' ? { customerId: search.customerId } : {},
  loader: ({ context: { api } }) => api.queryClient.ensureQueryData(api.trpc.complaints.options.queryOptions()),
  component: lazyRouteComponent(() => import('./RegisterPage.tsx'), 'RegisterPage'),
});

const scoresRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/complaints/scores',
  validateSearch: (search: Record<string, unknown>): { month?: string } => (isMonth(search.month) ? { month: search.month } : {}),
  component: lazyRouteComponent(() => import('./ScoresPage.tsx'), 'ScoresPage'),
});

const params = { parse: ({ complaintId }: { complaintId: string }) => ({ complaintId: idInPath<ComplaintId>(complaintId) }) };

const complaintRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/complaints/$complaintId',
  params,
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { complaintId } }) => {
    void api.queryClient.prefetchQuery(api.trpc.complaints.options.queryOptions());
    await api.queryClient.ensureQueryData(complaintOptions(api, complaintId));
  },
  staticData: { words: ['complaints'] },
  component: lazyRouteComponent(() => import('./ComplaintPage.tsx'), 'ComplaintPage'),
});

const paperRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/complaints/$complaintId/print',
  params,
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { complaintId } }) => {
    await api.queryClient.ensureQueryData(complaintOptions(api, complaintId));
  },
  component: lazyRouteComponent(() => import('./ComplaintPaper.tsx'), 'ComplaintPaper'),
});

export const complaintsRoutes = [listRoute, newRoute, scoresRoute, complaintRoute, paperRoute] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../shell/root-routes.ts';
import { readAuditSearch, readKeysSearch, readRightsSearch, readStaffSearch } from './search.ts';

const staffRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/staff',
  validateSearch: readStaffSearch,
  // A failure is the list's to show, with its conditions still in place: prefetching does not throw.
  loader: ({ context: { api } }) => api.queryClient.prefetchQuery(api.trpc.staff.list.queryOptions()),
  component: lazyRouteComponent(() => import('./StaffPage.tsx'), 'StaffPage'),
});

const rightsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/rights',
  validateSearch: readRightsSearch,
  loader: async ({ context: { api } }) => {
    await api.queryClient.ensureQueryData(api.trpc.rights.get.queryOptions());
  },
  component: lazyRouteComponent(() => import('./RightsPage.tsx'), 'RightsPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/keys',
  validateSearch: readKeysSearch,
  loader: ({ context: { api } }) => api.queryClient.prefetchQuery(api.trpc.keys.list.queryOptions()),
  component: lazyRouteComponent(() => import('./KeysPage.tsx'), 'KeysPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./AuditPage.tsx'), 'AuditPage'),
});

export const adminRoutes = [staffRoute, rightsRoute, keysRoute, auditRoute] as const;

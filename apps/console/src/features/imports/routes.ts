import type { ImportView } from '@baoke/core/imports/wire';
import type { ImportId } from '@baoke/core/kernel';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { given, idInPath, oneOf, readBy } from '../../shell/address.ts';
import { MissingPage } from '../../shell/ErrorPage.tsx';
import { signedInRoute } from '../../shell/root-routes.ts';
import { importOptions, importsOptions } from './queries.ts';
import { STATUSES } from './statuses.ts';

const listRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/imports',
  ...readBy((search): { status?: ImportView['status'] | undefined } => given({ status: oneOf(STATUSES, search.status) })),
  // A failure is the list's to show: prefetching does not throw.
  loader: ({ context: { api }, deps: { status } }) => api.queryClient.prefetchInfiniteQuery(importsOptions(api, status)),
  staticData: { words: ['imports', 'customers', 'vehicles'] },
  component: lazyRouteComponent(() => import('./ImportsPage.tsx'), 'ImportsPage'),
});

const newRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/imports/new',
  component: lazyRouteComponent(() => import('./NewImportPage.tsx'), 'NewImportPage'),
});

const importRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/imports/$importId',
  params: { parse: ({ importId }: { importId: string }) => ({ importId: idInPath<ImportId>(importId) }) },
  notFoundComponent: MissingPage,
  validateSearch: (search: Record<string, unknown>): { map?: boolean } => (search.map === true ? { map: true } : {}),
  loader: async ({ context: { api }, params: { importId } }) => {
    await api.queryClient.ensureQueryData(importOptions(api, importId));
  },
  component: lazyRouteComponent(() => import('./ImportPage.tsx'), 'ImportPage'),
});

export const importsRoutes = [listRoute, newRoute, importRoute] as const;

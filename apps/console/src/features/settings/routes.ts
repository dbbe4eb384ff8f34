import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../shell/root-routes.ts';
import { readSettingsSearch } from './search.ts';

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/settings',
  validateSearch: readSettingsSearch,
  loaderDeps: ({ search }) => ({ section: readSettingsSearch(search).section ?? 'complaints' }),
  loader: async ({ context: { api }, deps }) => {
    await api.queryClient.ensureQueryData(api.trpc.settings.get.queryOptions(deps));
  },
  component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
});

export const settingsRoutes = [settingsRoute] as const;

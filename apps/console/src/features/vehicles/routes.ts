import type { CustomerId, VehicleId } from '@baoke/core/kernel';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { idInPath } from '../../shell/address.ts';
import { MissingPage } from '../../shell/ErrorPage.tsx';
import { signedInRoute } from '../../shell/root-routes.ts';
import { vehicleOptions } from './queries.ts';

const params = { parse: ({ vehicleId }: { vehicleId: string }) => ({ vehicleId: idInPath<VehicleId>(vehicleId) }) };

const vehicleRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/vehicles/$vehicleId',
  params,
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { vehicleId } }) => {
    await api.queryClient.ensureQueryData(vehicleOptions(api, vehicleId));
  },
  component: lazyRouteComponent(() => import('./VehiclePage.tsx'), 'VehiclePage'),
});

const editRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/vehicles/$vehicleId/edit',
  params,
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { vehicleId } }) => {
    // What the form begins from is what is stored now, not what a page showed a while ago.
    await api.queryClient.fetchQuery({ ...vehicleOptions(api, vehicleId), staleTime: 0 });
  },
  component: lazyRouteComponent(() => import('./VehicleForm.tsx'), 'EditVehiclePage'),
});

const newRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers/$customerId/vehicles/new',
  params: { parse: ({ customerId }: { customerId: string }) => ({ customerId: customerId as CustomerId }) },
  loader: async ({ context: { api }, params: { customerId } }) => {
    await api.queryClient.ensureQueryData(api.trpc.customers.get.queryOptions({ customerId }));
  },
  component: lazyRouteComponent(() => import('./VehicleForm.tsx'), 'NewVehiclePage'),
});

export const vehiclesRoutes = [vehicleRoute, editRoute, newRoute] as const;

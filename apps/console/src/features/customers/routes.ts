import type { CustomerId } from '@baoke/core/kernel';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { idInPath, readBy } from '../../shell/address.ts';
import { MissingPage } from '../../shell/ErrorPage.tsx';
import { signedInRoute } from '../../shell/root-routes.ts';
import { cardOptions, customerListOptions, timelineOptions } from './queries.ts';
import { listInputOf, readCustomerSearch } from './search.ts';

const listRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers',
  ...readBy(readCustomerSearch),
  loader: ({ context: { api }, deps }) => {
    void api.queryClient.prefetchQuery(api.trpc.customers.options.queryOptions());
    // A failure is the list's to show, with its conditions still in place: prefetching does not throw.
    return api.queryClient.prefetchInfiniteQuery(customerListOptions(api, listInputOf(deps)));
  },
  staticData: { words: ['customers', 'contacts', 'vehicles'] },
  component: lazyRouteComponent(() => import('./CustomersPage.tsx'), 'CustomersPage'),
});

const newRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers/new',
  loader: ({ context: { api } }) => void api.queryClient.prefetchQuery(api.trpc.customers.options.queryOptions()),
  component: lazyRouteComponent(() => import('./NewCustomerPage.tsx'), 'NewCustomerPage'),
});

const params = { parse: ({ customerId }: { customerId: string }) => ({ customerId: idInPath<CustomerId>(customerId) }) };

const cardRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers/$customerId',
  params,
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { customerId } }) => {
    void api.queryClient.prefetchInfiniteQuery(timelineOptions(api, customerId, undefined));
    await api.queryClient.ensureQueryData(cardOptions(api, customerId));
  },
  staticData: { words: ['customers', 'contacts', 'vehicles', 'complaints', 'tasks', 'care'] },
  component: lazyRouteComponent(() => import('./CustomerPage.tsx'), 'CustomerPage'),
});

const editRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers/$customerId/edit',
  params,
  notFoundComponent: MissingPage,
  // Opening the form shows contact data in full, which the server records: it is never loaded ahead of a click.
  preload: false,
  loader: ({ context: { api }, params: { customerId } }) => {
    void api.queryClient.prefetchQuery(api.trpc.customers.options.queryOptions());
    return api.client.customers.openForEdit.mutate({ customerId });
  },
  component: lazyRouteComponent(() => import('./EditCustomerPage.tsx'), 'EditCustomerPage'),
});

const paperRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/customers/$customerId/print/$paper',
  params: {
    parse: ({ customerId, paper }: { customerId: string; paper: string }) => ({
      customerId: idInPath<CustomerId>(customerId),
      paper: paper === 'management' ? ('management' as const) : ('data' as const),
    }),
  },
  notFoundComponent: MissingPage,
  loader: async ({ context: { api }, params: { customerId } }) => {
    await api.queryClient.ensureQueryData(cardOptions(api, customerId));
  },
  component: lazyRouteComponent(() => import('./CustomerPaper.tsx'), 'CustomerPaper'),
});

export const customersRoutes = [listRoute, newRoute, cardRoute, editRoute, paperRoute] as const;

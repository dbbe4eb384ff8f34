import type { TimelineKind } from '@baoke/core/customers/wire';
import type { CustomerId } from '@baoke/core/kernel';
import type { Api } from '../../shell/api.ts';
import { pagesOf } from '../../shell/paging.ts';
import type { CustomerListInput } from './search.ts';

export function customerListOptions({ client, trpc }: Api, input: CustomerListInput) {
  return pagesOf(trpc.customers.list.infiniteQueryKey(input), (page) => client.customers.list.query({ ...input, ...page }));
}

export function cardOptions({ trpc }: Api, customerId: CustomerId) {
  return trpc.customers.get.queryOptions({ customerId });
}

export function timelineOptions({ client, trpc }: Api, customerId: CustomerId, kind: TimelineKind | undefined) {
  const input = { customerId, ...(kind ? { kinds: [kind] } : {}), limit: 30 };
  return pagesOf(trpc.customers.timeline.infiniteQueryKey(input), (page) => client.customers.timeline.query({ ...input, ...page }));
}

/** Everything shown of customers is loaded afresh after one was changed. */
export async function refreshCustomers({ queryClient, trpc }: Api): Promise<void> {
  await queryClient.invalidateQueries(trpc.customers.pathFilter());
}

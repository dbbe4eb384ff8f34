import type { ComplaintId } from '@baoke/core/kernel';
import type { Api } from '../../shell/api.ts';
import { pagesOf } from '../../shell/paging.ts';
import type { ComplaintListInput } from './search.ts';

export function complaintListOptions({ client, trpc }: Api, input: ComplaintListInput) {
  return pagesOf(trpc.complaints.list.infiniteQueryKey(input), (page) => client.complaints.list.query({ ...input, ...page }));
}

export function complaintOptions({ trpc }: Api, complaintId: ComplaintId) {
  return trpc.complaints.get.queryOptions({ complaintId });
}

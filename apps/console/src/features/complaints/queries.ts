import type { Api } from '../../shell/api.ts';
import { pagesOf } from '../../shell/paging.ts';
import type { ComplaintListInput } from './search.ts';

export function complaintListOptions({ client, trpc }: Api, input: ComplaintListInput) {
  return pagesOf(trpc.complaints.list.infiniteQueryKey(input), (page) => client.complaints.list.query({ ...input, ...page }));
}

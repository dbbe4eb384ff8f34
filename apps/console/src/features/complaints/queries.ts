import type { ComplaintId } from '@baoke/core/kernel';
import { keepPreviousData } from '@tanstack/react-query';
import type { Api } from '../../shell/api.ts';
import type { ComplaintListInput } from './search.ts';

/** The list, page after page. Another filter keeps the old rows in sight until the new ones are here. */
export function complaintListOptions({ trpc }: Api, input: ComplaintListInput) {
  return trpc.complaints.list.infiniteQueryOptions(input, {
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function complaintOptions({ trpc }: Api, complaintId: ComplaintId) {
  return trpc.complaints.get.queryOptions({ complaintId });
}

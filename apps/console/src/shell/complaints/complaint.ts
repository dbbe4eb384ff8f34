import type { ComplaintId } from '@baoke/core/kernel';
import type { Api } from '../api.ts';

export function complaintOptions({ trpc }: Api, complaintId: ComplaintId) {
  return trpc.complaints.get.queryOptions({ complaintId });
}

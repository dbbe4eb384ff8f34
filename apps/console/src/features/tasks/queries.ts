import { addDays, type TaskId } from '@baoke/core/kernel';
import type { Api } from '../../shell/api.ts';
import { pagesOf } from '../../shell/paging.ts';
import type { DaySearch, TeamSearch } from './search.ts';

/** My queue, page after page, in the one order of urgency. */
export function myDayOptions({ client, trpc }: Api, { tab = 'today', kind }: DaySearch) {
  const input = { tab, ...(kind ? { kinds: [kind] } : {}) };
  return pagesOf(trpc.tasks.myDay.infiniteQueryKey(input), (page) => client.tasks.myDay.query({ ...input, ...page }));
}

/** The team's queue. The address names the last day of a period, the server the day after it. */
export function teamOptions({ client, trpc }: Api, search: TeamSearch) {
  const input = teamInputOf(search);
  return pagesOf(trpc.tasks.team.infiniteQueryKey(input), (page) => client.tasks.team.query({ ...input, ...page }));
}

/** What the server is asked of the team's queue. */
export function teamInputOf({ tab = 'today', kind, assigneeId, role, from, to }: TeamSearch) {
  return {
    tab,
    ...(kind ? { kinds: [kind] } : {}),
    ...(assigneeId ? { assigneeId } : {}),
    ...(role ? { role } : {}),
    ...(from ? { dueFrom: from } : {}),
    ...(to ? { dueTo: addDays(to, 1) } : {}),
  };
}

export function taskOptions({ trpc }: Api, taskId: TaskId) {
  return trpc.tasks.get.queryOptions({ taskId });
}

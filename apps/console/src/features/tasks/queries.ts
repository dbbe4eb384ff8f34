import { addDays, type TaskId } from '@baoke/core/kernel';
import { keepPreviousData } from '@tanstack/react-query';
import type { Api } from '../../shell/api.ts';
import type { DaySearch, TeamSearch } from './search.ts';

const PAGE = 50;

/** My queue, page after page, in the one order of urgency. */
export function myDayOptions({ trpc }: Api, { tab = 'today', kind }: DaySearch) {
  return trpc.tasks.myDay.infiniteQueryOptions(
    { tab, limit: PAGE, ...(kind ? { kinds: [kind] } : {}) },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  );
}

/** The team's queue. The address names the last day of a period, the server the day after it. */
export function teamOptions({ trpc }: Api, { tab = 'today', kind, assigneeId, role, from, to }: TeamSearch) {
  return trpc.tasks.team.infiniteQueryOptions(
    {
      tab,
      limit: PAGE,
      ...(kind ? { kinds: [kind] } : {}),
      ...(assigneeId ? { assigneeId } : {}),
      ...(role ? { role } : {}),
      ...(from ? { dueFrom: from } : {}),
      ...(to ? { dueTo: addDays(to, 1) } : {}),
    },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  );
}

export function taskOptions({ trpc }: Api, taskId: TaskId) {
  return trpc.tasks.get.queryOptions({ taskId });
}

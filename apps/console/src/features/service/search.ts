import type { AppRouter } from '@baoke/api/router';
import { addDays, type CivilDate, type StaffId } from '@baoke/core/kernel';
import type { inferRouterInputs } from '@trpc/server';
import { dateOf, given, idOf, setOf, textOf, type RawSearch } from '../../shell/address.ts';

export type VisitListInput = Omit<inferRouterInputs<AppRouter>['service']['listVisits'], 'cursor'>;

export const TABS = ['all', 'effective', 'ineffective', 'open'] as const;
export type VisitTab = (typeof TABS)[number];

/** Conditions of the list as the address carries them; both days of the period belong to it. */
export type VisitFilter = {
  readonly category?: string | undefined;
  readonly orderNo?: string | undefined;
  readonly plate?: string | undefined;
  readonly advisorId?: StaffId | undefined;
  readonly from?: CivilDate | undefined;
  readonly to?: CivilDate | undefined;
};
export type VisitSearch = VisitFilter & { readonly tab?: VisitTab | undefined; readonly ascending?: boolean | undefined };

export function readVisitSearch(search: RawSearch): VisitSearch {
  return given({
    tab: TABS.find((tab) => tab !== 'all' && tab === search.tab),
    category: textOf(search.category, 40),
    orderNo: textOf(search.orderNo, 40),
    plate: textOf(search.plate, 20),
    advisorId: idOf(search.advisorId),
    from: dateOf(search.from),
    to: dateOf(search.to),
    ascending: setOf(search.ascending),
  });
}

/** What the server is asked. The address names the last day, the server the day after it. */
export function listInputOf({ tab, category, from, to, ascending, ...rest }: VisitSearch): VisitListInput {
  return {
    ...rest,
    ...(tab === 'effective' || tab === 'ineffective' ? { effective: tab === 'effective' } : {}),
    ...(tab === 'open' ? { state: 'open' } : {}),
    ...(category ? { categories: [category] } : {}),
    ...(from ? { arrivedFrom: from } : {}),
    ...(to ? { arrivedTo: addDays(to, 1) } : {}),
    descending: ascending !== true,
  };
}

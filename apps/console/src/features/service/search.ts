import type { AppRouter } from '@baoke/api/router';
import { addDays, isCivilDate, isUuid, type CivilDate, type StaffId } from '@baoke/core/kernel';
import type { inferRouterInputs } from '@trpc/server';

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

/** Reads an address somebody typed, pasted or saved long ago: what is not understood is left out, never an error. */
export function readVisitSearch(search: Readonly<Record<string, unknown>>): VisitSearch {
  const read: VisitSearch = {
    tab: TABS.find((tab) => tab !== 'all' && tab === search.tab),
    category: textOf(search.category),
    orderNo: textOf(search.orderNo),
    plate: textOf(search.plate)?.slice(0, 20),
    advisorId: typeof search.advisorId === 'string' && isUuid(search.advisorId) ? (search.advisorId as StaffId) : undefined, // whether it exists is the server's to say
    from: dateOf(search.from),
    to: dateOf(search.to),
    ascending: search.ascending === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
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

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, 40) : '';
  return text === '' ? undefined : text;
}

function dateOf(value: unknown): CivilDate | undefined {
  return typeof value === 'string' && isCivilDate(value) ? value : undefined;
}

import type { AppRouter } from '@baoke/api/router';
import {
  CUSTOMER_FLAGS,
  CUSTOMER_KINDS,
  CUSTOMER_SORTS,
  CUSTOMER_TABS,
  RELATIONSHIPS,
  type CustomerFlag,
  type CustomerKind,
  type CustomerSort,
  type CustomerTab,
  type Relationship,
} from '@baoke/core/customers';
import { addDays, type CivilDate, type StaffId } from '@baoke/core/kernel';
import type { inferRouterInputs } from '@trpc/server';
import { dateOf, given, idOf, oneOf, textOf, type RawSearch } from '../../shell/address.ts';

/** What a filter finds, in no order. */
export type CustomerMatch = inferRouterInputs<AppRouter>['customers']['count'];
export type CustomerListInput = Omit<inferRouterInputs<AppRouter>['customers']['list'], 'cursor'>;

/** Conditions of the list as the address carries them; both days of a period belong to it. */
export type CustomerFilter = {
  readonly term?: string | undefined;
  readonly kind?: CustomerKind | undefined;
  readonly relationship?: Relationship | undefined;
  readonly flag?: CustomerFlag | undefined;
  readonly consultantId?: StaffId | undefined;
  readonly advisorId?: StaffId | undefined;
  readonly city?: string | undefined;
  readonly source?: string | undefined;
  readonly visitedFrom?: CivilDate | undefined;
  readonly visitedTo?: CivilDate | undefined;
  readonly createdFrom?: CivilDate | undefined;
  readonly createdTo?: CivilDate | undefined;
};
export type CustomerSearch = CustomerFilter & {
  readonly tab?: CustomerTab | undefined;
  readonly sort?: CustomerSort | undefined;
  readonly descending?: boolean | undefined;
};

export function readCustomerSearch(search: RawSearch): CustomerSearch {
  return given({
    tab: CUSTOMER_TABS.find((tab) => tab !== 'all' && tab === search.tab),
    term: textOf(search.term, 40),
    kind: oneOf(CUSTOMER_KINDS, search.kind),
    relationship: oneOf(RELATIONSHIPS, search.relationship),
    flag: oneOf(CUSTOMER_FLAGS, search.flag),
    consultantId: idOf(search.consultantId),
    advisorId: idOf(search.advisorId),
    city: textOf(search.city, 40),
    source: textOf(search.source),
    visitedFrom: dateOf(search.visitedFrom),
    visitedTo: dateOf(search.visitedTo),
    createdFrom: dateOf(search.createdFrom),
    createdTo: dateOf(search.createdTo),
    sort: CUSTOMER_SORTS.find((sort) => sort !== 'name' && sort === search.sort),
    descending: search.descending === true && !hasUnknownSort(search) ? true : undefined,
  });
}

/** Whether a view was saved in an order that is not offered: it falls back to that of names. */
export function hasUnknownSort({ sort }: RawSearch): boolean {
  return sort !== undefined && !CUSTOMER_SORTS.some((known) => known === sort);
}

/** What the server is asked. The address names the last day, the server the day after it. */
export function listInputOf({
  tab,
  relationship,
  flag,
  visitedTo,
  createdTo,
  sort,
  descending,
  ...rest
}: CustomerSearch): CustomerListInput {
  return {
    ...rest,
    tab: tab ?? 'all',
    ...(relationship ? { relationships: [relationship] } : {}),
    ...(flag ? { flags: [flag] } : {}),
    ...(visitedTo ? { visitedTo: addDays(visitedTo, 1) } : {}),
    ...(createdTo ? { createdTo: addDays(createdTo, 1) } : {}),
    sort: sort ?? 'name',
    descending: descending === true,
  };
}

/** The same without its order: what is counted, and changed as a whole. */
export function matchOf(search: CustomerSearch): CustomerMatch {
  const { sort: _, descending: __, limit: ___, ...match } = listInputOf(search);
  return match;
}

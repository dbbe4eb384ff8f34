import {
  COMPLAINT_KINDS,
  COMPLAINT_SOURCES,
  COMPLAINT_STATUSES,
  SEVERITIES,
  type ComplaintBranch,
  type ComplaintKind,
  type ComplaintSource,
  type ComplaintStatus,
  type Severity,
} from '@baoke/core/complaints';
import type { AppRouter } from '@baoke/api/router';
import type { COMPLAINT_SORTS, COMPLAINT_TABS } from '@baoke/core/complaints/wire';
import { addDays, type CivilDate, type DepartmentId, type StaffId } from '@baoke/core/kernel';
import type { inferRouterInputs } from '@trpc/server';
import { dateOf, given, idOf, oneOf, setOf, textOf, type RawSearch } from '../../shell/address.ts';

export type ComplaintTab = (typeof COMPLAINT_TABS)[number];
export type ComplaintListInput = Omit<inferRouterInputs<AppRouter>['complaints']['list'], 'cursor'>;

/** Quick scopes in the order of the tabs; the server counts and filters by the same words. */
export const TABS = ['all', 'mine', 'to_respond', 'in_work', 'to_confirm', 'overdue', 'closed'] as const satisfies readonly ComplaintTab[];
const SORTS = ['registeredAt', 'closeDueAt', 'pressesAt'] as const satisfies readonly (typeof COMPLAINT_SORTS)[number][];
/** Whether a tab holds open complaints only: it stands in the order of urgency. */
export function isOfOpen(tab: ComplaintTab | undefined): boolean {
  return tab !== undefined && tab !== 'all' && tab !== 'closed';
}
const BREACHES = ['response', 'close'] as const;

/** Conditions of the list as the address carries them; both days of a period belong to it. */
export type ComplaintFilter = {
  readonly number?: string | undefined;
  readonly kind?: ComplaintKind | ComplaintBranch | undefined;
  readonly source?: ComplaintSource | undefined;
  readonly status?: ComplaintStatus | undefined;
  readonly severity?: Severity | undefined;
  readonly departmentId?: DepartmentId | undefined;
  readonly handlerId?: StaffId | undefined;
  readonly accusedId?: StaffId | undefined;
  readonly from?: CivilDate | undefined;
  readonly to?: CivilDate | undefined;
  readonly breached?: (typeof BREACHES)[number] | undefined;
};

export type ComplaintSearch = ComplaintFilter & {
  readonly tab?: ComplaintTab | undefined;
  readonly sort?: (typeof SORTS)[number] | undefined;
  readonly ascending?: boolean | undefined;
};

export function readComplaintSearch(search: RawSearch): ComplaintSearch {
  return given({
    tab: oneOf(TABS, search.tab),
    number: textOf(search.number, 20),
    kind: oneOf([...COMPLAINT_KINDS, 'sales', 'service'] as const, search.kind),
    source: oneOf(COMPLAINT_SOURCES, search.source),
    status: oneOf(COMPLAINT_STATUSES, search.status),
    severity: oneOf(SEVERITIES, search.severity),
    departmentId: idOf<DepartmentId>(search.departmentId),
    handlerId: idOf<StaffId>(search.handlerId),
    accusedId: idOf<StaffId>(search.accusedId),
    from: dateOf(search.from),
    to: dateOf(search.to),
    breached: oneOf(BREACHES, search.breached),
    sort: oneOf(SORTS, search.sort),
    ascending: setOf(search.ascending),
  });
}

/** The order of a list: as the address says, else the most urgent of open ones first, the newest of all. */
export function orderOf({ tab, sort, ascending }: ComplaintSearch): Required<Pick<ComplaintListInput, 'sort' | 'descending'>> {
  const open = isOfOpen(tab);
  if (sort === undefined || (sort === 'pressesAt' && !open))
    return open ? { sort: 'pressesAt', descending: false } : { sort: 'registeredAt', descending: ascending !== true };
  return { sort, descending: ascending !== true };
}

/** What the address says of an order; nothing of the one the tab has by itself. */
export function orderIn(
  tab: ComplaintTab | undefined,
  sort: (typeof SORTS)[number],
  descending: boolean,
): Pick<ComplaintSearch, 'sort' | 'ascending'> {
  const own = orderOf({ tab });
  if (own.sort === sort && own.descending === descending) return { sort: undefined, ascending: undefined };
  return { sort: own.sort === sort && !isOfOpen(tab) ? undefined : sort, ascending: descending ? undefined : true };
}

/** What the server is asked. The address names the last day, the server the day after it. */
export function listInputOf({
  tab,
  number,
  kind,
  source,
  status,
  severity,
  from,
  to,
  sort,
  ascending,
  ...rest
}: ComplaintSearch): ComplaintListInput {
  return {
    ...rest,
    tab: tab ?? 'all',
    ...(number ? { number } : {}),
    ...(kind ? { kinds: [kind] } : {}),
    ...(source ? { sources: [source] } : {}),
    ...(status ? { statuses: [status] } : {}),
    ...(severity ? { severities: [severity] } : {}),
    ...(from ? { registeredFrom: from } : {}),
    ...(to ? { registeredTo: addDays(to, 1) } : {}),
    ...orderOf({ tab, sort, ascending }),
  };
}

export function isMonth(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value);
}

import type { CustomerCard, Found } from '@baoke/core/customers/wire';
import type { CustomerId } from '@baoke/core/kernel';
import { keepPreviousData, queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Api } from './api.ts';
import { useApi } from './session.ts';

const PAUSE_MS = 120;

// TODO(3): the two procedures are described in core; their routers are not in AppRouter yet, so their types are named here.
type Records = {
  readonly search: { readonly find: { readonly query: (input: { term: string }) => Promise<Found> } };
  readonly customers: { readonly get: { readonly query: (input: { customerId: CustomerId }) => Promise<CustomerCard> } };
};
const records = ({ client }: Api) => client as unknown as Records;

/** What somebody types, once he pauses: a request per word, not per letter. */
function useSettled(term: string): string {
  const [settled, setSettled] = useState(term);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(term), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [term]);
  return settled;
}

/** Customers and vehicles by name, pinyin, initials, end of phone, plate or VIN. */
export function useRecordSearch(typed: string): { readonly found: Found | undefined; readonly busy: boolean } {
  const api = useApi();
  const term = useSettled(typed.trim());
  const { data, isFetching } = useQuery({
    queryKey: [['search', 'find'], term],
    queryFn: term === '' ? skipToken : () => records(api).search.find.query({ term }),
    placeholderData: keepPreviousData,
  });
  return { found: term === '' ? undefined : data, busy: isFetching };
}

export function customerOptions(api: Api, customerId: CustomerId | undefined) {
  return queryOptions({
    queryKey: [['customers', 'get'], customerId],
    queryFn: customerId ? () => records(api).customers.get.query({ customerId }) : skipToken,
  });
}

import type { Found } from '@baoke/core/customers/wire';
import type { CustomerId } from '@baoke/core/kernel';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Api } from './api.ts';
import { useApi } from './session.ts';

const PAUSE_MS = 120;

/** What somebody types, once he pauses: a request per word, not per letter. */
export function useSettled(term: string): string {
  const [settled, setSettled] = useState(term);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(term), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [term]);
  return settled;
}

/** Customers and vehicles by name, pinyin, initials, end of phone, plate or VIN. */
export function useRecordSearch(typed: string): { readonly found: Found | undefined; readonly busy: boolean } {
  const { trpc } = useApi();
  const term = useSettled(typed.trim());
  const { data, isFetching } = useQuery(
    trpc.search.find.queryOptions(term === '' ? skipToken : { term }, { placeholderData: keepPreviousData }),
  );
  return { found: term === '' ? undefined : data, busy: isFetching || term !== typed.trim() };
}

/** The card of a customer, once somebody is chosen. */
export function customerOptions({ trpc }: Api, customerId: CustomerId | undefined) {
  return trpc.customers.get.queryOptions(customerId ? { customerId } : skipToken);
}

import { infiniteQueryOptions, keepPreviousData, type QueryKey } from '@tanstack/react-query';

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/**
 * A list page after page, by the opaque cursor of the page before. Another filter keeps the old rows in sight until the new
 * ones are here. The options tRPC makes itself send a `direction` that our strict inputs do not know.
 */
export function pagesOf<P extends Page<unknown>>(queryKey: QueryKey, load: (page: { cursor: string | null }) => Promise<P>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => load({ cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

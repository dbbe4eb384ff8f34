import type { ListLayout, Views } from '@baoke/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './session.ts';

/** How this person likes a list, kept on the server so that it follows him. Shown at once, saved behind it. */
export function useListLayout(page: string): { readonly layout: ListLayout | undefined; readonly onLayout: (layout: ListLayout) => void } {
  const { trpc } = useApi();
  const queryClient = useQueryClient();
  const key = `list.${page}`;
  const { queryKey } = trpc.access.preferences.queryOptions();
  const { data } = useQuery(trpc.access.preferences.queryOptions(undefined, { staleTime: Infinity }));
  const save = useMutation(trpc.access.setPreference.mutationOptions({ onError: () => queryClient.invalidateQueries({ queryKey }) }));
  return {
    layout: readLayout(data?.[key]),
    onLayout: ({ hidden, order, dense }) => {
      const value = { hidden: [...hidden], order: [...order], dense };
      queryClient.setQueryData(queryKey, (known) => ({ ...known, [key]: value }));
      save.mutate({ key, value });
    },
  };
}

function readLayout(value: unknown): ListLayout | undefined {
  if (typeof value !== 'object' || value === null || !('hidden' in value) || !('order' in value) || !('dense' in value)) return undefined;
  const { hidden, order, dense } = value;
  return isTexts(hidden) && isTexts(order) && typeof dense === 'boolean' ? { hidden, order, dense } : undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Saved views of a page. What a view holds is the page's search: applying it is going there. */
export function useViews<Search extends object>(page: string, search: Search, apply: (search: Search) => void): Views {
  const { trpc, client } = useApi();
  const queryClient = useQueryClient();
  const options = trpc.views.list.queryOptions({ page });
  const { data } = useQuery(options);
  const reload = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  const list = data?.views ?? [];
  return {
    list,
    onApply: (id) => {
      const state = list.find((view) => view.id === id)?.state;
      // The page's own search schema judges what it is given, as it does with an address.
      if (typeof state === 'object' && state !== null && !Array.isArray(state)) apply(state as Search);
    },
    onSave: async (name, shared) => {
      await client.views.save.mutate({ page, name, shared, state: JSON.parse(JSON.stringify(search)) });
      await reload();
    },
    onRemove: async (id) => {
      await client.views.remove.mutate({ id });
      await reload();
    },
  };
}

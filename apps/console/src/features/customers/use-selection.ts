import { MOST_AT_ONCE } from '@baoke/core/customers';
import type { CustomerRow } from '@baoke/core/customers/wire';
import type { CustomerId } from '@baoke/core/kernel';
import type { Selection } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../shell/session.ts';
import type { Which } from './BulkDialog.tsx';
import { matchOf, type CustomerSearch } from './search.ts';

/** The customers chosen in the list: row by row, or all that the filter finds; counted once somebody begins to choose. */
export function useSelection(search: CustomerSearch, rows: readonly CustomerRow[] | undefined, more: boolean) {
  const { trpc } = useApi();
  const [keys, setKeys] = useState<readonly CustomerId[]>([]);
  const [allResults, setAllResults] = useState(false);
  const filter = matchOf(search);
  const { data } = useQuery(trpc.customers.count.queryOptions(filter, { enabled: more && keys.length > 0 }));
  const total = more ? (data?.more ? undefined : data?.count) : rows?.length;
  const selection: Omit<Selection, 'actions'> = {
    keys,
    onChange: (chosen) => {
      setAllResults(false);
      setKeys(chosen as readonly CustomerId[]); // the keys of the rows are their ids
    },
    total,
    beyond: more && data?.more ? MOST_AT_ONCE : undefined,
    allResults,
    onAllResults: setAllResults,
  };
  const which: Which = allResults ? { filter } : { customerIds: [...keys] };
  return {
    selection,
    which,
    chosen: allResults ? (total ?? keys.length) : keys.length,
    clear: () => {
      setAllResults(false);
      setKeys([]);
    },
  };
}

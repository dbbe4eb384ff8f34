import type { ImportId } from '@baoke/core/kernel';
import type { RowOutcome } from '@baoke/core/imports';
import type { ImportView } from '@baoke/core/imports/wire';
import type { Api } from '../../shell/api.ts';
import { pagesOf } from '../../shell/paging.ts';

const WATCH_MS = 500;

/** One import; while it runs it is looked at twice a second, so that its bar moves. */
export function importOptions({ trpc }: Api, importId: ImportId) {
  return trpc.imports.get.queryOptions(
    { importId },
    { refetchInterval: ({ state }) => (state.data?.status === 'running' ? WATCH_MS : false) },
  );
}

export function importsOptions({ client, trpc }: Api, status: ImportView['status'] | undefined) {
  const input = status ? { status } : {};
  return pagesOf(trpc.imports.list.infiniteQueryKey(input), (page) => client.imports.list.query({ ...input, ...page }));
}

/** What stayed when an import was taken back. */
export function keptOptions({ client, trpc }: Api, importId: ImportId) {
  const input = { importId };
  return pagesOf(trpc.imports.kept.infiniteQueryKey(input), (page) => client.imports.kept.query({ ...input, ...page }));
}

/** What became of the rows of a file. A run that ended anew is asked for anew: its end is part of the key. */
export function rowsOptions(
  { client, trpc }: Api,
  { id, finishedAt }: Pick<ImportView, 'id' | 'finishedAt'>,
  position: number,
  outcomes: readonly RowOutcome[],
) {
  const input = { importId: id, position, outcomes: [...outcomes] };
  return pagesOf([...trpc.imports.rows.infiniteQueryKey(input), finishedAt], (page) => client.imports.rows.query({ ...input, ...page }));
}

import type { Reach } from '@baoke/core/access';
import { SETTLING_MINUTES } from '@baoke/core/changes';
import type { changesInput } from '@baoke/core/changes/wire';
import { addMinutes } from '@baoke/core/kernel';
import type { ChangeView, Keyed } from '@baoke/db/changes';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** How a feed of changes is read, for its description. */
export const CHANGES =
  'Begin with `updatedAfter` or with nothing, then always send the `nextCursor` of the last answer, also when it held nothing. ' +
  `A change is told ${SETTLING_MINUTES} minute after it was made, so that none is passed over; a record that changes again comes again.`;

type Input = z.output<typeof changesInput>;

// Behind every record of an instant: who begins after it has seen them all.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** From where a reader of changes goes on, and up to which change he is told. */
export function changeView(ctx: StaffContext, input: Input, reach: Reach): ChangeView {
  const cursor = decodeCursor<[string, string]>(input.cursor, 2);
  return {
    reach,
    limit: input.limit,
    until: addMinutes(ctx.now, -SETTLING_MINUTES),
    after: cursor ? { key: cursor[0], id: cursor[1] } : input.updatedAfter ? { at: input.updatedAfter } : undefined,
  };
}

/** A page of changes. Its cursor outlives an empty page, so that a reader has one place to keep. */
export function changesPage<Row extends { readonly id: string }>(
  rows: readonly Keyed<Row>[],
  input: Input,
): { items: Row[]; nextCursor: string | null; more: boolean } {
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ row }) => row),
    nextCursor: last
      ? encodeCursor([last.key, last.row.id])
      : (input.cursor ?? (input.updatedAfter ? encodeCursor([input.updatedAfter, LAST_ID]) : null)),
    more: rows.length > shown.length,
  };
}

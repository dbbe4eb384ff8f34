import { SETTLING_MINUTES } from '@baoke/core/changes';
import type { changesInput } from '@baoke/core/changes/wire';
import { addMinutes, type StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import type { ChangeView, Keyed } from '@baoke/db/changes';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { listOf } from './cursor.ts';

/** How a feed of changes is read, for its description. */
export const CHANGES =
  'Begin with `updatedAfter` or with nothing, then always send the `nextCursor` of the last answer, also when it held nothing. ' +
  `A change is told ${SETTLING_MINUTES} minute after it was made, so that none is passed over; a record that changes again comes again.`;

// Behind every record of an instant: who begins after it has seen them all.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * A page of the changes of a capability, as far as the caller sees its records. Its cursor outlives an empty page, so that a reader has one
 * place to keep.
 */
export async function changesOf<Row extends { readonly id: string }>(
  ctx: StaffContext,
  of: 'customers' | 'vehicles' | 'service' | 'complaints',
  input: z.output<typeof changesInput>,
  read: (db: Db, storeId: StoreId, view: ChangeView) => Promise<readonly Keyed<Row>[]>,
): Promise<{ items: Row[]; nextCursor: string | null; more: boolean }> {
  const list = listOf<[key: string, id: string]>(`${of}.changes`, 2);
  const place = list.placeIn(input.cursor);
  const view: ChangeView = {
    reach: ctx.reach(of, 'view'),
    limit: input.limit,
    until: addMinutes(ctx.now, -SETTLING_MINUTES),
    after: place ? { key: place[0], id: place[1] } : input.updatedAfter ? { at: input.updatedAfter } : undefined,
  };
  const rows = await ctx.readStore((tx) => read(tx, ctx.storeId, view));
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ row }) => row),
    nextCursor: last
      ? list.cursorAt([last.key, last.row.id])
      : (input.cursor ?? (input.updatedAfter ? list.cursorAt([input.updatedAfter, LAST_ID]) : null)),
    more: rows.length > shown.length,
  };
}

import type { Capability } from '@baoke/core/access';
import { SETTLING_MINUTES } from '@baoke/core/changes';
import type { changesInput, RemovedRecord } from '@baoke/core/changes/wire';
import { addMinutes, type StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { listRemoved, type ChangeView, type Keyed, type Mirrored } from '@baoke/db/changes';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { listOf } from './cursor.ts';

/** How a feed of changes is read, for its description. */
export const CHANGES =
  'Begin with `updatedAfter` or with nothing, then always send the `nextCursor` of the last answer, also when it held nothing. ' +
  `A change is told ${SETTLING_MINUTES} minute after it was made, so that none is passed over; a record that changes again comes again. ` +
  'Records that are removed are told by the feed `removals` beside this one.';

/** The same for a feed of what was removed. */
export const REMOVALS =
  'For whoever keeps a copy by the feed `changes` beside this one: what stands here is to go from the copy, an id that is not in it to be passed over. ' +
  'Records are removed when an import is taken back or cancelled. ' +
  'Read as `changes` is, with a cursor of its own: begin with `updatedAfter`, the instant from which the copy was begun, or with nothing, then always send the `nextCursor` of the last answer. ' +
  `A removal is told once, ${SETTLING_MINUTES} minute after it was made, and stays to be read for good. ` +
  'Whose a record was is not known any more: who sees only his own or his team’s is told of none.';

// Behind every record of an instant: who begins after it has seen them all.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

type Input = z.output<typeof changesInput>;
type Read<Row> = (db: Db, storeId: StoreId, view: ChangeView) => Promise<readonly Keyed<Row>[]>;
type Feed<Row> = { items: Row[]; nextCursor: string | null; more: boolean };

/** The capabilities that have feeds, with the records they are of. */
const RECORDS = {
  customers: 'customers',
  vehicles: 'vehicles',
  service: 'service_visits',
  complaints: 'complaints',
} as const satisfies Partial<Record<Capability, Mirrored>>;
type Fed = keyof typeof RECORDS;

/** A page of the changes of a capability, as far as the caller sees its records. */
export function changesOf<Row extends { readonly id: string }>(
  ctx: StaffContext,
  of: Fed,
  input: Input,
  read: Read<Row>,
): Promise<Feed<Row>> {
  return pageOf(ctx, of, 'changes', input, read);
}

/** A page of what was removed of a capability's records. */
export function removalsOf(ctx: StaffContext, of: Fed, input: Input): Promise<Feed<RemovedRecord>> {
  return pageOf(ctx, of, 'removals', input, (tx, storeId, view) => listRemoved(tx, storeId, RECORDS[of], view));
}

// Its cursor outlives an empty page, so that a reader has one place to keep.
async function pageOf<Row extends { readonly id: string }>(
  ctx: StaffContext,
  of: Fed,
  feed: 'changes' | 'removals',
  input: Input,
  read: Read<Row>,
): Promise<Feed<Row>> {
  const list = listOf<[key: string, id: string]>(`${of}.${feed}`, 2);
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

import type { TimelineItem } from '@baoke/core/customers/wire';
import type { Db } from '@baoke/db';
import type { HappenedRow } from '@baoke/db/customers';
import type { StaffContext } from '../context.ts';
import { takeBackViews } from '../tasks/take-back.ts';

/** What happened, with what the reader needs to take a result back; nothing where it is not his to do. */
export async function withTakeBack(tx: Db, ctx: StaffContext, rows: readonly HappenedRow[]): Promise<TimelineItem[]> {
  const results = rows.flatMap((row) =>
    row.kind === 'contact' && row.result ? [{ ...row.result, id: row.id, recordedAt: row.at, takenBackAt: row.takenBack?.at ?? null }] : [],
  );
  const views = await takeBackViews(tx, ctx, results);
  const viewOf = new Map(results.map(({ id }, at) => [id, views[at] ?? null]));
  return rows.map((row) => {
    if (row.kind !== 'contact') return row;
    const { result: _, ...contact } = row;
    return { ...contact, takeBack: viewOf.get(row.id) ?? null };
  });
}

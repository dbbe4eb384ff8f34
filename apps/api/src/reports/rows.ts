import { asFarAsSeen, type PersonSight } from '@baoke/core/insight';
import type * as wire from '@baoke/core/insight/wire';
import type { DateRange } from '@baoke/core/kernel';
import { namesOf } from '@baoke/core/tasks';
import type { Db } from '@baoke/db';
import * as db from '@baoke/db/reports';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { readTaskPolicy } from '../tasks/use-cases.ts';
import { callScope, countedSoFar, RETURN_DAYS, spanOf } from './reports.ts';

// The rows behind the figures of reports, for a page and for a file alike: as far as the reader's right to reports reaches, and of persons what
// he may see elsewhere too.

type Asked<Input extends z.ZodType> = Omit<z.output<Input>, 'cursor' | 'limit'>;

const reachOf = (ctx: StaffContext) => ctx.reach('insight', 'view');

async function seen<R extends Parameters<typeof asFarAsSeen>[0]>(ctx: StaffContext, read: (tx: Db) => Promise<readonly R[]>): Promise<R[]> {
  const sees = (of: 'customers' | 'vehicles' | 'contacts') => ctx.rights(of, 'view') !== 'none';
  const sight: PersonSight = { names: sees('customers'), plates: sees('vehicles'), notes: sees('contacts') };
  return (await ctx.readStore(read)).map((row) => asFarAsSeen(row, sight));
}

export function serviceRows(ctx: StaffContext, filter: db.ServiceFilter): Promise<wire.ServiceRow[]> {
  return seen(ctx, (tx) => db.listServiceRows(tx, ctx.storeId, filter, reachOf(ctx)));
}

export function deliveryRows(ctx: StaffContext, period: DateRange, page: db.DeliveryPage): Promise<wire.DeliveryRow[]> {
  return seen(ctx, (tx) => db.listDeliveryRows(tx, ctx.storeId, period, reachOf(ctx), page));
}

export function callbackRows(ctx: StaffContext, input: Asked<typeof wire.callbackRowsInput>, page: db.TaskPage): Promise<wire.TaskRow[]> {
  return seen(ctx, async (tx) =>
    inWords(tx, ctx, await db.listCallbackRows(tx, ctx.storeId, await callScope(tx, ctx, input, input.period), input.measure, page)),
  );
}

export function careRows(ctx: StaffContext, input: Asked<typeof wire.careRowsInput>, page: db.TaskPage): Promise<wire.TaskRow[]> {
  const scope = { ...input, span: spanOf(ctx, countedSoFar(ctx, input.period)), now: ctx.now, reach: reachOf(ctx) };
  return seen(ctx, async (tx) => inWords(tx, ctx, await db.listCareRows(tx, ctx.storeId, scope, input.measure, page)));
}

export function returnedRows(
  ctx: StaffContext,
  { period, measure }: Asked<typeof wire.returnedRowsInput>,
  page: db.ReturnedPage,
): Promise<wire.ReturnedRow[]> {
  const of = { span: spanOf(ctx, countedSoFar(ctx, period)), days: RETURN_DAYS, measure };
  return seen(ctx, (tx) => db.listReturnedRows(tx, ctx.storeId, of, reachOf(ctx), page));
}

/** The rows with the words of their codes. */
async function inWords(tx: Db, ctx: StaffContext, rows: readonly db.CodedTaskRow[]): Promise<wire.TaskRow[]> {
  const policy = await readTaskPolicy(tx, ctx);
  return rows.map((row) => ({
    ...row,
    said: namesOf(policy.saidAbout, row.said),
    cause: namesOf(policy.causes, row.cause),
    unreached: namesOf(policy.unreached, row.unreached),
  }));
}

import { exported } from '@baoke/core/kernel/wire';
import * as wire from '@baoke/core/insight/wire';
import type { CivilDate, CustomerId, Instant, OrderId, TaskId, VisitId } from '@baoke/core/kernel';
import * as db from '@baoke/db/reports';
import { decodeCursor, pageOf } from '../http/cursor.ts';
import { may, router } from '../trpc.ts';
import { exportReport } from './export.ts';
import {
  asFarAsSeen,
  callbackReport,
  callScope,
  careReport,
  countedSoFar,
  homeView,
  inWords,
  RETURN_DAYS,
  serviceReport,
  spanOf,
} from './reports.ts';

export const reportsRouter = router({
  home: may('insight', 'view', { method: 'GET', path: '/reports/home', summary: 'The five figures that need this manager today' })
    .output(wire.homeView)
    .query(({ ctx }) => homeView(ctx.staff)),

  service: may('insight', 'view', { method: 'POST', path: '/reports/service', summary: 'Service report of a period: visits by category' })
    .input(wire.serviceInput)
    .output(wire.serviceReport)
    .query(({ ctx, input }) => serviceReport(ctx.staff, input)),

  serviceRows: may('insight', 'view', { method: 'POST', path: '/reports/service/rows', summary: 'The visits behind the service report' })
    .input(wire.serviceRowsInput)
    .output(wire.serviceRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, VisitId]>(input.cursor);
      const filter = { ...input, after: after && { day: after[0], id: after[1] } };
      const rows = await staff.readStore((tx) => db.listServiceRows(tx, staff.storeId, filter, staff.reach('insight', 'view')));
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [input.of === 'money' ? row.moneyOn : row.arrivedOn, row.id]);
      return { items: asFarAsSeen(staff, items), nextCursor };
    }),

  deliveryRows: may('insight', 'view', { method: 'POST', path: '/reports/deliveries/rows', summary: 'The deliveries of a period' })
    .input(wire.deliveryRowsInput)
    .output(wire.deliveryRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, OrderId]>(input.cursor);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const rows = await staff.readStore((tx) =>
        db.listDeliveryRows(tx, staff.storeId, input.period, staff.reach('insight', 'view'), page),
      );
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.deliveredOn, row.id]);
      return { items: asFarAsSeen(staff, items), nextCursor };
    }),

  callbacks: may('insight', 'view', { method: 'POST', path: '/reports/callbacks', summary: 'Callback statistics of a period' })
    .input(wire.callbackInput)
    .output(wire.callbackReport)
    .query(({ ctx, input }) => callbackReport(ctx.staff, input)),

  callbackRows: may('insight', 'view', {
    method: 'POST',
    path: '/reports/callbacks/rows',
    summary: 'The calls behind a figure of the callback statistics',
  })
    .input(wire.callbackRowsInput)
    .output(wire.taskRows)
    .query(async ({ ctx: { staff }, input }) => {
      const page = { limit: input.limit, after: afterTask(input.cursor) };
      const rows = await staff.readStore(async (tx) =>
        inWords(
          tx,
          staff,
          await db.listCallbackRows(tx, staff.storeId, await callScope(tx, staff, input, input.period), input.measure, page),
        ),
      );
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
      return { items: asFarAsSeen(staff, items), nextCursor };
    }),

  care: may('insight', 'view', { method: 'POST', path: '/reports/care', summary: 'What became of the care tasks of a period' })
    .input(wire.careInput)
    .output(wire.careReport)
    .query(({ ctx, input }) => careReport(ctx.staff, input)),

  careRows: may('insight', 'view', { method: 'POST', path: '/reports/care/rows', summary: 'The tasks behind a figure of care execution' })
    .input(wire.careRowsInput)
    .output(wire.taskRows)
    .query(async ({ ctx: { staff }, input }) => {
      const scope = {
        ...input,
        span: spanOf(staff, countedSoFar(staff, input.period)),
        now: staff.now,
        reach: staff.reach('insight', 'view'),
      };
      const page = { limit: input.limit, after: afterTask(input.cursor) };
      const rows = await staff.readStore(async (tx) =>
        inWords(tx, staff, await db.listCareRows(tx, staff.storeId, scope, input.measure, page)),
      );
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
      return { items: asFarAsSeen(staff, items), nextCursor };
    }),

  returnedRows: may('insight', 'view', {
    method: 'POST',
    path: '/reports/care/returned/rows',
    summary: 'The customers spoken to, and whoever of them came back',
  })
    .input(wire.returnedRowsInput)
    .output(wire.returnedRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, CustomerId]>(input.cursor);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const of = { span: spanOf(staff, countedSoFar(staff, input.period)), days: RETURN_DAYS, measure: input.measure };
      const rows = await staff.readStore((tx) => db.listReturnedRows(tx, staff.storeId, of, staff.reach('insight', 'view'), page));
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.spokenOn, row.customer.id]);
      return { items: asFarAsSeen(staff, items), nextCursor };
    }),

  export: may('insight', 'export', { method: 'POST', path: '/reports/export', summary: 'A report or its rows as an Excel file; recorded' })
    .input(wire.exportInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportReport(ctx.staff, input)),
});

function afterTask(cursor: string | null | undefined): { dueAt: Instant; id: TaskId } | undefined {
  const after = decodeCursor<[Instant, TaskId]>(cursor);
  return after && { dueAt: after[0], id: after[1] };
}

import { exported } from '@baoke/core/kernel/wire';
import * as wire from '@baoke/core/insight/wire';
import type { CivilDate, CustomerId, Instant, OrderId, TaskId, VisitId } from '@baoke/core/kernel';
import { decodeCursor, pageOf } from '../http/cursor.ts';
import { may, router } from '../trpc.ts';
import { exportReport } from './export.ts';
import { callbackReport, careReport, homeView, serviceReport } from './reports.ts';
import { callbackRows, careRows, deliveryRows, returnedRows, serviceRows } from './rows.ts';

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
      const after = decodeCursor<[CivilDate, VisitId]>(input.cursor, 2);
      const filter = { ...input, after: after && { day: after[0], id: after[1] } };
      const rows = await serviceRows(staff, filter);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [input.of === 'money' ? row.moneyOn : row.arrivedOn, row.id]);
      return { items: [...items], nextCursor };
    }),

  deliveryRows: may('insight', 'view', { method: 'POST', path: '/reports/deliveries/rows', summary: 'The deliveries of a period' })
    .input(wire.deliveryRowsInput)
    .output(wire.deliveryRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, OrderId]>(input.cursor, 2);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const rows = await deliveryRows(staff, input.period, page);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.deliveredOn, row.id]);
      return { items: [...items], nextCursor };
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
      const rows = await callbackRows(staff, input, { limit: input.limit, after: afterTask(input.cursor) });
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
      return { items: [...items], nextCursor };
    }),

  care: may('insight', 'view', { method: 'POST', path: '/reports/care', summary: 'What became of the care tasks of a period' })
    .input(wire.careInput)
    .output(wire.careReport)
    .query(({ ctx, input }) => careReport(ctx.staff, input)),

  careRows: may('insight', 'view', { method: 'POST', path: '/reports/care/rows', summary: 'The tasks behind a figure of care execution' })
    .input(wire.careRowsInput)
    .output(wire.taskRows)
    .query(async ({ ctx: { staff }, input }) => {
      const rows = await careRows(staff, input, { limit: input.limit, after: afterTask(input.cursor) });
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
      return { items: [...items], nextCursor };
    }),

  returnedRows: may('insight', 'view', {
    method: 'POST',
    path: '/reports/care/returned/rows',
    summary: 'The customers spoken to, and whoever of them came back',
  })
    .input(wire.returnedRowsInput)
    .output(wire.returnedRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, CustomerId]>(input.cursor, 2);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const rows = await returnedRows(staff, input, page);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.spokenOn, row.customer.id]);
      return { items: [...items], nextCursor };
    }),

  export: may('insight', 'export', { method: 'POST', path: '/reports/export', summary: 'A report or its rows as an Excel file; recorded' })
    .input(wire.exportInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportReport(ctx.staff, input)),
});

function afterTask(cursor: string | null | undefined): { dueAt: Instant; id: TaskId } | undefined {
  const after = decodeCursor<[Instant, TaskId]>(cursor, 2);
  return after && { dueAt: after[0], id: after[1] };
}

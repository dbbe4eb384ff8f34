import { exported } from '@baoke/core/kernel/wire';
import * as wire from '@baoke/core/insight/wire';
import type { CivilDate, CustomerId, Instant, OrderId, TaskId, VisitId } from '@baoke/core/kernel';
import { listOf, type PagedList } from '../http/cursor.ts';
import { may, router } from '../trpc.ts';
import { exportReport } from './export.ts';
import { callbackReport, careReport, homeView, serviceReport } from './reports.ts';
import { callbackRows, careRows, deliveryRows, returnedRows, serviceRows } from './rows.ts';

type TaskPlace = [dueAt: Instant, id: TaskId];

const DELIVERIES = listOf<[CivilDate, OrderId]>('reports.deliveryRows', 2);
const CALLS = listOf<TaskPlace>('reports.callbackRows', 2);
const CARE = listOf<TaskPlace>('reports.careRows', 2);
const RETURNED = listOf<[CivilDate, CustomerId]>('reports.returnedRows', 2);

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
      const list = listOf<[CivilDate, VisitId]>('reports.serviceRows', 2, input.of);
      const after = list.placeIn(input.cursor);
      const filter = { ...input, after: after && { day: after[0], id: after[1] } };
      const rows = await serviceRows(staff, filter);
      const { items, nextCursor } = list.pageOf(rows, input.limit, (row) => [input.of === 'money' ? row.moneyOn : row.arrivedOn, row.id]);
      return { items: [...items], nextCursor };
    }),

  deliveryRows: may('insight', 'view', { method: 'POST', path: '/reports/deliveries/rows', summary: 'The deliveries of a period' })
    .input(wire.deliveryRowsInput)
    .output(wire.deliveryRows)
    .query(async ({ ctx: { staff }, input }) => {
      const after = DELIVERIES.placeIn(input.cursor);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const rows = await deliveryRows(staff, input.period, page);
      const { items, nextCursor } = DELIVERIES.pageOf(rows, input.limit, (row) => [row.deliveredOn, row.id]);
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
      const rows = await callbackRows(staff, input, { limit: input.limit, after: afterTask(CALLS, input.cursor) });
      const { items, nextCursor } = CALLS.pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
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
      const rows = await careRows(staff, input, { limit: input.limit, after: afterTask(CARE, input.cursor) });
      const { items, nextCursor } = CARE.pageOf(rows, input.limit, (row) => [row.dueAt, row.id]);
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
      const after = RETURNED.placeIn(input.cursor);
      const page = { limit: input.limit, after: after && { day: after[0], id: after[1] } };
      const rows = await returnedRows(staff, input, page);
      const { items, nextCursor } = RETURNED.pageOf(rows, input.limit, (row) => [row.spokenOn, row.customer.id]);
      return { items: [...items], nextCursor };
    }),

  export: may('insight', 'export', { method: 'POST', path: '/reports/export', summary: 'A report or its rows as an Excel file; recorded' })
    .input(wire.exportInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportReport(ctx.staff, input)),
});

function afterTask(list: PagedList<TaskPlace>, cursor: string | null | undefined): { dueAt: Instant; id: TaskId } | undefined {
  const after = list.placeIn(cursor);
  return after && { dueAt: after[0], id: after[1] };
}

import * as wire from '@baoke/core/imports/wire';
import type { Instant } from '@baoke/core/kernel';
import { exported } from '@baoke/core/kernel/wire';
import { countImportReasons, findImport, listImports } from '@baoke/db/imports';
import { listOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { may, router } from '../trpc.ts';
import { importTemplate } from './template.ts';
import * as useCases from './use-cases.ts';

const IMPORTS = listOf<[Instant]>('imports.list', 1);

/** The wizard and the history of imports. Files come in by `POST /imports/files`, corrections go out by `…/corrections.xlsx` (files.ts). */
export const importsRouter = router({
  list: may('imports', 'view', { method: 'GET', path: '/imports', summary: 'Imports of the store, latest first' })
    .input(wire.listInput)
    .output(wire.importPage)
    .query(({ ctx: { staff }, input }) =>
      staff.readStore(async (tx) => {
        const rows = await listImports(tx, staff.storeId, IMPORTS.placeIn(input.cursor)?.[0] ?? null, input.limit + 1, input.status);
        const page = IMPORTS.pageOf(rows, input.limit, (record) => [record.createdAt]);
        const items = [];
        for (const record of page.items) items.push(await useCases.viewOf(tx, staff, record));
        return { items, nextCursor: page.nextCursor };
      }),
    ),

  get: may('imports', 'view', { method: 'GET', path: '/imports/{importId}', summary: 'One import with its files and progress' })
    .input(wire.importInput)
    .output(wire.importView)
    .query(({ ctx, input }) => useCases.importView(ctx.staff, input.importId)),

  template: may('imports', 'view', {
    method: 'GET',
    path: '/imports/templates/{kind}',
    summary: 'An empty workbook of a kind of file, its columns explained',
  })
    .input(wire.templateInput)
    .output(exported)
    .query(({ input }) => importTemplate(input.kind, input.locale)),

  sample: may('imports', 'edit', {
    method: 'POST',
    path: '/imports/sample',
    summary: 'First rows of an uploaded file and how its columns are understood',
    errorResponses: [409],
  })
    .input(wire.fileInput)
    .output(wire.sampleView)
    .query(({ ctx, input }) => useCases.sampleView(ctx.platform, ctx.staff, input.importId, input.position)),

  map: may('imports', 'edit', { method: 'POST', path: '/imports/map', summary: 'Say which column holds what' })
    .input(wire.mapInput)
    .output(wire.sampleView)
    .mutation(({ ctx, input }) => useCases.mapColumns(ctx.platform, ctx.staff, input)),

  staffNames: may('imports', 'edit', {
    method: 'GET',
    path: '/imports/{importId}/staff-names',
    summary: 'People that an import makes up from names in its files',
  })
    .input(wire.importInput)
    .output(wire.staffNames)
    .query(({ ctx, input }) => useCases.staffNames(ctx.staff, input.importId)),

  mapStaff: may('imports', 'edit', {
    method: 'POST',
    path: '/imports/{importId}/staff-names',
    summary: 'Say which member of staff a name in the files means',
  })
    .input(wire.mapStaffInput)
    .output(wire.staffNames)
    .mutation(({ ctx, input }) => useCases.mapStaff(ctx.staff, input)),

  start: may('imports', 'edit', { method: 'POST', path: '/imports/{importId}/start', summary: 'Import, or try it without writing' })
    .input(wire.startInput)
    .output(wire.importView)
    .mutation(({ ctx, input }) => useCases.startImport(ctx.platform, ctx.staff, input)),

  cancel: may('imports', 'edit', {
    method: 'POST',
    path: '/imports/{importId}/cancel',
    summary: 'Stop an import and take back what it wrote',
  })
    .input(wire.importInput)
    .output(wire.importView)
    .mutation(({ ctx, input }) => useCases.cancelImport(ctx.staff, input.importId)),

  undo: may('imports', 'edit', { method: 'POST', path: '/imports/{importId}/undo', summary: 'Take back a finished import' })
    .input(wire.importInput)
    .output(wire.undone)
    .mutation(({ ctx, input }) => useCases.takeBack(ctx.staff, input.importId)),

  kept: may('imports', 'view', {
    method: 'POST',
    path: '/imports/kept',
    summary: 'Records that stayed when an import was taken back',
    errorResponses: [404],
  })
    .input(wire.keptInput)
    .output(wire.keptPage)
    .query(({ ctx, input }) => useCases.listKept(ctx.staff, input)),

  reasons: may('imports', 'view', { method: 'POST', path: '/imports/reasons', summary: 'What was mended, doubted and refused in a file' })
    .input(wire.fileInput)
    .output(wire.reasonList)
    .query(({ ctx: { staff }, input }) =>
      staff.readStore(async (tx) => {
        if (!(await findImport(tx, staff.storeId, input.importId))) throw refusal('platform.not_found');
        const reasons = await countImportReasons(tx, staff.storeId, input.importId, input.position);
        // Written by the rules of rows, whose codes these are.
        return { reasons: reasons as wire.ReasonCounts };
      }),
    ),

  rows: may('imports', 'view', {
    method: 'POST',
    path: '/imports/rows',
    summary: 'What became of the rows of a file',
    errorResponses: [404],
  })
    .input(wire.rowsInput)
    .output(wire.rowPage)
    .query(({ ctx, input }) => useCases.listRows(ctx.staff, input)),
});

import type { CivilDate, VisitId } from '@baoke/core/kernel';
import { changedVisits, changesInput, removedRecords } from '@baoke/core/changes/wire';
import { exported } from '@baoke/core/kernel/wire';
import * as wire from '@baoke/core/service/wire';
import { readPlate } from '@baoke/core/vehicles';
import { listChangedVisits } from '@baoke/db/changes';
import { listCategories, listVisits } from '@baoke/db/service';
import { CHANGES, changesOf, REMOVALS, removalsOf } from '../http/changes.ts';
import { listOf } from '../http/cursor.ts';
import { may, router } from '../trpc.ts';
import { exportVisits } from './export.ts';

const VISITS = listOf<[CivilDate, VisitId]>('service.listVisits', 2);

export const serviceRouter = router({
  listVisits: may('service', 'view', { method: 'POST', path: '/service/visits/search', summary: 'List service visits' })
    .input(wire.listVisitsInput)
    .output(wire.visitPage)
    .query(({ ctx: { staff }, input }) => {
      const after = VISITS.placeIn(input.cursor);
      return staff.readStore(async (tx) => {
        const plate = input.plate ? readPlate(input.plate, staff.home.plateProvince) : undefined;
        // What is no plate is on no visit.
        if (plate && !plate.ok) return { items: [], nextCursor: null };
        const filter = { ...input, plate: plate?.plate };
        const rows = await listVisits(tx, staff.storeId, filter, {
          reach: staff.reach('service', 'view'),
          ...(after ? { after: { on: after[0], id: after[1] } } : {}),
        });
        const page = VISITS.pageOf(rows, input.limit, (row) => [row.arrivedOn, row.id]);
        return { items: [...page.items], nextCursor: page.nextCursor };
      });
    }),

  exportVisits: may('service', 'export', {
    method: 'POST',
    path: '/service/visits/export',
    summary: 'The list as an Excel or CSV file; recorded',
  })
    .input(wire.exportVisitsInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportVisits(ctx.staff, input)),

  changes: may('service', 'view', {
    method: 'GET',
    path: '/service/visits/changes',
    summary: 'Service visits in the order of their last change',
    description: CHANGES,
  })
    .input(changesInput)
    .output(changedVisits)
    .query(({ ctx, input }) => changesOf(ctx.staff, 'service', input, listChangedVisits)),

  removals: may('service', 'view', {
    method: 'GET',
    path: '/service/visits/removals',
    summary: 'Service visits that were removed, in the order in which they went',
    description: REMOVALS,
  })
    .input(changesInput)
    .output(removedRecords)
    .query(({ ctx: { staff }, input }) => removalsOf(staff, 'service', input)),

  categories: may('service', 'view', { method: 'GET', path: '/service/categories', summary: 'Categories of visits' })
    .output(wire.categories)
    .query(async ({ ctx: { staff } }) => ({ categories: await staff.readStore((tx) => listCategories(tx, staff.storeId)) })),
});

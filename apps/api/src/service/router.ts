import type { CivilDate, VisitId } from '@baoke/core/kernel';
import * as wire from '@baoke/core/service/wire';
import { readPlate } from '@baoke/core/vehicles';
import { listCategories, listVisits } from '@baoke/db/service';
import { getStore } from '@baoke/db/stores';
import { decodeCursor, pageOf } from '../http/cursor.ts';
import { may, router } from '../trpc.ts';

export const serviceRouter = router({
  listVisits: may('service', 'view', { method: 'POST', path: '/service/visits/search', summary: 'List service visits' })
    .input(wire.listVisitsInput)
    .output(wire.visitPage)
    .query(({ ctx: { staff }, input }) => {
      const after = decodeCursor<[CivilDate, VisitId]>(input.cursor);
      return staff.readStore(async (tx) => {
        const plate = input.plate ? readPlate(input.plate, (await getStore(tx, staff.storeId)).plateProvince) : undefined;
        // What is no plate is on no visit.
        if (plate && !plate.ok) return { items: [], nextCursor: null };
        const filter = { ...input, plate: plate?.plate };
        const rows = await listVisits(tx, staff.storeId, filter, {
          reach: staff.reach('service', 'view'),
          ...(after ? { after: { on: after[0], id: after[1] } } : {}),
        });
        const page = pageOf(rows, input.limit, (row) => [row.arrivedOn, row.id]);
        return { items: [...page.items], nextCursor: page.nextCursor };
      });
    }),

  categories: may('service', 'view', { method: 'GET', path: '/service/categories', summary: 'Categories of visits' })
    .output(wire.categories)
    .query(async ({ ctx: { staff } }) => ({ categories: await staff.readStore((tx) => listCategories(tx, staff.storeId)) })),
});

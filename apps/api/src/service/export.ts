import type { exported } from '@baoke/core/kernel/wire';
import type { exportVisitsInput, VisitRow } from '@baoke/core/service/wire';
import { readPlate } from '@baoke/core/vehicles';
import { listCategories, listVisits } from '@baoke/db/service';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { customerMarks, EXPORT_PAGE, exportFile, filteredDays, personNamed, readPages } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';

const FIELDS = [
  'orderNo',
  'arrivedOn',
  'leftOn',
  'settledOn',
  'state',
  'category',
  'customer',
  'plate',
  'vehicle',
  'mileageKm',
  'advisor',
  'team',
  'labour',
  'parts',
  'discount',
  'received',
  'remark',
] as const;

/** Service visits as a file: the filter and order of the screen; amounts in yuan. */
export function exportVisits(ctx: StaffContext, input: z.output<typeof exportVisitsInput>): Promise<z.output<typeof exported>> {
  return exportFile(ctx, input, { action: 'service.export', entity: 'visit' }, async (tx, t) => {
    const names = new Map((await listCategories(tx, ctx.storeId)).map((c) => [c.code, input.locale === 'zh' ? c.nameZh : c.nameEn]));
    const sheet = {
      name: t('service.title'),
      filters: [
        filteredDays(t('service.fields.arrivedOn'), input.arrivedFrom, input.arrivedTo),
        input.state && t(`service.states.${input.state}`),
        input.effective !== undefined && t(`service.effective.${input.effective}`),
        input.categories?.map((code) => names.get(code) ?? code).join(t('common.listMark')),
        input.orderNo && `${t('service.fields.orderNo')} ${input.orderNo}`,
        input.plate && `${t('service.fields.plate')} ${input.plate}`,
        await personNamed(tx, ctx, t('service.fields.advisor'), input.advisorId),
      ],
      header: FIELDS.flatMap((field) => [t(`service.fields.${field}`), ...(field === 'customer' ? [t('customers.fields.flags')] : [])]),
    };
    const plate = input.plate ? readPlate(input.plate, ctx.home.plateProvince) : undefined;
    // What is no plate is on no visit.
    if (plate && !plate.ok) return { ...sheet, rows: [] };
    const filter = { ...input, plate: plate?.plate, limit: EXPORT_PAGE };
    const reach = ctx.reach('service', 'export');
    const yuan = (fen: number | null) => (fen === null ? null : fen / 100);
    const { rows, complete } = await readPages(
      (after: VisitRow | undefined) =>
        listVisits(tx, ctx.storeId, filter, { reach, ...(after ? { after: { on: after.arrivedOn, id: after.id } } : {}) }),
      (row): Cell[] => [
        row.orderNo,
        row.arrivedOn,
        row.leftOn,
        row.settledOn,
        row.isRefund ? t('service.refund') : t(`service.states.${row.state}`),
        names.get(row.category) ?? row.category,
        row.customer?.name ?? null,
        row.customer && customerMarks(row.customer, t),
        row.vehicle?.plate ?? null,
        row.vehicle?.model ?? null,
        row.mileageKm,
        row.advisor?.name ?? null,
        row.team,
        yuan(row.labourFen),
        yuan(row.partsFen),
        yuan(row.discountFen),
        yuan(row.receivedFen),
        row.remark,
      ],
    );
    return { ...sheet, rows, complete };
  });
}

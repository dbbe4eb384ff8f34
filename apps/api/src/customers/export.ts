import type { exportInput } from '@baoke/core/customers/wire';
import { dateIn } from '@baoke/core/kernel';
import type { exported } from '@baoke/core/kernel/wire';
import { listCustomers, type ListedCustomer } from '@baoke/db/customers';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { customerMarks, EXPORT_PAGE, exportFile, filteredDays, personNamed, readPages } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';
import { readCustomerPolicy } from './duplicates.ts';
import { boundsOf, customerRow, listView } from './list.ts';

const FIELDS = [
  'name',
  'kind',
  'phone',
  'flags',
  'relationship',
  'vehicle',
  'consultant',
  'advisor',
  'city',
  'source',
  'firstDeliveredOn',
  'lastVisitOn',
  'createdAt',
] as const;

/** The list of customers as a file: the filter and order of the screen, the same masks. */
export function exportCustomers(ctx: StaffContext, input: z.output<typeof exportInput>): Promise<z.output<typeof exported>> {
  return exportFile(ctx, input, { action: 'customers.export', entity: 'customer' }, async (tx, t) => {
    const bounds = boundsOf(ctx, await readCustomerPolicy(tx, ctx.storeId));
    const view = { ...listView(ctx, input, 'export'), bounds, only: input.customerIds };
    const { rows, complete } = await readPages(
      async (after: ListedCustomer | undefined) => {
        const page = { ...view, ...(after ? { after: after.place } : {}) };
        return (await listCustomers(tx, ctx.storeId, { ...input, limit: EXPORT_PAGE }, page)).rows;
      },
      (listed): Cell[] => {
        const row = customerRow(listed, bounds, view.limits.vehicles);
        return [
          row.name,
          t(`customers.kinds.${row.kind}`),
          row.phoneMasked,
          customerMarks(row, t),
          t(`customers.relationships.${row.relationship}`),
          row.vehicles.map((v) => [v.plate, v.model].filter(Boolean).join(' ')).join('; '),
          row.consultant?.name ?? null,
          row.advisor?.name ?? null,
          row.city,
          row.source,
          row.firstDeliveredOn,
          row.lastVisitOn,
          dateIn(ctx.zone, row.createdAt),
        ];
      },
    );
    const filters = [
      input.term && `“${input.term}”`,
      input.kind && t(`customers.kinds.${input.kind}`),
      input.relationships?.map((one) => t(`customers.relationships.${one}`)).join(t('common.listMark')),
      input.flags?.map((flag) => t(`customers.flags.${flag}`)).join(t('common.listMark')),
      await personNamed(tx, ctx, t('customers.fields.consultant'), input.consultantId),
      await personNamed(tx, ctx, t('customers.fields.advisor'), input.advisorId),
      input.city && `${t('customers.fields.city')} ${input.city}`,
      input.source && `${t('customers.fields.source')} ${input.source}`,
      filteredDays(t('customers.fields.lastVisitOn'), input.visitedFrom, input.visitedTo),
      filteredDays(t('customers.fields.createdAt'), input.createdFrom, input.createdTo),
    ];
    const name = [t('customers.title'), ...(input.tab === 'all' ? [] : [t(`customers.tabs.${input.tab}`)])].join(' ');
    return { name, filters, header: FIELDS.map((name) => t(`customers.fields.${name}`)), rows, complete };
  });
}

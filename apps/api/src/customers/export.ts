import type { exported, exportInput } from '@baoke/core/customers/wire';
import { dateIn, type CustomerId } from '@baoke/core/kernel';
import { listCustomers } from '@baoke/db/customers';
import { createI18n } from '@baoke/i18n';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { toCsv, toXlsx, type Cell } from '../exports/sheet.ts';
import { readCustomerPolicy } from './duplicates.ts';
import { customerRow, listView } from './list.ts';

const PAGE = 2000;
const MOST_ROWS = 20_000;
const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/**
 * The list as a file: the same filter and order as on the screen, the same masks, at most 20,000 rows; who took what is recorded.
 *
 * Source: spec 01 "exports are a permission of their own and audited"; 11 row 34; 09 P15.
 */
export async function exportCustomers(ctx: StaffContext, input: z.output<typeof exportInput>): Promise<z.output<typeof exported>> {
  const { format, locale, ...filter } = input;
  const { t } = createI18n(locale);
  const { rows } = await ctx.inStore(async (tx) => {
    const policy = await readCustomerPolicy(tx, ctx.storeId);
    const view = listView(ctx, filter, policy, 'export');
    const today = dateIn(ctx.zone, ctx.now);
    const found: Cell[][] = [];
    let after: { key: string; id: CustomerId } | undefined;
    for (;;) {
      const page = await listCustomers(tx, ctx.storeId, { ...filter, limit: PAGE }, { ...view, ...(after ? { after } : {}) });
      for (const listed of page.slice(0, PAGE)) {
        const row = customerRow(listed, today, policy, view.limits.vehicles);
        found.push([
          row.name,
          t(`customers.kinds.${row.kind}`),
          row.phoneMasked,
          [row.isFleet ? t('common.fleet') : '', row.isVip ? t('common.vip') : '', row.isDifficult ? t('common.difficult') : '']
            .filter(Boolean)
            .join(' '),
          t(`customers.relationships.${row.relationship}`),
          row.vehicles.map((v) => [v.plate, v.model].filter(Boolean).join(' ')).join('; '),
          row.consultant?.name ?? null,
          row.advisor?.name ?? null,
          row.city,
          row.source,
          row.firstDeliveredOn,
          row.lastVisitOn,
          dateIn(ctx.zone, row.createdAt),
        ]);
      }
      const last = page[PAGE - 1];
      if (page.length <= PAGE || !last || found.length >= MOST_ROWS) break;
      after = { key: last.sortKey, id: last.id };
    }
    await recordChange(tx, ctx, {
      action: 'customers.export',
      entity: 'customer',
      entityId: 'list',
      after: { filter, format, rows: found.length },
    });
    return { rows: found };
  });
  const names = [
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
  const sheet = { name: t('customers.title'), header: names.map((name) => t(`customers.fields.${name}`)), rows };
  const content = format === 'csv' ? toCsv(sheet) : await toXlsx(sheet);
  return {
    fileName: `customers-${dateIn(ctx.zone, ctx.now)}.${format}`,
    contentType: CONTENT_TYPES[format],
    base64: content.toString('base64'),
    rows: rows.length,
  };
}

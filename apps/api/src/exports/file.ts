import type { exported, EXPORT_FORMATS } from '@baoke/core/kernel/wire';
import { dateIn } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { createI18n, type Locale } from '@baoke/i18n';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { toCsv, toXlsx, XLSX, type Sheet } from './sheet.ts';

/** Rows read at once: a page is in memory as records, what is kept of it are the cells of the file. */
export const EXPORT_PAGE = 2000;
/** Rows a file holds; whoever needs more narrows the filter or reads the feed of changes. */
export const MOST_EXPORTED = 20_000;

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: XLSX,
} as const;

export type Words = ReturnType<typeof createI18n>['t'];
export type ExportAs = { readonly format: (typeof EXPORT_FORMATS)[number]; readonly locale: Locale };

/**
 * Makes a list a file and records who took what by which filter, in the transaction it is read in. `read` gives the sheet in the words of the reader.
 *
 * Source: spec 01 "exports are a permission of their own and audited"; 08 Export; 11 row 34; 09 P15.
 */
export async function exportFile(
  ctx: StaffContext,
  { format, locale, ...filter }: ExportAs,
  of: { readonly name: string; readonly action: string; readonly entity: string },
  read: (tx: Db, t: Words) => Promise<Sheet>,
): Promise<z.output<typeof exported>> {
  const { t } = createI18n(locale);
  const sheet = await ctx.inStore(async (tx) => {
    const made = await read(tx, t);
    await recordChange(tx, ctx, {
      action: of.action,
      entity: of.entity,
      entityId: 'list',
      after: { filter, format, rows: made.rows.length, ...(made.complete === false ? { complete: false } : {}) },
    });
    return made;
  });
  const content = format === 'csv' ? toCsv(sheet) : await toXlsx(sheet);
  return {
    fileName: `${of.name}-${dateIn(ctx.zone, ctx.now)}.${format}`,
    contentType: CONTENT_TYPES[format],
    base64: content.toString('base64'),
    rows: sheet.rows.length,
    complete: sheet.complete !== false,
  };
}

/** Reads a list page by page to its end, or to the most a file holds, keeping of each row what `cellsOf` makes of it. A page comes with one row beyond its limit. */
export async function readPages<Row, Cells>(
  page: (after: Row | undefined) => Promise<readonly Row[]>,
  cellsOf: (row: Row) => Cells,
): Promise<{ rows: Cells[]; complete: boolean }> {
  const kept: Cells[] = [];
  for (let after: Row | undefined; ;) {
    const rows = await page(after);
    for (const row of rows.slice(0, EXPORT_PAGE)) kept.push(cellsOf(row));
    after = rows[EXPORT_PAGE - 1];
    if (rows.length <= EXPORT_PAGE || after === undefined) return { rows: kept, complete: true };
    if (kept.length >= MOST_EXPORTED) return { rows: kept, complete: false };
  }
}

import type { exported, EXPORT_FORMATS } from '@baoke/core/kernel/wire';
import type { Standing } from '@baoke/core/customers';
import { addDays, type CivilDate, type DateRange, type Instant, type StaffId, type TimeZone } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { findStaffName } from '@baoke/db/imports';
import { getStore } from '@baoke/db/stores';
import { createI18n, formatsFor, type Locale } from '@baoke/i18n';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { inSlices, SLICE_ROWS } from './slices.ts';
import { toCsv, toXlsx, XLSX, type Sheet } from './sheet.ts';

/** Rows read at once: a page is in memory as records, what is kept of it are the cells of the file, and others are served on the way. */
export const EXPORT_PAGE = 2 * SLICE_ROWS;
/** Rows a file holds; whoever needs more narrows the filter or reads the feed of changes. */
export const MOST_EXPORTED = 20_000;

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: XLSX,
} as const;

export type Words = ReturnType<typeof createI18n>['t'];

/** The words of a language, each looked up once: a list says the same few in every row. */
export function wordsOf(locale: Locale): Words {
  const { t } = createI18n(locale);
  const kept = new Map<string, string>();
  const look = (key: string, of?: object): string => {
    const say = t as unknown as (key: string, of?: object) => string;
    if (of !== undefined) return say(key, of);
    const known = kept.get(key) ?? say(key);
    kept.set(key, known);
    return known;
  };
  // The type of the catalogue's own function is branded and names every key.
  return look as unknown as Words;
}

export type ExportAs = { readonly format: (typeof EXPORT_FORMATS)[number]; readonly locale: Locale };

/** First and last day of a range, both in it. */
export function daysOf({ from, to }: DateRange): string {
  return `${from} – ${addDays(to, -1)}`;
}

/** The days of a filter that has only one end, or both: the end is the day after the last one. Undefined without either. */
export function filteredDays(label: string, from: CivilDate | undefined, to: CivilDate | undefined): string | undefined {
  if (!from && !to) return undefined;
  return `${label} ${from ?? ''} – ${to ? addDays(to, -1) : ''}`.trim();
}

type Marked = { readonly isFleet: boolean; readonly isVip: boolean; readonly isDifficult: boolean; readonly standing: Standing };

/** What stands beside a customer's name wherever a screen shows it, as one cell. */
export function customerMarks({ isFleet, isVip, isDifficult, standing }: Marked, t: Words): string {
  const marks = [
    standing === 'deceased' && t('common.deceased'),
    standing === 'given_up' && t('common.givenUp'),
    isFleet && t('common.fleet'),
    isVip && t('common.vip'),
    isDifficult && t('common.difficult'),
  ];
  return marks.filter(Boolean).join(' ');
}

/** A person of a filter by his name; undefined without one. */
export async function personNamed(
  tx: Db,
  { storeId }: StaffContext,
  label: string,
  id: string | null | undefined,
): Promise<string | undefined> {
  return id ? `${label} ${(await findStaffName(tx, storeId, id as StaffId)) ?? ''}` : undefined;
}

export type Filters = readonly (string | undefined | false)[];

/**
 * What a file says of itself: its list, the store, of which days, by what it was filtered (what is undefined is no filter), what else there is
 * to say, when it was made and by whom.
 */
export function aboutFile(
  ctx: StaffContext,
  t: Words,
  of: {
    readonly store: string;
    readonly title: string;
    readonly days?: readonly string[];
    readonly filters?: Filters | undefined;
    readonly notes?: readonly string[] | undefined;
  },
): string[] {
  const filters = (of.filters ?? []).filter(Boolean).join(' · ');
  return [
    `${of.store} · ${of.title}`,
    ...(of.days ?? []),
    ...(filters === '' ? [] : [`${t('reports.filteredBy')} ${filters}`]),
    ...(of.notes ?? []),
    t('reports.madeAt', { at: formatsFor(ctx.zone).dateTime(ctx.now), by: ctx.name }),
  ];
}

/** The name of a file, `parts` and the minute it was made: no two overwrite each other. What no file system takes is left out. */
export function fileNameOf(parts: readonly string[], { zone, now }: { zone: TimeZone; now: Instant }, format: string): string {
  const made = formatsFor(zone)
    .dateTime(now)
    .replace(/\D/g, '')
    .replace(/^(\d{8})/, '$1-');
  const name = [...parts, made].join('-').replace(/[\p{Cc}\\/:*?"<>|\s]+/gu, ' ');
  return `${name.slice(0, 120)}.${format}`;
}

/**
 * Makes a list a file and records who took what by which filter, in the transaction it is read in. `read` gives the sheet in the words of the
 * reader; the lines above its table are its filters.
 *
 * Source: spec 01 "exports are a permission of their own and audited"; 08 Export; 11 row 34; 09 P15.
 */
export async function exportFile(
  ctx: StaffContext,
  { format, locale, ...filter }: ExportAs,
  of: { readonly action: string; readonly entity: string },
  read: (tx: Db, t: Words) => Promise<Sheet & { readonly filters?: Filters }>,
): Promise<z.output<typeof exported>> {
  const t = wordsOf(locale);
  const { sheet, store } = await ctx.inStore(async (tx) => {
    const { filters = [], ...made } = await read(tx, t);
    const { name: store } = await getStore(tx, ctx.storeId);
    await recordChange(tx, ctx, {
      action: of.action,
      entity: of.entity,
      entityId: 'list',
      after: { filter, format, rows: made.rows.length, ...(made.complete === false ? { complete: false } : {}) },
    });
    return { sheet: { ...made, about: aboutFile(ctx, t, { store, title: made.name, filters }) }, store };
  });
  const content = format === 'csv' ? await toCsv(sheet) : await toXlsx(sheet);
  return {
    fileName: fileNameOf([store, sheet.name], ctx, format),
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
    for await (const slice of inSlices(rows.slice(0, EXPORT_PAGE))) for (const row of slice) kept.push(cellsOf(row));
    after = rows[EXPORT_PAGE - 1];
    if (rows.length <= EXPORT_PAGE || after === undefined) return { rows: kept, complete: true };
    if (kept.length >= MOST_EXPORTED) return { rows: kept, complete: false };
  }
}

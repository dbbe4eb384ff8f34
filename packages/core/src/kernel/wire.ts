import { z } from 'zod';
import { hasHiddenSigns } from './hidden-signs.ts';
import type { Branded, StoreId } from './ids.ts';
import { MOST_FEN, type Fen } from './money.ts';
import { FIRST_DAY, isCivilDate, LAST_DAY, type CivilDate, type Instant } from './time.ts';

/** The id of a record, branded by what it identifies: `id<CustomerId>()`. */
export function id<T extends Branded<string, string>>() {
  return z
    .uuid()
    .transform((text) => text.toLowerCase() as T)
    .meta({ description: 'UUID' });
}

export const storeId = z
  .number()
  .int()
  .positive()
  .transform((n) => n as StoreId);

/** `YYYY-MM-DD` of a day that exists. */
export const civilDate = z
  .string()
  // What is no date is not judged any further: rules about dates may reckon with them.
  .refine(isCivilDate, { error: 'date', abort: true })
  .transform((text) => text as CivilDate)
  .meta({ description: 'calendar date, YYYY-MM-DD', example: '2026-05-01' });

/** The day of something in a store's files, 1990 to 2099. */
export const recordDate = civilDate.refine((date) => date >= FIRST_DAY && date <= LAST_DAY, {
  error: 'date_range',
  params: { minimum: FIRST_DAY, maximum: LAST_DAY },
});

// A feed of changes may be asked for from the beginning of time, as programs count it.
const FIRST_INSTANT = '1970-01-01';

/** An instant with its offset, 1970 to 2099; taken to UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => text.slice(0, 10) >= FIRST_INSTANT && text.slice(0, 10) <= LAST_DAY, {
    error: 'date_range',
    params: { minimum: FIRST_INSTANT, maximum: LAST_DAY },
  })
  .transform((text) => new Date(text).toISOString() as Instant)
  .meta({ description: 'instant, ISO 8601 with offset', example: '2026-05-01T01:10:00.000Z' });

/** Integer fen, no more than one record may hold. */
export const fen = z
  .number()
  .int()
  .min(-MOST_FEN)
  .max(MOST_FEN)
  .transform((n) => n as Fen)
  .meta({ description: 'amount in fen (1/100 yuan)', example: 124999 });

// Values that come from the server are known to be right: the schema says their shape, the cast only gives them their type.
export const idOut = <T extends Branded<string, string>>() => z.string() as unknown as z.ZodType<T, string>;
export const instantOut = z.string() as unknown as z.ZodType<Instant, string>;
export const dateOut = z.string() as unknown as z.ZodType<CivilDate, string>;
export const fenOut = z.number() as unknown as z.ZodType<Fen, number>;

// PostgreSQL refuses NUL, and a lone surrogate would silently become another sign: both are refused here (spec 09, fact 4).
function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** Text a person types, of several lines if need be: kept as it is but for white space at the ends. Signs a database cannot keep are refused. */
export function text(max: number) {
  return z.string().trim().max(max).refine(isStorable, { error: 'unstorable_signs' });
}

// A name of nothing but joiners, marks of direction and letters that are blanks (fillers of Hangul, empty Braille) looks empty to whoever reads it.
const VISIBLE = /(?![\u115f\u1160\u3164\uffa0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Text that must not be empty: at least one sign of it can be seen. */
export function words(max: number) {
  return text(max).refine((value) => VISIBLE.test(value), { error: 'required' });
}

/** A line that names or files something: signs nobody sees are refused, with them it would not be what it looks like. */
export function line(max: number) {
  return text(max).refine((value) => !hasHiddenSigns(value), { error: 'hidden_signs' });
}

/** Such a line that must not be empty: what somebody or something is called. */
export function label(max: number) {
  return line(max).refine((value) => VISIBLE.test(value), { error: 'required' });
}

/** Text that may be emptied: an empty one is kept as nothing. */
export function mayBeEmpty(of: ReturnType<typeof text>) {
  return of.nullable().transform((value) => value || null);
}

/** The key a client gives a write so that repeating it has no second effect. */
export const idempotencyKey = z.string().min(1).max(255);

/** Paging by key: the opaque cursor of the last answer, which may hold two of the longest names in pinyin, and how many rows. */
export const page = { cursor: z.string().max(1500).nullish(), limit: z.number().int().min(1).max(200).default(50) };

/** A half-open period `[from, to)`. */
export const period = z
  .strictObject({ from: civilDate, to: civilDate })
  .refine((p) => p.from < p.to, { error: 'period_order', path: ['to'] });

export function paged<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const EXPORT_FORMATS = ['xlsx', 'csv'] as const;
/** What a list is taken away as: beside its filter, in the words of a language. */
export const exportAs = { format: z.enum(EXPORT_FORMATS).default('xlsx'), locale: z.enum(['zh', 'en']).default('zh') };
/** A file made of a list. */
export const exported = z.object({
  fileName: z.string(),
  contentType: z.string(),
  base64: z.string().meta({ description: 'the file, in base64' }),
  rows: z.number().meta({ description: 'rows in it; at most 20,000' }),
  complete: z.boolean().meta({ description: 'false where the list goes on: narrow the filter, or read the feed of changes' }),
});

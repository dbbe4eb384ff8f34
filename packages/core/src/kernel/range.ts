import { addDays, daysBetween, type CivilDate } from './time.ts';

/** Half-open range of dates, `[from, to)`: the day `to` is not in it. */
export type DateRange = { readonly from: CivilDate; readonly to: CivilDate };

/** Whether both hold the same days. */
export function isSameRange(one: DateRange, other: DateRange): boolean {
  return one.from === other.from && one.to === other.to;
}

export function contains(range: DateRange, date: CivilDate): boolean {
  return range.from <= date && date < range.to;
}

/** The range of the same length that ends where this one begins: what "compared with before" means. */
export function previousRange(range: DateRange): DateRange {
  return { from: addDays(range.from, -daysBetween(range.from, range.to)), to: range.from };
}

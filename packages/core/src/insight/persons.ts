import { maskName } from '../customers/masks.ts';

/** What of a person a reader of reports may see: names by his right to customers, plates by that to vehicles, notes of calls by that to contacts. */
export type PersonSight = { readonly names: boolean; readonly plates: boolean; readonly notes: boolean };

type Personal = {
  readonly customer: { readonly name: string } | null;
  readonly plate?: string | null;
  readonly note?: string | null;
};

/**
 * A row behind a figure as far as its reader sees persons. That a figure has this row is what reports tell everybody who reads them.
 *
 * Source: spec 08, one policy layer; 09 P3.
 */
export function asFarAsSeen<R extends Personal>(row: R, { names, plates, notes }: PersonSight): R {
  return {
    ...row,
    ...(names || row.customer === null ? {} : { customer: { ...row.customer, name: maskName(row.customer.name) } }),
    ...(plates || row.plate === undefined ? {} : { plate: null }),
    ...(notes || row.note === undefined ? {} : { note: null }),
  };
}

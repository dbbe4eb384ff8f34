import type { CivilDate } from '../kernel/index.ts';

type Period = { readonly customerId: string; readonly fromOn: CivilDate | null; readonly toOn: CivilDate | null };
type Claim = { readonly customerId: string; readonly fromOn: CivilDate | null; readonly row: number };

/**
 * The periods of ownership of one car whose beginning was not known and is claimed now, each with that day and the row that tells it: a customer
 * file knows who has the car, the ledger since when. A day after the period's end, or before that of a period that ended earlier, is none of its
 * own. Source: spec 01, ownership is a period.
 */
export function beginPeriods<P extends Period>(
  periods: readonly P[],
  claims: readonly Claim[],
): { readonly period: P; readonly fromOn: CivilDate; readonly row: number }[] {
  return periods.flatMap((period) => {
    const { customerId, fromOn, toOn } = period;
    if (fromOn !== null) return [];
    const earlier = periods.flatMap((other) =>
      other !== period && other.toOn !== null && (toOn === null || other.toOn <= toOn) ? [other.toOn] : [],
    );
    for (const claim of claims) {
      const day = claim.fromOn;
      if (claim.customerId === customerId && day !== null && (toOn === null || day <= toOn) && earlier.every((end) => end <= day))
        return [{ period, fromOn: day, row: claim.row }];
    }
    return [];
  });
}

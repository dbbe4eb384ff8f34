import type { StaffId } from '../kernel/index.ts';
import type { ComplaintKind, Severity } from './model.ts';
import { pointsOf, type ComplaintPolicy } from './policy.ts';

/** What the month-end table counts of one complaint against one person. */
export type ScoredComplaint = {
  readonly accusedId: StaffId;
  readonly kind: ComplaintKind;
  readonly severity: Severity;
  readonly breaches: number;
  readonly reopenedCount: number;
};

/** How many complaints of one kind a person had, and the points for their kind and severity. */
export type KindScore = { readonly kind: ComplaintKind; readonly complaints: number; readonly points: number };

export type Score = {
  readonly staffId: StaffId;
  /** Most points first; together all complaints, and all points but those for breaches and reopenings. */
  readonly kinds: readonly KindScore[];
  readonly complaints: number;
  readonly breaches: number;
  readonly reopenings: number;
  readonly points: number;
};

/**
 * Points against each person of a month, most first, and what kinds of complaint they are for. They are shown and exported to payroll, never
 * turned into money here (COMP-09, FRM-63).
 */
export function scores(complaints: readonly ScoredComplaint[], policy: ComplaintPolicy): Score[] {
  const table = Map.groupBy(complaints, ({ accusedId }) => accusedId);
  return [...table]
    .map(([staffId, against]): Score => {
      const kinds = [...Map.groupBy(against, ({ kind }) => kind)]
        .map(([kind, ofKind]) => ({
          kind,
          complaints: ofKind.length,
          points: sum(ofKind, ({ severity }) => pointsOf(policy, kind)[severity]),
        }))
        .toSorted((a, b) => b.points - a.points || b.complaints - a.complaints || (a.kind < b.kind ? -1 : 1));
      const breaches = sum(against, (complaint) => complaint.breaches);
      const reopenings = sum(against, ({ reopenedCount }) => reopenedCount);
      const { perBreach, perReopening } = policy.scoring;
      const points = sum(kinds, (kind) => kind.points) + breaches * perBreach + reopenings * perReopening;
      return { staffId, kinds, complaints: against.length, breaches, reopenings, points };
    })
    .toSorted((a, b) => b.points - a.points || b.complaints - a.complaints || (a.staffId < b.staffId ? -1 : 1));
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

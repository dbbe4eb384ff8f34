import type { StaffId } from '../kernel/index.ts';
import type { Severity } from './model.ts';
import type { ComplaintPolicy } from './policy.ts';

/** What the month-end table counts of one complaint against one person. */
export type ScoredComplaint = {
  readonly accusedId: StaffId;
  readonly severity: Severity;
  readonly breaches: number;
  readonly reopenedCount: number;
};

export type Score = {
  readonly staffId: StaffId;
  readonly complaints: number;
  readonly breaches: number;
  readonly reopenings: number;
  readonly points: number;
};

/**
 * Points against each person of a month, most first. They are shown and exported to payroll, never turned into money here
 * (COMP-09).
 */
export function scores(complaints: readonly ScoredComplaint[], { scoring }: ComplaintPolicy): Score[] {
  const table = new Map<StaffId, Score>();
  for (const { accusedId, severity, breaches, reopenedCount } of complaints) {
    const before = table.get(accusedId) ?? { staffId: accusedId, complaints: 0, breaches: 0, reopenings: 0, points: 0 };
    table.set(accusedId, {
      staffId: accusedId,
      complaints: before.complaints + 1,
      breaches: before.breaches + breaches,
      reopenings: before.reopenings + reopenedCount,
      points: before.points + scoring.bySeverity[severity] + breaches * scoring.perBreach + reopenedCount * scoring.perReopening,
    });
  }
  return [...table.values()].toSorted((a, b) => b.points - a.points || b.complaints - a.complaints || (a.staffId < b.staffId ? -1 : 1));
}

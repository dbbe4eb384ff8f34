import type { ComplaintView } from '@baoke/core/complaints/wire';
import { fen, type Fen, type Instant } from '@baoke/core/kernel';

/** What was done for the customer at one time, and what it cost. */
export type Given = {
  readonly id: string;
  readonly at: Instant;
  readonly by: string | null;
  readonly solution: string | null;
  readonly cause: string | null;
  readonly goodwillFen: Fen;
};

/** Every solution the customer was offered, in order: one he was not satisfied with stays on record with what it cost. */
export function solutionsOf(events: ComplaintView['events']): readonly Given[] {
  return events
    .filter(({ kind }) => kind === 'solved')
    .map(({ id, at, by, note, details: { cause, goodwillFen } }) => ({
      id,
      at,
      by: by?.name ?? null,
      solution: note,
      cause: typeof cause === 'string' ? cause : null,
      goodwillFen: fen(typeof goodwillFen === 'number' ? goodwillFen : 0),
    }));
}

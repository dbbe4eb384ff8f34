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

type Said = { readonly at: Instant; readonly by: string | null; readonly note: string | null };
/** One attempt to satisfy the customer: what was done, what he said of it, and why the case was opened again. */
export type Round = {
  readonly given: Given | undefined;
  readonly verdict: (Said & { readonly satisfied: boolean }) | undefined;
  readonly reopened: Said | undefined;
};

/** The rounds of a case in order; the last one may have no solution yet. A case reopened without a word of confirmation was not satisfactory. */
export function roundsOf(events: ComplaintView['events']): readonly Round[] {
  const given = new Map(solutionsOf(events).map((one) => [one.id, one]));
  const rounds: Round[] = [{ given: undefined, verdict: undefined, reopened: undefined }];
  for (const { id, kind, at, by, note } of events) {
    const last = rounds.at(-1);
    const said = { at, by: by?.name ?? null, note };
    if (kind === 'solved') rounds.splice(-1, 1, { given: given.get(id), verdict: undefined, reopened: undefined });
    if (kind === 'confirmed') rounds.splice(-1, 1, { given: last?.given, verdict: { ...said, satisfied: true }, reopened: undefined });
    if (kind === 'reopened') {
      const verdict = last?.verdict ?? { ...said, satisfied: false };
      rounds.splice(-1, 1, { given: last?.given, verdict, reopened: last?.verdict && said });
      rounds.push({ given: undefined, verdict: undefined, reopened: undefined });
    }
  }
  return rounds;
}

/** A time for which the clock was to stand still: who asked, why, who decided, and when it ran on. */
export type Standstill = {
  readonly asked: Said;
  readonly decided: (Said & { readonly approved: boolean }) | undefined;
  readonly resumed: Said | undefined;
};

export function standstillsOf(events: ComplaintView['events']): readonly Standstill[] {
  const pauses: Standstill[] = [];
  for (const { kind, at, by, note } of events) {
    const said = { at, by: by?.name ?? null, note };
    const last = pauses.at(-1);
    if (kind === 'pause_requested') pauses.push({ asked: said, decided: undefined, resumed: undefined });
    if (last && (kind === 'pause_approved' || kind === 'pause_refused'))
      pauses.splice(-1, 1, { ...last, decided: { ...said, approved: kind === 'pause_approved' } });
    if (last && kind === 'resumed') pauses.splice(-1, 1, { ...last, resumed: said });
  }
  return pauses;
}

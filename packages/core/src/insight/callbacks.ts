import { OUTCOME_MEANING } from '../tasks/index.ts';
import { rate, type Rate } from '../kernel/index.ts';

/** Outcomes of a call in which the customer was spoken to: what callback statistics call reached. */
export const SPOKEN_OUTCOMES = Object.entries(OUTCOME_MEANING).flatMap(([outcome, { spoken }]) => (spoken ? [outcome] : []));

/** Customers to be called back in a period, each counted once however often he was tried. */
export type CallbackCounts = {
  /** Calls whose due day lies in the period. */
  readonly due: number;
  /** Of these, called in the period. */
  readonly dueCalled: number;
  /** Calls of earlier periods that were still to be made when this one began. */
  readonly carriedOver: number;
  /** Of these, called in the period. */
  readonly carriedOverCalled: number;
  /** Everybody called in the period, those ahead of their day included. */
  readonly made: number;
  readonly reached: number;
  readonly satisfied: number;
};

export type CallbackFigures = CallbackCounts & {
  readonly notReached: number;
  /** Answered but not satisfied, or not asked. */
  readonly other: number;
  /** Called before their day came. */
  readonly ahead: number;
  /** Due calls made / due calls: carried-over ones stand apart, so it never exceeds 100 %. */
  readonly completion: Rate;
  readonly success: Rate;
  readonly satisfaction: Rate;
  /** More calls than were due and carried over together: some were made ahead of their day, or a count is wrong. */
  readonly moreThanDue: boolean;
};

/**
 * The figures of the callback statistics: made = reached + not reached, reached = satisfied + other, satisfaction = satisfied / reached.
 *
 * Throws on counts that contradict one another, which a query that counts customers once cannot give.
 * Source: document 000, callback statistics; requirements W-03, CARE-35, SURV-14.
 */
export function callbackFigures(counts: CallbackCounts): CallbackFigures {
  const { due, dueCalled, carriedOver, carriedOverCalled, made, reached, satisfied } = counts;
  if (dueCalled > due || carriedOverCalled > carriedOver || reached > made || satisfied > reached || dueCalled + carriedOverCalled > made) {
    throw new RangeError(`callback counts contradict one another: ${JSON.stringify(counts)}`);
  }
  return {
    ...counts,
    notReached: made - reached,
    other: reached - satisfied,
    ahead: made - dueCalled - carriedOverCalled,
    completion: rate(dueCalled, due),
    success: rate(reached, made),
    satisfaction: rate(satisfied, reached),
    moreThanDue: made > due + carriedOver,
  };
}

/** Adds the counts of groups that share no customer. */
export function sumCallbacks(groups: readonly CallbackCounts[]): CallbackCounts {
  const sum = (name: keyof CallbackCounts) => groups.reduce((total, group) => total + group[name], 0);
  return {
    due: sum('due'),
    dueCalled: sum('dueCalled'),
    carriedOver: sum('carriedOver'),
    carriedOverCalled: sum('carriedOverCalled'),
    made: sum('made'),
    reached: sum('reached'),
    satisfied: sum('satisfied'),
  };
}

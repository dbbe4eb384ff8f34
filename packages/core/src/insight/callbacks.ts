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
  /** Reached and asked: a successful callback (G-11). */
  readonly answered: number;
  readonly satisfied: number;
  /** Callbacks in which the customer praised us. */
  readonly praised: number;
  /** Callbacks with which a complaint was registered. */
  readonly complained: number;
};

export type CallbackFigures = CallbackCounts & {
  readonly notReached: number;
  /** Reached and not asked, or asked to be rung again. */
  readonly notAsked: number;
  /** Answered but not satisfied. */
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
 * The figures of the callback statistics: made = reached + not reached, reached = answered + not asked, answered = satisfied + other. The success
 * rate is answered / made, satisfaction satisfied / answered: whoever was not asked does not lower it.
 *
 * Throws on counts that contradict one another, which a query that counts customers once cannot give.
 * Source: document 000, callback statistics; requirements W-03, G-11, CARE-35, SURV-14.
 */
export function callbackFigures(counts: CallbackCounts): CallbackFigures {
  const { due, dueCalled, carriedOver, carriedOverCalled, made, reached, answered, satisfied, praised, complained } = counts;
  const parts = [
    [dueCalled, due],
    [carriedOverCalled, carriedOver],
    [reached, made],
    [answered, reached],
    [satisfied, answered],
    [praised, made],
    [complained, made],
    [dueCalled + carriedOverCalled, made],
  ] as const;
  if (parts.some(([part, whole]) => part > whole)) {
    throw new RangeError(`callback counts contradict one another: ${JSON.stringify(counts)}`);
  }
  return {
    ...counts,
    notReached: made - reached,
    notAsked: reached - answered,
    other: answered - satisfied,
    ahead: made - dueCalled - carriedOverCalled,
    completion: rate(dueCalled, due),
    success: rate(answered, made),
    satisfaction: rate(satisfied, answered),
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
    answered: sum('answered'),
    satisfied: sum('satisfied'),
    praised: sum('praised'),
    complained: sum('complained'),
  };
}

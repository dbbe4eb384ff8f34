import type { Outcome, Satisfaction } from '@baoke/core/tasks';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;
type Form = {
  readonly outcomes: readonly Outcome[];
  readonly outcome: Outcome | undefined;
  /** What the customer can be asked beside the result; none where he cannot. */
  readonly satisfactions: readonly Satisfaction[];
  readonly inNote: boolean;
  /** Nothing was typed or chosen since the result. */
  readonly fresh: boolean;
};
/** The digits of the answers, beyond those of the results. */
export const SATISFACTION_KEYS = { satisfied: '7', neutral: '8', dissatisfied: '9', not_asked: '0' } as const satisfies Record<
  Satisfaction,
  string
>;

export type Meaning =
  | { readonly act: 'choose'; readonly outcome: Outcome }
  | { readonly act: 'say'; readonly satisfaction: Satisfaction }
  | { readonly act: 'save' }
  | { readonly act: 'leave' };

/** What a key means to whoever stands in a field of the result form: a slip of a digit is mended by the next one, until something is typed. */
export function meaningOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key, form: Form): Meaning | undefined {
  const { outcomes, outcome, satisfactions, inNote, fresh } = form;
  const held = ctrlKey || metaKey;
  if (key === 'Escape') return { act: 'leave' };
  if (key === 'Enter') return outcome && (held || (inNote && !shiftKey)) ? { act: 'save' } : undefined;
  if (!inNote || !fresh || held || altKey) return undefined;
  const said = satisfactions.find((satisfaction) => SATISFACTION_KEYS[satisfaction] === key);
  if (said) return { act: 'say', satisfaction: said };
  const other = outcomes[Number(key) - 1];
  return other && { act: 'choose', outcome: other };
}

import type { Outcome } from '@baoke/core/tasks';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;
type Form = {
  readonly outcomes: readonly Outcome[];
  readonly outcome: Outcome | undefined;
  readonly inNote: boolean;
  /** Nothing was typed or chosen since the result. */
  readonly fresh: boolean;
};
export type Meaning = { readonly act: 'choose'; readonly outcome: Outcome } | { readonly act: 'save' } | { readonly act: 'leave' };

/** What a key means to whoever stands in a field of the result form: a slip of a digit is mended by the next one, until something is typed. */
export function meaningOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key, form: Form): Meaning | undefined {
  const { outcomes, outcome, inNote, fresh } = form;
  const held = ctrlKey || metaKey;
  if (key === 'Escape') return { act: 'leave' };
  if (key === 'Enter') return outcome && (held || (inNote && !shiftKey)) ? { act: 'save' } : undefined;
  const other = inNote && fresh && !held && !altKey ? outcomes[Number(key) - 1] : undefined;
  return other && { act: 'choose', outcome: other };
}

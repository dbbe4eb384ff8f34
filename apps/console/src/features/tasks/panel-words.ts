import type { Outcome } from '@baoke/core/tasks';

/** How an outcome looks among the buttons. */
export const OUTCOME_TONES: Readonly<Record<Outcome, 'good' | 'wait' | 'bad'>> = {
  reached: 'good',
  appointment: 'good',
  met: 'good',
  sent: 'good',
  call_back: 'wait',
  not_reached: 'wait',
  refused: 'bad',
  wrong_number: 'bad',
};

import type { Outcome, Task } from '@baoke/core/tasks';

const SPOKEN_WAYS: readonly Task['channel'][] = ['phone', 'visit', 'in_store'];

/** Whether somebody writes instead of speaking: what he says is then no script, and what is noted is not what was said. */
export function isWritten(channel: Task['channel']): boolean {
  return !SPOKEN_WAYS.includes(channel);
}

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

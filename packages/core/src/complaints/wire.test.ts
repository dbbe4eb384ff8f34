import { describe, expect, it } from 'vitest';
import { exportScoringInput, scoringInput } from './wire.ts';

describe('the month of the scoring table', () => {
  it.each([
    { month: '2026-01', taken: true },
    { month: '2026-12', taken: true },
    { month: '2026-00', taken: false },
    { month: '2026-13', taken: false },
    { month: '1899-12', taken: false },
    { month: '2199-12', taken: true },
    { month: '2200-01', taken: false },
    { month: '2026-5', taken: false },
    { month: '2026-05-01', taken: false },
  ])('$month: taken $taken', ({ month, taken }) => {
    expect([scoringInput.safeParse({ month }).success, exportScoringInput.safeParse({ month }).success]).toEqual([taken, taken]);
  });
});

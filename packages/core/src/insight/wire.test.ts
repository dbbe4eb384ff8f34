import { describe, expect, it } from 'vitest';
import { complaintInput } from './wire.ts';

describe('a period of a report', () => {
  it.each([
    { name: 'three years', from: '2024-01-01', to: '2027-01-01', fits: true },
    { name: 'eleven hundred days', from: '2024-01-01', to: '2027-01-05', fits: true },
    { name: 'a day more', from: '2024-01-01', to: '2027-01-06', fits: false },
    { name: 'before the first day', from: '1989-12-31', to: '1990-01-05', fits: false },
    { name: 'two centuries', from: '1900-01-01', to: '2100-01-01', fits: false },
  ])('$name', ({ from, to, fits }) => expect(complaintInput.safeParse({ period: { from, to } }).success).toBe(fits));
});

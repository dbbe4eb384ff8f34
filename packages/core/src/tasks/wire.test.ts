import { expect, it } from 'vitest';
import { recordInput } from './wire.ts';

it.each([
  { satisfaction: 'satisfied', satisfied: true, accepted: null },
  { satisfaction: 'satisfied', satisfied: false, accepted: 'true' },
  { satisfaction: 'dissatisfied', satisfied: false, accepted: null },
  { satisfaction: 'dissatisfied', satisfied: true, accepted: 'false' },
  { satisfaction: 'neutral', satisfied: true, accepted: 'null' },
  { satisfaction: 'not_asked', satisfied: false, accepted: 'null' },
  { satisfaction: 'dissatisfied', satisfied: null, accepted: null },
  { satisfaction: 'neutral', satisfied: undefined, accepted: null },
  { satisfaction: null, satisfied: false, accepted: null },
  { satisfaction: undefined, satisfied: true, accepted: null },
])('a result that says $satisfaction and satisfied: $satisfied would be taken with $accepted', ({ satisfaction, satisfied, accepted }) => {
  const result = { taskId: '0199a5c0-0000-7000-8000-000000000001', version: 1, outcome: 'reached', satisfaction, satisfied };
  const faults = recordInput.safeParse(result).error?.issues ?? [];
  expect(faults).toMatchObject(accepted === null ? [] : [{ path: ['satisfied'], message: 'choice', params: { values: accepted } }]);
});

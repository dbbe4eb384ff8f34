import { expect, it } from 'vitest';
import type { CivilDate } from '../kernel/index.ts';
import { beginPeriods } from './periods.ts';

const period = (customerId: string, fromOn: string | null, toOn: string | null) => ({
  customerId,
  fromOn: fromOn as CivilDate | null,
  toOn: toOn as CivilDate | null,
});

it.each([
  { name: 'of the present owner', periods: [period('A', null, null)], claim: ['A', '2025-02-03'], begun: ['A', '2025-02-03'] },
  { name: 'that has begun', periods: [period('A', '2024-01-01', null)], claim: ['A', '2025-02-03'], begun: null },
  { name: 'of somebody else', periods: [period('A', null, null)], claim: ['B', '2025-02-03'], begun: null },
  { name: 'that ended before', periods: [period('A', null, '2025-01-01')], claim: ['A', '2025-02-03'], begun: null },
  {
    name: 'after a former owner',
    periods: [period('B', null, '2025-02-03'), period('A', null, null)],
    claim: ['A', '2025-02-03'],
    begun: ['A', '2025-02-03'],
  },
  {
    name: 'while another had the car',
    periods: [period('B', null, '2025-06-01'), period('A', null, null)],
    claim: ['A', '2025-02-03'],
    begun: null,
  },
  {
    name: 'of a former owner, before the next',
    periods: [period('A', null, '2025-06-01'), period('B', null, null)],
    claim: ['A', '2025-02-03'],
    begun: ['A', '2025-02-03'],
  },
])('a period $name', ({ periods, claim: [customerId = '', on], begun }) => {
  const claims = [{ customerId, fromOn: on as CivilDate, row: 7 }];
  expect(beginPeriods(periods, claims).map((one) => [one.period.customerId, one.fromOn, one.row])).toEqual(begun ? [[...begun, 7]] : []);
});

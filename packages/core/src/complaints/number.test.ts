import { expect, it } from 'vitest';
import { numberEnd } from './number.ts';

it.each([
  { typed: '20260501-003', end: '20260501-003' },
  { typed: ' 20260501－003 ', end: '20260501-003' },
  { typed: '20260501003', end: '20260501-003' },
  { typed: '0501-003', end: '0501-003' },
  { typed: '-003', end: '-003' },
  { typed: '003', end: '003' },
  { typed: '1004', end: '1004' },
  { typed: '03', end: undefined },
  { typed: '20260501-', end: undefined },
  { typed: '13812345678', end: undefined },
  { typed: '苏E003', end: undefined },
  { typed: '', end: undefined },
])('the end of a number in "$typed"', ({ typed, end }) => {
  expect(numberEnd(typed)).toBe(end);
});

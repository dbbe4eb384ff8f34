import { expect, it } from 'vitest';
import { freeKey } from './keys.ts';

it.each([
  { name: 'the first copy', from: 'use_call', taken: ['use_call'], key: 'use_call_2' },
  { name: 'the second copy', from: 'use_call', taken: ['use_call', 'use_call_2'], key: 'use_call_3' },
  { name: 'a copy of a rule that ends with a number', from: 'renewal_call_45', taken: ['renewal_call_45'], key: 'renewal_call_45_2' },
  { name: 'a key as long as keys may be', from: 'k'.repeat(60), taken: [], key: `${'k'.repeat(58)}_2` },
])('$name', ({ from, taken, key }) => {
  expect(freeKey(from, new Set(taken))).toBe(key);
});

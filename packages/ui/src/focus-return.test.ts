import { expect, it } from 'vitest';
import { withPlace } from './focus-return.ts';

it.each([
  { name: 'a new one', places: ['button'], place: 'field', after: ['field', 'button'] },
  { name: 'one that was left', places: ['field', 'button'], place: 'button', after: ['button', 'field'] },
])('remembers $name as the latest place', ({ places, place, after }) => expect(withPlace(places, place)).toEqual(after));

it('remembers a few', () => {
  let places: readonly number[] = [];
  for (let n = 0; n < 40; n += 1) places = withPlace(places, n);
  expect([places.length, places[0]]).toEqual([12, 39]);
});

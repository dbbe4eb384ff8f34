import { expect, it } from 'vitest';
import { movedBy, selectedOf } from './selection.ts';

it.each([
  { name: 'nobody moved', keys: ['a', 'b'], moved: undefined, selected: 'a' },
  { name: 'somebody moved', keys: ['a', 'b'], moved: 'b', selected: 'b' },
  { name: 'other rows came', keys: ['c', 'd'], moved: 'b', selected: 'c' },
  { name: 'the row stands elsewhere now', keys: ['c', 'b'], moved: 'b', selected: 'b' },
  { name: 'there is no row', keys: [], moved: 'b', selected: undefined },
])('when $name $selected is selected', ({ keys, moved, selected }) => expect(selectedOf(keys, moved)).toBe(selected));

it.each([
  { key: 'ArrowDown', from: 'a', to: 'b' },
  { key: 'ArrowDown', from: 'c', to: 'a' },
  { key: 'ArrowUp', from: 'a', to: 'c' },
  { key: 'ArrowUp', from: 'c', to: 'b' },
  { key: 'Home', from: 'c', to: 'a' },
  { key: 'End', from: 'a', to: 'c' },
  { key: 'x', from: 'a', to: undefined },
])('$key moves from $from to $to', ({ key, from, to }) => expect(movedBy(['a', 'b', 'c'], from, key)).toBe(to));

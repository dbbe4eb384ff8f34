import { expect, it } from 'vitest';
import { canonicalJson } from './json.ts';

it.each([
  {
    name: 'names of objects, at every depth',
    value: { b: 1, a: { d: [{ f: 1, e: 2 }], c: null } },
    text: '{"a":{"c":null,"d":[{"e":2,"f":1}]},"b":1}',
  },
  { name: 'lists as they are', value: [2, 1], text: '[2,1]' },
  { name: 'nothing of what is not there', value: { a: undefined, b: [undefined] }, text: '{"b":[null]}' },
  { name: 'nothing at all', value: undefined, text: 'null' },
  { name: 'signs as JSON writes them', value: { '"': '张\n' }, text: '{"\\"":"张\\n"}' },
])('puts in order $name', ({ value, text }) => expect(canonicalJson(value)).toBe(text));

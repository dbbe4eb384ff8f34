import { expect, it } from 'vitest';
import { belongsToInputMethod } from './input-method.ts';

it.each([
  { name: 'while a word is composed', key: { isComposing: true, keyCode: 13 }, belongs: true },
  { name: 'of Chrome, which tells no more of it', key: { isComposing: true, keyCode: 229 }, belongs: true },
  { name: 'that ends the word in the order of Safari', key: { isComposing: false, keyCode: 229 }, belongs: true },
  { name: 'afterwards', key: { isComposing: false, keyCode: 13 }, belongs: false },
])('a key $name belongs to the input method: $belongs', ({ key, belongs }) => expect(belongsToInputMethod(key)).toBe(belongs));

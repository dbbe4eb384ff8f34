import { describe, expect, it } from 'vitest';
import { words } from './wire.ts';

describe('text that must not be empty', () => {
  it.each([
    { name: 'a Chinese sign', text: '张', fits: true },
    { name: 'a digit', text: '7', fits: true },
    { name: 'an emoji', text: '🙂', fits: true },
    { name: 'a name with a joiner in it', text: '张\u200b伟', fits: true },
    { name: 'nothing', text: '', fits: false },
    { name: 'blanks of all widths', text: ' \u3000\t', fits: false },
    { name: 'a space without width', text: '\u200b', fits: false },
    { name: 'a joiner and a byte-order mark', text: '\u2060\ufeff', fits: false },
  ])('$name', ({ text, fits }) => {
    expect(words(20).safeParse(text).success).toBe(fits);
  });
});

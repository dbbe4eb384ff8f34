import { describe, expect, it } from 'vitest';
import { fen, words } from './wire.ts';

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
    { name: 'fillers of Hangul', text: '\u3164\u115f\u1160\uffa0', fits: false },
    { name: 'empty Braille', text: '\u2800\u2800', fits: false },
    { name: 'Hangul that can be seen', text: '김', fits: true },
  ])('$name', ({ text, fits }) => {
    expect(words(20).safeParse(text).success).toBe(fits);
  });
});

describe('an amount of one record', () => {
  it.each([
    { name: 'a hundred million yuan', amount: 10_000_000_000, fits: true },
    { name: 'a fen more', amount: 10_000_000_001, fits: false },
    { name: 'as much given back', amount: -10_000_000_000, fits: true },
    { name: 'a fen less than that', amount: -10_000_000_001, fits: false },
    { name: 'the largest safe number', amount: Number.MAX_SAFE_INTEGER, fits: false },
    { name: 'half a fen', amount: 0.5, fits: false },
  ])('$name', ({ amount, fits }) => expect(fen.safeParse(amount).success).toBe(fits));
});

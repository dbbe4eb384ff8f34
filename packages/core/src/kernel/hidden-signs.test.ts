import { describe, expect, it } from 'vitest';
import { hasHiddenSigns, withoutHiddenSigns } from './hidden-signs.ts';

describe('a line that holds signs nobody sees', () => {
  it.each([
    { name: 'turned round', line: '苏E\u202e54321', looks: '苏E54321' },
    ...['\u202a', '\u202b', '\u202c', '\u202d', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c'].map((mark) => ({
      name: `with a mark of direction, U+${mark.codePointAt(0)!.toString(16)}`,
      line: `张${mark}伟`,
      looks: '张伟',
    })),
    { name: 'with blanks of no width', line: '\ufeff张\u200b伟\u2060', looks: '张伟' },
    { name: 'with a hyphen for the end of a line', line: 'Müller\u00admann', looks: 'Müllermann' },
    { name: 'with control signs', line: '张\u0007伟\u0085', looks: '张伟' },
    { name: 'with a joiner between Chinese signs', line: '张\u200d伟', looks: '张伟' },
    { name: 'with one that joins no letters', line: 'An\u200cna', looks: 'Anna' },
    { name: 'with one at an end', line: '\u200d👩\u200d', looks: '👩' },
  ])('$name', ({ line, looks }) => {
    expect(hasHiddenSigns(line)).toBe(true);
    expect(withoutHiddenSigns(line)).toBe(looks);
    expect(hasHiddenSigns(looks)).toBe(false);
  });
});

describe('a line that looks as it is', () => {
  it.each([
    { name: 'a Chinese name', line: '欧阳娜' },
    { name: 'a rare sign of four bytes', line: '𠮷田' },
    { name: 'a name with a dot', line: '阿依古丽·买买提' },
    { name: 'a name in Uyghur', line: 'ئايگۈل' },
    { name: 'a name with a joiner of its script', line: 'می\u200cخواهم' },
    { name: 'a Mongolian name with its separators', line: 'ᠠᠷᠠᠲ\u180eᠠ \u180b' },
    { name: 'a family', line: '王👨\u200d👩\u200d👧家' },
    { name: 'a runner, a heart on fire', line: '🏃\u200d♂️❤️\u200d🔥' },
    { name: 'white space', line: '一\t二\r\n三\u3000四\u00a0五' },
  ])('$name', ({ line }) => {
    expect(hasHiddenSigns(line)).toBe(false);
    expect(withoutHiddenSigns(line)).toBe(line);
  });
});

import { describe, expect, it } from 'vitest';
import { fen, instant, label, line, mayBeEmpty, recordDate, text, words } from './wire.ts';

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

describe('a line that names something', () => {
  const fault = (of: typeof line, value: string) => of(20).safeParse(value).error?.issues[0]?.message;
  it.each([
    { name: 'that is turned round', value: '张\u202e伟', said: { label: 'hidden_signs', line: 'hidden_signs', words: undefined } },
    { name: 'with a blank of no width', value: '张\u200b伟', said: { label: 'hidden_signs', line: 'hidden_signs', words: undefined } },
    { name: 'with a family in it', value: '王👨\u200d👩\u200d👧', said: { label: undefined, line: undefined, words: undefined } },
    { name: 'of nothing', value: ' ', said: { label: 'required', line: undefined, words: 'required' } },
    { name: 'of a filler', value: '\u3164', said: { label: 'required', line: undefined, words: 'required' } },
    {
      name: 'that cannot be kept',
      value: 'a\u0000',
      said: { label: 'unstorable_signs', line: 'unstorable_signs', words: 'unstorable_signs' },
    },
  ])('$name', ({ value, said }) => {
    expect({ label: fault(label, value), line: fault(line, value), words: fault(words, value) }).toEqual(said);
  });

  it('may be empty where it says so, and is nothing then', () => {
    expect([mayBeEmpty(line(20)).parse(' '), mayBeEmpty(text(20)).parse(null), mayBeEmpty(line(20)).parse('a')]).toEqual([null, null, 'a']);
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

describe('a day or moment of something in the files', () => {
  it.each([
    { name: 'the first day', shape: recordDate, text: '1990-01-01', fault: undefined },
    { name: 'the day before', shape: recordDate, text: '1989-12-31', fault: 'date_range' },
    { name: 'the last day', shape: recordDate, text: '2099-12-31', fault: undefined },
    { name: 'the day after', shape: recordDate, text: '2100-01-01', fault: 'date_range' },
    { name: 'a day of the year 1', shape: recordDate, text: '0001-01-01', fault: 'date' },
    { name: 'the moment programs count from', shape: instant, text: '1970-01-01T00:00:00Z', fault: undefined },
    { name: 'one of the year 1', shape: instant, text: '0001-01-01T00:00:00+08:00', fault: 'date_range' },
    { name: 'one of the year 9999', shape: instant, text: '9999-12-31T00:00:00Z', fault: 'date_range' },
  ])('$name', ({ shape, text, fault }) => {
    expect(shape.safeParse(text).error?.issues[0]?.message).toBe(fault);
  });
});

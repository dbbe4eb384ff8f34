import { describe, expect, it } from 'vitest';
import { faultOfJson, parseBody, UnreadableBody } from './body.ts';

describe('JSON text', () => {
  it.each([
    { name: 'one key in two objects', text: '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":2}]}' },
    { name: 'a value like a key', text: '{"a":"a","b":["a","a"],"c":"\\"a\\":1,"}' },
    { name: 'a quote behind escaped backslashes', text: String.raw`{"a":"\\\\","b":"\\\"","c":1}` },
    { name: 'keys that differ by case, and the empty one', text: '{"a":1,"A":2,"":3}' },
    { name: 'names of every object', text: '{"__proto__":1,"constructor":2,"toString":3}' },
    { name: 'a plain value', text: '"a"' },
    { name: 'nothing', text: '' },
  ])('of $name is read', ({ text }) => expect(faultOfJson(text)).toBeUndefined());

  it.each([
    { name: 'at the top', text: '{"name":"a", "name" : "b"}', path: 'name', key: 'name' },
    { name: 'within', text: '{"changes":{"x":[1],"phones":[],"x":2}}', path: 'changes.x', key: 'x' },
    { name: 'in a row of a list', text: '{"rows":[{"a":1},{"a":[1,[2,3]],"b":{},"a":null}]}', path: 'rows.1.a', key: 'a' },
    { name: 'written in another way', text: String.raw`{"a":1,"\u0061":2}`, path: 'a', key: 'a' },
    { name: 'of every object', text: '{"__proto__":1,"__proto__":2}', path: '__proto__', key: '__proto__' },
  ])('with a key twice $name is refused by its path', ({ text, path, key }) => {
    expect(faultOfJson(text)).toEqual({ path, code: 'repeated_key', params: { key } });
    expect(() => parseBody(text)).toThrow(UnreadableBody);
  });

  it('that is none is refused as such, wherever it breaks off', () => {
    const whole = '{"a":"b\\"c","d":[1,{"e":null}]}';
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => parseBody(whole.slice(0, length))).toThrow('the body cannot be read: json');
    }
    expect(parseBody(whole)).toEqual({ a: 'b"c', d: [1, { e: null }] });
  });

  it.each(['[]', '[{"a":1}]', 'null', '1', '"a"', 'true'])('that is no object but %s is refused as a whole', (text) => {
    expect(() => parseBody(text)).toThrow('the body cannot be read: json');
    expect(parseBody('')).toEqual({});
  });

  it('nested 64 deep is read, and one more is not', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(faultOfJson(nested(64))).toBeUndefined();
    expect(faultOfJson(nested(65))).toMatchObject({ code: 'json' });
    expect(faultOfJson('{"a":'.repeat(100_000))).toMatchObject({ code: 'json' });
  });
});

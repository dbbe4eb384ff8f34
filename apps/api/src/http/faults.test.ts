import { createI18n, fieldFaultText } from '@baoke/i18n';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { faultsOf } from './faults.ts';

const [whole, number, text] = [z.number().int().min(0).max(200), z.number(), z.string()];
const list = z.array(z.unknown()).min(2).max(3);
const plainList = z.array(z.unknown());

it.each([
  { name: 'nothing', shape: whole, given: undefined, code: 'required', en: 'Required', zh: '必填' },
  { name: 'null', shape: text, given: null, code: 'required', en: 'Required', zh: '必填' },
  { name: 'an empty text', shape: text.min(1), given: '', code: 'required', en: 'Required', zh: '必填' },
  { name: 'half a kilometre', shape: whole, given: 1.5, code: 'whole_number', en: 'A whole number is expected', zh: '应为整数' },
  { name: 'a number in letters', shape: z.coerce.number().int(), given: 'abc', code: 'number', en: 'A number is expected', zh: '应为数字' },
  { name: 'a number as text', shape: whole, given: '12', code: 'number', en: 'A number is expected', zh: '应为数字' },
  {
    name: 'more than numbers hold',
    shape: whole,
    given: Number.POSITIVE_INFINITY,
    code: 'number',
    en: 'A number is expected',
    zh: '应为数字',
  },
  { name: 'no number', shape: number, given: Number.NaN, code: 'number', en: 'A number is expected', zh: '应为数字' },
  { name: 'several numbers', shape: whole, given: [1, 2], code: 'single_value', en: 'Give one value, not several', zh: '只能填写一个值' },
  {
    name: 'a name that is none',
    shape: text.regex(/^[a-z][a-z0-9_]{1,59}$/, { error: 'rule_key' }),
    given: 'Näme',
    code: 'format',
    en: 'Lower-case letters, digits and underscores, a letter first, 2 to 60',
    zh: '以小写字母开头，只含小写字母、数字和下划线，2 至 60 位',
  },
  { name: 'an expression without words', shape: text.regex(/^a$/), given: 'b', code: 'format', en: 'Wrong format', zh: '格式不正确' },
  { name: 'several texts', shape: text, given: ['a'], code: 'single_value', en: 'Give one value, not several', zh: '只能填写一个值' },
  { name: 'a number for a text', shape: text, given: 1, code: 'type', en: 'Wrong type: string is expected', zh: '类型不正确，应为 string' },
  {
    name: 'a text for a list',
    shape: plainList,
    given: 'a',
    code: 'type',
    en: 'Wrong type: array is expected',
    zh: '类型不正确，应为 array',
  },
  { name: 'a number too small', shape: whole, given: -1, code: 'too_small', en: 'Not below 0', zh: '不能小于 0' },
  { name: 'a number too big', shape: whole, given: 201, code: 'too_big', en: 'Not above 200', zh: '不能大于 200' },
  { name: 'too few items', shape: list, given: [1], code: 'too_few', en: 'Items needed: at least 2', zh: '至少 2 项' },
  { name: 'too many items', shape: list, given: [1, 2, 3, 4], code: 'too_many', en: 'Items taken: at most 3', zh: '最多 3 项' },
  { name: 'a text too long', shape: text.max(2), given: 'abc', code: 'too_long', en: 'At most 2 characters', zh: '最多 2 个字' },
  { name: 'a text too short', shape: text.min(2), given: 'a', code: 'too_short', en: 'At least 2 characters', zh: '至少 2 个字' },
  { name: 'another choice', shape: z.enum(['a', 'b']), given: 'c', code: 'choice', en: 'Choose one of: a, b', zh: '请从选项中选择：a, b' },
])('$name is answered by $code', ({ shape, given, code, en, zh }) => {
  const { error } = z.strictObject({ field: shape }).safeParse({ field: given });
  const [fault, ...more] = error ? faultsOf(error) : [];
  expect(more).toEqual([]);
  expect(fault).toMatchObject({ path: 'field', code });
  expect([fieldFaultText(createI18n('en').t, fault!), fieldFaultText(createI18n('zh').t, fault!)]).toEqual([en, zh]);
});

it('a field that is unknown is named', () => {
  expect(faultsOf(z.strictObject({}).safeParse({ other: 1 }).error!)).toEqual([{ path: 'other', code: 'unknown_field' }]);
});

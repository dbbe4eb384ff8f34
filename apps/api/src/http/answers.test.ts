import { describe, expect, it } from 'vitest';
import { preferredLanguage, toAnswer } from './answers.ts';

describe('the language asked for', () => {
  it.each([
    { name: 'no header', header: undefined, language: undefined },
    { name: 'any', header: '*', language: undefined },
    { name: 'none of ours', header: 'fr, de;q=0.8', language: undefined },
    { name: 'Chinese as browsers send it', header: 'zh-CN,zh;q=0.9,en;q=0.8', language: 'zh' },
    { name: 'English by its weight', header: 'zh;q=0.5, en-GB;q=0.9', language: 'en' },
    { name: 'the first of equals', header: 'en, zh', language: 'en' },
    { name: 'one that is not wanted', header: 'zh;q=0, en;q=0.1', language: 'en' },
    { name: 'a weight that is none', header: 'en;q=abc', language: 'en' },
  ])('$name', ({ header, language }) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('an error in words', () => {
  it.each([
    { locale: 'zh', message: '没有找到，或您无权查看。', field: '最多 20 个字' },
    { locale: 'en', message: 'There is no such record, or you may not see it.', field: 'At most 20 characters' },
  ] as const)('speaks $locale and has both languages', ({ locale, message, field }) => {
    const answer = toAnswer(
      { code: 'platform.not_found', fields: [{ path: 'number', code: 'too_long', params: { maximum: 20 } }] },
      locale,
      'request',
    );
    expect(answer).toEqual({
      code: 'platform.not_found',
      message,
      messages: { zh: '没有找到，或您无权查看。', en: 'There is no such record, or you may not see it.' },
      params: {},
      fields: [{ path: 'number', code: 'too_long', message: field, params: { maximum: 20 } }],
      conflict: [],
      requestId: 'request',
    });
  });
});

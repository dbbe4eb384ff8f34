import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogues, createI18n, fieldFaultText, refusalText, type Locale } from './index.ts';
import { createLazyWords, WORDS_OF } from './lazy.ts';

const PLURAL = /_(one|other)$/;
const texts = (branch: object, path = ''): [string, string][] =>
  Object.entries(branch).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : texts(value, `${path}${key}.`),
  );
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).toSorted();
const keys = (branch: object) => [...new Set(texts(branch).map(([key]) => key.replace(PLURAL, '')))].toSorted();

describe('the catalogue', () => {
  it('has the same keys in both languages', () => {
    expect(keys(catalogues.en)).toEqual(keys(catalogues.zh));
  });

  it('asks for the same variables in both languages', () => {
    const chinese = new Map(texts(catalogues.zh).map(([key, text]) => [key.replace(PLURAL, ''), variables(text)]));
    // "The only result" counts one without naming it; every other form names what the Chinese names.
    const differing = texts(catalogues.en).filter(
      ([key, text]) => !key.endsWith('_one') && String(variables(text)) !== String(chinese.get(key.replace(PLURAL, ''))),
    );
    expect(differing).toEqual([]);
  });

  it.each(['zh', 'en'] as const)('has no empty text in %s', (locale) => {
    expect(texts(catalogues[locale]).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has no Chinese in English', () => {
    expect(texts(catalogues.en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });

  it('has Chinese wherever it is not a mark, a name or a number', () => {
    const foreign = texts(catalogues.zh).filter(([, text]) => !/\p{Script=Han}/u.test(text.replaceAll(/\{\{\w+\}\}/g, '')));
    expect(foreign.filter(([, text]) => /[a-z]{2}/i.test(text.replaceAll(/\{\{\w+\}\}/g, '')))).toEqual([]);
  });
});

describe('refusals', () => {
  it('are worded in both languages, every code that core exports', async () => {
    const core = new URL('../../core/src/', import.meta.url);
    const capabilities = readdirSync(core, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'kernel');
    const modules = await Promise.all(
      capabilities.map(({ name }): Promise<Record<string, unknown>> => import(new URL(`${name}/index.ts`, core).href)),
    );
    const codes = modules.flatMap((module) =>
      Object.entries(module)
        .filter(([name]) => name.endsWith('_REFUSALS'))
        .flatMap(([, list]) => list as readonly string[]),
    );
    expect(codes).toContain('complaints.handler_is_accused');
    for (const locale of ['zh', 'en'] as const) {
      const { t } = createI18n(locale);
      expect(codes.filter((code) => refusalText(t, code) === code)).toEqual([]);
    }
  });

  it('show their code rather than nothing when they have no words', () => {
    expect(refusalText(createI18n('zh').t, 'complaints.from_the_future')).toBe('complaints.from_the_future');
  });
});

describe('faults of a field', () => {
  const { t } = createI18n('zh');
  it.each([
    {
      name: 'a field with words of its own',
      fault: { path: ['phones', 0, 'phone'], code: 'format' },
      text: '手机号应为11位数字，座机为区号加7至8位数字',
    },
    {
      name: 'the same by a dotted path',
      fault: { path: 'phones.0.phone', code: 'too_short', params: { minimum: 7 } },
      text: '手机号应为11位数字，座机为区号加7至8位数字',
    },
    { name: 'a missing value', fault: { path: 'phone', code: 'required' }, text: '必填' },
    { name: 'a long text', fault: { path: 'content', code: 'too_long', params: { maximum: 4000 } }, text: '最多 4,000 个字' },
    { name: 'a number below its limit', fault: { path: 'amount', code: 'too_small', params: { minimum: 0 } }, text: '不能小于 0' },
    {
      name: 'a refusal placed on a field',
      fault: { path: 'handlerId', code: 'complaints.handler_left' },
      text: '该员工已离职，请选择其他人',
    },
  ])('say what is accepted: $name', ({ fault, text }) => {
    expect(fieldFaultText(t, fault)).toBe(text);
  });
});

describe('plurals', () => {
  it.each([
    { locale: 'en', count: 1, text: '1 item selected' },
    { locale: 'en', count: 2, text: '2 items selected' },
    { locale: 'zh', count: 1, text: '已选择 1 项' },
  ] as const)('$locale $count', ({ locale, count, text }) => {
    expect(createI18n(locale).t('controls.selected', { count })).toBe(text);
  });
});

describe('English counts', () => {
  const english = texts(catalogues.en);
  const known = new Set(english.map(([key]) => key));
  it('have both forms or none', () => {
    const halves = english.filter(([key]) => PLURAL.test(key) && !['_one', '_other'].every((form) => known.has(key.replace(PLURAL, form))));
    expect(halves).toEqual([]);
  });
  it('have a form for one wherever the counted stands in the plural', () => {
    // `of {{count}} contacts` counts against a whole that is never one.
    const counted = english.filter(([key, text]) => !PLURAL.test(key) && /(?<!of )\{\{count\}\} (\w+ )?[a-z]+s\b/.test(text));
    expect(counted.filter(([, text]) => !/\{\{count\}\} (on this|of them)/.test(text))).toEqual([]);
  });
  it.each([
    { key: 'tasks.attempts', one: 'Tried once', two: 'Tried 2 times' },
    { key: 'settings.complaints.pointsEach', one: '1 point', two: '2 points' },
    { key: 'settings.customers.monthsValue', one: '1 month', two: '2 months' },
    { key: 'reports.exported', one: '1 row exported', two: '2 rows exported' },
    { key: 'reports.allRows', one: 'The only row', two: 'All 2 rows' },
    { key: 'reports.someRows', one: '1 row shown', two: '2 rows shown' },
  ] as const)('$key', ({ key, one, two }) => {
    const { t } = createI18n('en');
    expect([t(key, { count: 1 }), t(key, { count: 2 })]).toEqual([one, two]);
  });
});

describe('words in pieces', () => {
  it.each(['zh', 'en'] as const)('make the whole catalogue in %s', async (locale) => {
    const { i18n, need } = await createLazyWords(locale);
    await need(WORDS_OF);
    expect(i18n.getResourceBundle(locale, 'translation')).toEqual(catalogues[locale]);
  });

  it('follow into another language, those that came since too', async () => {
    const { i18n, need, change } = await createLazyWords('zh');
    await need(['tasks']);
    await change('en');
    await need(['care']);
    expect([i18n.t('tasks.title'), i18n.t('care.title'), i18n.t('common.save')]).toEqual(['My day', 'Care rules', 'Save']);
    expect(i18n.exists('customers.title')).toBe(false);
  });

  it.each(['zh', 'en'] as const)('call a page alike in its navigation and on itself in %s', (locale: Locale) => {
    const { navigation, ...of } = catalogues[locale];
    expect(navigation).toEqual({
      myDay: of.tasks.title,
      teamQueue: of.tasks.desk.teamTitle,
      customers: of.customers.title,
      visits: of.service.title,
      complaints: of.complaints.title,
      complaintScores: of.complaints.scoring.title,
      careRules: of.care.title,
      imports: of.imports.title,
      settings: of.settings.title,
      staff: of.admin.staff.title,
      rights: of.admin.rights.title,
      keys: of.admin.keys.title,
      audit: of.admin.audit.title,
      newCustomer: of.customers.create,
      registerComplaint: of.complaints.register,
      reports: of.reports.app,
      reportPages: {
        service: of.reports.service.title,
        callbacks: of.reports.callbacks.title,
        care: of.reports.care.title,
        complaints: of.reports.complaints.title,
      },
      promises: of.complaints.promisesShort,
    });
  });
});

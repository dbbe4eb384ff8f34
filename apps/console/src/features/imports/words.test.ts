import { createI18n } from '@baoke/i18n';
import { expect, it } from 'vitest';
import { findingText, reasonText } from './words.ts';

it.each([
  { locale: 'zh', field: 'category', code: 'empty_category', text: '维修类别没有填写' },
  { locale: 'zh', field: 'name', code: 'empty_name', text: '姓名 / 名称：没有填写' },
  { locale: 'en', field: 'category', code: 'empty_category', text: 'Kind of work is empty' },
  { locale: 'en', field: 'vin', code: 'empty_vin', text: 'VIN is empty' },
  { locale: 'zh', field: 'arrivedOn', code: 'date_zero', text: '进厂日期：日期为 0000-00-00，等于没有填写' },
] as const)('$locale: $code of $field names the field once', ({ locale, field, code, text }) => {
  const { t } = createI18n(locale);
  expect(reasonText(t, { field, code })).toBe(text);
  expect(findingText(t, { field, code })).toBe(text);
});

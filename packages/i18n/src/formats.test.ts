import type { TimeZone } from '@baoke/core/kernel';
import { dateIn, instant, instantOfMilliseconds, wallTimeIn } from '@baoke/core/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createI18n, formatsFor } from './index.ts';

it.each([
  { zone: 'Asia/Shanghai', text: '2026-05-02 00:30' },
  { zone: 'UTC', text: '2026-05-01 16:30' },
])('writes an instant by the clock of the store in $zone', ({ zone, text }) => {
  expect(formatsFor(zone as TimeZone).dateTime(instant('2026-05-01T16:30:00Z'))).toBe(text);
});

it.each(['Asia/Shanghai', 'UTC', 'America/New_York'] as TimeZone[])('writes every minute of %s as the domain reads it', (zone) => {
  const { dateTime, date } = formatsFor(zone);
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2150, 0) }), (milliseconds) => {
      const at = instantOfMilliseconds(milliseconds);
      expect(dateTime(at)).toBe(`${dateIn(zone, at)} ${wallTimeIn(zone, at)}`);
      expect(date(at)).toBe(dateIn(zone, at));
    }),
  );
});

it.each([
  { locale: 'zh', text: '1,988 项待办' },
  { locale: 'en', text: '1,988 open' },
] as const)('parts the thousands of a count in a text of $locale, as tables and reports do', ({ locale, text }) => {
  expect(createI18n(locale).t('tasks.desk.loadOpen', { count: 1988 })).toBe(text);
});

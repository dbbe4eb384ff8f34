import { COMPLAINT_SOURCES, COMPLAINT_STATUSES, PAUSE_STATES, SEVERITIES } from '@baoke/core/complaints';
import { catalogues } from '@baoke/i18n';
import { expect, it } from 'vitest';
import { CODES_OF } from './codes.ts';

const wordsAt = (path: string, locale: 'zh' | 'en') =>
  path.split('.').reduce<unknown>((within, step) => (within as Readonly<Record<string, unknown>> | undefined)?.[step], catalogues[locale]);

it.each(
  Object.entries(CODES_OF).flatMap(([entity, fields]) => Object.entries(fields).map(([field, path]) => [entity, field, path] as const)),
)('codes of %s.%s have words in both languages', (_entity, _field, path) => {
  for (const locale of ['zh', 'en'] as const)
    expect(
      Object.values(wordsAt(path, locale) ?? {}).some((word) => typeof word === 'string'),
      `${path} in ${locale}`,
    ).toBe(true);
});

it.each([
  ['status', COMPLAINT_STATUSES],
  ['severity', SEVERITIES],
  ['source', COMPLAINT_SOURCES],
  ['state', PAUSE_STATES],
] as const)('every %s of a complaint is said in words', (field, codes) => {
  for (const locale of ['zh', 'en'] as const)
    expect(Object.keys(wordsAt(CODES_OF['complaint']?.[field] ?? '', locale) ?? {})).toEqual(expect.arrayContaining([...codes]));
});

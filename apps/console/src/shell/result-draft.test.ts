import type { Instant } from '@baoke/core/kernel';
import { expect, it } from 'vitest';
import { typedAgain } from './result-draft.ts';

const UNHEARD = { satisfaction: null, praised: false, saidAbout: null, cause: null, unreachedBecause: null } as const;
const NOTHING = {
  outcome: 'reached',
  note: null,
  satisfied: null,
  heard: UNHEARD,
  appointmentAt: null,
  nextTryAt: null,
  objects: [],
} as const;
const LATER = '2026-05-03T01:00:00.000Z' as Instant;

it.each([
  { name: 'the result alone', typed: {}, values: {} },
  { name: 'the words', typed: { note: '周三来' }, values: { note: '周三来' } },
  { name: 'what he said of us', typed: { satisfied: true }, values: { satisfaction: 'satisfied' } },
  {
    name: 'what he said with its shades',
    typed: { heard: { ...UNHEARD, satisfaction: 'neutral' as const, praised: true, saidAbout: 'price', cause: 'communication' } },
    values: { satisfaction: 'neutral', praised: true, saidAbout: 'price', cause: 'communication' },
  },
  { name: 'why nobody was reached', typed: { heard: { ...UNHEARD, unreachedBecause: 'busy' } }, values: { unreachedBecause: 'busy' } },
  { name: 'times', typed: { appointmentAt: LATER, nextTryAt: LATER }, values: { appointmentAt: LATER, nextTryAt: LATER } },
  { name: 'what he does not want', typed: { objects: ['marketing'] as 'marketing'[] }, values: { objects: ['marketing'] } },
])('a form begins again with $name and with nothing that was left empty', ({ typed, values }) =>
  expect(typedAgain({ ...NOTHING, objects: [], ...typed })).toEqual({ outcome: 'reached', ...values }),
);

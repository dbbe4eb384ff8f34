import { expect, it } from 'vitest';
import { validateReportSearch } from './search.ts';

it.each([
  {
    name: 'a whole week',
    search: { kind: 'week', from: '2026-11-16', to: '2026-11-23' },
    read: { kind: 'week', from: '2026-11-16', to: '2026-11-23' },
  },
  {
    name: 'a week that is none, as the days it is',
    search: { kind: 'week', from: '2026-11-17', to: '2026-11-24' },
    read: { kind: 'custom', from: '2026-11-17', to: '2026-11-24' },
  },
  {
    name: 'a month without its last day, as the days it is',
    search: { kind: 'month', from: '2026-11-01', to: '2026-11-30' },
    read: { kind: 'custom', from: '2026-11-01', to: '2026-11-30' },
  },
  { name: 'days in the wrong order, without them', search: { kind: 'week', from: '2026-11-23', to: '2026-11-16' }, read: { kind: 'week' } },
  { name: 'last year by the lunar calendar', search: { lastYearBy: 'lunar' }, read: { lastYearBy: 'lunar' } },
  { name: 'a list that is open', search: { rows: 'money', key: 'accident' }, read: { rows: 'money', key: 'accident' } },
  {
    name: 'the period to compare with',
    search: { againstFrom: '2026-01-01', againstTo: '2026-07-01' },
    read: { againstFrom: '2026-01-01', againstTo: '2026-07-01' },
  },
  { name: 'nothing to compare with by its beginning alone', search: { againstFrom: '2026-01-01' }, read: {} },
  {
    name: 'a list of other days than the report’s',
    search: { kind: 'week', from: '2026-11-16', to: '2026-11-23', rows: 'money', rowsFrom: '2026-11-09', rowsTo: '2026-11-16' },
    read: { kind: 'week', from: '2026-11-16', to: '2026-11-23', rows: 'money', rowsFrom: '2026-11-09', rowsTo: '2026-11-16' },
  },
  { name: 'no days of a list that is not open', search: { rowsFrom: '2026-11-09', rowsTo: '2026-11-16' }, read: {} },
  { name: 'a list without its end, of the report’s days', search: { rows: 'money', rowsFrom: '2026-11-09' }, read: { rows: 'money' } },
  { name: 'nothing of what it does not know', search: { kind: 'year', rows: 7, lastYearBy: 'moon', other: 'x' }, read: {} },
])('an address says $name', ({ search, read }) => {
  expect(validateReportSearch(search)).toEqual(read);
});

import { COMPLAINT_SORTS, COMPLAINT_TABS, listInput } from '@baoke/core/complaints/wire';
import { describe, expect, it } from 'vitest';
import { isMonth, listInputOf, orderIn, orderOf, readComplaintSearch, TABS } from './search.ts';

const HANDLER = '01930000-0000-7000-8000-000000000001';

describe('an address', () => {
  it.each([
    {
      name: 'is read',
      search: { tab: 'overdue', kind: 'service.parts', from: '2026-05-01' },
      read: { tab: 'overdue', kind: 'service.parts', from: '2026-05-01' },
    },
    { name: 'may name a branch', search: { kind: 'sales' }, read: { kind: 'sales' } },
    { name: 'that turned the number into a number is read as text', search: { number: 20260501 }, read: { number: '20260501' } },
    { name: 'loses words nobody knows', search: { tab: 'everything', source: 'fax', sort: 'mood' }, read: {} },
    { name: 'loses days that do not exist', search: { from: '2026-02-30', to: 'tomorrow' }, read: {} },
    { name: 'loses what is no id', search: { handlerId: "'; drop table", accusedId: HANDLER }, read: { accusedId: HANDLER } },
    { name: 'loses what belongs to no list', search: { page: 3, ascending: 'yes' }, read: {} },
  ])('$name', ({ search, read }) => expect(readComplaintSearch(search)).toEqual(read));
});

describe('what the server is asked', () => {
  it('is everything, newest first, when nothing is said', () => {
    expect(listInputOf({})).toEqual({ tab: 'all', sort: 'registeredAt', descending: true });
  });

  it('ends on the day after the last one, across a month', () => {
    expect(listInputOf(readComplaintSearch({ from: '2026-05-01', to: '2026-05-31' }))).toMatchObject({
      registeredFrom: '2026-05-01',
      registeredTo: '2026-06-01',
    });
  });

  it('is accepted by the wire in full', () => {
    const search = {
      tab: 'mine',
      number: '2026',
      kind: 'service',
      source: 'phone',
      status: 'solved',
      severity: 'high',
      handlerId: HANDLER,
      from: '2026-05-01',
      to: '2026-05-31',
      breached: 'close',
      sort: 'closeDueAt',
      ascending: true,
    };
    expect(listInput.safeParse(listInputOf(readComplaintSearch(search))).error).toBeUndefined();
  });

  it('knows every tab and sort the server knows', () => {
    expect(TABS).toEqual(COMPLAINT_TABS);
    expect(COMPLAINT_SORTS.map((sort) => readComplaintSearch({ sort }).sort)).toEqual(COMPLAINT_SORTS);
  });
});

describe('the order of a list', () => {
  it.each([
    { name: 'of all: the newest first', search: {}, order: ['registeredAt', true] },
    { name: 'of closed ones: the newest first', search: { tab: 'closed' }, order: ['registeredAt', true] },
    { name: 'of open ones: what presses first', search: { tab: 'in_work' }, order: ['pressesAt', false] },
    { name: 'of open ones, turned round', search: { tab: 'mine', sort: 'pressesAt' }, order: ['pressesAt', true] },
    { name: 'of open ones by day', search: { tab: 'mine', sort: 'registeredAt', ascending: true }, order: ['registeredAt', false] },
    { name: 'by urgency, taken along to all', search: { sort: 'pressesAt' }, order: ['registeredAt', true] },
    { name: 'of all by closing', search: { sort: 'closeDueAt', ascending: true }, order: ['closeDueAt', false] },
  ] as const)('$name', ({ search, order: [sort, descending] }) => expect(orderOf(search)).toEqual({ sort, descending }));

  it('stands in the address as it is read from it', () => {
    for (const tab of TABS)
      for (const sort of ['registeredAt', tab === 'all' || tab === 'closed' ? 'closeDueAt' : 'pressesAt'] as const)
        for (const descending of [true, false])
          expect([tab, orderOf({ tab, ...orderIn(tab, sort, descending) })]).toEqual([tab, { sort, descending }]);
  });
});

it.each([
  ['2026-05', true],
  ['2026-13', false],
  ['2026-5', false],
  [202605, false],
])('%s as a month: %s', (value, expected) => expect(isMonth(value)).toBe(expected));

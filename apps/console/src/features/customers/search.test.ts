import { describe, expect, it } from 'vitest';
import { hasUnknownSort, listInputOf, matchOf, readCustomerSearch } from './search.ts';

describe('the address of the customer list', () => {
  it.each([
    { name: 'nothing', search: {}, read: {} },
    { name: 'what ships is left out', search: { tab: 'all', sort: 'name', descending: false }, read: {} },
    { name: 'a phone that looks like a number', search: { term: 5678 }, read: { term: '5678' } },
    { name: 'nonsense', search: { tab: 'x', kind: 1, consultantId: 'me', visitedFrom: '2026-02-30', descending: 'yes' }, read: {} },
    { name: 'conditions', search: { tab: 'lost', flag: 'vip', descending: true }, read: { tab: 'lost', flag: 'vip', descending: true } },
    { name: 'an order', search: { sort: 'advisor', descending: true }, read: { sort: 'advisor', descending: true } },
    { name: 'an order that is not offered', search: { tab: 'lost', sort: 'lastContactAt', descending: true }, read: { tab: 'lost' } },
  ])('$name', ({ search, read }) => expect(readCustomerSearch(search)).toEqual(read));

  it('names the last day, the server is asked for the day after it', () => {
    expect(listInputOf(readCustomerSearch({ visitedTo: '2026-02-28', relationship: 'lost' }))).toEqual({
      tab: 'all',
      relationships: ['lost'],
      visitedTo: '2026-03-01',
      sort: 'name',
      descending: false,
    });
  });

  it('means the same customers in whatever order: what is changed as a whole', () => {
    const search = readCustomerSearch({ createdTo: '2026-02-28', flag: 'vip' });
    expect(matchOf({ ...search, sort: 'advisor', descending: true })).toEqual({ tab: 'all', flags: ['vip'], createdTo: '2026-03-01' });
  });

  it.each([
    { search: {}, unknown: false },
    { search: { sort: 'name' }, unknown: false },
    { search: { sort: 'verifiedOn' }, unknown: false },
    { search: { sort: 'lastContactAt' }, unknown: true },
    { search: { sort: 7 }, unknown: true },
  ])('tells of an order that is not offered: $search', ({ search, unknown }) => expect(hasUnknownSort(search)).toBe(unknown));
});

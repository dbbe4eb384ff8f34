import { describe, expect, it } from 'vitest';
import { arranged, isShown, moved, shippedLayout } from './list-layout.ts';

const columns = [{ key: 'number' }, { key: 'customer' }, { key: 'cause', hidden: true }];
const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key);

describe('columns', () => {
  it('stand as shipped until somebody moves them', () => expect(arranged(columns, undefined)).toBe(columns));
  it('follow the order kept, new ones behind', () =>
    expect(keys(arranged(columns, { hidden: [], order: ['customer', 'number'], dense: true }))).toEqual(['customer', 'number', 'cause']));
  it('forget those that are gone', () =>
    expect(keys(arranged(columns, { hidden: [], order: ['gone', 'cause'], dense: true }))).toEqual(['cause', 'number', 'customer']));
  it('are hidden as shipped, or as set', () => {
    expect(columns.map((column) => isShown(column, undefined))).toEqual([true, true, false]);
    expect(columns.map((column) => isShown(column, { hidden: ['number'], order: [], dense: true }))).toEqual([false, true, true]);
  });
  it('start hidden where they are shipped hidden', () =>
    expect(shippedLayout(columns)).toEqual({ hidden: ['cause'], order: [], dense: true }));
});

it.each([
  { name: 'up', key: 'customer', step: -1, order: ['customer', 'number', 'cause'] },
  { name: 'down', key: 'customer', step: 1, order: ['number', 'cause', 'customer'] },
  { name: 'not beyond the top', key: 'number', step: -1, order: ['number', 'customer', 'cause'] },
  { name: 'not beyond the bottom', key: 'cause', step: 1, order: ['number', 'customer', 'cause'] },
] as const)('moves a column $name', ({ key, step, order }) => expect(moved(columns, key, step)).toEqual(order));

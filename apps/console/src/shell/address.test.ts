import { describe, expect, it } from 'vitest';
import { given, oneOf, readBy } from './address.ts';

describe('an address', () => {
  const { validateSearch, loaderDeps } = readBy((search) => given({ tab: oneOf(['today', 'overdue'], search.tab) }));
  // The router lays what is read over what was typed.
  const asTheScreenSeesIt = (typed: Record<string, unknown>) => ({ ...typed, ...validateSearch(typed) });

  it.each([
    { name: 'known', typed: { tab: 'overdue' }, tab: 'overdue' },
    { name: 'unknown', typed: { tab: 'x' }, tab: undefined },
    { name: 'of another page', typed: { sort: 'name' }, tab: undefined },
  ])('shows a screen what is understood, and nothing else: $name', ({ typed, tab }) => {
    expect(asTheScreenSeesIt(typed)).toEqual({ ...Object.fromEntries(Object.keys(typed).map((key) => [key, undefined])), tab });
    expect(loaderDeps({ search: asTheScreenSeesIt(typed) })).toEqual({ tab });
  });
});

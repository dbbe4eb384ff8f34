import { describe, expect, it } from 'vitest';
import { changesOf } from './changes.ts';

describe('what changed between two states of a record', () => {
  it.each([
    { name: 'a field', before: { role: 'SC' }, after: { role: 'GM' }, changes: [{ path: 'role', before: 'SC', after: 'GM' }] },
    { name: 'nothing', before: { role: 'SC' }, after: { role: 'SC' }, changes: [] },
    {
      name: 'a new record',
      before: null,
      after: { name: '王强', team: null },
      changes: [{ path: 'name', before: undefined, after: '王强' }],
    },
    { name: 'a record gone', before: { name: '王强' }, after: null, changes: [{ path: 'name', before: '王强', after: undefined }] },
    {
      name: 'a field inside a field',
      before: { pause: { state: 'running' } },
      after: { pause: { state: 'paused', reason: '客户出差' } },
      changes: [
        { path: 'pause.state', before: 'running', after: 'paused' },
        { path: 'pause.reason', before: undefined, after: '客户出差' },
      ],
    },
    {
      name: 'a list as one value',
      before: { scopes: ['a'] },
      after: { scopes: ['a', 'b'] },
      changes: [{ path: 'scopes', before: ['a'], after: ['a', 'b'] }],
    },
    { name: 'no records at all', before: null, after: null, changes: [] },
  ])('$name', ({ before, after, changes }) => {
    expect(changesOf(before, after)).toEqual(changes);
  });
});

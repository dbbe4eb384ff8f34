import { describe, expect, it } from 'vitest';
import { asItStands, memoryOf, memoryTakenBack, mergeRecord, type Columns, type ImportMemory } from './merge.ts';
import type { FileKind } from './model.ts';

const stored: Columns = { order_no: 'A1', team: '一组', received_fen: 100, left_on: null, is_refund: false };
const said: Columns = { order_no: 'A1', team: '一组', received_fen: 100, is_refund: false };

describe('the memory of a record that stands as a file said it', () => {
  it('is what its columns hold, empty ones left out', () => {
    expect(memoryOf('service', stored)).toEqual({ said: { service: said }, written: said });
  });

  it.each<{ name: string; memory: ImportMemory; folded: FileKind | undefined }>([
    { name: 'said and written alike', memory: { said: { service: said }, written: said }, folded: 'service' },
    { name: 'another value stands', memory: { said: { service: { ...said, team: '二组' } }, written: said }, folded: undefined },
    { name: 'a column stands that was not said', memory: { said: { service: { order_no: 'A1' } }, written: said }, folded: undefined },
    {
      name: 'more was said than there are columns',
      memory: { said: { service: { ...said, words: 'x' } }, written: said },
      folded: undefined,
    },
    { name: 'another value was written', memory: { said: { service: said }, written: { ...said, team: '二组' } }, folded: undefined },
    { name: 'two kinds spoke', memory: { said: { service: said, sales: {} }, written: said }, folded: undefined },
    { name: 'nobody spoke', memory: { said: {}, written: {} }, folded: undefined },
  ])('folds to the name of the kind: $name', ({ memory, folded }) => {
    expect(asItStands(memory, stored)).toBe(folded);
  });

  it('merges like the memory it folds', () => {
    const incoming = { ...said, team: '二组', left_on: '2026-01-02' };
    const merged = (memory: ReturnType<typeof memoryOf>) =>
      mergeRecord({ stored, memory, incoming, maxima: {}, kind: 'service', mode: 'upsert' });
    expect(merged(memoryOf('service', stored))).toEqual(merged({ said: { service: said }, written: said }));
    expect(merged(memoryOf('service', stored)).patch).toEqual({ team: '二组', left_on: '2026-01-02' });
  });
});

describe('the memory of a record that gets back former values', () => {
  it('forgets what was said of them since, and holds the rest', () => {
    const before: ImportMemory = { written: { address: '苏州' }, said: { customers: { address: '苏州', remark: '甲' } } };
    const memory: ImportMemory = {
      written: { address: '南京', name: '陈一', source: '展会' },
      said: { customers: { address: '南京', remark: '乙' }, sales: { name: '陈一', source: '展会' } },
    };
    expect(memoryTakenBack(memory, before, ['address', 'source'])).toEqual({
      written: { address: '苏州', name: '陈一' },
      said: { customers: { address: '苏州', remark: '乙' }, sales: { name: '陈一' } },
    });
  });
});

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

describe('the moment of a delivery goes with its day', () => {
  const [JAN_30, JAN_31] = ['2026-01-30', '2026-01-31'];
  const [AT_30, AT_31] = ['2026-01-30T09:40:00.000Z', '2026-01-31T03:00:00.000Z'];
  const LATER = '2026-01-30T10:00:00.000Z';
  type Pair = readonly [on: string | null, at: string | null];
  const columns = ([on, at]: Pair): Columns => ({ delivered_on: on, delivered_at: at });
  /** An order after files that say these deliveries one after another; `hand` stands in its columns before the last. */
  const after = (told: readonly Pair[], hand?: Pair) => {
    let [order, memory, patch, conflicts]: [Columns, ImportMemory, Columns, readonly string[]] = [
      columns([null, null]),
      memoryOf(null, {}),
      {},
      [],
    ];
    for (const [at, pair] of told.entries()) {
      if (hand && at === told.length - 1) order = columns(hand);
      const merge = mergeRecord({ stored: order, memory, incoming: columns(pair), maxima: {}, kind: 'sales', mode: 'upsert' });
      ({ memory, patch, conflicts } = merge);
      order = { ...order, ...patch };
    }
    return { order: [order['delivered_on'], order['delivered_at']], changed: Object.keys(patch), conflicts };
  };

  it.each<{ name: string; told: readonly Pair[]; hand?: Pair; order: Pair; changed?: string[]; conflicts?: string[] }>([
    { name: 'told once', told: [[JAN_30, AT_30]], order: [JAN_30, AT_30], changed: ['delivered_on', 'delivered_at'] },
    {
      name: 'told again',
      told: [
        [JAN_30, AT_30],
        [JAN_30, AT_30],
      ],
      order: [JAN_30, AT_30],
    },
    {
      name: 'a later file without the time',
      told: [
        [JAN_30, AT_30],
        [JAN_30, null],
      ],
      order: [JAN_30, AT_30],
    },
    {
      name: 'the time told later',
      told: [
        [JAN_30, null],
        [JAN_30, AT_30],
      ],
      order: [JAN_30, AT_30],
      changed: ['delivered_at'],
    },
    {
      name: 'another time of the day',
      told: [
        [JAN_30, AT_30],
        [JAN_30, LATER],
      ],
      order: [JAN_30, LATER],
      changed: ['delivered_at'],
    },
    {
      name: 'another day with its time',
      told: [
        [JAN_30, AT_30],
        [JAN_31, AT_31],
      ],
      order: [JAN_31, AT_31],
      changed: ['delivered_on', 'delivered_at'],
    },
    {
      name: 'another day without',
      told: [
        [JAN_30, AT_30],
        [JAN_31, null],
      ],
      order: [JAN_31, null],
      changed: ['delivered_on', 'delivered_at'],
    },
    {
      name: 'the first day again',
      told: [
        [JAN_30, AT_30],
        [JAN_31, null],
        [JAN_30, AT_30],
      ],
      order: [JAN_30, AT_30],
      changed: ['delivered_on', 'delivered_at'],
    },
    {
      name: 'a time set by hand',
      told: [
        [JAN_30, AT_30],
        [JAN_30, AT_30],
      ],
      hand: [JAN_30, LATER],
      order: [JAN_30, LATER],
    },
    {
      name: 'a time set by hand, and the file tells another',
      told: [
        [JAN_30, null],
        [JAN_30, AT_30],
      ],
      hand: [JAN_30, LATER],
      order: [JAN_30, LATER],
      conflicts: ['delivered_at'],
    },
    {
      name: 'a time set by hand, and the file tells another day',
      told: [
        [JAN_30, AT_30],
        [JAN_31, null],
      ],
      hand: [JAN_30, LATER],
      order: [JAN_30, LATER],
      conflicts: ['delivered_on'],
    },
    {
      name: 'a day set by hand, and the file tells the time of another',
      told: [
        [JAN_30, null],
        [JAN_30, AT_30],
      ],
      hand: [JAN_31, null],
      order: [JAN_31, null],
    },
    {
      name: 'a day set by hand, and the file tells a third',
      told: [
        [JAN_30, null],
        ['2026-02-01', '2026-02-01T03:00:00.000Z'],
      ],
      hand: [JAN_31, null],
      order: [JAN_31, null],
      conflicts: ['delivered_on'],
    },
    {
      name: 'nothing told',
      told: [
        [JAN_30, AT_30],
        [null, null],
      ],
      order: [JAN_30, AT_30],
    },
  ])('$name', ({ told, hand, order, changed = [], conflicts = [] }) => {
    expect(after(told, hand)).toEqual({ order, changed, conflicts });
  });
});

import { describe, expect, it } from 'vitest';
import { createDrafts, overtaken, typedOver, type Draft } from './drafts.ts';

function aStore(content: Record<string, string> = {}) {
  const entries = new Map(Object.entries(content));
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
    key: (at: number) => [...entries.keys()][at] ?? null,
    get length() {
      return entries.size;
    },
  };
}
const aDraft = (change: Partial<Draft> = {}): Draft => ({
  key: 'complaint',
  title: '登记客诉',
  place: '/complaints/new',
  savedAt: 1000,
  unsent: false,
  values: { content: '异响' },
  ...change,
});
const DAY = 86_400_000;

it('gives back after a reload what was typed', () => {
  const store = aStore();
  createDrafts(store, '1:wang', () => 1000).keep(aDraft());
  expect(createDrafts(store, '1:wang', () => 2000).find('complaint')).toEqual(aDraft());
});

it('keeps people who share a device apart', () => {
  const store = aStore();
  createDrafts(store, '1:wang', () => 1000).keep(aDraft());
  expect(createDrafts(store, '1:li', () => 1000).list()).toEqual([]);
});

it('keeps one draft for a form, the latest', () => {
  const drafts = createDrafts(aStore(), 'x', () => 1000);
  drafts.keep(aDraft());
  drafts.keep(aDraft({ values: { content: '异响严重' }, unsent: true }));
  expect(drafts.list()).toEqual([aDraft({ values: { content: '异响严重' }, unsent: true })]);
});

it.each([
  { name: 'a millisecond before two weeks', now: 1000 + 14 * DAY - 1, kept: 1 },
  { name: 'after two weeks', now: 1000 + 14 * DAY, kept: 0 },
])('$name holds $kept', ({ now, kept }) => {
  const store = aStore();
  createDrafts(store, 'x', () => 1000).keep(aDraft());
  expect(createDrafts(store, 'x', () => now).list()).toHaveLength(kept);
});

it.each([
  { name: 'what was not touched', initial: { city: '苏州', remark: null }, values: { city: '苏州', remark: null }, typed: {} },
  { name: 'an empty field whoever emptied it', initial: { city: null }, values: { city: '', remark: undefined }, typed: {} },
  { name: 'another text', initial: { city: '苏州', remark: '甲' }, values: { city: '昆山', remark: '甲' }, typed: { city: '昆山' } },
  { name: 'an emptied field', initial: { city: '苏州' }, values: { city: undefined }, typed: { city: null } },
  { name: 'another list', initial: { phones: ['1'] }, values: { phones: ['1', '2'] }, typed: { phones: ['1', '2'] } },
])('of $name keeps $typed', ({ initial, values, typed }) => expect(typedOver(initial, values)).toEqual(typed));

it.each([
  { name: 'nobody wrote', base: { city: '苏州' }, stored: { city: '苏州' }, told: [] },
  { name: 'somebody wrote the same', base: { city: '苏州' }, stored: { city: '昆山' }, told: [] },
  { name: 'somebody wrote elsewhere', base: { city: '苏州' }, stored: { city: '苏州', remark: '乙' }, told: [] },
  {
    name: 'somebody wrote there',
    base: { city: '苏州' },
    stored: { city: '太仓' },
    told: [{ field: 'city', yours: '昆山', theirs: '太仓', original: '苏州' }],
  },
  {
    name: 'somebody wrote into an empty field',
    base: { city: null },
    stored: { city: '太仓' },
    told: [{ field: 'city', yours: '昆山', theirs: '太仓', original: null }],
  },
  { name: 'the draft does not know what stood there', base: undefined, stored: { city: '太仓' }, told: [] },
])('a draft given back after $name tells $told', ({ base, stored, told }) =>
  expect(overtaken(aDraft({ values: { city: '昆山' }, ...(base && { base }) }), stored)).toEqual(told),
);

it('starts empty when the storage holds something else', () => {
  expect(createDrafts(aStore({ 'baoke.drafts.x a': '{broken' }), 'x', () => 0).list()).toEqual([]);
  expect(createDrafts(aStore({ 'baoke.drafts.x a': '{"key":"a"}' }), 'x', () => 0).list()).toEqual([]);
});

it('tells who watches', () => {
  const drafts = createDrafts(
    aStore(),
    'x',
    () => 1000,
    () => () => undefined,
  );
  let told = 0;
  const stop = drafts.watch(() => (told += 1));
  drafts.keep(aDraft());
  drafts.drop('complaint');
  drafts.drop('complaint');
  stop();
  drafts.keep(aDraft());
  expect(told).toBe(2);
});

describe('two tabs of one person', () => {
  const twoTabs = () => {
    const store = aStore();
    const tells = new Set<() => void>();
    const tab = () =>
      createDrafts(
        store,
        'x',
        () => 5000,
        (tell) => {
          tells.add(tell);
          return () => tells.delete(tell);
        },
      );
    return { one: tab(), other: tab(), tell: () => tells.forEach((tell) => tell()) };
  };
  it('leave each other what they typed', () => {
    const { one, other } = twoTabs();
    one.keep(aDraft({ key: 'task.1' }));
    other.keep(aDraft({ key: 'task.2' }));
    other.drop('task.2');
    expect(one.find('task.1')).toEqual(aDraft({ key: 'task.1' }));
    other.keep(aDraft({ key: 'task.2', savedAt: 2000 }));
    one.keep(aDraft({ key: 'task.3', savedAt: 3000 }));
    expect(one.list().map(({ key }) => key)).toEqual(['task.3', 'task.2', 'task.1']);
  });
  it('see what the other one kept and dropped', () => {
    const { one, other, tell } = twoTabs();
    let told = 0;
    one.watch(() => (told += 1));
    other.keep(aDraft());
    tell();
    expect(one.list()).toHaveLength(1);
    other.drop('complaint');
    tell();
    expect([one.list(), told]).toEqual([[], 2]);
  });
  it('do not drop what the other one typed into the same form since', () => {
    const { one, other } = twoTabs();
    one.keep(aDraft({ savedAt: 1000 }));
    other.keep(aDraft({ savedAt: 2000 }));
    one.drop('complaint', 1000);
    expect(other.find('complaint')).toEqual(aDraft({ savedAt: 2000 }));
    other.drop('complaint', 2000);
    expect(other.find('complaint')).toBeUndefined();
  });
});

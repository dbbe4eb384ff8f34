import type { ComplaintView } from '@baoke/core/complaints/wire';
import type { StaffId } from '@baoke/core/kernel';
import { at } from '@baoke/core/kernel/testing';
import { expect, it } from 'vitest';
import { roundsOf, solutionsOf, standstillsOf } from './solutions.ts';

const by = { id: 'handler' as StaffId, name: '王经理' };

it('a complaint that came back shows each solution with its cost', () => {
  const [first, second] = [at('2026-05-01T16:00+08:00'), at('2026-05-02T10:00+08:00')];
  const events: ComplaintView['events'] = [
    { id: '1', kind: 'solved', at: first, by, note: '更换刹车片', details: { goodwillFen: 50_000, cause: '漏检' } },
    { id: '2', kind: 'reopened', at: first, by, note: '还响', details: {} },
    { id: '3', kind: 'solved', at: second, by, note: '更换刹车盘', details: { goodwillFen: 0, cause: null } },
  ];
  expect(solutionsOf(events)).toEqual([
    { id: '1', at: first, by: '王经理', solution: '更换刹车片', cause: '漏检', goodwillFen: 50_000 },
    { id: '3', at: second, by: '王经理', solution: '更换刹车盘', cause: null, goodwillFen: 0 },
  ]);
});

const event = (id: string, kind: ComplaintView['events'][number]['kind'], note: string | null = null): ComplaintView['events'][number] => ({
  id,
  kind,
  at: at(`2026-05-01T1${id}:00+08:00`),
  by: kind.startsWith('pause_') && kind !== 'pause_requested' ? { id: 'boss' as StaffId, name: '赵总' } : by,
  note,
  details: {},
});

it.each([
  {
    name: 'rejected and in work again',
    events: [event('1', 'solved', '更换刹车片'), event('2', 'reopened', '还响')],
    rounds: [{ given: '更换刹车片', satisfied: false, verdict: '还响', reopened: undefined }, {}],
  },
  {
    name: 'closed and opened again',
    events: [
      event('1', 'solved', '更换刹车片'),
      event('2', 'confirmed', '满意'),
      event('3', 'reopened', '又响了'),
      event('4', 'solved', '换盘'),
    ],
    rounds: [{ given: '更换刹车片', satisfied: true, verdict: '满意', reopened: '又响了' }, { given: '换盘' }],
  },
  { name: 'nothing done yet', events: [event('1', 'responded', '已致电')], rounds: [{}] },
])('each round holds what was done, what the customer said and why it came back: $name', ({ events, rounds }) => {
  const found = roundsOf(events).map(({ given, verdict, reopened }) => ({
    given: given?.solution,
    satisfied: verdict?.satisfied,
    verdict: verdict?.note,
    reopened: reopened?.note,
  }));
  expect(found).toEqual(
    rounds.map((round) => ({ given: undefined, satisfied: undefined, verdict: undefined, reopened: undefined, ...round })),
  );
});

it('a standstill names who asked, why, who decided and who let the clock run on', () => {
  const events = [
    event('1', 'pause_requested', '等配件'),
    event('2', 'pause_approved'),
    event('3', 'resumed'),
    event('4', 'pause_requested', '客户出差'),
  ];
  expect(standstillsOf(events)).toMatchObject([
    { asked: { by: '王经理', note: '等配件' }, decided: { by: '赵总', approved: true }, resumed: { by: '王经理' } },
    { asked: { note: '客户出差' }, decided: undefined, resumed: undefined },
  ]);
});

import type { ComplaintView } from '@baoke/core/complaints/wire';
import type { StaffId } from '@baoke/core/kernel';
import { at } from '@baoke/core/kernel/testing';
import { expect, it } from 'vitest';
import { solutionsOf } from './solutions.ts';

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

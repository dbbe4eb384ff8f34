import { describe, expect, it } from 'vitest';
import { addHours, type CustomerId, type Instant, type StaffId } from '../kernel/index.ts';
import { at } from '../kernel/testing.ts';
import { planChange, planUndo, receive, undo, UNDO_HOURS, type BulkChange, type Move, type Subject } from './bulk.ts';

const [anna, ben, carl] = ['anna', 'ben', 'carl'] as unknown as StaffId[];
const some = (id: string, change: Partial<Subject> = {}): Subject => ({
  id: id as CustomerId,
  name: id,
  value: null,
  active: true,
  withinReach: true,
  ...change,
});
const give = (...toIds: (StaffId | undefined)[]): BulkChange => ({ field: 'consultantId', toIds: toIds as StaffId[] });

describe('a change of many', () => {
  it.each([
    { name: 'to one', change: give(anna), values: [null, ben, carl], after: [anna, anna, anna], unchanged: 0 },
    { name: 'to whom some have already', change: give(anna), values: [anna, ben, anna], after: [anna], unchanged: 2 },
    {
      name: 'shared by two, who keep their own',
      change: give(anna, ben),
      values: [null, ben, null, null],
      after: [anna, ben, anna],
      unchanged: 1,
    },
    { name: 'to nobody', change: give(), values: [anna, null], after: [null], unchanged: 1 },
    { name: 'a flag set', change: { field: 'isVip', to: true } as const, values: [false, true], after: [true], unchanged: 1 },
    { name: 'a flag taken', change: { field: 'isFleet', to: false } as const, values: [false, true], after: [false], unchanged: 1 },
  ])('$name', ({ change, values, after, unchanged }) => {
    const subjects = values.map((value, n) => some(String(n), { value: value as Subject['value'] }));
    const plan = planChange(change, subjects);
    expect(plan.moves.map((move) => move.after)).toEqual(after);
    expect(plan.unchanged).toBe(unchanged);
    expect(plan.moves.every(({ id, before }) => subjects.find((one) => one.id === id)?.value === before)).toBe(true);
  });

  it('leaves and names those out of reach and those no longer on file, whatever stands there', () => {
    const plan = planChange(give(anna), [
      some('theirs', { withinReach: false, value: ben ?? null }),
      some('theirs already', { withinReach: false, value: anna ?? null }),
      some('merged', { active: false }),
      some('merged elsewhere', { active: false, withinReach: false }),
      some('mine'),
    ]);
    expect(plan.moves.map(({ id }) => id)).toEqual(['mine']);
    expect(plan.outOfReach.map(({ id }) => id)).toEqual(['theirs', 'theirs already']);
    expect(plan.closed.map(({ id }) => id)).toEqual(['merged', 'merged elsewhere']);
  });

  it('shares evenly, give or take one, however many keep where they are', () => {
    for (let size = 0; size < 60; size += 1) {
      const subjects = Array.from({ length: size }, (_, n) => some(String(n), { value: n % 4 === 0 ? (ben ?? null) : null }));
      const { moves } = planChange(give(anna, ben, carl), subjects);
      const shares = [anna, ben, carl].map((person) => moves.filter(({ after }) => after === person).length);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(moves.length);
    }
  });

  it('goes to nobody who left', () => {
    expect([receive({ active: true }).ok, receive({ active: false })]).toEqual([true, { ok: false, refusal: 'customers.assignee_left' }]);
  });
});

describe('taking back', () => {
  const done = at('2026-05-01T09:00+08:00');
  it.each([
    { name: 'at once', undoneAt: null, now: done, refusal: undefined },
    { name: 'just in time', undoneAt: null, now: '2026-05-02T00:59:59.999Z' as Instant, refusal: undefined },
    { name: 'a day later', undoneAt: null, now: addHours(done, UNDO_HOURS), refusal: 'customers.undo_too_late' },
    { name: 'a second time', undoneAt: done, now: done, refusal: 'customers.undone_already' },
  ])('$name', ({ undoneAt, now, refusal }) => {
    const verdict = undo({ at: done, undoneAt }, now);
    expect(verdict.ok ? undefined : verdict.refusal).toBe(refusal);
  });

  const made: Move[] = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id: id as CustomerId, before: carl ?? null, after: anna ?? null }));
  it('brings the value back where what was set still stands, and says what it leaves', () => {
    const now = new Map(
      [
        some('a', { value: anna ?? null }),
        some('b', { value: ben ?? null }),
        some('c', { value: anna ?? null, withinReach: false }),
        some('d', { value: anna ?? null, active: false }),
      ].map((one) => [one.id, one]),
    );
    expect(planUndo(made, now)).toEqual({
      moves: [{ id: 'a', before: anna, after: carl }],
      changedSince: 1,
      outOfReach: 1,
      closed: 2,
    });
  });

  it('undoes a change whole where nobody came between', () => {
    const subjects = ['x', 'y', 'z'].map((id, n) => some(id, { value: n === 0 ? (ben ?? null) : null }));
    const { moves } = planChange(give(anna, carl), subjects);
    const after = new Map(subjects.map((one) => [one.id, { ...one, value: moves.find(({ id }) => id === one.id)?.after ?? one.value }]));
    const back = planUndo(moves, after);
    expect(new Map(back.moves.map(({ id, after: value }) => [id, value]))).toEqual(new Map(subjects.map(({ id, value }) => [id, value])));
  });
});

import { expect, it, vi } from 'vitest';
import { newId } from './ids.ts';

it('makes ids that sort in the order they were made, each once', () => {
  const ids = Array.from({ length: 5000 }, () => newId<never>() as string);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('goes on in order when the clock goes back', () => {
  const before = newId<never>() as string;
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 60_000);
  const after = newId<never>() as string;
  vi.restoreAllMocks();
  expect(after > before).toBe(true);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// Files of a worker share their modules: this one listens to the page it is loaded on.
beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('says after a minute without a sign of anybody that a request comes from the page alone', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const { attendance } = await import('./attended.ts');
  expect(attendance()).toEqual({});
  vi.advanceTimersByTime(61_000);
  expect(attendance()).toEqual({ 'x-baoke-unattended': '1' });
  page.dispatchEvent(new Event('keydown'));
  expect(attendance()).toEqual({});
});

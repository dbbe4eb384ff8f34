const STILL_HERE_MS = 60_000;
let seenAt = Date.now();
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
for (const sign of signs) globalThis.addEventListener?.(sign, () => (seenAt = Date.now()), { capture: true, passive: true });

/**
 * What a request says of whoever is at the page: nothing while somebody is, and after a minute without a sign of him that it comes from the
 * page alone. A page left open follows what others change and must not keep its session alive by that.
 */
export function attendance(): Readonly<Record<string, string>> {
  return Date.now() - seenAt < STILL_HERE_MS ? {} : { 'x-baoke-unattended': '1' };
}

import { instantOfMilliseconds, type Instant } from '@baoke/core/kernel';

let offsetMilliseconds = 0;

/** The one clock of the process. Everything that asks what time it is asks here, once per request or job. */
export function now(): Instant {
  return instantOfMilliseconds(Date.now() + offsetMilliseconds);
}

/** Moves the clock for a demonstration or a test; refused in production by the configuration that offers it. */
export function setClockOffset(milliseconds: number): void {
  offsetMilliseconds = milliseconds;
}

import type { TimeZone } from '@baoke/core/kernel';
import { instant } from '@baoke/core/kernel';
import { expect, it } from 'vitest';
import { formatsFor } from './index.ts';

it.each([
  { zone: 'Asia/Shanghai', text: '2026-05-02 00:30' },
  { zone: 'UTC', text: '2026-05-01 16:30' },
])('writes an instant by the clock of the store in $zone', ({ zone, text }) => {
  expect(formatsFor(zone as TimeZone).dateTime(instant('2026-05-01T16:30:00Z'))).toBe(text);
});

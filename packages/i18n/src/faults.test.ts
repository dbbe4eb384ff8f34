import { expect, it } from 'vitest';
import { createI18n } from './index.ts';
import { failureTexts } from './faults.ts';

it.each([
  { name: 'what is not there or not to be seen', code: 'platform.not_found', httpStatus: 404, final: true },
  { name: 'what one has no right to', code: 'access.forbidden', httpStatus: 403, final: true },
  { name: 'what somebody changed meanwhile', code: 'platform.conflict', httpStatus: 409, final: undefined },
  { name: 'what failed on our side', code: 'platform.failure', httpStatus: 500, final: undefined },
])('$name is asked for again: $final', ({ code, httpStatus, final }) => {
  const failure = failureTexts(createI18n('zh').t, { code, httpStatus, requestId: 'r', params: {}, fields: [], conflict: [] });
  expect(failure.isFinal).toBe(final);
});

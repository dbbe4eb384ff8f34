import type { CivilDate } from '@baoke/core/kernel';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { open, router, type RequestContext } from '../trpc.ts';
import { describeApi } from './openapi.ts';

const deprecated = { since: '2026-12-01' as CivilDate, sunset: '2027-06-01' as CivilDate };
const rest = { method: 'GET', output: z.strictObject({ ok: z.literal(true) }) } as const;
const calls = router({
  old: open({ method: rest.method, path: '/old', summary: 'Given up', deprecated })
    .output(rest.output)
    .query(() => ({ ok: true as const })),
  fresh: open({ method: rest.method, path: '/fresh', summary: 'Kept' })
    .output(rest.output)
    .query(() => ({ ok: true as const })),
});

it('is told in the headers of every answer, and of no other', async () => {
  const headers: Record<string, string> = {};
  const res = { header: (name: string, value: string) => (headers[name] = value) };
  // The procedures of the example ask for nothing of a request but its reply.
  const caller = calls.createCaller({ res } as unknown as RequestContext);
  await caller.fresh();
  expect(headers).toEqual({});
  await caller.old();
  expect(headers).toEqual({ deprecation: '@1796083200', sunset: 'Tue, 01 Jun 2027 00:00:00 GMT' });
});

it('stands in the description of the API', () => {
  const { paths = {} } = describeApi(calls, 'test');
  expect(paths['/old']?.get).toMatchObject({
    deprecated: true,
    description: expect.stringContaining('Deprecated since 2026-12-01; answers until 2027-06-01.'),
    responses: { 200: { headers: { Deprecation: {}, Sunset: {} } } },
  });
  expect(paths['/fresh']?.get).not.toHaveProperty('deprecated');
  expect(paths['/fresh']?.get?.responses?.['200']).not.toHaveProperty('headers');
});

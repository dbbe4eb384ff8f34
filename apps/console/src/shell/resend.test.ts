import type { AppRouter } from '@baoke/api/router';
import { createDrafts, type Draft } from '@baoke/ui';
import { TRPCClientError } from '@trpc/client';
import { expect, it } from 'vitest';
import { resendAll, type Resend } from './resend.ts';

const entries = new Map<string, string>();
const store = {
  getItem: (key: string) => entries.get(key) ?? null,
  setItem: (key: string, value: string) => void entries.set(key, value),
  removeItem: (key: string) => void entries.delete(key),
  key: (at: number) => [...entries.keys()][at] ?? null,
  get length() {
    return entries.size;
  },
};
const aDraft = (key: string, savedAt: number, change: Partial<Draft> = {}): Draft => ({
  key,
  title: key,
  place: '/day',
  savedAt,
  unsent: true,
  values: { note: '会来' },
  resend: { input: { taskId: key }, key: `key of ${key}` },
  ...change,
});
// What the server says is known by its data alone.
const refusal = (code: string) => Object.assign(new TRPCClientError<AppRouter>(code), { data: { code } as never });

it('sends once each what was not answered, with its key, and says what became of it', async () => {
  const drafts = createDrafts(store, 'x', () => 10);
  drafts.keep(aDraft('typed', 1, { unsent: false }));
  drafts.keep(aDraft('other form', 2, { resend: undefined }));
  drafts.keep(aDraft('no server', 3));
  drafts.keep(aDraft('too late', 4));
  drafts.keep(aDraft('fine', 5));
  const sent: string[] = [];
  const send = ({ input, key }: Resend) => {
    sent.push(key);
    if (input.taskId === 'too late') return Promise.reject(refusal('platform.not_found'));
    return input.taskId === 'no server' ? Promise.reject(new TRPCClientError<AppRouter>('line broke')) : Promise.resolve();
  };
  const first = await resendAll(drafts, send);
  expect([first.stored.map(({ key }) => key), first.refused.map(({ draft }) => draft.key)]).toEqual([['fine'], ['too late']]);
  await resendAll(drafts, send);
  expect(sent).toEqual(['key of fine', 'key of too late', 'key of no server', 'key of no server']);
  expect(drafts.list().map(({ key }) => key)).toEqual(['too late', 'no server', 'other form', 'typed']);
});

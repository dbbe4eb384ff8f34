import type { AppRouter } from '@baoke/api/router';
import { TRPCClientError, type Operation, type OperationLink, type TRPCClientRuntime } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { describe, expect, it } from 'vitest';
import { keyedAttempts } from './attempts.ts';

type Outcome = 'answered' | 'refused' | 'line broke';

// What the server says is known by its data alone.
const refused = Object.assign(new TRPCClientError<AppRouter>('refused'), { data: { code: 'platform.conflict' } as never });

/** Writes one after the other and answers the key each went out with. */
function keysOf(...writes: { input: unknown; outcome: Outcome }[]): unknown[] {
  let made = 0;
  const link = keyedAttempts(() => `key ${(made += 1)}`)({} as TRPCClientRuntime);
  const sent: unknown[] = [];
  for (const { input, outcome } of writes) {
    const next: Parameters<OperationLink<AppRouter>>[0]['next'] = (op: Operation) => {
      sent.push(op.context['idempotencyKey']);
      return observable((observer) => {
        if (outcome === 'answered') {
          observer.next({ result: { type: 'data', data: 1 } });
          observer.complete();
        } else observer.error(outcome === 'refused' ? refused : new TRPCClientError<AppRouter>(outcome));
      });
    };
    link({ op: { id: 1, type: 'mutation', path: 'contacts.record', input, context: {}, signal: null }, next }).subscribe({
      error: () => {},
    });
  }
  return sent;
}

describe('a write', () => {
  const call = { content: '会来保养' };
  it.each<{ name: string; writes: { input: unknown; outcome: Outcome }[]; keys: string[] }>([
    {
      name: 'that was answered and is sent again is another one',
      writes: [
        { input: call, outcome: 'answered' },
        { input: call, outcome: 'answered' },
      ],
      keys: ['key 1', 'key 2'],
    },
    {
      name: 'whose answer was lost keeps its key until it is answered',
      writes: [
        { input: call, outcome: 'line broke' },
        { input: call, outcome: 'line broke' },
        { input: call, outcome: 'answered' },
        { input: call, outcome: 'answered' },
      ],
      keys: ['key 1', 'key 1', 'key 1', 'key 2'],
    },
    {
      name: 'that was refused begins anew',
      writes: [
        { input: call, outcome: 'refused' },
        { input: call, outcome: 'answered' },
      ],
      keys: ['key 1', 'key 2'],
    },
    {
      name: 'that says something else is another one',
      writes: [
        { input: call, outcome: 'line broke' },
        { input: { content: '不来' }, outcome: 'answered' },
        { input: call, outcome: 'answered' },
      ],
      keys: ['key 1', 'key 2', 'key 1'],
    },
  ])('$name', ({ writes, keys }) => expect(keysOf(...writes)).toEqual(keys));
});

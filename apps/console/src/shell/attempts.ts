import type { TRPCLink } from '@trpc/client';
import type { AppRouter } from '@baoke/api/router';
import { observable } from '@trpc/server/observable';

const MOST_OPEN = 50;

/**
 * Gives every write a key, the same one as long as nobody has answered it: whoever saves again after the line broke gets the first effect
 * instead of a second one. An answer of any kind ends the attempt.
 */
export function keyedAttempts(newKey: () => string = () => crypto.randomUUID()): TRPCLink<AppRouter> {
  const open = new Map<string, string>();
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const attempt = `${op.path} ${JSON.stringify(op.input ?? null)}`;
        // A sending that outlived its page brings its key.
        const brought = op.context['idempotencyKey'] as string | undefined; // given by our own callers
        let key = brought ?? open.get(attempt);
        if (key === undefined) {
          key = newKey();
          // The oldest nobody came back to.
          const [oldest] = open.size >= MOST_OPEN ? open.keys() : [];
          if (oldest !== undefined) open.delete(oldest);
          open.set(attempt, key);
        }
        return next({ ...op, context: { ...op.context, idempotencyKey: key } }).subscribe({
          next(value) {
            open.delete(attempt);
            observer.next(value);
          },
          error(error) {
            // Without an answer of the server's own it may have done its work.
            if (error.data) open.delete(attempt);
            observer.error(error);
          },
          complete: () => observer.complete(),
        });
      });
}

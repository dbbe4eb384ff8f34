import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { refusal } from './refusals.ts';

/** What is left to a person or key: operations in a window that ends in so many seconds. */
export type Allowance = { readonly allowed: boolean; readonly limit: number; readonly remaining: number; readonly resetSeconds: number };

/** Counts operations, not HTTP requests: a batch of a hundred calls is a hundred. Kept per process. */
export type Limits = {
  /** Counts an operation of this person or key. */
  operation(principal: string): Promise<Allowance>;
  /**
   * Counts a try to sign in before its password is looked at, so that of many at once no more are looked at than one after the other. Throws
   * while this name from this address is locked or, where it has not signed in from here before, this address at all or this name from
   * anywhere, and says until when. Answers whether a failure of this one locks the name for this address.
   */
  signInTried(username: string, ip: string): Promise<{ readonly isLast: boolean }>;
  /** A try that neither failed nor got in: the code was not asked for yet. */
  signInForgiven(username: string, ip: string): Promise<void>;
  signInSucceeded(username: string, ip: string): Promise<void>;
  /** Counts a try at the second step of an account, from wherever; throws when there were too many. */
  codeTried(accountId: string): Promise<void>;
  codeFitted(accountId: string): Promise<void>;
};

/** Counts an operation and tells the caller what he has left; refuses when that is nothing, saying when to come again. */
export async function countOperation(
  limits: Limits,
  caller: { readonly kind: string; readonly staffId: string },
  res: FastifyReply,
): Promise<void> {
  const { allowed, limit, remaining, resetSeconds } = await limits.operation(`${caller.kind}:${caller.staffId}`);
  res.header('ratelimit-limit', limit).header('ratelimit-remaining', remaining).header('ratelimit-reset', resetSeconds);
  if (allowed) return;
  res.header('retry-after', resetSeconds);
  throw refusal('access.rate_limited');
}

/** Whole seconds until a window ends, one at least. */
function secondsOf({ msBeforeNext }: Pick<RateLimiterRes, 'msBeforeNext'>): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

const KNOWN_SECONDS = 14 * 86_400;

/** Five wrong passwords for a name from one address lock that pair for fifteen minutes; a stranger cannot lock the owner out elsewhere. */
export function createLimits(operationsPerTenSeconds: number): Limits {
  const operations = new RateLimiterMemory({ points: operationsPerTenSeconds, duration: 10 });
  const pair = new RateLimiterMemory({ points: 5, duration: 900, blockDuration: 900 });
  const address = new RateLimiterMemory({ points: 50, duration: 900, blockDuration: 900 });
  // Whoever guesses from many addresses meets this one, at no address where the owner has signed in before.
  const name = new RateLimiterMemory({ points: 50, duration: 900, blockDuration: 900 });
  const known = new RateLimiterMemory({ points: 1, duration: KNOWN_SECONDS });
  // Only who knows the password gets as far as the code, so this locks no owner out for a stranger.
  const codes = new RateLimiterMemory({ points: 10, duration: 900, blockDuration: 900 });
  const lockedFor = async (limiter: RateLimiterMemory, key: string): Promise<number> => {
    const state = await limiter.get(key);
    return state !== null && state.remainingPoints <= 0 ? secondsOf(state) : 0;
  };
  const counted = async (limiter: RateLimiterMemory, key: string): Promise<Omit<Allowance, 'limit'>> => {
    const allowance = (allowed: boolean, state: RateLimiterRes) => ({
      allowed,
      remaining: state.remainingPoints,
      resetSeconds: secondsOf(state),
    });
    try {
      return allowance(true, await limiter.consume(key));
    } catch (error) {
      if (error instanceof RateLimiterRes) return allowance(false, error);
      throw error;
    }
  };
  return {
    async operation(principal) {
      return { ...(await counted(operations, principal)), limit: operationsPerTenSeconds };
    },
    async signInTried(username, ip) {
      const isKnown = (await known.get(`${username} ${ip}`)) !== null;
      // Whoever has signed in from here is not locked out by strangers beside him, nor by those elsewhere.
      const lockedSeconds = Math.max(
        await lockedFor(pair, `${username} ${ip}`),
        isKnown ? 0 : await lockedFor(address, ip),
        isKnown ? 0 : await lockedFor(name, username),
      );
      if (lockedSeconds > 0) throw refusal('access.too_many_attempts', { retryAfterSeconds: lockedSeconds });
      // What the pair refuses is no further guess of the address.
      const own = await counted(pair, `${username} ${ip}`);
      const others = own.allowed ? await Promise.all([counted(address, ip), counted(name, username)]) : [];
      const refused = [own, ...(isKnown ? [] : others)].find(({ allowed }) => !allowed);
      if (refused) throw refusal('access.too_many_attempts', { retryAfterSeconds: refused.resetSeconds });
      return { isLast: own.remaining === 0 };
    },
    async signInForgiven(username, ip) {
      await Promise.all([pair.reward(`${username} ${ip}`), address.reward(ip), name.reward(username)]);
    },
    async signInSucceeded(username, ip) {
      await Promise.all([
        pair.delete(`${username} ${ip}`),
        address.reward(ip),
        name.reward(username),
        known.set(`${username} ${ip}`, 1, KNOWN_SECONDS),
      ]);
    },
    async codeTried(accountId) {
      const { allowed, resetSeconds } = await counted(codes, accountId);
      if (!allowed) throw refusal('access.too_many_attempts', { retryAfterSeconds: resetSeconds });
    },
    async codeFitted(accountId) {
      await codes.delete(accountId);
    },
  };
}

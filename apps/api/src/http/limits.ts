import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { refusal } from './refusals.ts';

/** Counts operations, not HTTP requests: a batch of a hundred calls is a hundred. Kept per process. */
export type Limits = {
  /** Throws when this person or key asks for too much. */
  operation(principal: string): Promise<void>;
  /** Throws while sign-in for this name from this address, or from this address at all, is locked. */
  signInAllowed(username: string, ip: string): Promise<void>;
  signInFailed(username: string, ip: string): Promise<void>;
  signInSucceeded(username: string, ip: string): Promise<void>;
};

/** Five wrong passwords for a name from one address lock that pair for fifteen minutes; a stranger cannot lock the owner out elsewhere. */
export function createLimits(operationsPerTenSeconds: number): Limits {
  const operations = new RateLimiterMemory({ points: operationsPerTenSeconds, duration: 10 });
  const pair = new RateLimiterMemory({ points: 5, duration: 900, blockDuration: 900 });
  const address = new RateLimiterMemory({ points: 50, duration: 900, blockDuration: 900 });
  const exhausted = async (limiter: RateLimiterMemory, key: string) => {
    const state = await limiter.get(key);
    return state !== null && state.remainingPoints <= 0;
  };
  return {
    async operation(principal) {
      try {
        await operations.consume(principal);
      } catch (error) {
        if (error instanceof RateLimiterRes) throw refusal('access.rate_limited');
        throw error;
      }
    },
    async signInAllowed(username, ip) {
      if ((await exhausted(pair, `${username} ${ip}`)) || (await exhausted(address, ip))) throw refusal('access.too_many_attempts');
    },
    async signInFailed(username, ip) {
      await Promise.allSettled([pair.consume(`${username} ${ip}`), address.consume(ip)]);
    },
    async signInSucceeded(username, ip) {
      await pair.delete(`${username} ${ip}`);
    },
  };
}

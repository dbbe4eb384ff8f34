import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from './platform.ts';

/** Work done again and again; running it twice, late or in two processes changes nothing more. */
export type Ticker = { readonly name: string; readonly everyMs: number; run(platform: Platform): Promise<void> };

/** Runs tickers until stopped. A failed run is logged and tried again at its next time. */
export function startTickers(platform: Platform, tickers: readonly Ticker[]): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loops = tickers.map(async (ticker) => {
    while (!stopping.signal.aborted) {
      try {
        await ticker.run(platform);
      } catch (error) {
        if (!stopping.signal.aborted) platform.log.error({ err: error, ticker: ticker.name }, 'background work failed; it is tried again');
      }
      await pause(ticker.everyMs, undefined, { signal: stopping.signal }).catch((error: Error) => {
        if (error.name !== 'AbortError') throw error;
      });
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

export type Clock = {
  /** When the promise is due, as an ISO instant. */
  readonly dueAt: string;
  /** Length of the promise: the last quarter of it is urgent. */
  readonly minutes: number;
  /** When it was met; null while it is not. */
  readonly metAt?: string | null;
  /** Since when the clock stands still, and when it runs on by itself; null while it runs. */
  readonly stopped?: { readonly at: string; readonly until: string } | null;
};

export type TimeLeft = { readonly state: 'calm' | 'soon' | 'late' | 'stopped' | 'kept' | 'broken'; readonly milliseconds: number };

/** How a promise stands at `now`: what is left of it, or by how much it is or was missed. */
export function timeLeft({ dueAt, minutes, metAt, stopped }: Clock, now: number): TimeLeft {
  const due = Date.parse(dueAt);
  if (metAt) {
    const over = Date.parse(metAt) - due;
    return over > 0 ? { state: 'broken', milliseconds: over } : { state: 'kept', milliseconds: Math.abs(over) };
  }
  const left = due - (stopped ? Date.parse(stopped.at) : now);
  if (left < 0) return { state: 'late', milliseconds: -left };
  if (stopped) return { state: 'stopped', milliseconds: left };
  return { state: left <= (minutes * 60_000) / 4 ? 'soon' : 'calm', milliseconds: left };
}

export type Unit = 'days' | 'hours' | 'minutes' | 'seconds';

/** A length of time in its two largest units, the way people say it: 2 days 3 hours, 5 minutes 20 seconds. */
export function largestUnits(milliseconds: number): [Unit, number][] {
  const seconds = Math.floor(milliseconds / 1000);
  const all: [Unit, number][] = [
    ['days', Math.floor(seconds / 86_400)],
    ['hours', Math.floor(seconds / 3600) % 24],
    ['minutes', Math.floor(seconds / 60) % 60],
    ['seconds', seconds % 60],
  ];
  const first = all.findIndex(([, count]) => count > 0);
  const shown = first === -1 ? all.slice(3) : all.slice(first, first + 2);
  return shown.filter(([, count], index) => index === 0 || count > 0);
}

import { millisecondsOf, type CivilDate, type Instant } from '@baoke/core/kernel';
import type { FastifyReply } from 'fastify';

/** A procedure that is being given up: since which day it should not be used, and until which day it still answers. */
export type Deprecation = { readonly since: CivilDate; readonly sunset: CivilDate };

/** Tells the caller of a procedure that is being given up, in the headers of RFC 9745 and RFC 8594 (11 row 64). */
export function tellDeprecation(res: Pick<FastifyReply, 'header'>, { since, sunset }: Deprecation): void {
  res.header('deprecation', `@${beginOf(since) / 1000}`);
  res.header('sunset', new Date(beginOf(sunset)).toUTCString());
}

/** The same for the description of the API. */
export function deprecationText({ since, sunset }: Deprecation): string {
  return `Deprecated since ${since}; answers until ${sunset}. The answer says so in the headers Deprecation and Sunset.`;
}

// The days of a published date are those of UTC: callers are anywhere.
function beginOf(date: CivilDate): number {
  return millisecondsOf(`${date}T00:00:00.000Z` as Instant);
}

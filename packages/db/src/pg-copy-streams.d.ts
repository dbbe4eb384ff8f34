declare module 'pg-copy-streams' {
  import type { Submittable } from 'pg';
  import type { Writable } from 'node:stream';

  /** A statement that takes what is written to it, `copy … from stdin`. */
  export function from(text: string): Writable & Submittable;
}

import type { Pool } from '@baoke/db';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Limits } from './http/limits.ts';
import type { Queue } from './queue.ts';
import type { Mailer } from './notices/mail.ts';

/** What the whole process shares; made once at start. */
export type Platform = {
  readonly config: Config;
  readonly pool: Pool;
  readonly log: Logger;
  readonly limits: Limits;
  readonly mailer: Mailer;
  readonly queue: Queue;
  /** The demo store is loaded: its sign-ins may be shown, and work on this machine only. */
  readonly demo: boolean;
};

import { setClockOffset } from '@baoke/api/clock';
import { readConfig } from '@baoke/api/config';
import { buildApp } from '@baoke/api/app';
import { createLimits } from '@baoke/api/http/limits';
import { createMailer } from '@baoke/api/notices/mail';
import { openQueue } from '@baoke/api/queue';
import { appRouter } from '@baoke/api/router';
import { createPool } from '@baoke/db';
import { keepHeapSmall } from '@baoke/api/memory';
import pino from 'pino';

// The product's API as `start` puts it together, on the application role and without the background work: sign-in, rights, row
// policies, idempotency and audit are all on.
const config = readConfig(process.env);
setClockOffset(config.clockOffsetMs);
const log = pino({ level: 'warn' }, pino.destination(2));
const pool = createPool({ url: config.databaseUrl ?? '', max: config.poolSize, onError: (err) => log.warn({ err }, 'connection lost') });
const queue = await openQueue(pool, log);
const app = await buildApp({
  config,
  pool,
  log,
  limits: createLimits(config.rateLimit),
  mailer: createMailer(config.smtpUrl, config.mailFrom, log),
  queue,
  demo: false,
});
keepHeapSmall();
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: (app.server.address() as { port: number }).port, procedures: Object.keys(appRouter._def.procedures) });
// Ending by itself writes a profile where one was asked for.
process.once('SIGTERM', () => process.exit(0));

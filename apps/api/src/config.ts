import { resolve } from 'node:path';
import { isTimeZone, type TimeZone } from '@baoke/core/kernel';
import { z } from 'zod';

const flag = z.enum(['0', '1', 'true', 'false'], { error: 'must be 1 or 0' }).transform((text) => text === '1' || text === 'true');

/** A whole number of a setting, told in words when it is none. */
function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d+$/, { error })
    .transform(Number)
    .refine((n) => n >= least && n <= most, { error });
}

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).optional(),
  DATA_DIR: z.string().default('./.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres://' })
    .optional(),
  STORE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, { error: 'must be an IANA time zone such as Asia/Shanghai' })
    .default('Asia/Shanghai' as TimeZone)
    .transform((text) => text as TimeZone),
  POOL_SIZE: whole(1, 200).default(10),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
  /** Sign-in over plain HTTP from other machines is refused unless the operator says the network is closed. */
  ALLOW_INSECURE_HTTP: flag.default(false),
  /** Address of the proxy that ends TLS before us; its X-Forwarded headers are believed, nobody else's. */
  TRUSTED_PROXY: z.string().optional(),
  /** Operations a signed-in person or an API key may ask for in ten seconds. */
  RATE_LIMIT: whole(1, 1_000_000_000).default(2000),
  /** What a collector of metrics from another machine presents; without it only this machine reads them. */
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default('baoke@localhost'),
  /** Milliseconds the clock is moved by, for demonstrations and tests. */
  CLOCK_OFFSET_MS: whole(-100_000_000_000, 100_000_000_000).default(0),
  NODE_ENV: z.string().default('development'),
});

export type Config = {
  readonly host: string;
  /** Undefined: 4200 or the next free one. */
  readonly port: number | undefined;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly timeZone: TimeZone;
  readonly poolSize: number;
  readonly logLevel: string;
  readonly allowInsecureHttp: boolean;
  readonly trustedProxy: string | undefined;
  readonly rateLimit: number;
  readonly metricsToken: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly clockOffsetMs: number;
};

/** A setting that cannot be used; the message names it, the fault and what would be accepted. */
export class ConfigError extends Error {}

/** Reads the settings from the environment; everything has a default. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`The setting ${issue?.path.join('.')} cannot be used: ${issue?.message}.`);
  }
  const e = parsed.data;
  if (e.CLOCK_OFFSET_MS !== 0 && e.NODE_ENV === 'production')
    throw new ConfigError('CLOCK_OFFSET_MS cannot be used in production: remove it.');
  return {
    host: e.HOST,
    port: e.PORT,
    dataDirectory: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    timeZone: e.STORE_TIME_ZONE,
    poolSize: e.POOL_SIZE,
    logLevel: e.LOG_LEVEL,
    allowInsecureHttp: e.ALLOW_INSECURE_HTTP,
    trustedProxy: e.TRUSTED_PROXY,
    rateLimit: e.RATE_LIMIT,
    metricsToken: e.METRICS_TOKEN,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    clockOffsetMs: e.CLOCK_OFFSET_MS,
  };
}

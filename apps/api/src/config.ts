import { isIP, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { isTimeZone, type TimeZone } from '@baoke/core/kernel';
import { z } from 'zod';

/** What HOST takes; also for those that are an address, and none of this machine. */
export const HOST_WANTED = 'must be an address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for all it has';

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

function told(accepts: (text: string) => boolean, error: string) {
  return z.string().refine(accepts, { error });
}

const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal'];
const MAIL_ADDRESS = /^(?:[^<>@\s]+@[^<>@\s]+|[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>)$/;

/** One proxy, or a net of them as the server's library reads it. */
function isProxy(text: string): boolean {
  const [address = '', bits, ...more] = text.trim().split('/');
  if (PROXY_NAMES.includes(address)) return bits === undefined;
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32)))
  );
}

function isAddress(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
}

const POSTGRES_WANTED =
  'must begin with postgres:// and be an address such as postgres://name:password@host:5432/database, with signs like @ / # % in a password written as %40 %2F %23 %25';

function isPostgresAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Connections of the PostgreSQL that comes along are counted: commands beside, the sealing of the log and the operator want some too. */
const EMBEDDED_POOL_SIZE = 60;

const environment = z.object({
  HOST: told((text) => isIP(text) !== 0 || /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.?$/u.test(text), HOST_WANTED).default('127.0.0.1'),
  PORT: whole(0, 65_535).optional(),
  DATA_DIR: z.string().default('./.data'),
  DATABASE_URL: told(isPostgresAddress, POSTGRES_WANTED).optional(),
  /** The same database by the login that owns it; without it the one of DATABASE_URL migrates too. */
  MIGRATE_DATABASE_URL: told(isPostgresAddress, POSTGRES_WANTED).optional(),
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
    .default('warn'),
  /** Sign-in over plain HTTP from other machines is refused unless the operator says the network is closed. */
  ALLOW_INSECURE_HTTP: flag.default(false),
  /** Address of the proxy that ends TLS before us; its X-Forwarded headers are believed, nobody else's. */
  TRUSTED_PROXY: told(
    (text) => text.split(',').every(isProxy),
    'must be the IP address of the proxy such as 127.0.0.1, or a net such as 10.0.0.0/8; several are separated by commas',
  ).optional(),
  /** Operations a signed-in person or an API key may ask for in ten seconds. */
  RATE_LIMIT: whole(1, 1_000_000_000).default(2000),
  /** What a collector of metrics from another machine presents; without it only this machine reads them. */
  METRICS_TOKEN: told((text) => /^[\x20-\x7e]{16,}$/.test(text), 'must have at least 16 characters, all of them ASCII').optional(),
  SMTP_URL: told(
    (text) => isAddress(text, ['smtp:', 'smtps:']),
    'must be an address such as smtp://name:password@host:587 or smtps://host:465',
  ).optional(),
  MAIL_FROM: told((text) => MAIL_ADDRESS.test(text), 'must be a mail address such as crm@example.com or Baoke <crm@example.com>').default(
    'baoke@localhost',
  ),
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
  /** By which the schema is brought forward; undefined with the PostgreSQL that comes along. */
  readonly migrateDatabaseUrl: string | undefined;
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

/** Each setting that cannot be used, in a sentence that says what would be. */
export function listConfigFaults(env: Environment): string[] {
  const faults = judge(env);
  return Array.isArray(faults) ? faults : [];
}

type Environment = Readonly<Record<string, string | undefined>>;

function judge(env: Environment): string[] | z.infer<typeof environment> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name in environment.shape && value !== undefined && value !== ''),
  );
  const fault = (name: unknown, said: string) => `The setting ${String(name)} cannot be used: ${said}.`;
  const spaced = Object.keys(given).filter((name) => given[name] !== given[name]?.trim());
  if (spaced.length > 0) return spaced.map((name) => fault(name, 'it begins or ends with a space, remove that'));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const first = new Map(parsed.error.issues.toReversed().map((issue) => [issue.path.join('.'), issue.message]));
    return [...first].toReversed().map(([name, said]) => fault(name, said));
  }
  const e = parsed.data;
  const others = [];
  if (e.CLOCK_OFFSET_MS !== 0 && e.NODE_ENV === 'production') others.push('CLOCK_OFFSET_MS cannot be used in production: remove it.');
  if (e.DATABASE_URL === undefined && e.MIGRATE_DATABASE_URL !== undefined)
    others.push(fault('MIGRATE_DATABASE_URL', 'it goes with DATABASE_URL, which is missing'));
  if (e.DATABASE_URL === undefined && e.POOL_SIZE > EMBEDDED_POOL_SIZE)
    others.push(
      fault('POOL_SIZE', `must be at most ${EMBEDDED_POOL_SIZE} with the PostgreSQL that comes with Baoke, which has 80 connections`),
    );
  return others.length > 0 ? others : e;
}

/** Reads the settings from the environment; everything has a default. Throws `ConfigError` for the first that cannot be used. */
export function readConfig(env: Environment): Config {
  const e = judge(env);
  if (Array.isArray(e)) throw new ConfigError(e[0]);
  return {
    host: e.HOST,
    port: e.PORT,
    dataDirectory: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    migrateDatabaseUrl: e.MIGRATE_DATABASE_URL ?? e.DATABASE_URL,
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

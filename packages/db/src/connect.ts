import { createHash } from 'node:crypto';
import { instantOfMilliseconds, type Instant } from '@baoke/core/kernel';
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import type { DB } from './tables.generated.ts';

/** A connection inside the transaction of one store; every query takes it first. */
export type Db = Kysely<DB>;

const DATE = 1082;
const INT8 = 20;
const TIMESTAMPTZ = 1184;

// A calendar date stays text (a birthday never becomes an instant), a bigint becomes a safe integer or an error,
// an instant becomes the one form the kernel writes.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === DATE) return (text: string) => text;
      if (oid === INT8) return safeInteger;
      if (oid === TIMESTAMPTZ) return toInstant;
    }
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

// Sessions speak UTC, so that the text needs no arithmetic: '2026-05-01 01:10:00.123456+00' loses what is beyond the millisecond. A list
// of fifty rows holds hundreds of instants.
function toInstant(text: string): Instant {
  if (text[4] !== '-' || !text.endsWith('+00'))
    return instantOfMilliseconds(Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')));
  const fraction = text.slice(20, -3).slice(0, 3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z` as Instant;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a whole number beyond 2^53 came from the database: ${text}`);
  return value;
}

export type PoolOptions = {
  readonly url: string;
  readonly max?: number;
  /** Taken by every connection of the pool, for an external server where one login migrates and serves. */
  readonly role?: string;
  readonly statementTimeoutSeconds?: number;
  readonly onError?: (error: Error) => void;
};

/** Opens a pool with every time limit set. An idle connection that dies is reported to `onError` and replaced, never thrown. */
export function createPool({ url, max = 10, role, statementTimeoutSeconds = 15, onError = () => {} }: PoolOptions): pg.Pool {
  const settings = [
    `-c statement_timeout=${statementTimeoutSeconds}s`,
    '-c lock_timeout=5s',
    '-c idle_in_transaction_session_timeout=30s',
    '-c TimeZone=UTC',
    ...(role ? [`-c role=${role}`] : []),
  ];
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    options: settings.join(' '),
    application_name: 'baoke',
    // Statements are sent without waiting for the one before: the beginning of a transaction travels with its first query.
    pipeline: true,
  });
  pool.on('error', (error: Error & { client?: unknown }) => {
    // The pool hangs the whole connection on it, statements and secret key included: nothing for a log.
    delete error.client;
    onError(error);
  });
  // A connection that breaks at its work tells it by the statements that fail; the event beside them must not end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const LOST_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300']);
// What the driver says of a connection that broke, or that it could not get; it gives these no code.
const LOST =
  /^(?:Connection terminated|Client (?:has encountered a connection error|was closed) and is not queryable|timeout exceeded when trying to connect)/;

/** Whether a statement failed because the server is away or ended its connection: nothing is wrong with what was asked. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as { code?: string };
  return LOST_CODES.has(code) || code.startsWith('08') || (code === '' && LOST.test(error.message));
}

/** The unique key that a statement would have broken, by its name; undefined where it failed for another reason. */
export function brokenKey(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' ? constraint : undefined;
}

/** Statements that begin with this mark are planned afresh for each term instead of once for all (searches). */
export const UNNAMED = '/* unnamed */';

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  if (text.startsWith(UNNAMED) || text.length > 20_000) return undefined;
  let name = names.get(text);
  if (name === undefined) {
    // Lists built from many filters could make endlessly many statements: beyond this number they go unnamed.
    if (names.size >= 2_000) return undefined;
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
}

/**
 * Asks by the driver's callback. Results of its own promises are not given back by the quick collections of young objects, whatever becomes
 * of them: they pile up until a full one, which then holds up every twentieth page of a list.
 */
export async function ask(client: pg.PoolClient | pg.Client, statement: pg.QueryConfig | string): Promise<pg.QueryResult> {
  try {
    return await new Promise((resolve, reject) => {
      client.query(statement, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  } catch (error) {
    // The driver's own trace leads to its socket; this one leads to whoever asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

class ClientConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient | pg.Client;
  readonly #before: () => void;
  constructor(client: pg.PoolClient | pg.Client, before: () => void) {
    this.#client = client;
    this.#before = before;
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const name = nameOf(query.sql);
    this.#before();
    const result = await ask(this.#client, { text: query.sql, values: query.parameters as unknown[], ...(name ? { name } : {}) });
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }
  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('this connection reads whole results only; use COPY for long ones');
  }
}

/**
 * Runs work that needs the connection to itself, such as COPY, whose data a client refuses to send among other statements.
 * Nothing else may be under way on the client.
 */
export async function uninterrupted<T>(client: pg.PoolClient | pg.Client, work: () => Promise<T>): Promise<T> {
  // The typings declare the switch read-only; the client reads it afresh for each statement.
  const mode = client as { pipeline: boolean };
  const before = mode.pipeline;
  mode.pipeline = false;
  try {
    return await work();
  } finally {
    mode.pipeline = before;
  }
}

const made = new WeakMap<pg.PoolClient | pg.Client, Db>();

/** Kysely over one client that is already inside a transaction. A client of a pool keeps the one it got first. */
export function kyselyOver(client: pg.PoolClient | pg.Client): Db {
  const known = made.get(client);
  if (known) return known;
  const db = kyselyFor(client, () => {});
  made.set(client, db);
  return db;
}

/** Kysely over a client; `before` is called as each statement is about to be sent. */
export function kyselyFor(client: pg.PoolClient | pg.Client, before: () => void): Db {
  const connection = new ClientConnection(client, before);
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () => Promise.reject(new Error('a query opens no transaction of its own')),
    commitTransaction: () => Promise.reject(new Error('a query opens no transaction of its own')),
    rollbackTransaction: () => Promise.reject(new Error('a query opens no transaction of its own')),
    releaseConnection: async () => {},
    destroy: async () => {},
  };
  return new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

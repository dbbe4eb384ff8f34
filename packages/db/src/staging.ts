import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoreId } from '@baoke/core/kernel';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { uninterrupted } from './connect.ts';

/** A value of a staged row: objects are written as JSON. */
export type StagedValue = string | number | boolean | null | object;
export type StagedRow = readonly StagedValue[];

const CHUNK = 64 * 1024;

/**
 * Rows on their way into a table of the store, kept in a temporary one until the transaction ends.
 *
 * PostgreSQL refuses COPY into a table under row-level security. Copied here first and inserted from here in one statement, a hundred
 * thousand rows are checked by every policy, key and trigger like any other, and a trigger on the statement fires once for all of them.
 */
export class Staging {
  readonly name: string;
  readonly #client: PoolClient;
  readonly #target: string;
  readonly #columns: string;
  #rows = 0;
  #inserted = false;

  private constructor(client: PoolClient, target: string, columns: readonly string[], label: string) {
    this.#client = client;
    this.#target = target;
    this.#columns = columns.map((column) => `"${column}"`).join(', ');
    this.name = `"${label}_${target}"`;
  }

  /** Opens a staging place with some columns of a table. One per table and label at a time; nothing else may be under way on the client. */
  static async open(client: PoolClient, target: string, columns: readonly string[], label = 'staged'): Promise<Staging> {
    const staging = new Staging(client, target, columns, label);
    await client.query(`create temporary table ${staging.name} on commit drop as select ${staging.#columns} from "${target}" with no data`);
    return staging;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds rows, whose values stand in the order of the columns. */
  async write(rows: Iterable<StagedRow>): Promise<void> {
    if (this.#inserted) await this.#client.query(`truncate ${this.name}`);
    this.#inserted = false;
    const counted = countRows(rows, (n) => (this.#rows += n));
    await uninterrupted(this.#client, () =>
      pipeline(Readable.from(counted), this.#client.query(copyFrom(`copy ${this.name} (${this.#columns}) from stdin`))),
    );
  }

  /** Inserts what is staged into the table, in the order it came; what is written next is staged anew. `tail` stands at the end of the statement. */
  async insert<R>(storeId: StoreId, tail = '', constants: Readonly<Record<string, string | number | null>> = {}): Promise<R[]> {
    const names = Object.keys(constants).map((column) => `, "${column}"`);
    const values = Object.keys(constants).map((_, at) => `, $${at + 2}`);
    if (this.#rows === 0) return [];
    const { rows } = await this.#client.query<R & Record<string, unknown>>(
      `insert into "${this.#target}" (store_id, ${this.#columns}${names.join('')}) select $1, ${this.#columns}${values.join('')} from ${this.name} ${tail}`,
      [storeId, ...Object.values(constants)],
    );
    this.#rows = 0;
    this.#inserted = true;
    return rows;
  }

  /** Takes the place away before the transaction ends. */
  async drop(): Promise<void> {
    await this.#client.query(`drop table ${this.name}`);
  }
}

/** Stages rows and inserts them in one go; a list without rows costs nothing. */
export async function insertStaged<R = unknown>(
  client: PoolClient,
  storeId: StoreId,
  target: string,
  columns: readonly string[],
  rows: Iterable<StagedRow>,
  tail = '',
  constants: Readonly<Record<string, string | number | null>> = {},
): Promise<R[]> {
  if (Array.isArray(rows) && rows.length === 0) return [];
  const staging = await Staging.open(client, target, columns);
  await staging.write(rows);
  const inserted = await staging.insert<R>(storeId, tail, constants);
  await staging.drop();
  return inserted;
}

function* countRows(rows: Iterable<StagedRow>, count: (n: number) => void): Generator<string> {
  let chunk = '';
  let n = 0;
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) chunk += (at === 0 ? '' : '\t') + encode(row[at] ?? null);
    chunk += '\n';
    n += 1;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  count(n);
  yield chunk;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// The text format of COPY: tab between values, \N for null, a few signs escaped.
function encode(value: StagedValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign) : text;
}

/**
 * Measures the import of DMS files into an empty store: `node tooling/bench/imports.ts [--customers 100000 | --files FOLDER]`.
 *
 * The files are made from the same customers as the other data of the benchmark: one row per vehicle, one per visit. CPU is told beside the
 * time, of this process, of the readers it starts and of PostgreSQL, because on a shared machine the time alone says little.
 */
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newId } from '@baoke/api/ids';
import { runImport } from '@baoke/api/imports/run-import';
import { createStore } from '@baoke/api/stores/create';
import { instantOfMilliseconds, type TimeZone } from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import { createPool, migrate } from '@baoke/db';
import { startEmbeddedPostgres } from '@baoke/db/embedded';
import pg from 'pg';
import { COLUMNS, generate, TODAY, type Table, type Value } from './dataset.ts';
import { childrenCpu, endedChildrenCpu, readProcess } from './drive.ts';
import { postmasterOf } from './servers.ts';

/** A dealer's system exports by the year; a file of this many rows stays below what an upload may hold. */
const ROWS_PER_FILE = 120_000;
const HEADERS = {
  客户资料: '客户名称,手机号码,车牌号,车架号,厂牌车型信息,商业险到期日期,年审到期日期,最后进厂日期,最后进厂里程,服务顾问',
  维修记录:
    '工单号,进厂日期,出厂日期,车牌号,车架号,客户名称,手机号码,维修类别,进厂里程,服务顾问,班组,工时费,材料费,优惠金额,实收金额,结算日期',
} as const;
type Kind = keyof typeof HEADERS;

/** What an import cost: seconds on the clock, CPU seconds of the three parties, and the largest resident memory of this process. */
export interface ImportMeasure {
  readonly files: number;
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: { readonly process: number; readonly readers: number; readonly database: number };
  readonly peakMb: number;
  readonly stored: Readonly<Record<string, number>>;
}

/** Writes the files of a store with so many customers into a folder, unless they are there already. */
export async function exportFiles(folder: string, customers: number): Promise<string[]> {
  if (!existsSync(folder)) {
    const making = `${folder}.part`;
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    const files = new Map<Kind, SplitFile>((Object.keys(HEADERS) as Kind[]).map((kind) => [kind, new SplitFile(making, kind)]));
    const staff = Array.from(
      { length: Math.max(8, Math.round(customers / 2000)) },
      (_, at) => `顾问${'甲乙丙丁戊己庚辛壬癸'.charAt(at % 10)}${at}`,
    );
    const customersFile = new Collector((kind, line) => files.get(kind)?.write(line));
    await generate(customers, [{ id: 1, staff, department: '' }], (table, row) => customersFile.take(table, row));
    await customersFile.flush();
    for (const file of files.values()) await file.close();
    renameSync(making, folder);
  }
  return readdirSync(folder)
    .filter((name) => /\.(?:csv|xlsx)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

type Fields = Readonly<Record<string, Value>>;

/** Puts the rows of one customer together as a dealer's system shows them: each vehicle with its owner, each visit with both. */
class Collector {
  readonly #write: (kind: Kind, line: string) => Promise<void> | undefined;
  readonly #categories = new Map<string, string>(SERVICE_CATEGORIES.map((category) => [category.code, category.zh]));
  #customer: Fields | undefined;
  #phone = '';
  #vehicles = new Map<Value, Fields>();
  #policies = new Map<Value, Value>();
  #visits: Fields[] = [];

  constructor(write: (kind: Kind, line: string) => Promise<void> | undefined) {
    this.#write = write;
  }

  async take(table: Table, values: readonly Value[]): Promise<void> {
    if (table === 'customers') await this.flush();
    const row = Object.fromEntries(COLUMNS[table].map((column, at) => [column, values[at] ?? null]));
    if (table === 'customers') this.#customer = row;
    else if (table === 'customer_phones' && row['rank'] === 1) this.#phone = text(row['e164']).replace('+86', '');
    else if (table === 'vehicles') this.#vehicles.set(row['id'] ?? null, row);
    else if (table === 'insurance_policies') this.#policies.set(row['vehicle_id'] ?? null, row['expires_on'] ?? null);
    else if (table === 'service_visits') this.#visits.push(row);
  }

  async flush(): Promise<void> {
    const { name, advisor_id: advisor } = this.#customer ?? {};
    for (const [id, { plate, vin, model, inspection_due_on, last_visit_on, last_mileage_km }] of this.#vehicles) {
      const cells = [
        name,
        this.#phone,
        plate,
        vin,
        model,
        this.#policies.get(id),
        inspection_due_on,
        last_visit_on,
        last_mileage_km,
        advisor,
      ];
      await this.#write('客户资料', line(cells));
    }
    for (const visit of this.#visits) {
      const car = this.#vehicles.get(visit['vehicle_id'] ?? null);
      const { order_no, arrived_on, left_on, category, mileage_km, advisor_id, labour_fen, parts_fen, received_fen, settled_on } = visit;
      const money = [labour_fen, parts_fen, 0, received_fen].map((fen) => (Number(fen) / 100).toFixed(2));
      const words = this.#categories.get(text(category));
      const cells = [
        order_no,
        arrived_on,
        left_on,
        car?.['plate'],
        car?.['vin'],
        name,
        this.#phone,
        words,
        mileage_km,
        advisor_id,
        '机电一组',
        ...money,
        settled_on,
      ];
      await this.#write('维修记录', line(cells));
    }
    this.#vehicles = new Map();
    this.#policies = new Map();
    this.#visits = [];
  }
}

function text(value: Value | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function line(cells: readonly (Value | undefined)[]): string {
  return `${cells.map(text).join(',')}\r\n`;
}

class SplitFile {
  readonly #folder: string;
  readonly #kind: Kind;
  #stream: WriteStream | undefined;
  #rows = 0;
  #parts = 0;

  constructor(folder: string, kind: Kind) {
    this.#folder = folder;
    this.#kind = kind;
  }

  async write(row: string): Promise<void> {
    if (this.#rows % ROWS_PER_FILE === 0) await this.#next();
    this.#rows += 1;
    if (this.#stream?.write(row) === false) await once(this.#stream, 'drain');
  }

  async #next(): Promise<void> {
    await this.close();
    this.#parts += 1;
    this.#stream = createWriteStream(join(this.#folder, `${this.#kind}-${String(this.#parts).padStart(2, '0')}.csv`));
    this.#stream.write(`\uFEFF${HEADERS[this.#kind]}\r\n`);
  }

  async close(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await once(this.#stream, 'finish');
  }
}

/** Imports files into a store of its own in a fresh durable database of the product, and tells what it cost. */
export async function measureImport(paths: readonly string[], folder: string, say: (line: string) => void): Promise<ImportMeasure> {
  rmSync(folder, { recursive: true, force: true });
  const database = await startEmbeddedPostgres({ directory: folder, log: say });
  const pool = createPool({ url: database.appUrl });
  try {
    await migrate(database.ownerUrl);
    const { storeId } = await createStore(pool, { code: 'bench', name: '测速店', zone: 'Asia/Shanghai' as TimeZone });
    const postmaster = postmasterOf(database);
    let peakMb = 0;
    const watch = setInterval(() => {
      peakMb = Math.max(peakMb, readProcess(process.pid).residentMb);
    }, 50);
    const before = { process: readProcess(process.pid).cpuMs, readers: endedChildrenCpu(process.pid), database: childrenCpu(postmaster) };
    const began = performance.now();
    const lap = { file: '', at: began };
    const report = await runImport(
      {
        pool,
        now: () => instantOfMilliseconds(Date.parse(`${TODAY}T02:00:00Z`)),
        newId,
        openVault: null,
        onProgress: ({ file, phase, rows }) => {
          const now = performance.now();
          if (phase === 'done') say(`${file}: ${rows} rows, ${((now - lap.at) / 1000).toFixed(1)} s`);
          if (phase === 'done') Object.assign(lap, { at: now });
        },
      },
      {
        storeId,
        staffId: null,
        actorName: 'bench',
        mode: 'upsert',
        dryRun: false,
        files: paths.map((path) => ({ name: path.split('/').at(-1) ?? path, path })),
      },
    );
    const seconds = (performance.now() - began) / 1000;
    clearInterval(watch);
    const owner = new pg.Client({ connectionString: database.superuserUrl('baoke') });
    await owner.connect();
    const stored: Record<string, number> = {};
    for (const table of ['customers', 'vehicles', 'service_visits', 'orders', 'leads', 'search_tokens'])
      stored[table] = Number((await owner.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
    await owner.end();
    const refused = report.files.filter((file) => file.refusal !== null);
    if (refused.length > 0) throw new Error(`not taken: ${refused.map((file) => `${file.file} (${file.refusal})`).join(', ')}`);
    return {
      files: report.files.length,
      rows: report.files.reduce((sum, file) => sum + file.rows, 0),
      seconds,
      cpuSeconds: {
        process: (readProcess(process.pid).cpuMs - before.process) / 1000,
        readers: (endedChildrenCpu(process.pid) - before.readers) / 1000,
        database: (childrenCpu(postmaster) - before.database) / 1000,
      },
      peakMb,
      stored,
    };
  } finally {
    await pool.end();
    await database.stop();
  }
}

if (import.meta.main) {
  const { values: flags } = parseArgs({ options: { customers: { type: 'string', default: '100000' }, files: { type: 'string' } } });
  const cache = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));
  const say = (words: string) => process.stderr.write(`${words}\n`);
  const paths = flags.files
    ? readdirSync(flags.files)
        .filter((name) => /\.(?:csv|xlsx)$/.test(name))
        .map((name) => join(flags.files ?? '', name))
    : await exportFiles(join(cache, `import-${flags.customers}`), Number(flags.customers));
  say(JSON.stringify(await measureImport(paths, join(cache, 'import-database'), say), null, 2));
}

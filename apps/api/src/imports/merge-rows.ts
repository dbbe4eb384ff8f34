import {
  asItStands,
  firstMemory,
  keptMemory,
  memoryOf,
  memoryTakenBack,
  mergeRecord,
  rowOf,
  type Columns,
  type ColumnValue,
  type Draft,
  type FileKind,
  type ImportMode,
  type KeptMemory,
  type KeyedDraft,
} from '@baoke/core/imports';
import type { CivilDate, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db, PoolClient } from '@baoke/db';
import {
  findOnFile,
  insertStaged,
  loadStored,
  updateRecords,
  type ImportedTable,
  type JournalEntry,
  type OwnershipRow,
  type PhoneRow,
  type StagedRow,
  type StagedValue,
  type StoredRow,
} from '@baoke/db/imports';
import type { IdNumberVault } from '../customers/id-numbers.ts';

export interface WriteContext {
  readonly db: Db;
  /** The connection of the same transaction, for rows that are copied in. */
  readonly client: PoolClient;
  readonly kind: FileKind;
  readonly storeId: StoreId;
  readonly mode: ImportMode;
  readonly now: Instant;
  readonly today: CivilDate;
  readonly staffId: StaffId | null;
  readonly newId: () => string;
  /** Opens what encrypts ID numbers; without it they are not kept at all. */
  readonly openVault: (() => Promise<IdNumberVault>) | null;
  /** Customers and vehicles that earlier files of this import made: mode create fills them as if they were made now. */
  readonly made: ReadonlySet<string>;
  /** False in a dry run: everything is compared, nothing is written. */
  readonly write: boolean;
  /** Told before each step of writing. */
  readonly onStep?: ((step: WriteStep) => void) | undefined;
}

/** The steps of writing a file, in their order. */
export const WRITE_STEPS = ['staging', 'customers', 'vehicles', 'visits', 'others', 'tokens', 'journal', 'commit'] as const;

export type WriteStep = (typeof WRITE_STEPS)[number];

/** Columns that an import may fill. What a file says beyond them is only remembered beside the record. */
export const COLUMNS = {
  customers: [
    'name',
    'kind',
    'name_pinyin',
    'gender',
    'birth_date',
    'birth_calendar',
    'address',
    'province',
    'city',
    'source',
    'consultant_id',
    'advisor_id',
    'external_id',
    'remark',
    'first_delivered_on',
    'last_visit_on',
    'last_visit_told',
    'id_document',
    'id_number_cipher',
    'id_number_index',
    'id_number_tail',
  ],
  vehicles: [
    'vin',
    'vin_check',
    'plate',
    'engine_no',
    'brand',
    'model',
    'colour',
    'purchased_on',
    'sold_by_us',
    'delivered_on',
    'inspection_due_on',
    'next_service_on',
    'next_service_km',
    'last_visit_on',
    'last_visit_told',
    'last_mileage_km',
    'last_mileage_on',
    'owner_id',
  ],
  service_visits: [
    'order_no',
    'vehicle_id',
    'customer_id',
    'category',
    'state',
    'is_refund',
    'arrived_on',
    'left_on',
    'settled_on',
    'mileage_km',
    'advisor_id',
    'team',
    'labour_fen',
    'parts_fen',
    'discount_fen',
    'received_fen',
  ],
  orders: [
    'customer_id',
    'vehicle_id',
    'ordered_on',
    'delivered_on',
    'delivered_at',
    'model',
    'colour',
    'price_fen',
    'payment',
    'consultant_id',
    'source',
    'state',
    'remark',
  ],
  leads: [
    'customer_id',
    'registered_on',
    'source',
    'level',
    'model',
    'expected_purchase',
    'consultant_id',
    'last_follow_up_on',
    'follow_up',
    'test_driven',
    'complete',
  ],
} as const satisfies Partial<Record<ImportedTable, readonly string[]>>;

type MergedTable = keyof typeof COLUMNS;

/** The columns of a vehicle of which `next_told_on` says when they were told. */
export const NEXT_TOLD = ['next_service_on', 'next_service_km'] as const;

const COLUMN_SETS = Object.fromEntries(
  Object.entries(COLUMNS).map(([table, columns]) => [table, Object.fromEntries(columns.map((column) => [column, null]))]),
) as Record<MergedTable, Columns>;

type KeyedTable = 'service_visits' | 'orders' | 'leads';

/** Columns that must hold something where the file is silent. */
const DEFAULTS: Readonly<Partial<Record<MergedTable, Columns>>> = {
  vehicles: { vin_check: 'unchecked', sold_by_us: false },
  service_visits: { is_refund: false },
  leads: { complete: false },
};

/** What the files before would have left behind in a dry run, beside what is stored; empty otherwise. */
export class Overlay {
  readonly records = new Map<string, StoredRow>();
  readonly keys = new Map<string, Map<string, StoredRow>>();
  readonly phones = new Map<string, PhoneRow[]>();
  readonly ownerships = new Map<string, OwnershipRow[]>();
  /** What the files made, by ids. */
  readonly made = new Set<string>();

  remember(table: ImportedTable, key: string, row: StoredRow): void {
    const rows = this.keys.get(table);
    if (rows) rows.set(key, row);
    else this.keys.set(table, new Map([[key, row]]));
  }

  find(table: ImportedTable, key: string): StoredRow | undefined {
    return this.keys.get(table)?.get(key);
  }
}

export class Effects {
  readonly created = new Set<number>();
  readonly updated = new Set<number>();
  readonly conflicts: { row: number; column: string }[] = [];
  readonly withheldIds = new Set<number>();
  readonly journal = { made: new Map<string, string[]>(), keyed: new Map<string, Columns[]>(), changed: [] as JournalEntry[] };

  make(entity: string, id: string): void {
    const made = this.journal.made.get(entity);
    if (made) made.push(id);
    else this.journal.made.set(entity, [id]);
  }

  makeKeyed(entity: string, key: Columns): void {
    const made = this.journal.keyed.get(entity);
    if (made) made.push(key);
    else this.journal.keyed.set(entity, [key]);
  }
}

interface MergedNew {
  readonly id: string;
  readonly isNew: true;
  readonly before?: undefined;
  /** What the file says of it; its row is made of that when it is written, and not kept beside it. */
  readonly draft: Draft;
  /** Columns that are settled besides. */
  readonly values: Record<string, unknown>;
}

interface MergedStored {
  readonly id: string;
  readonly isNew: false;
  /** The row as it stands before. */
  readonly before: StoredRow;
  readonly draft?: undefined;
  /** The changed columns. */
  readonly values: Record<string, unknown>;
  readonly memory: KeptMemory;
  readonly memoryChanged: boolean;
}

export type Merged = MergedNew | MergedStored;

/** Whether mode create leaves the record as it is: it was on file before this import. */
export function isLeft({ mode, made }: WriteContext, { id, isNew }: Merged): boolean {
  return mode === 'create' && !isNew && !made.has(id);
}

/** What a column holds once the record is written. */
export function valueOf(table: MergedTable, { values, draft, before }: Merged, column: string): unknown {
  if (column in values) return values[column];
  return draft ? (draft.follows?.[column] ?? draft.columns[column] ?? draft.maxima[column] ?? DEFAULTS[table]?.[column]) : before?.[column];
}

function memoryOfNew(table: MergedTable, { draft }: MergedNew, kind: FileKind): KeptMemory {
  // A visit's row is made of what was said of it and nothing else.
  if (table === 'service_visits') return kind;
  return firstMemory(draft.columns, COLUMN_SETS[table], DEFAULTS[table] ?? {}, kind);
}

/** The memory of a visit by the name of a kind of file alone, where the columns hold what it said. */
export function foldVisit(kept: KeptMemory, row: Readonly<Record<string, unknown>>): KeptMemory {
  const columns = Object.fromEntries(COLUMNS.service_visits.map((column) => [column, (row[column] ?? null) as ColumnValue]));
  return asItStands(memoryOf(kept, columns), columns) ?? kept;
}

/** The memory of a row as it stood before some of its columns got their former values; `before` is the memory of then. */
export function memoryWithout(table: MergedTable, stood: StoredRow, before: KeptMemory | null, columns: readonly string[]): KeptMemory {
  // Rows are JSON of scalar columns beside the memory.
  const row = stood as unknown as Columns;
  const values = Object.fromEntries(COLUMNS[table].map((column) => [column, row[column] ?? null]));
  const memory = memoryTakenBack(memoryOf(stood['imported'] as KeptMemory | null, values), memoryOf(before, values), columns);
  return keptMemory(memory, values);
}

export async function mergeTable(
  table: MergedTable,
  drafts: Iterable<Draft>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
  stored = new Map<string, StoredRow>(),
): Promise<Map<string, Merged>> {
  const { db, storeId, kind, mode, made, write } = context;
  const all = [...drafts];
  const unknown = all.filter(({ id, isNew }) => !isNew && !overlay.records.has(id) && !stored.has(id)).map((draft) => draft.id);
  const loaded = [...COLUMNS[table], 'imported', ...(table === 'vehicles' ? ['next_told_on'] : [])];
  for (const row of await loadStored(db, storeId, table, 'id', unknown, loaded)) stored.set(row.id, row);
  const merged = new Map<string, Merged>();
  for (const draft of all) {
    const { id, columns: incoming, maxima, follows } = draft;
    const before = overlay.records.get(id) ?? stored.get(id);
    if (!before) {
      if (mode === 'update') continue;
      merged.set(id, { id, isNew: true, draft, values: {} });
      continue;
    }
    // Stored rows come as JSON of scalar columns beside the memory, which this module alone writes; the merge reads scalar columns only.
    const columns = before as unknown as Columns;
    const merge = mergeRecord({
      stored: columns,
      memory: memoryOf(before['imported'] as KeptMemory | null | undefined, importable(table, columns)),
      incoming,
      maxima,
      follows,
      kind,
      mode: mode === 'create' && made.has(id) ? 'upsert' : mode,
    });
    for (const column of Object.keys(merge.patch)) effects.updated.add(rowOf(draft, column));
    for (const column of merge.conflicts) effects.conflicts.push({ row: rowOf(draft, column), column });
    merged.set(id, {
      id,
      isNew: false,
      before,
      values: { ...merge.patch },
      memory: keptMemory(merge.memory, columns),
      memoryChanged: merge.memoryChanged,
    });
  }
  if (!write) {
    for (const one of merged.values()) {
      const row = one.isNew
        ? Object.fromEntries(COLUMNS[table].map((column) => [column, valueOf(table, one, column) ?? null]))
        : one.before;
      const imported = one.isNew ? memoryOfNew(table, one, kind) : one.memory;
      if (one.isNew) overlay.made.add(one.id);
      overlay.records.set(one.id, { ...row, ...one.values, id: one.id, imported });
    }
  }
  return merged;
}

function importable(table: MergedTable, row: Columns): Columns {
  if (typeof row['imported'] !== 'string') return row;
  return Object.fromEntries(COLUMNS[table].map((column) => [column, row[column] ?? null]));
}

/**
 * What mode update takes of drafts that refer to customers or vehicles it does not make: a visit without the reference, so that the one on
 * file stays as it is. An order of such a vehicle is left out: delivered without its car, no later import would know it again by the car.
 */
export async function withoutUnmade(
  table: KeyedTable,
  drafts: readonly KeyedDraft[],
  context: WriteContext,
): Promise<readonly KeyedDraft[]> {
  if (context.mode !== 'update') return drafts;
  const { db, storeId } = context;
  const onFile = async (column: string, of: 'customers' | 'vehicles') => {
    const ids = new Set(drafts.map((draft) => text(draft.columns[column])).filter((id) => id !== ''));
    const known = await findOnFile(db, storeId, of, [...ids]);
    return (draft: KeyedDraft) => {
      const id = text(draft.columns[column]);
      return id === '' || known.has(id);
    };
  };
  const [customerIsThere, vehicleIsThere] = [await onFile('customer_id', 'customers'), await onFile('vehicle_id', 'vehicles')];
  if (table !== 'service_visits') return drafts.filter((draft) => customerIsThere(draft) && vehicleIsThere(draft));
  return drafts.map((draft) => {
    if (customerIsThere(draft) && vehicleIsThere(draft)) return draft;
    const columns = { ...draft.columns };
    if (!customerIsThere(draft)) columns['customer_id'] = null;
    if (!vehicleIsThere(draft)) columns['vehicle_id'] = null;
    return { ...draft, columns };
  });
}

/** Merges records that are found by what they say, and notes which rows made one. */
export async function mergeKeyed(
  table: KeyedTable,
  drafts: readonly KeyedDraft[],
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<Map<string, Merged>> {
  const { settled, stored } = await settleKeys(table, drafts, context, overlay);
  const merged = await mergeTable(table, settled, context, overlay, effects, stored);
  for (const draft of settled) {
    if (!draft.isNew || !merged.has(draft.id)) continue;
    effects.created.add(draft.row);
    const planned = overlay.records.get(draft.id);
    if (!context.write && planned) overlay.remember(table, draft.key, planned);
  }
  return merged;
}

/** Writes new rows and changed ones, and what undoing takes. */
export async function applyTable(
  table: MergedTable,
  merged: ReadonlyMap<string, Merged>,
  context: WriteContext,
  effects: Effects,
): Promise<void> {
  if (!context.write) return;
  const { client, storeId, now, staffId } = context;
  const updates: (Record<string, unknown> & { id: string })[] = [];
  let fresh = 0;
  for (const one of merged.values()) {
    if (one.isNew) {
      fresh += 1;
      effects.make(table, one.id);
      continue;
    }
    const { id, before, values, memory, memoryChanged } = one;
    const columns = Object.keys(values);
    if (columns.length === 0 && !memoryChanged) continue;
    updates.push({ id, ...values, ...(memoryChanged ? { imported: memory } : {}) });
    // A memory alone need not be taken back: what the file said is what stands there.
    if (columns.length === 0) continue;
    const old = Object.fromEntries(columns.map((column) => [column, before[column] ?? null]));
    // The database moves the day of telling with what is told; it is taken back with it.
    if (table === 'vehicles' && NEXT_TOLD.some((column) => column in values)) old['next_told_on'] = before['next_told_on'] ?? null;
    effects.journal.changed.push({
      entity: table,
      entityId: id,
      key: null,
      before: memoryChanged ? { ...old, imported: spelledOut(table, before) } : old,
      after: values,
    });
  }
  const stamps: Record<string, string | null> = { created_at: now, updated_at: now };
  if (table === 'customers' || table === 'vehicles') Object.assign(stamps, { created_by: staffId, updated_by: staffId });
  if (fresh > 0) await insertStaged(client, storeId, table, stagedColumns(table), freshRows(table, merged.values(), context), '', stamps);
  await updateRecords(client, storeId, table, now, updates);
}

/** The memory of a row as the journal keeps it: what is not spelled out speaks of the columns as they stand, which may change until it is undone. */
function spelledOut(table: MergedTable, row: StoredRow): KeptMemory | null {
  const kept = (row['imported'] ?? null) as KeptMemory | null;
  return typeof kept === 'string' ? { said: memoryOf(kept, importable(table, row as unknown as Columns)).said } : kept;
}

export function stagedColumns(table: MergedTable): readonly string[] {
  return ['id', ...COLUMNS[table], 'imported'];
}

/** New records as they are staged, made as they are written. */
export function* freshRows(table: MergedTable, merged: Iterable<Merged>, { kind }: WriteContext): Generator<StagedRow> {
  for (const one of merged) {
    if (!one.isNew) continue;
    const row: StagedValue[] = [one.id];
    // Scalars are all that an import puts into columns.
    for (const column of COLUMNS[table]) row.push((valueOf(table, one, column) ?? null) as ColumnValue);
    row.push(JSON.stringify(memoryOfNew(table, one, kind)));
    yield row;
  }
}

/** Gives visits, orders and leads of the plan the ids of those on file that they repeat. */
async function settleKeys(
  table: KeyedTable,
  drafts: readonly KeyedDraft[],
  { db, storeId }: WriteContext,
  overlay: Overlay,
): Promise<{ settled: readonly KeyedDraft[]; stored: Map<string, StoredRow> }> {
  const column = table === 'service_visits' ? 'order_no' : 'customer_id';
  const values = [...new Set(drafts.map((draft) => String(draft.columns[column])))];
  const stored = await loadStored(db, storeId, table, column, values, [...COLUMNS[table], 'imported']);
  const byKey = new Map(stored.map((row) => [keyOf(table, row), row]));
  const openOrders = new Map<string, StoredRow>();
  for (const row of table === 'orders' ? [...stored, ...(overlay.keys.get(table)?.values() ?? [])] : []) {
    if (row['vehicle_id'] === null && row['state'] === 'open')
      openOrders.set(`${text(row['customer_id'])}|${text(row['ordered_on'])}`, row);
  }
  const found = new Map<string, StoredRow>();
  const settled = drafts.map((draft) => {
    let row = overlay.find(table, draft.key) ?? byKey.get(draft.key);
    if (!row && table === 'orders') {
      // An order that was open and had no car yet is the same order once it is delivered.
      const place = draft.key.slice(0, draft.key.lastIndexOf('|'));
      row = openOrders.get(place);
      openOrders.delete(place);
    }
    if (!row) return draft;
    found.set(row.id, row);
    return { ...draft, id: row.id, isNew: false };
  });
  return { settled, stored: found };
}

function keyOf(table: KeyedTable, row: StoredRow): string {
  if (table === 'service_visits') return text(row['order_no']);
  if (table === 'leads') return `${text(row['customer_id'])}|${text(row['registered_on'])}`;
  return `${text(row['customer_id'])}|${text(row['ordered_on'])}|${text(row['vehicle_id'])}`;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

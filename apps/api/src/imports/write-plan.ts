import {
  asItStands,
  firstMemory,
  keptMemory,
  memoryOf,
  mergeRecord,
  rowOf,
  type Columns,
  type ColumnValue,
  type Draft,
  type FileKind,
  type FilePlan,
  type ImportMode,
  type KeptMemory,
  type KeyedDraft,
  type PlannedReading,
  type VisitDraft,
} from '@baoke/core/imports';
import { IDENTITY_CONSENT, keepIdNumber, searchTokens, type Searchable } from '@baoke/core/customers';
import type { CivilDate, CustomerId, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db, PoolClient } from '@baoke/db';
import {
  findOnFile,
  findWithdrawn,
  insertPhones,
  insertReadings,
  insertStaged,
  loadOwnerships,
  loadPhones,
  loadSearchables,
  loadStored,
  markDoubtfulReadings,
  markStoreItself,
  replaceTokens,
  saveOwnerships,
  Staging,
  updateRecords,
  type ImportedTable,
  type Journal,
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
  /** False in a dry run: everything is compared, nothing is written. */
  readonly write: boolean;
  /** Told before each step of writing. */
  readonly onStep?: ((step: WriteStep) => void) | undefined;
}

/** The steps of writing a file, in their order. */
export const WRITE_STEPS = ['staging', 'customers', 'vehicles', 'visits', 'others', 'tokens', 'journal', 'commit'] as const;
export type WriteStep = (typeof WRITE_STEPS)[number];

/** What a plan did: the rows by effect, warnings that the comparison found, and the journal to undo it by. */
export interface WriteResult {
  readonly createdRows: ReadonlySet<number>;
  readonly updatedRows: ReadonlySet<number>;
  readonly conflicts: readonly { readonly row: number; readonly column: string }[];
  /** Rows whose ID number was left out, because its holder has taken back the consent to keep it. */
  readonly withheldIds: ReadonlySet<number>;
  readonly journal: Journal;
  /** ID numbers that were kept, encrypted. */
  readonly idNumbers: number;
}

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

/**
 * Compares the plan of a file with what is stored and writes the difference, a table at a time and all its rows in one statement.
 *
 * Visits are offered while the file is still being read: PostgreSQL is at work on those of records on file while the next are understood;
 * the others are staged until those they refer to are written. Order matters to foreign keys: customers, phones, vehicles, ownerships, then
 * what happened to them. In a dry run the same comparison is made and nothing is written; `overlay` then carries what earlier files would
 * have left behind.
 */
export class PlanWriter {
  readonly #context: WriteContext;
  readonly #overlay: Overlay;
  readonly #effects = new Effects();
  readonly #changedVisits = new Map<string, Merged>();
  readonly #heldReadings: PlannedReading[] = [];
  /** Vehicles with readings that were not there before. */
  readonly #measured = new Set<string>();
  #arriving: Staging | undefined;
  #waiting: Staging | undefined;

  constructor(context: WriteContext, overlay: Overlay) {
    this.#context = context;
    this.#overlay = overlay;
  }

  /** Takes some of the file's visits, whose staff and categories are written, and readings of vehicles on file. */
  async addVisits(visits: readonly VisitDraft[], readings: readonly PlannedReading[]): Promise<void> {
    const { client, storeId, now, write, mode, onStep } = this.#context;
    if (visits.length > 0) {
      const known = await withoutUnmade('service_visits', visits, this.#context);
      const merged = await mergeKeyed('service_visits', known, this.#context, this.#overlay, this.#effects);
      if (write) {
        onStep?.('staging');
        for (const visit of merged.values()) {
          if (visit.isNew) this.#effects.make('service_visits', visit.id);
          else this.#changedVisits.set(visit.id, visit);
        }
        const waits = new Set(visits.flatMap((visit) => (visit.waits ? [visit.id] : [])));
        const fresh = [...merged.values()].filter((visit) => visit.isNew);
        const [waiting, arriving] = [fresh.filter(({ id }) => waits.has(id)), fresh.filter(({ id }) => !waits.has(id))];
        if (arriving.length > 0) {
          this.#arriving ??= await Staging.open(client, 'service_visits', stagedColumns('service_visits'), 'arriving');
          await this.#arriving.write(freshRows('service_visits', arriving, this.#context));
          await this.#arriving.insert(storeId, '', { created_at: now, updated_at: now });
        }
        if (waiting.length > 0) {
          this.#waiting ??= await Staging.open(client, 'service_visits', stagedColumns('service_visits'));
          await this.#waiting.write(freshRows('service_visits', waiting, this.#context));
        }
      }
    }
    // Which vehicles the other modes leave alone shows at the end.
    if (mode !== 'upsert') for (const reading of readings) this.#heldReadings.push(reading);
    else if (write) await this.#writeReadings(readings, () => false);
  }

  /** Writes everything else, then the visits. */
  async finish(plan: FilePlan): Promise<WriteResult> {
    const [context, overlay, effects] = [this.#context, this.#overlay, this.#effects];
    const { db, client, storeId, now, write, onStep } = context;
    onStep?.('customers');
    const orders = await withoutUnmade('orders', [...plan.orders.values()], context);
    const customers = await mergeTable('customers', firstDelivered(plan, orders, context), context, overlay, effects);
    const idNumbers = await sealIdNumbers(plan, customers, context, effects);
    await applyTable('customers', customers, context, effects);
    const phonesOf = await writePhones(plan, customers, context, overlay, effects);

    onStep?.('vehicles');
    const vehicles = await mergeTable('vehicles', plan.vehicles.values(), context, overlay, effects);
    const ownerships = await settleOwnerships(plan, vehicles, customers, context, overlay, effects);
    await applyTable('vehicles', vehicles, context, effects);
    if (write) await saveOwnerships(client, storeId, ownerships);

    onStep?.('visits');
    if (this.#waiting) await this.#waiting.insert(storeId, '', { created_at: now, updated_at: now });
    await applyTable('service_visits', this.#changedVisits, context, effects);
    onStep?.('others');
    const leads = await withoutUnmade('leads', [...plan.leads.values()], context);
    for (const [table, drafts] of [
      ['orders', orders],
      ['leads', leads],
    ] as const) {
      const merged = await mergeKeyed(table, drafts, context, overlay, effects);
      await applyTable(table, merged, context, effects);
    }
    if (write) {
      const taken = (reading: PlannedReading) => vehicles.get(reading.vehicleId)?.isNew ?? false;
      const known = (reading: PlannedReading) => context.mode !== 'create' && vehicles.has(reading.vehicleId);
      const readings = [...this.#heldReadings, ...plan.readings].filter((reading) => taken(reading) || known(reading));
      await this.#writeReadings(readings, taken);
      await markDoubtfulReadings(db, storeId, [...this.#measured]);
    }
    await writePolicies(plan, vehicles, context, overlay, effects);
    onStep?.('tokens');
    if (write) {
      await writeTokens(plan, customers, vehicles, phonesOf, ownerships, context);
      if (plan.storeItself !== null) await markStoreItself(db, storeId, plan.storeItself);
    }
    if (context.mode !== 'update') for (const row of plan.creatingRows) effects.created.add(row);
    return {
      createdRows: effects.created,
      updatedRows: effects.updated,
      conflicts: effects.conflicts,
      withheldIds: effects.withheldIds,
      journal: effects.journal,
      idNumbers,
    };
  }

  /** Writes readings; those of a vehicle that the file made go with it when it is undone. */
  async #writeReadings(readings: readonly PlannedReading[], ofNewVehicle: (reading: PlannedReading) => boolean): Promise<void> {
    const { client, storeId } = this.#context;
    const rowOf = new Map<string, PlannedReading>();
    for (const reading of readings) {
      const key = `${reading.vehicleId}|${reading.readOn}|${reading.mileageKm}`;
      if (!rowOf.has(key)) rowOf.set(key, reading);
    }
    const added = await insertReadings(client, storeId, [...rowOf.values()]);
    for (const reading of added) {
      const { vehicleId, readOn, mileageKm, row } = reading;
      this.#measured.add(vehicleId);
      if (ofNewVehicle(reading)) continue;
      this.#effects.updated.add(row);
      this.#effects.makeKeyed('mileage_readings', { vehicle_id: vehicleId, read_on: readOn, mileage_km: mileageKm });
    }
  }
}

/** What the files before would have left behind in a dry run, beside what is stored; empty otherwise. */
export class Overlay {
  readonly records = new Map<string, StoredRow>();
  readonly keys = new Map<string, Map<string, StoredRow>>();
  readonly phones = new Map<string, PhoneRow[]>();
  readonly ownerships = new Map<string, OwnershipRow[]>();

  remember(table: ImportedTable, key: string, row: StoredRow): void {
    const rows = this.keys.get(table);
    if (rows) rows.set(key, row);
    else this.keys.set(table, new Map([[key, row]]));
  }

  find(table: ImportedTable, key: string): StoredRow | undefined {
    return this.keys.get(table)?.get(key);
  }
}

class Effects {
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
type Merged = MergedNew | MergedStored;

/** What a column holds once the record is written. */
function valueOf(table: MergedTable, { values, draft, before }: Merged, column: string): unknown {
  if (column in values) return values[column];
  return draft ? (draft.columns[column] ?? draft.maxima[column] ?? DEFAULTS[table]?.[column]) : before?.[column];
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

async function mergeTable(
  table: MergedTable,
  drafts: Iterable<Draft>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
  stored = new Map<string, StoredRow>(),
): Promise<Map<string, Merged>> {
  const { db, storeId, kind, mode, write } = context;
  const all = [...drafts];
  const unknown = all.filter(({ id, isNew }) => !isNew && !overlay.records.has(id) && !stored.has(id)).map((draft) => draft.id);
  for (const row of await loadStored(db, storeId, table, 'id', unknown, [...COLUMNS[table], 'imported'])) stored.set(row.id, row);
  const merged = new Map<string, Merged>();
  for (const draft of all) {
    const { id, columns: incoming, maxima } = draft;
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
      kind,
      mode,
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
async function withoutUnmade(table: KeyedTable, drafts: readonly KeyedDraft[], context: WriteContext): Promise<readonly KeyedDraft[]> {
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

/** The customers of a plan. An order that mode update leaves out delivers no car, so it is no first delivery either. */
function firstDelivered(plan: FilePlan, orders: readonly KeyedDraft[], { mode }: WriteContext): Iterable<Draft> {
  if (mode !== 'update' || orders.length === plan.orders.size) return plan.customers.values();
  const first = new Map<string, string>();
  for (const { columns } of orders) {
    const [id, on] = [text(columns['customer_id']), text(columns['delivered_on'])];
    const known = first.get(id);
    if (on !== '' && (known === undefined || on < known)) first.set(id, on);
  }
  return [...plan.customers.values()].map((draft) =>
    'first_delivered_on' in draft.columns
      ? { ...draft, columns: { ...draft.columns, first_delivered_on: first.get(draft.id) ?? null } }
      : draft,
  );
}

/** Merges records that are found by what they say, and notes which rows made one. */
async function mergeKeyed(
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
async function applyTable(table: MergedTable, merged: ReadonlyMap<string, Merged>, context: WriteContext, effects: Effects): Promise<void> {
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

function stagedColumns(table: MergedTable): readonly string[] {
  return ['id', ...COLUMNS[table], 'imported'];
}

/** New records as they are staged, made as they are written. */
function* freshRows(table: MergedTable, merged: Iterable<Merged>, { kind }: WriteContext): Generator<StagedRow> {
  for (const one of merged) {
    if (!one.isNew) continue;
    const row: StagedValue[] = [one.id];
    // Scalars are all that an import puts into columns.
    for (const column of COLUMNS[table]) row.push((valueOf(table, one, column) ?? null) as ColumnValue);
    row.push(JSON.stringify(memoryOfNew(table, one, kind)));
    yield row;
  }
}

/**
 * Puts encrypted ID numbers beside the customers who have none yet; answers how many. The basis that the import records for its file is
 * overruled by the person who has taken back his consent.
 */
async function sealIdNumbers(
  plan: FilePlan,
  customers: ReadonlyMap<string, Merged>,
  context: WriteContext,
  effects: Effects,
): Promise<number> {
  const { db, openVault, mode, write, storeId } = context;
  const wanted = [...plan.idNumbers].flatMap(([id, told]) => {
    const customer = customers.get(id);
    // A number on file stays: it was checked against the document, the file was not.
    return !customer || (!customer.isNew && (mode === 'create' || customer.before['id_number_tail'])) ? [] : [{ id, customer, ...told }];
  });
  const onFile = wanted.filter(({ customer }) => !customer.isNew).map(({ id }) => id);
  const withdrawn = await findWithdrawn(db, storeId, onFile, IDENTITY_CONSENT);
  const kept = wanted.filter(({ id, document, row }) => {
    const verdict = keepIdNumber(document, !withdrawn.has(id));
    if (!verdict.ok) effects.withheldIds.add(row);
    return verdict.ok;
  });
  if (!openVault || !write || kept.length === 0) return 0;
  const vault = await openVault();
  for (const { id, customer, number, document } of kept) {
    const sealed = vault.seal(storeId, id as CustomerId, number);
    Object.assign(customer.values, {
      id_document: document,
      id_number_cipher: `\\x${sealed.cipher.toString('hex')}`,
      id_number_index: `\\x${sealed.index.toString('hex')}`,
      id_number_tail: sealed.tail,
    });
  }
  return kept.length;
}

async function writePhones(
  plan: FilePlan,
  customers: ReadonlyMap<string, Merged>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<Set<string>> {
  const known = new Map<string, PhoneRow[]>();
  const stored = [...plan.phones.keys()].filter((id) => customers.get(id)?.isNew === false && !overlay.phones.has(id));
  for (const phone of await loadPhones(context.db, context.storeId, stored))
    known.set(phone.customerId, [...(known.get(phone.customerId) ?? []), phone]);
  const added: PhoneRow[] = [];
  const changed = new Set<string>();
  for (const [customerId, phones] of plan.phones) {
    const customer = customers.get(customerId);
    if (!customer || (!customer.isNew && context.mode === 'create')) continue;
    const numbers = [...(overlay.phones.get(customerId) ?? known.get(customerId) ?? [])];
    for (const { phone, row } of phones.values()) {
      if (numbers.some((number) => number.e164 === phone.e164)) continue;
      const number: PhoneRow = {
        customerId,
        e164: phone.e164,
        kind: phone.kind,
        rank: Math.max(0, ...numbers.map((other) => other.rank)) + 1,
      };
      numbers.push(number);
      added.push(number);
      changed.add(customerId);
      if (customer.isNew) continue;
      effects.updated.add(row);
      effects.makeKeyed('customer_phones', { customer_id: customerId, e164: phone.e164 });
    }
    if (!context.write) overlay.phones.set(customerId, numbers);
  }
  if (context.write) await insertPhones(context.client, context.storeId, added);
  return changed;
}

/**
 * Who owns which vehicle since when. Only an owner who is new to the vehicle moves anything: of all its owners the one seen with it last is
 * the present one, and the periods of the others end when they were last seen with it, or when he took over.
 */
async function settleOwnerships(
  plan: FilePlan,
  vehicles: ReadonlyMap<string, Merged>,
  customers: ReadonlyMap<string, Merged>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<OwnershipRow[]> {
  const planned = new Map<string, FilePlan['ownerships'][number][]>();
  for (const ownership of plan.ownerships) {
    if (!vehicles.has(ownership.vehicleId) || !customers.has(ownership.customerId)) continue;
    const same = planned.get(ownership.vehicleId);
    if (same) same.push(ownership);
    else planned.set(ownership.vehicleId, [ownership]);
  }
  const known = new Map<string, OwnershipRow[]>();
  const stored = [...planned.keys()].filter((id) => vehicles.get(id)?.isNew === false && !overlay.ownerships.has(id));
  for (const row of await loadOwnerships(context.db, context.storeId, stored))
    known.set(row.vehicleId, [...(known.get(row.vehicleId) ?? []), row]);
  const saved: OwnershipRow[] = [];
  for (const [vehicleId, claims] of planned) {
    const vehicle = vehicles.get(vehicleId);
    if (!vehicle) continue;
    const before = overlay.ownerships.get(vehicleId) ?? known.get(vehicleId) ?? [];
    const fresh = claims.filter((claim) => !before.some((row) => row.customerId === claim.customerId));
    if (fresh.length === 0 || (!vehicle.isNew && context.mode === 'create')) continue;
    // To mode update a new owner is a change of his vehicle.
    for (const claim of fresh) if (claim.isNew) (context.mode === 'update' ? effects.updated : effects.created).add(claim.row);
    const seen = new Map<string, { fromOn: CivilDate | null; toOn: CivilDate | null; seenOn: string; order: number }>();
    for (const row of before)
      seen.set(row.customerId, { fromOn: row.fromOn, toOn: row.toOn, seenOn: row.toOn ?? row.fromOn ?? '', order: 0 });
    for (const [at, claim] of claims.entries()) {
      const owner = seen.get(claim.customerId);
      const seenOn = claim.seenOn ?? '';
      seen.set(claim.customerId, {
        fromOn: owner?.fromOn ?? claim.fromOn,
        toOn: owner?.toOn ?? null,
        seenOn: owner && owner.seenOn > seenOn ? owner.seenOn : seenOn,
        order: at + 1,
      });
    }
    const ranked = [...seen].sort(([, a], [, b]) => (a.seenOn === b.seenOn ? a.order - b.order : a.seenOn < b.seenOn ? -1 : 1));
    const [presentId, present] = ranked.at(-1) ?? [];
    if (presentId === undefined || present === undefined) continue;
    const rows = ranked.map(([customerId, owner]): OwnershipRow => {
      if (customerId === presentId) return { vehicleId, customerId, fromOn: owner.fromOn, toOn: null };
      const last = (owner.toOn ?? (owner.seenOn || null) ?? present.fromOn ?? context.today) as CivilDate;
      const end = present.fromOn !== null && present.fromOn > last ? present.fromOn : last;
      return { vehicleId, customerId, fromOn: owner.fromOn, toOn: owner.fromOn !== null && owner.fromOn > end ? owner.fromOn : end };
    });
    saved.push(...rows);
    if (!context.write) overlay.ownerships.set(vehicleId, rows);
    if (vehicle.isNew || vehicle.before?.['owner_id'] !== presentId) vehicle.values['owner_id'] = presentId;
    if (vehicle.isNew) continue;
    for (const row of rows) {
      const old = before.find((candidate) => candidate.customerId === row.customerId);
      effects.journal.changed.push({
        entity: 'ownerships',
        entityId: vehicleId,
        key: { vehicle_id: vehicleId, customer_id: row.customerId, role: 'owner' },
        before: old ? { from_on: old.fromOn, to_on: old.toOn } : null,
        after: { from_on: row.fromOn, to_on: row.toOn },
      });
    }
  }
  return saved;
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function writePolicies(
  plan: FilePlan,
  vehicles: ReadonlyMap<string, Merged>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<void> {
  const wanted = new Map<string, FilePlan['policies'][number]>();
  for (const policy of plan.policies) {
    const vehicle = vehicles.get(policy.vehicleId);
    if (!vehicle || (!vehicle.isNew && context.mode === 'create')) continue;
    const key = `${policy.vehicleId}|${policy.kind}|${policy.expiresOn}`;
    const known = wanted.get(key);
    if (!known || (known.insurer === null && policy.insurer !== null)) wanted.set(key, policy);
  }
  const stored = new Map<string, StoredRow>();
  const vehicleIds = [...new Set([...wanted.values()].map((policy) => policy.vehicleId))].filter((id) => vehicles.get(id)?.isNew === false);
  for (const row of await loadStored(context.db, context.storeId, 'insurance_policies', 'vehicle_id', vehicleIds))
    stored.set(`${text(row['vehicle_id'])}|${text(row['kind'])}|${text(row['expires_on'])}`, row);
  const inserts: (Record<string, ColumnValue> & { id: string })[] = [];
  const updates: { id: string; insurer: string }[] = [];
  for (const [key, { vehicleId, kind, insurer, expiresOn, row }] of wanted) {
    const known = overlay.find('insurance_policies', key) ?? stored.get(key);
    if (known) {
      if (insurer === null || known['insurer'] !== null) continue;
      updates.push({ id: known.id, insurer });
      effects.updated.add(row);
      effects.journal.changed.push({
        entity: 'insurance_policies',
        entityId: known.id,
        key: null,
        before: { insurer: null },
        after: { insurer },
      });
      continue;
    }
    const id = context.newId();
    inserts.push({ id, vehicle_id: vehicleId, kind, insurer, expires_on: expiresOn });
    if (vehicles.get(vehicleId)?.isNew === false) effects.updated.add(row);
    effects.make('insurance_policies', id);
  }
  if (!context.write) {
    for (const policy of inserts) {
      const key = `${text(policy['vehicle_id'])}|${text(policy['kind'])}|${text(policy['expires_on'])}`;
      overlay.remember('insurance_policies', key, policy);
    }
    return;
  }
  const columns = ['id', 'vehicle_id', 'kind', 'insurer', 'expires_on'];
  const rows = inserts.map(({ id, ...policy }): StagedRow => [id, ...columns.slice(1).map((column) => policy[column] ?? null)]);
  await insertStaged(context.client, context.storeId, 'insurance_policies', columns, rows);
  await updateRecords(context.client, context.storeId, 'insurance_policies', context.now, updates);
}

/** Customers whose name, numbers or cars changed are found by them from now on. */
async function writeTokens(
  plan: FilePlan,
  customers: ReadonlyMap<string, Merged>,
  vehicles: ReadonlyMap<string, Merged>,
  phonesOf: ReadonlySet<string>,
  ownerships: readonly OwnershipRow[],
  { db, client, storeId }: WriteContext,
): Promise<void> {
  const affected = new Set<string>(phonesOf);
  const carsOf = new Map<string, Merged[]>();
  for (const { customerId } of ownerships) affected.add(customerId);
  for (const vehicle of vehicles.values()) {
    const owner = valueOf('vehicles', vehicle, 'owner_id');
    if (typeof owner !== 'string') continue;
    if (vehicle.isNew || 'plate' in vehicle.values || 'vin' in vehicle.values) affected.add(owner);
    const cars = carsOf.get(owner);
    if (cars) cars.push(vehicle);
    else carsOf.set(owner, [vehicle]);
  }
  const stale = [...affected].filter((id) => !customers.get(id)?.isNew);
  const searchables = await loadSearchables(db, storeId, stale);
  // Of a customer whom this file made, everything is at hand.
  const made = function* () {
    for (const customer of customers.values()) {
      if (!customer.isNew) continue;
      const { id } = customer;
      const told = (column: 'plate' | 'vin') =>
        (carsOf.get(id) ?? []).map((car) => text(valueOf('vehicles', car, column))).filter((sign) => sign !== '');
      const phones = [...(plan.phones.get(id)?.keys() ?? [])];
      yield { id, name: text(valueOf('customers', customer, 'name')), phones, plates: told('plate'), vins: told('vin') };
    }
  };
  const tokens = function* () {
    yield* tokensOf(searchables);
    yield* tokensOf(made());
  };
  await replaceTokens(db, client, storeId, tokens(), stale);
}

/** Made as they are written: some sixteen of each customer would fill the memory. */
export function* tokensOf(searchables: Iterable<Searchable & { readonly id: string }>): Generator<{ customerId: string; token: string }> {
  for (const customer of searchables) for (const token of searchTokens(customer)) yield { customerId: customer.id, token };
}

import {
  firstMemory,
  keptMemory,
  memoryOf,
  mergeRecord,
  type Columns,
  type ColumnValue,
  type Draft,
  type FilePlan,
  type ImportMemory,
  type ImportMode,
  type KeptMemory,
  type KeyedDraft,
} from '@baoke/core/imports';
import { searchTokens } from '@baoke/core/customers';
import type { CivilDate, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import {
  insertPhones,
  insertReadings,
  insertRecords,
  loadOwnerships,
  loadPhones,
  loadSearchables,
  loadStored,
  markStoreItself,
  replaceTokens,
  saveOwnerships,
  updateRecords,
  type ImportedTable,
  type JournalEntry,
  type OwnershipRow,
  type PhoneRow,
  type StoredRow,
} from '@baoke/db/imports';

/** An encrypted ID number as the customer file keeps it. */
export interface SealedIdNumber {
  readonly cipher: Buffer;
  readonly index: Buffer;
  readonly tail: string;
}

export interface WriteContext {
  readonly storeId: StoreId;
  readonly mode: ImportMode;
  readonly now: Instant;
  readonly today: CivilDate;
  readonly staffId: StaffId | null;
  readonly newId: () => string;
  /** Encrypts ID numbers; without a key they are not kept at all. */
  readonly sealIdNumber: ((number: string) => SealedIdNumber) | null;
  /** False in a dry run: everything is compared, nothing is written. */
  readonly write: boolean;
}

/** What a plan did: the rows by effect, warnings that the comparison found, and the journal to undo it by. */
export interface WriteResult {
  readonly createdRows: ReadonlySet<number>;
  readonly updatedRows: ReadonlySet<number>;
  readonly conflicts: readonly { readonly row: number; readonly column: string }[];
  readonly journal: readonly JournalEntry[];
}

/** Columns that an import may fill. What a file says beyond them is only remembered beside the record. */
const COLUMNS = {
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

/** Columns that must hold something where the file is silent. */
const DEFAULTS: Readonly<Partial<Record<MergedTable, Columns>>> = {
  vehicles: { vin_check: 'unchecked', sold_by_us: false },
  service_visits: { is_refund: false },
  leads: { complete: false },
};

/**
 * Compares a plan with what is stored and writes the difference, a table at a time and thousands of rows a statement.
 *
 * Order matters to foreign keys: customers, phones, vehicles, ownerships, then what happened to them. In a dry run the same comparison is made
 * and nothing is written; `overlay` then carries what earlier files would have left behind.
 */
export async function writePlan(db: Db, plan: FilePlan, context: WriteContext, overlay: Overlay): Promise<WriteResult> {
  const effects = new Effects();
  const customers = await mergeTable(db, 'customers', plan.customers.values(), plan, context, overlay, effects);
  await sealIdNumbers(plan, customers, context);
  await applyTable(db, 'customers', customers, context, effects);
  const phonesOf = await writePhones(db, plan, customers, context, overlay, effects);

  const vehicles = await mergeTable(db, 'vehicles', plan.vehicles.values(), plan, context, overlay, effects);
  const ownerships = await settleOwnerships(db, plan, vehicles, customers, context, overlay, effects);
  await applyTable(db, 'vehicles', vehicles, context, effects);
  if (context.write) await saveOwnerships(db, context.storeId, ownerships);

  for (const table of ['service_visits', 'orders', 'leads'] as const) {
    const drafts = await settleKeys(db, table, plan, context, overlay);
    const merged = await mergeTable(db, table, drafts, plan, context, overlay, effects);
    for (const draft of drafts) {
      if (!draft.isNew || !merged.has(draft.id)) continue;
      effects.created.add(draft.row);
      const planned = overlay.records.get(draft.id);
      if (!context.write && planned) overlay.remember(table, planned);
    }
    await applyTable(db, table, merged, context, effects);
  }
  await writeReadings(db, plan, vehicles, context, effects);
  await writePolicies(db, plan, vehicles, context, overlay, effects);
  if (context.write) {
    await writeTokens(db, context.storeId, customers, vehicles, phonesOf, ownerships);
    if (plan.storeItself !== null) await markStoreItself(db, context.storeId, plan.storeItself);
  }
  if (context.mode !== 'update') for (const row of plan.creatingRows) effects.created.add(row);
  return { createdRows: effects.created, updatedRows: effects.updated, conflicts: effects.conflicts, journal: effects.journal };
}

/** What the files before would have left behind in a dry run, beside what is stored; empty otherwise. */
export class Overlay {
  readonly records = new Map<string, StoredRow>();
  readonly keys = new Map<string, StoredRow[]>();
  readonly phones = new Map<string, PhoneRow[]>();
  readonly ownerships = new Map<string, OwnershipRow[]>();

  remember(table: ImportedTable, row: StoredRow): void {
    const rows = this.keys.get(table);
    if (rows) rows.push(row);
    else this.keys.set(table, [row]);
  }
}

class Effects {
  readonly created = new Set<number>();
  readonly updated = new Set<number>();
  readonly conflicts: { row: number; column: string }[] = [];
  readonly journal: JournalEntry[] = [];
}

interface Merged {
  readonly id: string;
  readonly isNew: boolean;
  /** The row as it stands before; undefined for a new one. */
  readonly before: StoredRow | undefined;
  /** All importable columns of a new row, the changed ones of a stored one. */
  readonly values: Record<string, unknown>;
  memory: ImportMemory;
  memoryChanged: boolean;
}

async function mergeTable(
  db: Db,
  table: MergedTable,
  drafts: Iterable<Draft>,
  plan: FilePlan,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<Map<string, Merged>> {
  const all = [...drafts];
  const stored = new Map<string, StoredRow>();
  const unknown = all.filter((draft) => !draft.isNew && !overlay.records.has(draft.id)).map((draft) => draft.id);
  for (const row of await loadStored(db, context.storeId, table, 'id', unknown)) stored.set(row.id, row);
  const merged = new Map<string, Merged>();
  for (const draft of all) {
    const incoming = Object.fromEntries([...draft.columns].map(([column, { value }]) => [column, value]));
    const maxima = Object.fromEntries([...draft.maxima].map(([column, { value }]) => [column, value]));
    const before = overlay.records.get(draft.id) ?? stored.get(draft.id);
    if (!before) {
      if (context.mode === 'update') continue;
      const values: Record<string, unknown> = {};
      for (const column of COLUMNS[table]) values[column] = incoming[column] ?? maxima[column] ?? DEFAULTS[table]?.[column] ?? null;
      merged.set(draft.id, {
        id: draft.id,
        isNew: true,
        before: undefined,
        values,
        memory: firstMemory(incoming, values as Columns, DEFAULTS[table] ?? {}, plan.kind),
        memoryChanged: true,
      });
      continue;
    }
    // Stored rows come as JSON of scalar columns beside the memory, which this module alone writes; the merge reads scalar columns only.
    const merge = mergeRecord({
      stored: before as unknown as Columns,
      memory: memoryOf(before['imported'] as KeptMemory | null | undefined),
      incoming,
      maxima,
      kind: plan.kind,
      mode: context.mode,
    });
    for (const column of Object.keys(merge.patch)) {
      const row = draft.columns.get(column)?.row ?? draft.maxima.get(column)?.row;
      if (row !== undefined) effects.updated.add(row);
    }
    for (const column of merge.conflicts) effects.conflicts.push({ row: draft.columns.get(column)?.row ?? 0, column });
    merged.set(draft.id, {
      id: draft.id,
      isNew: false,
      before,
      values: { ...merge.patch },
      memory: merge.memory,
      memoryChanged: merge.memoryChanged,
    });
  }
  if (!context.write) {
    for (const { id, before, values, memory } of merged.values()) overlay.records.set(id, { ...before, ...values, id, imported: memory });
  }
  return merged;
}

/** Writes new rows and changed ones, and what undoing takes. */
async function applyTable(
  db: Db,
  table: MergedTable,
  merged: ReadonlyMap<string, Merged>,
  context: WriteContext,
  effects: Effects,
): Promise<void> {
  if (!context.write) return;
  const { storeId, now, staffId } = context;
  const people = table === 'customers' || table === 'vehicles' ? { created_by: staffId, updated_by: staffId } : {};
  const inserts: Record<string, unknown>[] = [];
  const updates: (Record<string, unknown> & { id: string })[] = [];
  for (const { id, isNew, before, values, memory: remembered, memoryChanged } of merged.values()) {
    const memory = keptMemory(remembered, (before ?? values) as Columns);
    if (isNew) {
      inserts.push({
        store_id: storeId,
        id,
        ...values,
        imported: memory,
        version: 1,
        created_at: now,
        updated_at: now,
        ...people,
        ...(table === 'customers' ? NEW_CUSTOMER : table === 'vehicles' ? NEW_VEHICLE : {}),
      });
      effects.journal.push({ entity: table, entityId: id, key: null, before: null, after: null });
    } else if (Object.keys(values).length > 0 || memoryChanged) {
      updates.push({ id, ...values, ...(memoryChanged ? { imported: memory } : {}) });
      // A memory alone need not be taken back: what the file said is what stands there.
      const columns = Object.keys(values);
      if (columns.length === 0) continue;
      const old = Object.fromEntries(columns.map((column) => [column, before?.[column] ?? null]));
      effects.journal.push({
        entity: table,
        entityId: id,
        key: null,
        before: memoryChanged ? { ...old, imported: before?.['imported'] ?? null } : old,
        after: values,
      });
    }
  }
  await insertRecords(db, table, inserts);
  await updateRecords(db, storeId, table, now, updates);
}

/** Columns without a default of their own when a row comes from JSON. */
const NEW_CUSTOMER = { is_fleet: false, is_vip: false, is_difficult: false, is_store_itself: false, status: 'active', reachable: true };
const NEW_VEHICLE = { status: 'in_use' };

async function sealIdNumbers(plan: FilePlan, customers: ReadonlyMap<string, Merged>, { sealIdNumber, mode }: WriteContext): Promise<void> {
  if (!sealIdNumber) return;
  for (const [id, { number, document }] of plan.idNumbers) {
    const customer = customers.get(id);
    // A number on file stays: it was checked against the document, the file was not.
    if (!customer || (!customer.isNew && (mode === 'create' || customer.before?.['id_number_tail']))) continue;
    const sealed = sealIdNumber(number);
    Object.assign(customer.values, {
      id_document: document,
      id_number_cipher: `\\x${sealed.cipher.toString('hex')}`,
      id_number_index: `\\x${sealed.index.toString('hex')}`,
      id_number_tail: sealed.tail,
    });
  }
}

async function writePhones(
  db: Db,
  plan: FilePlan,
  customers: ReadonlyMap<string, Merged>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<Set<string>> {
  const known = new Map<string, PhoneRow[]>();
  const stored = [...plan.phones.keys()].filter((id) => customers.get(id)?.isNew === false && !overlay.phones.has(id));
  for (const phone of await loadPhones(db, context.storeId, stored))
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
      effects.journal.push({
        entity: 'customer_phones',
        entityId: customerId,
        key: { customer_id: customerId, e164: phone.e164 },
        before: null,
        after: null,
      });
    }
    if (!context.write) overlay.phones.set(customerId, numbers);
  }
  if (context.write) await insertPhones(db, context.storeId, added);
  return changed;
}

/**
 * Who owns which vehicle since when. Only an owner who is new to the vehicle moves anything: of all its owners the one seen with it last is
 * the present one, and the periods of the others end when they were last seen with it, or when he took over.
 */
async function settleOwnerships(
  db: Db,
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
  for (const row of await loadOwnerships(db, context.storeId, stored)) known.set(row.vehicleId, [...(known.get(row.vehicleId) ?? []), row]);
  const saved: OwnershipRow[] = [];
  for (const [vehicleId, claims] of planned) {
    const vehicle = vehicles.get(vehicleId);
    if (!vehicle) continue;
    const before = overlay.ownerships.get(vehicleId) ?? known.get(vehicleId) ?? [];
    const fresh = claims.filter((claim) => !before.some((row) => row.customerId === claim.customerId));
    if (fresh.length === 0 || (!vehicle.isNew && context.mode === 'create')) continue;
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
      effects.journal.push({
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
  db: Db,
  table: 'service_visits' | 'orders' | 'leads',
  plan: FilePlan,
  context: WriteContext,
  overlay: Overlay,
): Promise<KeyedDraft[]> {
  const drafts = [...(table === 'service_visits' ? plan.visits : table === 'orders' ? plan.orders : plan.leads).values()];
  if (drafts.length === 0) return [];
  const column = table === 'service_visits' ? 'order_no' : 'customer_id';
  const values = [...new Set(drafts.map((draft) => String(draft.columns.get(column)?.value)))];
  const stored = await loadStored(db, context.storeId, table, column, values);
  const byKey = new Map<string, StoredRow>();
  const openOrders = new Map<string, StoredRow>();
  for (const row of [...stored, ...(overlay.keys.get(table) ?? [])]) {
    byKey.set(keyOf(table, row), row);
    if (table === 'orders' && row['vehicle_id'] === null && row['state'] === 'open')
      openOrders.set(`${text(row['customer_id'])}|${text(row['ordered_on'])}`, row);
  }
  const settled: KeyedDraft[] = [];
  for (const draft of drafts) {
    let row = byKey.get(draft.key);
    if (!row && table === 'orders') {
      // An order that was open and had no car yet is the same order once it is delivered.
      const place = draft.key.slice(0, draft.key.lastIndexOf('|'));
      row = openOrders.get(place);
      openOrders.delete(place);
    }
    settled.push(row ? { ...draft, id: row.id, isNew: false } : draft);
    if (row && !overlay.records.has(row.id)) overlay.records.set(row.id, row);
  }
  return settled;
}

function keyOf(table: 'service_visits' | 'orders' | 'leads', row: StoredRow): string {
  if (table === 'service_visits') return text(row['order_no']);
  if (table === 'leads') return `${text(row['customer_id'])}|${text(row['registered_on'])}`;
  return `${text(row['customer_id'])}|${text(row['ordered_on'])}|${text(row['vehicle_id'])}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function writeReadings(
  db: Db,
  plan: FilePlan,
  vehicles: ReadonlyMap<string, Merged>,
  context: WriteContext,
  effects: Effects,
): Promise<void> {
  if (!context.write) return;
  const rowOf = new Map<string, FilePlan['readings'][number]>();
  for (const reading of plan.readings) {
    const vehicle = vehicles.get(reading.vehicleId);
    if (!vehicle || (!vehicle.isNew && context.mode === 'create')) continue;
    const key = `${reading.vehicleId}|${reading.readOn}|${reading.mileageKm}`;
    if (!rowOf.has(key)) rowOf.set(key, reading);
  }
  const added = await insertReadings(
    db,
    context.storeId,
    [...rowOf.values()].map(({ row: _row, ...reading }) => reading),
  );
  for (const reading of added) {
    if (vehicles.get(reading.vehicleId)?.isNew) continue;
    const row = rowOf.get(`${reading.vehicleId}|${reading.readOn}|${reading.mileageKm}`)?.row;
    if (row !== undefined) effects.updated.add(row);
    effects.journal.push({
      entity: 'mileage_readings',
      entityId: reading.vehicleId,
      key: { vehicle_id: reading.vehicleId, read_on: reading.readOn, mileage_km: reading.mileageKm },
      before: null,
      after: null,
    });
  }
}

async function writePolicies(
  db: Db,
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
  for (const row of [
    ...(await loadStored(db, context.storeId, 'insurance_policies', 'vehicle_id', vehicleIds)),
    ...(overlay.keys.get('insurance_policies') ?? []),
  ]) {
    stored.set(`${text(row['vehicle_id'])}|${text(row['kind'])}|${text(row['expires_on'])}`, row);
  }
  const inserts: (Record<string, ColumnValue> & { id: string })[] = [];
  const updates: { id: string; insurer: string }[] = [];
  for (const [key, { vehicleId, kind, insurer, expiresOn, row }] of wanted) {
    const known = stored.get(key);
    if (known) {
      if (insurer === null || known['insurer'] !== null) continue;
      updates.push({ id: known.id, insurer });
      effects.updated.add(row);
      effects.journal.push({ entity: 'insurance_policies', entityId: known.id, key: null, before: { insurer: null }, after: { insurer } });
      continue;
    }
    const id = context.newId();
    inserts.push({ store_id: context.storeId, id, vehicle_id: vehicleId, kind, insurer, expires_on: expiresOn });
    if (vehicles.get(vehicleId)?.isNew === false) effects.updated.add(row);
    effects.journal.push({ entity: 'insurance_policies', entityId: id, key: null, before: null, after: null });
  }
  if (!context.write) {
    for (const policy of inserts) overlay.remember('insurance_policies', policy);
    return;
  }
  await insertRecords(db, 'insurance_policies', inserts);
  await updateRecords(db, context.storeId, 'insurance_policies', context.now, updates);
}

/** Customers whose name, numbers or cars changed are found by them from now on. */
async function writeTokens(
  db: Db,
  storeId: StoreId,
  customers: ReadonlyMap<string, Merged>,
  vehicles: ReadonlyMap<string, Merged>,
  phonesOf: ReadonlySet<string>,
  ownerships: readonly OwnershipRow[],
): Promise<void> {
  const affected = new Set<string>(phonesOf);
  for (const customer of customers.values()) if (customer.isNew) affected.add(customer.id);
  for (const { customerId } of ownerships) affected.add(customerId);
  for (const vehicle of vehicles.values()) {
    const owner = vehicle.values['owner_id'] ?? vehicle.before?.['owner_id'];
    if (typeof owner === 'string' && (vehicle.isNew || 'plate' in vehicle.values || 'vin' in vehicle.values)) affected.add(owner);
  }
  const stale = [...affected].filter((id) => !customers.get(id)?.isNew);
  const searchables = await loadSearchables(db, storeId, [...affected]);
  await replaceTokens(
    db,
    storeId,
    searchables.flatMap(({ id, ...customer }) => searchTokens(customer).map((token) => ({ customerId: id, token }))),
    stale,
  );
}

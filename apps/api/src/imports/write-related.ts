import { beginPeriods, type ColumnValue, type FilePlan } from '@baoke/core/imports';
import { IDENTITY_CONSENT, keepIdNumber, searchTokens, type Searchable } from '@baoke/core/customers';
import { maxDate, type CivilDate, type CustomerId } from '@baoke/core/kernel';
import {
  findWithdrawn,
  insertPhones,
  insertStaged,
  loadOwnerships,
  loadPhones,
  loadSearchables,
  loadStored,
  replaceTokens,
  updateRecords,
  type OwnershipRow,
  type PhoneRow,
  type StagedRow,
  type StoredRow,
} from '@baoke/db/imports';
import type { Effects, Overlay } from './merge-rows.ts';
import { isLeft, type Merged, type WriteContext, text, valueOf } from './merge-rows.ts';

/**
 * Puts encrypted ID numbers beside the customers who have none yet; answers how many. The basis that the import records for its file is
 * overruled by the person who has taken back his consent.
 */
export async function sealIdNumbers(
  plan: FilePlan,
  customers: ReadonlyMap<string, Merged>,
  context: WriteContext,
  effects: Effects,
): Promise<number> {
  const { db, openVault, write, storeId } = context;
  const wanted = [...plan.idNumbers].flatMap(([id, told]) => {
    const customer = customers.get(id);
    // A number on file stays: it was checked against the document, the file was not.
    const stays = !customer || isLeft(context, customer) || (!customer.isNew && customer.before['id_number_tail']);
    return stays ? [] : [{ id, customer, ...told }];
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

export async function writePhones(
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
    if (!customer || isLeft(context, customer)) continue;
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
 * the present one, and the open periods of the others end when they were last seen with it, or when he took over. A period that has ended stays as
 * it is: whoever had the car before and has it again begins another.
 */
export async function settleOwnerships(
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
    if (isLeft(context, vehicle)) continue;
    const save = (rows: readonly OwnershipRow[]) => {
      saved.push(...rows);
      if (!context.write)
        overlay.ownerships.set(vehicleId, [...before.filter((row) => !rows.some((one) => isSamePeriod(one, row))), ...rows]);
      if (vehicle.isNew) return;
      for (const row of rows) {
        const old = before.find((one) => isSamePeriod(one, row));
        effects.journal.changed.push({
          entity: 'ownerships',
          entityId: vehicleId,
          key: { vehicle_id: vehicleId, customer_id: row.customerId, role: 'owner', period: row.period },
          before: old ? { from_on: old.fromOn, to_on: old.toOn } : null,
          after: { from_on: row.fromOn, to_on: row.toOn },
        });
      }
    };
    if (fresh.length === 0) {
      const begun = beginPeriods(before, claims);
      for (const { row } of begun) effects.updated.add(row);
      save(begun.map(({ period, fromOn }) => ({ ...period, fromOn })));
      continue;
    }
    // To mode update a new owner is a change of his vehicle.
    for (const claim of fresh) if (claim.isNew) (context.mode === 'update' ? effects.updated : effects.created).add(claim.row);
    type Owning = Pick<OwnershipRow, 'period' | 'fromOn' | 'toOn'> & {
      readonly seenOn: string;
      readonly startedOn: CivilDate | null;
      readonly order: number;
    };
    const seen = new Map<string, Owning>();
    const ended =
      before
        .map(({ toOn }) => toOn ?? '')
        .toSorted()
        .at(-1) ?? '';
    for (const { customerId, ...last } of before.toSorted((a, b) => a.period - b.period))
      // Whoever has the car has it since the last one left.
      seen.set(customerId, {
        ...last,
        seenOn: last.toOn ?? (last.fromOn !== null && last.fromOn > ended ? last.fromOn : ended),
        startedOn: null,
        order: last.toOn === null ? 1 : 0,
      });
    for (const [at, claim] of claims.entries()) {
      const owner = seen.get(claim.customerId);
      const seenOn = claim.seenOn ?? '';
      seen.set(claim.customerId, {
        period: owner?.period ?? 1,
        fromOn: owner?.fromOn ?? claim.fromOn,
        toOn: owner?.toOn ?? null,
        startedOn: claim.fromOn ?? owner?.startedOn ?? null,
        seenOn: owner && owner.seenOn > seenOn ? owner.seenOn : seenOn,
        order: at + 2,
      });
    }
    const ranked = [...seen].sort(([, a], [, b]) => (a.seenOn === b.seenOn ? a.order - b.order : a.seenOn < b.seenOn ? -1 : 1));
    // A car that had left its last owner, and nobody was seen with since, is that of whoever claims it without a day, or nobody's.
    const [presentId, present] =
      ranked.slice(-1).find(([, { toOn, seenOn }]) => toOn === null || seenOn > toOn) ??
      ranked.findLast(([, { toOn, seenOn }]) => toOn === null && seenOn === '') ??
      [];
    const begins = present?.toOn ? maxDate(present.toOn, present.startedOn ?? present.toOn) : (present?.fromOn ?? null);
    const rows = ranked.map(([customerId, owner]): OwnershipRow => {
      const { period, fromOn, toOn } = owner;
      if (customerId === presentId)
        return { vehicleId, customerId, period: toOn === null ? period : period + 1, fromOn: begins, toOn: null };
      if (toOn !== null) return { vehicleId, customerId, period, fromOn, toOn };
      const last = ((owner.seenOn || null) ?? begins ?? (ended || context.today)) as CivilDate;
      const end = begins !== null && begins > last ? begins : last;
      return { vehicleId, customerId, period, fromOn, toOn: fromOn !== null && fromOn > end ? fromOn : end };
    });
    save(rows);
    if (presentId !== undefined && (vehicle.isNew || vehicle.before?.['owner_id'] !== presentId)) vehicle.values['owner_id'] = presentId;
  }
  return saved;
}

function isSamePeriod(a: OwnershipRow, b: OwnershipRow): boolean {
  return a.customerId === b.customerId && a.period === b.period;
}

export async function writePolicies(
  plan: FilePlan,
  vehicles: ReadonlyMap<string, Merged>,
  context: WriteContext,
  overlay: Overlay,
  effects: Effects,
): Promise<void> {
  const wanted = new Map<string, FilePlan['policies'][number]>();
  for (const policy of plan.policies) {
    const vehicle = vehicles.get(policy.vehicleId);
    if (!vehicle || isLeft(context, vehicle)) continue;
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
export async function writeTokens(
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
  for (const { id, values } of customers.values()) if ('name' in values) affected.add(id);
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

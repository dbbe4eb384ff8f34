import type { Draft, FilePlan, KeyedDraft, PlannedReading, VisitDraft } from '@baoke/core/imports';
import {
  insertReadings,
  listFirstDeliveries,
  markDoubtfulReadings,
  markStoreItself,
  recountHabits,
  saveOwnerships,
  Staging,
  type Journal,
  type Visited,
} from '@baoke/db/imports';
import type { Overlay } from './merge-rows.ts';
import {
  Effects,
  type Merged,
  type WriteContext,
  applyTable,
  freshRows,
  isLeft,
  mergeKeyed,
  mergeTable,
  stagedColumns,
  text,
  valueOf,
  withoutUnmade,
} from './merge-rows.ts';
import { recountVisited, visitedBy } from './visited.ts';
import { sealIdNumbers, settleOwnerships, writePhones, writePolicies, writeTokens } from './write-related.ts';

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
    const drafts = await withoutUnmade('orders', [...plan.orders.values()], context);
    const orders = await mergeKeyed('orders', drafts, context, overlay, effects);
    const customers = await mergeTable(
      'customers',
      await withFirstDelivery(plan, drafts, orders, context, overlay),
      context,
      overlay,
      effects,
    );
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
    if (write) await recountVisited(db, client, storeId, [...this.#changedVisits.values()].flatMap(movedFrom), now);
    onStep?.('others');
    await applyTable('orders', orders, context, effects);
    const leads = await withoutUnmade('leads', [...plan.leads.values()], context);
    await applyTable('leads', await mergeKeyed('leads', leads, context, overlay, effects), context, effects);
    if (write) {
      const taken = (reading: PlannedReading) => vehicles.get(reading.vehicleId)?.isNew ?? false;
      const known = ({ vehicleId, row }: PlannedReading) => {
        const vehicle = vehicles.get(vehicleId);
        // A new visit brings its reading to a car that is left as it is.
        return vehicle !== undefined && (!isLeft(context, vehicle) || plan.creatingRows.has(row));
      };
      const readings = [...this.#heldReadings, ...plan.readings].filter((reading) => taken(reading) || known(reading));
      await this.#writeReadings(readings, taken);
      await markDoubtfulReadings(db, storeId, [...this.#measured]);
      await recountHabits(db, storeId, [...this.#measured]);
    }
    await writePolicies(plan, vehicles, context, overlay, effects);
    onStep?.('tokens');
    if (write) {
      await writeTokens(plan, customers, vehicles, phonesOf, ownerships, context);
      if (plan.storeItself !== null) await markStoreItself(db, storeId, plan.storeItself);
    }
    if (context.mode !== 'update') for (const row of plan.creatingRows) effects.created.add(row);
    // Mode create changes nothing that was on file: what a row has filled besides was made by this import.
    if (context.mode === 'create') {
      for (const row of effects.updated) effects.created.add(row);
      effects.updated.clear();
    }
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

/** Of whom a visit on file is the last no more, perhaps: it became another's, was of another day or is taken back. */
function movedFrom({ before, values }: Merged): Visited[] {
  const isMoved = ['customer_id', 'vehicle_id', 'arrived_on', 'is_refund'].some((column) => column in values);
  return before && isMoved ? visitedBy(before) : [];
}

/**
 * The customers of a plan, with the first delivery of those whose orders it holds: the earliest of these as they will stand and of the others on
 * file. A file of one order, or of one year, says nothing of those before.
 */
async function withFirstDelivery(
  plan: FilePlan,
  drafts: readonly KeyedDraft[],
  orders: ReadonlyMap<string, Merged>,
  { db, storeId }: WriteContext,
  overlay: Overlay,
): Promise<readonly Draft[]> {
  if (orders.size === 0) return [...plan.customers.values()];
  const first = new Map<string, string>();
  const take = (customerId: string, on: string) => {
    const known = first.get(customerId);
    if (on !== '' && (known === undefined || on < known)) first.set(customerId, on);
  };
  for (const order of orders.values()) take(text(valueOf('orders', order, 'customer_id')), text(valueOf('orders', order, 'delivered_on')));
  const others = { customers: [...first.keys()], except: [...orders.keys()] };
  for (const { customerId, on } of await listFirstDeliveries(db, storeId, others)) take(customerId, on);
  for (const row of overlay.keys.get('orders')?.values() ?? [])
    if (!orders.has(row.id) && first.has(text(row['customer_id']))) take(text(row['customer_id']), text(row['delivered_on']));

  const rows = new Map<string, number>();
  for (const { columns, row } of drafts) {
    const id = text(columns['customer_id']);
    if (!rows.has(id) || text(columns['delivered_on']) === first.get(id)) rows.set(id, row);
  }
  return [...plan.customers.values()].map((draft) => {
    const on = first.get(draft.id);
    if (on === undefined) return draft;
    return {
      ...draft,
      follows: { first_delivered_on: on },
      laterRows: { ...draft.laterRows, first_delivered_on: rows.get(draft.id) ?? draft.row },
    };
  });
}

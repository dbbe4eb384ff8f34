import type { Reach } from '@baoke/core/access';
import type { Standing } from '@baoke/core/customers';
import type { CivilDate, CustomerId, Fen, Instant, StaffId, StoreId, VehicleId, VisitId } from '@baoke/core/kernel';
import type { MileageReading, OwnershipRole, PolicyKind, Vehicle, VehicleFields, VinState } from '@baoke/core/vehicles';
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely';
import type { Db } from '../connect.ts';
import { customerWithinReach } from '../customers/reach.ts';
import { standingOf } from '../customers/standing.ts';

export type InsurancePolicy = { readonly kind: PolicyKind; readonly insurer: string | null; readonly expiresOn: CivilDate };

/** A vehicle with everything its page shows; phones whole. */
export type VehicleDetail = Vehicle & {
  readonly mayEdit: boolean;
  readonly owner: {
    readonly id: CustomerId;
    readonly name: string;
    readonly isFleet: boolean;
    readonly isVip: boolean;
    readonly isDifficult: boolean;
    readonly standing: Standing;
    readonly phone: string | null;
  } | null;
  readonly people: {
    readonly customerId: CustomerId;
    readonly name: string;
    readonly role: OwnershipRole;
    readonly from: CivilDate | null;
    readonly to: CivilDate | null;
    readonly visible: boolean;
  }[];
  readonly plates: { readonly plate: string; readonly from: CivilDate; readonly to: CivilDate | null }[];
  readonly policies: InsurancePolicy[];
  readonly readings: MileageReading[];
  readonly visits:
    | {
        readonly id: VisitId;
        readonly orderNo: string;
        readonly category: string;
        readonly arrivedOn: CivilDate;
        readonly mileageKm: number | null;
        readonly receivedFen: Fen | null;
        readonly advisorName: string | null;
      }[]
    | null;
};

/** A stored vehicle, locked, with the policies its form edits. */
export type StoredVehicle = Vehicle & { readonly policies: InsurancePolicy[] };

const COLUMNS = sql`v.id, v.version, v.vin, v.vin_check as "vinCheck", v.plate, v.engine_no as "engineNo", v.brand, v.model, v.configuration, v.transmission, v.colour,
  v.plated_on as "platedOn", v.purchased_on as "purchasedOn", v.sold_by_us as "soldByUs", v.delivered_on as "deliveredOn", v.first_service_on as "firstServiceOn",
  v.first_service_km as "firstServiceKm", v.warranty_until as "warrantyUntil", v.warranty_km as "warrantyKm", v.inspection_due_on as "inspectionDueOn",
  v.next_service_on as "nextServiceOn", v.next_service_km as "nextServiceKm", v.next_told_on as "nextToldOn", v.status, v.remark, v.owner_id as "ownerId", v.last_visit_on as "lastVisitOn",
  v.last_maintenance_on as "lastMaintenanceOn", v.last_maintenance_km as "lastMaintenanceKm",
  v.last_mileage_km as "lastMileageKm", v.last_mileage_on as "lastMileageOn", v.metres_per_day as "metresPerDay", v.maintenance_due_on as "maintenanceDueOn",
  (select coalesce(json_agg(json_build_object('kind', i.kind, 'insurer', i.insurer, 'expiresOn', i.expires_on) order by i.expires_on desc, i.kind), '[]')
    from insurance_policies i where i.store_id = v.store_id and i.vehicle_id = v.id) as policies`;

/** Vehicles a reach includes: those whose present owner it includes; cars of nobody belong to the whole store. `vehicle` names the table in the statement. */
export function vehicleWithinReach(reach: Reach, vehicle = 'v'): RawBuilder<boolean> {
  if (reach === 'everyone') return sql<boolean>`true`;
  const v = sql.table(vehicle);
  return sql<boolean>`exists (select from customers k where k.store_id = ${v}.store_id and k.id = ${v}.owner_id and ${customerWithinReach(reach, 'k')})`;
}

/** One vehicle with everything its page shows, in one statement; undefined outside the reach. `service` null: no visits are shown. */
export async function findVehicle(
  db: Db,
  storeId: StoreId,
  id: VehicleId,
  reach: { readonly view: Reach; readonly edit: Reach | null; readonly customers: Reach | null; readonly service: Reach | null },
): Promise<VehicleDetail | undefined> {
  const visible: RawBuilder<unknown> | Expression<SqlBool> =
    reach.customers === null ? sql`false` : customerWithinReach(reach.customers, 'o');
  const { rows } = await sql<{ vehicle: VehicleDetail }>`select to_json(x) as vehicle from (
    select ${COLUMNS}, ${reach.edit === null ? sql`false` : vehicleWithinReach(reach.edit)} as "mayEdit",
      (select json_build_object('id', o.id, 'name', o.name, 'isFleet', o.is_fleet, 'isVip', o.is_vip, 'isDifficult', o.is_difficult, 'standing', ${standingOf('o')},
          'phone', (select p.e164 from customer_phones p where p.store_id = o.store_id and p.customer_id = o.id order by p.rank limit 1))
        from customers o where o.store_id = v.store_id and o.id = v.owner_id and ${visible}) as owner,
      (select coalesce(json_agg(json_build_object('customerId', o.id, 'name', o.name, 'role', w.role, 'from', w.from_on, 'to', w.to_on, 'visible', ${visible}) order by w.to_on desc nulls first, w.from_on desc nulls last, w.period desc), '[]')
        from ownerships w join customers o on o.store_id = w.store_id and o.id = w.customer_id where w.store_id = v.store_id and w.vehicle_id = v.id) as people,
      (select coalesce(json_agg(json_build_object('plate', p.plate, 'from', p.from_on, 'to', p.to_on) order by p.to_on desc nulls first, p.from_on desc), '[]')
        from plate_periods p where p.store_id = v.store_id and p.vehicle_id = v.id) as plates,
      (select coalesce(json_agg(r), '[]') from (select read_on as "readOn", mileage_km as "mileageKm", source, doubtful from mileage_readings
        where store_id = v.store_id and vehicle_id = v.id order by read_on desc, mileage_km desc limit 50) r) as readings,
      ${
        reach.service === null
          ? sql`null`
          : sql`(select coalesce(json_agg(r), '[]') from (select n.id, n.order_no as "orderNo", n.category, n.arrived_on as "arrivedOn", n.mileage_km as "mileageKm", n.received_fen as "receivedFen", s.name as "advisorName"
        from service_visits n left join staff s on s.store_id = n.store_id and s.id = n.advisor_id
        where n.store_id = v.store_id and n.vehicle_id = v.id order by n.arrived_on desc limit 30) r)`
      } as visits
    from vehicles v where v.store_id = ${storeId} and v.id = ${id} and ${vehicleWithinReach(reach.view)}) x`.execute(db);
  return rows[0]?.vehicle;
}

/** The vehicle with this id that the reach includes, locked for the transaction; undefined otherwise. */
export async function lockVehicle(db: Db, storeId: StoreId, id: VehicleId, reach: Reach): Promise<StoredVehicle | undefined> {
  const { rows } = await sql<{ vehicle: StoredVehicle }>`select to_json(x) as vehicle from (
    select ${COLUMNS} from vehicles v where v.store_id = ${storeId} and v.id = ${id} and ${vehicleWithinReach(reach)} for no key update of v) x`.execute(
    db,
  );
  return rows[0]?.vehicle;
}

/** Another vehicle of the store with this VIN: its id and owner. */
export async function findByVin(
  db: Db,
  storeId: StoreId,
  vin: string,
  except: VehicleId | null,
): Promise<{ id: VehicleId; ownerId: CustomerId | null } | undefined> {
  const row = await db
    .selectFrom('vehicles')
    .select(['id', 'owner_id'])
    .where('store_id', '=', storeId)
    .where('vin', '=', vin)
    .executeTakeFirst();
  return row && row.id !== except ? { id: row.id as VehicleId, ownerId: row.owner_id as CustomerId | null } : undefined;
}

/** Another vehicle of the store with this plate that nobody has looked at yet. */
export async function findByPlate(
  db: Db,
  storeId: StoreId,
  plate: string,
  seen: readonly VehicleId[],
): Promise<{ id: VehicleId } | undefined> {
  const { rows } = await sql<{ id: VehicleId }>`select id from vehicles
    where store_id = ${storeId} and plate = ${plate} and id <> all(${[...seen]}::uuid[]) order by id limit 1`.execute(db);
  return rows[0];
}

function columnsOf(fields: VehicleFields, vinCheck: VinState): Record<string, unknown> {
  return {
    vin: fields.vin,
    vin_check: vinCheck,
    plate: fields.plate,
    engine_no: fields.engineNo,
    brand: fields.brand,
    model: fields.model,
    configuration: fields.configuration,
    transmission: fields.transmission,
    colour: fields.colour,
    plated_on: fields.platedOn,
    purchased_on: fields.purchasedOn,
    sold_by_us: fields.soldByUs,
    delivered_on: fields.deliveredOn,
    first_service_on: fields.firstServiceOn,
    first_service_km: fields.firstServiceKm,
    warranty_until: fields.warrantyUntil,
    warranty_km: fields.warrantyKm,
    inspection_due_on: fields.inspectionDueOn,
    next_service_on: fields.nextServiceOn,
    next_service_km: fields.nextServiceKm,
    status: fields.status,
    remark: fields.remark,
  };
}

type Written = { readonly by: StaffId; readonly at: Instant; readonly on: CivilDate };

/** Writes a new vehicle with its owner and plate as of a day. Search tokens of the owner are the caller's to refresh. */
export async function insertVehicle(
  db: Db,
  storeId: StoreId,
  vehicle: { readonly id: VehicleId; readonly fields: VehicleFields; readonly vinCheck: VinState; readonly ownerId: CustomerId },
  { by, at, on }: Written,
): Promise<void> {
  const values = {
    ...columnsOf(vehicle.fields, vehicle.vinCheck),
    store_id: storeId,
    id: vehicle.id,
    owner_id: vehicle.ownerId,
    created_at: at,
    created_by: by,
    updated_at: at,
    updated_by: by,
  };
  await sql`insert into vehicles (${sql.join(Object.keys(values).map((name) => sql.ref(name)))}) values (${sql.join(Object.values(values))})`.execute(
    db,
  );
  const from = vehicle.fields.deliveredOn ?? vehicle.fields.purchasedOn;
  await db
    .insertInto('ownerships')
    .values({ store_id: storeId, vehicle_id: vehicle.id, customer_id: vehicle.ownerId, role: 'owner', from_on: from, to_on: null })
    .execute();
  if (vehicle.fields.plate !== null)
    await db
      .insertInto('plate_periods')
      .values({
        store_id: storeId,
        vehicle_id: vehicle.id,
        plate: vehicle.fields.plate,
        from_on: vehicle.fields.platedOn ?? on,
        to_on: null,
      })
      .execute();
}

/** Saves the changed fields of a vehicle and raises its version; a changed plate ends the period of the old one. The caller holds the lock. */
export async function saveVehicle(
  db: Db,
  storeId: StoreId,
  before: StoredVehicle,
  fields: VehicleFields,
  vinCheck: VinState,
  { by, at, on }: Written,
): Promise<number> {
  const values = { ...columnsOf(fields, vinCheck), updated_at: at, updated_by: by };
  const set = Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  const { rows } = await sql<{
    version: number;
  }>`update vehicles set ${sql.join(set)}, version = version + 1 where store_id = ${storeId} and id = ${before.id} returning version`.execute(
    db,
  );
  const [saved] = rows;
  if (!saved) throw new Error(`vehicle ${before.id} was locked and is gone`);
  if (fields.plate !== before.plate) {
    await sql`update plate_periods set to_on = greatest(from_on, ${on}::date) where store_id = ${storeId} and vehicle_id = ${before.id} and to_on is null`.execute(
      db,
    );
    if (fields.plate !== null) {
      await sql`insert into plate_periods (store_id, vehicle_id, plate, from_on) values (${storeId}, ${before.id}, ${fields.plate}, ${on})
        on conflict (store_id, vehicle_id, plate, from_on) do update set to_on = null`.execute(db);
    }
  }
  return saved.version;
}

/** Makes the policies of a vehicle these. */
export async function replacePolicies(
  db: Db,
  storeId: StoreId,
  vehicleId: VehicleId,
  policies: readonly (InsurancePolicy & { readonly id: string })[],
): Promise<void> {
  await db.deleteFrom('insurance_policies').where('store_id', '=', storeId).where('vehicle_id', '=', vehicleId).execute();
  if (policies.length === 0) return;
  await db
    .insertInto('insurance_policies')
    .values(
      policies.map((p) => ({
        store_id: storeId,
        id: p.id,
        vehicle_id: vehicleId,
        kind: p.kind,
        insurer: p.insurer,
        expires_on: p.expiresOn,
      })),
    )
    .execute();
}

/** All readings of a vehicle, earliest first. */
export async function listReadings(db: Db, storeId: StoreId, vehicleId: VehicleId): Promise<MileageReading[]> {
  const rows = await db
    .selectFrom('mileage_readings')
    .select(['read_on', 'mileage_km', 'source', 'doubtful'])
    .where('store_id', '=', storeId)
    .where('vehicle_id', '=', vehicleId)
    .orderBy('read_on')
    .orderBy('mileage_km')
    .execute();
  return rows.map((r) => ({
    readOn: r.read_on as CivilDate,
    mileageKm: r.mileage_km,
    source: r.source as MileageReading['source'],
    doubtful: r.doubtful,
  }));
}

/** Adds a reading; the vehicle remembers the latest sound one and the habit worked out of all. Readings are facts: the version stays. */
export async function insertReading(
  db: Db,
  storeId: StoreId,
  vehicleId: VehicleId,
  reading: MileageReading,
  metresPerDay: number | null,
): Promise<void> {
  await db
    .insertInto('mileage_readings')
    .values({
      store_id: storeId,
      vehicle_id: vehicleId,
      read_on: reading.readOn,
      mileage_km: reading.mileageKm,
      source: reading.source,
      doubtful: reading.doubtful,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
  if (reading.doubtful) return;
  await sql`update vehicles set metres_per_day = ${metresPerDay},
      last_mileage_km = case when last_mileage_on is null or last_mileage_on <= ${reading.readOn} then ${reading.mileageKm} else last_mileage_km end,
      last_mileage_on = greatest(last_mileage_on, ${reading.readOn}::date)
    where store_id = ${storeId} and id = ${vehicleId}`.execute(db);
}

/** Ends the period of the present owner: the car is nobody's we know until it is given to somebody. */
export async function endOwning(db: Db, storeId: StoreId, vehicleId: VehicleId, on: CivilDate): Promise<void> {
  await sql`update ownerships set to_on = greatest(from_on, ${on}::date) where store_id = ${storeId} and vehicle_id = ${vehicleId} and role = 'owner' and to_on is null`.execute(
    db,
  );
  await db.updateTable('vehicles').set({ owner_id: null }).where('store_id', '=', storeId).where('id', '=', vehicleId).execute();
}

/**
 * Opens the period of the last owner again, for the car never left him; answers him. Null where the car has an owner, never had one, or its last
 * is nobody's file any more.
 */
export async function reopenOwning(db: Db, storeId: StoreId, vehicleId: VehicleId): Promise<CustomerId | null> {
  const { rows } = await sql<{ id: CustomerId }>`with last as (
      select customer_id, period from ownerships where store_id = ${storeId} and vehicle_id = ${vehicleId} and role = 'owner'
      order by to_on desc nulls first, from_on desc nulls last, period desc limit 1),
    back as (update ownerships o set to_on = null from last, customers k
      where o.store_id = ${storeId} and o.vehicle_id = ${vehicleId} and o.role = 'owner' and o.customer_id = last.customer_id and o.period = last.period
        and k.store_id = o.store_id and k.id = o.customer_id and k.status in ('active', 'deceased')
        and exists (select from vehicles v where v.store_id = o.store_id and v.id = o.vehicle_id and v.owner_id is null)
      returning o.customer_id)
    update vehicles v set owner_id = back.customer_id from back where v.store_id = ${storeId} and v.id = ${vehicleId} returning v.owner_id as id`.execute(
    db,
  );
  return rows[0]?.id ?? null;
}

/** The latest day on which anybody known began to own the vehicle; null where no beginning is known. */
export async function findOwnedSince(db: Db, storeId: StoreId, vehicleId: VehicleId): Promise<CivilDate | null> {
  const { since } = await db
    .selectFrom('ownerships')
    .select(({ fn }) => fn.max('from_on').as('since'))
    .where('store_id', '=', storeId)
    .where('vehicle_id', '=', vehicleId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow();
  return since as CivilDate | null;
}

/**
 * Ends the period of the present owner and begins one of another, a new one also where he had the car before; history stays with the vehicle.
 * A past period that lasts beyond `from` ends then. Whoever owns the car already goes on. Answers the new version.
 */
export async function changeOwner(
  db: Db,
  storeId: StoreId,
  vehicle: { readonly id: VehicleId; readonly ownerId: CustomerId | null },
  to: CustomerId,
  from: CivilDate,
  { by, at }: Written,
): Promise<number> {
  await sql`update ownerships set to_on = greatest(from_on, ${from}::date) where store_id = ${storeId} and vehicle_id = ${vehicle.id} and role = 'owner'
    and case when to_on is null then customer_id <> ${to} else to_on > ${from} end`.execute(db);
  await sql`insert into ownerships (store_id, vehicle_id, customer_id, role, period, from_on)
    select ${storeId}, ${vehicle.id}, ${to}, 'owner', coalesce(max(period), 0) + 1, ${from} from ownerships
    where store_id = ${storeId} and vehicle_id = ${vehicle.id} and customer_id = ${to} and role = 'owner'
    having coalesce(bool_and(to_on is not null), true)`.execute(db);
  const row = await db
    .updateTable('vehicles')
    .set({ owner_id: to, status: 'in_use', updated_at: at, updated_by: by, version: sql`version + 1` })
    .where('store_id', '=', storeId)
    .where('id', '=', vehicle.id)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

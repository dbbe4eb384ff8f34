import { mergeEdit, maskPhone } from '@baoke/core/customers';
import { dateIn, type CivilDate, type CustomerId, type VehicleId } from '@baoke/core/kernel';
import * as rules from '@baoke/core/vehicles';
import type { VehicleFields, VinState } from '@baoke/core/vehicles';
import type { CreateVehicleInput, mileageInput, ownerInput, UpdateVehicleInput, VehicleView } from '@baoke/core/vehicles/wire';
import type { Db } from '@baoke/db';
import { lockCustomer, lockLikeness, refreshSearchTokens } from '@baoke/db/customers';
import type { StoreHome } from '@baoke/db/stores';
import {
  changeOwner,
  endOwning,
  findByPlate,
  findByVin,
  findOwnedSince,
  findVehicle,
  insertReading,
  insertVehicle,
  listReadings,
  lockVehicle,
  reopenOwning,
  replacePolicies,
  saveVehicle,
  type InsurancePolicy,
  type StoredVehicle,
} from '@baoke/db/vehicles';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { reachOrNone } from '../customers/card.ts';
import { BLANK_VEHICLE } from '../customers/create.ts';
import { readPlateText, readVinText } from '../customers/fields.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';

type Saved = { vehicleId: VehicleId; version: number };
type Sent = Partial<{ [K in keyof VehicleFields]: VehicleFields[K] }>;

/** The vehicle's page, as far as the caller's role sees it. */
export function vehicleView(ctx: StaffContext, id: VehicleId): Promise<VehicleView> {
  const reach = {
    view: ctx.reach('vehicles', 'view'),
    edit: reachOrNone(ctx, 'vehicles', 'edit'),
    customers: reachOrNone(ctx, 'customers', 'view'),
    service: reachOrNone(ctx, 'service', 'view'),
  };
  return ctx.readStore(async (tx) => {
    const found = await findVehicle(tx, ctx.storeId, id, reach);
    if (!found) throw refusal('platform.not_found');
    const { owner, people, mayEdit, ownerId: _, metresPerDay: __, maintenanceDueOn: ___, ...shown } = found;
    return {
      ...shown,
      expectedMileageKm: rules.expectedMileageKm(found, dateIn(ctx.zone, ctx.now)),
      nextSpent: rules.isNextSpent(found),
      maintenanceDue: rules.maintenanceDue(found),
      owner: owner && {
        id: owner.id,
        name: owner.name,
        isFleet: owner.isFleet,
        isVip: owner.isVip,
        isDifficult: owner.isDifficult,
        standing: owner.standing,
        phoneMasked: owner.phone && maskPhone(owner.phone),
      },
      people: people.map(({ visible, customerId, name, ...period }) => ({
        ...period,
        customerId: visible ? customerId : null,
        name: visible ? name : null,
      })),
      may: { edit: mayEdit },
    };
  });
}

// What was sent in its stored form; fields that were not sent are not in the answer.
function readSent(
  sent: Partial<Record<keyof VehicleFields, unknown>>,
  home: StoreHome,
  vinReason: string | null | undefined,
): { fields: Sent; vinCheck: VinState | undefined } {
  const fields = Object.fromEntries(
    Object.entries(sent).filter(([field, value]) => field in BLANK_VEHICLE && value !== undefined),
  ) as Record<string, unknown>;
  let vinCheck: VinState | undefined;
  if (typeof fields['vin'] === 'string') {
    const read = readVinText(fields['vin'], vinReason);
    fields['vin'] = read.vin;
    vinCheck = read.vinCheck;
  }
  if (typeof fields['plate'] === 'string') fields['plate'] = readPlateText(fields['plate'], home);
  return { fields: fields as Sent, vinCheck };
}

function withIds(
  policies: readonly { kind: InsurancePolicy['kind']; insurer?: string | null | undefined; expiresOn: CivilDate }[],
): (InsurancePolicy & { id: string })[] {
  // One policy of a kind ends on one day: a line typed twice is one.
  const unique = new Map(policies.map((p) => [`${p.kind} ${p.expiresOn}`, p]));
  return [...unique.values()].map((p) => ({ id: newId(), kind: p.kind, insurer: p.insurer ?? null, expiresOn: p.expiresOn }));
}

/**
 * Refuses a VIN that is on file, and a plate that is, unless the vehicle with it was looked at: a plate may move to another car (spec 01
 * Rules). Who enters the same at once waits and is told as if he came after. What stays as it is (null) is not asked again.
 */
async function refuseKnown(
  tx: Db,
  ctx: StaffContext,
  { vin, plate }: Pick<VehicleFields, 'vin' | 'plate'>,
  { except, seen }: { readonly except: VehicleId | null; readonly seen: readonly VehicleId[] },
): Promise<void> {
  await lockLikeness(tx, ctx.storeId, { vin, plate });
  const [sameVin, samePlate] = await Promise.all([
    vin === null ? undefined : findByVin(tx, ctx.storeId, vin, except),
    plate === null ? undefined : findByPlate(tx, ctx.storeId, plate, except === null ? seen : [...seen, except]),
  ]);
  const told = (path: 'vin' | 'plate', code: 'vehicles.vin_on_file' | 'vehicles.plate_on_file', vehicleId: VehicleId) =>
    refusal(code, { fields: [{ path, code, params: { vehicleId } }] });
  if (sameVin) throw told('vin', 'vehicles.vin_on_file', sameVin.id);
  if (samePlate) throw told('plate', 'vehicles.plate_on_file', samePlate.id);
}

/** Files a vehicle under its owner (VEH-01, -04); one that was handed on or scrapped already under its former owner. */
export function createVehicle(ctx: StaffContext, input: CreateVehicleInput): Promise<Saved> {
  const reach = ctx.reach('vehicles', 'edit');
  return ctx.inStore(async (tx) => {
    const { customerId, policies, vinReason, seenVehicles: seen, ...sent } = input;
    const owner = await lockCustomer(tx, ctx.storeId, customerId, reach);
    if (!owner) throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
    const { fields: read, vinCheck } = readSent(sent, ctx.home, vinReason);
    const fields = orThrow(rules.checkVehicle<VehicleFields>({ ...BLANK_VEHICLE, ...read }));
    await refuseKnown(tx, ctx, fields, { except: null, seen });
    const id = newId<VehicleId>();
    const today = dateIn(ctx.zone, ctx.now);
    await insertVehicle(
      tx,
      ctx.storeId,
      { id, fields, vinCheck: vinCheck ?? 'unchecked', ownerId: customerId },
      { by: ctx.staffId, at: ctx.now, on: today },
    );
    const hasLeft = rules.hasLeftOwner(fields.status);
    if (hasLeft) await endOwning(tx, ctx.storeId, id, today);
    await replacePolicies(tx, ctx.storeId, id, withIds(policies));
    await refreshSearchTokens(tx, ctx.storeId, [customerId]);
    await recordChange(tx, ctx, {
      action: 'vehicles.create',
      entity: 'vehicle',
      entityId: id,
      after: { ...fields, ownerId: hasLeft ? null : customerId, policies, vinReason: vinReason ?? null },
      topic: 'vehicles',
    });
    return { vehicleId: id, version: 1 };
  });
}

/** Saves what somebody changed in a vehicle file; joined with what others changed as customer files are. A car handed on or scrapped leaves its owner, and comes back to him with the status. */
export function updateVehicle(ctx: StaffContext, input: UpdateVehicleInput): Promise<Saved> {
  return ctx.inStore(async (tx) => {
    const before = await toEdit(tx, ctx, input.vehicleId);
    const { policies, ...sent } = input.changes;
    const { fields: changes, vinCheck } = readSent(sent, ctx.home, input.vinReason);
    const stored = fieldsOf(before);
    const base = input.version === before.version ? {} : (input.base as Partial<VehicleFields>);
    const { merged, conflicts } = mergeEdit<VehicleFields>(stored, base, changes, input.version !== before.version);
    if (conflicts.length > 0) throw refusal('platform.conflict', { conflict: conflicts });
    const fields = orThrow(rules.checkVehicle(merged));
    const isNew = <K extends 'vin' | 'plate'>(field: K) => (fields[field] === before[field] ? null : fields[field]);
    await refuseKnown(tx, ctx, { vin: isNew('vin'), plate: isNew('plate') }, { except: before.id, seen: input.seenVehicles });
    const version = await saveVehicle(tx, ctx.storeId, before, fields, vinCheck ?? before.vinCheck, {
      by: ctx.staffId,
      at: ctx.now,
      on: dateIn(ctx.zone, ctx.now),
    });
    if (policies) await replacePolicies(tx, ctx.storeId, before.id, withIds(policies));
    const leaves = before.ownerId !== null && fields.status !== before.status && rules.hasLeftOwner(fields.status);
    if (leaves) await endOwning(tx, ctx.storeId, before.id, dateIn(ctx.zone, ctx.now));
    const back =
      before.ownerId === null && rules.returnsToOwner(before.status, fields.status) && (await reopenOwning(tx, ctx.storeId, before.id));
    if (back) await refreshSearchTokens(tx, ctx.storeId, [back]);
    if (before.ownerId && (leaves || fields.plate !== before.plate || fields.vin !== before.vin))
      await refreshSearchTokens(tx, ctx.storeId, [before.ownerId]);
    await recordChange(tx, ctx, {
      action: 'vehicles.update',
      entity: 'vehicle',
      entityId: before.id,
      before: { ...stored, ...(policies ? { policies: before.policies } : {}), ...(leaves || back ? { ownerId: before.ownerId } : {}) },
      after: {
        ...fields,
        ...(policies ? { policies } : {}),
        ...(vinCheck === 'wrong' ? { vinReason: input.vinReason } : {}),
        ...(leaves || back ? { ownerId: back || null } : {}),
      },
      topic: 'vehicles',
    });
    return { vehicleId: before.id, version };
  });
}

async function toEdit(tx: Db, ctx: StaffContext, id: VehicleId): Promise<StoredVehicle> {
  const vehicle = await lockVehicle(tx, ctx.storeId, id, ctx.reach('vehicles', 'edit'));
  if (!vehicle) throw refusal('platform.not_found');
  return vehicle;
}

function fieldsOf(vehicle: StoredVehicle): VehicleFields {
  return Object.fromEntries(Object.keys(BLANK_VEHICLE).map((field) => [field, vehicle[field as keyof VehicleFields]])) as VehicleFields;
}

/** Notes the mileage somebody told or read; a doubtful one is kept and marked (VEH-05). */
export function addMileage(
  ctx: StaffContext,
  input: z.output<typeof mileageInput>,
): Promise<{ doubtful: boolean; metresPerDay: number | null }> {
  return ctx.inStore(async (tx) => {
    const vehicle = await toEdit(tx, ctx, input.vehicleId);
    const today = dateIn(ctx.zone, ctx.now);
    const readings = await listReadings(tx, ctx.storeId, vehicle.id);
    const reading = orThrow(
      rules.addReading(readings, { readOn: input.readOn ?? today, mileageKm: input.mileageKm, source: 'call' }, today),
    );
    const daily = reading.doubtful ? vehicle.metresPerDay : rules.metresPerDay([...readings, reading]);
    await insertReading(tx, ctx.storeId, vehicle.id, reading, daily);
    await recordChange(tx, ctx, {
      action: 'vehicles.addMileage',
      entity: 'vehicle',
      entityId: vehicle.id,
      after: reading,
      topic: 'vehicles',
    });
    return { doubtful: reading.doubtful, metresPerDay: daily };
  });
}

/**
 * Gives the car to another customer from a day on: its history stays with it, the person's data with the person. Refuses, in the field `from`, a day
 * before the present owner's period.
 */
export function changeVehicleOwner(ctx: StaffContext, input: z.output<typeof ownerInput>): Promise<Saved> {
  return ctx.inStore(async (tx) => {
    const vehicle = await toEdit(tx, ctx, input.vehicleId);
    if (input.version !== vehicle.version)
      throw refusal('platform.conflict', {
        conflict: [{ field: 'ownerId', yours: input.customerId, theirs: vehicle.ownerId, original: null }],
      });
    const to = await lockCustomer(tx, ctx.storeId, input.customerId, ctx.reach('customers', 'view'));
    if (!to) throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
    const today = dateIn(ctx.zone, ctx.now);
    const from = input.from ?? today;
    const begins = rules.beginOwning(from, await findOwnedSince(tx, ctx.storeId, vehicle.id), today);
    if (!begins.ok) throw refusal(begins.refusal, { fields: [{ path: 'from', code: begins.refusal }] });
    const version = await changeOwner(tx, ctx.storeId, vehicle, input.customerId, from, {
      by: ctx.staffId,
      at: ctx.now,
      on: today,
    });
    await refreshSearchTokens(
      tx,
      ctx.storeId,
      [vehicle.ownerId, input.customerId].filter((id): id is CustomerId => id !== null),
    );
    await recordChange(tx, ctx, {
      action: 'vehicles.changeOwner',
      entity: 'vehicle',
      entityId: vehicle.id,
      before: { ownerId: vehicle.ownerId },
      after: { ownerId: input.customerId, from },
      topic: 'vehicles',
    });
    return { vehicleId: vehicle.id, version };
  });
}

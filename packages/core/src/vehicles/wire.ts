import { z } from 'zod';
import { markedCustomer } from '../customers/marked.ts';
import type { CustomerId, VehicleId, VisitId } from '../kernel/index.ts';
import { dateOut, fenOut, id, idOut, line, mayBeEmpty, recordDate, text } from '../kernel/wire.ts';
import { OWNERSHIP_ROLES, POLICY_KINDS, TRANSMISSIONS, VEHICLE_STATUSES, VIN_STATES } from './model.ts';

const vehicleId = id<VehicleId>();
const version = z.number().int().positive();
const km = z.number().int().min(0).max(3_000_000);

const fields = {
  /** As written on paper; I and O are read as 1 and 0. */
  vin: mayBeEmpty(line(40)),
  plate: mayBeEmpty(line(20)),
  engineNo: mayBeEmpty(line(40)),
  brand: mayBeEmpty(line(60)),
  model: mayBeEmpty(line(100)),
  configuration: mayBeEmpty(line(100)),
  transmission: z.enum(TRANSMISSIONS).nullable(),
  colour: mayBeEmpty(line(30)),
  platedOn: recordDate.nullable(),
  purchasedOn: recordDate.nullable(),
  soldByUs: z.boolean(),
  deliveredOn: recordDate.nullable(),
  firstServiceOn: recordDate.nullable(),
  firstServiceKm: km.nullable(),
  warrantyUntil: recordDate.nullable(),
  warrantyKm: km.nullable(),
  inspectionDueOn: recordDate.nullable(),
  nextServiceOn: recordDate.nullable(),
  nextServiceKm: km.nullable(),
  status: z.enum(VEHICLE_STATUSES),
  remark: mayBeEmpty(text(2000)),
};
const policyInput = z.strictObject({ kind: z.enum(POLICY_KINDS), insurer: mayBeEmpty(line(60)).optional(), expiresOn: recordDate });
/** Why a VIN is kept although its check digit is wrong. */
const vinReason = text(200).nullish();

const seenVehicles = z
  .array(vehicleId)
  .max(50)
  .default([])
  .meta({ description: 'vehicles on file with the same plate that were looked at and are others' });

export const vehicleInput = z.strictObject({ vehicleId });
export const createVehicleInput = z
  .strictObject(fields)
  .partial()
  .extend({ customerId: id<CustomerId>(), policies: z.array(policyInput).max(10).default([]), vinReason, seenVehicles });
export type CreateVehicleInput = z.output<typeof createVehicleInput>;
export const updateVehicleInput = z.strictObject({
  vehicleId,
  version,
  changes: z
    .strictObject(fields)
    .partial()
    .extend({ policies: z.array(policyInput).max(10).optional() }),
  /** What stood in those fields when the person began. */
  base: z.record(z.string().max(40), z.json()).default({}),
  vinReason,
  seenVehicles,
});
export type UpdateVehicleInput = z.output<typeof updateVehicleInput>;
export const mileageInput = z.strictObject({ vehicleId, mileageKm: km, readOn: recordDate.optional() });
export const ownerInput = z.strictObject({ vehicleId, version, customerId: id<CustomerId>(), from: recordDate.optional() });

export const vehicleSaved = z.object({ vehicleId: idOut<VehicleId>(), version: z.number() });
export const mileageSaved = z.object({ doubtful: z.boolean(), metresPerDay: z.number().nullable() });

export const vehicleView = z.object({
  id: idOut<VehicleId>(),
  version: z.number(),
  vin: z.string().nullable(),
  vinCheck: z.enum(VIN_STATES),
  plate: z.string().nullable(),
  engineNo: z.string().nullable(),
  brand: z.string().nullable(),
  model: z.string().nullable(),
  configuration: z.string().nullable(),
  transmission: z.enum(TRANSMISSIONS).nullable(),
  colour: z.string().nullable(),
  platedOn: dateOut.nullable(),
  purchasedOn: dateOut.nullable(),
  soldByUs: z.boolean(),
  deliveredOn: dateOut.nullable(),
  firstServiceOn: dateOut.nullable(),
  firstServiceKm: z.number().nullable(),
  warrantyUntil: dateOut.nullable(),
  warrantyKm: z.number().nullable(),
  inspectionDueOn: dateOut.nullable(),
  nextServiceOn: dateOut.nullable(),
  nextServiceKm: z.number().nullable(),
  /** The store's day on which it was told; null where that is not known or none was told. */
  nextToldOn: dateOut.nullable(),
  /** Whether the car has been maintained since: what was told rules no more. */
  nextSpent: z.boolean(),
  status: z.enum(VEHICLE_STATUSES),
  remark: z.string().nullable(),
  lastVisitOn: dateOut.nullable(),
  lastMileageKm: z.number().nullable(),
  lastMileageOn: dateOut.nullable(),
  expectedMileageKm: z.number().nullable(),
  maintenanceDue: z.object({ on: dateOut, by: z.enum(['date', 'mileage']) }).nullable(),
  owner: z
    .object({
      ...markedCustomer,
      phoneMasked: z.string().nullable(),
    })
    .nullable(),
  /** Present and former people of the car; names of those out of reach are not told. */
  people: z.array(
    z.object({
      customerId: idOut<CustomerId>().nullable(),
      name: z.string().nullable(),
      role: z.enum(OWNERSHIP_ROLES),
      from: dateOut.nullable(),
      to: dateOut.nullable(),
    }),
  ),
  plates: z.array(z.object({ plate: z.string(), from: dateOut, to: dateOut.nullable() })),
  policies: z.array(z.object({ kind: z.enum(POLICY_KINDS), insurer: z.string().nullable(), expiresOn: dateOut })),
  readings: z.array(z.object({ readOn: dateOut, mileageKm: z.number(), source: z.string(), doubtful: z.boolean() })),
  visits: z
    .array(
      z.object({
        id: idOut<VisitId>(),
        orderNo: z.string(),
        category: z.string(),
        arrivedOn: dateOut,
        mileageKm: z.number().nullable(),
        receivedFen: fenOut.nullable(),
        advisorName: z.string().nullable(),
      }),
    )
    .nullable(),
  may: z.object({ edit: z.boolean() }),
});
export type VehicleView = z.infer<typeof vehicleView>;

import { z } from 'zod';
import { COMPLAINT_KINDS, COMPLAINT_SOURCES, COMPLAINT_STATUSES, PAUSE_STATES, SEVERITIES } from '../complaints/index.ts';
import { CUSTOMER_KINDS, CUSTOMER_STATUSES, STANDINGS } from '../customers/index.ts';
import type { ComplaintId, CustomerId, DepartmentId, StaffId, VehicleId } from '../kernel/index.ts';
import { dateOut, fenOut, idOut, instant, instantOut, page } from '../kernel/wire.ts';
import { visitFacts } from '../service/wire.ts';
import { VEHICLE_STATUSES, VIN_STATES } from '../vehicles/index.ts';

/** Where a system that keeps in step begins, and where it goes on; neither: with the oldest record. */
export const changesInput = z
  .strictObject({
    updatedAfter: instant.optional().meta({ description: 'records changed after this instant; to begin with, later give `cursor`' }),
    ...page,
  })
  .refine((input) => input.updatedAfter === undefined || !input.cursor, {
    error: 'one_at_most',
    path: ['updatedAfter'],
    params: { values: 'updatedAfter, cursor' },
  });

function changesOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    items: z.array(row),
    /** Null only before the first record ever: what was given is given back when nothing is new. */
    nextCursor: z.string().nullable().meta({ description: 'keep it and send it next time, also when `more` is false' }),
    more: z.boolean().meta({ description: 'true: ask again at once' }),
  });
}

const stamps = { createdAt: instantOut, updatedAt: instantOut };

const changedCustomer = z.object({
  id: idOut<CustomerId>(),
  version: z.number(),
  status: z.enum(CUSTOMER_STATUSES),
  mergedInto: idOut<CustomerId>().nullable(),
  kind: z.enum(CUSTOMER_KINDS),
  name: z.string(),
  phoneMasked: z.string().nullable(),
  isFleet: z.boolean(),
  isVip: z.boolean(),
  isDifficult: z.boolean(),
  standing: z.enum(STANDINGS).meta({ description: '`given_up` and `deceased`: do not write or call of your own accord' }),
  /** False once every number was found wrong. */
  reachable: z.boolean(),
  city: z.string().nullable(),
  source: z.string().nullable(),
  consultantId: idOut<StaffId>().nullable(),
  advisorId: idOut<StaffId>().nullable(),
  firstDeliveredOn: dateOut.nullable(),
  lastVisitOn: dateOut.nullable(),
  verifiedOn: dateOut.nullable(),
  externalIds: z.array(z.object({ source: z.string(), id: z.string() })),
  ...stamps,
});
export type ChangedCustomer = z.infer<typeof changedCustomer>;
export const changedCustomers = changesOf(changedCustomer);

const changedVehicle = z.object({
  id: idOut<VehicleId>(),
  version: z.number(),
  status: z.enum(VEHICLE_STATUSES),
  ownerId: idOut<CustomerId>().nullable(),
  vin: z.string().nullable(),
  vinCheck: z.enum(VIN_STATES),
  plate: z.string().nullable(),
  brand: z.string().nullable(),
  model: z.string().nullable(),
  colour: z.string().nullable(),
  soldByUs: z.boolean(),
  purchasedOn: dateOut.nullable(),
  deliveredOn: dateOut.nullable(),
  warrantyUntil: dateOut.nullable(),
  inspectionDueOn: dateOut.nullable(),
  nextServiceOn: dateOut.nullable(),
  nextServiceKm: z.number().nullable(),
  lastVisitOn: dateOut.nullable(),
  lastMileageKm: z.number().nullable(),
  lastMileageOn: dateOut.nullable(),
  ...stamps,
});
export type ChangedVehicle = z.infer<typeof changedVehicle>;
export const changedVehicles = changesOf(changedVehicle);

const changedVisit = z.object({
  ...visitFacts,
  version: z.number(),
  customerId: idOut<CustomerId>().nullable(),
  vehicleId: idOut<VehicleId>().nullable(),
  advisorId: idOut<StaffId>().nullable(),
  ...stamps,
});
export type ChangedVisit = z.infer<typeof changedVisit>;
export const changedVisits = changesOf(changedVisit);

const changedComplaint = z.object({
  id: idOut<ComplaintId>(),
  version: z.number(),
  number: z.string(),
  status: z.enum(COMPLAINT_STATUSES),
  source: z.enum(COMPLAINT_SOURCES),
  kind: z.enum(COMPLAINT_KINDS),
  severity: z.enum(SEVERITIES),
  customerId: idOut<CustomerId>(),
  vehicleId: idOut<VehicleId>().nullable(),
  departmentId: idOut<DepartmentId>(),
  accusedId: idOut<StaffId>().nullable(),
  handlerId: idOut<StaffId>(),
  content: z.string(),
  registeredAt: instantOut,
  responseDueAt: instantOut,
  closeDueAt: instantOut,
  respondedAt: instantOut.nullable(),
  solvedAt: instantOut.nullable(),
  closedAt: instantOut.nullable(),
  goodwillFen: fenOut,
  reopenedCount: z.number(),
  pauseState: z
    .enum(PAUSE_STATES)
    .meta({ description: '`paused`: its promises stand still; `requested`: they run on until somebody approves' }),
  pausedUntil: instantOut
    .nullable()
    .meta({ description: 'when the clock runs on by itself, or would by what was asked for; null while it runs' }),
  ...stamps,
});
export type ChangedComplaint = z.infer<typeof changedComplaint>;
export const changedComplaints = changesOf(changedComplaint);

const removedRecord = z.object({ id: z.string(), removedAt: instantOut });
export type RemovedRecord = z.infer<typeof removedRecord>;
export const removedRecords = changesOf(removedRecord);

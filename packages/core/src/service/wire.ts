import { z } from 'zod';
import { markedCustomer } from '../customers/marked.ts';
import type { CustomerId, StaffId, VehicleId, VisitId } from '../kernel/index.ts';
import { civilDate, dateOut, exportAs, fenOut, id, idOut, page, paged, text } from '../kernel/wire.ts';

export const VISIT_STATES = ['open', 'settled'] as const;
export const VISIT_SORTS = ['arrivedOn'] as const;
export const listVisitsInput = z.strictObject({
  customerId: id<CustomerId>().optional(),
  vehicleId: id<VehicleId>().optional(),
  categories: z.array(text(40)).max(40).optional(),
  effective: z.boolean().optional(),
  state: z.enum(VISIT_STATES).optional(),
  advisorId: id<StaffId>().optional(),
  /** Number of the work order, whole or its beginning. */
  orderNo: text(40).optional(),
  plate: text(20).optional(),
  arrivedFrom: civilDate.optional(),
  /** The day after the last one. */
  arrivedTo: civilDate.optional(),
  descending: z.boolean().default(true),
  ...page,
});
export type VisitFilter = z.output<typeof listVisitsInput>;
export const exportVisitsInput = listVisitsInput.omit({ cursor: true, limit: true }).extend(exportAs);

/** What a work order says of a visit; lists and feeds add whose it is. */
export const visitFacts = {
  id: idOut<VisitId>(),
  orderNo: z.string(),
  category: z.string(),
  state: z.enum(VISIT_STATES),
  isRefund: z.boolean(),
  arrivedOn: dateOut,
  leftOn: dateOut.nullable(),
  settledOn: dateOut.nullable(),
  mileageKm: z.number().nullable(),
  labourFen: fenOut.nullable(),
  partsFen: fenOut.nullable(),
  discountFen: fenOut.nullable(),
  receivedFen: fenOut.nullable(),
  remark: z.string().nullable(),
};

export const visitRow = z.object({
  ...visitFacts,
  team: z.string().nullable(),
  advisor: z.object({ id: idOut<StaffId>(), name: z.string() }).nullable(),
  customer: z
    .object({
      ...markedCustomer,
    })
    .nullable(),
  vehicle: z.object({ id: idOut<VehicleId>(), plate: z.string().nullable(), model: z.string().nullable() }).nullable(),
});
export type VisitRow = z.infer<typeof visitRow>;
export const visitPage = paged(visitRow);

export const categories = z.object({
  categories: z.array(z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string(), effective: z.boolean() })),
});

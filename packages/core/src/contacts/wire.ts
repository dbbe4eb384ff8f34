import { z } from 'zod';
import type { ContactId, CustomerId, TaskId, VehicleId } from '../kernel/index.ts';
import { civilDate, id, idOut, instant, text } from '../kernel/wire.ts';
import { OUTCOMES } from '../tasks/index.ts';
import { CONTACT_CHANNELS, CONTACT_DIRECTIONS } from './model.ts';

export const recordContactInput = z.strictObject({
  customerId: id<CustomerId>(),
  vehicleId: id<VehicleId>().nullish(),
  channel: z.enum(CONTACT_CHANNELS).default('phone'),
  direction: z.enum(CONTACT_DIRECTIONS).default('out'),
  outcome: z.enum(OUTCOMES),
  content: text(2000).nullish(),
  satisfied: z.boolean().nullish(),
  appointmentAt: instant.nullish(),
  /** Left out: now. */
  occurredAt: instant.nullish(),
  /** Day of the next contact: becomes a task of whoever records. */
  nextOn: civilDate.nullish(),
});
export const contactRecorded = z.object({
  contactId: idOut<ContactId>(),
  taskId: idOut<TaskId>().nullable(),
  /** The customer was not satisfied: the screen offers to register a complaint. */
  suggestsComplaint: z.boolean(),
});

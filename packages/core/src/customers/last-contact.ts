import { z } from 'zod';
import type { ContactId } from '../kernel/index.ts';
import { idOut, instantOut } from '../kernel/wire.ts';

/** A contact as it stands in short beside what one calls about: what was said lately with the customer, on whatever matter. */
export const lastContact = z.object({
  id: idOut<ContactId>(),
  occurredAt: instantOut,
  channel: z.string(),
  outcome: z.string(),
  content: z.string().nullable(),
  satisfied: z.boolean().nullable(),
  staffName: z.string(),
});

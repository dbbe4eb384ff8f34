import { z } from 'zod';
import type { CustomerId } from '../kernel/index.ts';
import { idOut } from '../kernel/wire.ts';
import { STANDINGS } from './model.ts';

/** A customer where his name stands in rows of others: with the marks that stand wherever it does. */
export const markedCustomer = {
  id: idOut<CustomerId>(),
  name: z.string(),
  isFleet: z.boolean(),
  isVip: z.boolean(),
  isDifficult: z.boolean(),
  standing: z.enum(STANDINGS),
};

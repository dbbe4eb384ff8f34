import * as wire from '@baoke/core/contacts/wire';
import { may, router } from '../trpc.ts';
import { recordContact } from './record.ts';

export const contactsRouter = router({
  record: may('contacts', 'edit', { method: 'POST', path: '/contacts', summary: 'Record a contact with a customer' })
    .input(wire.recordContactInput)
    .output(wire.contactRecorded)
    .mutation(({ ctx, input }) => recordContact(ctx.staff, input)),
});

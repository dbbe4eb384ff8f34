import { record } from '@baoke/core/contacts';
import type { contactRecorded, recordContactInput } from '@baoke/core/contacts/wire';
import { dateIn, endOfDay, startOfDay, type ContactId, type TaskId } from '@baoke/core/kernel';
import { Ending } from '@baoke/db';
import { insertContact } from '@baoke/db/contacts';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';

/** The field of each refusal of a time. */
const FIELDS = {
  'contacts.outcome_needs_call': 'outcome',
  'contacts.in_future': 'occurredAt',
  'contacts.too_long_ago': 'occurredAt',
  'contacts.appointment_needs_time': 'appointmentAt',
  'contacts.appointment_in_past': 'appointmentAt',
  'contacts.appointment_too_far': 'appointmentAt',
  'contacts.next_in_past': 'nextOn',
  'contacts.next_too_far': 'nextOn',
} as const;

/** Records a contact; the day named for the next one becomes a task of whoever recorded it. */
export function recordContact(ctx: StaffContext, input: z.output<typeof recordContactInput>): Promise<z.output<typeof contactRecorded>> {
  const reach = ctx.reach('contacts', 'edit');
  const draft = {
    customerId: input.customerId,
    vehicleId: input.vehicleId ?? null,
    channel: input.channel,
    direction: input.direction,
    outcome: input.outcome,
    content: input.content ?? null,
    satisfied: input.satisfied ?? null,
    appointmentAt: input.appointmentAt ?? null,
    occurredAt: input.occurredAt ?? ctx.now,
    nextOn: input.nextOn ?? null,
  };
  const { contact: accepted, effects } = orThrow(record(draft, ctx.now, dateIn(ctx.zone, ctx.now)), FIELDS);
  const { nextOn: _, ...facts } = accepted;
  const contact = { ...facts, id: newId<ContactId>(), staffId: ctx.staffId };
  const { followUpOn } = effects;
  const followUp =
    followUpOn === null
      ? null
      : {
          id: newId<TaskId>(),
          role: ctx.role,
          showAt: startOfDay(ctx.zone, followUpOn),
          dueAt: endOfDay(ctx.zone, followUpOn),
          note: contact.content ?? '',
        };
  return ctx.inStore(async (tx) => {
    const written = await insertContact(tx, ctx.storeId, contact, effects, { reach, now: ctx.now, followUp });
    if (written === 'no_customer') throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
    if (written === 'no_vehicle') throw refusal('platform.not_found', { fields: [{ path: 'vehicleId', code: 'unknown_record' }] });
    return new Ending({ contactId: contact.id, taskId: followUp?.id ?? null, suggestsComplaint: effects.suggestsComplaint }, () => [
      recordChange(tx, ctx, {
        action: 'contacts.record',
        entity: 'contact',
        entityId: contact.id,
        after: { ...contact, followUpOn },
        topic: 'contacts',
      }),
    ]);
  });
}

import type { CustomerId } from '../kernel/index.ts';
import { at } from '../kernel/testing.ts';
import type { ContactDraft } from './model.ts';

/** A call of 1 November 2026 at 10:00 that reached the customer; change what the case is about. */
export function aContactDraft(change: Partial<ContactDraft> = {}): ContactDraft {
  return {
    customerId: 'customer' as CustomerId,
    vehicleId: null,
    channel: 'phone',
    direction: 'out',
    outcome: 'reached',
    content: '近期会来店保养',
    satisfied: null,
    appointmentAt: null,
    occurredAt: at('2026-11-01T10:00+08:00'),
    nextOn: null,
    ...change,
  };
}

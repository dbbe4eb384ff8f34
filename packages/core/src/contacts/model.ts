import type { CivilDate, ContactId, CustomerId, Instant, StaffId, VehicleId } from '../kernel/index.ts';
import type { Outcome } from '../tasks/index.ts';

export const CONTACT_CHANNELS = ['phone', 'sms', 'wechat', 'letter', 'email', 'visit_customer', 'visit_store', 'event'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export const CONTACT_DIRECTIONS = ['in', 'out'] as const;
export type ContactDirection = (typeof CONTACT_DIRECTIONS)[number];

/** A word exchanged with a customer, or the try. An event: it is added and never changed. */
export type Contact = {
  readonly id: ContactId;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly channel: ContactChannel;
  readonly direction: ContactDirection;
  readonly outcome: Outcome;
  readonly content: string | null;
  /** What the customer said of our work; null where he was not asked. */
  readonly satisfied: boolean | null;
  readonly appointmentAt: Instant | null;
  readonly occurredAt: Instant;
  readonly staffId: StaffId;
};

/** What somebody writes down of a contact. */
export type ContactDraft = Omit<Contact, 'id' | 'staffId'> & {
  /** The day on which he means to get in touch again. */
  readonly nextOn: CivilDate | null;
};

/** What a contact changes beside itself. */
export type ContactEffects = {
  /** He was spoken to: counts as the last contact. */
  readonly spoken: boolean;
  /** The number called is wrong. */
  readonly invalidatesPhone: boolean;
  /** A follow-up for whoever wrote the contact. */
  readonly followUpOn: CivilDate | null;
  /** He was not satisfied: a complaint should be registered. */
  readonly suggestsComplaint: boolean;
};

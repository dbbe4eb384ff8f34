import { accept, isTooFarAhead, refuse, type CivilDate, type Instant, type Verdict } from '../kernel/index.ts';
import { OUTCOME_MEANING, type Outcome } from '../tasks/index.ts';
import type { ContactChannel, ContactDraft, ContactEffects } from './model.ts';

export const CONTACT_REFUSALS = [
  'contacts.in_future',
  'contacts.too_long_ago',
  'contacts.outcome_needs_call',
  'contacts.appointment_needs_time',
  'contacts.appointment_in_past',
  'contacts.appointment_too_far',
  'contacts.next_in_past',
  'contacts.next_too_far',
] as const;
export type ContactRefusal = (typeof CONTACT_REFUSALS)[number];

/** The outcomes that fit a channel, the likeliest first. */
export function outcomesOf(channel: ContactChannel): readonly Outcome[] {
  switch (channel) {
    case 'phone':
      return ['reached', 'not_reached', 'appointment', 'call_back', 'refused', 'wrong_number'];
    case 'visit_customer':
    case 'visit_store':
    case 'event':
      return ['met', 'appointment', 'not_reached', 'refused'];
    case 'letter':
    case 'email':
    case 'sms':
    case 'wechat':
      return ['sent', 'reached', 'appointment', 'refused'];
  }
}

/** How far back a contact may be written down, in days: later its figures would move under reports already given. */
export const MAX_DAYS_BACK = 31;

/**
 * Records a contact and says what it changes.
 *
 * `today` is the store's day of `now`. Refuses what has not happened yet, an outcome the channel cannot have, an appointment without its
 * time, a next step in the past, and either more than two years ahead. Source: spec 01 customer card; requirements G-15.
 */
export function record(
  draft: ContactDraft,
  now: Instant,
  today: CivilDate,
): Verdict<{ readonly contact: ContactDraft; readonly effects: ContactEffects }, ContactRefusal> {
  if (draft.occurredAt > now) return refuse('contacts.in_future');
  if (Date.parse(now) - Date.parse(draft.occurredAt) > MAX_DAYS_BACK * 86_400_000) return refuse('contacts.too_long_ago');
  if (!outcomesOf(draft.channel).includes(draft.outcome)) return refuse('contacts.outcome_needs_call');
  if (draft.outcome === 'appointment' && draft.appointmentAt === null) return refuse('contacts.appointment_needs_time');
  if (draft.appointmentAt !== null && draft.appointmentAt <= draft.occurredAt) return refuse('contacts.appointment_in_past');
  if (draft.appointmentAt !== null && isTooFarAhead(draft.appointmentAt, now)) return refuse('contacts.appointment_too_far');
  if (draft.nextOn !== null && draft.nextOn < today) return refuse('contacts.next_in_past');
  if (draft.nextOn !== null && isTooFarAhead(draft.nextOn, today)) return refuse('contacts.next_too_far');
  return accept({
    contact: { ...draft, content: draft.content?.trim() || null },
    effects: {
      spoken: OUTCOME_MEANING[draft.outcome].spoken,
      invalidatesPhone: draft.outcome === 'wrong_number' && draft.channel === 'phone',
      followUpOn: draft.nextOn,
      suggestsComplaint: draft.satisfied === false,
    },
  });
}

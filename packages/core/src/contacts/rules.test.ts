import { describe, expect, it } from 'vitest';
import { at, on } from '../kernel/testing.ts';
import { OUTCOMES } from '../tasks/index.ts';
import { CONTACT_CHANNELS } from './model.ts';
import { outcomesOf, record } from './rules.ts';
import { aContactDraft } from './testing.ts';

const NOW = at('2026-11-01T10:05+08:00');
const TODAY = on('2026-11-01');

describe('recording a contact', () => {
  it.each([
    {
      name: 'a call that reached him',
      change: {},
      effects: { spoken: true, invalidatesPhone: false, followUpOn: null, suggestsComplaint: false },
    },
    { name: 'a call in vain', change: { outcome: 'not_reached' as const }, effects: { spoken: false } },
    { name: 'a wrong number', change: { outcome: 'wrong_number' as const }, effects: { spoken: false, invalidatesPhone: true } },
    { name: 'a letter', change: { channel: 'letter' as const, outcome: 'sent' as const }, effects: { spoken: false } },
    { name: 'a next step today', change: { nextOn: TODAY }, effects: { followUpOn: '2026-11-01' } },
    { name: 'a next step in two years', change: { nextOn: on('2028-11-01') }, effects: { followUpOn: '2028-11-01' } },
    { name: 'a dissatisfied word', change: { satisfied: false }, effects: { suggestsComplaint: true } },
    {
      name: 'an appointment',
      change: { outcome: 'appointment' as const, appointmentAt: at('2026-11-02T09:00+08:00') },
      effects: { spoken: true },
    },
    { name: 'a call just now', change: { occurredAt: NOW }, effects: { spoken: true } },
    { name: 'a call 31 days ago', change: { occurredAt: at('2026-10-01T10:05+08:00') }, effects: { spoken: true } },
  ])('$name', ({ change, effects }) => {
    expect(record(aContactDraft(change), NOW, TODAY)).toMatchObject({ ok: true, value: { effects } });
  });

  it.each([
    { name: 'a minute ahead', change: { occurredAt: at('2026-11-01T10:06+08:00') }, refusal: 'contacts.in_future' },
    { name: 'longer ago than a month', change: { occurredAt: at('2026-10-01T10:04+08:00') }, refusal: 'contacts.too_long_ago' },
    {
      name: 'a wrong number on a visit',
      change: { channel: 'visit_store' as const, outcome: 'wrong_number' as const },
      refusal: 'contacts.outcome_needs_call',
    },
    { name: 'an appointment without a time', change: { outcome: 'appointment' as const }, refusal: 'contacts.appointment_needs_time' },
    {
      name: 'an appointment before the call',
      change: { outcome: 'appointment' as const, appointmentAt: at('2026-11-01T09:59+08:00') },
      refusal: 'contacts.appointment_in_past',
    },
    {
      name: 'an appointment two years and a day ahead',
      change: { outcome: 'appointment' as const, appointmentAt: at('2028-11-02T09:00+08:00') },
      refusal: 'contacts.appointment_too_far',
    },
    {
      name: 'an appointment in the year 9999',
      change: { outcome: 'appointment' as const, appointmentAt: at('9999-11-02T09:00+08:00') },
      refusal: 'contacts.appointment_too_far',
    },
    { name: 'a next step two years and a day ahead', change: { nextOn: on('2028-11-02') }, refusal: 'contacts.next_too_far' },
    { name: 'a next step yesterday', change: { nextOn: on('2026-10-31') }, refusal: 'contacts.next_in_past' },
  ])('refuses $name', ({ change, refusal }) => {
    expect(record(aContactDraft(change), NOW, TODAY)).toEqual({ ok: false, refusal });
  });

  it('has a channel for every outcome and outcomes for every channel', () => {
    expect([...new Set(CONTACT_CHANNELS.flatMap(outcomesOf))].toSorted()).toEqual([...OUTCOMES].toSorted());
  });
});

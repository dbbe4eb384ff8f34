import type { CivilDate, CustomerId, VehicleId } from '../kernel/index.ts';
import { at, on, SHANGHAI } from '../kernel/testing.ts';
import { DEFAULT_CARE_POLICY, type CareFacts, type CarePolicy, type CareRule, type EventAnchor, type EventFact } from './model.ts';
import { SHIPPED_RULES, type ShippedRuleKey } from './presets.ts';

export const LONG_AGO = at('2000-01-01T00:00Z');
export const A_POLICY: CarePolicy = { zone: SHANGHAI, ...DEFAULT_CARE_POLICY };

/** A shipped rule, switched on long ago. */
export function aRule(key: ShippedRuleKey, changes: Partial<CareRule> = {}): CareRule {
  const rule = SHIPPED_RULES.find((candidate) => candidate.key === key);
  if (!rule) throw new Error(`no shipped rule ${key}`);
  return { ...rule, activeSince: LONG_AGO, ...changes };
}

export function anEvent(kind: EventAnchor, date: string, changes: Partial<EventFact> = {}): EventFact {
  const time = date.includes('T');
  return {
    kind,
    recordId: `${kind}-1`,
    on: on(date.slice(0, 10)),
    at: time ? at(date) : null,
    recordedAt: LONG_AGO,
    vehicleId: 'v1' as VehicleId,
    staffId: null,
    ...changes,
  };
}

export function someFacts(changes: Partial<CareFacts> = {}): CareFacts {
  return {
    customerId: 'c1' as CustomerId,
    kind: 'person',
    onFileSince: LONG_AGO,
    stopped: null,
    difficult: false,
    openComplaint: false,
    objections: [],
    marketingConsent: ['phone', 'sms', 'wechat', 'email', 'post'],
    consultantId: null,
    advisorId: null,
    points: 0,
    contactedOn: [],
    events: [],
    births: [],
    ...changes,
  };
}

export function aWindow(from: string, to: string): { from: CivilDate; to: CivilDate } {
  return { from: on(from), to: on(to) };
}

import { addHours, fen, type ComplaintId, type CustomerId, type DepartmentId, type Instant, type StaffId } from '../kernel/index.ts';
import { DEFAULT_BUSINESS_CALENDAR } from '../kernel/index.ts';
import { at, SHANGHAI } from '../kernel/testing.ts';
import type { StoreTime } from './clock.ts';
import type { Closed, Registered, Responded, Solved } from './model.ts';

export const HANDLER = 'handler' as StaffId;
export const ACCUSED = 'accused' as StaffId;
export const AGENT = 'agent' as StaffId;
export const STORE_TIME: StoreTime = { zone: SHANGHAI, calendarAt: () => DEFAULT_BUSINESS_CALENDAR };

/** A complaint registered on 1 May 2026 at 09:10 with the general promises; change what the case is about. */
export function aComplaint(change: Partial<Registered> = {}): Registered {
  return {
    id: 'complaint' as ComplaintId,
    number: '20260501-001',
    status: 'registered',
    source: 'phone',
    kind: 'service.workmanship',
    severity: 'normal',
    customerId: 'customer' as CustomerId,
    vehicleId: null,
    visitId: null,
    orderId: null,
    content: '刹车异响没有修好',
    departmentId: 'service' as DepartmentId,
    accusedId: ACCUSED,
    handlerId: HANDLER,
    handledBy: [change.handlerId ?? HANDLER],
    registeredAt: at('2026-05-01T09:10+08:00'),
    registeredBy: AGENT,
    policyVersion: 0,
    businessHours: false,
    response: { dueAt: at('2026-05-01T10:10+08:00'), minutes: 60 },
    close: { dueAt: at('2026-05-02T09:10+08:00'), minutes: 1440 },
    pause: { state: 'running' },
    reopenedCount: 0,
    goodwillFen: fen(0),
    version: 1,
    ...change,
  };
}

/** Registered, and its clock stopped at a moment, for the three days of the shipped policy unless another end is given. */
export function aPaused(pausedAt: Instant, until = addHours(pausedAt, 72)): Registered {
  const asked = { reason: '等配件', requestedBy: HANDLER, requestedAt: pausedAt, until };
  return aComplaint({ pause: { state: 'paused', ...asked, approvedBy: 'boss' as StaffId, pausedAt } });
}

export function aResponded(change: Partial<Responded> = {}): Responded {
  return {
    ...aComplaint(),
    status: 'responded',
    respondedAt: at('2026-05-01T09:30+08:00'),
    respondedBy: HANDLER,
    responseNote: '已致电',
    ...change,
  };
}

export function aSolved(change: Partial<Solved> = {}): Solved {
  return {
    ...aResponded(),
    status: 'solved',
    solvedAt: at('2026-05-01T16:00+08:00'),
    solvedBy: HANDLER,
    solution: '更换刹车片',
    cause: '漏检',
    ...change,
  };
}

export function aClosed(change: Partial<Closed> = {}): Closed {
  return { ...aSolved(), status: 'closed', closedAt: at('2026-05-01T18:00+08:00'), confirmedBy: AGENT, verdict: '满意', ...change };
}

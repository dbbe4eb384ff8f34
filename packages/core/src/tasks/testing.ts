import type { CustomerId, StaffId, TaskId } from '../kernel/index.ts';
import { at, on } from '../kernel/testing.ts';
import type { OpenTask } from './model.ts';

/** An open care call of May 2026, due at the end of the 2nd. */
export function aTask(changes: Partial<OpenTask> = {}): OpenTask {
  return {
    id: '00000000-0000-7000-8000-000000000001' as TaskId,
    kind: 'care_call',
    status: 'open',
    customerId: '00000000-0000-7000-8000-00000000000c' as CustomerId,
    vehicleId: null,
    visitId: null,
    orderId: null,
    complaintId: null,
    ruleKey: 'use_call',
    occurrenceKey: 'use_call|c|2026-05-01|0',
    assigneeId: '00000000-0000-7000-8000-0000000000a1' as StaffId,
    role: 'SC',
    channel: 'phone',
    purpose: 'service',
    result: 'contact_note',
    script: 'use_call',
    topics: ['car_use'],
    priority: 2,
    byTheHour: false,
    anchorOn: on('2026-05-01'),
    notBeforeOn: on('2026-05-02'),
    showAt: at('2026-05-02T00:00+08:00'),
    dueAt: at('2026-05-02T23:59:59.999+08:00'),
    lapsesAt: at('2026-05-09T23:59:59.999+08:00'),
    reason: { code: 'after.delivery', params: { anchorOn: '2026-05-01', amount: 1, unit: 'day' } },
    attempts: 0,
    lastOutcome: null,
    createdAt: at('2026-05-01T10:00+08:00'),
    version: 1,
    ...changes,
  };
}

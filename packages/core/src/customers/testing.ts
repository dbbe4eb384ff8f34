import type { CustomerId } from '../kernel/index.ts';
import { at } from '../kernel/testing.ts';
import type { Customer } from './model.ts';

/** An owner with a phone and little else; change what the case is about. */
export function aCustomer(change: Partial<Customer> = {}): Customer {
  return {
    id: 'customer' as CustomerId,
    kind: 'person',
    name: '刘春江',
    gender: null,
    birthDate: null,
    birthCalendar: null,
    phones: ['+8613812345678'],
    email: null,
    wechatId: null,
    province: null,
    city: null,
    district: null,
    address: null,
    postcode: null,
    occupation: null,
    employer: null,
    jobTitle: null,
    preferredContactTime: null,
    preferredChannel: null,
    source: null,
    consultantId: null,
    advisorId: null,
    remark: null,
    isFleet: false,
    isVip: false,
    isDifficult: false,
    difficultReason: null,
    status: 'active',
    idDocument: null,
    idNumberTail: null,
    isStoreItself: false,
    reachable: true,
    firstDeliveredOn: null,
    lastVisitOn: null,
    lastContactAt: null,
    verifiedOn: null,
    createdAt: at('2026-01-01T09:00+08:00'),
    updatedAt: at('2026-01-01T09:00+08:00'),
    version: 1,
    ...change,
  };
}

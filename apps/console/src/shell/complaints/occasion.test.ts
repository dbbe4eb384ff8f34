import type { Occasions } from '@baoke/core/complaints/wire';
import type { CivilDate, OrderId, VehicleId, VisitId } from '@baoke/core/kernel';
import { describe, expect, it } from 'vitest';
import { occasionKey, occasionOf, occasionOptions } from './occasion.ts';

const visitId = 'v1' as VisitId;
const orderId = 'o1' as OrderId;

describe('what a complaint is about, as a field', () => {
  it.each([
    { name: 'nothing', about: { visitId: null, orderId: null }, key: undefined },
    { name: 'a visit', about: { visitId, orderId: null }, key: 'visit:v1' },
    { name: 'an order', about: { visitId: null, orderId }, key: 'order:o1' },
  ])('$name is told as it was read', ({ about, key }) => {
    expect(occasionKey(about)).toBe(key);
    expect(occasionOf(occasionKey(about))).toEqual(about);
  });

  it('of both shows the visit', () => expect(occasionKey({ visitId, orderId })).toBe('visit:v1'));
});

describe('what is offered', () => {
  const found: Occasions = {
    visits: [
      {
        id: visitId,
        orderNo: 'RO1',
        arrivedOn: '2026-05-01' as CivilDate,
        category: { zh: '定期保养', en: 'Maintenance' },
        vehicleId: 'c1' as VehicleId,
        plate: '苏E12345',
        model: 'X3',
      },
    ],
    orders: [{ id: orderId, orderedOn: '2026-01-01' as CivilDate, deliveredOn: null, vehicleId: null, plate: null, model: null }],
  };
  it('names day, number, category and car', () => {
    expect(occasionOptions(found, 'zh')).toEqual({
      visits: [{ value: 'visit:v1', label: '2026-05-01　RO1　定期保养', car: '苏E12345 X3', vehicleId: 'c1' }],
      orders: [{ value: 'order:o1', label: '2026-01-01', car: '', vehicleId: null }],
    });
    expect(occasionOptions(found, 'en').visits[0]?.label).toBe('2026-05-01　RO1　Maintenance');
  });

  it.each([{ found: undefined }, { found: { visits: null, orders: null } }])('is nothing of $found', ({ found: none }) => {
    expect(occasionOptions(none, 'zh')).toEqual({ visits: [], orders: [] });
  });
});

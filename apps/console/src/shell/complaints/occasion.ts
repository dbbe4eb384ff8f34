import type { ComplaintView, Occasions } from '@baoke/core/complaints/wire';
import type { OrderId, VehicleId, VisitId } from '@baoke/core/kernel';

type Visit = NonNullable<Occasions['visits']>[number];
type Order = NonNullable<Occasions['orders']>[number];

/** A visit or an order as one field of a form holds it: its kind and its id. */
export type OccasionKey = `visit:${string}` | `order:${string}`;

/** The field of what a complaint is about: of both the visit, which the order follows. */
export function occasionKey({ visitId, orderId }: Pick<ComplaintView['complaint'], 'visitId' | 'orderId'>): OccasionKey | undefined {
  if (visitId) return `visit:${visitId}`;
  return orderId ? `order:${orderId}` : undefined;
}

/** The record behind the field, as the server is told. */
export function occasionOf(key: OccasionKey | undefined): { readonly visitId: VisitId | null; readonly orderId: OrderId | null } {
  const [kind, id] = (key ?? '').split(':');
  return { visitId: kind === 'visit' ? (id as VisitId) : null, orderId: kind === 'order' ? (id as OrderId) : null }; // the key was made of one
}

/** One line of each: what the list shows and the field keeps. `car` is of its plate and model. */
export type OccasionOption = {
  readonly value: OccasionKey;
  readonly label: string;
  readonly car: string;
  readonly vehicleId: VehicleId | null;
};

export function visitText({ orderNo, arrivedOn, category }: Visit, language: 'zh' | 'en'): string {
  return [arrivedOn, orderNo, category[language]].join('　');
}

export function orderText({ orderedOn, model }: Order): string {
  return [orderedOn, model].filter(Boolean).join('　');
}

function carOf({ plate, model }: Visit | Order): string {
  return [plate, model].filter(Boolean).join(' ');
}

/** What the customer's records offer, visits and orders apart. */
export function occasionOptions(found: Occasions | undefined, language: 'zh' | 'en') {
  return {
    visits: (found?.visits ?? []).map((visit): OccasionOption => ({
      value: `visit:${visit.id}`,
      label: visitText(visit, language),
      car: carOf(visit),
      vehicleId: visit.vehicleId,
    })),
    orders: (found?.orders ?? []).map((order): OccasionOption => ({
      value: `order:${order.id}`,
      label: orderText(order),
      car: order.plate ?? '',
      vehicleId: order.vehicleId,
    })),
  };
}

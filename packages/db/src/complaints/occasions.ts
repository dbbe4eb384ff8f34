import type { Reach } from '@baoke/core/access';
import type { Occasions } from '@baoke/core/complaints/wire';
import { type CustomerId, type OrderId, type StoreId, type VehicleId, type VisitId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { customerWithinReach, ofCustomerWithinReach } from '../customers/reach.ts';

/** What a complaint is about, each a record of the store. */
export type Occasion = {
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
};

/**
 * The first of these records that is another customer's; undefined when all are his. A visit nobody is named on is his whose vehicle
 * it was; a vehicle is his when he has or had to do with it by `ownerships`, or when it is the one of that visit or order of his.
 *
 * Source: COMP-02; a complaint is about the customer's own order, visit and vehicle (spec 05).
 */
export async function findForeignReference(
  db: Db,
  storeId: StoreId,
  { customerId, vehicleId, visitId, orderId }: Occasion,
): Promise<'visitId' | 'orderId' | 'vehicleId' | undefined> {
  const his = (vehicle: string) => sql<boolean>`(
    exists (select from ownerships o where o.store_id = ${storeId} and o.vehicle_id = ${sql.raw(vehicle)} and o.customer_id = ${customerId})
    or exists (select from vehicles w where w.store_id = ${storeId} and w.id = ${sql.raw(vehicle)} and w.owner_id = ${customerId}))`;
  const { rows } = await sql<{ visitId: boolean; orderId: boolean; vehicleId: boolean }>`select
      ${visitId}::uuid is null or exists (select from service_visits v where v.store_id = ${storeId} and v.id = ${visitId}
        and (v.customer_id = ${customerId} or v.customer_id is null and ${his('v.vehicle_id')})) as "visitId",
      ${orderId}::uuid is null or exists (select from orders r where r.store_id = ${storeId} and r.id = ${orderId} and r.customer_id = ${customerId}) as "orderId",
      ${vehicleId}::uuid is null or exists (select from vehicles c where c.store_id = ${storeId} and c.id = ${vehicleId} and (${his('c.id')}
        or exists (select from service_visits v where v.store_id = ${storeId} and v.id = ${visitId} and v.vehicle_id = c.id)
        or exists (select from orders r where r.store_id = ${storeId} and r.id = ${orderId} and r.vehicle_id = c.id))) as "vehicleId"`.execute(
    db,
  );
  const [found] = rows;
  return found && (['visitId', 'orderId', 'vehicleId'] as const).find((name) => !found[name]);
}

const MOST_OCCASIONS = 50;
export const VISIT = sql`n.id, n.order_no as "orderNo", n.arrived_on as "arrivedOn", n.vehicle_id as "vehicleId", v.plate, v.model,
  (select json_build_object('zh', g.name_zh, 'en', g.name_en) from service_categories g where g.store_id = n.store_id and g.code = n.category) as category`;
export const ORDER = sql`n.id, n.ordered_on as "orderedOn", n.delivered_on as "deliveredOn", n.vehicle_id as "vehicleId", v.plate, coalesce(n.model, v.model) as model`;

/**
 * What a complaint of this customer can be about, the latest first: his visits, those of his vehicles on which nobody is named, and his
 * orders, as far as the reaches go; null where there is no right to such records. Undefined outside the reach of customers.
 *
 * What is searched in are the customer's own rows, found by his index first.
 */
export async function listOccasions(
  db: Db,
  storeId: StoreId,
  of: { readonly customerId: CustomerId; readonly vehicleId: VehicleId | null; readonly term: string; readonly chosenId: string | null },
  reach: { readonly customers: Reach; readonly visits: Reach | null; readonly orders: Reach | null },
): Promise<Occasions | undefined> {
  const term = of.term.toUpperCase();
  const found = (text: RawBuilder<unknown>) =>
    sql`(n.id = ${of.chosenId}::uuid or (${of.vehicleId}::uuid is null or n.vehicle_id = ${of.vehicleId}) and (${term} = '' or position(${term} in upper(${text})) > 0))`;
  const order = (day: RawBuilder<unknown>) =>
    sql`order by n.id is not distinct from ${of.chosenId}::uuid desc, ${day} desc, n.id desc limit ${sql.lit(MOST_OCCASIONS)}`;
  const joined = sql`left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id`;
  const visits = (
    where: RawBuilder<unknown>,
  ) => sql`select n.* from service_visits n ${joined} left join service_categories g on g.store_id = n.store_id and g.code = n.category where n.store_id = k.store_id and ${where} and not n.is_refund
    and ${found(sql`concat_ws(' ', n.order_no, n.arrived_on, v.plate, v.model, g.name_zh, g.name_en)`)} ${order(sql`n.arrived_on`)}`;
  const { rows } = await sql<Occasions>`select ${
    reach.visits === null
      ? sql`null`
      : sql`(select coalesce(json_agg(x), '[]') from (select ${VISIT} from (
          (${visits(sql`n.customer_id = k.id and ${ofCustomerWithinReach(reach.visits, 'n.advisor_id', 'k')}`)})
          union all (${visits(sql`n.customer_id is null and n.vehicle_id in (select o.vehicle_id from ownerships o where o.store_id = k.store_id and o.customer_id = k.id
            union select w.id from vehicles w where w.store_id = k.store_id and w.owner_id = k.id) and ${ofCustomerWithinReach(reach.visits, 'n.advisor_id', 'k')}`)})) n
          ${joined} ${order(sql`n.arrived_on`)}) x)`
  } as visits, ${
    reach.orders === null
      ? sql`null`
      : sql`(select coalesce(json_agg(x), '[]') from (select ${ORDER} from orders n ${joined} where n.store_id = k.store_id and n.customer_id = k.id
          and ${ofCustomerWithinReach(reach.orders, 'n.consultant_id', 'k')} and ${found(sql`concat_ws(' ', n.ordered_on, n.model, v.plate, v.model)`)} ${order(sql`n.ordered_on`)}) x)`
  } as orders
    from customers k where k.store_id = ${storeId} and k.id = ${of.customerId} and ${customerWithinReach(reach.customers, 'k')}`.execute(
    db,
  );
  return rows[0];
}

/** What people call these records: the vehicle by plate or VIN, the visit by its number, the order by day and model. */
export async function nameOccasion(
  db: Db,
  storeId: StoreId,
  { vehicleId, visitId, orderId }: Omit<Occasion, 'customerId'>,
): Promise<{ readonly vehicle: string | null; readonly visit: string | null; readonly order: string | null }> {
  const { rows } = await sql<{ vehicle: string | null; visit: string | null; order: string | null }>`select
    (select coalesce(plate, vin, model) from vehicles where store_id = ${storeId} and id = ${vehicleId}) as vehicle,
    (select order_no from service_visits where store_id = ${storeId} and id = ${visitId}) as visit,
    (select concat_ws(' ', ordered_on, model) from orders where store_id = ${storeId} and id = ${orderId}) as "order"`.execute(db);
  return rows[0] ?? { vehicle: null, visit: null, order: null };
}

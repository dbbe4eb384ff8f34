import type { Reach } from '@baoke/core/access';
import type { VisitFilter, VisitRow } from '@baoke/core/service/wire';
import type { CivilDate, StoreId, VisitId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { idsWithinReach } from '../customers/reach.ts';
import { markedCustomer } from '../customers/standing.ts';

export type ServiceCategoryRow = { readonly code: string; readonly nameZh: string; readonly nameEn: string; readonly effective: boolean };

/** The store's categories of visits, in the order of the weekly report. */
export async function listCategories(db: Db, storeId: StoreId): Promise<ServiceCategoryRow[]> {
  const rows = await db
    .selectFrom('service_categories')
    .select(['code', 'name_zh', 'name_en', 'effective'])
    .where('store_id', '=', storeId)
    .orderBy('position')
    .execute();
  return rows.map((r) => ({ code: r.code, nameZh: r.name_zh, nameEn: r.name_en, effective: r.effective }));
}

/** Service visits by day of arrival, paged by key, one row beyond the limit. `plate` is a whole plate in stored form. */
export async function listVisits(
  db: Db,
  storeId: StoreId,
  filter: VisitFilter,
  view: { readonly reach: Reach; readonly after?: { readonly on: CivilDate; readonly id: VisitId } },
): Promise<VisitRow[]> {
  const where = [sql`n.store_id = ${storeId}`];
  const { reach, after } = view;
  if (reach !== 'everyone')
    where.push(sql`(n.advisor_id = any(${[...reach]}::uuid[]) or n.customer_id in (${idsWithinReach(storeId, reach)}))`);
  if (filter.customerId) where.push(sql`n.customer_id = ${filter.customerId}`);
  if (filter.vehicleId) where.push(sql`n.vehicle_id = ${filter.vehicleId}`);
  if (filter.categories?.length) where.push(sql`n.category = any(${filter.categories}::text[])`);
  if (filter.effective !== undefined)
    where.push(sql`n.category in (select code from service_categories where store_id = ${storeId} and effective = ${filter.effective})`);
  if (filter.state) where.push(sql`n.state = ${filter.state}`);
  if (filter.advisorId) where.push(sql`n.advisor_id = ${filter.advisorId}`);
  if (filter.orderNo) where.push(sql`n.order_no >= ${filter.orderNo} and n.order_no < ${`${filter.orderNo}\u{10ffff}`}`);
  if (filter.plate) where.push(sql`n.vehicle_id in (select id from vehicles where store_id = ${storeId} and plate = ${filter.plate})`);
  if (filter.arrivedFrom) where.push(sql`n.arrived_on >= ${filter.arrivedFrom}`);
  if (filter.arrivedTo) where.push(sql`n.arrived_on < ${filter.arrivedTo}`);
  if (after) where.push(sql`(n.arrived_on, n.id) ${filter.descending ? sql`<` : sql`>`} (${after.on}, ${after.id})`);
  const direction = filter.descending ? sql`desc` : sql`asc`;
  const { rows } = await sql<{ page: VisitRow[] }>`select coalesce(json_agg(r), '[]') as page from (
    select n.id, n.order_no as "orderNo", n.category, n.state, n.is_refund as "isRefund", n.arrived_on as "arrivedOn", n.left_on as "leftOn", n.settled_on as "settledOn",
      n.mileage_km as "mileageKm", n.labour_fen as "labourFen", n.parts_fen as "partsFen", n.discount_fen as "discountFen", n.received_fen as "receivedFen", n.remark, n.team,
      (select json_build_object('id', s.id, 'name', s.name) from staff s where s.store_id = n.store_id and s.id = n.advisor_id) as advisor,
      (select ${markedCustomer('k')} from customers k where k.store_id = n.store_id and k.id = n.customer_id) as customer,
      (select json_build_object('id', v.id, 'plate', v.plate, 'model', v.model) from vehicles v where v.store_id = n.store_id and v.id = n.vehicle_id) as vehicle
    from service_visits n where ${sql.join(where, sql` and `)}
    order by n.arrived_on ${direction}, n.id ${direction} limit ${sql.lit(filter.limit + 1)}) r`.execute(db);
  return rows[0]?.page ?? [];
}

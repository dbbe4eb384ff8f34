import type { Reach } from '@baoke/core/access';
import type { ChangedComplaint, ChangedCustomer, ChangedVehicle, ChangedVisit, RemovedRecord } from '@baoke/core/changes/wire';
import { instantOfMilliseconds, type Instant, type StoreId } from '@baoke/core/kernel';
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely';
import type { Db } from '../connect.ts';
import { complaintWithinReach } from '../complaints/queries.ts';
import { customerWithinReach, idsWithinReach, instantText } from '../customers/reach.ts';
import { standingOf } from '../customers/standing.ts';
import { vehicleWithinReach } from '../vehicles/queries.ts';

/** Where a reader of changes stands: behind this record, or at this instant. `key` is the instant to the microsecond. */
export type ChangeView = {
  readonly reach: Reach;
  readonly after: { readonly key: string; readonly id: string } | { readonly at: Instant } | undefined;
  /** Later changes are not told yet: a transaction that began earlier may still commit. */
  readonly until: Instant;
  readonly limit: number;
};
export type Keyed<Row> = { readonly row: Row; readonly key: string };

/** Customers in the order of their last change, merged and anonymised ones too; phones whole. One row beyond the limit. */
export function listChangedCustomers(
  db: Db,
  storeId: StoreId,
  view: ChangeView,
): Promise<Keyed<Omit<ChangedCustomer, 'phoneMasked'> & { readonly phone: string | null }>[]> {
  return listChanged(
    db,
    storeId,
    view,
    sql`customers`,
    sql`json_build_object('id', c.id, 'version', c.version, 'status', c.status, 'mergedInto', c.merged_into, 'kind', c.kind, 'name', c.name,
      'isFleet', c.is_fleet, 'isVip', c.is_vip, 'isDifficult', c.is_difficult, 'standing', ${standingOf('c')}, 'reachable', c.reachable, 'city', c.city, 'source', c.source,
      'consultantId', c.consultant_id, 'advisorId', c.advisor_id, 'firstDeliveredOn', c.first_delivered_on, 'lastVisitOn', c.last_visit_on, 'verifiedOn', c.verified_on,
      'phone', (select p.e164 from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id order by p.rank limit 1),
      'externalIds', (select coalesce(json_agg(json_build_object('source', e.source, 'id', e.external_id) order by e.source, e.external_id), '[]')
        from customer_external_ids e where e.store_id = c.store_id and e.customer_id = c.id),
      'createdAt', ${instantText('c.created_at')}, 'updatedAt', ${instantText('c.updated_at')})`,
    view.reach === 'everyone' ? sql`not c.is_store_itself` : sql`not c.is_store_itself and ${customerWithinReach(view.reach, 'c')}`,
  );
}

/** Vehicles in the order of their last change. One row beyond the limit. */
export function listChangedVehicles(db: Db, storeId: StoreId, view: ChangeView): Promise<Keyed<ChangedVehicle>[]> {
  return listChanged(
    db,
    storeId,
    view,
    sql`vehicles`,
    sql`json_build_object('id', c.id, 'version', c.version, 'status', c.status, 'ownerId', c.owner_id, 'vin', c.vin, 'vinCheck', c.vin_check, 'plate', c.plate,
      'brand', c.brand, 'model', c.model, 'colour', c.colour, 'soldByUs', c.sold_by_us, 'purchasedOn', c.purchased_on, 'deliveredOn', c.delivered_on,
      'warrantyUntil', c.warranty_until, 'inspectionDueOn', c.inspection_due_on, 'nextServiceOn', c.next_service_on, 'nextServiceKm', c.next_service_km,
      'lastVisitOn', c.last_visit_on, 'lastMileageKm', c.last_mileage_km, 'lastMileageOn', c.last_mileage_on,
      'createdAt', ${instantText('c.created_at')}, 'updatedAt', ${instantText('c.updated_at')})`,
    vehicleWithinReach(view.reach, 'c'),
  );
}

/** Service visits in the order of their last change. One row beyond the limit. */
export function listChangedVisits(db: Db, storeId: StoreId, view: ChangeView): Promise<Keyed<ChangedVisit>[]> {
  const { reach } = view;
  return listChanged(
    db,
    storeId,
    view,
    sql`service_visits`,
    sql`json_build_object('id', c.id, 'version', c.version, 'orderNo', c.order_no, 'category', c.category, 'state', c.state, 'isRefund', c.is_refund,
      'customerId', c.customer_id, 'vehicleId', c.vehicle_id, 'advisorId', c.advisor_id, 'arrivedOn', c.arrived_on, 'leftOn', c.left_on, 'settledOn', c.settled_on,
      'mileageKm', c.mileage_km, 'labourFen', c.labour_fen, 'partsFen', c.parts_fen, 'discountFen', c.discount_fen, 'receivedFen', c.received_fen, 'remark', c.remark,
      'createdAt', ${instantText('c.created_at')}, 'updatedAt', ${instantText('c.updated_at')})`,
    reach === 'everyone'
      ? sql`true`
      : sql`(c.advisor_id = any(${[...reach]}::uuid[]) or c.customer_id in (${idsWithinReach(storeId, reach)}))`,
  );
}

/** Complaints in the order of their last change. One row beyond the limit. */
export function listChangedComplaints(db: Db, storeId: StoreId, view: ChangeView): Promise<Keyed<ChangedComplaint>[]> {
  return listChanged(
    db,
    storeId,
    view,
    sql`complaints`,
    sql`json_build_object('id', c.id, 'version', c.version, 'number', c.number, 'status', c.status, 'source', c.source, 'kind', c.kind, 'severity', c.severity,
      'customerId', c.customer_id, 'vehicleId', c.vehicle_id, 'departmentId', c.department_id, 'accusedId', c.accused_id, 'handlerId', c.handler_id, 'content', c.content,
      'registeredAt', ${instantText('c.registered_at')}, 'responseDueAt', ${instantText('c.response_due_at')}, 'closeDueAt', ${instantText('c.close_due_at')},
      'respondedAt', ${instantText('c.responded_at')}, 'solvedAt', ${instantText('c.solved_at')}, 'closedAt', ${instantText('c.closed_at')}, 'goodwillFen', c.goodwill_fen,
      'reopenedCount', c.reopened_count, 'pauseState', c.pause_state,
      'pausedUntil', ${instantText('c.pause_until')}, 'createdAt', ${instantText('c.created_at')}, 'updatedAt', ${instantText('c.updated_at')})`,
    complaintWithinReach(view.reach),
  );
}

/** The tables whose records have a feed of changes. */
export type Mirrored = 'customers' | 'vehicles' | 'service_visits' | 'complaints';

/**
 * Records of a table that were deleted, in the order in which they went, written down by a trigger of the table. Whose a record was is gone
 * with it: whoever does not see everyone's is told of none. One row beyond the limit.
 */
export function listRemoved(db: Db, storeId: StoreId, entity: Mirrored, view: ChangeView): Promise<Keyed<RemovedRecord>[]> {
  return listChanged(
    db,
    storeId,
    view,
    sql`removals`,
    sql`json_build_object('id', c.id, 'removedAt', ${instantText('c.removed_at')})`,
    view.reach === 'everyone' ? sql`c.entity = ${entity}` : sql`false`,
    sql`c.removed_at`,
  );
}

/**
 * Says, for as long as this transaction lasts, that it writes records stamped with `stamp`, and stamps what it deletes so: for work that may
 * take longer than a change is held back. Readers of changes are told nothing from that second on until it has ended, however it ends.
 */
export async function announceWriting(db: Db, storeId: StoreId, stamp: Instant): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared((${storeId}::bigint << 32) | floor(extract(epoch from ${stamp}::timestamptz))::bigint),
    set_config('baoke.writing_since', ${stamp}, true)`.execute(db);
}

/**
 * Up to when changes may be told: `until`, or the second in which the oldest announced writing began.
 *
 * Asked before the changes themselves are read. Together, work that ends in between would be neither awaited nor seen.
 */
async function settledUntil(db: Db, storeId: StoreId, until: Instant): Promise<Instant> {
  const { rows } = await sql<{ began: number | null }>`select min(objid::bigint)::bigint as began from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid = ${storeId}::oid and database = (select oid from pg_database where datname = current_database())`.execute(
    db,
  );
  const began = rows[0]?.began ?? null;
  if (began === null) return until;
  const before = instantOfMilliseconds(began * 1000 - 1);
  return before < until ? before : until;
}

async function listChanged<Row>(
  db: Db,
  storeId: StoreId,
  { after, until, limit }: ChangeView,
  table: RawBuilder<unknown>,
  row: RawBuilder<unknown>,
  within: RawBuilder<unknown> | Expression<SqlBool>,
  stamp = sql`c.updated_at`,
): Promise<Keyed<Row>[]> {
  const settled = await settledUntil(db, storeId, until);
  const where: (RawBuilder<unknown> | Expression<SqlBool>)[] = [
    sql`c.store_id = ${storeId}`,
    sql`${stamp} <= ${settled}::timestamptz`,
    within,
  ];
  if (after && 'at' in after) where.push(sql`${stamp} > ${after.at}::timestamptz`);
  if (after && 'key' in after) where.push(sql`(${stamp}, c.id) > (${after.key}::timestamptz, ${after.id}::uuid)`);
  const { rows } = await sql<Keyed<Row>>`select ${row} as row, to_char(${stamp} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (select c.* from ${table} c where ${sql.join(where, sql` and `)} order by ${stamp}, c.id limit ${sql.lit(limit + 1)}) c
    order by ${stamp}, c.id`.execute(db);
  return rows;
}

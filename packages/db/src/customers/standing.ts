import type { CallFacts } from '@baoke/core/complaints';
import type { Standing, StandingChange } from '@baoke/core/customers';
import type { CustomerId, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';

/** Whether a customer is given up and has not been seen since. `customer` names the customers table in the statement. */
export function isGivenUp(customer: string): RawBuilder<boolean> {
  const k = sql.table(customer);
  return sql<boolean>`(${k}.given_up and (${k}.last_visit_on is null or ${k}.last_visit_on <= ${k}.standing_on))`;
}

/** Where care stands with a customer. */
export function standingOf(customer: string): RawBuilder<Standing> {
  return sql<Standing>`case when ${sql.table(customer)}.status = 'deceased' then 'deceased' when ${isGivenUp(customer)} then 'given_up' else 'active' end`;
}

/** `markedCustomer` of core as JSON: a customer in rows of others. */
export function markedCustomer(customer: string): RawBuilder<unknown> {
  const k = sql.table(customer);
  return sql`json_build_object('id', ${k}.id, 'name', ${k}.name, 'isFleet', ${k}.is_fleet, 'isVip', ${k}.is_vip, 'isDifficult', ${k}.is_difficult, 'standing', ${standingOf(customer)})`;
}

/** Whether the customer has died, and whether the last word he gave about calls for service was no; undefined where there is no such customer. */
export async function findCallFacts(db: Db, storeId: StoreId, id: CustomerId): Promise<CallFacts | undefined> {
  const { rows } = await sql<CallFacts>`select k.status = 'deceased' as deceased,
      (select granted from consents where store_id = k.store_id and customer_id = k.id and purpose = 'service' and channel = 'phone'
        order by at desc, id desc limit 1) is false as "objectsToCalls"
    from customers k where k.store_id = ${storeId} and k.id = ${id}`.execute(db);
  return rows[0];
}

/** Writes where care stands with a customer and raises the version of the file; answers the new one. The caller holds its lock. */
export async function saveStanding(
  db: Db,
  storeId: StoreId,
  id: CustomerId,
  change: StandingChange,
  by: StaffId,
  at: Instant,
): Promise<number> {
  const stopped = change.standing !== 'active';
  const row = await db
    .updateTable('customers')
    .set({
      status: change.standing === 'deceased' ? 'deceased' : 'active',
      given_up: change.standing === 'given_up',
      standing_on: stopped ? change.on : null,
      standing_reason: change.standing === 'given_up' ? change.reason : null,
      standing_note: stopped ? change.note : null,
      standing_by: stopped ? by : null,
      standing_at: stopped ? at : null,
      updated_at: at,
      updated_by: by,
      version: sql`version + 1`,
    })
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

/**
 * Cancels what is open for a customer to whom no more care goes; answers how many. What is owed for a complaint stays, and with an owner given
 * up what somebody means to do for him by hand.
 */
export async function stopTasks(
  db: Db,
  storeId: StoreId,
  customerId: CustomerId,
  reason: Exclude<Standing, 'active'>,
  at: Instant,
): Promise<number> {
  const { rows } =
    await sql`update tasks set status = 'cancelled', settled_reason = ${reason}, finished_at = ${at}, updated_at = ${at}, version = version + 1
    where store_id = ${storeId} and customer_id = ${customerId} and status = 'open' and kind <> 'complaint_follow_up'
      and ${reason === 'deceased' ? sql`true` : sql`rule_key is not null`} returning id`.execute(db);
  return rows.length;
}

/** Opens again what was cancelled at the moment his standing was recorded and has not lapsed since; answers how many. */
export async function resumeTasks(db: Db, storeId: StoreId, customerId: CustomerId, stoppedAt: Instant, now: Instant): Promise<number> {
  const { rows } =
    await sql`update tasks set status = 'open', settled_reason = null, finished_at = null, updated_at = ${now}, version = version + 1
    where store_id = ${storeId} and customer_id = ${customerId} and status = 'cancelled' and finished_at = ${stoppedAt}
      and settled_reason in ('deceased', 'given_up') and (lapses_at is null or lapses_at > ${now}) returning id`.execute(db);
  return rows.length;
}

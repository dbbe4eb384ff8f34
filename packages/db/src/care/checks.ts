import type { CareReason, CareRuleKey, OccurrenceKey } from '@baoke/core/care';
import type { CivilDate, CustomerId, StoreId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';

/** An occurrence that is listed and not carried out, with the first and the last day it is. */
export type Check = {
  readonly key: OccurrenceKey;
  readonly ruleKey: CareRuleKey;
  readonly customerId: CustomerId;
  readonly seenOn: CivilDate;
  readonly dueOn: CivilDate;
  readonly reason: CareReason;
};

/** Makes the checks of these customers those that were found for them; what stands already is not written again. */
export async function replaceChecks(db: Db, storeId: StoreId, customers: readonly CustomerId[], checks: readonly Check[]): Promise<void> {
  await sql`with found as (
      select * from json_to_recordset(${JSON.stringify(checks)}::json) as t (key text, "ruleKey" text, "customerId" uuid, "seenOn" date, "dueOn" date, reason jsonb)),
    gone as (delete from care_checks c where c.store_id = ${storeId} and c.customer_id = any(${[...customers]}::uuid[])
      and not exists (select from found f where f.key = c.occurrence_key))
    insert into care_checks as c (store_id, occurrence_key, rule_key, customer_id, seen_on, due_on, reason)
    select ${storeId}, key, "ruleKey", "customerId", "seenOn", "dueOn", reason from found
    on conflict (store_id, occurrence_key) do update set seen_on = excluded.seen_on, due_on = excluded.due_on, reason = excluded.reason
    where (c.seen_on, c.due_on, c.reason) is distinct from (excluded.seen_on, excluded.due_on, excluded.reason)`.execute(db);
}

/** Takes those off whose last day is over. */
export async function deleteChecksBefore(db: Db, storeId: StoreId, today: CivilDate): Promise<void> {
  await sql`delete from care_checks where store_id = ${storeId} and due_on < ${today}`.execute(db);
}

/** The checks `c` that stand on the list on a day. */
export function isListedOn(today: CivilDate): RawBuilder<boolean> {
  return sql<boolean>`(c.seen_on <= ${today}::date and c.due_on >= ${today}::date)`;
}

/** How many customers each rule that only lists has on its list on a day. */
export async function countChecks(db: Db, storeId: StoreId, today: CivilDate): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ rule_key: string; customers: number }>`select rule_key, count(distinct customer_id)::integer as customers
    from care_checks c where c.store_id = ${storeId} and ${isListedOn(today)} group by rule_key`.execute(db);
  return new Map(rows.map((row) => [row.rule_key, row.customers]));
}

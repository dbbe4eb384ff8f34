import type { Standing } from '@baoke/core/customers';
import type { Reach } from '@baoke/core/access';
import { SPOKEN_OUTCOMES } from '@baoke/core/insight';
import type { CivilDate, ComplaintId, ContactId, CustomerId, Instant, StaffId, StoreId, TaskId, VehicleId } from '@baoke/core/kernel';
import type { GoesBack, RecordedResult, Task, TaskBefore, Traces, TypedResult } from '@baoke/core/tasks';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { markedCustomer } from '../customers/standing.ts';
import { withInstants } from '../json.ts';

/** What is kept beside the contact of a result so that it can be taken back; a part that is missing was not touched. */
export type Undo = {
  /** The version the result left its task with. */
  readonly version: number;
  readonly task: TaskBefore;
  /** The number it found wrong. */
  readonly phone?: string;
  readonly verification?: TaskId;
  readonly confirmed?: { readonly before: CivilDate | null };
  /** He could be reached by no number, and was spoken to. */
  readonly unreachable?: true;
};

/** A contact that may be a result to be taken back; `verificationId` is the task it started. */
export type FoundResult = {
  readonly id: ContactId;
  readonly staffId: StaffId;
  readonly customerId: CustomerId;
  readonly taskId: TaskId | null;
  readonly verificationId: TaskId | null;
};

/** The contact with this id that one of these people wrote; undefined otherwise. */
export async function findResult(db: Db, storeId: StoreId, id: ContactId, writers: Reach): Promise<FoundResult | undefined> {
  const within = writers === 'everyone' ? sql`true` : sql`n.staff_id = any(${[...writers]}::uuid[])`;
  const { rows } =
    await sql<FoundResult>`select n.id, n.staff_id as "staffId", n.customer_id as "customerId", n.task_id as "taskId", n.undo ->> 'verification' as "verificationId"
    from contacts n where n.store_id = ${storeId} and n.id = ${id} and ${within}`.execute(db);
  return rows[0];
}

export type LockedResult = { readonly result: RecordedResult; readonly undo: Undo; readonly typed: TypedResult };

/**
 * The result with what it kept, its contact and its customer locked; undefined where the contact was never the result of a task.
 *
 * Whoever asks holds its tasks already: recording a result locks its task first and the customer last, and so does this.
 */
export async function lockResult(db: Db, storeId: StoreId, { id }: FoundResult, task: Task): Promise<LockedResult | undefined> {
  type Row = {
    occurred_at: Instant;
    taken_back_at: Instant | null;
    undo: Undo | null;
    complaint_id: ComplaintId | null;
    complaint_number: string | null;
  } & Pick<TypedResult, 'outcome' | 'note' | 'satisfied' | 'heard' | 'appointmentAt'> & { objects: TypedResult['objects'] };
  const { rows } = await sql<Row>`select n.occurred_at, n.taken_back_at, n.undo, n.complaint_id, c.number as complaint_number,
      n.outcome, n.content as note, n.satisfied, n.appointment_at as "appointmentAt",
      json_build_object('satisfaction', n.satisfaction, 'praised', n.praised, 'saidAbout', n.said_about, 'cause', n.cause, 'unreachedBecause', n.unreached_because) as heard,
      array(select distinct w.purpose from consents w where ${ofResult('w')}) as objects
    from contacts n join customers k on k.store_id = n.store_id and k.id = n.customer_id
    left join complaints c on c.store_id = n.store_id and c.id = n.complaint_id
    where n.store_id = ${storeId} and n.id = ${id} for no key update of n, k`.execute(db);
  const [row] = rows;
  if (!row?.undo) return undefined;
  const { outcome, note, satisfied, heard, appointmentAt, objects } = row;
  return {
    undo: row.undo,
    result: {
      recordedAt: row.occurred_at,
      takenBackAt: row.taken_back_at,
      leftVersion: row.undo.version,
      before: row.undo.task,
      complaint: row.complaint_id === null ? null : { id: row.complaint_id, number: row.complaint_number ?? '' },
    },
    typed: { outcome, note, satisfied, heard, appointmentAt, nextTryAt: task.status === 'open' ? task.showAt : null, objects },
  };
}

// The entries a result made in the ledger of consents carry its task and its moment.
function ofResult(entry: string): RawBuilder<unknown> {
  const w = sql.table(entry);
  return sql`${w}.store_id = n.store_id and ${w}.customer_id = n.customer_id and ${w}.source = 'task' and ${w}.evidence = n.task_id::text and ${w}.at = n.occurred_at`;
}

/** What the result did beyond its task, and what was said of the same since; to be asked under the lock of `lockResult`. */
export async function readTraces(
  db: Db,
  storeId: StoreId,
  { id, customerId }: FoundResult,
  { undo, result }: LockedResult,
  { verification, recordedOn }: { readonly verification: Task | undefined; readonly recordedOn: CivilDate },
): Promise<Traces> {
  // Other standing contacts of the customer since; each arm is a few rows of his own index.
  const since = sql`contacts o where o.store_id = n.store_id and o.customer_id = n.customer_id and o.occurred_at >= n.occurred_at and o.id <> n.id and o.taken_back_at is null`;
  type Row = { wrong: boolean; wanted: boolean; confirmed: boolean; withdrawn: Traces['withdrawn'] };
  const { rows } = await sql<Row>`select
      exists (select from ${since} and o.outcome = 'wrong_number' and (o.undo ->> 'phone' = ${undo.phone ?? null}
        or (o.task_id is null and exists (select from customer_phones p where p.store_id = n.store_id and p.customer_id = n.customer_id and p.e164 = ${undo.phone ?? null} and p.rank = 1)))) as wrong,
      exists (select from ${since} and o.outcome = 'wrong_number' and o.undo is not null and not o.undo ? 'verification'
        and exists (select from tasks t where t.store_id = o.store_id and t.id = o.task_id and t.kind <> 'verification')) as wanted,
      (k.verified_on is distinct from ${recordedOn}::date or exists (select from ${since} and o.undo ? 'confirmed')
        or exists (select from audit_entries a where a.store_id = n.store_id and a.entity = 'customer' and a.entity_id = n.customer_id::text and a.action = 'customers.verify' and a.at >= n.occurred_at)) as confirmed,
      (select coalesce(json_agg(json_build_object('purpose', w.purpose, 'channel', w.channel,
          'before', (select e.granted from consents e where e.store_id = w.store_id and e.customer_id = w.customer_id and e.purpose = w.purpose and e.channel = w.channel
            and (e.at, e.id) < (w.at, w.id) order by e.at desc, e.id desc limit 1),
          'saidSince', exists (select from consents l where l.store_id = w.store_id and l.customer_id = w.customer_id and l.purpose = w.purpose and l.channel = w.channel
            and (l.at, l.id) > (w.at, w.id)))), '[]') from consents w where ${ofResult('w')}) as withdrawn
    from contacts n join customers k on k.store_id = n.store_id and k.id = n.customer_id
    where n.store_id = ${storeId} and n.customer_id = ${customerId} and n.id = ${id}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error(`contact ${id} was locked at ${result.recordedAt} and is gone`);
  return {
    phone: undo.phone === undefined ? null : { e164: undo.phone, foundWrongSince: row.wrong },
    verification: verification ? { task: verification, wantedSince: row.wanted } : null,
    withdrawn: row.withdrawn,
    confirmed: undo.confirmed ? { before: undo.confirmed.before, confirmedSince: row.confirmed } : null,
  };
}

/**
 * Marks the contact as taken back and writes what goes back with it. What is kept of contacts beside them is counted again: the customer's last
 * contact is that of those that stand.
 */
export async function putBack(
  db: Db,
  storeId: StoreId,
  { id, customerId, taskId }: FoundResult,
  { result }: LockedResult,
  goesBack: readonly GoesBack[],
  act: { readonly by: StaffId; readonly at: Instant; readonly newId: () => string },
): Promise<void> {
  await sql`update contacts set taken_back_at = ${act.at}, taken_back_by = ${act.by} where store_id = ${storeId} and id = ${id}`.execute(
    db,
  );
  const consents = goesBack.flatMap((back) => (back.kind === 'consent' ? [back] : []));
  if (consents.length > 0)
    await db
      .insertInto('consents')
      .values(
        consents.map(({ purpose, channel, granted }) => ({
          store_id: storeId,
          id: act.newId(),
          customer_id: customerId,
          purpose,
          channel,
          granted,
          source: 'task_taken_back',
          evidence: taskId,
          at: act.at,
          staff_id: act.by,
        })),
      )
      .execute();
  const phone = goesBack.find((back) => back.kind === 'phone_valid');
  if (phone)
    await sql`update customer_phones set valid = true where store_id = ${storeId} and customer_id = ${customerId} and e164 = ${phone.e164}`.execute(
      db,
    );
  const cancelled = goesBack.find((back) => back.kind === 'verification_cancelled');
  // The next wrong number of the day starts a verification of its own.
  if (cancelled) await sql`update tasks set occurrence_key = null where store_id = ${storeId} and id = ${cancelled.task.id}`.execute(db);
  const confirmation = goesBack.find((back) => back.kind === 'confirmation');
  const standing = sql`contacts o where o.store_id = c.store_id and o.customer_id = c.id and o.taken_back_at is null and o.outcome = any(${SPOKEN_OUTCOMES}::text[])`;
  // Whom no number reached was reached by a result alone: with it, and with every other since, gone, no number reaches him again.
  const judged = phone
    ? sql`true`
    : sql`exists (select from contacts u where u.store_id = c.store_id and u.customer_id = c.id and u.taken_back_at is not null and u.undo ? 'unreachable'
        and u.occurred_at <= ${result.recordedAt}::timestamptz and not exists (select from ${standing} and o.task_id is not null and o.occurred_at >= u.occurred_at))`;
  await sql`update customers c set
      last_contact_at = case when c.last_contact_at = ${result.recordedAt}::timestamptz then (select max(o.occurred_at) from ${standing}) else c.last_contact_at end,
      reachable = case when ${judged} then exists (select from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id and p.valid) else c.reachable end,
      verified_on = ${confirmation ? sql`${confirmation.verifiedOn}::date` : sql`c.verified_on`}, updated_at = ${act.at}
    where c.store_id = ${storeId} and c.id = ${customerId}`.execute(db);
  // The contacts of his year are one fewer, whether it was the last or not.
  await sql`insert into care_dirty (store_id, customer_id) values (${storeId}, ${customerId})`.execute(db);
}

export type ListedResult = {
  readonly id: ContactId;
  readonly taskId: TaskId;
  readonly at: Instant;
  readonly kind: Task['kind'];
  readonly ruleKey: string | null;
  readonly ruleName: string | null;
  readonly channel: Task['channel'];
  readonly outcome: TypedResult['outcome'];
  readonly note: string | null;
  readonly satisfied: boolean | null;
  readonly customer: {
    readonly id: CustomerId;
    readonly name: string;
    readonly isFleet: boolean;
    readonly isVip: boolean;
    readonly isDifficult: boolean;
    readonly standing: Standing;
  };
  readonly vehicle: { readonly id: VehicleId; readonly plate: string | null; readonly model: string | null } | null;
  readonly takenBack: { readonly at: Instant; readonly by: string } | null;
  readonly unchanged: boolean;
  readonly complaint: RecordedResult['complaint'];
  /** False for what was recorded before results could be taken back. */
  readonly kept: boolean;
};

/** What a person recorded from a moment on, the latest first, one row beyond the limit; what was taken back stands among it. */
export async function listResults(
  db: Db,
  storeId: StoreId,
  staffId: StaffId,
  view: { readonly from: Instant; readonly limit: number; readonly after?: { readonly at: Instant; readonly id: ContactId } | undefined },
): Promise<ListedResult[]> {
  const after = view.after ? sql`and (n.occurred_at, n.id) < (${view.after.at}::timestamptz, ${view.after.id}::uuid)` : sql``;
  const { rows } = await sql<{ page: ListedResult[] }>`select coalesce(json_agg(r), '[]') as page from (
    select n.id, n.task_id as "taskId", n.occurred_at as at, t.kind, t.rule_key as "ruleKey", t.channel, n.outcome, n.content as note, n.satisfied,
      (select r.value ->> 'name' from care_rules r where r.store_id = t.store_id and r.key = t.rule_key) as "ruleName",
      ${markedCustomer('c')} as customer,
      case when v.id is not null then json_build_object('id', v.id, 'plate', v.plate, 'model', v.model) end as vehicle,
      n.taken_back_at as "takenBackAt", (select s.name from staff s where s.store_id = n.store_id and s.id = n.taken_back_by) as "takenBackBy",
      t.version = (n.undo ->> 'version')::integer as unchanged, n.undo is not null as kept,
      (select json_build_object('id', k.id, 'number', k.number) from complaints k where k.store_id = n.store_id and k.id = n.complaint_id) as complaint
    from contacts n join tasks t on t.store_id = n.store_id and t.id = n.task_id join customers c on c.store_id = n.store_id and c.id = n.customer_id
    left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id
    where n.store_id = ${storeId} and n.occurred_at >= ${view.from}::timestamptz and n.staff_id = ${staffId} ${after}
    order by n.occurred_at desc, n.id desc limit ${view.limit + 1}) as r`.execute(db);
  type Raw = ListedResult & { takenBackAt: Instant | null; takenBackBy: string | null };
  return withInstants((rows[0]?.page ?? []) as Raw[], ['at', 'takenBackAt']).map(({ takenBackAt, takenBackBy, ...row }) => ({
    ...row,
    takenBack: takenBackAt === null ? null : { at: takenBackAt, by: takenBackBy ?? '' },
  }));
}

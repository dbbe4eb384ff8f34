import type { Reach } from '@baoke/core/access';
import {
  namePinyin,
  searchTokens,
  type Customer,
  type CustomerFields,
  type CustomerKind,
  type IdDocument,
  type Likeness,
  type Standing,
} from '@baoke/core/customers';
import type { CivilDate, CustomerId, DepartmentId, Instant, OrderId, StaffId, StoreId, VehicleId, VisitId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import { isPerson } from '../access/queries.ts';
import type { Db } from '../connect.ts';
import { customerWithinReach, instantText } from './reach.ts';
import { standingOf } from './standing.ts';

export * from './bulk.ts';
export * from './card.ts';
export * from './list.ts';
export { customerWithinReach, idsWithinReach } from './reach.ts';
export * from './search.ts';
export * from './standing.ts';
export * from './timeline.ts';

export type References = {
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
  readonly departmentId: DepartmentId;
  readonly accusedId: StaffId | null;
};

/** The first of these references that names no record of the store (a customer: none within the reach); undefined when all do. */
export async function findMissingReference(
  db: Db,
  storeId: StoreId,
  refs: References,
  reach: Reach,
): Promise<keyof References | undefined> {
  const { rows } = await sql<Record<string, boolean>>`select
      exists (select from customers k where k.store_id = ${storeId} and k.id = ${refs.customerId} and ${customerWithinReach(reach, 'k')}) as "customerId",
      ${refs.vehicleId}::uuid is null or exists (select from vehicles where store_id = ${storeId} and id = ${refs.vehicleId}) as "vehicleId",
      ${refs.visitId}::uuid is null or exists (select from service_visits where store_id = ${storeId} and id = ${refs.visitId}) as "visitId",
      ${refs.orderId}::uuid is null or exists (select from orders where store_id = ${storeId} and id = ${refs.orderId}) as "orderId",
      exists (select from departments where store_id = ${storeId} and id = ${refs.departmentId}) as "departmentId",
      ${refs.accusedId}::uuid is null or exists (select from staff where store_id = ${storeId} and id = ${refs.accusedId}) as "accusedId"`.execute(
    db,
  );
  const found = rows[0] ?? {};
  return (Object.keys(found) as (keyof References)[]).find((name) => !found[name]);
}

/** An ID number as it is kept: encrypted, with a blind index to compare by and its last four signs to recognise it. */
export type SealedIdNumber = { readonly cipher: Buffer; readonly index: Buffer; readonly tail: string; readonly document: IdDocument };

/** The people of a company as they are written. */
export type ContactPersonFields = {
  readonly name: string;
  readonly purchaseRole: string | null;
  readonly phone: string | null;
  readonly remark: string | null;
};

/** A stored file with what its editing needs beside the fields. */
export type StoredCustomer = Customer & {
  readonly contactPersons: readonly ContactPersonFields[];
  readonly idNumberCipher: Buffer | null;
  /** When his death, or that he was given up, was recorded. */
  readonly standingAt: Instant | null;
};

/** The file with this id that the reach includes, its row locked for the transaction; undefined otherwise. */
export async function lockCustomer(db: Db, storeId: StoreId, id: CustomerId, reach: Reach): Promise<StoredCustomer | undefined> {
  const { rows } = await sql<{
    file: Omit<StoredCustomer, 'idNumberCipher'>;
    cipher: Buffer | null;
  }>`select to_json(c) as file, c.cipher from (
    select k.id, k.version, k.kind, k.status, k.name, k.gender, k.birth_date as "birthDate", k.birth_calendar as "birthCalendar",
      k.id_document as "idDocument", k.id_number_tail as "idNumberTail", null as "idNumberCipher", k.email, k.wechat_id as "wechatId", k.province, k.city, k.district,
      k.address, k.postcode, k.occupation, k.employer, k.job_title as "jobTitle", k.preferred_contact_time as "preferredContactTime",
      k.preferred_channel as "preferredChannel", k.source, k.remark, k.consultant_id as "consultantId", k.advisor_id as "advisorId",
      k.is_fleet as "isFleet", k.is_vip as "isVip", k.is_difficult as "isDifficult", k.difficult_reason as "difficultReason",
      ${standingOf('k')} as standing, k.standing_on as "standingOn", k.standing_reason as "standingReason", k.standing_note as "standingNote",
      ${instantText('k.standing_at')} as "standingAt", k.is_store_itself as "isStoreItself", k.reachable, k.first_delivered_on as "firstDeliveredOn", k.last_visit_on as "lastVisitOn",
      k.former_owner as "formerOwner", k.owner_since as "ownerSince", ${instantText('k.last_contact_at')} as "lastContactAt", k.verified_on as "verifiedOn", ${instantText('k.created_at')} as "createdAt", ${instantText('k.updated_at')} as "updatedAt",
      (select coalesce(json_agg(p.e164 order by p.rank), '[]') from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id) as phones,
      (select coalesce(json_agg(json_build_object('name', p.name, 'purchaseRole', p.purchase_role, 'phone', p.phone, 'remark', p.remark) order by p.id), '[]')
        from contact_persons p where p.store_id = k.store_id and p.customer_id = k.id) as "contactPersons", k.id_number_cipher as cipher
    from customers k where k.store_id = ${storeId} and k.id = ${id} and ${customerWithinReach(reach, 'k')} for no key update of k) c`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return undefined;
  const { cipher: _, ...file } = row.file as typeof row.file & { cipher: unknown };
  return { ...file, idNumberCipher: row.cipher };
}

// The columns of a file that people write, in the order of `valuesOf`.
function columnsOf(fields: CustomerFields): Record<string, unknown> {
  return {
    kind: fields.kind,
    name: fields.name,
    name_pinyin: pinyinOf(fields.name),
    gender: fields.gender,
    birth_date: fields.birthDate,
    birth_calendar: fields.birthCalendar,
    email: fields.email,
    wechat_id: fields.wechatId,
    province: fields.province,
    city: fields.city,
    district: fields.district,
    address: fields.address,
    postcode: fields.postcode,
    occupation: fields.occupation,
    employer: fields.employer,
    job_title: fields.jobTitle,
    preferred_contact_time: fields.preferredContactTime,
    preferred_channel: fields.preferredChannel,
    source: fields.source,
    consultant_id: fields.consultantId,
    advisor_id: fields.advisorId,
    remark: fields.remark,
  };
}

function kindsOf(phones: readonly string[]): ('mobile' | 'landline')[] {
  return phones.map((e164) => (/^\+861[3-9]\d{9}$/.test(e164) || !e164.startsWith('+86') ? 'mobile' : 'landline'));
}

export type NewCustomer = {
  readonly id: CustomerId;
  readonly fields: CustomerFields;
  readonly idNumber: SealedIdNumber | null;
  readonly contactPersons: readonly (ContactPersonFields & { readonly id: string })[];
  readonly by: StaffId;
  readonly at: Instant;
  /** The day on which somebody stood by what is written. */
  readonly on: CivilDate;
};

/** Writes a new file with its phones and search tokens in one statement. */
export async function insertCustomer(db: Db, storeId: StoreId, customer: NewCustomer): Promise<void> {
  const { id, fields, idNumber } = customer;
  const phones = [...fields.phones];
  const values = {
    ...columnsOf(fields),
    store_id: storeId,
    id,
    id_document: idNumber?.document ?? null,
    id_number_cipher: idNumber?.cipher ?? null,
    id_number_index: idNumber?.index ?? null,
    id_number_tail: idNumber?.tail ?? null,
    verified_on: customer.on,
    created_at: customer.at,
    created_by: customer.by,
    updated_at: customer.at,
    updated_by: customer.by,
  };
  const names = sql.raw(Object.keys(values).join(', '));
  await sql`with file as (insert into customers (${names}) values (${sql.join(Object.values(values))})),
    numbers as (insert into customer_phones (store_id, customer_id, e164, kind, rank)
      select ${storeId}, ${id}, e164, kind, rank from unnest(${phones}::text[], ${kindsOf(phones)}::text[]) with ordinality as n(e164, kind, rank))
    insert into search_tokens (store_id, token, customer_id)
    select ${storeId}, token, ${id} from unnest(${searchTokens({ name: fields.name, phones, plates: [], vins: [] })}::text[]) as token`.execute(
    db,
  );
  await insertContactPersons(db, storeId, id, customer.contactPersons);
}

async function insertContactPersons(
  db: Db,
  storeId: StoreId,
  customerId: CustomerId,
  people: readonly (ContactPersonFields & { readonly id: string })[],
): Promise<void> {
  if (people.length === 0) return;
  await db
    .insertInto('contact_persons')
    .values(
      people.map((p) => ({
        store_id: storeId,
        id: p.id,
        customer_id: customerId,
        name: p.name,
        purchase_role: p.purchaseRole,
        phone: p.phone,
        remark: p.remark,
      })),
    )
    .execute();
}

/** Saves the changed fields of a file and raises its version; answers the new version. The caller holds its lock. */
export async function saveCustomer(
  db: Db,
  storeId: StoreId,
  change: {
    readonly before: StoredCustomer;
    readonly fields: CustomerFields;
    readonly idNumber: SealedIdNumber | null | undefined;
    readonly contactPersons: readonly (ContactPersonFields & { readonly id: string })[] | undefined;
    readonly by: StaffId;
    readonly at: Instant;
  },
): Promise<number> {
  const { before, fields, idNumber } = change;
  const sealed =
    idNumber === undefined
      ? {}
      : {
          id_document: idNumber?.document ?? null,
          id_number_cipher: idNumber?.cipher ?? null,
          id_number_index: idNumber?.index ?? null,
          id_number_tail: idNumber?.tail ?? null,
        };
  const values = { ...columnsOf(fields), ...sealed, updated_at: change.at, updated_by: change.by };
  const set = Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  const { rows } = await sql<{ version: number }>`update customers set ${sql.join(set)}, version = version + 1
    where store_id = ${storeId} and id = ${before.id} returning version`.execute(db);
  const [saved] = rows;
  if (!saved) throw new Error(`customer ${before.id} was locked and is gone`);
  const renumbered = fields.phones.join() !== before.phones.join();
  if (renumbered) {
    const phones = [...fields.phones];
    await sql`delete from customer_phones where store_id = ${storeId} and customer_id = ${before.id} and e164 <> all(${phones}::text[])`.execute(
      db,
    );
    await sql`insert into customer_phones (store_id, customer_id, e164, kind, rank)
      select ${storeId}, ${before.id}, e164, kind, rank from unnest(${phones}::text[], ${kindsOf(phones)}::text[]) with ordinality as n(e164, kind, rank)
      on conflict (store_id, customer_id, e164) do update set rank = excluded.rank`.execute(db);
    await sql`update customers set reachable = exists (select from customer_phones p where p.store_id = customers.store_id and p.customer_id = customers.id and p.valid)
      where store_id = ${storeId} and id = ${before.id}`.execute(db);
  }
  if (change.contactPersons) {
    await db.deleteFrom('contact_persons').where('store_id', '=', storeId).where('customer_id', '=', before.id).execute();
    await insertContactPersons(db, storeId, before.id, change.contactPersons);
  }
  if (renumbered || fields.name !== before.name) await refreshSearchTokens(db, storeId, [before.id]);
  return saved.version;
}

/** Writes the search tokens of customers anew from their names, phones and present vehicles; in the transaction of what changed. */
export async function refreshSearchTokens(db: Db, storeId: StoreId, ids: readonly CustomerId[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: string; name: string; phones: string[]; plates: string[]; vins: string[] }>`select k.id, k.name,
      array(select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id) as phones,
      array(select v.plate from vehicles v where v.store_id = k.store_id and v.owner_id = k.id and v.plate is not null) as plates,
      array(select v.vin from vehicles v where v.store_id = k.store_id and v.owner_id = k.id and v.vin is not null) as vins
    from customers k where k.store_id = ${storeId} and k.id = any(${[...ids]}::uuid[])`.execute(db);
  const wanted = rows.flatMap(({ id, ...searchable }) => searchTokens(searchable).map((token) => ({ id, token })));
  const owners = wanted.map(({ id }) => id);
  const tokens = wanted.map(({ token }) => token);
  await sql`with wanted as (select * from unnest(${owners}::uuid[], ${tokens}::text[]) as w(customer_id, token)),
    gone as (delete from search_tokens s where s.store_id = ${storeId} and s.customer_id = any(${[...ids]}::uuid[])
      and not exists (select from wanted w where w.customer_id = s.customer_id and w.token = s.token))
    insert into search_tokens (store_id, token, customer_id) select ${storeId}, token, customer_id from wanted on conflict do nothing`.execute(
    db,
  );
}

/** Sets the flags and who set them; answers the new version. The caller holds the lock. */
export async function saveFlags(
  db: Db,
  storeId: StoreId,
  id: CustomerId,
  flags: { readonly isFleet: boolean; readonly isVip: boolean; readonly isDifficult: boolean; readonly difficultReason: string | null },
  by: StaffId,
  at: Instant,
): Promise<number> {
  const row = await db
    .updateTable('customers')
    .set({
      is_fleet: flags.isFleet,
      is_vip: flags.isVip,
      is_difficult: flags.isDifficult,
      difficult_reason: flags.difficultReason,
      flagged_by: by,
      flagged_at: at,
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

/** Notes that the changing facts of a file were confirmed on a day; answers the new version. */
export async function saveVerified(db: Db, storeId: StoreId, id: CustomerId, on: CivilDate, by: StaffId, at: Instant): Promise<number> {
  const row = await db
    .updateTable('customers')
    .set({ verified_on: on, updated_at: at, updated_by: by, version: sql`version + 1` })
    .where('store_id', '=', storeId)
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

export async function insertObservation(
  db: Db,
  storeId: StoreId,
  observation: { id: string; customerId: CustomerId; staffId: StaffId; point: string | null; content: string; at: Instant },
): Promise<void> {
  const { customerId, staffId, ...rest } = observation;
  await db
    .insertInto('observations')
    .values({ store_id: storeId, customer_id: customerId, staff_id: staffId, ...rest })
    .execute();
}

export type Consent = {
  readonly id: string;
  readonly purpose: string;
  readonly channel: string;
  readonly granted: boolean;
  readonly source: string;
  readonly evidence: string | null;
};

/** Adds to the ledger of consents; nothing in it is ever changed. */
export async function insertConsents(
  db: Db,
  storeId: StoreId,
  customerId: CustomerId,
  consents: readonly Consent[],
  by: StaffId,
  at: Instant,
): Promise<void> {
  if (consents.length === 0) return;
  await db
    .insertInto('consents')
    .values(consents.map((c) => ({ store_id: storeId, customer_id: customerId, staff_id: by, at, ...c })))
    .execute();
}

/** Whether the customer agrees to a purpose over a channel: the latest entry of the ledger rules, none means no. */
export async function hasConsent(
  db: Db,
  storeId: StoreId,
  customerId: CustomerId,
  { purpose, channel }: Pick<Consent, 'purpose' | 'channel'>,
): Promise<boolean> {
  const latest = await db
    .selectFrom('consents')
    .select('granted')
    .where('store_id', '=', storeId)
    .where('customer_id', '=', customerId)
    .where('purpose', '=', purpose)
    .where('channel', '=', channel)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return latest?.granted ?? false;
}

/** The numbers of a customer, or undefined when he is out of reach. With a task it must be open and the caller's own. */
export async function findPhones(
  db: Db,
  storeId: StoreId,
  id: CustomerId,
  reason: { readonly reach: Reach } | { readonly taskId: string; readonly assigneeId: StaffId },
): Promise<{ e164: string; rank: number }[] | undefined> {
  const may =
    'reach' in reason
      ? customerWithinReach(reason.reach, 'k')
      : sql<boolean>`exists (select from tasks t where t.store_id = k.store_id and t.id = ${reason.taskId} and t.customer_id = k.id and t.assignee_id = ${reason.assigneeId} and t.status = 'open')`;
  const { rows } = await sql<{ phones: { e164: string; rank: number }[] }>`select
      (select coalesce(json_agg(json_build_object('e164', p.e164, 'rank', p.rank) order by p.rank), '[]') from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id) as phones
    from customers k where k.store_id = ${storeId} and k.id = ${id} and ${may}`.execute(db);
  return rows[0]?.phones;
}

/** What somebody is about to enter, in stored form, to be compared with the files. */
export type DuplicateQuery = {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly phones: readonly string[];
  readonly idNumberIndex: Buffer | null;
  readonly birthDate: CivilDate | null;
  readonly address: string | null;
  readonly plate: string | null;
  readonly vin: string | null;
  readonly except: CustomerId | null;
};

/**
 * Whoever enters the same phone, ID number, VIN, plate or compared name at once waits here for this transaction to end, so that he finds what
 * it leaves behind. Sent before the question who is alike, in the same packet: a statement sees what was committed when its turn came.
 */
export async function lockLikeness(
  db: Db,
  storeId: StoreId,
  query: Pick<DuplicateQuery, 'vin' | 'plate'> & Partial<DuplicateQuery>,
): Promise<void> {
  const keys = [
    ...(query.phones ?? []),
    ...(query.idNumberIndex ? [query.idNumberIndex.toString('hex')] : []),
    ...(query.vin ? [query.vin] : []),
    ...(query.plate ? [query.plate] : []),
    ...(query.name && isComparedByName(query) ? [pinyinOf(query.name)] : []),
  ];
  if (keys.length === 0) return;
  // All take them in one order, or two could wait for each other.
  await sql`select pg_advisory_xact_lock(${storeId}, key) from (
    select distinct hashtext('alike ' || k) as key from unnest(${keys}::text[]) as k order by key) as sorted`.execute(db);
}

function isComparedByName({ kind, birthDate, address }: Partial<DuplicateQuery>): boolean {
  return kind === 'company' || Boolean(birthDate) || Boolean(address);
}

function pinyinOf(name: string): string {
  return namePinyin(name).full || name;
}

/** A stored file that shares something, with what shows who it is. */
export type StoredLikeness = Likeness & {
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly standing: Standing;
  readonly plates: string[];
  readonly consultantId: StaffId | null;
  readonly consultantName: string | null;
  readonly advisorId: StaffId | null;
  readonly advisorName: string | null;
  readonly firstDeliveredOn: CivilDate | null;
  readonly lastVisitOn: CivilDate | null;
  readonly formerOwner: boolean;
  readonly ownerSince: CivilDate | null;
  readonly withinReach: boolean;
};

const MOST_NAMESAKES = 200;
const MOST_LIKE = 50;

/**
 * Files that share a phone, ID number, VIN or plate with what is being entered, or its name where birthday or address could tell;
 * core ranks them. Each arm has its own index. The whole store is looked through: a second file is worse than a name seen.
 *
 * Numbers are compared one by one: of an array PostgreSQL guesses the length, distrusts its plan for all and plans at every call, which
 * takes fifteen times as long as finding.
 */
export async function findLikeCustomers(db: Db, storeId: StoreId, query: DuplicateQuery, reach: Reach): Promise<StoredLikeness[]> {
  const pinyin = pinyinOf(query.name);
  const byName = query.name !== '' && isComparedByName(query);
  const arms = [
    ...(query.phones.length > 0
      ? [sql`select customer_id as id from customer_phones where store_id = ${storeId} and e164 in (${sql.join([...query.phones])})`]
      : []),
    ...(query.idNumberIndex
      ? [sql`select id from customers where store_id = ${storeId} and id_number_index = ${query.idNumberIndex}`]
      : []),
    ...(query.vin ? [sql`select owner_id from vehicles where store_id = ${storeId} and vin = ${query.vin}`] : []),
    ...(query.plate ? [sql`select owner_id from vehicles where store_id = ${storeId} and plate = ${query.plate}`] : []),
    ...(byName
      ? [
          sql`(select id from customers where store_id = ${storeId} and status = 'active' and name_pinyin = ${pinyin} limit ${sql.lit(MOST_NAMESAKES)})`,
        ]
      : []),
  ];
  if (arms.length === 0) return [];
  const { rows } = await sql<{ found: StoredLikeness[] }>`select coalesce(json_agg(r), '[]') as found from (
    select k.id, k.kind, k.name, k.birth_date as "birthDate", k.address, k.is_fleet as "isFleet", k.is_vip as "isVip", k.is_difficult as "isDifficult", ${standingOf('k')} as standing,
      k.first_delivered_on as "firstDeliveredOn", k.last_visit_on as "lastVisitOn", k.former_owner as "formerOwner", k.owner_since as "ownerSince",
      (select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id order by p.rank limit 1) as "primaryPhone",
      array(select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id) as phones,
      coalesce(k.id_number_index = ${query.idNumberIndex}::bytea, false) as "sameIdNumber",
      ${query.vin}::text is not null and exists (select from vehicles v where v.store_id = k.store_id and v.owner_id = k.id and v.vin = ${query.vin}) as "sameVin",
      ${query.plate}::text is not null and exists (select from vehicles v where v.store_id = k.store_id and v.owner_id = k.id and v.plate = ${query.plate}) as "samePlate",
      array(select v.plate from vehicles v where v.store_id = k.store_id and v.owner_id = k.id and v.plate is not null limit 3) as plates,
      k.consultant_id as "consultantId", (select s.name from staff s where s.store_id = k.store_id and s.id = k.consultant_id) as "consultantName",
      k.advisor_id as "advisorId", (select s.name from staff s where s.store_id = k.store_id and s.id = k.advisor_id) as "advisorName",
      ${customerWithinReach(reach, 'k')} as "withinReach"
    from customers k where k.store_id = ${storeId} and k.status = 'active' and not k.is_store_itself
      and k.id in (${sql.join(arms, sql` union `)}) and k.id is distinct from ${query.except}::uuid
    limit ${sql.lit(MOST_NAMESAKES + MOST_LIKE)}) r`.execute(db);
  return rows[0]?.found ?? [];
}

/** People who can be named as consultant or advisor, those at work first. */
export async function listStaff(db: Db, storeId: StoreId): Promise<{ id: StaffId; name: string; role: string; active: boolean }[]> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'status'])
    .where('store_id', '=', storeId)
    .where(isPerson('staff'))
    .orderBy('status')
    .orderBy('name')
    .execute();
  return rows.map((r) => ({ id: r.id as StaffId, name: r.name, role: r.role, active: r.status === 'active' }));
}

/** The first of these staff ids that nobody of the store has; undefined when all exist. */
export async function findUnknownStaff(db: Db, storeId: StoreId, ids: readonly StaffId[]): Promise<StaffId | undefined> {
  if (ids.length === 0) return undefined;
  const rows = await db
    .selectFrom('staff')
    .select('id')
    .where('store_id', '=', storeId)
    .where('id', 'in', [...ids])
    .execute();
  return ids.find((id) => !rows.some((row) => row.id === id));
}

/** The fingerprint of the key that encrypted this store's ID numbers, recorded now if none is; null answers of an unknown store. */
export async function settleFingerprint(db: Db, storeId: StoreId, name: string, fingerprint: Buffer): Promise<Buffer> {
  await sql`insert into key_fingerprints (store_id, name, fingerprint) values (${storeId}, ${name}, ${fingerprint}) on conflict do nothing`.execute(
    db,
  );
  const row = await db
    .selectFrom('key_fingerprints')
    .select('fingerprint')
    .where('store_id', '=', storeId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.fingerprint;
}

/** The recorded fingerprint of a key, where the store has one. */
export async function findFingerprint(db: Db, storeId: StoreId, name: string): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('key_fingerprints')
    .select('fingerprint')
    .where('store_id', '=', storeId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.fingerprint;
}

/** Whom the external ids of a system belong to. Until the end of the transaction nobody else gives out ids of this system: two would make two files of one customer. */
export async function lockExternalIds(
  db: Db,
  storeId: StoreId,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, CustomerId>> {
  await sql`select pg_advisory_xact_lock(${storeId}, hashtext(${`external ids of ${source}`}))`.execute(db);
  const rows = await db
    .selectFrom('customer_external_ids as e')
    .select(['e.external_id', 'e.customer_id'])
    .where('e.store_id', '=', storeId)
    .where('e.source', '=', source)
    .where('e.external_id', '=', sql<string>`any(${[...externalIds]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.external_id, row.customer_id as CustomerId]));
}

/** Gives a customer the id another system calls him by. */
export async function insertExternalId(
  db: Db,
  storeId: StoreId,
  id: { source: string; externalId: string; customerId: CustomerId; at: Instant },
): Promise<void> {
  await db
    .insertInto('customer_external_ids')
    .values({ store_id: storeId, source: id.source, external_id: id.externalId, customer_id: id.customerId, created_at: id.at })
    .execute();
}

/** The first customers told of whom what is kept of their owning differs from their periods. */
const OWNING_FAULTS_TOLD = 20;
export type OwningFaults = { readonly count: number; readonly customerIds: readonly CustomerId[] };

/** How many customers of the store are kept as former owners, or as owners since a day, otherwise than a recount of their periods finds, and the first of them. */
export async function findOwningFaults(db: Db, storeId: StoreId): Promise<OwningFaults> {
  const { rows } = await sql<OwningFaults>`with counted as (
      select customer_id, bool_and(to_on is not null) as former, max(from_on) filter (where to_on is null) as since
      from ownerships where store_id = ${storeId} and role = 'owner' group by customer_id),
    wrong as materialized (select k.id from customers k left join counted o on o.customer_id = k.id
      where k.store_id = ${storeId} and (k.former_owner, k.owner_since) is distinct from (coalesce(o.former, false), o.since))
    select (select count(*)::integer from wrong) as count,
      array(select id from wrong order by id limit ${sql.lit(OWNING_FAULTS_TOLD)}) as "customerIds"`.execute(db);
  return rows[0] ?? { count: 0, customerIds: [] };
}

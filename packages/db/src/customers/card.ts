import type { Reach } from '@baoke/core/access';
import type { BirthCalendar, CustomerKind, CustomerStatus, Gender, GiveUpReason, IdDocument, Standing } from '@baoke/core/customers';
import type {
  CivilDate,
  ComplaintId,
  ContactId,
  CustomerId,
  Fen,
  Instant,
  StaffId,
  StoreId,
  TaskId,
  VehicleId,
  VisitId,
} from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import { complaintWithinReach } from '../complaints/rows.ts';
import type { Db } from '../connect.ts';
import { customerWithinReach, instantText, ofCustomerWithinReach } from './reach.ts';
import { standingOf } from './standing.ts';

/** Whose records of each kind the reader of a card may see; null = none of that kind. */
export type CardParts = {
  readonly vehicles: boolean;
  readonly contacts: Reach | null;
  readonly service: Reach | null;
  readonly complaints: Reach | null;
  readonly orders: Reach | null;
  readonly tasks: Reach | null;
};

export type CardVehicle = {
  readonly id: VehicleId;
  readonly vin: string | null;
  readonly plate: string | null;
  readonly brand: string | null;
  readonly model: string | null;
  readonly colour: string | null;
  readonly status: string;
  readonly role: string;
  readonly current: boolean;
  readonly deliveredOn: CivilDate | null;
  readonly firstServiceOn: CivilDate | null;
  readonly firstServiceKm: number | null;
  readonly nextServiceOn: CivilDate | null;
  readonly nextServiceKm: number | null;
  readonly nextToldOn: CivilDate | null;
  readonly lastVisitOn: CivilDate | null;
  readonly lastMaintenanceOn: CivilDate | null;
  readonly lastMaintenanceKm: number | null;
  readonly lastMileageKm: number | null;
  readonly lastMileageOn: CivilDate | null;
  readonly metresPerDay: number | null;
  readonly inspectionDueOn: CivilDate | null;
  readonly warrantyUntil: CivilDate | null;
  readonly policies: { readonly kind: string; readonly insurer: string | null; readonly expiresOn: CivilDate }[];
};

/** Everything the card shows, as stored: phones whole, masked at the edge. */
export type CardRow = {
  readonly id: CustomerId;
  readonly version: number;
  readonly kind: CustomerKind;
  readonly status: CustomerStatus;
  readonly name: string;
  readonly gender: Gender | null;
  readonly birthDate: CivilDate | null;
  readonly birthCalendar: BirthCalendar | null;
  readonly idDocument: IdDocument | null;
  readonly idNumberTail: string | null;
  readonly email: string | null;
  readonly wechatId: string | null;
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
  readonly address: string | null;
  readonly postcode: string | null;
  readonly occupation: string | null;
  readonly employer: string | null;
  readonly jobTitle: string | null;
  readonly preferredContactTime: string | null;
  readonly preferredChannel: 'phone' | 'sms' | 'wechat' | 'email' | 'post' | null;
  readonly source: string | null;
  readonly remark: string | null;
  readonly consultantId: StaffId | null;
  readonly advisorId: StaffId | null;
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly difficultReason: string | null;
  readonly standing: Standing;
  readonly standingOn: CivilDate | null;
  readonly standingReason: GiveUpReason | null;
  readonly standingNote: string | null;
  readonly standingByName: string | null;
  readonly isStoreItself: boolean;
  readonly reachable: boolean;
  readonly firstDeliveredOn: CivilDate | null;
  readonly lastVisitOn: CivilDate | null;
  readonly formerOwner: boolean;
  readonly ownerSince: CivilDate | null;
  readonly lastContactAt: Instant | null;
  readonly verifiedOn: CivilDate | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Whether the caller's wider rights include him. */
  readonly mayEdit: boolean;
  readonly mayRecordContact: boolean;
  readonly consultantName: string | null;
  readonly advisorName: string | null;
  readonly phones: { readonly e164: string; readonly kind: 'mobile' | 'landline'; readonly rank: number; readonly valid: boolean }[];
  readonly contactPersons: {
    readonly id: string;
    readonly name: string;
    readonly purchaseRole: string | null;
    readonly phone: string | null;
    readonly remark: string | null;
  }[];
  readonly consents: {
    readonly purpose: 'service' | 'marketing' | 'survey' | 'sharing';
    readonly channel: 'phone' | 'sms' | 'wechat' | 'email' | 'post';
    readonly granted: boolean;
    readonly at: Instant;
  }[];
  readonly vehicles: CardVehicle[] | null;
  readonly complaints: {
    readonly id: ComplaintId;
    readonly number: string;
    readonly status: string;
    readonly severity: string;
    readonly closeDueAt: Instant;
    readonly visible: boolean;
  }[];
  readonly tasks: {
    readonly id: TaskId;
    readonly kind: string;
    readonly ruleKey: string | null;
    readonly ruleName: string | null;
    readonly dueAt: Instant;
    readonly showAt: Instant;
    readonly assigneeName: string | null;
    readonly visible: boolean;
  }[];
  readonly contacts:
    | {
        readonly id: ContactId;
        readonly occurredAt: Instant;
        readonly channel: string;
        readonly outcome: string;
        readonly content: string | null;
        readonly satisfied: boolean | null;
        readonly staffName: string;
      }[]
    | null;
  readonly visits:
    | {
        readonly id: VisitId;
        readonly orderNo: string;
        readonly category: string;
        readonly arrivedOn: CivilDate;
        readonly mileageKm: number | null;
        readonly receivedFen: Fen | null;
        readonly plate: string | null;
        readonly advisorName: string | null;
      }[]
    | null;
  /** How many of each are within the reach; null = none of that kind is shown. */
  readonly orderCount: number | null;
  readonly contactCount: number | null;
  readonly visitCount: number | null;
  readonly complaintCount: number | null;
  readonly countedInPart: readonly (keyof typeof COUNTED)[];
  /** The store's own numbers of the customer file, where it has any. */
  readonly policy: unknown;
};

/** The counts, and the part of the card whose reach they keep to. */
const COUNTED = { contacts: 'contacts', visits: 'service', orders: 'orders', complaints: 'complaints' } as const satisfies Record<
  string,
  keyof CardParts
>;
const RECENT = 10;
const MOST_VEHICLES = 50;
const MOST_PROMISES = 20;

/**
 * One customer with everything his card shows, in one statement whose JSON PostgreSQL builds; undefined outside the reach.
 *
 * Source: spec 01 customer card; spec 12 finding 3 and the limit of operation (a).
 */
export async function findCard(
  db: Db,
  storeId: StoreId,
  id: CustomerId,
  reach: { readonly view: Reach; readonly edit: Reach | null; readonly recordContact: Reach | null },
  parts: CardParts,
): Promise<CardRow | undefined> {
  const { rows } = await sql<{ card: CardRow }>`select to_json(c) as card from (
    select k.id, k.version, k.kind, k.status, k.name, k.gender, k.birth_date as "birthDate", k.birth_calendar as "birthCalendar",
      k.id_document as "idDocument", k.id_number_tail as "idNumberTail", k.email, k.wechat_id as "wechatId", k.province, k.city, k.district,
      k.address, k.postcode, k.occupation, k.employer, k.job_title as "jobTitle", k.preferred_contact_time as "preferredContactTime",
      k.preferred_channel as "preferredChannel", k.source, k.remark, k.consultant_id as "consultantId", k.advisor_id as "advisorId",
      k.is_fleet as "isFleet", k.is_vip as "isVip", k.is_difficult as "isDifficult", k.difficult_reason as "difficultReason",
      ${standingOf('k')} as standing, k.standing_on as "standingOn", k.standing_reason as "standingReason", k.standing_note as "standingNote",
      (select s.name from staff s where s.store_id = k.store_id and s.id = k.standing_by) as "standingByName",
      k.is_store_itself as "isStoreItself", k.reachable, k.first_delivered_on as "firstDeliveredOn", k.last_visit_on as "lastVisitOn",
      k.former_owner as "formerOwner", k.owner_since as "ownerSince", ${instantText('k.last_contact_at')} as "lastContactAt", k.verified_on as "verifiedOn", ${instantText('k.created_at')} as "createdAt",
      ${instantText('k.updated_at')} as "updatedAt",
      ${reach.edit === null ? sql`false` : customerWithinReach(reach.edit, 'k')} as "mayEdit",
      ${reach.recordContact === null ? sql`false` : customerWithinReach(reach.recordContact, 'k')} as "mayRecordContact",
      (select s.name from staff s where s.store_id = k.store_id and s.id = k.consultant_id) as "consultantName",
      (select s.name from staff s where s.store_id = k.store_id and s.id = k.advisor_id) as "advisorName",
      (select coalesce(json_agg(json_build_object('e164', p.e164, 'kind', p.kind, 'rank', p.rank, 'valid', p.valid) order by p.rank), '[]')
        from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id) as phones,
      (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'purchaseRole', p.purchase_role, 'phone', p.phone, 'remark', p.remark) order by p.id), '[]')
        from contact_persons p where p.store_id = k.store_id and p.customer_id = k.id) as "contactPersons",
      (select coalesce(json_agg(json_build_object('purpose', n.purpose, 'channel', n.channel, 'granted', n.granted, 'at', ${instantText('n.at')})), '[]')
        from (select distinct on (purpose, channel) purpose, channel, granted, at from consents
          where store_id = k.store_id and customer_id = k.id order by purpose, channel, at desc, id desc) n where granted is not null) as consents,
      ${parts.vehicles ? vehicles() : sql`null`} as vehicles,
      (select coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'status', c.status, 'severity', c.severity,
          'closeDueAt', ${instantText('c.close_due_at')}, 'visible', ${parts.complaints === null ? sql`false` : complaintWithinReach(parts.complaints)}) order by c.close_due_at), '[]')
        from (select * from complaints where store_id = k.store_id and customer_id = k.id and status <> 'closed' order by close_due_at limit ${sql.lit(MOST_PROMISES)}) c) as complaints,
      (select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'ruleKey', x.rule_key,
          'ruleName', (select r.value ->> 'name' from care_rules r where r.store_id = x.store_id and r.key = x.rule_key), 'dueAt', ${instantText('x.due_at')}, 'showAt', ${instantText('x.show_at')},
          'assigneeName', (select s.name from staff s where s.store_id = x.store_id and s.id = x.assignee_id),
          'visible', ${seen(parts.tasks, 'x.assignee_id')}) order by x.due_at), '[]')
        from (select * from tasks where store_id = k.store_id and customer_id = k.id and status = 'open' order by due_at limit ${sql.lit(MOST_PROMISES)}) x) as tasks,
      ${parts.contacts === null ? sql`null` : contacts(parts.contacts)} as contacts,
      ${parts.service === null ? sql`null` : visits(parts.service)} as visits,
      ${parts.contacts === null ? sql`null` : sql`(select count(*) from contacts x where x.store_id = k.store_id and x.customer_id = k.id and x.taken_back_at is null and ${ofCustomerWithinReach(parts.contacts, 'x.staff_id', 'k')})`} as "contactCount",
      ${parts.service === null ? sql`null` : sql`(select count(*) from service_visits x where x.store_id = k.store_id and x.customer_id = k.id and not x.is_refund and ${ofCustomerWithinReach(parts.service, 'x.advisor_id', 'k')})`} as "visitCount",
      ${parts.orders === null ? sql`null` : sql`(select count(*) from orders x where x.store_id = k.store_id and x.customer_id = k.id and x.state <> 'cancelled' and ${ofCustomerWithinReach(parts.orders, 'x.consultant_id', 'k')})`} as "orderCount",
      ${parts.complaints === null ? sql`null` : sql`(select count(*) from complaints c where c.store_id = k.store_id and c.customer_id = k.id and ${complaintWithinReach(parts.complaints)})`} as "complaintCount",
      array_remove(array[${sql.join(Object.entries(COUNTED).map(([count, part]) => sql`case when ${hasMore(parts[part], part)} then ${sql.lit(count)} end`))}], null) as "countedInPart",
      (select p.value from policies p where p.store_id = k.store_id and p.capability = 'customers' order by p.version desc limit 1) as policy
    from customers k where k.store_id = ${storeId} and k.id = ${id} and ${customerWithinReach(reach.view, 'k')}
  ) c`.execute(db);
  return rows[0]?.card;
}

function seen(reach: Reach | null, author: string): RawBuilder<unknown> {
  return reach === null ? sql`false` : sql`coalesce(${ofCustomerWithinReach(reach, author, 'k')}, false)`;
}

/** Whether something of a kind may lie outside a reach: whoever looks after the customer reaches all of his but the complaints, which go by their handler. */
function hasMore(reach: Reach | null, part: keyof CardParts): RawBuilder<unknown> {
  if (reach === null || reach === 'everyone') return sql`false`;
  return part === 'complaints' ? sql`true` : sql`not ${ofCustomerWithinReach(reach, 'k.created_by', 'k')}`;
}

// Cars of today first, then those that have left him; one that came back stands once.
function vehicles(): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(x), '[]') from (
    select v.id, v.vin, v.plate, v.brand, v.model, v.colour, v.status, o.role, o.to_on is null as current, v.delivered_on as "deliveredOn",
      v.first_service_on as "firstServiceOn", v.first_service_km as "firstServiceKm", v.next_service_on as "nextServiceOn",
      v.next_service_km as "nextServiceKm", v.next_told_on as "nextToldOn", v.last_visit_on as "lastVisitOn", v.last_mileage_km as "lastMileageKm",
      v.last_maintenance_on as "lastMaintenanceOn", v.last_maintenance_km as "lastMaintenanceKm",
      v.last_mileage_on as "lastMileageOn", v.metres_per_day as "metresPerDay", v.inspection_due_on as "inspectionDueOn",
      v.warranty_until as "warrantyUntil",
      (select coalesce(json_agg(json_build_object('kind', i.kind, 'insurer', i.insurer, 'expiresOn', i.expires_on) order by i.expires_on desc), '[]')
        from (select distinct on (kind) kind, insurer, expires_on from insurance_policies
          where store_id = v.store_id and vehicle_id = v.id order by kind, expires_on desc) i) as policies
    from ownerships o join vehicles v on v.store_id = o.store_id and v.id = o.vehicle_id
    where o.store_id = k.store_id and o.customer_id = k.id and not exists (
      select from ownerships later where later.store_id = o.store_id and later.vehicle_id = o.vehicle_id and later.customer_id = o.customer_id
        and later.role = o.role and later.period > o.period)
    order by o.to_on is not null, o.from_on desc nulls last, v.id limit ${sql.lit(MOST_VEHICLES)}) x)`;
}

function contacts(reach: Reach): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(x), '[]') from (
    select n.id, ${instantText('n.occurred_at')} as "occurredAt", n.channel, n.outcome, n.content, n.satisfied, s.name as "staffName"
    from contacts n join staff s on s.store_id = n.store_id and s.id = n.staff_id
    where n.store_id = k.store_id and n.customer_id = k.id and n.taken_back_at is null and ${ofCustomerWithinReach(reach, 'n.staff_id', 'k')}
    order by n.occurred_at desc limit ${sql.lit(RECENT)}) x)`;
}

function visits(reach: Reach): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(x), '[]') from (
    select n.id, n.order_no as "orderNo", n.category, n.arrived_on as "arrivedOn", n.mileage_km as "mileageKm", n.received_fen as "receivedFen", v.plate, s.name as "advisorName"
    from service_visits n
    left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id
    left join staff s on s.store_id = n.store_id and s.id = n.advisor_id
    where n.store_id = k.store_id and n.customer_id = k.id and ${ofCustomerWithinReach(reach, 'n.advisor_id', 'k')}
    order by n.arrived_on desc limit ${sql.lit(RECENT)}) x)`;
}

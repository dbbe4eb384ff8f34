import type { CareFacts, EventFact } from '@baoke/core/care';
import { SPOKEN_OUTCOMES } from '@baoke/core/insight';
import { lunarOf, type CivilDate, type CustomerId, type Instant, type StaffId, type StoreId, type VehicleId } from '@baoke/core/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../connect.ts';
import { FORMER, seenAsOwner } from '../customers/seen.ts';
import { isGivenUp } from '../customers/standing.ts';

// An owner nobody has talked to counts from his delivery, a file nobody has confirmed from its opening.
export const LAST_CONTACT = (zone: string) =>
  sql<string>`coalesce((c.last_contact_at at time zone ${zone})::date, c.last_visit_on, c.first_delivered_on)`;
export const LAST_VERIFIED = (zone: string) => sql<string>`coalesce(c.verified_on, (c.created_at at time zone ${zone})::date)`;

type CustomerRow = {
  id: string;
  kind: 'person' | 'company';
  status: string;
  given_up: boolean;
  birth_date: string | null;
  birth_calendar: 'solar' | 'lunar' | null;
  is_difficult: boolean;
  created_at: string;
  contacted_on: string | null;
  verified_on: string;
  seen_on: string | null;
  consultant: string | null;
  advisor: string | null;
  cars: number;
  owned: boolean;
  open_complaint: boolean;
  consents: { p: string; c: string; g: boolean }[] | null;
  contacts: string[] | null;
};
type VehicleRow = {
  id: string;
  owner_id: string;
  delivered_on: string | null;
  sold_by_us: boolean;
  warranty_until: string | null;
  inspection_due_on: string | null;
  maintenance_due_on: string | null;
  created_at: string;
  ordered_by: string | null;
  delivered_at: string | null;
  seller: string | null;
  policies: { k: string; e: string }[] | null;
};
type VisitRow = {
  id: string;
  customer_id: string;
  vehicle_id: string | null;
  on: string;
  handed_back_at: string | null;
  advisor: string | null;
  created_at: string;
};

// People without an account cannot be given tasks: theirs go to the role's queue (spec 13, staff named in files).
const WITH_ACCOUNT = sql`s.status = 'active' and s.account_id is not null`;
/** Visits that are the workshop's own business and bring nobody a call. */
const OWN_BUSINESS = ['internal_repair', 'pdi', 'parts_pickup'];
/** The day a visit `w` ended, and whether calls follow it. */
export const HANDED_BACK_ON = (zone: string) =>
  sql<string>`coalesce((w.handed_back_at at time zone ${zone})::date, w.left_on, w.settled_on)`;
export const BRINGS_CALLS = sql`not w.is_refund and w.state = 'settled' and w.category <> all(${OWN_BUSINESS})`;

/**
 * What the planner knows of these customers. Cars that are gone and hand-backs before `handBacksFrom` are left out; a customer
 * who never had a car gets no events at all. Contacts are read from `contactsFrom` on, where a rule counts them; null = no rule does.
 */
export async function readFacts(
  db: Db,
  storeId: StoreId,
  zone: string,
  customers: readonly CustomerId[],
  handBacksFrom: CivilDate,
  contactsFrom: CivilDate | null,
): Promise<CareFacts[]> {
  const people =
    await sql<CustomerRow>`select c.id, c.kind, c.status, ${isGivenUp('c')} as given_up, c.birth_date, c.birth_calendar, c.is_difficult, c.created_at,
      ${LAST_CONTACT(zone)} as contacted_on, ${LAST_VERIFIED(zone)} as verified_on, nullif(${seenAsOwner('c')}, ${FORMER}) as seen_on,
      (select s.id from staff s where s.store_id = c.store_id and s.id = c.consultant_id and ${WITH_ACCOUNT}) as consultant,
      (select s.id from staff s where s.store_id = c.store_id and s.id = c.advisor_id and ${WITH_ACCOUNT}) as advisor,
      (select count(*)::integer from vehicles v where v.store_id = c.store_id and v.owner_id = c.id and v.status = 'in_use') as cars,
      exists (select from ownerships o where o.store_id = c.store_id and o.customer_id = c.id) or exists (select from vehicles v where v.store_id = c.store_id and v.owner_id = c.id) as owned,
      exists (select from complaints k where k.store_id = c.store_id and k.customer_id = c.id and k.status <> 'closed') as open_complaint,
      (select json_agg(json_build_object('p', purpose, 'c', channel, 'g', granted)) from (
        select distinct on (purpose, channel) purpose, channel, granted from consents k
        where k.store_id = c.store_id and k.customer_id = c.id and purpose in ('service', 'marketing') order by purpose, channel, at desc, id desc) as latest where granted is not null) as consents,
      ${contactsFrom === null ? sql`null::text[]` : spokenDays(zone, contactsFrom)} as contacts
    from customers c where c.store_id = ${storeId} and c.id = any(${customers}::uuid[]) and not c.is_store_itself and c.status <> 'merged'`.execute(
      db,
    );
  const cars =
    await sql<VehicleRow>`select v.id, v.owner_id, v.delivered_on, v.sold_by_us, v.warranty_until, v.inspection_due_on, v.maintenance_due_on, v.created_at,
      o.customer_id as ordered_by, case when (o.delivered_at at time zone ${zone})::date = v.delivered_on then o.delivered_at end as delivered_at, o.seller,
      (select json_agg(json_build_object('k', p.kind, 'e', p.expires_on)) from (
        select kind, max(expires_on) as expires_on from insurance_policies i where i.store_id = v.store_id and i.vehicle_id = v.id group by kind) as p) as policies
    from vehicles v left join lateral (
      select o.customer_id, o.delivered_at, (select s.id from staff s where s.store_id = o.store_id and s.id = o.consultant_id and ${WITH_ACCOUNT}) as seller
      from orders o where o.store_id = v.store_id and o.vehicle_id = v.id and o.state = 'delivered' order by o.delivered_on desc limit 1) as o on true
    where v.store_id = ${storeId} and v.owner_id = any(${customers}::uuid[]) and v.status = 'in_use'`.execute(db);
  const visits =
    await sql<VisitRow>`select w.id, w.customer_id, w.vehicle_id, ${HANDED_BACK_ON(zone)} as "on", w.handed_back_at, w.created_at,
      (select s.id from staff s where s.store_id = w.store_id and s.id = w.advisor_id and ${WITH_ACCOUNT}) as advisor
    from service_visits w where w.store_id = ${storeId} and w.customer_id = any(${customers}::uuid[]) and w.arrived_on >= ${handBacksFrom}::date - 60
      and ${BRINGS_CALLS}`.execute(db);

  const carsOf = Map.groupBy(cars.rows, (row) => row.owner_id);
  const visitsOf = Map.groupBy(visits.rows, (row) => row.customer_id);
  const facts: CareFacts[] = [];
  for (const row of people.rows) {
    if (!row.owned) continue;
    const own = carsOf.get(row.id) ?? [];
    const ownIds = new Set(own.map((car) => car.id));
    const events = own.flatMap(carEvents);
    for (const visit of visitsOf.get(row.id) ?? []) {
      // A visit with a car that has since been sold brings no more calls.
      if (visit.on >= handBacksFrom && (visit.vehicle_id === null || ownIds.has(visit.vehicle_id))) events.push(handBack(visit));
    }
    if (own.length > 0) events.push(...personEvents(row));
    facts.push(toFacts(row, events));
  }
  return facts;
}

// The days on which a customer was spoken to, one for each contact.
function spokenDays(zone: string, from: CivilDate): RawBuilder<string[]> {
  return sql<
    string[]
  >`array(select (o.occurred_at at time zone ${zone})::date::text from contacts o where o.store_id = c.store_id and o.customer_id = c.id
    and o.occurred_at >= ${from}::date - interval '1 day' and o.outcome = any(${SPOKEN_OUTCOMES}::text[]) and o.taken_back_at is null)`;
}

function event(kind: EventFact['kind'], on: string, recordId: string, recordedAt: string, more: Partial<EventFact> = {}): EventFact {
  return { kind, recordId, on: on as CivilDate, at: null, recordedAt: recordedAt as Instant, vehicleId: null, staffId: null, ...more };
}

function carEvents(car: VehicleRow): EventFact[] {
  const events: EventFact[] = [];
  const vehicleId = car.id as VehicleId;
  const add = (kind: EventFact['kind'], on: string | null, more: Partial<EventFact> = {}) => {
    if (on !== null) events.push(event(kind, on, more.recordId ?? car.id, car.created_at, { vehicleId, ...more }));
  };
  // Who bought the car later from somebody else was not handed it by us.
  if (car.sold_by_us && (car.ordered_by === null || car.ordered_by === car.owner_id))
    add('delivery', car.delivered_on, { at: car.delivered_at as Instant | null, staffId: car.seller as StaffId | null });
  add('warranty_end', car.warranty_until);
  add('inspection_due', car.inspection_due_on);
  add('maintenance_due', car.maintenance_due_on);
  for (const policy of car.policies ?? []) add('insurance_expiry', policy.e, { recordId: `${car.id}:${policy.k}` });
  return events;
}

function handBack(visit: VisitRow): EventFact {
  return event('hand_back', visit.on, visit.id, visit.created_at, {
    at: visit.handed_back_at as Instant | null,
    vehicleId: visit.vehicle_id as VehicleId | null,
    staffId: visit.advisor as StaffId | null,
  });
}

function personEvents(row: CustomerRow): EventFact[] {
  const events = [event('last_verified', row.verified_on, row.id, row.created_at)];
  if (row.contacted_on !== null) events.push(event('last_contact', row.contacted_on, row.id, row.created_at));
  if (row.seen_on !== null) events.push(event('last_visit', row.seen_on, row.id, row.created_at));
  return events;
}

function stoppedBy({ status, cars, given_up: givenUp }: CustomerRow): CareFacts['stopped'] {
  if (status === 'deceased') return 'deceased';
  if (status === 'anonymised') return 'erased';
  if (cars === 0) return 'transferred';
  return givenUp ? 'given_up' : null;
}

function toFacts(row: CustomerRow, events: EventFact[]): CareFacts {
  const consents = row.consents ?? [];
  type Consent = CareFacts['objections'][number];
  return {
    customerId: row.id as CustomerId,
    kind: row.kind,
    onFileSince: row.created_at as Instant,
    stopped: stoppedBy(row),
    difficult: row.is_difficult,
    openComplaint: row.open_complaint,
    objections: consents.filter((consent) => !consent.g).map(({ p, c }) => ({ purpose: p, channel: c }) as Consent),
    marketingConsent: consents.filter((consent) => consent.g && consent.p === 'marketing').map(({ c }) => c as Consent['channel']),
    consultantId: row.consultant as StaffId | null,
    advisorId: row.advisor as StaffId | null,
    // The points ledger comes with loyalty; until then nobody has any.
    points: 0,
    contactedOn: (row.contacts ?? []) as CivilDate[],
    events,
    births: row.birth_date === null || row.kind === 'company' ? [] : [birth(row, row.birth_date as CivilDate)],
  };
}

// The file keeps the solar day of birth; the calendar beside it says which anniversary is celebrated.
function birth(row: CustomerRow, born: CivilDate): CareFacts['births'][number] {
  const calendar = row.birth_calendar ?? 'solar';
  const monthDay = calendar === 'lunar' ? lunarOf(born) : { month: Number(born.slice(5, 7)), day: Number(born.slice(8, 10)), leap: false };
  return {
    kind: 'birthday',
    recordId: row.id,
    calendar,
    monthDay: { month: monthDay.month, day: monthDay.day, leap: monthDay.leap },
    recordedAt: row.created_at as Instant,
  };
}

import type { Reach } from '@baoke/core/access';
import type { TimelineItem, TimelineKind } from '@baoke/core/customers/wire';
import type { CustomerId, Instant, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import type { RecordedResult } from '@baoke/core/tasks';
import { sql, type RawBuilder } from 'kysely';
import { complaintWithinReach } from '../complaints/rows.ts';
import type { Db } from '../connect.ts';
import { customerWithinReach, instantText, ofCustomerWithinReach } from './reach.ts';

/** Whose records of each kind the reader may see; a kind that is missing is not shown. */
export type TimelineReach = Partial<Record<TimelineKind, Reach>>;

/** What happened, as stored: of a contact that is the result of a task whose it is and how its task stands, for the edge to judge. */
export type HappenedRow =
  | Exclude<TimelineItem, { kind: 'contact' }>
  | (Omit<Extract<TimelineItem, { kind: 'contact' }>, 'takeBack'> & {
      readonly result: { readonly staffId: StaffId; readonly unchanged: boolean; readonly complaint: RecordedResult['complaint'] } | null;
    });

/**
 * Everything that happened with a customer, latest first, paged by time and id, one row beyond the limit. What has a date only stands at
 * the beginning of that day at the store. Undefined outside the reach.
 *
 * One customer has tens of records in each table, found by his own index, so the arms are joined whole and then sorted.
 * Source: CUST-30; spec 01 customer card.
 */
export async function listTimeline(
  db: Db,
  storeId: StoreId,
  id: CustomerId,
  view: {
    readonly reach: Reach;
    readonly see: TimelineReach;
    readonly zone: TimeZone;
    readonly limit: number;
    readonly after?: { readonly at: Instant; readonly id: string };
  },
): Promise<HappenedRow[] | undefined> {
  const arms = (Object.keys(ARMS) as TimelineKind[]).flatMap((kind) => {
    const reach = view.see[kind];
    return reach === undefined ? [] : [ARMS[kind](reach, view.zone)];
  });
  const after = view.after ? sql`where (x.at, x.id) < (${view.after.at}, ${view.after.id})` : sql``;
  const items =
    arms.length === 0
      ? sql`'[]'::json`
      : sql`(select coalesce(json_agg(y.item), '[]') from (
        select (jsonb_build_object('kind', x.kind, 'id', x.id, 'at', ${instantText('x.at')}, 'by', x.by) || x.detail) as item
        from (${sql.join(arms, sql` union all `)}) as x(kind, id, at, by, detail) ${after} order by x.at desc, x.id desc limit ${sql.lit(view.limit + 1)}) y)`;
  const { rows } = await sql<{ items: HappenedRow[] }>`select ${items} as items from customers k
    where k.store_id = ${storeId} and k.id = ${id} and ${customerWithinReach(view.reach, 'k')}`.execute(db);
  return rows[0]?.items;
}

const nameOf = (column: string) => sql`(select s.name from staff s where s.store_id = k.store_id and s.id = ${sql.ref(column)})`;
const startOf = (column: string, zone: TimeZone) => sql`(${sql.ref(column)}::timestamp at time zone ${zone})`;
const ofCustomer = (table: string) => sql`from ${sql.table(table)} n where n.store_id = k.store_id and n.customer_id = k.id`;
const plate = sql`(select v.plate from vehicles v where v.store_id = k.store_id and v.id = n.vehicle_id)`;

// Each arm answers kind, id, at, by, detail, and knows the customer as k.
const ARMS: Readonly<Record<TimelineKind, (reach: Reach, zone: TimeZone) => RawBuilder<unknown>>> = {
  contact: (reach) => sql`select 'contact' as kind, n.id::text as id, n.occurred_at as at, ${nameOf('n.staff_id')} as by,
    jsonb_build_object('channel', n.channel, 'direction', n.direction, 'outcome', n.outcome, 'content', n.content, 'satisfied', n.satisfied, 'appointmentAt', ${instantText('n.appointment_at')},
      'heard', case when n.praised or coalesce(n.satisfaction, n.said_about, n.cause, n.unreached_because) is not null then jsonb_build_object(
        'satisfaction', n.satisfaction, 'praised', n.praised, 'saidAbout', n.said_about, 'cause', n.cause, 'unreachedBecause', n.unreached_because) end,
      'takenBack', case when n.taken_back_at is not null then jsonb_build_object('at', ${instantText('n.taken_back_at')}, 'by', ${nameOf('n.taken_back_by')}) end,
      'result', case when n.undo is not null then jsonb_build_object('staffId', n.staff_id,
        'unchanged', exists (select from tasks t where t.store_id = k.store_id and t.id = n.task_id and t.version = (n.undo ->> 'version')::integer),
        'complaint', (select jsonb_build_object('id', c.id, 'number', c.number) from complaints c where c.store_id = k.store_id and c.id = n.complaint_id)) end) as detail
    ${ofCustomer('contacts')} and ${ofCustomerWithinReach(reach, 'n.staff_id', 'k')}`,
  visit: (reach, zone) => sql`select 'visit', n.id::text, ${startOf('n.arrived_on', zone)}, ${nameOf('n.advisor_id')},
    jsonb_build_object('on', n.arrived_on, 'orderNo', n.order_no, 'category', n.category, 'plate', ${plate}, 'mileageKm', n.mileage_km, 'receivedFen', n.received_fen, 'isRefund', n.is_refund, 'remark', n.remark)
    ${ofCustomer('service_visits')} and ${ofCustomerWithinReach(reach, 'n.advisor_id', 'k')}`,
  order: (reach, zone) => sql`select 'order', n.id::text, ${startOf('n.ordered_on', zone)}, ${nameOf('n.consultant_id')},
    jsonb_build_object('on', n.ordered_on, 'orderId', n.id, 'model', n.model, 'priceFen', n.price_fen, 'state', n.state)
    ${ofCustomer('orders')} and ${ofCustomerWithinReach(reach, 'n.consultant_id', 'k')}`,
  delivery: (
    reach,
    zone,
  ) => sql`select 'delivery', n.id::text || ':delivery', coalesce(n.delivered_at, ${startOf('n.delivered_on', zone)}), ${nameOf('n.consultant_id')},
    jsonb_build_object('on', n.delivered_on, 'orderId', n.id, 'model', n.model, 'plate', ${plate})
    ${ofCustomer('orders')} and n.delivered_on is not null and ${ofCustomerWithinReach(reach, 'n.consultant_id', 'k')}`,
  lead: (reach, zone) => sql`select 'lead', n.id::text, ${startOf('n.registered_on', zone)}, ${nameOf('n.consultant_id')},
    jsonb_build_object('on', n.registered_on, 'source', n.source, 'model', n.model, 'level', n.level, 'status', n.status)
    ${ofCustomer('leads')} and ${ofCustomerWithinReach(reach, 'n.consultant_id', 'k')}`,
  // As in the list of complaints: whoever looks after the customer may be the one complained about.
  complaint: (reach) => sql`select 'complaint', c.id::text, c.registered_at, ${nameOf('c.registered_by')},
    jsonb_build_object('complaintId', c.id, 'number', c.number, 'complaintKind', c.kind, 'status', c.status, 'content', c.content)
    from complaints c where c.store_id = k.store_id and c.customer_id = k.id and ${complaintWithinReach(reach)}`,
  observation: (
    reach,
  ) => sql`select 'observation', n.id::text, n.at, ${nameOf('n.staff_id')}, jsonb_build_object('point', n.point, 'content', n.content)
    ${ofCustomer('observations')} and ${ofCustomerWithinReach(reach, 'n.staff_id', 'k')}`,
  consent: () => sql`select 'consent', n.id::text, n.at, ${nameOf('n.staff_id')},
    jsonb_build_object('purpose', n.purpose, 'channel', n.channel, 'granted', n.granted, 'source', n.source) ${ofCustomer('consents')}`,
  // Which fields, not what stood in them: the log itself is read with its own right. A car that changed hands is logged with the car.
  change: () => sql`select 'change', n.id::text, n.at, n.actor_name,
    jsonb_build_object('action', n.action, 'car', null, 'fields', case when jsonb_typeof(n.after) = 'object' and n.before is not null
      then (select coalesce(jsonb_agg(field), '[]') from jsonb_object_keys(n.after) field) else '[]'::jsonb end)
    from audit_entries n where n.store_id = k.store_id and n.entity = 'customer' and n.entity_id = k.id::text and n.action = any('{customers.create,customers.update,customers.setFlags,customers.recordDeath,customers.giveUp,customers.resumeCare,customers.verify,customers.changeMany,customers.undoChange}')
    union all
    select 'change', n.id::text, n.at, n.actor_name, jsonb_build_object('action', n.action, 'fields', '[]'::jsonb,
      'car', jsonb_build_object('vehicleId', v.id, 'name', coalesce(v.plate, v.model), 'came', n.after ->> 'ownerId' = k.id::text))
    from vehicles v join audit_entries n on n.store_id = v.store_id and n.entity = 'vehicle' and n.entity_id = v.id::text and n.action = 'vehicles.changeOwner'
    where v.store_id = k.store_id and v.id in (select o.vehicle_id from ownerships o where o.store_id = k.store_id and o.customer_id = k.id)
      and k.id::text in (n.before ->> 'ownerId', n.after ->> 'ownerId')`,
};

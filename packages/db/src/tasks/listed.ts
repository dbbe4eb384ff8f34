import type { ContactId, CustomerId, Instant, StaffId, StoreId, TaskId, VehicleId } from '@baoke/core/kernel';
import type { Standing } from '@baoke/core/customers';
import type { Task } from '@baoke/core/tasks';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { standingOf } from '../customers/standing.ts';
import { withInstants } from '../json.ts';
import { type Row, toTask, type TaskReach, withinReach } from './rows.ts';

export type ListedContact = {
  readonly id: ContactId;
  readonly occurredAt: Instant;
  readonly channel: string;
  readonly outcome: string;
  readonly content: string | null;
  readonly satisfied: boolean | null;
  readonly staffName: string;
};
export type ListedTask = {
  readonly task: Task;
  readonly customer: {
    readonly id: CustomerId;
    readonly name: string;
    readonly isFleet: boolean;
    readonly isVip: boolean;
    readonly isDifficult: boolean;
    readonly standing: Standing;
    readonly hasOpenComplaint: boolean;
    readonly phone: string | null;
    readonly preferredContactTime: string | null;
  };
  readonly vehicle: { readonly id: VehicleId; readonly plate: string | null; readonly model: string | null } | null;
  readonly assignee: { readonly id: StaffId; readonly name: string } | null;
  /** What the store calls its own rule; null for shipped ones. */
  readonly ruleName: string | null;
  readonly contacts: ListedContact[];
};

export type ListedRow = Row & {
  customer_name: string;
  is_fleet: boolean;
  is_vip: boolean;
  is_difficult: boolean;
  standing: Standing;
  open_complaint: boolean;
  phone: string | null;
  preferred_contact_time: string | null;
  plate: string | null;
  model: string | null;
  assignee_name: string | null;
  rule_name: string | null;
  contacts: ListedContact[] | null;
};

// Everything a caller needs beside a task, in one statement with the queue itself.
export const BESIDE = sql`c.name as customer_name, c.is_fleet, c.is_vip, c.is_difficult, ${standingOf('c')} as standing, c.preferred_contact_time,
  exists (select from complaints k where k.store_id = t.store_id and k.customer_id = t.customer_id and k.status <> 'closed') as open_complaint,
  (select p.e164 from customer_phones p where p.store_id = t.store_id and p.customer_id = t.customer_id and p.valid order by p.rank limit 1) as phone,
  v.plate, v.model, s.name as assignee_name,
  (select r.value ->> 'name' from care_rules r where r.store_id = t.store_id and r.key = t.rule_key) as rule_name,
  (select json_agg(json_build_object('id', l.id, 'occurredAt', l.occurred_at, 'channel', l.channel, 'outcome', l.outcome,
      'content', l.content, 'satisfied', l.satisfied, 'staffName', l.staff_name)) from (
    select o.id, o.occurred_at, o.channel, o.outcome, o.content, o.satisfied, w.name as staff_name from contacts o join staff w on w.store_id = o.store_id and w.id = o.staff_id
    where o.store_id = t.store_id and o.customer_id = t.customer_id and o.taken_back_at is null order by o.occurred_at desc limit 3) as l) as contacts`;
export const JOINED = sql`join customers c on c.store_id = t.store_id and c.id = t.customer_id
  left join vehicles v on v.store_id = t.store_id and v.id = t.vehicle_id
  left join staff s on s.store_id = t.store_id and s.id = t.assignee_id`;

export const INSTANTS = ['show_at', 'due_at', 'lapses_at', 'created_at', 'finished_at'] as const;

export function toListed(row: ListedRow): ListedTask {
  return {
    task: toTask(row),
    customer: {
      id: row.customer_id as CustomerId,
      name: row.customer_name,
      isFleet: row.is_fleet,
      isVip: row.is_vip,
      isDifficult: row.is_difficult,
      standing: row.standing,
      hasOpenComplaint: row.open_complaint,
      phone: row.phone,
      preferredContactTime: row.preferred_contact_time,
    },
    vehicle: row.vehicle_id === null ? null : { id: row.vehicle_id as VehicleId, plate: row.plate, model: row.model },
    assignee: row.assignee_id === null ? null : { id: row.assignee_id as StaffId, name: row.assignee_name ?? '' },
    ruleName: row.rule_name,
    contacts: withInstants(row.contacts ?? [], ['occurredAt']),
  };
}

export async function findListed(db: Db, storeId: StoreId, id: TaskId, reach: TaskReach): Promise<ListedTask | undefined> {
  const { rows } =
    await sql<ListedRow>`select t.*, ${BESIDE} from tasks t ${JOINED} where t.store_id = ${storeId} and t.id = ${id} and ${withinReach(reach)}`.execute(
      db,
    );
  return rows[0] && toListed(rows[0]);
}

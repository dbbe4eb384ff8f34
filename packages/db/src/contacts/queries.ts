import type { Reach } from '@baoke/core/access';
import type { Contact, ContactEffects } from '@baoke/core/contacts';
import type { CustomerId, Instant, StoreId, TaskId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { customerWithinReach, ofCustomerWithinReach } from '../customers/reach.ts';
import { withInstants } from '../json.ts';
import type { ListedContact } from '../tasks/listed.ts';

/** The task that a contact's next step becomes. */
export type FollowUp = {
  readonly id: TaskId;
  readonly role: string;
  readonly dueAt: Instant;
  readonly showAt: Instant;
  readonly note: string;
};

/**
 * Writes a contact and all it changes in one statement: the last contact, a wrong number, the follow-up. Answers what is missing: the
 * customer (none within the reach) or the vehicle (not of the store); nothing is written then.
 *
 * Round trips are what a contact costs (spec 12, operation d). The last contact never moves back; one written down late counts all the same, so
 * the planner looks at the customer again.
 */
export async function insertContact(
  db: Db,
  storeId: StoreId,
  contact: Contact,
  effects: ContactEffects,
  context: { readonly reach: Reach; readonly now: Instant; readonly followUp: FollowUp | null },
): Promise<'written' | 'no_customer' | 'no_vehicle'> {
  const { followUp } = context;
  const { rows } = await sql<{ customer: boolean; vehicle: boolean }>`with
    k as (select k.id, k.store_id, k.last_contact_at from customers k where k.store_id = ${storeId} and k.id = ${contact.customerId} and k.status = 'active' and ${customerWithinReach(context.reach, 'k')}),
    v as (select ${contact.vehicleId}::uuid is null or exists (select from vehicles where store_id = ${storeId} and id = ${contact.vehicleId}) as known),
    written as (insert into contacts (store_id, id, customer_id, vehicle_id, channel, direction, outcome, content, satisfied, appointment_at, occurred_at, staff_id, created_at)
      select k.store_id, ${contact.id}, k.id, ${contact.vehicleId}, ${contact.channel}, ${contact.direction}, ${contact.outcome}, ${contact.content}, ${contact.satisfied},
        ${contact.appointmentAt}, ${contact.occurredAt}, ${contact.staffId}, ${context.now} from k, v where v.known)
    ${
      effects.spoken
        ? sql`, spoken as (update customers c set last_contact_at = ${contact.occurredAt} from k, v
          where v.known and c.store_id = k.store_id and c.id = k.id and (c.last_contact_at is null or c.last_contact_at < ${contact.occurredAt})),
          counted as (insert into care_dirty (store_id, customer_id) select k.store_id, k.id from k, v where v.known and k.last_contact_at >= ${contact.occurredAt})`
        : sql``
    }
    ${
      effects.invalidatesPhone
        ? sql`, wrong as (update customer_phones p set valid = false from k, v where v.known and p.store_id = k.store_id and p.customer_id = k.id and p.rank = 1 and p.valid),
          out_of_reach as (update customers c set reachable = exists (select from customer_phones p where p.store_id = c.store_id and p.customer_id = c.id and p.valid and p.rank <> 1), verified_on = null
          from k, v where v.known and c.store_id = k.store_id and c.id = k.id)`
        : sql``
    }
    ${
      followUp
        ? sql`, next as (insert into tasks (store_id, id, kind, status, customer_id, vehicle_id, assignee_id, role, channel, purpose, priority, not_before_on, show_at, due_at, reason, script)
          select k.store_id, ${followUp.id}, 'manual', 'open', k.id, ${contact.vehicleId}, ${contact.staffId}, ${followUp.role}, 'phone', 'service', 3, ${effects.followUpOn}, ${followUp.showAt}, ${followUp.dueAt},
            ${JSON.stringify({ code: 'manual', params: {} })}::jsonb, ${followUp.note} from k, v where v.known)`
        : sql``
    }
    select exists (select from k) as customer, v.known as vehicle from v`.execute(db);
  const [found] = rows;
  if (!found?.customer) return 'no_customer';
  return found.vehicle ? 'written' : 'no_vehicle';
}

const LAST = 3;

/** The last three contacts with a customer that the reach includes, newest first; one that was taken back is none. */
export async function listLastContacts(db: Db, storeId: StoreId, customerId: CustomerId, reach: Reach): Promise<ListedContact[]> {
  const { rows } = await sql<{ contacts: ListedContact[] }>`select coalesce(json_agg(x), '[]') as contacts from (
    select n.id, n.occurred_at as "occurredAt", n.channel, n.outcome, n.content, n.satisfied, s.name as "staffName"
    from contacts n join staff s on s.store_id = n.store_id and s.id = n.staff_id join customers k on k.store_id = n.store_id and k.id = n.customer_id
    where n.store_id = ${storeId} and n.customer_id = ${customerId} and n.taken_back_at is null and ${ofCustomerWithinReach(reach, 'n.staff_id', 'k')}
    order by n.occurred_at desc limit ${sql.lit(LAST)}) x`.execute(db);
  return withInstants(rows[0]?.contacts ?? [], ['occurredAt']);
}

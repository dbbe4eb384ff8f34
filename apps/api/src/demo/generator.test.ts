import { checkVin, plateKind } from '@baoke/core/vehicles';
import { dateIn, type CivilDate, type DepartmentId, type Instant, type StaffId, type TimeZone } from '@baoke/core/kernel';
import { describe, expect, it } from 'vitest';
import { generateStore, type DemoInput } from './generator.ts';
import { DEMO_PEOPLE } from './staff.ts';
import { CALL_NOTES, COMPLAINING_NOTE, INVITATION_NOTES } from './words.ts';

const SMALL: DemoInput = {
  seed: 'test',
  now: '2026-11-22T06:00:00.000Z' as Instant,
  today: '2026-11-22' as CivilDate,
  zone: 'Asia/Shanghai' as TimeZone,
  size: { sold: 600, valid: 380, months: 26, prospects: 20 },
  staff: {
    byUsername: new Map(
      DEMO_PEOPLE.map(({ username }, at) => [username, `00000000-0000-7000-8000-${String(at).padStart(12, '0')}` as StaffId]),
    ),
    departments: new Map([
      ['service', '00000000-0000-7000-8000-100000000001' as DepartmentId],
      ['sales', '00000000-0000-7000-8000-100000000002' as DepartmentId],
    ]),
  },
};

const made = generateStore(SMALL);

describe('the generated dealership', () => {
  it('comes out the same for the same seed, day and time', () => {
    const again = generateStore(SMALL);
    expect({ ...again, tokens: again.tokens() }).toEqual({ ...made, tokens: made.tokens() });
  });

  it('comes out differently for another seed', () => {
    expect(generateStore({ ...SMALL, seed: 'other' }).customers).not.toEqual(made.customers);
  });

  it('has as many buyers and as many valid owners as asked for', () => {
    const reachable = new Set(made.customers.filter((c) => c.reachable).map((c) => c.id));
    const owners = new Set(
      made.vehicles.filter((v) => v.status === 'in_use' && v.owner_id && reachable.has(v.owner_id)).map((v) => v.owner_id),
    );
    expect(made.customers.filter((c) => c.first_delivered_on)).toHaveLength(600);
    expect(made.vehicles.filter((v) => v.sold_by_us)).toHaveLength(600);
    expect(owners.size).toBe(380);
  });

  it('gives every car a VIN with its check digit and every plate its form', () => {
    expect(made.vehicles.filter((v) => checkVin(v.vin ?? '') !== 'valid')).toEqual([]);
    expect(made.vehicles.filter((v) => v.plate && plateKind(v.plate) === undefined)).toEqual([]);
  });

  it.each(['2026-11-21T21:38:00.000Z', '2026-11-22T06:00:00.000Z', '2026-11-22T10:30:00.000Z'] as Instant[])(
    'dates nothing that happened after now: %s',
    (now) => {
      const store = generateStore({
        ...SMALL,
        now,
        today: dateIn(SMALL.zone, now),
        size: { sold: 13_000, valid: 8_000, months: 1, prospects: 300 },
      });
      const moments = [
        ...[...store.customers, ...store.vehicles, ...store.orders, ...store.leads].flatMap((row) => [row.created_at, row.updated_at]),
        ...store.orders.map((order) => order.delivered_at),
        ...[...store.consents, ...store.observations].map((row) => row.at),
        ...store.contacts.map((contact) => contact.occurred_at),
        ...store.tasks.map((task) => task.finished_at),
      ];
      expect(moments.filter((moment) => (moment ?? '') > now)).toEqual([]);
      expect(store.visits.filter((v) => (v.left_on ?? v.arrived_on) > dateIn(SMALL.zone, now))).toEqual([]);
    },
  );

  it('ties complaints to the calls they were registered with', () => {
    const contacts = new Map(made.contacts.flatMap((contact) => (contact.complaint_id ? [[contact.complaint_id as string, contact]] : [])));
    const tied = made.complaints.map(({ complaint }) => complaint).filter(({ id }) => contacts.has(id));
    expect(tied.length).toBeGreaterThan(0);
    expect(tied).toHaveLength(contacts.size);
    for (const complaint of tied) {
      const contact = contacts.get(complaint.id);
      const task = made.tasks.find(({ id }) => id === contact?.task_id);
      expect(contact).toMatchObject({ satisfied: false, customer_id: complaint.customerId, staff_id: complaint.registeredBy });
      expect(contact?.occurred_at).toBe(complaint.registeredAt);
      expect(task).toMatchObject({ visit_id: complaint.visitId, vehicle_id: complaint.vehicleId });
      expect(complaint.source).toBe(task?.result === 'csi' ? 'survey' : 'care_call');
    }
    const customers = made.complaints.map(({ complaint }) => complaint.customerId);
    expect(new Set(customers).size).toBe(customers.length);
  });

  it('writes down of a call what came of it', () => {
    const fits = ({ outcome, satisfied }: (typeof made.contacts)[number]): readonly string[] => {
      switch (outcome) {
        case 'not_reached':
          return CALL_NOTES.none;
        case 'wrong_number':
          return CALL_NOTES.wrongNumber;
        case 'refused':
          return CALL_NOTES.refused;
        case 'appointment':
          return INVITATION_NOTES.appointment;
        default:
          return satisfied === false ? CALL_NOTES.fair : [...CALL_NOTES.good, ...INVITATION_NOTES.reached, COMPLAINING_NOTE];
      }
    };
    const calls = made.contacts.filter(({ channel, content }) => channel === 'phone' && content);
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(
      new Set(['reached', 'appointment', 'refused', 'not_reached', 'wrong_number']),
    );
    expect(calls.filter((call) => !fits(call).includes(call.content ?? ''))).toEqual([]);
  });

  it('has nobody praise the service on the day he complains, nor while he waits', () => {
    const during = made.complaints.flatMap(({ complaint, registeredOn }) =>
      made.contacts.filter(({ customer_id, occurred_at }) => {
        const on = dateIn(SMALL.zone, occurred_at as Instant);
        const until = complaint.status === 'closed' ? dateIn(SMALL.zone, complaint.closedAt) : SMALL.today;
        return customer_id === complaint.customerId && on >= registeredOn && on <= until;
      }),
    );
    expect(during.filter(({ satisfied, content }) => satisfied === true || CALL_NOTES.good.includes(content ?? ''))).toEqual([]);
    const heard = during.find(({ content }) => content === COMPLAINING_NOTE);
    expect(made.tasks.find(({ id }) => id === heard?.task_id)?.outcome_note).toBe(COMPLAINING_NOTE);
  });

  it('shows complaints in every state, one of them to be answered within twenty minutes', () => {
    const open = made.complaints.map((c) => c.complaint);
    expect(new Set(open.map((c) => c.status))).toEqual(new Set(['registered', 'responded', 'solved', 'closed', 'reopened']));
    expect(open.some((c) => c.status === 'registered' && c.response.dueAt === '2026-11-22T06:20:00.000Z')).toBe(true);
    expect(new Set(open.map((c) => c.pause.state))).toEqual(new Set(['running', 'requested', 'paused']));
  });
});

import {
  onSince,
  planner,
  DEFAULT_CARE_POLICY,
  presetRules,
  visitFollowed,
  type CareFacts,
  type CareRule,
  type EventFact,
  type Occurrence,
} from '@baoke/core/care';
import {
  addDays,
  addMinutes,
  addMonths,
  dateIn,
  isoWeekday,
  millisecondsOf,
  startOfDay,
  type CivilDate,
  type Instant,
  type StaffId,
  type TaskId,
  type VehicleId,
  type OrderId,
} from '@baoke/core/kernel';
import { OUTCOME_MEANING, type Outcome } from '@baoke/core/tasks';
import { maintenanceDue } from '@baoke/core/vehicles';
import type { NewRow } from '@baoke/db/demo';
import type { DemoOwner, Making } from './generator.ts';
import type { Chance } from './random.ts';
import { CALL_NOTES, INVITATION_NOTES, NOTE_CODES } from './words.ts';

/** Weeks in which the store has worked with its care tasks. */
const WEEKS = 7;
/** The rules whose work of the last weeks is on record; the others begin with the demo. */
const RULES_AT_WORK = new Set<string>([
  'thank_you_letter',
  'first_call',
  'use_call',
  'care_call',
  'ssi_survey',
  'second_call',
  'after_service_use_call',
  'after_service_care_call',
  'csi_survey',
  'maintenance_call_14',
  'maintenance_overdue',
  'renewal_call_45',
  'renewal_call_30',
  'renewal_call_15',
  'renewal_call_3',
  'warranty_call',
]);

/** The care rules of the demo, switched on when their recorded work begins. */
export function demoRules({ today, zone, now }: Pick<Making, 'today' | 'zone' | 'now'>): CareRule[] {
  const since = startOfDay(zone, addDays(today, -7 * WEEKS));
  return presetRules('combined').map((rule): CareRule => onSince(rule, RULES_AT_WORK.has(rule.key) ? since : now));
}

export type Known = {
  readonly visits: readonly NewRow<'service_visits'>[];
  readonly orders: readonly NewRow<'orders'>[];
  readonly policies: readonly NewRow<'insurance_policies'>[];
  readonly consents: readonly NewRow<'consents'>[];
};
type File = {
  readonly visits: NewRow<'service_visits'>[];
  readonly orders: NewRow<'orders'>[];
  readonly objections: CareFacts['objections'][number][];
};

/**
 * The calls of the last months: planned by the care planner itself over the last weeks and then done, late, missed, skipped or still
 * open as in a store; before that the contacts of each owner without tasks. The facts are those the planner will read from the loaded
 * store, so that it finds its tasks again.
 */
export function makeHistory(
  making: Making,
  owners: readonly DemoOwner[],
  known: Known,
): { tasks: NewRow<'tasks'>[]; contacts: NewRow<'contacts'>[] } {
  const chance = making.chance.fork('history');
  const { today, zone } = making;
  const begin = addDays(today, -7 * WEEKS);
  const plan = planner(demoRules(making), { ...DEFAULT_CARE_POLICY, zone }, { from: begin, to: addDays(today, 1) });
  const tasks: NewRow<'tasks'>[] = [];
  const contacts: NewRow<'contacts'>[] = [];
  const files = filesOf(known, begin);
  const expiries = new Map<string, NewRow<'insurance_policies'>[]>();
  for (const policy of known.policies) expiries.set(policy.vehicle_id, [...(expiries.get(policy.vehicle_id) ?? []), policy]);
  for (const owner of owners) {
    if (!owner.valid) continue;
    earlierContacts(making, chance, owner, begin, contacts);
    const facts = factsOf(making, owner, files.get(owner.id), expiries, begin);
    if (facts.events.length === 0) continue;
    for (const occurrence of plan(facts).occurrences)
      if (RULES_AT_WORK.has(occurrence.ruleKey)) workOn(making, chance, owner, occurrence, { tasks, contacts });
  }
  const byId = new Map(owners.map((owner) => [owner.id as string, owner]));
  for (const { customer_id, occurred_at, outcome } of contacts) {
    const row = byId.get(customer_id)?.row;
    if (row && OUTCOME_MEANING[outcome as Outcome].spoken && (row.last_contact_at === null || row.last_contact_at < occurred_at))
      row.last_contact_at = occurred_at;
  }
  return { tasks, contacts };
}

function filesOf({ visits, orders, consents }: Known, begin: CivilDate): Map<string, File> {
  const files = new Map<string, File>();
  const of = (id: string): File => {
    let file = files.get(id);
    if (!file) files.set(id, (file = { visits: [], orders: [], objections: [] }));
    return file;
  };
  for (const visit of visits) {
    if (
      visit.customer_id &&
      visit.state === 'settled' &&
      !visit.is_refund &&
      (visit.left_on ?? '') >= addDays(begin, -8) &&
      !['pdi', 'internal_repair', 'parts_pickup'].includes(visit.category)
    )
      of(visit.customer_id).visits.push(visit);
  }
  for (const order of orders) if (order.delivered_at) of(order.customer_id).orders.push(order);
  for (const { customer_id, purpose, channel, granted } of consents) {
    if (!granted) of(customer_id).objections.push({ purpose: purpose as 'marketing', channel: channel as 'phone' });
  }
  return files;
}

// Owners were called now and then before the system came: what the card shows as last contact.
function earlierContacts({ at, person }: Making, chance: Chance, owner: DemoOwner, until: CivilDate, contacts: NewRow<'contacts'>[]): void {
  for (
    let times = chance.weighted([
      [0, 3],
      [1, 5],
      [2, 2],
    ]);
    times > 0;
    times -= 1
  ) {
    const on = addDays(until, -chance.whole(2, 330));
    if (on <= (owner.row.first_delivered_on ?? '')) continue;
    const moment = at(on, chance.whole(545, 1_140));
    const outcome = chance.weighted<Outcome>([
      ['reached', 14],
      ['not_reached', 4],
      ['appointment', 2],
    ]);
    const service = chance.happens(0.6);
    contacts.push(
      contact(
        chance,
        owner,
        null,
        moment,
        outcome,
        ((service ? owner.row.advisor_id : owner.row.consultant_id) as StaffId | null) ?? person('callback'),
        'phone',
      ),
    );
  }
}

function factsOf(
  { today }: Making,
  owner: DemoOwner,
  file: File | undefined,
  expiries: ReadonlyMap<string, NewRow<'insurance_policies'>[]>,
  begin: CivilDate,
): CareFacts {
  const events: EventFact[] = [];
  const add = (event: EventFact) => {
    if (event.on >= addMonths(begin, -1) && event.on <= addDays(today, 60)) events.push(event);
  };
  for (const { row, goneOn, id } of owner.cars) {
    if (goneOn !== null || row.status !== 'in_use') continue;
    const base = { recordId: id as string, vehicleId: id, at: null, recordedAt: row.created_at as Instant, staffId: null };
    const order = file?.orders.find((o) => o.vehicle_id === id);
    if (row.delivered_on)
      add({
        ...base,
        kind: 'delivery',
        on: row.delivered_on as CivilDate,
        at: (order?.delivered_at ?? null) as Instant | null,
        staffId: (order?.consultant_id ?? null) as StaffId | null,
      });
    if (row.warranty_until) add({ ...base, kind: 'warranty_end', on: row.warranty_until as CivilDate });
    const due = maintenanceDueOn(row);
    if (due) add({ ...base, kind: 'maintenance_due', on: due });
    for (const policy of expiries.get(id) ?? [])
      add({ ...base, kind: 'insurance_expiry', recordId: `${id}:${policy.kind}`, on: policy.expires_on as CivilDate });
  }
  for (const visit of file?.visits ?? []) {
    add({
      kind: 'hand_back',
      recordId: visit.id,
      on: visit.left_on as CivilDate,
      at: visit.handed_back_at as Instant,
      recordedAt: visit.created_at as Instant,
      vehicleId: visit.vehicle_id as VehicleId,
      staffId: visit.advisor_id as StaffId,
    });
  }
  return {
    customerId: owner.id,
    kind: owner.row.kind as 'person' | 'company',
    onFileSince: owner.row.created_at as Instant,
    stopped: null,
    difficult: owner.row.is_difficult === true,
    openComplaint: false,
    objections: file?.objections ?? [],
    marketingConsent: [],
    consultantId: (owner.row.consultant_id ?? null) as StaffId | null,
    advisorId: (owner.row.advisor_id ?? null) as StaffId | null,
    points: 0,
    contactedOn: [],
    events,
    births: [],
  };
}

function maintenanceDueOn(row: NewRow<'vehicles'>): CivilDate | null {
  const date = (value: unknown) => (value ?? null) as CivilDate | null;
  const due = maintenanceDue({
    nextServiceOn: date(row.next_service_on),
    nextServiceKm: row.next_service_km ?? null,
    nextToldOn: date(row.next_told_on),
    firstServiceOn: date(row.first_service_on),
    firstServiceKm: row.first_service_km ?? null,
    deliveredOn: date(row.delivered_on),
    lastMaintenanceOn: date(row.last_maintenance_on),
    lastMaintenanceKm: row.last_maintenance_km ?? null,
    lastMileageKm: row.last_mileage_km ?? null,
    lastMileageOn: date(row.last_mileage_on),
    metresPerDay: row.metres_per_day ?? null,
  });
  return due && due.on;
}

type Out = { readonly tasks: NewRow<'tasks'>[]; readonly contacts: NewRow<'contacts'>[] };

/** How well the store works: nine of ten calls are made, most of them in time, three of four reach somebody at the first try. */
function workOn(making: Making, chance: Chance, owner: DemoOwner, occurrence: Occurrence, { tasks, contacts }: Out): void {
  const { now, zone, person, at } = making;
  const worker =
    occurrence.assigneeId ??
    person(
      occurrence.role === 'RENEWAL' ? 'renewal' : occurrence.role === 'SALES_MGR' ? 'salesmgr' : chance.pick(['callback', 'callback2']),
    );
  const made = at(occurrence.notBeforeOn, 30);
  const id = chance.id<TaskId>(millisecondsOf(made));
  const task = {
    id,
    kind: 'care_call',
    status: 'open',
    occurrence_key: occurrence.key,
    slot: occurrence.slot,
    rule_key: occurrence.ruleKey as string,
    customer_id: occurrence.customerId,
    vehicle_id: occurrence.vehicleId,
    visit_id: visitFollowed(occurrence) as string | null,
    order_id: null as OrderId | null,
    assignee_id: occurrence.assigneeId,
    role: occurrence.role as string,
    channel: occurrence.channel as string,
    purpose: occurrence.purpose as string,
    priority: occurrence.priority as number,
    urgency: occurrence.byTheHour ? 0 : 1,
    anchor_on: occurrence.anchorOn as string,
    not_before_on: occurrence.notBeforeOn as string,
    due_at: occurrence.dueAt,
    lapses_at: occurrence.lapsesAt,
    show_at: at(occurrence.notBeforeOn, 0),
    reason: JSON.stringify(occurrence.reason),
    result: occurrence.result as string,
    script: occurrence.script,
    topics: [...occurrence.topics],
    attempts: 0,
    next_try_at: null as string | null,
    outcome: null as string | null,
    outcome_note: null as string | null,
    finished_at: null as string | null,
    finished_by: null as string | null,
    settled_reason: null as string | null,
    created_at: made as string,
    updated_at: made as string,
  };
  tasks.push(task);
  const settle = (status: string, when: Instant, by: StaffId | null) =>
    Object.assign(task, { status, finished_at: when, finished_by: by, updated_at: when });
  const fate = chance.next();
  if (fate < 0.045 && occurrence.lapsesAt < now) {
    settle('missed', occurrence.lapsesAt, null);
    return;
  }
  const late = fate > 0.9;
  // In working hours of the last day, where it does not end before them.
  const inTime = (end: Instant): Instant => {
    const call = at(dateIn(zone, end), chance.whole(545, 1_090));
    return call <= end ? call : addMinutes(end, -chance.whole(5, 90));
  };
  const workday = nextOpenDay(late ? addDays(dateIn(zone, occurrence.dueAt), chance.whole(1, 4)) : occurrence.notBeforeOn);
  let moment = at(workday, chance.whole(545, 1_090));
  if (!late && moment > occurrence.dueAt) moment = inTime(occurrence.dueAt);
  if (moment > occurrence.lapsesAt) moment = inTime(occurrence.lapsesAt);
  if (moment > now || (fate > 0.84 && occurrence.lapsesAt > now)) return;
  if (fate < 0.07) {
    task.settled_reason = chance.pick(['contacted_elsewhere', 'already_settled', 'customer_asked']);
    settle('skipped', moment, worker);
    return;
  }
  if (occurrence.channel !== 'phone') {
    task.outcome = 'sent';
    contacts.push(contact(chance, owner, task, moment, 'sent', worker, occurrence.channel));
    settle('done', moment, worker);
    return;
  }
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const answered = chance.happens(0.8);
    const outcome: Outcome = !answered
      ? 'not_reached'
      : ['appointment', 'offer'].includes(occurrence.result) && chance.happens(0.42)
        ? 'appointment'
        : chance.weighted([
            ['reached', 48],
            ['refused', 1],
            ['wrong_number', 0.3],
          ]);
    contacts.push(contact(chance, owner, task, moment, outcome, worker, 'phone'));
    Object.assign(task, { attempts: attempt, outcome, outcome_note: contacts[contacts.length - 1]?.content ?? null, updated_at: moment });
    if (answered || attempt === 3) {
      settle('done', moment, worker);
      return;
    }
    moment = at(nextOpenDay(addDays(dateIn(zone, moment), 1)), chance.whole(560, 1_150));
    task.next_try_at = moment;
    if (moment > now || moment > occurrence.lapsesAt) return;
  }
}

// Calls are made on six days of the week.
function nextOpenDay(date: CivilDate): CivilDate {
  return isoWeekday(date) === 7 ? addDays(date, 1) : date;
}

function contact(
  chance: Chance,
  owner: DemoOwner,
  task: { id: TaskId; vehicle_id: string | null; rule_key: string } | null,
  moment: Instant,
  outcome: Outcome,
  staffId: StaffId,
  channel: string,
): NewRow<'contacts'> {
  const { spoken } = OUTCOME_MEANING[outcome];
  const asks = task !== null && /after_service|csi|ssi|care_call|use_call|first_call|second_call/.test(task.rule_key);
  const satisfied = spoken && outcome === 'reached' && asks ? chance.happens(0.94) : null;
  const invites = task !== null && /maintenance|renewal|warranty/.test(task.rule_key);
  const content = chance.pick(notesOf(outcome, satisfied, invites));
  return {
    id: chance.id(millisecondsOf(moment)),
    customer_id: owner.id,
    vehicle_id: task?.vehicle_id ?? owner.cars[0]?.id ?? null,
    task_id: task?.id ?? null,
    complaint_id: null,
    channel: channel === 'visit' ? 'visit_customer' : channel,
    direction: 'out',
    outcome,
    content: outcome === 'sent' ? null : content,
    satisfied,
    ...heardOf(content, satisfied, outcome),
    appointment_at: outcome === 'appointment' ? addMinutes(moment, chance.whole(1, 9) * 1_440) : null,
    occurred_at: moment,
    staff_id: staffId,
    created_at: moment,
  };
}

// One draw whichever list it is from.
function notesOf(outcome: Outcome, satisfied: boolean | null, invites: boolean): readonly string[] {
  if (outcome === 'wrong_number') return CALL_NOTES.wrongNumber;
  if (outcome === 'refused') return CALL_NOTES.refused;
  if (!OUTCOME_MEANING[outcome].spoken) return CALL_NOTES.none;
  if (outcome === 'appointment') return INVITATION_NOTES.appointment;
  if (invites) return INVITATION_NOTES.reached;
  return CALL_NOTES[satisfied === false ? 'fair' : 'good'];
}

// What the note says, in the codes it would have been sorted by: no draw of chance, so that everything else of the store stays as it is.
function heardOf(content: string, satisfied: boolean | null, outcome: Outcome) {
  const { praised = false, about = null, cause = null, unreached = null } = NOTE_CODES[content] ?? {};
  return {
    satisfaction: satisfied === null ? null : satisfied ? 'satisfied' : 'dissatisfied',
    praised: praised && satisfied === true,
    said_about: satisfied === null ? null : about,
    cause: satisfied === null ? null : cause,
    unreached_because: outcome === 'not_reached' ? unreached : null,
  };
}

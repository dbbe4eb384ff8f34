import type { Role } from '@baoke/core/access';
import * as rules from '@baoke/core/complaints';
import type { Complaint, ComplaintEventKind, ComplaintKind, ComplaintSource } from '@baoke/core/complaints';
import {
  addDays,
  addMinutes,
  dateIn,
  DEFAULT_BUSINESS_CALENDAR,
  fen,
  millisecondsOf,
  minutesBetween,
  type CivilDate,
  type ComplaintId,
  type CustomerId,
  type DepartmentId,
  type Instant,
  type OrderId,
  type StaffId,
  type VehicleId,
  type Verdict,
  type VisitId,
} from '@baoke/core/kernel';
import type { NewRow } from '@baoke/db/demo';
import type { DemoOwner, Making } from './generator.ts';
import type { Chance } from './random.ts';
import { CALL_NOTES, COMPLAINING_NOTE, GRIEVANCES, NOTE_GRIEVANCES, RESPONSES, VERDICTS } from './words.ts';

export type DemoComplaintEvent = {
  readonly id: string;
  readonly kind: ComplaintEventKind;
  readonly at: Instant;
  readonly staffId: StaffId;
  readonly note: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
};
/** A complaint as the rules brought it to its state; its number is given when it is written. */
export type DemoComplaint = {
  readonly complaint: Complaint;
  readonly registeredOn: CivilDate;
  readonly events: readonly DemoComplaintEvent[];
};

/** How far a complaint has come, and how the promises were kept on the way. */
type Course = {
  readonly minutesAgo: number;
  readonly until: 'registered' | 'responded' | 'solved' | 'closed' | 'reopened' | 'pause_requested' | 'paused';
  readonly lateResponse?: boolean;
  readonly lateClose?: boolean;
  readonly cameBack?: boolean;
  /** How many minutes ago a call may have been with which it was registered, without showing anything else; [from, to). */
  readonly heard?: readonly [from: number, to: number];
};

/** What stands open now: one runs out in twenty minutes, two are broken, each state occurs. */
const OPEN: readonly Course[] = [
  { minutesAgo: 40, until: 'registered' },
  { minutesAgo: 12, until: 'registered' },
  { minutesAgo: 130, until: 'registered' },
  { minutesAgo: 5 * 60, until: 'responded' },
  { minutesAgo: 22 * 60, until: 'responded', heard: [14 * 60, 23.5 * 60] },
  { minutesAgo: 31 * 60, until: 'responded', lateResponse: true, heard: [25 * 60, 80 * 60] },
  { minutesAgo: 9 * 60, until: 'solved' },
  { minutesAgo: 20 * 60, until: 'solved', heard: [16 * 60, 23.5 * 60] },
  { minutesAgo: 17 * 60, until: 'reopened' },
  { minutesAgo: 7 * 60, until: 'pause_requested' },
  { minutesAgo: 50 * 60, until: 'paused' },
];
/** Closed ones by half-years; the rate falls as in the source, from the year before to the last half-year (W-05). */
const SERVICE_CLOSED = { yearBefore: 56, firstHalf: 21, secondHalf: 12 };
const SALES_CLOSED = { yearBefore: 11, lastYear: 5 };
const DAY = 1_440;
/** A closed one has come to its end four days later at the latest; it may as well have begun ten days earlier or later. */
const CLOSED_AFTER = 4 * DAY;
const CLOSED_GIVES = 10 * DAY;

/**
 * Complaints in every state, made by the product's own rules. The rates of the year come out near the source's 0.2 %.
 *
 * Of those about a visit some were registered with a call after it that heard so: such a contact is given the complaint, as by the product.
 */
export function makeComplaints(
  making: Making,
  owners: readonly DemoOwner[],
  visits: readonly NewRow<'service_visits'>[],
  orders: readonly NewRow<'orders'>[],
  history: History,
): DemoComplaint[] {
  const chance = making.chance.fork('complaints');
  const closed = (count: number, fromDay: number, toDay: number): Course[] =>
    Array.from({ length: count }, () => {
      const minutesAgo = chance.whole(fromDay * DAY, toDay * DAY);
      return {
        minutesAgo,
        heard: [Math.max(CLOSED_AFTER, minutesAgo - CLOSED_GIVES), minutesAgo + CLOSED_GIVES],
        until: 'closed',
        lateResponse: chance.happens(0.12),
        lateClose: chance.happens(0.15),
        cameBack: chance.happens(0.1),
      };
    });
  const courses: { course: Course; branch: 'service' | 'sales' }[] = [
    ...OPEN.map((course, at) => ({ course, branch: at % 5 === 3 ? ('sales' as const) : ('service' as const) })),
    ...[
      ...closed(SERVICE_CLOSED.yearBefore, 365, 729),
      ...closed(SERVICE_CLOSED.firstHalf, 183, 364),
      ...closed(SERVICE_CLOSED.secondHalf, 4, 182),
    ].map((course) => ({ course, branch: 'service' as const })),
    ...[...closed(SALES_CLOSED.yearBefore, 365, 720), ...closed(SALES_CLOSED.lastYear, 6, 360)].map((course) => ({
      course,
      branch: 'sales' as const,
    })),
  ];
  const ownerOf = new Map(owners.map((owner) => [owner.id as string, owner]));
  const taken = new Set<string>();
  const occasions = occasionsOf(making, visits, orders, ownerOf, taken);
  const calls = callsHeard(making, history);
  const complaints = courses
    .toSorted((a, b) => b.course.minutesAgo - a.course.minutesAgo)
    .flatMap(({ course, branch }) => {
      const occasion = occasions(chance, branch, addDays(making.today, -Math.ceil(course.minutesAgo / DAY)));
      if (!occasion) return [];
      const call = branch === 'service' ? callOf(calls, course, taken) : undefined;
      if (!call) return [goThrough(making, chance, course, branch, occasion)];
      taken.add(call.occasion.customerId);
      const complaint = goThrough(making, chance, course, branch, call.occasion, call);
      call.contact.complaint_id = complaint.complaint.id;
      return [complaint];
    });
  unpraise(making, complaints, history);
  return complaints;
}

// Nobody is content on the day he complains, nor while he waits: what a call heard then is written in other words, with no satisfaction asked.
function unpraise({ zone, now }: Making, complaints: readonly DemoComplaint[], { contacts, tasks }: History): void {
  const taskOf = new Map(tasks.map((task) => [task.id as string, task]));
  const times = new Map(
    complaints.map(({ complaint, registeredOn }) => [
      complaint.customerId as string,
      { from: registeredOn, to: dateIn(zone, complaint.status === 'closed' ? complaint.closedAt : now) },
    ]),
  );
  for (const contact of contacts) {
    const time = times.get(contact.customer_id);
    if (!time || !CALL_NOTES.good.includes(contact.content ?? '')) continue;
    const on = dateIn(zone, contact.occurred_at as Instant);
    if (on < time.from || on > time.to) continue;
    Object.assign(contact, { content: COMPLAINING_NOTE, satisfied: null, satisfaction: null, praised: false, said_about: null });
    const task = taskOf.get(contact.task_id ?? '');
    if (task) task.outcome_note = COMPLAINING_NOTE;
  }
}

type Occasion = {
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  readonly visitId: VisitId | null;
  readonly orderId: OrderId | null;
  readonly servedBy: StaffId | null;
};

type History = { readonly contacts: readonly NewRow<'contacts'>[]; readonly tasks: readonly NewRow<'tasks'>[] };
/** A call after a visit with which a complaint may have been registered. */
type Call = {
  readonly contact: NewRow<'contacts'>;
  readonly minutesAgo: number;
  readonly occasion: Occasion;
  readonly source: ComplaintSource;
  readonly kind: string;
};

function callsHeard({ now }: Making, { contacts, tasks }: History): Call[] {
  const taskOf = new Map(tasks.map((task) => [task.id as string, task]));
  return contacts.flatMap((contact): Call[] => {
    const kind = contact.satisfied === false ? NOTE_GRIEVANCES[contact.content ?? ''] : undefined;
    const task = kind === undefined ? undefined : taskOf.get(contact.task_id ?? '');
    if (kind === undefined || !task?.visit_id) return [];
    const occasion = {
      customerId: contact.customer_id as CustomerId,
      vehicleId: (task.vehicle_id ?? null) as VehicleId | null,
      visitId: task.visit_id as VisitId,
      orderId: null,
      servedBy: null,
    };
    const source = task.result === 'csi' ? 'survey' : 'care_call';
    return [{ contact, kind, occasion, source, minutesAgo: minutesBetween(contact.occurred_at as Instant, now) }];
  });
}

// The call nearest to the course. No draw of chance: what no call was heard of stays as it is.
function callOf(calls: readonly Call[], { minutesAgo, heard }: Course, taken: ReadonlySet<string>): Call | undefined {
  if (!heard) return undefined;
  const [from, to] = heard;
  const far = (call: Call) => Math.abs(call.minutesAgo - minutesAgo);
  return calls
    .filter((call) => call.minutesAgo >= from && call.minutesAgo < to && !taken.has(call.occasion.customerId))
    .reduce<Call | undefined>((nearest, call) => (nearest && far(nearest) <= far(call) ? nearest : call), undefined);
}

// What a complaint is about: a visit or a delivery shortly before it.
function occasionsOf(
  { today }: Making,
  visits: readonly NewRow<'service_visits'>[],
  orders: readonly NewRow<'orders'>[],
  ownerOf: ReadonlyMap<string, DemoOwner>,
  taken: Set<string>,
) {
  const effective = visits.filter(
    (v) => v.state === 'settled' && !v.is_refund && v.category !== 'pdi' && ownerOf.get(v.customer_id ?? '')?.valid,
  );
  const delivered = orders.filter((o) => o.delivered_on && ownerOf.get(o.customer_id)?.valid);
  const near = <T extends { customer_id?: string | null }>(
    rows: readonly T[],
    dayOf: (row: T) => string,
    on: CivilDate,
    chance: Chance,
  ): T | undefined => {
    for (const days of [12, 60]) {
      const from = addDays(on, -days);
      const fitting = rows.filter((row) => dayOf(row) >= from && dayOf(row) <= on && !taken.has(row.customer_id ?? ''));
      if (fitting.length > 0) return chance.pick(fitting);
    }
    return undefined;
  };
  return (chance: Chance, branch: 'service' | 'sales', day: CivilDate): Occasion | undefined => {
    const on = day < today ? day : today;
    if (branch === 'service') {
      const visit = near(effective, (v) => v.left_on ?? v.arrived_on, on, chance);
      if (!visit?.customer_id) return undefined;
      taken.add(visit.customer_id);
      return {
        customerId: visit.customer_id as CustomerId,
        vehicleId: (visit.vehicle_id ?? null) as VehicleId | null,
        visitId: visit.id as VisitId,
        orderId: null,
        servedBy: (visit.advisor_id ?? null) as StaffId | null,
      };
    }
    const order = near(delivered, (o) => o.delivered_on ?? '', on, chance);
    if (!order) return undefined;
    taken.add(order.customer_id);
    return {
      customerId: order.customer_id as CustomerId,
      vehicleId: (order.vehicle_id ?? null) as VehicleId | null,
      visitId: null,
      orderId: order.id as OrderId,
      servedBy: (order.consultant_id ?? null) as StaffId | null,
    };
  };
}

function accepted<T>(verdict: Verdict<T, string>): T {
  if (!verdict.ok) throw new Error(`the demo's complaints break a rule: ${verdict.refusal}`);
  return verdict.value;
}

function goThrough(
  making: Making,
  chance: Chance,
  course: Course,
  branch: 'service' | 'sales',
  occasion: Occasion,
  call?: Call,
): DemoComplaint {
  const { now, zone, person, staff } = making;
  const time = { zone, calendarAt: () => DEFAULT_BUSINESS_CALENDAR };
  const policy = { ...rules.DEFAULT_COMPLAINT_POLICY, version: 0 };
  const departmentId = staff.departments.get(branch);
  if (departmentId === undefined) throw new Error(`the demo has no ${branch} department`);
  const manager = person(branch === 'service' ? 'svcmgr' : 'salesmgr');
  const confirmer: { id: StaffId; role: Role } = { id: person(chance.pick(['callback', 'callback2'])), role: 'FU_AGENT' };
  const grievances = GRIEVANCES.filter((g) => g.kind.startsWith(`${branch}.`));
  const drawn = chance.pick(grievances);
  const what = (call && grievances.find(({ kind }) => kind === call.kind)) ?? drawn;
  const events: DemoComplaintEvent[] = [];
  const registeredAt = (call?.contact.occurred_at as Instant | undefined) ?? addMinutes(now, -course.minutesAgo);
  const minutesAgo = Math.floor(call?.minutesAgo ?? course.minutesAgo);
  const note = (
    kind: ComplaintEventKind,
    at: Instant,
    staffId: StaffId,
    text: string | null,
    details: DemoComplaintEvent['details'] = {},
  ) => events.push({ id: chance.id(millisecondsOf(at)), kind, at, staffId, note: text, details });
  const source: ComplaintSource = chance.weighted([
    ['phone', 6],
    ['care_call', 5],
    ['survey', 4],
    ['in_person', 4],
    ['manufacturer_hotline', 1],
    ['wechat', 1],
  ]);
  const taker = source === 'in_person' ? person('salead') : person(chance.pick(['callback', 'callback2', 'agent']));
  const author = (call?.contact.staff_id as StaffId | undefined) ?? taker;
  let complaint: Complaint = accepted(
    rules.register(
      {
        ...occasion,
        id: chance.id<ComplaintId>(millisecondsOf(registeredAt)),
        number: '',
        source: call?.source ?? (source === 'wechat' && minutesAgo < DAY ? 'phone' : source),
        kind: what.kind as ComplaintKind,
        severity: chance.weighted([
          ['normal', 6],
          ['low', 2],
          ['high', 2],
        ]),
        content: what.content,
        departmentId: departmentId as DepartmentId,
        accusedId: what.kind.endsWith('.attitude') ? occasion.servedBy : null,
      },
      [
        { id: manager, level: 'department_manager', active: true },
        { id: person('gm'), level: 'general_manager', active: true },
      ],
      policy,
      author,
      registeredAt,
      time,
    ),
  );
  note('registered', registeredAt, author, what.content);
  const done = (): DemoComplaint => ({ complaint, registeredOn: dateIn(zone, registeredAt), events });
  const left = Math.max(1, minutesAgo - 1);
  // Moments on the way, each within what has passed since the registration.
  const after = (minutes: number) => addMinutes(registeredAt, Math.min(left, minutes));
  if (course.until === 'registered') return done();

  const respondedAt = after(course.lateResponse ? chance.whole(64, 190) : chance.whole(6, 55));
  const response = chance.pick(RESPONSES);
  complaint = accepted(rules.respond(complaint, manager, response, respondedAt, time));
  note('responded', respondedAt, manager, response);
  if (course.until === 'pause_requested' || course.until === 'paused') {
    const askedAt = after(chance.whole(80, 160));
    const reason = '等待厂家技术部回复，客户同意等候';
    complaint = accepted(rules.requestPause(complaint, manager, { reason }, policy, askedAt));
    note('pause_requested', askedAt, manager, reason);
    if (course.until === 'pause_requested') return done();
    const decidedAt = addMinutes(askedAt, 35);
    complaint = accepted(rules.decidePause(complaint, person('gm'), { approved: true }, policy, decidedAt));
    note('pause_approved', decidedAt, person('gm'), null);
    return done();
  }
  if (course.until === 'responded') {
    note('action', after(chance.whole(120, 240)), manager, '已约客户到店复检，车间预留工位');
    return done();
  }

  const solvedAt = after(course.lateClose ? chance.whole(1_500, 2_600) : chance.whole(150, 900));
  const solution = { solution: what.solution, cause: what.cause, goodwillFen: fen(what.goodwillYuan * 100) };
  complaint = accepted(rules.solve(complaint, manager, solution, solvedAt));
  note('solved', solvedAt, manager, solution.solution, { goodwillFen: solution.goodwillFen, cause: solution.cause });
  if (course.until === 'solved') return done();

  if (course.cameBack || course.until === 'reopened') {
    const askedAt = addMinutes(solvedAt, 40);
    const unhappy = '客户认为问题没有彻底解决，要求再处理';
    complaint = accepted(rules.confirm(complaint, confirmer, { satisfied: false, verdict: unhappy }, policy, askedAt));
    note('reopened', askedAt, confirmer.id, unhappy);
    if (course.until === 'reopened') return done();
    const againAt = addMinutes(askedAt, chance.whole(120, 400));
    const better = { ...solution, solution: `${what.solution}；并由服务经理全程陪同复检`, goodwillFen: fen(0) };
    complaint = accepted(rules.solve(complaint, manager, better, againAt));
    note('solved', againAt, manager, better.solution, { goodwillFen: better.goodwillFen, cause: better.cause });
  }
  const closedAt = addMinutes(complaint.status === 'solved' ? complaint.solvedAt : solvedAt, chance.whole(25, 260));
  const verdict = chance.pick(VERDICTS);
  complaint = accepted(rules.confirm(complaint, confirmer, { satisfied: true, verdict }, policy, closedAt));
  note('confirmed', closedAt, confirmer.id, verdict);
  return done();
}

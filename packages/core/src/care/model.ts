import type {
  Branded,
  CalendarException,
  CivilDate,
  CustomerId,
  DateRange,
  Instant,
  LunarMonthDay,
  StaffId,
  TimeZone,
  VehicleId,
  VisitId,
} from '../kernel/index.ts';

/** A rule's name within its store, `ssi_call`; shipped rules keep theirs for ever, it stands in every occurrence key. */
export type CareRuleKey = Branded<string, 'CareRuleKey'>;
/** What makes one occurrence the same occurrence whenever it is planned again. */
export type OccurrenceKey = Branded<string, 'OccurrenceKey'>;

/** Named sets of rules that a store starts from; `combined` is the default (04). */
export const CARE_PRESETS = ['combined', 'classic', 'owner_club', 'brand', 'general'] as const;
export type CarePreset = (typeof CARE_PRESETS)[number];
/** Where a rule was taken from: a source document, our addition, or the store itself. */
export const RULE_ORIGINS = ['classic', 'owner_club', 'brand', 'general', 'added', 'store'] as const;
export type RuleOrigin = (typeof RULE_ORIGINS)[number];

/** A dated event of a customer's life. Each comes from one record, whose correction moves what hangs on it. */
export const EVENT_ANCHORS = [
  'delivery',
  'hand_back',
  'insurance_expiry',
  'warranty_end',
  'inspection_due',
  'maintenance_due',
  'last_contact',
  'last_visit',
  'last_verified',
  'hot_marked',
  'prospect_lost',
  'occasion',
] as const;
export type EventAnchor = (typeof EVENT_ANCHORS)[number];
export const BIRTH_ANCHORS = ['birthday', 'family_birthday'] as const;
export type BirthAnchor = (typeof BIRTH_ANCHORS)[number];
export const ANCHORS = [...EVENT_ANCHORS, ...BIRTH_ANCHORS, 'festival'] as const;
export type Anchor = (typeof ANCHORS)[number];

export const OFFSET_UNITS = ['hour', 'day', 'working_day', 'month'] as const;
/** A distance from the anchor; negative lies before it. Months clamp to the month's end, working days are the store's. */
export type Offset = { readonly amount: number; readonly unit: (typeof OFFSET_UNITS)[number] };

/** How many days a rule may keep a task open until it is due, and wait for it past that. Reports look as far for what belongs to a period. */
export const MOST_OPEN_DAYS = 366;
export const MOST_LAPSE_DAYS = 90;

/** A day of every year, by the solar or the lunar calendar. */
export type Festival = { readonly key: string; readonly calendar: 'solar' | 'lunar'; readonly month: number; readonly day: number };

/**
 * When a rule fires.
 *
 * - `after` / `before`: a window around one event; `before` is written with negative offsets.
 * - `interval`: again and again since the event, until the event moves (two months since the last contact).
 * - `yearly`: on the day of every year, from the first anniversary; a birth date keeps its own calendar.
 * - `festival`: on shared days of the year.
 * - `absence`: at each run, who has been away for `fromMonths` up to `toMonths` (both days included, null = no end).
 * - `minimum`: fewer than `count` contacts of an owner's year, seen `warnMonths` before that year ends.
 * - `manual`: a person or an alert starts it; its occasions are facts of kind `occasion`.
 */
export type Trigger =
  | { readonly shape: 'after'; readonly notBefore: Offset; readonly due: Offset }
  | { readonly shape: 'before'; readonly notBefore: Offset; readonly due: Offset }
  | { readonly shape: 'interval'; readonly every: Offset }
  | { readonly shape: 'yearly'; readonly notBefore: Offset; readonly due: Offset }
  | { readonly shape: 'festival'; readonly festivals: readonly Festival[]; readonly notBefore: Offset; readonly due: Offset }
  | {
      readonly shape: 'absence';
      readonly fromMonths: number;
      readonly toMonths: number | null;
      readonly run: { readonly months: 'every' | 'even'; readonly day: number; readonly windowDays: number };
      readonly again: 'each_run' | 'once';
    }
  | { readonly shape: 'minimum'; readonly count: number; readonly warnMonths: number }
  | { readonly shape: 'manual'; readonly due: Offset };

export const CARE_CHANNELS = ['phone', 'sms', 'wechat', 'letter', 'visit', 'email', 'e_card', 'app_push', 'in_store'] as const;
export type CareChannel = (typeof CARE_CHANNELS)[number];
/** Channels that need no person: what they carry is planned as a message, the rest as a task. */
export const MESSAGE_CHANNELS: ReadonlySet<CareChannel> = new Set(['sms', 'wechat', 'email', 'e_card', 'app_push']);

/** The channels consent is given for; in the store itself nobody asks. */
export type ConsentChannel = 'phone' | 'sms' | 'wechat' | 'email' | 'post';
/** Whose consent a channel needs: a visit is arranged by phone, a card goes by e-mail, a push through WeChat. */
export const CONSENT_CHANNEL: Readonly<Record<CareChannel, ConsentChannel | null>> = {
  phone: 'phone',
  visit: 'phone',
  sms: 'sms',
  wechat: 'wechat',
  app_push: 'wechat',
  email: 'email',
  e_card: 'email',
  letter: 'post',
  in_store: null,
};

/** Roles that care rules name (requirements §7); the stricter stands first, which decides when two tasks become one. */
export const CARE_ROLES = [
  'GM',
  'CC_MGR',
  'SALES_MGR',
  'SVC_MGR',
  'TRAIN_MGR',
  'FLEET_MGR',
  'SA_LEAD',
  'FU_AGENT',
  'RENEWAL',
  'MEMBER',
  'FLEET_SC',
  'SC',
  'SA',
] as const;
export type CareRole = (typeof CARE_ROLES)[number];

/** Who does it: the person responsible for this customer or event, or whoever of a role takes it. */
export type Assignment =
  | { readonly to: 'responsible'; readonly relation: 'consultant' | 'advisor'; readonly role: CareRole }
  | { readonly to: 'role'; readonly role: CareRole };

export const RESULT_FORMS = [
  'contact_note',
  'survey_form',
  'ssi',
  'csi',
  'css',
  'interview',
  'appointment',
  'offer',
  'verification',
  'absence_reason',
  'none',
] as const;
export type ResultForm = (typeof RESULT_FORMS)[number];

/** Conditions beyond the anchor, as data: all that are given must hold. */
export type CareCondition = {
  /** Points on the card must be more than this. */
  readonly pointsAbove?: number;
  /** Only customers of this kind. */
  readonly customerKind?: 'person' | 'company';
  /** Only occasions of this kind, `event`, `weather`. */
  readonly occasion?: string;
};

/** A care rule: data that a store edits, never code (04). */
export type CareRule = {
  readonly key: CareRuleKey;
  readonly origin: RuleOrigin;
  /** What a store calls a rule of its own; shipped ones are named by the catalogue. */
  readonly name?: string;
  readonly anchor: Anchor;
  readonly trigger: Trigger;
  readonly channel: CareChannel;
  readonly assignment: Assignment;
  /** Service answers a contract, safety or the customer; marketing needs consent when it is a message (13, Planner). */
  readonly purpose: 'service' | 'marketing';
  /** Tasks of one purpose for one customer within 48 hours become one. */
  readonly purposeKey: string;
  readonly condition: CareCondition;
  /** Whole days after the due day; at the end of the last one an open occurrence is missed. */
  readonly lapseDays: number;
  /** 1 is the most urgent, 5 the least. */
  readonly priority: 1 | 2 | 3 | 4 | 5;
  readonly result: ResultForm;
  /** `task` and `message` are planned, `check` is only listed to the manager. */
  readonly outcome: 'task' | 'message' | 'check';
  /** Key of the call script or message template in the catalogue, or the store's own words. */
  readonly script: string;
  readonly topics: readonly string[];
  /** Document and statement the rule was taken from. */
  readonly source: string;
  /** What is ours in it, where the source is silent. */
  readonly ours?: string;
  /** The moment it was switched on; nothing earlier is planned. Null = off. */
  readonly activeSince: Instant | null;
};

/** What a store sets for all rules. */
export type CarePolicy = {
  readonly zone: TimeZone;
  /** What the store says of single dates, which counts before the official calendar where a rule counts working days. */
  readonly calendarDays: readonly CalendarException[];
  /** Marketing messages one customer may get in an ISO week. */
  readonly marketingMessagesPerWeek: number;
  /** Calls of one person and day before the least urgent move on. */
  readonly callsPerPersonAndDay: number;
  /** Two tasks of one purpose whose due times lie at most this far apart are one. */
  readonly mergeHours: number;
  /** A moved anchor within this many days is a correction of the same event: what was done is not asked again. */
  readonly correctionDays: number;
};

export const DEFAULT_CARE_POLICY: Omit<CarePolicy, 'zone'> = {
  calendarDays: [],
  marketingMessagesPerWeek: 2,
  callsPerPersonAndDay: 40,
  mergeHours: 48,
  correctionDays: 31,
};

/** One event of one customer: the record it comes from, its date, and the time of day where one is known. */
export type EventFact = {
  readonly kind: EventAnchor;
  /** Stands for the record across corrections: the ownership, visit, policy … */
  readonly recordId: string;
  readonly on: CivilDate;
  /** Null when only the date is known. */
  readonly at: Instant | null;
  /** When we learnt of it: what was due before that is neither planned nor missed. */
  readonly recordedAt: Instant;
  readonly vehicleId: VehicleId | null;
  /** Who sold or advised in this very event; null leaves it to the customer's responsible person. */
  readonly staffId: StaffId | null;
  /** Kind of an occasion. */
  readonly occasion?: string;
};

export type BirthFact = {
  readonly kind: BirthAnchor;
  readonly recordId: string;
  readonly calendar: 'solar' | 'lunar';
  readonly monthDay: LunarMonthDay;
  readonly recordedAt: Instant;
};

/** The days a plan is asked for, half-open, by the day an occurrence opens. */
export type PlanWindow = DateRange;

/** What the planner knows of one customer. Events of cars that are gone are left out by whoever reads them. */
export type CareFacts = {
  readonly customerId: CustomerId;
  readonly kind: 'person' | 'company';
  readonly onFileSince: Instant;
  /** Deceased, erased, or all cars gone: everything stops. */
  readonly stopped: 'deceased' | 'erased' | 'transferred' | 'given_up' | null;
  /** 黑色客户: nothing goes out by itself, people may still call. */
  readonly difficult: boolean;
  readonly openComplaint: boolean;
  /** What the customer objected to. */
  readonly objections: readonly { readonly purpose: 'service' | 'marketing'; readonly channel: ConsentChannel }[];
  /** Channels with recorded consent to marketing. */
  readonly marketingConsent: readonly ConsentChannel[];
  readonly consultantId: StaffId | null;
  readonly advisorId: StaffId | null;
  readonly points: number;
  /** Contacts that reached him in the last 400 days, any order. */
  readonly contactedOn: readonly CivilDate[];
  readonly events: readonly EventFact[];
  readonly births: readonly BirthFact[];
};

/** Why someone is called, as codes and values: the words are made from them by the reader's language. */
export type CareReason = {
  /** Shape and anchor, `after.delivery`. */
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
};

export type Occurrence = {
  readonly key: OccurrenceKey;
  readonly ruleKey: CareRuleKey;
  /** Rule, subject and event without the date: finds the task again when the date moves. */
  readonly slot: string;
  /** Whether a settled task of the slot stands for a corrected date too; repeating rules say no. */
  readonly oncePerSlot: boolean;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId | null;
  /** Record of the event, `recordId` of the fact; null where there is none (festival, birthday). */
  readonly anchorRecordId: string | null;
  readonly anchorOn: CivilDate;
  readonly notBeforeOn: CivilDate;
  readonly dueAt: Instant;
  readonly lapsesAt: Instant;
  /** Promised by the hour: its clock is shown and it stands first in the queue. */
  readonly byTheHour: boolean;
  readonly priority: CareRule['priority'];
  readonly purpose: CareRule['purpose'];
  readonly purposeKey: string;
  readonly channel: CareChannel;
  readonly outcome: CareRule['outcome'];
  readonly result: ResultForm;
  readonly script: string;
  readonly topics: readonly string[];
  readonly role: CareRole;
  /** Null = the role's queue. */
  readonly assigneeId: StaffId | null;
  readonly reason: CareReason;
  /** Occurrences that became one with this, by key, in order. */
  readonly merged: readonly OccurrenceKey[];
};

/** The visit a call follows: what it is counted by in the callback statistics (team, category). Null where it follows something else. */
export function visitFollowed({ reason, anchorRecordId }: Pick<Occurrence, 'reason' | 'anchorRecordId'>): VisitId | null {
  return reason.code === 'after.hand_back' ? (anchorRecordId as VisitId | null) : null;
}

/** Whether a call follows the delivery of its car. */
export function followsDelivery({ reason }: Pick<Occurrence, 'reason'>): boolean {
  return reason.code === 'after.delivery';
}

export const SUPPRESSIONS = [
  'deceased',
  'erased',
  'transferred',
  'given_up',
  'objection',
  'no_consent',
  'open_complaint',
  'difficult_by_hand',
  'weekly_limit',
  'merged',
] as const;
export type SuppressionReason = (typeof SUPPRESSIONS)[number];

/** An occurrence that is not carried out, and why. */
export type Suppression = {
  readonly key: OccurrenceKey;
  readonly ruleKey: CareRuleKey;
  readonly customerId: CustomerId;
  readonly notBeforeOn: CivilDate;
  readonly reason: SuppressionReason;
  /** The one it became part of, when merged. */
  readonly into: OccurrenceKey | null;
};

export type CarePlan = { readonly occurrences: readonly Occurrence[]; readonly suppressions: readonly Suppression[] };

import type { CivilDate, CustomerId, Instant, StaffId } from '../kernel/index.ts';

export const CUSTOMER_KINDS = ['person', 'company'] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];

export const CUSTOMER_STATUSES = ['active', 'merged', 'anonymised', 'deceased'] as const;
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number];

/** Where care stands with a customer: his death stops it, and so does giving him up, until he is seen again (spec 04, limits; WIN-02). */
export const STANDINGS = ['active', 'given_up', 'deceased'] as const;
export type Standing = (typeof STANDINGS)[number];
/** Why an owner is no longer invited: the first branch of the win-back reasons (WIN-02, VEH-11), or something of his own. */
export const GIVE_UP_REASONS = ['car_sold', 'other_city', 'other'] as const;
export type GiveUpReason = (typeof GIVE_UP_REASONS)[number];

/** What is said of a customer: since when, why, and what there is to know of it. */
export type StandingChange =
  | { readonly standing: 'deceased'; readonly on: CivilDate; readonly note: string }
  | { readonly standing: 'given_up'; readonly on: CivilDate; readonly reason: GiveUpReason; readonly note: string | null }
  | { readonly standing: 'active'; readonly note: string | null };

export const GENDERS = ['male', 'female'] as const;
export type Gender = (typeof GENDERS)[number];

/** The calendar a birthday is kept by; the date itself is always the solar one. */
export const BIRTH_CALENDARS = ['solar', 'lunar'] as const;
export type BirthCalendar = (typeof BIRTH_CALENDARS)[number];

export const ID_DOCUMENTS = ['id_card', 'passport', 'organisation_code', 'other'] as const;
export type IdDocument = (typeof ID_DOCUMENTS)[number];

/** Special customers; several kinds may apply to one (CUST-13). */
export const CUSTOMER_FLAGS = ['fleet', 'vip', 'difficult'] as const;
export type CustomerFlag = (typeof CUSTOMER_FLAGS)[number];

export const CONTACT_CHANNEL_PREFERENCES = ['phone', 'sms', 'wechat', 'email', 'post'] as const;
export type PreferredChannel = (typeof CONTACT_CHANNEL_PREFERENCES)[number];

/** Where somebody stands with us; derived from cars, deliveries and visits, never typed (spec 01). */
export const RELATIONSHIPS = ['prospect', 'owner', 'at_risk', 'lost', 'former'] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];

/** Quick scopes of the list. */
export const CUSTOMER_TABS = ['all', 'mine', 'at_risk', 'lost', 'to_verify', 'flagged', 'few_contacts', 'stopped'] as const;
export type CustomerTab = (typeof CUSTOMER_TABS)[number];

/**
 * What the list can be ordered by: nothing that no index serves at a million customers. The last contact is none of these, for an index on
 * what every contact changes would cost each of them a write into all indexes of the customer (spec 12, finding 5); a phone is none, for the
 * order would tell what its mask hides. By relationship is by the day an owner was last seen with his car; former owners stand before the first of these
 * days, prospects behind all.
 */
export const CUSTOMER_SORTS = [
  'name',
  'relationship',
  'consultant',
  'advisor',
  'lastVisitOn',
  'firstDeliveredOn',
  'verifiedOn',
  'createdAt',
] as const;
export type CustomerSort = (typeof CUSTOMER_SORTS)[number];

/** What a customer may agree to; `identity` is the keeping of his ID number, which concerns no channel. */
export const CONSENT_PURPOSES = ['service', 'marketing', 'survey', 'sharing', 'identity'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
export const CONSENT_CHANNELS = ['phone', 'sms', 'wechat', 'email', 'post', 'none'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

/** What an observation is about; each role is shown the points of its own work (CUST-26). */
export const OBSERVATION_POINTS = [
  'spending',
  'hobbies',
  'character',
  'expectations',
  'background',
  'warranty_knowledge',
  'paying',
  'vehicle_use',
  'parts_demand',
  'cleanliness',
  'other',
] as const;
export type ObservationPoint = (typeof OBSERVATION_POINTS)[number];

export type Flags = {
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly difficultReason: string | null;
};

/** What a person writes into a customer file. Everything but kind, name and phones may be missing. */
export type CustomerFields = {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly gender: Gender | null;
  readonly birthDate: CivilDate | null;
  readonly birthCalendar: BirthCalendar | null;
  /** E.164, the primary number first. */
  readonly phones: readonly string[];
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
  readonly preferredChannel: PreferredChannel | null;
  readonly source: string | null;
  readonly consultantId: StaffId | null;
  readonly advisorId: StaffId | null;
  readonly remark: string | null;
};
export type CustomerField = keyof CustomerFields;

/** How far a field is shown: plain to whoever sees the customer, the others by role (13, field classes). */
export type FieldClass = 'plain' | 'contact' | 'identity';
export const FIELD_CLASSES: Readonly<Record<CustomerField, FieldClass>> = {
  kind: 'plain',
  name: 'plain',
  gender: 'plain',
  birthDate: 'identity',
  birthCalendar: 'plain',
  phones: 'contact',
  email: 'contact',
  wechatId: 'contact',
  province: 'plain',
  city: 'plain',
  district: 'plain',
  address: 'contact',
  postcode: 'contact',
  occupation: 'plain',
  employer: 'plain',
  jobTitle: 'plain',
  preferredContactTime: 'plain',
  preferredChannel: 'plain',
  source: 'plain',
  consultantId: 'plain',
  advisorId: 'plain',
  remark: 'plain',
};

/** A stored customer file. */
export type Customer = CustomerFields &
  Flags & {
    readonly id: CustomerId;
    readonly status: CustomerStatus;
    readonly standing: Standing;
    /** The day of the death, or from which he was given up; null when neither is on file. */
    readonly standingOn: CivilDate | null;
    readonly standingReason: GiveUpReason | null;
    readonly standingNote: string | null;
    readonly idDocument: IdDocument | null;
    readonly idNumberTail: string | null;
    readonly isStoreItself: boolean;
    readonly reachable: boolean;
    readonly firstDeliveredOn: CivilDate | null;
    readonly lastVisitOn: CivilDate | null;
    /** Has had cars and has none now: every period of owning one has ended. */
    readonly formerOwner: boolean;
    /** Since when he has the car he came to last; null without a car, and where no such day is known. */
    readonly ownerSince: CivilDate | null;
    readonly lastContactAt: Instant | null;
    readonly verifiedOn: CivilDate | null;
    readonly createdAt: Instant;
    readonly updatedAt: Instant;
    readonly version: number;
  };

/** The numbers of the customer file that a store may change. */
export type CustomerPolicy = {
  /** Months without a visit after which an owner is at risk, and beyond which he is lost. */
  readonly atRiskMonths: number;
  readonly lostMonths: number;
  /** Months after which a file has to be confirmed again. */
  readonly verifyMonths: number;
  /** Weight of each field in the completeness of a file; a field without weight does not count. */
  readonly personWeights: Readonly<Partial<Record<CustomerField | 'idNumber', number>>>;
  readonly companyWeights: Readonly<Partial<Record<CustomerField | 'idNumber' | 'contactPersons', number>>>;
};

/**
 * Lost customers by 6 and 12 months: document 002, lost-customer lists. Verification every quarter: document 004 (CUST-19).
 * The weights are ours: what reaches the customer counts most (CUST-21 names no formula).
 */
export const DEFAULT_CUSTOMER_POLICY: CustomerPolicy = {
  atRiskMonths: 6,
  lostMonths: 12,
  verifyMonths: 3,
  personWeights: {
    phones: 20,
    name: 10,
    gender: 5,
    birthDate: 15,
    idNumber: 10,
    address: 10,
    wechatId: 10,
    occupation: 5,
    preferredContactTime: 5,
    source: 5,
    consultantId: 5,
  },
  companyWeights: { phones: 20, name: 15, idNumber: 15, address: 15, contactPersons: 20, email: 5, source: 5, consultantId: 5 },
};

import { accept, addMonths, maxDate, refuse, type CivilDate, type CustomerId, type Verdict } from '../kernel/index.ts';
import { lunarOf, zodiacIndex } from '../kernel/index.ts';
import type { Customer, CustomerField, CustomerFields, CustomerPolicy, Flags, IdDocument, Relationship, StandingChange } from './model.ts';
import { nameKey } from './names.ts';

export const CUSTOMER_REFUSALS = [
  'customers.phone_digits',
  'customers.phone_scientific',
  'customers.phone_format',
  'customers.id_length',
  'customers.id_characters',
  'customers.id_birth_date',
  'customers.id_check_digit',
  'customers.phone_missing',
  'customers.phone_repeated',
  'customers.born_in_future',
  'customers.difficult_needs_reason',
  'customers.already_on_file',
  'customers.duplicates_unseen',
  'customers.not_active',
  'customers.company_not_deceased',
  'customers.standing_in_future',
  'customers.give_up_needs_note',
  'customers.is_deceased',
  'customers.task_not_own',
  'customers.id_number_needs_consent',
  'customers.assignee_left',
  'customers.too_many_at_once',
  'customers.nothing_to_change',
  'customers.selection_changed',
  'customers.undone_already',
  'customers.undo_too_late',
] as const;
export type CustomerRefusal = (typeof CUSTOMER_REFUSALS)[number];

/** How the consent to keep an ID number stands in the ledger. */
export const IDENTITY_CONSENT = { purpose: 'identity', channel: 'none' } as const;

/**
 * Whether a number may be kept: a person's with his separate consent, that of an organisation without, for it is no personal data.
 *
 * Source: reliability, PIPL articles 28–31 (an ID number cannot be saved without the separate-consent row).
 */
export function keepIdNumber(document: IdDocument, hasConsent: boolean): Verdict<IdDocument, 'customers.id_number_needs_consent'> {
  return document === 'organisation_code' || hasConsent ? accept(document) : refuse('customers.id_number_needs_consent');
}

/**
 * Whether an entry of the ledger ends the keeping of a number: without the consent of the person nothing of it may stay, nor what it could be
 * found by. That of an organisation was never kept on a consent.
 *
 * Source: reliability, PIPL articles 15, 28–31 and 47.
 */
export function endsIdNumber(document: IdDocument | null, entry: { readonly purpose: string; readonly granted: boolean }): boolean {
  return document !== null && document !== 'organisation_code' && entry.purpose === IDENTITY_CONSENT.purpose && !entry.granted;
}

type Seen = Pick<Customer, 'firstDeliveredOn' | 'lastVisitOn' | 'ownerSince'>;
type Owning = Seen & Pick<Customer, 'formerOwner'>;

/** The day a customer was last seen with his car: the latest of delivery, visit and the day he came to have a car of his; null for whoever has none. */
export function lastSeenOn({ firstDeliveredOn, lastVisitOn, ownerSince }: Seen): CivilDate | null {
  const days = [firstDeliveredOn, lastVisitOn, ownerSince].filter((day) => day !== null);
  return days.length === 0 ? null : days.reduce(maxDate);
}

/** The days that part the relationships: seen on or before `atRiskTo` is at risk, before `lostBefore` lost. */
export type RelationshipBounds = { readonly atRiskTo: CivilDate; readonly lostBefore: CivilDate };

/** The days that part the relationships today: last seen on or before `atRiskTo` is at risk, before `lostBefore` is lost. */
export function relationshipBounds(today: CivilDate, policy: CustomerPolicy): RelationshipBounds {
  return { atRiskTo: addMonths(today, -policy.atRiskMonths), lostBefore: addMonths(today, -policy.lostMonths) };
}

/**
 * Where a customer stands with us, by the bounds of a day. Whoever has sold or given away every car of his is no owner and cannot be lost as one,
 * however long ago he was here; with the next car he is one again, from the day he has it.
 *
 * Source: worked example "Lost customers" (document 002): on 2026-11-01 a last visit of 2026-05-01 is in the 6–12 months list,
 * 2026-05-02 not yet; 2025-11-01 is in, 2025-10-31 beyond.
 */
export function relationship(customer: Owning, { atRiskTo, lostBefore }: RelationshipBounds): Relationship {
  if (customer.formerOwner) return 'former';
  const last = lastSeenOn(customer);
  if (last === null) return 'prospect';
  if (last < lostBefore) return 'lost';
  return last <= atRiskTo ? 'at_risk' : 'owner';
}

/** Completed years on a day; who was born on 29 February is a year older on 28 February of a common year. */
export function ageOn(birthDate: CivilDate, today: CivilDate): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return addMonths(birthDate, years * 12) <= today ? years : years - 1;
}

export const ZODIAC = ['rat', 'ox', 'tiger', 'rabbit', 'dragon', 'snake', 'horse', 'goat', 'monkey', 'rooster', 'dog', 'pig'] as const;
export type Zodiac = (typeof ZODIAC)[number];

/** The animal of the lunar year somebody was born in (CUST-08). */
export function zodiacOf(birthDate: CivilDate): Zodiac {
  // The index is a remainder of twelve.
  return ZODIAC[zodiacIndex(birthDate)] as Zodiac;
}

export const CONSTELLATIONS = [
  'capricorn',
  'aquarius',
  'pisces',
  'aries',
  'taurus',
  'gemini',
  'cancer',
  'leo',
  'virgo',
  'libra',
  'scorpio',
  'sagittarius',
] as const;
export type Constellation = (typeof CONSTELLATIONS)[number];
/** The first day of the constellation that begins in each month, January first. */
const BEGINS = [20, 19, 21, 20, 21, 22, 23, 23, 23, 24, 23, 22] as const;

/** The constellation of a solar birth date, by the days usual in China. */
export function constellationOf(birthDate: CivilDate): Constellation {
  const month = Number(birthDate.slice(5, 7)) - 1;
  const begun = Number(birthDate.slice(8, 10)) >= (BEGINS[month] ?? 1);
  return CONSTELLATIONS[(month + (begun ? 1 : 0)) % 12] as Constellation;
}

/** The birthday as it is kept: month and day of the solar or the lunar calendar. */
export function birthdayOf(birthDate: CivilDate, calendar: 'solar' | 'lunar'): { month: number; day: number; leap: boolean } {
  if (calendar === 'lunar') {
    const { month, day, leap } = lunarOf(birthDate);
    return { month, day, leap };
  }
  return { month: Number(birthDate.slice(5, 7)), day: Number(birthDate.slice(8, 10)), leap: false };
}

export type Completeness = { readonly percent: number; readonly missing: readonly (CustomerField | 'idNumber' | 'contactPersons')[] };

/** How complete a file is by the store's weights, rounded down, and what is missing, the weightiest first (CUST-21). */
export function completeness(customer: Customer, contactPersons: number, policy: CustomerPolicy): Completeness {
  const weights = Object.entries(customer.kind === 'person' ? policy.personWeights : policy.companyWeights) as [
    CustomerField | 'idNumber' | 'contactPersons',
    number,
  ][];
  const has = (field: CustomerField | 'idNumber' | 'contactPersons'): boolean => {
    if (field === 'idNumber') return customer.idNumberTail !== null;
    if (field === 'contactPersons') return contactPersons > 0;
    if (field === 'phones') return customer.phones.length > 0;
    return customer[field] !== null && customer[field] !== '';
  };
  const whole = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const part = weights.reduce((sum, [field, weight]) => sum + (has(field) ? weight : 0), 0);
  const missing = weights
    .filter(([field]) => !has(field))
    .toSorted(([, a], [, b]) => b - a)
    .map(([field]) => field);
  return { percent: whole === 0 ? 100 : Math.floor((part * 100) / whole), missing };
}

/** The last day of confirmation that still holds today: a file confirmed before it, or never, is to be verified. */
export function verifiedSince(today: CivilDate, policy: CustomerPolicy): CivilDate {
  return addMonths(today, -policy.verifyMonths);
}

/** Whether the changing facts of a file have to be confirmed again: last confirmed before `since`, the day `verifiedSince` answers (CUST-19). */
export function isToVerify(verifiedOn: CivilDate | null, since: CivilDate): boolean {
  return verifiedOn === null || verifiedOn < since;
}

/** Refuses to warn of a customer without saying why; the reason goes with the warning (CUST-13, -14). */
export function setFlags(flags: Flags): Verdict<Flags, 'customers.difficult_needs_reason'> {
  const difficultReason = flags.difficultReason?.trim() || null;
  if (flags.isDifficult && difficultReason === null) return refuse('customers.difficult_needs_reason');
  return accept({ ...flags, difficultReason: flags.isDifficult ? difficultReason : null });
}

/** What must hold of a file as it is written: a way to call, each number once, nobody born tomorrow. */
export function checkFields(
  fields: CustomerFields,
  today: CivilDate,
): Verdict<CustomerFields, 'customers.phone_missing' | 'customers.phone_repeated' | 'customers.born_in_future'> {
  if (fields.phones.length === 0) return refuse('customers.phone_missing');
  if (new Set(fields.phones).size !== fields.phones.length) return refuse('customers.phone_repeated');
  if (fields.birthDate !== null && fields.birthDate > today) return refuse('customers.born_in_future');
  return accept(fields.kind === 'company' ? { ...fields, gender: null, birthDate: null, birthCalendar: null } : fields);
}

export type FieldConflict = { readonly field: string; readonly yours: unknown; readonly theirs: unknown; readonly original: unknown };

/**
 * Records that a customer has died, that he is given up, or that neither is so after all.
 *
 * Either stops all care: what was planned is cancelled (spec 04, limits). Taking it back brings back what it cancelled and is still to come.
 * Refuses files that are closed, the death of a company, a day to come, giving up somebody who has died, and "other" without words.
 *
 * Source: spec 04 (limits; win-back 1, give up and update the file); VEH-11, WIN-02.
 */
export function stand(
  { status, kind }: Pick<Customer, 'status' | 'kind'>,
  change: StandingChange,
  today: CivilDate,
): Verdict<StandingChange, StandRefusal> {
  if (status === 'merged' || status === 'anonymised') return refuse('customers.not_active');
  if (change.standing === 'active') return accept({ ...change, note: change.note?.trim() || null });
  if (change.on > today) return refuse('customers.standing_in_future');
  if (change.standing === 'deceased') {
    return kind === 'company' ? refuse('customers.company_not_deceased') : accept({ ...change, note: change.note.trim() });
  }
  if (status === 'deceased') return refuse('customers.is_deceased');
  const note = change.note?.trim() || null;
  return change.reason === 'other' && note === null ? refuse('customers.give_up_needs_note') : accept({ ...change, note });
}
export type StandRefusal =
  | 'customers.not_active'
  | 'customers.company_not_deceased'
  | 'customers.standing_in_future'
  | 'customers.give_up_needs_note'
  | 'customers.is_deceased';

/**
 * Joins what somebody changed with what is stored now, field by field.
 *
 * `base` is what he saw when he began; with `stale` (he saw an older version) a field he does not say that of counts as changed by others. A field that nobody else touched takes his value; one that others changed to the same
 * value is left; one that both changed differently is a conflict and nothing is taken. Source: spec 01 Bad input.
 */
export function mergeEdit<T extends object>(
  stored: T,
  base: Partial<T>,
  changes: Partial<T>,
  stale = false,
): { readonly merged: T; readonly conflicts: readonly FieldConflict[] } {
  const conflicts: FieldConflict[] = [];
  const merged = { ...stored };
  for (const field of Object.keys(changes) as (keyof T & string)[]) {
    const yours = changes[field];
    const theirs = stored[field];
    const original = base[field];
    if (isSame(yours, theirs)) continue;
    if (field in base ? !isSame(theirs, original) : stale) conflicts.push({ field, yours, theirs, original: original ?? null });
    else merged[field] = yours as T[typeof field];
  }
  return { merged, conflicts };
}

// Field values are plain: texts, numbers, and lists of them.
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** What somebody is about to enter, already read into its stored form. */
export type Candidate = {
  readonly kind: 'person' | 'company';
  readonly name: string;
  readonly phones: readonly string[];
  readonly birthDate: CivilDate | null;
  readonly address: string | null;
  readonly hasIdNumber: boolean;
  readonly plate: string | null;
  readonly vin: string | null;
};

/** A stored file that shares something with the candidate. `primaryPhone` is E.164. */
export type Likeness = {
  readonly id: CustomerId;
  readonly kind: 'person' | 'company';
  readonly name: string;
  readonly primaryPhone: string | null;
  readonly phones: readonly string[];
  readonly sameIdNumber: boolean;
  readonly sameVin: boolean;
  readonly samePlate: boolean;
  readonly birthDate: CivilDate | null;
  readonly address: string | null;
};

/** Why a stored file may be the same customer, the strongest first. */
export const DUPLICATE_REASONS = [
  'id_number',
  'name_and_phone',
  'company_name',
  'phone',
  'vin',
  'plate',
  'name_and_birthday',
  'name_and_address',
] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

export type Duplicate = {
  readonly id: CustomerId;
  readonly reasons: readonly DuplicateReason[];
  /** The same customer by the rule of files: not to be entered again, whatever somebody decides. */
  readonly certain: boolean;
};

const CERTAIN: ReadonlySet<DuplicateReason> = new Set(['id_number', 'name_and_phone', 'company_name']);

/**
 * Ranks the stored files that may be the customer being entered.
 *
 * By phone, ID number, VIN, plate, then by name with birthday or similar address. A phone alone is a hit to be shown, never
 * a key, for families share one; name + primary phone, an ID number and a company's name are the customer himself.
 * Source: spec 01 Rules; import policy on customers.
 */
export function rankDuplicates(candidate: Candidate, stored: readonly Likeness[]): Duplicate[] {
  const key = nameKey(candidate.name);
  const found = stored.flatMap((file): Duplicate[] => {
    const sameName = key !== '' && nameKey(file.name) === key;
    const reasons = new Set<DuplicateReason>();
    if (candidate.hasIdNumber && file.sameIdNumber) reasons.add('id_number');
    if (sameName && file.primaryPhone !== null && file.primaryPhone === candidate.phones[0]) reasons.add('name_and_phone');
    if (sameName && candidate.kind === 'company' && file.kind === 'company') reasons.add('company_name');
    if (candidate.phones.some((phone) => file.phones.includes(phone))) reasons.add('phone');
    if (file.sameVin) reasons.add('vin');
    if (file.samePlate) reasons.add('plate');
    if (sameName && candidate.birthDate !== null && file.birthDate === candidate.birthDate) reasons.add('name_and_birthday');
    if (sameName && areSimilarAddresses(candidate.address, file.address)) reasons.add('name_and_address');
    if (reasons.size === 0) return [];
    return [
      {
        id: file.id,
        reasons: DUPLICATE_REASONS.filter((reason) => reasons.has(reason)),
        certain: [...reasons].some((reason) => CERTAIN.has(reason)),
      },
    ];
  });
  const rank = ({ reasons }: Duplicate) => DUPLICATE_REASONS.indexOf(reasons[0] ?? 'name_and_address') - reasons.length / 10;
  return found.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** Two addresses are similar when two thirds of the pairs of neighbouring signs occur in both (Dice), punctuation left out. */
export function areSimilarAddresses(a: string | null, b: string | null): boolean {
  const left = pairs(a);
  const right = pairs(b);
  if (left.size < 3 || right.size < 3) return false;
  let common = 0;
  for (const pair of left) if (right.has(pair)) common += 1;
  return (2 * common) / (left.size + right.size) >= 2 / 3;
}

function pairs(address: string | null): Set<string> {
  const signs = [...nameKey(address ?? '').replace(/[^\p{L}\p{N}]/gu, '')];
  return new Set(signs.slice(1).map((sign, at) => `${signs[at]}${sign}`));
}

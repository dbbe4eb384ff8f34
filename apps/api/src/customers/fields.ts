import {
  IDENTITY_CONSENT,
  keepIdNumber,
  readIdNumber,
  readPhone,
  tidyName,
  type CustomerFields,
  type IdDocument,
} from '@baoke/core/customers';
import type { CreateInput } from '@baoke/core/customers/wire';
import { readPlate, readVin, vinState, type VinState } from '@baoke/core/vehicles';
import type { Consent } from '@baoke/db/customers';
import type { StoreHome } from '@baoke/db/stores';
import { refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';

type Sent = Partial<Pick<CreateInput, keyof CustomerFields>>;

/** Which field a refusal of the rules is about. */
export const FIELDS_AT_FAULT = {
  'customers.phone_missing': 'phones',
  'customers.phone_repeated': 'phones',
  'customers.born_in_future': 'birthDate',
} as const;

/** The fields of a file that nobody has written in. */
export const EMPTY: CustomerFields = {
  kind: 'person',
  name: '',
  gender: null,
  birthDate: null,
  birthCalendar: null,
  phones: [],
  email: null,
  wechatId: null,
  province: null,
  city: null,
  district: null,
  address: null,
  postcode: null,
  occupation: null,
  employer: null,
  jobTitle: null,
  preferredContactTime: null,
  preferredChannel: null,
  source: null,
  consultantId: null,
  advisorId: null,
  remark: null,
};

/** What was sent, in its stored form; fields that were not sent are not in the answer. A number nobody can call is refused by its place. */
export function readFields(sent: Sent, home: StoreHome): Partial<CustomerFields> {
  const { phones, name, ...plain } = sent;
  const present = Object.fromEntries(Object.entries(plain).filter(([field, value]) => field in EMPTY && value !== undefined));
  return {
    ...present,
    ...(name === undefined ? {} : { name: tidyName(name) }),
    ...(phones === undefined ? {} : { phones: phones.map((text, at) => readOnePhone(text, home, `phones.${at}`)) }),
  };
}

export function readOnePhone(text: string, { areaCode }: StoreHome, path: string): string {
  const reading = readPhone(text, areaCode);
  if (!reading.ok) throw refusal(reading.refusal, { fields: [{ path, code: reading.refusal }] });
  return reading.phone.e164;
}

/** An ID number in its stored form with the kind of document it belongs to. */
export function readDocument(text: string): {
  number: string;
  document: IdDocument;
  birthDate: CustomerFields['birthDate'];
  gender: CustomerFields['gender'];
} {
  const reading = readIdNumber(text);
  if (!reading.ok) throw refusal(reading.refusal, { fields: [{ path: 'idNumber', code: reading.refusal }] });
  return reading.kind === 'id_card'
    ? { number: reading.number, document: 'id_card', birthDate: reading.bornOn, gender: reading.gender }
    : { number: reading.number, document: 'organisation_code', birthDate: null, gender: null };
}

type ConsentGiven = { readonly purpose: string };

/** Refuses the number of a person who has agreed neither before nor with this entry. */
export function refuseWithoutConsent(document: IdDocument, given: readonly ConsentGiven[], onFile: boolean): void {
  const verdict = keepIdNumber(document, onFile || given.some(({ purpose }) => purpose === IDENTITY_CONSENT.purpose));
  if (!verdict.ok) throw refusal(verdict.refusal, { fields: [{ path: 'idNumber', code: verdict.refusal }] });
}

/** Consents told with an entry, as the ledger keeps them. */
export function consentsOf<C extends Pick<Consent, 'purpose' | 'channel'>>(given: readonly C[]): Consent[] {
  return given.map((consent) => ({ id: newId(), ...consent, granted: true, source: 'staff_entry', evidence: null }));
}

/** A plate in its stored form; null for words that say there is none yet. */
export function readPlateText(text: string, { plateProvince }: StoreHome, path = 'plate'): string | null {
  const reading = readPlate(text, plateProvince);
  if (reading.ok) return reading.plate;
  if (reading.refusal === 'vehicles.plate_not_registered') return null;
  throw refusal(reading.refusal, { fields: [{ path, code: reading.refusal }] });
}

/** A VIN in its stored form. One whose check digit is wrong needs a reason to be kept: old cars and slips exist. */
export function readVinText(text: string, reason: string | null | undefined, path = 'vin'): { vin: string; vinCheck: VinState } {
  const reading = readVin(text);
  if (!reading.ok) throw refusal(reading.refusal, { fields: [{ path, code: reading.refusal }] });
  const vinCheck = vinState(reading.check);
  if (vinCheck === 'wrong' && !reason) throw refusal('vehicles.vin_check_digit', { fields: [{ path, code: 'vehicles.vin_check_digit' }] });
  return { vin: reading.vin, vinCheck };
}

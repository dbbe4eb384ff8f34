import { checkFields, maskPhone, type CustomerFields, type DuplicateReason } from '@baoke/core/customers';
import type { CreateInput } from '@baoke/core/customers/wire';
import { dateIn, type CustomerId, type StaffId, type VehicleId } from '@baoke/core/kernel';
import type { VehicleFields, VinState } from '@baoke/core/vehicles';
import { Ending } from '@baoke/db';
import {
  findUnknownStaff,
  insertConsents,
  insertCustomer,
  lockLikeness,
  refreshSearchTokens,
  type SealedIdNumber,
} from '@baoke/db/customers';
import type { StoreHome } from '@baoke/db/stores';
import { insertVehicle } from '@baoke/db/vehicles';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import { auditable } from './audit-view.ts';
import { duplicatesOf } from './duplicates.ts';
import {
  consentsOf,
  EMPTY,
  FIELDS_AT_FAULT,
  readDocument,
  readFields,
  readOnePhone,
  readPlateText,
  readVinText,
  refuseWithoutConsent,
} from './fields.ts';
import { idNumberVault } from './id-numbers.ts';

/** A vehicle of which nothing is known yet. */
export const BLANK_VEHICLE: VehicleFields = {
  vin: null,
  plate: null,
  engineNo: null,
  brand: null,
  model: null,
  configuration: null,
  transmission: null,
  colour: null,
  platedOn: null,
  purchasedOn: null,
  soldByUs: false,
  deliveredOn: null,
  firstServiceOn: null,
  firstServiceKm: null,
  warrantyUntil: null,
  warrantyKm: null,
  inspectionDueOn: null,
  nextServiceOn: null,
  nextServiceKm: null,
  status: 'in_use',
  remark: null,
};

/** Where the form shows what a file on record shares with the new one. */
const FIELD_ALIKE = {
  id_number: 'idNumber',
  name_and_phone: 'phones',
  company_name: 'name',
  phone: 'phones',
  vin: 'vehicle.vin',
  plate: 'vehicle.plate',
  name_and_birthday: 'birthDate',
  name_and_address: 'address',
} as const satisfies Record<DuplicateReason, string>;

/**
 * Opens a customer file, with the car he came in where it is known. The file that certainly is his is refused, the ones that may be
 * must have been seen by whoever opens a second one (spec 01 Rules; CUST-01, -04, -05).
 */
export function createCustomer(
  platform: Platform,
  ctx: StaffContext,
  input: CreateInput,
): Promise<{ customerId: CustomerId; version: number }> {
  ctx.reach('customers', 'edit');
  return ctx.inStore(async (tx) => {
    const id = newId<CustomerId>();
    const today = dateIn(ctx.zone, ctx.now);
    const document = input.idNumber ? readDocument(input.idNumber) : null;
    if (document) refuseWithoutConsent(document.document, input.consents, false);
    const sent = { ...EMPTY, ...readFields(input, ctx.home) };
    // An identity card says birthday and gender itself; what a person wrote stands.
    const known: CustomerFields = {
      ...sent,
      birthDate: sent.birthDate ?? document?.birthDate ?? null,
      gender: sent.gender ?? document?.gender ?? null,
    };
    // Whoever opens a file looks after the customer, unless he names somebody else; otherwise his own work would be out of his reach.
    const fields = orThrow(
      checkFields(
        { ...known, consultantId: known.consultantId ?? (ctx.rights('customers', 'view') === 'own' ? ctx.staffId : null) },
        today,
      ),
      FIELDS_AT_FAULT,
    );
    const car = input.vehicle ? readCar(input.vehicle, ctx.home) : null;
    const contactPersons = input.contactPersons.map((p) => ({
      id: newId(),
      name: p.name,
      purchaseRole: p.purchaseRole ?? null,
      phone: p.phone ? readOnePhone(p.phone, ctx.home, 'contactPersons') : null,
      remark: p.remark ?? null,
    }));

    let sealed: SealedIdNumber | null = null;
    if (document)
      sealed = { ...(await idNumberVault(platform, tx, ctx.storeId)).seal(ctx.storeId, id, document.number), document: document.document };
    const shared = {
      kind: fields.kind,
      name: fields.name,
      phones: fields.phones,
      birthDate: fields.birthDate,
      address: fields.address,
      plate: car?.fields.plate ?? null,
      vin: car?.fields.vin ?? null,
    };
    const query = { ...shared, idNumberIndex: sealed?.index ?? null, except: null };
    // The lock and both questions travel together; the files that are alike are told first.
    const [, found, unknownStaff] = await Promise.all([
      lockLikeness(tx, ctx.storeId, query),
      duplicatesOf(tx, ctx, { ...shared, hasIdNumber: sealed !== null }, query),
      findUnknownStaff(tx, ctx.storeId, staffOf(fields)),
    ]);
    const certain = found.find(({ duplicate }) => duplicate.certain);
    if (certain)
      throw refusal('customers.already_on_file', {
        fields: [{ path: 'name', code: 'customers.already_on_file', params: { customerId: certain.file.id, name: certain.file.name } }],
      });
    const unseen = found.find(({ duplicate }) => !input.seenDuplicates.includes(duplicate.id));
    if (unseen)
      throw refusal('customers.duplicates_unseen', {
        fields: [
          {
            path: FIELD_ALIKE[unseen.duplicate.reasons[0] ?? 'phone'],
            code: 'customers.duplicates_unseen',
            params: { customerId: unseen.file.id, name: unseen.file.name },
          },
        ],
      });
    // The owner's file stands already: the car changes hands there, it does not become a second one.
    if (car?.fields.vin && found.some(({ duplicate }) => duplicate.reasons.includes('vin')))
      throw refusal('vehicles.vin_on_file', { fields: [{ path: 'vehicle.vin', code: 'vehicles.vin_on_file' }] });
    if (unknownStaff) throw noSuchStaff(unknownStaff, fields);

    const file = () =>
      insertCustomer(tx, ctx.storeId, { id, fields, idNumber: sealed, contactPersons, by: ctx.staffId, at: ctx.now, on: today });
    const change = () =>
      recordChange(tx, ctx, {
        action: 'customers.create',
        entity: 'customer',
        entityId: id,
        after: { ...auditable(fields), phones: fields.phones.map(maskPhone) },
        topic: 'customers',
      });
    const made = { customerId: id, version: 1 };
    // A file alone is one statement; what hangs on it needs its row first.
    if (!car && input.consents.length === 0 && contactPersons.length === 0) return new Ending(made, () => [file(), change()]);
    await file();
    await insertConsents(tx, ctx.storeId, id, consentsOf(input.consents), ctx.staffId, ctx.now);
    if (car) {
      await insertVehicle(tx, ctx.storeId, { id: newId<VehicleId>(), ...car, ownerId: id }, { by: ctx.staffId, at: ctx.now, on: today });
      await refreshSearchTokens(tx, ctx.storeId, [id]);
    }
    return new Ending(made, () => [change()]);
  });
}

function readCar(sent: NonNullable<CreateInput['vehicle']>, home: StoreHome): { fields: VehicleFields; vinCheck: VinState } | null {
  const plate = sent.plate ? readPlateText(sent.plate, home, 'vehicle.plate') : null;
  // At the counter nobody gives reasons: a VIN with a wrong check digit is kept and marked, its page asks again.
  const read = sent.vin ? readVinText(sent.vin, 'counter', 'vehicle.vin') : null;
  if (plate === null && read === null) return null;
  return {
    fields: { ...BLANK_VEHICLE, plate, vin: read?.vin ?? null, model: sent.model ?? null },
    vinCheck: read?.vinCheck ?? 'unchecked',
  };
}

/** Refuses a consultant or advisor who is nobody of this store. */
export async function refuseUnknownStaff(
  tx: Parameters<typeof findUnknownStaff>[0],
  ctx: StaffContext,
  fields: Responsible,
): Promise<void> {
  const unknown = await findUnknownStaff(tx, ctx.storeId, staffOf(fields));
  if (unknown) throw noSuchStaff(unknown, fields);
}

type Responsible = Pick<CustomerFields, 'consultantId' | 'advisorId'>;

function staffOf({ consultantId, advisorId }: Responsible): StaffId[] {
  return [consultantId, advisorId].filter((id) => id !== null);
}

function noSuchStaff(unknown: StaffId, { consultantId }: Responsible): Error {
  return refusal('platform.not_found', {
    fields: [{ path: unknown === consultantId ? 'consultantId' : 'advisorId', code: 'unknown_record' }],
  });
}
